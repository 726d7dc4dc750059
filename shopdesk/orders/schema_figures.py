"""The figures that follow from orders and stock moves, and what of an order can be searched.

An order's status is that of its newest event; it must leave by the rule of model.ship_by() while it waits,
and had to leave by what its event says once it has left, whatever the cut-off is later; a line's share is its
part of what was paid (largest remainder); on hand is the newest level and what moved after it.
"""

from __future__ import annotations

from shopdesk.core.schema import Kept, On, SearchKind

_ALL_ORDERS = "SELECT id FROM orders"

SHIP_BY = """min(coalesce(promised_at, '9999'), datetime(since, '+' || ship_hours || ' hours'),
    date(since, CASE WHEN substr(since, 12, 5) < cutoff THEN '+0 days' ELSE '+1 day' END) || ' ' || cutoff || ':00')"""
"""When an order that waits must leave: SQL over promised_at, since (when it was paid), cutoff (HH:MM), ship_hours."""

DUE_AT = "CASE WHEN {status} IN ('shipped', 'done', 'closed') THEN o.ship_by END"
"""What the event by which a row of o gets a status says of when it had to leave: SQL to format with the status."""

_RETURN_DAY = Kept(
    table="returns",
    columns=("day",),
    query="""
    SELECT r.id, substr(coalesce(r.refunded_at, o.paid_at, r.opened_at), 1, 10)
    FROM returns r LEFT JOIN orders o ON o.id = r.order_id WHERE r.id IN {keys}
    """,
    all_keys="SELECT id FROM returns",
    on=(
        On("returns", "{id}"),
        On("orders", watch=("paid_at",), keys="SELECT id FROM returns WHERE order_id IN {ids}"),
    ),
)

_ORDER = Kept(
    table="orders",
    columns=(
        "status",
        "status_at",
        "refunded",
        "refund_state",
        "returns_open",
        "pieces",
        "kinds",
        "title",
        "sku_id",
        "ship_by",
    ),
    query="""
    SELECT id, status, status_at, refunded,
           CASE WHEN refunded <= 0 THEN 'none' WHEN refunded >= paid THEN 'full' ELSE 'partial' END,
           returns_open, pieces, kinds, title, sku_id,
           CASE WHEN status = 'to_ship' AND NOT gone THEN
               """
    + SHIP_BY
    + """ ELSE left_by END
    FROM (
        SELECT o.id, o.paid, coalesce(o.paid_at, o.created_at, e.at) AS since, o.promised_at, e.due_at AS left_by,
               o.deleted_at IS NOT NULL AS gone, coalesce(e.status, 'unpaid') AS status, e.at AS status_at,
               coalesce((SELECT sum(r.amount) FROM returns r
                         WHERE r.order_id = o.id AND r.state = 'refunded' AND r.deleted_at IS NULL), 0)
                   AS refunded,
               (SELECT count(*) FROM returns r WHERE r.order_id = o.id AND r.state IN ('open', 'received')
                AND r.deleted_at IS NULL) AS returns_open,
               coalesce((SELECT sum(l.qty) FROM order_lines l
                         WHERE l.order_id = o.id AND l.kind = 'goods' AND l.deleted_at IS NULL), 0) AS pieces,
               (SELECT count(*) FROM order_lines l
                WHERE l.order_id = o.id AND l.kind = 'goods' AND l.deleted_at IS NULL) AS kinds,
               coalesce(f.name, '') AS title, f.sku_id,
               coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'cutoff'), '17:00')
                   AS cutoff,
               coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'ship_hours'), 24)
                   AS ship_hours
        FROM orders o
        LEFT JOIN order_events e ON e.id = (
            SELECT max(id) FROM order_events WHERE order_id = o.id AND status IS NOT NULL)
        LEFT JOIN order_lines f ON f.id = (
            SELECT id FROM order_lines WHERE order_id = o.id AND deleted_at IS NULL
            ORDER BY kind <> 'goods', position, id LIMIT 1)
        WHERE o.id IN {keys}
    )
    """,
    all_keys=_ALL_ORDERS,
    on=(
        On("orders", "{id}", watch=("paid", "paid_at", "created_at", "promised_at", "deleted_at")),
        On("order_lines", "{order_id}"),
        On("order_events", "{order_id}", watch=("order_id", "at", "status", "due_at")),
        On("returns", "{order_id}"),
        On(
            "settings",
            keys="SELECT id FROM orders WHERE status = 'to_ship' AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM {ids}"
            " t LEFT JOIN settings s ON s.id = t.id WHERE s.key IS NULL OR s.key IN ('cutoff', 'ship_hours'))",
        ),
    ),
)

_WORTH = "CASE WHEN l.kind = 'goods' AND l.deleted_at IS NULL THEN max(l.price * l.qty, 0) ELSE 0 END"
# weights stay below 2^31, coarser where an order is worth more (21 million yuan), so that no product overflows
_WEIGHT = f"({_WORTH} / coarse)"

_LINES = Kept(
    table="order_lines",
    columns=("share", "day", "shipped_at", "held"),
    query=f"""
    WITH paid_orders AS MATERIALIZED (
        SELECT o.id, o.deleted_at IS NOT NULL AS gone, o.status,
               CASE WHEN o.deleted_at IS NULL THEN max(o.paid, 0) ELSE 0 END AS paid,
               CASE WHEN o.deleted_at IS NULL THEN substr(o.paid_at, 1, 10) END AS paid_day,
               CASE WHEN o.deleted_at IS NULL AND o.status IN ('shipped', 'done')
                    THEN coalesce(o.shipped_at, (SELECT min(e.at) FROM order_events e
                                                 WHERE e.order_id = o.id AND e.status IN ('shipped', 'done'))) END
                   AS left_at,
               1 + CAST(total({_WORTH}) / 2147483648 AS INTEGER) AS coarse, CAST(total({_WORTH}) AS INTEGER) AS worth,
               sum(l.deleted_at IS NULL) AS present
        FROM orders o JOIN order_lines l ON l.order_id = o.id
        WHERE o.id IN {{keys}} GROUP BY o.id
    ), whole_orders AS MATERIALIZED (
        SELECT *, CASE coarse WHEN 1 THEN worth ELSE (
            SELECT sum({_WEIGHT}) FROM order_lines l WHERE l.order_id = p.id) END AS whole
        FROM paid_orders p
    ), weighed AS (
        SELECT l.id, l.order_id, l.position, l.qty, l.kind, l.deleted_at IS NOT NULL AS dropped, w.paid,
               w.paid_day, w.left_at, w.status, w.gone,
               CASE WHEN w.whole > 0 THEN {_WEIGHT} WHEN w.gone THEN 0 ELSE l.deleted_at IS NULL END AS weight,
               CASE WHEN w.whole > 0 THEN w.whole ELSE max(1, w.present) END AS whole
        FROM whole_orders w CROSS JOIN order_lines l ON l.order_id = w.id
    )
    SELECT id, floor + (row_number() OVER by_rest <= paid - sum(floor) OVER (
               by_rest ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)),
           day, shipped_at, held
    FROM (
        SELECT id, order_id, position, paid, paid / whole * weight + paid % whole * weight / whole AS floor,
               paid % whole * weight % whole AS rest,
               CASE WHEN NOT dropped THEN paid_day END AS day,
               CASE WHEN kind = 'goods' AND NOT dropped THEN left_at END AS shipped_at,
               CASE WHEN kind = 'goods' AND NOT dropped AND NOT gone AND status = 'to_ship'
                    THEN max(qty, 0) ELSE 0 END AS held
        FROM weighed
    )
    WINDOW by_rest AS (PARTITION BY order_id ORDER BY rest DESC, position, id)
    """,
    all_keys=_ALL_ORDERS,
    on=(
        On("order_lines", "{order_id}"),
        On("orders", "{id}", watch=("paid", "paid_at", "shipped_at", "deleted_at")),
        On("order_events", "{order_id}"),
    ),
)

_SKUS = Kept(
    table="skus",
    columns=("on_hand", "level_at", "held"),
    query="""
    SELECT s.id,
           v.level
             + coalesce((SELECT sum(m.qty) FROM stock_moves m WHERE m.sku_id = s.id AND m.level IS NULL
                         AND (m.at > v.at OR (m.at = v.at AND m.id > v.id))), 0)
             - coalesce((SELECT sum(l.qty) FROM order_lines l
                         WHERE l.sku_id = s.id AND l.shipped_at > v.at), 0),
           v.at,
           coalesce((SELECT sum(l.held) FROM order_lines l WHERE l.sku_id = s.id AND l.held > 0), 0)
    FROM skus s LEFT JOIN stock_moves v ON v.id = (
        SELECT id FROM stock_moves WHERE sku_id = s.id AND level IS NOT NULL
        ORDER BY at DESC, id DESC LIMIT 1)
    WHERE s.id IN {keys}
    """,
    all_keys="SELECT id FROM skus",
    on=(
        On("skus", "{id}", watch=("id",)),
        On("stock_moves", "{sku_id}"),
        On("order_lines", "{sku_id}"),
        On(
            "orders",
            watch=("shipped_at", "deleted_at"),
            keys="SELECT sku_id FROM order_lines WHERE order_id IN {ids} AND sku_id IS NOT NULL",
        ),
        On(
            "order_events",
            keys="SELECT sku_id FROM order_lines WHERE sku_id IS NOT NULL AND order_id IN ("
            "SELECT order_id FROM order_events WHERE id IN {ids} AND status IS NOT NULL UNION "
            "SELECT json_extract(old, '$[1]') FROM journal_rows"
            " WHERE table_name = 'order_events' AND row_id IN {ids})",
        ),
    ),
)

_CUSTOMERS = Kept(
    table="customers",
    columns=("orders", "spent", "first_order", "last_order", "rhythm_days", "due_at"),
    query="""
    SELECT id, orders, spent, first_order, last_order, rhythm, date(last_order, '+' || rhythm || ' days')
    FROM (
        SELECT c.id, count(o.id) AS orders, coalesce(sum(o.paid - o.refunded), 0) AS spent,
               min(o.paid_at) AS first_order, max(o.paid_at) AS last_order,
               CASE WHEN count(DISTINCT substr(o.paid_at, 1, 10)) > 1 THEN
                   CAST(round((julianday(substr(max(o.paid_at), 1, 10))
                               - julianday(substr(min(o.paid_at), 1, 10)))
                              / (count(DISTINCT substr(o.paid_at, 1, 10)) - 1)) AS INTEGER) END AS rhythm
        FROM customers c
        LEFT JOIN orders o ON o.customer_id = c.id AND o.paid_at IS NOT NULL AND o.deleted_at IS NULL
        WHERE c.id IN {keys} GROUP BY c.id
    )
    """,
    all_keys="SELECT id FROM customers",
    on=(
        On("customers", "{id}", watch=("id",)),
        On("orders", "{customer_id}", watch=("customer_id", "paid", "paid_at", "deleted_at")),
        On("returns", "(SELECT customer_id FROM orders WHERE id = {order_id})"),
    ),
)

FIGURES = (_ORDER, _RETURN_DAY, _LINES, _SKUS, _CUSTOMERS)

SEARCH = (
    SearchKind(
        kind="orders",
        table="orders",
        query="""
        SELECT o.id, o.number || ' ' || o.tracking || ' ' || o.phone || ' '
               || coalesce((SELECT group_concat(DISTINCT l.name || ' ' || l.code) FROM order_lines l
                            WHERE l.order_id = o.id AND l.deleted_at IS NULL), ''),
               o.buyer || ' ' || o.receiver
        FROM orders o WHERE o.id IN {keys} AND o.deleted_at IS NULL
        """,
        on=(
            On("orders", "{id}", watch=("number", "tracking", "phone", "buyer", "receiver", "deleted_at")),
            On("order_lines", "{order_id}", watch=("order_id", "name", "code", "deleted_at")),
        ),
    ),
)
