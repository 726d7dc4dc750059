"""The mapping screen by hand: where it starts, which fields it offers, how it is finished."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from shopdesk.core.shop import Shop
from shopdesk.exchange.page import ImportPage
from tests.exchange.importing import one, rows
from tests.exchange.on_screen import button, click, drop
from tests.shop_files import orders_csv

TILL = "Bon,Wann,Was,Wieviel,Preis\nB1,2026-11-20 10:00:00,Cup,2,5.00\nB2,2026-11-21 10:00:00,Pot,1,9.50\n"
FIELDS = ("order.number", "order.created_at", "line.name", "line.qty", "line.amount")


def choose(page: ImportPage, at: int, field: str) -> None:
    box = page.mapping.choices[at]
    box.setCurrentIndex(box.findData(field))
    box.activated.emit(box.currentIndex())


def rows_are(page: ImportPage, qtbot: QtBot, words: str) -> None:
    click(qtbot, next(one for one in page.mapping.findChildren(QPushButton) if one.text() == words))
    qtbot.wait(1)  # what stood there before goes with the next turn


def name_field(page: ImportPage) -> QLineEdit:
    found = page.findChild(QLineEdit, "mapping_name")
    assert isinstance(found, QLineEdit)
    return found


def till(page: ImportPage, folder: Path, qtbot: QtBot) -> Path:
    """A strange file, with what its columns mean said wrongly: the price is no sum of the line."""
    file = folder / "till.csv"
    file.write_text(TILL, "utf-8")
    drop(page, file)
    rows_are(page, qtbot, "A line of an order")
    for at, field in enumerate(FIELDS):
        choose(page, at, field)
    name_field(page).setText("Till")
    page.mapping.currency.setText("EUR")
    page.mapping.dates.setCurrentIndex(1)
    click(qtbot, button(page, "mapping_save"))
    assert page.worker.wait_idle(20000)
    return file


def test_correcting_starts_with_what_was_saved(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    till(page, tmp_path, qtbot)
    page.view.files.boxes[0].mapping_wanted.emit()
    assert tuple(box.currentData() for box in page.mapping.choices) == FIELDS
    assert page.mapping.rows.value == "line"
    assert name_field(page).text() == "Till"
    assert (page.mapping.currency.text(), page.mapping.dates.currentData()) == ("EUR", "dmy")
    choose(page, 4, "line.price")
    click(qtbot, button(page, "mapping_save"))
    assert page.worker.wait_idle(20000)
    assert one(shop, "SELECT count(*) FROM mappings") == 1
    click(qtbot, page.import_button)
    assert page.worker.wait_idle(20000)
    assert rows(shop, "SELECT number, currency FROM orders ORDER BY number") == [("B1", "EUR"), ("B2", "EUR")]
    assert one(shop, "SELECT price FROM order_lines ORDER BY id") == 500


def test_a_shipped_layout_is_what_one_starts_from(page: ImportPage, tmp_path: Path) -> None:
    drop(page, orders_csv(tmp_path / "orders.csv", {"订单编号": "238604127755001"}))
    page.view.files.boxes[0].mapping_wanted.emit()
    assert page.mapping.platform.currentData() == "taobao"
    assert page.mapping.rows.value == "order"
    found = page.mapping.columns()
    assert found["订单编号"] == "order.number"
    assert found["物流单号 "] == "order.tracking"
    assert found["订单状态"] == "order.status"
    assert page.mapping.trouble() == ""


def test_what_was_chosen_stays_when_the_kind_of_rows_changes(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    till(page, tmp_path, qtbot)
    page.view.files.boxes[0].mapping_wanted.emit()
    rows_are(page, qtbot, "An order")
    assert name_field(page).text() == "Till"
    assert page.mapping.currency.text() == "EUR"
    rows_are(page, qtbot, "A line of an order")
    assert tuple(box.currentData() for box in page.mapping.choices) == FIELDS


def test_only_the_fields_of_what_a_row_is_are_offered(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "till.csv"
    file.write_text(TILL, "utf-8")
    drop(page, file)

    def offered() -> set[str]:
        box = page.mapping.choices[0]
        return {str(box.itemData(at)) for at in range(1, box.count())}

    rows_are(page, qtbot, "A line of an order")
    assert {"order.number", "line.name", "line.qty"} <= offered()
    assert not {"order.titles", "order.pieces"} & offered()
    rows_are(page, qtbot, "An order")
    assert {"order.titles", "order.pieces"} <= offered()
    assert {field.partition(".")[0] for field in offered()} == {"order"}
    rows_are(page, qtbot, "A customer")
    assert {field.partition(".")[0] for field in offered()} == {"customer"}


def test_the_name_of_the_file_stands_there(page: ImportPage, tmp_path: Path) -> None:
    file = tmp_path / "till of May.csv"
    file.write_text(TILL, "utf-8")
    drop(page, file)
    assert "till of May.csv" in [label.text() for label in page.mapping.findChildren(QLabel) if label.isVisible()]


def test_ctrl_enter_saves_when_it_can_be_saved(page: ImportPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "till.csv"
    file.write_text(TILL, "utf-8")
    drop(page, file)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    name_field(page).setFocus()
    qtbot.keyClick(name_field(page), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.stack.currentWidget() is page.mapping
    choose(page, 0, "order.number")
    assert button(page, "mapping_save").isEnabled()
    qtbot.keyClick(name_field(page), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.worker.wait_idle(20000)
    assert one(shop, "SELECT name FROM mappings") == "till"
    assert page.stack.currentWidget() is page.view


def test_hundreds_of_columns_are_shown_some_at_a_time(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "wide.csv"
    names = [f"column {number}" for number in range(300)]
    file.write_text("\n".join(",".join(names) for _ in range(4)) + "\n", "utf-8")
    drop(page, file)
    page.view.files.boxes[0].mapping_wanted.emit()
    assert len(page.mapping.choices) < 30
    choose(page, 0, "order.number")
    assert page.mapping.columns() == {"column 0": "order.number"}
    qtbot.waitUntil(lambda: len(page.mapping.choices) == 300, timeout=20_000)
    choose(page, 299, "order.paid")
    assert page.mapping.columns() == {"column 0": "order.number", "column 299": "order.paid"}
    assert page.mapping.choices[0].model() is page.mapping.choices[299].model()
