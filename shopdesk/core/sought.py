"""What tells a person in a file, and which rows of its tables are the person's.

A row is the person's by the number of an order, by a whole cell, a sentence or two different words that mean nobody
else, or by a whole cell in a column of names. A word of three letters ("Red", "Ann") decides nothing by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from shopdesk.core.blotting import Blotter, is_unmistakable, lowered

Known = Callable[[Collection[str]], Collection[str]]
"""Which of these texts are names or accounts of anybody."""

_RAW = ("utf-8", "gb18030", "utf-16-le", "cp1252")
_ROUND_A_NUMBER = " \t='\"#"
_LEAST_TELLING = 10
"""Digits of fewer places may as well be an amount, a count, a day or a place in a list."""
_LONG = 24
"""Bytes of a text that nobody else writes by chance."""
_LEAST_IN_COLUMN = 4
_LOOKED_AT = 200
"""Different cells of a column by which it is seen whether names stand in it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a table the numbers of orders stand (-1: nowhere), and in which columns names of persons."""

    numbers: int = -1
    names: frozenset[int] = frozenset()

    def of_heading(self) -> Columns:
        """The same for the first row, in which the names of columns stand."""
        return replace(self, names=frozenset())


class Sought:
    """What tells a person in a file: words, and the numbers of orders, which stand alone in their cells.

    Short digits tell only behind a “#” or in the column of the numbers, which is known by the other numbers
    `of_shop`; a word that others use too, only in a column of names, which is seen by those that are `known`.
    """

    def __init__(
        self,
        blotter: Blotter,
        numbers: Iterable[str],
        of_shop: Iterable[str] = (),
        *,
        known: Known = lambda texts: (),
    ) -> None:
        self.blotter = blotter
        self.elsewhere = Blotter(filter(is_unmistakable, blotter.words), "", blotter.others)
        self.numbers = frozenset(map(_bare, numbers)) - {""}
        self.of_shop = frozenset(map(_bare, of_shop)) - {""} | self.numbers
        self._known = known
        words = {_plain(word): word for word in blotter.words}
        self._own = frozenset(words)
        self._certain = frozenset(plain for plain, word in words.items() if is_unmistakable(word))
        self._in_names = frozenset(plain for plain in words if len(plain) >= _least(plain)) - self._certain
        found = "|".join(sorted(map(re.escape, self.numbers), key=len, reverse=True)) or "(?!)"
        self._numbers = re.compile(f"(?<![A-Za-z0-9-])(?:{found})(?![A-Za-z0-9-])")

    def may_hit(self, text: str) -> bool:
        """Whether a file of this text has to be looked through."""
        return self._numbers.search(text) is not None or self.blotter.hits(text.replace('""', '"'))

    def names(self, text: str) -> bool:
        """Whether a word that means nobody else stands in a text."""
        return self.elsewhere.hits(text.replace('""', '"'))

    def columns(self, rows: Callable[[], Iterable[Sequence[str]]]) -> Columns:
        """What stands where in a table; `rows` begins it anew each time."""
        numbers = self._column(rows()) if any(map(is_short, self.numbers)) else -1
        return Columns(numbers, self._columns_of_names(rows()) if self._in_names else frozenset())

    def _column(self, rows: Iterable[Sequence[str]]) -> int:
        """The column of a table in which the numbers of orders stand, heading or not; -1 when there is none."""
        filled: Counter[int] = Counter()
        known: Counter[int] = Counter()
        different: dict[int, set[str]] = {}
        for row in rows:
            for at, cell in enumerate(row):
                number = _bare(cell)
                filled[at] += number != ""
                if number in self.of_shop:
                    known[at] += 1
                    different.setdefault(at, set()).add(number)
        fit = [at for at in different if 2 * known[at] >= filled[at] - 1]
        return max(fit, key=lambda at: (len(different[at]), -at), default=-1)

    def _columns_of_names(self, rows: Iterable[Sequence[str]]) -> frozenset[int]:
        """The columns in which one of the words stands as a whole cell beside names of others."""
        others: dict[int, set[str]] = {}
        hit = set()
        for row in rows:
            for at, cell in enumerate(row):
                plain = _plain(cell)
                if plain in self._in_names:
                    hit.add(at)
                elif plain and plain not in self._own and len(others.setdefault(at, set())) < _LOOKED_AT:
                    others[at].add(_bare(cell))
        return frozenset(at for at in hit if self._are_names(others.get(at, set())))

    def _are_names(self, texts: set[str]) -> bool:
        known = len(self._known(texts)) if texts else 0
        return known > 0 and 2 * known >= len(texts) - 1

    def is_persons(self, cells: Sequence[str], columns: Columns) -> bool:
        """Whether a row of a table is the person's."""
        if any(self.is_number(cell, in_column=at == columns.numbers) for at, cell in enumerate(cells)):
            return True
        plain = list(map(_plain, cells))
        if any(
            cell in self._certain or (cell in self._in_names and at in columns.names) for at, cell in enumerate(plain)
        ):
            return True
        return self._is_told(cells)

    def _is_told(self, cells: Sequence[str]) -> bool:
        """Whether one that is a whole sentence or address stands in a row, or two: a telephone number behind a name."""
        found = {_plain(word) for cell in cells for word in self.elsewhere.found(cell.replace('""', '"'))}
        return len(found) > 1 or any(len(word.encode()) >= _LONG for word in found)

    def is_number(self, cell: str, *, in_column: bool) -> bool:
        """Whether a cell is the number of one of the person's orders."""
        number = _bare(cell)
        if number not in self.numbers:
            return False
        return in_column or not is_short(number) or cell.strip(" \t='\"").startswith("#")

    def in_bytes(self, data: bytes) -> bool:
        """Whether the words, or numbers that are nothing else, stand in bytes that are no text."""
        telling = [number for number in self.numbers if not is_short(number)]
        words = self.elsewhere.words
        return any(word.encode(encoding, "ignore") in data for word in words for encoding in _RAW) or any(
            number.encode(encoding) in data for number in telling for encoding in ("utf-8", "utf-16-le")
        )


def _bare(number: str) -> str:
    return number.strip(_ROUND_A_NUMBER)


def _plain(cell: str) -> str:
    """A cell as it is compared with a word: without quotes, in one case and with single blanks."""
    return " ".join(lowered(_bare(cell.replace('""', '"'))).split())


def _least(word: str) -> int:
    return _LEAST_IN_COLUMN if word.isascii() else _LEAST_IN_COLUMN // 2


def is_short(number: str) -> bool:
    """Whether digits are too few to be the number of an order wherever they stand."""
    return number.isdigit() and len(number) < _LEAST_TELLING
