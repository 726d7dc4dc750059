"""The real exports, and the figures that must come out of them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from shopdesk.core.process import Cancelled
from shopdesk.exchange.packing import packed_bytes
from shopdesk.exchange.reading import Progress, recognise, stage
from tests.exchange.staged import staged


def test_toy_shop(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "taobao_toyshop"
    files = [folder / name for name in ("ExportOrderDetailList.csv", "ExportOrderList.csv", "Items_attribute.csv")]
    with staged(tmp_path, *files) as found:
        assert found.rows("SELECT format, encoding, rows_read, rows_used, rows_refused FROM source") == [
            ("toyshop-products", "gb18030", 288, 288, 0),
            ("taobao-orders", "utf-8-sig", 3989, 3989, 0),
            ("taobao-lines", "utf-8-sig", 21897, 21897, 0),
        ]
        assert found.one("SELECT count(*), sum(paid), sum(refunded > 0), count(DISTINCT number) FROM order_") == (
            3989,
            28_965_594,
            46,
            3989,
        )
        assert found.one("SELECT count(*), count(order_id) FROM line") == (21897, 21897)
        assert found.one("SELECT count(*) FROM product") == 288
        assert found.one("SELECT period_from, period_to FROM source WHERE id = 2") == (
            "2017-05-01 00:00:00",
            "2017-05-30 23:18:00",
        )
        assert [reason[:3] for reason in found.reasons()] == [("warned", "damaged", None), ("warned", "damaged", None)]
        assert found.one("SELECT count(*) FROM line WHERE status = 'closed'") == 73


def test_the_original_is_kept_and_known(shared_data: Path, tmp_path: Path) -> None:
    import hashlib

    file = shared_data / "taobao_toyshop" / "Items_attribute.csv"
    with staged(tmp_path, file) as found:
        sha, size, packed = found.one("SELECT sha256, size, packed FROM file")
        original = file.read_bytes()
        assert (sha, size) == (hashlib.sha256(original).hexdigest(), len(original))
        assert zlib.decompress(packed_bytes(Path(packed))) == original


def test_tmall_month(shared_data: Path, tmp_path: Path) -> None:
    with staged(tmp_path, shared_data / "tmall" / "tmall_order_report.csv") as found:
        assert found.one("SELECT count(*), sum(status = 'unpaid'), sum(refunded > 0) FROM order_") == (
            28010,
            3923,
            5646,
        )
        assert found.rows(
            "SELECT total, paid, refunded, refund_state, status, region FROM order_ WHERE number IN ('1', '2', '5', '6') ORDER BY id"
        ) == [
            (17880, 0, 0, None, "unpaid", "上海"),
            (2100, 2100, 0, None, "done", "内蒙古自治区"),
            (6480, 6480, 6480, "full", "done", "江苏省"),
            (32770, 32770, 17880, "partial", "done", "浙江省"),
        ]
        assert found.reasons() == []


def test_online_retail(shared_data: Path, tmp_path: Path) -> None:
    with staged(tmp_path, shared_data / "online_retail" / "online_retail.csv.gz") as found:
        assert found.one("SELECT rows_read, rows_used, rows_refused, currency, rounded_off FROM source") == (
            541_909,
            541_909,
            0,
            "GBP",
            "0.004",
        )
        orders, returns, moves = (
            found.one(f"SELECT count(*) FROM {table}") for table in ("order_", "return_", "stock")
        )
        assert (orders, returns, moves) == (20_728, 3_836, 1_336)
        assert orders + returns + moves == 25_900
        assert found.one("SELECT count(*) FROM return_line") == 9_288
        lines, sold = found.one("SELECT count(*), sum(amount) FROM line")
        back = found.one("SELECT sum(amount) FROM return_line")
        assert lines + 9_288 + 1_336 == 541_909
        assert (sold - back) / 100 + 0.004 == pytest.approx(9_747_747.934, abs=1e-6)
        assert found.one("SELECT sum(total) FROM order_") == sold
        assert found.one("SELECT sum(amount) FROM return_") == back
        assert found.rows("SELECT code, count(*) FROM reason GROUP BY 1") == [("rounded", 4)]
        assert set(found.rows("SELECT DISTINCT code FROM line WHERE kind = 'charge'")) == {
            (code,) for code in ("POST", "DOT", "M", "m", "C2", "S", "BANK CHARGES", "AMAZONFEE", "B")
        }
        assert found.one("SELECT count(*) FROM return_line WHERE kind = 'discount'") == 77
        assert found.rows("SELECT row, kind, qty, note, code, at FROM stock WHERE row = 50851") == [
            (50851, "move", -2600, "mouldy, thrown away.", "22617", "2011-01-10 10:36:00")
        ]
        assert found.one("SELECT count(*) FROM person") == 4_372
        assert found.rows("SELECT buyer, at, amount FROM return_ WHERE number = 'C536379'") == [
            ("14527", "2010-12-01 09:41:00", 2750)
        ]


def test_equal_rows_stay_lines(shared_data: Path, tmp_path: Path) -> None:
    with gzip.open(shared_data / "online_retail" / "online_retail.csv.gz", "rt") as text:
        header, first = next(text), next(text)
    with staged(tmp_path, header + first + first) as found:
        assert found.all("line", "number", "position", "line_key", "amount") == [
            ("536365", 1, "1", 1530),
            ("536365", 2, "2", 1530),
        ]


def test_shopify_shops(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "shopify"
    with staged(tmp_path, *sorted(folder.glob("*.csv"))) as found:
        assert found.rows("SELECT format, rows_read, rows_refused FROM source") == [
            ("shopify-products", 115, 0),
            ("shopify-inventory", 67, 0),
            ("shopify-orders", 57, 0),
        ]
        assert found.one("SELECT count(*), count(DISTINCT number), sum(currency = 'BDT') FROM order_") == (57, 57, 57)
        assert found.one("SELECT count(*), sum(code IS NULL AND name IS NOT NULL) FROM line") == (57, 57)
        assert found.one(
            "SELECT count(DISTINCT item_id), count(*) FROM stock WHERE item IN (SELECT item FROM sku)"
        ) == (7, 67)
        assert found.one("SELECT count(*) FROM product") == 27


@pytest.mark.parametrize(
    "name",
    ["example-alipay-records.csv", "example-wechat-records.csv", "example-jd-records.csv", "example-mt-records.csv"],
)
def test_bills_are_shown_with_their_header_though_unknown(shared_data: Path, name: str) -> None:
    (sheet,) = recognise(shared_data / "payments_cn" / name).sheets
    assert sheet.format is None
    assert sheet.header_row > 10
    assert "交易" in sheet.header[0]


def test_an_unknown_file_is_left_to_the_mapping_screen(tmp_path: Path) -> None:
    with staged(tmp_path, "单号,品名,数量\n1,茶杯,2\n") as found:
        assert found.refused() == ["The layout of this file is not known."]
        assert found.rows("SELECT format, header, rows_read FROM source") == [(None, '["单号", "品名", "数量"]', 0)]


def test_a_mapping_of_the_owner_reads_it(tmp_path: Path) -> None:
    from shopdesk.exchange.guessing import mapping_to_format

    columns = {
        "单号": "order.number",
        "品名": "line.name",
        "数量": "line.qty",
        "单价": "line.price",
        "状态": "order.status",
    }
    made = mapping_to_format("市集", list(columns), columns, rows="line", platform="market", currency="CNY")
    text = "单号,品名,数量,单价,状态\n1,茶杯,2,9.90,已发货\n1,茶盘,1,88,已发货\n2,茶刷,1,6,待付款\n"
    with staged(tmp_path, text, saved=(made,)) as found:
        assert found.all("order_", "number", "status", "platform") == [
            ("1", "shipped", "market"),
            ("2", "unpaid", "market"),
        ]
        assert found.all("line", "name", "amount") == [("茶杯", 1980), ("茶盘", 8800), ("茶刷", 600)]


def test_progress_is_heard_and_stopping_stops(shared_data: Path, tmp_path: Path) -> None:
    file = tmp_path / "retail.csv"
    file.write_bytes(gzip.decompress((shared_data / "online_retail" / "online_retail.csv.gz").read_bytes()))
    heard: list[Progress] = []

    def stop() -> bool:
        return bool(heard) and heard[-1].done > 0.2

    with pytest.raises(Cancelled):
        stage([file], staging_path=tmp_path / "staging.db", progress=heard.append, cancelled=stop)
    assert heard[0].name == "retail.csv"
    assert [step.done for step in heard] == sorted(step.done for step in heard)


def test_the_same_order_in_two_files_goes_forward(shared_data: Path, tmp_path: Path) -> None:
    head = "主订单编号,子订单编号,选购商品,商品数量,商品单价,订单应付金额,订单状态,订单提交时间,快递\n"
    early = (
        head
        + "\t700,\t7001,茶杯,1,9.00,9.00,待发货,2026-06-01 10:00:00,\n\t701,\t7011,茶盘,1,5.00,5.00,待支付,2026-06-01 11:00:00,\n"
    )
    late = head + "\t700,\t7001,茶杯,1,9.00,9.00,已发货,2026-06-01 10:00:00,\n"
    with staged(tmp_path, late, early) as found:
        assert found.rows("SELECT number, status, source FROM order_ WHERE merged_into IS NULL ORDER BY number") == [
            ("700", "shipped", 1),
            ("701", "unpaid", 2),
        ]
        assert found.rows("SELECT count(*) FROM line WHERE merged_into IS NULL") == [(2,)]
        assert found.rows("SELECT DISTINCT o.merged_into FROM line l JOIN order_ o ON o.id = l.order_id") == [(None,)]


def test_equal_numbers_of_two_shops_stay_apart(shared_data: Path, tmp_path: Path) -> None:
    text = (shared_data / "shopify" / "orders_export.csv").read_text(encoding="utf-8")
    other = text.replace("2026-01-24 17:34:28", "2025-03-03 08:00:00")
    with staged(tmp_path, text, other) as found:
        assert found.rows(
            "SELECT created_at FROM order_ WHERE number = '#1001' AND merged_into IS NULL ORDER BY 1"
        ) == [
            ("2025-03-03 08:00:00",),
            ("2026-01-24 17:34:28",),
        ]
        assert found.one("SELECT count(*) FROM order_ WHERE merged_into IS NULL") == 58
