"""The figures: what they mean and what they are compared with. Frames in, frames out; no SQL, no Qt.

Sales of a day are what buyers paid on that day, postage in; refunds are their own figure on the day of the
refund. AOV (average order value) is sales / orders. A day is compared with the mean of the last four same
weekdays before it; a day that is not over yet only with the same hours of them. Days before the first sale
are unknown, not quiet: nothing is compared with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from shopdesk.core import clock
from shopdesk.core.words import N_

if TYPE_CHECKING:
    import pandas

WEEKS = 4
"""How many same weekdays a day is compared with."""

PARETO_A, PARETO_B = 0.80, 0.95
"""Where class A and class B end on the curve of cumulated sales (ABC analysis after Pareto; Dickie 1951)."""


class Figure(Enum):
    """What a day can be asked for: column, title, whether it is money, whether more is better."""

    SALES = ("sales", N_("Sales"), True, True)
    ORDERS = ("orders", N_("Orders"), False, True)
    AOV = ("aov", N_("Average order value"), True, True)
    UNITS = ("units", N_("Units"), False, True)
    REFUNDS = ("refunded", N_("Refunds"), True, False)

    def __init__(self, column: str, title: str, money: bool, more_is_better: bool) -> None:
        self.column = column
        self.title = title
        self.money = money
        self.more_is_better = more_is_better


@dataclass(frozen=True, slots=True)
class Range:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1


def last_days(count: int) -> Range:
    """The last `count` days, today included."""
    return Range(clock.today() - timedelta(days=count - 1), clock.today())


def this_year() -> Range:
    """From 1 January to today."""
    return Range(clock.today().replace(month=1, day=1), clock.today())


COLUMNS = ("sales", "orders", "units", "refunded")


def day_frame(rows: Sequence[tuple[object, ...]], span: Range) -> pandas.DataFrame:
    """Rows (day, sales, orders, units, refunded) as a frame of every day of `span`; quiet days are 0."""
    import pandas  # loaded by the worker when the first figure is wanted

    index = pandas.date_range(span.first, span.last, freq="D")
    frame = pandas.DataFrame(
        [row[1:] for row in rows], index=pandas.to_datetime([str(row[0]) for row in rows]), columns=list(COLUMNS)
    )
    return frame.reindex(index, fill_value=0).astype("int64")


def compared(
    frame: pandas.DataFrame, unfinished: pandas.DataFrame, span: Range, since: date | None
) -> pandas.DataFrame:
    """The days of `span` with every figure and, as `<figure>_before`, its same-weekday mean.

    `frame` begins WEEKS weeks before `span`. `unfinished` holds, for the same weekdays as today, only the
    hours that today has had; it replaces them in today's comparison. The mean is of those weekdays that are
    not before `since`, the day of the first sale; NaN where there is none.
    """
    import pandas  # loaded by the worker when the first figure is wanted

    known = frame.loc[str(since or clock.today()) :].reindex(frame.index)
    weeks = pandas.concat([known.shift(7 * week) for week in range(1, WEEKS + 1)]).groupby(level=0)
    before = weeks.mean()
    today = frame.index[-1]
    if today.date() == clock.today():
        before.loc[today] = unfinished.sum() / (weeks["orders"].count()[today] or float("nan"))
    joined = frame.join(before.add_suffix("_before")).loc[str(span.first) :]
    joined["aov"] = _per(joined["sales"], joined["orders"])
    joined["aov_before"] = _per(joined["sales_before"], joined["orders_before"]).where(joined["orders_before"].notna())
    return joined


def comparable(frame: pandas.DataFrame) -> pandas.DataFrame:
    """The days of a compared frame that have something to be compared with."""
    return frame[frame["orders_before"].notna()]


def _per(money: pandas.Series, orders: pandas.Series) -> pandas.Series:
    return (money / orders.where(orders > 0)).fillna(0.0)


def total(frame: pandas.DataFrame, figure: Figure, *, before: bool = False) -> float:
    """A figure over all days of the frame, or of what it is compared with."""
    tail = "_before" if before else ""
    if figure is Figure.AOV:
        orders = float(frame[f"orders{tail}"].sum())
        return float(frame[f"sales{tail}"].sum()) / orders if orders else 0.0
    return float(frame[f"{figure.column}{tail}"].sum())


def change(now: float, before: float) -> float | None:
    """By what share `now` is above (or below) `before`; None when there was nothing before."""
    return (now - before) / before if before else None


def pareto(sales: Sequence[int]) -> tuple[list[float], int, int]:
    """The cumulated shares of products sorted by sales, and how many are in class A and in A and B."""
    whole = sum(sales)
    shares: list[float] = []
    run = 0
    for amount in sales:
        run += amount
        shares.append(run / whole if whole else 0.0)
    first = next((at + 1 for at, share in enumerate(shares) if share >= PARETO_A), len(shares))
    second = next((at + 1 for at, share in enumerate(shares) if share >= PARETO_B), len(shares))
    return shares, first, second
