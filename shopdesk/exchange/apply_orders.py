"""Writing planned orders, lines, events and returns; new ones with their kept figures already right."""

from __future__ import annotations

from shopdesk.core import kept, settings
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.exchange.identity import run
from shopdesk.exchange.plan_goods import REVIEW_STATE
from shopdesk.exchange.plan_orders import EXTRA, GOODS, LARGE_ORDER, LINE_AMOUNT, LINE_PRICE, STATUS
from shopdesk.orders.schema_figures import DUE_AT, SEARCH, SHIP_BY

_EVENT_AT = """coalesce(CASE {status} WHEN 'unpaid' THEN s.created_at WHEN 'to_ship' THEN s.paid_at
    WHEN 'shipped' THEN s.shipped_at WHEN 'done' THEN coalesce(s.done_at, s.shipped_at)
    ELSE s.closed_at END, {otherwise})"""
_NEW_AT = _EVENT_AT.format(status=STATUS, otherwise="s.paid_at, s.created_at, :now")
_CHANGED_AT = _EVENT_AT.format(status="s.status", otherwise=":now")

_ERASED = "(SELECT id FROM plan.erased_order)"
"""Orders of persons who were erased: what comes to them later brings no words."""


def _word(value: str, blank: str = "''") -> str:
    """A text of an order; the blank where the buyer was erased."""
    return f"CASE WHEN n.order_id IN {_ERASED} THEN {blank} ELSE {value} END"


_MARK = "(SELECT max(mark) FROM erasures)"

_ORDERS = f"""
INSERT INTO orders (id, channel_id, number, customer_id, buyer, currency, goods, postage, discount, tax, paid,
    created_at, paid_at, promised_at, shipped_at, done_at, closed_at, receiver, phone, region, address, buyer_note,
    seller_note, courier, tracking, number_damaged, import_id, extra, status, status_at, ship_by, refunded,
    refund_state, returns_open, pieces, kinds, title, sku_id)
SELECT order_id, channel_id, number, customer_id, buyer, currency, goods, postage, discount, tax, paid, created_at,
       paid_at, promised_at, shipped_at, done_at, closed_at, receiver, phone, region, address, buyer_note,
       seller_note, courier, tracking, damaged, import_id, extra, status, status_at,
       CASE WHEN status = 'to_ship' THEN {SHIP_BY} END,
       refunded, CASE WHEN refunded <= 0 THEN 'none' WHEN refunded >= paid THEN 'full' ELSE 'partial' END,
       open, pieces, kinds, title, sku_id
FROM (
    SELECT n.order_id, p.channel_id, s.number, p.customer_id,
           {_word("coalesce(s.buyer, '')", _MARK)} AS buyer,
           coalesce(s.currency, :currency) AS currency, {GOODS} AS goods, s.postage, s.discount, s.tax,
           coalesce(s.paid, 0) AS paid, s.created_at, s.paid_at, s.promised_at, s.shipped_at, s.done_at,
           s.closed_at, {_word("coalesce(s.receiver, '')")} AS receiver, {_word("coalesce(s.phone, '')")} AS phone,
           {_word("coalesce(s.region, '')")} AS region, {_word("coalesce(s.address, '')")} AS address,
           {_word("coalesce(s.buyer_note, '')")} AS buyer_note, {_word("coalesce(s.seller_note, '')")} AS seller_note,
           coalesce(s.courier, '') AS courier, {_word("coalesce(s.tracking, '')")} AS tracking,
           coalesce(s.number_damaged, 0) AS damaged, m.import_id, {_word(EXTRA, "'{}'")} AS extra,
           {STATUS} AS status,
           {_NEW_AT} AS status_at, coalesce(f.refunded, 0) AS refunded, coalesce(f.open, 0) AS open,
           coalesce(t.pieces, 0) AS pieces, coalesce(t.kinds, 0) AS kinds, coalesce(t.title, '') AS title, t.sku_id,
           coalesce(s.paid_at, s.created_at, {_NEW_AT}) AS since, :cutoff AS cutoff, :ship_hours AS ship_hours
    FROM plan.new_order n CROSS JOIN plan.ord p ON p.id = n.id CROSS JOIN staging.order_ s ON s.id = n.id
    LEFT JOIN plan.sums t ON t.order_id = n.order_id LEFT JOIN plan.refund f ON f.order_id = n.order_id
    LEFT JOIN plan.imp m ON m.source = s.source
) ORDER BY order_id
"""

_SHARE = f"""coalesce(h.share, CASE WHEN t.lines = 1 THEN t.paid WHEN s.kind = 'goods'
    THEN max({LINE_PRICE} * s.qty, 0) ELSE 0 END)"""
"""A new line's share: as worked out, else all that was paid, else its own price where these add up to it."""

_LINES = f"""
INSERT INTO order_lines (id, order_id, line_key, position, sku_id, kind, code, name, options, qty, price, amount,
    note, extra, share, day, shipped_at, held)
SELECT n.line_id, n.order_id, s.line_key, s.position, i.sku_id, s.kind, coalesce(s.code, ''), coalesce(s.name, ''),
       coalesce(s.options, ''), s.qty, {LINE_PRICE}, {LINE_AMOUNT},
       {_word("coalesce(s.note, '')")}, {_word("json(coalesce(s.extra, '{}'))", "'{}'")},
       CASE WHEN n.order_new THEN {_SHARE} ELSE 0 END,
       CASE WHEN n.order_new THEN substr(o.paid_at, 1, 10) END,
       CASE WHEN n.order_new AND s.kind = 'goods' AND o.status IN ('shipped', 'done')
            THEN coalesce(o.shipped_at, o.status_at) END,
       CASE WHEN n.order_new AND s.kind = 'goods' AND o.status = 'to_ship' THEN max(s.qty, 0) ELSE 0 END
FROM plan.new_line n CROSS JOIN staging.line s ON s.id = n.id CROSS JOIN orders o ON o.id = n.order_id
LEFT JOIN plan.item i ON i.id = s.item LEFT JOIN plan.share h ON h.line_id = n.line_id
LEFT JOIN plan.sums t ON t.order_id = n.order_id AND n.order_new
"""

_EVENTS = f"""
INSERT INTO order_events (order_id, at, kind, status, by_hand)
SELECT o.id, o.status_at, 'status', o.status, 0 FROM plan.new_order n CROSS JOIN orders o ON o.id = n.order_id
ORDER BY o.id;
INSERT INTO order_events (order_id, at, kind, status, by_hand, due_at)
SELECT c.record, {_CHANGED_AT}, 'status', c.new, 0, {DUE_AT.format(status="c.new")}
FROM plan.cell c JOIN staging.order_ s ON s.id = c.staged JOIN orders o ON o.id = c.record
WHERE c.kind = 'orders' AND c.field = 'status' AND c.ticked ORDER BY c.record;
"""

_RETURNS = f"""
INSERT INTO returns (id, channel_id, number, order_id, customer_id, buyer, kind, state, currency, amount, opened_at,
    refunded_at, reason, import_id, extra)
SELECT p.return_id, p.channel_id, p.number, p.order_id,
       coalesce(p.customer_id, (SELECT customer_id FROM orders WHERE id = p.order_id)),
       CASE WHEN p.order_id IN {_ERASED} THEN {_MARK} ELSE coalesce(s.buyer, t.buyer, '') END,
       CASE WHEN s.id IS NULL THEN 'refund' ELSE 'return' END, p.state,
       coalesce(p.currency, :currency), p.amount,
       CASE WHEN p.state = 'open' OR s.id IS NOT NULL THEN p.opened_at END, p.refunded_at,
       CASE WHEN p.order_id IN {_ERASED} THEN '' ELSE coalesce(s.reason, t.close_reason, '') END, m.import_id,
       CASE WHEN p.order_id IN {_ERASED} THEN '{{}}' ELSE json(coalesce(s.extra, '{{}}')) END
FROM plan.ret p LEFT JOIN staging.return_ s ON s.id = p.staged_return
LEFT JOIN staging.order_ t ON t.id = p.staged_order
LEFT JOIN plan.imp m ON m.source = coalesce(s.source, t.source)
WHERE p.is_new ORDER BY p.return_id;
INSERT OR IGNORE INTO return_lines (return_id, line_key, position, sku_id, kind, code, name, options, qty, price,
    amount, extra)
SELECT p.return_id, CAST(s.position AS TEXT), s.position, i.sku_id, s.kind, coalesce(s.code, ''),
       coalesce(s.name, ''), coalesce(s.options, ''), s.qty, coalesce(s.price, s.amount / nullif(s.qty, 0), 0),
       coalesce(s.amount, s.price * s.qty, 0), json(coalesce(s.extra, '{{}}'))
FROM plan.ret p JOIN staging.return_line s ON s.return_id = p.staged_return LEFT JOIN plan.item i ON i.id = s.item
WHERE p.is_new ORDER BY p.return_id, s.position, s.id;
"""

_LINK = """
DROP TABLE IF EXISTS plan.link;
CREATE TABLE plan.link AS
SELECT r.id AS return_id, r.customer_id, coalesce(r.refunded_at, r.opened_at) AS at,
       count(DISTINCT l.sku_id) AS codes
FROM plan.ret p JOIN returns r ON r.id = p.return_id JOIN return_lines l ON l.return_id = r.id AND l.kind = 'goods'
WHERE p.is_new AND p.staged_return IS NOT NULL AND p.order_id IS NULL AND r.customer_id IS NOT NULL
  AND l.sku_id IS NOT NULL GROUP BY r.id;
UPDATE returns SET order_id = f.order_id FROM (
    SELECT return_id, min(order_id) AS order_id FROM (
        SELECT k.return_id, o.id AS order_id
        FROM plan.link k CROSS JOIN orders o INDEXED BY orders_customer ON o.customer_id = k.customer_id
        CROSS JOIN order_lines x ON x.order_id = o.id
        WHERE coalesce(o.paid_at, o.created_at) <= k.at AND o.deleted_at IS NULL AND x.kind = 'goods'
          AND x.sku_id IN (SELECT sku_id FROM return_lines WHERE return_id = k.return_id AND kind = 'goods')
        GROUP BY k.return_id, o.id HAVING count(DISTINCT x.sku_id) = max(k.codes)
    ) GROUP BY return_id HAVING count(*) = 1
) f WHERE f.return_id = returns.id;
UPDATE return_lines SET order_line_id = (
    SELECT x.id FROM returns r JOIN order_lines x ON x.order_id = r.order_id AND x.sku_id = return_lines.sku_id
    WHERE r.id = return_lines.return_id ORDER BY x.qty = return_lines.qty DESC, x.position LIMIT 1)
WHERE kind = 'goods' AND return_id IN (SELECT return_id FROM plan.ret WHERE is_new AND staged_return IS NOT NULL);
"""

_REVIEWS = f"""
INSERT OR IGNORE INTO reviews (id, channel_id, key, sku_id, product_id, order_id, customer_id, buyer, item, stars,
    title, body, written_at, state, reply, replied_at, import_id, extra)
SELECT p.review_id, p.channel_id, p.key, p.sku_id, p.product_id, p.order_id, p.customer_id,
       coalesce(nullif(s.buyer_name, ''), s.buyer, ''),
       coalesce(s.item_name, (SELECT name FROM products WHERE id = p.product_id), s.item_id, ''), s.stars,
       coalesce(s.title, ''), coalesce(s.body, ''), coalesce(s.written_at, :now), {REVIEW_STATE},
       coalesce(s.reply, ''), s.replied_at, m.import_id, json(coalesce(s.extra, '{{}}'))
FROM plan.review p JOIN staging.review s ON s.id = p.id LEFT JOIN plan.imp m ON m.source = s.source
WHERE p.is_new ORDER BY p.review_id;
UPDATE reviews SET order_id = (
    SELECT CASE WHEN count(DISTINCT o.id) = 1 THEN min(o.id) END
    FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN skus k ON k.id = l.sku_id
    WHERE o.customer_id = reviews.customer_id AND k.product_id = reviews.product_id AND o.deleted_at IS NULL)
WHERE order_id IS NULL AND customer_id IS NOT NULL AND product_id IS NOT NULL
AND id IN (SELECT review_id FROM plan.review WHERE is_new);
"""

_WORDS = (
    (
        "search_orders",
        "SELECT min(order_id), max(order_id) FROM plan.new_order",
        (
            "INSERT INTO search_orders (rowid, words) SELECT n.order_id, w.words"
            " FROM plan.new_order n CROSS JOIN words.orders w ON w.id = n.id"
            f" WHERE n.order_id NOT IN {_ERASED} ORDER BY n.order_id"
        ),
    ),
    (
        "search_customers",
        "SELECT min(customer_id), max(customer_id) FROM plan.person WHERE is_new",
        (
            "INSERT INTO search_customers (rowid, words) SELECT p.customer_id, w.words"
            " FROM plan.person p CROSS JOIN words.customers w ON w.id = p.id"
            " WHERE p.is_new AND p.first = 1 ORDER BY p.customer_id"
        ),
    ),
)
_BULK = 16 * 1024 * 1024
_USUAL = 1024 * 1024
"""Bytes of words that the index gathers in memory before it writes them; the second is SQLite's own choice."""


def write(shop: Shop, con: Connection, *, last: bool) -> None:
    """Write new orders with lines, events and returns, and the events of changed ones; then reviews.

    Their kept figures are right already when this is the `last` that is written to them.
    """
    now = con.execute("SELECT now FROM plan.made").fetchone()[0]
    values = {"now": now, **{key: settings.get(con, key) for key in ("cutoff", "ship_hours", "currency")}}
    con.execute(_ORDERS, values)
    con.execute(_LINES)
    run(con, _EVENTS, **values)
    run(con, _RETURNS, **values)
    linking = con.execute("SELECT EXISTS (SELECT 1 FROM plan.ret WHERE staged_return IS NOT NULL)").fetchone()[0]
    if linking:
        run(con, _LINK)
    run(con, _REVIEWS, **values)
    if last:
        settle(shop, con, returns=not linking)


def settle(shop: Shop, con: Connection, *, returns: bool) -> None:
    """Tell the door which kept figures are right already; without `returns` those of orders are not."""
    orders = con.execute("SELECT min(order_id), max(order_id) FROM plan.new_order").fetchone()
    if orders[0] is None:
        return
    if returns:
        shop.settled("orders", *orders)
    large = con.execute(f"SELECT 1 FROM plan.sums WHERE max(paid, whole) >= {LARGE_ORDER} LIMIT 1").fetchone()
    if large is None:
        shop.settled("order_lines", *orders)


def write_words(shop: Shop, con: Connection) -> None:
    """Fill the search index with the prepared words of new orders and customers."""
    for table, query, words in _WORDS:
        first, last = con.execute(query).fetchone()
        if first is not None:
            con.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_BULK})")
            con.execute(words)
            con.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_USUAL})")
            shop.settled(table, first, last)
    again = con.execute(f"SELECT order_id FROM plan.new_order WHERE order_id IN {_ERASED}").fetchall()
    if again:
        kept.reindex(con, SEARCH[0], [row[0] for row in again])
