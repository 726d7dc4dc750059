"""Values that real exports were seen to hold, one by one: statuses, footers, decorated cells, odd workbooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shopdesk.exchange.amounts import exact_amount
from shopdesk.exchange.reading import recognise
from tests.exchange.staged import csv_text, staged


@pytest.fixture(scope="module")
def headers(shared_data: Path) -> dict[str, list[str]]:
    return json.loads((shared_data / "headers.json").read_text(encoding="utf-8"))


TAOBAO = {
    "订单编号": '"=""238604127755001"""',
    "买家会员名": "茶语",
    "总金额": "9.00",
    "宝贝标题 ": "茶杯",
    "订单创建时间": "2019-03-12 10:48:22",
}
PINDUODUO = {"订单号": "260607-400000294410900", "商品": "竹茶盘", "商品数量(件)": "1\t", "用户实付金额(元)": "9.00\t",
             "商品总价(元)": "9.00\t", "支付时间": "2026/6/6 13:41", "订单成交时间": "2026/6/6 13:40"}  # fmt: skip
JD = {"订单号": "1", "商品名称": "杯", "订购数量": "1", "京东价": "9.00", "订单金额": "9.00", "应付金额": "9.00",
      "下单时间": "2015-12-31 23:19:56"}  # fmt: skip
DOUYIN = {"主订单编号": '"\t6917926768823643751"', "子订单编号": '"\t6917926768823643751"', "选购商品": '"\t茶巾"',
          "商品数量": "1", "订单应付金额": "9.00", "订单提交时间": "2026-06-06 13:41:00", "支付完成时间": "2026-06-06 13:42:00"}  # fmt: skip
SOLD = {"订单编号": "77", "买家会员名": "a", "货品标题": "杯", "单价(元)": "9.00", "数量": "1", "货品总价(元)": "9.00",
        "涨价或折扣(元)": "0", "实付款(元)": "9.00", "订单创建时间": "2017/5/3 9:05"}  # fmt: skip
XIAOHONGSHU = {"订单号": "P100000000000000001", "SKU名称": "杯", "SKU件数": "1", "用户应付金额(元)": "1,009.00",
               "商品总价(元)": "1,009.00", "订单创建时间": "2026-06-06 13:41:00"}  # fmt: skip
SHOPIFY = {"Name": "#1001", "Lineitem name": "Cup", "Lineitem quantity": "1", "Lineitem price": "9.00", "Total": "9.00",
           "Created at": "2026-01-24 17:34:28 +0500", "Paid at": "2026-01-24 17:35:00 +0500"}  # fmt: skip

STATUSES = [
    ("taobao_order_list_54_2018_19", TAOBAO, "订单状态", {
        "等待买家付款": "unpaid", "买家已付款，等待卖家发货": "to_ship", "买家已付款,等待卖家发货": "to_ship",
        "卖家已发货，等待买家确认": "shipped", "交易成功": "done", "已收货": "done", "已签收": "done", "待评价": "done",
        "已结算": "done", "交易关闭": "closed", "退款成功": "closed"}),
    ("taobao_order_list_38_hishop_clone", TAOBAO, "订单状态", {"交易成功": "done"}),
    ("pdd_orders_union_2023", PINDUODUO, "订单状态", {
        "待付款": "unpaid", "待发货": "to_ship", "已发货，待收货": "shipped", "已发货，待签收": "shipped", "已收货": "done",
        "已取消": "closed", "已取消，退款成功": "closed", "未发货，退款成功": "closed", "已发货，退款成功": "closed",
        "已收货，退款成功": "closed", "已签收，退款成功": "closed", "已收货/已签收，退款成功": "closed",
        "未成交，退款成功": "closed", "退款中": "to_ship"}),
    ("jd_orders_30_2016", JD, "订单状态", {
        "等待出库": "to_ship", "(锁定)等待出库": "to_ship", "(删除)等待出库": "closed", "完成": "done"}),
    ("douyin_orders_74_2026", DOUYIN, "订单状态", {
        "待支付": "unpaid", "待发货": "to_ship", "已发货": "shipped", "已完成": "done", "已关闭": "closed"}),
    ("1688_orders_49", SOLD, "订单状态", {
        "待付款": "unpaid", "待发货": "to_ship", "待收货": "shipped", "交易成功": "done", "交易关闭": "closed"}),
    ("xiaohongshu_orders_partial", XIAOHONGSHU, "订单状态", {
        "待配货": "to_ship", "配货中": "to_ship", "已发货": "shipped", "已完成": "done", "已取消": "closed"}),
    ("shopify_orders_79_real_file", SHOPIFY, "Financial Status", {
        "pending": "unpaid", "authorized": "to_ship", "paid": "to_ship", "partially_paid": "to_ship",
        "partially_refunded": "to_ship", "refunded": "closed", "voided": "closed"}),
    ("shopify_orders_79_real_file", SHOPIFY | {"Financial Status": "paid"}, "Fulfillment Status", {
        "": "to_ship", "unfulfilled": "to_ship", "partial": "to_ship", "fulfilled": "shipped"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "row", "column", "word", "status"),
    [(name, row, column, word, status) for name, row, column, words in STATUSES for word, status in words.items()],
)
def test_status_words(headers, tmp_path: Path, name: str, row: dict, column: str, word: str, status: str) -> None:
    header = [known.replace("用户购买手机号", " 用户购买手机号") for known in headers[name]]
    choose = "1688-sold" if name.startswith("1688") else None
    cells = {next(known for known in header if known.strip() == key.strip()): cell for key, cell in row.items()}
    with staged(tmp_path, csv_text(header, cells | {column: word}), choose=choose) as found:
        assert found.all("order_", "status") == [(status,)]
        assert found.reasons() == []


@pytest.mark.parametrize(
    ("word", "state"),
    [("-", "none"), ("退款成功", "full"), ("售后中", "asked"), ("售后处理中", "asked"), ("无售后或售后取消", "none")],
)
def test_refund_words(headers, tmp_path: Path, word: str, state: str) -> None:
    name, row = ("douyin_orders_74_2026", DOUYIN) if word in {"-", "售后中"} else ("pdd_orders_union_2023", PINDUODUO)
    text = csv_text(
        headers[name], row | {"订单状态": "已发货" if row is DOUYIN else "已发货，待收货", "售后状态": word}
    )
    with staged(tmp_path, text) as found:
        told = [state or "none" for (state,) in found.all("order_", "refund_state")]
        assert told == [state]


def test_taobao_addresses_and_titles_of_many_goods(headers, tmp_path: Path) -> None:
    titles = "，".join(f"手工茶杯{at}号" for at in range(200))
    assert len(titles) > 1_568
    row = TAOBAO | {"收货地址 ": "浙江省 杭州市 西湖区 文三路1号(310000)", "宝贝标题 ": titles, "订单备注": "'粉色",
                    "联系电话 ": "'0571-88880000", "联系手机": "", "物流单号 ": "No:3330622150731", "退款金额": "无退款申请",
                    "订单状态": "交易成功"}  # fmt: skip
    with staged(tmp_path, csv_text(headers["taobao_order_list_54_2018_19"], row).encode("gb18030")) as found:
        assert found.all("order_", "region", "address", "phone", "tracking", "seller_note", "titles", "refunded") == [
            ("浙江省", "浙江省 杭州市 西湖区 文三路1号(310000)", "0571-88880000", "3330622150731", "粉色", titles, 0)
        ]


@pytest.mark.parametrize("word", ["合计", "总计", "汇总", "小计", "Total:", "Seller ID : muhe"])
def test_sums_below_the_rows_are_no_rows(headers, tmp_path: Path, word: str) -> None:
    text = csv_text(headers["jd_orders_30_2016"], JD | {"订单状态": "完成"}) + f"{word},,,,9.00\r\n,,,\r\n"
    with staged(tmp_path, text) as found:
        assert found.one("SELECT rows_read, rows_used FROM source") == (1, 1)


def test_a_table_of_quoted_formulas_that_calls_itself_a_workbook(headers, tmp_path: Path) -> None:
    names = headers["taobao_order_detail_10"]
    cells = {"订单编号": "238604127755001", "标题": "茶杯", "价格": "9.00", "购买数量": "2", "商品属性": "null"}
    lines = ["\t".join(f'="{name}"' for name in names), "\t".join(f'="{cells.get(name, "")}"' for name in names)]
    file = tmp_path / "lines.xls"
    file.write_bytes("\r\n".join(lines).encode("gbk"))
    with staged(tmp_path, file) as found:
        assert found.all("line", "number", "name", "qty", "price", "options") == [
            ("238604127755001", "茶杯", 2, 900, None)
        ]


def test_a_workbook_that_claims_a_million_rows(shared_data: Path) -> None:
    (sheet,) = recognise(shared_data / "bad" / "calamine" / "issue_174.xlsx").sheets
    assert len(sheet.sample) + 1 == 2


def test_woocommerce_parents_lists_and_types(headers, tmp_path: Path) -> None:
    parent = {"ID": "10", "Type": "variable", "Name": "Hoodie", "Published": "1", "Categories": "Clothing > Hoodies",
              "Weight (lbs)": "1.5", "Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue, Green, Red"}  # fmt: skip
    child = {"ID": "11", "Type": "variation", "SKU": "H-1", "Name": "Hoodie - Blue", "Published": "-1", "Parent": "id:10",
             "Regular price": "42", "Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue", "Stock": "3"}  # fmt: skip
    file = {
        "ID": "12",
        "Type": "simple, downloadable, virtual",
        "Name": "Album",
        "Published": "0",
        "Regular price": "9",
    }
    header = headers["woocommerce_products_51_real_file"]
    assert "Weight (lbs)" in header
    with staged(tmp_path, "\ufeff" + csv_text(header, parent, child, file), currency="USD") as found:
        assert found.all("product", "name", "category", "state") == [
            ("Hoodie", "Clothing > Hoodies", None), ("Album", None, "off"),
        ]  # fmt: skip
        assert found.rows(
            "SELECT p.name, s.code, s.options, s.price, s.qty FROM sku s JOIN product p ON p.id = s.product_id"
        ) == [("Hoodie", "H-1", "Color: Blue", 4200, 3), ("Album", None, None, 900, None)]


def test_etsy_writes_entities_into_names(headers, tmp_path: Path) -> None:
    row = {"Sale Date": "08/14/25", "Item Name": "Mum&#39;s &amp; Dad&#39;s cup", "Quantity": "1", "Price": "$5.00",
           "Item Total": "$5.00", "Currency": "USD", "Transaction ID": "1", "Listing ID": "2", "Order ID": "3"}  # fmt: skip
    with staged(tmp_path, csv_text(headers["etsy_sold_order_items_33"], row)) as found:
        assert found.all("line", "name", "price") == [("Mum's & Dad's cup", 500)]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("598.00元", "598.00"), ("0元", "0"), ("¥28.16", "28.16"), ("￥1,234.50", "1234.50"), ("$1,433.66", "1433.66"),
        ("-$12.96", "-12.96"), ("(12.00)", "-12.00"), ("12,00", "12.00"), ("€ 12,00", "12.00"), ("168.99\t", "168.99"),
        ("131.77(已退款89.84)", "131.77"), ("无退款申请", "0"),
    ],
)  # fmt: skip
def test_money_cells(cell: str, amount: str) -> None:
    assert f"{exact_amount(cell):f}" == amount


@pytest.mark.parametrize("name", ["kuaishou_orders_partial_weak", "square_catalog_partial", "square_transactions_37"])
def test_what_is_not_claimed_is_left_to_the_mapping_screen(headers, tmp_path: Path, name: str) -> None:
    header = headers[name]
    text = csv_text(header, dict.fromkeys(header, "1"))
    with staged(tmp_path, text) as found:
        assert found.one("SELECT format, refused FROM source") == (None, "The layout of this file is not known.")
