"""Taobao's lists of order lines, flat sheets, and products; expected values by hand."""

from __future__ import annotations

import json
from pathlib import Path

import xlsxwriter

from tests.exchange.staged import TAOBAO, csv_text, staged


def test_taobao_lines_10_columns_join_an_orders_file(headers, tmp_path: Path) -> None:
    orders = csv_text(
        headers["taobao_order_list_46_2017_real_file"], _named(headers["taobao_order_list_46_2017_real_file"])
    )
    line = {
        "订单编号": "2140730062701490012 ", "标题": "紫砂壶", "价格": "29.26", "购买数量": "2", "外部系统编号": "HT-5",
        "商品属性": "颜色分类：小号；容量:200ml", "订单状态": "交易成功", "商家编码": "HT-5",
    }  # fmt: skip
    lines = csv_text(
        headers["taobao_order_detail_10"],
        line,
        line | {"商品属性": "null"},
        line | {"商品属性": "null"},
        line | {"订单编号": "999", "标题": "孤儿", "商品属性": ""},
    )
    with staged(tmp_path, lines, orders) as found:
        assert found.all("source", "format", "kind") == [("taobao-orders", "orders"), ("taobao-lines", "lines")]
        assert found.all(
            "line",
            "order_id",
            "number",
            "position",
            "line_key",
            "code",
            "name",
            "options",
            "qty",
            "price",
            "amount",
            "status",
        ) == [
            (1, "2140730062701490012", 1, "1", "HT-5", "紫砂壶", "颜色分类: 小号; 容量: 200ml", 2, 2926, 5852, "done"),
            (1, "2140730062701490012", 2, "2", "HT-5", "紫砂壶", None, 2, 2926, 5852, "done"),
            (1, "2140730062701490012", 3, "3", "HT-5", "紫砂壶", None, 2, 2926, 5852, "done"),
            (None, "999", 1, "1", "HT-5", "孤儿", None, 2, 2926, 5852, "done"),
        ]
        assert found.all("item", "key") == [("c:HT-5",)]


def _named(header: list[str]) -> dict[str, str]:
    """The Taobao row with the names of another year: which ones end in a blank differs."""
    names = {name.strip(): name for name in header}
    return {names[name.strip()]: cell for name, cell in TAOBAO.items()}


LINE_28 = {
    "子订单编号": "`3300000000000000011", "主订单编号": "\t3300000000000000010", "标题": "盖碗", "价格": "50.00",
    "购买数量": "1", "商品属性": "颜色分类:白", "订单状态": "卖家已发货，等待买家确认", "商家编码": "GW-1",
    "买家应付货款": "45.00", "买家实际支付金额": "45.00", "退款状态": "没有申请退款", "退款金额": "无退款申请",
    "订单创建时间": "2021-03-01 10:00:00", "订单付款时间": "2021-03-01 10:01:00", "商品id": "6100000000",
    "发货时间": "2021-03-02 09:00:00", "物流单号": "No:77001", "物流公司": "中通快递", "主订单备注": "急",
}  # fmt: skip


def test_taobao_lines_28_columns_bring_their_orders(headers, tmp_path: Path) -> None:
    second = LINE_28 | {
        "子订单编号": "3300000000000000012", "标题": "茶漏", "价格": "5.00", "买家应付货款": "5.00", "买家实际支付金额": "5.00",
        "退款状态": "退款成功", "退款金额": "5.00", "订单状态": "交易关闭", "商家编码": "",
    }  # fmt: skip
    with staged(tmp_path, csv_text(headers["taobao_order_detail_28_2021"], LINE_28, second)) as found:
        assert found.all(
            "order_", "number", "status", "total", "paid", "refunded", "refund_state", "tracking", "seller_note"
        ) == [("3300000000000000010", "shipped", 5000, 5000, 500, "partial", "77001", "急")]
        assert found.all("line", "line_key", "order_id", "amount", "refunded", "refund_state", "status", "item_id") == [
            ("3300000000000000011", 1, 4500, 0, "none", "shipped", "6100000000"),
            ("3300000000000000012", 1, 500, 500, "full", "closed", "6100000000"),
        ]
        assert found.all("item", "key") == [("c:GW-1",), ("i:6100000000\x1f颜色分类: 白",)]


def test_the_same_line_twice_in_a_file_is_one_line(headers, tmp_path: Path) -> None:
    with staged(tmp_path, csv_text(headers["taobao_order_detail_28_2021"], LINE_28, LINE_28)) as found:
        assert found.all("line", "line_key", "merged_into") == [
            ("3300000000000000011", None),
            ("3300000000000000011", 1),
        ]
        assert found.one("SELECT total FROM order_") == 4500


def test_rounded_line_numbers_do_not_swallow_lines(headers, tmp_path: Path) -> None:
    rows = [
        LINE_28 | {"子订单编号": "3300000000000000000", "主订单编号": "3300000000000000000", "标题": f"杯{n}"}
        for n in range(3)
    ]
    with staged(tmp_path, csv_text(headers["taobao_order_detail_28_2021"], *rows)) as found:
        assert found.all("line", "name", "line_key", "merged_into") == [
            ("杯0", "1", None),
            ("杯1", "2", None),
            ("杯2", "3", None),
        ]
        assert found.one("SELECT total FROM order_") == 13500


def test_unused_columns_are_kept_for_every_row(headers, tmp_path: Path) -> None:
    second = LINE_28 | {"子订单编号": "3300000000000000012", "支付单号": "P2", "套餐信息": "两件套"}
    with staged(
        tmp_path, csv_text(headers["taobao_order_detail_28_2021"], LINE_28 | {"支付单号": "P1"}, second)
    ) as found:
        assert json.loads(found.one("SELECT extra FROM order_")) == {"支付单号": "P1"}
        assert found.rows("SELECT extra FROM line") == [(None,), ('{"套餐信息":"两件套","支付单号":"P2"}',)]


def test_taobao_flat_sheet_of_2026(tmp_path: Path) -> None:
    header = ["子订单编号", "主订单编号", "商品标题", "商品属性", "订单状态", "退款状态", "退款金额", "购买数量", "买家实付金额",
              "商品ID", "分阶段信息", "物流单号", "订单创建时间"]  # fmt: skip
    file = tmp_path / "ExportOrderList26500000001.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("export")
        sheet.write_row(0, 0, header)
        sheet.write_row(
            1,
            0,
            [
                "42000001",
                "42000000",
                "茶盘",
                "规格:大",
                "买家已付款，等待卖家发货",
                "没有申请退款",
                "0",
                1,
                88.5,
                "701",
                "",
                "",
                "2026-11-01 08:00:00",
            ],
        )
        sheet.write_row(
            2,
            0,
            [
                "42000002",
                "42000000",
                "茶刷",
                "",
                "买家已付款，等待卖家发货",
                "没有申请退款",
                "0",
                2,
                10,
                "702",
                "",
                "",
                "2026-11-01 08:00:00",
            ],
        )
    with staged(tmp_path, file) as found:
        assert found.one("SELECT format, sheet, rows_used FROM source") == ("taobao-flat-2026", "export", 2)
        assert found.all("order_", "number", "paid", "status", "created_at") == [
            ("42000000", 9850, "to_ship", "2026-11-01 08:00:00")
        ]
        assert found.all("line", "name", "qty", "amount", "price") == [("茶盘", 1, 8850, 8850), ("茶刷", 2, 1000, 500)]


def test_workbook_of_several_sheets(tmp_path: Path) -> None:
    file = tmp_path / "千牛.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("发货报表")
        sheet.write_row(0, 0, ["订单编号", "收货人姓名", "联系手机", "收货地址"])
        sheet.write_row(1, 0, ["7001", "李雷", "13900000000", "上海 上海市 静安区 1号"])
        sheet = book.add_worksheet("销售明细")
        sheet.write_row(
            0,
            0,
            [
                "子订单编号",
                "主订单编号",
                "商品标题",
                "购买数量",
                "商家编码",
                "商品属性",
                "买家应付货款",
                "退款状态",
                "退款金额",
                "订单创建时间",
            ],
        )
        sheet.write_row(
            1, 0, ["70011", "7001", "公道杯", "2", "GD-1", "", "30.00", "没有申请退款", "0.00", "2026-10-01 12:00:00"]
        )
        sheet = book.add_worksheet("订单报表")
        sheet.write_row(
            0, 0, ["订单编号", "买家会员名", "订单状态", "订单创建时间", "订单付款时间", "买家实际支付金额"]
        )
        sheet.write_row(1, 0, ["7001", "lilei", "交易成功", "2026-10-01 12:00:00", "2026-10-01 12:00:30", "35.00"])
        book.add_worksheet("说明").write(0, 0, "仅供参考")
    with staged(tmp_path, file) as found:
        assert found.one("SELECT group_concat(format, ' ') FROM source") == (
            "taobao-report-parcels taobao-report-orders taobao-report-lines"
        )
        assert found.rows("SELECT number, status, paid, receiver, buyer FROM order_ WHERE merged_into IS NULL") == [
            ("7001", "done", 3500, "李雷", "lilei")
        ]
        assert found.rows("SELECT l.name, o.number, o.merged_into FROM line l JOIN order_ o ON o.id = l.order_id") == [
            ("公道杯", "7001", None)
        ]


def test_taobao_assistant_products(headers, tmp_path: Path) -> None:
    keys, names = headers["taobao_assistant_product_tsv_en"], headers["taobao_assistant_product_tsv_zh"]
    cells = dict.fromkeys(keys, "") | {
        "title": "手工建盏", "price": "128.00", "num": "37", "outer_id": "JZ-01", "num_id": "612345678901",
        "description": '"<p>第一行\n第二行</p>"', "approve_status": "1", "barcode": "6901234567892",
    }  # fmt: skip
    text = "\r\n".join(["version 1.00", "\t".join(keys), "\t".join(names), "\t".join(cells[key] for key in keys)])
    with staged(tmp_path, text.encode("utf-16")) as found:
        assert found.one("SELECT format, encoding, header_row, rows_read FROM source") == (
            "taobao-products",
            "utf-16",
            2,
            1,
        )
        assert found.all("product", "item_id", "name", "state", "row") == [("612345678901", "手工建盏", "on", 4)]
        assert found.all("sku", "code", "price", "qty", "barcode", "currency") == [
            ("JZ-01", 12800, 37, "6901234567892", "CNY")
        ]


def _assistant_file(headers, *products: dict[str, str]) -> bytes:
    keys, names = headers["taobao_assistant_product_tsv_en"], headers["taobao_assistant_product_tsv_zh"]
    blank = dict.fromkeys(keys, "") | {"title": "手工茶杯", "price": "58.00", "num": "120", "num_id": "612345678901"}
    rows = ["\t".join((blank | product)[key] for key in keys) for product in products]
    return "\r\n".join(["version 1.00", "\t".join(keys), "\t".join(names), *rows]).encode("utf-16")


def test_taobao_assistant_variants(headers, tmp_path: Path) -> None:
    file = _assistant_file(
        headers,
        {
            "skuProps": "58.00:20:CUP-R:1627207:-1001;20509:28314;60.00:100::1627207:28341;20509:28383;",
            "propAlias": "20509:28314:小号;",
            "input_custom_cpv": "1627207:-1001:渐变红;1627207:-1002:宝石蓝;",
        },
        {"num_id": "612345678902", "skuProps": "48.43:100:1627207:28320;48.58:90:1627207:3232483;"},
        {"num_id": "612345678903", "outer_id": "POT-1", "skuProps": "88:5::1627207:99999;"},
        {"num_id": "612345678904", "outer_id": "POT-2", "skuProps": "no variants at all"},
    )
    with staged(tmp_path, file) as found:
        assert found.all("sku", "item_id", "code", "options", "price", "qty") == [
            ("612345678901", "CUP-R", "颜色分类: 渐变红; 尺码: 小号", 5800, 20),
            ("612345678901", None, "颜色分类: 黑色; 尺码: 均码", 6000, 100),
            ("612345678902", None, "颜色分类: 白色", 4843, 100),
            ("612345678902", None, "颜色分类: 军绿色", 4858, 90),
            ("612345678903", "POT-1", None, 5800, 120),
            ("612345678904", "POT-2", None, 5800, 120),
        ]
        assert found.rows("SELECT extra LIKE '%skuProps%' FROM product ORDER BY id") == [(None,), (None,), (1,), (1,)]
        assert found.one("SELECT count(DISTINCT item) FROM sku") == 6
