"""The Inventory page through its widgets: views, booking, editing in cells and forms, pictures, both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton

from shopdesk.core import blobs, check, clock, words
from shopdesk.inventory import store, verbs
from shopdesk.inventory.model import Move
from shopdesk.inventory.page import InventoryPage
from shopdesk.ui.text import LinkLabel, PlainLabel
from tests.conftest import NOW
from tests.inventory.conftest import Stocked
from tests.pages import listed, offered, section, settle, shown

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot, stocked: Stocked) -> Iterator[InventoryPage]:
    for days in (1, 2, 2, 5, 29, 30):
        stocked.sell(stocked.white, 2, days_ago=days, shipped=clock.text(NOW - timedelta(days=days)))
    with shown(qtbot, stocked.shop, InventoryPage) as made:
        yield made


def ids(page: InventoryPage) -> list[int | None]:
    return [page.rows.id_at(row) for row in range(page.rows.rowCount())]


def go_to(page: InventoryPage, sku: int) -> None:
    page.table.go_to(page.rows.row_of(sku))
    page.table.setFocus()


def key(qtbot, which: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), which, modifier)


def typed(qtbot, text: str) -> None:
    """Type; what no key has goes in as an input method commits it."""
    editor = QApplication.focusWidget()
    if text.isascii():
        qtbot.keyClicks(editor, text)
    else:
        commit = QInputMethodEvent("", [])
        commit.setCommitString(text)
        QApplication.sendEvent(editor, commit)


def field(page: InventoryPage, name: str) -> QLineEdit:
    editor = page.drawer.form.field(name).editor
    assert isinstance(editor, QLineEdit)
    return editor


def drawer_words(page: InventoryPage) -> list[str]:
    return [label.text() for label in page.drawer.findChildren(PlainLabel) if label.text()]


def test_what_runs_out_first_comes_first(page: InventoryPage, stocked: Stocked):
    assert ids(page) == [stocked.blue, stocked.white, stocked.mat]
    assert listed(page, "on_hand") == ["0", "20", "—"]
    assert listed(page, "available") == ["0", "20", "—"]
    assert listed(page, "cover") == ["0 d", "60 d", "—"]
    assert page.fact_label.text() == "3 SKUs · cost ¥900"


def test_thirty_days_of_sales_end_today(page: InventoryPage, stocked: Stocked):
    row = stocked.shop.reader().execute(store.ROWS, {
        "ids": f"[{stocked.white}]", "today": clock.today().isoformat(), "lead_days": 7,
    }).fetchone()  # fmt: skip
    column = page.columns[section(page, "sold") - 1]
    assert column.shown(row, "CNY").spark == (2,) + (0,) * 23 + (2, 0, 0, 4, 2, 0)
    assert column.plain(row, "CNY") == 10


@pytest.mark.parametrize(
    ("view", "names"),
    [("below", ["GW-W"]), ("sold_out", ["GW-B"]), ("unknown", ["CO-LN"]), ("over", ["GW-B"]), ("all", None)],
)
def test_views_hold_what_they_say(qtbot, page: InventoryPage, stocked: Stocked, view: str, names: list[str] | None):
    stocked.sell(stocked.white, 12)
    verbs.edit_sku(stocked.shop, sku_id=stocked.blue, values={"max_qty": 3, "min_qty": 0})
    with clock.at(NOW + timedelta(hours=1)):
        verbs.book(stocked.shop, sku_id=stocked.blue, move=Move.COUNT, qty=5 if view == "over" else 0)
        settle(qtbot, page)
        page.open(view)
        settle(qtbot, page)
    assert sorted(listed(page, "code")) == sorted(names or ["CO-LN", "GW-B", "GW-W"])


@pytest.mark.parametrize("column", ["name", "code", "shelf", "on_hand", "held", "available", "sold", "cover", "price"])
def test_every_column_sorts_both_ways(qtbot, page: InventoryPage, column: str):
    header = page.table.horizontalHeader()
    found = []
    for _ in range(2):
        header.sort_requested.emit(section(page, column))
        settle(qtbot, page)
        found.append(ids(page))
    assert found[0] == found[1][::-1] or len(set(listed(page, column))) < 3


def test_stock_is_received_by_keyboard_and_undone(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.white)
    key(qtbot, "+")
    form = page.drawer.form
    assert QApplication.focusWidget() is field(page, "qty")
    assert form.field("qty").message.text() == "Now 20"
    typed(qtbot, "30")
    assert form.foretold == "20 → 50"
    key(qtbot, Qt.Key.Key_Return)
    typed(qtbot, "宜兴老魏")
    key(qtbot, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    assert listed(page, "on_hand") == ["0", "50", "—"]
    assert stocked.shop.last_step().label == "Received 30 of “白瓷盖碗 白”"
    assert store.journal(stocked.shop.reader(), stocked.white)[0].note == "宜兴老魏"
    stocked.shop.undo()
    settle(qtbot, page)
    assert listed(page, "on_hand") == ["0", "20", "—"]
    assert list(check.faults(stocked.shop.path)) == []


def test_a_count_makes_the_unknown_known(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.mat)
    key(qtbot, "=")
    assert page.drawer.form.foretold == "Never counted"
    typed(qtbot, "48")
    assert page.drawer.form.foretold == "→ 48"
    key(qtbot, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    assert store.sku(stocked.shop.reader(), stocked.mat).on_hand == 48


def test_each_kind_of_move_says_what_it_does(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.white)
    key(qtbot, "-")
    buttons = page.drawer.form.findChildren(QRadioButton)
    assert [b.text() for b in buttons] == ["Receive", "Count", "Adjust", "Write off", "Back to stock"]
    assert [b.isChecked() for b in buttons].index(True) == 3
    assert all(b.accessibleDescription() in drawer_words(page) for b in buttons)
    typed(qtbot, "3")
    assert page.drawer.form.foretold == "20 → 17"
    buttons[2].click()
    assert page.drawer.form.foretold == "20 → 23"


def test_a_count_is_blind_and_a_number_that_differs_is_counted_twice(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.white)
    before = stocked.shop.last_step().id
    key(qtbot, "=")
    assert page.drawer.form.foretold == ""
    typed(qtbot, "17")
    assert page.drawer.form.foretold == ""
    key(qtbot, Qt.Key.Key_Return, CTRL)
    assert "Count again" in page.drawer.form.foretold
    assert "20" not in page.drawer.form.foretold
    assert stocked.shop.last_step().id == before
    key(qtbot, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    assert store.sku(stocked.shop.reader(), stocked.white).on_hand == 17


def test_a_quantity_that_makes_no_sense_is_refused_beside_its_field(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.white)
    before = stocked.shop.last_step().id
    key(qtbot, "+")
    typed(qtbot, "0")
    key(qtbot, Qt.Key.Key_Return, CTRL)
    assert page.drawer.form.field("qty").error() == "A quantity of 1 or more is needed."
    field(page, "qty").setText("9999999999")
    key(qtbot, Qt.Key.Key_Return, CTRL)
    assert page.drawer.form.field("qty").error() == "This number is too large."
    field(page, "qty").setText("4")
    field(page, "at").setText("+2d")
    key(qtbot, Qt.Key.Key_Return, CTRL)
    assert "in the future" in page.drawer.form.field("at").error()
    assert stocked.shop.last_step().id == before


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [("shelf", "B-07", "B-07"), ("price", "120+9.9", 12990), ("min_qty", "5*3", 15), ("max_qty", "", None)],
)
def test_cells_are_edited_in_place(qtbot, page: InventoryPage, stocked: Stocked, column: str, text: str, value: object):
    index = page.rows.index(page.rows.row_of(stocked.white), section(page, column))
    page.table.setCurrentIndex(index)
    page.table.setFocus()
    key(qtbot, Qt.Key.Key_F2)
    editor = page.table.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert getattr(store.sku(stocked.shop.reader(), stocked.white), column) == value
    stocked.shop.undo()
    assert list(check.faults(stocked.shop.path)) == []


def test_a_selection_is_edited_in_one_step(qtbot, page: InventoryPage, stocked: Stocked):
    page.select_all()
    settle(qtbot, page)
    assert "20 on hand · 1 never counted" in page.selection_bar.text
    before = stocked.shop.last_step().id
    page.action_table.trigger("inventory.bulk")
    assert page.drawer.form.title == "Edit 3 SKUs"
    assert field(page, "shelf").placeholderText() == "several"
    assert field(page, "lead_days").placeholderText() == ""
    field(page, "shelf").setText("Z-1")
    field(page, "max_qty").setText("-")
    field(page, "add_tags").setText("秋, 新品")
    page.drawer.form.save_button.click()
    settle(qtbot, page)
    found = store.skus(stocked.shop.reader(), [stocked.white, stocked.blue, stocked.mat])
    assert {(s.shelf, s.max_qty, s.tags) for s in found} == {("Z-1", None, ("秋", "新品"))}
    assert {s.price for s in found} == {12900, 13900, 1900}
    stocked.shop.undo()
    assert stocked.shop.last_step().id == before


def test_a_product_is_added_by_keyboard_alone(qtbot, page: InventoryPage, stocked: Stocked):
    page.table.setFocus()
    key(qtbot, Qt.Key.Key_N, CTRL)
    for text in ("紫砂壶", "茶具", "容量: 200ml", "TP-200", "", "D-01", "14", "268", "120+5"):
        typed(qtbot, text)
        key(qtbot, Qt.Key.Key_Return)
    key(qtbot, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    (new,) = set(ids(page)) - {stocked.white, stocked.blue, stocked.mat}
    sku = store.sku(stocked.shop.reader(), new)
    assert (sku.title, sku.code, sku.shelf, sku.on_hand, sku.price, sku.cost) == (
        "紫砂壶 200ml", "TP-200", "D-01", 14, 26800, 12500,
    )  # fmt: skip
    assert page.current_id() == new


def test_a_taken_code_is_said_beside_the_field(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.mat)
    page.action_table.trigger("inventory.variant")
    field(page, "code").setText("GW-W")
    page.drawer.form.save_button.click()
    assert page.drawer.form.field("code").error() == "“白瓷盖碗” has this code already."
    field(page, "code").setText("CO-LN-2")
    page.drawer.form.save_button.click()
    settle(qtbot, page)
    assert "CO-LN-2" in listed(page, "code")


def test_names_are_edited_to_the_letter(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.mat)
    key(qtbot, Qt.Key.Key_F4)
    field(page, "name").setText("<b>杯垫</b> &amp; =1+1")
    page.drawer.form.save_button.click()
    settle(qtbot, page)
    assert store.sku(stocked.shop.reader(), stocked.mat).name == "<b>杯垫</b> &amp; =1+1"
    assert "<b>杯垫</b> &amp; =1+1" in listed(page, "name")
    key(qtbot, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert page.drawer.form.title == "Edit product"


def test_the_drawer_tells_of_stock_variants_and_moves(qtbot, page: InventoryPage, stocked: Stocked):
    stocked.sell(stocked.white, 23)
    page.open(stocked.white)
    settle(qtbot, page)
    said = drawer_words(page)
    for words_ in (
        "白瓷盖碗 白",
        "3 sold that are not there",
        "¥129.00",
        "A-04",
        "10 – 60",
        "靛蓝",
        "Counted",
        "20",
        "−3",
    ):
        assert words_ in said
    assert "33 in 30 days · 1.1 a day" in said
    links = [label for label in page.drawer.findChildren(LinkLabel) if label.text() == "23"]
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseClick(links[0], Qt.MouseButton.LeftButton)
    name, what = asked.args
    rows = stocked.shop.reader().execute(f"SELECT count(*) FROM orders WHERE {what['where']}", what["params"])
    assert (name, rows.fetchone()[0]) == ("orders", 1)


def test_a_long_journal_opens_on_demand(qtbot, page: InventoryPage, stocked: Stocked):
    for n in range(9):
        verbs.book(stocked.shop, sku_id=stocked.white, move=Move.RECEIVE, qty=n + 1)
    page.open(stocked.white)
    settle(qtbot, page)
    assert drawer_words(page).count("Stock received") == 6
    more = next(label for label in page.drawer.findChildren(LinkLabel) if label.text() == "Show more")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert drawer_words(page).count("Stock received") == 9


def test_a_chosen_picture_is_kept_small(qtbot, page: InventoryPage, stocked: Stocked, tmp_path: Path):
    image = QImage(3000, 1500, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    path = tmp_path / "壶.gif"
    image.save(str(path), "PNG")
    page.take_picture(stocked.white, path, whole_product=True)
    settle(qtbot, page)
    product = store.product(stocked.shop.reader(), store.sku(stocked.shop.reader(), stocked.white).product_id)
    kept = QImage.fromData(blobs.get(stocked.shop.reader(), product.picture))
    assert (kept.width(), kept.height()) == (1024, 512)
    page.open(stocked.white)
    page.action_table.trigger("inventory.no_picture")
    assert store.product(stocked.shop.reader(), product.id).picture is None


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\nrest", b"RIFF1234WEBPxx", b"GIF89a"])
def test_what_is_no_picture_is_refused_with_a_sentence(
    qtbot, page: InventoryPage, stocked: Stocked, tmp_path: Path, data: bytes
):
    path = tmp_path / "x.png"
    path.write_bytes(data)
    said: list[str] = []
    page.messages.posted.connect(lambda message: said.append(message.text))
    before = stocked.shop.last_step().id
    page.take_picture(stocked.white, path, whole_product=False)
    settle(qtbot, page)
    assert said
    assert "x.png" in said[0]
    assert stocked.shop.last_step().id == before


def test_a_picture_of_too_many_pixels_is_refused_unread(qtbot, page: InventoryPage, stocked: Stocked, tmp_path: Path):
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (90_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"
    path = tmp_path / "huge.png"
    path.write_bytes(header + b"\x00\x00\x00\x00" + b"\x00\x00\x00\x00IDAT")
    said: list[str] = []
    page.messages.posted.connect(lambda message: said.append(message.text))
    page.take_picture(stocked.white, path, whole_product=False)
    settle(qtbot, page)
    assert said


def test_deleting_needs_no_question_because_undo_answers(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.blue)
    key(qtbot, Qt.Key.Key_Delete)
    settle(qtbot, page)
    assert ids(page) == [stocked.white, stocked.mat]
    stocked.shop.undo()
    settle(qtbot, page)
    assert ids(page) == [stocked.blue, stocked.white, stocked.mat]


def test_search_takes_initials_codes_and_shelves(qtbot, page: InventoryPage, stocked: Stocked):
    for text, found in (("bcgw", {stocked.white, stocked.blue}), ("co-ln", {stocked.mat}), ("a-05", {stocked.blue})):
        page.search_box.setText(text)
        settle(qtbot, page)
        assert set(ids(page)) == found


def test_a_filter_by_tag(qtbot, page: InventoryPage, stocked: Stocked):
    verbs.edit_sku(stocked.shop, sku_id=stocked.mat, values={"tags": ["夏'季"]})
    page.choose("tag", "夏'季")
    settle(qtbot, page)
    assert ids(page) == [stocked.mat]


def test_copying_takes_the_code(qtbot, page: InventoryPage, stocked: Stocked):
    go_to(page, stocked.white)
    key(qtbot, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "GW-W"


def test_the_language_changes_at_once(qtbot, page: InventoryPage, stocked: Stocked):
    page.open(stocked.white)
    words.use_language("zh_CN")
    QApplication.sendEvent(page, QEvent(QEvent.Type.LanguageChange))
    settle(qtbot, page)
    assert page.title_label.text() == "库存"
    assert page.fact_label.text() == "3 个 SKU · 成本 ¥900"
    assert listed(page, "cover")[1] == "60 天"
    said = drawer_words(page)
    for text in ("在库", "占用", "可用", "还能卖", "库存流水", "规格"):
        assert text in said
    page.action_table.trigger("inventory.receive")
    assert page.drawer.form.foretold == "现在 20"


def test_every_action_and_column_has_its_chinese(page: InventoryPage):
    words.use_language("zh_CN")
    titles = [one.title for one in (*page.actions(), *page.columns, *page.views) if one.title != "SKU"]
    assert [title for title in titles if words.tr(title) == title] == []


def test_the_model_keeps_qt_s_rules(page: InventoryPage):
    assert isinstance(page.table.model(), QAbstractItemModel)
    tester = QAbstractItemModelTester(page.table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.refresh()
    tester.deleteLater()


def test_an_empty_shop_says_what_comes_here(qtbot, shop, channel):
    with shown(qtbot, shop, InventoryPage) as page:
        assert "No products yet" in [label.text() for label in page.findChildren(PlainLabel)]


def test_only_what_does_something_is_offered(qtbot, page: InventoryPage, stocked: Stocked, tmp_path: Path):
    page.show_record(stocked.white)
    assert "holding" not in offered(page)
    assert {"count", "receive", "edit", "delete", "picture"} <= offered(page)
    assert "no_picture" not in offered(page)
    stocked.sell(stocked.white, 2)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    assert image.save(str(tmp_path / "white.png"))
    page.take_picture(stocked.white, tmp_path / "white.png", whole_product=False)
    settle(qtbot, page)
    page.show_record(stocked.white)
    assert {"holding", "no_picture"} <= offered(page)
