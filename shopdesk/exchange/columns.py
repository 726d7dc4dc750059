"""From the columns of one file to the values of fields: a layout and a header, compiled once per source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import chain
from operator import add, itemgetter, sub
from typing import Any, Protocol

from shopdesk.exchange import cleaning
from shopdesk.exchange.cleaning import Column, MemoColumn, MoneyColumn, Trouble
from shopdesk.exchange.fields import FIELDS, Field
from shopdesk.exchange.formats import Format, Rule, column_names, folded

BY_DATES = "dates"
"""A status word that leaves it to the dates of the row how far the order has come."""

Cells = Sequence[Sequence[str]]
"""A batch turned on its side: one sequence of cells per column."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file does not say itself: the currency of its money and the shop's zone."""

    currency: str
    zone: tzinfo | None = None


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


# Which converter a kind of field gets


def _list_text(cell: str) -> str | None:
    text = cleaning.bare(cell)
    if text in cleaning.NOTHING:
        return None
    if text.startswith("[") and text.endswith("]"):
        return text
    parts = [part.strip() for part in text.replace("，", ",").replace(";", ",").split(",")]
    return json.dumps([part for part in parts if part], ensure_ascii=False)


def _sku_text(cell: str) -> str | None:
    text = cleaning.bare(cell)
    return None if text in cleaning.NOTHING else text


def _tracking(cell: str) -> str | None:
    text = cleaning.bare(cell)
    text = text[3:] if text[:3].casefold() == "no:" else text
    return cleaning.clean_id(text) if text[:1].isdigit() else _sku_text(text)


def _currency(cell: str) -> str | None:
    text = cleaning.bare(cell).upper()
    return text if len(text) == 3 and text.isalpha() else None


_MEMO_KINDS = {
    "qty": cleaning.clean_quantity,
    "stars": cleaning.clean_stars,
    "options": cleaning.clean_options,
    "list": _list_text,
    "sku": _sku_text,
    "tracking": _tracking,
    "code": _currency,
}
_TEXT_KINDS = frozenset({"text", "name", "phone", "id", "sku", "options", "tracking", "status", "handle"})


def column_for(kind: str, one: Format, setting: Setting) -> Column:
    """The converter for cells of this kind in files of this layout."""
    if one.exact and kind in _TEXT_KINDS:
        return cleaning.ExactColumn()
    if kind == "money":
        return MoneyColumn(setting.currency)
    if kind == "time":
        return cleaning.TimeColumn(order=one.dates, zone=setting.zone if one.zoned else None)
    if kind == "id":
        return cleaning.IdColumn()
    if kind == "handle":
        return cleaning.HandleColumn(entities=one.entities)
    if kind in {"name", "phone"}:
        return cleaning.NameColumn(entities=one.entities)
    if kind in _MEMO_KINDS:
        return MemoColumn(_MEMO_KINDS[kind])
    return cleaning.TextColumn(entities=one.entities, apostrophe=one.apostrophe)


class Layout:
    """A layout on the header of one file: where each field is, and which columns nobody uses."""

    def __init__(self, one: Format, header: Sequence[str]) -> None:
        self.format = one
        self.header = tuple(header)
        self.places: dict[str, int] = {}
        for at, name in enumerate(header):
            self.places.setdefault(folded(name), at)
        self.used: list[tuple[str, str]] = []

    def has(self, name: str) -> bool:
        """Whether the file has this column."""
        return folded(name) in self.places

    def place(self, name: str) -> int:
        """Where this column is."""
        return self.places[folded(name)]

    def readers(self, table: str, setting: Setting) -> dict[str, Reader]:
        """A reader for each field of `table` that this file fills, by field name."""
        found = {}
        for key, spec in self.format.columns.items():
            field = FIELDS[key]
            reader = self._reader(field, spec, setting) if field.table == table else None
            if reader is not None:
                found[field.name] = reader
        return found

    def _reader(self, field: Field, spec: Any, setting: Setting) -> Reader | None:
        if isinstance(spec, Mapping):
            return self._combined(field, spec, setting)
        names = [spec] if isinstance(spec, str) else spec
        for name in names:
            if self.has(name):
                return self._single(field, name, setting)
        return None

    def _single(self, field: Field, name: str, setting: Setting) -> Single:
        column = column_for(field.kind, self.format, setting)
        if field.name == "discount" and isinstance(column, MoneyColumn):
            column.absolute = True
        return Single(field, self.header[self.place(name)], self.place(name), column)

    def _combined(self, field: Field, spec: Mapping[str, Any], setting: Setting) -> Reader | None:
        if "pairs" in spec:
            pairs = [pair for pair in spec["pairs"] if all(map(self.has, pair))]
            places = [(self.place(name), self.place(value)) for name, value in pairs]
            names = tuple(self.header[at] for pair in places for at in pair)
            return Options(field, places, names, carry=spec.get("carry", False)) if pairs else None
        if "join" in spec:
            return self._joined(field, spec, setting)
        if not self.has(spec.get("needs", self.header[0])):
            return None
        if "any" in spec:
            parts = [self._single(field, name, setting) for name in spec["any"] if self.has(name)]
            return First(field, parts) if len(parts) > 1 else next(iter(parts), None)
        plus = [self._single(field, name, setting) for name in spec.get("plus", ()) if self.has(name)]
        minus = [self._single(field, name, setting) for name in spec.get("minus", ()) if self.has(name)]
        return Summed(field, plus, minus) if plus else None

    def _joined(self, field: Field, spec: Mapping[str, Any], setting: Setting) -> Reader | None:
        places = tuple(self.place(name) for name in spec["join"] if self.has(name))
        if not places:
            return None
        names = tuple(self.header[at] for at in places)
        return Joined(field, names, places, spec.get("mark", " "), column_for(field.kind, self.format, setting))

    def uses(self) -> list[tuple[str, str]]:
        """Column and field of every column that this layout uses."""
        pairs = []
        for key, spec in self.format.columns.items():
            pairs += [(self.header[self.place(name)], key) for name in column_names(spec) if self.has(name)]
        for name, table in (("status", "order"), ("line_status", "line"), ("state", "product")):
            rules: tuple[Rule, ...] = getattr(self.format, name)
            pairs += [(self.header[self.place(r.column)], f"{table}.status") for r in rules if self.has(r.column)]
        for name, table in (("refund", "order"), ("line_refund", "line")):
            rules = getattr(self.format, name)
            pairs += [(self.header[self.place(r.column)], f"{table}.refund_state") for r in rules if self.has(r.column)]
        return list(dict.fromkeys(pairs))

    def unused(self) -> list[str]:
        """The columns that no field uses, in order, unnamed ones left out."""
        used = {folded(name) for name, _ in self.uses()}
        return [name for name in self.header if folded(name) and folded(name) not in used]

    def words(self, rules: tuple[Rule, ...]) -> Words | None:
        """The reader of status words by these rules, None when the file has none of their columns."""
        here = [rule for rule in rules if not rule.column or self.has(rule.column)]
        return Words(self, here) if here else None


class Words:
    """A status out of the words in some columns: the first rule that has an answer gives it."""

    def __init__(self, layout: Layout, rules: Sequence[Rule]) -> None:
        columns = list(dict.fromkeys(layout.place(rule.column) for rule in rules if rule.column))
        self._rules = [(rule, columns.index(layout.place(rule.column)) if rule.column else -1) for rule in rules]
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

    def __init__(self, answer: Any) -> None:
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


def _fragment(name: str) -> Any:
    head = json.dumps(name, ensure_ascii=False) + ":"

    def fragment(cell: str) -> str:
        text = cell.strip()
        return head + json.dumps(text, ensure_ascii=False) if text and text not in cleaning.NOTHING else ""

    return fragment


def picked(cells: Cells, rows: Sequence[int]) -> Cells:
    """The batch cut down to some of its rows."""
    if len(rows) == 1:
        return [(column[rows[0]],) for column in cells]
    take = itemgetter(*rows)
    return [take(column) for column in cells]
