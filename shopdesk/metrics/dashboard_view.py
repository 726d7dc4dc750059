"""The figures of a range on cards: tiles, the line of days, channels, hours, products, Pareto."""

from __future__ import annotations

from functools import partial
from math import isnan

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from shopdesk.core import clock, dates
from shopdesk.core.words import tr, trn
from shopdesk.metrics.card_widgets import BarList, BarRow, Card, FigureTile
from shopdesk.metrics.model import Figure, pareto
from shopdesk.metrics.sums import Sums
from shopdesk.metrics.wording import amount, axis, headline, named, versus, weekday
from shopdesk.ui import chart
from shopdesk.ui.heat_map import HeatMap
from shopdesk.ui.pareto import ParetoChart
from shopdesk.ui.theme import styled

TOP = 8
"""How many products and channels are listed."""


class Dashboard(QScrollArea):
    """Signals: ``figure_clicked(Figure)`` for a tile; the charts have their own for their points."""

    figure_clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._sums: Sums | None = None
        self._figure = Figure.SALES
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = styled(QWidget(), "page")
        self.setWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 2, 20, 16)
        column.setSpacing(16)
        column.addLayout(self._build_tiles())
        self.line_card, self.channel_card, self.heat_card, self.product_card, self.pareto_card = (
            Card() for _ in range(5)
        )
        self.line = chart.LineChart()
        self.channel_bars = BarList("c3_teal")
        self.heat_map = HeatMap()
        self.product_bars = BarList()
        self.pareto_chart = ParetoChart()
        column.addLayout(self._build_cards())
        column.addStretch(1)

    def _build_tiles(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.tiles: dict[Figure, FigureTile] = {}
        for figure in Figure:
            tile = self.tiles[figure] = FigureTile()
            tile.clicked.connect(partial(self.figure_clicked.emit, figure))
            row.addWidget(tile, 1)
        return row

    def _build_cards(self) -> QGridLayout:
        for card, widget in (
            (self.line_card, self.line), (self.channel_card, self.channel_bars), (self.heat_card, self.heat_map),
            (self.product_card, self.product_bars), (self.pareto_card, self.pareto_chart),
        ):  # fmt: skip
            card.content.addWidget(widget, 0 if isinstance(widget, BarList) else 1)
            if isinstance(widget, BarList):
                card.content.addStretch(1)
        self.line_card.setMinimumHeight(286)
        for card in (self.heat_card, self.product_card, self.pareto_card):
            card.setMinimumHeight(300)
        grid = QGridLayout()
        grid.setSpacing(16)
        grid.addWidget(self.line_card, 0, 0, 1, 4)
        grid.addWidget(self.channel_card, 0, 4, 1, 2)
        for at, card in enumerate((self.heat_card, self.product_card, self.pareto_card)):
            grid.addWidget(card, 1, at * 2, 1, 2)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        return grid

    def show_sums(self, sums: Sums, figure: Figure) -> None:
        """Put everything on its card; the line is that of `figure`."""
        self._sums, self._figure = sums, figure
        for one, tile in self.tiles.items():
            tile.setChecked(one is figure)
            tile.say(tr(one.title), *headline(sums, one))
        self._show_days(sums)
        self._show_channels(sums)
        self._show_heat(sums)
        self._show_products(sums)

    def _show_days(self, sums: Sums) -> None:
        figure, frame = self._figure, sums.days
        number, moved, tone = headline(sums, figure)
        self.line_card.say(tr(figure.title), number, moved, tone, versus(sums) if moved else "")
        self.line.show_days(
            [dates.show_day(day.date()) for day in frame.index],
            [float(value) for value in frame[figure.column]],
            [float(value) for value in frame[f"{figure.column}_before"]],
            unfinished=sums.span.last == clock.today(),
            axis=partial(axis, figure=figure, currency=sums.currency),
            told=partial(_tell_day, sums, figure),
        )

    def _show_channels(self, sums: Sums) -> None:
        whole = sum(found.sales for found in sums.channels) or 1
        self.channel_card.say(tr("Channels"))
        self.channel_bars.show_rows(
            [
                BarRow(
                    found.name,
                    found.sales / whole,
                    amount(found.sales, Figure.SALES, sums.currency),
                    f"{found.sales / whole:.0%} · " + trn("{n} order", "{n} orders", found.orders),
                )
                for found in sums.channels[:TOP]
            ]
        )

    def _show_heat(self, sums: Sums) -> None:
        best = max(((day, hour) for day in range(7) for hour in range(24)), key=lambda at: sums.heat[at[0]][at[1]])
        any_order = sums.heat[best[0]][best[1]] > 0
        said = tr("{weekday} {hour}:00 most", weekday=weekday(best[0]), hour=best[1]) if any_order else ""
        self.heat_card.say(tr("When they order"), said=said)
        self.heat_map.show_counts(sums.heat, [weekday(at) for at in range(7)], partial(_tell_hour, sums))

    def _show_products(self, sums: Sums) -> None:
        most = sums.best[0].sales if sums.best else 1
        self.product_card.say(tr("Top products"))
        self.product_bars.show_rows(
            [
                BarRow(
                    found.name,
                    max(found.sales, 0) / (most or 1),
                    amount(found.sales, Figure.SALES, sums.currency),
                    trn("{n} pc", "{n} pcs", found.units),
                )
                for found in sums.best[:TOP]
            ]
        )
        shares, first, second = pareto([sales for _, sales, _ in sums.products])
        said = trn("{n} product makes 80%", "{n} products make 80%", first) if shares else ""
        self.pareto_card.say(tr("What earns the money"), said=said)
        heights = [float(found.sales) for found in sums.best]
        self.pareto_chart.show_shares(heights, shares, (first, second), partial(_tell_product, sums, shares))


def _tell_day(sums: Sums, figure: Figure, at: int) -> list[str]:
    row, day = sums.days.iloc[at], sums.days.index[at].date()
    count = int(row["orders"])
    now, before = float(row[figure.column]), float(row[f"{figure.column}_before"])
    told = [
        trn("{day} · click for {n} order", "{day} · click for {n} orders", count, day=named(day)),
        f"{tr(figure.title)} {amount(now, figure, sums.currency)}",
    ]
    if not isnan(before):
        against = amount(before, figure, sums.currency)
        told.append(tr("last four {weekday} {amount}", weekday=dates.weekday_name(day), amount=against))
    return told


def _tell_hour(sums: Sums, day: int, hour: int) -> str:
    said = trn("{n} order", "{n} orders", sums.heat[day][hour])
    return f"{weekday(day)} {hour}:00 · {said}"


def _tell_product(sums: Sums, shares: list[float], at: int) -> list[str]:
    found = sums.best[at]
    return [found.name, f"{amount(found.sales, Figure.SALES, sums.currency)} · {shares[at]:.0%}"]
