"""Single records taken back from a backup: as they were then, with what belongs to them, as one step.

A record is found again by what identifies it (the order's number, the SKU's key), else by its id where the shop
came from that backup. What it refers to and is gone (a buyer whose import was undone) comes along; what is still
there stays as it is. A record that is the same in both is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shopdesk.core import clock, journal, since, sqlite
from shopdesk.core.schema import Owned, Takeable, features, kept_columns

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

_IMPORT = "import_id"
_NO_CONTENT = frozenset({_IMPORT, "deleted_at"})
"""Which file brought a row, and whether it is marked as deleted, says nothing of whether it is the same."""
_IDENTITY = {"imports": ("sha256", "format")}
"""Where the table has no UNIQUE that says it."""

Values = dict[str, Any]
Count = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking one record back does: `title` names it, `record` is its id in the backup.

    `missing` says that the shop has it no more. `changes` are its columns that differ, (now, then); `rows` counts
    by table what comes with it, `gone` what was added since and goes. Of a missing one, `changes` tell what it was.
    """

    title: str
    record: int
    missing: bool = False
    changes: dict[str, tuple[object, object]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether it is in the shop as it was then."""
        return not (self.missing or self.changes or self.rows or self.gone)


class _OnlyLooking(Exception):
    """What was tried is taken back."""


def takeable(table: str) -> Takeable:
    """How records of a table are taken back. Raises KeyError for a table whose records are not."""
    return {f.takeable.table: f.takeable for f in features() if f.takeable is not None}[table]


def preview(
    shop: Shop, then: Connection, table: str, ids: Sequence[int], *, count: Count = lambda _done: None
) -> list[Taken]:
    """What take() would do, found out by doing it and taking it back; nothing is announced.

    It holds the door as long as it lasts: `count` is told how many are done, and may raise to stop.
    """
    found: list[Taken] = []
    try:
        with shop.change(takeable(table).label[1], n=len(ids)) as db:
            found += _bring(_Bringing(shop, then, db.conn), takeable(table), ids, count)
            raise _OnlyLooking
    except _OnlyLooking:
        return found


def take(
    shop: Shop, then: Connection, table: str, ids: Sequence[int], *, count: Count = lambda _done: None
) -> list[Taken]:
    """Bring records with these ids in the backup `then` into the shop, as one step; none when all are the same.

    `count` is told how many are done, and may raise to stop: then nothing is written. Raises ShopError.
    """
    known = takeable(table)
    with shop.change(known.label[0 if len(ids) == 1 else 1], *known.topics, n=len(ids)) as db:
        return _bring(_Bringing(shop, then, db.conn), known, ids, count)


def _bring(bringing: _Bringing, known: Takeable, ids: Sequence[int], count: Count) -> list[Taken]:
    found = []
    for done, record in enumerate(sorted(ids), 1):
        made = bringing.take(known, record)
        if made is not None:
            found.append(made)
        count(done)
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table as both files have it: columns that acts write, where they refer to, what identifies a row."""

    columns: tuple[str, ...]
    refers: dict[str, str]
    identity: tuple[str, ...]
    marks: bool


def _written() -> frozenset[str]:
    """The tables whose rows may be written over: one there that is identical in name must be, for there are no two."""
    known = [feature.takeable for feature in features() if feature.takeable is not None]
    owned = [part for each in known for part in each.owned]
    tables = {part.table for part in (*owned, *(inner for part in owned for inner in part.owned))}
    return frozenset(tables | {each.table for each in known} | {"products"})


class _Bringing:
    """One run: what of the backup was found in the shop already, and what was written."""

    def __init__(self, shop: Shop, then: Connection, now: Connection) -> None:
        self._shop = shop
        self._then = then
        self._now = now
        self._same_line = since.same_line(then, now)
        self._given = journal.sequence(now)
        self._written = _written()
        self._shapes: dict[str, _Shape] = {}
        self._ids: dict[tuple[str, object], int] = {}
        self._met: set[tuple[str, int]] = set()

    def take(self, known: Takeable, record: int) -> Taken | None:
        """Bring one record with what belongs to it; None when the backup has no such record."""
        before = self._row(self._then, known.table, record)
        if before is None:
            return None
        named = self._then.execute(f"SELECT {known.title} FROM {known.table} WHERE id = ?", (record,)).fetchone()
        found = self._find(known.table, record)
        told = Taken(str(named[0]).strip(), record, missing=found is None)
        if found is not None and known.figures:
            told.changes.update(self._figures(known, record, found))
        now = self._put(known.table, record, found, told.changes)
        for column in known.along:
            if before[column] is not None:
                self._put_along(self._shape(known.table).refers[column], before[column], told)
        for owned in known.owned:
            self._put_owned(owned, record, now, told)
        if found is None:
            told.changes.update(self._was(known, record))
        elif not (told.rows or told.gone) and set(told.changes) <= set(known.figures):
            told.changes.clear()  # figures alone follow from what stays
        return told

    # what is there

    def _shape(self, table: str) -> _Shape:
        if table not in self._shapes:
            there = set(sqlite.columns(self._then, table))
            left_out = kept_columns(table) | {"id"}
            columns = [name for name in sqlite.columns(self._now, table) if name in there and name not in left_out]
            keys = self._now.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            refers = {row["from"]: row["table"] for row in keys if row["from"] in columns}
            identity = _IDENTITY.get(table) or self._unique(table)
            self._shapes[table] = _Shape(tuple(columns), refers, identity, "deleted_at" in columns)
        return self._shapes[table]

    def _unique(self, table: str) -> tuple[str, ...]:
        indexes = self._now.execute(f"PRAGMA index_list({table})").fetchall()
        name = next((row["name"] for row in indexes if row["origin"] == "u"), None)
        return tuple(row["name"] for row in self._now.execute(f"PRAGMA index_info({name})")) if name else ()

    def _row(self, con: Connection, table: str, record: object) -> Values | None:
        names = ", ".join(self._shape(table).columns)
        row = con.execute(f"SELECT {names} FROM {table} WHERE id = ?", (record,)).fetchone()
        return dict(row) if row is not None else None

    def _find(self, table: str, record: object) -> int | None:
        """The same record in the shop; None when it is there no more."""
        if (table, record) in self._ids:
            return self._ids[table, record]
        by_id = self._by_id(table, record) if self._same_line else None
        if by_id is not None and not (self._shape(table).identity and table in self._written):
            return by_id
        alike = self._alike(table, record)
        return alike if alike is not None else by_id

    def _by_id(self, table: str, record: object) -> int | None:
        row = self._now.execute(f"SELECT id FROM {table} WHERE id = ?", (record,)).fetchone()
        return int(row["id"]) if row is not None and (table, row["id"]) not in self._met else None

    def _alike(self, table: str, record: object) -> int | None:
        """A row of the same identity; where a table has none, of the same content, but not one met before."""
        shape, before = self._shape(table), self._row(self._then, table, record)
        assert before is not None
        wanted = shape.identity or [name for name in shape.columns if name not in _NO_CONTENT]
        values = [self._known(shape, name, before[name]) for name in wanted]
        places = " AND ".join(f"{name} IS ?" for name in wanted)
        rows = self._now.execute(f"SELECT id FROM {table} WHERE {places} ORDER BY id", values).fetchall()
        return next((int(row["id"]) for row in rows if (table, row["id"]) not in self._met), None)

    def _known(self, shape: _Shape, column: str, value: object) -> object:
        """A value as the shop would have it, without bringing what it refers to."""
        parent = shape.refers.get(column)
        return value if parent in (None, "blobs") or value is None else self._find(str(parent), value)

    # writing

    def _put(self, table: str, record: object, found: int | None, changes: Values) -> int:
        """Write the record as it was; its id in the shop. What differed goes into `changes`."""
        shape = self._shape(table)
        before = self._row(self._then, table, record)
        assert before is not None
        taken = shape.columns if found is None else [name for name in shape.columns if name != _IMPORT]
        values = {name: self._referred(shape, name, before[name]) for name in taken}
        if found is None:
            found = self._insert(table, record, values)
        else:
            present = self._row(self._now, table, found)
            assert present is not None
            differing = {name: value for name, value in values.items() if present[name] != value}
            changes.update({name: (present[name], value) for name, value in differing.items()})
            self._update(table, found, differing)
        self._ids[table, record] = found
        self._met.add((table, found))
        return found

    def _referred(self, shape: _Shape, column: str, value: object) -> object:
        parent = shape.refers.get(column)
        if parent is None or value is None:
            return value
        if parent == "blobs":
            self._bring_bytes(value)
            return value
        found = self._find(parent, value)
        if found is None:
            return self._put(parent, value, None, {})
        self._ids[parent, value] = found
        return found

    def _bring_bytes(self, name: object) -> None:
        if self._now.execute("SELECT 1 FROM blobs WHERE sha256 = ?", (name,)).fetchone() is None:
            row = self._then.execute("SELECT * FROM blobs WHERE sha256 = ?", (name,)).fetchone()
            names, places = ", ".join(row.keys()), ", ".join("?" * len(row.keys()))
            self._now.execute(f"INSERT INTO blobs ({names}) VALUES ({places})", tuple(row))

    def _insert(self, table: str, record: object, values: Values) -> int:
        """Insert under the id that it had, when that is free; undo is told of an id that was given before."""
        taken = self._now.execute(f"SELECT 1 FROM {table} WHERE id = ?", (record,)).fetchone()
        all_values = values if taken else {"id": record, **values}
        names, places = ", ".join(all_values), ", ".join("?" * len(all_values))
        cursor = self._now.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(all_values.values()))
        made = int(str(cursor.lastrowid))
        if made <= self._given.get(table, 0):
            self._shop.returned(table, made)
        return made

    def _update(self, table: str, record: int, values: Values) -> None:
        if values:
            names = ", ".join(f"{name} = ?" for name in values)
            self._now.execute(f"UPDATE {table} SET {names} WHERE id = ?", (*values.values(), record))

    def _put_along(self, table: str, record: object, told: Taken) -> None:
        changes: Values = {}
        self._put(table, record, self._find(table, record), changes)
        if changes:
            told.rows[table] = 1

    def _put_owned(self, owned: Owned, record: int, now: int, told: Taken) -> None:
        mine = f"SELECT id FROM {owned.table} WHERE {owned.by} = ? ORDER BY id"
        kept = set()
        for row in self._then.execute(mine, (record,)).fetchall():
            changes: Values = {}
            found = self._find(owned.table, row["id"])
            made = self._put(owned.table, row["id"], found, changes)
            kept.add(made)
            if found is None or changes:
                told.rows[owned.table] = told.rows.get(owned.table, 0) + 1
            for inner in owned.owned:
                self._put_owned(inner, row["id"], made, told)
        if not owned.stays:
            self._drop(
                owned.table, [row["id"] for row in self._now.execute(mine, (now,)) if row["id"] not in kept], told
            )

    def _drop(self, table: str, ids: list[int], told: Taken) -> None:
        """Let go what was added since: marked where rows are marked, else removed."""
        shape = self._shape(table)
        for record in ids:
            if not shape.marks:
                self._now.execute(f"DELETE FROM {table} WHERE id = ?", (record,))
            elif (
                self._now.execute(
                    f"UPDATE {table} SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                    (clock.utc_stamp(), record),
                ).rowcount
                != 1
            ):
                continue
            told.gone[table] = told.gone.get(table, 0) + 1

    def _was(self, known: Takeable, record: int) -> Values:
        names = (*known.figures, *known.known_by)
        if not names:
            return {}
        then = self._then.execute(f"SELECT {', '.join(names)} FROM {known.table} WHERE id = ?", (record,)).fetchone()
        return {name: (None, then[name]) for name in names}

    def _figures(self, known: Takeable, record: int, found: int) -> Values:
        names = ", ".join(known.figures)
        query = f"SELECT {names} FROM {known.table} WHERE id = ?"
        then, now = self._then.execute(query, (record,)).fetchone(), self._now.execute(query, (found,)).fetchone()
        return {name: (now[name], then[name]) for name in known.figures if now[name] != then[name]}
