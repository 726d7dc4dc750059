"""The kept original of an imported file without a person's rows.

Of a text file the rows that name the person, or one of the person's orders, are emptied but for the number; the
other bytes stay as they came. Of any other kind nothing can be taken out with certainty: it is let go.
"""

from __future__ import annotations

import codecs
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from shopdesk.core import blobs
from shopdesk.core.blotting import Blotter
from shopdesk.core.sqlite import Connection

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = ("utf-8", "gb18030")
_RAW = ("utf-8", "gb18030", "utf-16-le")
_MOST_UNPACKED = 512 * 1024 * 1024
_ROUND_A_NUMBER = " \t='\"#"
_UNREADABLE = b"\0"
_TAG = re.compile(r"<[^>]*>")
_RECORD = re.compile(r'(?:[^"\n]++|"[^"]*+(?:"|\Z))*+(?:\n|\Z)')


class Sought:
    """What tells a person in a file: words, and the numbers of orders, which stand alone in their cells."""

    def __init__(self, blotter: Blotter, numbers: Sequence[str]) -> None:
        self.blotter = blotter
        self.numbers = frozenset(number.strip(_ROUND_A_NUMBER) for number in numbers) - {""}
        found = "|".join(sorted(map(re.escape, self.numbers), key=len, reverse=True)) or "(?!)"
        self._numbers = re.compile(f"(?<![A-Za-z0-9-])(?:{found})(?![A-Za-z0-9-])")

    def hits(self, text: str) -> bool:
        """Whether a text tells the person."""
        return self._numbers.search(text) is not None or self.blotter.hits(text.replace('""', '"'))

    def is_number(self, cell: str) -> bool:
        """Whether a cell is the number of one of the person's orders."""
        return cell.strip(_ROUND_A_NUMBER) in self.numbers

    def in_bytes(self, data: bytes) -> bool:
        """Whether the words stand in bytes that are no text."""
        return any(word.encode(encoding, "ignore") in data for word in self.blotter.words for encoding in _RAW) or any(
            number.encode(encoding) in data for number in self.numbers for encoding in ("ascii", "utf-16-le")
        )


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


def blot_new(con: Connection, name: str, numbers: Sequence[str]) -> None:
    """Take the rows of erased orders out of an original that has just been kept: it came after its person went."""
    data = _unpacked(con, name)
    new = without(data, Sought(Blotter((), ""), numbers))
    if new != data:
        blobs.put_changed(con, name, new)


def naming(con: Connection, sought: Sought) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Every kept original that names a person: its content name and the rows (number, text) that do."""
    for (name,) in con.execute("SELECT sha256 FROM blobs WHERE kind = 'original'").fetchall():
        data = _unpacked(con, name)
        found = _decoded(data)
        if found is None:
            if _names_inside(data, sought):
                yield name, []
            continue
        lines = [(at, text.strip("\r\n")) for at, text in enumerate(_records(found[0]), 1) if sought.hits(text)]
        if lines:
            yield name, lines


def _unpacked(con: Connection, name: str) -> bytes:
    try:
        return blobs.get(con, name) or b""
    except zlib.error:  # damaged: nothing can be read of it, and nothing of it may stay
        return _UNREADABLE


def without(data: bytes, sought: Sought) -> bytes:
    """The bytes of a file without a person; b"" when that cannot be had of what names the person."""
    if not data:
        return data
    found = _decoded(data)
    if found is None:
        return b"" if _names_inside(data, sought) else data
    text, encoding = found
    if not sought.hits(text):
        return data
    new = "".join(_emptied(record, sought) for record in _records(text))
    return b"" if sought.blotter.hits(new) else new.encode(encoding)


def _decoded(data: bytes) -> tuple[str, str] | None:
    """The text of a file and its encoding; None for what is no text."""
    if data.startswith((b"PK", b"\xd0\xcf")) or (b"\0" in data and not data.startswith((_MARKS[1][0], _MARKS[2][0]))):
        return None
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or _TRIED:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def _records(text: str) -> Iterator[str]:
    """The records of a text table, each with its line end; a line end between quotes is part of a cell."""
    return (found[0] for found in _RECORD.finditer(text) if found[0])


def _emptied(record: str, sought: Sought) -> str:
    if not sought.hits(record):
        return record
    body = record.rstrip("\r\n")
    parts = max((",", "\t", ";", "|"), key=body.count)
    return parts.join(cell if sought.is_number(cell) else "" for cell in _cells(body, parts)) + record[len(body) :]


def _cells(body: str, parts: str) -> Iterator[str]:
    """The cells of a record as they are written, quotes and all."""
    begin = 0
    inside = False
    for at, sign in enumerate(body):
        if sign == '"':
            inside = not inside
        elif sign == parts and not inside:
            yield body[begin:at]
            begin = at + 1
    yield body[begin:]


def _names_inside(data: bytes, sought: Sought) -> bool:
    """Whether a workbook or another packed file names the person; one that cannot be looked through may."""
    if not data.startswith(b"PK"):
        return data == _UNREADABLE or sought.in_bytes(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            too_large = sum(entry.file_size for entry in book.infolist()) > _MOST_UNPACKED
            return too_large or any(_in_part(book.read(entry), sought) for entry in book.infolist())
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError):
        return True


def _in_part(part: bytes, sought: Sought) -> bool:
    """Whether a part of a workbook tells the person; a text may be cut into pieces of several looks."""
    text = part.decode("utf-8", "replace")
    return any(sought.hits(html.unescape(_TAG.sub(between, text))) for between in (" ", ""))
