"""What the owner does with the list, each a step that goes back and forth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from shopdesk.board import records, store, verbs
from shopdesk.board.model import Board
from shopdesk.core import clock
from shopdesk.core.errors import ShopError
from tests.board.conftest import Small
from tests.undoing import both_ways

DAY = date(2026, 11, 24)


def seen(board: Board) -> list[tuple[object, ...]]:
    lines = [(line.key, line.section, line.done, line.note, line.minutes, line.title) for line in board.lines]
    return [*lines, *((line.key, line.snoozed) for line in board.snoozed)]


def lines(small: Small) -> list[store.Line]:
    return small.board().lines


def _edit(small: Small) -> None:
    task = small.lines("task")[0]
    assert task.record is not None
    verbs.edit_task(small.shop, task.record, title="Other", day=DAY, minutes=1, due="15:00", note="n")


VERBS: dict[str, Callable[[Small], object]] = {
    "add a task": lambda s: verbs.add_task(s.shop, title="New", day=DAY),
    "edit a task": _edit,
    "delete a task": lambda s: verbs.delete_task(s.shop, s.lines("task")[0].record or 0),
    "add a routine": lambda s: verbs.add_routine(s.shop, title="Post", every="week", days=[1]),
    "edit a routine": lambda s: verbs.edit_routine(
        s.shop, s.line("routine").record or 0, title="Rivals, all", every="month", days=[24], minutes=7, due=None
    ),
    "delete a routine": lambda s: verbs.delete_routine(s.shop, s.line("routine").record or 0),
    "tick": lambda s: verbs.tick(s.shop, day=DAY, lines=lines(s)),
    "put off": lambda s: verbs.snooze(s.shop, day=DAY, lines=lines(s), until=date(2026, 11, 26)),
    "note": lambda s: verbs.write_note(s.shop, day=DAY, line=s.line("ship_today"), text="boxes first"),
    "minutes": lambda s: verbs.set_minutes(s.shop, day=DAY, line=s.line("ship_today"), minutes=44),
    "place": lambda s: verbs.place(s.shop, day=DAY, order=[line.key for line in reversed(lines(s))]),
    "switch a rule off": lambda s: verbs.choose_rule(s.shop, rule="ship_today", enabled=False),
}


@pytest.fixture
def full(small: Small) -> Small:
    small.order(paid_at="2026-11-24 09:00:00")
    small.order(paid_at="2026-11-22 09:00:00")
    verbs.add_task(small.shop, title="Call Zhou", day=DAY, due="16:30", note="about boxes")
    verbs.add_task(small.shop, title="Courier bill", day=DAY)
    verbs.add_routine(small.shop, title="Rivals", every="day", minutes=30, since=date(2026, 11, 1))
    return small


@pytest.mark.parametrize("name", VERBS)
def test_every_act_goes_back_and_forth(full: Small, name: str):
    both_ways(full.shop, lambda _shop: seen(full.board()), lambda: VERBS[name](full))


def test_a_tick_is_taken_back(full: Small):
    before = seen(full.board())
    verbs.tick(full.shop, day=DAY, lines=lines(full))
    assert all(line.done for line in lines(full))
    verbs.untick(full.shop, day=DAY, lines=lines(full))
    assert seen(full.board()) == before


def test_ticking_nothing_open_is_no_step(full: Small):
    verbs.tick(full.shop, day=DAY, lines=lines(full))
    step = full.shop.last_step()
    verbs.tick(full.shop, day=DAY, lines=lines(full))
    assert full.shop.last_step() == step


def test_put_off_lines_come_back_on_their_day_or_when_asked(full: Small):
    verbs.snooze(full.shop, day=DAY, lines=full.lines("late"), until=date(2026, 11, 26))
    assert [line.snoozed for line in full.board().snoozed] == ["2026-11-26"]
    with clock.at(datetime(2026, 11, 25, 9)):
        assert len(full.board().snoozed) == 1
    with clock.at(datetime(2026, 11, 26, 9)):
        assert not full.board().snoozed
        assert [line for line in lines(full) if line.rule == "late"]
    verbs.wake(full.shop, lines=list(full.board().snoozed))
    assert full.lines("late")


def test_a_weekly_routine_put_off_shows_on_the_other_day(small: Small):
    verbs.add_routine(small.shop, title="Post", every="week", days=[1], since=date(2026, 11, 1))
    verbs.snooze(small.shop, day=DAY, lines=small.lines("routine"), until=date(2026, 11, 26))
    with clock.at(datetime(2026, 11, 25, 9)):
        assert not small.lines("routine")
    with clock.at(datetime(2026, 11, 26, 9)):
        assert small.line("routine").title == "Post"


def test_a_dragged_order_holds_for_the_day(full: Small):
    keys = [line.key for line in lines(full) if line.section == "A"]
    wanted = [keys[-1], *keys[:-1]]
    verbs.place(full.shop, day=DAY, order=wanted)
    assert [line.key for line in lines(full) if line.section == "A"] == wanted
    new = full.order(paid_at="2026-11-21 09:00:00")
    assert lines(full)[0].key == ("late", new)
    with clock.at(datetime(2026, 11, 25, 9)):
        assert lines(full)[0].place is None


def test_a_note_is_taken_away_by_an_empty_one(full: Small):
    verbs.write_note(full.shop, day=DAY, line=full.line("ship_today"), text="boxes first")
    assert full.line("ship_today").note == "boxes first"
    verbs.write_note(full.shop, day=DAY, line=full.line("ship_today"), text="")
    assert full.line("ship_today").note == ""


@pytest.mark.parametrize(("act", "field"), [
    (lambda s: verbs.add_task(s, title="  ", day=DAY), "title"),
    (lambda s: verbs.add_task(s, title="x" * 3000, day=DAY), "title"),
    (lambda s: verbs.add_task(s, title="x", day=DAY, minutes=2000), "minutes"),
    (lambda s: verbs.add_task(s, title="x", day=DAY, due="25:00"), "due"),
    (lambda s: verbs.add_routine(s, title="x", every="week", days=[]), "days"),
    (lambda s: verbs.add_routine(s, title="x", every="month", days=[0]), "days"),
    (lambda s: verbs.snooze(s, day=DAY, lines=[], until=DAY), "until"),
])  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(small: Small, act: Callable[..., object], field: str):
    step = small.shop.last_step()
    with pytest.raises(ShopError) as refused:
        act(small.shop)
    assert refused.value.field == field
    assert small.shop.last_step() == step


def test_naughty_texts_come_back_unchanged(small: Small):
    for text in ("<b>bold</b> & 'x'", "=1+1", "张三\u200b🙂", "a\nb"):
        made = verbs.add_task(small.shop, title=text, day=DAY, note=text)
        found = records.task(small.shop.reader(), made)
        assert found is not None
        assert (found["title"], found["note"]) == (text.strip(), text)
