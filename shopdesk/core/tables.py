"""The tables that belong to no feature: settings, channels, imports, pictures, views, the journal."""

from __future__ import annotations

from shopdesk.core.schema import Feature

# blobs.changed: the checksum of what is kept of an original since a person was erased from it.
# erasures: ids and numbers, never words; trace: sixteen bits of a checksum, to know the person by in an old copy;
# signs: twenty-four of each account and telephone number, to know the person by in a new list (core/erased_signs.py).
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) STRICT;

CREATE TABLE settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;

CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    shop_id TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL,
    deleted_at TEXT,
    UNIQUE (platform, name)
) STRICT;

CREATE TABLE blobs (
    sha256 TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('original', 'picture')),
    media TEXT NOT NULL CHECK (media IN ('application/zlib', 'image/png', 'image/jpeg', 'image/webp')),
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    changed TEXT
) STRICT;

CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES blobs (sha256) DEFERRABLE INITIALLY DEFERRED,
    format TEXT NOT NULL,
    channel_id INTEGER REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    counts TEXT NOT NULL CHECK (json_valid(counts)),
    reasons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(reasons))
) STRICT;
CREATE INDEX imports_at ON imports (at);
CREATE INDEX imports_sha256 ON imports (sha256);
CREATE INDEX imports_channel ON imports (channel_id);

CREATE TABLE mappings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    layout TEXT NOT NULL CHECK (json_valid(layout)),
    deleted_at TEXT
) STRICT;

CREATE TABLE views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    spec TEXT NOT NULL CHECK (json_valid(spec)),
    position INTEGER NOT NULL DEFAULT 0,
    deleted_at TEXT
) STRICT;
CREATE INDEX views_page ON views (page, position);

CREATE TABLE erasures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    trace INTEGER NOT NULL,
    at TEXT NOT NULL,
    mark TEXT NOT NULL,
    orders TEXT NOT NULL CHECK (json_valid(orders)),
    removed TEXT NOT NULL CHECK (json_valid(removed)),
    signs TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(signs)),
    copies TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(copies)),
    UNIQUE (customer_id, at)
) STRICT;

CREATE TABLE journal_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    label TEXT NOT NULL,
    args TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(args)),
    topics TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(topics)),
    state TEXT NOT NULL DEFAULT 'done' CHECK (state IN ('done', 'undone', 'dropped', 'erased')),
    undone_order INTEGER
) STRICT;
CREATE INDEX journal_steps_state ON journal_steps (state, id);

CREATE TABLE journal_layouts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_name TEXT NOT NULL,
    columns TEXT NOT NULL CHECK (json_valid(columns)),
    UNIQUE (table_name, columns)
) STRICT;

CREATE TABLE journal_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step INTEGER NOT NULL REFERENCES journal_steps (id) DEFERRABLE INITIALLY DEFERRED,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    layout INTEGER NOT NULL REFERENCES journal_layouts (id) DEFERRABLE INITIALLY DEFERRED,
    gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
    old TEXT NOT NULL
) STRICT;
CREATE INDEX journal_rows_step ON journal_rows (step, table_name);
CREATE INDEX journal_rows_record ON journal_rows (table_name, row_id);
CREATE INDEX journal_rows_layout ON journal_rows (layout);

CREATE TABLE journal_inserts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step INTEGER NOT NULL REFERENCES journal_steps (id) DEFERRABLE INITIALLY DEFERRED,
    table_name TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_inserts_step ON journal_inserts (step);
CREATE INDEX journal_inserts_record ON journal_inserts (table_name, first_id);

CREATE VIEW v_channels AS
SELECT id, platform, name, shop_id, currency FROM channels WHERE deleted_at IS NULL;

CREATE VIEW v_imports AS
SELECT i.id, i.at, i.file_name, i.format, i.channel_id, c.name AS channel, i.counts
FROM imports i LEFT JOIN channels c ON c.id = i.channel_id;

CREATE VIEW v_second_folder AS
SELECT s.value ->> '$' AS folder, r.value ->> '$.copied' AS copied, r.value ->> '$.missed' AS missed,
       r.value ->> '$.returned' AS returned
FROM settings s JOIN remembered r ON r.key = s.key AND r.value ->> '$.folder' = s.value ->> '$'
WHERE s.key = 'second_folder';

CREATE VIEW v_settings AS SELECT key, value FROM settings;
"""

FEATURE = Feature(
    name="core",
    migrations=(("0001_tables", _TABLES),),
    unjournaled=frozenset(
        {
            "meta",
            "remembered",
            "blobs",
            "erasures",
            "journal_steps",
            "journal_layouts",
            "journal_rows",
            "journal_inserts",
        }
    ),
    naming={
        "imports": ("file_name", "reasons"),
        "journal_steps": ("args",),
        "journal_rows": ("old",),
    },
    choosing={"views": ("name", "spec")},
    impersonal={
        "meta": ("key", "value"),
        "remembered": ("key",),
        "settings": ("key", "value"),
        "channels": ("platform", "name", "shop_id", "currency", "deleted_at"),
        "blobs": ("sha256", "kind", "media", "changed"),
        "imports": ("at", "sha256", "format", "counts"),
        "mappings": ("name", "layout", "deleted_at"),
        "views": ("page", "deleted_at"),
        "erasures": ("channel", "at", "mark", "orders", "removed", "signs", "copies"),
        "journal_steps": ("at", "label", "topics", "state"),
        "journal_layouts": ("table_name", "columns"),
        "journal_rows": ("table_name",),
        "journal_inserts": ("table_name",),
    },
)
