"""Rows of platform files as staged orders and lines.

One class serves every layout: one row per order, one row per line with the order's cells on the first row
or repeated, lines alone. Batches are converted column by column; only grouping looks at single rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shopdesk.core.words import N_
from shopdesk.exchange.batch import Amounts, Batch, Readers
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.inferring import DamageWatch, LeastStatus, infer, write_sums
from shopdesk.exchange.readers import Cells
from shopdesk.exchange.source import Source
from shopdesk.exchange.stage_heads import HeadWriter
from shopdesk.exchange.stage_lines import LineWriter
from shopdesk.exchange.tables import Rows

_Bad = dict[int, tuple[str, Trouble]]


class OrderStager:
    """Stages orders and lines of one source."""

    head_table = "order_"
    line_table = "line"

    def __init__(self, source: Source) -> None:
        self.source = source
        self.format = source.format
        self.writer = source.writer
        self.first_id = self.writer.next_id(self.head_table)
        self.heads = HeadWriter(source)
        self.lines = LineWriter(source, self.first_id)
        self.seen: dict[str, int] = {}
        self.refused: dict[str, tuple[str, Trouble]] = {}
        self.last_number: str | None = None
        self.least = LeastStatus()
        self.damage = DamageWatch()
        self._readers: dict[str, Readers] = {}
        self._currency = source.layout.readers("order", source.setting).get("currency")
        self._last_currency = source.setting.currency
        self.sums: dict[str, list[int]] = {name: [] for name in self._sums_here()}
        self.has_heads = len(self._home().order) > 0 or self.heads.status is not None

    def _home(self) -> Readers:
        return self._readers_for(self.source.setting.currency)

    def _readers_for(self, currency: str) -> Readers:
        if currency not in self._readers:
            self._readers[currency] = Readers(self.source, currency)
        return self._readers[currency]

    def _sums_here(self) -> list[str]:
        """The order figures that this file lets us add up: from a column, else from the lines' amounts."""
        here = self._home()
        priced = "amount" in here.line or "price" in here.line
        names = [name.partition(".")[2] for name in self.format.sums]
        return [name for name in names if priced or name in here.order]

    # Batches

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        if self._currency is None:
            self._stage(rows, where, self._home())
            return
        for currency, chosen in self._by_currency(rows).items():
            if len(chosen) < len(rows):
                part = [rows[at] for at in chosen], [where[at] for at in chosen]
                self._stage(*part, self._readers_for(currency))
            else:
                self._stage(rows, where, self._readers_for(currency))

    def _by_currency(self, rows: Rows) -> dict[str, list[int]]:
        assert self._currency is not None
        found: dict[str, list[int]] = {}
        for at, currency in enumerate(self._currency.values(list(zip(*rows, strict=True)))):
            self._last_currency = currency or self._last_currency
            found.setdefault(self._last_currency, []).append(at)
        return found

    def _stage(self, rows: Rows, where: Sequence[int], readers: Readers) -> None:
        """Stage what can be understood; rows that cannot are refused and the rest is tried again."""
        while rows:
            before = self.last_number
            cells: Cells = list(zip(*rows, strict=True))
            numbers, bad = self._numbers(cells, readers)
            lines = {name: reader.values(cells) for name, reader in readers.line.items()}
            bad |= self._line_troubles(cells, readers, where)
            if not bad:
                ids, firsts = self._group(numbers)
                batch = Batch(cells, where, numbers, ids, readers)
                heads = batch.only(firsts) if 0 < len(firsts) < len(numbers) else batch
                facts = self._facts(heads) if firsts else {}
                bad = self._head_troubles(heads, numbers) if firsts else {}
                if not bad:
                    self._write(batch, heads if firsts else None, facts, lines)
                    return
                self._forget(heads.numbers)
            self.last_number = before
            rows, where = self._left(rows, where, bad, numbers)

    def _left(
        self, rows: Rows, where: Sequence[int], bad: _Bad, numbers: Sequence[str | None]
    ) -> tuple[Rows, Sequence[int]]:
        for at, (column, trouble) in bad.items():
            of_order = trouble.code.startswith(("number", "id")) or numbers[at] in self.refused
            record = self.head_table if of_order else self.line_table
            self.source.refuse(where[at], column, trouble, record, numbers[at] or "")
        kept = [at for at in range(len(rows)) if at not in bad]
        return [rows[at] for at in kept], [where[at] for at in kept]

    # Troubles

    def _numbers(self, cells: Cells, readers: Readers) -> tuple[list[Any], _Bad]:
        numbers = readers.number.values(cells)
        bad: _Bad = {at: (column, trouble) for at, column, trouble in readers.number.troubles(cells)}
        if None in numbers:
            self._carry_on(numbers, bad, readers.number.names[0])
        self.last_number = numbers[-1] or self.last_number
        if self.refused:
            refused = self.refused
            bad = {at: refused[number] for at, number in enumerate(numbers) if number in refused} | bad
        return numbers, bad

    def _carry_on(self, numbers: list[Any], bad: _Bad, column: str) -> None:
        """A blank number continues the order above (merged cells), else the row belongs to nothing."""
        last = self.last_number
        for at, number in enumerate(numbers):
            if number is None and at in bad:
                last = None
            elif number is None and last is not None and self.format.continues:
                numbers[at] = last
            elif number is None:
                bad[at] = (column, Trouble("number-missing", N_("The row has no order number.")))
            last = numbers[at] if self.format.continues else number

    def _line_troubles(self, cells: Cells, readers: Readers, where: Sequence[int]) -> _Bad:
        bad: _Bad = {}
        for reader in readers.line.values():
            for at, column, trouble in reader.troubles(cells):
                if reader.field.must:
                    bad.setdefault(at, (column, trouble))
                else:
                    self.source.warn(where[at], column, trouble, record=self.line_table)
        return bad

    def _facts(self, heads: Batch) -> dict[str, Any]:
        """The clean values of the orders' own cells; figures that are summed over lines come later."""
        readers = heads.readers.order
        values = {name: reader.values(heads.cells) for name, reader in readers.items()}
        return {name: column for name, column in values.items() if name not in self.sums}

    def _head_troubles(self, heads: Batch, numbers: Sequence[Any]) -> _Bad:
        """An order whose own cells cannot be understood is refused with all of its rows."""
        found: dict[Any, tuple[str, Trouble]] = {}
        mild = []
        for reader in heads.readers.order.values():
            for at, column, trouble in reader.troubles(heads.cells):
                if reader.field.must:
                    found.setdefault(heads.numbers[at], (column, trouble))
                else:
                    mild.append((heads.where[at], column, trouble))
        if not found:
            for row, column, trouble in mild:
                self.source.warn(row, column, trouble, record=self.head_table)
        self.refused |= found
        return {at: found[number] for at, number in enumerate(numbers) if number in found}

    # Grouping

    def _group(self, numbers: Sequence[str]) -> tuple[list[int], list[int]]:
        """The id of each row's order, and the places of the first rows of new ones."""
        seen = self.seen
        new = self.writer.next_id(self.head_table)
        ids: list[int] = []
        firsts: list[int] = []
        last = None
        current = 0
        for at, number in enumerate(numbers):
            if number != last:
                found = seen.get(number)
                if found is None:
                    found = seen[number] = new
                    new += 1
                    firsts.append(at)
                current = found
                last = number
            ids.append(current)
        return ids, firsts

    def _forget(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            del self.seen[number]

    # Writing

    def _write(self, batch: Batch, heads: Batch | None, facts: dict[str, Any], lines: dict[str, list[Any]]) -> None:
        new = len(heads) if heads else 0
        self.writer.new_ids(self.head_table, new)
        self.least.grow(new)
        for sums in self.sums.values():
            sums.extend([0] * new)
        if heads:
            self.damage.look(heads.numbers)
            if self.has_heads:
                self.heads.write(heads, facts)
        first_rows = set(heads.where) if heads else set()
        amounts = Amounts()
        if self.format.rows == "line":
            told = first_rows if self.has_heads else ()
            amounts = self.lines.write(batch, lines, with_orders=self.has_heads, extra=self.heads.extra, told=told)
        elif new < len(batch):
            self._warn_repeated(batch, first_rows)
        self._add_up(batch, amounts)

    def _warn_repeated(self, batch: Batch, first_rows: set[int]) -> None:
        for row, number, one in zip(batch.where, batch.numbers, batch.ids, strict=True):
            if row not in first_rows:
                text = N_("Order {number} stands in the file twice; the first row counts.")
                trouble = Trouble("repeated", text, number=number)
                self.source.warn(row, "", trouble, record=self.head_table, record_id=one)

    def _add_up(self, batch: Batch, amounts: Amounts) -> None:
        """Order figures that are sums over its rows: of a column, else of the lines' amounts."""
        base = self.first_id
        for name, sums in self.sums.items():
            column = batch.readers.order.get(name)
            ids, values = (batch.ids, column.values(batch.cells)) if column else (amounts.ids, amounts.amounts)
            for at, (one, value) in enumerate(zip(ids, values, strict=True)):
                if value and at not in amounts.twice:
                    sums[one - base] += value
        if self.format.status_from == "lines" and self.heads.status:
            self.least.hear([one - base for one in batch.ids], self.heads.status.values(batch.cells))

    # The end

    def finish(self) -> None:
        """Stage what could only be known at the end: sums, statuses, damage."""
        if self.has_heads:
            for name, sums in self.sums.items():
                write_sums(self.source, self.head_table, name, self.first_id, sums)
            if self.format.status_from == "lines":
                self.least.write(self.source, self.first_id)
            figures = {*self._home().order, *self.sums}
            infer(self.source, figures, has_status=self.heads.status is not None)
        self.damage.tell(self.source, self._home().number.names[0])
