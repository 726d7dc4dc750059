"""One sheet of one dropped file while it is staged: its layout, its counts, its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.columns import Extra, Layout, Setting
from shopdesk.exchange.formats import Format
from shopdesk.exchange.staging import Writer
from shopdesk.exchange.tables import Rows

_FOOTERS = ("合计", "总计", "汇总", "小计", "共计", "seller id", "total:", "totals:")


@dataclass(slots=True)
class People:
    """The buyers met so far, by platform and account, over all files."""

    writer: Writer
    known: dict[tuple[str, str], int] = field(default_factory=dict)


class Items:
    """The SKUs met so far, over all files, known by code, else item and options, else name."""

    def __init__(self, writer: Writer, platform: str) -> None:
        self.writer = writer
        self.platform = platform
        self._by_key: dict[str, int] = {}
        self._memo: dict[tuple[Any, ...], int | None] = {}

    def ids(
        self,
        codes: Sequence[str | None],
        item_ids: Sequence[str | None],
        names: Sequence[str | None],
        options: Sequence[str | None],
        barcodes: Sequence[str | None] | None = None,
    ) -> list[int | None]:
        """The id of each SKU, None where nothing names one."""
        memo = self._memo
        known: list[int | None] = []
        rows = zip(codes, item_ids, names, options, barcodes or [None] * len(codes), strict=True)
        for row in rows:
            found = memo.get(row)
            if found is None and row not in memo:
                found = self._remember(row)
            known.append(found)
        return known

    def _remember(self, row: tuple[Any, ...]) -> int | None:
        key = sku_key(*row[:4])
        if len(self._memo) > 200_000:
            self._memo.clear()
        found = self._by_key.get(key) if key else None
        if key and found is None:
            code, item_id, name, options, barcode = row
            found = self.writer.add(
                "item", platform=self.platform, code=code, item_id=item_id, name=name, options=options,
                barcode=barcode, key=key,
            )  # fmt: skip
            self._by_key[key] = found
        self._memo[row] = found
        return found


def sku_key(code: str | None, item_id: str | None, name: str | None, options: str | None) -> str | None:
    """What makes a SKU one: its code, else item and options, else name and options; None for nothing."""
    if code:
        return f"c:{code}"
    if item_id:
        return f"i:{item_id}\x1f{options or ''}"
    return f"n:{name}\x1f{options or ''}" if name else None


@dataclass(slots=True)
class Source:
    """One sheet of one file. Row numbers are those that a spreadsheet shows."""

    id: int
    file_id: int
    writer: Writer
    layout: Layout
    setting: Setting
    people: People
    items: Items
    rows_read: int = 0
    rows_refused: int = 0
    period: tuple[str, str] | None = None
    shop_id: str | None = None
    shop_name: str | None = None
    rounded_off: Decimal = Decimal(0)
    warned: set[str] = field(default_factory=set)

    @property
    def format(self) -> Format:
        """The layout's description."""
        return self.layout.format

    def refuse(self, row: int, column: str, trouble: Trouble, record: str, number: str = "") -> None:
        """A row that is not used."""
        self.rows_refused += 1
        self.writer.refuse(
            source=self.id, file=self.file_id, row=row, column=column, trouble=trouble, record=record, number=number
        )

    def warn(
        self, row: int | None, column: str, trouble: Trouble, *, record: str = "", record_id: int | None = None
    ) -> None:
        """Something that the owner should know."""
        self.writer.warn(
            source=self.id, file=self.file_id, row=row, column=column, trouble=trouble, record=record,
            record_id=record_id,
        )  # fmt: skip

    def warn_once(self, trouble: Trouble, column: str = "") -> None:
        """Something that holds for the whole file."""
        if trouble.code not in self.warned:
            self.warned.add(trouble.code)
            self.warn(None, column, trouble)

    def spans(self, times: Iterable[str | None]) -> None:
        """Take these times into the period of the file."""
        known = [time for time in times if time]
        if known:
            first, last = min(known), max(known)
            before = self.period or (first, last)
            self.period = (min(before[0], first), max(before[1], last))

    def extra(self) -> Extra:
        """The reader of the columns that nobody uses."""
        names = [] if self.format.exact else self.layout.unused()
        return Extra(names, [self.layout.place(name) for name in names])


class Stager(Protocol):
    """Turns the rows of one source into staged records."""

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""

    def finish(self) -> None:
        """Stage what could only be known at the end."""


def without_blank(rows: Rows, first: int) -> tuple[Rows, Sequence[int]]:
    """The rows that hold anything, and their row numbers."""
    if all(map(any, rows)):
        return rows, range(first, first + len(rows))
    kept = [(row, first + at) for at, row in enumerate(rows) if any(map(str.strip, row))]
    return [row for row, _ in kept], [at for _, at in kept]


def without_footer(rows: Rows, where: Sequence[int]) -> tuple[Rows, Sequence[int]]:
    """The last rows of a file without its sums and its closing remarks."""
    end = len(rows)
    while end and _is_footer(rows[end - 1]):
        end -= 1
    return rows[:end], where[:end]


def _is_footer(row: Sequence[str]) -> bool:
    filled = [cell.strip().casefold() for cell in row if cell.strip()]
    if not filled or filled[0].startswith(_FOOTERS):
        return True
    return len(filled) <= 2 and any("record(s) downloaded" in cell for cell in filled)


def with_last(batches: Iterable[Rows]) -> Iterator[tuple[Rows, bool]]:
    """The batches, each with whether it is the last."""
    before: Rows | None = None
    for batch in batches:
        if before is not None:
            yield before, False
        before = batch
    if before is not None:
        yield before, True
