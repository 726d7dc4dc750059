"""How the figures are said: an amount, a change, a step of the axis."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from shopdesk.core import dates, money
from shopdesk.core.words import tr
from shopdesk.metrics.model import Figure, change, comparable, total

if TYPE_CHECKING:
    from shopdesk.metrics.sums import Sums

UNKNOWN = "—"
_STEADY = 0.005
"""A change below this is none."""


def amount(value: float, figure: Figure, currency: str) -> str:
    """A figure in words; no average where nothing was sold."""
    if not figure.money:
        return f"{round(value):,}"
    if figure is Figure.AOV and not value:
        return UNKNOWN
    return money.show(round(value), currency, minor_digits=figure is Figure.AOV)


def headline(sums: Sums, figure: Figure) -> tuple[str, str, str]:
    """A figure over the range, how it moved ("" without a comparison), and the colour role of that."""
    days = comparable(sums.days)
    moved = change(total(days, figure), total(days, figure, before=True))
    said = amount(total(sums.days, figure), figure, sums.currency)
    if moved is None:
        return said, "", "text_2"
    if abs(moved) < _STEADY:
        return said, f"±{abs(moved):.0%}", "text_2"
    better = (moved >= 0) == figure.more_is_better
    return said, f"{'+' if moved > 0 else '−'}{abs(moved):.0%}", "good" if better else "bad"


def versus(sums: Sums) -> str:
    """What the change is measured against, and since which day when not over the whole range."""
    first = comparable(sums.days).index[0].date()
    if first == sums.span.first:
        return tr("compared with the last four of each weekday")
    return tr("from {day} on, compared with the last four of each weekday", day=dates.show_day(first))


def axis(value: float, figure: Figure, currency: str) -> str:
    """A step of the axis, thousands as k."""
    if not figure.money:
        return f"{value:,.0f}"
    units = value / 10 ** money.exponent(currency)
    return f"{units / 1000:,.0f}k" if units >= 1000 and units % 1000 == 0 else f"{units:,.0f}"


def apart(sums: Sums) -> str:
    """What the figures leave out."""
    said = " · ".join(money.show(left, currency) for currency, left in sums.others)
    return tr("Not in these figures, other currencies: {sums}", sums=said) if said else ""


def named(day: date) -> str:
    """A day with its weekday."""
    return dates.show_day(day, weekday=True)


def weekday(at: int) -> str:
    """The name of weekday 0 (Monday) to 6."""
    return dates.weekday_name(date(2024, 1, 1 + at))
