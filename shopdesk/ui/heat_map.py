"""A heat map of a week: counts by weekday and hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopdesk.ui.chart import colour
from shopdesk.ui.chart_reader import TIP_PAD
from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

_GAP = 2


class HeatMap(QWidget):
    """Counts by weekday and hour as shades of one colour. Signal ``cell_clicked(weekday, hour)``."""

    cell_clicked = Signal(int, int)

    _LEFT, _BOTTOM = 34, 20

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[list[int]] = []
        self._rows: Sequence[str] = ()
        self._told: Callable[[int, int], str] = lambda _day, _hour: ""
        self._at: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    @guarded
    def sizeHint(self) -> QSize:
        """Wide enough for an hour each."""
        return QSize(320, 200)

    def show_counts(self, counts: list[list[int]], rows: Sequence[str], told: Callable[[int, int], str]) -> None:
        """Draw `counts`, one list of 24 for each of the `rows`; `told` says what a cell means."""
        self._counts, self._rows, self._told = counts, rows, told
        self.update()

    def _cell(self, day: int, hour: int) -> QRectF:
        wide = (self.width() - self._LEFT) / 24
        high = (self.height() - self._BOTTOM) / max(len(self._rows), 1)
        return QRectF(self._LEFT + hour * wide, day * high, wide - _GAP / 2, high - _GAP / 2)

    def _find(self, x: float, y: float) -> tuple[int, int] | None:
        hour = int((x - self._LEFT) / max((self.width() - self._LEFT) / 24, 1))
        day = int(y / max((self.height() - self._BOTTOM) / max(len(self._rows), 1), 1))
        inside = x >= self._LEFT and 0 <= hour < 24 and 0 <= day < len(self._counts)
        return (day, hour) if inside else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Frame the cell under the mouse and say what it is."""
        self._go(self._find(event.position().x(), event.position().y()))

    def leaveEvent(self, _event: QEvent) -> None:
        """No cell any more."""
        self._go(None)

    def _go(self, at: tuple[int, int] | None) -> None:
        self._at = at
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the orders of the cell."""
        found = self._find(event.position().x(), event.position().y())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cell_clicked.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the cells, Enter opens one."""
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        day, hour = self._at or (0, 0)
        move = moves.get(Qt.Key(event.key()))
        if move is not None:
            self._go(((day + move[0]) % 7, (hour + move[1]) % 24))
        elif event.key() == Qt.Key.Key_Return and self._at is not None:
            self.cell_clicked.emit(*self._at)
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The cells, the names of the days and hours, and the frame of the one that is read."""
        if not self._counts:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max(max(row) for row in self._counts) or 1
        painter.setPen(Qt.PenStyle.NoPen)
        for day, row in enumerate(self._counts):
            for hour, count in enumerate(row):
                painter.setBrush(colour("c1_cobalt", round(10 + 245 * count / most)))
                painter.drawRect(self._cell(day, hour))
        painter.setPen(colour("text_3"))
        painter.setFont(theme().font("tiny"))
        for day, name in enumerate(self._rows):
            box = self._cell(day, 0)
            painter.drawText(QRectF(0, box.y(), self._LEFT - 6, box.height()), Qt.AlignmentFlag.AlignVCenter, name)
        for hour in range(0, 24, 4):
            box = self._cell(max(len(self._rows) - 1, 0), hour)
            painter.drawText(QPointF(box.x(), self.height() - 5), str(hour))
        self._paint_frame(painter)

    def _paint_frame(self, painter: QPainter) -> None:
        if self._at is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("text"), 1.5))
        box = self._cell(*self._at)
        painter.drawRect(box)
        said = self._told(*self._at)
        metrics = theme().metrics("small")
        wide = metrics.horizontalAdvance(said) + 2 * TIP_PAD
        left = min(max(box.center().x() - wide / 2, 0), self.width() - wide)
        top = box.y() - 30 if box.y() > 32 else box.bottom() + 6
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("tip"))
        painter.drawRoundedRect(QRectF(left, top, wide, 24), 6, 6)
        painter.setPen(colour("on_tip"))
        painter.setFont(theme().font("small"))
        painter.drawText(QPointF(left + TIP_PAD, top + 16), said)
