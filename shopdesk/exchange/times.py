"""Cells with business times as the shop's wall clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from shopdesk.core.words import N_
from shopdesk.exchange.cleaning import NOTHING, SPACES, MemoColumn, Trouble, bare


class _NotPlain(Exception):
    """The text is not of the form that the quick way reads."""


_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$")


class _Days(dict[str, str]):
    def __missing__(self, text: str) -> str:
        found = _DAY.match(text)
        if not found:
            raise _NotPlain
        year, month, day = (int(part) for part in found.groups())
        try:
            datetime(year, month, day)
        except ValueError:
            raise _NotPlain from None
        said = self[text] = f"{year:04}-{month:02}-{day:02} "
        return said


class _Clocks(dict[str, str]):
    def __missing__(self, text: str) -> str:
        found = _CLOCK.match(text)
        if not found or int(found.group(1)) > 23 or int(found.group(2)) > 59:
            raise _NotPlain
        said = self[text] = f"{int(found.group(1)):02}:{found.group(2)}:{found.group(3) or '00'}"
        return said


class TimeColumn:
    """Business times as `YYYY-MM-DD HH:MM:SS` on the shop's wall clock.

    `order` says what 01/02/2024 means ("mdy" or "dmy"); `zone` is the shop's zone, into which times that
    carry an offset are converted; None keeps the clock as it is printed.
    """

    def __init__(self, *, order: str = "mdy", zone: tzinfo | None = None) -> None:
        self.order = order
        self.zone = zone
        self._days = _Days()
        self._clocks = _Clocks({"": "00:00:00"})
        self._slow = MemoColumn(self._convert)
        self._stored = {""}

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The times, None for nothing."""
        if self._as_stored(cells):
            return list(cells) if all(cells) else [cell or None for cell in cells]
        days, clocks = self._days, self._clocks
        try:
            parts = [cell.partition(" ") for cell in cells]
            return [days[day] + clocks[clock] if day else None for day, _, clock in parts]
        except _NotPlain:
            return self._one_by_one(cells)

    def _as_stored(self, cells: Sequence[str]) -> bool:
        """Whether every time is written already as the shop keeps it."""
        if not set(map(len, cells)) <= {0, 19}:
            return False
        parts = {cell[:11] for cell in cells} | {cell[11:] for cell in cells}
        fresh = parts - self._stored
        if not all(map(self._is_stored, fresh)):
            return False
        self._stored |= fresh
        return True

    def _is_stored(self, part: str) -> bool:
        try:
            return self._days[part[:10]] == part if len(part) == 11 else self._clocks[part] == part
        except _NotPlain:
            return False

    def _one_by_one(self, cells: Sequence[str]) -> list[str | None]:
        found: list[str | None] = []
        for cell in cells:
            day, _, clock = cell.strip(SPACES).partition(" ")
            try:
                found.append(self._days[day] + self._clocks[clock.strip()] if day else None)
            except _NotPlain:
                found.append(self._slow.values((cell,))[0])
        return found

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Cells that hold no time."""
        return self._slow.troubles(cells)

    def _convert(self, cell: str) -> str | None:
        return clean_time(cell, order=self.order, zone=self.zone)


_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "BST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "JST": 540, "AEST": 600,
}  # fmt: skip
_LONGEST = 100
"""Characters of a time at most; a search in a text of a million would take hours."""

_OFFSET = re.compile(r"\s*(?:([+-])(\d{2}):?(\d{2})|\b([A-Z]{1,4}))$")
_ISO = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(.+))?$")
_NUMBERS = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(?:[,\s]+(.+))?$")
_NAMED = re.compile(
    r"^(?:(\d{1,2})[-\s])?([A-Za-z]{3})[a-z]*\.?[-\s](?:(\d{1,2}),?[-\s])?(\d{4}|\d{2})(?:[,\s]+(.+))?$"
)
_CLOCK_12 = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?$")


def clean_time(cell: str, *, order: str = "mdy", zone: tzinfo | None = None) -> str | None:
    """One time cell as `YYYY-MM-DD HH:MM:SS`; None for nothing. Raises Trouble.

    Understood: 2017/5/30 23:18, ISO 8601 with T, Z or an offset, `2013-01-07 07:35:42 PST`, 08/14/25,
    Jul-21-25, 2026年6月6日, clocks with AM and PM. A time with a zone is converted to `zone` when given.
    """
    text = unicodedata.normalize("NFKC", bare(cell))
    if text in NOTHING or text.startswith("0000-00-00"):
        return None
    away: int | None = None
    zoned = _OFFSET.search(text) if len(text) <= _LONGEST else None
    if zoned and ":" in text:
        away = _minutes_away(zoned)
        text = text[: zoned.start()] if away is not None else text
    moment = _moment(text, order) if len(text) <= _LONGEST else None
    if moment is None:
        raise Trouble("time", N_("“{text}” is no date."), text=cell.strip()[:40])
    if away is not None and zone is not None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=away))).astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")


def _minutes_away(zoned: re.Match[str]) -> int | None:
    sign, hours, minutes, name = zoned.groups()
    if name:
        return _ZONES.get(name)
    away = int(hours) * 60 + int(minutes)
    return -away if sign == "-" else away


def _moment(text: str, order: str) -> datetime | None:
    day = _iso_day(text) or _number_day(text, order) or _named_day(text)
    if day is None:
        return None
    year, month, number, rest = day
    clock = _clock(rest)
    try:
        return None if clock is None else datetime(year, month, number, *clock)
    except ValueError:
        return None


def _iso_day(text: str) -> tuple[int, int, int, str] | None:
    found = _ISO.match(text)
    return (int(found[1]), int(found[2]), int(found[3]), found[4] or "") if found else None


def _number_day(text: str, order: str) -> tuple[int, int, int, str] | None:
    found = _NUMBERS.match(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    month, day = (second, first) if order == "dmy" or first > 12 else (first, second)
    return _full_year(found[3]), month, day, found[4] or ""


def _named_day(text: str) -> tuple[int, int, int, str] | None:
    found = _NAMED.match(text)
    month = _MONTHS.get(found[2].lower()) if found else None
    day = (found[1] or found[3]) if found else None
    return (_full_year(found[4]), month, int(day), found[5] or "") if found and month and day else None


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _clock(text: str) -> tuple[int, int, int] | None:
    if not text.strip():
        return 0, 0, 0
    found = _CLOCK_12.match(text.strip())
    if not found:
        return None
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    return hour, int(found[2]), int(found[3] or 0)


class LocalZone(tzinfo):
    """The zone of this machine, with its summer times: the shop's wall clock is that of its machine."""

    def fromutc(self, moment: datetime) -> datetime:
        """What this machine's clock shows at a moment of UTC."""
        return datetime.fromtimestamp(moment.replace(tzinfo=UTC).timestamp()).replace(tzinfo=self)

    def utcoffset(self, moment: datetime | None) -> None:
        """Not asked: times are only brought into this zone."""

    def dst(self, moment: datetime | None) -> None:
        """Not asked."""

    def tzname(self, moment: datetime | None) -> None:
        """Not asked."""


LOCAL = "local"
"""The name of the machine's own zone."""


def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name or LOCAL, None for "" (times stay as printed)."""
    if name == LOCAL:
        return LocalZone()
    return ZoneInfo(name) if name else None
