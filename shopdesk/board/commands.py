"""Today's list from the command line: as JSON or text without Qt, or as the printed sheet.

The clock says which day it is; a shop that is open for writing keeps the codes that the lines are given.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopdesk.board import store
from shopdesk.board.wording import due_words, section_title
from shopdesk.core import dates
from shopdesk.core.words import tr

if TYPE_CHECKING:
    from shopdesk.board.model import Board, Line
    from shopdesk.core.shop import Shop


def board_json(shop: Shop) -> dict[str, Any]:
    """The list as other programs get it."""
    return store.as_json(_board(shop))


def board_text(shop: Shop) -> str:
    """The list for a terminal."""
    board = _board(shop)
    said = [dates.show_day(board.day, year=True, weekday=True)]
    for section in board.sections:
        minutes = tr("{time} in all", time=dates.show_span(section.minutes))
        said += ["", f"{section_title(board, section.letter)} · {minutes}"]
        said += [_line(board, line) for line in section.lines]
    return "\n".join(said)


def board_pdf(shop: Shop, path: Path) -> int:
    """Write the day's sheet as PDF; the number of its pages. Raises OSError when it cannot be written.

    Works without a display: Qt is then started off screen.
    """
    # Qt is loaded here only, so that JSON and text need none of it
    from PySide6.QtWidgets import QApplication

    from shopdesk.board.sheet_view import sheet
    from shopdesk.ui.printing import pdf

    if QApplication.instance() is None and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _Kept.app = QApplication.instance() or QApplication(["shopdesk"])
    return pdf(sheet(shop.reader(), _board(shop)), path)


class _Kept:
    """Holds the application for as long as the process lives."""

    app: object = None


def _board(shop: Shop) -> Board:
    board = store.evaluate(shop.reader())
    return board if shop.read_only else store.give_codes(shop, board)


def _line(board: Board, line: Line) -> str:
    box = "[x]" if line.done else "[ ]"
    minutes = "" if line.done else tr("{n} min", n=line.minutes)
    words = " · ".join(part for part in (line.evidence if line.done else line.why, line.note) if part)
    parts = (f"{box} {line.code} {line.title}", words, minutes, due_words(board, line))
    return "  ".join(part for part in parts if part)
