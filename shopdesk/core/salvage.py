"""Everything that can still be read of a damaged shop file, brought into a new one and counted.

What cannot be read may be filled in from a backup, as it was then. Figures and the search index are worked out
anew. The journal stays behind: what can be undone must be whole, and the damaged file is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from shopdesk.core import erasures, kept, listing, manifest, meta, sqlite
from shopdesk.core.aside import SIDE_FILES
from shopdesk.core.channels import PLATFORMS
from shopdesk.core.errors import FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.readable import Readable
from shopdesk.core.schema import KeptTable, features, unjournaled
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr

_MARKS = frozenset({*meta.OF_PASSWORD, meta.RESTORED, meta.REPAIRED, meta.NUMBERED, meta.UPGRADED})
_LEFT_BEHIND = frozenset({"meta"})
_BROUGHT = frozenset({"remembered", "blobs", "erasures"})
"""Tables without a journal that hold something of the owner's all the same."""
_FEW = 500
"""Ids asked for in one question."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of one table: rows read, rows filled in from the backup, rows lost for good.

    Lost is what is known of and was in neither, or lacks a record that it needs. `untold` is whether more may be.
    """

    table: str
    rows: int
    lost: int
    filled: int = 0
    untold: bool = False


def salvage(
    damaged: Path,
    new: Path,
    *,
    key: Key | None = None,
    fill: Path | None = None,
    progress: Callable[[Salvaged], None] | None = None,
) -> list[Salvaged]:
    """Make the shop file `new` from what `damaged` still gives, under the same key; every table with its counts.

    `fill` is a backup of the shop from which unreadable rows are taken; it is looked through as a stranger's file.
    Raises FileRefused when nothing at all can be read, `new` is taken or `fill` is no whole shop, DiskTrouble.
    """
    if fill is not None:
        _refuse_unfit(fill, key)
    with listing.opened(damaged, owned(), key=key, backup=fill) as (con, _):
        there = _tables(con, damaged)
        with _new_shop(new, damaged.stem, key) as target:
            target.execute("BEGIN IMMEDIATE")
            found, missing = [], {}
            for table in owned():
                if table in there:
                    brought, missing[table] = _bring(con, target, table, fill, key)
                else:
                    missing[table] = _backed_up(table, fill, key)
                    brought = Salvaged(table, 0, len(missing[table]), untold=True)
                found.append(brought)
                if progress is not None:
                    progress(brought)
            if not any(one.rows for one in found):
                raise listing.nothing(damaged)
            if fill is not None:
                found = _fill(target, found, missing, fill, key)
            _name_channels(target)
            found = _without_orphans(target, found)
            _go_on_counting(con, target)
            _carry_marks(con, target)
            kept.refresh_all(target)
            if fill is not None:
                erasures.again(target, erasures.all_known(target, damaged))
            target.execute("COMMIT")
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


@contextmanager
def _new_shop(path: Path, name: str, key: Key | None) -> Iterator[Connection]:
    """A new shop to be filled; when that fails nothing of it stays."""
    Shop.create(path, name=name, key=key).close()
    try:
        with closing(sqlite.connect(path, key=key, write=True)) as target:
            yield target
    except BaseException:
        for side in ("", *SIDE_FILES):
            path.with_name(path.name + side).unlink(missing_ok=True)
        raise


def _refuse_unfit(fill: Path, key: Key | None) -> None:
    """Raise FileRefused for a file that defines more than a shop does, or is not as it was when it was verified."""
    noted = manifest.of_file(fill)
    if noted is not None and not noted.is_of(manifest.checksum(fill)):
        raise FileRefused(
            N_("“{name}” is not the file any more that was verified on {at}."),
            fix=N_("It was changed or is damaged. Nothing was replaced; choose another backup."),
            name=fill.name, at=noted.at,
        )  # fmt: skip
    Shop.open(fill, key=key, write=False, familiar=False).close()


def _tables(con: Connection, damaged: Path) -> set[str]:
    found = set(listing.listed(con))
    if not found & set(owned()):
        raise FileRefused(N_("“{name}” is no shop file."), fix=N_("It was left as it is."), name=damaged.name)
    return found


def owned() -> list[str]:
    """The tables that hold what the owner has, those that others refer to first."""
    left = unjournaled() - _BROUGHT | _LEFT_BEHIND
    made = {rule.table for feature in features() for rule in feature.kept if isinstance(rule, KeptTable)}
    return [table for tables in by_feature().values() for table in tables if table not in left | made]


def by_feature() -> dict[str, list[str]]:
    """Every table of ours by the feature that it belongs to."""
    return {
        feature.name: re.findall(r"CREATE TABLE (\w+)", " ".join(ddl for _, ddl in feature.migrations))
        for feature in features()
    }


def _bring(
    con: Connection, target: Connection, table: str, fill: Path | None, key: Key | None
) -> tuple[Salvaged, list[int]]:
    """Bring over what can be read; the ids of what cannot."""
    there = set(sqlite.columns(con, table))
    names = [name for name in sqlite.columns(target, table) if name in there]
    insert, readable = _insert(table, names), Readable(con, table, names)
    rows, refused = 0, []
    for row in readable.rows():
        try:
            target.execute(insert, row)
            rows += 1
        except (sqlite.IntegrityError, OverflowError):
            refused.append(int(str(row[0])))
    behind = _backed_up(table, fill, key, after=readable.end) if readable.untold else []
    missing = sorted({*readable.lost, *refused, *behind})
    return Salvaged(table, rows, len(missing), untold=readable.untold), missing


def _backed_up(table: str, fill: Path | None, key: Key | None, *, after: int = 0) -> list[int]:
    """The ids in the backup: of a table that does not tell what it lost, these are known to be missing."""
    if fill is None:
        return []
    with closing(sqlite.connect(fill, key=key)) as backup:
        return ids_after(backup, table, after)


def ids_after(con: Connection, table: str, last: int) -> list[int]:
    """The ids of a table's rows that follow the id `last`."""
    return [int(row[0]) for row in con.execute(f"SELECT rowid FROM {table} WHERE rowid > ?", (last,))]


def _insert(table: str, names: list[str]) -> str:
    marks = ", ".join("?" * (len(names) + 1))
    way = "INSERT OR REPLACE" if table == "settings" else "INSERT"  # a new shop has some settings already
    return f"{way} INTO {table} (rowid, {', '.join(names)}) VALUES ({marks})"


def _fill(
    target: Connection, found: list[Salvaged], missing: dict[str, list[int]], fill: Path, key: Key | None
) -> list[Salvaged]:
    """Take what is missing from the backup, where it is there and fits."""
    filled = []
    with closing(sqlite.connect(fill, key=key)) as backup:
        for brought in found:
            taken = _fill_table(target, backup, brought.table, missing[brought.table])
            filled.append(replace(brought, lost=brought.lost - taken, filled=taken))
    return filled


def _fill_table(target: Connection, backup: Connection, table: str, ids: list[int]) -> int:
    there = set(sqlite.columns(backup, table))
    names = [name for name in sqlite.columns(target, table) if name in there]
    insert, taken = _insert(table, names), 0
    for row in of_ids(backup, table, names, ids):
        try:
            target.execute(insert, row)
            taken += 1
        except (sqlite.IntegrityError, OverflowError):
            continue  # another record has its number by now
    return taken


def of_ids(con: Connection, table: str, names: list[str], ids: Sequence[int]) -> Iterator[tuple[object, ...]]:
    """Those of some rows that are there and can be read, the id first."""
    for at in range(0, len(ids), _FEW):
        some = ids[at : at + _FEW]
        marks = ", ".join("?" * len(some))
        question = f"SELECT {', '.join(['rowid', *names])} FROM {table} WHERE rowid IN ({marks})"
        try:
            found = con.execute(question, some).fetchall()
        except sqlite.DatabaseError:  # a name that is no text in a backup, either
            for one in some if len(some) > 1 else ():
                yield from of_ids(con, table, names, [one])
        else:
            yield from map(tuple, found)


def _name_channels(target: Connection) -> None:
    """Put another in the place of each channel that was lost, to be named anew: all orders would go with it."""
    lost: set[int] = set()
    for table, row, _parent, key in target.execute("PRAGMA foreign_key_check").fetchall():
        keys = target.execute(f"PRAGMA foreign_key_list({table})").fetchall()
        column = next((f["from"] for f in keys if f["id"] == key and f["table"] == "channels"), None)
        if column is not None:
            lost.add(int(target.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()[0]))
    for number in sorted(lost):
        usual = "SELECT currency FROM orders WHERE channel_id = ? GROUP BY currency ORDER BY count(*) DESC LIMIT 1"
        currency = target.execute(usual, (number,)).fetchone()
        target.execute(
            "INSERT INTO channels (id, platform, name, currency) VALUES (?, 'other', ?, ?)",
            (number, tr("Channel {n}", n=number), currency[0] if currency else PLATFORMS["other"].currency),
        )


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
    return [replace(s, rows=s.rows - gone.get(s.table, 0), lost=s.lost + gone.get(s.table, 0)) for s in found]


def _carry_marks(con: Connection, target: Connection) -> None:
    """What the shop notes of its password and of being put back: without it its backups would never follow."""
    with suppress(sqlite.DatabaseError):
        target.executemany(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
            [tuple(row) for row in con.execute("SELECT key, value FROM meta").fetchall() if row[0] in _MARKS],
        )


def _go_on_counting(con: Connection, target: Connection) -> None:
    """No id that was ever given is given again."""
    try:
        given = con.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    except sqlite.DatabaseError:
        return
    target.executemany("UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name", map(dict, given))
