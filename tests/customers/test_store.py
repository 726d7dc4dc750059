"""Verbs on buyers: they do what they say, can be undone, and every kept figure stays right."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from shopdesk.core import clock, search
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.customers import store
from shopdesk.customers.model import Contact
from tests.undoing import both_ways, faults


def rows(shop: Shop) -> list[tuple[object, ...]]:
    con = shop.reader()
    return [
        *(tuple(row) for row in con.execute("SELECT * FROM customers ORDER BY id")),
        *(tuple(row) for row in con.execute("SELECT * FROM customer_notes ORDER BY id")),
    ]


def add(shop: Shop, channel: int, name: str, **more: object) -> int:
    return store.add_customer(shop, channel_id=channel, name=name, **more)  # type: ignore[arg-type]


def add_order(shop: Shop, channel: int, customer: int, paid_at: str, paid: int = 1000) -> None:
    with shop.change("Order", "orders") as db:
        row = {
            "channel_id": channel,
            "number": f"N{paid_at}",
            "customer_id": customer,
            "currency": "CNY",
            "paid": paid,
            "paid_at": paid_at,
        }
        db["orders"].insert(row)


VERBS: dict[str, Callable[[Shop, int], object]] = {
    "edit": lambda shop, one: store.edit_customer(
        shop, customer_id=one, name="张三丰", phone="138 0000 7716", birthday="5-12", tags=["VIP"], sex="male", note="x"
    ),
    "tag": lambda shop, one: store.tag_customers(shop, ids=[one], add=["gift", "VIP"], remove=["old"]),
    "talk": lambda shop, one: store.log_contact(shop, customer_id=one, text="Asked for the white gaiwan"),
    "delete": lambda shop, one: store.delete_customers(shop, ids=[one]),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_every_verb_undone_is_as_before_and_redone_as_after(shop: Shop, channel: int, verb):
    one = add(shop, channel, "张三", tags=["old"])
    both_ways(shop, rows, lambda: verb(shop, one))


def test_an_added_customer_is_undone_and_redone(shop: Shop, channel: int):
    add(shop, channel, "Mia Sørensen")
    made = rows(shop)
    shop.undo()
    assert rows(shop) == []
    shop.redo()
    assert rows(shop) == made
    assert faults(shop) == []


def test_what_the_owner_changed_by_hand_is_noted(shop: Shop, channel: int):
    one = add(shop, channel, "张三", phone="123")
    store.edit_customer(shop, customer_id=one, name="张三", region="Hangzhou")
    store.edit_customer(shop, customer_id=one, birthday="1990-5-12")
    edited = shop.reader().execute("SELECT edited FROM customers").fetchone()[0]
    assert json.loads(edited) == ["birthday", "name", "phone", "region"]


def test_an_edit_that_changes_nothing_is_no_step(shop: Shop, channel: int):
    one = add(shop, channel, "张三")
    step = shop.last_step()
    store.edit_customer(shop, customer_id=one, name="张三", birthday="", tags=[])
    store.edit_customer(shop, customer_id=one)
    assert shop.last_step() == step


def test_the_same_buyer_twice_is_refused_and_a_deleted_one_comes_back(shop: Shop, channel: int):
    one = add(shop, channel, "张三", note="first")
    with pytest.raises(ShopError, match="already"):
        add(shop, channel, "张三")
    store.delete_customers(shop, ids=[one])
    assert store.customer(shop.reader(), one) is None
    assert add(shop, channel, "张三", note="second") == one
    found = store.customer(shop.reader(), one)
    assert found is not None
    assert found.note == "second"


def test_a_customer_needs_a_name_and_a_birthday_must_be_a_day(shop: Shop, channel: int):
    with pytest.raises(ShopError) as nameless:
        add(shop, channel, "  ")
    assert nameless.value.field == "name"
    one = add(shop, channel, "张三")
    with pytest.raises(ShopError) as no_day:
        store.edit_customer(shop, customer_id=one, birthday="31.2.")
    assert no_day.value.field == "birthday"
    with pytest.raises(ShopError):
        store.edit_customer(shop, customer_id=one, note="a\0b")
    with pytest.raises(ShopError):
        store.log_contact(shop, customer_id=one, text="  ")
    assert shop.last_step().label == "Added 张三"


def test_figures_follow_the_orders(shop: Shop, channel: int):
    one = add(shop, channel, "张三")
    for day in ("2026-09-01", "2026-10-01", "2026-10-31"):
        add_order(shop, channel, one, f"{day} 10:00:00")
    found = store.customer(shop.reader(), one)
    assert (found.orders, found.spent, found.rhythm_days, found.due_at) == (3, 3000, 30, "2026-11-30")
    assert store.share_of_repeat(shop.reader()) == 100


def test_found_keeps_the_order_of_the_search(shop: Shop, channel: int):
    one = add(shop, channel, "Mia", phone="0571-8899 7716", region="Hangzhou")
    two = add(shop, channel, "Priya")
    assert store.found(shop.reader(), [two, one, 99]) == [
        (two, "Priya", "Taobao"),
        (one, "Mia", "Taobao · Hangzhou · …7716"),
    ]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", "zs"), ("张三", "zhangsan"), ("张三", "三"), ("张三", "张三"), ("曾小贤", "zxx"), ("曾小贤", "cxx"),
        ("单雄信", "sxx"), ("单雄信", "dxx"), ("重庆小面", "cqxm"), ("重庆小面", "xm"), ("Mia Sørensen", "sør"),
        ("Tomás Rey", "tomas"), ("Tomás Rey", "rey tom"), ("tb_88021", "8802"), ("乐乐", "yy"), ("乐乐", "ll"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_what_is_typed(shop: Shop, channel: int, name: str, typed: str):
    add(shop, channel, "李四")
    one = add(shop, channel, name)
    assert search.find(shop.reader(), "customers", typed) == [one]


def test_search_knows_phone_tail_tag_and_note_and_forgets_the_deleted(shop: Shop, channel: int):
    one = add(shop, channel, "张三", phone="13800007716", tags=["藏家"], note="collects gaiwans")
    for typed in ("7716", "藏家", "gaiwan", "zs 77"):
        assert search.find(shop.reader(), "customers", typed) == [one]
    store.delete_customers(shop, ids=[one])
    assert search.find(shop.reader(), "customers", "7716") == []


def test_naughty_strings_come_back_unchanged(shop: Shop, channel: int, shared_data: Path):
    naughty = json.loads((shared_data / "bad" / "blns" / "blns.json").read_text("utf-8"))
    with shop.change("All"):
        ids = [add(shop, channel, text, handle=f"h{n}", note=text, tags=[text]) for n, text in enumerate(naughty)]
        for one, text in zip(ids, naughty, strict=True):
            if text.strip():
                store.log_contact(shop, customer_id=one, text=text)
    for one, text in zip(ids, naughty, strict=True):
        found = store.customer(shop.reader(), one)
        assert found is not None
        assert found.note == text
        stored = shop.reader().execute("SELECT name FROM customers WHERE id = ?", (one,)).fetchone()[0]
        assert stored == text
    texts = [row[0] for row in shop.reader().execute("SELECT text FROM customer_notes ORDER BY id")]
    assert texts == [text for text in naughty if text.strip()]
    assert faults(shop) == []
    shop.undo()
    assert rows(shop) == []


def test_the_time_line_tells_talks_greetings_and_notes(shop: Shop, channel: int):
    one = add(shop, channel, "张三")
    made = store.log_contact(shop, customer_id=one, text="Is the gaiwan back?", at="2026-11-24 11:20:00")
    store.log_contact(shop, customer_id=one, text="卡片", kind=Contact.GREETING)
    told = [tuple(row) for row in shop.reader().execute(
        "SELECT at, icon, words, detail FROM v_timeline_customer_customers WHERE record_id = ? ORDER BY at", (one,)
    )]  # fmt: skip
    assert told == [
        ("2026-11-24 11:20:00", "talk", "Talk", "Is the gaiwan back?"),
        ("2026-11-24 14:50:00", "gift", "Greeting", "卡片"),
    ]
    store.delete_contact(shop, note_id=made)
    assert len(shop.reader().execute("SELECT 1 FROM v_timeline_customer_customers").fetchall()) == 1
    step = shop.last_step()
    with clock.at(datetime(2026, 11, 24, 15, 0)):
        store.delete_contact(shop, note_id=made)  # a second click
    assert shop.last_step() == step
    shop.undo()
    assert len(shop.reader().execute("SELECT 1 FROM v_timeline_customer_customers").fetchall()) == 2


@pytest.mark.parametrize(
    ("today", "typed", "comes"),
    [("2026-11-24", "11-27", True), ("2026-11-24", "11-28", False), ("2026-12-30", "1990-01-01", True),
     ("2026-02-26", "2000-02-29", True), ("2028-02-25", "02-29", False)],
)  # fmt: skip
def test_birthdays_soon_over_the_end_of_years_and_leap_days(
    shop: Shop, channel: int, today: str, typed: str, comes: bool
):
    one = add(shop, channel, "张三", birthday=typed)
    with clock.at(datetime.fromisoformat(today)):
        params = store.view_params(shop.reader())
    found = shop.reader().execute(
        "SELECT id FROM customers WHERE birthday IS NOT NULL AND substr(birthday, -5) IN"
        " (SELECT value FROM json_each(:coming_birthdays))",
        {"coming_birthdays": params["coming_birthdays"]},
    )
    assert [row[0] for row in found] == ([one] if comes else [])
