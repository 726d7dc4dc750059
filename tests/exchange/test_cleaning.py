"""Cells as platforms write them, and the values that the shop keeps."""

from __future__ import annotations

import time

import pytest

from shopdesk.exchange import amounts, cleaning, times
from shopdesk.exchange.cleaning import Trouble


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ('="2140730062701490012"', "2140730062701490012"),
        ("'186", "186"),
        ("`693456", "693456"),
        ("\t6917926768823643751", "6917926768823643751"),
        ("21407300627014900 ", "21407300627014900"),
        ("260607-400000294410900\t", "260607-400000294410900"),
        ("123.0", "123"),
        ("2.14073006270149E+16", "21407300627014900"),
        ("#1001", "#1001"),
        ("P100000000000000001", "P100000000000000001"),
        ("\u30007788\u00a0", "7788"),
        ("-", None),
        ("--", None),
        ("null", None),
        ("\t", None),
        ("", None),
        ("##密文##", None),
        ("$$密文", None),
        ("暂无", None),
    ],
)
def test_ids_lose_what_stands_around_them(cell: str, number: str | None) -> None:
    assert cleaning.clean_id(cell) == number
    assert cleaning.IdColumn().values([cell, cell]) == [number, number]


@pytest.mark.parametrize("cell", ["1.23E+17", "2.14073E+16", "2E5"])
def test_a_shortened_id_is_no_id(cell: str) -> None:
    with pytest.raises(Trouble) as refused:
        cleaning.clean_id(cell)
    assert refused.value.code == "id-rounded"
    assert "without opening and saving it in a spreadsheet" in refused.value.fix


def test_plain_numbers_stay_as_they_are() -> None:
    assert cleaning.IdColumn().values(["17850", "00012"]) == ["17850", "00012"]


@pytest.mark.parametrize(
    ("number", "damaged"),
    [
        ("21407300627014900", True),
        ("214073006270149000", True),
        ("21407300627014912", False),
        ("214073006270149012", False),
        ("100000000000000", False),
        ("260607-400000294410900", False),
    ],
)
def test_rounded_numbers_are_seen(number: str, damaged: bool) -> None:
    assert cleaning.is_damaged(number) is damaged


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("58.51", 5851),
        ("0", 0),
        ("7.9", 790),
        (".5", 50),
        ("-$12.96", -1296),
        ("$1,433.66", 143366),
        ("12,00", 1200),
        ("1.234,56", 123456),
        ("1,234", 123400),
        ("598.00元", 59800),
        ("0元", 0),
        ("￥1，280.50", 128050),
        ("¥28.16", 2816),
        ("(12.00)", -1200),
        ("($12.96)", -1296),
        ("168.99\t", 16899),
        ('="12.50"', 1250),
        ("'9.90", 990),
        ("无退款申请", 0),
        ("12.5000", 1250),
        ("", None),
        ("-", None),
        ("--", None),
        ("null", None),
        ("\t", None),
        ("暂无", None),
    ],
)
def test_money(cell: str, cents: int | None) -> None:
    column = amounts.MoneyColumn("CNY")
    assert column.values([cell]) == [cents]
    assert not list(column.troubles([cell]))


def test_money_that_is_none_gives_trouble() -> None:
    column = amounts.MoneyColumn("CNY")
    assert column.values(["12.00", "twelve"]) == [1200, None]
    ((row, trouble),) = column.troubles(["12.00", "twelve"])
    assert (row, trouble.code) == (1, "money")


def test_money_rounds_half_to_even_and_remembers_it() -> None:
    column = amounts.MoneyColumn("GBP")
    assert column.values(["0.125", "0.135", "0.001", "2.50"]) == [12, 14, 0, 250]
    assert set(column.inexact) == {"0.125", "0.135", "0.001"}


def test_yen_have_no_minor_unit() -> None:
    assert amounts.MoneyColumn("JPY").values(["1,980", "1980"]) == [1980, 1980]


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2017/5/30 23:18", "2017-05-30 23:18:00"),
        ("2019-03-12 10:48:22", "2019-03-12 10:48:22"),
        ("2017/5/2", "2017-05-02 00:00:00"),
        ("2026/6/6 13:41\t", "2026-06-06 13:41:00"),
        ("2026-01-24 17:34:28 +0500", "2026-01-24 17:34:28"),
        ("2017-06-17T08:04:21+00:00", "2017-06-17 08:04:21"),
        ("2013-01-07 07:35:42 PST", "2013-01-07 07:35:42"),
        ("2025-03-02 10:12:00 UTC", "2025-03-02 10:12:00"),
        ("08/14/25", "2025-08-14 00:00:00"),
        ("04-30-22", "2022-04-30 00:00:00"),
        ("01/02/2024", "2024-01-02 00:00:00"),
        ("Jul-21-25", "2025-07-21 00:00:00"),
        ("2026年6月6日 13:41", "2026-06-06 13:41:00"),
        ("12/31/2025 11:05 PM", "2025-12-31 23:05:00"),
        ("", None),
        ("-", None),
        ("\t", None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_times(cell: str, time: str | None) -> None:
    assert times.TimeColumn().values([cell]) == [time]
    assert times.TimeColumn().values([cell, "2017/5/2", "x"])[0] == time


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2017-06-17T08:04:21+00:00", "2017-06-17 16:04:21"),
        ("2017-09-23T14:18:23-07:00", "2017-09-24 05:18:23"),
        ("2013-01-07 07:35:42 PST", "2013-01-07 23:35:42"),
        ("2019-03-12 10:48:22", "2019-03-12 10:48:22"),
    ],
)
def test_times_with_a_zone_come_to_the_shops_clock(cell: str, time: str) -> None:
    column = times.TimeColumn(zone=times.zone_named("Asia/Shanghai"))
    assert column.values([cell]) == [time]


def test_the_machines_own_zone_knows_summer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    column = times.TimeColumn(zone=times.zone_named("local"))
    found = column.values(["2017-06-17T08:04:21+00:00", "2017-12-17T08:04:21+00:00", "2017-12-17 08:04:21"])
    monkeypatch.undo()
    time.tzset()
    assert found == ["2017-06-17 04:04:21", "2017-12-17 03:04:21", "2017-12-17 08:04:21"]


def test_day_before_month_when_the_layout_says_so() -> None:
    assert times.TimeColumn(order="dmy").values(["03/04/2024"]) == ["2024-04-03 00:00:00"]


@pytest.mark.parametrize("cell", ["2017/13/1", "2017-02-30 10:00:00", "2017-02-03 25:00:00", "yesterday", "12.5"])
def test_what_is_no_time_gives_trouble(cell: str) -> None:
    column = times.TimeColumn()
    assert column.values([cell]) == [None]
    assert [trouble.code for _, trouble in column.troubles([cell])] == ["time"]


@pytest.mark.parametrize(
    ("cell", "pieces"),
    [
        ("3", 3),
        ("3.0", 3),
        ("1,000", 1000),
        ("1\t", 1),
        ("-2", -2),
        ('="4"', 4),
        ("not stocked", None),
        ("", None),
        ("５", 5),
    ],
)
def test_quantities(cell: str, pieces: int | None) -> None:
    assert amounts.clean_quantity(cell) == pieces


@pytest.mark.parametrize("cell", ["1.5", "two", "1e3"])
def test_parts_of_pieces_are_refused(cell: str) -> None:
    with pytest.raises(Trouble):
        amounts.clean_quantity(cell)


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("颜色分类：小号", "颜色分类: 小号"),
        ("颜色分类:榉木床头柜-标准[长45cm];安装方式:免安装", "颜色分类: 榉木床头柜-标准[长45cm]; 安装方式: 免安装"),
        ("颜色分类：发光翅膀；大小描述：大号", "颜色分类: 发光翅膀; 大小描述: 大号"),
        ("红色", "红色"),
        ("null", None),
        ("", None),
    ],
)
def test_options(cell: str, options: str | None) -> None:
    assert cleaning.clean_options(cell) == options


def test_text_loses_decoration_but_not_its_words() -> None:
    column = cleaning.TextColumn(apostrophe=True)
    assert column.values(["'粉色", ' ="A1" ', "it's", "", "--", "null"]) == ["粉色", "A1", "it's", None, None, None]


def test_entities_only_where_the_layout_has_them() -> None:
    assert cleaning.TextColumn(entities=True).values(["Tea &amp; Co"]) == ["Tea & Co"]
    assert cleaning.TextColumn().values(["Tea &amp; Co"]) == ["Tea &amp; Co"]


def test_masked_names_are_nothing() -> None:
    assert cleaning.NameColumn().values(["##密文##", "$$abc$$", "王小明"]) == [None, None, "王小明"]


def test_accounts_lose_the_point_of_a_spreadsheet() -> None:
    assert cleaning.HandleColumn().values(["17850.0", "v1.0", "", "小王"]) == ["17850", "v1.0", None, "小王"]


def test_own_text_keeps_everything() -> None:
    column = cleaning.ExactColumn()
    assert column.values([" null ", "-", "'=1+1", "''", ""]) == [" null ", "-", "=1+1", "'", None]


@pytest.mark.parametrize(
    ("cell", "stars"), [("5", 5), ("4.0", 4), ("★★★☆☆", 3), ("好评", 5), ("差评", 1), ("3星", 3), ("", None)]
)
def test_stars(cell: str, stars: int | None) -> None:
    assert amounts.clean_stars(cell) == stars


@pytest.mark.parametrize("cell", ["0", "6", "great"])
def test_no_stars(cell: str) -> None:
    with pytest.raises(Trouble):
        amounts.clean_stars(cell)


def test_status_words_have_one_form() -> None:
    assert cleaning.folded_word("买家已付款，等待卖家发货") == cleaning.folded_word("买家已付款, 等待卖家发货\t")
