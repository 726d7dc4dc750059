"""Orders, lines, events and returns in the shop file."""

from __future__ import annotations

from shopdesk.core.schema import Feature, Owned, Personal, Takeable
from shopdesk.core.words import N_
from shopdesk.orders.model import Status
from shopdesk.orders.schema_figures import FIGURES, SEARCH
from shopdesk.orders.schema_timelines import TIMELINES
from shopdesk.orders.schema_views import VIEWS

# name: whose order it is; the receiver where the buyer is known by a mail address or a telephone number only.
# owed: NULL unless unpaid. Where a file named no sum of goods the list adds up the lines; the order of the list
# takes the postage alone.
# With the status behind them (orders_name, _title, _paid) a view of one status is walked in that order without
# looking at the table, where the orders of one buyer or amount lie far apart.
_ORDERS = """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    number TEXT NOT NULL,
    customer_id INTEGER REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED,
    buyer TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL,
    goods INTEGER,
    postage INTEGER,
    discount INTEGER,
    tax INTEGER,
    paid INTEGER NOT NULL DEFAULT 0,
    created_at TEXT,
    paid_at TEXT,
    promised_at TEXT,
    shipped_at TEXT,
    done_at TEXT,
    closed_at TEXT,
    receiver TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    buyer_note TEXT NOT NULL DEFAULT '',
    seller_note TEXT NOT NULL DEFAULT '',
    courier TEXT NOT NULL DEFAULT '',
    tracking TEXT NOT NULL DEFAULT '',
    problem TEXT CHECK (problem IN ('courier', 'address', 'split', 'stock', 'buyer', 'damaged', 'other')),
    problem_note TEXT NOT NULL DEFAULT '',
    problem_at TEXT,
    number_damaged INTEGER NOT NULL DEFAULT 0 CHECK (number_damaged IN (0, 1)),
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    edited TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edited)),
    deleted_at TEXT,
    status TEXT NOT NULL DEFAULT 'unpaid'
        CHECK (status IN ('unpaid', 'to_ship', 'shipped', 'done', 'closed')),
    status_at TEXT,
    ship_by TEXT,
    refunded INTEGER NOT NULL DEFAULT 0,
    refund_state TEXT NOT NULL DEFAULT 'none' CHECK (refund_state IN ('none', 'partial', 'full')),
    returns_open INTEGER NOT NULL DEFAULT 0,
    pieces INTEGER NOT NULL DEFAULT 0,
    kinds INTEGER NOT NULL DEFAULT 0,
    title TEXT NOT NULL DEFAULT '',
    sku_id INTEGER REFERENCES skus (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT GENERATED ALWAYS AS (CASE WHEN receiver <> '' AND (instr(buyer, '@')
        OR buyer NOT GLOB '*[^-0-9+ ().*]*') THEN receiver ELSE buyer END) VIRTUAL,
    owed INTEGER GENERATED ALWAYS AS (CASE WHEN status = 'unpaid'
        THEN max(0, coalesce(goods, 0) + coalesce(postage, 0) + coalesce(tax, 0) - coalesce(discount, 0)) END) VIRTUAL,
    UNIQUE (channel_id, number)
) STRICT;
CREATE INDEX orders_customer ON orders (customer_id, paid_at);
CREATE INDEX orders_import ON orders (import_id);
CREATE INDEX orders_sku ON orders (sku_id);
CREATE INDEX orders_state ON orders (status) WHERE deleted_at IS NULL;
CREATE INDEX orders_status ON orders (status, ship_by) WHERE deleted_at IS NULL;
CREATE INDEX orders_number ON orders (number) WHERE deleted_at IS NULL;
CREATE INDEX orders_name ON orders (name, id, status) WHERE deleted_at IS NULL;
CREATE INDEX orders_currency ON orders (currency) WHERE deleted_at IS NULL;
CREATE INDEX orders_paid ON orders (paid, id, status) WHERE deleted_at IS NULL;
CREATE INDEX orders_paid_at ON orders (paid_at) WHERE deleted_at IS NULL;
CREATE INDEX orders_created_at ON orders (created_at) WHERE deleted_at IS NULL;
CREATE INDEX orders_shipped_at ON orders (shipped_at) WHERE deleted_at IS NULL;
CREATE INDEX orders_ship_by ON orders (ship_by) WHERE deleted_at IS NULL;
CREATE INDEX orders_pieces ON orders (pieces) WHERE deleted_at IS NULL;
CREATE INDEX orders_title ON orders (title, id, status) WHERE deleted_at IS NULL;
CREATE INDEX orders_owed ON orders (owed) WHERE deleted_at IS NULL;
CREATE INDEX orders_refunded ON orders (refunded) WHERE deleted_at IS NULL;
CREATE INDEX orders_problem ON orders (problem_at) WHERE problem IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX orders_refunds ON orders (paid_at)
    WHERE (refund_state <> 'none' OR returns_open > 0) AND deleted_at IS NULL;

CREATE TABLE order_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    line_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    sku_id INTEGER REFERENCES skus (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL DEFAULT 'goods' CHECK (kind IN ('goods', 'charge', 'discount')),
    code TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    options TEXT NOT NULL DEFAULT '',
    qty INTEGER NOT NULL,
    price INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    deleted_at TEXT,
    share INTEGER NOT NULL DEFAULT 0,
    day TEXT,
    shipped_at TEXT,
    held INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, line_key)
) STRICT;
CREATE INDEX order_lines_sku_day ON order_lines (sku_id, day, qty, share);
CREATE INDEX order_lines_day ON order_lines (day, sku_id, qty, share) WHERE day IS NOT NULL;
CREATE INDEX order_lines_shipped ON order_lines (sku_id, shipped_at, qty) WHERE shipped_at IS NOT NULL;
CREATE INDEX order_lines_held ON order_lines (sku_id, held) WHERE held > 0;

CREATE TABLE order_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('status', 'problem', 'solved', 'note', 'parcel', 'edit')),
    status TEXT CHECK (status IN ('unpaid', 'to_ship', 'shipped', 'done', 'closed')),
    note TEXT NOT NULL DEFAULT '',
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    due_at TEXT CHECK (due_at IS NULL OR status IN ('shipped', 'done', 'closed')),
    CHECK ((kind = 'status') = (status IS NOT NULL))
) STRICT;
CREATE INDEX order_events_order ON order_events (order_id, id);
CREATE INDEX order_events_at ON order_events (at) WHERE by_hand = 1;

CREATE TABLE returns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    number TEXT NOT NULL,
    order_id INTEGER REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    customer_id INTEGER REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED,
    buyer TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('refund', 'return', 'exchange')),
    state TEXT NOT NULL CHECK (state IN ('open', 'received', 'refunded', 'exchanged', 'refused')),
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL DEFAULT 0,
    opened_at TEXT,
    received_at TEXT,
    refunded_at TEXT,
    closed_at TEXT,
    reason TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    edited TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edited)),
    deleted_at TEXT,
    day TEXT,
    UNIQUE (channel_id, number)
) STRICT;
CREATE INDEX returns_order ON returns (order_id);
CREATE INDEX returns_customer ON returns (customer_id);
CREATE INDEX returns_import ON returns (import_id);
CREATE INDEX returns_state ON returns (state, opened_at) WHERE deleted_at IS NULL;
CREATE INDEX returns_day ON returns (day, state) WHERE deleted_at IS NULL;

CREATE TABLE return_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    return_id INTEGER NOT NULL REFERENCES returns (id) DEFERRABLE INITIALLY DEFERRED,
    line_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    order_line_id INTEGER REFERENCES order_lines (id) DEFERRABLE INITIALLY DEFERRED,
    sku_id INTEGER REFERENCES skus (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL DEFAULT 'goods' CHECK (kind IN ('goods', 'charge', 'discount')),
    code TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    options TEXT NOT NULL DEFAULT '',
    qty INTEGER NOT NULL,
    price INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    UNIQUE (return_id, line_key)
) STRICT;
CREATE INDEX return_lines_order_line ON return_lines (order_line_id);
CREATE INDEX return_lines_sku ON return_lines (sku_id);

CREATE VIRTUAL TABLE search_orders USING fts5(
    words, content='', contentless_delete=1, tokenize='ascii', prefix='1 2'
);
"""

UNDER_THE_NAME = (
    "SELECT t.id FROM customers c CROSS JOIN {table} t ON t.customer_id IS NULL AND t.channel_id = c.channel_id"
    " AND t.buyer = c.handle WHERE c.id IN {{customers}}"
)
"""What nobody has linked with a buyer, but names one."""

FEATURE = Feature(
    name="orders",
    after=("inventory", "customers"),
    migrations=(("0001_tables", _ORDERS), ("0002_views", VIEWS), ("0003_timelines", TIMELINES)),
    kept=FIGURES,
    search=SEARCH,
    takeable=Takeable(
        table="orders",
        title="number",
        label=(N_("Took back {n} order"), N_("Took back {n} orders")),
        topics=("orders", "stock", "customers"),
        owned=(
            Owned("order_lines", "order_id"),
            Owned("order_events", "order_id"),
            Owned("returns", "order_id", stays=True, owned=(Owned("return_lines", "return_id"),)),
        ),
        figures={
            "title": (N_("Items"), {}),
            "status": (N_("Status"), {status.value: status.title for status in Status}),
        },
        known_by=("paid",),
    ),
    personal=(
        Personal(
            "orders",
            of={"customer_id": "customers"},
            also=UNDER_THE_NAME.format(table="orders"),
            names={"buyer": "{mark}", "receiver": "", "phone": "", "address": ""},
            words=dict.fromkeys(("region", "buyer_note", "seller_note", "tracking", "problem_note"), "")
            | {"extra": "{}"},
            numbers=("number",),
        ),
        Personal("order_lines", of={"order_id": "orders"}, words={"note": "", "extra": "{}"}, within=("options",)),
        Personal("order_events", of={"order_id": "orders"}, words={"note": ""}),
        Personal(
            "returns",
            of={"customer_id": "customers", "order_id": "orders"},
            also=UNDER_THE_NAME.format(table="returns"),
            names={"buyer": "{mark}"},
            words={"reason": "", "note": "", "extra": "{}"},
            numbers=("number",),
        ),
        Personal("return_lines", of={"return_id": "returns"}, words={"extra": "{}"}, within=("options",)),
    ),
    impersonal={
        "orders": (
            *("currency", "created_at", "paid_at", "promised_at", "shipped_at", "done_at", "closed_at", "courier"),
            *("problem", "problem_at", "edited", "deleted_at"),
            *("status", "status_at", "ship_by", "refund_state", "title"),
        ),
        "order_lines": ("line_key", "kind", "code", "name", "deleted_at", "day", "shipped_at"),
        "order_events": ("at", "kind", "status", "due_at"),
        "returns": (
            *("kind", "state", "currency", "opened_at", "received_at", "refunded_at", "closed_at"),
            *("edited", "deleted_at", "day"),
        ),
        "return_lines": ("line_key", "kind", "code", "name"),
    },
)
