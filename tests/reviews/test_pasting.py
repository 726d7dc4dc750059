"""Reviews out of what was copied from a page or a sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shopdesk.core.errors import ShopError
from shopdesk.reviews import pasting
from shopdesk.reviews.drafts import Draft


def test_blocks_parted_by_empty_lines():
    text = """★★☆☆☆ Mia Sørensen 2026-11-23 19:52
The lid has a chip. There was only one layer of foam.
A pity: the colour is beautiful.

5星
第二次买了，密封性好

差评
没收到货就显示签收？！
"""
    assert pasting.read(text).drafts == (
        Draft(2, "The lid has a chip. There was only one layer of foam.\nA pity: the colour is beautiful.",
              "Mia Sørensen", "", "2026-11-23 19:52:00"),
        Draft(5, "第二次买了，密封性好"),
        Draft(1, "没收到货就显示签收？！"),
    )  # fmt: skip


def test_named_buyer_and_item_and_a_time_of_their_own_line():
    text = "买家：一**面\n商品：青釉盖碗 150ml\n⭐⭐\n2026年11月23日 19:52\n盖子有缺口"
    assert pasting.read(text).drafts == (Draft(2, "盖子有缺口", "一**面", "青釉盖碗 150ml", "2026-11-23 19:52:00"),)


def test_stars_before_the_words_of_one_line():
    assert pasting.read("★★★★ Well made, but darker").drafts == (Draft(4, "Well made, but darker"),)


@pytest.mark.parametrize(
    ("head", "stars"),
    [("4/5", 4), ("3 stars", 3), ("★★★☆☆", 3), ("⭐️⭐️⭐️⭐️⭐️", 5), ("1星", 1), ("好评", 5), ("中评", 3),
     ("5.0 out of 5", 5), ("4分", 4)],
)  # fmt: skip
def test_ways_to_write_stars(head: str, stars: int):
    assert pasting.read(f"{head}\nwords").drafts == (Draft(stars, "words"),)


def test_a_number_in_a_sentence_is_no_rating():
    text = "I gave 5 stars to the first cup I bought here, this one has a crack"
    assert pasting.read(text).drafts == ()
    assert pasting.read(text, stars=2).drafts == (Draft(2, text),)


def test_two_columns_from_a_sheet():
    text = 'rating\ttext\n5\tLovely colour!\n2\t"Nice, but\ntwo days late"\n'
    assert pasting.read(text).drafts == (Draft(5, "Lovely colour!"), Draft(2, "Nice, but\ntwo days late"))


def test_columns_in_another_order_with_buyer_item_and_time():
    text = "云朵\t旅行茶具\t东西不错，但是比详情页写的慢了两天\t★★\t2026-11-24 08:10\n七月\t靛蓝马克\t颜色太好看了！送朋友很体面，大家都喜欢\t★★★★★\t2026-11-24 13:00"
    assert pasting.read(text).drafts == (
        Draft(2, "东西不错，但是比详情页写的慢了两天", "云朵", "旅行茶具", "2026-11-24 08:10:00"),
        Draft(5, "颜色太好看了！送朋友很体面，大家都喜欢", "七月", "靛蓝马克", "2026-11-24 13:00:00"),
    )


def test_what_has_no_stars_is_named():
    found = pasting.read("Good cup\n\n5/5\nBetter cup")
    assert [draft.body for draft in found.drafts] == ["Better cup"]
    assert found.refused == ("Good cup",)


def test_nothing_gives_nothing_and_too_many_are_refused():
    assert pasting.read(" \n\n ").drafts == ()
    with pytest.raises(ShopError):
        pasting.read("★\nx\n\n" * 2001)


def test_a_text_of_megabytes_is_refused_at_once():
    with pytest.raises(ShopError) as refused:
        pasting.read("★ x\n" * 400_000)
    assert refused.value.field == "text"


def test_a_time_to_come_is_now():
    assert pasting.read("★ 2031-01-01\nwords").drafts[0].written_at == "2026-11-24 14:50:00"


def test_naughty_strings_go_through_both_ways(shared_data: Path):
    naughty = json.loads((shared_data / "bad" / "blns" / "blns.json").read_text("utf-8"))
    for text in naughty:
        for found in (pasting.read(text, stars=3), pasting.read(f"5\t{text}", stars=3)):
            assert all(1 <= draft.stars <= 5 for draft in found.drafts)


@pytest.mark.parametrize("text", ['<img src="/dev/zero">', "<b>bold</b> & <i>x</i>", "=cmd|' /C calc'!A0", "{name} %s"])
def test_markup_and_formulas_are_words(text: str):
    assert pasting.read(f"★★★\n{text}").drafts == (Draft(3, text),)
