"""How the rows of the day's list are painted: headings with the time left, open lines, done lines, folds."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from shopdesk.board.model import Board, Line
from shopdesk.board.rows_view import ROW_ROLE, DayModel, Kind, Row
from shopdesk.board.wording import due_words, overdue
from shopdesk.core import dates
from shopdesk.core.words import tr, trn
from shopdesk.ui import strokes
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
PAD = 20
CODE_AT = 46
TITLE_AT = 86
DUE_ROOM = 70
MINUTES_RIGHT = 82
ICON_RIGHT = 152
_HEIGHTS = {
    Kind.GROUP: "today_group",
    Kind.OPEN: "today_open",
    Kind.DONE: "today_done",
    Kind.FOLD: "today_done",
}
_MEDIUM: dict[str, QFont] = {}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LineDelegate(QStyledItemDelegate):
    """Paints the rows. Signals: ``box_clicked(Line)``, ``link_clicked(Line)`` for the icon and the evidence."""

    box_clicked = Signal(object)
    link_clicked = Signal(object)

    @guarded
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of the row's kind."""
        row: Row = index.data(ROW_ROLE)
        return QSize(200, theme().size(_HEIGHTS[row.kind]))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row: Row = index.data(ROW_ROLE)
        model = index.model()
        board = model.board if isinstance(model, DayModel) else None
        if board is None:
            return
        self._ground(painter, option, row)
        if row.kind is Kind.GROUP:
            _paint_group(painter, option.rect, row, board)
        elif row.kind is Kind.FOLD:
            _paint_fold(painter, option.rect, row)
        elif row.line is not None and row.line.done:
            over = bool(option.state & QStyle.StateFlag.State_MouseOver) and row.line.target is not None
            _paint_done(painter, option.rect, row.line, over=over)
        elif row.line is not None:
            _paint_open(painter, option.rect, row.line, board)

    def editorEvent(
        self, event: QEvent, _model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on the box, or on what leads to the records."""
        row: Row = index.data(ROW_ROLE)
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease or row.line is None:
            return False
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if box_rect(option.rect).adjusted(-8, -8, 8, 8).contains(event.position()):
            self.box_clicked.emit(row.line)
            return True
        if row.line.target is not None and link_rect(option.rect, row.line).contains(event.position()):
            self.link_clicked.emit(row.line)
            return True
        return False

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        rect = option.rect
        if row.kind is not Kind.GROUP:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, theme().colour("selected"))
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme().colour("accent"))
            elif option.state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, theme().colour("hover"))
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())


def _medium() -> QFont:
    """The body font, one step heavier: an open line's title."""
    base = theme().font("body")
    key = base.toString()
    if key not in _MEDIUM:
        _MEDIUM[key] = QFont(base)
        _MEDIUM[key].setWeight(QFont.Weight.Medium)
    return _MEDIUM[key]


def box_rect(rect: QRect) -> QRectF:
    """Where the tick box of a row is."""
    side = theme().size("check")
    return QRectF(rect.left() + PAD, rect.top() + (rect.height() - side) / 2, side, side)


def link_rect(rect: QRect, line: Line) -> QRectF:
    """What opens the records at a click: the icon of an open line, the evidence of a done one."""
    if not line.done:
        return QRectF(_from_right(rect, ICON_RIGHT - 14, 28))
    start = rect.left() + TITLE_AT + theme().metrics("body").horizontalAdvance(line.title) + 10
    return QRectF(start, rect.top(), theme().metrics("small").horizontalAdvance(line.evidence), rect.height())


def _text(
    painter: QPainter,
    room: QRect,
    text: str,
    *,
    role: str = "text",
    scale: str = "body",
    strong: bool = False,
    align: Qt.AlignmentFlag = _LEFT,
) -> int:
    """Draw one line of plain text, elided; the width it took."""
    metrics = theme().metrics(scale, strong)
    said = metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, max(0, room.width()))
    painter.setFont(theme().font(scale, strong))
    painter.setPen(theme().colour(role))
    painter.drawText(room, int(align) | int(Qt.TextFlag.TextSingleLine), said)
    return metrics.horizontalAdvance(said)


def _from_right(rect: QRect, right: int, width: int) -> QRect:
    return QRect(rect.right() + 1 - right - width, rect.top(), width, rect.height())


def _paint_group(painter: QPainter, rect: QRect, row: Row, board: Board) -> None:
    section = row.section
    assert section is not None
    line = rect.adjusted(PAD, 4, 0, 0)
    x = line.left() + _text(painter, line, row.text, strong=True) + 10
    if row.letter == "A":
        x = _countdown(painter, QRect(x, line.top(), rect.right() - ICON_RIGHT - x, line.height()), board)
    done = tr("{done} of {all} done", done=section.done, all=section.count)
    _text(painter, _from_right(line, MINUTES_RIGHT + 62, 160), done, role="text_2", scale="small", align=_RIGHT)
    minutes = tr("{n} min", n=section.minutes)
    _text(painter, _from_right(line, MINUTES_RIGHT, 120), minutes, role="text_2", scale="small", align=_RIGHT)


def _countdown(painter: QPainter, room: QRect, board: Board) -> int:
    """The time left in a soft tag, and how many orders are out of the house."""
    left = board.load().left_to_cutoff
    said = tr("{time} left", time=dates.show_span(left)) if left > 0 else tr("cut-off has passed")
    metrics = theme().metrics("small")
    width = metrics.horizontalAdvance(said) + 30
    height = theme().size("tag")
    tag = QRectF(room.left(), room.center().y() - height / 2 + 1, width, height)
    ground, ink = strokes.tag_roles("accent" if left > 0 else "plain")
    strokes.rounded(painter, tag, ground, theme().size("radius_tag"))
    draw_glyph(painter, QRectF(tag.left() + 6, tag.top(), 14, tag.height()), "clock", ink, 13)
    _text(painter, tag.toRect().adjusted(23, 0, 0, 0), said, role=ink, scale="small")
    x = int(tag.right()) + 10
    if not board.to_leave:
        return x
    out = trn("{out} of {n} order out", "{out} of {n} orders out", board.to_leave, out=board.out)
    rest = QRect(x, room.top(), max(0, room.right() - x), room.height())
    x += _text(painter, rest, out, role="text_2", scale="small") + 10
    if x + 80 < room.right():
        strokes.bar(painter, QRectF(x, room.top() + 1, 80, room.height()), board.out / board.to_leave, "accent")
    return x + 80


def _paint_fold(painter: QPainter, rect: QRect, row: Row) -> None:
    spot = QRectF(rect.left() + PAD, rect.top(), theme().size("check"), rect.height())
    draw_glyph(painter, spot, "menu", "text_3", 16)
    _text(painter, rect.adjusted(CODE_AT, 0, -PAD, 0), row.text, role="text_2", scale="small")


def _paint_open(painter: QPainter, rect: QRect, line: Line, board: Board) -> None:
    _box(painter, box_rect(rect), line)
    _text(painter, rect.adjusted(CODE_AT, 0, 0, 0), line.code, role="text_2", scale="small")
    right = rect.right() - ICON_RIGHT - 12
    title = QRect(rect.left() + TITLE_AT, rect.top() + 4, right - rect.left() - TITLE_AT, 18)
    why = QRect(title.left(), rect.top() + 22, title.width(), 16)
    if not line.why and not line.note:
        title = QRect(title.left(), rect.top(), title.width(), rect.height())
    said = theme().metrics("body").elidedText(line.title.replace("\n", " "), Qt.TextElideMode.ElideRight, title.width())
    painter.setFont(_medium())
    painter.setPen(theme().colour("text"))
    painter.drawText(title, int(_LEFT) | int(Qt.TextFlag.TextSingleLine), said)
    x = why.left() + (_text(painter, why, line.why, role="text_2", scale="small") + 10 if line.why else 0)
    if line.note and x + 40 < why.right():
        draw_glyph(painter, QRectF(x, why.top(), 14, why.height()), "note", "warn", 13)
        note = QRect(x + 18, why.top(), why.right() - x - 18, why.height())
        _text(painter, note, line.note, role="warn", scale="small")
    glyph = _from_right(rect, ICON_RIGHT - 8, 16)
    draw_glyph(painter, QRectF(glyph), line.icon, "text_3", 16)
    minutes = tr("{n} min", n=line.minutes)
    _text(painter, _from_right(rect, MINUTES_RIGHT, 66), minutes, role="text_2", scale="small", align=_RIGHT)
    role = "bad" if overdue(board, line) else "text"
    due = dates.show_day(line.snoozed) if line.snoozed else due_words(board, line)
    _text(painter, _from_right(rect, PAD, DUE_ROOM), due, role=role, strong=True, align=_RIGHT)


def _paint_done(painter: QPainter, rect: QRect, line: Line, *, over: bool) -> None:
    _box(painter, box_rect(rect), line)
    _text(painter, rect.adjusted(CODE_AT, 0, 0, 0), line.code, role="text_2", scale="small")
    who, icon_name, role = _who(line)
    width = theme().metrics("small").horizontalAdvance(who)
    _text(painter, _from_right(rect, PAD, width), who, role=role, scale="small", align=_RIGHT)
    draw_glyph(painter, QRectF(_from_right(rect, PAD + width + 4, 14)), icon_name, role, 13)
    right = rect.right() - PAD - width - 30
    room = QRect(rect.left() + TITLE_AT, rect.top(), right - rect.left() - TITLE_AT, rect.height())
    used = _text(painter, room, line.title, role="text_2")
    rest = room.adjusted(used + 10, 0, 0, 0)
    role = "text_2" if line.by_hand else "good"
    width = _text(painter, rest, line.evidence, role=role, scale="small")
    if over and line.evidence:
        under = rest.center().y() + 8
        painter.drawLine(rest.left(), under, rest.left() + width, under)


def _who(line: Line) -> tuple[str, str, str]:
    """Who ticked it: words, icon, colour role."""
    if line.by_hand:
        return tr("by hand"), "by_hand", "text_2"
    return tr("by data"), "by_data", "good"


def _box(painter: QPainter, box: QRectF, line: Line) -> None:
    """Open; filled green when the data says done; dashed when the owner says so."""
    colours = theme()
    radius = colours.size("radius_check")
    inner = box.adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    by_data = line.done and not line.by_hand
    pen = QPen(colours.colour("good" if by_data else "control"), 1.5)
    if line.by_hand:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.setBrush(colours.colour("good" if by_data else "surface"))
    painter.drawRoundedRect(inner, radius, radius)
    if line.done:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.colour("surface" if by_data else "text_2"), 1.8))
        corner = box.topLeft()
        painter.drawPolyline([corner + QPointF(4, 8), corner + QPointF(7, 11), corner + QPointF(12, 5)])
