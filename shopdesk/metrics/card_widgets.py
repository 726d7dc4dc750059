"""The cards of the metrics page: a figure to choose, a titled frame, a list of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.ui.chart import colour
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme

_ROW = 30


class Card(QWidget):
    """A titled frame: question or noun, number, comparison; then its content."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "card")
        self._title = PlainLabel("", "body", strong=True)
        self._number = PlainLabel("", "reading", strong=True)
        self._said = PlainLabel("", "small", "text_2", elide=True)
        self._change = PlainLabel("", "body")
        head = QHBoxLayout()
        head.setSpacing(8)
        for label in (self._title, self._number, self._change):
            head.addWidget(label)
        head.addWidget(self._said, 1)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(14, 11, 14, 11)
        self.content.setSpacing(8)
        self.content.addLayout(head)

    def say(self, title: str, number: str = "", change: str = "", tone: str = "text_2", said: str = "") -> None:
        """Set the words of the head."""
        self._title.setText(title)
        self._number.setText(number)
        self._change.setText(change)
        self._change.set_role(tone)
        self._said.setText(said)
        for label in (self._number, self._change):
            label.setVisible(bool(label.text()))


class FigureTile(QAbstractButton):
    """One figure with its number and comparison; the chosen one is drawn in the large chart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._number = "—"
        self._change = ""
        self._tone = "text_2"

    def say(self, title: str, number: str, change: str, tone: str) -> None:
        """Set what it shows."""
        self.setText(title)
        self._number, self._change, self._tone = number, change, tone
        self.setAccessibleName(f"{title} {number} {change}")
        self.update()

    @guarded
    def sizeHint(self) -> QSize:
        """One of five in a row."""
        return QSize(150, 62)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """A card; the chosen one has an accent border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        wide = 2 if on else 1
        painter.setPen(QPen(colour("accent" if on else "line"), wide))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2), 8, 8)
        painter.setFont(theme().font("small"))
        painter.setPen(colour("accent" if on else "text_2"))
        painter.drawText(QRectF(14, 9, self.width() - 28, 18), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme().font("heading", True))
        painter.setPen(colour("text"))
        painter.drawText(QRectF(14, 29, self.width() - 28, 24), Qt.AlignmentFlag.AlignVCenter, self._number)
        left = 14 + theme().metrics("heading", True).horizontalAdvance(self._number) + 8
        painter.setFont(theme().font("small"))
        painter.setPen(colour(self._tone))
        painter.drawText(QRectF(left, 31, self.width() - left - 8, 22), Qt.AlignmentFlag.AlignVCenter, self._change)


@dataclass(frozen=True, slots=True)
class BarRow:
    """A name, how long its bar is (0..1), the value and a quieter second one."""

    name: str
    share: float
    value: str
    sub: str = ""


class BarList(QWidget):
    """Rows with a bar each. Signal ``row_clicked(int)``; arrows and Enter with the keyboard."""

    row_clicked = Signal(int)

    def __init__(self, role: str = "c1_cobalt", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[BarRow] = ()
        self._role = role
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme().changed.connect(self.update)

    def show_rows(self, rows: Sequence[BarRow]) -> None:
        """Draw these rows."""
        self._rows = rows
        self._at = -1
        self.setMinimumHeight(_ROW * len(rows))
        self.setAccessibleName("; ".join(f"{row.name} {row.value}" for row in rows))
        self.update()

    @guarded
    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(280, _ROW * len(self._rows))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the mouse."""
        self._go(int(event.position().y() // _ROW))

    def leaveEvent(self, _event: QEvent) -> None:
        """No row any more."""
        self._go(-1)

    def _go(self, at: int) -> None:
        self._at = at if 0 <= at < len(self._rows) else -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the records behind the row."""
        at = int(event.position().y() // _ROW)
        if 0 <= at < len(self._rows) and event.button() == Qt.MouseButton.LeftButton:
            self.row_clicked.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the rows and open one."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            self._go(min(max(self._at + step, 0), len(self._rows) - 1))
        elif event.key() == Qt.Key.Key_Return and self._at >= 0:
            self.row_clicked.emit(self._at)
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Name above its bar, values at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = theme().metrics("body")
        for number, row in enumerate(self._rows):
            top = number * _ROW
            if number == self._at:
                painter.fillRect(QRectF(0, top, self.width(), _ROW), colour("hover"))
            wide = metrics.horizontalAdvance(row.value)
            painter.setFont(theme().font("body"))
            painter.setPen(colour("text"))
            painter.drawText(QRectF(self.width() - wide, top + 2, wide, 18), Qt.AlignmentFlag.AlignVCenter, row.value)
            sub = theme().metrics("small").horizontalAdvance(row.sub)
            name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, self.width() - wide - sub - 24)
            painter.drawText(QRectF(0, top + 2, self.width(), 18), Qt.AlignmentFlag.AlignVCenter, name)
            painter.setFont(theme().font("small"))
            painter.setPen(colour("text_2"))
            left = self.width() - wide - sub - 10
            painter.drawText(QRectF(left, top + 2, sub, 18), Qt.AlignmentFlag.AlignVCenter, row.sub)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("sunken"))
            painter.drawRoundedRect(QRectF(0, top + 22, self.width(), 4), 2, 2)
            painter.setBrush(colour(self._role))
            painter.drawRoundedRect(QRectF(0, top + 22, max(self.width() * row.share, 2), 4), 2, 2)
