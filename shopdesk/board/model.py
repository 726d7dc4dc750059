"""What today's list is: its lines, their order and codes, how much time they take, which routines fall on a day."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from shopdesk.core.words import N_

TASK = "task"
ROUTINE = "routine"
OWN = "X"
SECTION_TITLES = {
    "A": N_("Before the {time} cut-off"),
    "B": N_("Today"),
    "C": N_("Routine"),
    "D": N_("If there is time"),
}
_MOST_DAYS_BACK = 62

Key = tuple[str, int | None]
"""What a line is about: the rule's name (or TASK, ROUTINE) and the record, None for a joint line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day.

    `count` is how many rows stand behind it, `open_rows` how many of them are still open; `target` is the
    page and what to open there. `by_hand` marks a tick of the owner, `snoozed` the day it was put off to.
    """

    rule: str
    record: int | None
    section: str
    title: str
    why: str = ""
    code: str = ""
    minutes: int = 0
    due: str | None = None
    done: bool = False
    by_hand: bool = False
    evidence: str = ""
    note: str = ""
    icon: str = "task"
    stake: float = 0
    count: int = 1
    open_rows: int = 1
    place: int | None = None
    snoozed: str = ""
    folded: bool = False
    target: tuple[str, object] | None = None

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.rule, self.record

    @property
    def own(self) -> bool:
        """Whether the owner added it by hand."""
        return self.rule == TASK


@dataclass(frozen=True, slots=True)
class More:
    """Rows of a rule that have no line because there are too many: `open` (of them `overdue`), and `done` today.

    The open ones would take `minutes`.
    """

    rule: str
    open: int
    overdue: int
    done: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading, folded ones at the end.

    What is too many for lines of their own is counted in `more`.
    """

    letter: str
    lines: tuple[Line, ...]
    more: tuple[More, ...] = ()

    @property
    def count(self) -> int:
        """How many there are, with those that have no line of their own."""
        return len(self.lines) + sum(more.open + more.done for more in self.more)

    @property
    def done(self) -> int:
        """How many of them are done."""
        return sum(line.done for line in self.lines) + sum(more.done for more in self.more)

    @property
    def minutes(self) -> int:
        """Minutes of what is still open."""
        return sum(line.minutes for line in self.lines if not line.done) + sum(more.minutes for more in self.more)

    @property
    def folded(self) -> tuple[Line, ...]:
        """The lines that are folded up."""
        return tuple(line for line in self.lines if line.folded)

    def hidden(self) -> dict[str, int]:
        """How many open ones are not on the list at first sight, by rule: folded up, or without a line."""
        found = Counter(line.rule for line in self.folded)
        for more in self.more:
            found[more.rule] += more.open
        return {rule: n for rule, n in found.items() if n}


@dataclass(frozen=True, slots=True)
class Load:
    """Minutes of work before the cut-off and until the day ends, against the minutes left."""

    before_cutoff: int
    left_to_cutoff: int
    all_day: int
    left_all_day: int

    @property
    def spare(self) -> int:
        """Minutes left over; negative when the list does not fit. The tighter of the two limits counts."""
        whole = self.left_all_day - self.all_day
        if self.left_to_cutoff <= 0:
            return whole
        return min(whole, self.left_to_cutoff - self.before_cutoff)


@dataclass(frozen=True, slots=True)
class Board:
    """The list of one day at one moment.

    `out` of `to_leave` orders that must leave today have left; `snoozed` lines were put off; `troubles`
    name the rules that could not be asked, `unused` says which files of the owner's folder are not used, and why.
    """

    day: date
    now: datetime
    cutoff: datetime
    day_end: datetime
    sections: tuple[Section, ...] = ()
    snoozed: tuple[Line, ...] = ()
    out: int = 0
    to_leave: int = 0
    troubles: tuple[str, ...] = field(default_factory=tuple)
    unused: tuple[str, ...] = field(default_factory=tuple)

    @property
    def lines(self) -> list[Line]:
        """Every line of the day in order."""
        return [line for section in self.sections for line in section.lines]

    def load(self) -> Load:
        """Whether the time is enough."""
        minutes = {section.letter: section.minutes for section in self.sections}
        return Load(
            before_cutoff=minutes.get("A", 0),
            left_to_cutoff=_minutes_between(self.now, self.cutoff),
            all_day=sum(minutes.values()),
            left_all_day=max(0, _minutes_between(self.now, self.day_end)),
        )


def _minutes_between(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def sheet_code(day: date) -> str:
    """The code of the day's printed sheet: T1124-1."""
    return f"T{day:%m%d}-1"


# codes


def with_codes(lines: Iterable[Line], known: Mapping[Key, str]) -> list[Line]:
    """The lines with their codes: the known ones kept, new ones counted on per letter, in order.

    The letter of a new code is the section at that moment, X for what was added by hand.
    """
    highest: dict[str, int] = {}
    for code in known.values():
        highest[code[0]] = max(highest.get(code[0], 0), int(code[1:]))
    coded = []
    for line in lines:
        code = known.get(line.key, "")
        if not code:
            letter = OWN if line.own else line.section
            highest[letter] = highest.get(letter, 0) + 1
            code = f"{letter}{highest[letter]:02d}"
        coded.append(replace(line, code=code))
    return coded


# order


def _urgency(line: Line) -> tuple[Any, ...]:
    """New lines before dragged ones; dragged ones as placed; else by due time, then by stake."""
    placed = line.place is not None
    return placed, line.place or 0, line.due or "9999", -line.stake, line.rule, line.record or 0


def in_order(lines: Iterable[Line]) -> list[Line]:
    """The lines of one section: what is due first, then what is at stake.

    A done line stays where its code puts it, or where it was dragged to; without a code yet it goes first.
    """
    everything = list(lines)
    ordered = sorted((line for line in everything if not _rests(line)), key=_urgency)
    for line in sorted((line for line in everything if _rests(line)), key=lambda line: line.code):
        at = next((n for n, other in enumerate(ordered) if other.code > line.code), len(ordered)) if line.code else 0
        ordered.insert(at, line)
    return ordered


def _rests(line: Line) -> bool:
    return line.done and line.place is None


def folded(lines: Iterable[Line], shown: Mapping[str, int]) -> tuple[Line, ...]:
    """The lines of one section, those beyond a rule's `shown` marked as folded and moved to the end."""
    counted: dict[str, int] = {}
    front, rest = [], []
    for line in lines:
        if not line.done and line.place is None:
            counted[line.rule] = counted.get(line.rule, 0) + 1
        if not line.done and counted.get(line.rule, 0) > shown.get(line.rule, len(counted) + 10**6):
            rest.append(replace(line, folded=True))
        else:
            front.append(line)
    return (*front, *rest)


# routines


@dataclass(frozen=True, slots=True)
class Routine:
    """Something done again and again: every day, on days of the week (0 = Monday) or of the month.

    A day of the month that a month lacks falls on its last day.
    """

    id: int
    title: str
    note: str
    minutes: int
    due: str | None
    every: str
    days: tuple[int, ...]
    since: date

    def falls_on(self, day: date) -> bool:
        """Whether it is to be done that day."""
        if day < self.since:
            return False
        if self.every == "day":
            return True
        if self.every == "week":
            return day.weekday() in self.days
        last = calendar.monthrange(day.year, day.month)[1]
        return any(min(wanted, last) == day.day for wanted in self.days)

    def last_before(self, day: date) -> date | None:
        """The latest day before `day` on which it was to be done."""
        back = (day - timedelta(days=n) for n in range(1, _MOST_DAYS_BACK))
        return next((earlier for earlier in back if self.falls_on(earlier)), None)
