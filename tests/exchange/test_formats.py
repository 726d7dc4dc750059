"""Every layout is known by its header, however the names are decorated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shopdesk.exchange.fields import FIELDS, ROWS_TABLES
from shopdesk.exchange.formats import Format, column_names, folded, shipped_dicts
from shopdesk.exchange.guessing import guess_columns, guess_rows, mapping_to_format
from shopdesk.exchange.own_formats import load_formats

KNOWN = {
    "taobao_order_list_38_hishop_clone": "taobao-orders",
    "taobao_order_list_41_2016": "taobao-orders",
    "taobao_order_list_46_2017_real_file": "taobao-orders",
    "taobao_order_list_54_2018_19": "taobao-orders",
    "taobao_order_detail_10": "taobao-lines",
    "taobao_order_detail_28_2021": "taobao-lines-28",
    "taobao_assistant_product_tsv_en": "taobao-products",
    "pdd_orders_union_2023": "pinduoduo-orders",
    "jd_orders_30_2016": "jd-orders",
    "douyin_orders_74_2026": "douyin-orders",
    "xiaohongshu_orders_partial": "xiaohongshu-orders",
    "weixin_shop_orders_partial": "weixin-orders",
    "shopify_orders_79_real_file": "shopify-orders",
    "shopify_products_56_real_file": "shopify-products",
    "shopify_products_46_partner_sample": "shopify-products",
    "shopify_inventory_17_2023_real_file": "shopify-inventory",
    "shopify_inventory_19_2024": "shopify-inventory",
    "shopify_inventory_wide_old": "shopify-inventory-wide",
    "shopify_customers_20": "shopify-customers",
    "shopify_customers_21_older": "shopify-customers",
    "judgeme_reviews_16": "judgeme-reviews",
    "woocommerce_products_51_real_file": "woocommerce-products",
    "etsy_sold_order_items_33": "etsy-items",
    "etsy_sold_orders_36": "etsy-orders",
    "etsy_listings_27": "etsy-listings",
    "amazon_all_orders_tsv_32": "amazon-orders",
    "amazon_new_orders_tsv": "amazon-new-orders",
    "amazon_unshipped_orders_tsv_2025": "amazon-new-orders",
    "amazon_listings_tsv_29": "amazon-listings",
    "ebay_orders_51": "ebay-orders",
    "square_items_35_2026": "square-items",
}
UNKNOWN = (
    "douyin_settlement_39", "xiaohongshu_settlement_gmv_23", "kuaishou_orders_partial_weak", "etsy_payments_26",
    "amazon_in_seller_orders_kaggle_23", "square_transactions_37", "square_catalog_partial", "alipay_bill", "wechat_bill",
    "jd_bill", "jd_orders_later_extra", "taobao_assistant_product_tsv_zh",
)  # fmt: skip


@pytest.fixture(scope="module")
def headers(shared_data: Path) -> dict[str, list[str]]:
    return json.loads((shared_data / "headers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "wanted"), KNOWN.items())
def test_headers_are_recognised(headers: dict[str, list[str]], name: str, wanted: str) -> None:
    found = load_formats().match(headers[name])
    assert found is not None
    assert found.id == wanted


def test_the_purchase_layout_asks(headers: dict[str, list[str]]) -> None:
    formats = load_formats()
    found = formats.match(headers["1688_orders_49"])
    assert found is not None
    assert {one.id for one in formats.choices(found)} == {"1688-sold", "1688-bought"}


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_headers_are_not_mistaken(headers: dict[str, list[str]], name: str) -> None:
    assert load_formats().match(headers[name]) is None


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("订单付款时间 ", "订单付款时间"),
        (" 用户购买手机号", "用户购买手机号"),
        ("\ufeff订单编号", "订单编号"),
        ('="订单编号"', "订单编号"),
        ("商家应收金额(元)（支付金额）", "商家应收金额（元）(支付金额)"),
        ("\t金额\t", "金额"),
    ],
)
def test_names_are_compared_in_one_form(written: str, same: str) -> None:
    assert folded(written) == folded(same)


def test_every_layout_is_whole() -> None:
    for one in load_formats().by_id.values():
        assert set(one.title) == {"en", "zh"}, one.id
        if one.rows != "raw":
            tables = {key.partition(".")[0] for key in one.columns}
            assert tables <= set(ROWS_TABLES[one.rows]), one.id
        _its_words_are_known(one)


def _its_words_are_known(one: Format) -> None:
    wanted = {
        "status": {"unpaid", "to_ship", "shipped", "done", "closed", "dates"},
        "line_status": {"unpaid", "to_ship", "shipped", "done", "closed"},
        "refund": {"none", "asked", "partial", "full"},
        "line_refund": {"none", "asked", "partial", "full"},
        "state": {"on", "off", "group", "open", "answered", "left"},
    }
    for role, words in wanted.items():
        for rule in getattr(one, role):
            said = {*rule.words.values(), *rule.contains.values(), rule.filled, rule.blank, rule.always} - {""}
            assert said <= words, (one.id, role)


def test_layout_files_are_named_by_their_ids() -> None:
    from shopdesk.core.paths import resource

    stems = {file.stem for file in resource("formats").glob("*.toml")}
    assert stems == {found["id"] for found in shipped_dicts()}


def test_a_guess_for_an_unknown_header() -> None:
    header = ["invoice no", "Product name", "QTY", "unit price", "Colour", "order date"]
    sample = [["77", "Cup", "2", "3.50", "red", "2026-11-01"]]
    found = guess_columns(header, sample)
    assert found == [
        ("invoice no", "order.number"),
        ("Product name", "line.name"),
        ("QTY", "line.qty"),
        ("unit price", "line.price"),
        ("Colour", None),
        ("order date", "order.created_at"),
    ]
    assert guess_rows([key for _, key in found if key]) == "line"


def test_a_guess_looks_at_the_cells_too() -> None:
    assert guess_columns(["订单号", "数量"], [["1", "many"], ["2", "few"]]) == [
        ("订单号", "order.number"),
        ("数量", None),
    ]


def test_products_are_guessed_as_products() -> None:
    found = guess_columns(["宝贝ID", "标题", "价格"], [["1", "茶杯", "8.90"]])
    assert found == [("宝贝ID", "product.item_id"), ("标题", "product.name"), ("价格", "sku.price")]


def test_a_mapping_becomes_a_layout_that_wins(headers: dict[str, list[str]]) -> None:
    header = headers["taobao_order_detail_10"]
    made = mapping_to_format(
        "My lines",
        header,
        {"订单编号": "order.number", "标题": "line.name", "订单状态": "line.status"},
        rows="line",
        platform="taobao",
    )
    found = load_formats([made]).match(header)
    assert found is not None
    assert found.id == "own-My lines"
    assert json.loads(json.dumps(made)) == made


def test_fields_have_titles() -> None:
    assert all(field.title for field in FIELDS.values())
    assert "order.number" in FIELDS


def test_column_names_of_combinations() -> None:
    assert column_names({"join": ["省", "市"]}) == ["省", "市"]
    assert column_names({"pairs": [["Option1 Name", "Option1 Value"]]}) == ["Option1 Name", "Option1 Value"]
