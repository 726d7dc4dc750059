"""What is said of a field stands beside it or under it, and moving it leaves nothing behind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from shopdesk.ui.field import Field
from shopdesk.ui.fields import NumberField
from shopdesk.ui.form import Form
from tests.ui.layout_items import dead_items

LONG = "This is a long sentence about what is wrong with the number that was typed here."


def below(field: Field) -> bool:
    """Whether what is said stands under the field."""
    words = field.message.parentWidget()
    return words.y() >= field.editor.geometry().bottom()


def test_what_is_said_moves_under_its_field_and_back(qtbot: QtBot) -> None:
    before = dead_items()
    field = NumberField("size", "Size", hint="pieces")
    form = Form("Add", [field], save="Add", on_save=lambda _values: None)
    qtbot.addWidget(form)
    form.resize(320, 300)
    form.show()
    assert not below(field)
    for _turn in range(2):
        field.set_error(LONG)
        qtbot.waitUntil(lambda: below(field))
        field.clear_error()
        qtbot.waitUntil(lambda: not below(field))
    assert not dead_items() - before


def test_an_error_that_nobody_foresaw_leaves_the_form_and_its_text(qtbot: QtBot) -> None:
    """From a key it passes two overrides: before, it ended the process there."""

    def save(_values: object) -> None:
        raise ZeroDivisionError

    field = NumberField("size", "Size")
    form = Form("Add", [field], save="Add", on_save=save)
    qtbot.addWidget(form)
    form.show()
    with qtbot.captureExceptions() as caught:
        qtbot.keyClicks(field.editor, "7")
        qtbot.keyClick(field.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
    assert field.touched()
