"""From the columns of one file to the values of fields: a layout and a header, compiled once per source."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from shopdesk.exchange import amounts, cleaning
from shopdesk.exchange.amounts import MoneyColumn
from shopdesk.exchange.cleaning import Column, MemoColumn
from shopdesk.exchange.fields import FIELDS, Field
from shopdesk.exchange.formats import Format, Rule, column_names, folded
from shopdesk.exchange.readers import First, Joined, Options, Reader, Single, Summed
from shopdesk.exchange.times import TimeColumn
from shopdesk.exchange.wording import Words


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file does not say itself: the currency of its money and the shop's zone."""

    currency: str
    zone: tzinfo | None = None


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
    "qty": amounts.clean_quantity,
    "stars": amounts.clean_stars,
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
        return TimeColumn(order=one.dates, zone=setting.zone if one.zoned else None)
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
        self._converters: dict[tuple[str, bool, str], Column] = {}

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
        column = self._converter(field, setting)
        return Single(field, self.header[self.place(name)], self.place(name), column)

    def _converter(self, field: Field, setting: Setting) -> Column:
        """The converter of a field; fields of one kind share it, for the same cells stand in many columns."""
        key = (field.kind, field.name == "discount", setting.currency)
        if key not in self._converters:
            column = self._converters[key] = column_for(field.kind, self.format, setting)
            if field.name == "discount" and isinstance(column, MoneyColumn):
                column.absolute = True
        return self._converters[key]

    def _combined(self, field: Field, spec: Mapping[str, Any], setting: Setting) -> Reader | None:
        if "first_word" in spec:
            name = spec["first_word"]
            column = cleaning.FirstWordColumn()
            return Single(field, self.header[self.place(name)], self.place(name), column) if self.has(name) else None
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
        return Joined(field, names, places, spec.get("mark", " "), self._converter(field, setting))

    def uses(self) -> list[tuple[str, str]]:
        """Column and field of every column that this layout uses."""
        pairs = []
        for key, spec in self.format.columns.items():
            pairs += [(self.header[self.place(name)], key) for name in column_names(spec) if self.has(name)]
        of_state = "review" if self.format.rows == "review" else "product"
        for name, table in (("status", "order"), ("line_status", "line"), ("state", of_state)):
            rules: tuple[Rule, ...] = getattr(self.format, name)
            pairs += [(self.header[self.place(r.column)], f"{table}.status") for r in rules if self.has(r.column)]
        for name, table in (("refund", "order"), ("line_refund", "line")):
            rules = getattr(self.format, name)
            pairs += [(self.header[self.place(r.column)], f"{table}.refund_state") for r in rules if self.has(r.column)]
        if self.format.variants is not None:
            names = (self.format.variants.column, *self.format.variants.texts)
            pairs += [(self.header[self.place(name)], "sku.options") for name in names if self.has(name)]
        return list(dict.fromkeys(pairs))

    def unused(self) -> list[str]:
        """The columns that no field uses, in order, unnamed ones left out."""
        used = {folded(name) for name, _ in self.uses()}
        return [name for name in self.header if folded(name) and folded(name) not in used]

    def words(self, rules: tuple[Rule, ...]) -> Words | None:
        """The reader of status words by these rules, None when the file has none of their columns."""
        here = [rule for rule in rules if not rule.column or self.has(rule.column)]
        return Words(here, self.place) if here else None
