"""Shipping, flags, payment, closing and deleting on a real file, each undone and redone."""

from __future__ import annotations

import pytest

from shopdesk.core import channels
from shopdesk.core.errors import ShopError
from shopdesk.orders import editing, matching, store, verbs
from shopdesk.orders.model import Problem, Status
from shopdesk.orders.pasting import Verdict, pasted_rows
from shopdesk.orders.records import Draft, DraftLine


def stock(shop, sku):
    row = shop.reader().execute("SELECT on_hand, held FROM skus WHERE id = ?", (sku,)).fetchone()
    return tuple(row)


def timeline(shop, order_id):
    rows = shop.reader().execute(
        "SELECT words, detail FROM v_timeline_order_orders WHERE record_id = ? ORDER BY at", (order_id,)
    )
    return [tuple(row) for row in rows]


def test_shipping_books_the_stock_out_and_tells_the_timeline(shop, goods, enter, symmetric):
    order = enter(bowls=2)
    assert stock(shop, goods.bowl) == (10, 2)
    symmetric(lambda: verbs.ship_orders(shop, ids=[order], courier="顺丰", tracking="SF1402"))
    found = store.order(shop.reader(), order)
    assert (found.status, found.courier, found.tracking) == (Status.SHIPPED, "顺丰", "SF1402")
    assert stock(shop, goods.bowl) == (8, 0)
    assert ("Marked shipped", "顺丰 SF1402") in timeline(shop, order)
    assert shop.last_step().label == "Order 238604127755 marked shipped"


def test_only_waiting_orders_are_shipped(shop, enter, symmetric):
    paid = [enter(f"10{n}") for n in range(3)]
    unpaid = enter("200", paid_at=None)
    assert symmetric(lambda: verbs.ship_orders(shop, ids=[*paid, unpaid])) == 3
    assert store.order(shop.reader(), unpaid).status is Status.UNPAID
    assert shop.last_step().label == "3 orders marked shipped"
    with pytest.raises(ShopError, match="None of these orders"):
        verbs.ship_orders(shop, ids=paid)


def test_the_owners_courier_and_number_are_noted_as_hers(shop, enter):
    order = enter()
    verbs.ship_orders(shop, ids=[order], tracking="SF1")
    edited = shop.reader().execute("SELECT edited FROM orders WHERE id = ?", (order,)).fetchone()[0]
    assert edited == '["tracking"]'


def test_a_flag_and_its_note_stay_until_it_is_cleared(shop, enter, symmetric):
    order = enter()
    symmetric(lambda: verbs.flag_problem(shop, ids=[order], kind=Problem.COURIER, note="顺丰\n周三前到"))
    found = store.order(shop.reader(), order)
    assert (found.problem, found.problem_note) == ("courier", "顺丰\n周三前到")
    symmetric(lambda: verbs.clear_problem(shop, ids=[order]))
    assert store.order(shop.reader(), order).problem is None
    assert [words for words, _ in timeline(shop, order)][-2:] == ["Flagged as a problem", "Problem solved"]
    with pytest.raises(ShopError, match="flagged"):
        verbs.clear_problem(shop, ids=[order])


def test_shipping_solves_the_flag(shop, enter, symmetric):
    order = enter()
    verbs.flag_problem(shop, ids=[order], kind=Problem.SPLIT)
    symmetric(lambda: verbs.ship_orders(shop, ids=[order]))
    assert store.order(shop.reader(), order).problem is None


def test_paying_takes_what_is_owed_or_what_is_typed(shop, enter, symmetric):
    first, second = enter("1", paid_at=None), enter("2", paid_at=None)
    symmetric(lambda: verbs.mark_paid(shop, ids=[first]))
    symmetric(lambda: verbs.mark_paid(shop, ids=[second], paid=5000, at="2026-11-24 12:00:00"))
    orders = [store.order(shop.reader(), order) for order in (first, second)]
    assert [order.paid for order in orders] == [2 * 10600 + 9600 + 1000, 5000]
    assert [order.status for order in orders] == [Status.TO_SHIP] * 2
    assert orders[1].ship_by == "2026-11-24 17:00:00"
    with pytest.raises(ShopError, match="payment"):
        verbs.mark_paid(shop, ids=[first])


def test_time_to_come_is_refused(shop, enter):
    order = enter(paid_at=None)
    with pytest.raises(ShopError) as refused:
        verbs.mark_paid(shop, ids=[order], at="2026-11-25 09:00:00")
    assert refused.value.field == "at"


def test_closing_frees_what_was_held(shop, goods, enter, symmetric):
    order = enter(bowls=3)
    symmetric(lambda: verbs.close_orders(shop, ids=[order], note="buyer changed her mind"))
    assert stock(shop, goods.bowl) == (10, 0)
    assert ("Closed by hand", "buyer changed her mind") in timeline(shop, order)
    with pytest.raises(ShopError, match="closed"):
        verbs.close_orders(shop, ids=[order])


def test_done_comes_after_shipped(shop, enter, symmetric):
    order = enter()
    with pytest.raises(ShopError, match="on its way"):
        verbs.mark_done(shop, ids=[order])
    verbs.ship_orders(shop, ids=[order])
    symmetric(lambda: verbs.mark_done(shop, ids=[order]))
    assert store.order(shop.reader(), order).status is Status.DONE


def test_a_deleted_order_is_in_no_list_and_no_figure(shop, goods, enter, symmetric):
    order = enter(bowls=2)
    symmetric(lambda: verbs.delete_orders(shop, ids=[order]))
    assert store.order(shop.reader(), order) is None
    assert stock(shop, goods.bowl) == (10, 0)
    assert store.waiting(shop.reader()) == (0, 0)
    assert shop.reader().execute("SELECT count(*) FROM sales_hours").fetchone()[0] == 0


def test_notes(shop, enter, symmetric):
    order = enter()
    symmetric(lambda: verbs.add_note(shop, order_id=order, note="asked for a gift card"))
    assert ("Note", "asked for a gift card") in timeline(shop, order)
    with pytest.raises(ShopError, match="empty"):
        verbs.add_note(shop, order_id=order, note="  ")


def test_pasting_says_what_each_row_means(shop, enter, symmetric):
    waiting, sent, other = enter("238604127755"), enter("#1042"), enter("300")
    enter("400", paid_at=None)
    verbs.ship_orders(shop, ids=[sent])
    verbs.ship_orders(shop, ids=[other], tracking="SF9")
    verbs.close_orders(shop, ids=[enter("500")])
    text = "订单编号\t运单号\n238604127755\tSF1\n1042,SF2\n300 SF9\n300\tSF8\n400\tSF3\n500\tSF4\n999\tSF5\n238604127755\tSF6"
    matches = matching.match_tracking(shop.reader(), pasted_rows(text))
    assert [match.verdict for match in matches] == [
        Verdict.READY, Verdict.ADDED, Verdict.SAME, Verdict.TWICE, Verdict.NOT_PAID, Verdict.CLOSED,
        Verdict.UNKNOWN, Verdict.TWICE,
    ]  # fmt: skip
    assert matching.summary(matches) == "1 will be shipped · 1 gets its number · 6 stay as they are"
    assert symmetric(lambda: verbs.ship_pasted(shop, matches=matches, courier="顺丰")) == 2
    assert [store.order(shop.reader(), order).tracking for order in (waiting, sent, other)] == ["SF1", "SF2", "SF9"]


def test_pasting_nothing_useful_is_refused(shop, enter):
    enter("300")
    with pytest.raises(ShopError) as refused:
        verbs.ship_pasted(shop, matches=matching.match_tracking(shop.reader(), pasted_rows("999\tSF5\n300\t")))
    assert refused.value.field == "pasted"


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("238604127755\tSF1402", ("238604127755", "SF1402")),
        ('="238604127755",No:3330622150731', ("238604127755", "3330622150731")),
        ("'2386；YT77", ("2386", "YT77")),
        ("２３８６ ＳＦ１", ("2386", "SF1")),
        ("2386 0412 7755 SF1", ("2386 0412 7755", "SF1")),
        ("2386\t\tSF1", ("2386", "SF1")),
        ("2386", ("2386", "")),
    ],
)
def test_two_columns_part_where_people_part_them(line, pair):
    (row,) = pasted_rows(line)
    assert (row.number, row.tracking) == pair


def test_what_cannot_be_kept_is_refused(shop, enter):
    order = enter()
    for text in ("a\0b", "\ud800"):
        with pytest.raises(ShopError, match="cannot be kept"):
            verbs.flag_problem(shop, ids=[order], kind=Problem.OTHER, note=text)


def test_the_courier_is_the_last_one_of_the_channel(shop, enter):
    with shop.change("Channel", "channels") as db:
        other = channels.add(db, platform="etsy", name="Muhe Etsy", currency="CNY")
    assert store.last_couriers(shop.reader()) == ("", [])
    here = enter("#1")
    there = editing.add_order(
        shop, draft=Draft(other, "E1", (DraftLine("cup", 1, 9600),), paid_at="2026-11-24 09:00:00")
    )
    verbs.ship_orders(shop, ids=[here], courier="顺丰", at="2026-11-24 10:00:00")
    verbs.ship_orders(shop, ids=[there], courier="Royal Mail", at="2026-11-24 11:00:00")
    next_here = enter("#2")
    assert store.last_couriers(shop.reader(), [next_here]) == ("顺丰", ["顺丰", "Royal Mail"])
    assert store.last_couriers(shop.reader(), [there]) == ("Royal Mail", ["Royal Mail", "顺丰"])
    assert store.last_couriers(shop.reader(), [next_here, there])[0] == ""
    assert store.last_couriers(shop.reader())[0] == "Royal Mail"
