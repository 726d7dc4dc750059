"""Rows of text out of a file: CSV and its kin, and workbooks (xlsx, xlsm, xlsb, xls, ods).

A table is read as batches of rows from its first line on, preamble and all; the caller finds the header.
Every cell is text, whatever a workbook says: no formula is computed and no number loses digits that the
file still has.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from shopdesk.core.errors import FileRefused
from shopdesk.core.words import N_
from shopdesk.exchange.sniff import HOLDS_NUL, ROW_LIMIT, Sniffed, bytes_of

BATCH = 4096
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text file is cut into cells. `quoting` is false where quotes are plain characters."""

    encoding: str
    delimiter: str
    quoting: bool = True
    doubtful: bool = False


class _Counting(io.RawIOBase):
    """Counts the bytes read, for progress and for rows that are too long."""

    def __init__(self, path: Path) -> None:
        self._raw = bytes_of(path)
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got = self._raw.readinto(buffer)
        self.position += got
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()


def text_batches(
    path: Path, form: TextForm, *, moved: Callable[[int], None] | None = None, batch: int = BATCH
) -> Iterator[Rows]:
    """The rows of a text file in batches; `moved` hears the bytes read so far.

    Raises FileRefused for a row over 1 MB and for text that the encoding does not fit.
    """
    raw = _Counting(path)
    csv.field_size_limit(ROW_LIMIT)
    errors = "replace" if form.doubtful else "strict"
    with io.TextIOWrapper(
        io.BufferedReader(raw, 256 * 1024), encoding=form.encoding, errors=errors, newline=""
    ) as stream:
        reader = _reader(stream, form)
        before = 0
        while rows := _some_rows(reader, batch):
            if raw.position - before > ROW_LIMIT:
                _no_long_row(rows)
            before = raw.position
            if moved:
                moved(raw.position)
            yield rows


def _reader(stream: Iterable[str], form: TextForm) -> Iterator[list[str]]:
    if not form.quoting:
        return csv.reader(stream, delimiter=form.delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(stream, delimiter=form.delimiter)


def _some_rows(reader: Iterator[list[str]], count: int) -> Rows:
    try:
        return list(islice(reader, count))
    except csv.Error as error:
        if "field larger" in str(error):
            raise _too_long() from None
        raise FileRefused(N_("The rows cannot be told apart: {reason}."), reason=str(error)) from None
    except UnicodeDecodeError:
        raise FileRefused(N_("The text changes its encoding half-way, so it cannot be read.")) from None


def _no_long_row(rows: Rows) -> None:
    if any(sum(map(len, row)) > ROW_LIMIT for row in rows):
        raise _too_long()


def _sound(joined: str, rows: Rows) -> None:
    """What the look at the bytes does for texts, for rows of a workbook; `joined` is all that they hold."""
    if len(joined) > ROW_LIMIT:
        _no_long_row(rows)
    if "\0" in joined:
        raise FileRefused(HOLDS_NUL)


def _too_long() -> FileRefused:
    return FileRefused(N_("A row is longer than 1 MB: probably a quotation mark is never closed, or this is no table."))


# Workbooks


def _from_float(value: float) -> str:
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return f"{value:.15g}"


def _from_moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if value.year >= 1000 else value.isoformat(" ")


def _from_duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _plain_float(value: float) -> str:
    return _from_float(value) if value - value == 0 else ""


_TEXT_OF: dict[type, Callable[[Any], str]] = {
    float: _plain_float,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _from_moment,
    date: date.isoformat,
    time: lambda value: value.strftime("%H:%M:%S"),
    timedelta: _from_duration,
    type(None): lambda value: "",
}


def _as_text(row: list[Any]) -> list[str]:
    text_of = _TEXT_OF
    return [cell if cell.__class__ is str else text_of[cell.__class__](cell) for cell in row]


def _texts(rows: list[list[Any]]) -> Rows:
    """The rows as text, sound; most workbooks of platforms hold nothing else, which joining them finds out."""
    try:
        joined = "".join(chain.from_iterable(rows))
    except TypeError:
        rows = list(map(_as_text, rows))
        joined = "".join(chain.from_iterable(rows))
    _sound(joined, rows)
    return rows


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """The open workbook. Raises FileRefused with a sentence for anything that the reader cannot take."""
    import python_calamine  # loaded only where a workbook is read

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError:
        raise FileRefused(
            N_("The workbook is locked with a password."),
            fix=N_("Save it without the password and drop it in again."),
        ) from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(error) from None
    with book:
        yield book


def _unreadable(error: BaseException) -> FileRefused:
    if "assword" in str(error) or "ncrypt" in str(error):
        return FileRefused(
            N_("The workbook is locked with a password."),
            fix=N_("Save it without the password and drop it in again."),
        )
    return FileRefused(N_("The workbook is damaged, it cannot be read."), fix=N_("Download it again and drop it in."))


def sheet_names(book: Any) -> list[str]:
    """The names of the sheets that hold rows, hidden ones too."""
    import python_calamine  # loaded only where a workbook is read

    kind = python_calamine.SheetTypeEnum.WorkSheet
    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == kind]


def sheet_batches(
    book: Any, name: str, *, moved: Callable[[float], None] | None = None, batch: int = BATCH
) -> Iterator[Rows]:
    """The rows of one sheet as text, from its first row on (empty rows above the data are kept).

    `moved` hears which part of the rows has been read (0 to 1). Raises FileRefused for a row over 1 MB, a
    NUL, or a sheet that the reader cannot take.
    """
    import python_calamine  # loaded only where a workbook is read

    try:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.iter_rows()
        done = 0
        while chunk := _texts(list(islice(rows, batch))):
            done += len(chunk)
            if moved:
                moved(done / max(done, sheet.total_height))
            yield chunk
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(error) from None


def even(rows: Rows, width: int) -> Rows:
    """The rows brought to `width` cells: short ones filled up, long ones cut (empty cells) or kept long."""
    if set(map(len, rows)) <= {width}:
        return rows
    return [row if len(row) == width else (row + [""] * (width - len(row)))[:width] for row in rows]


def text_form(sniffed: Sniffed, *, quoting: bool = True, delimiter: str = "") -> TextForm:
    """The form of a sniffed text."""
    return TextForm(sniffed.encoding, delimiter or sniffed.delimiter, quoting, sniffed.doubtful)
