"""The kept original of an imported file without a person's rows.

Of a text file the person's rows are emptied but for the number of the order; from rows of others the words go that
mean nobody else; the other bytes stay as they came. Of any other kind nothing can be taken out with certainty: it is
let go. How a row is known to be the person's stands in core/sought.py.
"""

from __future__ import annotations

import codecs
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

from shopdesk.core import blobs, personal
from shopdesk.core.blotting import Blotter
from shopdesk.core.original_tables import Written, sheets
from shopdesk.core.sought import Columns, Known, Sought
from shopdesk.core.sqlite import Connection

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = ("utf-8", "gb18030", "cp932", "cp1252")
_GZIP = b"\x1f\x8b"
_MOST_UNPACKED = 512 * 1024 * 1024
_UNREADABLE = b"\0"
_TAG = re.compile(r"<[^>]*>")


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
    con: Connection,
    name: str,
    numbers: Sequence[str],
    accounts: Iterable[str],
    *,
    known: Known,
    is_of_them: bool = False,
) -> None:
    """Take the rows of erased orders and accounts out of an original just kept: it came after its person went.

    `is_of_them` says that rows of theirs were read from it: what cannot be taken apart is let go then.
    """
    data = _unpacked(con, name)
    new = without(data, Sought(Blotter(accounts, ""), numbers, personal.numbers(con), known=known))
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
    columns = sought.columns(lambda: map(written.cells, written.records(text)))
    for at, record in enumerate(written.records(text)):
        may_hit = sought.may_hit(record)
        yield record, _left(record, written, sought, columns if at else columns.of_heading()) if may_hit else record


def _left(record: str, written: Written, sought: Sought, columns: Columns) -> str:
    cells = written.cells(record)
    body = record.rstrip("\r\n")
    if not sought.is_persons(cells, columns):
        clean = [_without_words(cell, sought) for cell in cells]
        return record if clean == cells else written.sign.join(clean) + record[len(body) :]
    kept = [cell if sought.is_number(cell, in_column=at == columns.numbers) else "" for at, cell in enumerate(cells)]
    left = written.sign.join(kept)
    return (written.sign * (len(cells) - 1) if sought.names(left) else left) + record[len(body) :]


def _without_words(cell: str, sought: Sought) -> str:
    """A cell of somebody else without the words that mean the person, between its quotes."""
    inside = cell.replace('""', '"')
    if not sought.names(inside):
        return cell
    clean = sought.elsewhere.text(inside[1:-1] if cell[:1] == '"' and cell[-1:] == '"' else inside)
    return '"' + clean.replace('"', '""') + '"' if cell[:1] == '"' else clean


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
    return any(sought.names(html.unescape(_TAG.sub(between, text))) for between in (" ", ""))


def _in_sheet(rows: Sequence[Sequence[str]], sought: Sought) -> bool:
    columns = sought.columns(lambda: rows)
    return any(sought.is_persons(row, columns if at else columns.of_heading()) for at, row in enumerate(rows))
