"""The SQL behind a table: a filter and a sort over one base table, walked by key in both directions."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from shopdesk.core.sqlite import OperationalError

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection

_EQUALS = re.compile(r"(\w+)\s*(?:=|IS NULL\b)")
_STEPS_BETWEEN_LOOKS = 5000


class Key(NamedTuple):
    """A row's place in the order: its sort value, then its id."""

    value: Any
    id: int


class Anchors(NamedTuple):
    """Keys at even distances, and whether they reach the end of the table."""

    keys: list[Key]
    complete: bool


class TooLong(Exception):
    """The main thread has no time for this; ask the worker."""


@contextmanager
def within(connection: Connection, milliseconds: float) -> Iterator[None]:
    """Stop any query in the block that is still running after that time, with TooLong."""
    deadline = time.perf_counter() + milliseconds / 1000
    connection.set_progress_handler(lambda: int(time.perf_counter() > deadline), _STEPS_BETWEEN_LOOKS)
    try:
        yield
    except OperationalError as error:
        if time.perf_counter() > deadline:
            raise TooLong from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows of `table`, in which order: `sort` is an SQL expression, ties go by id the same way."""

    table: str
    where: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    sort: str = "id"
    falling: bool = False
    index: str = ""

    def narrowed(self, condition: str, **params: object) -> Query:
        """The same with one more condition."""
        return replace(self, where=(*self.where, condition), params={**self.params, **params})

    def only(self, ids: Sequence[int]) -> Query:
        """Of these rows only the given ones."""
        return self.narrowed("id IN (SELECT value FROM json_each(:only_ids))", only_ids=json.dumps(list(ids)))

    def count(self, connection: Connection) -> int:
        """How many rows there are."""
        return int(connection.execute(f"SELECT count(*) FROM {self._filter()}", self._bound()).fetchone()[0])

    def at_most(self, connection: Connection, limit: int) -> int:
        """How many rows there are, counted to limit + 1 and no further."""
        inner = f"SELECT 1 FROM {self._filter()} LIMIT {limit + 1}"
        return int(connection.execute(f"SELECT count(*) FROM ({inner})", self._bound()).fetchone()[0])

    def ids(self, connection: Connection) -> list[int]:
        """All ids in order, taken by the filter's index and sorted in memory.

        The + keeps SQLite from walking the whole table in the order of the sort.
        """
        way = "DESC" if self.falling else "ASC"
        inner = f"SELECT id FROM {self._filter()} ORDER BY +{self.sort} {way}, +id {way}"
        found = connection.execute(f"SELECT json_group_array(id) FROM ({inner})", self._bound()).fetchone()
        return list(json.loads(found[0]))

    def walk(
        self, connection: Connection, start: Key | None, count: int, *, skip: int = 0, back: bool = False
    ) -> list[Key]:
        """The next `count` keys behind `start` (None: from the end of the table), after leaving out `skip`."""
        found: list[Key] = []
        for condition, params in self._segments(connection, start, back=back):
            wanted = count - len(found)
            rows = self._segment(connection, condition, params, wanted, skip, back=back)
            passed = self._size(connection, condition, params, skip) if skip and len(rows) < wanted else skip
            skip -= passed
            found += rows
            if len(found) >= count:
                break
        return found

    def has_order(self, connection: Connection) -> bool:
        """Whether an index gives the rows in order, so that walks are short however many rows there are."""
        return self.sort == "id" or bool(_sort_index(connection, self.table, self.sort, self._terms()))

    def key_of(self, connection: Connection, record_id: int) -> Key | None:
        """The place of a record, when it is among the rows."""
        sql = f"SELECT {self.sort} FROM {self.table} WHERE {self._conditions('id = :this_id')}"
        row = connection.execute(sql, {**self.params, "this_id": record_id}).fetchone()
        return None if row is None else Key(row[0], record_id)

    def between(self, connection: Connection, start: Key | None, end: Key, limit: int) -> int:
        """How many rows lie behind `start` up to and with `end`, counted to `limit`."""
        passed = 0
        while passed < limit:
            keys = self.walk(connection, start, min(500, limit - passed))
            for place, key in enumerate(keys, 1):
                if key.id == end.id:
                    return passed + place
            if not keys:
                break
            passed, start = passed + len(keys), keys[-1]
        return -1

    def anchors(
        self,
        connection: Connection,
        every: int,
        *,
        after: Key | None = None,
        seconds: float = float("inf"),
        check: Callable[[], None] = lambda: None,
    ) -> Anchors:
        """The keys of rows every-1, 2*every-1, ... behind `after`, as far as `seconds` allow.

        One short index-only walk leads from each to the next: faster by ten than numbering all rows with a
        window function, and SQLite runs without the GIL.
        """
        found: list[Key] = []
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            check()
            keys = self.walk(connection, after, 1, skip=every - 1)
            if not keys:
                return Anchors(found, complete=True)
            after = keys[0]
            found.append(after)
        return Anchors(found, complete=False)

    def _conditions(self, *more: str) -> str:
        return " AND ".join(f"({part})" for part in (*self.where, *more)) or "1"

    def _filter(self, *more: str) -> str:
        forced = f" INDEXED BY {self.index}" if self.index else ""
        return f"{self.table}{forced} WHERE {self._conditions(*more)}"

    def _bound(self, **more: object) -> dict[str, object]:
        return {**self.params, **more}

    def _segments(
        self, connection: Connection, start: Key | None, *, back: bool
    ) -> Iterator[tuple[str, dict[str, object]]]:
        """Conditions of the stretches behind `start`, each of them one search in the sort's index."""
        sort, rising = self.sort, self.falling is back
        if start is None:
            yield "", {}
        elif self.sort == "id":
            yield f"id {'>' if rising else '<'} :at_id", {"at_id": start.id}
        elif start.value is None:
            yield f"{sort} IS NULL AND id {'>' if rising else '<'} :at_id", {"at_id": start.id}
            if rising:
                yield f"{sort} >= :at", {"at": self._lowest(connection)}
        else:
            at = {"at": start.value}
            yield f"{sort} = :at AND id {'>' if rising else '<'} :at_id", {**at, "at_id": start.id}
            yield f"{sort} {'>' if rising else '<'} :at", at
            if not rising:
                yield f"{sort} IS NULL", {}

    def _lowest(self, connection: Connection) -> object:
        sql = f"SELECT {self.sort} FROM {self._walked(connection)} ORDER BY {self.sort} DESC LIMIT 1"
        row = connection.execute(sql, self._bound()).fetchone()
        return "" if row is not None and isinstance(row[0], str) else float("-inf")

    def _segment(
        self, connection: Connection, condition: str, params: dict[str, object], count: int, skip: int, *, back: bool
    ) -> list[Key]:
        way = "ASC" if self.falling is back else "DESC"
        order = f"id {way}" if self.sort == "id" else f"{self.sort} {way}, id {way}"
        more = (condition,) if condition else ()
        sql = (
            f"SELECT {self.sort}, id FROM {self._walked(connection, *more)} ORDER BY {order}"
            f" LIMIT {count} OFFSET {skip}"
        )
        return [Key(row[0], row[1]) for row in connection.execute(sql, self._bound(**params)).fetchall()]

    def _size(self, connection: Connection, condition: str, params: dict[str, object], limit: int) -> int:
        more = (condition,) if condition else ()
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {self._walked(connection, *more)} LIMIT {limit})"
        return int(connection.execute(sql, self._bound(**params)).fetchone()[0])

    def _walked(self, connection: Connection, *more: str) -> str:
        index = _sort_index(connection, self.table, self.sort, self._terms())
        forced = f" INDEXED BY {index}" if index else ""
        return f"{self.table}{forced} WHERE {self._conditions(*more)}"

    def _terms(self) -> frozenset[str]:
        return frozenset(term for condition in self.where for term in _terms(condition))


_indexes: dict[tuple[str, str, frozenset[str]], str] = {}


def _terms(condition: str) -> list[str]:
    """The parts of a condition that are joined by AND, blanks evened out."""
    return [" ".join(part.split()) for part in condition.split(" AND ")]


def _sort_index(connection: Connection, table: str, sort: str, terms: frozenset[str]) -> str:
    """The index that gives the rows in the order of the column `sort`, then id; "" when there is none."""
    wanted = (table, sort, terms)
    if wanted not in _indexes:
        _indexes[wanted] = _find_index(connection, table, sort, terms)
    return _indexes[wanted]


def _find_index(connection: Connection, table: str, sort: str, terms: frozenset[str]) -> str:
    equal = {found.group(1) for term in terms if (found := _EQUALS.match(term))}
    best, longest = "", -1
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table,)
    ).fetchall()
    for name, sql in rows:
        columns = [r[2] for r in connection.execute(f"PRAGMA index_info({name})").fetchall()]
        at = columns.index(sort) if sort in columns else -1
        ends = columns[at + 1 : at + 2] in ([], ["id"])
        if at > longest and ends and set(columns[:at]) <= equal and _covers(sql, terms):
            best, longest = name, at
    return best


def _covers(sql: str, terms: frozenset[str]) -> bool:
    """Whether a partial index holds every row that the terms let through."""
    partial = re.split(r"\bWHERE\b", sql, maxsplit=1, flags=re.IGNORECASE)
    return len(partial) == 1 or set(_terms(partial[1])) <= terms
