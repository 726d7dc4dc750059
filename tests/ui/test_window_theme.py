"""Theme, icons and plain labels."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from shopdesk.core.paths import resource
from shopdesk.ui.dress import dressed as worn
from shopdesk.ui.icons import glyph, icon, pixmap
from shopdesk.ui.text import Keys, LinkLabel, PlainLabel, key_parts, plain_tip
from shopdesk.ui.theme import theme, theme_polish

TEXT_ON = (
    ("text", "surface"), ("text_2", "surface"), ("text_3", "surface"), ("text_3", "window"), ("accent", "surface"),
    ("on_accent", "accent"), ("good", "surface"), ("warn", "surface"), ("bad", "surface"), ("bad", "bad_soft"),
    ("warn", "warn_soft"), ("good", "good_soft"), ("on_tip", "tip"), ("tip_link", "tip"), ("text", "note"),
)  # fmt: skip


@pytest.fixture
def dressed(qapp):
    theme().set_mode("light")
    theme().apply()
    yield theme()
    theme().set_mode("light")
    theme().set_rows("compact")


def _light_of(colour):
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_can_be_read_on_their_grounds(dressed, mode):
    dressed.set_mode(mode)
    for ink, ground in TEXT_ON:
        light, dark = sorted((_light_of(dressed.colour(ink)), _light_of(dressed.colour(ground))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (mode, ink, ground)


def test_a_switch_changes_palette_stylesheet_and_tells(dressed, qtbot):
    before = QApplication.palette().color(QPalette.ColorRole.Base)
    with qtbot.waitSignal(dressed.changed):
        dressed.set_mode("dark")
    assert dressed.dark
    assert QApplication.palette().color(QPalette.ColorRole.Base) != before
    assert dressed.hex("accent") in dressed.stylesheet()


def test_the_stylesheet_leaves_no_name_unfilled(dressed):
    for mode in ("light", "dark"):
        dressed.set_mode(mode)
        assert "$" not in dressed.stylesheet()


def test_system_mode_follows_the_system(dressed):
    dressed.set_mode("system")
    wanted = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert dressed.dark is wanted


def test_row_height_is_told_once(dressed, qtbot):
    with qtbot.waitSignal(dressed.changed):
        dressed.set_rows("dense")
    assert dressed.size("row") == 28
    with qtbot.assertNotEmitted(dressed.changed):
        dressed.set_rows("dense")


def test_figures_are_tabular(dressed):
    metrics = dressed.metrics("body")
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_both_themes_know_the_same_roles():
    tokens = json.loads((resource("themes") / "tokens.json").read_text("utf-8"))
    assert tokens["light"].keys() == tokens["dark"].keys()


def test_every_icon_of_ours_is_in_the_font(dressed):
    for name in dressed.fixed("icons"):
        assert glyph(name)


def test_an_icon_takes_the_colour_of_the_theme_in_force(dressed):
    shown = icon("ship", "text")
    light = shown.pixmap(32, 32).toImage()
    dressed.set_mode("dark")
    assert shown.pixmap(32, 32).toImage() != light
    assert pixmap("ship", "text", 16).width() == 16


def test_labels_show_markup_as_it_is(qtbot, dressed):
    label = PlainLabel("<img src='/dev/zero'><b>x</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    plain_tip(label, "<img src='/dev/zero'>")
    assert "&lt;img" in label.toolTip()


def test_a_label_keeps_its_role_through_a_switch(qtbot, dressed):
    part = worn(QWidget())
    qtbot.addWidget(part)
    label = PlainLabel("late", role="bad")
    QVBoxLayout(part).addWidget(label)
    part.show()
    dressed.set_mode("dark")
    assert label.palette().color(QPalette.ColorRole.WindowText) == dressed.colour("bad")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("kind", ["plain", "primary", ""])
def test_a_button_that_does_nothing_now_looks_like_it(qtbot, dressed, mode, kind):
    dressed.set_mode(mode)
    button = QPushButton("Later")
    button.setProperty("kind", kind)
    part = worn(button)
    qtbot.addWidget(part)
    part.show()
    qtbot.waitUntil(part.isVisible)
    button.setEnabled(False)
    shown = button.grab().toImage()
    assert shown.pixelColor(button.width() // 2, 4).name() == dressed.colour("sunken").name()


def test_a_link_is_clicked_by_mouse_and_keyboard(qtbot, dressed):
    link = LinkLabel("Undo")
    qtbot.addWidget(link)
    with qtbot.waitSignal(link.clicked):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(link.clicked):
        qtbot.keyClick(link, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("keys", "parts"),
    [("Ctrl+Return", ["Ctrl", "↵"]), ("Ctrl++", ["Ctrl", "+"]), ("F2", ["F2"]), ("!", ["!"]),
     ("Ctrl+Shift+P", ["Ctrl", "Shift", "P"])],
)  # fmt: skip
def test_shortcuts_are_shown_as_key_caps(keys, parts, qtbot, dressed):
    assert key_parts(keys) == parts
    qtbot.addWidget(Keys(keys))


def test_a_property_changes_the_look_after_polish(qtbot, dressed):
    button = worn(QPushButton("Ship"))
    qtbot.addWidget(button)
    button.show()
    plain = button.grab().toImage()
    button.setProperty("kind", "primary")
    theme_polish(button)
    assert button.grab().toImage() != plain
