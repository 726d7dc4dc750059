"""A person whose name is a word of its own: what only looks like the name stays as it is."""

from __future__ import annotations

import json
from datetime import date

import pytest

from shopdesk.board import verbs as board
from shopdesk.core import check, erasures, settings
from shopdesk.core.shop import Shop
from shopdesk.customers import store
from shopdesk.ui import views

_CUP = {"name": "Cup", "position": 1, "qty": 1, "price": 100, "amount": 100}
_LAYOUT = {"columns": {"buyer": "Name", "options": "Red"}}
_EXTRA = {"Name": "Anna", "Colour": "Red", "Note": "for Anna Kowalska"}


def _lived(shop: Shop, channel: int, handle: str) -> tuple[int, int, int]:
    """A shop in which the handle stands in many a place; the ids of the person, of the own and the other's line."""
    with shop.change("Set", "settings") as db:
        settings.put(db, "second_folder", "/media/Anna/USB Red Name")
        settings.put(db, "shop_name", "Anna's Tea, Red and Name")
        db["mappings"].insert({"name": "Anna Red Name", "layout": json.dumps(_LAYOUT)})
        db["remembered"].insert({"key": "second_folder", "value": json.dumps({"folder": "/media/Anna/USB Red Name"})})
        spec = {"base": "all", "sort": "Name", "columns": ["Name"], "search": "Red Anna"}
        db["views"].insert({"page": "orders", "name": "Anna Red Name", "spec": json.dumps(spec)})
        db["products"].insert({"key": "p", "name": "Tea", "tags": '["Red","Anna","Name"]', "extra": json.dumps(_EXTRA)})
    with shop.change("Brought", "orders", "customers") as db:
        people = [
            db["customers"].insert({"channel_id": channel, "handle": one, "name": one}).last_pk
            for one in (handle, "somebody_else")
        ]
        lines = []
        for at, one in enumerate(people):
            head = {"channel_id": channel, "number": f"23860412775500{at}", "customer_id": one, "currency": "CNY"}
            order = db["orders"].insert({**head, "extra": json.dumps(_EXTRA)}).last_pk
            line = {"order_id": order, "line_key": "1", **_CUP, "options": f"Text: {handle}"}
            lines.append(int(db["order_lines"].insert(line).last_pk))
    return int(people[0]), lines[0], lines[1]


def _kept(shop: Shop, other_line: int) -> list[list[tuple[object, ...]]]:
    asked = [
        "SELECT key, value FROM settings ORDER BY key",
        "SELECT key, value FROM remembered ORDER BY key",
        "SELECT name, layout FROM mappings",
        "SELECT page, name, spec FROM views",
        "SELECT tags, extra FROM products",
        "SELECT o.extra, l.options FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.id = "
        + str(other_line),
        "SELECT table_name, old FROM journal_rows WHERE table_name IN ('settings', 'mappings', 'views')",
    ]
    return [[tuple(row) for row in shop.reader().execute(query)] for query in asked]


@pytest.mark.parametrize("handle", ["Anna", "Red", "Name"])
def test_what_only_looks_like_the_name_stays(shop: Shop, channel: int, handle: str) -> None:
    person, own_line, other_line = _lived(shop, channel, handle)
    with shop.change("Set", "settings") as db:
        settings.put(db, "shop_name", "Anna, Red, Name")
    before = _kept(shop, other_line)
    erasures.erase(shop, [person])
    assert _kept(shop, other_line) == before
    mine = shop.reader().execute("SELECT options FROM order_lines WHERE id = ?", (own_line,)).fetchone()[0]
    assert handle not in mine
    assert mine.startswith("Text: ")
    assert list(check.faults(shop.path)) == []


def test_a_whole_name_goes_from_views_and_values_of_others(shop: Shop, channel: int) -> None:
    person, _, other_line = _lived(shop, channel, "Anna Kowalska")
    views.save(shop, "orders", "of Anna Kowalska", base="all", sort="", columns=[], search="Anna Kowalska")
    erasures.erase(shop, [person])
    texts = [str(row) for table in _kept(shop, other_line)[3:6] for row in table]
    options = texts.pop()
    assert "Anna Kowalska" not in "".join(texts) + options.split("', '")[0]
    assert json.loads(shop.reader().execute("SELECT extra FROM products").fetchone()[0])["Name"] == "Anna"
    assert options.endswith("Text: Anna Kowalska')")


def test_a_short_name_is_a_word_in_the_texts_of_others_and_a_longer_one_is_a_name(shop: Shop, channel: int) -> None:
    people = [store.add_customer(shop, channel_id=channel, handle=one, name=one) for one in ("Red", "Kowalska")]
    board.add_task(shop, day=date(2026, 11, 25), title="order Red wool for Kowalska")
    erasures.erase(shop, people)
    assert "order Red wool for erased" in shop.reader().execute("SELECT title FROM tasks").fetchone()[0]
