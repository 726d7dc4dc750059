"""Writing planned products, SKUs, stock, customers and the changed cells of every kind."""

from __future__ import annotations

from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.exchange.identity import run
from shopdesk.exchange.plan_goods import PRODUCT_EXTRA

_TABLES = {
    "products": "products", "skus": "skus", "customers": "customers", "reviews": "reviews", "orders": "orders",
    "lines": "order_lines", "returns": "returns", "stock": "skus",
}  # fmt: skip
_NOT_COLUMNS = {("orders", "status"), ("stock", "level")}

_CUSTOMERS = """
INSERT INTO customers (id, channel_id, handle, name, phone, email, address, region, birthday, tags, note,
    import_id, extra)
SELECT p.customer_id, h.channel_id, s.handle, coalesce(s.name, ''), coalesce(s.phone, ''), coalesce(s.email, ''),
       coalesce(s.address, ''), coalesce(s.region, ''),
       CASE WHEN s.birthday GLOB '[0-9-]*[0-9][0-9]-[0-9][0-9]' THEN s.birthday END,
       CASE WHEN json_valid(s.tags) THEN json(s.tags) ELSE '[]' END, coalesce(s.note, ''), m.import_id,
       json(coalesce(s.extra, '{}'))
FROM plan.person p JOIN staging.person s ON s.id = p.id
JOIN plan.channel h ON h.platform = s.platform AND h.shop_id = coalesce(s.shop_id, '')
LEFT JOIN plan.imp m ON m.source = s.source
WHERE p.is_new AND p.first = 1 ORDER BY p.customer_id
"""

_PRODUCTS = f"""
INSERT INTO products (id, key, channel_id, name, category, tags, import_id, extra)
SELECT p.id, p.key, p.channel_id, coalesce(s.name, p.name, ''), coalesce(s.category, ''),
       CASE WHEN json_valid(s.tags) THEN json(s.tags) ELSE '[]' END, m.import_id,
       CASE WHEN s.id IS NULL THEN '{{}}' ELSE {PRODUCT_EXTRA} END
FROM plan.product p LEFT JOIN staging.product s ON s.id = p.staged LEFT JOIN plan.imp m ON m.source = s.source
WHERE p.is_new ORDER BY p.id;
INSERT INTO skus (id, product_id, key, code, channel_id, item_id, name, options, currency, price, cost, barcode,
    shelf, import_id, extra)
SELECT i.sku_id, p.id, i.key, coalesce(t.code, ''), CASE WHEN i.key NOT LIKE 'code:%' THEN i.channel_id END,
       coalesce(t.item_id, ''), coalesce(nullif(s.name, ''), nullif(t.name, ''), nullif(t.code, ''), t.item_id, ''),
       coalesce(t.options, ''), coalesce(s.currency, h.currency), s.price, s.cost,
       coalesce(s.barcode, t.barcode, ''), coalesce(b.shelf, ''), m.import_id, json(coalesce(s.extra, '{{}}'))
FROM plan.item i JOIN staging.item t ON t.id = i.id JOIN plan.product p ON p.key = i.product_key
JOIN plan.channel h ON h.platform = t.platform AND h.shop_id = coalesce(t.shop_id, '')
LEFT JOIN staging.sku s ON s.id = (SELECT min(id) FROM staging.sku WHERE item = i.id)
LEFT JOIN plan.shelf b ON b.sku_id = i.sku_id
LEFT JOIN plan.imp m ON m.source = s.source
WHERE i.is_new AND i.first = 1 ORDER BY i.sku_id;
UPDATE products SET deleted_at = :now WHERE deleted_at IS NULL AND key LIKE 'name:%'
AND id IN (SELECT old FROM plan.cell WHERE kind = 'skus' AND field = 'product_id' AND ticked)
AND NOT EXISTS (SELECT 1 FROM skus k WHERE k.product_id = products.id);
INSERT INTO stock_moves (sku_id, at, kind, qty, level, note, import_id)
SELECT v.sku_id, v.at, v.kind, v.qty, v.level, v.note, m.import_id
FROM plan.move v LEFT JOIN plan.imp m ON m.source = v.source WHERE v.is_new ORDER BY v.at, v.id;
"""


def write(shop: Shop, con: Connection) -> None:
    """Write customers, products, SKUs and stock; the cells of all kinds that were taken."""
    con.execute(_CUSTOMERS)
    for kind in ("products", "skus", "customers", "orders", "lines", "returns", "reviews", "stock"):
        write_cells(con, kind)
    now = con.execute("SELECT now FROM plan.made").fetchone()[0]
    run(con, _PRODUCTS, now=now)


def write_cells(con: Connection, kind: str) -> None:
    """Write the taken cells of a kind, one update per record whatever the number of its cells."""
    fields = [
        row[0]
        for row in con.execute("SELECT DISTINCT field FROM plan.cell WHERE kind = ? AND ticked", (kind,))
        if (kind, row[0]) not in _NOT_COLUMNS
    ]
    if not fields:
        return
    table = _TABLES[kind]
    picked = ", ".join(f"max(CASE WHEN field = '{name}' THEN new END) AS {name}" for name in fields)
    sets = ", ".join(f"{name} = coalesce(c.{name}, {table}.{name})" for name in fields)
    more = ", number_damaged = CASE WHEN c.number IS NULL THEN number_damaged ELSE 0 END" if "number" in fields else ""
    con.execute(
        f"UPDATE {table} SET {sets}{more} FROM (SELECT record, {picked} FROM plan.cell"
        " WHERE kind = ? AND ticked GROUP BY record) c"
        f" WHERE c.record = {table}.id",
        (kind,),
    )
