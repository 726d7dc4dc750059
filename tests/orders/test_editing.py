"""Orders entered and edited by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shopdesk.core.errors import ShopError
from shopdesk.orders import editing, store
from shopdesk.orders.model import Status
from shopdesk.orders.records import Draft, DraftLine
from tests.drafts import draft_of


def edited(shop, order):
    return json.loads(shop.reader().execute("SELECT edited FROM orders WHERE id = ?", (order,)).fetchone()[0])


def test_an_order_by_hand_has_lines_money_buyer_and_a_place_in_the_list(shop, goods, enter, symmetric):
    order_id = symmetric(lambda: enter("H1", bowls=2, cups=1, discount=500, receiver="林月", phone="138"))
    order = store.order(shop.reader(), order_id)
    assert (order.goods, order.postage, order.discount, order.paid) == (30800, 1000, 500, 31300)
    assert (order.status, order.pieces, order.ship_by) == (Status.TO_SHIP, 3, "2026-11-24 17:00:00")
    buyer = store.buyer(shop.reader(), order.customer_id)
    assert (buyer.name, buyer.orders, buyer.spent) == ("林月", 1, 31300)
    shares = shop.reader().execute("SELECT share FROM order_lines ORDER BY position").fetchall()
    assert sum(row[0] for row in shares) == order.paid


def test_the_same_buyer_stays_one_customer_and_a_masked_one_is_nobody(shop, enter):
    first, second, masked = enter("1", buyer="阿树"), enter("2", buyer="阿树"), enter("3", buyer="阿**")
    customers = [store.order(shop.reader(), order).customer_id for order in (first, second, masked)]
    assert customers[0] == customers[1] is not None
    assert customers[2] is None


def test_an_unpaid_order_owes_its_sum(shop, enter):
    order_id = enter("1", paid_at=None)
    order = store.order(shop.reader(), order_id)
    assert (order.status, order.paid, store.owed(shop.reader(), order_id)) == (Status.UNPAID, 0, 31800)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "taken"}, "number"),
        ({"lines": ()}, "lines"),
        ({"lines": (DraftLine("bowl", 0, 100),)}, "lines"),
        ({"lines": (DraftLine(" ", 1, 100),)}, "lines"),
        ({"lines": (DraftLine("bowl", 1, -100),)}, "lines"),
        ({"postage": -1}, "postage"),
        ({"paid_at": "2026-11-25 00:00:00"}, "paid_at"),
        ({"channel_id": 99}, "channel_id"),
        ({"buyer": "a\0"}, "buyer"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(shop, channel, goods, enter, change, field):
    enter("taken")
    good = Draft(channel, "new", (DraftLine("bowl", 1, 100),))
    with pytest.raises(ShopError) as refused:
        editing.add_order(shop, draft=replace(good, **change))
    assert refused.value.field == field
    assert shop.reader().execute("SELECT count(*) FROM orders").fetchone()[0] == 1


def test_only_what_was_changed_is_hers(shop, enter, symmetric):
    order_id = enter()
    draft = draft_of(store.order(shop.reader(), order_id))
    before = shop.last_step().id
    editing.edit_order(shop, order_id=order_id, draft=draft)
    assert shop.last_step().id == before
    assert edited(shop, order_id) == []
    symmetric(lambda: editing.edit_order(shop, order_id=order_id, draft=replace(draft, address="15 楼", postage=0)))
    assert edited(shop, order_id) == ["address", "postage"]
    order = store.order(shop.reader(), order_id)
    assert (order.address, order.postage, order.paid) == ("15 楼", 0, 31800)


def test_lines_are_changed_added_and_taken_off(shop, goods, enter, symmetric):
    order_id = enter(bowls=2, cups=1)
    draft = draft_of(store.order(shop.reader(), order_id))
    bowl, _cup = draft.lines
    wanted = (replace(bowl, qty=3), DraftLine("礼品卡", 1, 500))
    symmetric(lambda: editing.edit_order(shop, order_id=order_id, draft=replace(draft, lines=wanted)))
    order = store.order(shop.reader(), order_id)
    assert [(line.name, line.qty, line.amount) for line in order.lines] == [
        ("青釉盖碗 150ml", 3, 31800), ("礼品卡", 1, 500),
    ]  # fmt: skip
    assert (order.goods, order.paid, order.pieces) == (32300, 31800, 4)
    assert "lines" in edited(shop, order_id)
    held = shop.reader().execute("SELECT held FROM skus WHERE id = ?", (goods.bowl,)).fetchone()[0]
    assert held == 3


def test_a_payment_time_makes_it_one_to_ship(shop, enter, symmetric):
    order_id = enter("1", paid_at=None)
    draft = draft_of(store.order(shop.reader(), order_id))
    symmetric(lambda: editing.edit_order(shop, order_id=order_id, draft=replace(draft, paid_at="2026-11-24 10:00:00")))
    order = store.order(shop.reader(), order_id)
    assert (order.status, order.paid) == (Status.TO_SHIP, 31800)
    with pytest.raises(ShopError) as refused:
        editing.edit_order(shop, order_id=order_id, draft=replace(draft_of(order), paid_at=None))
    assert refused.value.field == "paid_at"


def test_another_buyer_is_another_customer(shop, enter, symmetric):
    order_id = enter("1", buyer="阿树")
    draft = draft_of(store.order(shop.reader(), order_id))
    symmetric(lambda: editing.edit_order(shop, order_id=order_id, draft=replace(draft, buyer="木木")))
    order = store.order(shop.reader(), order_id)
    assert store.buyer(shop.reader(), order.customer_id).orders == 1
    spent = shop.reader().execute("SELECT spent FROM customers WHERE handle = '阿树'").fetchone()[0]
    assert spent == 0


def test_numbers_for_orders_by_hand_count_up(shop, channel, enter):
    assert store.next_number(shop.reader(), channel) == "H261124-1"
    enter("H261124-1")
    assert store.next_number(shop.reader(), channel) == "H261124-2"


NAUGHTY = [
    "' OR 1=1 --",
    "<img src='/etc/passwd'>",
    "=1+1",
    "{n} {0}",
    "\u202eevil",
    "Ω≈ç√",
    "👾🙇",
    "  edges  ",
    "田中さん\n二行",
]


def test_naughty_strings_come_back_as_they_went_in(shop, enter, symmetric):
    for number, text in enumerate(NAUGHTY):
        order_id = symmetric(
            lambda number=number, text=text: enter(f"n{number}", buyer=text, seller_note=text, address=text)
        )
        order = store.order(shop.reader(), order_id)
        assert (order.buyer, order.seller_note, order.address) == (text, text, text)


def test_skus_are_found_by_code_name_and_pinyin(shop, goods):
    con = shop.reader()
    assert [choice.code for choice in store.find_skus(con, "TB-100")] == ["TB-100"]
    assert [choice.code for choice in store.find_skus(con, "t")] == ["TB-100", "TC-200"]
    assert {choice.available for choice in store.find_skus(con, "qyg")} == {10, None}
    assert store.find_skus(con, "公道")[0].available is None
    assert store.find_skus(con, "  ") == []


def test_an_order_that_came_without_its_items_can_be_edited(shop, enter):
    order_id = enter("1")
    with shop.change("As a file of orders alone brings it", "orders") as db:
        db.execute("DELETE FROM order_lines")
    bare = store.order(shop.reader(), order_id)
    editing.edit_order(shop, order_id=order_id, draft=replace(draft_of(bare), phone="177"))
    assert store.order(shop.reader(), order_id).phone == "177"
    assert "phone" in edited(shop, order_id)
