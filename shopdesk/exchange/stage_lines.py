"""The line cells of a batch as staged lines: what was sold, how many, for how much."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import repeat
from operator import mul
from typing import Any

from shopdesk.core import money
from shopdesk.core.words import N_
from shopdesk.exchange.amounts import MoneyColumn
from shopdesk.exchange.batch import Amounts, Batch
from shopdesk.exchange.cleaning import Trouble, is_damaged
from shopdesk.exchange.readers import Single
from shopdesk.exchange.source import Source
from shopdesk.exchange.wording import Extra

_Columns = dict[str, Any]


class LineWriter:
    """Writes line rows; a line's place is its position in its order."""

    def __init__(self, source: Source, first_order: int) -> None:
        self.source = source
        self.writer = source.writer
        self.format = source.format
        self.first_order = first_order
        self.counts: list[int] = []
        self._last_keys: tuple[int, dict[str, int]] = (0, {})
        self._status = source.layout.words(self.format.line_status)
        self._refund = source.layout.words(self.format.line_refund)

    def write(
        self, batch: Batch, lines: _Columns, *, with_orders: bool, extra: Extra, told: Collection[int]
    ) -> Amounts:
        """Write the lines of a batch.

        The columns that nobody uses (`extra`) go with the line, but for the rows in `told`, where they stand
        with the order already.
        """
        rows = _rows_with_line(lines)
        if rows is not None:
            if not rows:
                return Amounts()
            batch = batch.only(rows)
            lines = {name: [values[at] for at in rows] for name, values in lines.items()}
        columns = self.values(batch, lines)
        positions = self.positions(batch.ids)
        line_ids = self.writer.new_ids("line", len(batch))
        keys, merged = self._keys(batch.ids, columns.pop("line_key", None), positions, line_ids)
        own = {
            "id": line_ids,
            "order_id": batch.ids if with_orders else None,
            "position": positions,
            "line_key": keys,
            "merged_into": merged,
            "extra": untold(extra.values(batch.cells), batch.where, told),
        }
        self.writer.write_columns("line", self._common(batch) | own | columns)
        twice = frozenset(at for at, first in enumerate(merged) if first) if merged else frozenset()
        return Amounts(batch.ids, columns.get("amount") or [None] * len(batch), twice)

    def _common(self, batch: Batch) -> _Columns:
        count = len(batch)
        return {
            "source": repeat(self.source.id, count),
            "row": batch.where,
            "platform": repeat(self.format.platform, count),
            "number": batch.numbers,
            "currency": repeat(batch.readers.currency, count),
        }

    def positions(self, ids: Sequence[int]) -> list[int]:
        """The place of each line in its order, from 1."""
        counts, base = self.counts, self.first_order
        counts.extend([0] * (max(ids) - base + 1 - len(counts)))
        positions = []
        for one in ids:
            place = counts[one - base] + 1
            counts[one - base] = place
            positions.append(place)
        return positions

    def values(self, batch: Batch, lines: _Columns) -> _Columns:
        """The clean values by field, with kind, SKU, price and amount."""
        columns = dict(lines)
        count = len(batch)
        blank: list[Any] = [None] * count
        if "qty" not in columns or None in columns["qty"]:
            columns["qty"] = [1 if qty is None else qty for qty in columns.get("qty", blank)]
        self._prices(batch, columns)
        codes, options = columns.get("code", blank), columns.get("options", blank)
        columns["kind"] = kinds = self._kinds(codes, count)
        items, names = columns.get("item_id", blank), columns.get("name", blank)
        if isinstance(kinds, list):  # a charge or a discount is no SKU
            goods = [kind == "goods" for kind in kinds]
            codes, items, names = (_only(cells, goods) for cells in (codes, items, names))
        columns["item"] = self.source.items.ids(codes, items, names, options, columns.pop("barcode", None))
        if self._status:
            columns["status"] = self._status.values(batch.cells)
        if self._refund:
            columns["refund_state"] = self._refund.values(batch.cells)
        return columns

    def _kinds(self, codes: Sequence[str | None], count: int) -> Iterable[str]:
        charges, discounts = self.format.charges, self.format.discounts
        if not charges and not discounts:
            return repeat("goods", count)
        return ["charge" if code in charges else "discount" if code in discounts else "goods" for code in codes]

    def _prices(self, batch: Batch, columns: _Columns) -> None:
        """Price from amount and quantity or the other way round; a product is rounded once, half to even."""
        if "price" in columns and "amount" not in columns:
            columns["amount"] = self._rounded(batch, _products(columns["price"], columns["qty"]), columns["qty"])
        elif "amount" in columns and "price" not in columns:
            pairs = zip(columns["amount"], columns["qty"], strict=True)
            columns["price"] = [None if amount is None else _each(amount, qty) for amount, qty in pairs]

    def _rounded(self, batch: Batch, products: list[Any], quantities: Sequence[int]) -> list[Any]:
        """The products again where the price has parts of the smallest coin."""
        reader = batch.readers.line["price"]
        if not isinstance(reader, Single) or not isinstance(reader.column, MoneyColumn) or not reader.column.inexact:
            return products
        unit = 10 ** money.exponent(batch.readers.currency)
        for at, cell in enumerate(batch.cells[reader.at]):
            price = reader.column.inexact.get(cell)
            if price is not None:
                exact = price * quantities[at] * unit
                products[at] = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
                self._warn_rounded(exact, products[at], unit, reader.names[0], batch.where[at])
        return products

    def _warn_rounded(self, exact: Decimal, rounded: int, unit: int, column: str, row: int) -> None:
        if exact == rounded:
            return
        self.source.rounded_off += (exact - rounded) / unit
        trouble = Trouble(
            "rounded",
            N_("{exact} was rounded to {rounded}, the smallest coin there is."),
            exact=f"{(exact / unit).normalize():f}",
            rounded=f"{Decimal(rounded) / unit:f}",
        )
        self.source.warn(row, column, trouble, record="line")

    def _keys(
        self, ids: Sequence[int], keys: list[Any] | None, positions: Sequence[int], line_ids: range
    ) -> tuple[Iterable[str], list[int | None] | None]:
        """The key of each line in its order; a line that stands in the file twice points at the first.

        Keys that a spreadsheet has rounded are none: the positions stand in.
        """
        if keys is None:
            return map(str, positions), None
        before, last_keys = self._last_keys
        known: dict[tuple[int, str], int] = {(before, key): line for key, line in last_keys.items()}
        rounded = sum(map(is_damaged, filter(None, keys))) * 10 >= len(keys) * 9
        pairs = zip(keys, positions, strict=True)
        found = [str(place) if rounded or not key else key for key, place in pairs]
        merged = []
        for one, key, line in zip(ids, found, line_ids, strict=True):
            first = known.setdefault((one, key), line)
            merged.append(None if first == line else first)
        last = ids[-1]
        self._last_keys = (last, {key: line for (one, key), line in known.items() if one == last})
        return found, merged if any(merged) else None


def _rows_with_line(lines: _Columns) -> list[int] | None:
    """The rows that hold an item at all, None for all of them (summary rows of eBay hold none)."""
    named = [values for name, values in lines.items() if name in {"name", "code", "item_id"}]
    if not named or any(None not in values for values in named):
        return None
    rows = [at for at, row in enumerate(zip(*named, strict=True)) if any(row)]
    return None if len(rows) == len(named[0]) else rows


def untold(extra: list[str | None] | None, where: Sequence[int], told: Collection[int]) -> list[str | None] | None:
    """The unused columns of the rows whose order has not told them already."""
    if extra is None or not told:
        return extra
    return [None if row in told else text for text, row in zip(extra, where, strict=True)]


def _products(prices: Sequence[Any], quantities: Sequence[int]) -> list[Any]:
    if None not in prices:
        return list(map(mul, prices, quantities))
    return [None if price is None else price * qty for price, qty in zip(prices, quantities, strict=True)]


def _each(amount: int, qty: int) -> int:
    return round(Decimal(amount) / qty) if qty else amount


def _only(cells: Sequence[str | None], taken: Sequence[bool]) -> list[str | None]:
    return [cell if take else None for cell, take in zip(cells, taken, strict=True)]
