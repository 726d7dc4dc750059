"""What a dropped file is by its bytes: kind, encoding, delimiter. Names and endings are never asked."""

from __future__ import annotations

import codecs
import csv
import gzip
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.errors import FileRefused
from shopdesk.core.trouble import unreadable
from shopdesk.core.words import N_

UNPACKED_LIMIT = 512 * 1024 * 1024
"""A workbook or packed text that would unpack to more bytes than this is refused."""

ROW_LIMIT = 1024 * 1024
"""A row of more characters than this is refused with its file."""

HOLDS_NUL = N_("The file holds NUL bytes, which no export has: it is damaged or no table.")
HEAD = 64 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_WORKBOOK_PARTS = 20_000
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """How to read a file: `kind` is text or workbook; encoding and delimiter are for text only.

    `doubtful` is true when some bytes do not belong to the encoding and are read as replacement signs.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    doubtful: bool = False


def size_of(path: Path) -> int:
    """The size of a plain file. Raises FileRefused for folders, links, pipes and empty files."""
    try:
        found = os.lstat(path)
    except OSError as error:
        raise unreadable(error) from None
    if stat.S_ISDIR(found.st_mode):
        raise FileRefused(N_("This is a folder."), fix=N_("Drop the files in it."))
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused(N_("This is not a plain file, so it is not opened."))
    if found.st_size == 0:
        raise FileRefused(N_("The file is empty."))
    return found.st_size


def sniff(path: Path) -> Sniffed:
    """What kind of file this is. Raises FileRefused with a sentence for files that hold no table."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise unreadable(error) from None
    if head.startswith(b"PK"):
        return _packed(path)
    if head.startswith(b"\xd0\xcf\x11\xe0") or head[:2] in {b"\x09\x08", b"\x09\x04", b"\x09\x02"}:
        return Sniffed("workbook")
    if head.startswith(_GZIP):
        _refuse_bomb(path)
    else:
        _no_other_kind(head)
    return _text(lambda: _chunks(path))


_OTHERS = (
    (b"%PDF", N_("This is a PDF, not a table.")),
    (sqlite.PLAIN, N_("This is a database, not an export of a platform.")),
    (b"\x89PNG", N_("This is a picture, not a table.")),
    (b"\xff\xd8\xff", N_("This is a picture, not a table.")),
    (b"GIF8", N_("This is a picture, not a table.")),
    (b"Rar!", N_("This is a packed folder. Unpack it and drop the files in.")),
    (b"7z\xbc\xaf", N_("This is a packed folder. Unpack it and drop the files in.")),
)


def _no_other_kind(head: bytes) -> None:
    for magic, sentence in _OTHERS:
        if head.startswith(magic):
            raise FileRefused(sentence)
    opening = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<html", b"<!doctype html", b"<table")):
        raise FileRefused(
            N_("This is a web page that calls itself a table."),
            fix=N_("Open it in a spreadsheet, save it as CSV and drop that in."),
        )


def _packed(path: Path) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as bundle:
            parts = bundle.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise FileRefused(N_("The workbook is damaged: its parts cannot be listed.")) from None
    names = {part.filename.replace("\\", "/").lower().lstrip("/") for part in parts}
    if not any(name in {"[content_types].xml", "content.xml", "mimetype"} for name in names):
        raise FileRefused(N_("This is a packed folder. Unpack it and drop the files in."))
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT or len(parts) > _WORKBOOK_PARTS:
        raise FileRefused(N_("The workbook would unpack to more than 512 MB, so it is not opened."))
    return Sniffed("workbook")


def _refuse_bomb(path: Path) -> None:
    """Raise FileRefused when a gzip file is damaged or unpacks to more than the limit."""
    unpacked = 0
    try:
        for chunk in _chunks(path):
            unpacked += len(chunk)
            if unpacked > UNPACKED_LIMIT:
                raise FileRefused(N_("The file would unpack to more than 512 MB, so it is not opened."))
    except (zlib.error, gzip.BadGzipFile, EOFError):
        raise FileRefused(N_("The packed file is damaged.")) from None


def bytes_of(path: Path) -> BufferedIOBase:
    """A text file to read, a packed one unpacked on the way: no copy of it lies anywhere meanwhile."""
    with path.open("rb") as stream:
        packed = stream.read(len(_GZIP)) == _GZIP
    return gzip.open(path) if packed else path.open("rb")


def _chunks(path: Path) -> Iterator[bytes]:
    with bytes_of(path) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


_Chunks = Callable[[], Iterator[bytes]]


def _text(chunks: _Chunks) -> Sniffed:
    head = next(chunks(), b"")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(chunks, "utf-16", head)
    if b"\0" in head:
        return _decoded(chunks, _wide_guess(head), head)
    if _fits(chunks, "utf-8"):
        return _decoded(chunks, "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", head, known=True)
    if _looks_japanese(head) and _fits(chunks, "cp932"):
        return _decoded(chunks, "cp932", head, known=True)
    if not _looks_western(head):
        if _fits(chunks, "gb18030"):
            return _decoded(chunks, "gb18030", head, known=True)
        return _decoded(chunks, _least_broken(head), head, doubtful=True)
    if _fits(chunks, "cp1252"):
        return _decoded(chunks, "cp1252", head, known=True)
    return _decoded(chunks, "latin-1", head, known=True)


def _wide_guess(head: bytes) -> str:
    """UTF-16 without a mark has a NUL beside every Latin letter; any other NUL is damage."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and odd > 4 * even:
        return "utf-16-le"
    if even > len(head) // 8 and even > 4 * odd:
        return "utf-16-be"
    raise _holds_nul()


def _holds_nul() -> FileRefused:
    return FileRefused(HOLDS_NUL)


def _fits(chunks: _Chunks, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in chunks():
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(chunks: _Chunks, encoding: str) -> bool:
    """Whether the file ends in the middle of a character."""
    last = b""
    for chunk in chunks():
        last = (last + chunk)[-64:]
    decoder = codecs.getincrementaldecoder(encoding)("ignore")
    decoder.decode(last)
    return bool(decoder.getstate()[0])


def _looks_western(head: bytes) -> bool:
    """In Chinese text high bytes come in pairs; in Western text they stand alone between letters."""
    padded = b" " + head + b" "
    high = [at for at in range(1, len(padded) - 1) if padded[at] > 0x7F][:4000]
    alone = sum(padded[at - 1] < 0x80 and padded[at + 1] < 0x80 for at in high)
    return bool(high) and alone * 2 > len(high)


def _looks_japanese(head: bytes) -> bool:
    """A good part of Japanese text is kana, which Shift-JIS writes with 82 or 83; Chinese has hardly any."""
    high = sum(byte > 0x7F for byte in head)
    return high > 20 and len(re.findall(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]", head)) * 6 > high


def _least_broken(head: bytes) -> str:
    broken = {encoding: head.decode(encoding, "replace").count("\ufffd") for encoding in ("utf-8", "gb18030")}
    return min(broken, key=lambda encoding: broken[encoding])


def _decoded(chunks: _Chunks, encoding: str, head: bytes, *, known: bool = False, doubtful: bool = False) -> Sniffed:
    """The finding, once the whole text is known to decode and to hold no NUL."""
    if known:
        if any(b"\0" in chunk for chunk in chunks()):
            raise _holds_nul()
        doubtful = _is_cut(chunks, encoding)
    else:
        doubtful = _wide_doubt(chunks, encoding) or doubtful
    text = head.decode(encoding, "replace")
    return Sniffed("text", encoding, guess_delimiter(text), doubtful)


def _wide_doubt(chunks: _Chunks, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    doubtful = False
    for chunk in chunks():
        text = decoder.decode(chunk)
        if "\0" in text:
            raise _holds_nul()
        doubtful = doubtful or "\ufffd" in text
    return doubtful


def guess_delimiter(text: str) -> str:
    """The sign between cells: named in a `sep=` line, else the one that gives the most even rows."""
    first, _, _ = text.lstrip("\ufeff").partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) >= 5:
        return first[4]
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    lines = lines[:-1] if len(lines) > 1 and len(text) >= HEAD // 4 else lines
    return max(_DELIMITERS, key=lambda sign: (_evenness(lines[:60], sign), -_DELIMITERS.index(sign)))


def _evenness(lines: list[str], sign: str) -> int:
    """How many cells stand in rows of the most common width over one."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return 0
    shared = {width: widths.count(width) for width in set(widths) if width > 1}
    return max((width * count for width, count in shared.items()), default=0)
