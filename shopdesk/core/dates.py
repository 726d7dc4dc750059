"""Days and times: read from what people and platforms write, shown as people say them.

A business time is the shop's wall clock as text, YYYY-MM-DD HH:MM:SS; a day is its first ten characters.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from shopdesk.core import clock
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, language, tr, trc, trn

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAY_WORDS = {name.lower(): at for at, name in enumerate(_WEEKDAYS)} | {
    name: at for at, name in enumerate(_WEEKDAYS_ZH)
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 40
_NEAR = {0: N_("Today {time}"), 1: N_("Yesterday {time}"), -1: N_("Tomorrow {time}")}


def weekday_name(day: date) -> str:
    """Mon ... Sun, 周一 ... 周日."""
    return (_WEEKDAYS_ZH if language() == "zh_CN" else _WEEKDAYS)[day.weekday()]


def moment_of(text: str) -> datetime | None:
    """A business time or a day as it is kept; None for a text that is none, which a file from elsewhere may hold."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def show_day(day: str | date, *, year: bool = False, weekday: bool = False) -> str:
    """A day for people: 24 Nov, 11月24日; with the year or the weekday when asked. What is no day stays as it is."""
    on = moment_of(day[:10]) if isinstance(day, str) else day
    if on is None:
        return str(day)[:_LONGEST]
    if language() == "zh_CN":
        said = f"{on.month}月{on.day}日"
        said = f"{on.year}年{said}" if year else said
        return f"{said} {weekday_name(on)}" if weekday else said
    said = f"{on.day} {_MONTHS[on.month - 1]}"
    said = f"{said} {on.year}" if year else said
    return f"{weekday_name(on)} {said}" if weekday else said


def show_time(moment: str, *, inside: bool = False) -> str:
    """A time for people, short: Today 14:02, Yesterday 21:40, Sun 19:20, 3 Nov 08:00, 3 Nov 2025.

    `inside` a sentence no day begins with a capital that is not its name: due yesterday 21:40. What is no time
    stays as it is.
    """
    at = moment_of(moment)
    if at is None:
        return moment[:_LONGEST]
    hour = at.strftime("%H:%M")
    days = (clock.today() - at.date()).days
    if days in _NEAR:
        said = tr(_NEAR[days], time=hour)
        return said[:1].lower() + said[1:] if inside else said
    if 1 < days < 7:
        return f"{weekday_name(at.date())} {hour}"
    if abs(days) < 300:
        return f"{show_day(at.date())} {hour}"
    return show_day(at.date(), year=True)


def show_past_day(day: str) -> str:
    """How long ago a day is: Today, Yesterday, 3 days ago."""
    on = moment_of(day[:10])
    days = (clock.today() - on.date()).days if on is not None else -1
    if days == 0:
        return trc("day", "Today")
    if days == 1:
        return trc("day", "Yesterday")
    return trn("{n} day ago", "{n} days ago", days) if days > 0 else show_day(day)


def show_span(minutes: int) -> str:
    """A span of minutes for people: 25 min, 2 h 10 min, 3 d 4 h."""
    hours, rest = divmod(abs(minutes), 60)
    if hours == 0:
        return tr("{n} min", n=rest)
    if hours >= 48:
        days, left = divmod(hours, 24)
        return tr("{days} d {hours} h", days=days, hours=left) if left else tr("{days} d", days=days)
    return tr("{hours} h {n} min", hours=hours, n=rest) if rest else tr("{hours} h", hours=hours)


def minutes_until(moment: str) -> int:
    """Whole minutes from now to a business time; negative when it has passed, 0 for what is no time."""
    at = moment_of(moment)
    return int((at - clock.now()).total_seconds() // 60) if at is not None else 0


def day_before(day: str, days: int) -> str:
    """The day `days` earlier, as text."""
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def typed_day(text: str) -> str:
    """A day as an owner types it: 2026-11-24, 24.11., 11-24, 1124, +3d, today, 周五, fri.

    Raises ShopError when it is none. A day without a year is this year's.
    """
    bare = text.strip().lower()
    today = clock.today()
    if found := re.fullmatch(r"([+-]\d{1,3})\s*[d天]?", bare):
        return (today + timedelta(days=int(found[1]))).isoformat()
    if bare in ("today", "今天"):
        return today.isoformat()
    if bare in ("tomorrow", "明天"):
        return (today + timedelta(days=1)).isoformat()
    if bare in ("yesterday", "昨天"):
        return (today - timedelta(days=1)).isoformat()
    if bare in _WEEKDAY_WORDS:
        return (today + timedelta(days=(_WEEKDAY_WORDS[bare] - today.weekday()) % 7)).isoformat()
    return _written_day(bare, today.year)


def _written_day(bare: str, year: int) -> str:
    for form, parts in (
        (r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", (1, 2, 3)),
        (r"(\d{1,2})[-/月](\d{1,2})日?", (0, 1, 2)),
        (r"(\d{2})(\d{2})", (0, 1, 2)),
        (r"(\d{1,2})\.(\d{1,2})\.?", (0, 2, 1)),
    ):
        if found := re.fullmatch(form, bare):
            numbers = [int(found[at]) if at else year for at in parts]
            try:
                return date(*numbers).isoformat()
            except ValueError:
                break
    raise ShopError(N_("“{text}” is not a day."), fix=N_("Write 2026-11-24, 11-24, +3d or a weekday."), text=bare[:40])


def typed_time(text: str) -> str:
    """A time of day as typed: 17:00, 1700, 9 -> HH:MM. Raises ShopError."""
    found = re.fullmatch(r"(\d{1,2})(?:[:：.]?(\d{2}))?", text.strip())
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"
    raise ShopError(N_("“{text}” is not a time like 17:00."), text=text.strip()[:40])
