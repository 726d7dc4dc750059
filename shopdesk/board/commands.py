"""Today's list from the command line: as JSON without Qt, or as the printed sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopdesk.board import store
from shopdesk.core import clock

if TYPE_CHECKING:
    from shopdesk.board.model import Board
    from shopdesk.core.shop import Shop

MORNING = "08:00"


@contextmanager
def _clock_of(day: date | None) -> Iterator[None]:
    """The clock as the command sees it: now, or the morning of another day."""
    if day is None:
        yield
        return
    with clock.at(datetime.fromisoformat(f"{day.isoformat()} {MORNING}:00")):
        yield


def board_json(shop: Shop, day: date | None = None) -> dict[str, Any]:
    """The list of today, or of `day` at 08:00 as the data stands; writes nothing."""
    with _clock_of(day):
        return store.as_json(store.evaluate(shop.reader()))


def board_pdf(shop: Shop, path: Path, day: date | None = None) -> int:
    """Write the day's sheet as PDF; the number of its pages.

    Needs a QGuiApplication. Today's codes are kept when the shop is open for writing, so that the paper
    and the screen agree. Raises OSError when the file cannot be written.
    """
    # Qt is loaded here only, so that the JSON needs none of it
    from shopdesk.board.sheet_view import sheet
    from shopdesk.ui.printing import pdf

    with _clock_of(day):
        return pdf(sheet(shop.reader(), printed(shop, day)), path)


def printed(shop: Shop, day: date | None = None) -> Board:
    """The board that goes on paper; the clock stands where the command put it."""
    board = store.evaluate(shop.reader())
    return board if day is not None or shop.read_only else store.give_codes(shop, board)
