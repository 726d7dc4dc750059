"""Charts in the look of the program: a line over days with its comparison, a heat map, a Pareto curve.

pyqtgraph takes half a second to load; the worker loads it before the first chart is made (`load`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from math import ceil, floor, log10
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from shopdesk.ui.theme import theme

_GAP = 2
_TIP_PAD = 9


def load() -> None:
    """Import pyqtgraph; in the worker, before a chart is made."""
    import_module("pyqtgraph")


def loaded() -> bool:
    """Whether a chart can be made without a wait."""
    return "pyqtgraph" in sys.modules


def colour(role: str, alpha: int = 255) -> QColor:
    """A theme colour with an alpha of its own."""
    found = QColor(theme().colour(role))
    found.setAlpha(alpha)
    return found


def steps(top: float, most: int = 5) -> list[float]:
    """Round values from 0 to at least `top` for a value axis: 1, 2 or 5 times a power of ten apart."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)
    return [step * n for n in range(ceil(top / step - 1e-9) + 1)]


def plot(parent: QWidget) -> tuple[Any, Any]:
    """A bare plot (widget, item): no buttons, no menu, no mouse zoom, quiet axes."""
    pg = import_module("pyqtgraph")
    widget = pg.PlotWidget(parent, background=theme().colour("surface"))
    item = widget.getPlotItem()
    item.hideButtons()
    item.setMenuEnabled(False)
    view = item.getViewBox()
    view.setMouseEnabled(False, False)
    view.setDefaultPadding(0.02)
    widget.setAntialiasing(True)
    widget.setFrameShape(widget.Shape.NoFrame)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    for side in ("left", "bottom"):
        axis = item.getAxis(side)
        axis.setPen(pg.mkPen(None))
        axis.setTickPen(pg.mkPen(None))
        axis.setTextPen(colour("text_3"))
        axis.setStyle(tickFont=theme().font("tiny"), tickLength=0, hideOverlappingLabels=False)
    return widget, item


class LineChart(QWidget):
    """One figure over days: line with area, the comparison dashed, the unfinished day dotted.

    Signal ``point_clicked(int)``: the number of the day. With the keyboard: left, right, Enter.
    """

    point_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(180)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._plot: Any = None
        self._item: Any = None
        self._days: Sequence[str] = ()
        self._values: Sequence[float] = ()
        self._before: Sequence[float] = ()
        self._unfinished = False
        self._axis: Callable[[float], str] = str
        self._told: Callable[[int], list[str]] = lambda _at: []
        self._reader: _Reader | None = None
        theme().changed.connect(self._draw)

    def show_days(
        self,
        days: Sequence[str],
        values: Sequence[float],
        before: Sequence[float],
        *,
        unfinished: bool,
        axis: Callable[[float], str],
        told: Callable[[int], list[str]],
    ) -> None:
        """Draw `values` by day with `before` beside them.

        `days` are the labels of the time axis, `axis` formats its values, `told` gives the lines of the
        read-out of a day; `unfinished` says that the last day is not over.
        """
        self._days, self._values, self._before = days, values, before
        self._unfinished = unfinished and len(values) > 1
        self._axis, self._told = axis, told
        self._draw()

    def _draw(self) -> None:
        if not self._values:
            return
        if self._plot is not None:
            self._plot.hide()
            self._plot.deleteLater()
        self._plot, self._item = plot(self)
        self._box.addWidget(self._plot)
        self._draw_axes()
        self._draw_lines()
        self._reader = _Reader(self._plot, self._item, len(self._values), self._told)
        self._reader.clicked.connect(self.point_clicked)

    def _draw_axes(self) -> None:
        pg = import_module("pyqtgraph")
        ticks = steps(max(*self._values, *self._before, 0.0))
        self._item.setYRange(0, ticks[-1], padding=0.02)
        self._item.getAxis("left").setTicks([[(value, self._axis(value)) for value in ticks]])
        for value in ticks:
            self._item.addItem(pg.InfiniteLine(value, angle=0, pen=pg.mkPen(colour("line"), width=1)))
        count = len(self._days)
        apart = max(1, ceil(count / 9))
        shown = list(range(count - 1, -1, -apart))
        self._item.getAxis("bottom").setTicks([[(at, self._days[at]) for at in shown]])

    def _draw_lines(self) -> None:
        pg = import_module("pyqtgraph")
        count = len(self._values)
        x = list(range(count))
        dashed = pg.mkPen(colour("text_3"), width=1.3, style=Qt.PenStyle.CustomDashLine, dash=[4, 3])
        thick = 2 if count <= 400 else 1
        line = pg.mkPen(colour("c1_cobalt"), width=thick)
        whole = count - 1 if self._unfinished else count
        self._item.plot(x, list(self._before), pen=dashed)
        self._item.plot(x[:whole], list(self._values[:whole]), pen=line, fillLevel=0, brush=colour("c1_cobalt", 26))
        if self._unfinished:
            dotted = pg.mkPen(colour("c1_cobalt"), width=thick, style=Qt.PenStyle.DotLine)
            self._item.plot(x[-2:], list(self._values[-2:]), pen=dotted)
        self._item.plot(
            x[-1:], list(self._values[-1:]), pen=None, symbol="o", symbolSize=8,
            symbolPen=pg.mkPen(colour("c1_cobalt"), width=2),
            symbolBrush=colour("surface" if self._unfinished else "c1_cobalt"),
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the days and open one."""
        reader = self._reader
        if reader is None or event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Return and reader.at is not None:
            self.point_clicked.emit(reader.at)
        else:
            last = len(self._values) - 1
            step = -1 if event.key() == Qt.Key.Key_Left else 1
            reader.read(last if reader.at is None else min(max(reader.at + step, 0), last))


class _Reader(QWidget):
    """Lies over a plot: a line at the day under the mouse, a dot on the curve and what it says there."""

    clicked = Signal(int)

    def __init__(self, widget: Any, item: Any, count: int, told: Callable[[int], list[str]]) -> None:
        super().__init__(widget)
        self._item = item
        self._count = count
        self._told = told
        self.at: int | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setGeometry(widget.rect())
        widget.installEventFilter(self)
        self.show()

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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line and the box."""
        if self.at is None:
            return
        lines = self._told(self.at)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self._place(self.at)
        painter.setPen(QPen(colour("text_3"), 1))
        painter.drawLine(QPointF(x, 8), QPointF(x, self.height() - 22))
        metrics = theme().metrics("small", True)
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 2 * _TIP_PAD
        high = metrics.height() * len(lines) + 2 * _TIP_PAD - 4
        left = x + 10 if x + 10 + wide < self.width() else x - 10 - wide
        box = QRectF(max(left, 0), 14, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("tip"))
        painter.drawRoundedRect(box, 6, 6)
        for number, line in enumerate(lines):
            painter.setPen(colour("on_tip" if number == 0 else "on_tip_2"))
            painter.setFont(theme().font("small", number == 0))
            painter.drawText(
                QPointF(box.x() + _TIP_PAD, box.y() + _TIP_PAD + metrics.ascent() - 2 + metrics.height() * number), line
            )


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
        wide = metrics.horizontalAdvance(said) + 2 * _TIP_PAD
        left = min(max(box.center().x() - wide / 2, 0), self.width() - wide)
        top = box.y() - 30 if box.y() > 32 else box.bottom() + 6
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("tip"))
        painter.drawRoundedRect(QRectF(left, top, wide, 24), 6, 6)
        painter.setPen(colour("on_tip"))
        painter.setFont(theme().font("small"))
        painter.drawText(QPointF(left + _TIP_PAD, top + 16), said)


class ParetoChart(QWidget):
    """Sales by product, the best first, with the cumulated share. Signal ``bar_clicked(int)``."""

    bar_clicked = Signal(int)

    MOST_BARS = 60

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._plot: Any = None
        self._item: Any = None
        self._heights: Sequence[float] = ()
        self._shares: Sequence[float] = ()
        self._ends = (0, 0)
        self._told: Callable[[int], list[str]] = lambda _at: []
        theme().changed.connect(self._draw)

    def show_shares(
        self, heights: Sequence[float], shares: Sequence[float], ends: tuple[int, int], told: Callable[[int], list[str]]
    ) -> None:
        """Draw bars of `heights` and the cumulated `shares`; `ends` = how many are in A, and in A and B."""
        self._heights, self._shares, self._ends, self._told = heights, shares, ends, told
        self._draw()

    def _draw(self) -> None:
        if self._plot is not None:
            self._plot.hide()
            self._plot.deleteLater()
            self._plot = None
        if not self._heights:
            return
        self._plot, self._item = plot(self)
        self._box.addWidget(self._plot)
        self._draw_classes()
        self._draw_bars()
        reader = _Reader(self._plot, self._item, min(len(self._heights), self.MOST_BARS), self._told)
        reader.clicked.connect(self.bar_clicked)

    def _draw_classes(self) -> None:
        pg = import_module("pyqtgraph")
        count = min(len(self._heights), self.MOST_BARS)
        first, second = (min(end, count) for end in self._ends)
        for left, right, role in ((0, first, "accent_soft"), (first, second, "sunken")):
            span = (left - 0.5, right - 0.5)
            band = pg.LinearRegionItem(span, movable=False, brush=colour(role), pen=pg.mkPen(None))
            band.setZValue(-20)
            self._item.addItem(band)
        names = [((first - 1) / 2, "A"), ((first + second - 1) / 2, "B"), ((second + count - 1) / 2, "C")]
        widths = (first, second - first, count - second)
        self._item.getAxis("bottom").setTicks([[name for name, wide in zip(names, widths, strict=True) if wide > 0]])
        self._item.getAxis("left").setTicks([[(0.8, "80%"), (0.95, "95%")]])
        for value in (0.8, 0.95):
            pen = pg.mkPen(colour("line_strong"), style=Qt.PenStyle.DotLine)
            self._item.addItem(pg.InfiniteLine(value, angle=0, pen=pen))
        self._item.setXRange(-0.5, count - 0.5, padding=0.01)
        self._item.setYRange(0, 1, padding=0.02)

    def _draw_bars(self) -> None:
        pg = import_module("pyqtgraph")
        count = min(len(self._heights), self.MOST_BARS)
        most = max(self._heights) or 1
        self._item.addItem(
            pg.BarGraphItem(
                x=list(range(count)),
                height=[0.6 * value / most for value in self._heights[:count]],
                width=0.72,
                brush=colour("c1_cobalt"),
                pen=pg.mkPen(None),
            )
        )
        self._item.plot(list(range(count)), list(self._shares[:count]), pen=pg.mkPen(colour("c2_orange"), width=2))
