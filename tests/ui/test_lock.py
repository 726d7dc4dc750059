"""A shop under a password in the window: asked for, locked, out of sight, and back as it was."""

import shutil
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QClipboard, QDragEnterEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QMenu, QWidget

from shopdesk.core import backup, keys, settings
from shopdesk.core.shop import Shop, opened
from shopdesk.features import FEATURES
from shopdesk.inventory import verbs as inventory
from shopdesk.ui.background import Background
from shopdesk.ui.crash import CrashWindow
from shopdesk.ui.form import Form, TextField
from shopdesk.ui.lock_page import LockPage
from shopdesk.ui.messages import Level
from shopdesk.ui.preview import show_preview
from shopdesk.ui.sheet import Sheet
from tests.shop_files import orders_csv
from tests.ui.conftest import NAME, PASSWORD
from tests.ui.kit import settle

PATIENCE = 20000
NOTE = "ring twice at the green gate"
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def file(protected, tmp_path) -> Path:
    """A copy of it for this test."""
    return Path(shutil.copy(protected[0], tmp_path / "muhe.shop"))


@pytest.fixture
def key(protected):
    return protected[1]


@pytest.fixture
def card(program, file, qtbot) -> LockPage:
    """The card that asks before the shop is opened."""
    program.start(file)
    program.window.resize(1366, 768)
    qtbot.waitUntil(program.window.isVisible)
    return shown(program)


@pytest.fixture
def window(program, file, key, qtbot):
    """The window with the shop, unlocked and quiet."""
    program.start(None)
    program.opening.open(file, key)
    program.window.resize(1366, 768)
    qtbot.waitUntil(program.window.isVisible)
    settle(program)
    return program.window


def shown(program) -> LockPage:
    page = program.window.centralWidget().currentWidget()
    assert isinstance(page, LockPage)
    return page


def answer(qtbot, card: LockPage, text: str, *, paste: bool = False):
    """Type into the card and press Enter."""
    if card.asks_code or paste:
        field = card.code if card.asks_code else card.password
        QGuiApplication.clipboard().setText(text)
        field.paste()
        qtbot.keyClick(field, Qt.Key.Key_Return)
    else:
        card.password.selectAll()
        qtbot.keyClicks(card.password, text)
        qtbot.keyClick(card.password, Qt.Key.Key_Return)


def lock(program, qtbot) -> LockPage:
    window = program.window
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_L, CONTROL | ALT)
    return shown(program)


def texts_in_sight() -> str:
    """Every word that any visible widget of any window shows or tells a screen reader."""
    words = []
    for top in QApplication.topLevelWidgets():
        if not top.isVisible():
            continue
        for widget in (top, *top.findChildren(QWidget)):
            if widget.isVisible():
                words += [widget.accessibleName(), widget.toolTip(), widget.windowTitle()]
                if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
                    words.append(widget.text())
    return "\n".join(words)


# opening


def test_a_protected_shop_asks_and_the_right_password_opens_it(program, card, qtbot):
    assert program.window.desk is None
    assert card.password.hasFocus() or program.window.focusWidget() is card.password
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: program.window.desk is not None, timeout=PATIENCE)
    settle(program)
    assert program.window.rail.head.text() == NAME
    assert program.window.windowTitle() == "muhe.shop — ShopDesk"


def test_a_wrong_password_is_said_and_stays_chosen(program, card, qtbot):
    answer(qtbot, card, "not this")
    qtbot.waitUntil(lambda: "Not this one." in card.said, timeout=PATIENCE)
    assert card.password.selectedText() == "not this"
    assert program.window.desk is None
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: program.window.desk is not None, timeout=PATIENCE)


def test_while_a_password_is_tried_the_card_says_so_and_takes_nothing_else(program, card, qtbot):
    place = card.password.mapTo(card, card.password.rect().topRight())
    answer(qtbot, card, "not this")
    QApplication.processEvents()
    assert card.password.mapTo(card, card.password.rect().topRight()) == place
    assert card.unlock.text() == "Opening…"
    assert not card.unlock.isEnabled()
    assert not card.password.isEnabled()
    answer(qtbot, card, PASSWORD)
    window = program.window.windowHandle()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_X):
        qtbot.keyClick(window, key)
    assert program.window.desk is None
    qtbot.waitUntil(lambda: "Not this one." in card.said, timeout=PATIENCE)
    assert (card.unlock.text(), card.unlock.isEnabled()) == ("Unlock", True)
    assert program.window.focusWidget() is card.password
    assert card.password.selectedText() == "not this"
    assert not card.asks_code
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: program.window.desk is not None, timeout=PATIENCE)


def test_while_a_password_is_tried_the_window_goes_on(program, card, qtbot):
    answer(qtbot, card, "not this")
    longest, last = 0.0, time.monotonic()
    while not card.unlock.isEnabled():
        QApplication.processEvents()
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert longest < 0.15
    assert card.password.isEnabled()


def test_of_a_try_that_ends_when_another_shop_is_wanted_nothing_comes(program, card, qtbot):
    answer(qtbot, card, PASSWORD)
    qtbot.mouseClick(card.another, Qt.MouseButton.LeftButton)
    assert program.window.welcome is not None
    qtbot.waitUntil(lambda: not Background._alive, timeout=PATIENCE)
    QApplication.processEvents()
    assert program.window.welcome is not None
    assert program.window.desk is None


def test_the_recovery_code_opens_it_however_it_is_written(program, card, key, qtbot):
    qtbot.mouseClick(card.other_way, Qt.MouseButton.LeftButton)
    assert card.asks_code
    answer(qtbot, card, keys.recovery_code(key).lower().replace("-", " "))
    qtbot.waitUntil(lambda: program.window.desk is not None, timeout=PATIENCE)


def test_a_mistyped_code_is_told_from_a_wrong_one(program, card, key, qtbot):
    qtbot.mouseClick(card.other_way, Qt.MouseButton.LeftButton)
    right = keys.recovery_code(key)
    answer(qtbot, card, right.replace(right[0], "2" if right[0] != "2" else "3", 1))
    qtbot.waitUntil(lambda: "group by group" in card.said, timeout=PATIENCE)
    card.code.clear()
    assert "group by group" not in card.said
    answer(qtbot, card, keys.recovery_code(keys.Key.random()))
    qtbot.waitUntil(lambda: "Not this one." in card.said, timeout=PATIENCE)
    card.code.clear()
    answer(qtbot, card, right[:20])
    qtbot.waitUntil(lambda: "group by group" in card.said, timeout=PATIENCE)


def test_the_whole_recovery_code_is_in_sight_with_as_many_groups_on_a_line_as_on_the_sheet(card, key, qtbot):
    qtbot.mouseClick(card.other_way, Qt.MouseButton.LeftButton)
    card.code.setPlainText(keys.recovery_code(key).replace("-", " "))
    qtbot.waitUntil(lambda: card.code.document().firstBlock().layout().lineCount() > 1)
    lines = card.code.document().firstBlock().layout()
    assert [lines.lineAt(at).textLength() for at in range(lines.lineCount())] == [24, 24, 17]
    assert not card.code.verticalScrollBar().isVisible()


@pytest.mark.parametrize("first_page", [b"\0" * 4096, b"", b"salt"])
def test_damage_is_told_from_a_wrong_password(program, protected, key, tmp_path, qtbot, first_page):
    """All of the first page gone, none of it, or only what comes after the salt."""
    path = Path(shutil.copy(protected[0], tmp_path / "muhe.shop"))
    with opened(path, key=key) as shop:
        backup.make(shop, why="asked")
    whole = path.read_bytes()
    if first_page:
        broken = first_page if len(first_page) > 16 else whole[:16] + b"x" * 4080
        path.write_bytes(broken + whole[4096:])
    program.start(path)
    qtbot.waitUntil(program.window.isVisible)
    answer(qtbot, shown(program), "not this")
    qtbot.waitUntil(lambda: "Not this one." in shown(program).said, timeout=PATIENCE)
    answer(qtbot, shown(program), PASSWORD)
    if first_page:
        qtbot.waitUntil(lambda: program.opening.rescuing.window is not None, timeout=PATIENCE)
        rescue = program.opening.rescuing.window
        qtbot.waitUntil(rescue.isVisible, timeout=PATIENCE)
        rescue.reject()
    else:
        qtbot.waitUntil(lambda: program.window.desk is not None, timeout=PATIENCE)


def test_another_shop_can_be_opened_instead(program, card, qtbot):
    qtbot.mouseClick(card.another, Qt.MouseButton.LeftButton)
    assert program.window.welcome is not None


def test_caps_lock_is_told_by_the_letters(card, qtbot):
    qtbot.keyClick(card.password, Qt.Key.Key_A)
    assert "Caps Lock" not in card.said
    qtbot.keyPress(card.password, "B")
    assert "Caps Lock is on." in card.said
    qtbot.keyPress(card.password, "B", Qt.KeyboardModifier.ShiftModifier)
    assert "Caps Lock" not in card.said


def test_the_eye_shows_what_is_typed(card, qtbot):
    qtbot.keyClicks(card.password, "abc")
    eye = card.password.actions()[0]
    assert card.password.displayText() != "abc"
    eye.trigger()
    assert card.password.displayText() == "abc"
    assert eye.text() == "Hide the password"


def test_the_recent_list_holds_no_more_than_the_file(program, window, file):
    assert [(row[0], row[1]) for row in program.prefs.recent()] == [(file, "muhe")]
    program.prefs.sync()
    kept = (Path(program.prefs.demo_path()).parent.parent / "settings.ini").read_text("utf-8")
    assert NAME not in kept
    assert "Sunlight" not in kept


# locking


def test_locked_nothing_of_the_shop_is_in_sight(program, window, qtbot):
    for name in FEATURES:
        window.open_page(name)
    settle(program)
    window.desk.messages.done(f"Renamed to {NAME}")
    assert NAME in texts_in_sight()
    lock(program, qtbot)
    settle(program)
    seen = texts_in_sight()
    assert NAME not in seen
    assert "Sunlight" not in seen
    assert window.windowTitle() == "ShopDesk — locked"
    for part in (window.pages, window.rail, window.status, window.toast):
        assert not part.isVisible()


def test_it_comes_back_as_it_was_with_what_was_typed_and_the_keyboard(program, window, qtbot):
    window.open_page("orders")
    settle(program)
    orders = window.pages.page("orders")
    form = Form("Note", [TextField("note", "Note"), TextField("more", "More")], save="Save", on_save=lambda _v: None)
    orders.show_form(form)
    editor = form.field("more").editor
    editor.setFocus()
    qtbot.keyClicks(editor, NOTE)
    editor.setCursorPosition(4)
    card = lock(program, qtbot)
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    assert orders.drawer.form is form
    assert editor.text() == NOTE
    assert window.focusWidget() is editor
    assert editor.cursorPosition() == 4
    assert window.windowTitle() == "muhe.shop — ShopDesk"
    assert window.pages.isVisible()


def test_a_cell_being_typed_into_is_neither_written_nor_lost(program, window, qtbot):
    inventory.add_product(program.shop, product={"name": "Cup"}, sku={"code": "A1", "shelf": "B2"})
    window.open_page("inventory")
    settle(program)
    table = window.pages.page("inventory").table
    before = program.shop.last_step()
    model = table.model()
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=PATIENCE)
    editable = Qt.ItemFlag.ItemIsEditable
    column = next(at for at in range(model.columnCount()) if model.index(0, at).flags() & editable)
    table.setCurrentIndex(model.index(0, column))
    table.edit(table.currentIndex())
    editor = next(line for line in table.viewport().findChildren(QLineEdit) if line.isVisible())
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "12")
    card = lock(program, qtbot)
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    settle(program)
    assert program.shop.last_step() == before
    assert editor.isVisible()
    assert editor.text() == "12"
    assert window.focusWidget() is editor


def test_a_wrong_password_does_not_unlock_and_the_recovery_code_does(program, window, key, qtbot):
    card = lock(program, qtbot)
    answer(qtbot, card, "not this")
    qtbot.waitUntil(lambda: "Not this one." in card.said, timeout=PATIENCE)
    assert program.locks.locked
    qtbot.mouseClick(card.other_way, Qt.MouseButton.LeftButton)
    right = keys.recovery_code(key)
    answer(qtbot, card, right.replace(right[0], "2" if right[0] != "2" else "3", 1))
    qtbot.waitUntil(lambda: "group by group" in card.said, timeout=PATIENCE)
    answer(qtbot, card, keys.recovery_code(keys.Key.random()))
    qtbot.waitUntil(lambda: "Not this one." in card.said, timeout=PATIENCE)
    answer(qtbot, card, right)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)


def test_locked_the_keys_do_nothing(program, window, qtbot):
    window.open_page("orders")
    settle(program)
    orders = window.pages.page("orders")
    form = Form("Note", [TextField("note", "Note")], save="Save", on_save=lambda _v: None)
    orders.show_form(form)
    qtbot.keyClicks(form.field("note").editor, NOTE)
    orders.search_box.setText("cup")
    card = lock(program, qtbot)
    before = program.shop.last_step()
    for press, modifiers in (
        (Qt.Key.Key_K, CONTROL), (Qt.Key.Key_2, CONTROL), (Qt.Key.Key_Z, CONTROL), (Qt.Key.Key_N, CONTROL),
        (Qt.Key.Key_O, CONTROL), (Qt.Key.Key_F, CONTROL), (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier),
    ):  # fmt: skip
        qtbot.keyClick(window.windowHandle(), press, modifiers)
    settle(program)
    assert shown(program) is card
    assert card.isAncestorOf(window.focusWidget())
    assert window.palette_widget is None or not window.palette_widget.isVisible()
    assert orders.drawer.form is form
    assert orders.search_box.text() == "cup"
    assert program.shop.last_step() == before
    assert not [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not window]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_locked_menus_dialogs_and_previews_are_gone_and_come_back(program, window, qtbot):
    preview = show_preview(
        window, Sheet("recovery.html", NAME, data={"shop": NAME, "file": "", "day": "", "lines": []})
    )
    qtbot.waitUntil(preview.isVisible)
    menu = QMenu(preview)
    menu.addAction(NAME)
    menu.popup(preview.mapToGlobal(QPoint(40, 40)))
    assert menu.isVisible()
    program.locks.lock()
    assert not menu.isVisible()
    assert not preview.isVisible()
    assert NAME not in texts_in_sight()
    answer(qtbot, shown(program), PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    assert preview.isVisible()
    assert not menu.isVisible()
    preview.reject()


def test_a_window_that_opens_behind_the_lock_waits(program, window, qtbot):
    card = lock(program, qtbot)
    late = QDialog(window)
    late.setWindowTitle(NAME)
    late.open()
    qtbot.waitUntil(lambda: not late.isVisible(), timeout=PATIENCE)
    assert NAME not in texts_in_sight()
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    assert late.isVisible()
    late.reject()


def test_the_lock_key_works_with_the_palette_open(program, window, qtbot):
    window.open_palette()
    qtbot.waitUntil(window.palette_widget.isVisible)
    lock(program, qtbot)
    assert not window.palette_widget.isVisible()


def test_the_lock_key_works_in_a_dialog(program, window, qtbot):
    asked = QDialog(window)
    asked.open()
    qtbot.waitUntil(asked.isActiveWindow)
    qtbot.keyClick(asked.windowHandle(), Qt.Key.Key_L, CONTROL | ALT)
    shown(program)
    assert not asked.isVisible()
    asked.reject()


def test_a_message_behind_the_lock_is_said_after_it(program, window, qtbot):
    card = lock(program, qtbot)
    window.desk.messages.error(f"{NAME} could not be written")
    assert NAME not in texts_in_sight()
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    assert window.toast.text.startswith(NAME)


def test_a_page_that_opens_behind_the_lock_does_not_take_the_keyboard(program, window, qtbot):
    for name in ("inventory", "orders"):
        window.open_page(name)
        settle(program)
    card = lock(program, qtbot)
    window.open_page("inventory")
    window.pages.page("inventory").focus_search()
    settle(program)
    assert shown(program) is card
    assert card.isAncestorOf(window.focusWidget())
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_K, CONTROL)
    assert window.palette_widget is None


def test_locked_nothing_can_be_dropped(program, window, file, qtbot):
    lock(program, qtbot)
    assert not window.acceptDrops()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDragEnterEvent(
        QPoint(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    QApplication.sendEvent(window.windowHandle(), event)
    assert not event.isAccepted()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_second_start_raises_the_window_locked(program, window, tmp_path, qtbot):
    other = Shop.create(tmp_path / "other.shop", name="Other")
    other.close()
    card = lock(program, qtbot)
    program.raise_window(other.path)
    assert shown(program) is card
    assert program.shop.path.name == "muhe.shop"


def test_a_crash_behind_the_lock_tells_nothing_of_the_shop(program, window, qtbot):
    with program.shop.change("Renamed {name}", "settings", name=NAME) as db:
        settings.put(db, "shop_name", NAME + "!")
    settle(program)
    qtbot.waitUntil(lambda: NAME in window.status.last, timeout=PATIENCE)
    lock(program, qtbot)
    crash = make_crash()
    assert crash.isVisible()
    assert NAME not in texts_in_sight()
    assert NAME not in crash.text
    crash.reject()


def make_crash() -> CrashWindow:
    try:
        raise ValueError(NAME)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    return next(top for top in QApplication.topLevelWidgets() if isinstance(top, CrashWindow))


def test_the_clipboard_is_emptied_when_it_holds_what_came_from_here(program, window, qtbot, monkeypatch):
    clipboard = QGuiApplication.clipboard()
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _self: True)  # the offscreen system does not know
    clipboard.setText(NAME)
    lock(program, qtbot)
    assert clipboard.text() == ""


def test_what_was_copied_elsewhere_stays(program, window, qtbot, monkeypatch):
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _self: False)
    QGuiApplication.clipboard().setText("from another program")
    lock(program, qtbot)
    assert QGuiApplication.clipboard().text() == "from another program"


def test_it_locks_itself_after_the_minutes_set_and_says_so(program, window, qtbot):
    idle = program.locks.locking.idle
    settle(program)
    assert idle.minutes == 10
    with program.shop.change("Minutes", "settings") as db:
        settings.put(db, "lock_minutes", 15)
    qtbot.waitUntil(lambda: idle.minutes == 15, timeout=PATIENCE)
    idle.over.emit(idle.minutes)
    assert "locked since 14:50, 15 minutes without a key" in shown(program).said


def test_without_a_password_the_key_leads_to_the_settings(program, tmp_path, qtbot):
    plain = Shop.create(tmp_path / "plain.shop", name="Plain")
    plain.close()
    program.start(plain.path)
    window = program.window
    qtbot.waitUntil(window.isVisible)
    settle(program)
    heard = window.desk.messages.record()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_L, CONTROL | ALT)
    assert window.pages.current == "settings"
    assert [message.level for message in heard] == [Level.INFO]
    assert not program.locks.locked


# leaving


def test_locked_the_window_closes_after_its_last_backup(program, window, file, qtbot):
    lock(program, qtbot)
    with qtbot.waitSignal(window.closed, timeout=10000):
        window.close()
    backups = list((file.parent / "muhe backups").glob("muhe-*.shop"))
    assert len(backups) == 1


def test_typed_text_is_asked_about_after_unlocking(program, window, qtbot):
    window.open_page("orders")
    form = Form("Note", [TextField("note", "Note")], save="Save", on_save=lambda _v: None)
    window.pages.page("orders").show_form(form)
    form.field("note").editor.setFocus()
    qtbot.keyClicks(form.field("note").editor, NOTE)
    card = lock(program, qtbot)
    window.close()
    assert window.isVisible()
    assert "not saved yet" in card.said
    qtbot.mouseClick(card.another, Qt.MouseButton.LeftButton)
    assert shown(program) is card
    assert NOTE not in texts_in_sight()
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    assert "“Note” is not saved yet" in texts_in_sight()
    assert form.field("note").editor.text() == NOTE
    program.leave()


def test_an_import_goes_on_behind_the_lock_and_says_so(program, window, tmp_path, qtbot):
    orders = orders_csv(tmp_path / "orders.csv", {}, {"订单编号": "40012775412559901"})
    card = lock(program, qtbot)
    window.import_files([orders])
    said = "orders.csv goes on behind the lock: 2 rows checked, waits for you"
    qtbot.waitUntil(lambda: said in card.behind, timeout=PATIENCE)
    assert card.isVisible()
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
    assert window.pages.current == "import"


def test_what_ended_behind_the_lock_waits_to_be_seen(program, window, tmp_path, qtbot):
    card = lock(program, qtbot)
    window.import_files([orders_csv(tmp_path / "orders.csv", {})])
    page = window.pages.page("import")
    qtbot.waitUntil(lambda: "waits for you" in card.behind, timeout=PATIENCE)
    page.action_table.trigger("import.cancel")  # its work is done, whichever way it ends
    ended = "The import behind the lock has ended; what came of it waits for you."
    qtbot.waitUntil(lambda: card.behind == ended, timeout=PATIENCE)
    answer(qtbot, card, PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
