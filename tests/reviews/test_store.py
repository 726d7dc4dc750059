"""Verbs on reviews: they do what they say, can be undone, and every kept figure stays right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shopdesk.core import search, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.reviews import pasting, store, verbs
from shopdesk.reviews.drafts import Draft
from shopdesk.reviews.model import Limits, State, tone_of_wait
from tests.reviews.conftest import Filled
from tests.undoing import both_ways, faults


def rows(shop: Shop) -> list[tuple[object, ...]]:
    found = shop.reader().execute("SELECT * FROM reviews ORDER BY id").fetchall()
    rating = shop.reader().execute("SELECT id, rating FROM customers ORDER BY id").fetchall()
    return [*(tuple(row) for row in found), *(tuple(row) for row in rating)]


VERBS: dict[str, Callable[[Filled], object]] = {
    "answer": lambda f: verbs.answer_review(f.shop, review_id=f.reviews[1], reply="您好，非常抱歉"),
    "cause": lambda f: verbs.set_cause(f.shop, ids=f.reviews[1:3], cause="packing"),
    "state": lambda f: verbs.set_state(f.shop, ids=f.reviews, state=State.APPEALED),
    "note": lambda f: verbs.set_note(f.shop, review_id=f.reviews[1], note="asked for a picture"),
    "link": lambda f: verbs.link_review(f.shop, review_id=f.reviews[1], order_number="238604127755660102"),
    "edit": lambda f: verbs.edit_review(f.shop, review_id=f.reviews[1], stars=4, stars_goods=5, body="better now"),
    "delete": lambda f: verbs.delete_reviews(f.shop, ids=f.reviews[:2]),
    "add": lambda f: verbs.add_review(f.shop, channel_id=f.channel, draft=Draft(1, "没收到货"), sku_text="QY-150"),
    "paste": lambda f: verbs.add_reviews(f.shop, channel_id=f.channel, drafts=pasting.read("★\na\n\n5/5\nb").drafts),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_every_verb_undone_is_as_before_and_redone_as_after(filled: Filled, verb):
    both_ways(filled.shop, rows, lambda: verb(filled))


def test_an_answer_is_kept_with_its_time_and_a_second_one_keeps_the_first_time(filled: Filled):
    shop, one = filled.shop, filled.reviews[1]
    verbs.answer_review(shop, review_id=one, reply="  您好\n非常抱歉 ", at="2026-11-24 14:00:00")
    found = store.review(shop.reader(), one)
    assert (found.state, found.reply, found.replied_at) == (State.ANSWERED, "  您好\n非常抱歉 ", "2026-11-24 14:00:00")
    verbs.answer_review(shop, review_id=one, reply="Better words", at="2026-11-24 15:00:00")
    found = store.review(shop.reader(), one)
    assert (found.reply, found.replied_at) == ("Better words", "2026-11-24 14:00:00")
    edited = shop.reader().execute("SELECT edited FROM reviews WHERE id = ?", (one,)).fetchone()[0]
    assert json.loads(edited) == ["replied_at", "reply", "state"]


def test_an_edit_that_changes_nothing_is_no_step(filled: Filled):
    step = filled.shop.last_step()
    verbs.edit_review(filled.shop, review_id=filled.reviews[1])
    assert filled.shop.last_step() == step


def test_an_empty_answer_is_refused(filled: Filled):
    with pytest.raises(ShopError) as refused:
        verbs.answer_review(filled.shop, review_id=filled.reviews[1], reply=" \n")
    assert refused.value.field == "reply"


def shown_draft(filled: Filled) -> str:
    con = filled.shop.reader()
    return store.draft(con, store.review(con, filled.reviews[1]))


def test_a_draft_is_remembered_and_is_no_step(filled: Filled):
    shop, one = filled.shop, filled.reviews[1]
    step = shop.last_step()
    assert shown_draft(filled) == ""
    verbs.keep_draft(shop, review_id=one, text="您好，", over="")
    verbs.keep_draft(shop, review_id=one, text="您好，非常", over="")
    assert shown_draft(filled) == "您好，非常"
    assert shop.last_step() == step


def test_the_draft_is_back_when_the_answer_is_undone(filled: Filled):
    shop, one = filled.shop, filled.reviews[1]
    verbs.answer_review(shop, review_id=one, reply="您好")
    assert shown_draft(filled) == "您好"
    shop.undo()
    assert store.review(shop.reader(), one).reply == ""
    assert shown_draft(filled) == "您好"


def test_an_answer_from_a_file_goes_before_an_older_draft(filled: Filled):
    verbs.keep_draft(filled.shop, review_id=filled.reviews[1], text="half a", over="")
    with filled.shop.change("Import") as db:
        db.execute("UPDATE reviews SET reply = 'From the platform' WHERE id = ?", (filled.reviews[1],))
    assert shown_draft(filled) == "From the platform"


def test_linking_finds_buyer_and_single_sku_of_the_order(filled: Filled):
    shop, one = filled.shop, filled.reviews[1]
    verbs.link_review(shop, review_id=one, order_number=" 238604127755660102 ")
    found = store.review(shop.reader(), one)
    assert (found.order_id, found.customer_id, found.sku_id) == (filled.order, filled.customer, filled.sku)
    assert store.linked_order(shop.reader(), found.order_id).title == "青釉盖碗"
    assert store.linked_sku(shop.reader(), found.sku_id).code == "QY-150"
    assert shop.reader().execute("SELECT rating FROM customers").fetchone()[0] == 20
    for view in ("customer", "order", "sku"):
        told = shop.reader().execute(f"SELECT words, args, page, target FROM v_timeline_{view}_reviews").fetchall()
        assert [(row["page"], row["target"]) for row in told] == [("reviews", one)]
        assert json.loads(told[0]["args"])["stars"] == "★★☆☆☆"
    verbs.link_review(shop, review_id=one)
    assert store.review(shop.reader(), one).order_id is None


@pytest.mark.parametrize(
    ("order", "sku", "field"), [("77", "", "order"), ("", "no such thing", "sku"), ("", "青", "sku")]
)
def test_what_cannot_be_linked_is_said_beside_its_field(filled: Filled, order: str, sku: str, field: str):
    with filled.shop.change("Another") as db:
        db["skus"].insert({"product_id": 1, "key": "c:B", "code": "B", "name": "青釉杯", "currency": "CNY"})
    before = rows(filled.shop)
    with pytest.raises(ShopError) as refused:
        verbs.link_review(filled.shop, review_id=filled.reviews[1], order_number=order, sku_text=sku)
    assert refused.value.field == field
    assert rows(filled.shop) == before


def test_a_sku_is_found_by_words(filled: Filled):
    verbs.link_review(filled.shop, review_id=filled.reviews[1], sku_text="盖碗 150")
    assert store.review(filled.shop.reader(), filled.reviews[1]).sku_id == filled.sku


def test_the_same_paste_twice_adds_nothing(filled: Filled):
    drafts = pasting.read("★★★★★\n好\n\n★★★★★\n好\n\n★\n差").drafts
    assert verbs.add_reviews(filled.shop, channel_id=filled.channel, drafts=drafts) == (3, 0)
    step = filled.shop.last_step()
    assert verbs.add_reviews(filled.shop, channel_id=filled.channel, drafts=drafts) == (0, 3)
    assert filled.shop.last_step() == step


def test_a_review_typed_twice_is_refused_and_a_deleted_one_comes_back(filled: Filled):
    shop, draft = filled.shop, Draft(1, "没收到货", "momo")
    one = verbs.add_review(shop, channel_id=filled.channel, draft=draft, note="n")
    with pytest.raises(ShopError, match="already"):
        verbs.add_review(shop, channel_id=filled.channel, draft=draft)
    verbs.delete_reviews(shop, ids=[one])
    assert verbs.add_review(shop, channel_id=filled.channel, draft=draft) == one


def test_a_review_that_cannot_be_linked_is_not_added_either(filled: Filled):
    before = rows(filled.shop)
    with pytest.raises(ShopError):
        verbs.add_review(filled.shop, channel_id=filled.channel, draft=Draft(1, "x"), order_number="none")
    assert rows(filled.shop) == before


def test_waiting_counts_late_and_bad_ones(filled: Filled):
    shop = filled.shop
    assert store.waiting(shop.reader()) == (3, 1)
    assert store.bad_waiting(shop.reader()) == 1
    with shop.change("Limit") as db:
        settings.put(db, "review_hours", 4)
    assert store.waiting(shop.reader()) == (3, 2)


def test_search_finds_text_buyer_and_pinyin(filled: Filled):
    con = filled.shop.reader()
    assert search.find(con, "reviews", "缺口") == [filled.reviews[1]]
    assert search.find(con, "reviews", "ywm") == [filled.reviews[1]]
    assert search.find(con, "reviews", "pitcher bai") == [filled.reviews[3]]
    verbs.delete_reviews(filled.shop, ids=[filled.reviews[3]])
    assert search.find(con, "reviews", "pitcher") == []


def test_the_clock_turns_red_in_time():
    limits = Limits(hours=24, bad_stars=2)
    assert tone_of_wait(2, 19 * 60, limits) == "bad"
    assert tone_of_wait(2, 6 * 60, limits) == "warn"
    assert tone_of_wait(5, 2 * 60, limits) == "text_2"
    assert tone_of_wait(5, 25 * 60, limits) == "bad"


def test_naughty_strings_come_back_unchanged(filled: Filled, shared_data: Path):
    shop = filled.shop
    naughty = json.loads((shared_data / "bad" / "blns" / "blns.json").read_text("utf-8"))
    drafts = [Draft(3, text, buyer=text, item=text) for text in naughty]
    made, there = verbs.add_reviews(shop, channel_id=filled.channel, drafts=drafts)
    assert (made, there) == (len(naughty), 0)
    kept = shop.reader().execute(
        "SELECT id, body, buyer, item FROM reviews WHERE id > ? ORDER BY id", (max(filled.reviews),)
    )
    found = kept.fetchall()
    assert [(row["body"], row["buyer"], row["item"]) for row in found] == [(text, text, text) for text in naughty]
    with shop.change("All"):
        for row, text in zip(found, naughty, strict=True):
            verbs.set_note(shop, review_id=row["id"], note=text)
    notes = shop.reader().execute("SELECT note FROM reviews WHERE id > ? ORDER BY id", (max(filled.reviews),))
    assert [row[0] for row in notes] == naughty
    assert faults(shop) == []
