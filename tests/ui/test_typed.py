"""What is typed into fields of numbers."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.core import money
from shopdesk.core.errors import ShopError
from shopdesk.ui import typed


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12.5", 1250),
        ("¥1,234.50", 123450),
        ("12.5+3*2", 1850),
        ("(10+2)×3", 3600),
        ("100÷3", 3333),
        ("−5", -500),
        ("3 - 5", -200),
        ("0.1+0.2", 30),
    ],
)
def test_sums_of_money(text: str, minor: int) -> None:
    assert typed.amount(text, "CNY") == minor


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1/0", "2**99", "__import__('os')", "1e400", "1+", "[1]", "1;2", "9" * 80, "1e999+1", "1e308*10"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ShopError):
        typed.amount(text, "CNY")


@pytest.mark.parametrize(
    ("text", "currency", "said"),
    [
        ("154.005", "CNY", "CNY has 2 digits after the point, not more."),
        ("12.340", "CNY", "CNY has 2 digits after the point, not more."),
        ("12.5", "JPY", "JPY has no digits after the point."),
        ("1.2345", "KWD", "KWD has 3 digits after the point, not more."),
    ],
)
def test_no_digit_is_cut_off(text: str, currency: str, said: str) -> None:
    with pytest.raises(ShopError, match=said):
        typed.amount(text, currency)


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("2*6", 12), ("−3", -3), (" 1,000 ", 1000)])
def test_whole_numbers(text: str, number: int) -> None:
    assert typed.number(text) == number


@pytest.mark.parametrize("text", ["1.5", "x", "7/2", "1e999", "-1e999", "1e999/1e999", "1e308*10"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ShopError):
        typed.number(text)


def test_a_number_of_twenty_digits_is_a_number() -> None:
    for read in (typed.number, lambda text: typed.amount(text + "*1", "CNY")):
        with pytest.raises(ShopError, match="too large"):
            read("9" * 20)


@given(st.integers(-10_000_000, 10_000_000))
def test_what_a_field_shows_is_read_back(minor: int) -> None:
    assert typed.amount(money.plain(minor, "CNY"), "CNY") == minor


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_sentence(text: str) -> None:
    with contextlib.suppress(ShopError):
        assert isinstance(typed.amount(text, "CNY"), int)
