"""The window as an owner meets it: tabs, keys, palette, undo, files, languages, closing."""

import gc
from threading import Event, current_thread

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QPushButton

from shopdesk.core import backup, channels, settings
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.core.words import language
from shopdesk.features import FEATURES
from shopdesk.ui import keeping, safekeeping
from shopdesk.ui.actions import Place
from shopdesk.ui.form import Form, TextField
from shopdesk.ui.leaving import Leaving
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.theme import theme
from shopdesk.ui.veil import DropVeil
from tests.ui.kit import settle


@pytest.fixture
def channel_orders(program, window):
    """Two orders in the shop."""
    with program.shop.change("Orders", "orders") as db:
        channel = channels.listed(program.shop.reader())[0].id
        for number in ("1", "2"):
            db.execute(
                "INSERT INTO orders (channel_id, number, status, currency) VALUES (?, ?, 'to_ship', 'CNY')",
                (channel, number),
            )
    settle(program)


def test_without_a_shop_the_welcome_page_is_shown(program, qtbot):
    program.start(None)
    assert program.window.isVisible()
    assert program.window.pages is None
    assert program.window.windowTitle() == "ShopDesk"


def test_a_shop_shows_its_name_file_and_channels(program, window):
    settle(program)
    assert window.windowTitle() == "muhe.shop — ShopDesk"
    assert window.rail.head.text() == "Muhe Tea"


def test_every_tab_opens_by_click_and_by_key(program, window, qtbot):
    for number, name in enumerate(FEATURES, start=1):
        qtbot.mouseClick(window.rail.tabs[name], Qt.MouseButton.LeftButton)
        assert window.pages.current == name
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert window.pages.current == name
        settle(program)


def test_the_last_tab_and_the_rail_are_remembered(program, window, qtbot):
    window.open_page("customers")
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.rail.collapsed
    window.close_now()
    assert Prefs().text("last_tab") == "customers"
    assert Prefs().flag("rail_collapsed")


def test_a_narrow_window_folds_the_rail_and_unfolds_it_again(window, qtbot):
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.rail.collapsed)
    assert window.rail.width() == theme().size("rail_collapsed")
    assert window.pages.page(window.pages.current).narrow
    window.resize(1400, 720)
    qtbot.waitUntil(lambda: not window.rail.collapsed)


def test_a_tab_counts_waiting_work_and_what_is_overdue(window):
    tab = window.rail.tabs["orders"]
    plain = tab.grab().toImage()
    tab.set_count(12, 0)
    counted = tab.grab().toImage()
    tab.set_count(12, 2)
    assert tab.accessibleName() == "Orders, 12 waiting, 2 overdue"
    assert "2 overdue" in tab.toolTip()
    assert len({plain.cacheKey(), counted.cacheKey(), tab.grab().toImage().cacheKey()}) == 3
    assert counted != plain


def test_an_act_is_said_and_taken_back_and_done_again(program, window, qtbot):
    with program.shop.change("Renamed the shop", "settings") as db:
        settings.put(db, "shop_name", "Other Tea")
    qtbot.waitUntil(lambda: window.status.last.startswith("Renamed the shop"))
    qtbot.waitUntil(lambda: window.rail.head.text() == "Other Tea")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.rail.head.text() == "Muhe Tea")
    qtbot.waitUntil(lambda: "Renamed the shop" in window.toast.text)
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.rail.head.text() == "Other Tea")
    settle(program)


def test_nothing_to_undo_is_said(program, window, qtbot):
    while program.shop.undo() is not None:
        pass
    window.undoing.undo()
    qtbot.waitUntil(lambda: "nothing to undo" in window.toast.text)


def test_a_toast_undoes_its_own_step(program, window, qtbot):
    with program.shop.change("First", "settings") as db:
        settings.put(db, "cutoff", "16:00")
    step = program.shop.last_step()
    with program.shop.change("Second", "settings") as db:
        settings.put(db, "lead_days", 9)
    window.desk.messages.done("First", step=step.id)
    assert window.toast.text == "First"
    window.undoing.undo_step(step.id)
    qtbot.waitUntil(lambda: settings.get(program.shop.reader(), "cutoff") == "17:00")
    assert settings.get(program.shop.reader(), "lead_days") == 9
    settle(program)


def test_a_long_message_stays_inside_the_window(window):
    window.desk.messages.error("word " * 60)
    assert window.rect().contains(window.toast.geometry())


def test_a_toast_leaves_the_buttons_of_a_selection_free(program, window, channel_orders, qtbot):
    window.open_page("orders")
    settle(program)
    page = window.pages.page("orders")
    page.open("all")
    settle(program)
    window.desk.messages.done("Done")
    before = window.toast.geometry().bottom()
    page.selection.set([page.rows.id_at(0)])
    qtbot.waitUntil(page.selection_bar.isVisible)
    qtbot.waitUntil(lambda: window.toast.geometry().bottom() < before)
    top = page.selection_bar.mapTo(window, QPoint(0, 0)).y()
    assert window.toast.geometry().bottom() < top
    settle(program)


def test_the_palette_finds_commands_pages_and_sums(program, window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_widget
    assert palette.isVisible()
    assert {"Orders", "Settings", "Help"} <= set(palette.titles())
    qtbot.keyClicks(palette.field, "metr")
    assert palette.current().title == "Metrics"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.pages.current == "metrics"
    window.open_palette("=12.5*3")
    assert palette.current().title == "37.5"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == "37.5"
    settle(program)


def test_the_palette_offers_every_action_of_every_loaded_page(program, window):
    for name in FEATURES:
        window.open_page(name)
        settle(program)
    window.open_palette()
    titles = set(window.palette_widget.titles())
    for name in FEATURES:
        page = window.pages.page(name)
        for action in page.action_table.all():
            if action.place is Place.DRAWER:
                continue  # a short form of another action, beside the record
            assert page.action_table.label(action.key) in titles
    window.palette_widget.close_palette()


def test_the_palette_goes_to_a_view_of_a_page(program, window, qtbot):
    window.open_page("orders")
    settle(program)
    window.open_page("board")
    window.open_palette("late")
    palette = window.palette_widget
    assert "Orders › Late" in palette.titles()
    while palette.current().title != "Orders › Late":
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    settle(program)
    assert window.pages.current == "orders"
    assert window.pages.page("orders").view.key == "late"


def test_the_palette_says_when_it_finds_nothing(window):
    window.open_palette("zzzzzz")
    assert window.palette_widget.titles() == []
    assert window.palette_widget.rows.heading(0) == "Nothing found"
    window.palette_widget.close_palette()


def test_escape_closes_the_palette_and_gives_the_keyboard_back(window, qtbot):
    before = window.focusWidget()
    window.open_palette()
    qtbot.keyClick(window.palette_widget.field, Qt.Key.Key_Escape)
    assert not window.palette_widget.isVisible()
    assert window.focusWidget() is before


def test_languages_switch_at_once(program, window, qtbot):
    program.use_language("zh_CN")
    assert language() == "zh_CN"
    assert window.rail.tabs["orders"].text() == "订单"
    assert window.pages.page(window.pages.current).title_label.text() == "今日"
    assert Prefs().text("language") == "zh_CN"
    program.use_language("en")
    assert window.rail.tabs["orders"].text() == "Orders"
    settle(program)


def test_qt_s_own_buttons_speak_the_language_too(program, window):
    program.use_language("zh_CN")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    chooser = QFileDialog(window)
    chooser.setOption(QFileDialog.Option.DontUseNativeDialog)
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    assert not [part.text() for part in chooser.findChildren(QLabel) if part.text().isascii()]
    chooser.deleteLater()
    program.use_language("en")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Cancel"
    settle(program)


def test_themes_switch_at_once(program, window):
    before = window.grab().toImage()
    theme().set_mode("dark")
    QApplication.processEvents()
    assert window.grab().toImage() != before


def test_help_opens_and_lists_every_key_and_setting(program, window, qtbot):
    for name in FEATURES:
        window.open_page(name)
        settle(program)
    window.open_page("orders")
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_F1)
    guide = window.pages.page("help").text
    for setting in settings.SETTINGS:
        assert setting.title in guide
    for name in FEATURES:
        for action in window.pages.page(name).action_table.all():
            assert not action.shortcut or action.title in guide, action.title
    for command in window.commands.table:
        if command.shortcuts:
            assert command.title in guide, command.title
    settle(program)


def test_f6_walks_through_the_parts_of_a_page(program, window, qtbot):
    window.open_page("orders")
    settle(program)
    visited = set()
    for _ in range(5):
        qtbot.keyClick(window.windowHandle(), Qt.Key.Key_F6)
        focus = window.focusWidget()
        visited.add("rail" if window.rail.isAncestorOf(focus) else "page")
    assert visited == {"rail", "page"}


def test_the_ring_follows_the_keyboard_only(window, qtbot):
    first = window.rail.tabs["orders"]
    first.setFocus(Qt.FocusReason.OtherFocusReason)
    assert window.ring.ring is None
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    ring = window.ring.ring
    assert ring.widget() is window.focusWidget() is window.rail.tabs["inventory"]
    assert ring.isVisible()
    assert ring.geometry().contains(window.focusWidget().mapTo(window, QPoint(0, 0)))
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    assert ring.widget() is None


def drop(window, files):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def test_files_dragged_over_the_window_are_announced(window, tmp_path, qtbot):
    export = tmp_path / "orders.csv"
    export.write_text("a,b", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(export)), QUrl("https://example.com/x.csv")])
    event = QDragEnterEvent(
        QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dragEnterEvent(event)
    (veil,) = window.findChildren(DropVeil)
    assert veil.text == "Drop to see what is in it"
    window.dragLeaveEvent(QDragLeaveEvent())
    assert not veil.isVisible()


def test_dropped_files_go_to_the_import_preview(program, window, qtbot):
    files = sorted(resource("demo").glob("orders*.csv"))
    drop(window, files)
    assert window.pages.current == "import"
    qtbot.waitUntil(lambda: not program.worker.busy, timeout=30000)
    assert program.shop.reader().execute("SELECT count(*) FROM orders").fetchone()[0] == 0
    settle(program)


def test_a_dropped_shop_file_is_opened(program, window, tmp_path, qtbot):
    other = Shop.create(tmp_path / "other.shop", name="Other")
    other.close()
    drop(window, [other.path])
    qtbot.waitUntil(lambda: program.shop.path.name == "other.shop", timeout=10000)
    settle(program)


def test_a_second_shop_replaces_the_first_and_both_are_recent(program, window, tmp_path, file, qtbot):
    with qtbot.waitSignal(window.pages.destroyed, timeout=5000):
        program.opening.create(tmp_path / "new")
        qtbot.waitUntil(lambda: program.shop is not None and program.shop.path.name == "new.shop", timeout=10000)
    assert [row[0].name for row in Prefs().recent()] == ["new.shop", "muhe.shop"]
    settle(program)


def test_a_file_that_is_no_shop_is_refused_in_one_sentence(program, tmp_path, qtbot):
    wrong = tmp_path / "wrong.shop"
    wrong.write_bytes(b"no database at all" * 100)
    program.start(wrong)
    assert "not a ShopDesk file" in program.window.welcome.trouble
    assert program.shop is None


def test_the_demo_shop_is_made_and_opened(program, qtbot):
    program.start(None)
    program.open_demo()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=10000)
    assert program.shop.path.parent.name == "demo"
    settle(program)


def test_a_shop_held_by_another_machine_is_shown_as_its_backup(program, file, qtbot):
    shop = Shop.open(file)
    backup.make(shop, why="test")
    shop.close()
    lock = file.with_name(file.name + ".lock")
    lock.write_text('{"machine": "LAPTOP", "process": 1, "since": "2026-11-24T02:12:00Z"}', "utf-8")
    program.start(file)
    qtbot.waitUntil(lambda: program.shop is not None, timeout=10000)
    assert program.shop.read_only
    assert "LAPTOP" in program.window.banner
    settle(program)
    lock.unlink()


@pytest.mark.parametrize("sound", [True, False])
def test_a_spoilt_newest_backup_gives_way_to_the_one_before(program, file, qtbot, sound):
    shop = Shop.open(file)
    copies = [backup.folder(file) / backup.make(shop, why="test").name for _ in range(2)]
    shop.close()
    for copy in copies[sound:]:
        copy.write_bytes(copy.read_bytes()[:4096] + b"x" * (copy.stat().st_size - 4096))
    lock = file.with_name(file.name + ".lock")
    lock.write_text('{"machine": "LAPTOP", "process": 1, "since": "2026-11-24T02:12:00Z"}', "utf-8")
    program.start(file)
    if sound:
        qtbot.waitUntil(lambda: program.shop is not None, timeout=10000)
        assert program.shop.path == copies[0]
        settle(program)
    else:
        qtbot.waitUntil(lambda: "LAPTOP" in program.window.welcome.trouble, timeout=10000)
    lock.unlink()


def test_closing_while_a_backup_is_made_does_not_hold_the_window_up(program, window, monkeypatch, qtbot):
    made: list[str] = []
    begun, go_on = Event(), Event()

    def make(why: str, _shop: Shop, _stop: object) -> safekeeping.Made:
        begun.set()
        assert go_on.wait(10)
        made.append(why)
        return safekeeping.Made()

    monkeypatch.setattr(keeping, "_when_due", make)
    monkeypatch.setattr(safekeeping, "made_at_the_end", lambda _shop: made.append("exit"))
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 0)
    other = Shop.create(window.desk.shop.path.with_name("other.shop"), name="Other")
    other.close()
    program.open(other.path)
    qtbot.waitUntil(begun.is_set)
    window.close()
    assert window.isVisible()
    assert made == ["exit"], "of the shop before"
    go_on.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert made == ["exit", "start", "exit"]


def test_garbage_is_collected_by_the_main_thread_while_the_program_runs(program, window):
    threads: set[str] = set()

    def look(phase: str, _info: object) -> None:
        threads.add(current_thread().name)

    program.listen()
    gc.callbacks.append(look)
    try:
        program.worker.submit(lambda con: [[number] for number in range(300_000)])
        assert program.worker.wait_idle()
    finally:
        gc.callbacks.remove(look)
    assert "reader" not in threads


def test_closing_makes_a_backup_when_something_changed(program, window, file, qtbot):
    with program.shop.change("Cut-off", "settings") as db:
        settings.put(db, "cutoff", "16:00")
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20000)
    assert backup.newest(file).why == "exit"


def test_closing_without_changes_makes_no_second_backup(program, window, file, qtbot):
    backup.make(program.shop, why="test")
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20000)
    assert len(backup.listed(file)) == 1


def test_after_closing_the_file_is_free_again(program, window, file, qtbot):
    program.stop()
    Shop.open(file).close()
    assert not file.with_name(file.name + "-wal").exists()


def test_closing_with_unsaved_text_asks_first(program, window, qtbot):
    window.open_page("orders")
    settle(program)
    page = window.pages.page("orders")
    form = Form("Add order", [TextField("number", "Order")], save="Add", on_save=lambda _values: None)
    page.show_form(form)
    qtbot.keyClicks(form.first(), "1042")
    assert window.pages.unsaved() == "Add order"
    window.close()
    assert window.isVisible()
    (card,) = window.findChildren(Leaving)
    _close, stay = card.findChildren(QPushButton)
    qtbot.mouseClick(stay, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    window.close()
    card = next(c for c in window.findChildren(Leaving) if c.isVisible())
    qtbot.mouseClick(card.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20000)


@pytest.mark.parametrize("unsaved", [False, True])
@pytest.mark.parametrize("by", ["button", "cross"])
def test_a_window_whose_file_was_deleted_closes_all_the_same(program, window, file, channel_orders, qtbot, unsaved, by):
    if unsaved:
        window.open_page("orders")
        form = Form("Add order", [TextField("number", "Order")], save="Add", on_save=lambda _values: None)
        window.pages.page("orders").show_form(form)
        qtbot.keyClicks(form.first(), "1042")
    file.unlink()
    window.commands.trigger("quit")
    if unsaved:
        button(window, "Close without saving").click()
    qtbot.waitUntil(lambda: button(window, "Close anyway") is not None, timeout=20000)
    assert window.isVisible()
    if by == "button":
        button(window, "Close anyway").click()
    else:
        window.close()
    assert not window.isVisible()


def button(window, words):
    """The button of the card over the window that says so."""
    cards = [card for card in window.findChildren(Leaving) if card.isVisible()]
    found = [made for card in cards for made in card.findChildren(QPushButton) if made.text() == words]
    return found[0] if found else None
