"""Everything that can still be read of a damaged shop file, brought into a new one and counted.

Rows are asked for by ranges of their ids, halved wherever SQLite reports damage, so that a broken page costs
the rows on it and no others. Figures and the search index are worked out anew. The journal stays behind: what
can be undone must be whole, and the damaged file is kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import kept, sqlite
from shopdesk.core.errors import FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.schema import KeptTable, features, unjournaled
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_

_STEP = 4096
_LEFT_BEHIND = frozenset({"meta"})
_BROUGHT = frozenset({"remembered", "blobs"})
"""Tables without a journal that hold something of the owner's all the same."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of one table: rows brought over, rows known to be lost (unreadable, or without what they need)."""

    table: str
    rows: int
    lost: int


def salvage(damaged: Path, new: Path, *, key: Key | None = None) -> list[Salvaged]:
    """Make the shop file `new` from what `damaged` still gives, under the same key; every table with its counts.

    Raises FileRefused when nothing at all can be read of it or `new` is taken, DiskTrouble.
    """
    with closing(_source(damaged, key)) as source:
        there = _tables(source, damaged)
        Shop.create(new, name=damaged.stem, key=key).close()
        with closing(sqlite.connect(new, key=key, write=True)) as target:
            target.execute("BEGIN IMMEDIATE")
            found = [_bring(source, target, table) for table in _ours() if table in there]
            found = _without_orphans(target, found)
            _go_on_counting(source, target)
            kept.refresh_all(target)
            target.execute("COMMIT")
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


def _source(damaged: Path, key: Key | None) -> Connection:
    """Read with what stands in its log; without, when the log is damaged too."""
    try:
        con = sqlite.connect(damaged, key=key)
        con.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite.DatabaseError as error:
        raise FileRefused(
            N_("Nothing of “{name}” can be read any more."),
            fix=N_("It was left as it is. Take the newest backup."),
            name=damaged.name,
        ) from error
    return con


def _tables(con: Connection, damaged: Path) -> set[str]:
    rows = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    found = {row[0] for row in rows}
    if not found & set(_ours()):
        raise FileRefused(N_("“{name}” is no shop file."), fix=N_("It was left as it is."), name=damaged.name)
    return found


def _ours() -> list[str]:
    """The tables that hold what the owner has, those that others refer to first."""
    ddl = " ".join(text for feature in features() for _, text in feature.migrations)
    left = unjournaled() - _BROUGHT | _LEFT_BEHIND
    made = {rule.table for feature in features() for rule in feature.kept if isinstance(rule, KeptTable)}
    return [name for name in re.findall(r"CREATE TABLE (\w+)", ddl) if name not in left | made]


def _bring(source: Connection, target: Connection, table: str) -> Salvaged:
    names = [name for name in _columns(target, table) if name in set(_columns(source, table))]
    marks = ", ".join("?" * (len(names) + 1))
    insert = f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(names)}) VALUES ({marks})"
    rows = lost = 0
    for row in _readable(source, table, names):
        if row is None:
            lost += 1
            continue
        try:
            target.execute(insert, tuple(row))
            rows += 1
        except (sqlite.IntegrityError, OverflowError):
            lost += 1
    return Salvaged(table, rows, lost)


def _columns(con: Connection, table: str) -> list[str]:
    return [row["name"] for row in con.execute(f"PRAGMA table_info({table})")]


def _readable(con: Connection, table: str, names: list[str]) -> Iterator[tuple[object, ...] | None]:
    """Every row that can be read, and None for each id below the highest known one that cannot."""
    question = f"SELECT rowid, {', '.join(names)} FROM {table} WHERE rowid BETWEEN ? AND ?"
    first, highest = 1, _highest(con, table)
    while first <= highest:
        ranges = [(first, min(first + _STEP - 1, highest))]
        while ranges:
            low, high = ranges.pop()
            try:
                yield from con.execute(question, (low, high)).fetchall()
            except (sqlite.DatabaseError, UnicodeDecodeError):
                if low == high:
                    yield None
                else:
                    middle = (low + high) // 2
                    ranges += [(middle + 1, high), (low, middle)]
        if first > highest - _STEP:
            return
        first = _following(con, table, first + _STEP)


def _following(con: Connection, table: str, first: int) -> int:
    """The next id to ask for: gaps are jumped over, for a damaged list of ids given may tell of any number."""
    try:
        found = con.execute(f"SELECT min(rowid) FROM {table} WHERE rowid >= ?", (first,)).fetchone()[0]
    except sqlite.DatabaseError:
        bytes_ = con.execute("PRAGMA page_count").fetchone()[0] * con.execute("PRAGMA page_size").fetchone()[0]
        return first if first < bytes_ else sys.maxsize  # a file has no more rows than bytes
    return int(found) if found is not None else sys.maxsize


def _highest(con: Connection, table: str) -> int:
    """The highest id that the table, or the list of ids given, still tells of."""
    found = 0
    for question in (f"SELECT max(rowid) FROM {table}", f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"):
        try:
            row = con.execute(question).fetchone()
        except sqlite.DatabaseError:
            continue
        found = max(found, int(row[0] or 0) if row else 0)
    return found


def _without_orphans(con: Connection, found: list[Salvaged]) -> list[Salvaged]:
    """Drop what refers to a record that was lost, or only the reference where it may be empty."""
    gone: dict[str, int] = {}
    while orphans := con.execute("PRAGMA foreign_key_check").fetchall():
        for table, row, _parent, key in orphans:
            column = next(f["from"] for f in con.execute(f"PRAGMA foreign_key_list({table})") if f["id"] == key)
            needed = next(c["notnull"] for c in con.execute(f"PRAGMA table_info({table})") if c["name"] == column)
            if needed:
                gone[table] = gone.get(table, 0) + con.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,)).rowcount
            else:
                con.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = ?", (row,))
    return [Salvaged(s.table, s.rows - gone.get(s.table, 0), s.lost + gone.get(s.table, 0)) for s in found]


def _go_on_counting(source: Connection, target: Connection) -> None:
    """No id that was ever given is given again."""
    try:
        given = source.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    except sqlite.DatabaseError:
        return
    target.executemany("UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name", map(dict, given))
