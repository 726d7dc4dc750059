"""What a dropped file is: its sheets, their headers and layouts, before any row is staged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from shopdesk.core.errors import FileRefused
from shopdesk.core.words import N_
from shopdesk.exchange import tables
from shopdesk.exchange.formats import HEADER_ROWS, Format, FormatSet, from_dict
from shopdesk.exchange.sniff import Sniffed, size_of, sniff
from shopdesk.exchange.tables import Rows, TextForm

SAMPLE = 30
_PEEK = 80
_SEEN = 300
"""Characters of a cell that are shown."""

_SEEN_COLUMNS = 500
_TRIED = (",", "\t", ";", "|")

UNKNOWN = N_("The layout of this file is not known.")
NOT_ITS_COLUMNS = N_("The file does not have the columns of the layout “{name}”.")
UNKNOWN_FIX = N_("Open it on the import page and say once what its columns mean.")


@dataclass(slots=True)
class Sheet:
    """One table in a file. `batches` yields its rows from the first line on, once."""

    name: str
    batches: Callable[[], Iterator[Rows]]
    first: Rows
    header_row: int = 0
    format: Format | None = None
    form: TextForm | None = None
    rows: int = 0

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return self.first[self.header_row] if self.first else []

    @property
    def sample(self) -> Rows:
        """Some rows below the header."""
        after = self.header_row + 1 + (self.format.skip if self.format else 0)
        return self.first[after : after + SAMPLE]


@dataclass(slots=True)
class Inspected:
    """A dropped file, looked at. `stack` holds what stays open until it has been staged."""

    path: Path
    size: int
    sniffed: Sniffed
    sheets: list[Sheet] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the owner said about a file: a layout by id, or one made in the mapping screen."""

    format: Format | None = None

    @classmethod
    def of(cls, said: str | Mapping[str, Any] | None, formats: FormatSet) -> Wanted:
        """From an id or a layout's dict. Raises FileRefused for an id that there is not."""
        if said is None:
            return cls()
        if not isinstance(said, str):
            return cls(from_dict(said))
        if said not in formats.by_id:
            raise FileRefused(N_("There is no layout “{name}”."), name=said)
        return cls(formats.by_id[said])


def inspect(path: Path, formats: FormatSet, wanted: Wanted, moved: Callable[[int], None] | None = None) -> Inspected:
    """Look at a file. Raises FileRefused with a sentence when it holds no table.

    `moved` hears the bytes read later on.
    """
    found = Inspected(path, size_of(path), sniff(path))
    if found.sniffed.kind == "workbook":
        _workbook(found, formats, wanted, moved)
    else:
        found.sheets.append(_text(path, found.sniffed, formats, wanted, moved))
    if not any(any(map(any, sheet.first)) for sheet in found.sheets):
        found.stack.close()
        raise FileRefused(N_("The file holds no rows."))
    return found


def _text(
    path: Path, sniffed: Sniffed, formats: FormatSet, wanted: Wanted, moved: Callable[[int], None] | None
) -> Sheet:
    best: Sheet | None = None
    for sign in dict.fromkeys((sniffed.delimiter, *_TRIED)):
        sheet = _text_sheet(path, tables.text_form(sniffed, delimiter=sign), moved)
        best = best or sheet
        if _recognise(sheet, formats, wanted):
            assert sheet.format is not None
            return sheet if sheet.format.quoting else _unquoted(sheet, path, moved)
    assert best is not None
    return best


def _text_sheet(path: Path, form: TextForm, moved: Callable[[int], None] | None) -> Sheet:
    first = next(tables.text_batches(path, form, batch=_PEEK), [])
    return Sheet("", lambda: tables.text_batches(path, form, moved=moved), first, form=form)


def _unquoted(sheet: Sheet, path: Path, moved: Callable[[int], None] | None) -> Sheet:
    assert sheet.form is not None
    form = TextForm(sheet.form.encoding, sheet.form.delimiter, quoting=False, doubtful=sheet.form.doubtful)
    plain = _text_sheet(path, form, moved)
    plain.header_row, plain.format = sheet.header_row, sheet.format
    return plain


def _workbook(found: Inspected, formats: FormatSet, wanted: Wanted, moved: Callable[[int], None] | None) -> None:
    def heard(part: float) -> None:
        if moved:
            moved(int(part * found.size))

    book = found.stack.enter_context(tables.workbook(found.path))
    for name in tables.sheet_names(book):
        rows = tables.sheet_batches(book, name, moved=heard)
        first = next(rows, [])
        if any(map(any, first)):
            sheet = Sheet(name, _chained(first, rows), first)
            _recognise(sheet, formats, wanted)
            found.sheets.append(sheet)


def _chained(first: Rows, rest: Iterator[Rows]) -> Callable[[], Iterator[Rows]]:
    return lambda: chain([first], rest)


def _recognise(sheet: Sheet, formats: FormatSet, wanted: Wanted) -> bool:
    """Find the header row and the layout; without one, the row that looks most like a header."""
    chosen = FormatSet([wanted.format]) if wanted.format else formats
    known = chosen.header_in(sheet.first)
    if known:
        sheet.header_row, sheet.format = known
        return True
    sheet.header_row = likely_header(sheet.first)
    return False


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """The first of the rows that have the most filled cells; names are no numbers."""
    widths = [sum(1 for cell in row if cell.strip()) for row in rows[:HEADER_ROWS]]
    widest = max(widths, default=0)
    return next((at for at, width in enumerate(widths) if width == widest), 0)


def seen_rows(sheet: Sheet) -> Rows:
    """The sample as the owner looks at it."""
    return [clipped(row[:_SEEN_COLUMNS]) for row in sheet.sample]


def clipped(row: list[str]) -> list[str]:
    """Cells as the owner looks at them: what she cannot read is not carried to the window."""
    return [cell[:_SEEN] for cell in row]


def readable(name: str) -> str:
    """The name of a file as text; one from an old Chinese system is no UTF-8."""
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
