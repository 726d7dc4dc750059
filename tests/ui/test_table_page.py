"""The page kit through its widgets: views, search, keys, selection, drawer, forms, change and undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QImage, QRegion
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMenu, QSplitter, QWidgetItem
from pytestqt.qtbot import QtBot

from shopdesk.core import search, words
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_
from shopdesk.ui import page_files, printing, table_rows
from shopdesk.ui.desk import Desk
from shopdesk.ui.form import DayField, Form, MoneyField, NoteField, NumberField, TextField
from shopdesk.ui.icons import icon
from shopdesk.ui.messages import Level
from shopdesk.ui.sheet import Sheet
from shopdesk.ui.text import Keys
from tests.ui import kit

COUNT = 300


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    path = tmp_path / "kit.shop"
    made = Shop.create(path, name="Kit")
    con = made._writer
    con.executescript(kit.TABLE)
    made.close()
    made = Shop.open(path)
    with made.change(N_("Filled"), "things") as db:
        for n in range(COUNT):
            db.execute(
                "INSERT INTO things (name, size, price, due_at, state) VALUES (?, ?, ?, ?, ?)",
                (
                    f"白瓷盖碗 {n}",
                    n if n % 7 else None,
                    n * 100,
                    f"2026-11-{n % 28 + 1:02d} 17:00:00" if n % 5 else None,
                    ("open", "done", "problem")[n % 3],
                ),
            )
            db.execute(
                "INSERT INTO search_things (rowid, words) VALUES (?, ?)", (n + 1, search.tokens(f"白瓷盖碗 {n}"))
            )
    yield made
    made.close()


@pytest.fixture
def desk(shop: Shop) -> Iterator[Desk]:
    with kit.desk_of(shop) as made:
        yield made


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[kit.ThingsPage]:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = kit.ThingsPage(desk)
    kit.hears(made)
    window.setCentralWidget(made)
    window.resize(1100, 700)
    window.show()
    made.shown()
    quiet(made)
    yield made
    window.close()


def quiet(page: kit.ThingsPage) -> None:
    for _ in range(3):
        assert page.worker.wait_idle()
        QApplication.processEvents()


def press(page: kit.ThingsPage, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.table, key, keys)
    quiet(page)


def names(page: kit.ThingsPage) -> list[str]:
    model = page.rows
    return [model.data(model.index(row, 1), 0) for row in range(model.rowCount())]


def test_the_model_keeps_its_promises_through_every_change(page: kit.ThingsPage) -> None:
    tester = QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.show_view("open")
    quiet(page)
    page.search_box.setText("盖碗 1")
    quiet(page)
    page.search_box.clear()
    page.show_view("all")
    quiet(page)
    page.on_add()
    quiet(page)
    page.select_all()
    assert tester.model() is page.rows


def test_views_count_and_filter(page: kit.ThingsPage) -> None:
    assert page.chips.chip("all").count == COUNT
    assert page.chips.chip("open").count == 100
    assert 0 < page.chips.chip("late").count < 100
    page.chips.chip("open").click()
    quiet(page)
    assert page.rows.rowCount() == 100
    assert page.view.key == "open"


def test_clicking_a_title_sorts_and_clicking_again_turns_it(page: kit.ThingsPage) -> None:
    header = page.table.header
    spot = QPoint(header.sectionViewportPosition(2) + 10, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    quiet(page)
    sizes = [page.rows.row_at(row)["size"] for row in range(3)]
    assert sizes == [299, 298, 297]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    quiet(page)
    assert page.rows.row_at(0)["size"] is None
    assert page.rows.cell(0, 2).text == "—"


def test_search_finds_words_in_any_order_at_each_key(page: kit.ThingsPage) -> None:
    QTest.keyClicks(page.search_box, "23 ")
    quiet(page)
    assert names(page)
    assert all("23" in name for name in names(page))
    page.search_box.setText("23 盖碗")
    quiet(page)
    assert all("23" in name for name in names(page))
    page.search_box.setText("nothing like it")
    quiet(page)
    assert page.rows.rowCount() == 0
    assert page.empty_state.isVisible()
    assert "nothing like it" in page.empty_state.heading
    QTest.keyClick(page.search_box, Qt.Key.Key_Escape)
    quiet(page)
    assert page.rows.rowCount() == COUNT


def test_nothing_in_the_view_offers_to_search_everything(page: kit.ThingsPage) -> None:
    page.show_view("open")
    page.search_box.setText("盖碗 1")
    quiet(page)
    found = page.rows.rowCount()
    page.search_box.setText("盖碗 298")
    quiet(page)
    assert found > 0
    assert page.rows.rowCount() == 0
    page.empty_state.button.click()
    quiet(page)
    assert names(page) == ["白瓷盖碗 298"]


def test_the_key_of_an_act_that_cannot_be_done_is_not_offered(page: kit.ThingsPage) -> None:
    main = next(button for button in page.selection_bar.buttons if button.key == "things.finish")
    caps = main.findChild(Keys)
    assert main.isEnabled()
    assert not caps.isHidden()
    page.action_table.read_only = True
    page.action_table.refresh()
    assert not main.isEnabled()
    assert caps.isHidden()


def test_the_keyboard_alone_selects_and_opens(page: kit.ThingsPage) -> None:
    page.table.setFocus()
    press(page, Qt.Key.Key_Home)
    press(page, Qt.Key.Key_Space)
    press(page, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(page, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.selection.count == 3
    assert page.selection_bar.isVisible()
    assert "3 things selected" in page.selection_bar.text
    assert "sum" in page.selection_bar.text
    press(page, Qt.Key.Key_Exclam, Qt.KeyboardModifier.ShiftModifier)
    assert page.flagged == page.selection.ids()
    press(page, Qt.Key.Key_Return)
    assert page.drawer is not None
    assert page.drawer.isVisible()
    assert page.drawer.title == names(page)[2]
    press(page, Qt.Key.Key_Escape)
    assert not page.drawer.isVisible()
    press(page, Qt.Key.Key_Slash)
    assert page.search_box.hasFocus()


def test_the_button_of_the_drawer_shows_what_it_would_do(page: kit.ThingsPage) -> None:
    button = page.tools.buttons["drawer_open"]

    def shows(name: str) -> bool:
        size = button.iconSize()
        return button.icon().pixmap(size).toImage() == icon(name, "text_2").pixmap(size).toImage()

    assert shows("drawer_open")
    button.click()
    quiet(page)
    assert page.drawer.isVisible()
    assert shows("drawer_close")
    press(page, Qt.Key.Key_Escape)
    assert not page.drawer.isVisible()
    assert shows("drawer_open")


def test_everything_can_be_selected_and_is_remembered_by_id(page: kit.ThingsPage) -> None:
    press(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.selection.count == COUNT
    page.selection.set([3, 4])
    page.table.header.sort_requested.emit(1)
    quiet(page)
    assert page.selection.ids() == [3, 4]


def test_only_what_is_shown_stays_chosen(page: kit.ThingsPage) -> None:
    assert [page.rows.row_at(page.rows.row_of(n))["state"] for n in (3, 4)] == ["problem", "open"]
    page.selection.set([3, 4])
    page.show_view("open")
    quiet(page)
    assert page.selection.ids() == [4]
    page.show_view("all")
    quiet(page)
    page.selection.set([3, 4])
    page.search_box.setText("盖碗 3")
    quiet(page)
    assert page.selection.ids() == [4]
    page.search_box.clear()
    quiet(page)
    assert page.selection.ids() == [4]
    page.choose("state", "done")
    quiet(page)
    assert page.selection.count == 0
    assert not page.selection_bar.isVisible()


def test_of_very_many_rows_only_what_is_shown_stays_chosen(
    page: kit.ThingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_rows, "SMALL", 50)
    monkeypatch.setattr(table_rows, "MEDIUM", 60)
    page.selection.set([3, 4])
    page.show_view("open")
    quiet(page)
    assert page.rows.store.ids is None
    assert page.selection.ids() == [4]


def test_a_selection_of_all_of_very_many_rows_is_no_list(page: kit.ThingsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_rows, "SMALL", 50)
    monkeypatch.setattr(table_rows, "MEDIUM", 60)
    page.show_view("all")
    quiet(page)
    assert page.rows.store.ids is None
    page.select_all()
    assert page.selection.everything
    assert page.selection.count == COUNT
    page.selection.toggle(7)
    assert page.selection.count == COUNT - 1
    page.action_table.trigger("things.flag")
    quiet(page)
    assert len(page.flagged) == COUNT - 1
    assert 7 not in page.flagged


def test_very_many_rows_are_reached_by_key(page: kit.ThingsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_rows, "SMALL", 50)
    monkeypatch.setattr(table_rows, "MEDIUM", 60)
    monkeypatch.setattr(table_rows, "EVERY", 40)
    page.show_view("all")
    wanted = page.rows.store.query.ids(page.shop.reader())
    quiet(page)
    for row in (299, 150, 41, 0, 200):
        assert page.rows.id_at(row) == wanted[row]
        assert page.rows.row_of(wanted[row]) == row
    page.show_record(wanted[260])
    quiet(page)
    assert page.current_id() == wanted[260]
    kit.finish(page.shop, [wanted[1]])
    quiet(page)
    assert page.current_id() == wanted[260]
    assert page.rows.rowCount() == COUNT


def test_an_act_is_told_with_undo_and_keeps_the_place(page: kit.ThingsPage, desk: Desk) -> None:
    said = desk.messages.record()
    page.show_view("open")
    quiet(page)
    page.table.go_to(60)
    before = page.table.verticalScrollBar().value()
    chosen = [page.rows.id_at(row) for row in (60, 61)]
    page.selection.set(chosen)
    QTest.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    quiet(page)
    assert page.rows.rowCount() == 98
    assert page.selection.count == 0
    assert page.table.current_row() == 60
    assert abs(page.table.verticalScrollBar().value() - before) <= 2 * page.table.row_height
    assert said[-1].level is Level.DONE
    assert said[-1].text == "Finished 2"
    page.shop.undo_step(said[-1].step)
    quiet(page)
    assert page.rows.rowCount() == 100
    assert page.chips.chip("open").count == 100


def test_a_hidden_page_only_goes_stale(page: kit.ThingsPage) -> None:
    page.hidden()
    kit.add(page.shop, ["new"])
    quiet(page)
    assert page.rows.rowCount() == COUNT
    page.shown()
    quiet(page)
    assert page.rows.rowCount() == COUNT + 1


def test_a_cell_is_edited_in_place(page: kit.ThingsPage) -> None:
    page.table.setCurrentIndex(page.rows.index(1, 2))
    record_id = page.rows.id_at(1)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F2)
    field = page.table.indexWidget(page.rows.index(1, 2)) or QApplication.focusWidget()
    field.setText("77")
    QTest.keyClick(field, Qt.Key.Key_Return)
    quiet(page)
    row = page.shop.reader().execute("SELECT size FROM things WHERE id = ?", (record_id,)).fetchone()
    assert row[0] == 77


def test_a_view_is_saved_under_a_name_and_stands_in_the_file(page: kit.ThingsPage, desk: Desk) -> None:
    page.show_view("open")
    page.search_box.setText("盖碗")
    page.table.header.sort_requested.emit(3)
    quiet(page)
    page.action_table.trigger("things.save_view")
    form = page.drawer.form
    form.field("name").set_text("Dear ones")
    assert form.submit()
    quiet(page)
    assert page.view.label() == "Dear ones"
    assert page.chips.keys()[-1] == page.view.key
    again = kit.ThingsPage(desk)
    again.shown()
    assert again.chips.keys() == page.chips.keys()
    again.show_view(page.view.key)
    assert again.search_box.words() == "盖碗"
    quiet(page)
    again.deleteLater()


def test_columns_are_remembered(page: kit.ThingsPage, desk: Desk) -> None:
    page.table.setColumnWidth(2, 123)
    page.table.header.moveSection(page.table.header.visualIndex(4), 1)
    again = kit.ThingsPage(desk)
    again.resize(900, 500)
    again.shown()
    assert again.table.columnWidth(2) == 123
    assert again.table.order()[0] == "due_at"
    assert "secret" not in again.table.shown_columns()
    quiet(again)
    again.deleteLater()


def test_another_language_is_shown_at_once(page: kit.ThingsPage) -> None:
    words.use_language("zh_CN")
    QApplication.sendEvent(page, QEvent(QEvent.Type.LanguageChange))
    quiet(page)
    assert page.rows.headerData(3, Qt.Orientation.Horizontal) == words.tr("Price {symbol}").replace("{symbol}", "¥")


def test_in_a_narrow_window_the_drawer_lies_over_the_table_only(page: kit.ThingsPage) -> None:
    page.set_narrow(True)
    page.table.go_to(0)
    page.action_table.trigger("things.open")
    quiet(page)
    drawer = page.drawer
    assert drawer.parentWidget() is page.area
    assert drawer.geometry().right() == page.area.rect().right()
    assert page.table.order()[0] == "due_at"
    page.table.setColumnWidth(1, page.table.columnWidth(1) + 7)
    quiet(page)
    header = page.table.header
    assert drawer.x() in [header.sectionViewportPosition(n) for n in range(1, header.count())]
    page.set_narrow(False)
    assert isinstance(drawer.parentWidget(), QSplitter)
    assert page.table.order()[0] == "name"


def test_a_point_of_a_chart_opens_the_records_behind_it(page: kit.ThingsPage) -> None:
    page.open({"where": "size BETWEEN :low AND :high", "params": {"low": 10, "high": 12}, "title": "10–12"})
    quiet(page)
    assert page.rows.rowCount() == 3
    assert page.view.label() == "10–12"
    assert page.chips.chip("passing").count == 3
    page.show_view("all")
    quiet(page)
    assert page.chips.keys().count("passing") == 0


def test_an_open_drawer_follows_to_the_records_behind_a_point(qtbot, page: kit.ThingsPage) -> None:
    page.open(2)
    quiet(page)
    page.open({"where": "size BETWEEN :low AND :high", "params": {"low": 10, "high": 12}, "title": "10–12"})
    quiet(page)
    qtbot.waitUntil(lambda: page.drawer.title == names(page)[0])
    assert page.drawer.isVisible()


def test_a_record_is_shown_even_when_the_view_does_not_hold_it(page: kit.ThingsPage) -> None:
    page.show_view("open")
    quiet(page)
    page.open(2)
    quiet(page)
    assert page.current_id() == 2
    assert page.drawer.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    quiet(page)


def test_markup_in_data_stays_text_in_the_drawer(page: kit.ThingsPage) -> None:
    page.table.go_to(0)
    page.action_table.trigger("things.open")
    labels = [label for label in page.drawer.findChildren(type(page.title_label)) if "<b>" in label.text()]
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_the_drawer_tells_the_history_and_takes_a_change_back(page: kit.ThingsPage) -> None:
    page.show_record(2)
    kit.finish(page.shop, [3])
    page.resize_thing(3, 55)
    page.show_record(3)
    quiet(page)
    texts = [label.text() for label in page.drawer.findChildren(type(page.title_label))]
    assert any("→ 55" in text for text in texts)
    undo = next(label for label in page.drawer.findChildren(type(page.title_label)) if label.text() == "Undo")
    undo.clicked.emit()
    quiet(page)
    row = page.shop.reader().execute("SELECT size FROM things WHERE id = 3").fetchone()
    assert row[0] == 2


def test_a_form_shows_what_is_wrong_beside_the_field(page: kit.ThingsPage, desk: Desk) -> None:
    got: list[dict[str, object]] = []

    def save(values: dict[str, object]) -> None:
        if values["name"] == "taken":
            raise ShopError(N_("That name is taken."), field="name")
        got.append(values)

    form = Form(
        "Add",
        [
            TextField("name", "Name", required=True),
            MoneyField("price", "Price", currency="CNY"),
            NumberField("size", "Size", value=1, low=1),
            DayField("due", "Due"),
            NoteField("note", "Note"),
        ],
        save="Add",
        on_save=save,
    )
    page.show_form(form)
    assert not form.submit()
    assert form.field("name").error()
    assert form.field("name").editor.hasFocus()
    QTest.keyClicks(form.field("name").editor, "taken")
    form.field("price").set_text("12.5+3*2")
    form.field("size").set_text("0")
    form.field("due").set_text("+3d")
    form.field("note").set_text("two\nlines ")
    assert not form.submit()
    assert "1" in form.field("size").error()
    form.field("size").set_text("2*6")
    assert not form.submit()
    assert form.field("name").error() == "That name is taken."
    form.field("name").set_text("free")
    QTest.keyClick(form.field("due").editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    quiet(page)
    assert got == [{"name": "free", "price": 1850, "size": 12, "due": "2026-11-27", "note": "two\nlines "}]
    assert page.drawer.form is None


def test_a_form_left_with_text_can_be_gone_back_to(page: kit.ThingsPage, desk: Desk) -> None:
    said = desk.messages.record()
    page.show_record(2)
    form = Form("Add", [TextField("name", "Name")], save="Add", on_save=lambda values: None)
    page.show_form(form)
    QTest.keyClicks(form.field("name").editor, "half")
    QTest.keyClick(form.field("name").editor, Qt.Key.Key_Escape)
    quiet(page)
    assert page.drawer.form is None
    assert page.drawer.isVisible()
    label, go_on = said[-1].link
    assert label
    go_on()
    assert page.drawer.form is form
    assert form.field("name").text() == "half"


def test_a_refused_act_is_a_message_and_nothing_else(page: kit.ThingsPage, desk: Desk) -> None:
    said = desk.messages.record()

    def refuse() -> None:
        raise ShopError(N_("Not now."), fix=N_("Later."))

    assert page.do(refuse) is None
    assert said[-1].level is Level.ERROR
    assert said[-1].whole() == "Not now. Later."


def test_a_long_act_tells_how_far_it_is(page: kit.ThingsPage, desk: Desk) -> None:
    said = desk.messages.record()
    page.do_long(lambda task: (task.progress(1, 2, "half"), kit.finish(page.shop, [1, 4]))[-1], text="Working")
    quiet(page)
    assert said[-1].text == "Finished 2"
    assert not page.progress_strip.isVisible()


def test_every_action_can_be_reached_and_told(page: kit.ThingsPage) -> None:
    menu = page.action_table.menu(page, records=True)
    words_in_menu = {action.text().split("\t")[0] for action in menu.actions()}
    assert {"Finish", "Flag", "Add", "Print this list", "Save view"} <= words_in_menu
    assert all(action.shortcut for action in page.action_table.all())


def test_painted_columns_can_be_heard(page: kit.ThingsPage) -> None:
    model: QAbstractItemModel = page.rows
    spoken = model.data(model.index(0, 3), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "Not selected"
    assert model.rowCount(QModelIndex()) == COUNT


def test_the_view_is_printed_as_it_is_on_screen(page: kit.ThingsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Sheet] = []
    monkeypatch.setattr(page_files, "show_preview", lambda parent, sheet: shown.append(sheet))
    page.show_view("open")
    quiet(page)
    page.action_table.trigger("things.print_view")
    quiet(page)
    text = printing.html(shown[0])
    assert "Open" in text
    assert "100 things" in text
    assert names(page)[5] in text
    assert printing.page_count(shown[0]) > 1


def test_the_view_is_exported_as_it_is_on_screen(page: kit.ThingsPage, desk: Desk, tmp_path: Path) -> None:
    got: dict[str, object] = {}

    def write(path: Path, *, title: str, headings: list[str], kinds: list[str], rows, task) -> int:
        got.update(path=path, headings=headings, kinds=kinds, rows=list(rows))
        return len(got["rows"])

    said = desk.messages.record()
    page.desk = replace(desk, export_view=write)
    page.show_view("open")
    page.table.header.sort_requested.emit(1)
    quiet(page)
    page_files.export_view(page)  # asks beside the work: nothing here waits for the answer
    dialog = page.findChild(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(".csv")
    dialog.selectFile(str(tmp_path / "out.csv"))
    dialog.accept()
    quiet(page)
    assert got["path"] == tmp_path / "out.csv"
    assert got["headings"] == ["Name", "Size", "Price ¥", "Due", "State"]
    assert got["kinds"] == ["text", "number", "money", "time", "text"]
    assert [row[0] for row in got["rows"]] == names(page)
    assert all(str(row[2]).count(".") == 1 for row in got["rows"])
    assert "100" in said[-1].text


def test_a_row_painted_in_two_parts_keeps_its_first_part(page: kit.ThingsPage) -> None:
    table = page.table
    table.go_to(1)
    quiet(page)
    view = table.viewport()
    top, height = table.rowViewportPosition(1), table.row_height
    parts = QRegion(0, top, 120, 2 * height) | QRegion(view.width() - 60, top, 60, 2 * height)
    whole, pieces = (QImage(view.size(), QImage.Format.Format_RGB32) for _ in range(2))
    view.render(whole, QPoint(), QRegion(view.rect()))
    pieces.fill(0)
    view.render(pieces, parts.boundingRect().topLeft(), parts)
    for rect in parts:
        assert pieces.copy(rect) == whole.copy(rect)


def test_an_entry_with_a_tick_is_an_action_whatever_stood_at_its_address_before(
    page: kit.ThingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Qt makes may come back from `addAction` as a stale wrapper; the menus do not rely on it."""
    shown: list[QMenu] = []
    take = QMenu.addAction

    def stale(menu: QMenu, *what: object) -> object:
        made = take(menu, *what)  # type: ignore[call-overload]
        return made if isinstance(what[0], QAction) else QWidgetItem(menu)

    monkeypatch.setattr(QMenu, "addAction", stale)
    monkeypatch.setattr(QMenu, "popup", lambda menu, _point: shown.append(menu))
    for tool in ("filter", "columns"):
        page.tools.buttons[tool].click()
    filters, columns = shown
    entries = [entry.text() for part in filters.findChildren(QMenu) for entry in part.actions()]
    assert entries == ["open", "done"]
    assert [entry.isChecked() for entry in columns.actions()[:6]] == [True] * 5 + [False]
