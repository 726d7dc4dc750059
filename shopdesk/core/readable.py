"""Which rows of a damaged table can still be read, and which are known to be lost.

Rows are asked for by ranges of their ids, halved wherever SQLite reports damage, so that a broken page costs the
rows on it and no others. Where an index of the table is whole it tells which ids there were: what was never given
or was taken back is not counted as lost. What other tables refer to was there in any case.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress

from shopdesk.core import sqlite
from shopdesk.core.sqlite import Connection

_STEP = 4096
_TIMES = ("written_at", "paid_at", "created_at", "opened_at", "at", "day", "last_order", "level_at")
"""Columns that say from when a row is, the telling ones first."""


class Readable:
    """The rows of one table: `rows()` gives them once, after that `lost` holds the ids of the others.

    `untold` is whether more may be lost: the table cannot be read to its end, and nothing tells how far it went; what
    can be read goes to the id `end`.
    """

    def __init__(self, con: Connection, table: str, names: list[str]) -> None:
        self._con = con
        self._table = table
        where = f"FROM {table} WHERE rowid BETWEEN ? AND ?"
        self._question = f"SELECT rowid, {', '.join(names)} {where}"
        lengths = ", ".join(f"total(length({name}))" for name in names)  # which reads them to their end
        self._counting = f"SELECT count(*), {lengths} {where}"
        self._ids: list[int] | None = None
        self._indices: list[str] | None = None
        self._is_hurt = False
        self.lost: list[int] = []
        self.untold = False
        self.end = 0
        self.found = 0

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Every row that can be read, its id first."""
        for low, high in self._ranges():
            for found in self._between(low, high, self._question):
                self.found += len(found)
                yield from found
        self._miss()

    def counted(self) -> Iterator[int]:
        """How many can be read, so far; several times as fast as to take them."""
        for low, high in self._ranges():
            for found in self._between(low, high, self._counting):
                self.found += int(str(found[0][0]))
            yield self.found
        self._miss()

    def _ranges(self) -> Iterator[tuple[int, int]]:
        first: int | None = 1
        self.end = highest = self._highest()
        while first is not None and first <= highest:
            last = min(first + _STEP - 1, highest)
            yield first, last
            first = self._following(last + 1) if last < highest else None

    def _between(self, low: int, high: int, question: str) -> Iterator[list[tuple[object, ...]]]:
        """The answers to the question for parts of a range of ids, as large as damage allows."""
        ranges = [(low, high)]
        while ranges:
            low, high = ranges.pop()
            if not self._may_hold(low, high):
                continue
            try:
                yield [tuple(row) for row in self._con.execute(question, (low, high)).fetchall()]
            except (sqlite.DatabaseError, UnicodeDecodeError):
                self._know()
                if low == high:
                    self.lost += [low] * self._may_hold(low, low)
                else:
                    middle = (low + high) // 2
                    ranges += [(middle + 1, high), (low, middle)]

    def _may_hold(self, low: int, high: int) -> bool:
        if self._ids is None:
            return True
        at = bisect_left(self._ids, low)
        return at < len(self._ids) and self._ids[at] <= high

    def _know(self) -> None:
        """Learn from an index which ids there are: something was damaged."""
        self._is_hurt = True
        if self._ids is None:
            self._ids = next((ids for ids in map(self._listed, self._whole_indices()) if ids is not None), None)

    def _whole_indices(self) -> list[str]:
        if self._indices is None:
            try:
                rows = self._con.execute(f"PRAGMA index_list({self._table})").fetchall()
            except sqlite.DatabaseError:
                rows = []
            self._indices = [row["name"] for row in rows if not row["partial"]]
        return self._indices

    def _listed(self, index: str) -> list[int] | None:
        try:
            rows = self._con.execute(f"SELECT rowid FROM {self._table} INDEXED BY {index}").fetchall()
        except sqlite.DatabaseError:
            self._whole_indices().remove(index)
            return None
        return sorted(row[0] for row in rows)

    def _miss(self) -> None:
        """Rows that an index knows and the table hides without a word."""
        for index in list(self._whole_indices()):
            known = f"SELECT rowid FROM {self._table} INDEXED BY {index}"
            try:
                count = self._con.execute(f"SELECT count(*) FROM ({known})").fetchone()[0]
                if count > self.found + len(self.lost):
                    hidden = self._con.execute(f"{known} EXCEPT SELECT rowid FROM {self._table} NOT INDEXED")
                    self.lost = sorted({*self.lost, *(row[0] for row in hidden)})
            except sqlite.DatabaseError:
                continue
            break
        if self._is_hurt:
            gone = {number for number in self._referred() if not self._is_there(number)}
            self.lost = sorted({*self.lost, *gone})

    def _referred(self) -> set[int]:
        """The ids that rows of other tables refer to, as far as those can be read."""
        found: set[int] = set()
        tables = 'SELECT m.name, f."from" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f'
        question = f"{tables} WHERE m.type = 'table' AND f.\"table\" = ? AND coalesce(f.\"to\", 'id') = 'id'"
        with suppress(sqlite.DatabaseError):
            for table, column in self._con.execute(question, (self._table,)).fetchall():
                with suppress(sqlite.DatabaseError):
                    for row in self._con.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):
                        found.add(int(row[0]))
        return found

    def _is_there(self, number: int) -> bool:
        try:
            row = self._con.execute(f"SELECT 1 FROM {self._table} NOT INDEXED WHERE rowid = ?", (number,)).fetchone()
        except sqlite.DatabaseError:
            return False
        return row is not None

    def _following(self, first: int) -> int | None:
        """The next id to ask for, None after the last.

        Gaps are jumped over, for a damaged list of ids given may tell of any number.
        """
        if self._ids is not None:
            at = bisect_left(self._ids, first)
            return self._ids[at] if at < len(self._ids) else None
        try:
            row = self._con.execute(f"SELECT min(rowid) FROM {self._table} WHERE rowid >= ?", (first,)).fetchone()
        except sqlite.DatabaseError:
            return first if first < _bytes(self._con) else None  # a file has no more rows than bytes
        return int(row[0]) if row[0] is not None else None

    def _highest(self) -> int:
        """The highest id that the table, the list of ids given, or an index still tells of."""
        told: list[int] = []
        given = f"SELECT seq FROM sqlite_sequence WHERE name = '{self._table}'"
        for question in (f"SELECT max(rowid) FROM {self._table}", given):
            try:
                row = self._con.execute(question).fetchone()
            except sqlite.DatabaseError:
                self._know()
                continue
            told += [int(row[0] or 0)] if row else []
        told += self._ids[-1:] if self._ids is not None else []
        self.untold = not told and self._ids is None
        return max(told, default=0) if not self.untold else self._last_before_damage()

    def _last_before_damage(self) -> int:
        last = 0
        with suppress(sqlite.DatabaseError, UnicodeDecodeError):
            for row in self._con.execute(f"SELECT rowid FROM {self._table} NOT INDEXED ORDER BY rowid"):
                last = int(row[0])
        return last


def _bytes(con: Connection) -> int:
    pages, size = (int(con.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return pages * size


def days(con: Connection, table: str, ids: list[int]) -> tuple[str, str]:
    """The first and the last day of rows that cannot be read, as an index knows it of all of them; else ("", "")."""
    found: list[str] = []
    with suppress(sqlite.DatabaseError, UnicodeDecodeError):
        rows = con.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?", (table,))
        found = [row[0] for row in rows.fetchall() if row[0]]
    for column in _TIMES:
        for sql in found:
            if f" ({column})" not in sql.replace(f"({column}, ", f"({column}) ("):
                continue
            name, _, kept = sql.split("INDEX ")[1].partition(" ON ")
            rule = kept.partition(" WHERE ")[2] or "true"
            told = _range(con, f"{table} INDEXED BY {name} WHERE {rule}", column, ids)
            if told != ("", ""):
                return told
    return "", ""


def _range(con: Connection, where: str, column: str, ids: list[int]) -> tuple[str, str]:
    wanted = set(ids)
    try:
        rows = con.execute(f"SELECT rowid, {column} FROM {where}")
        told = sorted(str(row[1])[:10] for row in rows if row[0] in wanted and row[1])
    except sqlite.DatabaseError:
        return "", ""
    return (told[0], told[-1]) if len(told) == len(wanted) else ("", "")
