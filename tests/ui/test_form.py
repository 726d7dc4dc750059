"""What is said of a field stands beside it or under it, and moving it leaves nothing behind."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers, getCppPointer

from shopdesk.ui.field import Field
from shopdesk.ui.fields import NumberField
from shopdesk.ui.form import Form

LONG = "This is a long sentence about what is wrong with the number that was typed here."


def known() -> set[int]:
    """Where Python believes that items of layouts are."""
    return {getCppPointer(one)[0] for one in getAllValidWrappers() if type(one) is QWidgetItem}


def there(layout: QLayout) -> set[int]:
    """Where items of a layout are, and of the layouts in it."""
    found: set[int] = set()
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item.layout() is not None:
            found |= there(item.layout())
        else:
            found.add(getCppPointer(item)[0])
    return found


def below(field: Field) -> bool:
    """Whether what is said stands under the field."""
    words = field.message.parentWidget()
    return words.y() >= field.editor.geometry().bottom()


def test_what_is_said_moves_under_its_field_and_back(qtbot: QtBot) -> None:
    before = known()
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
    mine = known() - before
    living = set().union(*(there(layout) for layout in form.findChildren(QLayout)))
    assert mine <= living, "PySide takes the next object at such an address for the item that is gone"
