"""Order, codes, folds, load and recurrence, without a shop."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.board import model
from shopdesk.board.model import Board, Line, Routine, Section


def line(rule: str, record: int | None = None, **values: object) -> Line:
    return Line(rule, record, "A", f"{rule} {record}", **values)


def routine(every: str, days: tuple[int, ...] = (), since: date = date(2024, 1, 1)) -> Routine:
    return Routine(1, "x", "", 5, None, every, days, since)


def test_what_is_due_first_comes_first_then_what_is_at_stake():
    lines = [
        line("later", due="2026-11-24 17:00:00", stake=1),
        line("no_time", stake=10**9),
        line("soon_small", due="2026-11-24 15:00:00", stake=5),
        line("soon_large", due="2026-11-24 15:00:00", stake=50),
    ]
    assert [found.rule for found in model.in_order(lines)] == ["soon_large", "soon_small", "later", "no_time"]


def test_a_done_line_stays_where_its_code_puts_it():
    lines = [line("a", code="A03", due="1"), line("b", code="A01", done=True), line("c", code="A02", due="2")]
    assert [found.code for found in model.in_order(lines)] == ["A01", "A03", "A02"]


def test_new_lines_come_before_dragged_ones_and_those_stay_as_dragged():
    lines = [line("a", place=2), line("b", place=1, done=True), line("new", stake=1)]
    assert [found.rule for found in model.in_order(lines)] == ["new", "b", "a"]


def test_codes_go_on_counting_and_never_change():
    first = model.with_codes([line("late", 7), line("ship"), Line("task", 3, "B", "own")], {})
    assert [found.code for found in first] == ["A01", "A02", "X01"]
    known = {found.key: found.code for found in first}
    again = model.with_codes([Line("late", 7, "B", "moved"), line("late", 9), Line("task", 4, "A", "own")], known)
    assert [found.code for found in again] == ["A01", "A03", "X02"]


@given(st.lists(st.integers(1, 30), unique=True), st.lists(st.integers(1, 30), unique=True))
def test_no_code_is_given_twice(early: list[int], late: list[int]):
    first = model.with_codes([line("late", n) for n in early], {})
    known = {found.key: found.code for found in first}
    second = model.with_codes([line("late", n) for n in late], known)
    codes = known | {found.key: found.code for found in second}
    assert len(set(codes.values())) == len(codes)


def test_a_rule_shows_a_few_lines_and_folds_the_rest_to_the_end():
    lines = [line("late", n) for n in range(4)] + [line("ship")]
    folded = model.folded(lines, {"late": 2, "ship": 5})
    assert [(found.rule, found.folded) for found in folded] == [
        ("late", False), ("late", False), ("ship", False), ("late", True), ("late", True),
    ]  # fmt: skip
    assert not any(found.folded for found in model.folded(lines, {}))


def board(now: str, *sections: Section) -> Board:
    at = datetime.fromisoformat(f"2026-11-24 {now}")
    day = at.date()
    ends = [datetime.fromisoformat(f"2026-11-24 {hour}:00") for hour in ("17:00", "19:00")]
    return Board(day, at, *ends, sections=sections)


def test_load_counts_open_minutes_and_the_tighter_limit_rules():
    first = Section("A", (line("a", minutes=39), line("b", minutes=25, done=True)))
    rest = Section("B", (line("c", minutes=112),))
    load = board("14:50", first, rest).load()
    assert (load.before_cutoff, load.left_to_cutoff, load.all_day, load.left_all_day) == (39, 130, 151, 250)
    assert load.spare == 91
    assert board("16:40", first, rest).load().spare == -19
    assert board("17:30", first).load().spare == 51
    assert board("20:00", first).load().left_all_day == 0


def test_the_sheet_has_a_code_of_its_day():
    assert model.sheet_code(date(2026, 11, 24)) == "T1124-1"


@pytest.mark.parametrize(("days", "on", "falls"), [
    ((31,), date(2026, 2, 28), True),
    ((31,), date(2026, 2, 27), False),
    ((31,), date(2026, 4, 30), True),
    ((31,), date(2026, 5, 31), True),
    ((30,), date(2028, 2, 29), True),
    ((29,), date(2028, 2, 29), True),
    ((29,), date(2027, 2, 28), True),
    ((29,), date(2028, 2, 28), False),
    ((1, 15), date(2026, 11, 15), True),
    ((1, 15), date(2026, 11, 16), False),
])  # fmt: skip
def test_a_monthly_routine_over_the_ends_of_months(days: tuple[int, ...], on: date, falls: bool):
    assert routine("month", days).falls_on(on) is falls


@given(st.integers(1, 31), st.dates(date(2024, 1, 1), date(2032, 12, 1)))
def test_a_monthly_routine_falls_once_in_every_month(wanted: int, start: date):
    first = start.replace(day=1)
    days = [first + timedelta(days=n) for n in range(31)]
    month = [day for day in days if day.month == first.month]
    assert sum(routine("month", (wanted,)).falls_on(day) for day in month) == 1


def test_a_weekly_routine_and_the_day_before():
    mondays = routine("week", (0, 3), since=date(2026, 11, 20))
    assert mondays.falls_on(date(2026, 11, 23))
    assert mondays.falls_on(date(2026, 11, 26))
    assert not mondays.falls_on(date(2026, 11, 24))
    assert mondays.last_before(date(2026, 11, 26)) == date(2026, 11, 23)
    assert mondays.last_before(date(2026, 11, 23)) is None
    assert routine("day", since=date(2026, 11, 24)).last_before(date(2026, 11, 24)) is None
