"""Files in which sales, returns and stock moves stand in one list (till and ledger exports)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from typing import Any

from shopdesk.exchange.cleaning import Trouble, exact_amount, folded_word
from shopdesk.exchange.columns import Cells, Layout
from shopdesk.exchange.formats import Split
from shopdesk.exchange.source import Source, Stager
from shopdesk.exchange.stage_orders import Amounts, OrderStager, Readers
from shopdesk.exchange.tables import Rows


class ReturnStager(OrderStager):
    """Rows that take goods back: returns of their own, with positive pieces and amounts."""

    head_table = "return_"
    line_table = "return_line"

    def _write_heads(
        self, heads: Cells, numbers: Sequence[str], first: int, where: Sequence[int], readers: Readers
    ) -> None:
        values = {name: reader.values(heads) for name, reader in readers.order.items() if name not in self.sums}
        count = len(numbers)
        at = values.get("created_at") or [None] * count
        self.source.spans(at)
        self.writer.write_columns(
            "return_",
            {
                "id": range(first, first + count),
                "source": repeat(self.source.id, count),
                "row": where,
                "platform": repeat(self.format.platform, count),
                "number": numbers,
                "person": self._persons(values, where, readers),
                "buyer": values.get("buyer"),
                "at": at,
                "currency": repeat(readers.currency, count),
                "state": repeat("refunded", count),
                "reason": values.get("seller_note"),
                "extra": self._extra.values(heads),
            },
        )

    def _write_lines(
        self,
        cells: Cells,
        numbers: Sequence[str],
        ids: Sequence[int],
        lines: dict[str, list[Any]],
        where: Sequence[int],
        readers: Readers,
    ) -> Amounts:
        columns = self._line_values(cells, lines, where, readers)
        count = len(numbers)
        blank: list[Any] = [None] * count
        self.writer.write_columns(
            "return_line",
            {
                "id": self.writer.new_ids("return_line", count),
                "source": repeat(self.source.id, count),
                "row": where,
                "return_id": ids,
                "position": self._positions(ids),
                "kind": columns["kind"],
                "item": columns["item"],
                "qty": map(abs, columns["qty"]),
                "price": [None if price is None else abs(price) for price in columns.get("price", blank)],
                "amount": [None if amount is None else -amount for amount in columns.get("amount", blank)],
                **{name: columns.get(name, blank) for name in ("code", "item_id", "name", "options")},
            },
        )
        return ids, columns.get("amount") or blank

    def finish(self) -> None:
        """Set the amount of each return: what the file says in all, else the sum of its lines."""
        sums = self.sums.get("total")
        if sums is not None:
            ids = range(self.first_id, self.first_id + len(sums))
            self.writer.connection.executemany(
                "UPDATE return_ SET amount = ? WHERE id = ?",
                [(-total, one) for total, one in zip(sums, ids, strict=True)],
            )


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
        self._tests = [(split.to, _test(source.layout, split)) for split in source.format.splits]

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        dealt: dict[str, list[int]] = {}
        for at, row in enumerate(rows):
            target = next((to for to, test in self._tests if test(row)), "sale")
            dealt.setdefault(target, []).append(at)
        for target, chosen in dealt.items():
            stager = self.others.get(target, self.sales)
            stager.take([rows[at] for at in chosen], [where[at] for at in chosen])

    def finish(self) -> None:
        """Stage what could only be known at the end."""
        self.sales.finish()
        for stager in self.others.values():
            stager.finish()


_Test = Callable[[Sequence[str]], bool]


def _test(layout: Layout, split: Split) -> _Test:
    tests = [_condition(layout, when) for when in split.when]
    return lambda row: all(test(row) for test in tests)


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
