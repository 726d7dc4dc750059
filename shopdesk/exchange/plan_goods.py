"""The plan for products, SKUs, stock, customers and reviews: what is new and what changed, cell by cell."""

from __future__ import annotations

from shopdesk.core.sqlite import Connection
from shopdesk.exchange.comparing import BY_HAND, compare
from shopdesk.exchange.identity import CHANNEL, last_id, run
from shopdesk.exchange.plan_orders import ORDER_FIELDS
from shopdesk.inventory.store import NOW_OF

PRODUCT_EXTRA = """json_patch(coalesce(s.extra, '{}'), json_object('brand', s.brand, 'state', s.state,
    'picture', s.picture, 'description', s.description))"""
_TAGS = "CASE WHEN json_valid(s.tags) THEN json(s.tags) END"
PRODUCT_FIELDS = {
    "name": ("s.name", "s.name IS NOT o.name"),
    "category": ("s.category", "s.category IS NOT o.category"),
    "tags": (_TAGS, f"{_TAGS} IS NOT o.tags"),
    "key": ("p.key", "p.key IS NOT o.key"),
    "extra": (f"json_patch(o.extra, {PRODUCT_EXTRA})", f"json_patch(o.extra, {PRODUCT_EXTRA}) IS NOT o.extra"),
}
SKU_FIELDS = {
    name: (f"s.{name}", f"s.{name} IS NOT o.{name}")
    for name in ("code", "name", "options", "barcode", "price", "cost", "currency", "item_id")
} | {"product_id": ("g.id", "g.id IS NOT o.product_id"), "extra": ORDER_FIELDS["extra"]}

_PRODUCT_JOIN = "plan.product p JOIN staging.product s ON s.id = p.staged JOIN products o ON o.id = p.id"
_SKU_JOIN = (
    "plan.item i JOIN staging.sku s ON s.id = (SELECT min(id) FROM staging.sku WHERE item = i.id)"
    " JOIN skus o ON o.id = i.sku_id"
    " LEFT JOIN plan.staged_product t ON t.id = s.product_id LEFT JOIN plan.product g ON g.key = t.key"
)

_BIRTHDAY = "CASE WHEN s.birthday GLOB '[0-9-]*[0-9][0-9]-[0-9][0-9]' THEN s.birthday END"
CUSTOMER_FIELDS = {
    name: (f"s.{name}", (f"s.{name} IS NOT o.{name} AND (s.from_file OR o.{name} = '')"
                        f" AND (o.{name} = '' OR s.{name} NOT LIKE '%*%')"))
    for name in ("name", "phone", "email", "region", "address", "note")
} | {
    "birthday": (_BIRTHDAY, f"{_BIRTHDAY} IS NOT o.birthday AND (s.from_file OR o.birthday IS NULL)"),
    "tags": (_TAGS, f"{_TAGS} IS NOT o.tags AND s.from_file"),
    "extra": ("CASE WHEN s.from_file THEN json_patch(o.extra, s.extra) END",
              "json_patch(o.extra, s.extra) IS NOT o.extra"),
}  # fmt: skip
_CUSTOMER_JOIN = (
    "plan.person p JOIN staging.person s ON s.id = p.id AND NOT p.is_new AND p.first = 1"
    " JOIN customers o ON o.id = p.customer_id"
)

FIRST_LEVELS = "(SELECT sku_id FROM plan.move WHERE is_new AND old IS NULL)"
"""SKUs that get their first level: they count as new, whatever else the file says of them."""

_SHELVES = """
CREATE TABLE plan.shelf (sku_id INTEGER PRIMARY KEY, shelf TEXT, staged INTEGER);
INSERT OR IGNORE INTO plan.shelf SELECT i.sku_id, s.shelf, s.id
FROM staging.stock s JOIN plan.item i ON i.id = s.item WHERE s.shelf <> '' ORDER BY s.id;
"""
_SHELF_JOIN = "plan.shelf p JOIN staging.stock s ON s.id = p.staged JOIN skus o ON o.id = p.sku_id"
SHELF_FIELDS = {"shelf": ("s.shelf", "s.shelf IS NOT o.shelf")}

_NOW = NOW_OF.format(sku="i.sku_id")
_MOVES = f"""
CREATE TABLE plan.move (id INTEGER PRIMARY KEY, staged INTEGER, sku_id INTEGER, at TEXT, kind TEXT, qty INTEGER,
    level INTEGER, note TEXT, source INTEGER, dated INTEGER, is_new INTEGER, old INTEGER);
INSERT INTO plan.move (staged, sku_id, at, kind, level, note, source, dated)
SELECT min(s.id), i.sku_id, coalesce(s.at, {_NOW}), 'level', sum(s.qty), coalesce(min(s.note), ''), s.source,
       s.at IS NOT NULL
FROM staging.stock s JOIN plan.item i ON i.id = s.item
WHERE s.kind = 'level' AND s.qty IS NOT NULL GROUP BY s.source, i.sku_id, s.at;
INSERT INTO plan.move (sku_id, at, kind, level, note, source, dated)
SELECT i.sku_id, {_NOW}, 'level', max(s.qty), '', s.source, 0
FROM staging.sku s JOIN plan.item i ON i.id = s.item
WHERE s.qty IS NOT NULL AND i.sku_id NOT IN (SELECT sku_id FROM plan.move) GROUP BY s.source, i.sku_id;
UPDATE plan.move SET old = (SELECT on_hand FROM skus WHERE id = sku_id), is_new = CASE
    WHEN dated THEN NOT EXISTS (SELECT 1 FROM stock_moves m
                                WHERE m.sku_id = move.sku_id AND m.at = move.at AND m.level = move.level)
    WHEN (SELECT f.sha256 FROM staging.source s JOIN staging.file f ON f.id = s.file_id WHERE s.id = move.source)
         IN (SELECT sha256 FROM imports) THEN 0
    ELSE (SELECT on_hand FROM skus WHERE id = sku_id) IS NOT level END;
INSERT INTO plan.move (staged, sku_id, at, kind, qty, note, source, dated, is_new)
SELECT id, sku_id, at, 'adjust', qty, note, source, 1, nth > (
    SELECT count(*) FROM stock_moves m
    WHERE m.sku_id = w.sku_id AND m.at = w.at AND m.qty = w.qty AND m.note = w.note)
FROM (
    SELECT s.id, i.sku_id, coalesce(s.at, {_NOW}) AS at, s.qty, coalesce(s.note, '') AS note, s.source,
           row_number() OVER (PARTITION BY i.sku_id, s.at, s.qty, s.note ORDER BY s.id) AS nth
    FROM staging.stock s JOIN plan.item i ON i.id = s.item WHERE s.kind = 'move' AND s.qty IS NOT NULL
) w;
INSERT INTO plan.cell (kind, staged, record, field, old, new)
SELECT 'stock', id, sku_id, 'level', old, level FROM plan.move WHERE is_new AND kind = 'level' AND old IS NOT NULL;
"""

_REVIEWS = f"""
CREATE TABLE plan.review (id INTEGER PRIMARY KEY, review_id INTEGER, is_new INTEGER, channel_id INTEGER, key TEXT,
    order_id INTEGER, sku_id INTEGER, product_id INTEGER, customer_id INTEGER);
INSERT INTO plan.review
SELECT id, CASE WHEN found IS NULL THEN :base + dense_rank() OVER (PARTITION BY found IS NULL ORDER BY at, key)
           ELSE found END, found IS NULL, channel_id, key, order_id, NULL, NULL, customer_id
FROM (
    SELECT s.*, r.id AS found, (
               SELECT o.id FROM orders o WHERE o.channel_id = s.channel_id AND o.number = s.number) AS order_id, (
               SELECT c.id FROM customers c WHERE c.channel_id = s.channel_id
               AND c.handle IN (s.buyer, s.email) LIMIT 1) AS customer_id
    FROM (
        SELECT s.id, h.channel_id, s.number, s.buyer, s.email, coalesce(s.written_at, '') AS at,
               coalesce(nullif(s.key, ''), coalesce(s.written_at, '') || ' ' || coalesce(s.buyer, s.buyer_name, '')
                   || ' ' || substr(coalesce(s.body, ''), 1, 80)) AS key
        FROM staging.review s {CHANNEL.format(s="s")}
    ) s LEFT JOIN reviews r ON r.channel_id = s.channel_id AND r.key = s.key
);
UPDATE plan.review SET product_id = coalesce(
    (SELECT p.id FROM plan.product p JOIN staging.review s ON s.id = review.id
     WHERE p.key = 'item:' || review.channel_id || ':' || s.item_id),
    (SELECT p.id FROM products p JOIN staging.review s ON s.id = review.id
     WHERE p.key = 'item:' || review.channel_id || ':' || s.item_id),
    (SELECT p.id FROM plan.product p JOIN staging.review s ON s.id = review.id
     WHERE p.channel_id = review.channel_id AND p.name = s.item_name LIMIT 1),
    (SELECT p.id FROM plan.shop_product p JOIN staging.review s ON s.id = review.id
     WHERE p.channel_id = review.channel_id AND p.name = s.item_name LIMIT 1));
UPDATE plan.review SET order_id = (
    SELECT p.order_id FROM staging.review s JOIN staging.order_ t ON t.number = s.number AND t.merged_into IS NULL
    JOIN plan.ord p ON p.id = t.id AND p.channel_id = review.channel_id WHERE s.id = review.id LIMIT 1)
WHERE order_id IS NULL;
UPDATE plan.review SET customer_id = coalesce(
    (SELECT customer_id FROM plan.ord WHERE order_id = review.order_id LIMIT 1),
    (SELECT customer_id FROM orders WHERE id = review.order_id),
    (SELECT p.customer_id FROM staging.review s JOIN staging.person t ON t.handle IN (s.buyer, s.email)
     JOIN plan.person p ON p.id = t.id WHERE s.id = review.id LIMIT 1))
WHERE customer_id IS NULL;
CREATE TABLE plan.only_sku (product_id INTEGER PRIMARY KEY, sku_id INTEGER);
INSERT INTO plan.only_sku SELECT product_id, min(sku_id) FROM (
    SELECT k.product_id, k.id AS sku_id FROM skus k
    WHERE k.deleted_at IS NULL AND k.product_id IN (SELECT product_id FROM plan.review)
    UNION SELECT p.id, i.sku_id FROM plan.product p JOIN plan.item i ON i.product_key = p.key
    WHERE i.is_new AND p.id IN (SELECT product_id FROM plan.review)
) GROUP BY product_id HAVING count(*) = 1;
UPDATE plan.review SET sku_id = (SELECT o.sku_id FROM plan.only_sku o WHERE o.product_id = review.product_id)
WHERE product_id IS NOT NULL;
"""
REVIEW_STATE = """CASE WHEN s.state IN ('open', 'answered', 'appealed', 'left') THEN s.state
    WHEN s.reply <> '' THEN 'answered' ELSE 'open' END"""
REVIEW_FIELDS = {
    name: (f"s.{name}", f"s.{name} IS NOT o.{name}")
    for name in ("stars", "title", "body", "written_at", "reply", "replied_at")
} | {
    "state": ("CASE WHEN s.reply <> '' AND o.state = 'open' THEN 'answered' END", "true"),
    "order_id": ("p.order_id", "o.order_id IS NULL"),
    "product_id": ("p.product_id", "o.product_id IS NULL"),
    "customer_id": ("p.customer_id", "o.customer_id IS NULL"),
    "extra": ORDER_FIELDS["extra"],
}
_REVIEW_JOIN = "plan.review p JOIN staging.review s ON s.id = p.id JOIN reviews o ON o.id = p.review_id"


def plan_goods(con: Connection, *, now: str) -> None:
    """Fill plan.move, plan.review and the cells of products, SKUs, stock, customers and reviews."""
    compare(con, "products", _PRODUCT_JOIN, PRODUCT_FIELDS, where="NOT p.is_new", edited=BY_HAND)
    compare(con, "skus", _SKU_JOIN, SKU_FIELDS, where="NOT i.is_new", edited=BY_HAND)
    compare(con, "customers", _CUSTOMER_JOIN, CUSTOMER_FIELDS, edited=BY_HAND)
    run(con, _SHELVES)
    compare(con, "stock", _SHELF_JOIN, SHELF_FIELDS, edited=BY_HAND)
    run(con, _MOVES, now=now)
    run(con, _REVIEWS, base=last_id(con, "reviews"))
    compare(con, "reviews", _REVIEW_JOIN, REVIEW_FIELDS, where="NOT p.is_new", edited=BY_HAND)
