"""Fields of numbers: coming to one chooses what stands there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from shopdesk.ui.fields import MoneyField, TextField
from shopdesk.ui.form import Form


def test_a_number_is_chosen_when_its_field_is_come_to(qtbot: QtBot) -> None:
    price = MoneyField("price", "Price", currency="CNY", value=15400)
    note = TextField("note", "Note")
    form = Form("Add", [note, price], save="Add", on_save=lambda _values: None)
    qtbot.addWidget(form)
    form.resize(320, 300)
    form.show()
    qtbot.waitUntil(form.isActiveWindow)
    assert isinstance(price.editor, QLineEdit)
    for come in (
        price.editor.setFocus,
        lambda: qtbot.keyClick(note.editor, Qt.Key.Key_Return),
        lambda: qtbot.keyClick(note.editor, Qt.Key.Key_Tab),
        lambda: qtbot.mouseClick(price.editor, Qt.MouseButton.LeftButton),
    ):
        note.editor.setFocus()
        come()
        assert price.editor.selectedText() == "154.00"
    qtbot.mouseClick(price.editor, Qt.MouseButton.LeftButton, pos=QPoint(price.editor.width() - 2, 8))
    assert not price.editor.hasSelectedText()  # a second click sets the cursor
