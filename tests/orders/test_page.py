"""The Orders page through its widgets: add, ship, paste, flag, edit, return, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from shopdesk.core import words
from shopdesk.orders import store, verbs
from shopdesk.orders.lines_widgets import LinesEditor
from shopdesk.orders.model import Problem, Status
from shopdesk.orders.page import OrdersPage
from shopdesk.ui.desk import Desk
from shopdesk.ui.messages import Messages
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.worker import Worker


@pytest.fixture
def page(qtbot, shop, channel, goods) -> Iterator[OrdersPage]:
    worker = Worker(shop)
    made = OrdersPage(Desk(shop, worker, Messages()))
    shop.listeners.append(made.topics_changed)
    qtbot.addWidget(made)
    made.resize(1190, 712)
    made.show()
    made.shown()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.hide()
    shop.listeners.remove(made.topics_changed)
    worker.stop()


def settle(qtbot, page: OrdersPage) -> None:
    page.worker.wait_idle(3000)
    qtbot.waitUntil(lambda: page.rows.is_settled)
    QApplication.processEvents()


def listed(page: OrdersPage, column: str) -> list[str]:
    at = [c.key for c in page.columns].index(column) + 1
    rows = page.rows
    return [rows.data(rows.index(row, at), Qt.ItemDataRole.DisplayRole) for row in range(rows.rowCount())]


def drawer_words(page: OrdersPage) -> list[str]:
    assert page.drawer is not None
    return [label.text() for label in page.drawer.findChildren(PlainLabel) if label.text()]


def press(qtbot, text: str) -> None:
    for char in text:
        qtbot.keyClick(QApplication.focusWidget(), char)


def key(qtbot, which, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), which, modifier)


def field(page: OrdersPage, name: str) -> QLineEdit:
    assert page.drawer is not None
    assert page.drawer.form is not None
    editor = page.drawer.form.field(name).editor
    assert isinstance(editor, QLineEdit)
    return editor


def test_what_is_due_first_comes_first(qtbot, page, enter):
    late = enter("238604661702", paid_at="2026-11-22 19:20:00")
    today = enter("238604775521", paid_at="2026-11-23 21:40:00")
    settle(qtbot, page)
    assert [page.rows.id_at(row) for row in range(page.rows.rowCount())] == [late, today]
    assert listed(page, "ship_by") == ["21 h late", "17:00"]
    assert listed(page, "number") == ["Taobao 661702", "Taobao 775521"]
    assert page.fact_label.text() == "1 must leave by 17:00"


def test_an_order_is_added_by_keyboard_alone(qtbot, page, shop):
    settle(qtbot, page)
    key(qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.drawer is not None and page.drawer.form is not None)
    press(qtbot, "TB")
    key(qtbot, Qt.Key.Key_Return)
    press(qtbot, "3")
    key(qtbot, Qt.Key.Key_Return)
    key(qtbot, Qt.Key.Key_Return)
    press(qtbot, "gift card")
    key(qtbot, Qt.Key.Key_Return)
    key(qtbot, Qt.Key.Key_Return)
    press(qtbot, "5")
    key(qtbot, Qt.Key.Key_Return)
    key(qtbot, Qt.Key.Key_Return)
    press(qtbot, "Lin Yue")
    key(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, page)
    order = store.order(shop.reader(), 1)
    assert order is not None, page.drawer.form and page.drawer.form.message.text()
    assert [(line.name, line.qty, line.price, line.sku_id) for line in order.lines] == [
        ("青釉盖碗 150ml", 3, 10600, 1), ("gift card", 1, 500, None),
    ]  # fmt: skip
    assert (order.buyer, order.paid, order.status) == ("Lin Yue", 32300, Status.TO_SHIP)
    assert store.buyer(shop.reader(), order.customer_id).name == "Lin Yue"
    assert "Order H261124-1" in drawer_words(page)
