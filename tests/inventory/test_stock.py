"""The stock journal on a real file: on hand is the sum of its moves, whatever the order in which they come."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.core import channels, check, clock
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.inventory import store, verbs
from shopdesk.inventory.model import Move
from tests.conftest import NOW
from tests.inventory.conftest import Stocked


def on_hand(shop: Shop, sku_id: int) -> int | None:
    return store.sku(shop.reader(), sku_id).on_hand


def ago(**span: int) -> str:
    return clock.text(NOW - timedelta(**span))


def test_each_move_does_what_its_line_says(stocked: Stocked):
    shop, sku = stocked.shop, stocked.white
    for move, qty, left in (
        (Move.RECEIVE, 30, 50), (Move.DAMAGE, 2, 48), (Move.ADJUST, -5, 43), (Move.RETURN, 1, 44), (Move.COUNT, 40, 40),
    ):  # fmt: skip
        expected = move.after(on_hand(shop, sku), qty)
        verbs.book(shop, sku_id=sku, move=move, qty=qty, note="盘点后")
        assert on_hand(shop, sku) == left == expected
    assert list(check.faults(shop.path)) == []
    for left in (44, 43, 48, 50, 20):
        shop.undo()
        assert on_hand(shop, sku) == left
    assert list(check.faults(shop.path)) == []


def test_on_hand_is_unknown_until_the_first_count(stocked: Stocked):
    shop, mat = stocked.shop, stocked.mat
    verbs.book(shop, sku_id=mat, move=Move.RECEIVE, qty=50)
    assert on_hand(shop, mat) is None
    stocked.sell(mat, 2, shipped=ago(minutes=1))
    assert [line.balance for line in store.journal(shop.reader(), mat)] == [None, None]
    verbs.book(shop, sku_id=mat, move=Move.COUNT, qty=48)
    assert on_hand(shop, mat) == 48


def test_paid_and_not_shipped_is_held_and_a_shipped_line_books_out(stocked: Stocked):
    shop, white = stocked.shop, stocked.white
    stocked.sell(white, 3)
    sku = store.sku(shop.reader(), white)
    assert (sku.on_hand, sku.held, sku.available) == (20, 3, 17)
    with clock.at(NOW + timedelta(hours=1)):
        stocked.sell(white, 2, shipped=clock.text())
    assert (on_hand(shop, white), store.sku(shop.reader(), white).held) == (18, 3)


def test_lines_shipped_before_the_latest_level_move_nothing(stocked: Stocked):
    stocked.sell(stocked.white, 7, shipped=ago(days=3), days_ago=4)
    assert on_hand(stocked.shop, stocked.white) == 20


def test_an_older_level_does_not_beat_a_newer_one(stocked: Stocked):
    verbs.book(stocked.shop, sku_id=stocked.white, move=Move.COUNT, qty=3, at=ago(days=9))
    assert on_hand(stocked.shop, stocked.white) == 20


def test_nothing_is_booked_in_the_future(stocked: Stocked):
    with pytest.raises(ShopError) as refused:
        verbs.book(stocked.shop, sku_id=stocked.white, move=Move.RECEIVE, qty=1, at=ago(days=-1))
    assert refused.value.field == "at"
    assert stocked.shop.last_step().label == "Added “亚麻杯垫”"


def test_the_journal_shows_the_balance_after_each_line(stocked: Stocked):
    shop, white = stocked.shop, stocked.white
    with clock.at(NOW + timedelta(hours=1)):
        verbs.book(shop, sku_id=white, move=Move.RECEIVE, qty=5, note="宜兴老魏")
    with clock.at(NOW + timedelta(hours=2)):
        order = stocked.sell(white, 4, shipped=clock.text())
        verbs.book(shop, sku_id=white, move=Move.COUNT, qty=19)
        lines = store.journal(shop.reader(), white)
    assert [(line.kind, line.change, line.balance) for line in lines] == [
        ("level", -2, 19), ("ship", -4, 21), ("receive", 5, 25), ("level", None, 20),
    ]  # fmt: skip
    assert (lines[1].order_id, lines[2].note) == (order, "宜兴老魏")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "adjust", "damage", "return", "count", "ship", "import level", "import move"]),
        st.integers(0, 1),
        st.integers(1, 40),
        st.integers(0, 50),
    ),
    max_size=10,
)


def level_of(moves: list[tuple[str, int, int, str, int]]) -> int | None:
    """On hand by the rule's own words: the latest level, then what moved after it."""
    total = None
    for _at, _rank, _id, kind, number in sorted(moves):
        if kind == "level":
            total = number
        elif total is not None:
            total += number
    return total


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=ACTS)
def test_stock_equals_its_moves_in_any_order_of_dates(acts: list[tuple[str, int, int, int]]):
    with tempfile.TemporaryDirectory() as folder, clock.at(NOW):
        shop = Shop.create(Path(folder) / "a.shop", name="A")
        try:
            with shop.change("Channel") as db:
                channel = channels.add(db, platform="taobao", name="A", currency="CNY")
            one = verbs.add_product(shop, product={"name": "盖碗"}, sku={"code": "A"})
            two = verbs.add_product(shop, product={"name": "杯垫"}, sku={"code": "B"}, level=9)
            stocked = Stocked(shop, channel, one, two, 0)
            start = everything(shop)
            steps = shop.last_step().id
            for act in acts:
                do(stocked, *act)
                agrees(shop, one, two)
                assert list(check.faults(shop.path)) == []
            while shop.last_step().id > steps:
                shop.undo()
                agrees(shop, one, two)
                assert list(check.faults(shop.path)) == []
            assert everything(shop) == start
            while shop.redo():
                agrees(shop, one, two)
            agrees(shop, one, two)
            assert list(check.faults(shop.path)) == []
        finally:
            shop.close()


def do(stocked: Stocked, act: str, which: int, number: int, days: int) -> None:
    """One act of the owner or of a file, at a day in the past that is in no order with the others."""
    shop, sku = stocked.shop, (stocked.white, stocked.blue)[which]
    at = ago(days=days, hours=number % 5)
    if act == "ship":
        stocked.sell(sku, number, days_ago=days + 1, shipped=at)
    elif act.startswith("import"):
        level = act == "import level"
        with shop.change("Import", "stock") as db:
            db.execute(
                "INSERT INTO stock_moves (sku_id, at, kind, qty, level) VALUES (?, ?, ?, ?, ?)",
                (sku, at, "level" if level else "other", None if level else -number, number if level else None),
            )
    else:
        move = {"count": Move.COUNT, "adjust": Move.ADJUST}.get(act) or Move[act.upper()]
        verbs.book(shop, sku_id=sku, move=move, qty=-number if act == "adjust" and days % 2 else number, at=at)


def agrees(shop: Shop, *skus: int) -> None:
    """The kept figure, the journal's newest balance and the view all say the same."""
    con = shop.reader()
    for sku in skus:
        moves = [
            (r["at"], 1, r["id"], r["kind"], r["qty"] if r["level"] is None else r["level"])
            for r in con.execute("SELECT * FROM stock_moves WHERE sku_id = ?", (sku,))
        ]
        moves += [
            (r["at"], 0, r["line_id"], "ship", -r["qty"])
            for r in con.execute("SELECT * FROM v_sku_ships WHERE sku_id = ?", (sku,))
        ]
        assert on_hand(shop, sku) == level_of(moves)
        view = con.execute(
            "SELECT at, kind, balance FROM v_stock_moves WHERE sku_id = ? ORDER BY at, order_id IS NULL, move_id",
            (sku,),
        ).fetchall()
        for limit in (3, 50):
            lines = [(line.at, line.kind, line.balance) for line in store.journal(con, sku, limit)]
            assert lines[::-1] == [tuple(row) for row in view][-limit:]


def everything(shop: Shop) -> str:
    """All rows of the tables that this is about."""
    con = shop.reader()
    tables = ("products", "skus", "stock_moves", "orders", "order_lines", "order_events")
    return json.dumps({t: [list(r) for r in con.execute(f"SELECT * FROM {t} ORDER BY id")] for t in tables})


def test_the_journal_of_a_sku_with_many_lines_is_quick(stocked: Stocked, timed: Callable[[Callable], float]):
    con = stocked.shop._writer
    con.execute("BEGIN")
    order = con.execute(
        "INSERT INTO orders (channel_id, number, currency) VALUES (?, 'BIG', 'CNY')", (stocked.channel,)
    ).lastrowid
    con.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
        " INSERT INTO order_lines (order_id, line_key, position, sku_id, qty, price, amount, shipped_at)"
        " SELECT ?, i, i, ?, 1, 1, 1, datetime(?, '+' || i || ' minutes') FROM n",
        (order, stocked.white, clock.text()),
    )
    con.execute("COMMIT")
    lines = store.journal(stocked.shop.reader(), stocked.white)
    assert (len(lines), lines[0].balance) == (50, 20 - 100000)
    assert timed(lambda: store.journal(stocked.shop.reader(), stocked.white)) < 0.05
