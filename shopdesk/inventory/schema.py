"""Products, SKUs and the stock journal in the shop file."""

from __future__ import annotations

from shopdesk.core.schema import Feature, On, Owned, SearchKind, Takeable
from shopdesk.core.words import N_

_TABLES = """
CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    channel_id INTEGER REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    category TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    note TEXT NOT NULL DEFAULT '',
    picture TEXT REFERENCES blobs (sha256) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT,
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    edited TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edited)),
    deleted_at TEXT
) STRICT;
CREATE INDEX products_channel ON products (channel_id);
CREATE INDEX products_import ON products (import_id);
CREATE INDEX products_picture ON products (picture);

CREATE TABLE skus (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id INTEGER NOT NULL REFERENCES products (id) DEFERRABLE INITIALLY DEFERRED,
    key TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL DEFAULT '',
    channel_id INTEGER REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    item_id TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL,
    price INTEGER,
    cost INTEGER,
    barcode TEXT NOT NULL DEFAULT '',
    shelf TEXT NOT NULL DEFAULT '',
    min_qty INTEGER CHECK (min_qty >= 0),
    max_qty INTEGER CHECK (max_qty >= 0),
    lead_days INTEGER CHECK (lead_days >= 0),
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    note TEXT NOT NULL DEFAULT '',
    picture TEXT REFERENCES blobs (sha256) DEFERRABLE INITIALLY DEFERRED,
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    edited TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edited)),
    deleted_at TEXT,
    on_hand INTEGER,
    level_at TEXT,
    held INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX skus_product ON skus (product_id);
CREATE INDEX skus_channel ON skus (channel_id);
CREATE INDEX skus_import ON skus (import_id);
CREATE INDEX skus_picture ON skus (picture);
CREATE INDEX skus_name ON skus (name);
CREATE INDEX skus_code ON skus (code);
CREATE INDEX skus_barcode ON skus (barcode);
CREATE INDEX skus_shelf ON skus (shelf);
CREATE INDEX skus_on_hand ON skus (on_hand);
CREATE INDEX skus_level_at ON skus (level_at);
CREATE INDEX skus_stock ON skus (on_hand, held, min_qty, max_qty) WHERE deleted_at IS NULL;

CREATE TABLE stock_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sku_id INTEGER NOT NULL REFERENCES skus (id) DEFERRABLE INITIALLY DEFERRED,
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('level', 'receive', 'adjust', 'damage', 'return', 'other')),
    qty INTEGER,
    level INTEGER,
    note TEXT NOT NULL DEFAULT '',
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((kind = 'level') = (level IS NOT NULL) AND (kind = 'level') = (qty IS NULL))
) STRICT;
CREATE INDEX stock_moves_sku ON stock_moves (sku_id, at, id);
CREATE INDEX stock_moves_level ON stock_moves (sku_id, at, id) WHERE level IS NOT NULL;
CREATE INDEX stock_moves_import ON stock_moves (import_id);

CREATE VIRTUAL TABLE search_skus USING fts5(
    words, content='', contentless_delete=1, tokenize='ascii', prefix='1 2'
);
"""

TIMELINE_WORDS = {
    "level": N_("Counted: {qty} on the shelf"),
    "receive": N_("Received {qty}"),
    "adjust": N_("Adjusted by {qty}"),
    "damage": N_("Written off {qty}"),
    "return": N_("Back to stock {qty}"),
    "other": N_("Moved {qty}"),
}
_TIMELINE_ICONS = {
    "level": "count_stock",
    "receive": "area_orders",
    "adjust": "by_hand",
    "damage": "damaged",
    "return": "back_to",
    "other": "area_stock",
}


def _by_kind(texts: dict[str, str]) -> str:
    whens = " ".join(f"WHEN '{kind}' THEN '{text}'" for kind, text in texts.items())
    return f"CASE m.kind {whens} END"


_VIEWS = f"""
CREATE VIEW v_timeline_sku_inventory AS
SELECT m.sku_id AS record_id, m.at, {_by_kind(_TIMELINE_ICONS)} AS icon, {_by_kind(TIMELINE_WORDS)} AS words,
       json_object('qty', CASE WHEN m.kind IN ('adjust', 'other') THEN replace(printf('%+d', m.qty), '-', '−')
                               ELSE coalesce(m.level, abs(m.qty)) END) AS args,
       m.note AS detail, '' AS page, NULL AS target
FROM stock_moves m;
"""

_SEARCHED = (
    "product_id", "code", "barcode", "shelf", "item_id", "tags", "name", "options", "deleted_at",
)  # fmt: skip

FEATURE = Feature(
    name="inventory",
    migrations=(("0001_tables", _TABLES), ("0002_views", _VIEWS)),
    search=(
        SearchKind(
            kind="skus",
            table="skus",
            query="""
            SELECT s.id, s.code || ' ' || s.barcode || ' ' || s.shelf || ' ' || s.item_id || ' ' || s.tags
                   || ' ' || p.tags || ' ' || p.category,
                   s.name || ' ' || s.options || ' ' || p.name
            FROM skus s JOIN products p ON p.id = s.product_id
            WHERE s.id IN {keys} AND s.deleted_at IS NULL
            """,
            on=(
                On("skus", "{id}", watch=_SEARCHED),
                On(
                    "products",
                    watch=("name", "tags", "category"),
                    keys="SELECT id FROM skus WHERE product_id IN {ids}",
                ),
            ),
        ),
    ),
    takeable=Takeable(
        table="skus",
        title="name || ' ' || options",
        label=(N_("Took back {n} item"), N_("Took back {n} items")),
        topics=("skus", "stock"),
        owned=(Owned("stock_moves", "sku_id", stays=True),),
        along=("product_id",),
    ),
    naming={"products": ("note",), "skus": ("note",), "stock_moves": ("note",)},
    choosing={"products": ("tags", "extra"), "skus": ("tags", "extra")},
    impersonal={
        "products": ("key", "name", "category", "picture", "created_at", "edited", "deleted_at"),
        "skus": (
            *("key", "code", "item_id", "name", "options", "currency", "barcode", "shelf", "picture"),
            *("edited", "deleted_at", "level_at"),
        ),
        "stock_moves": ("at", "kind"),
    },
)
