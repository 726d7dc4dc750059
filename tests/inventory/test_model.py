"""The pure rules of stock."""

from __future__ import annotations

from datetime import date

import pytest

from shopdesk.core.errors import ShopError
from shopdesk.inventory.model import (
    PRODUCT_COLUMNS,
    SKU_COLUMNS,
    Move,
    checked,
    checked_qty,
    daily,
    days_of_cover,
    short_options,
    title,
)


@pytest.mark.parametrize(
    ("available", "sold", "days"),
    [(90, 30, 90.0), (13, 10, 39.0), (0, 10, 0.0), (-3, 10, 0.0), (5, 0, None), (0, 0, 0.0), (None, 4, None)],
)
def test_days_of_cover_are_available_by_the_plain_average(available: int | None, sold: int, days: float | None):
    assert days_of_cover(available, sold) == days


def test_the_window_is_thirty_days_with_today():
    today = date(2026, 11, 24)
    points = daily({"2026-10-25": 9, "2026-10-26": 1, "2026-11-24": 7}, today)
    assert (len(points), points[0], points[-1], sum(points)) == (30, 1, 7, 8)


@pytest.mark.parametrize(
    ("options", "short"),
    [("颜色: 白; 容量: 150ml", "白 · 150ml"), ("颜色分类：靛蓝", "颜色分类：靛蓝"), ("", ""), ("Large", "Large")],
)
def test_options_are_shown_by_their_values(options: str, short: str):
    assert short_options(options) == short


def test_a_title_does_not_say_an_option_twice():
    assert title("盖碗", "容量: 150ml") == "盖碗 150ml"
    assert title("盖碗 150ml", "容量: 150ml") == "盖碗 150ml"


def test_what_each_move_does_to_on_hand():
    assert [move.after(10, 3) for move in Move] == [13, 3, 13, 7, 13]
    assert [move.after(None, 3) for move in Move] == [None, 3, None, None, None]


@pytest.mark.parametrize(
    ("move", "qty"), [(Move.RECEIVE, 0), (Move.DAMAGE, -1), (Move.COUNT, -1), (Move.ADJUST, 0), (Move.RETURN, 10**10)]
)
def test_quantities_that_make_no_sense_are_refused(move: Move, qty: int):
    with pytest.raises(ShopError) as refused:
        checked_qty(move, qty)
    assert refused.value.field == "qty"


def test_names_and_notes_are_kept_to_the_letter_and_codes_lose_their_blanks():
    found = checked({"name": " a\t", "note": "\n<b>", "code": " X ", "tags": [" 新 ", "新", ""]}, SKU_COLUMNS)
    assert found == {"name": " a\t", "note": "\n<b>", "code": "X", "tags": ["新"]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"min_qty": -1}, "min_qty"),
        ({"price": 2**60}, "price"),
        ({"min_qty": 5, "max_qty": 4}, "max_qty"),
        ({"note": "\ud800"}, "note"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(values: dict[str, object], field: str):
    with pytest.raises(ShopError) as refused:
        checked(values, SKU_COLUMNS | PRODUCT_COLUMNS)
    assert refused.value.field == field
