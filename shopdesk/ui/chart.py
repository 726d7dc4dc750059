"""Charts in the look of the program: what they share, and the line over days with its comparison.

pyqtgraph takes half a second to load; the worker loads it before the first chart is made (`load`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from math import ceil, floor, isnan, log10
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopdesk.ui.chart_reader import Reader
from shopdesk.ui.theme import theme


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


def told_apart(top: float, say: Callable[[float], str]) -> list[float]:
    """Like `steps`, as fine as the words of the axis go: no two of them are the same."""
    while True:
        for most in range(5, 0, -1):
            found = steps(top, most)
            if len({say(value) for value in found}) == len(found):
                return found
        top = max(top, 0.1) * 10


def plot(parent: QWidget) -> tuple[Any, Any]:
    """A bare plot (widget, item): no buttons, no menu, no mouse zoom, quiet axes."""
    pg = import_module("pyqtgraph")
    widget = pg.PlotWidget(parent)
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
        axis.setStyle(tickFont=theme().font("tiny"), tickLength=0, hideOverlappingLabels=False)
    recolour_plot(widget)
    return widget, item


def recolour_plot(widget: Any) -> None:
    """The ground and the axes in the colours of the theme."""
    widget.setBackground(theme().colour("surface"))
    for side in ("left", "bottom"):
        widget.getPlotItem().getAxis(side).setTextPen(colour("text_3"))


class Recolouring(QObject):
    """Tells a chart of other colours: at once while it is to be seen, else when it is shown."""

    def __init__(self, chart: QWidget, recolour: Callable[[], None]) -> None:
        super().__init__(chart)
        self._chart = chart
        self._recolour = recolour
        self._is_old = False
        chart.installEventFilter(self)
        theme().recoloured.connect(self._on_recoloured)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A chart in old colours is being shown."""
        if self._is_old and event.type() == QEvent.Type.Show:
            self._is_old = False
            self._recolour()
        return False

    def _on_recoloured(self) -> None:
        self._is_old = not self._chart.isVisible()
        if not self._is_old:
            self._recolour()


class Grid:
    """The horizontal lines of a plot: as many as asked for, made once and moved."""

    def __init__(self, item: Any, style: Qt.PenStyle = Qt.PenStyle.SolidLine, role: str = "line") -> None:
        self._item = item
        self._pen = (style, role)
        self._lines: list[Any] = []

    def show(self, values: Sequence[float]) -> None:
        """A line at each of `values`."""
        pg = import_module("pyqtgraph")
        while len(self._lines) < len(values):
            self._lines.append(pg.InfiniteLine(0, angle=0))
            self._item.addItem(self._lines[-1])
        self.recolour()
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(values))
            if number < len(values):
                line.setValue(values[number])

    def recolour(self) -> None:
        """The lines in the colour of the theme."""
        style, role = self._pen
        pen = import_module("pyqtgraph").mkPen(colour(role), width=1, style=style)
        for line in self._lines:
            line.setPen(pen)


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
        self._compared: Any = None
        self._line: Any = None
        self._tail: Any = None
        self._end: Any = None
        self._grid: Any = None
        self._days: Sequence[str] = ()
        self._values: Sequence[float] = ()
        self._before: Sequence[float] = ()
        self._unfinished = False
        self._axis: Callable[[float], str] = str
        self._told: Callable[[int], list[str]] = lambda _at: []
        self._reader: Reader | None = None
        Recolouring(self, self._recolour)

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
        """Draw `values` by day with `before` beside them (NaN where there is nothing to compare with).

        `days` are the labels of the time axis, `axis` formats its values, `told` gives the lines of the
        read-out of a day; `unfinished` says that the last day is not over.
        """
        self._days, self._values, self._before = days, values, before
        self._unfinished = unfinished and len(values) > 1
        self._axis, self._told = axis, told
        self._draw()

    def _build(self) -> None:
        """Make the plot and its curves; the colours come while they are drawn."""
        self._plot, self._item = plot(self)
        self._box.addWidget(self._plot)
        self._compared = self._item.plot()
        self._line = self._item.plot(fillLevel=0)
        self._tail = self._item.plot()
        self._end = self._item.plot(pen=None, symbol="o", symbolSize=8)
        self._grid = Grid(self._item)
        self._reader = Reader(self._plot, self._item, self._told)
        self._reader.clicked.connect(self.point_clicked)

    def _recolour(self) -> None:
        if self._plot is not None:
            recolour_plot(self._plot)
            self._grid.recolour()
            self._draw_lines(len(self._days))

    def _draw(self) -> None:
        if not self._values:
            return
        if self._plot is None:
            self._build()
        assert self._reader is not None
        self._reader.take(len(self._values), self._told)
        ticks = told_apart(max(*self._values, *(one for one in self._before if not isnan(one)), 0.0), self._axis)
        self._item.setYRange(0, ticks[-1], padding=0.02)
        self._grid.show(ticks)
        self._item.getAxis("left").setTicks([[(value, self._axis(value)) for value in ticks]])
        count = len(self._days)
        shown = range(count - 1, -1, -max(1, ceil(count / 9)))
        self._item.getAxis("bottom").setTicks([[(at, self._days[at]) for at in shown]])
        self._draw_lines(count)

    def _draw_lines(self, count: int) -> None:
        pg = import_module("pyqtgraph")
        x = list(range(count))
        values = list(self._values)
        # a thick line of thousands of points takes ten times as long to paint
        thick = 2 if count <= 400 else 1
        whole = count - 1 if self._unfinished else count
        solid = pg.mkPen(colour("c1_cobalt"), width=thick)
        dotted = pg.mkPen(colour("c1_cobalt"), width=thick, style=Qt.PenStyle.DotLine)
        dashed = pg.mkPen(colour("text_3"), width=1.3, style=Qt.PenStyle.CustomDashLine, dash=[4, 3])
        self._compared.setData(x, list(self._before), pen=dashed, connect="finite")
        self._line.setData(x[:whole], values[:whole], pen=solid, brush=colour("c1_cobalt", 26))
        self._tail.setData(*((x[-2:], values[-2:]) if self._unfinished else ([], [])), pen=dotted)
        self._end.setData(
            x[-1:],
            values[-1:],
            symbolPen=pg.mkPen(colour("c1_cobalt"), width=2),
            symbolBrush=colour("surface" if self._unfinished else "c1_cobalt"),
        )

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
