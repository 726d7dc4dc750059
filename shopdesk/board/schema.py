"""What the owner adds to the day board, and the codes that its lines were given."""

from __future__ import annotations

from shopdesk.core.schema import Feature
from shopdesk.orders.schema_views import FLAG_NOTE

_TABLES = f"""
CREATE TABLE board_codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    code TEXT NOT NULL,
    rule TEXT NOT NULL,
    record INTEGER,
    seen_at TEXT NOT NULL,
    UNIQUE (day, code)
) STRICT;
CREATE UNIQUE INDEX board_codes_line ON board_codes (day, rule, coalesce(record, 0));

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    title TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    minutes INTEGER NOT NULL DEFAULT 5 CHECK (minutes BETWEEN 0 AND 1440),
    due TEXT,
    done_at TEXT,
    deleted_at TEXT
) STRICT;
CREATE INDEX tasks_day ON tasks (day);
CREATE INDEX tasks_open ON tasks (done_at, day) WHERE deleted_at IS NULL;

CREATE TABLE routines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    minutes INTEGER NOT NULL DEFAULT 5 CHECK (minutes BETWEEN 0 AND 1440),
    due TEXT,
    every TEXT NOT NULL CHECK (every IN ('day', 'week', 'month')),
    days TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(days)),
    since TEXT NOT NULL,
    deleted_at TEXT
) STRICT;

CREATE TABLE board_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    rule TEXT NOT NULL,
    record INTEGER,
    kind TEXT NOT NULL CHECK (kind IN ('tick', 'snooze', 'note', 'minutes', 'place')),
    value TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX board_marks_line ON board_marks (day, kind, rule, coalesce(record, 0));
CREATE INDEX board_marks_snooze ON board_marks (value) WHERE kind = 'snooze';

CREATE TABLE rule_choices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL UNIQUE,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    minutes INTEGER
) STRICT;

CREATE INDEX orders_waiting ON orders (created_at) WHERE status = 'unpaid' AND deleted_at IS NULL;
CREATE INDEX stock_moves_at ON stock_moves (at);

CREATE VIEW v_board_lines AS
SELECT day, code, rule, record, seen_at FROM board_codes;

CREATE VIEW v_unpaid AS
SELECT o.id, o.channel_id, o.number, o.customer_id, o.buyer, o.currency, o.goods, o.paid, o.created_at, o.name,
       {FLAG_NOTE} AS flag_note
FROM orders o INDEXED BY orders_waiting
WHERE o.status = 'unpaid' AND o.deleted_at IS NULL;

CREATE VIEW v_stock_entries AS
SELECT id, sku_id, at, kind, qty, level, note, import_id FROM stock_moves;

CREATE VIEW v_tasks AS
SELECT id, day, title, note, minutes, due, done_at FROM tasks WHERE deleted_at IS NULL;

CREATE VIEW v_routines AS
SELECT id, title, note, minutes, due, every, days, since FROM routines WHERE deleted_at IS NULL;
"""

FEATURE = Feature(
    name="board",
    after=("inventory", "customers", "orders", "reviews"),
    migrations=(("0001_tables", _TABLES),),
    unjournaled=frozenset({"board_codes"}),
    naming={"tasks": ("title", "note"), "routines": ("title", "note"), "board_marks": ("value",)},
    impersonal={
        "board_codes": ("day", "code", "rule", "seen_at"),
        "tasks": ("day", "due", "done_at", "deleted_at"),
        "routines": ("due", "every", "days", "since", "deleted_at"),
        "board_marks": ("day", "rule", "kind", "at"),
        "rule_choices": ("rule",),
    },
)
