r"""Texts as cells of our own files, and back: what a spreadsheet would compute, or a workbook cannot hold.

A text that a spreadsheet would compute (it begins with = + - @ or a tab) gets an apostrophe before it, and
so does one that begins with an apostrophe, so that it can be taken off again. In a CSV file the same holds for
what stands behind a semicolon, a tab, a bar or the end of a line: a spreadsheet whose list separator is another
than the comma begins a cell there, quoted or not.

A workbook has no way to hold the signs U+FFFE and U+FFFF, nor all texts that look like its own way to write
others (`_x0001_x0002_`): there they stand as `\uFFFE`, `\uFFFF` and `\u005F`, and a text that looks so already has
its backslashes doubled. A text longer than a cell of a workbook goes on behind the last column (`3:the rest`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CELL = 16_000
"""Characters of a text in one cell of a workbook; it holds 32,767, of which an emoji takes two."""

_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "'")
_INNER = r"'*(?:\"*[+\-@]|[\" ]*=)"
_CELL_WITHIN = re.compile(rf"(?<=[;|\t\r\n])(?={_INNER})")
_GUARDED_WITHIN = re.compile(rf"(?<=[;|\t\r\n])'(?={_INNER})")
_CODES = "(FFFE|FFFF|005F)"
_UNSAFE = re.compile(rf"(?<!\\)(\\*+)([\ufffe\uffff]|_(?=x[0-9a-fA-F]{{4}})|u{_CODES})")
_WRITTEN = re.compile(rf"(?<!\\)(\\++)u{_CODES}")


def guarded(text: str) -> str:
    """A text as it stands in a CSV file that a spreadsheet may open."""
    return _guarded(_CELL_WITHIN.sub("'", text))


def bared(cell: str) -> str:
    """The text that was guarded."""
    return _GUARDED_WITHIN.sub("", _bared(cell))


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_COMPUTED) or text.lstrip(" ").startswith("=") else text


def _bared(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" else cell


def _safe(found: re.Match[str]) -> str:
    slashes, sign = found[1], found[2]
    return f"{slashes * 2}{sign}" if found[3] else f"{slashes * 2}\\u{ord(sign):04X}"


def _as_it_was(found: re.Match[str]) -> str:
    slashes, odd = divmod(len(found[1]), 2)
    return "\\" * slashes + (chr(int(found[2], 16)) if odd else f"u{found[2]}")


def sheet_cells(text: str) -> list[str]:
    """A text as cells of a workbook: nearly always one."""
    safe = _guarded(_UNSAFE.sub(_safe, text))
    return [safe[at : at + CELL] for at in range(0, len(safe), CELL)] or [""]


def sheet_texts(cells: Sequence[str], width: int) -> list[str]:
    """The texts of a row of a workbook whose table has `width` columns."""
    whole = list(cells[:width])
    for more in filter(None, cells[width:]):
        at, _, rest = more.partition(":")
        if at.isdigit() and int(at) < width:
            whole[int(at)] += rest
    return [_WRITTEN.sub(_as_it_was, _bared(cell)) for cell in whole]
