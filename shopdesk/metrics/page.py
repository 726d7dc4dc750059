"""The metrics tab: what was sold, when, where and of what, each compared; a click opens the records behind."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QStackedWidget

from shopdesk.core import clock, dates
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr
from shopdesk.metrics.dashboard_view import Dashboard
from shopdesk.metrics.model import Figure, Range, last_days, this_year
from shopdesk.metrics.sums import Sums, gather
from shopdesk.metrics.wording import apart, named, weekday
from shopdesk.ui import chart
from shopdesk.ui.actions import Action
from shopdesk.ui.chips import ChipRow
from shopdesk.ui.form import DayField, Form
from shopdesk.ui.page import Page
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.unread import reading, show_unread
from shopdesk.ui.widgets import EmptyState

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
        self.dashboard = Dashboard()
        self.dashboard.figure_clicked.connect(self._on_figure)
        self.dashboard.line.point_clicked.connect(self._on_day)
        self.dashboard.channel_bars.row_clicked.connect(self._on_channel)
        self.dashboard.heat_map.cell_clicked.connect(self._on_hour)
        for chart_of_products in (self.dashboard.product_bars.row_clicked, self.dashboard.pareto_chart.bar_clicked):
            chart_of_products.connect(self._on_product)
        self.nothing = EmptyState()
        self.nothing.acted.connect(self._on_nothing_acted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.dashboard)
        self._stack.addWidget(self.nothing)
        self.body.addWidget(self._stack, 1)

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """The ranges, for the palette and the keyboard."""
        return tuple(
            Action(f"metrics.{key}", title, "clock", partial(self._on_range, key), f"Ctrl+Alt+{at}", reads=True)
            for at, (key, title) in enumerate(RANGES.items(), 1)
        )

    def retranslate_ui(self) -> None:
        """Words of chips and cards."""
        self._chips.fill([(key, tr(title), "") for key, title in RANGES.items()])
        self._chips.pick(self._range)
        if self._sums is None and self._stack.currentWidget() is self.nothing:
            self.reload()  # nothing could be read, which is said anew
        self._show()

    def fact(self, _con: Connection) -> str:
        """Which days are shown."""
        far = self._span.first.year != clock.today().year
        return f"{dates.show_day(self._span.first, year=far)} – {dates.show_day(self._span.last, year=far)}"

    def reload(self) -> None:
        """Gather the figures in the worker."""
        self._follow_the_day()
        span = self._span
        self.worker.submit(partial(_gather, span), self._on_gathered, self._on_unread, key="metrics.gather")

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
        self._show_own(Range(first, last))

    def _show_own(self, span: Range) -> None:
        self._range = "own"
        self._span = span
        self._chips.pick("own")
        self.refresh()

    def _on_figure(self, figure: Figure) -> None:
        self._figure = figure
        self._show()

    def _on_nothing_acted(self) -> None:
        """Where figures come from, or to the newest days that have some."""
        newest = self._sums.newest if self._sums is not None else None
        if newest is None:
            self.open_requested.emit("import", None)
        else:
            self._show_own(Range(newest - timedelta(days=27), newest))

    # showing

    def _on_gathered(self, sums: Sums) -> None:
        self._sums = sums
        self._show()

    def _on_unread(self, error: Exception) -> None:
        self._sums = None
        self._banner.setText("")
        self._stack.setCurrentWidget(self.nothing)
        show_unread(self.nothing, self.shop, error)

    def _show(self) -> None:
        sums = self._sums
        if sums is None:
            return
        self._banner.setText(apart(sums))
        if sums.empty:
            self._show_nothing(sums)
        else:
            self.dashboard.show_sums(sums, self._figure)
        self._stack.setCurrentWidget(self.nothing if sums.empty else self.dashboard)

    def _show_nothing(self, sums: Sums) -> None:
        if sums.newest is None:
            self.nothing.say(
                tr("No figures yet"), tr("They come with the first paid orders."), tr("Import orders"), "import"
            )
        else:
            newest = dates.show_day(sums.newest, year=sums.newest.year != clock.today().year)
            self.nothing.say(
                tr("Nothing was sold in these days"),
                tr("The newest sales are of {day}.", day=newest),
                tr("Show the newest sales"),
                "clock",
            )

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
            self._open(tr("Refunds of {day}", day=named(day)), where, day=day.isoformat())
            return
        where = "paid_at >= :day AND paid_at < :until AND currency = :money"
        until = f"{day.isoformat()}~"
        self._open(named(day), where, day=day.isoformat(), until=until, money=self._sums.currency)

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
        title = f"{weekday(day)} {hour}:00"
        self._open(title, where, hour=f"{hour:02d}", weekday=str((day + 1) % 7), **self._bounds())

    def _on_product(self, at: int) -> None:
        assert self._sums is not None
        found = self._sums.best[at]
        where = "id IN (SELECT order_id FROM order_lines WHERE sku_id = :sku AND day >= :first AND day < :until)"
        self._open(found.name, where, sku=found.sku_id, **self._bounds())


def _gather(span: Range, con: Connection) -> Sums:
    chart.load()
    with reading():
        return gather(con, span)


PAGE = MetricsPage
