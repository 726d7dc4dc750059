"""The table of the import preview: records page by page, changes to tick, reasons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from shopdesk.core.words import tr
from shopdesk.exchange.preview_model_view import PreviewModel
from shopdesk.ui import strokes
from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_PAD = 6
_SENTENCES = frozenset({"bad", "warn", "told"})
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
_AIR = 6
"""What stands above and below a sentence of more than one line."""
_TICK_WIDTH = 44
_TICK_LEFT = 20
_ROLES = {"old": "text_3", "quiet": "text_2", "file": "text_2", "arrow": "text_3", "bad": "bad", "warn": "warn"}


def _tick_box(cell: QRect) -> QRectF:
    side = theme().size("check")
    return QRectF(cell.left() + _TICK_LEFT, cell.top() + (cell.height() - side) / 2, side, side)


class PreviewDelegate(QStyledItemDelegate):
    """Paints a cell: plain text, ticks, what was struck out and what comes instead."""

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Background of the current row, hairline, text or tick."""
        model = index.model()
        assert isinstance(model, PreviewModel)
        box = option.rect
        view = option.widget
        if isinstance(view, QTableView) and view.currentIndex().row() == index.row():
            painter.fillRect(box, theme().colour("selected"))
        painter.setPen(theme().colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if model.ticks and index.column() == 0:
            strokes.check_box(painter, _tick_box(box), on=model.is_ticked(index.row()))
        else:
            painter.setFont(self.font_of(index))
            self._text(painter, QRectF(box), str(index.data() or ""), model.style_of(index.column(), index.row()))

    def font_of(self, index: _Index) -> QFont:
        """The font of a cell: strong for what will be in the shop, struck out for what will not."""
        model = index.model()
        assert isinstance(model, PreviewModel)
        style = model.style_of(index.column(), index.row())
        if style in _SENTENCES:
            return QFont(theme().font("small"))
        font = QFont(theme().font("body", strong=style == "new"))
        font.setStrikeOut(style == "old" and index.data() != tr("empty"))
        return font

    def _text(self, painter: QPainter, box: QRectF, text: str, style: str) -> None:
        painter.setPen(theme().colour(_ROLES.get(style, "text")))
        room = box.adjusted(_PAD, 0, -_PAD, 0)
        side = Qt.AlignmentFlag.AlignRight if style == "number" else Qt.AlignmentFlag.AlignLeft
        line = " ".join(text.split())
        if style in _SENTENCES:
            painter.drawText(room, _WRAPPED, line)
            return
        mode = Qt.TextElideMode.ElideMiddle if style == "file" else Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(line, mode, int(room.width()))
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    @guarded
    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """The height of a row."""
        return QSize(80, theme().size("row"))


class PreviewHeader(QHeaderView):
    """The headings; over the ticks a box for all of them. Signal: ``all_requested``."""

    all_requested = Signal()

    def __init__(self, model: PreviewModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._model = model
        self.setFixedHeight(theme().size("table_header"))
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHighlightSections(False)
        model.dataChanged.connect(self.viewport().update)

    @guarded
    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """A heading, or the box."""
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        if section == 0 and self._model.ticks:
            taken, total = self._model.taken
            painter.save()
            strokes.check_box(painter, _tick_box(rect), on=0 < total <= taken, partly=0 < taken < total)
            painter.restore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the box."""
        super().mouseReleaseEvent(event)
        if self._model.ticks and self.logicalIndexAt(event.position().toPoint()) == 0:
            self.all_requested.emit()


class PreviewTable(QTableView):
    """The table itself; Space ticks the current row, Ctrl+A all of them. Its rows are as high as their sentences.

    Signals: ``reached(row)`` when the keyboard comes to a row, ``all_wanted(on)``.
    """

    reached = Signal(int)
    all_wanted = Signal(bool)

    def __init__(self, model: PreviewModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegate(PreviewDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme().size("row"))
        header = PreviewHeader(model)
        header.all_requested.connect(self._on_all_requested)
        self.setHorizontalHeader(header)
        model.modelReset.connect(self._on_reset)
        for moved in (model.rowsInserted, header.sectionResized, self.verticalScrollBar().valueChanged):
            moved.connect(self._fit_rows)
        theme().changed.connect(self._on_theme_changed)

    def _on_reset(self) -> None:
        header = self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(theme().size("row"))
        if self._model.ticks:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(0, _TICK_WIDTH)
        for at, (_, width) in enumerate(self._model.headings):
            column = at + self._model.ticks
            mode = QHeaderView.ResizeMode.Interactive if width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if width:
                self.setColumnWidth(column, width)

    def _fit_rows(self) -> None:
        """Make the rows that are seen as high as their sentences."""
        columns = [at for at in range(self._model.columnCount()) if self._model.style_of(at) in _SENTENCES]
        row = self.rowAt(0)
        if not columns or row < 0:
            return
        below = self.rowViewportPosition(row)
        while row < self._model.rowCount() and below < self.viewport().height():
            high = max(self._needed(row, column) for column in columns)
            if high != self.rowHeight(row):
                self.setRowHeight(row, high)
            below += high
            row += 1

    def _needed(self, row: int, column: int) -> int:
        line = " ".join(str(self._model.index(row, column).data()).split())
        room = QRect(0, 0, self.columnWidth(column) - 2 * _PAD, 10_000)
        return max(theme().size("row"), theme().metrics("small").boundingRect(room, _WRAPPED, line).height() + 2 * _AIR)

    def _on_theme_changed(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().size("row"))
        self._fit_rows()
        self.viewport().update()

    def _on_all_requested(self) -> None:
        taken, total = self._model.taken
        if self._model.ticks and total:
            self.all_wanted.emit(taken < total)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More rows may be seen."""
        super().resizeEvent(event)
        self._fit_rows()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Another row is the current one: it is painted so, all of it."""
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid():
            self.reached.emit(current.row())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the box ticks."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0:
            self._model.toggle(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the current row, Ctrl+A all of them."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._model.toggle(self.currentIndex().row())
        elif self._model.ticks and event.matches(QKeySequence.StandardKey.SelectAll):
            self._on_all_requested()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Headings follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self._model.columnCount() - 1))
