"""Readers: how one field of a record is filled from the columns of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import add, itemgetter, sub
from typing import Any, Protocol

from shopdesk.exchange import cleaning
from shopdesk.exchange.cleaning import Column, Trouble
from shopdesk.exchange.fields import Field

Cells = Sequence[Sequence[str]]
"""A batch turned on its side: one sequence of cells per column."""


class Reader(Protocol):
    """Fills one field from a batch. `field` and `names` (its columns) are only read."""

    @property
    def field(self) -> Field:
        """The field."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""

    def values(self, cells: Cells) -> list[Any]:
        """The clean values, one per row."""

    def troubles(self, cells: Cells) -> Iterable[tuple[int, str, Trouble]]:
        """Row, column name and reason of every cell that gave trouble."""


class Single:
    """A field that is one column."""

    def __init__(self, field: Field, name: str, at: int, column: Column) -> None:
        self.field = field
        self.names = (name,)
        self.at = at
        self.column = column

    def values(self, cells: Cells) -> list[Any]:
        """The clean values, one per row."""
        return self.column.values(cells[self.at])

    def troubles(self, cells: Cells) -> Iterator[tuple[int, str, Trouble]]:
        """Row, column name and reason of every cell that gave trouble."""
        for row, trouble in self.column.troubles(cells[self.at]):
            yield row, self.names[0], trouble


class Joined:
    """A field that is put together from several columns, with a blank or another sign between them."""

    def __init__(
        self, field: Field, names: tuple[str, ...], places: tuple[int, ...], mark: str, column: Column
    ) -> None:
        self.field = field
        self.names = names
        self.places = places
        self.mark = mark
        self.column = column
        self._part = cleaning.NameColumn()

    def _joined(self, cells: Cells) -> list[str]:
        parts = [self._part.values(cells[at]) for at in self.places]
        return [self.mark.join(filter(None, row)) for row in zip(*parts, strict=True)]

    def values(self, cells: Cells) -> list[Any]:
        """The clean values, one per row."""
        return self.column.values(self._joined(cells))

    def troubles(self, cells: Cells) -> Iterator[tuple[int, str, Trouble]]:
        """Row, column name and reason of every cell that gave trouble."""
        for row, trouble in self.column.troubles(self._joined(cells)):
            yield row, self.names[0], trouble


class Summed:
    """Money that is the sum of some columns less others."""

    def __init__(self, field: Field, plus: Sequence[Single], minus: Sequence[Single]) -> None:
        self.field = field
        self.plus = plus
        self.minus = minus
        self.names = tuple(part.names[0] for part in (*plus, *minus))

    def values(self, cells: Cells) -> list[Any]:
        """The sums, None where every part is blank."""
        parts = [part.values(cells) for part in (*self.plus, *self.minus)]
        known = [any(value is not None for value in row) for row in zip(*parts, strict=True)]
        total = [0] * len(known)
        for place, values in enumerate(parts):
            step = add if place < len(self.plus) else sub
            numbers = [value or 0 for value in values]
            total = list(map(step, total, map(abs, numbers) if step is sub else numbers))
        return [value if said else None for value, said in zip(total, known, strict=True)]

    def troubles(self, cells: Cells) -> Iterator[tuple[int, str, Trouble]]:
        """Row, column name and reason of every cell that gave trouble."""
        for part in (*self.plus, *self.minus):
            yield from part.troubles(cells)


class First:
    """A field that is the first of several columns that holds anything."""

    def __init__(self, field: Field, parts: Sequence[Single]) -> None:
        self.field = field
        self.parts = parts
        self.names = tuple(part.names[0] for part in parts)

    def values(self, cells: Cells) -> list[Any]:
        """The first value that is there, row by row."""
        found = self.parts[0].values(cells)
        for part in self.parts[1:]:
            if None not in found:
                break
            found = [other if value is None else value for value, other in zip(found, part.values(cells), strict=True)]
        return found

    def troubles(self, cells: Cells) -> Iterator[tuple[int, str, Trouble]]:
        """Row, column name and reason of every cell that gave trouble."""
        for part in self.parts:
            yield from part.troubles(cells)


class Options:
    """Options from pairs of columns, a name and a value each."""

    def __init__(
        self, field: Field, pairs: Sequence[tuple[int, int]], names: tuple[str, ...], *, carry: bool = False
    ) -> None:
        self.field = field
        self.pairs = pairs
        self.names = names
        self.carry = carry
        self._text = cleaning.TextColumn()
        self._above: dict[int, str | None] = {}

    def values(self, cells: Cells) -> list[Any]:
        """Options as `name: value; name: value`."""
        columns = [self._column(at, place % 2 == 0, cells) for place, at in enumerate(chain.from_iterable(self.pairs))]
        return [cleaning.joined_options(zip(row[::2], row[1::2], strict=True)) for row in zip(*columns, strict=True)]

    def _column(self, at: int, is_name: bool, cells: Cells) -> list[str | None]:
        """The texts of a column; a name stands for the rows below it too when names are carried."""
        texts = self._text.values(cells[at])
        if not (is_name and self.carry):
            return texts
        above = self._above.get(at)
        carried = [above := text or above for text in texts]
        self._above[at] = above
        return carried

    def troubles(self, cells: Cells) -> Iterable[tuple[int, str, Trouble]]:
        """None: every option is a text."""
        return ()


def picked(cells: Cells, rows: Sequence[int]) -> Cells:
    """The batch cut down to some of its rows."""
    if len(rows) == 1:
        return [(column[rows[0]],) for column in cells]
    take = itemgetter(*rows)
    return [take(column) for column in cells]
