"""What the welcome page is made of: picture, big buttons, drop zone, a shop opened lately."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QEnterEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QSizePolicy,
    QWidget,
)

from shopdesk.core import dates
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.ornament import paint_awning, paint_mark
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import caps_width, draw_caps
from shopdesk.ui.theme import theme

MEGABYTE = 1024 * 1024
CANVAS = QSize(428, 250)


class Illustration(QWidget):
    """Awning, day sheet, parcel and cup on a desk, in the theme's colours."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(CANVAS)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour
        paint_awning(painter, QRectF(1, 1, 426, 59), 9, colour("accent"), colour("surface"))
        self._desk(painter)
        self._sheet(painter)
        self._parcel(painter)
        self._cup(painter)

    def _desk(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme().colour("wood_dark"), 6))
        painter.drawLine(QPointF(61, 214), QPointF(51, 248))
        painter.drawLine(QPointF(367, 214), QPointF(377, 248))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("wood"))
        painter.drawRoundedRect(QRectF(30, 205, 368, 9), 3, 3)

    def _sheet(self, painter: QPainter) -> None:
        painter.save()
        painter.translate(92, 113)
        painter.rotate(-4)
        painter.setPen(QPen(theme().colour("line_strong"), 1.4))
        painter.setBrush(theme().colour("surface"))
        painter.drawRoundedRect(QRectF(0, 0, 78, 96), 4, 4)
        for number, width in enumerate((43, 37, 43, 35, 39)):
            top = 12 + number * 16
            done = number < 2
            painter.setPen(QPen(theme().colour("good" if done else "control"), 1.4))
            painter.setBrush(theme().colour("good" if done else "surface"))
            painter.drawRoundedRect(QRectF(9, top, 9, 9), 2, 2)
            if done:
                painter.setPen(QPen(theme().colour("surface"), 1.6))
                painter.drawPolyline([QPointF(11, top + 5), QPointF(13, top + 7), QPointF(16.4, top + 2.6)])
            painter.setPen(QPen(theme().colour("line_strong"), 4, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(26, top + 4.5), QPointF(26 + width, top + 4.5))
        painter.restore()

    def _parcel(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("box"))
        painter.drawRoundedRect(QRectF(207, 140, 84, 65), 3, 3)
        painter.fillRect(QRectF(207, 158, 84, 2), theme().colour("wood"))
        painter.fillRect(QRectF(241, 140, 16, 65), theme().colour("box_light"))
        painter.fillRect(QRectF(215, 179, 20, 14), theme().colour("surface"))

    def _cup(self, painter: QPainter) -> None:
        cup = theme().colour("cup")
        painter.setPen(QPen(cup, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(351, 176, 19, 18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cup)
        painter.drawChord(QRectF(316, 138, 44, 67), 180 * 16, 180 * 16)
        painter.setBrush(theme().colour("cup_light"))
        painter.drawEllipse(QRectF(316, 167, 44, 9))
        painter.setPen(QPen(theme().colour("line_strong"), 2.4, c=Qt.PenCapStyle.RoundCap))
        for left in (332.0, 343.0):
            points = [
                QPointF(left, 159),
                QPointF(left + 2.5, 155),
                QPointF(left, 151),
                QPointF(left + 2, 146),
            ]
            painter.drawPolyline(points)


class BigButton(QAbstractButton):
    """A way into a shop: icon, what it is, what it does, its key."""

    def __init__(self, icon_name: str, keys: str, *, primary: bool = False) -> None:
        super().__init__()
        self._icon, self._keys, self._primary = icon_name, keys, primary
        self._sub = ""
        self.setFixedHeight(65)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QShortcut(QKeySequence(keys), self, self.click)

    def set_words(self, title: str, sub: str) -> None:
        """Say it in the language in use."""
        self._sub = sub
        self.setText(title)
        self.setAccessibleName(f"{title}. {sub}")
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover colour."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the resting colour."""
        super().leaveEvent(event)
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse()
        if self._primary:
            ground = border = "accent_hover" if over else "accent"
        else:
            ground, border = "hover" if over else "surface", "line_strong"
        painter.setPen(QPen(theme().colour(border), 1))
        painter.setBrush(theme().colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        ink, quiet = ("on_accent", "on_accent") if self._primary else ("text", "text_2")
        draw_glyph(painter, QRectF(16, 21, 22, 22), self._icon, "on_accent" if self._primary else "accent", 20)
        self._line(painter, 13, self.text(), ink, "reading", True)
        self._line(painter, 34, self._sub, quiet, "small", False)
        caps = ("on_accent", "on_accent", ground) if self._primary else ("text_3", "line_strong", "surface")
        draw_caps(painter, self.width() - 17, self.height() / 2, self._keys, caps)

    def _line(self, painter: QPainter, top: int, text: str, role: str, scale: str, strong: bool) -> None:
        room = QRectF(53, top, self.width() - 53 - 30 - caps_width(self._keys), 19)
        painter.setFont(theme().font(scale, strong))
        painter.setPen(theme().colour(role))
        said = theme().metrics(scale, strong).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)


class DropZone(QAbstractButton):
    """Where files can be dropped; a click chooses them."""

    def __init__(self) -> None:
        super().__init__()
        self._sub = ""
        self.setFixedHeight(116)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_words(self, title: str, sub: str) -> None:
        """Say it in the language in use."""
        self._sub = sub
        self.setText(title)
        self.setAccessibleName(f"{title}. {sub}")
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dashed card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme().colour("control"), 1)
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        draw_glyph(painter, QRectF(0, 16, self.width(), 26), "import", "accent", 24)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(theme().font("body", True))
        painter.setPen(theme().colour("text"))
        painter.drawText(QRectF(0, 43, self.width(), 20), centre, self.text())
        painter.setFont(theme().font("small"))
        painter.setPen(theme().colour("text_2"))
        room = QRectF(70, 65, self.width() - 140, 44)
        painter.drawText(room, centre | Qt.TextFlag.TextWordWrap, self._sub)


class RecentShop(QAbstractButton):
    """A shop opened lately: name, file, when, size."""

    def __init__(self, path: Path, name: str, when: str) -> None:
        super().__init__()
        self.path = path
        self._when = when
        self.setText(name or path.stem)
        self.setAccessibleName(f"{self.text()}, {path}")
        self.setFixedHeight(50)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), theme().colour("hover"))
        painter.setPen(theme().colour("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        paint_mark(painter, QRectF(9, 15, 20, 20))
        width = self.width() - 42 - 150
        self._text(painter, QRectF(42, 7, width, 18), self.text(), "text", "body", True)
        self._text(painter, QRectF(42, 25, width, 17), str(self.path), "text_2", "small", False)
        right = QRectF(self.width() - 158, 7, 150, 18)
        self._text(painter, right, dates.show_time(self._when), "text_2", "body", False, end=True)
        self._text(painter, right.translated(0, 18), self._size(), "text_2", "small", False, end=True)

    def _size(self) -> str:
        try:
            size = self.path.stat().st_size / MEGABYTE
        except OSError:
            return ""
        return f"{max(size, 0.1):.1f} MB" if size < 10 else f"{size:,.0f} MB"

    def _text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        role: str,
        scale: str,
        strong: bool,
        *,
        end: bool = False,
    ) -> None:
        painter.setFont(theme().font(scale, strong))
        painter.setPen(theme().colour(role))
        side = Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft
        said = theme().metrics(scale, strong).elidedText(text, Qt.TextElideMode.ElideMiddle, int(box.width()))
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, said)
