"""The report for help says how a file is filled and names nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.core import report, settings
from shopdesk.core.scramble import Scramble
from shopdesk.core.shop import Shop
from shopdesk.exchange import demo

_PERSONAL = {
    "customers": ("name", "handle", "phone", "email", "address", "note"),
    "orders": ("number", "recipient", "phone", "address", "buyer_message", "seller_note", "tracking"),
    "reviews": ("author", "body"),
    "skus": ("code",),
    "products": ("title",),
}
_LONG_ENOUGH = 6
"""A shorter text may come out of the scrambling by chance."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """A report of the demo shop, and everything personal in it."""
    path = tmp_path_factory.mktemp("report") / "demo.shop"
    demo.make(path)
    shop = Shop.open(path, write=False)
    try:
        con = shop.reader()
        personal = []
        for table, columns in _PERSONAL.items():
            there = {row["name"] for row in con.execute(f"PRAGMA table_info({table})")}
            for column in there.intersection(columns):
                personal += [row[0] for row in con.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''")]
        return report.made(shop), [text for text in personal if len(text) >= _LONG_ENOUGH]
    finally:
        shop.close()


def test_no_person_and_no_order_is_in_it(told: tuple[str, list[str]]):
    text, personal = told
    assert len(personal) > 1000
    assert [said for said in personal if said in text] == []
    assert "Muhe" not in text
    assert "orders_export" not in text


def test_structure_and_counts_are_in_it(told: tuple[str, list[str]], tmp_path: Path):
    text, _ = told
    assert "orders/0001_tables" in text
    assert "quick check: ok" in text
    assert "customers: 156 rows" in text
    assert "as taobao-orders" in text
    assert "Imported {file} and {n} more" in text
    assert "platform='taobao'" in text
    assert 'currency = "CNY"' in text


def test_what_the_program_calls_its_settings_can_be_read(shop: Shop):
    with shop.change("Named", "settings") as db:
        settings.put(db, "shop_name", "Muhe Tea")
        db.execute("INSERT INTO settings (key, value) VALUES ('Ann Lee', '\"Muhe\"')")
    text = report.made(shop)
    assert "\nshop_name = " in text
    assert " key='shop_name'" in text
    for said in ("Ann Lee", "Muhe"):
        assert said not in text


def test_two_reports_of_one_shop_cannot_be_compared(shop: Shop):
    assert report.made(shop) != report.made(shop)


def test_what_is_no_json_and_what_is_empty_does_not_stop_it(shop: Shop):
    with shop.quiet() as db:
        db.execute(
            "INSERT INTO blobs (sha256, kind, media, size, bytes) VALUES ('{', 'original', 'application/zlib', 1, x'00')"
        )
    text = report.made(shop)
    assert "blobs: 1 rows" in text
    assert "<1 bytes>" in text


def test_a_layout_is_told_only_when_it_is_ours(shop: Shop):
    with shop.change("Imports", "imports") as db:
        db.execute(
            "INSERT INTO blobs (sha256, kind, media, size, bytes) VALUES ('a', 'original', 'application/zlib', 1, x'00')"
        )
        for name in ("taobao-orders", "own-Zhang Wei's list"):
            db.execute(
                "INSERT INTO imports (at, file_name, sha256, format, counts) VALUES ('2026-11-22', 'x', 'a', ?, '{}')",
                (name,),
            )
    text = report.made(shop)
    assert "as taobao-orders" in text
    assert "Zhang" not in text


@given(st.text())
def test_a_scrambled_text_keeps_its_shape(text: str):
    scrambled = Scramble(b"secret").text(text)
    assert scrambled == Scramble(b"secret").text(text)
    assert [_kind(char) for char in scrambled] == [_kind(char) for char in text]


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_a_scrambled_number_keeps_sign_and_digits(number: int):
    other = Scramble(b"secret").number(number)
    assert len(str(other)) == len(str(number))
    assert (other < 0) == (number < 0)


def test_words_stay_the_same_word_and_days_their_distance():
    scramble = Scramble(b"secret")
    assert scramble.text("张三, 13800001111; 张三") == scramble.text("张三, 13800001111; 张三")
    first, second = scramble.text("2026-11-22 14:02:03").split(), scramble.text("2026-11-29").split()
    assert first[1] == "14:02:03"
    assert first[0] < "2026"
    assert (int(second[0][-2:]) - int(first[0][-2:])) % 7 in range(7)
    name = scramble.text("张三")
    assert name != "张三"
    assert scramble.text("给张三").count("给") == 0
    assert len(name) == 2


def _kind(char: str) -> str:
    if not char.isalnum():
        return char
    return (
        "digit" if char.isdigit() else "Chinese" if 0x4E00 <= ord(char) < 0x9FA6 else "upper" if char.isupper() else "l"
    )
