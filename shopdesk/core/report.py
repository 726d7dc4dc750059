"""A report for help: how a shop file is built and filled, without a person in it.

It holds versions, counts, the shape of what is in every column and a few scrambled rows (scramble.py). A value
stands in it as it is only where the program itself chose it from a list of its own: states, kinds, currencies,
platforms. Everything the owner or a platform's file wrote is scrambled.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import shopdesk
from shopdesk.core import clock, manifest
from shopdesk.core.paths import resource
from shopdesk.core.scramble import Scramble
from shopdesk.core.settings import SETTINGS
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection

_SAMPLE = 3
_LOOKED_AT = 2000
"""So many of the newest rows of a table are looked at for the shape of its columns."""
_STEPS = 40
_IMPORTS = 20
_LONGEST = 400
_OWN_WORDS = frozenset({"platform", "currency", "table_name", "migration_set"})
_CHOSEN = frozenset({"time", "number", "currency"})
"""The kinds of settings that can say nothing of anybody."""
_KEYS = frozenset(setting.key for setting in SETTINGS)
"""What the program itself calls its settings."""
_LEFT_OUT = frozenset({"meta", "remembered", "journal_rows", "journal_layouts", "journal_inserts"})


def made(shop: Shop, *, program: str = "", scramble: Scramble | None = None) -> str:
    """The report as plain English text; `program` adds a line about the window. Takes a second per million rows."""
    scramble = scramble or Scramble()
    con = shop.reader()
    lines: list[str] = []
    for title, part in (
        ("Program", _program(con, program)),
        ("File", _file(con, shop.path)),
        ("Backups", _backups(shop.path)),
        ("Settings", _settings(con, scramble)),
        ("Imports, newest first", _imports(con, scramble)),
        ("Steps, newest first", _steps(con, scramble)),
        ("Tables", _tables(con, scramble)),
    ):
        lines += [title, "-" * len(title), *part, ""]
    return "\n".join(lines)


def _program(con: Connection, program: str) -> Iterator[str]:
    yield f"ShopDesk {shopdesk.__version__}, Python {platform.python_version()}"
    yield f"SQLite {_one(con, 'SELECT sqlite_version()')}, SQLCipher {_one(con, 'PRAGMA cipher_version')}"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    if program:
        yield program


def _file(con: Connection, path: Path) -> Iterator[str]:
    size, pages, free = (_one(con, f"PRAGMA {name}") for name in ("page_size", "page_count", "freelist_count"))
    yield f"{pages} pages of {size} bytes, {free} of them free"
    yield f"quick check: {_one(con, 'PRAGMA quick_check(1)')}"
    yield f"references to missing records: {len(con.execute('PRAGMA foreign_key_check').fetchmany(_LOOKED_AT))}"
    applied = con.execute("SELECT migration_set || '/' || name FROM _sqlite_migrations ORDER BY 1").fetchall()
    yield f"migrations: {', '.join(row[0] for row in applied)}"
    yield f"side file: {'yes' if path.with_name(path.name + '-wal').exists() else 'no'}"


def _one(con: Connection, question: str) -> Any:
    row = con.execute(question).fetchone()
    return row[0] if row else None


def _backups(path: Path) -> Iterator[str]:
    known = manifest.listed(path)
    now = clock.now()
    yield f"{len(known)} verified"
    for backup in reversed(known[-5:]):
        age = now - datetime.fromisoformat(backup.at)
        yield f"  {age.total_seconds() / 3600:.1f} hours old, {backup.size} bytes, {backup.changes} changes"


def _settings(con: Connection, scramble: Scramble) -> Iterator[str]:
    chosen = {setting.key for setting in SETTINGS if setting.kind in _CHOSEN}
    for key, value in con.execute("SELECT key, value FROM settings ORDER BY key"):
        said = value if key in chosen else _json(json.loads(value), scramble)
        yield f"{key if key in _KEYS else scramble.text(key)} = {said}"


def _imports(con: Connection, scramble: Scramble) -> Iterator[str]:
    question = "SELECT at, file_name, format, counts, reasons FROM imports ORDER BY id DESC LIMIT ?"
    for row in con.execute(question, (_IMPORTS,)):
        yield f"{scramble.text(row['at'])} {scramble.text(row['file_name'])} as {_format(row['format'], scramble)}"
        yield f"  {_cut(row['counts'])}"
        yield from _reasons(json.loads(row["reasons"]))


def _format(name: str, scramble: Scramble) -> str:
    """The layout of a file: ours by its name, one that the owner made and named as any other text."""
    shipped = {file.stem for file in resource("formats").glob("*.toml")}
    return name if name in shipped else scramble.text(name)


def _reasons(reasons: Any) -> Iterator[str]:
    """Each sentence with how often it was said, without what it was said of."""
    counted: dict[tuple[str, str], int] = {}
    for reason in reasons if isinstance(reasons, list) else ():
        if isinstance(reason, dict):
            said = str(reason.get("level")), str(reason.get("text"))
            counted[said] = counted.get(said, 0) + 1
    for (level, text), count in counted.items():
        yield f"  {count} x {level}: {text}"


def _steps(con: Connection, scramble: Scramble) -> Iterator[str]:
    question = (
        "SELECT s.at, s.label, s.topics, s.state, (SELECT count(*) FROM journal_rows r WHERE r.step = s.id) AS rows"
        " FROM journal_steps s ORDER BY s.id DESC LIMIT ?"
    )
    for row in con.execute(question, (_STEPS,)):
        yield f"{scramble.text(row['at'])} {row['label']} {row['topics']} {row['state']}, {row['rows']} old images"


def _tables(con: Connection, scramble: Scramble) -> Iterator[str]:
    for row in con.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
        name = row["name"]
        if name in _LEFT_OUT or name.startswith(("sqlite_", "search_")) or row["sql"].startswith("CREATE VIRTUAL"):
            continue
        yield f"{name}: {_one(con, f'SELECT count(*) FROM {name}')} rows"
        yield from _table(con, name, row["sql"], scramble)


def _table(con: Connection, name: str, ddl: str, scramble: Scramble) -> Iterator[str]:
    newest = con.execute(f"SELECT * FROM {name} ORDER BY rowid DESC LIMIT ?", (_LOOKED_AT,)).fetchall()
    if not newest:
        return
    for column in newest[0].keys():  # noqa: SIM118 - a row is asked for its names, it is no mapping
        yield f"  {column}: {_shape([row[column] for row in newest])}"
    for row in newest[:_SAMPLE]:
        cells = (f"{column}={_cell(column, row[column], ddl, scramble)}" for column in row.keys())  # noqa: SIM118
        yield f"  | {' '.join(cells)}"


def _shape(values: list[Any]) -> str:
    """What is in a column: how many are empty, how many differ, how long they are."""
    there = [value for value in values if value is not None]
    said = f"{len(values) - len(there)} of {len(values)} empty, {len(set(there))} different"
    texts = [len(value) for value in there if isinstance(value, (str, bytes))]
    return f"{said}, {min(texts)} to {max(texts)} long" if texts else said


def _cell(column: str, value: Any, ddl: str, scramble: Scramble) -> str:
    """One value as it may be shown."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, int):
        return str(value if column == "id" or column.endswith("_id") else scramble.number(value))
    if column == "format":
        return repr(_format(value, scramble))
    if column in _OWN_WORDS or (column == "key" and value in _KEYS) or re.search(rf"\b{column} IN \('", ddl):
        return repr(value)
    try:
        found = json.loads(value) if value[:1] in ("{", "[") else value
    except ValueError:
        found = value
    return _cut(_json(found, scramble))


def _json(found: Any, scramble: Scramble) -> str:
    return json.dumps(_scrambled(found, scramble), ensure_ascii=False)


def _scrambled(found: Any, scramble: Scramble) -> Any:
    if isinstance(found, str):
        return scramble.text(found)
    if isinstance(found, bool) or found is None:
        return found
    if isinstance(found, (int, float)):
        return scramble.number(int(found))
    if isinstance(found, list):
        return [_scrambled(part, scramble) for part in found[:_SAMPLE]]
    return {scramble.text(str(key)): _scrambled(part, scramble) for key, part in found.items()}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)})"
