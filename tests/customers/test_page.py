"""The Customers page through its widgets: views, search, drawer, talks, forms, both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from shopdesk.core import check, words
from shopdesk.core.shop import Shop
from shopdesk.customers import store
from shopdesk.customers.page import CustomersPage
from shopdesk.ui.chips import Chip
from shopdesk.ui.text import LinkLabel, PlainLabel
from tests.pages import listed, settle, shown

CTRL = Qt.KeyboardModifier.ControlModifier
PEOPLE = (
    ("Priya Nair", ["Wake up"], "13800007716", ("2026-07-01", "2026-08-15", "2026-09-24")),
    ("张三", [], "", ("2026-11-24",)),
    ("Erik Holm", ["藏家", "VIP"], "", ("2026-10-25", "2026-11-24")),
    ("Mia Sørensen", [], "", ()),
)


@pytest.fixture
def people(shop: Shop, channel: int) -> dict[str, int]:
    """Four buyers by name, three of them with orders."""
    ids = {}
    for name, tags, phone, days in PEOPLE:
        ids[name] = store.add_customer(shop, channel_id=channel, name=name, tags=tags, phone=phone)
        with shop.change("Orders", "orders") as db:
            for day in days:
                row = {"channel_id": channel, "number": f"{name}{day}", "customer_id": ids[name], "currency": "CNY"}
                db["orders"].insert({**row, "paid": 12350, "paid_at": f"{day} 10:00:00"})
    store.edit_customer(shop, customer_id=ids["Mia Sørensen"], birthday="11-26", note="<img src='/dev/zero'>")
    return ids


@pytest.fixture
def page(qtbot, shop: Shop, people: dict[str, int]) -> Iterator[CustomersPage]:
    with shown(qtbot, shop, CustomersPage) as made:
        yield made


def names(page: CustomersPage) -> list[str]:
    return [text.removesuffix(" Taobao").removesuffix(" 淘宝") for text in listed(page, "shown_name")]


def pick(qtbot, page: CustomersPage, key: str) -> None:
    chip = next(chip for chip in page.chips.findChildren(Chip) if chip.key == key and chip.isVisible())
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle(qtbot, page)


def texts(page: CustomersPage) -> list[str]:
    return [label.text() for label in page.drawer.findChildren(PlainLabel) if label.isVisible()]


def test_model_is_well_formed(page: CustomersPage):
    QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_every_view_holds_who_belongs_there(qtbot, page: CustomersPage):
    assert names(page)[-1] == "Mia Sørensen"
    expected = {
        "repeat": {"Priya Nair", "Erik Holm"},
        "overdue": {"Priya Nair"},
        "new": {"张三", "Erik Holm"},
        "birthdays": {"Mia Sørensen"},
        "all": {name for name, *_ in PEOPLE},
    }
    for key, who in expected.items():
        pick(qtbot, page, key)
        assert set(names(page)) == who, key
    pick(qtbot, page, "birthdays")
    assert listed(page, "birthday") == ["26 Nov"]


def test_cells_say_what_the_picture_says(page: CustomersPage):
    row = names(page).index("Priya Nair")
    said = {column.key: listed(page, column.key)[row] for column in page.columns}
    assert said["tags"] == "Wake up"
    assert said["last_order"] == "61 days ago"
    assert (said["orders"], said["spent"]) == ("3", "370.50")
    assert (said["rhythm_days"], said["due_at"], said["rating"]) == ("≈ 43 d", "6 Nov", "—")
    assert listed(page, "tags")[names(page).index("Erik Holm")] == "藏家 +1"


@pytest.mark.parametrize(
    ("typed", "who"), [("zs", "张三"), ("7716", "Priya Nair"), ("藏", "Erik Holm"), ("sør", "Mia Sørensen")]
)
def test_search_by_pinyin_phone_tail_and_tag(qtbot, page: CustomersPage, typed: str, who: str):
    qtbot.keyClick(page, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(page.search_box.hasFocus)
    page.search_box.setText(typed)
    settle(qtbot, page)
    assert names(page) == [who]


def test_the_drawer_tells_all_on_one_time_line_as_plain_text(qtbot, page: CustomersPage, people: dict[str, int]):
    store.log_contact(page.shop, customer_id=people["Priya Nair"], text="Asked for <b>white</b>")
    page.open(people["Priya Nair"])
    settle(qtbot, page)
    said = texts(page)
    assert "Priya Nair" in said
    assert "43 days" in said
    assert any("Asked for <b>white</b>" in text for text in said)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in page.drawer.findChildren(PlainLabel))
    page.open(people["Mia Sørensen"])
    settle(qtbot, page)
    assert "<img src='/dev/zero'>" in texts(page)
    assert "26 Nov" in texts(page)


def test_the_note_of_a_flagged_order_stands_on_the_time_line_and_opens_it(
    qtbot, page: CustomersPage, people: dict[str, int]
):
    with page.shop.change("Flag", "orders") as db:
        db.execute(
            "UPDATE orders SET problem = 'courier', problem_note = 'gate code 4711', problem_at = '2026-11-24 10:00:00'"
            " WHERE customer_id = ?",
            (people["张三"],),
        )
    page.open(people["张三"])
    settle(qtbot, page)
    assert "gate code 4711" in texts(page)
    link = next(one for one in page.drawer.findChildren(LinkLabel) if one.text() == "Order 张三2026-11-24 flagged")
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "orders"


def test_the_title_names_the_currency_of_the_buyers_shown(qtbot, page: CustomersPage, shop: Shop):
    spent = next(n for n, column in enumerate(page.columns, 1) if column.key == "spent")
    assert page.rows.headerData(spent, Qt.Orientation.Horizontal) == "Spent ¥"
    with shop.change("Channel", "channels") as db:
        db.execute("UPDATE channels SET currency = 'BDT'")
    settle(qtbot, page)
    assert page.rows.headerData(spent, Qt.Orientation.Horizontal) == "Spent BDT"
    assert "370.50" in listed(page, "spent")


def test_a_review_on_the_time_line_opens_it(qtbot, page: CustomersPage, people: dict[str, int], channel: int):
    with page.shop.change("Review", "reviews") as db:
        row = {"channel_id": channel, "key": "r", "customer_id": people["张三"], "stars": 5, "body": "好看"}
        made = db["reviews"].insert({**row, "written_at": "2026-11-20 10:00:00"}).last_pk
    page.open(people["张三"])
    settle(qtbot, page)
    link = next(label for label in page.drawer.findChildren(LinkLabel) if label.text() == "★★★★★ “好看”")
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert asked.args == ["reviews", made]
    assert listed(page, "rating")[names(page).index("张三")] == "5.0"


def test_a_talk_is_logged_with_the_keyboard_and_undone(qtbot, page: CustomersPage, people: dict[str, int]):
    page.open(people["张三"])
    settle(qtbot, page)
    qtbot.keyClick(page.table, Qt.Key.Key_L, CTRL)
    form = page.drawer.form
    qtbot.keyClicks(form.field("text").editor, "Is the gaiwan back?")
    qtbot.keyClick(form.field("text").editor, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    assert page.shop.last_step().label == "Talk logged with 张三"
    page.open(people["张三"])
    settle(qtbot, page)
    assert any("Is the gaiwan back?" in text for text in texts(page))
    page.shop.undo()
    assert not list(check.faults(page.shop.path))


def test_a_line_of_the_time_line_is_deleted_where_it_stands_and_comes_back(
    qtbot, page: CustomersPage, people: dict[str, int]
):
    for day, text in ((22, "Wants it blue"), (21, "Meant for another buyer")):
        store.log_contact(page.shop, customer_id=people["张三"], text=text, at=f"2026-11-{day} 10:00:00")
    page.open(people["张三"])
    settle(qtbot, page)
    links = [label for label in page.drawer.findChildren(LinkLabel) if label.text() == "Delete"]
    assert len(links) == 2  # the order on the same line has none
    qtbot.mouseClick(links[1], Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert page.shop.last_step().label == "Deleted a line of the time line"
    assert "Wants it blue" in texts(page)
    assert "Meant for another buyer" not in texts(page)
    page.shop.undo()
    settle(qtbot, page)
    assert "Meant for another buyer" in texts(page)


def test_in_a_shop_that_is_only_read_no_line_is_deleted(qtbot, shop: Shop, people: dict[str, int]):
    store.log_contact(shop, customer_id=people["张三"], text="Wants it blue")
    shop.close()
    with (
        closing(Shop.open(shop.path, write=False)) as looked_at,
        shown(qtbot, looked_at, CustomersPage) as page,
    ):
        page.open(people["张三"])
        settle(qtbot, page)
        assert "Wants it blue" in texts(page)
        assert "Delete" not in texts(page)


def test_a_customer_is_added_and_edited_by_hand(qtbot, page: CustomersPage):
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL)
    form = page.drawer.form
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert form.field("name").error()
    qtbot.keyClicks(form.field("name").editor, "Bai Lu")
    qtbot.keyClicks(form.field("birthday").editor, "31-31")
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert "31-31" in form.field("birthday").error()
    form.field("birthday").editor.clear()
    qtbot.keyClicks(form.field("birthday").editor, "5-12")
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert "Bai Lu" in names(page)
    row = page.shop.reader().execute("SELECT id, birthday FROM customers WHERE name = 'Bai Lu'").fetchone()
    assert row["birthday"] == "--05-12"
    page.open(row["id"])
    settle(qtbot, page)
    qtbot.keyClick(page.table, Qt.Key.Key_F4)
    note = page.drawer.form.field("note").editor
    assert isinstance(note, QPlainTextEdit)
    note.setPlainText("likes blue")
    qtbot.mouseClick(page.drawer.form.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert store.customer(page.shop.reader(), row["id"]).note == "likes blue"


def test_several_get_a_tag_and_are_deleted_and_come_back(qtbot, page: CustomersPage):
    page.select_all()
    page.action_table.trigger("customers.tag")
    field = page.drawer.form.field("add").editor
    assert isinstance(field, QLineEdit)
    field.insert("gift, 双十一")
    qtbot.mouseClick(page.drawer.form.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert set(store.tags(page.shop.reader())) == {"gift", "双十一", "Wake up", "藏家", "VIP"}
    page.select_all()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    settle(qtbot, page)
    assert names(page) == []
    page.shop.undo()
    settle(qtbot, page)
    assert len(names(page)) == 4


def test_filter_by_tag_and_copy(qtbot, page: CustomersPage):
    page.choose("tag", "VIP")
    settle(qtbot, page)
    assert names(page) == ["Erik Holm"]
    page.table.go_to(0)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Erik Holm"


@pytest.mark.parametrize("column", ["shown_name", "last_order", "orders", "spent", "rhythm_days", "due_at", "rating"])
def test_every_sort_goes_both_ways(qtbot, page: CustomersPage, column: str):
    section = [c.key for c in page.columns].index(column) + 1
    orders = []
    for _ in range(2):
        page.table.header.sort_requested.emit(section)
        settle(qtbot, page)
        orders.append(names(page))
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_the_language_is_switched_at_once(qtbot, page: CustomersPage, people: dict[str, int]):
    page.open(people["Priya Nair"])
    settle(qtbot, page)
    words.use_language("zh_CN")
    QApplication.sendEvent(page, QEvent(QEvent.Type.LanguageChange))
    settle(qtbot, page)
    assert page.title_label.text() == "客户"
    shown = {chip.text() for chip in page.chips.findChildren(Chip) if chip.isVisible()}
    assert shown >= {"全部", "回头客", "过了间隔", "新客", "快过生日"}
    assert listed(page, "last_order")[names(page).index("Priya Nair")] == "61 天前"
    assert "购买间隔" in texts(page)


def test_the_columns_of_the_birthday_view_stay_with_it(qtbot, page: CustomersPage):
    usual = page.table.shown_columns()
    pick(qtbot, page, "birthdays")
    assert "phone" in page.table.shown_columns()
    page.table.setColumnWidth([c.key for c in page.columns].index("phone") + 1, 150)
    pick(qtbot, page, "all")
    assert page.table.shown_columns() == usual
