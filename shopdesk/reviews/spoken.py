"""What the Reviews page says about times."""

from __future__ import annotations

from shopdesk.core import clock, dates
from shopdesk.core.words import tr


def span(minutes: int) -> str:
    """A wait in its largest unit: 25 min, 19 h, 3 d."""
    if minutes < 60:
        return dates.show_span(minutes)
    whole = 60 if minutes < 48 * 60 else 24 * 60
    return dates.show_span((minutes + whole // 2) // whole * whole)


def moment(at: str) -> str:
    """When something was done, short: 10:40, yesterday, Mon, 3 Nov."""
    found = dates.moment_of(at)
    if found is None:
        return dates.show_time(at)
    day = found.date()
    days = (clock.today() - day).days
    if days == 0:
        return at[11:16]
    if days == 1:
        return tr("yesterday")
    return dates.weekday_name(day) if 1 < days < 7 else dates.show_day(day, year=abs(days) > 300)


def moment_and_time(at: str) -> str:
    """When something was written: 10:40, yesterday 19:52, Mon 19:52."""
    said = moment(at)
    return said if said == at[11:16] else f"{said} {at[11:16]}"


def waited(written_at: str) -> int:
    """For how many minutes a review has been waiting."""
    return max(0, -dates.minutes_until(written_at))
