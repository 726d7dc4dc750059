"""What is wrong with a shop file: what of it can be read, what cannot, and how much of that a backup holds.

Nothing is written, and the looking tells what it knows as it goes on: of a large file the first answer comes long
before the last one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from shopdesk.core import blobs, check, kept, listing, manifest, meta, shape, sqlite
from shopdesk.core.errors import FileRefused, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.manifest import Backup
from shopdesk.core.readable import Readable, days
from shopdesk.core.salvage import by_feature, ids_after, of_ids, owned
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import without_rows

KEPT = "kept"
"""The name of the part that is pictures and original files."""
SHORT, HEAD, LIST, PAGES, SUMS = "short", "head", "list", "pages", "sums"
_KEPT_FAULTS = 40
_TELL_EVERY_S = 0.5
_PLACE = re.compile(r"page (\d+)")
_OF_VALUES = ("NULL", "non-", "CHECK")
"""What SQLite says of a value that is none of its column."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the shop, by its feature: records that can be read, rows that cannot, of them those in the backup.

    `first` and `last` are the days that the unreadable rows are from, "" where that is not known of all of them.
    `untold` is whether more may be lost than is known.
    """

    name: str
    rows: int = 0
    lost: int = 0
    held: int = 0
    first: str = ""
    last: str = ""
    looked: bool = False
    untold: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known so far of a damaged file.

    `trouble`: SHORT (it ends too early), HEAD (its beginning is not readable, so nothing is), LIST (its list of
    tables is not, and no other fits), PAGES (somewhere inside) or SUMS (all can be read, but figures do not agree).
    `places` is in how many it is hurt, `counted` whether they could be told apart.
    `sums` is whether they do, None while nobody knows. `openable` is whether it can be opened for reading, `changes`
    how often the shop had been changed. `faults` are SQLite's own words, without anything that the owner wrote.
    """

    trouble: str = ""
    size: int = 0
    wanted: int = 0
    places: int = 0
    counted: bool = True
    parts: tuple[Part, ...] = ()
    sums: bool | None = None
    openable: bool = False
    changes: int | None = None
    finished: bool = False
    faults: tuple[str, ...] = field(default=())

    @property
    def lost(self) -> int:
        """How many rows cannot be read, as far as is known."""
        return sum(part.lost for part in self.parts)

    @property
    def held(self) -> int:
        """How many of them the backup holds."""
        return sum(part.held for part in self.parts)

    @property
    def untold(self) -> bool:
        """Whether more may be lost than is known."""
        return any(part.untold for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Diagnosis:
        """What as_json() gave."""
        parts = tuple(Part(**part) for part in said["parts"])
        return cls(**{**said, "parts": parts, "faults": tuple(said["faults"])})


def newest_sound(path: Path) -> Backup | None:
    """The newest backup of a shop that is still the file that was verified."""
    for made in reversed(manifest.listed(path)):
        with suppress(OSError):
            if made.is_of(manifest.checksum(manifest.folder(path) / made.name)):
                return made
    return None


def look(path: Path, *, key: Key | None = None, backup: Path | None = None) -> Iterator[Diagnosis]:
    """Say what is wrong, better and better; the last one is finished.

    Only for a file that no connection of this process has: it is also read past SQLite.
    """
    known = Diagnosis(**_outside(path, key))
    if not known.size:
        yield replace(known, finished=True)
        return
    yield known
    try:
        with listing.opened(path, owned(), key=key, backup=backup) as (con, pages):
            known = replace(known, openable=_opens(path, key), changes=_changes(con))
            for further in _Looking(con, known, key, backup, pages).parts():
                yield (known := further)
    except FileRefused:
        trouble = LIST if known.trouble != HEAD and _begins(path, key) else HEAD
        yield replace(known, trouble=trouble, finished=True)
        return
    yield replace(_summed(path, key, known), finished=True)


def _outside(path: Path, key: Key | None) -> dict[str, Any]:
    """What can be seen without SQLite: how long the file is and says that it is, and whether it begins as one."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(100)
    if key is not None:  # its beginning is enciphered; SQLite says whether it is well
        page = sqlite.page_bytes(key)
        return {"trouble": PAGES, "size": size, "wanted": -(-size // page) * page, "counted": False}
    if not head.startswith(sqlite.PLAIN) or len(head) < 100:
        return {"trouble": HEAD, "size": size, "wanted": size}
    page = int.from_bytes(head[16:18], "big")
    wanted = int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
    return {"trouble": SHORT if size < wanted and not _log(path) else PAGES, "size": size, "wanted": wanted}


def _log(path: Path) -> bool:
    beside = path.with_name(path.name + "-wal")
    return beside.exists() and beside.stat().st_size > 0


def _begins(path: Path, key: Key | None) -> bool:
    """Whether its first page can be read."""
    try:
        with closing(sqlite.connect(path, key=key, broken=True)) as con:
            con.execute("PRAGMA user_version").fetchone()
    except sqlite.DatabaseError:
        return False
    return True


def _opens(path: Path, key: Key | None) -> bool:
    try:
        Shop.open(path, key=key, write=False).close()
    except (ShopError, OSError, sqlite.DatabaseError):
        return False
    return True


def _changes(con: Connection) -> int | None:
    try:
        return meta.changes(con)
    except (sqlite.DatabaseError, ValueError):
        return None


class _Looking:
    """Goes through the tables, part by part."""

    def __init__(
        self, con: Connection, known: Diagnosis, key: Key | None, backup: Path | None, pages: list[int]
    ) -> None:
        self._con = con
        self._known = known
        self._key = key
        self._backup = backup
        self._there = set(listing.listed(con))
        self._places: set[str] = set()
        self._told = 0.0
        wanted = owned()
        tables = {name: [t for t in made if t in wanted and t != "blobs"] for name, made in by_feature().items()}
        self._tables = {**{name: found for name, found in tables.items() if found}, KEPT: ["blobs"]}
        if pages:
            self._note([f"list of tables: page {page} taken from a sound list" for page in pages])

    def parts(self) -> Iterator[Diagnosis]:
        """The diagnosis after each table."""
        self._known = replace(self._known, parts=tuple(map(Part, self._tables)))
        yield self._known
        for at, (name, tables) in enumerate(self._tables.items()):
            part = Part(name)
            for table in tables:
                for further in self._after(part, table, main=self._is_main(name, table)):
                    yield self._with(at, part := further)
            if name == KEPT:
                part = self._spoilt(part)
            yield self._with(at, replace(part, looked=True))
        self._rest()
        if not self._known.lost and not self._places:
            yield from self._misspelt()
        yield self._known

    def _misspelt(self) -> Iterator[Diagnosis]:
        """Rows with what is no text any more: SQLite itself passes over them, so that each is read."""
        for at, (name, tables) in enumerate(self._tables.items()):
            part = self._known.parts[at]
            for table in (table for table in tables if table in self._there and name != KEPT):
                readable = Readable(self._con, table, sqlite.columns(self._con, table))
                for _ in readable.rows():
                    pass
                if readable.lost:
                    self._note([f"{table}: what is no text"])
                    less = -len(readable.lost) * self._is_main(name, table)
                    part = self._lacking(part, table, less, readable.lost)
            yield self._with(at, part)

    def _is_main(self, name: str, table: str) -> bool:
        """Whether the rows of a table are what is counted of its part."""
        tables = self._tables[name]
        return table == (name if name in tables else tables[0])

    def _with(self, at: int, part: Part) -> Diagnosis:
        parts = list(self._known.parts)
        parts[at] = part
        self._known = replace(self._known, parts=tuple(parts), places=len(self._places))
        return self._known

    def _after(self, part: Part, table: str, *, main: bool) -> Iterator[Part]:
        """What is known of a part with one more of its tables, better and better."""
        if table not in self._there:
            yield replace(self._lacking(part, table, 0, self._backed_up(table)), untold=True)
            return
        readable = Readable(self._con, table, sqlite.columns(self._con, table))
        for rows, ids in self._read(table, readable):
            if ids is None:
                yield replace(part, rows=part.rows + rows * main)
            else:
                yield self._lacking(replace(part, untold=part.untold or readable.untold), table, rows * main, ids)

    def _lacking(self, part: Part, table: str, rows: int, ids: list[int]) -> Part:
        if not ids:
            return replace(part, rows=part.rows + rows)
        first, last = days(self._con, table, ids) if not part.untold else ("", "")
        if part.lost and first and part.first:
            first, last = min(part.first, first), max(part.last, last)
        elif part.lost:
            first = last = ""
        return replace(
            part,
            rows=part.rows + rows,
            lost=part.lost + len(ids),
            held=part.held + self._in_backup(table, ids),
            first=first,
            last=last,
        )

    def _read(self, table: str, readable: Readable) -> Iterator[tuple[int, list[int] | None]]:
        """How many rows can be read, so far, and at last the ids of those that cannot; one by one only near damage."""
        said = self._check(table)
        if not said:
            yield int(self._con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]), []
            return
        bad: list[int] = []
        if any(sign in line for line in said for sign in _OF_VALUES):
            bad = _unfit(self._con, table, readable.rows())
        else:
            for found in readable.counted():
                if self._has_time_passed():
                    yield found, None
        behind = self._backed_up(table, after=readable.end) if readable.untold else []
        yield readable.found - len(bad), sorted({*readable.lost, *bad, *behind})

    def _has_time_passed(self) -> bool:
        if time.monotonic() - self._told < _TELL_EVERY_S:
            return False
        self._told = time.monotonic()
        return True

    def _check(self, table: str) -> list[str]:
        """What SQLite finds wrong with a table; nothing when it is well."""
        said: list[str] = []
        self._con.execute("PRAGMA cell_size_check=OFF")  # else the first bad page is the end of the looking
        try:
            for row in self._con.execute(f"PRAGMA quick_check('{table}')"):
                said.append(row[0])  # noqa: PERF401 - what came before an error counts
        except sqlite.DatabaseError as error:
            said = said or [without_rows(error)]
        self._con.execute("PRAGMA cell_size_check=ON")
        with suppress(sqlite.DatabaseError, UnicodeDecodeError):
            if shape.has_other_words(self._con, table):
                said = [*(line for line in said if line != "ok"), f"CHECK constraint failed in {table}"]
        if said == ["ok"]:
            return []
        self._note(said)
        return said

    def _note(self, messages: list[str]) -> None:
        said = [line for message in messages for line in message.splitlines() if not line.startswith("***")]
        if not self._known.counted:
            said = said[:1]  # after a damaged page SQLCipher finds every other one damaged, too
        self._places |= {found[1] for line in said if (found := _PLACE.search(line))} or {said[0]}
        faults = [*self._known.faults, *(line for line in said if line not in self._known.faults)]
        self._known = replace(self._known, faults=tuple(faults[:_KEPT_FAULTS]))

    def _backed_up(self, table: str, *, after: int = 0) -> list[int]:
        """The ids in the backup: of a table that does not tell what it lost, these are known to be missing."""
        if self._backup is None:
            return []
        try:
            with closing(sqlite.connect(self._backup, key=self._key)) as backup:
                return ids_after(backup, table, after)
        except sqlite.DatabaseError:
            return []

    def _in_backup(self, table: str, ids: list[int]) -> int:
        """How many of some rows the backup holds."""
        if self._backup is None:
            return 0
        try:
            with closing(sqlite.connect(self._backup, key=self._key)) as backup:
                return sum(1 for _ in of_ids(backup, table, sqlite.columns(backup, table), ids))
        except sqlite.DatabaseError:
            return 0

    def _spoilt(self, part: Part) -> Part:
        """Pictures and files that can be read but are not what was kept."""
        with suppress(sqlite.DatabaseError):
            count = sum(1 for _ in blobs.spoilt(self._con))
            if count:
                self._note(["kept files differ from their checksums"])
            part = replace(part, rows=part.rows - count, lost=part.lost + count)
        return part

    def _rest(self) -> None:
        """What is no table of the owner's: the search index, the journal, the figures of a day."""
        if self._known.lost == 0 and not self._places:
            with suppress(sqlite.DatabaseError):
                said = [row[0] for row in self._con.execute("PRAGMA quick_check(20)")]
                if said != ["ok"]:
                    self._note(said)
            self._known = replace(self._known, places=len(self._places))


def _unfit(con: Connection, table: str, rows: Iterator[tuple[object, ...]]) -> list[int]:
    """The ids of the rows that a new table of the same definition does not take: a repair leaves them behind."""
    found = []
    names = ", ".join(["rowid", *sqlite.columns(con, table)])
    sql = con.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()[0]
    with closing(sqlite.scratch(":memory:")) as new:
        new.execute(sql)
        for row in rows:
            try:
                new.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", row)
            except (sqlite.IntegrityError, OverflowError):
                found.append(int(str(row[0])))
            new.execute(f"DELETE FROM {table}")
    return found


def _summed(path: Path, key: Key | None, known: Diagnosis) -> Diagnosis:
    """Whether those figures agree whose records can all be read."""
    if not known.openable:
        return known
    wrong: list[str] = []
    with closing(sqlite.connect(path, key=key)) as con:
        check.may_compare(con, key)
        for rule in kept.rules():
            with suppress(sqlite.DatabaseError):
                found = check.figure_faults(con, [rule])
                wrong += [f"{fault.values['table']}.{fault.values['column']}" for fault in found]
    only_sums = bool(wrong) and not known.places and known.trouble == PAGES
    faults = (*known.faults, *(f"figures differ: {name}" for name in wrong))
    return replace(known, sums=not wrong, faults=faults, trouble=SUMS if only_sums else known.trouble)


def report(known: Diagnosis, *, versions: str, at: str) -> str:
    """The looking as a text for a helper: what kind of damage where, without names, orders or the file's own name."""
    places = f"{known.places}{'' if known.counted else ' or more'}"
    lines = [
        versions,
        at,
        f"trouble: {known.trouble or '-'}   places: {places}   finished: {known.finished}",
        f"size: {known.size}   expected: {known.wanted}   opens: {known.openable}   sums agree: {known.sums}",
        f"changes: {known.changes}",
        "",
    ]
    lines += [
        f"{part.name}: {part.rows} rows readable, {part.lost} not, {part.held} of them in the backup"
        + (", perhaps more" if part.untold else "")
        + ("" if part.looked else " (not looked through)")
        for part in known.parts
    ]
    return "\n".join([*lines, "", *known.faults, ""])
