"""The day so far beside the same weekday a week ago, up to the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shopdesk.core import clock, settings
from shopdesk.core.sqlite import Connection


@dataclass(frozen=True, slots=True)
class Sales:
    """What was paid in a stretch of a day: minor units of the shop's currency, orders, pieces."""

    paid: int = 0
    orders: int = 0
    units: int = 0

    @property
    def basket(self) -> int:
        """Paid per order, minor units (average order value)."""
        return round(self.paid / self.orders) if self.orders else 0


@dataclass(frozen=True, slots=True)
class SoFar:
    """Today against the same weekday last week, and both as they grew hour by hour (`hours` up to this one)."""

    currency: str
    today: Sales
    before: Sales
    hours: tuple[Sales, ...]
    hours_before: tuple[Sales, ...]

    @property
    def first_hour(self) -> int:
        """The hour of the first order of either day, so that the night takes no room."""
        both = (*enumerate(self.hours), *enumerate(self.hours_before))
        return min((hour for hour, sales in both if sales.orders), default=0)


def change(now: int, before: int) -> float | None:
    """The change as a share of what was before; None when there was nothing."""
    return (now - before) / before if before else None


def so_far(con: Connection, now: datetime) -> SoFar:
    """The figures of `now`'s day; orders in other currencies than the shop's stand apart and are left out."""
    currency = settings.text(con, "currency")
    earlier = now - timedelta(days=7)
    return SoFar(
        currency,
        _between(con, now, currency),
        _between(con, earlier, currency),
        _by_hour(con, now, currency, now.hour),
        _by_hour(con, earlier, currency, 23),
    )


def _between(con: Connection, now: datetime, currency: str) -> Sales:
    """From the start of the day until `now`, exactly."""
    row = con.execute(
        "SELECT coalesce(sum(paid), 0) AS paid, count(*) AS orders, coalesce(sum(pieces), 0) AS units"
        " FROM v_orders WHERE paid_at >= ? AND paid_at <= ? AND +currency = ?",
        (now.date().isoformat(), clock.text(now), currency),
    ).fetchone()
    return Sales(row["paid"], row["orders"], row["units"])


def _by_hour(con: Connection, day: datetime, currency: str, last: int) -> tuple[Sales, ...]:
    """What had come in by the end of each hour of a day."""
    rows = con.execute(
        "SELECT hour, sum(sales) AS paid, sum(orders) AS orders, sum(units) AS units"
        " FROM v_day WHERE day = ? AND currency = ? GROUP BY hour",
        (day.date().isoformat(), currency),
    )
    hours = {row["hour"]: Sales(row["paid"], row["orders"], row["units"]) for row in rows}
    grown = Sales()
    runs = []
    for hour in range(last + 1):
        one = hours.get(hour, Sales())
        grown = Sales(grown.paid + one.paid, grown.orders + one.orders, grown.units + one.units)
        runs.append(grown)
    return tuple(runs)
