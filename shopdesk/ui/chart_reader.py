"""What is read off a chart under the mouse: a line at the day, and a box with what it says there."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

TIP_PAD = 9


class Reader(QWidget):
    """Lies over a plot: a line at the day under the mouse, a dot on the curve and what it says there."""

    clicked = Signal(int)

    def __init__(self, widget: Any, item: Any, told: Callable[[int], list[str]]) -> None:
        super().__init__(widget)
        self._item = item
        self._count = 0
        self._told = told
        self.at: int | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setGeometry(widget.rect())
        widget.installEventFilter(self)
        self.show()

    def take(self, count: int, told: Callable[[int], list[str]]) -> None:
        """Read `count` points from now on; nothing is read yet."""
        self._count, self._told = count, told
        self.read(None)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keep the size of the plot."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(QRect(QPointF(0, 0).toPoint(), event.size()))  # type: ignore[attr-defined]
        return False

    def read(self, at: int | None) -> None:
        """Show the read-out of a day; None hides it."""
        self.at = at
        self.update()

    def _place(self, at: int) -> float:
        view = self._item.getViewBox()
        return float(view.mapViewToScene(QPointF(at, 0)).x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the day nearest to the mouse."""
        self.read(self._nearest(event.position().x()))

    def _nearest(self, x: float) -> int:
        value = float(self._item.getViewBox().mapSceneToView(QPointF(x, 0)).x())
        return min(max(round(value), 0), self._count - 1)

    def leaveEvent(self, _event: QEvent) -> None:
        """Nothing is read any more."""
        self.read(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the records behind the day."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self._nearest(event.position().x()))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line and the box."""
        if self.at is None:
            return
        lines = self._told(self.at)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self._place(self.at)
        painter.setPen(QPen(theme().colour("text_3"), 1))
        painter.drawLine(QPointF(x, 8), QPointF(x, self.height() - 22))
        metrics = theme().metrics("small", True)
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 2 * TIP_PAD
        high = metrics.height() * len(lines) + 2 * TIP_PAD - 4
        left = x + 10 if x + 10 + wide < self.width() else x - 10 - wide
        box = QRectF(max(left, 0), 14, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("tip"))
        painter.drawRoundedRect(box, 6, 6)
        for number, line in enumerate(lines):
            painter.setPen(theme().colour("on_tip" if number == 0 else "on_tip_2"))
            painter.setFont(theme().font("small", number == 0))
            painter.drawText(
                QPointF(box.x() + TIP_PAD, box.y() + TIP_PAD + metrics.ascent() - 2 + metrics.height() * number), line
            )
