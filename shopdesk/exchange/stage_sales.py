"""Files in which sales, returns and stock moves stand in one list (till and ledger exports)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from typing import Any

from shopdesk.exchange.amounts import exact_amount
from shopdesk.exchange.batch import Amounts, Batch, Readers
from shopdesk.exchange.cleaning import Trouble, folded_word
from shopdesk.exchange.columns import Layout
from shopdesk.exchange.inferring import write_sums
from shopdesk.exchange.readers import Cells
from shopdesk.exchange.source import Source, Stager
from shopdesk.exchange.stage_heads import HeadWriter
from shopdesk.exchange.stage_lines import LineWriter, untold
from shopdesk.exchange.stage_orders import OrderStager
from shopdesk.exchange.tables import Rows
from shopdesk.exchange.wording import Extra


class ReturnHeads(HeadWriter):
    """Writes return_ rows."""

    def write(self, heads: Batch, values: dict[str, Any]) -> None:
        """Stage these returns; their amounts come at the end."""
        self.source.spans(values.get("created_at") or ())
        own = {
            "person": self.persons(values, heads.where),
            "buyer": values.get("buyer"),
            "at": values.get("created_at"),
            "state": repeat("refunded", len(heads)),
            "reason": values.get("seller_note"),
        }
        self.writer.write_columns("return_", self.common(heads) | own)


class ReturnLines(LineWriter):
    """Writes return_line rows, with positive pieces and amounts."""

    def write(
        self, batch: Batch, lines: dict[str, Any], *, with_orders: bool, extra: Extra, told: Collection[int]
    ) -> Amounts:
        """Write the lines of a batch."""
        columns = self.values(batch, lines)
        count = len(batch)
        blank: list[Any] = [None] * count
        amounts = columns.get("amount", blank)
        own = {
            "id": self.writer.new_ids("return_line", count),
            "source": repeat(self.source.id, count),
            "row": batch.where,
            "return_id": batch.ids,
            "position": self.positions(batch.ids),
            "qty": map(abs, columns["qty"]),
            "price": [None if price is None else abs(price) for price in columns.get("price", blank)],
            "amount": [None if amount is None else -amount for amount in amounts],
            "extra": untold(extra.values(batch.cells), batch.where, told),
        }
        names = ("kind", "item", "code", "item_id", "name", "options")
        self.writer.write_columns("return_line", own | {name: columns.get(name) for name in names})
        return Amounts(batch.ids, amounts)


class ReturnStager(OrderStager):
    """Rows that take goods back: returns of their own."""

    head_table = "return_"
    line_table = "return_line"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.heads = ReturnHeads(source)
        self.lines = ReturnLines(source, self.first_id)

    def finish(self) -> None:
        """Set the amount of each return: what the file says in all, else the sum of its lines."""
        sums = self.sums.get("total")
        if sums is not None:
            write_sums(self.source, self.head_table, "amount", self.first_id, sums, sign=-1)


class MoveStager:
    """Rows that only say that stock went or came: moves with the row's words as their note."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.readers = Readers(source, source.setting.currency)

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of moves."""
        cells: Cells = list(zip(*rows, strict=True))
        bad = {
            at: (column, trouble)
            for name in ("qty", "code")
            if name in self.readers.line
            for at, column, trouble in self.readers.line[name].troubles(cells)
        }
        for at, (column, trouble) in bad.items():
            self.source.refuse(where[at], column, trouble, "stock")
        kept = [at for at in range(len(rows)) if at not in bad]
        if kept:
            self._write([tuple(column[at] for at in kept) for column in cells], [where[at] for at in kept])

    def _write(self, cells: Cells, where: Sequence[int]) -> None:
        count = len(where)
        blank: list[Any] = [None] * count
        line = {name: reader.values(cells) for name, reader in self.readers.line.items()}
        head = self.readers.order
        codes, items = line.get("code", blank), line.get("item_id", blank)
        times = head["created_at"].values(cells) if "created_at" in head else blank
        self.source.spans(times)
        self.source.writer.write_columns(
            "stock",
            {
                "id": self.source.writer.new_ids("stock", count),
                "source": repeat(self.source.id, count),
                "row": where,
                "platform": repeat(self.source.format.platform, count),
                "item": self.source.items.ids(codes, items, blank, line.get("options", blank)),
                "kind": repeat("move", count),
                "item_id": items,
                "code": codes,
                "qty": line["qty"],
                "at": times,
                "note": line.get("name", blank),
            },
        )

    def finish(self) -> None:
        """Nothing is left to do."""


class SalesStager:
    """Deals the rows of one file out to sales, returns and stock moves."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.sales = OrderStager(source)
        self.others: dict[str, Stager] = {"return": ReturnStager(source), "move": MoveStager(source)}
        self._splits = [
            (split.to, [_condition(source.layout, when) for when in split.when]) for split in source.format.splits
        ]

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        left: Sequence[int] = range(len(rows))
        for target, tests in self._splits:
            chosen = left
            for test in tests:
                chosen = [at for at in chosen if test(rows[at])]
            if chosen:
                self.others[target].take([rows[at] for at in chosen], [where[at] for at in chosen])
                taken = set(chosen)
                left = [at for at in left if at not in taken]
        if len(left) == len(rows):
            self.sales.take(rows, where)
        elif left:
            self.sales.take([rows[at] for at in left], [where[at] for at in left])

    def finish(self) -> None:
        """Stage what could only be known at the end."""
        self.sales.finish()
        for stager in self.others.values():
            stager.finish()


_Test = Callable[[Sequence[str]], bool]


def _condition(layout: Layout, when: Mapping[str, Any]) -> _Test:
    if not layout.has(when["column"]):
        return lambda row: False
    at = layout.place(when["column"])
    if "starts" in when:
        return lambda row: row[at].strip().startswith(when["starts"])
    if "words" in when:
        words = frozenset(map(folded_word, when["words"]))
        return lambda row: folded_word(row[at]) in words
    return lambda row: _amount(row[at]) == 0


def _amount(cell: str) -> Decimal:
    try:
        return exact_amount(cell) or Decimal(0)
    except Trouble:
        return Decimal(1)
