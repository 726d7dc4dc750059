"""The whole list: codes that stay, ticks, folds, what other programs get."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from shopdesk import cli
from shopdesk.board import asking, commands, records, rules, store, verbs
from shopdesk.core import clock, settings
from shopdesk.core.shop import Shop, opened
from tests.board.conftest import Small

DAY = date(2026, 11, 24)


def keep(small: Small) -> dict[tuple[str, int | None], str]:
    board = store.give_codes(small.shop, small.board())
    return {line.key: line.code for line in board.lines}


def test_codes_stay_over_a_new_look_a_new_section_and_the_end_of_the_line(small: Small):
    order = small.order(paid_at="2026-11-24 09:00:00", problem="other", problem_at="2026-11-24 10:00:00")
    first = keep(small)
    assert first["problem_note", None] == "A01"
    small.change("orders", order, promised_at="2026-11-24 12:00:00")
    small.ship(order, "2026-11-24 14:00:00")
    again = keep(small)
    line = small.line("problem_note")
    assert (line.section, line.code) == ("B", "A01")
    assert first.items() <= records.known_codes(small.shop.reader(), DAY).items()
    assert all(first.get(key, code) == code for key, code in again.items())


def test_giving_codes_is_no_step_and_asking_writes_nothing(small: Small):
    small.order(paid_at="2026-11-24 09:00:00")
    before = small.shop.last_step()
    changes = small.shop.changes()
    small.board()
    assert small.shop.changes() == changes
    keep(small)
    assert small.shop.last_step() == before
    counted = small.shop.changes()
    keep(small)
    assert small.shop.changes() == counted


def test_work_that_vanished_is_not_work_that_was_done(small: Small):
    order = small.order(paid_at="2026-11-22 09:00:00")
    keep(small)
    small.change("orders", order, deleted_at="2026-11-24T08:00:00Z")
    assert [line for line in small.board().lines if line.rule == "late"] == []
    small.change("orders", order, deleted_at=None)
    assert not small.line("late").done


def test_what_was_ticked_by_hand_stays_ticked_when_its_record_vanishes(small: Small):
    order = small.order(paid_at="2026-11-22 09:00:00")
    code = keep(small)["late", order]
    verbs.tick(small.shop, day=DAY, lines=[small.line("late")])
    small.change("orders", order, deleted_at="2026-11-24T08:00:00Z")
    line = small.line("late")
    assert (line.code, line.title, line.done, line.by_hand) == (code, "Late orders", True, True)
    assert line.evidence == "14:50 ticked by hand"


def test_the_codes_of_yesterday_are_not_those_of_today(small: Small):
    small.order(paid_at="2026-11-22 09:00:00")
    with clock.at(datetime(2026, 11, 23, 9)):
        keep(small)
    assert records.known_codes(small.shop.reader(), DAY) == {}
    assert small.line("late").code == "A01"


def test_late_orders_fold_up_and_are_counted(small: Small):
    for n in range(9):
        small.order(paid_at=f"2026-11-21 {10 + n}:00:00", paid=10000 + n)
    section = small.board().sections[0]
    assert [line.folded for line in section.lines] == [False] * 5 + [True] * 4
    assert section.minutes == 27


def test_hundreds_of_late_orders_have_fifty_lines_and_a_count(small: Small):
    with small.shop.change("test", "orders") as db:
        db.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
            " INSERT INTO orders (channel_id, number, currency, paid_at)"
            " SELECT ?, 'N' || i, 'CNY', '2026-11-20 09:00:00' FROM n",
            (small.channel,),
        )
        db.execute(
            "INSERT INTO order_events (order_id, at, kind, status, by_hand)"
            " SELECT id, paid_at, 'status', 'to_ship', 0 FROM orders"
        )
    board = small.board()
    assert len([line for line in board.lines if line.rule == "late"]) == store.MOST_LINES
    section = board.sections[0]
    assert section.hidden() == {"late": 295}
    assert (section.done, section.count, section.minutes) == (0, 300, 900)
    assert board.to_leave == 300
    assert store.waiting(small.shop.reader()) == (300, 300)
    with small.shop.change("test", "orders") as db:
        db.execute(
            "INSERT INTO order_events (order_id, at, kind, status, by_hand, due_at)"
            " SELECT id, '2026-11-24 10:00:00', 'status', 'shipped', 0, ship_by FROM orders LIMIT 120"
        )
        db.execute("UPDATE orders SET shipped_at = '2026-11-24 10:00:00' WHERE status = 'shipped' OR id <= 120")
    section = small.board().sections[0]
    assert (section.done, section.count, section.hidden()) == (120, 300, {"late": 175})


def test_nobody_spends_a_day_on_asking_for_money(small: Small):
    for _ in range(40):
        small.order("unpaid", created_at="2026-11-23 08:00:00")
    line = small.line("unpaid")
    assert (line.title, line.minutes) == ("Ask about 40 unpaid orders", 30)


def test_a_tick_by_hand_covers_what_was_open_then_not_what_came_later(small: Small):
    small.order(paid_at="2026-11-24 09:00:00")
    board = small.board()
    verbs.tick(small.shop, day=DAY, lines=[line for line in board.lines if line.rule == "ship_today"])
    line = small.line("ship_today")
    assert (line.done, line.by_hand, line.evidence) == (True, True, "14:50 ticked by hand")
    small.order(paid_at="2026-11-24 09:30:00")
    assert not small.line("ship_today").done


def test_data_wins_over_a_tick_by_hand(small: Small):
    order = small.order(paid_at="2026-11-24 09:00:00")
    verbs.tick(small.shop, day=DAY, lines=small.lines("ship_today"))
    small.ship(order, "2026-11-24 14:02:00")
    line = small.line("ship_today")
    assert (line.done, line.by_hand) == (True, False)


def test_a_rule_switched_off_says_nothing(small: Small):
    small.order(paid_at="2026-11-24 09:00:00")
    verbs.choose_rule(small.shop, rule="ship_today", enabled=False)
    assert not small.lines("ship_today")
    verbs.choose_rule(small.shop, rule="ship_today", enabled=True, minutes=9)
    assert small.line("ship_today").minutes == 9


def test_a_rule_that_takes_too_long_is_left_out_and_named(small: Small, monkeypatch: pytest.MonkeyPatch):
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS record FROM n"
    slow = next(rule for rule in rules.bundled() if rule.name == "late")
    monkeypatch.setattr(asking, "_SECONDS", 0.05)
    monkeypatch.setattr(rules, "bundled", lambda: (_with_open(slow, endless), *rules.load(rules.resource("rules"))[1:]))
    small.order(paid_at="2026-11-24 09:00:00")
    board = small.board()
    assert board.troubles == ("late",)
    assert any(line.rule == "ship_today" for line in board.lines)


def _with_open(rule: rules.Rule, question: str) -> rules.Rule:
    from dataclasses import replace

    return replace(rule, open=question)


def test_own_tasks_are_carried_over_until_they_are_done(small: Small):
    verbs.add_task(small.shop, title="Call Zhou", day=date(2026, 11, 23), minutes=6)
    line = small.line("task")
    assert (line.code, line.section, line.why) == ("X01", "B", "carried over from Mon 23 Nov")
    verbs.tick(small.shop, day=DAY, lines=[line])
    assert small.line("task").evidence == "14:50 ticked by hand"
    with clock.at(datetime(2026, 11, 25, 9)):
        assert not small.lines("task")


def test_an_own_task_due_before_the_cut_off_stands_before_it(small: Small):
    verbs.add_task(small.shop, title="Call Zhou", day=DAY, due="1630")
    line = small.line("task")
    assert (line.section, line.due) == ("A", "2026-11-24 16:30:00")


def test_a_routine_says_when_it_was_skipped(small: Small):
    made = verbs.add_routine(small.shop, title="Rivals", every="day", minutes=30, since=date(2026, 11, 20))
    assert small.line("routine").why == "skipped yesterday"
    with clock.at(datetime(2026, 11, 23, 20)):
        verbs.tick(small.shop, day=date(2026, 11, 23), lines=small.lines("routine"))
    line = small.line("routine")
    assert (line.record, line.why, line.code) == (made, "", "C02")


def test_json_has_exactly_the_promised_shape(small: Small):
    small.order(paid_at="2026-11-24 09:00:00")
    found = commands.board_json(small.shop)
    assert set(found) == {"date", "lines"}
    assert found["date"] == "2026-11-24"
    assert all(
        list(line) == ["code", "rule", "title", "why", "minutes", "due", "done", "evidence"] for line in found["lines"]
    )
    assert found["lines"][0] == {
        "code": "A01", "rule": "ship_today", "title": "Ship the waiting order",
        "why": "paid today 09:00, must leave by 17:00", "minutes": 2, "due": "2026-11-24 17:00:00", "done": False,
        "evidence": "",
    }  # fmt: skip


def test_another_day_is_seen_at_eight_in_the_morning_and_nothing_is_written(small: Small, capsys):
    small.order(paid_at="2026-11-20 18:30:00")
    changes = small.shop.changes()
    small.shop.close()
    assert cli.run(["board", str(small.shop.path), "--date", "2026-11-21", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["date"] == "2026-11-21"
    assert found["lines"][0]["why"] == "paid yesterday 18:30, must leave by 17:00"
    with opened(small.shop.path, write=False) as shop:
        assert shop.changes() == changes


def test_the_list_as_text(small: Small):
    order = small.order(paid_at="2026-11-22 10:00:00")
    small.ship(order, "2026-11-24 14:02:00")
    small.order(paid_at="2026-11-24 09:00:00")
    said = commands.board_text(small.shop).splitlines()
    assert said[:3] == ["Tue 24 Nov 2026", "", "Before the 17:00 cut-off · 2 min in all"]
    assert "[ ] A02 Ship the waiting order  paid today 09:00, must leave by 17:00  2 min  17:00" in said
    assert "[x] A01 Ship late order …0001: White gaiwan  14:02 shipped · SF1402…7310" in said


def test_the_list_can_be_read_while_another_has_the_file(small: Small):
    small.order(paid_at="2026-11-24 09:00:00")
    reading = Shop.open(small.shop.path, write=False)
    assert commands.board_json(reading)["lines"]
    reading.close()


def test_waiting_counts_open_and_overdue_lines_and_follows_the_shop(small: Small):
    con = small.shop.reader()
    assert store.waiting(con) == (0, 0)
    small.order(paid_at="2026-11-22 09:00:00")
    small.order(paid_at="2026-11-24 09:00:00")
    assert store.waiting(con) == (2, 1)
    assert store.current(con) is store.current(con)


def test_the_cut_off_of_the_settings_rules_the_day(small: Small):
    small.order(paid_at="2026-11-24 09:00:00")
    with small.shop.change("test", "settings") as db:
        settings.put(db, "cutoff", "15:30")
    assert small.line("ship_today").due == "2026-11-24 15:30:00"
    assert small.board().cutoff == datetime(2026, 11, 24, 15, 30)


def test_notes_of_problem_orders_for_the_packer(small: Small):
    small.order(
        paid_at="2026-11-24 09:00:00", problem="courier", problem_at="2026-11-24 10:00:00", problem_note="SF only"
    )
    (found,) = records.problem_notes(small.shop.reader())
    assert (found.number, found.buyer, found.note) == ("23860412770001", "Zhang San", "Courier wish: SF only")


def test_json_needs_no_qt(small: Small, tmp_path: Path):
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from shopdesk.core.shop import Shop; from shopdesk.board import commands;"
        f" commands.board_json(Shop.open(Path({str(small.shop.path)!r}), write=False));"
        " assert 'PySide6' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
