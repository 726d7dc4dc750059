"""The real exports through the whole importer, into the shop and back out of it."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from shopdesk.core import channels, check
from shopdesk.core.shop import Shop
from shopdesk.customers import store
from shopdesk.exchange import commands
from tests.shop_files import header, orders_csv, table_csv

UCI_ROWS = 40_000


def bring(shop: Shop, *files: Path, **more) -> dict:
    """Import files; the sums that every import keeps are checked on the way."""
    result = commands.import_files(shop, files, **more)
    for kind in ("orders", "lines", "products", "customers", "reviews", "returns", "stock"):
        count = result[kind]
        assert count["new"] + count["changed"] + count["unchanged"] + count["refused"] == count["read"], kind
        assert count["warned"] <= count["read"], kind
    assert result["rows"]["used"] + result["rows"]["refused"] == result["rows"]["read"]
    return result


def one(shop: Shop, query: str) -> tuple:
    return tuple(shop.reader().execute(query).fetchone())


def test_the_toy_shop(shop: Shop, shared_data: Path):
    folder = shared_data / "taobao_toyshop"
    files = [folder / name for name in ("ExportOrderDetailList.csv", "Items_attribute.csv", "ExportOrderList.csv")]
    result = bring(shop, *files)
    assert (result["orders"]["new"], result["lines"]["new"], result["products"]["new"]) == (3989, 21897, 288)
    assert result["rows"] == {"read": 3989 + 21897 + 288, "used": 3989 + 21897 + 288, "refused": 0}
    assert one(shop, "SELECT count(*), sum(paid), sum(refunded > 0) FROM orders") == (3989, 28_965_594, 46)
    assert one(shop, "SELECT count(*), count(DISTINCT order_id), count(sku_id) FROM order_lines") == (
        21897,
        3989,
        21897,
    )
    again = bring(shop, *reversed(files))
    assert (again["orders"]["unchanged"], again["lines"]["unchanged"], again["products"]["unchanged"]) == (
        3989,
        21897,
        288,
    )
    assert list(check.faults(shop.path)) == []
    shop.undo()
    assert one(shop, "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM products)") == (0, 0)
    assert list(check.faults(shop.path)) == []


def test_the_orders_may_come_first_and_their_lines_later(shop: Shop, shared_data: Path):
    folder = shared_data / "taobao_toyshop"
    bring(shop, folder / "ExportOrderList.csv")
    result = bring(shop, folder / "ExportOrderDetailList.csv")
    assert (result["orders"]["read"], result["lines"]["new"], result["lines"]["refused"]) == (0, 21897, 0)
    assert one(shop, "SELECT count(*) FROM orders WHERE pieces = 0") == (0,)


def test_the_tmall_month(shop: Shop, shared_data: Path):
    result = bring(shop, shared_data / "tmall" / "tmall_order_report.csv")
    assert result["orders"]["new"] == 28_010
    assert one(shop, "SELECT count(*), sum(status = 'unpaid'), sum(refunded > 0) FROM orders") == (28_010, 3_923, 5_646)


def test_shopify_products_are_known_by_their_names_and_stock_joins_by_handle(shop: Shop, shared_data: Path):
    folder = shared_data / "shopify"
    result = bring(shop, *sorted(folder.glob("*.csv")))
    assert (result["orders"]["new"], result["lines"]["new"], result["products"]["new"]) == (57, 57, 27)
    assert one(shop, "SELECT count(*), count(sku_id), sum(code = '') FROM order_lines") == (57, 57, 57)
    with (folder / "inventory_export.csv").open(encoding="utf-8-sig", newline="") as stream:
        handles = {row["Handle"] for row in csv.DictReader(stream)}
    assert len(handles) == 7
    levels = shop.reader().execute(
        "SELECT count(DISTINCT s.product_id), count(DISTINCT s.id) FROM stock_moves m JOIN skus s ON s.id = m.sku_id"
    )
    assert tuple(levels.fetchone()) == (27, 95)
    assert one(shop, "SELECT count(*) FROM products") == (27 + 2,), "two are known by the names of sold lines only"


def test_woocommerce_products(shop: Shop, shared_data: Path):
    result = bring(shop, shared_data / "woocommerce" / "sample_products.csv")
    assert result["products"]["new"] > 10
    assert result["rows"]["refused"] == 0


def test_online_retail(tmp_path: Path, shared_data: Path):
    """The first rows of it; the sums of all are checked where it is read."""
    part = tmp_path / "retail.csv"
    with gzip.open(shared_data / "online_retail" / "online_retail.csv.gz", "rt", newline="") as stream:
        part.write_text("".join(line for line, _ in zip(stream, range(UCI_ROWS + 1), strict=False)))
    with part.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    cancelled = [row for row in rows if row["InvoiceNo"].startswith("C")]
    moved = [
        row
        for row in rows
        if Decimal(row["Quantity"]) < 0 and not Decimal(row["UnitPrice"]) and row["InvoiceNo"][0] != "C"
    ]
    total = sum(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in rows)
    shop = Shop.create(tmp_path / "retail.shop", name="Gifts", currency="GBP")
    result = bring(shop, part)
    assert result["rows"] == {"read": UCI_ROWS, "used": UCI_ROWS, "refused": 0}
    assert result["stock"]["new"] == len(moved) > 10
    assert result["returns"]["new"] == len({row["InvoiceNo"] for row in cancelled})
    assert result["lines"]["new"] == UCI_ROWS - len(cancelled) - len(moved)
    assert one(shop, "SELECT count(*) FROM return_lines") == (len(cancelled),)
    sold = one(shop, "SELECT sum(paid) FROM orders")[0] - one(shop, "SELECT sum(amount) FROM returns")[0]
    assert Decimal(sold) / 100 == total
    codes = shop.reader().execute(
        "SELECT DISTINCT code FROM skus WHERE code IN ('POST', 'D', 'M', 'BANK CHARGES', 'B')"
    )
    assert [row[0] for row in codes] == []
    linked = one(
        shop,
        "SELECT count(*), sum(o.buyer = r.buyer AND o.created_at <= r.opened_at) FROM returns r JOIN orders o ON o.id = r.order_id",
    )
    assert linked[0] == linked[1] > 0
    assert one(shop, "SELECT count(*) FROM stock_moves WHERE note <> ''")[0] > 0
    assert list(check.faults(shop.path)) == []
    shop.close()


# what strangers send


def purchases(tmp_path: Path, shared_data: Path, seller: str) -> Path:
    names = json.loads((shared_data / "headers.json").read_text(encoding="utf-8"))
    columns = next(value for key, value in names.items() if "1688" in key)
    row = {
        "订单编号": "3412345678901234567", "买家公司名": "小茶铺", "买家会员名": "xiaocha", "卖家公司名": seller, "卖家会员名": "mufang",
        "货品总价(元)": "88.00", "运费(元)": "8.00", "涨价或折扣(元)": "0.00", "实付款(元)": "96.00", "订单状态": "交易成功",
        "订单创建时间": "2026-11-01 10:00:00", "订单付款时间": "2026-11-01 10:05:00", "货品标题": "茶杯", "单价(元)": "8.80", "数量": "10",
    }  # fmt: skip
    path = tmp_path / "1688.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="raise")
        writer.writeheader()
        writer.writerow(row)
    return path


def test_1688_sold_and_bought(shop: Shop, shared_data: Path, tmp_path: Path):
    file = purchases(tmp_path, shared_data, "别人家")
    bought = commands.import_files(shop, [file], format_id="1688-bought")
    assert (bought["orders"]["read"], bought["orders"]["refused"], bought["rows"]["used"]) == (1, 1, 0)
    assert not commands.anything_used(bought)
    sold = bring(shop, file, format_id="1688-sold")
    assert sold["orders"]["new"] == 1
    assert one(shop, "SELECT paid, status FROM orders") == (9600, "done")


def test_what_is_too_large_or_no_text_is_refused_with_a_sentence(shop: Shop, tmp_path: Path):
    good = orders_csv(tmp_path / "good.csv", {"订单编号": "238604127755200001"})
    nul, wide, bomb = (tmp_path / name for name in ("nul.csv", "wide.csv", "bomb.xlsx"))
    nul.write_bytes(good.read_bytes() + b"a\0b,c\r\n")
    wide.write_bytes((",".join(header("ExportOrderList.csv")) + '\r\n"' + "x" * 1_100_000 + '"\r\n').encode())
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(520):
                sheet.write(b" " * 1_048_576)
    for file in (nul, wide, bomb):
        result = commands.import_files(shop, [file])
        (sentence,) = commands.refused_files(result)
        assert sentence.startswith(file.name)
        assert not commands.anything_used(result)
    result = bring(shop, nul, good, bomb)
    assert result["orders"]["new"] == 1
    assert len(commands.refused_files(result)) == 2


def test_naughty_strings_travel_through_our_own_layout(shop: Shop, shared_data: Path, tmp_path: Path):
    naughty = json.loads((shared_data / "bad" / "blns" / "blns.json").read_text(encoding="utf-8"))
    naughty = [text for text in naughty if text.strip()] + [" blank before", "tab after\t", "null", "-", "'", "''="]
    with shop.change("Channel", "channels") as db:
        channel = channels.add(db, platform="taobao", name="Muhe", currency="CNY")
    with shop.change("By hand", "customers"):
        for at, text in enumerate(naughty):
            person = store.add_customer(shop, channel_id=channel, handle=f"k{at}", name=text, note=text)
            store.log_contact(shop, customer_id=person, text=text)
    for xlsx in (False, True):
        kind = "xlsx" if xlsx else "csv"
        commands.export_tables(shop, tmp_path / kind, xlsx=xlsx)
        again = Shop.create(tmp_path / f"{kind}.shop", name="Again")
        bring(again, *sorted((tmp_path / kind).iterdir()))
        for table, column in (("customers", "name"), ("customers", "note"), ("customer_notes", "text")):
            found = [row[0] for row in again.reader().execute(f"SELECT {column} FROM {table} ORDER BY id")]
            assert found == naughty, (kind, table)
        assert list(check.faults(again.path)) == []
        again.close()


@pytest.mark.parametrize("name", ["=1+1", "<img src=x>", "+SUM(A1)", "@cmd", "-2"])
def test_cells_are_text(shop: Shop, tmp_path: Path, name: str):
    people = table_csv(
        tmp_path / "c.csv", "customers_export.csv", {"Customer ID": "'72", "First Name": name, "Email": "a@b.example"}
    )
    bring(shop, people)
    assert one(shop, "SELECT name FROM customers") == (name,)
