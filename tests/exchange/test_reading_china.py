"""The Chinese platforms' files with the nasty values that real ones hold; expected values by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from shopdesk.exchange.reading import Options, recognise
from tests.exchange.staged import csv_text, staged


@pytest.fixture(scope="module")
def headers(shared_data: Path) -> dict[str, list[str]]:
    return json.loads((shared_data / "headers.json").read_text(encoding="utf-8"))


TAOBAO = {
    "订单编号": '="2140730062701490012"', "买家会员名": "小茶客", "买家应付货款": "58.51", "买家应付邮费": "6",
    "总金额": "64.51", "买家实际支付金额": "64.51", "订单状态": "买家已付款，等待卖家发货", "买家留言": "'粉色",
    "收货人姓名": "王小明", "收货地址 ": "浙江省 杭州市 西湖区 文三路1号(310000)", "联系电话 ": "'0571-88888888",
    "联系手机": "'18612345678", "订单创建时间": "2017/5/30 23:18", "订单付款时间 ": "2017/5/30 23:19",
    "宝贝标题 ": "茶杯，茶壶", "物流单号 ": "No:3330622150731", "物流公司": "申通快递", "订单备注": "'发申通",
    "宝贝总数量": "3", "店铺Id": "0", "店铺名称": "0", "订单关闭原因": "订单未关闭", "买家服务费": "0元",
    "是否手机订单": "手机订单",
}  # fmt: skip


def test_taobao_orders_41_columns(headers, tmp_path: Path) -> None:
    text = csv_text(headers["taobao_order_list_41_2016"], TAOBAO)
    with staged(tmp_path, text.encode("gb18030")) as found:
        assert found.one("SELECT format, encoding, rows_read, rows_used FROM source") == (
            "taobao-orders",
            "gb18030",
            1,
            1,
        )
        assert found.rows(
            "SELECT number, buyer, goods, postage, total, paid, status, status_words, receiver, address, phone,"
            " region, created_at, paid_at, tracking, courier, buyer_note, seller_note, pieces, shop_id, currency FROM order_"
        ) == [
            (
                "2140730062701490012", "小茶客", 5851, 600, 6451, 6451, "to_ship", "买家已付款，等待卖家发货", "王小明",
                "浙江省 杭州市 西湖区 文三路1号(310000)", "18612345678", "浙江省", "2017-05-30 23:18:00", "2017-05-30 23:19:00",
                "3330622150731", "申通快递", "粉色", "发申通", 3, None, "CNY",
            )
        ]  # fmt: skip
        extra = json.loads(found.one("SELECT extra FROM order_"))
        assert extra == {"买家服务费": "0元", "是否手机订单": "手机订单"}
        assert found.all("person", "handle", "name", "phone", "from_file") == [("小茶客", "王小明", "18612345678", 0)]


def test_tab_text_that_calls_itself_a_workbook(headers, tmp_path: Path) -> None:
    header = headers["taobao_order_list_41_2016"]
    cells = [TAOBAO.get(name, "") for name in header]
    lines = ["\t".join(f'="{cell}"' for cell in row) for row in (header, [cell.strip('="') for cell in cells])]
    file = tmp_path / "export.xls"
    file.write_bytes("\r\n".join(lines).encode("gbk"))
    with staged(tmp_path, file) as found:
        assert found.one("SELECT format, delimiter, rows_used FROM source") == ("taobao-orders", "\t", 1)
        assert found.all("order_", "number", "paid", "seller_note", "created_at") == [
            ("2140730062701490012", 6451, "发申通", "2017-05-30 23:18:00")
        ]


def test_taobao_orders_54_columns(headers, tmp_path: Path) -> None:
    row = TAOBAO | {
        "订单状态": "交易成功", "退款金额": "无退款申请", "确认收货时间": "2019-03-15 08:00:01", "打款商家金额": "598.00元",
        "店铺Id": "60637940", "店铺名称": "木禾茶器", "订单创建时间": "2019-03-12 10:48:22",
    }  # fmt: skip
    back = row | {"订单编号": "'2140730062701490013", "退款金额": "10.00", "订单状态": "交易成功"}
    lost = row | {
        "订单编号": "2140730062701490014\t",
        "订单状态": "交易关闭",
        "订单关闭原因": "退款",
        "退款金额": "64.51",
    }
    text = csv_text(headers["taobao_order_list_54_2018_19"], row, back, lost)
    with staged(tmp_path, text) as found:
        assert found.all(
            "order_", "number", "status", "refunded", "refund_state", "done_at", "shop_id", "shop_name"
        ) == [
            ("2140730062701490012", "done", 0, None, "2019-03-15 08:00:01", "60637940", "木禾茶器"),
            ("2140730062701490013", "done", 1000, "partial", "2019-03-15 08:00:01", "60637940", "木禾茶器"),
            ("2140730062701490014", "closed", 6451, "full", "2019-03-15 08:00:01", "60637940", "木禾茶器"),
        ]
        assert found.one("SELECT shop_id, shop_name FROM source") == ("60637940", "木禾茶器")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("等待买家付款", "unpaid"),
        ("买家已付款,等待卖家发货", "to_ship"),
        ("买家已付款， 等待卖家发货", "to_ship"),
        ("卖家已发货，等待买家确认", "shipped"),
        ("交易成功", "done"),
        ("交易关闭", "closed"),
        ("已签收", "done"),
    ],
)
def test_taobao_status_words(headers, tmp_path: Path, words: str, status: str) -> None:
    with staged(tmp_path, csv_text(headers["taobao_order_list_41_2016"], TAOBAO | {"订单状态": words})) as found:
        assert found.all("order_", "status") == [(status,)]
        assert found.reasons() == []


def test_an_unknown_status_is_said_and_the_dates_decide(headers, tmp_path: Path) -> None:
    with staged(tmp_path, csv_text(headers["taobao_order_list_41_2016"], TAOBAO | {"订单状态": "飞走了"})) as found:
        assert found.all("order_", "status", "status_words") == [("to_ship", "飞走了")]
        assert found.reasons() == [("warned", "status", 2, "")]


def test_rows_are_refused_one_by_one(headers, tmp_path: Path) -> None:
    text = csv_text(
        headers["taobao_order_list_41_2016"],
        TAOBAO,
        TAOBAO | {"订单编号": "2.14E+18"},
        TAOBAO | {"订单编号": "2140730062701490015", "总金额": "about ten"},
        TAOBAO | {"订单编号": ""},
        TAOBAO | {"订单编号": "2140730062701490016", "订单付款时间 ": "soon"},
        TAOBAO | {"订单编号": "2140730062701490017"},
        "",
        "合计,,,,,,64.51",
    )
    with staged(tmp_path, text) as found:
        assert found.all("order_", "number", "row") == [("2140730062701490012", 2), ("2140730062701490017", 7)]
        assert sorted(found.reasons(), key=lambda reason: reason[2]) == [
            ("refused", "id-rounded", 3, "订单编号"),
            ("refused", "money", 4, "总金额"),
            ("refused", "number-missing", 5, "订单编号"),
            ("refused", "time", 6, "订单付款时间 "),
        ]
        assert found.one("SELECT rows_read, rows_used, rows_refused FROM source") == (6, 2, 4)
        assert any("Export the file again" in sentence for sentence in found.sentences())


def test_rounded_numbers_are_warned_of_once(headers, tmp_path: Path) -> None:
    rows = [TAOBAO | {"订单编号": f"2140730062{n:05}00 "} for n in range(1, 6)]
    with staged(tmp_path, csv_text(headers["taobao_order_list_41_2016"], *rows)) as found:
        assert found.reasons() == [("warned", "damaged", None, "订单编号")]
        assert found.one("SELECT sum(number_damaged), count(*) FROM order_") == (5, 5)
        (sentence,) = found.sentences()
        assert sentence.startswith("5 of 5 order numbers end in zeros")
        assert "without opening and saving it in a spreadsheet" in sentence


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


def test_pinduoduo(headers, tmp_path: Path) -> None:
    row = {
        "商品": "竹茶盘", "订单号": "260607-400000294410900", "订单状态": "待发货", "商品数量(件)": "1\t",
        "支付时间": "2026/6/6 13:41", "承诺发货时间": "2026/6/8 13:41", "商品id": "5123456\t", "商品规格": "大号,原竹",
        "样式ID": "88", "商家编码-规格维度": "ZP-L\t", "商品总价(元)": "168.99\t", "邮费(元)": "0.00",
        "店铺优惠折扣(元)": "10.00", "平台优惠折扣(元)": "5.00", "用户实付金额(元)": "153.99\t", "商家实收金额(元)": "158.99",
        "快递单号": "\t", "省": "浙江省", "市": "杭州市", "区": "西湖区", "街道/镇": "古荡街道", " 用户购买手机号": "\t",
        "售后状态": "无售后或售后取消", "订单成交时间": "2026/6/6 13:40",
    }  # fmt: skip
    header = [" 用户购买手机号" if name == "用户购买手机号" else name for name in headers["pdd_orders_union_2023"]]
    back = row | {"订单号": "260607-400000294410901", "订单状态": "已发货，退款成功", "售后状态": "退款成功"}
    asked = row | {"订单号": "260607-400000294410902", "订单状态": "退款中", "售后状态": "售后处理中"}
    with staged(tmp_path, "\ufeff" + csv_text(header, row, back, asked)) as found:
        assert found.all(
            "order_", "number", "status", "refund_state", "paid", "refunded", "discount", "promised_at"
        ) == [
            ("260607-400000294410900", "to_ship", "none", 15399, None, 1500, "2026-06-08 13:41:00"),
            ("260607-400000294410901", "closed", "full", 15399, 15399, 1500, "2026-06-08 13:41:00"),
            ("260607-400000294410902", "to_ship", "asked", 15399, None, 1500, "2026-06-08 13:41:00"),
        ]
        assert found.rows("SELECT address, phone, tracking, person FROM order_ LIMIT 1") == [
            ("浙江省 杭州市 西湖区 古荡街道", None, None, None)
        ]
        assert found.rows("SELECT name, code, item_id, options, qty, amount, price FROM line LIMIT 1") == [
            ("竹茶盘", "ZP-L", "5123456", "大号,原竹", 1, 16899, 16899)
        ]
        assert found.reasons() == []


def test_jd_repeats_the_orders_cells_on_each_row(headers, tmp_path: Path) -> None:
    row = {
        "订单号": "10526473829", "商品ID": "1601", "商品名称": "白瓷杯", "订购数量": "2", "下单时间": "2015-12-31 23:19:56",
        "京东价": "39.00", "订单金额": "128.00", "应付金额": "118.00", "订单状态": "等待出库", "下单帐号": "jd_abc",
        "客户姓名": "张三", "客户地址": "北京朝阳区", "联系电话": "138****0000", "运费金额": "0.00",
        "付款确认时间": "2015-12-31 23:20:10", "货号": "BC-2", "订单来源": "移动端订单",
    }  # fmt: skip
    text = csv_text(
        headers["jd_orders_30_2016"],
        row,
        row | {"商品ID": "1602", "商品名称": "茶则", "订购数量": "1", "京东价": "50.00", "货号": ""},
        row | {"订单号": "10526473830", "订单状态": "(删除)等待出库"},
    ).replace("订单渠道\r\n", "订单渠道,\r\n")
    with staged(tmp_path, text.encode("gb18030")) as found:
        assert found.all("order_", "number", "total", "paid", "status", "buyer", "paid_at") == [
            ("10526473829", 12800, 11800, "to_ship", "jd_abc", "2015-12-31 23:20:10"),
            ("10526473830", 12800, 11800, "closed", "jd_abc", "2015-12-31 23:20:10"),
        ]
        assert found.all("line", "number", "position", "name", "code", "amount") == [
            ("10526473829", 1, "白瓷杯", "BC-2", 7800),
            ("10526473829", 2, "茶则", None, 5000),
            ("10526473830", 1, "白瓷杯", "BC-2", 7800),
        ]
        assert found.one("SELECT sum(paid) FROM order_") == 23600


def test_what_is_due_is_not_paid_before_the_payment(headers, tmp_path: Path) -> None:
    row = {"订单号": "10526473829", "商品名称": "白瓷杯", "订购数量": "1", "下单时间": "2015-12-31 23:19:56", "京东价": "39.00",
           "订单金额": "39.00", "应付金额": "39.00", "订单状态": "等待付款"}  # fmt: skip
    text = csv_text(
        headers["jd_orders_30_2016"], row, row | {"订单号": "2", "订单状态": "已取消"},
        row | {"订单号": "3", "订单状态": "已取消", "付款确认时间": "2015-12-31 23:30:00"},
    )  # fmt: skip
    with staged(tmp_path, text) as found:
        assert found.all("order_", "status", "total", "paid") == [
            ("unpaid", 3900, 0),
            ("closed", 3900, 0),
            ("closed", 3900, 3900),
        ]


def test_douyin_adds_up_its_sub_orders(headers, tmp_path: Path) -> None:
    row = {
        "主订单编号": "\t6917926768823643751", "子订单编号": "\t6917926768823643751", "选购商品": "\t紫砂壶",
        "商品规格": "\t容量:200ml", "商品数量": "1", "商品ID": "\t3456", "商家编码": "\tZSH-2", "商品单价": "299.00",
        "订单应付金额": "269.00", "运费": "0.00", "优惠总金额": "30.00", "收件人": "##密文", "收件人手机号": "$$密文",
        "省": "广东省", "市": "广州市", "区": "天河区", "街道": "-", "详细地址": "##密文", "订单提交时间": "2026-06-01 12:00:00",
        "支付完成时间": "2026-06-01 12:00:09", "订单状态": "已完成", "售后状态": "-", "商家备注": "-", "承诺发货时间": "2026-06-03 12:00:00",
    }  # fmt: skip
    gift = row | {
        "子订单编号": "\t6917926768823709287",
        "选购商品": "\t茶巾",
        "商品单价": "0.00",
        "订单应付金额": "0.00",
        "优惠总金额": "0.00",
        "订单状态": "已关闭",
        "商家编码": "-",
    }
    with staged(tmp_path, "\ufeff" + csv_text(headers["douyin_orders_74_2026"], gift, row)) as found:
        assert found.reasons() == []
        assert found.all(
            "order_", "number", "status", "total", "paid", "discount", "receiver", "phone", "person", "address"
        ) == [("6917926768823643751", "done", 26900, 26900, 3000, None, None, None, "广东省 广州市 天河区")]
        assert found.all("line", "line_key", "name", "code", "amount", "status") == [
            ("6917926768823709287", "茶巾", None, 0, "closed"),
            ("6917926768823643751", "紫砂壶", "ZSH-2", 26900, "done"),
        ]
        assert found.rows("SELECT count(*) FROM person") == [(0,)]


def _merged_1688(path: Path, headers: dict[str, list[str]], buyers: list[str], seller: str) -> None:
    header = headers["1688_orders_49"]
    at = {name: place for place, name in enumerate(header)}
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        line = 1
        for number, buyer in enumerate(buyers, start=1):
            whole = {"订单编号": f"28{number:015}", "买家会员名": buyer, "卖家会员名": seller, "运费(元)": "8.00",
                     "涨价或折扣(元)": "-2.00", "实付款(元)": "46.00", "订单状态": "待发货", "订单创建时间": "2026/6/1 9:30",
                     "货品总价(元)": "40.00", "收货人姓名": "赵"}  # fmt: skip
            for name, cell in whole.items():
                sheet.merge_range(line, at[name], line + 1, at[name], cell)
            for title, price in (("竹勺", "15.00"), ("竹夹", "5.00")):
                for name, cell in {"货品标题": title, "单价(元)": price, "数量": "2", "货号": f"N-{title}"}.items():
                    sheet.write(line, at[name], cell)
                line += 1


def test_1688_orders_with_merged_cells(headers, tmp_path: Path) -> None:
    file = tmp_path / "1688.xlsx"
    _merged_1688(file, headers, ["阿明", "阿红"], "木禾茶器")
    (sheet,) = recognise(file).sheets
    assert (set(sheet.choices), sheet.proposed) == ({"1688-sold", "1688-bought"}, "1688-sold")
    with staged(tmp_path, file, choose="1688-sold") as found:
        assert found.one("SELECT format, rows_read, rows_used FROM source") == ("1688-sold", 4, 4)
        assert found.all("order_", "number", "buyer", "paid", "postage", "status", "created_at") == [
            ("28000000000000001", "阿明", 4600, 800, "to_ship", "2026-06-01 09:30:00"),
            ("28000000000000002", "阿红", 4600, 800, "to_ship", "2026-06-01 09:30:00"),
        ]
        assert found.all("line", "number", "name", "amount", "code") == [
            ("28000000000000001", "竹勺", 3000, "N-竹勺"),
            ("28000000000000001", "竹夹", 1000, "N-竹夹"),
            ("28000000000000002", "竹勺", 3000, "N-竹勺"),
            ("28000000000000002", "竹夹", 1000, "N-竹夹"),
        ]


def test_1688_orders_that_the_shop_placed_are_no_sales(headers, tmp_path: Path) -> None:
    file = tmp_path / "1688.xlsx"
    _merged_1688(file, headers, ["木禾茶器", "木禾茶器"], "供货商")
    (sheet,) = recognise(file, options=Options(own_names=("木禾茶器",))).sheets
    assert sheet.proposed == "1688-bought"
    with staged(tmp_path, file, choose="1688-bought") as found:
        assert found.rows("SELECT count(*) FROM order_") == [(0,)]
        assert found.one("SELECT rows_read, rows_used, rows_refused FROM source") == (4, 0, 4)
        assert found.one("SELECT packed IS NOT NULL FROM file") == 1
        assert [reason[:3] for reason in found.reasons()] == [("refused", "bought", row) for row in range(2, 6)]
        assert found.one("SELECT count(DISTINCT json_extract(args, '$.number')) FROM reason") == 2


def test_xiaohongshu(headers, tmp_path: Path) -> None:
    header = [name.replace("（支付金额）", "(支付金额)") for name in headers["xiaohongshu_orders_partial"]]
    row = {
        "订单号": "P100000000000000001", "订单状态": "待配货", "售后状态": "无售后", "小红书编码": "XHS-1", "SKU名称": "盖碗 白",
        "SKU件数": "2", "商品总价(元)": "1,280.00", "用户应付金额(元)": "1,300.50", "订单创建时间": "2026-06-01 10:00:00",
        "支付时间": "2026-06-01 10:01:00", "收件人姓名": "陈", "省": "上海", "市": "上海市", "区": "徐汇区", "收件人地址": "1号",
        "用户编号": "u88",
    }  # fmt: skip
    text = csv_text(
        header, row, row | {"小红书编码": "XHS-2", "SKU名称": "茶巾", "SKU件数": "1", "商品总价(元)": "20.50"}
    )
    with staged(tmp_path, text) as found:
        assert found.all("order_", "number", "paid", "status", "refund_state", "buyer", "address") == [
            ("P100000000000000001", 130050, "to_ship", "none", "u88", "上海 上海市 徐汇区 1号")
        ]
        assert found.all("line", "code", "qty", "amount", "price") == [
            ("XHS-1", 2, 128000, 64000),
            ("XHS-2", 1, 2050, 2050),
        ]


def test_weixin_shop(headers, tmp_path: Path) -> None:
    row = {
        "订单号": "3720000000001", "订单下单时间": "2026-06-01 10:00:00", "支付时间": "2026-06-01 10:00:30", "订单状态": "待发货",
        "商品发货": "未发货", "商品售后": "无售后", "商品编码(平台)": "10001", "SKU编码(自定义)": "WX-1", "商品名称": "茶叶罐",
        "商品数量": "1", "订单实际支付金额": "1,099.00", "收件人姓名": "周", "省": "四川省", "市": "成都市", "区": "锦江区",
        "收件人地址": "2号",
    }  # fmt: skip
    with staged(tmp_path, csv_text(headers["weixin_shop_orders_partial"], row)) as found:
        assert found.all("order_", "number", "paid", "status", "receiver", "region") == [
            ("3720000000001", 109900, "to_ship", "周", "四川省")
        ]
        assert found.all("line", "item_id", "code", "qty") == [("10001", "WX-1", 1)]
