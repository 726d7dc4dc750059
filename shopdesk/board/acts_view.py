"""What is done with the lines of the day: open, tick, move, delete, and when each makes sense."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from shopdesk.board import verbs
from shopdesk.board.model import ROUTINE, Key, Line
from shopdesk.core.words import tr

if TYPE_CHECKING:
    from shopdesk.board.page import TodayPage


class LineActs:
    """Acts on the line that the keyboard is at, or on the one that was clicked."""

    def __init__(self, page: TodayPage) -> None:
        self._page = page

    @property
    def _line(self) -> Line | None:
        return self._page.list.line

    # when they make sense

    def has_line(self) -> bool:
        """Whether there is a current line."""
        return self._line is not None

    def can_tick(self) -> bool:
        """Whether the current line can be ticked or unticked by hand: what the data says stays."""
        return self._line is not None and (self._line.by_hand or not self._line.done)

    def has_target(self) -> bool:
        """Whether there are records behind the current line."""
        return self._line is not None and self._line.target is not None

    def is_own(self) -> bool:
        """Whether the current line is the owner's own."""
        return self._line is not None and (self._line.own or self._line.rule == ROUTINE)

    # on the current line

    def open_line(self) -> None:
        """Show the records behind the current line."""
        if self._line is not None:
            self.show_behind(self._line)

    def tick_line(self) -> None:
        """Tick the current line by hand, or take the tick back."""
        if self._line is not None:
            self.turn_tick(self._line)

    def move_line(self, step: int) -> None:
        """One place up or down."""
        if self._line is not None:
            self._page.model.move(self._line.key, step)

    def delete_line(self) -> None:
        """Take a line of the owner's own away."""
        line = self._line
        if line is None or line.record is None:
            return
        verb = verbs.delete_routine if line.rule == ROUTINE else verbs.delete_task
        self._page.do(partial(verb, self._page.shop, line.record))

    # on any line

    def show_behind(self, line: Line) -> None:
        """Open what a line stands for: records elsewhere, or the owner's own line."""
        if line.target is not None:
            self._page.open_requested.emit(*line.target)
        elif line.own or line.rule == ROUTINE:
            self._page.edit_line()

    def turn_tick(self, line: Line) -> None:
        """Tick a line by hand, or take the tick back; what the data says stays."""
        if line.done and not line.by_hand:
            self._page.messages.info(tr("The data says that it is done: {evidence}", evidence=line.evidence))
            return
        verb = verbs.untick if line.by_hand else verbs.tick
        self._page.do(partial(verb, self._page.shop, day=self._page.day, lines=[line]))

    def place(self, _letter: str, keys: list[Key]) -> None:
        """Keep the order that lines were dragged or moved into."""
        self._page.do(partial(verbs.place, self._page.shop, day=self._page.day, order=keys))
