"""The metrics tab: what was sold, when, where and of what, each compared; a click opens the records behind."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from shopdesk.core import clock, dates, money
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr, trn
from shopdesk.metrics.card_widgets import BarList, BarRow, Card, FigureTile
from shopdesk.metrics.model import Figure, Range, change, last_days, pareto, this_year, total
from shopdesk.metrics.sums import Sums, gather
from shopdesk.ui import chart
from shopdesk.ui.actions import Action
from shopdesk.ui.chips import ChipRow
from shopdesk.ui.columns import UNKNOWN
from shopdesk.ui.form import DayField, Form
from shopdesk.ui.heat_map import HeatMap
from shopdesk.ui.page import Page
from shopdesk.ui.pareto import ParetoChart
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled

TOP = 8
"""How many products and channels are listed."""

RANGES = {"7": N_("7 days"), "28": N_("28 days"), "90": N_("90 days"), "year": N_("This year"), "own": N_("Custom…")}


class MetricsPage(Page):
    """Figures by day with the same-weekday comparison, channels, hours, products, Pareto."""

    name = "metrics"
    title = N_("Metrics")
    topics = frozenset({"orders", "stock", "channels", "settings"})

    def build(self) -> None:
        """The cards, in a page that scrolls."""
        self._span = last_days(28)
        self._range = "28"
        self._figure = Figure.SALES
        self._sums: Sums | None = None
        self._chips = ChipRow()
        self._chips.picked.connect(self._on_range)
        self._chips.offer_save(False)
        self._banner = PlainLabel("", "small", "warn")
        self.chip_row.addWidget(self._chips, 1)
        self.chip_row.addWidget(self._banner)
        inside = styled(QWidget(), "page")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 2, 20, 16)
        column.setSpacing(16)
        column.addLayout(self._build_tiles())
        column.addLayout(self._build_cards())
        column.addStretch(1)

    def _build_tiles(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.tiles: dict[Figure, FigureTile] = {}
        for figure in Figure:
            tile = self.tiles[figure] = FigureTile()
            tile.clicked.connect(partial(self._on_figure, figure))
            row.addWidget(tile, 1)
        return row

    def _build_cards(self) -> QGridLayout:
        self.line_card, self.channel_card, self.heat_card, self.product_card, self.pareto_card = (
            Card() for _ in range(5)
        )
        self.line = chart.LineChart()
        self.line.point_clicked.connect(self._on_day)
        self.channel_bars = BarList("c3_teal")
        self.channel_bars.row_clicked.connect(self._on_channel)
        self.heat_map = HeatMap()
        self.heat_map.cell_clicked.connect(self._on_hour)
        self.product_bars = BarList()
        self.product_bars.row_clicked.connect(self._on_product)
        self.pareto_chart = ParetoChart()
        self.pareto_chart.bar_clicked.connect(self._on_product)
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

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """The ranges, for the palette and the keyboard."""
        return tuple(
            Action(f"metrics.{key}", title, "clock", partial(self._on_range, key), f"Ctrl+Alt+{at}")
            for at, (key, title) in enumerate(RANGES.items(), 1)
        )

    def retranslate_ui(self) -> None:
        """Words of chips and cards."""
        self._chips.fill([(key, tr(title), "") for key, title in RANGES.items()])
        self._chips.pick(self._range)
        self._show()

    def fact(self, _con: Connection) -> str:
        """Which days are shown."""
        return f"{dates.show_day(self._span.first)} – {dates.show_day(self._span.last)}"

    def reload(self) -> None:
        """Gather the figures in the worker."""
        self._follow_the_day()
        span = self._span
        self.worker.submit(partial(_gather, span), self._on_gathered, key="metrics.gather")

    def _follow_the_day(self) -> None:
        if self._range == "year":
            self._span = this_year()
        elif self._range != "own":
            self._span = last_days(int(self._range))

    def open(self, what: object) -> None:
        """A range by its key."""
        if isinstance(what, str) and what in RANGES:
            self._on_range(what)
        else:
            super().open(what)

    # choices

    def _on_range(self, key: str) -> None:
        if key == "own":
            self._ask_days()
            return
        self._range = key
        self._chips.pick(key)
        self.refresh()

    def _ask_days(self) -> None:
        form = Form(
            tr("Which days?"),
            [
                DayField("first", tr("From"), value=self._span.first, required=True),
                DayField("last", tr("Until"), value=self._span.last, required=True),
            ],
            save=tr("Show"),
            on_save=self._own_days,
        )
        self.show_form(form)
        self._chips.pick(self._range)

    def _own_days(self, values: dict[str, object]) -> None:
        first, last = (date.fromisoformat(str(values[name])[:10]) for name in ("first", "last"))
        if last < first:
            raise ShopError(N_("The last day is before the first."), field="last")
        if last > clock.today():
            raise ShopError(N_("The last day is in the future."), field="last")
        self._range = "own"
        self._span = Range(first, last)
        self._chips.pick("own")
        self.refresh()

    def _on_figure(self, figure: Figure) -> None:
        self._figure = figure
        self._show()

    # showing

    def _on_gathered(self, sums: Sums) -> None:
        self._sums = sums
        self._show()

    def _show(self) -> None:
        sums = self._sums
        for figure, tile in self.tiles.items():
            tile.setChecked(figure is self._figure)
        if sums is None:
            return
        for figure, tile in self.tiles.items():
            tile.say(tr(figure.title), *self._headline(sums, figure))
        self._banner.setText(self._apart(sums))
        self._show_days(sums)
        self._show_channels(sums)
        self._show_heat(sums)
        self._show_products(sums)

    def _headline(self, sums: Sums, figure: Figure) -> tuple[str, str, str]:
        now, before = total(sums.days, figure), total(sums.days, figure, before=True)
        moved = change(now, before)
        if moved is None:
            return self._amount(now, figure), "", "text_2"
        better = (moved >= 0) == figure.more_is_better
        tone = "text_2" if abs(moved) < 0.005 else ("good" if better else "bad")
        sign = "±" if abs(moved) < 0.005 else "+" if moved > 0 else "−"
        return self._amount(now, figure), f"{sign}{abs(moved):.0%}", tone

    def _amount(self, value: float, figure: Figure) -> str:
        if not figure.money:
            return f"{round(value):,}"
        if figure is Figure.AOV and not value:
            return UNKNOWN
        currency = self._sums.currency if self._sums else "CNY"
        return money.show(round(value), currency, minor_digits=figure is Figure.AOV)

    def _axis(self, value: float) -> str:
        if not self._figure.money:
            return f"{value:,.0f}"
        units = value / 10 ** money.exponent(self._sums.currency if self._sums else "CNY")
        return f"{units / 1000:,.0f}k" if units >= 1000 and units % 1000 == 0 else f"{units:,.0f}"

    def _apart(self, sums: Sums) -> str:
        said = " · ".join(money.show(amount, currency) for currency, amount in sums.others)
        return tr("Not in these figures, other currencies: {sums}", sums=said) if said else ""

    def _show_days(self, sums: Sums) -> None:
        figure, frame = self._figure, sums.days
        number, moved, tone = self._headline(sums, figure)
        said = tr("compared with the last four of each weekday") if moved else ""
        self.line_card.say(tr(figure.title), number, moved, tone, said)
        self.line.show_days(
            [dates.show_day(day.date()) for day in frame.index],
            [float(value) for value in frame[figure.column]],
            [float(value) for value in frame[f"{figure.column}_before"]],
            unfinished=sums.span.last == clock.today(),
            axis=self._axis,
            told=self._tell_day,
        )

    def _tell_day(self, at: int) -> list[str]:
        assert self._sums is not None
        row = self._sums.days.iloc[at]
        day = self._sums.days.index[at].date()
        count = int(row["orders"])
        head = trn("{day} · click for {n} order", "{day} · click for {n} orders", count, day=_named(day))
        now, before = float(row[self._figure.column]), float(row[f"{self._figure.column}_before"])
        weekday = dates.weekday_name(day)
        return [
            head,
            f"{tr(self._figure.title)} {self._amount(now, self._figure)}",
            tr("last four {weekday} {amount}", weekday=weekday, amount=self._amount(before, self._figure)),
        ]

    def _show_channels(self, sums: Sums) -> None:
        whole = sum(found.sales for found in sums.channels) or 1
        self.channel_card.say(tr("Channels"))
        self.channel_bars.show_rows(
            [
                BarRow(
                    found.name,
                    found.sales / whole,
                    self._amount(found.sales, Figure.SALES),
                    f"{found.sales / whole:.0%} · " + trn("{n} order", "{n} orders", found.orders),
                )
                for found in sums.channels[:TOP]
            ]
        )

    def _show_heat(self, sums: Sums) -> None:
        best = max(((day, hour) for day in range(7) for hour in range(24)), key=lambda at: sums.heat[at[0]][at[1]])
        any_order = sums.heat[best[0]][best[1]] > 0
        said = tr("{weekday} {hour}:00 most", weekday=_weekday(best[0]), hour=best[1]) if any_order else ""
        self.heat_card.say(tr("When they order"), said=said)
        self.heat_map.show_counts(sums.heat, [_weekday(at) for at in range(7)], self._tell_hour)

    def _tell_hour(self, day: int, hour: int) -> str:
        assert self._sums is not None
        count = self._sums.heat[day][hour]
        said = trn("{n} order", "{n} orders", count)
        return f"{_weekday(day)} {hour}:00 · {said}"

    def _show_products(self, sums: Sums) -> None:
        most = sums.best[0].sales if sums.best else 1
        self.product_card.say(tr("Top products"))
        self.product_bars.show_rows(
            [
                BarRow(
                    found.name,
                    max(found.sales, 0) / (most or 1),
                    self._amount(found.sales, Figure.SALES),
                    trn("{n} pc", "{n} pcs", found.units),
                )
                for found in sums.best[:TOP]
            ]
        )
        shares, first, second = pareto([amount for _, amount, _ in sums.products])
        said = trn("{n} product makes 80%", "{n} products make 80%", first) if shares else ""
        self.pareto_card.say(tr("What earns the money"), said=said)
        heights = [float(found.sales) for found in sums.best]
        self.pareto_chart.show_shares(heights, shares, (first, second), partial(self._tell_product, shares))

    def _tell_product(self, shares: list[float], at: int) -> list[str]:
        assert self._sums is not None
        found = self._sums.best[at]
        return [found.name, f"{self._amount(found.sales, Figure.SALES)} · {shares[at]:.0%}"]

    # the records behind

    def _open(self, title: str, where: str, **params: object) -> None:
        self.open_requested.emit(
            "orders", {"view": "all", "title": title, "where": where, "params": params, "sort": "-paid_at"}
        )

    def _bounds(self) -> dict[str, object]:
        return {"first": self._span.first.isoformat(), "until": f"{self._span.last.isoformat()}~"}

    def _on_day(self, at: int) -> None:
        assert self._sums is not None
        day = self._sums.days.index[at].date()
        if self._figure is Figure.REFUNDS:
            where = (
                "id IN (SELECT order_id FROM returns WHERE day = :day AND state = 'refunded' AND deleted_at IS NULL)"
            )
            self._open(tr("Refunds of {day}", day=_named(day)), where, day=day.isoformat())
            return
        where = "paid_at >= :day AND paid_at < :until AND currency = :money"
        until = f"{day.isoformat()}~"
        self._open(_named(day), where, day=day.isoformat(), until=until, money=self._sums.currency)

    def _on_channel(self, at: int) -> None:
        assert self._sums is not None
        found = self._sums.channels[at]
        where = "channel_id = :channel AND paid_at >= :first AND paid_at < :until"
        self._open(found.name, where, channel=found.channel_id, **self._bounds())

    def _on_hour(self, day: int, hour: int) -> None:
        where = (
            "paid_at >= :first AND paid_at < :until AND substr(paid_at, 12, 2) = :hour"
            " AND strftime('%w', paid_at) = :weekday"
        )
        title = f"{_weekday(day)} {hour}:00"
        self._open(title, where, hour=f"{hour:02d}", weekday=str((day + 1) % 7), **self._bounds())

    def _on_product(self, at: int) -> None:
        assert self._sums is not None
        found = self._sums.best[at]
        where = "id IN (SELECT order_id FROM order_lines WHERE sku_id = :sku AND day >= :first AND day < :until)"
        self._open(found.name, where, sku=found.sku_id, **self._bounds())


def _gather(span: Range, con: Connection) -> Sums:
    chart.load()
    return gather(con, span)


def _named(day: date) -> str:
    return dates.show_day(day, weekday=True)


def _weekday(at: int) -> str:
    """The name of weekday 0 (Monday) to 6."""
    return dates.weekday_name(date(2024, 1, 1 + at))


PAGE = MetricsPage
