"""The header of a table: a check box for all rows, titles, the arrow at the sorted column."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from shopdesk.ui import strokes
from shopdesk.ui.delegate import LAST_SIDE, PAGE_SIDE, SIDE
from shopdesk.ui.overrides import guarded
from shopdesk.ui.table_model import TableModel
from shopdesk.ui.theme import theme


class TableHeader(QHeaderView):
    """Signals: ``sort_requested(section)``, ``all_requested`` for the check box, ``menu_requested(point)``."""

    sort_requested = Signal(int)
    all_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = model
        self._sorted = 0
        self._falling = False
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(28)
        self.sectionClicked.connect(self._on_clicked)
        model.selection.changed.connect(self.viewport().update)

    def show_sort(self, section: int, *, falling: bool) -> None:
        """Mark the sorted column; 0 for none."""
        self._sorted, self._falling = section, falling
        self.viewport().update()

    @guarded
    def sizeHint(self) -> QSize:
        """As high as the tokens say."""
        return QSize(super().sizeHint().width(), theme().size("table_header"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Which columns to show."""
        self.menu_requested.emit(event.globalPos())

    @guarded
    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """One title."""
        colours = theme()
        painter.fillRect(rect, colours.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colours.colour("line_strong"))
        if section == 0:
            self._paint_box(painter, rect)
        else:
            self._paint_title(painter, rect.adjusted(SIDE, 0, -self._end(section), -1), section)

    @guarded
    def paintEvent(self, event: object) -> None:
        """The ground goes on behind the last column."""
        painter = QPainter(self.viewport())
        rect = self.viewport().rect()
        painter.fillRect(rect, theme().colour("sunken"))
        painter.fillRect(0, rect.bottom(), rect.width(), 1, theme().colour("line_strong"))
        painter.end()
        super().paintEvent(event)  # type: ignore[arg-type]

    def _end(self, section: int) -> int:
        last = next((n for n in range(self.count() - 1, 0, -1) if not self.isSectionHidden(self.logicalIndex(n))), 0)
        return LAST_SIDE if self.visualIndex(section) == last else SIDE

    def _paint_box(self, painter: QPainter, rect: QRect) -> None:
        size = theme().size("check")
        box = QRectF(rect.left() + PAGE_SIDE, rect.top() + (rect.height() - size) / 2, size, size)
        chosen, total = self._table.selection.count, self._table.rowCount(QModelIndex())
        strokes.check_box(painter, box, on=0 < total <= chosen, partly=0 < chosen < total)

    def _paint_title(self, painter: QPainter, room: QRect, section: int) -> None:
        column = self._table.columns[section - 1]
        strong = section == self._sorted
        title = self._table.title(column)
        arrow = (" ↓" if self._falling else " ↑") if strong else ""
        metrics = theme().metrics("body", strong)
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width() - metrics.horizontalAdvance(arrow))
        side = Qt.AlignmentFlag.AlignRight if column.flush_right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme().font("body", strong))
        painter.setPen(theme().colour("text" if strong else "text_2"))
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text + arrow)

    def _on_clicked(self, section: int) -> None:
        if section == 0:
            self.all_requested.emit()
        else:
            self.sort_requested.emit(section)
