"""The other Chinese platforms' files with the nasty values that real ones hold; expected values by hand."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from shopdesk.exchange.reading import Options, recognise
from tests.exchange.staged import csv_text, staged


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
