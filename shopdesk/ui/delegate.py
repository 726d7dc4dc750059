"""Paints every cell of every table from its Cell; colours are the theme's, layouts and pictures are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shopdesk.ui import strokes
from shopdesk.ui.background import warm_readings
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.table_model import TableModel
from shopdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from shopdesk.ui.columns import Cell
    from shopdesk.ui.pictures import Pictures
    from shopdesk.ui.table_rows import Block
    from shopdesk.ui.table_view import TableView

SIDE = 6
LAST_SIDE = 14
PAGE_SIDE = 20
CHECK_WIDTH = 46
_TEXTS_KEPT = 6000


class Painter(QStyledItemDelegate):
    """The one delegate."""

    def __init__(self, view: TableView, model: TableModel, pictures: Pictures) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._pictures = pictures
        self._texts: dict[tuple[str, str, bool, int], tuple[str, int]] = {}
        self._row = -1
        self._grounded: set[int] = set()
        self._block: Block | None = None
        self._place = 0
        self._end = SIDE
        self._chosen = self._current = False
        self.ground: QColor = theme().colour("surface")
        self._line: QColor = theme().colour("line")
        theme().changed.connect(self.forget)

    def forget(self) -> None:
        """Drop the kept layouts."""
        self._texts.clear()

    @guarded
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height is the same for every row."""
        return QSize(80, self._view.row_height)

    @guarded
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """What the cell holds; the first cell of a row paints the ground of all."""
        row, column = index.row(), index.column()
        rect: QRect = option.rect
        if row != self._row:
            self._begin_row(row, painter, rect)
        if column == 0:
            strokes.check_box(painter, self._box(rect), on=self._chosen)
            return
        assert self._block is not None
        cell = self._block.cells.get((self._place, column)) or self._model.cell(row, column)
        self._end = LAST_SIDE if column == self._view.last_section else SIDE
        if cell.lines:
            self._paint_tall(painter, rect, cell)
        else:
            self._paint_cell(painter, rect, cell, right=self._model.columns[column - 1].flush_right)

    def begin_frame(self) -> None:
        """The view paints anew: nothing known of a row holds any longer."""
        self._row = -1
        self._grounded.clear()
        self._line = theme().colour("line")

    def _begin_row(self, row: int, painter: QPainter, rect: QRect) -> None:
        """What all cells of a row share: its state, its ground, the line below. The view painted the surface."""
        self._row = -1  # for the next cell, should the row be unreadable
        self._block, self._place = self._model.store.block_of(row)
        self._row = row
        record_id = self._model.id_at(row)
        self._chosen = record_id is not None and record_id in self._model.selection
        self._current = row == self._view.current_row()
        lit = self._chosen or self._current
        wide = self._view.viewport().width()
        hovered = row == self._view.hover_row
        self.ground = theme().colour("selected" if lit else "hover" if hovered else "surface")
        if row in self._grounded:
            return  # a frame of several parts comes to a row again; its first cells are drawn already
        self._grounded.add(row)
        if lit or hovered:
            painter.fillRect(0, rect.top(), wide, rect.height(), self.ground)
        painter.fillRect(0, rect.bottom(), wide, 1, self._line)
        if self._current:
            painter.fillRect(0, rect.top(), 2, rect.height(), theme().colour("accent"))

    def createEditor(
        self,
        parent: QWidget,
        _option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """A plain field, set as the column is."""
        warm_readings()
        field = QLineEdit(parent)
        if self._model.columns[index.column() - 1].flush_right:
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        return field

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """As high as the row, and never too narrow to read."""
        rect: QRect = option.rect
        wide = max(rect.width(), 90)
        left = rect.right() - wide + 1 if isinstance(editor, QLineEdit) and wide > rect.width() else rect.left()
        editor.setGeometry(left, rect.top(), wide, rect.height())

    def _box(self, rect: QRect) -> QRectF:
        size = theme().size("check")
        return QRectF(rect.left() + PAGE_SIDE, rect.top() + (rect.height() - 1 - size) / 2, size, size)

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: Cell, *, right: bool) -> None:
        left = rect.left() + SIDE
        room = QRect(left, rect.top(), rect.right() - self._end - left + 1, rect.height() - 1)
        if cell.thumb is not None or cell.initials:
            room.setLeft(room.left() + self._paint_tile(painter, room, cell))
        if cell.stars is not None:
            strokes.stars(painter, room, cell.stars)
            return
        if cell.spark:
            strokes.sparkline(painter, QRectF(room), cell.spark, cell.tone or "c1_cobalt")
            return
        if cell.bar is not None:
            strokes.bar(painter, QRectF(room), cell.bar, cell.tone or "accent")
            return
        if cell.tag:
            self._paint_tag(painter, room, cell)
            return
        self._paint_text(painter, room, cell, right=right)

    def _paint_tile(self, painter: QPainter, room: QRect, cell: Cell) -> int:
        px = theme().size("thumb")
        top = room.top() + (room.height() - px) // 2
        tile = QRectF(room.left(), top, px, px)
        if cell.initials:
            strokes.avatar(painter, tile, cell.initials)
        else:
            ratio = self._view.devicePixelRatioF()
            picture = self._pictures.thumb(cell.thumb or "", px, ratio)
            if picture is not None:
                painter.drawPixmap(tile, picture, QRectF(picture.rect()))
            else:
                strokes.empty_tile(painter, tile)
        return px + 8

    def _paint_tag(self, painter: QPainter, room: QRect, cell: Cell) -> None:
        height = theme().size("tag")
        width = min(theme().metrics("small").horizontalAdvance(cell.text) + 12, room.width())
        box = QRectF(room.left(), room.top() + (room.height() - height) / 2, width, height)
        ground, ink = strokes.tag_roles(cell.tag)
        strokes.rounded(painter, box, ground, theme().size("radius_tag"))
        self._write(painter, box.toRect(), cell.text, ink, scale="small", centre=True)

    def _paint_text(self, painter: QPainter, room: QRect, cell: Cell, *, right: bool) -> None:
        icons = 22 * len(cell.icons)
        wide = max(0, room.width() - icons)
        tail = theme().metrics("body", cell.strong).horizontalAdvance(cell.tail) if cell.tail else 0
        spot = QRect(room.left(), room.top(), max(0, wide - tail), room.height())
        used = self._write(painter, spot, cell.text, cell.tone or "text", strong=cell.strong, right=right)
        at = room.left() + used
        if cell.tail:
            behind = QRect(at, room.top(), room.left() + wide - at, room.height())
            at += self._write(painter, behind, cell.tail, cell.tone or "text", strong=cell.strong)
        if cell.sub and not right:
            behind = QRect(at + 6, room.top(), room.left() + wide - at - 6, room.height())
            if behind.width() > 12:
                at += 6 + self._write(painter, behind, cell.sub, "text_2", scale="small")
        for name, tone in cell.icons:
            draw_glyph(painter, QRectF(at + 8, room.top(), 16, room.height()), name, tone, 14)
            at += 22

    def _paint_tall(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        """A row of several lines: tile, stars or text with the mark at the right, then the other lines."""
        left = rect.left() + SIDE
        if cell.thumb is not None:
            px = 36
            ratio = self._view.devicePixelRatioF()
            tile = QRectF(left, rect.top() + 9, px, px)
            picture = self._pictures.thumb(cell.thumb, px, ratio)
            if picture is not None:
                painter.drawPixmap(tile, picture, QRectF(picture.rect()))
            else:
                strokes.empty_tile(painter, tile)
            left += px + 10
        wide = rect.right() - 14 - left
        first = QRect(left, rect.top() + 6, wide, 20)
        used = self._paint_mark(painter, first, cell) if cell.mark else 0
        if cell.stars is not None:
            strokes.stars(painter, first, cell.stars)
        elif cell.text:
            self._write(painter, first.adjusted(0, 0, -used, 0), cell.text, cell.tone or "text", strong=cell.strong)
        for number, line in enumerate(cell.lines[:2]):
            spot = QRect(left, rect.top() + 26 + 20 * number, wide, 20)
            role, scale = ("text", "body") if number == 0 else ("text_2", "small")
            self._write(painter, spot, line, role, scale=scale)

    def _paint_mark(self, painter: QPainter, first: QRect, cell: Cell) -> int:
        strong = cell.mark_tone in {"bad", "warn"}
        used = self._write(painter, first, cell.mark, cell.mark_tone, scale="small", strong=strong, right=True)
        if cell.mark_icon:
            spot = QRectF(first.right() - used - 20, first.top(), 16, first.height())
            draw_glyph(painter, spot, cell.mark_icon, cell.mark_tone, 14)
            used += 22
        return used + 8

    def _write(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        role: str,
        *,
        scale: str = "body",
        strong: bool = False,
        right: bool = False,
        centre: bool = False,
    ) -> int:
        """Draw one line, elided to its room; how wide it became."""
        if not text or room.width() <= 0:
            return 0
        key = (text, scale, strong, room.width())
        kept = self._texts.get(key)
        if kept is None:
            kept = self._lay_out(key)
        shown, width = kept
        left = room.left()
        if right:
            left = room.right() + 1 - width
        elif centre:
            left += (room.width() - width) // 2
        metrics = theme().metrics(scale, strong)
        base = room.top() + (room.height() - metrics.height()) // 2 + metrics.ascent()
        painter.setFont(theme().font(scale, strong))
        painter.setPen(theme().colour(role))
        painter.drawText(QPointF(left, base), shown)
        return width

    def _lay_out(self, key: tuple[str, str, bool, int]) -> tuple[str, int]:
        """A text elided to its room, and its width. Measuring costs as much as drawing, so it is kept."""
        text, scale, strong, room = key
        text = text.replace("\n", " ")
        metrics = theme().metrics(scale, strong)
        width = metrics.horizontalAdvance(text)
        if width > room:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(text)
        if len(self._texts) >= _TEXTS_KEPT:
            self._texts.clear()
        self._texts[key] = text, width
        return text, width
