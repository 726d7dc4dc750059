"""Whole days of an owner, through the real window, from the platforms' files to the printed sheet, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from shiboken6 import delete

from shopdesk import app as program_module
from shopdesk.app import application
from shopdesk.core import backup, check, clock
from shopdesk.core.shop import Shop
from shopdesk.ui import keeping
from shopdesk.ui.language import switch_language
from shopdesk.ui.theme import theme
from tests.conftest import NOW
from tests.exchange.test_real_exports import purchases
from tests.journeys.day import CTRL, TABS, Owner
from tests.shop_files import demo_files, orders_csv

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
"""Offscreen there is no window manager that could raise the list of proposals."""

SHIPPED = {"en": "14:50 shipped", "zh_CN": "14:50 已发货"}
REPLY = {"en": "We are sorry, a new cup is on its way.", "zh_CN": "非常抱歉，新的杯子已经寄出。"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A new shop in a folder of its own."""
    (tmp_path / "shop").mkdir()
    shop = Shop.create(tmp_path / "shop" / "muhe.shop", name="Muhe Tea")
    shop.close()
    return shop.path


@pytest.fixture
def owner(qtbot, request, monkeypatch) -> Iterator[Owner]:
    """The owner, speaking the language that the test names."""
    monkeypatch.setattr(program_module, "WARM_UP_MS", 10_000_000)
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 10_000_000)
    application()
    made = Owner(qtbot, getattr(request, "param", "en"))
    yield made
    made.stop()
    switch_language("en")
    theme().set_mode("light")


def counted(page: QWidget, tab: str) -> int:
    """What a tab of the preview counts."""
    return tab_button(page, tab).count


def tab_button(page: QWidget, tab: str):
    """A tab of the preview: new, changed, unchanged, refused, warned."""
    return next(button for button in page.findChildren(QAbstractButton) if getattr(button, "key", "") == tab)


def go(page: QWidget) -> QPushButton:
    """The button that imports."""
    return page.findChild(QPushButton, "import_go")


def bring(owner: Owner, files: list[Path]) -> None:
    """Drop files on the window, look at the preview, import."""
    owner.drop(files)
    page = owner.window.pages.import_page()
    owner.qtbot.waitUntil(lambda: go(page).isVisible() and go(page).isEnabled(), timeout=20_000)
    owner.click(go(page))
    owner.qtbot.waitUntil(lambda: owner.window.pages.current != "import", timeout=20_000)
    owner.settle()


@pytest.mark.parametrize("owner", ["en", "zh_CN"], indirect=True)
def test_from_the_files_to_the_sheet(owner: Owner, file: Path, tmp_path: Path):
    said = owner.prefs.choice("language", ("en", "zh_CN"), "")
    owner.start(file)

    # the files: a preview before anything is written, then one step
    owner.drop(demo_files())
    page = owner.window.pages.import_page()
    assert owner.one("SELECT count(*) FROM orders") == (0,)
    told = " ".join(owner.words(page))
    assert all(one.name in told for one in demo_files())
    assert counted(page, "new") > 900
    assert counted(page, "refused") == 0
    owner.click(go(page))
    assert owner.window.pages.current == "orders"
    assert owner.one("SELECT count(*) FROM orders")[0] > 800
    assert ".csv" in owner.window.status.last
    assert len(backup.listed(file)) == 1

    # today
    owner.tab("board")
    waiting = owner.one("SELECT count(*) FROM orders WHERE status = 'to_ship' AND ship_by >= '2026-11-24 14:50:00'")[0]
    assert f" {waiting} " in owner.line("ship_today")
    assert owner.window.rail.tabs["board"].isVisible()

    # behind the line stand its orders; all are marked shipped by keyboard
    owner.go_to_line("ship_today")
    owner.key(Qt.Key.Key_Return)
    orders = owner.page("orders")
    assert owner.window.pages.current == "orders"
    assert orders.rows.rowCount() == waiting
    orders.table.setFocus()
    owner.key(Qt.Key.Key_A, CTRL)
    owner.key(Qt.Key.Key_Return, CTRL)
    owner.fill(orders, courier="SF")
    assert owner.one("SELECT count(*) FROM orders WHERE courier = 'SF' AND status = 'shipped'") == (waiting,)

    # the line has ticked itself, with the evidence beside it
    owner.tab("board")
    assert SHIPPED[said] in owner.line("ship_today")
    model = owner.page("board").model
    assert model.row(model.index_of(("ship_today", None))).line.done

    # a bad review is answered
    owner.tab("reviews")
    reviews = owner.page("reviews")
    waited = owner.one("SELECT count(*) FROM reviews WHERE reply = ''")[0]
    reply = next(box for box in reviews.findChildren(QPlainTextEdit) if box.isVisible())
    reply.setFocus()
    owner.type(REPLY[said])
    owner.key(Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.clipboard().text() == REPLY[said]
    owner.key(Qt.Key.Key_Return, CTRL)
    assert owner.one("SELECT count(*) FROM reviews WHERE reply = ?", REPLY[said]) == (1,)
    assert owner.one("SELECT count(*) FROM reviews WHERE reply = ''") == (waited - 1,)

    # stock comes in, and the status bar takes it back
    owner.tab("inventory")
    goods = owner.page("inventory")
    goods.table.setFocus()
    sku = goods.current_id()
    before = owner.one("SELECT on_hand FROM skus WHERE id = ?", sku)[0]
    owner.key("+")
    owner.fill(goods, qty="40")
    assert owner.one("SELECT on_hand FROM skus WHERE id = ?", sku) == (before + 40,)
    owner.undo_by_status_bar()
    assert owner.one("SELECT on_hand FROM skus WHERE id = ?", sku) == (before,)
    owner.key(Qt.Key.Key_Y, CTRL)
    assert owner.one("SELECT on_hand FROM skus WHERE id = ?", sku) == (before + 40,)

    # the sheet on paper
    owner.tab("board")
    lines = owner.lines()
    owner.save_sheet(tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")

    # the next start: everything is there, and the last step can still be undone
    owner.leave()
    assert {p.name for p in file.parent.iterdir()} == {"muhe.shop", "muhe backups"}
    assert list(check.faults(file)) == []
    owner.start(file)
    owner.tab("board")
    assert owner.lines() == lines
    owner.undo_by_status_bar()
    assert owner.one("SELECT on_hand FROM skus WHERE id = ?", sku) == (before,)
    owner.leave()
    assert len(backup.listed(file)) == 3
    assert list(check.faults(file)) == []


def test_the_next_day_brings_new_orders_and_later_states(owner: Owner, file: Path, tmp_path: Path):
    number = {"订单编号": "238604127755290001"}
    other = {"订单编号": "238604127755290002"}
    owner.start(file)
    bring(owner, [orders_csv(tmp_path / "tuesday.csv", number)])
    owner.tab("orders")
    orders = owner.page("orders")
    orders.table.setFocus()
    owner.key("e")
    owner.fill(orders, phone="17712345678")
    owner.leave()

    with clock.at(NOW + timedelta(days=1)):
        owner.start(file)
        owner.tab("board")
        assert any("290001"[-4:] in line for line in owner.lines())
        states = {"订单状态": "卖家已发货，等待买家确认", "物流单号 ": "SF77", "物流公司": "顺丰", "订单备注": "gift"}
        owner.drop(
            [
                orders_csv(
                    tmp_path / "wednesday.csv", {**number, **states}, {**other, "订单创建时间": "2026-11-25 09:00:00"}
                )
            ]
        )
        page = owner.window.pages.import_page()
        assert counted(page, "new") == 1
        assert counted(page, "changed") == 1
        owner.click(go(page))
        found = owner.one("SELECT tracking, status, phone, seller_note FROM orders WHERE number LIKE '%1'")
        assert found == ("SF77", "shipped", "17712345678", "gift")
        owner.drop([tmp_path / "wednesday.csv"])
        assert counted(page, "unchanged") == 2
        assert not go(page).isEnabled()
        owner.click(owner.button(page, "Cancel"))
        owner.leave()
    assert list(check.faults(file)) == []


def test_a_file_that_nobody_knows_is_mapped_once(owner: Owner, file: Path, tmp_path: Path):
    fair = tmp_path / "fair.csv"
    fair.write_text(
        "单号,品名,数量,单价,日期\n1,茶杯,2,9.90,2026-11-24 10:00:00\n2,茶盘,1,88,2026-11-24 11:00:00\n", "utf-8"
    )
    owner.start(file)
    owner.drop([fair])
    page = owner.window.pages.import_page()
    assert any("单号" in text for text in owner.words(page))
    assert not go(page).isVisible()
    owner.click(owner.button(page, "Save and read the file"))
    owner.click(go(page))
    assert owner.one("SELECT count(*), sum(pieces) FROM orders") == (2, 3)
    assert owner.one("SELECT count(*) FROM mappings") == (1,)

    later = tmp_path / "another name.csv"
    later.write_text(
        "单号,品名,数量,单价,日期\n2,茶盘,1,88,2026-11-24 11:00:00\n3,茶刷,1,6,2026-11-24 12:00:00\n", "utf-8"
    )
    owner.drop([later])
    assert (counted(page, "new"), counted(page, "unchanged")) == (2, 2)
    owner.click(go(page))
    assert owner.one("SELECT count(*), sum(pieces) FROM orders") == (3, 4)
    owner.leave()
    assert list(check.faults(file)) == []


def test_the_language_switches_at_once_on_every_page(owner: Owner, file: Path, tmp_path: Path):
    owner.start(file)
    bring(owner, demo_files())
    english: dict[str, list[str]] = {}
    for name in TABS:
        owner.tab(name)
        english[name] = owner.words(owner.window)
    owner.window.toast.hide()
    owner.program.use_language("zh_CN")
    for name in TABS:
        owner.tab(name)
        told = owner.words(owner.window)
        assert any("\u4e00" <= character <= "\u9fff" for character in owner.page(name).title_label.text())
        left = [text for text in told if text in english[name] and text.isascii() and " " in text and text[0].isalpha()]
        assert [text for text in left if not _is_data(owner, text)] == [], name


def _is_data(owner: Owner, text: str) -> bool:
    """Names of shops, products and people stay as they are."""
    rows = owner.shop.reader().execute(
        "SELECT 1 FROM skus WHERE name = ?1 UNION ALL SELECT 1 FROM customers WHERE name = ?1"
        " UNION ALL SELECT 1 FROM reviews WHERE body = ?1 UNION ALL SELECT 1 FROM order_lines WHERE name = ?1", (text,)
    )  # fmt: skip
    return bool(rows.fetchone()) or text.startswith(("Muhe", "Taobao", "Shopify"))


def test_many_small_acts_and_their_undo_leave_the_shop_as_it_was(owner: Owner, file: Path):
    owner.start(file)
    bring(owner, demo_files())
    owner.tab("orders")
    orders = owner.page("orders")
    owner.key(Qt.Key.Key_Home)
    picture = owner.one(
        "SELECT group_concat(status || paid || coalesce(tracking, '')) FROM (SELECT * FROM orders ORDER BY id)"
    )
    for which in ("u", "d", "x"):
        orders.table.setFocus()
        owner.key(which)
        if orders.drawer is not None and orders.drawer.form is not None:
            owner.key(Qt.Key.Key_Return, CTRL)
    for _ in range(4):
        if ".csv" in owner.window.status.last:
            break
        owner.key(Qt.Key.Key_Z, CTRL)
    assert picture == owner.one(
        "SELECT group_concat(status || paid || coalesce(tracking, '')) FROM (SELECT * FROM orders ORDER BY id)"
    )
    assert list(check.faults(file)) == []
    assert QApplication.activeModalWidget() is None
    assert os.path.exists(file)


def test_a_purchase_file_is_asked_about(owner: Owner, file: Path, tmp_path: Path, shared_data: Path):
    owner.start(file)
    owner.drop([purchases(tmp_path, shared_data, "别人家")])
    page = owner.window.pages.import_page()
    owner.click(owner.button(page, "bought"))
    assert counted(page, "refused") == 1
    owner.click(go(page))
    assert owner.one("SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM imports)") == (0, 1)
    owner.drop([tmp_path / "1688.csv"])
    owner.click(owner.button(page, "sold"))
    assert counted(page, "new") == 2
    owner.click(go(page))
    assert owner.one("SELECT number, paid, status FROM orders") == ("3412345678901234567", 9600, "done")
    owner.leave()


def test_the_palette_closes_though_what_had_the_keyboard_is_gone(owner: Owner, file: Path):
    owner.start(file)
    gone = QLineEdit(owner.window)
    gone.show()
    gone.setFocus()
    owner.window.open_palette()
    delete(gone)
    owner.window.palette_widget.close_palette()
    assert not owner.window.palette_widget.isVisible()


def test_a_shop_without_a_channel_says_how_to_get_one(owner: Owner, file: Path):
    owner.start(file)
    for tab, action in (("orders", "add"), ("customers", "add"), ("reviews", "add"), ("reviews", "paste")):
        owner.tab(tab)
        page = owner.page(tab)
        page.action_table.trigger(f"{tab}.{action}")
        owner.settle()
        assert "add a channel in the settings" in owner.window.toast.text
        assert page.drawer is None or page.drawer.form is None
        owner.window.toast.hide()
    owner.tab("inventory")
    owner.page("inventory").action_table.trigger("inventory.add")
    owner.fill(owner.page("inventory"), name="Gaiwan")
    assert owner.one("SELECT name FROM products") == ("Gaiwan",)
