"""The lists of the import preview: sentences to be read whole, ticks for one change and for all, rows to save."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from shopdesk.core.shop import Shop
from shopdesk.exchange.page import ImportPage
from shopdesk.exchange.preview_table_view import PreviewDelegate
from shopdesk.ui.theme import theme
from tests.exchange.importing import imported, one, rows
from tests.exchange.on_screen import button, click, drop, texts
from tests.shop_files import lines_csv, orders_csv

FIRST = {"订单编号": "238604127755001"}
SECOND = {"订单编号": "238604127755002"}
ROUNDED = [{"订单编号": f"2386041277{n:05}00"} for n in range(1, 7)]


def said(page: ImportPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_every_sentence_has_the_room_that_it_needs(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    drop(page, orders_csv(tmp_path / "ExportOrderList.csv", *ROUNDED))
    page.resize(960, 640)
    page.view.tabs.tabs["warned"].click()
    table, model = page.view.table, page.view.rows
    wrap = int(Qt.TextFlag.TextWordWrap)
    tallest = 0
    for row in range(model.rowCount()):
        for column in (3, 4):
            room = QRect(0, 0, table.columnWidth(column) - 12, 9999)
            needed = theme().metrics("small").boundingRect(room, wrap, model.text(row, column)).height()
            assert table.rowHeight(row) >= needed
            tallest = max(tallest, needed)
    assert tallest > 2 * theme().metrics("small").height()
    low = table.rowHeight(0)
    page.resize(1700, 640)
    qtbot.waitUntil(lambda: table.rowHeight(0) < low)


def test_the_names_of_files_can_be_told_apart(page: ImportPage, tmp_path: Path) -> None:
    drop(
        page,
        orders_csv(tmp_path / "ExportOrderList.csv", *ROUNDED),
        lines_csv(tmp_path / "ExportOrderDetailList.csv", *ROUNDED),
    )
    page.view.tabs.tabs["warned"].click()
    names = {row[0] for row in texts(page)}
    assert "ExportOrderDetailList.csv" in names or "ExportOrderList.csv" in names
    room = page.view.table.columnWidth(0) - 12
    assert all(theme().metrics("body").horizontalAdvance(name) <= room for name in names)
    drop(page, orders_csv(tmp_path / f"{'Export' * 12}-May.csv", *ROUNDED))
    page.view.tabs.tabs["warned"].click()
    assert page.view.table.columnWidth(0) <= 200
    assert "-May.csv" in page.view.rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def changed(page: ImportPage, shop: Shop, folder: Path) -> None:
    imported(shop, orders_csv(folder / "a.csv", FIRST, SECOND))
    with shop.change("Edited", "orders") as db:
        db.execute(
            "UPDATE orders SET address = 'Hers', edited = '[\"address\"]' WHERE number = ?", (FIRST["订单编号"],)
        )
    new = {"收货地址 ": "别处", "买家留言": "谢谢", "订单状态": "交易成功"}
    drop(page, orders_csv(folder / "b.csv", FIRST | new, SECOND | new))
    assert page.view.tabs.current == "changed"


def struck(page: ImportPage, row: int, column: int) -> bool:
    """Whether a line goes through the text of a cell, as it is painted."""
    delegate = page.view.table.itemDelegate()
    assert isinstance(delegate, PreviewDelegate)
    return delegate.font_of(page.view.rows.index(row, column)).strikeOut()


def test_what_will_go_is_struck_out(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    changed(page, shop, tmp_path)
    at = next(row for row, cells in enumerate(texts(page)) if cells[3] == "Hers")
    assert not page.view.rows.is_ticked(at)
    assert not struck(page, at, 3)
    assert struck(page, at, 5)
    page.view.table.setCurrentIndex(page.view.rows.index(at, 1))
    qtbot.keyClick(page.view.table, Qt.Key.Key_Space)
    assert struck(page, at, 3)
    assert not struck(page, at, 5)
    assert not any(struck(page, row, 3) for row, cells in enumerate(texts(page)) if cells[3] == "empty")


def test_the_changes_of_an_order_stand_together(page: ImportPage, shop: Shop, tmp_path: Path) -> None:
    changed(page, shop, tmp_path)
    numbers = [cells[1] for cells in texts(page)]
    assert len(numbers) == 6
    assert numbers == sorted(numbers)


def test_the_box_in_the_header_is_for_all(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    changed(page, shop, tmp_path)
    header = page.view.table.horizontalHeader()

    def press() -> None:
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(28, header.height() // 2))
        assert page.worker.wait_idle(20000)

    assert page.view.rows.taken == (5, 6)
    press()
    assert page.view.rows.taken == (6, 6)
    assert all(page.view.rows.is_ticked(row) for row in range(6))
    press()
    assert page.view.rows.taken == (0, 6)
    assert page.import_button.text() == "Nothing new to import"
    qtbot.keyClick(page.view.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.worker.wait_idle(20000)
    click(qtbot, page.import_button)
    assert page.worker.wait_idle(20000)
    assert rows(shop, "SELECT DISTINCT address, buyer_note, status FROM orders") == [("别处", "谢谢", "done")]


def test_refused_rows_are_saved_with_their_reason(page: ImportPage, tmp_path: Path, qtbot: QtBot, monkeypatch) -> None:
    target = tmp_path / "refused.csv"
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(str(target)))
    drop(page, lines_csv(tmp_path / "lines.csv", FIRST, SECOND))
    assert page.view.tabs.current == "refused"
    click(qtbot, button(page, "save_refused"))
    assert page.worker.wait_idle(20000)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        head, *found = list(csv.reader(stream))
    assert head == ["File", "Row", "Order number", "Column", "Why", "What to do"]
    assert [(row[0], row[1], row[2]) for row in found] == [
        ("lines.csv", "2", FIRST["订单编号"]),
        ("lines.csv", "3", SECOND["订单编号"]),
    ]
    assert found[0][4] == f"There is no order {FIRST['订单编号']} yet."
    page.view.tabs.tabs["unchanged"].click()
    assert not button(page, "save_refused").isVisible()


def test_where_all_is_refused_nothing_can_be_imported(page: ImportPage, tmp_path: Path) -> None:
    drop(page, lines_csv(tmp_path / "lines.csv", FIRST))
    assert page.import_button.text() == "Nothing can be imported"
    assert not page.import_button.isEnabled()


def test_a_file_of_another_year_says_so(page: ImportPage, tmp_path: Path) -> None:
    old = {"订单创建时间": "2017/5/1 10:00", "订单付款时间 ": "2017/5/1 10:01"}
    later = {"订单创建时间": "2017/5/30 10:00", "订单付款时间 ": "2017/5/30 10:01"}
    drop(page, orders_csv(tmp_path / "a.csv", FIRST | old, SECOND | later))
    assert any(text.endswith("2 rows, 1 May 2017 to 30 May 2017") for text in said(page))


def test_many_rows_have_their_thousands_parted(page: ImportPage, tmp_path: Path) -> None:
    many = [{"订单编号": f"2386041277{n:05}"} for n in range(1, 1202)]
    drop(page, orders_csv(tmp_path / "a.csv", *many))
    assert any(", 1,201 rows" in text for text in said(page))


def test_a_folder_is_told_what_to_do_with(page: ImportPage, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    drop(page, folder)
    assert "This is a folder. Drop the files in it." in said(page)


def test_a_broken_workbook_is_damaged(page: ImportPage, shop: Shop, tmp_path: Path) -> None:
    broken = tmp_path / "orders.xls"
    broken.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    drop(page, broken)
    assert "The workbook is damaged, it cannot be read. Download it again and drop it in." in said(page)
    assert one(shop, "SELECT count(*) FROM orders") == 0
