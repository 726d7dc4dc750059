"""Adding, changing and deleting products and SKUs on a real file."""

from __future__ import annotations

import json

import pytest

from shopdesk.core import blobs, check, search
from shopdesk.core.errors import FileRefused, ShopError
from shopdesk.core.shop import Shop
from shopdesk.inventory import store, verbs
from shopdesk.inventory.model import Move
from tests.inventory.conftest import Stocked

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def edited(shop: Shop, table: str, record: int) -> list[str]:
    return json.loads(shop.reader().execute(f"SELECT edited FROM {table} WHERE id = ?", (record,)).fetchone()[0])


def sound(shop: Shop) -> None:
    assert [str(fault) for fault in check.faults(shop.path)] == []


def test_a_product_is_added_with_its_first_sku_and_found_by_pinyin(stocked: Stocked):
    shop = stocked.shop
    white = store.sku(shop.reader(), stocked.white)
    assert (white.title, white.currency, white.price, white.on_hand) == ("白瓷盖碗 白", "CNY", 12900, 20)
    assert search.find(shop.reader(), "skus", "bcgw") == [stocked.blue, stocked.white]
    assert search.find(shop.reader(), "skus", "a-04 盖碗") == [stocked.white]
    assert [v.id for v in store.variants(shop.reader(), white.product_id)] == [stocked.white, stocked.blue]
    sound(shop)


def test_a_code_belongs_to_one_sku(stocked: Stocked):
    with pytest.raises(ShopError) as refused:
        verbs.edit_sku(stocked.shop, sku_id=stocked.blue, values={"code": " GW-W "})
    assert refused.value.field == "code"
    with pytest.raises(ShopError) as refused:
        verbs.add_product(stocked.shop, product={"name": "x"}, sku={"code": "GW-B"})
    assert refused.value.field == "code"
    assert stocked.shop.reader().execute("SELECT count(*) FROM products").fetchone()[0] == 2


def test_a_change_by_hand_is_noted_and_undone(stocked: Stocked):
    shop = stocked.shop
    verbs.edit_sku(shop, sku_id=stocked.mat, values={"price": 2900, "shelf": "B-02", "code": "CO-LN"})
    assert (store.sku(shop.reader(), stocked.mat).price, edited(shop, "skus", stocked.mat)) == (
        2900, ["code", "name", "price", "shelf"],
    )  # fmt: skip
    (entry, _made) = shop.history("skus", stocked.mat)
    assert entry.changes["price"] == (1900, 2900)
    sound(shop)
    shop.undo()
    assert store.sku(shop.reader(), stocked.mat).price == 1900
    sound(shop)


def test_writing_the_same_again_is_no_step(stocked: Stocked):
    before = stocked.shop.last_step().id
    verbs.edit_sku(stocked.shop, sku_id=stocked.white, values={"shelf": "A-04", "price": 12900, "tags": []})
    assert stocked.shop.last_step().id == before


def test_a_selection_is_changed_in_one_step(stocked: Stocked):
    shop, ids = stocked.shop, [stocked.white, stocked.blue, stocked.mat]
    verbs.edit_sku(shop, sku_id=stocked.blue, values={"tags": ["旧", "蓝"]})
    before = shop.last_step().id
    changed = verbs.edit_skus(
        shop, ids=ids, values={"shelf": "C-01", "min_qty": 5, "max_qty": 80, "cost": 100, "lead_days": 14},
        add_tags=["新品"], remove_tags=["旧"],
    )  # fmt: skip
    assert changed == 3
    found = {sku.id: sku for sku in store.skus(shop.reader(), ids)}
    assert {(s.shelf, s.min_qty, s.max_qty, s.cost, s.lead_days) for s in found.values()} == {("C-01", 5, 80, 100, 14)}
    assert found[stocked.blue].tags == ("蓝", "新品")
    assert store.tags(shop.reader()) == ["新品", "蓝"]
    sound(shop)
    shop.undo()
    assert (shop.last_step().id, store.sku(shop.reader(), stocked.white).shelf) == (before, "A-04")
    sound(shop)


def test_a_selection_keeps_minimum_and_maximum_in_order(stocked: Stocked):
    with pytest.raises(ShopError) as refused:
        verbs.edit_skus(stocked.shop, ids=[stocked.mat, stocked.white], values={"max_qty": 9})
    assert refused.value.field == "max_qty"
    assert store.sku(stocked.shop.reader(), stocked.mat).max_qty is None


def test_a_selection_of_several_currencies_gets_no_common_price(stocked: Stocked):
    shop = stocked.shop
    with shop.change("x") as db:
        db.execute("UPDATE skus SET currency = 'USD' WHERE id = ?", (stocked.mat,))
    with pytest.raises(ShopError) as refused:
        verbs.edit_skus(shop, ids=[stocked.mat, stocked.white], values={"price": 9})
    assert refused.value.field == "price"


def test_variants_follow_the_name_of_their_product(stocked: Stocked):
    shop = stocked.shop
    product_id = store.sku(shop.reader(), stocked.white).product_id
    verbs.edit_sku(shop, sku_id=stocked.blue, values={"name": "靛蓝特别版"})
    verbs.edit_product(shop, product_id=product_id, values={"name": "白瓷盖碗 150ml", "category": "盖碗"})
    assert [v.name for v in store.variants(shop.reader(), product_id)] == ["白瓷盖碗 150ml", "靛蓝特别版"]
    assert search.find(shop.reader(), "skus", "150ml") == [stocked.blue, stocked.white]
    assert edited(shop, "products", product_id) == ["category", "name"]
    sound(shop)


def test_a_deleted_sku_leaves_the_table_and_comes_back(stocked: Stocked):
    shop = stocked.shop
    product_id = store.sku(shop.reader(), stocked.white).product_id
    verbs.delete_skus(shop, ids=[stocked.white])
    assert store.sku(shop.reader(), stocked.white) is None
    assert store.product(shop.reader(), product_id) is not None
    assert search.find(shop.reader(), "skus", "A-04") == []
    verbs.delete_skus(shop, ids=[stocked.blue, stocked.mat])
    assert (store.product(shop.reader(), product_id), store.sku_count(shop.reader())) == (None, 0)
    assert shop.last_step().label == "Deleted 2 SKUs"
    sound(shop)
    shop.undo()
    shop.undo()
    assert store.sku(shop.reader(), stocked.white).on_hand == 20
    assert search.find(shop.reader(), "skus", "A-04") == [stocked.white]
    sound(shop)


def test_adding_the_code_of_a_deleted_sku_brings_its_journal_back(stocked: Stocked):
    shop = stocked.shop
    verbs.delete_skus(shop, ids=[stocked.mat])
    again = verbs.add_product(shop, product={"name": "杯垫 新"}, sku={"code": "CO-LN", "shelf": "D-1"}, level=4)
    assert again == stocked.mat
    sku = store.sku(shop.reader(), again)
    assert (sku.name, sku.shelf, sku.on_hand) == ("杯垫 新", "D-1", 4)
    sound(shop)
    shop.undo()
    assert store.sku(shop.reader(), again) is None
    sound(shop)


def test_a_picture_is_the_variant_s_own_or_the_product_s(stocked: Stocked):
    shop = stocked.shop
    white = stocked.white
    verbs.set_picture(shop, sku_id=white, data=PNG, whole_product=True)
    product = store.product(shop.reader(), store.sku(shop.reader(), white).product_id)
    assert blobs.get(shop.reader(), product.picture) == PNG
    assert store.sku(shop.reader(), white).picture is None
    verbs.set_picture(shop, sku_id=white, data=PNG)
    assert store.sku(shop.reader(), white).picture == product.picture
    verbs.set_picture(shop, sku_id=white, data=None)
    assert store.sku(shop.reader(), white).picture is None
    assert store.product(shop.reader(), product.id).picture == product.picture
    verbs.set_picture(shop, sku_id=white, data=None)
    assert store.product(shop.reader(), product.id).picture is None
    verbs.set_picture(shop, sku_id=white, data=PNG)
    verbs.set_picture(shop, sku_id=white, data=PNG, whole_product=True)
    assert store.sku(shop.reader(), white).picture is None
    sound(shop)


def test_what_is_no_picture_is_refused(stocked: Stocked):
    with pytest.raises(FileRefused):
        verbs.set_picture(stocked.shop, sku_id=stocked.white, data=b"<svg/>")


def test_a_sku_that_is_gone_is_said_to_be(stocked: Stocked):
    verbs.delete_skus(stocked.shop, ids=[stocked.mat])
    with pytest.raises(ShopError, match="not there any more"):
        verbs.book(stocked.shop, sku_id=stocked.mat, move=Move.RECEIVE, qty=1)


def test_the_rail_counts_what_is_below_its_minimum_or_sold_out(stocked: Stocked):
    shop = stocked.shop
    assert store.waiting(shop.reader()) == (1, 0)
    stocked.sell(stocked.blue, 1)
    assert store.waiting(shop.reader()) == (1, 1)
    stocked.sell(stocked.white, 11)
    assert store.waiting(shop.reader()) == (2, 1)
    stocked.sell(stocked.mat, 11)
    assert store.waiting(shop.reader()) == (2, 1)


def test_the_palette_keeps_the_order_it_was_given(stocked: Stocked):
    found = store.found(stocked.shop.reader(), [stocked.mat, stocked.white, 999])
    assert found == [(stocked.mat, "亚麻杯垫", "CO-LN"), (stocked.white, "白瓷盖碗 白", "GW-W · A-04")]


def test_naughty_words_come_back_as_they_went_in(stocked: Stocked):
    for words in (
        "<img src=/etc/passwd>",
        "=1+1",
        "'; DROP TABLE skus;--",
        "  两头有空格 ",
        "‏عربى",
        "𝒳👩‍👩‍👧",
        "a\nb\tc",
    ):
        verbs.edit_sku(stocked.shop, sku_id=stocked.mat, values={"name": words, "note": words})
        sku = store.sku(stocked.shop.reader(), stocked.mat)
        assert (sku.name, sku.note) == (words, words)


def test_the_timeline_tells_what_was_booked(stocked: Stocked):
    shop = stocked.shop
    verbs.book(shop, sku_id=stocked.white, move=Move.ADJUST, qty=-2, note="少了两件")
    row = (
        shop.reader()
        .execute(
            "SELECT words, args, detail FROM v_timeline_sku_inventory WHERE record_id = ? AND icon = 'by_hand'",
            (stocked.white,),
        )
        .fetchone()
    )
    assert (row[0].format(**json.loads(row[1])), row[2]) == ("Adjusted by −2", "少了两件")
