"""The plan of an import: counts, cells to tick, lists of the preview, questions."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shopdesk.core import channels
from shopdesk.core.shop import Shop
from shopdesk.exchange import plan, preview, preview_changes, preview_lists
from shopdesk.exchange.commands import Importing
from shopdesk.exchange.own_formats import load_formats
from shopdesk.exchange.plan import KINDS, Choices
from tests.exchange.importing import imported, one, rows
from tests.shop_files import lines_csv, orders_csv, table_csv

FIRST = {"订单编号": "238604127755001"}
SECOND = {"订单编号": "238604127755002"}


@contextmanager
def planned(shop: Shop, *files: Path, choices: Choices | None = None) -> Iterator[Importing]:
    """An import that was read and compared."""
    with Importing(shop, files) as work:
        work.read()
        work.plan(choices or Choices())
        yield work


def test_changed_cells_tell_old_and_new(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    later = orders_csv(
        tmp_path / "b.csv", {**FIRST, "订单状态": "卖家已发货，等待买家确认", "买家实际支付金额": "60.00"}
    )
    with planned(shop, later) as work:
        con = work.connection()
        found = con.execute(preview_changes.CHANGES.query, {"after": 0, "limit": 50}).fetchall()
        assert sorted(preview_changes.change_cells(row, con)[1:] for row in found) == [
            ["Order status", "To ship", "→", "Shipped"], ["Paid by the buyer", "64.50", "→", "60.00"],
        ]  # fmt: skip


def test_her_edits_are_held_until_she_ticks_them(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    with shop.change("Edited", "orders") as db:
        db.execute("UPDATE orders SET address = 'Hers', edited = '[\"address\"]'")
    with planned(shop, orders_csv(tmp_path / "b.csv", {**FIRST, "收货地址 ": "别处"})) as work:
        con = work.connection()
        cell, held, ticked = con.execute("SELECT id, held, ticked FROM plan.cell WHERE field = 'address'").fetchone()
        assert (held, ticked) == ("edited", 0)
        assert preview_changes.changes(con) == (1, 1, 0)
        assert plan.counts(con)["orders"].changed == 0
        plan.tick(con, [cell], ticked=True)
        assert plan.counts(con)["orders"].changed == 1
        work.apply()
    assert one(shop, "SELECT address FROM orders") == "别处"


def test_an_unticked_change_stays_out(shop: Shop, tmp_path: Path) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    later = orders_csv(tmp_path / "b.csv", {**FIRST, "订单状态": "交易成功", "买家留言": "谢谢"})
    with planned(shop, later) as work:
        cell = work.connection().execute("SELECT id FROM plan.cell WHERE field = 'status'").fetchone()[0]
        plan.tick(work.connection(), [cell], ticked=False)
        work.apply()
    assert rows(shop, "SELECT status, buyer_note FROM orders") == [("to_ship", "谢谢")]


def test_a_plan_is_made_anew_when_the_shop_has_changed(shop: Shop, tmp_path: Path) -> None:
    files = [orders_csv(tmp_path / "a.csv", FIRST, SECOND), lines_csv(tmp_path / "l.csv", FIRST, SECOND)]
    with planned(shop, *files) as work:
        imported(shop, files[0])
        work.apply()
    assert rows(shop, "SELECT number, pieces FROM orders ORDER BY number") == [
        (FIRST["订单编号"], 1), (SECOND["订单编号"], 1),
    ]  # fmt: skip


def test_every_list_of_the_preview_can_be_read(shop: Shop, tmp_path: Path) -> None:
    review = {"title": "Nice", "body": "Good <b>cup</b>", "rating": "5", "review_date": "2026-11-20 10:00:00 UTC",
              "reviewer_name": "Ann", "reviewer_email": "ann@example.com", "product_handle": "cup"}  # fmt: skip
    files = (
        orders_csv(tmp_path / "o.csv", {**FIRST, "退款金额": "3.00"}, SECOND),
        lines_csv(tmp_path / "l.csv", FIRST, SECOND),
        table_csv(tmp_path / "p.csv", "products_export_en.csv", {"Handle": "cup", "Title": "Cup", "Variant Price": "5"}),
        table_csv(tmp_path / "i.csv", "inventory_export.csv", {"Handle": "cup", "Title": "Cup", "On hand (current)": "7"}),
        table_csv(tmp_path / "c.csv", "customers_export.csv", {"Customer ID": "'77", "Email": "ann@example.com",
                                                              "First Name": "Ann"}),
        table_csv(tmp_path / "r.csv", "reviews_export.csv", review),
    )  # fmt: skip
    with planned(shop, *files) as work:
        con = work.connection()
        counts = plan.counts(con)
        for kind in KINDS:
            assert counts[kind].new == counts[kind].read > 0, kind
            listing = preview_lists.records("new", kind)
            found = con.execute(listing.query, {"after": 0, "limit": 50}).fetchall()
            assert len(found) == counts[kind].new, kind
            assert all(len(listing.shown(row, con)) == len(listing.headings) for row in found)
            assert (
                con.execute(preview_lists.records("unchanged", kind).query, {"after": 0, "limit": 9}).fetchall() == []
            )
        work.apply()
    assert rows(shop, "SELECT stars, body, product_id IS NOT NULL, customer_id IS NOT NULL FROM reviews") == [
        (5, "Good <b>cup</b>", 1, 1)
    ]
    with planned(shop, *files) as work:
        con = work.connection()
        for kind, count in plan.counts(con).items():
            assert (count.unchanged, count.new) == (count.read, 0), kind
            listing = preview_lists.records("unchanged", kind)
            assert len(con.execute(listing.query, {"after": 0, "limit": 50}).fetchall()) == count.read, kind


def test_cards_say_what_a_file_is(shop: Shop, tmp_path: Path) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("alpha,beta\n1,2\n", encoding="utf-8")
    with planned(shop, orders_csv(tmp_path / "o.csv", FIRST), strange) as work:
        cards = {card.file: card for card in preview.cards(work.connection(), load_formats())}
    known, unknown = cards["o.csv"], cards["strange.csv"]
    assert (known.encoding, known.rows, known.refused, known.unknown) == ("GBK", 1, "", False)
    used = {column.name.strip(): column.fills for column in known.columns}
    assert (used["订单编号"], used["店铺Id"] != "") == ("Order number", True)
    assert (unknown.unknown, unknown.header) == (True, ("alpha", "beta"))
    assert unknown.refused


def test_the_channel_is_asked_where_the_file_is_silent(shop: Shop, tmp_path: Path) -> None:
    with shop.change("Channels", "channels") as db:
        north = channels.add(db, platform="shopify", name="North", currency="USD")
        channels.add(db, platform="shopify", name="South", currency="USD")
    stock = table_csv(
        tmp_path / "i.csv", "inventory_export.csv", {"Handle": "cup", "Title": "Cup", "On hand (current)": "7"}
    )
    with planned(shop, stock) as work:
        assert preview.questions(work.connection()) == [("shopify", "")]
        work.plan(Choices(channels={("shopify", ""): north}))
        assert preview.questions(work.connection()) == []
        work.apply()
    assert one(shop, "SELECT channel_id FROM skus") == north


@pytest.fixture
def sheet_1688(tmp_path: Path, shared_data: Path) -> Path:
    """Two orders in 1688's columns."""
    header = json.loads((shared_data / "headers.json").read_text("utf-8"))["1688_orders_49"]
    row = dict.fromkeys(header, "") | {
        "买家公司名": "某某公司", "买家会员名": "buyer1", "卖家会员名": "seller1", "货品总价(元)": "10.00", "运费(元)": "0.00",
        "涨价或折扣(元)": "0.00", "实付款(元)": "10.00", "订单状态": "交易成功", "订单创建时间": "2026-11-20 10:00:00",
        "订单付款时间": "2026-11-20 10:01:00", "货品标题": "纸盒", "单价(元)": "1.00", "数量": "10",
    }  # fmt: skip
    path = tmp_path / "1688.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        for number in ("4000000000000000001", "4000000000000000002"):
            writer.writerow({**row, "订单编号": number, "买家会员名": f"b{number[-1]}"})
    return path


def test_bought_1688_orders_are_kept_and_refused(shop: Shop, sheet_1688: Path) -> None:
    found = imported(shop, sheet_1688, format_id="1688-bought")
    assert one(shop, "SELECT count(*) FROM orders") == 0
    assert found["rows"] == {"read": 2, "used": 0, "refused": 2}
    assert one(shop, "SELECT count(*) FROM blobs WHERE kind = 'original'") == 1


def test_sold_1688_orders_go_in(shop: Shop, sheet_1688: Path) -> None:
    assert imported(shop, sheet_1688, format_id="1688-sold")["orders"]["new"] == 2
