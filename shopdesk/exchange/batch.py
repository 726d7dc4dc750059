"""A batch of rows on its way from a file to staged records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shopdesk.exchange.columns import Setting
from shopdesk.exchange.readers import Cells, picked
from shopdesk.exchange.source import Source


class Readers:
    """The readers of one source for money of one currency."""

    def __init__(self, source: Source, currency: str) -> None:
        setting = Setting(currency, source.setting.zone)
        self.currency = currency
        self.order = source.layout.readers("order", setting)
        self.line = source.layout.readers("line", setting) if source.format.rows == "line" else {}
        self.number = self.order.pop("number")
        self.order.pop("currency", None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that were understood: their cells by column, row numbers, order numbers and order ids."""

    cells: Cells
    where: Sequence[int]
    numbers: Sequence[str]
    ids: Sequence[int]
    readers: Readers

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, rows: Sequence[int]) -> Batch:
        """The batch cut down to some of its rows (at least one)."""
        return replace(
            self,
            cells=picked(self.cells, rows),
            where=[self.where[at] for at in rows],
            numbers=[self.numbers[at] for at in rows],
            ids=[self.ids[at] for at in rows],
        )


@dataclass(frozen=True, slots=True)
class Amounts:
    """For each written line the id of its order and its amount; `twice` are places of repeated lines."""

    ids: Sequence[int] = ()
    amounts: Sequence[Any] = ()
    twice: frozenset[int] = frozenset()
