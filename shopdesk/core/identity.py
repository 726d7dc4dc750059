"""What a file is before anything of it is believed: ours, somebody else's, newer, older, or never filled."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

from shopdesk.core import lock, migrate, sqlite
from shopdesk.core.errors import Damaged, FileRefused, NewerFile
from shopdesk.core.keys import Key
from shopdesk.core.schema import features
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import of_disk
from shopdesk.core.words import N_

_BLANK_BYTES = 4096
_MOST_SHOWN = 5
_LONGEST_NAME = 40


class NotOurs(FileRefused):
    """No shop file, as far as it can be read; one under a password looks like that without its key."""


class Additions(NotOurs):
    """A shop file that holds more than we put there, or other definitions of what we put there.

    `harmless`: it is only tables and indices of somebody's own, which nothing of ours reads.
    """

    @property
    def harmless(self) -> bool:
        """Whether the owner may have it opened all the same."""
        return bool(self.values["harmless"])


def refuse_other(path: Path, reader: Callable[[], Connection], *, familiar: bool = True) -> None:
    """Raise NotOurs when what `reader` connects to is no shop file, Damaged when it was one.

    NewerFile when a newer version wrote it.

    What the disk refuses goes on as it is: it says nothing of the file.

    Every definition in it must be ours to the letter, because a planted view acts when the file is read. One
    of the owner's own (`familiar`) may have more in it; it is only looked through for missing tables and for
    triggers (ours live on the connection, none in the file), in 10 ms less.
    """
    mark = 0
    try:
        con = reader()
        mark = con.execute("PRAGMA application_id").fetchone()[0]
        applied = _applied(con)
        ours = mark == sqlite.APPLICATION_ID and bool(applied)
        newer = applied - _known()
        if ours and not newer and familiar:
            ours = _has_tables(con, applied)
        elif ours and not newer:
            _refuse_additions(path, _definitions(con), expected := _expected(frozenset(applied)))
            ours = _definitions(con) == expected
    except (sqlite.DatabaseError, UnicodeDecodeError) as error:
        if isinstance(error, sqlite.DatabaseError) and of_disk(error) is not None:
            raise
        if mark == sqlite.APPLICATION_ID or _was_ours(path):
            raise Damaged(N_("“{name}” is damaged."), fix=N_("It was left as it is."), name=path.name) from error
        ours = False
    if not ours:
        raise NotOurs(
            N_("“{name}” is not a ShopDesk file, or it cannot be read any more."),
            fix=N_("It was left as it is."),
            name=path.name,
        )
    if newer:
        raise NewerFile(
            N_("“{name}” was written by a newer ShopDesk."),
            fix=N_("Open it with that version; it was left as it is."),
            name=path.name,
        )


def _refuse_additions(path: Path, there: dict[tuple[str, str], str], ours: dict[tuple[str, str], str]) -> None:
    """Raise Additions when a file from elsewhere defines anything but what we define."""
    changed = [key for key, sql in ours.items() if key in there and there[key] != sql]
    found = [*changed, *(key for key in there if key not in ours)]
    if not found:
        return
    shown = [f"{kind} {name[:_LONGEST_NAME]}" for kind, name in found[:_MOST_SHOWN]]
    harmless = not changed and all(_is_harmless(kind, there[kind, name]) for kind, name in found)
    fix = N_("If you made them yourself, it can be opened all the same.")
    raise Additions(
        N_("“{name}” holds definitions that ShopDesk did not make ({n}): {what}."),
        fix=fix if harmless else N_("They could change what is in the shop, so it was not opened."),
        name=path.name, n=len(found), what=", ".join(shown) + "…" * (len(found) > _MOST_SHOWN), harmless=harmless,
    )  # fmt: skip


def _is_harmless(kind: str, sql: str) -> bool:
    """A table that nothing of ours reads, or an index on plain columns."""
    if kind == "table":
        return re.match(r"CREATE TABLE\b", sql) is not None
    return kind == "index" and re.fullmatch(r'CREATE (UNIQUE )?INDEX \S+ ON \S+ ?\([\w", ]+\)', sql) is not None


def _was_ours(path: Path) -> bool:
    """Whether a plain file of which SQLite can read no row still says that it is a shop."""
    try:
        with closing(sqlite.connect(path, broken=True)) as con:
            return bool(con.execute("PRAGMA application_id").fetchone()[0] == sqlite.APPLICATION_ID)
    except sqlite.DatabaseError:
        return False


def lacks_migrations(con: Connection) -> bool:
    """Whether the file is older than this version, or not filled yet."""
    return bool(_known() - _applied(con))


def is_blank(path: Path, key: Key | None = None) -> bool:
    """Whether a file is one that a killed process began as a shop: SQLite's, and nothing in it."""
    if not path.is_file() or path.stat().st_size > _BLANK_BYTES:
        return False
    lock.refuse_other_machine(path)
    try:
        with closing(sqlite.bare(path, key=key)) as con:
            return con.execute("SELECT 1 FROM sqlite_schema").fetchone() is None
    except sqlite.DatabaseError:
        return False


def _known() -> set[tuple[str, str]]:
    return {(feature.name, name) for feature in features() for name, _ in feature.migrations}


def _applied(con: Connection) -> set[tuple[str, str]]:
    known = con.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone()
    rows = con.execute("SELECT migration_set, name FROM _sqlite_migrations") if known else ()
    return {(row[0], row[1]) for row in rows}


def _has_tables(con: Connection, applied: set[tuple[str, str]]) -> bool:
    rows = con.execute("SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'trigger')").fetchall()
    ours = " ".join(ddl for f in features() for name, ddl in f.migrations if (f.name, name) in applied)
    wanted = set(re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", ours))
    return wanted <= {row[1] for row in rows} and all(row[0] == "table" for row in rows)


def _definitions(con: Connection) -> dict[tuple[str, str], str]:
    rows = con.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {(row[0], row[1]): row[2] for row in rows}


@cache
def _expected(applied: frozenset[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What stands in the schema of a file to which these migrations were applied."""
    with closing(sqlite.scratch(":memory:")) as con:
        done = tuple(
            replace(feature, migrations=tuple(m for m in feature.migrations if (feature.name, m[0]) in applied))
            for feature in features()
        )
        migrate.apply(sqlite.database(con), done)
        return _definitions(con)
