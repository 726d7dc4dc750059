"""The keys of the page on show work wherever in the window the keyboard is, and it stays with the page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from shopdesk.features import FEATURES
from shopdesk.ui.form import Form, TextField
from shopdesk.ui.text import Keys, caps_width
from tests.ui.kit import settle

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def orders(program, window, qtbot):
    """The page with the orders, on show in the active window."""
    window.open_page("orders")
    settle(program)
    qtbot.waitUntil(window.isActiveWindow)
    return window.pages.page("orders")


def press(qtbot, window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.windowHandle(), key, modifiers)


def form_in(page) -> Form:
    form = Form("Note", [TextField("note", "Note"), TextField("more", "More")], save="Save", on_save=lambda _v: None)
    page.show_form(form)
    return form


@pytest.mark.parametrize("focus", ["head", "settings"])
def test_the_keys_of_the_page_work_while_the_rail_has_the_keyboard(program, window, orders, qtbot, focus):
    button = window.rail.head if focus == "head" else window.rail.tabs["settings"]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window, Qt.Key.Key_N, CONTROL)
    added = orders.drawer.form
    assert added is not None
    assert added.isVisible()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert orders.drawer.form is None
    assert orders.isAncestorOf(window.focusWidget())
    button.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window, Qt.Key.Key_V, CONTROL | SHIFT)
    assert orders.drawer.form is not None
    assert orders.drawer.form is not added
    button.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window, Qt.Key.Key_F, CONTROL)
    assert window.focusWidget() is orders.search_box


def test_a_page_that_is_not_on_show_leaves_its_keys(program, window, orders, qtbot):
    window.open_page("inventory")
    settle(program)
    window.rail.head.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window, Qt.Key.Key_V, CONTROL | SHIFT)
    assert orders.drawer is None or orders.drawer.form is None


def test_keys_pressed_in_the_palette_do_not_reach_the_page(window, orders, qtbot):
    press(qtbot, window, Qt.Key.Key_K, CONTROL)
    press(qtbot, window, Qt.Key.Key_N, CONTROL)
    assert window.palette_widget.isVisible()
    assert orders.drawer is None or orders.drawer.form is None
    press(qtbot, window, Qt.Key.Key_Escape)


def test_a_window_made_narrower_leaves_the_form_the_keyboard_and_what_was_typed(window, orders, qtbot):
    form = form_in(orders)
    second = form.field("more").editor
    second.setFocus()
    qtbot.keyClicks(second, "gate")
    for width in (1280, 1366):
        window.resize(width, 768)
        assert window.focusWidget() is second
        press(qtbot, window, Qt.Key.Key_S)
    assert isinstance(second, QLineEdit)
    assert second.text() == "gatess"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert orders.drawer.form is None


@pytest.mark.parametrize("name", [*FEATURES])
@pytest.mark.parametrize("end", ["save", "cancel"])
def test_a_form_that_closes_leaves_the_keyboard_on_its_page(program, window, qtbot, name, end):
    window.open_page(name)
    settle(program)
    page = window.pages.page(name)
    form = form_in(page)
    if end == "save":
        form.submit()
    else:
        form.cancel_button.click()
    settle(program)
    focus = window.focusWidget()
    assert focus is page or page.isAncestorOf(focus)


def test_what_was_switched_off_gives_the_keyboard_to_its_page(window, orders):
    orders.search_box.setFocus()
    orders.search_box.setEnabled(False)
    assert orders.isAncestorOf(window.focusWidget())


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_every_search_field_has_room_for_its_key(program, window, code):
    program.use_language(code)
    for name in FEATURES:
        window.open_page(name)
        settle(program)
        box = window.pages.page(name).search_box
        if box.isVisible():
            words = box.fontMetrics().horizontalAdvance(box.placeholderText())
            assert words + caps_width("Ctrl+F") + 50 <= box.width(), name


def test_the_sheet_of_today_shows_the_key_that_prints_it(program, window):
    window.open_page("board")
    settle(program)
    button = next(part for part in window.pages.page("board").buttons if part.key == "board.print")
    (caps,) = button.findChildren(Keys)
    assert caps.isVisible()
