"""The table of the import preview: records page by page, changes to tick, reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from shopdesk.core.words import tr
from shopdesk.ui import strokes
from shopdesk.ui.text import plain_tip_text
from shopdesk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_PAD = 6
_SENTENCES = frozenset({"bad", "warn", "told"})
_TALL = 22
"""What two lines of text need over the height of a row."""
_TICK_WIDTH = 44

Fetch = Callable[[int, int], list[tuple[int, list[str], bool]]]
"""(last id shown, how many) -> rows: id, texts, ticked."""


class PreviewModel(QAbstractTableModel):
    """Rows that are fetched as the view scrolls. Signal: ``ticked(ids, on)`` when the owner ticks."""

    ticked = Signal(list, bool)

    def __init__(self) -> None:
        super().__init__()
        self.headings: Sequence[tuple[str, int]] = ()
        self.styles: dict[int, str] = {}
        self.ticks = False
        self._fetch: Fetch = lambda after, limit: []
        self._rows: list[tuple[int, list[str], bool]] = []
        self._over = True

    def show(
        self, headings: Sequence[tuple[str, int]], fetch: Fetch, *, ticks: bool = False,
        styles: dict[int, str] | None = None,
    ) -> None:  # fmt: skip
        """Show another list.

        `styles` names the look of columns: old, new, quiet, number; bad, warn and told take two lines of text.
        """
        self.beginResetModel()
        self.headings, self.styles, self.ticks, self._fetch = headings, styles or {}, ticks, fetch
        self._rows = []
        self._over = False
        self.endResetModel()
        self.fetchMore(QModelIndex())

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The rows fetched so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The headings, and the ticks before them."""
        return 0 if parent.isValid() else len(self.headings) + self.ticks

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether there may be more."""
        return not parent.isValid() and not self._over

    def fetchMore(self, parent: _Index) -> None:
        """Fetch the next rows."""
        if parent.isValid() or self._over:
            return
        rows = self._fetch(self._rows[-1][0] if self._rows else 0, 200)
        self._over = len(rows) < 200
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        """Texts as they are; the tip is the whole text."""
        if not index.isValid():
            return None
        at = index.column() - self.ticks
        row = self._rows[index.row()]
        if role == _CHECK and at < 0:
            return Qt.CheckState.Checked if row[2] else Qt.CheckState.Unchecked
        if at < 0 or role not in (_DISPLAY, _TIP):
            return None
        return row[1][at] if role == _DISPLAY else plain_tip_text(row[1][at])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The headings."""
        at = section - self.ticks
        if role == _ALIGN and self.styles.get(at) == "number":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation is Qt.Orientation.Horizontal and role == _DISPLAY and 0 <= at < len(self.headings):
            heading = self.headings[at][0]
            return tr(heading) if heading else ""
        return None

    def style_of(self, column: int) -> str:
        """The look of a column."""
        return self.styles.get(column - self.ticks, "")

    def toggle(self, row: int) -> None:
        """Tick a row, or take the tick off."""
        if not self.ticks or not 0 <= row < len(self._rows):
            return
        key, texts, on = self._rows[row]
        self._rows[row] = (key, texts, not on)
        cell = self.index(row, 0)
        self.dataChanged.emit(cell, cell)
        self.ticked.emit([key], not on)

    def text(self, row: int, heading: int) -> str:
        """The text under a heading."""
        return self._rows[row][1][heading]

    def is_ticked(self, row: int) -> bool:
        """Whether a row is ticked."""
        return self._rows[row][2]


class PreviewDelegate(QStyledItemDelegate):
    """Paints a cell: plain text, ticks, what was struck out and what comes instead."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Background of the current row, hairline, text or tick."""
        model = index.model()
        assert isinstance(model, PreviewModel)
        box = option.rect
        view = option.widget
        painter.save()
        if isinstance(view, QTableView) and view.currentIndex().row() == index.row():
            painter.fillRect(box, theme().colour("selected"))
        painter.setPen(theme().colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if model.ticks and index.column() == 0:
            side = theme().size("check")
            top = box.top() + (box.height() - side) / 2
            strokes.check_box(painter, QRectF(box.left() + 20, top, side, side), on=model.is_ticked(index.row()))
        else:
            self._text(painter, QRectF(box), str(index.data() or ""), model.style_of(index.column()))
        painter.restore()

    def _text(self, painter: QPainter, box: QRectF, text: str, style: str) -> None:
        font = QFont(theme().font("body", strong=style == "new"))
        font.setStrikeOut(style == "old")
        painter.setFont(font)
        role = {"old": "text_3", "quiet": "text_2", "arrow": "text_3", "bad": "bad", "warn": "warn"}.get(style, "text")
        painter.setPen(theme().colour(role))
        room = box.adjusted(_PAD, 0, -_PAD, 0)
        side = Qt.AlignmentFlag.AlignRight if style == "number" else Qt.AlignmentFlag.AlignLeft
        line = " ".join(text.split())
        if style in _SENTENCES:
            painter.setFont(theme().font("small"))
            wrap = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room.adjusted(0, 2, 0, -2), int(wrap), line)
            return
        shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """The height of a row."""
        return QSize(80, theme().size("row"))


class PreviewTable(QTableView):
    """The table itself; Space ticks the current row. Signal: ``reached(row)`` when the keyboard comes to a row."""

    reached = Signal(int)

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
        header = self.horizontalHeader()
        header.setFixedHeight(theme().size("table_header"))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        model.modelReset.connect(self._on_reset)
        theme().changed.connect(self._on_theme_changed)

    def _on_reset(self) -> None:
        header = self.horizontalHeader()
        self._set_height()
        if self._model.ticks:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(0, _TICK_WIDTH)
        for at, (_, width) in enumerate(self._model.headings):
            column = at + self._model.ticks
            mode = QHeaderView.ResizeMode.Interactive if width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if width:
                self.setColumnWidth(column, width)

    def _set_height(self) -> None:
        tall = _TALL if _SENTENCES & set(self._model.styles.values()) else 0
        self.verticalHeader().setDefaultSectionSize(theme().size("row") + tall)

    def _on_theme_changed(self) -> None:
        self._set_height()
        self.viewport().update()

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
        """Space ticks the current row."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._model.toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Headings follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self._model.columnCount() - 1))
