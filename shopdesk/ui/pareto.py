"""A Pareto chart: what each product earns, and what they earn together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopdesk.ui.chart import Grid, Recolouring, colour, plot, recolour_plot
from shopdesk.ui.chart_reader import Reader

PARETO_MARKS = (0.8, 0.95)
"""Where the classes A and B end on the cumulated curve."""

BANDS = ("accent_soft", "sunken")


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
        self._bands: list[Any] = []
        self._bars: Any = None
        self._grid: Any = None
        self._curve: Any = None
        self._reader: Reader | None = None
        Recolouring(self, self._recolour)

    def show_shares(
        self, heights: Sequence[float], shares: Sequence[float], ends: tuple[int, int], told: Callable[[int], list[str]]
    ) -> None:
        """Draw bars of `heights` and the cumulated `shares`; `ends` = how many are in A, and in A and B."""
        self._heights, self._shares, self._ends, self._told = heights, shares, ends, told
        self._draw()

    def _build(self) -> None:
        """Make the plot and its parts."""
        pg = import_module("pyqtgraph")
        self._plot, self._item = plot(self)
        self._box.addWidget(self._plot)
        self._bands = []
        for _role in BANDS:
            band = pg.LinearRegionItem((0, 0), movable=False, pen=pg.mkPen(None))
            band.setZValue(-20)
            self._item.addItem(band)
            self._bands.append(band)
        self._grid = Grid(self._item, Qt.PenStyle.DotLine, "line_strong")
        self._grid.show(PARETO_MARKS)
        self._item.getAxis("left").setTicks([[(mark, f"{mark:.0%}") for mark in PARETO_MARKS]])
        self._item.setYRange(0, 1, padding=0.02)
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.72, pen=pg.mkPen(None))
        self._item.addItem(self._bars)
        self._curve = self._item.plot()
        self._reader = Reader(self._plot, self._item, self._told)
        self._reader.clicked.connect(self.bar_clicked)
        self._recolour()

    def _recolour(self) -> None:
        if self._plot is None:
            return
        recolour_plot(self._plot)
        self._grid.recolour()
        for band, role in zip(self._bands, BANDS, strict=True):
            band.setBrush(colour(role))
        self._bars.setOpts(brush=colour("c1_cobalt"))
        self._curve.setPen(import_module("pyqtgraph").mkPen(colour("c2_orange"), width=2))

    def _draw(self) -> None:
        if self._plot is None:
            if not self._heights:
                return
            self._build()
        assert self._reader is not None
        count = min(len(self._heights), self.MOST_BARS)
        self._plot.setVisible(count > 0)
        self._reader.take(count, self._told)
        first, second = (min(end, count) for end in self._ends)
        for band, left, right in zip(self._bands, (0, first), (first, second), strict=True):
            band.setRegion((left - 0.5, right - 0.5))
        names = [((first - 1) / 2, "A"), ((first + second - 1) / 2, "B"), ((second + count - 1) / 2, "C")]
        widths = (first, second - first, count - second)
        self._item.getAxis("bottom").setTicks([[name for name, wide in zip(names, widths, strict=True) if wide > 0]])
        self._item.setXRange(-0.5, max(count, 1) - 0.5, padding=0.01)
        most = max(self._heights, default=0) or 1
        x = list(range(count))
        self._bars.setOpts(x=x, height=[0.6 * value / most for value in self._heights[:count]])
        self._curve.setData(x, list(self._shares[:count]))
