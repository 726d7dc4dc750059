"""Rows of platform files as staged orders and lines.

One class serves every layout: one row per order, one row per line with the order's cells on the first row
or repeated, lines alone. Batches are converted column by column; only grouping looks at single rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import repeat
from operator import mul
from typing import Any

from shopdesk.core import money
from shopdesk.core.words import N_
from shopdesk.exchange import cleaning
from shopdesk.exchange.cleaning import EXPORT_ADVICE, MoneyColumn, Trouble
from shopdesk.exchange.columns import Cells, Setting, Single, picked
from shopdesk.exchange.source import Source
from shopdesk.exchange.tables import Rows

RANK = {"unpaid": 0, "to_ship": 1, "shipped": 2, "done": 3, "closed": 4}
"""How far an order has come."""

_HEAD_ONLY = ("buyer_name", "buyer_email")
_Bad = dict[int, tuple[str, Trouble]]
Amounts = tuple[Sequence[int], Sequence[Any]]
"""For each line of a batch the id of its order and its amount."""


class Readers:
    """The readers of one source for money of one currency."""

    def __init__(self, source: Source, currency: str) -> None:
        setting = Setting(currency, source.setting.zone)
        self.currency = currency
        self.order = source.layout.readers("order", setting)
        self.line = source.layout.readers("line", setting) if source.format.rows == "line" else {}
        self.number = self.order.pop("number")
        for unneeded in ("currency",):
            self.order.pop(unneeded, None)


class OrderStager:
    """Stages orders and lines of one source."""

    head_table = "order_"
    line_table = "line"

    def __init__(self, source: Source) -> None:
        self.source = source
        self.format = source.format
        self.writer = source.writer
        self.first_id = self.writer.next_id(self.head_table)
        self.seen: dict[str, int] = {}
        self.counts: list[int] = []
        self.best: list[int] = []
        self.refused: dict[str, tuple[str, Trouble]] = {}
        self.damaged = 0
        self.long_numbers = 0
        self.last_number: str | None = None
        self.last_keys: tuple[int, dict[str, int]] = (0, {})
        self.twice: frozenset[int] = frozenset()
        self._readers: dict[str, Readers] = {}
        self._currency = source.layout.readers("order", source.setting).get("currency")
        self._last_currency = source.setting.currency
        self._status = source.layout.words(self.format.status)
        self._refund = source.layout.words(self.format.refund)
        self._line_status = source.layout.words(self.format.line_status)
        self._line_refund = source.layout.words(self.format.line_refund)
        self._extra = source.extra()
        self.sums: dict[str, list[int]] = {name: [] for name in self._sums_here()}
        self.has_heads = len(self._readers_for(source.setting.currency).order) > 0 or self._status is not None

    def _sums_here(self) -> list[str]:
        """The order figures that this file lets us add up: from a column, else from the lines' amounts."""
        here = self._readers_for(self.source.setting.currency)
        priced = "amount" in here.line or "price" in here.line
        names = [name.partition(".")[2] for name in self.format.sums]
        return [name for name in names if priced or name in here.order]

    # Batches

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        if self._currency is None:
            self._stage(rows, where, self._readers_for(self.source.setting.currency))
            return
        for currency, chosen in self._by_currency(rows).items():
            if len(chosen) == len(rows):
                self._stage(rows, where, self._readers_for(currency))
            else:
                self._stage([rows[at] for at in chosen], [where[at] for at in chosen], self._readers_for(currency))

    def _readers_for(self, currency: str) -> Readers:
        if currency not in self._readers:
            self._readers[currency] = Readers(self.source, currency)
        return self._readers[currency]

    def _by_currency(self, rows: Rows) -> dict[str, list[int]]:
        assert self._currency is not None
        found: dict[str, list[int]] = {}
        for at, currency in enumerate(self._currency.values(list(zip(*rows, strict=True)))):
            self._last_currency = currency or self._last_currency
            found.setdefault(self._last_currency, []).append(at)
        return found

    def _stage(self, rows: Rows, where: Sequence[int], readers: Readers) -> None:
        while rows:
            cells: Cells = list(zip(*rows, strict=True))
            before = self.last_number
            numbers, bad = self._numbers(cells, readers)
            lines = {name: reader.values(cells) for name, reader in readers.line.items()}
            bad |= self._line_troubles(cells, readers, where)
            if not bad:
                ids, firsts = self._group(numbers)
                heads = picked(cells, firsts) if len(firsts) < len(rows) and firsts else cells
                bad = self._head_troubles(heads, firsts, numbers, readers, where) if firsts else {}
                if not bad:
                    self._write(cells, heads, numbers, ids, firsts, lines, where, readers)
                    return
                self._forget(numbers, firsts)
            self.last_number = before
            rows, where = self._left(rows, where, bad, numbers)

    def _left(
        self, rows: Rows, where: Sequence[int], bad: _Bad, numbers: Sequence[str | None]
    ) -> tuple[Rows, Sequence[int]]:
        for at, (column, trouble) in bad.items():
            record = self.head_table if trouble.code.startswith(("number", "id")) else self.line_table
            if numbers[at] in self.refused:
                record = self.head_table
            self.source.refuse(where[at], column, trouble, record, numbers[at] or "")
        kept = [at for at in range(len(rows)) if at not in bad]
        return [rows[at] for at in kept], [where[at] for at in kept]

    # Troubles

    def _numbers(self, cells: Cells, readers: Readers) -> tuple[list[Any], _Bad]:
        numbers = readers.number.values(cells)
        bad: _Bad = {at: (column, trouble) for at, column, trouble in readers.number.troubles(cells)}
        if None in numbers:
            self._carry_on(numbers, bad, readers.number.names[0])
        if numbers:
            self.last_number = numbers[-1] or self.last_number
        if self.refused:
            bad |= {
                at: self.refused[number]
                for at, number in enumerate(numbers)
                if number in self.refused and at not in bad
            }
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

    def _head_troubles(
        self, heads: Cells, firsts: Sequence[int], numbers: Sequence[Any], readers: Readers, where: Sequence[int]
    ) -> _Bad:
        found: dict[Any, tuple[str, Trouble]] = {}
        mild = []
        for reader in readers.order.values():
            reader.values(heads)
            for at, column, trouble in reader.troubles(heads):
                if reader.field.must:
                    found.setdefault(numbers[firsts[at]], (column, trouble))
                else:
                    mild.append((where[firsts[at]], column, trouble))
        if not found:
            for row, column, trouble in mild:
                self.source.warn(row, column, trouble, record=self.head_table)
            return {}
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

    def _forget(self, numbers: Sequence[str], firsts: Iterable[int]) -> None:
        for at in firsts:
            del self.seen[numbers[at]]

    def _positions(self, ids: Sequence[int]) -> list[int]:
        counts, base = self.counts, self.first_id
        positions = []
        for one in ids:
            place = counts[one - base] + 1
            counts[one - base] = place
            positions.append(place)
        return positions

    # Writing

    def _write(
        self,
        cells: Cells,
        heads: Cells,
        numbers: Sequence[str],
        ids: Sequence[int],
        firsts: Sequence[int],
        lines: dict[str, list[Any]],
        where: Sequence[int],
        readers: Readers,
    ) -> None:
        new = len(firsts)
        self.writer.new_ids(self.head_table, new)
        self.counts.extend([0] * new)
        self.best.extend([-1] * new)
        for sums in self.sums.values():
            sums.extend([0] * new)
        if new:
            new_numbers = [numbers[at] for at in firsts]
            self._watch_damage(new_numbers)
            if self.has_heads:
                self._write_heads(heads, new_numbers, ids[firsts[0]], [where[at] for at in firsts], readers)
        amounts: Amounts = ((), ())
        self.twice = frozenset()
        if self.format.rows == "line":
            amounts = self._write_lines(cells, numbers, ids, lines, where, readers)
        elif new < len(numbers):
            self._warn_repeated(numbers, firsts, where)
        self._add_up(cells, ids, amounts, readers)

    def _warn_repeated(self, numbers: Sequence[str], firsts: Sequence[int], where: Sequence[int]) -> None:
        fresh = set(firsts)
        for at, number in enumerate(numbers):
            if at not in fresh:
                trouble = Trouble(
                    "repeated", N_("Order {number} stands in the file twice; the first row counts."), number=number
                )
                self.source.warn(where[at], "", trouble, record=self.head_table, record_id=self.seen[number])

    def _watch_damage(self, numbers: Sequence[str]) -> None:
        self.long_numbers += sum(len(number) > 15 for number in numbers)
        self.damaged += sum(map(cleaning.is_damaged, numbers))

    def _write_heads(
        self, heads: Cells, numbers: Sequence[str], first: int, where: Sequence[int], readers: Readers
    ) -> None:
        values: dict[str, Any] = {
            name: reader.values(heads) for name, reader in readers.order.items() if name not in self.sums
        }
        count = len(numbers)
        words = self._status.words(heads) if self._status else None
        if self._status:
            values["status"] = self._status.values(heads)
            self._warn_words(heads, where)
        if self._refund:
            values["refund_state"] = self._refund.values(heads)
        self._shop(values)
        self.source.spans(values.get("created_at") or values.get("paid_at") or ())
        values["person"] = self._persons(values, where, readers)
        for name in _HEAD_ONLY:
            values.pop(name, None)
        self.writer.write_columns(
            "order_",
            {
                "id": range(first, first + count),
                "source": repeat(self.source.id, count),
                "row": where,
                "platform": repeat(self.format.platform, count),
                "number": numbers,
                "currency": repeat(readers.currency, count),
                "status_words": words,
                "extra": self._extra.values(heads),
                **values,
            },
        )

    def _warn_words(self, heads: Cells, where: Sequence[int]) -> None:
        assert self._status is not None
        for at, word in self._status.unknown_words(heads):
            trouble = Trouble(
                "status", N_("“{word}” is no order status known here; the dates decide instead."), word=word
            )
            self.source.warn(where[at], "", trouble, record=self.head_table)

    def _shop(self, values: dict[str, Any]) -> None:
        if "shop_id" in values:
            values["shop_id"] = [None if shop == "0" else shop for shop in values["shop_id"]]
            self.source.shop_id = self.source.shop_id or next(filter(None, values["shop_id"]), None)
        if "shop_name" in values:
            values["shop_name"] = [None if shop == "0" else shop for shop in values["shop_name"]]
            self.source.shop_name = self.source.shop_name or next(filter(None, values["shop_name"]), None)

    def _persons(self, values: dict[str, Any], where: Sequence[int], readers: Readers) -> list[int | None] | None:
        handles = values.get("buyer")
        if handles is None:
            return None
        people = self.source.people
        ids = list(map(people.__getitem__, handles))
        if people.fresh:
            self._write_persons(values, where, ids, [at for at, one in enumerate(ids) if self._is_fresh(one)])
        return ids

    def _is_fresh(self, person: int | None) -> bool:
        fresh = self.source.people.fresh
        if person in fresh:
            fresh.discard(person)
            return True
        return False

    def _write_persons(
        self, values: dict[str, list[Any]], where: Sequence[int], ids: Sequence[int | None], fresh: Sequence[int]
    ) -> None:
        blank = [None] * len(where)
        names = values.get("buyer_name") or values.get("receiver") or blank
        columns = [
            where, values["buyer"], names, values.get("phone") or blank, values.get("buyer_email") or blank,
            values.get("region") or blank, values.get("address") or blank,
        ]  # fmt: skip
        rows = ((ids[at], self.source.id, self.format.platform, 0, *(column[at] for column in columns)) for at in fresh)
        self.writer.write(
            "person",
            ("id", "source", "platform", "from_file", "row", "handle", "name", "phone", "email", "region", "address"),
            rows,
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
        """Write the lines of a batch. Returns the order and the amount of each."""
        rows = self._rows_with_line(lines)
        if rows is not None:
            cells = picked(cells, rows) if rows else []
            numbers = [numbers[at] for at in rows]
            ids, where = [ids[at] for at in rows], [where[at] for at in rows]
            lines = {name: [values[at] for at in rows] for name, values in lines.items()}
        if not numbers:
            return (), ()
        count = len(numbers)
        positions = self._positions(ids)
        columns = self._line_values(cells, lines, where, readers)
        line_ids = self.writer.new_ids("line", count)
        keys, merged = self._keys(ids, columns.pop("line_key", None), positions, line_ids)
        self.writer.write_columns(
            "line",
            {
                "id": line_ids,
                "source": repeat(self.source.id, count),
                "row": where,
                "order_id": ids if self.has_heads else None,
                "platform": repeat(self.format.platform, count),
                "number": numbers,
                "position": positions,
                "line_key": keys,
                "merged_into": merged,
                "currency": repeat(readers.currency, count),
                "extra": None if self.has_heads else self._extra.values(cells),
                **columns,
            },
        )
        return ids, columns.get("amount") or [None] * count

    def _rows_with_line(self, lines: dict[str, list[Any]]) -> list[int] | None:
        """The rows that hold an item at all, None for all of them (summary rows of eBay hold none)."""
        named = [values for name, values in lines.items() if name in {"name", "code", "item_id"}]
        if not named or any(None not in values for values in named):
            return None
        rows = [at for at, row in enumerate(zip(*named, strict=True)) if any(row)]
        return None if len(rows) == len(named[0]) else rows

    def _line_values(
        self, cells: Cells, lines: dict[str, list[Any]], where: Sequence[int], readers: Readers
    ) -> dict[str, Any]:
        columns: dict[str, Any] = dict(lines)
        count = len(where)
        blank: list[Any] = [None] * count
        if "qty" not in columns or None in columns["qty"]:
            columns["qty"] = [1 if qty is None else qty for qty in columns.get("qty", blank)]
        self._prices(cells, columns, where, readers)
        codes = columns.get("code", blank)
        names = columns.get("name", blank)
        columns["kind"] = self._kinds(codes, count)
        columns["item"] = self.source.items.ids(
            codes, columns.get("item_id", blank), names, columns.get("options", blank), columns.pop("barcode", None)
        )
        if self.format.charges or self.format.discounts:
            pairs = zip(columns["item"], columns["kind"], strict=True)
            columns["item"] = [item if kind == "goods" else None for item, kind in pairs]
        if self._line_status:
            columns["status"] = self._line_status.values(cells)
        if self._line_refund:
            columns["refund_state"] = self._line_refund.values(cells)
        return columns

    def _kinds(self, codes: Sequence[str | None], count: int) -> Iterable[str]:
        charges, discounts = self.format.charges, self.format.discounts
        if not charges and not discounts:
            return repeat("goods", count)
        return ["charge" if code in charges else "discount" if code in discounts else "goods" for code in codes]

    def _prices(self, cells: Cells, columns: dict[str, Any], where: Sequence[int], readers: Readers) -> None:
        """Price from amount and quantity or the other way round; a product is rounded once, half to even."""
        if "price" in columns:
            if "amount" not in columns:
                products = (
                    [
                        None if price is None else price * qty
                        for price, qty in zip(columns["price"], columns["qty"], strict=True)
                    ]
                    if None in columns["price"]
                    else list(map(mul, columns["price"], columns["qty"]))
                )
                columns["amount"] = self._rounded(cells, products, columns["qty"], where, readers)
        elif "amount" in columns:
            columns["price"] = [
                None if amount is None else _each(amount, qty)
                for amount, qty in zip(columns["amount"], columns["qty"], strict=True)
            ]

    def _rounded(
        self, cells: Cells, products: list[Any], quantities: Sequence[int], where: Sequence[int], readers: Readers
    ) -> list[Any]:
        reader = readers.line["price"]
        column = reader.column if isinstance(reader, Single) else None
        if not isinstance(column, MoneyColumn) or not column.inexact:
            return products
        unit = 10 ** money.exponent(readers.currency)
        assert isinstance(reader, Single)
        for at, cell in enumerate(cells[reader.at]):
            price = column.inexact.get(cell)
            if price is not None:
                exact = price * quantities[at] * unit
                products[at] = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
                self._warn_rounded(exact, products[at], unit, reader.names[0], where[at])
        return products

    def _warn_rounded(self, exact: Decimal, rounded: int, unit: int, column: str, row: int) -> None:
        if exact != rounded:
            self.source.rounded_off += (exact - rounded) / unit
            trouble = Trouble(
                "rounded",
                N_("{exact} was rounded to {rounded}, the smallest coin there is."),
                exact=f"{(exact / unit).normalize():f}",
                rounded=f"{Decimal(rounded) / unit:f}",
            )
            self.source.warn(row, column, trouble, record=self.line_table)

    def _keys(
        self, ids: Sequence[int], keys: list[Any] | None, positions: Sequence[int], line_ids: range
    ) -> tuple[Iterable[str], list[int | None] | None]:
        """The key of each line in its order; a line that stands in the file twice points at the first."""
        if keys is None:
            return map(str, positions), None
        known: dict[tuple[int, str], int] = {(self.last_keys[0], key): line for key, line in self.last_keys[1].items()}
        found = [key or str(place) for key, place in zip(keys, positions, strict=True)]
        merged = []
        for one, key, line in zip(ids, found, line_ids, strict=True):
            first = known.setdefault((one, key), line)
            merged.append(None if first == line else first)
        last = ids[-1]
        self.last_keys = (last, {key: line for (one, key), line in known.items() if one == last})
        self.twice = frozenset(at for at, first in enumerate(merged) if first)
        return found, merged if self.twice else None

    def _add_up(self, cells: Cells, ids: Sequence[int], amounts: Amounts, readers: Readers) -> None:
        """Order figures that are sums over its rows: of a column, else of the lines' amounts."""
        base = self.first_id
        for name, sums in self.sums.items():
            column = readers.order.get(name)
            pairs = zip(ids, column.values(cells), strict=True) if column else zip(*amounts, strict=True)
            for at, (one, value) in enumerate(pairs):
                if value and at not in self.twice:
                    sums[one - base] += value
        if self.format.status_from == "lines" and self._status:
            self._best_status(ids, self._status.values(cells))

    def _best_status(self, ids: Sequence[int], statuses: Sequence[str | None]) -> None:
        base, best = self.first_id, self.best
        for one, status in zip(ids, statuses, strict=True):
            if status:
                rank, before = RANK[status], best[one - base]
                if before in {-1, RANK["closed"]} or (rank < before and rank != RANK["closed"]):
                    best[one - base] = rank

    # The end

    def finish(self) -> None:
        """Stage what could only be known at the end: sums, statuses, damage."""
        connection = self.writer.connection
        if self.has_heads:
            for name, sums in self.sums.items():
                connection.executemany(
                    f'UPDATE {self.head_table} SET "{name}" = ? WHERE id = ?',
                    zip(sums, range(self.first_id, self.first_id + len(sums)), strict=True),
                )
            if self.format.status_from == "lines":
                words = list(RANK)
                connection.executemany(
                    "UPDATE order_ SET status = ? WHERE id = ?",
                    [(words[rank], self.first_id + at) for at, rank in enumerate(self.best) if rank >= 0],
                )
            self._infer()
        if self.long_numbers and self.damaged * 10 >= self.long_numbers * 9 and self.damaged >= 3:
            self._warn_damaged()

    def _warn_damaged(self) -> None:
        trouble = Trouble(
            "damaged",
            N_(
                "{n} of {all} order numbers end in zeros: a spreadsheet has rounded them. The orders go in and"
                " join within these files, but their true numbers are lost."
            ),
            fix=EXPORT_ADVICE,
            n=self.damaged,
            all=self.long_numbers,
        )
        self.source.warn_once(trouble, self._readers_for(self.source.setting.currency).number.names[0])
        self.writer.connection.execute(
            "UPDATE order_ SET number_damaged = 1 WHERE source = ? AND length(number) > 15"
            " AND ltrim(substr(number, 16), '0') = ''",
            (self.source.id,),
        )

    def _infer(self) -> None:
        """What follows from the rest where the file does not say it."""
        run = self.writer.connection.execute
        mine = (self.source.id,)
        order = self._readers_for(self.source.setting.currency).order
        if self._status:
            run(
                "UPDATE order_ SET status = CASE WHEN closed_at IS NOT NULL THEN 'closed'"
                " WHEN done_at IS NOT NULL THEN 'done' WHEN shipped_at IS NOT NULL THEN 'shipped'"
                " WHEN paid_at IS NOT NULL OR paid > 0 THEN 'to_ship' ELSE 'unpaid' END"
                " WHERE source = ? AND status IS NULL",
                mine,
            )
        if "total" not in order and "goods" in (*order, *self.sums):
            run(
                "UPDATE order_ SET total = goods + coalesce(postage, 0) + coalesce(tax, 0) - coalesce(discount, 0)"
                " WHERE source = ? AND total IS NULL",
                mine,
            )
        if self.format.paid_is_net:
            run("UPDATE order_ SET paid = paid + refunded WHERE source = ? AND refunded > 0", mine)
        if "paid" not in order and "paid" not in self.sums:
            run(
                "UPDATE order_ SET paid = CASE WHEN status = 'unpaid' THEN 0"
                " WHEN status = 'closed' AND paid_at IS NULL AND coalesce(refund_state, '') <> 'full' THEN 0"
                " ELSE total END WHERE source = ? AND total IS NOT NULL",
                mine,
            )
        run(
            "UPDATE order_ SET refunded = paid WHERE source = ? AND refund_state = 'full' AND coalesce(refunded, 0) = 0",
            mine,
        )
        run(
            "UPDATE order_ SET refund_state = CASE WHEN refunded >= paid THEN 'full' ELSE 'partial' END"
            " WHERE source = ? AND refunded > 0",
            mine,
        )
        run("UPDATE order_ SET paid_at = created_at WHERE source = ? AND paid_at IS NULL AND paid > 0", mine)


def _each(amount: int, qty: int) -> int:
    return round(Decimal(amount) / qty) if qty else amount
