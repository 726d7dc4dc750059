"""Status words as statuses, and the columns that nobody uses as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from shopdesk.exchange import cleaning
from shopdesk.exchange.cleaning import MemoColumn
from shopdesk.exchange.formats import Rule
from shopdesk.exchange.readers import Cells

BY_DATES = "dates"
"""A status word that leaves it to the dates of the row how far the order has come."""


class Words:
    """A status out of the words in some columns: the first rule that has an answer gives it."""

    def __init__(self, rules: Sequence[Rule], place: Callable[[str], int]) -> None:
        columns = list(dict.fromkeys(place(rule.column) for rule in rules if rule.column))
        self._rules = [(rule, columns.index(place(rule.column)) if rule.column else -1) for rule in rules]
        self._columns = columns
        self._worded = [at for rule, at in self._rules if rule.words or rule.contains]
        self.unknown: dict[str, int] = {}
        self._memo = MemoRow(self._answer)

    def values(self, cells: Cells) -> list[str | None]:
        """The status of each row, None where no rule has an answer."""
        if not self._columns:
            return [self._memo[()]] * len(cells[0])
        rows = zip(*(cells[at] for at in self._columns), strict=True)
        return list(map(self._memo.__getitem__, rows))

    def words(self, cells: Cells) -> list[str | None]:
        """The words of the first column asked, as the file has them."""
        at = next(iter(self._worded), 0)
        if not self._columns:
            return [None] * len(cells[0])
        return [cell.strip() or None for cell in cells[self._columns[at]]]

    def unknown_words(self, cells: Cells) -> Iterator[tuple[int, str]]:
        """Row and word of the first row of each word that no rule knows."""
        if not self._memo.silent:
            return
        rows = list(zip(*(cells[at] for at in self._columns), strict=True))
        for cells_of_row in list(self._memo.silent):
            if cells_of_row in rows:
                self._memo.silent.discard(cells_of_row)
                word = next((cells_of_row[at].strip() for at in self._worded if cells_of_row[at].strip()), "")
                if word and word not in self.unknown:
                    self.unknown[word] = rows.index(cells_of_row)
                    yield self.unknown[word], word

    def _answer(self, row: tuple[str, ...]) -> str | None:
        for rule, at in self._rules:
            said = _said(rule, row[at] if at >= 0 else "")
            if said:
                return said
        return None


class MemoRow(dict[tuple[str, ...], Any]):
    """Remembers what each combination of cells means; `silent` has those that mean nothing known."""

    def __init__(self, answer: Callable[[tuple[str, ...]], str | None]) -> None:
        super().__init__()
        self._ask = answer
        self.silent: set[tuple[str, ...]] = set()

    def __missing__(self, row: tuple[str, ...]) -> Any:
        value = self._ask(row)
        if value is None:
            self.silent.add(row)
        elif value == BY_DATES:
            value = None
        if len(self) < 100_000:
            self[row] = value
        return value


def _said(rule: Rule, cell: str) -> str:
    if rule.always:
        return rule.always
    word = cleaning.folded_word(cell)
    if word in cleaning.NOTHING and word not in rule.words:
        return rule.blank
    if rule.filled:
        return rule.filled
    if word in rule.words:
        return rule.words[word]
    return next((said for part, said in rule.contains.items() if part in word), "")


class Extra:
    """The columns that nobody uses, kept as JSON beside the record."""

    def __init__(self, names: Sequence[str], places: Sequence[int]) -> None:
        self._columns = [(at, MemoColumn(_fragment(name))) for name, at in zip(names, places, strict=True)]

    def values(self, cells: Cells) -> list[str | None] | None:
        """One JSON object per row, None where all of these cells are blank; None when they are in all rows."""
        if not self._columns:
            return None
        parts = [column.values(cells[at]) for at, column in self._columns]
        parts = [part for part in parts if any(part)]
        if not parts:
            return None
        joined = [",".join(filter(None, row)) for row in zip(*parts, strict=True)]
        return ["{" + text + "}" if text else None for text in joined]


def _fragment(name: str) -> Callable[[str], str]:
    head = json.dumps(name, ensure_ascii=False) + ":"

    def fragment(cell: str) -> str:
        text = cell.strip()
        return head + json.dumps(text, ensure_ascii=False) if text and text not in cleaning.NOTHING else ""

    return fragment
