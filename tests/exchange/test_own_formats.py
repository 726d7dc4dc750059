"""The owner's own layouts: files are read by them like by any other, and a bad one is one sentence."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopdesk.core import own
from shopdesk.core.own import Unusable
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.exchange import own_formats
from shopdesk.exchange.commands import import_files
from shopdesk.exchange.formats import shipped_dicts
from tests.exchange.importing import rows

GOOD = """
id = "till"
platform = "other"
kind = "orders+lines"
rows = "line"
title = { en = "Till", zh = "收银机" }
match = [["Bon", "Wieviel"]]
dates = "dmy"

[columns.order]
number = "Bon"
created_at = "Wann"

[columns.line]
name = "Was"
qty = "Wieviel"
amount = "Preis"

[[status]]
always = "done"
"""
RICHER = ("split", "variants", "quoting", "exact", "wide", "code_list", "choice", "refused")


def put(text: str, name: str = "x.toml") -> None:
    path = own.folder("formats") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_file_is_read_by_a_layout_of_the_owner_s_folder(shop: Shop, channel: int, tmp_path: Path) -> None:
    put(GOOD)
    file = tmp_path / "till.csv"
    file.write_text("Bon,Wann,Was,Wieviel,Preis\nB1,20.11.2026 10:00,Cup,2,5.00\n", "utf-8")
    found = import_files(shop, [file])
    assert found["orders"]["new"] == 1, found
    assert rows(shop, "SELECT number, status FROM orders") == [("B1", "done")]


def test_a_buyer_of_whom_only_the_name_is_told_is_the_receiver(shop: Shop, channel: int, tmp_path: Path) -> None:
    put(
        GOOD.replace('created_at = "Wann"', 'created_at = "Wann"\nbuyer = "Konto"\nbuyer_name = "Wer"\nreceiver = "An"')
    )
    file = tmp_path / "till.csv"
    told = ("B1,,Lin Yue,", "B2,lin88,Lin Yue,", "B3,,Lin Yue,Wang Wei", "B4,,,")
    lines = (f"{one},20.11.2026 10:00,Cup,2,5.00\n" for one in told)
    file.write_text("Bon,Konto,Wer,An,Wann,Was,Wieviel,Preis\n" + "".join(lines), "utf-8")
    import_files(shop, [file])
    found = rows(shop, "SELECT number, buyer, receiver FROM orders ORDER BY number")
    assert found == [("B1", "", "Lin Yue"), ("B2", "lin88", ""), ("B3", "", "Wang Wei"), ("B4", "", "")]


WRONG = {
    "id of ours": (GOOD.replace('"till"', '"taobao-orders"'), "x.toml is not used: there is a layout “taobao-orders” already."),
    "id": (GOOD.replace('"till"', '"shopdesk-orders"'), "x.toml, line 2, is not used: “id” cannot be this."),
    "kind": (GOOD.replace('"orders+lines"', '"own"'), "x.toml, line 4, is not used: “kind” cannot be this."),
    "rows": (GOOD.replace('"line"', '"raw"'), "x.toml, line 5, is not used: “rows” cannot be this."),
    "pair": (GOOD.replace('"line"', '"review"'), "x.toml, line 5, is not used: “rows” cannot be this."),
    "field": (GOOD.replace("qty =", "nope ="), "x.toml, line 10, is not used: “columns” cannot be this."),
    "spec": (GOOD.replace('"Was"', "{ run = 'x' }"), "x.toml, line 10, is not used: “columns” cannot be this."),
    "meaning": (GOOD.replace('always = "done"', 'always = "gone"'), "x.toml, line 19, is not used: “status” cannot be this."),
    "match": (GOOD.replace('[["Bon", "Wieviel"]]', "[[]]"), "x.toml, line 7, is not used: “match” cannot be this."),
    "split": (GOOD + "[[split]]\nto = 'return'\nwhen = []\n", "x.toml, line 21, is not used: “split” cannot be this."),
    "missing": (GOOD.replace('platform = "other"', ""), "x.toml is not used: “platform” is missing."),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_bad_layout_is_one_sentence(case: str) -> None:
    text, sentence = WRONG[case]
    put(text)
    assert [str(left) for left in own_formats.found().left] == [sentence]
    assert "till" not in own_formats.load_formats().by_id


@pytest.mark.parametrize("name", [one["id"] for one in shipped_dicts() if one["kind"] not in ("own", "bought")])
def test_the_layouts_of_the_program_could_be_the_owner_s_own(name: str) -> None:
    (file,) = (path for path in resource("formats").glob("*.toml") if f'id = "{name}"' in path.read_text("utf-8"))
    shipped = next(one for one in shipped_dicts() if one["id"] == name)
    put(file.read_text("utf-8").replace(f'id = "{name}"', f'id = "x-{name}"'))
    assert (f"x-{name}" in own_formats.load_formats().by_id) is not bool(set(RICHER) & set(shipped)), [
        str(left) for left in own_formats.found().left
    ]


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.floats() | st.text(max_size=5) | st.just("order.number"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["en", "zh", "any", "order", "number", "words"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
_SEEDS = [one for one in shipped_dicts() if not set(RICHER) & set(one) and one["kind"] not in ("own", "bought")]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_anywhere_is_used_or_refused(data: st.DataObject) -> None:
    one = {**copy.deepcopy(dict(data.draw(st.sampled_from(_SEEDS)))), "id": "x"}
    place = one
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        inner = place[key]
        if not (isinstance(inner, dict) and inner and data.draw(st.booleans())):
            break
        place = inner
    place[key] = data.draw(_ANY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own, "toml", lambda _text: one)
        try:
            _, made = own_formats._format("x.toml", "")
        except Unusable:
            return
        own_formats.FormatSet([made]).match(["a", "b"])
