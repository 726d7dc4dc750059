"""The Orders page through its widgets: add, ship, paste, flag, edit, return, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPushButton

from shopdesk.core import words
from shopdesk.orders import store, verbs
from shopdesk.orders.dialogs import PasteForm
from shopdesk.orders.lines_widgets import LinesEditor
from shopdesk.orders.model import Problem, ReturnState, Status
from shopdesk.orders.page import OrdersPage
from shopdesk.ui import page_files, printing
from shopdesk.ui.sheet import Sheet
from shopdesk.ui.text import PlainLabel
from tests.pages import listed, offered, section, settle, shown


@pytest.fixture
def page(qtbot, shop, channel, goods) -> Iterator[OrdersPage]:
    with shown(qtbot, shop, OrdersPage) as made:
        yield made


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
    messages = page.messages.record()
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
    assert page.view.key == "to_ship"
    assert [message.text for message in messages] == ["Order H261124-1 added"]
    order = store.order(shop.reader(), 1)
    assert [(line.name, line.qty, line.price, line.sku_id) for line in order.lines] == [
        ("青釉盖碗 150ml", 3, 10600, 1), ("gift card", 1, 500, None),
    ]  # fmt: skip
    assert (order.buyer, order.paid, order.status) == ("Lin Yue", 32300, Status.TO_SHIP)
    assert store.buyer(shop.reader(), order.customer_id).name == "Lin Yue"
    assert "Order H261124-1" in drawer_words(page)


def test_many_are_marked_shipped_at_once(qtbot, page, shop, enter):
    orders = [enter(f"#10{n}") for n in range(40, 43)]
    settle(qtbot, page)
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, page)
    assert page.selection.count == 3
    said = [label.text() for label in page.selection_bar.findChildren(PlainLabel)]
    assert "3 orders selected" in said
    assert "9 items · ¥954.00" in said
    messages = page.messages.record()
    qtbot.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    field(page, "courier").setText("顺丰")
    key(qtbot, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert {store.order(shop.reader(), order).courier for order in orders} == {"顺丰"}
    assert [message.text for message in messages] == ["3 orders marked shipped"]
    assert page.rows.rowCount() == 0
    shop.undo()
    settle(qtbot, page)
    assert page.rows.rowCount() == 3


def test_one_is_shipped_from_its_drawer_with_its_number(qtbot, page, shop, enter):
    other, order = enter("#1041"), enter("#1042")
    settle(qtbot, page)
    page.show_record(order)
    page.selection.set([other])
    ship = next(b for b in page.drawer.findChildren(QPushButton) if b.text() == "Ship")
    qtbot.mouseClick(ship, Qt.MouseButton.LeftButton)
    press(qtbot, "SF1402")
    key(qtbot, Qt.Key.Key_Return)
    key(qtbot, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert store.order(shop.reader(), order).tracking == "SF1402"
    assert store.order(shop.reader(), other).status is Status.TO_SHIP


def test_two_columns_are_pasted(qtbot, page, shop, enter):
    first, second = enter("#1041"), enter("#1042")
    settle(qtbot, page)
    QGuiApplication.clipboard().setText("#1041\tSF1\n1042\tSF2\n#9\tSF3")
    page.table.setFocus()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(page.table, Qt.Key.Key_V, both)
    form = page.drawer.form
    assert isinstance(form, PasteForm)
    assert form.preview.summary.text() == "2 will be shipped · 1 stays as it is"
    assert form.preview.rows() == [
        "#9  SF3: no such order",
        "#1041  SF1: will be shipped",
        "1042  SF2: will be shipped",
    ]
    form.pasted.set_text("#1041\tSF1\n1042\tSF22")
    qtbot.waitUntil(lambda: form.preview.summary.text() == "2 will be shipped")
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert [store.order(shop.reader(), order).tracking for order in (first, second)] == ["SF1", "SF22"]


def test_nothing_useful_pasted_says_so_in_the_form(qtbot, page, enter):
    enter("#1041")
    settle(qtbot, page)
    QGuiApplication.clipboard().setText("just a sentence")
    page.action_table.trigger("orders.paste")
    form = page.drawer.form
    assert form.pasted.text() == ""
    form.pasted.set_text("#9\tSF3")
    assert not form.submit()
    assert form.pasted.error().startswith("None of these numbers")


def test_a_flag_shows_its_note_in_the_list_and_the_drawer(qtbot, page, shop, enter):
    order = enter("#1042")
    settle(qtbot, page)
    page.table.setFocus()
    page.table.go_to(0)
    qtbot.keyClick(page.table, "!")
    form = page.drawer.form
    form.field("kind").set_value("address")
    form.field("note").set_text("12 楼改 15 楼")
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert listed(page, "status") == ["Address"]
    assert page.rows.cell(0, 1).icons == (("flag_problem", "warn"),)
    page.show_record(order)
    said = drawer_words(page)
    assert "Address" in said
    assert "12 楼改 15 楼" in said
    page.show_view("problem")
    settle(qtbot, page)
    assert listed(page, "problem_note") == ["12 楼改 15 楼"]
    assert "problem_note" in page.table.shown_columns()
    page.clear_flag(order)
    settle(qtbot, page)
    assert page.rows.rowCount() == 0


def test_an_order_is_edited_and_what_was_not_touched_stays(qtbot, page, shop, enter):
    order = enter("#1042", buyer="  Lin\u00a0Yue ", seller_note="two\nlines ", receiver=" Lin ")
    settle(qtbot, page)
    page.table.setFocus()
    page.table.go_to(0)
    qtbot.keyClick(page.table, "e")
    form = page.drawer.form
    form.field("address").set_text("15 Long Street")
    form.submit()
    settle(qtbot, page)
    found = store.order(shop.reader(), order)
    assert (found.address, found.buyer, found.seller_note, found.receiver) == (
        "15 Long Street", "  Lin\u00a0Yue ", "two\nlines ", " Lin ",
    )  # fmt: skip
    assert shop.reader().execute("SELECT edited FROM orders").fetchone()[0] == '["address"]'


def test_an_item_is_taken_off_and_another_typed(qtbot, page, shop, enter):
    order = enter("#1042", bowls=2, cups=1)
    settle(qtbot, page)
    page.show_record(order)
    page.action_table.trigger("orders.edit")
    editor = page.drawer.form.field("lines").editor
    assert isinstance(editor, LinesEditor)
    editor.rows[0].item.setFocus()
    key(qtbot, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    editor.rows[-1].item.setFocus()
    press(qtbot, "gift")
    key(qtbot, Qt.Key.Key_Return)
    press(qtbot, "0")
    key(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.drawer.form.field("lines").error() == "“gift”: at least one piece."
    editor.rows[-2].quantity.setText("2")
    page.drawer.form.submit()
    settle(qtbot, page)
    assert [(line.name, line.qty) for line in store.order(shop.reader(), order).lines] == [
        ("玻璃公道杯 加厚", 1), ("gift", 2),
    ]  # fmt: skip


def test_a_return_goes_its_way_in_the_drawer(qtbot, page, shop, goods, enter):
    order = enter("#1042", bowls=2)
    verbs.ship_orders(shop, ids=[order], at="2026-11-24 10:00:00")
    settle(qtbot, page)
    page.show_record(order)
    page.action_table.trigger("orders.return")
    line = store.order(shop.reader(), order).lines[0]
    page.drawer.form.field(f"line{line.id}").set_text("1")
    page.drawer.form.field("amount").set_text("106")
    page.drawer.form.submit()
    for said in ("Back to stock", "Refund"):
        settle(qtbot, page)
        page.show_record(order)
        button = next(b for b in page.drawer.findChildren(QPushButton) if b.text() == said)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    page.drawer.form.field("amount").set_text("100")
    page.drawer.form.submit()
    settle(qtbot, page)
    found = store.order(shop.reader(), order)
    assert (found.refunded, found.returns[0].state) == (10000, ReturnState.REFUNDED)
    page.show_view("returned")
    settle(qtbot, page)
    assert listed(page, "refunded") == ["100.00"]
    assert listed(page, "status") == ["Part refund"]


def test_a_refusal_stands_in_the_form(qtbot, page, enter):
    order = enter("#1042")
    settle(qtbot, page)
    page.show_record(order)
    page.action_table.trigger("orders.refund")
    page.drawer.form.field("amount").set_text("99999")
    assert not page.drawer.form.submit()
    assert page.drawer.form.field("amount").error() == "Only ¥318.00 of this order can still go back."


def test_what_is_typed_replaces_the_amount_that_stood_there(qtbot, page, shop, enter):
    order = enter("#1042")
    settle(qtbot, page)
    page.show_record(order)
    page.table.setFocus()
    press(qtbot, "f")
    amount = field(page, "amount")
    assert amount.hasFocus()
    press(qtbot, "5.005")
    assert amount.text() == "5.005"
    key(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.drawer.form.field("amount").error() == "CNY has 2 digits after the point, not more."
    assert store.order(shop.reader(), order).refunded == 0
    page.drawer.form.field("reason").editor.setFocus()
    qtbot.mouseClick(amount, Qt.MouseButton.LeftButton)
    press(qtbot, "5")
    key(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, page)
    assert store.order(shop.reader(), order).refunded == 500


def test_too_much_is_said_when_the_amount_is_left(qtbot, page, enter):
    order = enter("#1042")
    settle(qtbot, page)
    page.show_record(order)
    page.table.setFocus()
    press(qtbot, "r")
    amount = field(page, "amount")
    amount.setFocus()
    press(qtbot, "318.01")
    key(qtbot, Qt.Key.Key_Tab)
    assert page.drawer.form.field("amount").error() == "Only ¥318.00 of this order can still go back."


def test_the_price_of_an_item_is_replaced_and_has_no_more_digits_than_its_currency(qtbot, page, enter):
    order = enter("#1042", cups=0)
    settle(qtbot, page)
    page.show_record(order)
    page.action_table.trigger("orders.edit")
    row = page.drawer.form.field("lines").editor.rows[0]
    qtbot.mouseClick(row.price, Qt.MouseButton.LeftButton)
    press(qtbot, "9.999")
    assert row.price.text() == "9.999"
    assert not page.drawer.form.submit()
    assert page.drawer.form.field("lines").error() == "CNY has 2 digits after the point, not more."


def cash_on_delivery(shop, channel: int, number: str, *, currency: str = "BDT", **values: object) -> int:
    """An order that a platform told: nobody paid it yet, it is to be sent."""
    given = {"buyer": "+15550157849", "receiver": "May Chan", "goods": 162500, "postage": 5000} | values
    with shop.change("Import", "orders") as db:
        order = db["orders"].insert(
            {
                "channel_id": channel,
                "number": number,
                "currency": currency,
                "created_at": "2026-11-24 09:00:00",
                **given,
            }
        )
        db["order_events"].insert(
            {
                "order_id": order.last_pk,
                "at": "2026-11-24 09:00:00",
                "kind": "status",
                "status": "to_ship",
                "by_hand": 0,
            }
        )
    return int(order.last_pk)


def test_what_is_to_be_collected_is_told(qtbot, page, shop, channel):
    order = cash_on_delivery(shop, channel, "#1001")
    settle(qtbot, page)
    assert listed(page, "paid") == ["1,675.00"]
    cell = page.rows.cell(0, section(page, "paid"))
    assert cell.tone == "text_3"
    tip = page.rows.data(page.rows.index(0, section(page, "paid")), Qt.ItemDataRole.ToolTipRole)
    assert tip == "<span>Nothing is paid yet: to collect BDT 1,675.00.</span>"
    page.show_record(order)
    said = drawer_words(page)
    assert said[said.index("To collect") + 1] == "BDT 1,675.00"
    assert "Paid" not in said
    page.selection.set([order])
    settle(qtbot, page)
    assert "to collect BDT 1,675.00" in page.selection_bar.text


def test_the_title_names_the_currency_of_the_orders_shown(qtbot, page, shop, channel, enter):
    at = section(page, "paid")

    def title() -> str:
        return page.rows.headerData(at, Qt.Orientation.Horizontal)

    assert title() == "Paid ¥"
    cash_on_delivery(shop, channel, "#1001", buyer="Anna")
    settle(qtbot, page)
    assert title() == "Paid BDT"
    enter("#1002", buyer="Lin Yue")
    settle(qtbot, page)
    assert (title(), sorted(listed(page, "paid"))) == ("Paid", ["BDT 1,675.00", "¥318.00"])
    page.search_box.setText("Lin Yue")
    settle(qtbot, page)
    assert (title(), listed(page, "paid")) == ("Paid ¥", ["318.00"])


def test_a_buyer_known_by_an_account_only_is_named_by_the_receiver(qtbot, page, shop, channel):
    cash_on_delivery(shop, channel, "#1001", receiver="Zoe")
    cash_on_delivery(shop, channel, "#1002", buyer="may.chan@example.com", receiver="May Chan")
    cash_on_delivery(shop, channel, "#1003", buyer="tea_lover88", receiver="Anna")
    cash_on_delivery(shop, channel, "#1004", buyer="+1 (555) 015", receiver="")
    settle(qtbot, page)
    page.table.header.sort_requested.emit(section(page, "buyer"))
    settle(qtbot, page)
    assert listed(page, "buyer") == ["+1 (555) 015", "May Chan", "Zoe", "tea_lover88"]
    for words_typed, found in (("0157849", "#1001"), ("may.chan", "#1002"), ("Anna", "#1003"), ("tea_lover", "#1003")):
        page.search_box.setText(words_typed)
        settle(qtbot, page)
        assert [number.split()[0] for number in listed(page, "number")] == [found]


def test_how_many_kinds_more_is_never_cut_off(qtbot, page, enter):
    enter("#1041", cups=0)
    enter("#1042")
    settle(qtbot, page)
    at = section(page, "items")
    assert [page.rows.cell(row, at).tail for row in (0, 1)] == ["", " +1"]
    page.table.setColumnWidth(at, 90)  # too narrow for the name alone
    page.table.clearFocus()
    QApplication.processEvents()
    one, more = (page.table.viewport().grab(page.table.visualRect(page.rows.index(row, at))) for row in (0, 1))
    assert one.toImage() != more.toImage()
    words.use_language("zh_CN")
    page.rows.forget_texts()
    assert page.rows.cell(1, at).tail == " 等 2 种"


def test_the_note_of_a_flag_is_shown_everywhere(qtbot, page, shop, enter, monkeypatch):
    first, other = enter("#1041"), enter("#1042")
    verbs.flag_problem(shop, ids=[first], kind=Problem.COURIER, note="gate code 4711\nring twice")
    settle(qtbot, page)
    at = page.rows.index(page.rows.row_of(first), section(page, "items"))
    tip = page.rows.data(at, Qt.ItemDataRole.ToolTipRole)
    assert tip == "<span>Courier wish: gate code 4711 ring twice</span>"
    printed: list[Sheet] = []
    monkeypatch.setattr(page_files, "show_preview", lambda parent, sheet: printed.append(sheet))
    page.action_table.trigger("orders.print_view")
    settle(qtbot, page)
    assert printing.html(printed[0]).count("Courier wish: gate code 4711 ring twice") == 1
    page.show_record(first)
    page.action_table.trigger("orders.ship")
    assert {"Courier wish: gate code 4711", "ring twice"} <= set(drawer_words(page))
    page.drawer.form.closed.emit()
    page.selection.set([first, other])
    page.action_table.trigger("orders.ship")
    assert {"Order #1041", "Courier wish: gate code 4711 ring twice"} <= set(drawer_words(page))
    assert "Order #1042" not in drawer_words(page)


def test_a_long_address_shows_its_beginning(qtbot, page, enter):
    address = "福建省 厦门市 思明区 文宁路 140 号 3 号楼 1 单元 1502 室"
    order = enter("#1042", address=address)
    settle(qtbot, page)
    page.show_record(order)
    page.action_table.trigger("orders.edit")
    form = page.drawer.form
    assert form.field("address").editor.cursorPosition() == 0
    assert form.field("number").label == "Order no."
    form.field("address").editor.setFocus()
    press(qtbot, "!")
    assert form.field("address").text() == f"{address}!"
    form.field("phone").editor.setFocus()
    assert form.field("address").editor.cursorPosition() == 0


def test_a_day_in_a_sentence_has_no_capital(qtbot, page, enter):
    order = enter("#1042", paid_at="2026-11-22 18:30:00")
    settle(qtbot, page)
    page.show_record(order)
    assert "due yesterday 17:00 · paid Sun 18:30" in drawer_words(page)


def test_what_fits_is_offered_in_full(qtbot, page, shop, goods):
    with shop.change("Variant", "stock") as db:
        db.execute("UPDATE skus SET options = 'glaze: celadon, size: 150 ml, box: gift box of bamboo' WHERE id = 1")
    settle(qtbot, page)
    page.action_table.trigger("orders.add")
    item = page.drawer.form.field("lines").editor.rows[0].item
    item.setFocus()
    press(qtbot, "TB")
    offered_now = next(
        one for one in page.findChildren(QListWidget) if one.accessibleName() == "Items that fit" and one.isVisible()
    )
    assert offered_now.item(0).text().endswith("TB-100  ·  10 free")
    assert offered_now.width() > item.width()
    assert offered_now.visualItemRect(offered_now.item(0)).width() >= offered_now.sizeHintForColumn(0)
    assert page.rect().contains(offered_now.geometry())
    key(qtbot, Qt.Key.Key_Tab)
    assert not offered_now.isVisible()


def test_without_a_channel_adding_says_what_to_do(qtbot, page, shop):
    settle(qtbot, page)
    with shop.change("Gone", "channels") as db:
        db.execute("UPDATE channels SET deleted_at = '2026-11-24 00:00:00'")
    messages = page.messages.record()
    page.action_table.trigger("orders.add")
    assert [message.text for message in messages] == ["There is no channel yet."]


def test_short_orders_say_so(qtbot, page, shop, goods, enter):
    """What is there goes to those that leave first, as the day board counts."""
    first = enter("1", bowls=8)
    order = enter("2", bowls=8)
    settle(qtbot, page)
    assert listed(page, "status") == ["To ship", "Short"]
    page.show_record(order)
    assert "Not enough in stock" in drawer_words(page)
    page.show_record(first)
    assert "Not enough in stock" not in drawer_words(page)


def test_every_view_and_form_in_both_languages(qtbot, page, shop, enter):
    orders = [enter(f"#10{n}") for n in range(40, 44)] + [enter("#1050", paid_at=None)]
    verbs.flag_problem(shop, ids=orders[:1], kind=Problem.COURIER, note="SF only\nBefore Wednesday")
    verbs.ship_orders(shop, ids=orders[2:3], tracking="SF1")
    for language, chip, sign in (("en", "To ship today", "Order"), ("zh_CN", "今天待发", "订单")):
        words.use_language(language)
        page.retranslate()
        for view in page.views:
            page.show_view(view.key)
            settle(qtbot, page)
        assert page.views[0].label() == chip
        for order in orders:
            page.show_record(order)
            assert sign in page.drawer.title
        page.show_record(orders[1])
        for action in ("ship", "flag", "edit", "note", "return", "refund", "close", "paste", "add"):
            page.action_table.trigger(f"orders.{action}")
            assert page.drawer.form is not None
        page.drawer.close_form()


def test_only_what_does_something_is_offered(qtbot, page, shop, enter):
    waiting, unpaid, sent = enter("#1041"), enter("#1042", paid_at=None), enter("#1043")
    verbs.ship_orders(shop, ids=[sent])
    verbs.flag_problem(shop, ids=[sent], kind=Problem.COURIER)
    page.show_view("all")
    settle(qtbot, page)
    always = {"flag", "edit", "note", "copy", "delete", "import", "add", "paste", "ship_this", "pay_this", "done_this"}
    states = {
        waiting: {"ship", "close", "return", "refund"},
        unpaid: {"pay", "close"},
        sent: {"done", "clear", "return", "refund"},
    }
    for order, more in states.items():
        page.show_record(order)
        assert offered(page) & {"ship", "clear", "pay", "done", "return", "refund", "close"} == more
        assert offered(page) & always == always - {"ship_this", "pay_this", "done_this"}
    page.selection.set([waiting, unpaid])
    assert offered(page) >= {"ship", "pay", "close"}
    assert not offered(page) & {"done", "clear"}
    shop.undo()
    settle(qtbot, page)
    page.selection.set([sent])
    assert "clear" not in offered(page)


def test_keys_copy_and_delete(qtbot, page, shop, enter):
    enter("#1041")
    enter("#1042")
    settle(qtbot, page)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.action_table.trigger("orders.copy")
    assert QGuiApplication.clipboard().text().split("\n") == ["#1041", "#1042"]
    page.action_table.trigger("orders.delete")
    settle(qtbot, page)
    assert page.rows.rowCount() == 0
    assert shop.last_step().label == "2 orders deleted"


def test_what_a_file_did_not_say_is_not_made_up(qtbot, page, shop, channel):
    with shop.change("Import", "orders") as db:
        db.execute(
            "INSERT INTO orders (channel_id, number, buyer, receiver, currency, paid, paid_at)"
            " VALUES (?, '20660', 'lin@example.com', 'Lin Yue', 'USD', 11900, '2020-03-01 10:00:00')",
            (channel,),
        )
        db.execute(
            "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (1, '2020-03-01', 'status', 'done', 0)"
        )
    page.show_view("all")
    settle(qtbot, page)
    shown = [listed(page, column) for column in ("items", "pieces", "buyer", "paid", "paid_at", "ship_by")]
    assert shown == [["·"], ["—"], ["Lin Yue"], ["119.00"], ["2020-03-01"], ["·"]]
    written = {column.key: column.plain(page.rows.row_at(0), "CNY") for column in page.columns}
    assert (written["pieces"], written["shipped_at"], written["ship_by"], written["paid"]) == (
        None,
        None,
        None,
        "119.00",
    )
    page.show_record(1)
    assert "$119.00" in drawer_words(page)
