"""What stands under the header of Today: the list, or that there is nothing, and the right column."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shopdesk.board.lines_view import DayList
from shopdesk.board.rows_view import DayModel
from shopdesk.board.side_widgets import SideColumn
from shopdesk.core.words import tr
from shopdesk.ui.theme import hline
from shopdesk.ui.widgets import EmptyState


class DayArea(QWidget):
    """The list of the day beside whether the time is enough."""

    def __init__(self, model: DayModel) -> None:
        super().__init__()
        self.list = DayList(model)
        self.side = SideColumn()
        self.nothing = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        self._edge = _vline()
        self._is_unread = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._stack, 1)
        self._row.addWidget(self._edge)
        self._row.addWidget(self.side)

    def show_list(self, *, on: bool) -> None:
        """The list, or that there is nothing on it."""
        self._stack.setCurrentWidget(self.list if on else self.nothing)
        if self._is_unread:
            self._show_side(on=True)

    def show_unread(self) -> None:
        """Nothing is known of the day: what there is to say stands in `nothing`, without the right column."""
        self._stack.setCurrentWidget(self.nothing)
        self._show_side(on=False)

    @property
    def is_unread(self) -> bool:
        """Whether nothing is known of the day."""
        return self._is_unread

    def _show_side(self, *, on: bool) -> None:
        self._is_unread = not on
        self.side.setVisible(on)
        self._edge.setVisible(on)

    def make_room(self, drawer: QWidget, *, over: bool) -> None:
        """Give way to the drawer: beside it without the right column, under it with the list left free."""
        gone = drawer.isHidden()
        beside = (gone or over) and not self._is_unread
        self.side.setVisible(beside)
        self._edge.setVisible(beside)
        covered = drawer.width() - self.side.width() - self._edge.width()
        self._row.setContentsMargins(0, 0, max(0, covered) if over and not gone else 0, 0)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.list.setAccessibleName(tr("Today's list"))
        self.nothing.say(
            tr("Nothing on the list"), tr("No rule has anything to say, and you added nothing."), tr("Add line"), "add"
        )


def _vline() -> QWidget:
    line = hline()
    line.setMinimumHeight(0)
    line.setMaximumHeight(16777215)
    line.setFixedWidth(1)
    return line
