"""Variants that a product's row holds in one cell, as 淘宝助理 writes them.

`188:20:CUP-W:1627207:28320;20509:28314;` is a SKU: price, pieces, merchant code and pairs of numbers of a
property and its value; the next SKU follows in the same cell. What the numbers mean stands in other columns
(`1627207:-1001:渐变红`) or in the layout.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from shopdesk.exchange.amounts import MoneyColumn, clean_quantity
from shopdesk.exchange.cleaning import Trouble, bare, joined_options
from shopdesk.exchange.columns import Layout
from shopdesk.exchange.formats import VariantCells

_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Variant:
    """One SKU of a product; `options` None where its numbers are not all known."""

    price: int | None
    qty: int | None
    code: str | None
    options: str | None


class VariantReader:
    """Reads the variants of the rows of one file."""

    def __init__(self, cells: VariantCells, layout: Layout, currency: str) -> None:
        self._cells = cells
        self._at = layout.place(cells.column)
        self._texts = [layout.place(name) for name in cells.texts if layout.has(name)]
        self._names = [(at, layout.header[at]) for at in (self._at, *self._texts)]
        self._money = MoneyColumn(currency)

    @classmethod
    def of(cls, layout: Layout, currency: str) -> VariantReader | None:
        """The reader for a layout whose files hold such a column."""
        cells = layout.format.variants
        return cls(cells, layout, currency) if cells is not None and layout.has(cells.column) else None

    def read(self, row: Sequence[str]) -> list[Variant]:
        """The variants of a row; none where they cannot be told apart by code or by known words."""
        texts = dict(self._cells.values)
        for at in self._texts:
            texts.update({f"{name}:{value}": said for name, value, said in map(_triple, row[at].split(";")) if said})
        try:
            found = [self._variant(texts, head, pairs) for head, pairs in _split(bare(row[self._at]))]
        except (Trouble, ValueError):
            return []
        told = [one.code or one.options for one in found]
        return found if len({*told}) == len(told) and all(told) else []

    def untold(self, row: Sequence[str], extra: str | None) -> str | None:
        """What is kept of columns that were not understood, beside the other unused ones."""
        kept = {name: bare(row[at]) for at, name in self._names if bare(row[at])}
        return json.dumps({**json.loads(extra or "{}"), **kept}, ensure_ascii=False) if kept else extra

    def _variant(self, texts: dict[str, str], head: Sequence[str], pairs: Sequence[_Pair]) -> Variant:
        price, qty, code = (*head, "")[:3]
        (minor,) = self._money.values([price])
        named = [(self._cells.names.get(name, ""), texts.get(f"{name}:{value}", "")) for name, value in pairs]
        known = named and all(text for _, text in named)
        return Variant(minor, clean_quantity(qty), bare(code) or None, joined_options(named) if known else None)


def _triple(text: str) -> tuple[str, str, str]:
    name, _, rest = text.strip().partition(":")
    value, _, said = rest.partition(":")
    return name, value, said.strip()


def _split(cell: str) -> list[tuple[list[str], list[_Pair]]]:
    """The SKUs of a cell. Raises ValueError for a cell that is made otherwise."""
    found: list[tuple[list[str], list[_Pair]]] = []
    for part in filter(None, cell.split(";")):
        *head, name, value = part.split(":")
        if head:
            found.append((head, []))
        if len(head) not in {0, 2, 3} or not found:
            raise ValueError(part)
        found[-1][1].append((name, value))
    return found
