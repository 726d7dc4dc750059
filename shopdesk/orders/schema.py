"""Orders, lines, events and returns in the shop file, and the figures that follow from them."""

from __future__ import annotations

from shopdesk.core.schema import Feature, Kept, On, SearchKind

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
    problem TEXT,
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
    UNIQUE (channel_id, number)
) STRICT;
CREATE INDEX orders_customer ON orders (customer_id, paid_at);
CREATE INDEX orders_import ON orders (import_id);
CREATE INDEX orders_sku ON orders (sku_id);
CREATE INDEX orders_status ON orders (status, ship_by) WHERE deleted_at IS NULL;
CREATE INDEX orders_number ON orders (number) WHERE deleted_at IS NULL;
CREATE INDEX orders_buyer ON orders (buyer) WHERE deleted_at IS NULL;
CREATE INDEX orders_paid ON orders (paid) WHERE deleted_at IS NULL;
CREATE INDEX orders_paid_at ON orders (paid_at) WHERE deleted_at IS NULL;
CREATE INDEX orders_created_at ON orders (created_at) WHERE deleted_at IS NULL;
CREATE INDEX orders_ship_by ON orders (ship_by) WHERE deleted_at IS NULL;
CREATE INDEX orders_pieces ON orders (pieces) WHERE deleted_at IS NULL;
CREATE INDEX orders_title ON orders (title) WHERE deleted_at IS NULL;
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
    state TEXT NOT NULL CHECK (state IN ('open', 'received', 'refunded', 'refused')),
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

_VIEWS = """
CREATE VIEW v_orders AS
SELECT o.id, o.channel_id, c.platform, c.name AS channel, o.number, o.customer_id, o.buyer, o.currency,
       o.goods, o.postage, o.discount, o.tax, o.paid, o.refunded, o.refund_state, o.returns_open,
       o.created_at, o.paid_at, o.promised_at, o.ship_by, o.shipped_at, o.done_at, o.closed_at, o.status,
       o.status_at, o.receiver, o.phone, o.region, o.address, o.buyer_note, o.seller_note, o.courier,
       o.tracking, o.problem, o.problem_note, o.problem_at, o.pieces, o.kinds, o.title, o.sku_id
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
       r.closed_at, r.day, r.reason, r.note
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

_ALL_ORDERS = "SELECT id FROM orders"

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
        "status", "status_at", "refunded", "refund_state", "returns_open", "pieces", "kinds", "title",
        "sku_id", "ship_by",
    ),
    query="""
    SELECT id, status, status_at, refunded,
           CASE WHEN refunded <= 0 THEN 'none' WHEN refunded >= paid THEN 'full' ELSE 'partial' END,
           returns_open, pieces, kinds, title, sku_id,
           CASE WHEN status <> 'to_ship' THEN ship_by ELSE
               min(coalesce(promised_at, '9999'), datetime(paid_at, '+1 day'),
                   date(paid_at, CASE WHEN substr(paid_at, 12, 5) < cutoff THEN '+0 days' ELSE '+1 day' END)
                   || ' ' || cutoff || ':00') END
    FROM (
        SELECT o.id, o.paid, o.paid_at, o.promised_at, o.ship_by,
               coalesce(e.status, 'unpaid') AS status, e.at AS status_at,
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
               coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'cutoff'), '17:00') AS cutoff
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
        On("orders", "{id}"),
        On("order_lines", "{order_id}"),
        On("order_events", "{order_id}"),
        On("returns", "{order_id}"),
        On("settings", keys="SELECT id FROM orders WHERE status = 'to_ship'"),
    ),
)

_LINES = Kept(
    table="order_lines",
    columns=("share", "day", "shipped_at", "held"),
    query="""
    SELECT id, floor + (place <= paid - sum(floor) OVER (PARTITION BY order_id)), day, shipped_at, held
    FROM (
        SELECT id, order_id, paid, day, shipped_at, held, paid * weight / whole AS floor,
               row_number() OVER (PARTITION BY order_id ORDER BY paid * weight % whole DESC, position, id)
                   AS place
        FROM (
            SELECT id, order_id, position, day, shipped_at, held,
                   CASE WHEN gone THEN 0 ELSE paid END AS paid,
                   CASE WHEN whole > 0 THEN weight WHEN gone THEN 0 ELSE 1 END AS weight,
                   CASE WHEN whole > 0 THEN whole ELSE max(1, present) END AS whole
            FROM (
                SELECT *, sum(weight) OVER (PARTITION BY order_id) AS whole,
                       sum(NOT gone) OVER (PARTITION BY order_id) AS present
                FROM (
                    SELECT l.id, l.order_id, l.position, max(o.paid, 0) AS paid,
                           l.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL AS gone,
                           CASE WHEN l.kind = 'goods' AND l.deleted_at IS NULL
                                THEN max(l.price * l.qty, 0) ELSE 0 END AS weight,
                           CASE WHEN l.deleted_at IS NULL AND o.deleted_at IS NULL
                                THEN substr(o.paid_at, 1, 10) END AS day,
                           CASE WHEN l.kind = 'goods' AND l.deleted_at IS NULL AND o.deleted_at IS NULL
                                 AND o.status IN ('shipped', 'done')
                                THEN coalesce(o.shipped_at, (
                                    SELECT min(e.at) FROM order_events e
                                    WHERE e.order_id = o.id AND e.status IN ('shipped', 'done'))) END
                               AS shipped_at,
                           CASE WHEN l.kind = 'goods' AND l.deleted_at IS NULL AND o.deleted_at IS NULL
                                 AND o.status = 'to_ship' THEN max(l.qty, 0) ELSE 0 END AS held
                    FROM orders o JOIN order_lines l ON l.order_id = o.id
                    WHERE o.id IN {keys}
                )
            )
        )
    )
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
        SELECT id FROM stock_moves WHERE sku_id = s.id AND level IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1)
    WHERE s.id IN {keys}
    """,
    all_keys="SELECT id FROM skus",
    on=(
        On("skus", "{id}", watch=("id",)),
        On("stock_moves", "{sku_id}"),
        On("order_lines", "{sku_id}"),
        On("orders", keys="SELECT sku_id FROM order_lines WHERE order_id IN {ids}"),
        On(
            "order_events",
            keys="SELECT l.sku_id FROM order_events e JOIN order_lines l ON l.order_id = e.order_id"
            " WHERE e.id IN {ids}",
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

FEATURE = Feature(
    name="orders",
    after=("inventory", "customers"),
    migrations=(("0001_tables", _ORDERS), ("0002_views", _VIEWS)),
    kept=(_ORDER, _RETURN_DAY, _LINES, _SKUS, _CUSTOMERS),
    search=(
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
    ),
)
