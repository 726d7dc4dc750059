"""Buyers and what was said with them in the shop file."""

from __future__ import annotations

from shopdesk.core.schema import Feature, On, Owned, Personal, SearchKind, Takeable
from shopdesk.core.words import N_

TALK = N_("Talk")
GREETING = N_("Greeting")
NOTE = N_("Note")

# with the number of orders behind them (customers_name, _spent, _last_order, _due) those who came back are walked
# without looking at the table
_TABLES = f"""
CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    handle TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    sex TEXT NOT NULL DEFAULT '' CHECK (sex IN ('', 'female', 'male')),
    birthday TEXT CHECK (birthday IS NULL OR birthday GLOB '[0-9-]*[0-9][0-9]-[0-9][0-9]'),
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    note TEXT NOT NULL DEFAULT '',
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    extra TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(extra)),
    edited TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edited)),
    deleted_at TEXT,
    orders INTEGER NOT NULL DEFAULT 0,
    spent INTEGER NOT NULL DEFAULT 0,
    first_order TEXT,
    last_order TEXT,
    rhythm_days INTEGER,
    due_at TEXT,
    rating INTEGER,
    shown_name TEXT GENERATED ALWAYS AS (CASE WHEN trim(name) <> '' THEN name ELSE handle END) VIRTUAL,
    birthday_key TEXT GENERATED ALWAYS AS (substr(birthday, -5)) VIRTUAL,
    UNIQUE (channel_id, handle)
) STRICT;
CREATE INDEX customers_import ON customers (import_id);
CREATE INDEX customers_name ON customers (shown_name, id, orders) WHERE deleted_at IS NULL;
CREATE INDEX customers_orders ON customers (orders) WHERE deleted_at IS NULL;
CREATE INDEX customers_spent ON customers (spent, id, orders) WHERE deleted_at IS NULL;
CREATE INDEX customers_first_order ON customers (first_order) WHERE deleted_at IS NULL;
CREATE INDEX customers_last_order ON customers (last_order, id, orders) WHERE deleted_at IS NULL;
CREATE INDEX customers_rhythm ON customers (rhythm_days) WHERE deleted_at IS NULL;
CREATE INDEX customers_due ON customers (due_at, id, orders) WHERE deleted_at IS NULL;
CREATE INDEX customers_rating ON customers (rating) WHERE deleted_at IS NULL;
CREATE INDEX customers_birthday_key ON customers (birthday_key) WHERE deleted_at IS NULL;
CREATE INDEX customers_tags ON customers (tags) WHERE tags <> '[]' AND deleted_at IS NULL;
CREATE INDEX customers_birthday ON customers (substr(birthday, -5))
    WHERE birthday IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE customer_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED,
    at TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'note' CHECK (kind IN ('note', 'talk', 'greeting')),
    text TEXT NOT NULL,
    deleted_at TEXT
) STRICT;
CREATE INDEX customer_notes_customer ON customer_notes (customer_id, at);
CREATE INDEX customer_notes_at ON customer_notes (at);

CREATE VIRTUAL TABLE search_customers USING fts5(
    words, content='', contentless_delete=1, tokenize='ascii', prefix='1 2'
);

CREATE VIEW v_customers AS
SELECT c.id, c.channel_id, ch.name AS channel, ch.platform, ch.currency, c.handle, c.shown_name AS name,
       c.phone, c.email, c.address, c.region, c.sex, c.birthday, c.tags, c.note, c.orders, c.spent,
       c.first_order, c.last_order, c.rhythm_days, c.due_at, c.rating
FROM customers c JOIN channels ch ON ch.id = c.channel_id
WHERE c.deleted_at IS NULL;

CREATE VIEW v_customer_notes AS
SELECT n.id, n.customer_id, c.shown_name AS customer, n.at, n.kind, n.text
FROM customer_notes n JOIN customers c ON c.id = n.customer_id
WHERE n.deleted_at IS NULL;

CREATE VIEW v_timeline_customer_customers AS
SELECT n.customer_id AS record_id, n.at,
       CASE n.kind WHEN 'talk' THEN 'talk' WHEN 'greeting' THEN 'gift' ELSE 'note' END AS icon,
       CASE n.kind WHEN 'talk' THEN '{TALK}' WHEN 'greeting' THEN '{GREETING}' ELSE '{NOTE}' END AS words,
       '{{}}' AS args, n.text AS detail, '' AS page, n.id AS target
FROM customer_notes n
WHERE n.deleted_at IS NULL;
"""

FEATURE = Feature(
    name="customers",
    migrations=(("0001_tables", _TABLES),),
    search=(
        SearchKind(
            kind="customers",
            table="customers",
            query="""
            SELECT id, phone || ' ' || email || ' ' || region || ' ' || tags || ' ' || note,
                   handle || ' ' || name
            FROM customers WHERE id IN {keys} AND deleted_at IS NULL
            """,
            on=(
                On(
                    "customers",
                    "{id}",
                    watch=("phone", "email", "region", "tags", "note", "handle", "name", "deleted_at"),
                ),
            ),
        ),
    ),
    takeable=Takeable(
        table="customers",
        title="shown_name",
        label=(N_("Took back {n} customer"), N_("Took back {n} customers")),
        topics=("customers",),
        owned=(Owned("customer_notes", "customer_id", stays=True),),
    ),
    personal=(
        Personal(
            "customers",
            names={"handle": "{mark} {id}", "name": "{mark}", "phone": "", "email": "", "address": ""},
            words={"region": "", "sex": "", "birthday": None, "tags": "[]", "note": "", "extra": "{}"},
        ),
        Personal("customer_notes", of={"customer_id": "customers"}, words={"text": ""}),
    ),
    impersonal={
        "customers": ("edited", "deleted_at", "first_order", "last_order", "due_at"),
        "customer_notes": ("at", "kind", "deleted_at"),
    },
)
