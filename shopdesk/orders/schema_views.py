"""The views on orders that rules, figures, exports and other programs of the owner read."""

from __future__ import annotations

OWED = """max(0, coalesce(o.goods, (SELECT sum(l.amount) FROM order_lines l WHERE l.order_id = o.id
    AND l.deleted_at IS NULL), 0) + coalesce(o.postage, 0) + coalesce(o.tax, 0)
    - coalesce(o.discount, 0))"""
"""What the buyer of a row of o owes, or owed before paying."""

COLLECTED = "o.status = 'to_ship' AND o.paid = 0 AND o.paid_at IS NULL"
"""Whether a row of o leaves unpaid: its money is collected with the parcel."""

FLAG_NOTE = "CASE WHEN o.problem IS NOT NULL THEN nullif(replace(o.problem_note, char(10), ' '), '') END"
"""The note of the flag of a row of o in one line, NULL without one."""

VIEWS = f"""
CREATE VIEW v_orders AS
SELECT o.id, o.channel_id, c.platform, c.name AS channel, o.number, o.customer_id, o.buyer, o.currency,
       o.goods, o.postage, o.discount, o.tax, o.paid, o.refunded, o.refund_state, o.returns_open,
       o.created_at, o.paid_at, o.promised_at, o.ship_by, o.shipped_at, o.done_at, o.closed_at, o.status,
       o.status_at, o.receiver, o.phone, o.region, o.address, o.buyer_note, o.seller_note, o.courier,
       o.tracking, o.problem, o.problem_note, o.problem_at, o.pieces, o.kinds, o.title, o.sku_id, o.name,
       CASE WHEN {COLLECTED} THEN {OWED} END AS to_collect, {FLAG_NOTE} AS flag_note
FROM orders o JOIN channels c ON c.id = o.channel_id
WHERE o.deleted_at IS NULL;

CREATE VIEW v_order_lines AS
SELECT l.id, l.order_id, o.channel_id, o.number, l.line_key, l.position, l.sku_id, l.kind, l.code, l.name,
       l.options, l.qty, l.price, l.amount, o.currency, l.share AS sales, l.day, l.shipped_at, l.held, l.note
FROM order_lines l JOIN orders o ON o.id = l.order_id
WHERE l.deleted_at IS NULL AND o.deleted_at IS NULL;

CREATE VIEW v_order_events AS
SELECT e.id, e.order_id, o.number, e.at, e.kind, e.status, e.note, e.by_hand
FROM order_events e JOIN orders o ON o.id = e.order_id;

CREATE VIEW v_returns AS
SELECT r.id, r.channel_id, c.name AS channel, r.number, r.order_id, o.number AS order_number, r.customer_id,
       r.buyer, r.kind, r.state, r.currency, r.amount, r.opened_at, r.received_at, r.refunded_at,
       r.closed_at, r.day, r.reason, r.note, coalesce(o.name, r.buyer) AS name,
       {FLAG_NOTE} AS flag_note
FROM returns r JOIN channels c ON c.id = r.channel_id LEFT JOIN orders o ON o.id = r.order_id
WHERE r.deleted_at IS NULL;

CREATE VIEW v_return_lines AS
SELECT l.id, l.return_id, r.number, l.position, l.order_line_id, l.sku_id, l.kind, l.code, l.name, l.options,
       l.qty, l.price, l.amount, r.currency
FROM return_lines l JOIN returns r ON r.id = l.return_id
WHERE r.deleted_at IS NULL;

CREATE VIEW v_customer_orders AS
SELECT o.customer_id, o.id AS order_id, o.number, o.title, o.kinds, o.paid, o.currency, o.refunded, o.status,
       coalesce(o.paid_at, o.created_at) AS at
FROM orders o WHERE o.customer_id IS NOT NULL AND o.deleted_at IS NULL;

CREATE VIEW v_sku_sales AS
SELECT l.sku_id, l.day, l.qty, l.share AS sales, l.order_id FROM order_lines l
WHERE l.day IS NOT NULL AND l.sku_id IS NOT NULL;

CREATE VIEW v_reserved AS
SELECT l.sku_id, l.order_id, l.held FROM order_lines l WHERE l.held > 0;

CREATE VIEW v_sku_ships AS
SELECT l.sku_id, l.shipped_at AS at, l.qty, l.order_id, l.id AS line_id FROM order_lines l
WHERE l.shipped_at IS NOT NULL AND l.sku_id IS NOT NULL;

CREATE VIEW v_stock_moves AS
WITH moves AS (
    SELECT sku_id, at, 1 AS rank, id AS move_id, NULL AS order_id, kind, qty, level, note FROM stock_moves
    UNION ALL
    SELECT l.sku_id, l.shipped_at, 0, l.id, l.order_id, 'ship', -l.qty, NULL, '' FROM order_lines l
    WHERE l.shipped_at IS NOT NULL AND l.sku_id IS NOT NULL
), counted AS (
    SELECT *, count(level) OVER (PARTITION BY sku_id ORDER BY at, rank, move_id) AS levels FROM moves
), balanced AS (
    SELECT *, CASE WHEN levels > 0 THEN sum(coalesce(level, qty))
        OVER (PARTITION BY sku_id, levels ORDER BY at, rank, move_id) END AS balance FROM counted
)
SELECT sku_id, at, kind, move_id, order_id, note, level, balance,
       CASE WHEN level IS NULL THEN qty
            ELSE balance - lag(balance, 1, 0) OVER (PARTITION BY sku_id ORDER BY at, rank, move_id)
       END AS qty
FROM balanced;

CREATE VIEW v_stock AS
SELECT s.id, s.product_id, p.name AS product, s.code, s.name, s.options, s.channel_id, s.item_id, s.currency,
       s.price, s.cost, s.barcode, s.shelf, s.min_qty, s.max_qty, s.lead_days, s.tags, s.on_hand, s.held,
       s.on_hand - s.held AS available, s.level_at, coalesce(s.picture, p.picture) AS picture
FROM skus s JOIN products p ON p.id = s.product_id
WHERE s.deleted_at IS NULL;
"""
