"""One sheet of one dropped file while it is staged: its layout, its counts, its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat
from typing import Any, Protocol

from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.columns import Layout, Setting
from shopdesk.exchange.formats import Format
from shopdesk.exchange.staging import Writer
from shopdesk.exchange.tables import Rows
from shopdesk.exchange.wording import Extra

_FOOTERS = ("合计", "总计", "汇总", "小计", "共计", "seller id", "total:", "totals:")


class People(dict[Any, int | None]):
    """The buyers of one platform met so far, over all files: account -> id of the staged person.

    Asking for an account not met before gives it an id and notes it in `fresh`, to be written by who asked.
    """

    def __init__(self, writer: Writer) -> None:
        super().__init__({None: None, "": None})
        self.writer = writer
        self.fresh: set[int] = set()

    def __missing__(self, handle: str) -> int:
        (new,) = self.writer.new_ids("person", 1)
        self[handle] = new
        self.fresh.add(new)
        return new


class _Known(dict[tuple[Any, ...], int | None]):
    def __init__(self, ask: Callable[[tuple[Any, ...]], int | None]) -> None:
        super().__init__()
        self.ask = ask

    def __missing__(self, row: tuple[Any, ...]) -> int | None:
        found = self[row] = self.ask(row)
        return found


_ITEM = ("id", "platform", "code", "item_id", "name", "options", "barcode", "key")


class Items:
    """The SKUs met so far, over all files, known by code, else item and options, else name."""

    def __init__(self, writer: Writer, platform: str) -> None:
        self.writer = writer
        self.platform = platform
        self._by_key: dict[str, int] = {}
        self._memo = _Known(self._remember)
        self._unnamed: set[str] = set()
        self._fresh: list[tuple[Any, ...]] = []

    def ids(
        self,
        codes: Sequence[str | None],
        item_ids: Sequence[str | None],
        names: Sequence[str | None],
        options: Sequence[str | None],
        barcodes: Sequence[str | None] | None = None,
    ) -> list[int | None]:
        """The id of each SKU, None where nothing names one."""
        if len(self._memo) > 200_000:
            self._memo.clear()
        rows = zip(codes, item_ids, names, options, barcodes or repeat(None), strict=False)
        found = list(map(self._memo.__getitem__, rows))
        self._write_fresh()
        return found

    def _write_fresh(self) -> None:
        if self._fresh:
            self.writer.write("item", _ITEM, self._fresh)
            self._fresh = []

    def _remember(self, row: tuple[Any, ...]) -> int | None:
        key = sku_key(*row[:4])
        found = self._by_key.get(key) if key else None
        if key and found is None:
            code, item_id, name, options, barcode = row
            (found,) = self.writer.new_ids("item", 1)
            self._fresh.append((found, self.platform, code, item_id, name, options, barcode, key))
            self._by_key[key] = found
            self._unnamed |= {key} if name is None else set()
        elif key in self._unnamed and found is not None and row[2] is not None:
            self._unnamed.discard(key)
            self._write_fresh()
            self.writer.update("item", found, name=row[2])
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
    workbook: bool = False
    bought: str = ""
    """The order that the rows of a file of purchases are about."""

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
