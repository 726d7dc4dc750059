"""Importing into a shop: new and known orders, the same again, hers and theirs, undo."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from shopdesk.core import backup, blobs, channels, search, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.exchange.commands import export_tables
from shopdesk.inventory.verbs import edit_skus
from tests.exchange.importing import everything, imported, one, rows
from tests.shop_files import lines_csv, orders_csv, table_csv

FIRST = {"订单编号": "238604127755001"}
SECOND = {"订单编号": "238604127755002", "买家会员名": "茶语", "买家实际支付金额": "0.00", "订单状态": "等待买家付款",
          "订单付款时间 ": ""}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    orders = orders_csv(tmp_path / "orders.csv", FIRST, SECOND)
    lines = lines_csv(
        tmp_path / "lines.csv",
        FIRST,
        {**FIRST, "标题": "茶巾", "商家编码": "T-1", "价格": "10.00"},
        {"订单编号": SECOND["订单编号"]},
    )
    return orders, lines


def test_orders_and_lines_of_two_files_become_one_step(shop: Shop, files: tuple[Path, Path]) -> None:
    found = imported(shop, files[1], files[0])
    assert found["orders"]["new"] == 2
    assert found["lines"]["new"] == 3
    assert rows(shop, "SELECT number, status, paid, pieces, title FROM orders ORDER BY number") == [
        ("238604127755001", "to_ship", 6450, 2, "茶杯"), ("238604127755002", "unpaid", 0, 1, "茶杯"),
    ]  # fmt: skip
    assert one(shop, "SELECT sum(share) FROM order_lines WHERE order_id = (SELECT min(id) FROM orders)") == 6450
    assert one(shop, "SELECT count(*) FROM journal_steps") == 1
    assert shop.last_step().label == "Imported orders.csv and 1 more"


def test_buyers_and_items_are_made_once(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    assert sorted(rows(shop, "SELECT handle FROM customers")) == [("小茶客",), ("茶语",)]
    assert sorted(rows(shop, "SELECT key FROM skus")) == [("code:CUP-1",), ("code:T-1",)]
    assert rows(shop, "SELECT platform, name, shop_id FROM channels") == [("taobao", "木禾茶器", "10482")]


def test_the_original_is_kept_and_a_backup_was_made(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    for file in files:
        name = one(shop, f"SELECT sha256 FROM imports WHERE file_name = '{file.name}'")
        assert blobs.get(shop.reader(), name) == file.read_bytes()
    assert [made.why for made in backup.listed(shop.path)] == ["import"]


def test_new_orders_can_be_found(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    for word in ("茶巾", "55001", "xck", "T-1"):
        assert search.find(shop.reader(), "orders", word) == [1], word


def test_the_same_files_again_change_nothing(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    before = everything(shop)
    changes = shop.changes()
    found = imported(shop, *files)
    assert found["orders"] == {"read": 2, "new": 0, "changed": 0, "unchanged": 2, "refused": 0, "warned": 0}
    assert found["lines"]["unchanged"] == 3
    assert everything(shop) == before
    assert shop.changes() == changes


def test_the_same_file_after_other_work_changes_nothing(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    with shop.change("Noted", "orders") as db:
        db.execute("UPDATE orders SET seller_note = 'wrap it' WHERE id = 2")
    before = everything(shop)
    assert imported(shop, *files)["orders"]["unchanged"] == 2
    assert everything(shop) == before


def test_undo_takes_the_whole_import_back_and_redo_brings_it_again(shop: Shop, files: tuple[Path, Path]) -> None:
    empty = everything(shop)
    imported(shop, *files)
    full = everything(shop)
    shop.undo()
    assert everything(shop) == empty
    shop.redo()
    assert everything(shop) == full
    shop.undo()
    assert imported(shop, *files)["orders"]["new"] == 2


def test_a_status_goes_forward_with_an_event_and_a_time(shop: Shop, tmp_path: Path, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    later = orders_csv(
        tmp_path / "later.csv", {**FIRST, "订单状态": "卖家已发货，等待买家确认", "物流单号 ": "No:SF1402"}
    )
    found = imported(shop, later)
    assert (found["orders"]["changed"], found["orders"]["unchanged"]) == (1, 0)
    assert rows(shop, "SELECT status, tracking FROM orders WHERE number = '238604127755001'") == [("shipped", "SF1402")]
    assert rows(shop, "SELECT status, at FROM order_events WHERE order_id = 1 ORDER BY id") == [
        ("to_ship", "2026-11-24 09:12:00"), ("shipped", "2026-11-24 14:50:00"),
    ]  # fmt: skip


def test_an_import_that_ships_an_order_keeps_when_it_had_to_leave(
    shop: Shop, tmp_path: Path, files: tuple[Path, Path]
) -> None:
    imported(shop, *files)
    waited = rows(shop, "SELECT ship_by FROM orders WHERE id = 1")
    imported(shop, orders_csv(tmp_path / "later.csv", {**FIRST, "订单状态": "卖家已发货，等待买家确认"}))
    with shop.change("Cut-off", "settings") as db:
        settings.put(db, "cutoff", "11:00")
    assert waited == [("2026-11-24 17:00:00",)]
    assert rows(shop, "SELECT ship_by FROM orders WHERE id = 1") == waited
    assert rows(shop, "SELECT status, due_at FROM order_events WHERE order_id = 1 ORDER BY id") == [
        ("to_ship", None), ("shipped", *waited[0]),
    ]  # fmt: skip


def test_a_status_never_goes_backward_silently(shop: Shop, tmp_path: Path) -> None:
    newer = orders_csv(tmp_path / "newer.csv", {**FIRST, "订单状态": "交易成功"})
    older = orders_csv(tmp_path / "older.csv", {**FIRST, "订单状态": "买家已付款，等待卖家发货"})
    imported(shop, newer)
    found = imported(shop, older)
    assert one(shop, "SELECT status FROM orders") == "done"
    assert found["orders"]["unchanged"] == 1
    assert [reason["level"] for reason in found["reasons"] if "later status" in reason["text"]] == ["warned"]


def test_what_the_owner_edited_is_kept(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    with shop.change("Edited", "orders") as db:
        db.execute("UPDATE orders SET address = 'Her own', edited = '[\"address\"]'")
    again = orders_csv(tmp_path / "b.csv", {**FIRST, "收货地址 ": "别处", "买家留言": "请放快递柜"})
    imported(shop, again)
    assert rows(shop, "SELECT address, buyer_note FROM orders") == [("Her own", "请放快递柜")]


def test_masked_values_do_not_replace_what_is_known(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    imported(shop, orders_csv(tmp_path / "b.csv", {**FIRST, "收货人姓名": "王*", "联系手机": "186****5678"}))
    assert rows(shop, "SELECT receiver, phone FROM orders") == [("王小明", "18612345678")]


def test_lines_alone_join_the_orders_that_are_there(shop: Shop, tmp_path: Path, files: tuple[Path, Path]) -> None:
    refused = imported(shop, files[1])
    assert refused["lines"] == {"read": 3, "new": 0, "changed": 0, "unchanged": 0, "refused": 3, "warned": 0}
    assert refused["rows"] == {"read": 3, "used": 0, "refused": 3}
    assert "Import the list of orders first" in refused["reasons"][0]["text"]
    imported(shop, files[0])
    assert imported(shop, files[1])["lines"]["new"] == 3
    assert rows(shop, "SELECT pieces, title FROM orders ORDER BY number") == [(2, "茶杯"), (1, "茶杯")]


def test_orders_without_lines_are_told(shop: Shop, files: tuple[Path, Path]) -> None:
    found = imported(shop, files[0])
    assert found["orders"]["warned"] == 2
    assert any("without lines" in reason["text"] for reason in found["reasons"])


def test_lines_with_other_keys_are_the_same_lines(shop: Shop, tmp_path: Path, files: tuple[Path, Path]) -> None:
    """The short list of lines numbers them by place, the long one by the platform's ids."""
    imported(shop, *files)
    header = ["子订单编号", "主订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注", "订单状态",
              "商家编码", "支付单号", "买家应付货款", "买家实际支付金额", "退款状态", "退款金额", "订单创建时间", "订单付款时间", "商品id",
              "分阶段订单信息", "主订单备注", "主订单买家留言", "发货时间", "物流单号", "物流公司", "是否赔付", "赔付金额", "赔付出账时间"]  # fmt: skip
    row = dict.fromkeys(header, "") | {
        "主订单编号": "238604127755001", "购买数量": "1", "订单状态": "买家已付款，等待卖家发货", "退款状态": "没有申请退款",
        "订单创建时间": "2026-11-24 09:10:00", "订单付款时间": "2026-11-24 09:12:00",
    }  # fmt: skip
    long = tmp_path / "long.csv"
    with long.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        writer.writerow({**row, "子订单编号": "2386041277550019", "标题": "茶杯", "价格": "58.50", "商家编码": "CUP-1"})
        writer.writerow({**row, "子订单编号": "2386041277550018", "标题": "茶巾", "价格": "10.00", "商家编码": "T-1"})
    imported(shop, long, channel="木禾茶器")
    assert one(shop, "SELECT count(*) FROM order_lines WHERE order_id = 1") == 2


def test_a_refund_makes_one_return_and_goes_forward(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    found = imported(shop, orders_csv(tmp_path / "b.csv", {**FIRST, "退款金额": "12.00"}))
    assert found["returns"]["new"] == 1
    found = imported(shop, orders_csv(tmp_path / "c.csv", {**FIRST, "退款金额": "64.50"}))
    assert found["returns"]["changed"] == 1
    assert rows(shop, "SELECT number, kind, state, amount FROM returns") == [
        ("238604127755001", "refund", "refunded", 6450)
    ]
    assert one(shop, "SELECT refund_state FROM orders") == "full"


def test_stock_sets_levels_and_the_same_level_is_no_new_move(shop: Shop, tmp_path: Path) -> None:
    row = {"Handle": "cup", "Title": "Cup", "Option1 Name": "Size", "Option1 Value": "S", "Location": "Home",
           "On hand (current)": "7", "Available (not editable)": "7"}  # fmt: skip
    stock = table_csv(tmp_path / "stock.csv", "inventory_export.csv", row)
    assert imported(shop, stock)["stock"]["new"] == 1
    other = table_csv(tmp_path / "other.csv", "inventory_export.csv", {**row, "Available (not editable)": "6"})
    assert imported(shop, other)["stock"] == {
        "read": 1, "new": 0, "changed": 0, "unchanged": 1, "refused": 0, "warned": 0,
    }  # fmt: skip
    more = table_csv(tmp_path / "more.csv", "inventory_export.csv", {**row, "On hand (current)": "9"})
    assert imported(shop, more)["stock"]["changed"] == 1
    assert rows(shop, "SELECT level FROM stock_moves") == [(7,), (9,)]
    assert one(shop, "SELECT on_hand FROM skus") == 9


def test_the_bin_of_a_stock_file_becomes_the_shelf(shop: Shop, tmp_path: Path) -> None:
    row = {"Handle": "cup", "Title": "Cup", "SKU": "CUP-1", "Location": "Home", "Bin name": "A-03",
           "On hand (current)": "7"}  # fmt: skip
    other = row | {"SKU": "CUP-2", "Bin name": ""}
    found = imported(shop, table_csv(tmp_path / "stock.csv", "inventory_export.csv", row, other))
    assert found["stock"]["new"] == 2
    assert rows(shop, "SELECT code, shelf FROM skus ORDER BY code") == [("CUP-1", "A-03"), ("CUP-2", "")]
    moved = [row | {"Bin name": "B-11"}, other | {"Bin name": "B-12"}]
    found = imported(shop, table_csv(tmp_path / "moved.csv", "inventory_export.csv", *moved))
    assert (found["stock"]["new"], found["stock"]["changed"]) == (0, 2)
    assert rows(shop, "SELECT code, shelf FROM skus ORDER BY code") == [("CUP-1", "B-11"), ("CUP-2", "B-12")]
    assert search.find(shop.reader(), "skus", "B-11") == [one(shop, "SELECT id FROM skus WHERE code = 'CUP-1'")]
    edit_skus(shop, ids=[one(shop, "SELECT id FROM skus WHERE code = 'CUP-1'")], values={"shelf": "C-01"})
    back = imported(shop, table_csv(tmp_path / "back.csv", "inventory_export.csv", row, other))
    assert back["stock"]["changed"] == 0
    assert one(shop, "SELECT shelf FROM skus WHERE code = 'CUP-1'") == "C-01"


def test_which_shop_must_be_said_when_there_are_two(shop: Shop, tmp_path: Path, files: tuple[Path, Path]) -> None:
    with shop.change("Channels", "channels") as db:
        channels.add(db, platform="shopify", name="North", currency="USD")
        channels.add(db, platform="shopify", name="South", currency="USD")
    stock = table_csv(
        tmp_path / "stock.csv", "inventory_export.csv", {"Handle": "cup", "Title": "Cup", "On hand (current)": "7"}
    )
    with pytest.raises(ShopError, match="North, South"):
        imported(shop, stock)
    imported(shop, stock, channel="South")
    assert one(shop, "SELECT c.name FROM skus s JOIN channels c ON c.id = s.channel_id") == "South"


def test_a_dry_run_writes_nothing(shop: Shop, files: tuple[Path, Path]) -> None:
    before = (everything(shop), shop.changes())
    found = imported(shop, *files, dry_run=True)
    assert found["orders"]["new"] == 2
    assert (everything(shop), shop.changes()) == before
    assert backup.listed(shop.path) == []


def test_an_unknown_file_is_refused_and_the_others_go_in(shop: Shop, tmp_path: Path, files: tuple[Path, Path]) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("alpha,beta\n1,2\n", encoding="utf-8")
    found = imported(shop, strange, *files)
    assert found["orders"]["new"] == 2
    assert [r["file"] for r in found["reasons"] if r["level"] == "refused"] == ["strange.csv"]


def test_imports_remember_what_became_of_them(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, files[0])
    counts, reasons = rows(shop, "SELECT counts, reasons FROM imports")[0]
    assert json.loads(counts)["kinds"]["orders"]["new"] == 2
    assert json.loads(reasons)[0]["code"] == "no-lines"


# Real exports


def test_the_toy_shop(shop: Shop, shared_data: Path) -> None:
    folder = shared_data / "taobao_toyshop"
    files = [folder / name for name in ("Items_attribute.csv", "ExportOrderDetailList.csv", "ExportOrderList.csv")]
    found = imported(shop, *files)
    assert found["orders"]["new"] == 3989
    assert found["lines"]["new"] == 21897
    assert found["products"]["new"] == 288
    assert found["returns"]["new"] == 46
    assert found["rows"] == {"read": 26174, "used": 26174, "refused": 0}
    assert one(shop, "SELECT sum(paid) FROM orders") == 28965594
    assert imported(shop, *files)["lines"]["unchanged"] == 21897


def test_the_tmall_month(shop: Shop, shared_data: Path) -> None:
    found = imported(shop, shared_data / "tmall" / "tmall_order_report.csv")
    assert found["orders"]["new"] == 28010
    assert one(shop, "SELECT count(*) FROM orders WHERE status = 'unpaid'") == 3923


def test_shopify_without_skus(shop: Shop, shared_data: Path) -> None:
    folder = shared_data / "shopify"
    assert imported(shop, folder / "orders_export.csv")["orders"]["new"] == 57
    before = one(shop, "SELECT count(*) FROM skus")
    imported(shop, folder / "products_export.csv")
    made = one(shop, "SELECT count(*) FROM skus")
    imported(shop, folder / "inventory_export.csv")
    assert one(shop, "SELECT count(*) FROM skus") == made > before
    assert one(shop, "SELECT count(DISTINCT item_id) FROM skus WHERE on_hand IS NOT NULL") >= 7


def test_lines_that_she_changed_by_hand_stay_hers(shop: Shop, files: tuple[Path, Path]) -> None:
    imported(shop, *files)
    with shop.change("Edited", "orders") as db:
        db.execute("UPDATE order_lines SET qty = 5 WHERE order_id = 1 AND code = 'CUP-1'")
        db.execute("UPDATE order_lines SET deleted_at = '2026-11-24 10:00:00' WHERE order_id = 1 AND code = 'T-1'")
        db.execute("UPDATE orders SET edited = '[\"lines\"]' WHERE id = 1")
    before = everything(shop)
    imported(shop, *files)
    assert everything(shop) == before


def test_own_tables_and_a_platforms_files_come_in_one_drop(shop: Shop, tmp_path: Path) -> None:
    refunded = {"订单编号": "238604127755009", "退款金额": "10.00"}
    old = orders_csv(tmp_path / "old.csv", FIRST, refunded)
    imported(shop, old)
    own = [tmp_path / "out" / name for name in export_tables(shop, tmp_path / "out")]
    other = Shop.create(tmp_path / "other.shop", name="Other")
    newer = orders_csv(tmp_path / "newer.csv", FIRST, SECOND, {**refunded, "订单编号": "238604127755010"})
    imported(other, *own, newer)
    assert one(other, "SELECT count(*) FROM orders") == 4
    assert one(other, "SELECT count(DISTINCT number) FROM orders") == 4
    again = imported(other, newer, *own)
    assert [again[kind]["new"] for kind in ("orders", "lines", "returns", "customers")] == [0, 0, 0, 0]
    other.close()


def test_own_rows_of_orders_that_come_in_the_same_drop_count(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "orders.csv", FIRST))
    with shop.change("Return", "orders") as db:
        order = one(shop, "SELECT id FROM orders")
        db["returns"].insert(
            {"channel_id": 1, "number": "R-1", "order_id": order, "kind": "return", "state": "open", "currency": "CNY",
             "amount": 100, "opened_at": "2026-11-20 09:00:00"}
        )  # fmt: skip
    own = [tmp_path / "out" / name for name in export_tables(shop, tmp_path / "out") if name == "returns.csv"]
    other = Shop.create(tmp_path / "other.shop", name="Other")
    imported(other, *own, tmp_path / "orders.csv")
    assert one(other, "SELECT returns_open FROM orders") == 1
    other.close()


def test_an_own_row_that_the_shop_cannot_hold_is_refused_and_counted(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "orders.csv", FIRST, SECOND))
    export_tables(shop, tmp_path / "out")
    file = tmp_path / "out" / "customers.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        names = list(csv.DictReader(stream))
    names[0]["sex"] = "robot"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, names[0])
        writer.writeheader()
        writer.writerows(names)
    other = Shop.create(tmp_path / "other.shop", name="Other")
    found = imported(other, tmp_path / "out" / "channels.csv", file)
    assert (found["customers"]["new"], found["customers"]["refused"]) == (len(names) - 1, 1)
    assert "none that the shop can hold" in " ".join(reason["text"] for reason in found["reasons"])
    assert one(other, "SELECT count(*) FROM customers") == found["customers"]["new"]
    other.close()
