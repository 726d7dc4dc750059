"""The plan for orders and their lines: which they are, what is new, what changed cell by cell."""

from __future__ import annotations

from shopdesk.core.erasures import ERASED
from shopdesk.core.sqlite import Connection
from shopdesk.exchange.comparing import BY_HAND, CELLS, compare
from shopdesk.exchange.identity import CHANNEL, last_id, run
from shopdesk.exchange.plan_returns import plan_returns

_RANK = "CASE {0} WHEN 'unpaid' THEN 0 WHEN 'to_ship' THEN 1 WHEN 'shipped' THEN 2 WHEN 'done' THEN 3 ELSE 4 END"

STATUS = """coalesce(s.status, CASE WHEN s.closed_at IS NOT NULL THEN 'closed' WHEN s.done_at IS NOT NULL THEN 'done'
    WHEN s.shipped_at IS NOT NULL THEN 'shipped' WHEN s.paid_at IS NOT NULL THEN 'to_ship' ELSE 'unpaid' END)"""
"""The status of a staged order; where the file does not say, the farthest that its times tell."""

GOODS = "coalesce(s.goods, s.total - coalesce(s.postage, 0))"
EXTRA = """CASE WHEN s.titles IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plan.has_lines x WHERE x.id = s.id)
    THEN json_set(coalesce(s.extra, '{}'), '$.titles', s.titles) ELSE json(coalesce(s.extra, '{}')) END"""

_PAIRS = f"""
CREATE TABLE plan.pair (id INTEGER PRIMARY KEY, order_id INTEGER, renames INTEGER);
CREATE TABLE plan.cut (cut TEXT, order_id INTEGER, channel_id INTEGER, buyer TEXT, at TEXT, paid INTEGER);
INSERT INTO plan.cut SELECT substr(number, 1, 15), id, channel_id,
    CASE WHEN customer_id IS NULL OR customer_id NOT IN {ERASED} THEN buyer END, substr(created_at, 1, 16), paid
FROM orders WHERE number_damaged = 1 AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM staging.order_);
CREATE INDEX plan.cut_at ON cut (cut);
INSERT INTO plan.pair
SELECT s.id, min(o.order_id), 1 FROM staging.order_ s {CHANNEL.format(s="s")}
JOIN plan.cut o ON o.cut = substr(s.number, 1, 15) AND o.channel_id = h.channel_id
WHERE s.merged_into IS NULL AND NOT coalesce(s.number_damaged, 0)
  AND (o.buyer IS NULL OR coalesce(s.buyer, '') = o.buyer)
  AND substr(s.created_at, 1, 16) = o.at AND coalesce(s.paid, 0) = o.paid
GROUP BY s.id HAVING count(*) = 1;
DELETE FROM plan.pair WHERE order_id IN (SELECT order_id FROM plan.pair GROUP BY order_id HAVING count(*) > 1);
INSERT OR IGNORE INTO plan.pair
SELECT s.id, min(o.id), 0 FROM staging.order_ s {CHANNEL.format(s="s")}
JOIN orders o ON o.number >= substr(s.number, 1, 15) AND o.number < substr(s.number, 1, 15) || '~'
WHERE s.number_damaged = 1 AND s.merged_into IS NULL AND o.deleted_at IS NULL AND o.channel_id = h.channel_id
  AND length(o.number) = length(s.number) AND (coalesce(s.buyer, '') = o.buyer OR o.customer_id IN {ERASED})
  AND substr(s.created_at, 1, 16) = substr(o.created_at, 1, 16) AND coalesce(s.paid, 0) = o.paid
GROUP BY s.id HAVING count(*) = 1;
"""

_ORDERS = f"""
CREATE TABLE plan.ord (id INTEGER PRIMARY KEY, order_id INTEGER, is_new INTEGER, channel_id INTEGER,
    customer_id INTEGER, renames INTEGER);
INSERT INTO plan.ord
SELECT id, CASE WHEN found IS NULL THEN :base + row_number() OVER (PARTITION BY found IS NULL ORDER BY at, id)
           ELSE found END, found IS NULL, channel_id, customer_id, renames
FROM (
    SELECT s.id, coalesce(o.id, p.order_id) AS found, h.channel_id, c.customer_id,
           o.id IS NULL AND coalesce(p.renames, 0) AS renames, coalesce(s.created_at, s.paid_at, '') AS at
    FROM staging.order_ s {CHANNEL.format(s="s")}
    LEFT JOIN orders o ON o.channel_id = h.channel_id AND o.number = s.number
    LEFT JOIN plan.pair p ON p.id = s.id
    LEFT JOIN plan.person c ON c.id = s.person
    WHERE s.merged_into IS NULL
);
CREATE TABLE plan.new_order (order_id INTEGER PRIMARY KEY, id INTEGER);
INSERT OR IGNORE INTO plan.new_order SELECT order_id, id FROM plan.ord WHERE is_new ORDER BY order_id;
"""

_LINES = f"""
CREATE TABLE plan.new_line (order_id INTEGER, line_id INTEGER, id INTEGER, order_new INTEGER,
    PRIMARY KEY (order_id, line_id)) WITHOUT ROWID;
INSERT INTO plan.new_line
SELECT o.order_id, :base + row_number() OVER (ORDER BY o.order_id, l.position, l.id), l.id, 1
FROM staging.line l JOIN plan.ord o ON o.id = l.order_id
WHERE l.merged_into IS NULL AND o.is_new;
CREATE TABLE plan.joined (id INTEGER PRIMARY KEY, order_id INTEGER, line_id INTEGER);
INSERT INTO plan.joined
SELECT l.id, o.order_id, x.id FROM staging.line l JOIN plan.ord o ON o.id = l.order_id AND NOT o.is_new
LEFT JOIN order_lines x ON x.order_id = o.order_id AND x.line_key = l.line_key
WHERE l.merged_into IS NULL;
INSERT INTO plan.joined
SELECT l.id, o.id, x.id FROM staging.line l {CHANNEL.format(s="l")}
JOIN orders o ON o.channel_id = h.channel_id AND o.number = l.number
LEFT JOIN order_lines x ON x.order_id = o.id AND x.line_key = l.line_key
WHERE l.order_id IS NULL AND l.merged_into IS NULL;
CREATE TABLE plan.lost (id INTEGER PRIMARY KEY);
INSERT INTO plan.lost SELECT l.id FROM staging.line l WHERE l.order_id IS NULL AND l.merged_into IS NULL
AND l.id NOT IN (SELECT id FROM plan.joined);
"""

_SAME_LINES = """
CREATE TABLE plan.loose AS
SELECT l.id, j.order_id, i.sku_id, l.qty, coalesce(l.price, -1) AS price,
       row_number() OVER (PARTITION BY j.order_id, i.sku_id, l.qty, l.price ORDER BY l.position, l.id) AS nth
FROM plan.joined j JOIN staging.line l ON l.id = j.id LEFT JOIN plan.item i ON i.id = l.item
WHERE j.line_id IS NULL AND EXISTS (SELECT 1 FROM order_lines x WHERE x.order_id = j.order_id);
UPDATE plan.joined SET line_id = m.line_id FROM (
    SELECT a.id, b.id AS line_id FROM plan.loose a JOIN (
        SELECT x.id, x.order_id, x.sku_id, x.qty, x.price,
               row_number() OVER (PARTITION BY x.order_id, x.sku_id, x.qty, x.price ORDER BY x.position, x.id) AS nth
        FROM order_lines x WHERE x.order_id IN (SELECT order_id FROM plan.loose) AND x.deleted_at IS NULL
          AND x.id NOT IN (SELECT line_id FROM plan.joined WHERE line_id IS NOT NULL)
    ) b ON b.order_id = a.order_id AND b.sku_id IS a.sku_id AND b.qty = a.qty AND b.price = a.price AND b.nth = a.nth
) m WHERE m.id = joined.id;
"""

_MORE_LINES = """
UPDATE plan.joined SET line_id = 0 WHERE line_id IS NULL AND order_id IN (
    SELECT q.id FROM orders q, json_each(q.edited) e WHERE q.edited <> '[]' AND e.value = 'lines');
INSERT INTO plan.new_line
SELECT j.order_id, :base + row_number() OVER (ORDER BY j.order_id, l.position, l.id), l.id, 0
FROM plan.joined j JOIN staging.line l ON l.id = j.id WHERE j.line_id IS NULL;
DELETE FROM plan.joined WHERE line_id IS NULL;
CREATE TABLE plan.has_lines (id INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO plan.has_lines
SELECT order_id FROM staging.line WHERE order_id IS NOT NULL AND merged_into IS NULL;
"""

_TIMES = ("created_at", "paid_at", "promised_at", "shipped_at", "done_at", "closed_at")
_MONEY = ("postage", "discount", "tax", "paid", "currency")
_MASKED = ("receiver", "phone", "region", "address")
_TEXTS = ("courier", "tracking", "buyer_note", "seller_note")


def _order_fields() -> dict[str, tuple[str, str]]:
    """Field -> (staged value, condition that it is a change)."""
    fields = {
        name: (
            f"s.{name}",
            (
                f"s.{name} IS NOT o.{name} AND NOT (s.{name} LIKE '%:00' AND o.{name} IS NOT NULL"
                f" AND substr(s.{name}, 1, 16) = substr(o.{name}, 1, 16))"
            ),
        )
        for name in _TIMES
    }
    fields["goods"] = (GOODS, f"{GOODS} IS NOT o.goods")
    fields |= {name: (f"s.{name}", f"s.{name} IS NOT o.{name}") for name in (*_MONEY, *_TEXTS)}
    fields |= {
        name: (f"s.{name}", f"s.{name} IS NOT o.{name} AND (o.{name} = '' OR s.{name} NOT LIKE '%*%')")
        for name in _MASKED
    }
    fields["buyer"] = ("nullif(s.buyer, '')", "s.buyer IS NOT o.buyer")
    fields["customer_id"] = ("p.customer_id", "o.customer_id IS NULL")
    fields["number"] = ("CASE WHEN p.renames THEN s.number END", "p.renames")
    fields["extra"] = (
        "CASE WHEN s.extra IS NOT NULL THEN json_patch(o.extra, s.extra) END",
        "json_patch(o.extra, s.extra) IS NOT o.extra",
    )
    return fields


ORDER_FIELDS = _order_fields()
LINE_PRICE = "coalesce(s.price, (2 * s.amount + s.qty) / nullif(2 * s.qty, 0), s.amount, 0)"
LINE_AMOUNT = f"coalesce(s.amount, {LINE_PRICE} * s.qty)"
LINE_FIELDS = {
    "code": ("s.code", "s.code IS NOT o.code"),
    "name": ("s.name", "s.name IS NOT o.name"),
    "options": ("s.options", "s.options IS NOT o.options"),
    "qty": ("s.qty", "s.qty IS NOT o.qty"),
    "price": ("s.price", "s.price IS NOT o.price"),
    "amount": ("s.amount", "s.amount IS NOT o.amount"),
    "note": ("s.note", "s.note IS NOT o.note"),
    "sku_id": ("i.sku_id", "i.sku_id IS NOT o.sku_id"),
    "extra": ORDER_FIELDS["extra"],
}

_ORDER_JOIN = "plan.ord p JOIN staging.order_ s ON s.id = p.id JOIN orders o ON o.id = p.order_id"
_LINE_JOIN = (
    "plan.joined p JOIN staging.line s ON s.id = p.id JOIN order_lines o ON o.id = p.line_id"
    " LEFT JOIN plan.item i ON i.id = s.item"
)


_LINES_BY_HAND = "EXISTS (SELECT 1 FROM orders q, json_each(q.edited) e WHERE q.id = o.order_id AND e.value = 'lines')"


_STATUS_CELLS = f"""
INSERT INTO plan.cell (kind, staged, record, field, old, new, held, ticked)
SELECT 'orders', s.id, o.id, 'status', o.status, s.status,
       CASE WHEN {_RANK.format("s.status")} < {_RANK.format("o.status")} THEN 'backward' ELSE '' END,
       {_RANK.format("s.status")} > {_RANK.format("o.status")}
FROM {_ORDER_JOIN} WHERE NOT p.is_new AND s.status IS NOT NULL AND s.status <> o.status
"""

LARGE_ORDER = 2**31
"""Minor units from which a product of two amounts could overflow: the kept figures share such an order."""

_SUMS = f"""
CREATE TABLE plan.sums (order_id INTEGER PRIMARY KEY, pieces INTEGER, kinds INTEGER, title TEXT, sku_id INTEGER,
    whole INTEGER, lines INTEGER, paid INTEGER, first INTEGER);
INSERT INTO plan.sums
SELECT n.order_id, sum(CASE WHEN s.kind = 'goods' THEN s.qty ELSE 0 END), sum(s.kind = 'goods'),
       coalesce(s.name, ''), i.sku_id,
       sum(CASE WHEN s.kind = 'goods' THEN max({LINE_PRICE} * s.qty, 0) ELSE 0 END), count(*),
       max(coalesce(o.paid, 0), 0),
       min((s.kind <> 'goods') * 1099511627776 + n.line_id)
FROM plan.new_line n CROSS JOIN staging.line s ON s.id = n.id
CROSS JOIN plan.new_order r ON r.order_id = n.order_id CROSS JOIN staging.order_ o ON o.id = r.id
LEFT JOIN plan.item i ON i.id = s.item
WHERE n.order_new GROUP BY n.order_id;
CREATE TABLE plan.share (line_id INTEGER PRIMARY KEY, share INTEGER);
INSERT INTO plan.share
SELECT line_id, floor + (place <= paid - floors)
FROM (
    SELECT line_id, paid, floor, sum(floor) OVER (PARTITION BY order_id) AS floors,
           row_number() OVER (PARTITION BY order_id ORDER BY rest DESC, line_id) AS place
    FROM (
        SELECT order_id, line_id, paid, paid * weight / whole AS floor, paid * weight % whole AS rest
        FROM (
            SELECT n.order_id, n.line_id, t.paid, CASE WHEN t.whole > 0 THEN t.whole ELSE t.lines END AS whole,
                   CASE WHEN t.whole = 0 THEN 1
                        WHEN s.kind = 'goods' THEN max({LINE_PRICE} * s.qty, 0) ELSE 0 END AS weight
            FROM plan.new_line n CROSS JOIN plan.sums t ON t.order_id = n.order_id
            CROSS JOIN staging.line s ON s.id = n.id
            WHERE n.order_new AND t.lines > 1 AND t.paid <> t.whole AND max(t.paid, t.whole) < {LARGE_ORDER}
        )
    )
) ORDER BY line_id;
CREATE TABLE plan.refund (order_id INTEGER PRIMARY KEY, refunded INTEGER, open INTEGER);
INSERT INTO plan.refund
SELECT order_id, sum(CASE WHEN state = 'refunded' THEN amount ELSE 0 END), sum(state IN ('open', 'received'))
FROM plan.ret WHERE is_new AND staged_order IS NOT NULL GROUP BY order_id;
"""
"""What new orders are in sum, and each line's share of what was paid: as the kept figures would make them."""


def plan_orders(con: Connection, *, now: str) -> None:
    """Fill plan.ord, plan.new_line, plan.joined, plan.lost, plan.ret and their cells."""
    run(con, CELLS)
    run(con, _PAIRS)
    run(con, _ORDERS, base=last_id(con, "orders"))
    run(con, _LINES, base=last_id(con, "order_lines"))
    run(con, _SAME_LINES)
    last = con.execute("SELECT max(line_id) FROM plan.new_line").fetchone()[0]
    run(con, _MORE_LINES, base=last or last_id(con, "order_lines"))
    known = con.execute("SELECT EXISTS (SELECT 1 FROM plan.ord WHERE NOT is_new)").fetchone()[0]
    if known:
        compare(con, "orders", _ORDER_JOIN, ORDER_FIELDS, where="NOT p.is_new", edited=BY_HAND)
        con.execute(_STATUS_CELLS)
    compare(con, "lines", _LINE_JOIN, LINE_FIELDS, edited=_LINES_BY_HAND)
    plan_returns(con, now=now)
    run(con, _SUMS)
