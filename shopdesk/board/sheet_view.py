"""Today's list on paper: A4, black on white, a box and a code for every line."""

from __future__ import annotations

from dataclasses import dataclass

from shopdesk.board import model, records
from shopdesk.board.model import Board, Line
from shopdesk.board.wording import due_words, section_title
from shopdesk.core import dates, settings
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.ui.sheet import Sheet

_EMPTY_LINES = 4


@dataclass(frozen=True, slots=True)
class _Block:
    """A section on paper."""

    title: str
    minutes: str
    lines: list[Line]
    more: str


def sheet(con: Connection, board: Board) -> Sheet:
    """The day's sheet; print it with ui.printing or show it with ui.preview."""
    code = model.sheet_code(board.day)
    return Sheet(
        template="day_sheet.html",
        title=tr("Day sheet"),
        code=code,
        data={
            "code": code,
            "day": dates.show_day(board.day, year=True, weekday=True),
            "shop": settings.text(con, "shop_name"),
            "total": dates.show_span(board.load().all_day),
            "cutoff": f"{board.cutoff:%H:%M}",
            "blocks": [_block(board, section) for section in board.sections],
            "problems": records.problem_notes(con),
            "own": [f"X{number:02d}" for number in _free_numbers(board)],
            "due": lambda line: due_words(board, line),
        },
    )


def _block(board: Board, section: model.Section) -> _Block:
    shown = [line for line in section.lines if not line.folded]
    rest = sum(section.hidden().values())
    return _Block(
        section_title(board, section.letter),
        tr("{time} in all", time=dates.show_span(section.minutes)),
        shown,
        trn("and {n} more on the screen", "and {n} more on the screen", rest) if rest else "",
    )


def _free_numbers(board: Board) -> range:
    """The numbers for lines written on the paper, after those that were added on the screen."""
    used = [int(line.code[1:]) for line in board.lines if line.code.startswith(model.OWN)]
    first = max(used, default=0) + 1
    return range(first, first + _EMPTY_LINES)
