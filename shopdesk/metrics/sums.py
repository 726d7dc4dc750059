"""Everything that the metrics page shows of a range of days, gathered in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING

from shopdesk.core import clock
from shopdesk.core.sqlite import Connection
from shopdesk.metrics import store
from shopdesk.metrics.model import WEEKS, Range, compared, day_frame

if TYPE_CHECKING:
    import pandas

NAMED = 60
"""How many of the best products are shown by name."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything the page shows of a range: days with comparisons, channels, heat, products.

    `newest` is the newest day on which anything was sold, in or out of the range.
    """

    span: Range
    currency: str
    days: pandas.DataFrame
    channels: list[store.ChannelSales]
    heat: list[list[int]]
    products: list[tuple[int, int, int]]
    best: list[store.Product]
    others: list[tuple[str, int]]
    newest: date | None

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened in these days."""
        return not (self.days[["orders", "sales", "refunded"]].any(axis=None) or self.channels or self.others)


def gather(con: Connection, span: Range) -> Sums:
    """Ask for everything; in the worker. Loads pandas when it is not there yet."""
    import_module("pandas")
    whole = Range(date.fromordinal(span.first.toordinal() - 7 * WEEKS), span.last)
    frame = day_frame(store.daily(con, span), whole)
    days = compared(frame, _hours_frame(con, span), span, store.oldest_sale(con))
    products = store.products(con, span)
    return Sums(
        span, store.currency(con), days, store.channels(con, span), store.heat(con, span),
        products, store.named(con, products[:NAMED]), store.other_currencies(con, span),
        store.newest_sale(con),
    )  # fmt: skip


def _hours_frame(con: Connection, span: Range) -> pandas.DataFrame:
    rows = store.same_hours(con) if span.last == clock.today() else []
    if not rows:
        return day_frame([], Range(span.last, span.last)).iloc[:0]
    found = [date.fromisoformat(str(row[0])) for row in rows]
    return day_frame(rows, Range(min(found), max(found)))
