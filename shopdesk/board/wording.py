"""Words of the day that the screen and the paper share."""

from __future__ import annotations

from shopdesk.board import model
from shopdesk.board.model import Board, Line
from shopdesk.core import clock, dates
from shopdesk.core.words import tr, trc


def section_title(board: Board, letter: str) -> str:
    """The heading of a section."""
    if letter == "B":
        return trc("section", "Today")
    return tr(model.SECTION_TITLES[letter], time=f"{board.cutoff:%H:%M}")


def due_words(board: Board, line: Line) -> str:
    """Until when, short: 17:00, “at once” when it has passed, else the day."""
    if not line.due or line.done:
        return ""
    if line.due < clock.text(board.now):
        return tr("at once")
    return line.due[11:16] if line.due[:10] == board.day.isoformat() else dates.show_day(line.due)


def overdue(board: Board, line: Line) -> bool:
    """Whether its time has passed."""
    return bool(line.due) and not line.done and str(line.due) < clock.text(board.now)
