"""Switching look and language: what is to be seen takes them at once, hidden pages before they are seen."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from shopdesk.features import FEATURES
from shopdesk.ui import late
from shopdesk.ui.chart import told_apart
from shopdesk.ui.choose import Choose
from shopdesk.ui.pages import SETTINGS_PAGE
from shopdesk.ui.theme import theme
from tests.ui.kit import settle

PAGES = [*FEATURES, SETTINGS_PAGE]


def grounds(page: QWidget) -> set[str]:
    """The colours of a page at some places of its header and its ground."""
    image: QImage = page.grab().toImage()
    return {image.pixelColor(x, y).name() for x, y in ((2, 2), (2, 50), (2, image.height() - 3))}


@pytest.fixture
def all_pages(program, window):
    """Every page was visited once; Today is on show."""
    for name in (*PAGES, "board"):
        window.open_page(name)
        settle(program)
    return window.pages


def test_a_hidden_page_wears_the_new_colours_the_moment_it_is_shown(program, window, all_pages):
    light = {name: grounds(all_pages.page(name)) for name in PAGES}
    theme().set_mode("dark")
    assert grounds(all_pages.page("board")) != light["board"]
    for name in PAGES[1:]:
        assert all_pages.page(name).styleSheet() != theme().stylesheet()
        window.open_page(name)
        assert all_pages.page(name).styleSheet() == theme().stylesheet()
        assert not grounds(all_pages.page(name)) & light[name], name


def test_hidden_pages_follow_one_by_one_while_nothing_else_happens(program, window, all_pages, qtbot):
    theme().set_mode("dark")
    program.use_language("zh_CN")
    behind = [name for name in PAGES if name != all_pages.current]
    assert all_pages.page("orders").title_label.text() == "Orders"
    qtbot.waitUntil(lambda: all(all_pages.page(name).styleSheet() == theme().stylesheet() for name in behind))
    assert all_pages.page("orders").title_label.text() == "订单"
    program.use_language("en")
    settle(program)


def test_a_hidden_page_speaks_the_new_language_the_moment_it_is_shown(program, window, all_pages):
    program.use_language("zh_CN")
    for name in PAGES[1:]:
        english = all_pages.page(name).title_label.text()
        window.open_page(name)
        assert all_pages.page(name).title_label.text() != english, name
    program.use_language("en")
    settle(program)


def test_a_page_left_before_it_could_follow_goes_back_to_the_first_look(program, window, all_pages):
    before = all_pages.page("orders").styleSheet()
    theme().set_mode("dark")
    theme().set_mode("light")
    window.open_page("orders")
    assert all_pages.page("orders").styleSheet() == before


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_every_part_and_every_window_wears_the_look(program, window, all_pages, qtbot):
    window.show_banner("Read only")
    window.open_palette()
    late.show_help(window)
    late.show_shop_menu(window, window.pos())
    late.make_leaving(window).hide()
    Choose(window).files()
    parts = [window.rail, window.status, window.toast, window.palette_widget, *window.findChildren(QDialog)]
    parts += [window.pages.page("orders").findChild(QWidget), *window.findChildren(QMenu)]
    for part in parts:
        assert part.style().metaObject().className() == "QStyleSheetStyle", part
    for part in (*window.findChildren(QDialog), *window.findChildren(QMenu)):
        part.close()
    QApplication.processEvents()


@pytest.mark.parametrize("top", [0.0, 0.3, 1.0, 2.0, 3.0, 7.0, 40.0, 99.0, 12345.0])
@pytest.mark.parametrize("unit", [1, 100])
def test_no_value_stands_twice_on_an_axis(top, unit):
    def say(value: float) -> str:
        return f"{value / unit:,.0f}"

    ticks = told_apart(top, say)
    assert ticks[0] == 0
    assert ticks[-1] >= top
    assert len({say(value) for value in ticks}) == len(ticks) >= 2
