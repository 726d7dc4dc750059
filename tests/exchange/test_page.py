"""The import page by hand: drop, look, tick, import, undo; say what the columns of a strange file mean."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from shopdesk.core import channels, words
from shopdesk.core.shop import Shop
from shopdesk.exchange.page import ImportPage
from shopdesk.exchange.preview_columns_view import Question
from shopdesk.ui.language import switch_language
from tests.exchange.importing import imported, one, rows
from tests.exchange.on_screen import button, click, drop, texts
from tests.shop_files import lines_csv, orders_csv, table_csv

FIRST = {"订单编号": "238604127755001"}
SECOND = {"订单编号": "238604127755002"}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [orders_csv(tmp_path / "orders.csv", FIRST, SECOND), lines_csv(tmp_path / "lines.csv", FIRST, SECOND)]


def test_nothing_is_written_before_import_is_pressed(
    page: ImportPage, shop: Shop, files: list[Path], qtbot: QtBot
) -> None:
    drop(page, *files)
    assert {key: tab.count for key, tab in page.view.tabs.tabs.items()} == {
        "new": 4, "changed": 0, "unchanged": 0, "refused": 0, "warned": 0,
    }  # fmt: skip
    assert page.import_button.text() == "Import 4 records"
    assert texts(page)[0][:3] == ["238604127755001", "小茶客", "To ship"]
    assert one(shop, "SELECT count(*) FROM orders") == 0
    with qtbot.waitSignal(page.open_requested) as asked:
        click(qtbot, page.import_button)
        page.worker.wait_idle(20000)
    assert asked.args == ["orders", None]
    assert one(shop, "SELECT count(*) FROM order_lines") == 2
    shop.undo()
    assert one(shop, "SELECT count(*) FROM orders") == 0


def test_while_it_is_written_the_preview_reads_nothing(
    page: ImportPage, shop: Shop, files: list[Path], qtbot: QtBot
) -> None:
    drop(page, *files)
    click(qtbot, page.import_button)
    for tab in page.view.tabs.tabs.values():
        tab.click()
        assert texts(page) == []
    switch_language("zh_CN")
    page.retranslate_ui()
    switch_language("en")
    assert texts(page) == []
    page.worker.wait_idle(20000)
    assert one(shop, "SELECT count(*) FROM order_lines") == 2


def test_the_kinds_are_chips(page: ImportPage, files: list[Path], qtbot: QtBot) -> None:
    drop(page, *files)
    chips = [chip for chip in page.view.lists.kind_bar.findChildren(QPushButton) if chip.isVisible()]
    assert [chip.text() for chip in chips] == ["Orders 2", "Lines 2"]
    click(qtbot, chips[1])
    assert texts(page)[0][:2] == ["238604127755001", "茶杯"]


def test_her_own_edit_is_not_ticked(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    with shop.change("Edited", "orders") as db:
        db.execute("UPDATE orders SET address = 'Hers', edited = '[\"address\"]'")
    drop(page, orders_csv(tmp_path / "b.csv", {**FIRST, "收货地址 ": "别处", "买家留言": "谢谢"}))
    assert page.view.tabs.current == "changed"
    assert "1 field that you edited" in page.view.lists.hint.text()
    assert sorted((row[2], row[3], row[5]) for row in texts(page)) == [
        ("Address", "Hers", "别处"), ("Buyer's note", "empty", "谢谢"),
    ]  # fmt: skip
    at = next(row for row in range(2) if texts(page)[row][2] == "Address")
    assert not page.view.rows.is_ticked(at)
    box = page.view.table.visualRect(page.view.rows.index(at, 0)).center()
    qtbot.mouseClick(page.view.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box))
    assert page.view.rows.is_ticked(at)
    click(qtbot, page.import_button)
    page.worker.wait_idle(20000)
    assert rows(shop, "SELECT address, buyer_note FROM orders") == [("别处", "谢谢")]


def test_space_takes_a_change_out(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    drop(page, orders_csv(tmp_path / "b.csv", {**FIRST, "订单状态": "交易成功"}))
    assert page.import_button.text() == "Import 1 record"
    page.view.table.setFocus()
    page.view.table.setCurrentIndex(page.view.rows.index(0, 1))
    qtbot.keyClick(page.view.table, Qt.Key.Key_Space)
    assert page.import_button.text() == "Nothing new to import"
    assert not page.import_button.isEnabled()


def test_tab_foot_and_button_count_the_changes_of_buyers_alike(
    page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    imported(shop, orders_csv(tmp_path / "a.csv", FIRST))
    with shop.change("Forgot the number", "customers") as db:
        db.execute("UPDATE customers SET phone = ''")
    drop(page, orders_csv(tmp_path / "b.csv", FIRST))
    assert page.view.tabs.tabs["changed"].count == 1
    assert "0 new, 1 changed" in page.view.will.text()
    assert page.import_button.text() == "Import 1 record"
    page.view.tabs.pick("changed")
    assert [row[2] for row in texts(page)] == ["Telephone"]
    page.view.table.setFocus()
    page.view.table.setCurrentIndex(page.view.rows.index(0, 1))
    qtbot.keyClick(page.view.table, Qt.Key.Key_Space)
    assert "0 new, 0 changed" in page.view.will.text()
    assert not page.import_button.isEnabled()
    qtbot.keyClick(page.view.table, Qt.Key.Key_Space)
    click(qtbot, page.import_button)
    page.worker.wait_idle(20000)
    assert rows(shop, "SELECT phone FROM customers") == [("18612345678",)]


def test_the_same_file_again_has_nothing_to_import(page: ImportPage, shop: Shop, files: list[Path]) -> None:
    imported(shop, *files)
    drop(page, *files)
    assert page.view.tabs.current == "unchanged"
    assert page.view.tabs.tabs["unchanged"].count == 4
    assert not page.import_button.isEnabled()


def test_a_refused_file_shows_its_sentence_and_what_to_do_and_nothing_else(
    page: ImportPage, tmp_path: Path, files: list[Path], qtbot: QtBot
) -> None:
    wrong = tmp_path / "letter.pdf"
    wrong.write_bytes(b"%PDF-1.7 not a table")
    drop(page, wrong)
    seen = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "This is a PDF, not a table." in seen
    assert "Nothing was written. Drop another file here, or choose one." in seen
    shown = [button.text() for button in page.view.findChildren(QPushButton) if button.isVisible()]
    assert shown == ["Choose files…"]
    assert not page.view.tabs.isVisible()
    assert not page.import_button.isVisible()
    with qtbot.waitSignal(page.open_requested) as asked:
        page.view.nothing.acted.emit()
    assert asked.args == ["import", None]
    drop(page, wrong, *files)
    assert page.view.tabs.isVisible()
    assert page.import_button.isVisible()
    assert not page.view.nothing.isVisible()


def test_without_room_for_the_scratch_files_it_is_said_and_the_next_drop_is_read(
    page: ImportPage, files: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_asked: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk, qtbot.waitSignal(page.messages.posted) as said:
        disk.setattr(tempfile, "mkdtemp", full)
        drop(page, *files)
    assert said.args[0].text.startswith("The disk refused: ")
    assert not page.import_button.isVisible()
    drop(page, *files)
    assert page.import_button.text() == "Import 4 records"


def test_refused_rows_say_why_and_what_to_do(page: ImportPage, tmp_path: Path) -> None:
    drop(page, lines_csv(tmp_path / "lines.csv", FIRST))
    assert page.view.tabs.current == "refused"
    page.view.table.setCurrentIndex(page.view.rows.index(0, 0))
    assert (
        page.view.lists.hint.text()
        == "There is no order 238604127755001 yet. Import the list of orders first, then this file again."
    )


def test_a_review_is_never_markup(page: ImportPage, tmp_path: Path) -> None:
    body = "<img src='file:///etc/passwd'><b>x</b>"
    review = {"body": body, "rating": "1", "review_date": "2026-11-20 10:00:00 UTC", "reviewer_name": "<i>A</i>"}
    drop(page, table_csv(tmp_path / "r.csv", "reviews_export.csv", review))
    assert texts(page)[0][3] == body
    tip = page.view.rows.index(0, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "&lt;img" in tip


def test_the_channel_is_asked_and_can_be_changed(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    with shop.change("Channels", "channels") as db:
        north = channels.add(db, platform="shopify", name="North", currency="USD")
        channels.add(db, platform="shopify", name="South", currency="USD")
    drop(
        page,
        table_csv(
            tmp_path / "i.csv", "inventory_export.csv", {"Handle": "cup", "Title": "Cup", "On hand (current)": "7"}
        ),
    )
    (asked,) = page.findChildren(Question)
    assert asked.combo.currentText() == "South"
    asked.combo.setCurrentText("North")
    asked.combo.activated.emit(asked.combo.currentIndex())
    assert page.worker.wait_idle(20000)
    click(qtbot, page.import_button)
    page.worker.wait_idle(20000)
    assert one(shop, "SELECT channel_id FROM skus") == north


@pytest.mark.parametrize("name", [b"till.csv", "收银.csv".encode("gb18030")], ids=["plain", "old"])
def test_a_strange_file_is_learned_once(
    page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot, name: bytes
) -> None:
    strange = tmp_path / os.fsdecode(name)
    strange.write_text(
        "Bon,Wann,Was,Wieviel,Preis\nB1,2026-11-20 10:00:00,Cup,2,5.00\nB2,2026-11-21 10:00:00,Pot,1,9.50\n", "utf-8"
    )
    drop(page, strange)
    assert page.stack.currentWidget() is page.mapping
    save = button(page, "mapping_save")
    assert not save.isEnabled()
    click(qtbot, next(b for b in page.mapping.findChildren(QPushButton) if b.text() == "A line of an order"))
    fields = ("order.number", "order.created_at", "line.name", "line.qty", "line.price")
    for box, field in zip(page.mapping.choices, fields, strict=True):
        box.setCurrentIndex(box.findData(field))
        box.activated.emit(box.currentIndex())
    called = page.findChild(QLineEdit, "mapping_name")
    assert isinstance(called, QLineEdit)
    called.setText("Till")
    click(qtbot, button(page, "mapping_save"))
    assert page.worker.wait_idle(20000)
    assert page.stack.currentWidget() is page.view
    click(qtbot, page.import_button)
    page.worker.wait_idle(20000)
    assert rows(shop, "SELECT number, pieces, title FROM orders ORDER BY number") == [
        ("B1", 2, "Cup"),
        ("B2", 1, "Pot"),
    ]
    other = tmp_path / "december.csv"
    other.write_text("Bon,Wann,Was,Wieviel,Preis\nB3,2026-11-22 10:00:00,Cup,1,5.00\n", "utf-8")
    drop(page, other)
    assert page.view.cards[0].title == "Till"
    assert page.view.tabs.tabs["new"].count == 2


def test_a_wrong_guess_can_be_changed(page: ImportPage, files: list[Path]) -> None:
    drop(page, files[0])
    page.view.files.boxes[0].mapping_wanted.emit()
    assert page.stack.currentWidget() is page.mapping
    assert len(page.mapping.findChildren(QComboBox)) > 10
    page.back.click()
    assert page.stack.currentWidget() is page.view


def test_cancel_leaves_nothing(page: ImportPage, shop: Shop, files: list[Path], qtbot: QtBot) -> None:
    page.open(files)
    click(qtbot, page.cancel_button)
    assert page.worker.wait_idle(20000)
    assert page.stack.currentWidget() is page.empty
    drop(page, *files)
    folder = page.work.staging.parent
    click(qtbot, page.cancel_button)
    assert page.worker.wait_idle(20000)
    assert not folder.exists()
    assert one(shop, "SELECT count(*) FROM journal_steps") == 0


def test_the_language_changes_at_once(page: ImportPage, files: list[Path]) -> None:
    drop(page, *files)
    switch_language("zh_CN")
    try:
        page.retranslate()
        assert page.title_label.text() == "导入前先看一眼"
        assert page.import_button.text() == "导入 4 条"
        assert "用到" in page.view.columns.widget().findChildren(type(page.title_label))[1].text()
    finally:
        switch_language("en")
        assert words.language() == "en"


def test_the_model_keeps_its_promises(page: ImportPage, files: list[Path]) -> None:
    QAbstractItemModelTester(page.view.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    drop(page, *files)
    for tab in ("unchanged", "changed", "refused", "new"):
        page.view.tabs.pick(tab)
