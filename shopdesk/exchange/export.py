"""Tables out: CSV (UTF-8 with BOM, as spreadsheets expect) and XLSX, row by row in constant memory.

Every cell is data: see cells.py for what a spreadsheet would take for something else.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

from shopdesk.core import money
from shopdesk.core.durable import written
from shopdesk.core.own import Left
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import not_written
from shopdesk.exchange import own, own_views
from shopdesk.exchange.cells import CELL, guarded, sheet_cells

_EVERY = 500
_HEADING = 200
_SHEET_ROWS = 1_048_575
_NUMBERS = frozenset({"number", "money", "share", "stars"})
_PLACES = {"money": "#,##0.00", "share": "0.0%"}

Row = Sequence[object]
Put = Callable[[Row], None]


class Task(Protocol):
    """Who watches how far it is (ui.worker.Task)."""

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Told after every few hundred rows; may raise to stop."""


def write_view(
    path: Path, *, title: str, headings: list[str], kinds: list[str], rows: Iterator[list[object]], task: Task
) -> int:
    """Write the rows of a view; XLSX when the name ends so, else CSV. Returns the number of rows.

    `kinds` (text, number, money, day, time, share) say which cells a workbook keeps as numbers.
    Raises DiskTrouble; then what was there before is untouched.
    """
    with _file(path) as part:
        open_writer = _xlsx if path.suffix.lower() == ".xlsx" else _csv
        with open_writer(part, title, headings, kinds, guard=False) as put:
            count = 0
            for count, row in enumerate(rows, 1):
                put(row)
                if count % _EVERY == 0:
                    task.progress(count, 0)
    return count


def export_tables(con: Connection, folder: Path, *, xlsx: bool = False) -> list[str]:
    """Write every table of the shop into a folder; the names of the files. Raises DiskTrouble.

    What is written are the facts, by names instead of ids: a new shop that imports the files is the same.
    """
    with not_written(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = []
    con.execute("BEGIN")
    try:
        for table in own.TABLES:
            name = f"{table.name}.{'xlsx' if xlsx else 'csv'}"
            with (
                _file(folder / name) as part,
                (_xlsx if xlsx else _csv)(part, table.name, table.header, table.kinds, guard=True) as put,
            ):
                for row in table_rows(con, table):
                    put(row)
            names.append(name)
    finally:
        con.execute("ROLLBACK")
    return names


def table_rows(con: Connection, table: own.Table) -> Iterator[Row]:
    """The rows of a table as they are written: money as decimal numbers, nothing as ""."""
    monies = [at for at, kind in enumerate(table.kinds) if kind == "money"]
    currency = table.header.index("currency") if monies else 0
    for found in con.execute(table.select()):
        row = ["" if value is None else value for value in found]
        for at in monies:
            if row[at] != "":
                row[at] = money.plain(int(row[at]), str(row[currency]))
        yield row


def export_own(con: Connection, folder: Path, *, xlsx: bool = False, tell: Callable[[str], object]) -> list[str]:
    """Write the owner's own tables as `own NAME.csv`; `tell` hears of files that are not used. Raises DiskTrouble."""
    names = []
    for found in own_views.answers(con):
        if isinstance(found, Left):
            tell(str(found))
            continue
        title, table = found
        name = f"own {title}.{'xlsx' if xlsx else 'csv'}"
        headings, kinds = [column[:_HEADING] for column in table.columns], own_views.kinds_of(table)
        with (
            _file(folder / name) as part,
            (_xlsx if xlsx else _csv)(part, title, headings, kinds, guard=True) as put,
        ):
            for row in table.rows:
                put(row)
        names.append(name)
    return names


# Writers


@contextmanager
def _csv(path: Path, _title: str, headings: Iterable[str], kinds: Sequence[str], *, guard: bool) -> Iterator[Put]:
    texts = [kind not in _NUMBERS for kind in kinds]
    del guard  # a CSV file has no other way to say that a cell is text
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        # quoted, so that a spreadsheet that parts cells at commas, semicolons and tabs alike finds none in a text
        writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(map(guarded, headings))

        def put(row: Row) -> None:
            writer.writerow(
                [guarded(str(cell)) if text else cell for cell, text in zip(_filled(row), texts, strict=True)]
            )

        yield put


def _filled(row: Row) -> list[object]:
    return ["" if cell is None else cell for cell in row]


@contextmanager
def _xlsx(path: Path, title: str, headings: Iterable[str], kinds: Sequence[str], *, guard: bool) -> Iterator[Put]:
    import xlsxwriter  # loaded when a workbook is written

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = _Sheet(book, title, list(headings), kinds, guard=guard)
    try:
        yield sheet.put
    finally:
        book.close()


def _shown_cell(text: str) -> list[str]:
    """A text of a view, cut where a cell ends."""
    return [text[: 2 * CELL]]


def _number(cell: object) -> float | None:
    """The number of a cell; None for a dash that stands for none."""
    try:
        found = float(str(cell))
    except ValueError:
        return None
    return found if isfinite(found) else None


class _Sheet:
    """One table in a workbook; goes on in another sheet where one is full."""

    def __init__(self, book: Any, title: str, headings: list[str], kinds: Sequence[str], *, guard: bool) -> None:
        self._book = book
        self._title = "".join(c for c in title if c not in r"[]:*?/\'")[:24] or "1"
        self._headings = headings
        self._cells = sheet_cells if guard else _shown_cell
        self._numbers = [kind in _NUMBERS for kind in kinds]
        formats = {kind: book.add_format({"num_format": form}) for kind, form in _PLACES.items()}
        self._formats = [None if guard else formats.get(kind) for kind in kinds]
        self._bold = book.add_format({"bold": True})
        self._sheets = 0
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for at, heading in enumerate(self._headings):
            self._sheet.write_string(0, at, heading, self._bold)
        self._row = 0

    def put(self, row: Row) -> None:
        """Write one row."""
        if self._row >= _SHEET_ROWS:
            self._new_sheet()
        self._row += 1
        behind = len(row)
        for at, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            number = _number(cell) if self._numbers[at] else None
            if number is not None:
                self._sheet.write_number(self._row, at, number, self._formats[at])
            else:
                first, *more = self._cells(str(cell))
                self._sheet.write_string(self._row, at, first)
                for part in more:
                    self._sheet.write_string(self._row, behind, f"{at}:{part}")
                    behind += 1


@contextmanager
def _file(path: Path) -> Iterator[Path]:
    """A file that takes its place only when it is whole; the disk's refusal is a sentence."""
    with not_written(path), written(path) as part:
        yield part
