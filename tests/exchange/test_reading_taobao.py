"""Taobao's and Tmall's lists of orders with the nasty values that real ones hold; expected values by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.exchange.staged import TAOBAO, csv_text, staged


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
