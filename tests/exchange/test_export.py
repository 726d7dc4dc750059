"""Tables and views out, and everything back into a new shop."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import python_calamine

from shopdesk.core import blobs, check
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.exchange import own
from shopdesk.exchange.cells import guarded
from shopdesk.exchange.commands import export_tables, import_files
from shopdesk.exchange.export import write_view
from shopdesk.exchange.own_formats import load_formats
from tests.exchange.importing import imported, one, rows
from tests.shop_files import lines_csv, orders_csv

NAUGHTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tTab", "'", "''=1", "null", "N/A", "-", "0", "  blanks  ", "<b>bold</b>", "a,b;c\td",
    'say "hi"', "line\nfeed", "carriage\r\nreturn", "中文，全角", "😀", "\u202etxet", "1E+17", "00123", "TRUE", "{n}", "%s",
    "_x000D_", "#REF!", "=HYPERLINK(\"http://x\")", "\ufeffmark", "０１２", "\u3000", "e\u0301",
]  # fmt: skip
NO_XML = [
    "\ufffe", "\uffff", "a\ufffeb\uffff", "_xFFFE_", "_xffff_", "_x005F_", "_x005F_xFFFE_", "_x005F\ufffe", "_\uffffx005F_",
    "_x0001_", "_x0001_x0002_", "_x0001\x02", "\\uFFFE", "\\\\uFFFF\uffff", "\x01\x1f\x7f\x85", "=\ufffe", "'\uffff'", "\ufdd0\U0001ffff",
]  # fmt: skip
FIRST = {"订单编号": "238604127755001"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200


class Silent:
    """A task that nobody watches."""

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Nothing."""


@pytest.fixture
def full(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with something in every table."""
    orders = orders_csv(tmp_path / "o.csv", {**FIRST, "退款金额": "3.00"}, {"订单编号": "238604127755002"})
    imported(shop, orders, lines_csv(tmp_path / "l.csv", FIRST, {"订单编号": "238604127755002"}))
    with shop.change("Filled", "orders") as db:
        picture = blobs.put_picture(db, PNG)
        db.execute(
            "UPDATE skus SET picture = ?, cost = 1234, min_qty = 3, shelf = '=A1', edited = '[\"cost\"]'", (picture,)
        )
        db.execute("INSERT INTO stock_moves (sku_id, at, kind, level) VALUES (1, '2026-11-01 08:00:00', 'level', 9)")
        for _ in range(2):
            db.execute(
                "INSERT INTO stock_moves (sku_id, at, kind, qty) VALUES (1, '2026-11-02 08:00:00', 'receive', 5)"
            )
        db.execute(
            "UPDATE orders SET problem = 'other', problem_note = '=1', problem_at = '2026-11-24 10:00:00' WHERE id = 1"
        )
        db.execute(
            "INSERT INTO order_events (order_id, at, kind, note, by_hand) VALUES"
            " (1, '2026-11-24 10:00:00', 'problem', 'wrong cup', 1)"
        )
        db.execute(
            "INSERT INTO return_lines (return_id, line_key, position, order_line_id, sku_id, qty, price, amount)"
            " VALUES (1, '1', 1, 1, 1, 1, 300, 300)"
        )
        db.execute(
            "INSERT INTO reviews (channel_id, key, sku_id, product_id, order_id, customer_id, stars, body, written_at)"
            " VALUES (1, 'r1', 1, 1, 1, 1, 2, '碎了', '2026-11-23 10:00:00')"
        )
        db.execute("INSERT INTO routines (title, every, days, since) VALUES ('Water', 'week', '[1]', '2026-11-01')")
        db.execute("INSERT INTO views (page, name, spec) VALUES ('orders', 'Mine', '{\"sort\": \"paid\"}')")
        db.execute("INSERT INTO rule_choices (rule, enabled, minutes) VALUES ('late', 0, 5)")
        db.execute("INSERT INTO mappings (name, layout) VALUES ('Till', '{}')")
        db.execute("UPDATE mappings SET deleted_at = '2026-11-24 10:00:00'")
        for at, text in enumerate(NAUGHTY):
            db.execute(
                "INSERT INTO customers (channel_id, handle, name, note) VALUES (1, ?, ?, ?)", (f"n{at}", text, text)
            )
            db.execute(
                "INSERT INTO customer_notes (customer_id, at, text)"
                " VALUES (last_insert_rowid(), '2026-11-24 10:00:00', ?)",
                (text,),
            )
            db.execute("INSERT INTO tasks (day, title, note) VALUES ('2026-11-24', ?, ?)", (text, text))
    return shop  # fmt: skip


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Shop]:
    """A new shop beside it."""
    made = Shop.create(tmp_path / "other.shop", name="Other", currency="EUR")
    yield made
    made.close()


def contents(folder: Path) -> dict[str, object]:
    """What is in every file: bytes of a CSV, cells of a workbook."""
    return {
        file.name: file.read_bytes()
        if file.suffix == ".csv"
        else python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        for file in sorted(folder.iterdir())
    }


@pytest.mark.parametrize("xlsx", [False, True])
def test_out_in_and_out_again_is_the_same(full: Shop, other: Shop, tmp_path: Path, xlsx: bool) -> None:
    names = export_tables(full, tmp_path / "out", xlsx=xlsx)
    assert sorted(names) == sorted(file.name for file in (tmp_path / "out").iterdir())
    found = imported(other, *sorted((tmp_path / "out").iterdir()))
    assert found["rows"]["refused"] == 0
    assert (found["orders"]["new"], found["lines"]["new"], found["returns"]["new"]) == (2, 2, 1)
    export_tables(other, tmp_path / "again", xlsx=xlsx)
    assert contents(tmp_path / "again") == contents(tmp_path / "out")
    same = "SELECT status, ship_by, refunded, title, pieces FROM orders ORDER BY number"
    assert rows(full, same) == rows(other, same)
    assert rows(full, "SELECT on_hand FROM skus") == rows(other, "SELECT on_hand FROM skus")


@pytest.mark.parametrize("xlsx", [False, True])
def test_naughty_strings_come_back_unchanged(
    full: Shop, other: Shop, tmp_path: Path, shared_data: Path, xlsx: bool
) -> None:
    more = json.loads((shared_data / "bad" / "blns" / "blns.json").read_text("utf-8"))
    texts = [text for text in (*more, *NO_XML, "长" * 70_000) if text and "\0" not in text]
    with full.change("More", "customers") as db:
        for at, text in enumerate(texts):
            db.execute(
                "INSERT INTO customers (channel_id, handle, name, note) VALUES (1, ?, ?, ?)", (f"x{at}", text, text)
            )
    export_tables(full, tmp_path / "out", xlsx=xlsx)
    imported(other, *sorted((tmp_path / "out").iterdir()))
    same = "SELECT handle, name, note FROM customers ORDER BY handle"
    assert rows(other, same) == rows(full, same)
    export_tables(other, tmp_path / "again", xlsx=xlsx)
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_the_same_export_again_changes_nothing(full: Shop, tmp_path: Path) -> None:
    export_tables(full, tmp_path / "out")
    before = full.changes()
    found = import_files(full, sorted((tmp_path / "out").iterdir()))
    assert found["orders"]["unchanged"] == 2
    assert found["customers"]["new"] == 0
    assert full.changes() - before <= 1
    assert [str(fault) for fault in check.faults(full.path)] == []


def test_pictures_go_along(full: Shop, other: Shop, tmp_path: Path) -> None:
    export_tables(full, tmp_path / "out")
    imported(other, *sorted((tmp_path / "out").iterdir()))
    name = one(other, "SELECT picture FROM skus WHERE code = 'CUP-1'")
    assert name == hashlib.sha256(PNG).hexdigest()
    assert blobs.get(other.reader(), name) == PNG


def test_a_corrected_cell_of_an_export_goes_in(full: Shop, tmp_path: Path) -> None:
    export_tables(full, tmp_path / "out")
    file = tmp_path / "out" / "customers.csv"
    file.write_bytes(file.read_bytes().replace(b"<b>bold</b>", b"bold", 1))
    assert imported(full, file)["customers"]["changed"] == 1


def test_times_that_a_spreadsheet_wrote_anew_are_understood_and_what_is_none_is_refused(
    full: Shop, tmp_path: Path
) -> None:
    export_tables(full, tmp_path / "out")
    file = tmp_path / "out" / "orders.csv"
    assert b"2026-11-24 09:12:00" in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(b"2026-11-24 09:12:00", b"2026/11/24 9:13"))
    assert imported(full, file)["orders"]["changed"] == 2
    assert one(full, "SELECT count(*) FROM orders WHERE paid_at = '2026-11-24 09:13:00'") == 2
    file.write_bytes(file.read_bytes().replace(b"2026/11/24 9:13", b"=1+1", 1))
    found = import_files(full, [file])
    assert (found["orders"]["read"], found["orders"]["refused"]) == (2, 1)
    assert "“=1+1” is not a time." in found["reasons"][0]["text"]
    assert one(full, "SELECT count(*) FROM orders WHERE paid_at = '2026-11-24 09:13:00'") == 2


def test_rows_without_their_order_are_refused_one_by_one(full: Shop, other: Shop, tmp_path: Path) -> None:
    export_tables(full, tmp_path / "out")
    found = import_files(other, [tmp_path / "out" / "channels.csv", tmp_path / "out" / "order_lines.csv"])
    assert found["lines"]["refused"] == 2
    assert "neither the shop nor these files" in found["reasons"][0]["text"]


def test_csv_is_for_spreadsheets(full: Shop, tmp_path: Path) -> None:
    export_tables(full, tmp_path / "out")
    assert (tmp_path / "out" / "orders.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out" / "skus.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["cost"], row["shelf"], row["on_hand"]) == ("12.34", "'=A1", "19")


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_guard_is_taken_off_again(text: str) -> None:
    shown = guarded(text)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert (shown[1:] if shown.startswith("'") else shown) == text


@pytest.mark.parametrize("xlsx", [False, True])
def test_nobody_else_on_the_machine_can_read_an_export(shop: Shop, tmp_path: Path, xlsx: bool):
    before = os.umask(0o022)
    try:
        export_tables(shop, tmp_path / "out", xlsx=xlsx)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "out").iterdir()} == {0o600}


def test_layout_files_say_what_is_written() -> None:
    formats = load_formats().by_id
    for name, table in own.BY_FORMAT.items():
        assert formats[name].match == (frozenset(table.header),), name
        assert formats[name].exact
    written = {path.stem for path in resource("formats").glob("shopdesk-*.toml")}
    assert written == set(own.BY_FORMAT)


def test_every_table_of_facts_is_written(shop: Shop) -> None:
    tables = {row[0] for row in rows(shop, "SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'")}
    left_out = {"imports", "sales_hours", "board_codes", "board_marks", "erasures"} | {
        t for t in tables if t.startswith("journal")
    }
    assert tables - left_out <= {table.table for table in own.TABLES}


# Views


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_view_is_written_as_data(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"view{suffix}"
    lines: list[list[object]] = [["=cmd()", 3, "12.50", "2026-11-24"], ["茶杯", None, "", ""]]
    count = write_view(
        path, title="Orders – All", headings=["Item", "Qty", "Paid", "Day"], kinds=["text", "number", "money", "day"],
        rows=iter(lines), task=Silent(),
    )  # fmt: skip
    assert count == 2
    if suffix == ".csv":
        assert path.read_text("utf-8-sig").splitlines() == [
            '"Item","Qty","Paid","Day"',
            '"\'=cmd()",3,"12.50","2026-11-24"',
            '"茶杯","","",""',
        ]
    else:
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        assert sheet[1] == ["=cmd()", 3.0, 12.5, "2026-11-24"]


def test_a_dash_in_a_column_of_numbers_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "view.xlsx"
    lines: list[list[object]] = [["a", "—", "·"], ["b", 2, "3.50"], ["c", "nan", "inf"]]
    write_view(path, title="Stock", headings=["Item", "Days", "Paid"], kinds=["text", "number", "money"],
               rows=iter(lines), task=Silent())  # fmt: skip
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert sheet[1:] == [["a", "—", "·"], ["b", 2.0, 3.5], ["c", "nan", "inf"]]


def test_a_view_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "view.csv"
    path.write_text("old")

    def broken() -> Iterator[list[object]]:
        yield ["a"]
        raise OSError(28, "No space left on device")

    with pytest.raises(DiskTrouble, match="the disk is full"):
        write_view(path, title="x", headings=["A"], kinds=["text"], rows=broken(), task=Silent())
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["view.csv"] or not list(tmp_path.glob("*.part"))
