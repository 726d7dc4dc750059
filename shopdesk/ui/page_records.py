"""The current record beside the list: in the drawer, or in a detail of the page's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from shopdesk.ui.theme import styled

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage

_FOLLOWS_MS = 40
_AT_REST_MS = 200


class Detail(Protocol):
    """What a page puts beside its list instead of the drawer; a widget."""

    def show_record(self, record_id: int) -> None:
        """Show that record."""

    def clear(self) -> None:
        """Show that there is none."""


class RecordPane(QObject):
    """Shows a record and follows the current row, a moment behind it."""

    def __init__(self, page: TablePage) -> None:
        super().__init__(page)
        self._page = page
        self._shown: int | None = None
        self._is_old = False
        self.wanted: int | None = None
        self.detail: Detail | None = page.make_detail()
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._filled = QElapsedTimer()
        self._following.timeout.connect(self._on_following)

    @property
    def is_open(self) -> bool:
        """Whether a record is to be seen, at the latest when its page is."""
        drawer = self._page.drawer
        return self.detail is not None or (drawer is not None and not drawer.isHidden())

    def show(self, record_id: int) -> None:
        """Show a record, opening the drawer for it."""
        self._filled.start()
        if self.detail is not None:
            self._shown = record_id
            self.detail.show_record(record_id)
            return
        record = self._page.record(self._page.shop.reader(), record_id)
        if record is not None:
            self._shown = record_id
            self._page.use_drawer().show_record(record)
            self._page.place_drawer()

    def go_to_wanted(self) -> None:
        """Put the keyboard at the record that was asked for, once it is among the rows."""
        row = self._page.rows.row_of(self.wanted) if self.wanted is not None else -1
        if row >= 0:
            self.wanted = None
            self._page.table.go_to(row)

    def follow(self) -> None:
        """The current row is another one: show its record at once, or soon while a key is held down."""
        if self.is_open:
            at_rest = not self._filled.isValid() or self._filled.elapsed() > _AT_REST_MS
            self._following.start(0 if at_rest else _FOLLOWS_MS)

    def fill_soon(self) -> None:
        """The data changed: show the record as it is now, after what is being done."""
        self._is_old = True
        self._following.start(0)

    def fill(self) -> None:
        """Show the current record as it is now, where one is to be seen."""
        self._is_old = False
        drawer = self._page.drawer
        if not self._may_fill:
            return
        found = self._found()
        if found is not None:
            self.show(found)
            return
        self._shown = None
        if self.detail is not None:
            self.detail.clear()
        elif drawer is not None:
            drawer.hide()

    @property
    def _may_fill(self) -> bool:
        drawer = self._page.drawer
        in_form = drawer is not None and drawer.form is not None
        return self.is_open and (self.detail is not None or not in_form)

    def _found(self) -> int | None:
        return self.wanted if self.wanted is not None else self._page.current_id()

    def _on_following(self) -> None:
        if self._is_old or self._found() is None or self._found() != self._shown:
            self.fill()

    def closed(self) -> None:
        """The drawer was closed: there is nothing to go back to."""
        if not self.is_open:
            self._shown = None

    def back(self) -> None:
        """A form gave way: show the record again that stood there before."""
        if self._shown is not None:
            self.show(self._shown)


def beside(area: QWidget, detail: Detail, list_width: int) -> QWidget:
    """The list at its width, the detail in the rest."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    if list_width:
        area.setFixedWidth(list_width)
    row.addWidget(area)
    line = styled(QFrame(), "vline")
    line.setFixedWidth(1)
    row.addWidget(line)
    row.addWidget(cast("QWidget", detail), 1)
    return both
