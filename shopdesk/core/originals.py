"""The kept original of an imported file without a person's rows.

Of a text file the rows that name the person, or one of the person's orders, are emptied but for the number; the
other bytes stay as they came. Of any other kind nothing can be taken out with certainty: it is let go.
"""

from __future__ import annotations

import codecs
import gzip
import html
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from shopdesk.core import blobs, personal
from shopdesk.core.blotting import Blotter
from shopdesk.core.original_tables import Written, sheets
from shopdesk.core.sqlite import Connection

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = ("utf-8", "gb18030", "cp932", "cp1252")
_RAW = ("utf-8", "gb18030", "utf-16-le", "cp1252")
_GZIP = b"\x1f\x8b"
_MOST_UNPACKED = 512 * 1024 * 1024
_ROUND_A_NUMBER = " \t='\"#"
_LEAST_TELLING = 10
"""Digits of fewer places may as well be an amount, a count, a day or a place in a list."""
_UNREADABLE = b"\0"
_TAG = re.compile(r"<[^>]*>")


class Sought:
    """What tells a person in a file: words, and the numbers of orders, which stand alone in their cells.

    Short digits tell only behind a “#” or in the column of the numbers, which is known by the other numbers
    `of_shop`.
    """

    def __init__(self, blotter: Blotter, numbers: Iterable[str], of_shop: Iterable[str] = ()) -> None:
        self.blotter = blotter
        self.numbers = frozenset(map(_bare, numbers)) - {""}
        self.of_shop = frozenset(map(_bare, of_shop)) - {""} | self.numbers
        found = "|".join(sorted(map(re.escape, self.numbers), key=len, reverse=True)) or "(?!)"
        self._numbers = re.compile(f"(?<![A-Za-z0-9-])(?:{found})(?![A-Za-z0-9-])")

    def may_hit(self, text: str) -> bool:
        """Whether a file of this text has to be looked through."""
        return self._numbers.search(text) is not None or self.names(text)

    def names(self, text: str) -> bool:
        """Whether one of the words stands in a text."""
        return self.blotter.hits(text.replace('""', '"'))

    def column(self, rows: Iterable[Sequence[str]]) -> int:
        """The column of a table in which the numbers of orders stand, heading or not; -1 when there is none."""
        filled: Counter[int] = Counter()
        known: Counter[int] = Counter()
        different: dict[int, set[str]] = {}
        for row in rows:
            for at, cell in enumerate(row):
                number = _bare(cell)
                filled[at] += number != ""
                if number in self.of_shop:
                    known[at] += 1
                    different.setdefault(at, set()).add(number)
        fit = [at for at in different if 2 * known[at] >= filled[at] - 1]
        return max(fit, key=lambda at: (len(different[at]), -at), default=-1)

    def is_number(self, cell: str, *, in_column: bool) -> bool:
        """Whether a cell is the number of one of the person's orders."""
        number = _bare(cell)
        if number not in self.numbers:
            return False
        return in_column or not is_short(number) or cell.strip(" \t='\"").startswith("#")

    def in_row(self, cells: Sequence[str], column: int) -> bool:
        """Whether the number of one of the person's orders stands in a row."""
        return any(self.is_number(cell, in_column=at == column) for at, cell in enumerate(cells))

    def in_bytes(self, data: bytes) -> bool:
        """Whether the words, or numbers that are nothing else, stand in bytes that are no text."""
        telling = [number for number in self.numbers if not is_short(number)]
        return any(word.encode(encoding, "ignore") in data for word in self.blotter.words for encoding in _RAW) or any(
            number.encode(encoding) in data for number in telling for encoding in ("utf-8", "utf-16-le")
        )


def _bare(number: str) -> str:
    return number.strip(_ROUND_A_NUMBER)


def is_short(number: str) -> bool:
    """Whether digits are too few to be the number of an order wherever they stand."""
    return number.isdigit() and len(number) < _LEAST_TELLING


def blot(con: Connection, sought: Sought) -> tuple[int, int]:
    """Take a person out of every kept original: how many lost rows, how many were let go."""
    emptied = dropped = 0
    for (name,) in con.execute("SELECT sha256 FROM blobs WHERE kind = 'original'").fetchall():
        data = _unpacked(con, name)
        new = without(data, sought)
        if new == data:
            continue
        blobs.put_changed(con, name, new)
        con.execute(
            "UPDATE imports SET counts = json_set(counts, '$.original', ?) WHERE sha256 = ?",
            ("emptied" if new else "dropped", name),
        )
        emptied, dropped = (emptied + 1, dropped) if new else (emptied, dropped + 1)
    return emptied, dropped


def blot_new(
    con: Connection, name: str, numbers: Sequence[str], accounts: Iterable[str], *, is_of_them: bool = False
) -> None:
    """Take the rows of erased orders and accounts out of an original just kept: it came after its person went.

    `is_of_them` says that rows of theirs were read from it: what cannot be taken apart is let go then.
    """
    data = _unpacked(con, name)
    new = without(data, Sought(Blotter(accounts, ""), numbers, personal.numbers(con)))
    if new == data and is_of_them and not _encodings(_unzipped(data)):
        new = b""
    if new != data:
        blobs.put_changed(con, name, new)


def naming(con: Connection, sought: Sought) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Every kept original that names a person: its content name and the rows (number, text) that do."""
    for (name,) in con.execute("SELECT sha256 FROM blobs WHERE kind = 'original'").fetchall():
        data = _unzipped(_unpacked(con, name))
        encodings = _encodings(data)
        if not encodings:
            if _names_inside(data, sought):
                yield name, []
            continue
        found = (_lines(data.decode(encoding), sought) for encoding in encodings)
        lines = next((some for some in found if some), None)
        if lines:
            yield name, lines


def _unpacked(con: Connection, name: str) -> bytes:
    try:
        return blobs.get(con, name) or b""
    except zlib.error:  # damaged: nothing can be read of it, and nothing of it may stay
        return _UNREADABLE


def _unzipped(data: bytes) -> bytes:
    """What a file holds that was packed with gzip; any other file as it is."""
    if not data.startswith(_GZIP):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            found = stream.read(_MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        return _UNREADABLE
    return found if len(found) <= _MOST_UNPACKED else _UNREADABLE


def without(data: bytes, sought: Sought) -> bytes:
    """The bytes of a file without a person; b"" when that cannot be had of what names the person."""
    inside = _unzipped(data)
    new = _without(inside, sought)
    if new == inside or inside is data:
        return data if new == inside else new
    return gzip.compress(new) if new else b""


def _without(data: bytes, sought: Sought) -> bytes:
    if not data:
        return data
    encodings = _encodings(data)
    if not encodings:
        return b"" if _names_inside(data, sought) else data
    for encoding in encodings:
        text = data.decode(encoding)
        new = _emptied(text, sought)
        if new != text:
            data = new.encode(encoding)
    return data


def _encodings(data: bytes) -> list[str]:
    """How the text of a file may be written, the surest first; none for what is no text."""
    if data.startswith((b"PK", b"\xd0\xcf")) or (b"\0" in data and not data.startswith((_MARKS[1][0], _MARKS[2][0]))):
        return []
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    fits = [encoding for encoding in marked or _TRIED if _fits(data, encoding)]
    return ["utf-8"] if fits[:1] == ["utf-8"] else fits


def _fits(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
        return encoding not in _TRIED or text.encode(encoding) == data
    except UnicodeError:
        return False


def _lines(text: str, sought: Sought) -> list[tuple[int, str]]:
    """The records that tell the person, with their numbers."""
    rows = enumerate(_looked_through(text, sought), 1)
    return [(at, record.strip("\r\n")) for at, (record, left) in rows if left != record]


def _emptied(text: str, sought: Sought) -> str:
    return "".join(left for _, left in _looked_through(text, sought)) if sought.may_hit(text) else text


def _looked_through(text: str, sought: Sought) -> Iterator[tuple[str, str]]:
    """Every record of a text table, and what is left of it without the person."""
    written = Written(text)
    column = -1
    if any(map(is_short, sought.numbers)):
        column = sought.column(map(written.cells, written.records(text)))
    for record in written.records(text):
        yield record, _left(record, written, sought, column) if sought.may_hit(record) else record


def _left(record: str, written: Written, sought: Sought, column: int) -> str:
    cells = written.cells(record)
    numbers = [sought.is_number(cell, in_column=at == column) for at, cell in enumerate(cells)]
    if not any(numbers) and not sought.names(record):
        return record
    kept = [cell if is_number else "" for cell, is_number in zip(cells, numbers, strict=True)]
    left = written.sign.join(kept)
    body = record.rstrip("\r\n")
    return (written.sign * (len(cells) - 1) if sought.names(left) else left) + record[len(body) :]


def _names_inside(data: bytes, sought: Sought) -> bool:
    """Whether a workbook or another packed file names the person; one that cannot be looked through may."""
    if not data.startswith(b"PK"):
        return data == _UNREADABLE or sought.in_bytes(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            too_large = sum(entry.file_size for entry in book.infolist()) > _MOST_UNPACKED
            return (
                too_large
                or any(_in_part(book.read(entry), entry.filename, sought) for entry in book.infolist())
                or any(_in_sheet(rows, sought) for rows in sheets(book))
            )
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError):
        return True


def _in_part(part: bytes, name: str, sought: Sought) -> bool:
    """Whether a part of a workbook names the person; a text may be cut into pieces of several looks."""
    if name.lower().endswith(".bin"):
        return sought.in_bytes(part)
    text = part.decode("utf-8", "replace")
    return any(sought.blotter.hits(html.unescape(_TAG.sub(between, text))) for between in (" ", ""))


def _in_sheet(rows: Sequence[Sequence[str]], sought: Sought) -> bool:
    column = sought.column(rows)
    return any(sought.in_row(row, column) for row in rows)
