"""The tables in the kept original of an imported file: records and cells as they are written, quotes and all.

A workbook's are read from its own XML, only as far as it takes to know which cells stand in which column.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

_SIGNS = (",", "\t", ";", "|")
_FIRST = 60
_MOST_REPEATED = 64
_TAG = re.compile(r"<[^>]*>")
_ROW = re.compile(r"<(?:\w+:)?(?:table-)?row\b[^>]*(?<!/)>(.*?)</(?:\w+:)?(?:table-)?row>", re.DOTALL)
_CELL = re.compile(
    r"<(?:\w+:)?(?P<tag>c|table-cell|covered-table-cell)\b(?P<said>[^>]*?)"
    r"(?:/>|>(?P<inside>.*?)</(?:\w+:)?(?P=tag)>)",
    re.DOTALL,
)
_SHARED = re.compile(r"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_PLACE = re.compile(r'\br="([A-Z]{1,3})\d+"')
_REPEATED = re.compile(r'number-columns-repeated="(\d+)"')


class Written:
    """How a text table is written: what stands between its cells. A quote opens a cell only at its beginning."""

    def __init__(self, text: str) -> None:
        lines = text[: 1 << 20].splitlines()[:_FIRST]
        self.sign = max(_SIGNS, key=lambda sign: _evenness(lines, sign))
        sign = re.escape(self.sign)
        cell = rf'(?:"[^"]*+(?:""[^"]*+)*+(?:"|\Z)[^{sign}\r\n]*+|[^{sign}\r\n]*+)'
        self._record = re.compile(rf"{cell}(?:{sign}{cell})*+(?:\r\n?|\n|\Z)")
        self._cell = re.compile(rf"({cell})(?:{sign}|\Z)")

    def records(self, text: str) -> Iterator[str]:
        """The records, each with its line end; a line end between quotes is part of a cell."""
        return (found[0] for found in self._record.finditer(text) if found[0])

    def cells(self, record: str) -> list[str]:
        """The cells of a record without its line end."""
        body = record.rstrip("\r\n")
        found = [one[1] for one in self._cell.finditer(body)]
        return found if body.endswith(self.sign) or len(found) < 2 else found[:-1]


def _evenness(lines: list[str], sign: str) -> int:
    """How many cells stand in lines of the most common width over one."""
    widths = Counter(line.count(sign) + 1 for line in lines if sign in line)
    return max((width * count for width, count in widths.items()), default=0)


def sheets(book: zipfile.ZipFile) -> Iterator[list[list[str]]]:
    """The rows of every sheet of a workbook, as the texts of their cells. Raises what reading a packed file does."""
    names = book.namelist()
    shared = [name for name in names if name.lower().endswith("sharedstrings.xml")]
    texts = [_plain(one[1] or "") for name in shared for one in _SHARED.finditer(_part(book, name))]
    for name in names:
        if "/worksheets/" in f"/{name.lower()}" or name == "content.xml":
            yield [_cells(row[1], texts) for row in _ROW.finditer(_part(book, name))]


def _part(book: zipfile.ZipFile, name: str) -> str:
    return book.read(name).decode("utf-8", "replace")


def _plain(inside: str) -> str:
    return html.unescape(_TAG.sub("", inside)).strip()


def _cells(row: str, texts: list[str]) -> list[str]:
    cells: list[str] = []
    for found in _CELL.finditer(row):
        place = _PLACE.search(found["said"])
        column = _column(place[1]) if place else len(cells)
        cells += [""] * (column - len(cells))
        repeated = _REPEATED.search(found["said"])
        times = min(int(repeated[1]), _MOST_REPEATED) if repeated else 1
        cells += [_value(found["said"], _plain(found["inside"] or ""), texts)] * times
    return cells


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(said: str, text: str, texts: list[str]) -> str:
    if 't="s"' in said:
        return texts[int(text)] if text.isdecimal() and int(text) < len(texts) else ""
    return text.removesuffix(".0")
