"""The awning and the shop's mark: the only ornaments, painted from the theme's colours."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme


def _scallop(box: QRectF) -> QPainterPath:
    radius = box.width() / 2
    path = QPainterPath(box.topLeft())
    path.lineTo(box.left(), box.bottom() - radius)
    path.arcTo(QRectF(box.left(), box.bottom() - box.width(), box.width(), box.width()), 180, 180)
    path.lineTo(box.topRight())
    path.closeSubpath()
    return path


def paint_awning(
    painter: QPainter,
    rect: QRectF,
    stripes: int,
    ink: QColor,
    paper: QColor,
    pen: float = 1.4,
    edge: QColor | None = None,
) -> None:
    """Paint an awning of ``stripes`` alternating scallops that fills ``rect``, edged in ``edge`` or their ink."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = rect.width() / stripes
    for number in range(stripes):
        box = QRectF(rect.left() + number * width, rect.top(), width, rect.height())
        painter.setPen(QPen(edge or ink, pen))
        painter.setBrush(ink if number % 2 == 0 else paper)
        painter.drawPath(_scallop(box))


def paint_mark(painter: QPainter, rect: QRectF, role: str = "accent") -> None:
    """Paint the mark, a little shop with a tick, into a square."""
    ink = theme().colour(role)
    unit = rect.width() / 24
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(unit, unit)
    painter.setPen(QPen(ink, 1.9))
    painter.setBrush(theme().colour("surface"))
    painter.drawRoundedRect(QRectF(4.2, 6, 15.6, 16), 2.6, 2.6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPath(_roof())
    painter.setPen(QPen(ink, 2.1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(8.4, 15.2), QPointF(11, 17.8), QPointF(15.8, 12.6)])
    painter.restore()


def _roof() -> QPainterPath:
    """The awning of the mark: wider below, four scallops."""
    path = QPainterPath(QPointF(3.2, 1.6))
    path.lineTo(20.8, 1.6)
    path.lineTo(22.8, 6.6)
    for scallop in range(4):
        right = 22.8 - scallop * 5.4
        path.arcTo(QRectF(right - 5.4, 4.2, 5.4, 5.4), 0, -180)
    path.closeSubpath()
    return path


def mark(px: int, ratio: float = 1.0) -> QPixmap:
    """The mark as a picture."""
    picture = QPixmap(QSize(round(px * ratio), round(px * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_mark(painter, QRectF(0, 0, px, px))
    painter.end()
    return picture


class Mark(QWidget):
    """The mark as a widget."""

    def __init__(self, px: int) -> None:
        super().__init__()
        self.setFixedSize(px, px)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        paint_mark(painter, QRectF(self.rect()))
