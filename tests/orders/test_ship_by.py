"""When an order must leave: the rule in Python, the same rule in the file, and the words for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.core import check, clock, words
from shopdesk.core import settings as owner
from shopdesk.orders import model, store, verbs
from shopdesk.orders.model import Problem, Status

MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(microsecond=0))
CUTOFFS = st.times().map(lambda at: at.strftime("%H:%M"))


@given(MOMENTS, CUTOFFS, st.none() | st.integers(0, 100), st.integers(1, 48))
def test_never_later_than_the_next_cut_off_the_hours_or_the_promise(paid, cutoff, promised_hours, hours):
    promised = None if promised_hours is None else clock.text(paid + timedelta(hours=promised_hours))
    by = model.ship_by(paid_at=clock.text(paid), cutoff=cutoff, hours=hours, promised_at=promised)
    assert by <= clock.text(paid + timedelta(hours=hours))
    assert promised is None or by <= promised
    if promised is None and hours >= 24:
        assert by[11:16] == cutoff
        assert (by[:10] == clock.text(paid)[:10]) == (clock.text(paid)[11:16] < cutoff)


@pytest.mark.parametrize(
    ("paid_at", "by"),
    [
        ("2026-11-24 16:59:59", "2026-11-24 17:00:00"),
        ("2026-11-24 17:00:00", "2026-11-25 17:00:00"),
        ("2026-12-31 17:00:01", "2027-01-01 17:00:00"),
        ("2028-02-28 18:00:00", "2028-02-29 17:00:00"),
        ("2028-02-29 17:00:00", "2028-03-01 17:00:00"),
        ("2027-02-28 23:59:59", "2027-03-01 17:00:00"),
        ("2026-11-24 00:00:00", "2026-11-24 17:00:00"),
    ],
)
def test_the_edges_of_days_and_years(paid_at, by):
    assert model.ship_by(paid_at=paid_at, cutoff="17:00") == by


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.tuples(
            MOMENTS | st.sampled_from([datetime(2024, 2, 29, 17), datetime(2026, 12, 31, 17)]),
            st.none() | st.integers(0, 60),
        ),
        min_size=1,
        max_size=8,
    ),
    CUTOFFS | st.just("17:00"),
    st.integers(1, 48),
)
def test_the_file_keeps_the_same_rule(shop, channel, paid, cutoff, most):
    with shop.change("Cut-off", "settings") as db:
        owner.put(db, "cutoff", cutoff)
        owner.put(db, "ship_hours", most)
        wanted = {}
        for moment, hours in paid:
            at = clock.text(moment)
            promised = None if hours is None else clock.text(moment + timedelta(hours=hours))
            order = db.execute(
                "INSERT INTO orders (channel_id, number, currency, paid, paid_at, promised_at)"
                " VALUES (?, (SELECT 'n' || coalesce(max(id), 0) FROM orders), 'CNY', 100, ?, ?)",
                (channel, at, promised),
            ).lastrowid
            db.execute(
                "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (?, ?, 'status', 'to_ship', 0)",
                (order, at),
            )
            wanted[order] = model.ship_by(paid_at=at, cutoff=cutoff, hours=most, promised_at=promised)
    found = dict(shop.reader().execute("SELECT id, ship_by FROM orders").fetchall())
    assert {order: found[order] for order in wanted} == wanted


def test_another_cut_off_moves_what_waits_and_nothing_else(shop, enter):
    waiting, sent = enter("1", paid_at="2026-11-24 09:00:00"), enter("2", paid_at="2026-11-24 09:00:00")
    verbs.ship_orders(shop, ids=[sent])
    with shop.change("Cut-off", "settings") as db:
        owner.put(db, "cutoff", "12:30")
    assert store.order(shop.reader(), waiting).ship_by == "2026-11-24 12:30:00"
    assert store.order(shop.reader(), sent).ship_by == "2026-11-24 17:00:00"
    shop.undo()
    assert store.order(shop.reader(), waiting).ship_by == "2026-11-24 17:00:00"
    assert not list(check.faults(shop.path))


def test_what_left_keeps_its_ship_by_when_a_cut_off_before_it_is_taken_back_and_all_is_done_again(shop, enter):
    at_noon, sent = enter("1", paid_at="2026-11-24 09:00:00"), enter("2", paid_at="2026-11-24 09:00:00")
    with shop.change("Cut-off", "settings") as db:
        owner.put(db, "cutoff", "12:30")
    cutoff = shop.last_step().id
    verbs.ship_orders(shop, ids=[sent])
    verbs.ship_orders(shop, ids=[at_noon])
    shipped = shop.last_step().id
    shop.undo_step(cutoff)
    shop.undo_step(shipped)
    assert store.order(shop.reader(), at_noon).ship_by == "2026-11-24 17:00:00"
    shop.redo()
    assert {store.order(shop.reader(), order).ship_by for order in (at_noon, sent)} == {"2026-11-24 12:30:00"}
    assert not list(check.faults(shop.path))


def test_fewer_hours_move_what_waits(shop, enter):
    waiting = enter("1", paid_at="2026-11-24 09:00:00")
    with shop.change("Hours", "settings") as db:
        owner.put(db, "ship_hours", 4)
    assert store.order(shop.reader(), waiting).ship_by == "2026-11-24 13:00:00"
    assert not list(check.faults(shop.path))
    shop.undo()
    assert store.order(shop.reader(), waiting).ship_by == "2026-11-24 17:00:00"


def test_an_order_without_a_payment_time_counts_from_when_it_was_placed(shop, channel):
    with shop.change("Cash on delivery", "orders") as db:
        db.execute(
            "INSERT INTO orders (channel_id, number, currency, created_at) VALUES (?, '1', 'CNY', '2026-11-24 08:00:00')",
            (channel,),
        )
        db.execute(
            "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (1, '2026-11-24 08:00:00', 'status', 'to_ship', 0)"
        )
    assert store.order(shop.reader(), 1).ship_by == "2026-11-24 17:00:00"


@pytest.mark.parametrize(
    ("by", "english", "chinese", "tone"),
    [
        ("2026-11-24 17:00:00", "2 h 10 min left", "还剩 2 小时 10 分", ""),
        ("2026-11-24 15:30:00", "40 min left", "还剩 40 分", "warn"),
        ("2026-11-23 17:00:00", "21 h late", "迟 21 小时", "bad"),
        ("2026-11-24 14:49:00", "1 min late", "迟 1 分", "bad"),
        ("2026-11-20 17:00:00", "3 d late", "迟 3 天", "bad"),
    ],
)
def test_the_countdown_in_both_languages(by, english, chinese, tone):
    assert model.countdown(by) == (english, tone)
    words.use_language("zh_CN")
    assert model.countdown(by) == (chinese, tone)


def test_waiting_and_overdue_are_counted(shop, enter):
    enter("1", paid_at="2026-11-22 19:20:00")
    enter("2", paid_at="2026-11-24 09:00:00")
    enter("3", paid_at=None)
    with clock.at(datetime(2026, 11, 24, 17, 0, 1)):
        enter("4", paid_at="2026-11-24 17:00:00")
        assert store.waiting(shop.reader()) == (2, 2)
        assert store.due_today(shop.reader()) == (0, "")
    assert store.waiting(shop.reader()) == (2, 1)
    assert store.due_today(shop.reader()) == (1, "2026-11-24 17:00:00")


@pytest.mark.parametrize(
    ("kind", "note", "heading", "text"),
    [
        (None, "left over", "", ""),
        ("courier", "", "Courier wish", ""),
        ("courier", "SF only", "Courier wish", "SF only"),
        ("courier", "SF only\nBefore Wednesday", "Courier wish: SF only", "Before Wednesday"),
        ("something new", "x", "Other problem", "x"),
    ],
)
def test_a_flag_in_words(kind, note, heading, text):
    assert model.problem_words(kind, note) == (heading, text)


def test_every_state_has_its_words():
    for language in ("en", "zh_CN"):
        words.use_language(language)
        assert all(member.label() for kind in (Status, Problem, model.ReturnKind, model.ReturnState) for member in kind)
    assert Problem.ADDRESS.label() == "改地址"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("#1042", ("#1042", "Shopify")),
        ("238604127755", ("Shopify 127755"[:8] + "127755", "")),
        ("261122-70233", ("Shopify 70233", "")),
    ],
)
def test_numbers_show_their_tail(number, shown):
    assert model.number_tail(number, "Shopify") == shown


def test_long_numbers_are_grouped():
    assert model.grouped("23860412775521") == "2386 0412 7755 21"
    assert model.grouped("#1042") == "#1042"


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        ("2026-11-24 08:12:00", "08:12", "今天 08:12"),
        ("2026-11-23 21:40:00", "Mon 21:40", "昨天 21:40"),
        ("2026-11-25 17:00:00", "Wed 17:00", "明天 17:00"),
        ("2026-11-22 19:20:00", "Sun 19:20", "周日 19:20"),
        ("2026-11-27 17:00:00", "Fri 17:00", "周五 17:00"),
        ("2026-10-26 15:00:00", "26 Oct", "10月26日"),
        ("2025-10-26 15:00:00", "2025-10-26", "2025-10-26"),
    ],
)
def test_times_fit_their_column(moment, english, chinese):
    assert model.short_time(moment) == english
    words.use_language("zh_CN")
    assert model.short_time(moment) == chinese
