"""Money without floats, days as people write them, and words that find."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.core import dates, money, search, sqlite, words
from shopdesk.core.errors import ShopError


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("129", "CNY", 12900), ("1,234.50", "CNY", 123450), ("598.00元", "CNY", 59800), ("¥28.16", "CNY", 2816),
        ("￥1，299．00", "CNY", 129900), ("-$12.96", "USD", -1296), ("(12.00)", "USD", -1200), ("12,00", "EUR", 1200),
        ("1.234,50", "EUR", 123450), ("−5", "CNY", -500), ("0.125", "USD", 12), ("0.135", "USD", 14),
        ("1500", "JPY", 1500), ("1.5", "KWD", 1500), ("1,234", "USD", 123400), ("-1,234", "USD", -123400),
    ],
)  # fmt: skip
def test_written_amounts(text: str, currency: str, minor: int):
    assert money.parse(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["", "-", "abc", "无退款申请", "1.2.3", "NaN", "Infinity", "1e400", "12元角", "1,234,56", "1,2,3"]
)
def test_what_is_no_amount(text: str):
    with pytest.raises(ShopError):
        money.parse(text, "CNY")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["CNY", "JPY", "KWD", "USD"]))
def test_money_round_trip(minor: int, currency: str):
    assert money.parse(money.plain(minor, currency), currency) == minor
    assert money.parse(money.show(minor, currency, symbol=False), currency) == minor


def test_whole_units_are_rounded_not_cut():
    said = [money.show(n, "CNY", minor_digits=False) for n in (3980, 3949, 3950, -3980, -20, 28965594)]
    assert said == ["¥40", "¥39", "¥40", "−¥40", "¥0", "¥289,656"]
    assert money.show(39, "JPY", minor_digits=False) == "JP¥39"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-24", "2026-11-24"), ("2026年1月5日", "2026-01-05"), ("1124", "2026-11-24"), ("11-24", "2026-11-24"),
        ("24.11.", "2026-11-24"), ("+3d", "2026-11-27"), ("-1", "2026-11-23"), ("周五", "2026-11-27"),
        ("tue", "2026-11-24"), ("今天", "2026-11-24"), ("tomorrow", "2026-11-25"),
    ],
)  # fmt: skip
def test_typed_days(typed: str, day: str):
    assert dates.typed_day(typed) == day


@pytest.mark.parametrize("typed", ["", "0231", "2026-13-01", "someday", "29.02.2026"])
def test_what_is_no_day(typed: str):
    with pytest.raises(ShopError):
        dates.typed_day(typed)


def test_times_are_told_from_now():
    assert dates.show_time("2026-11-24 09:05:00") == "Today 09:05"
    assert dates.show_time("2026-11-23 21:40:00") == "Yesterday 21:40"
    assert dates.show_time("2026-11-22 19:20:00") == "Sun 19:20"
    words.use_language("zh_CN")
    assert dates.show_time("2026-11-23 21:40:00") == "昨天 21:40"
    assert dates.show_day("2026-11-24", weekday=True) == "11月24日 周二"


@pytest.fixture
def index(tmp_path: Path):
    con = sqlite.scratch(tmp_path / "words.db")
    con.execute(
        "CREATE VIRTUAL TABLE search_x USING fts5(words, content='', contentless_delete=1,"
        " tokenize='ascii', prefix='1 2')"
    )
    documents = {
        1: ("2386041277552100 青釉盖碗 150ml", "张三"),
        2: ("#1042 White gaiwan", "Mia Sørensen 🌸"),
        3: ("240607-400000294410900 长城牌", "单雄信 乐乐"),
    }
    search.index(con, "x", [(key, search.tokens(*value)) for key, value in documents.items()])
    yield con
    con.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("碗", [1]), ("盖碗", [1]), ("碗盖", []), ("zs", [1]), ("zhangsan", [1]), ("hangs", [1]), ("7552", [1]),
        ("100", [1]), ("00", [3, 1]), ("1042", [2]), ("1", [3, 2, 1]), ("gaiwan", [2]), ("碗 张", [1]),
        ("张 7552 碗", [1]), ("sorensen", [2]), ("SØR", [2]), ("cc", []), ("sxx", [3]), ("dxx", [3]), ("shanxiong", [3]),
        ("ll", [3]), ("yueyue", [3]), ("张 gaiwan", []), ('"', []), ("AND OR", []), ("盖碗*", [1]), ("🌸", [2]), ("\ud800", []), ("", []),
    ],
)  # fmt: skip
def test_any_order_any_part_pinyin_and_initials(index: sqlite.Connection, typed: str, found: list[int]):
    assert search.find(index, "x", typed) == found


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_indexed_and_asked(text: str, names: str):
    assert '"' not in search.tokens(text, names)
    asked = search.match_expression(text)
    con = sqlite.scratch(":memory:")
    con.execute("CREATE VIRTUAL TABLE search_x USING fts5(words, content='', tokenize='ascii', prefix='1 2')")
    search.index(con, "x", [(1, search.tokens(text, names))])
    found = search.find(con, "x", text)
    con.close()
    assert found == ([1] if asked else [])
