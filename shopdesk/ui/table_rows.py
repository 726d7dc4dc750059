"""The rows a table holds at a time: blocks around what is visible, and the marks to find others quickly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopdesk.core.errors import Damaged
from shopdesk.ui.table_query import Anchors, Key, Query, TooLong, within
from shopdesk.ui.unread import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.columns import Cell, Row, Source
    from shopdesk.ui.worker import Task

BLOCK = 64
SMALL = 5000
"""Up to here all ids are taken at once, on the main thread."""
MEDIUM = 100_000
"""Up to here all ids are taken by the worker; beyond, only every thousandth key is known."""
EVERY = 1000
_BLOCKS_KEPT = 60
_BUDGET_MS = 30
_STRETCH_S = 0.15


@dataclass(slots=True)
class Block:
    """Neighbouring rows: ids, what the row query gave for them, and the cells made of it so far.

    `spoilt` are the places of rows that lie in a damaged part of the file.
    """

    ids: list[int]
    rows: list[Row | None]
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    spoilt: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the worker found out: how many rows, and their ids when they are not too many."""

    total: int
    ids: list[int] | None


def count(connection: Connection, query: Query) -> Measured:
    """Count the rows; take their ids when there are at most MEDIUM of them, or no index knows their order."""
    total = query.count(connection)
    listed = total <= MEDIUM or not query.has_order(connection)
    return Measured(total, query.ids(connection) if listed else None)


def next_anchors(connection: Connection, task: Task, *, query: Query, after: Key | None) -> Anchors:
    """The next stretch of anchors, short enough to let other work in between."""
    return query.anchors(connection, EVERY, after=after, seconds=_STRETCH_S, check=task.check)


class Rows:
    """The rows of one query by position, without ever holding all of them."""

    def __init__(self, source: Source, reader: Callable[[], Connection]) -> None:
        self._source = source
        self._reader = reader
        self._blocks: OrderedDict[int, Block] = OrderedDict()
        self._marks: list[int] = []
        self._keys: dict[int, Key] = {}
        self._anchored = 0
        self._places: dict[int, int] | None = None
        self.query = Query(source.table)
        self.total = 0
        self.counted = True
        self.ids: list[int] | None = []
        self.damage: Damaged | None = None
        """What was met where rows of this query cannot be read."""

    def open(self, query: Query, *, large: bool = False) -> None:
        """Take another query: the first rows at once, all ids when they are few.

        `large` says that a count was beyond SMALL the last time, so that nothing is tried twice.
        """
        self._forget(query)
        connection = self._reader()
        try:
            with within(connection, _BUDGET_MS):
                if not large and query.at_most(connection, SMALL) <= SMALL:
                    self.take_ids(query.ids(connection))
                    return
                keys = query.walk(connection, None, BLOCK)
        except TooLong:
            keys = []
        self.total = len(keys)
        self._remember(0, keys)

    def open_ids(self, query: Query, ids: list[int]) -> None:
        """Take exactly these rows, of another query."""
        self._forget(query)
        self.take_ids(ids)

    def take_ids(self, ids: list[int]) -> None:
        """From now on these are the rows."""
        self.ids, self.total, self.counted, self._places = ids, len(ids), True, None

    def take_anchors(self, anchors: list[Key]) -> None:
        """The next of every EVERY-th key, so that any row is one short walk away."""
        for number, key in enumerate(anchors, self._anchored + 1):
            self._mark(number * EVERY - 1, key)
        self._anchored += len(anchors)
        for number in [n for n, block in self._blocks.items() if not block.ids]:
            del self._blocks[number]

    def reread(self, first: int, last: int) -> None:
        """Read the rows first to last anew, in the places they have; forget the other rows."""
        connection = self._reader()
        wanted = range(first // BLOCK, last // BLOCK + 1)
        for number in list(self._blocks):
            block = self._blocks.pop(number)
            if number in wanted:
                self._blocks[number] = self._block(connection, block.ids)

    def retake(self, query: Query, found: Measured) -> None:
        """The same rows after a change, as the worker counted them."""
        self._forget(query)
        self.total, self.counted = found.total, True
        if found.ids is not None:
            self.take_ids(found.ids)

    def last_anchor(self) -> Key | None:
        """Where the anchors end so far."""
        return self._keys.get(self._anchored * EVERY - 1)

    def drop_cells(self) -> None:
        """Forget the made cells: another language, or the minute has passed."""
        for block in self._blocks.values():
            block.cells.clear()

    def block_of(self, position: int) -> tuple[Block, int]:
        """The block that holds a row, and the row's place in it; the block is empty while unknown."""
        number, place = divmod(position, BLOCK)
        block = self._blocks.get(number)
        if block is None:
            block = self._load(number)
            self._blocks[number] = block
            if len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(number)
        return block, place

    def id_at(self, position: int) -> int | None:
        """The record in that row."""
        if self.ids is not None:
            return self.ids[position] if 0 <= position < len(self.ids) else None
        if not 0 <= position < self.total:
            return None
        block, place = self.block_of(position)
        return block.ids[place] if place < len(block.ids) else None

    def row_at(self, position: int) -> Row | None:
        """What the row query gave for that row."""
        block, place = self.block_of(position)
        return block.rows[place] if place < len(block.rows) else None

    def position(self, record_id: int) -> int:
        """The row of a record, -1 when it is not here or too far to be found at once."""
        if self.ids is not None:
            if self._places is None:
                self._places = {found: place for place, found in enumerate(self.ids)}
            return self._places.get(record_id, -1)
        for number, block in self._blocks.items():
            if record_id in block.ids:
                return number * BLOCK + block.ids.index(record_id)
        return self._search(record_id)

    def ids_between(self, first: int, last: int) -> list[int]:
        """The records of the rows first to last, both included."""
        if self.ids is not None:
            return self.ids[first : last + 1]
        connection = self._reader()
        place, key = self._mark_before(first)
        keys = self.query.walk(connection, key, last - first + 1, skip=first - place - 1)
        return [found.id for found in keys]

    def _forget(self, query: Query) -> None:
        self._blocks.clear()
        self._marks.clear()
        self._keys.clear()
        self._anchored = 0
        self.query, self.ids, self._places = query, None, None
        self.total, self.counted = 0, False
        self.damage = None

    def _load(self, number: int) -> Block:
        connection = self._reader()
        try:
            with within(connection, _BUDGET_MS):
                ids = self._ids_of_block(connection, number)
                return self._block(connection, ids)
        except TooLong:
            return Block([], [])

    def _block(self, connection: Connection, ids: list[int]) -> Block:
        """The rows of a block; where the file is damaged those of them that can be read, one by one."""
        try:
            with reading():
                return Block(ids, self._read(connection, ids))
        except Damaged as error:
            self.damage = error
        block = Block(ids, [None] * len(ids))
        for place, record_id in enumerate(ids):
            try:
                with reading():
                    block.rows[place] = next(iter(self._read(connection, [record_id])), None)
            except Damaged:
                block.spoilt.add(place)
        return block

    def _ids_of_block(self, connection: Connection, number: int) -> list[int]:
        first = number * BLOCK
        if self.ids is not None:
            return self.ids[first : first + BLOCK]
        count = min(BLOCK, self.total - first)
        keys = self._keys_from(connection, first, count)
        self._mark_edges(first, keys)
        return [key.id for key in keys]

    def _keys_from(self, connection: Connection, first: int, count: int) -> list[Key]:
        before, key = self._mark_before(first)
        after, later = self._mark_after(first + count - 1)
        if first - before <= after - (first + count - 1):
            return self.query.walk(connection, key, count, skip=first - before - 1)
        skip = after - (first + count)
        return self.query.walk(connection, later, count, skip=skip, back=True)[::-1]

    def _mark_before(self, position: int) -> tuple[int, Key | None]:
        at = bisect_left(self._marks, position)
        return (self._marks[at - 1], self._keys[self._marks[at - 1]]) if at else (-1, None)

    def _mark_after(self, position: int) -> tuple[int, Key | None]:
        at = bisect_right(self._marks, position)
        if at < len(self._marks):
            return self._marks[at], self._keys[self._marks[at]]
        return (self.total, None) if self.counted else (2**62, None)

    def _mark(self, position: int, key: Key) -> None:
        if position not in self._keys:
            insort(self._marks, position)
        self._keys[position] = key

    def _mark_edges(self, first: int, keys: list[Key]) -> None:
        if keys:
            self._mark(first, keys[0])
            self._mark(first + len(keys) - 1, keys[-1])

    def _remember(self, first: int, keys: list[Key]) -> None:
        connection = self._reader()
        self._mark_edges(first, keys)
        ids = [key.id for key in keys]
        self._blocks[first // BLOCK] = self._block(connection, ids)

    def _read(self, connection: Connection, ids: list[int]) -> list[Row | None]:
        return self._source.read(connection, ids, self.query.params)

    def _search(self, record_id: int) -> int:
        connection = self._reader()
        try:
            with within(connection, _BUDGET_MS):
                key = self.query.key_of(connection, record_id)
                return -1 if key is None else self._place_of(connection, key)
        except TooLong:
            return -1

    def _place_of(self, connection: Connection, key: Key) -> int:
        low, high = 0, len(self._marks)
        wanted = _order(key)
        while low < high:
            middle = (low + high) // 2
            mark = _order(self._keys[self._marks[middle]])
            if mark > wanted if self.query.falling else mark < wanted:
                low = middle + 1
            else:
                high = middle
        before = self._marks[low - 1] if low else -1
        start = self._keys[before] if low else None
        steps = self.query.between(connection, start, key, 2 * EVERY)
        return before + steps if steps > 0 else -1


def _order(key: Key) -> tuple[int, object, int]:
    """A sort value as SQLite orders it: nothing, numbers, texts by their bytes."""
    if key.value is None:
        return 0, 0, key.id
    if isinstance(key.value, str):
        return 2, key.value.encode(), key.id
    return 1, key.value, key.id
