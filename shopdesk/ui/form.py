"""Forms in the drawer: label left, field, what is wrong beside it; checked on leaving, never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from shopdesk.core.errors import ShopError
from shopdesk.core.words import tr
from shopdesk.ui.background import warm_readings
from shopdesk.ui.field import Field
from shopdesk.ui.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    NoteField,
    NumberField,
    TagsField,
    TextField,
    TickField,
    TimeField,
)
from shopdesk.ui.overrides import told_later
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme

__all__ = [
    "ChoiceField",
    "DayField",
    "Field",
    "Form",
    "MoneyField",
    "NoteField",
    "NumberField",
    "TagsField",
    "TextField",
    "TickField",
    "TimeField",
]

_NARROW = 116


class Form(QWidget):
    """Fields one under the other, and a button that saves.

    `on_save(values)` may raise ShopError: it is shown beside its field, or above the button.
    Signals: ``saved``, ``closed`` for Esc and Cancel.
    """

    saved = Signal()
    closed = Signal()

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        save: str,
        on_save: Callable[[dict[str, object]], object],
    ) -> None:
        super().__init__()
        self.title = title
        self._fields = {field.name: field for field in fields}
        self._on_save_values = on_save
        self.message = PlainLabel("", role="bad", wrap=True)
        self.message.hide()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        for row, field in enumerate(fields):
            self._add(row, field)
        self.save_button = QPushButton(save)
        self.save_button.setProperty("kind", "primary")
        self.save_button.clicked.connect(self.submit)
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setProperty("kind", "plain")
        self.cancel_button.clicked.connect(self.closed)
        self._lay_out()
        warm_readings()

    def field(self, name: str) -> Field:
        """One field."""
        return self._fields[name]

    def fields(self) -> list[Field]:
        """All fields in order."""
        return list(self._fields.values())

    def add_above(self, widget: QWidget) -> None:
        """Put something that must be read first over the fields."""
        self._above.setContentsMargins(0, 0, 0, 10)
        self._above.addWidget(widget)

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget of your own under the fields."""
        self._own.addWidget(widget)

    def touched(self) -> bool:
        """Whether anything was typed."""
        return any(field.touched() for field in self._fields.values())

    def first(self) -> QWidget:
        """What the keyboard goes to."""
        return next((field.editor for field in self._fields.values() if field.editor.isEnabled()), self.save_button)

    def submit(self) -> bool:
        """Read every field and save; the first that is wrong gets the keyboard."""
        self._say("")
        values: dict[str, object] = {}
        wrong: Field | None = None
        for field in self._fields.values():
            try:
                values[field.name] = field.value()
                field.clear_error()
            except ShopError as error:
                field.set_error(str(error))
                wrong = wrong or field
        if wrong is not None:
            wrong.editor.setFocus()
            return False
        return self._save(values)

    def show_error(self, error: ShopError) -> None:
        """Say what a verb refused: beside the field it names, else above the button."""
        field = self._fields.get(error.field)
        if field is None:
            self._say(str(error))
            return
        field.set_error(str(error))
        field.editor.setFocus()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter saves here, whatever it does on the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a line goes to the next field, in the last one and with Ctrl it saves; Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            told_later(partial(self._on_enter, event))
        else:
            super().keyPressEvent(event)

    def _on_enter(self, event: QKeyEvent) -> None:
        editors = [field.editor for field in self._fields.values() if field.editor.isEnabled()]
        at = next((n for n, editor in enumerate(editors) if editor.hasFocus()), len(editors) - 1)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or at == len(editors) - 1:
            self.submit()
        else:
            editors[at + 1].setFocus(Qt.FocusReason.TabFocusReason)

    def _save(self, values: dict[str, object]) -> bool:
        try:
            self._on_save_values(values)
        except ShopError as error:
            self.show_error(error)
            return False
        self.saved.emit()
        return True

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _add(self, row: int, field: Field) -> None:
        words = QWidget(self)
        words.setHidden(not field.message.text())
        field.message.said.connect(lambda: words.setVisible(bool(field.message.text())))
        beside = QHBoxLayout(words)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(field.message, 1)
        beside.addWidget(field.fix)
        field.caption.setMinimumHeight(theme().size("field"))
        self._grid.addWidget(field.caption, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
        if field.narrow:
            field.editor.setFixedWidth(field.width or _NARROW)
            line = QHBoxLayout()
            line.addWidget(field.editor, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            line.setSpacing(10)
            line.addWidget(words, 1)
            line.addStretch(0)
            self._grid.addLayout(line, 2 * row, 1)
            field.message.said.connect(partial(self._place, row, line, words, field))
        else:
            self._grid.addWidget(field.editor, 2 * row, 1)
            self._grid.addWidget(words, 2 * row + 1, 1)
        field.caption.setBuddy(field.editor)

    def _place(self, row: int, line: QHBoxLayout, words: QWidget, field: Field) -> None:
        """What is said stands beside the field where it fits in one line, else under it."""
        room = self._grid.geometry().width() - field.caption.width() - field.editor.width() - 30
        said = field.message.fontMetrics().horizontalAdvance(field.message.text()) + field.fix.sizeHint().width()
        below, inside = said > room, line.indexOf(words)
        if below and inside >= 0:
            line.takeAt(inside)  # else Qt frees the item unseen, and PySide takes the next QAction there for it
            self._grid.addWidget(words, 2 * row + 1, 1)
        elif inside < 0 and not below:
            self._grid.takeAt(self._grid.indexOf(words))
            line.insertWidget(1, words, 1)

    def _lay_out(self) -> None:
        inner = styled(QWidget(), "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 10, 14, 10)
        self._above = QVBoxLayout()
        column.addLayout(self._above)
        column.addLayout(self._grid)
        self._own = QVBoxLayout()
        column.addLayout(self._own)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.setMinimumWidth(1)  # never wider than the room beside the scroll bar, whatever a field wants
        area.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(14, 8, 14, 12)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        said = QHBoxLayout()
        said.setContentsMargins(14, 0, 14, 0)
        said.addWidget(self.message)
        whole.addLayout(said)
        whole.addLayout(buttons)
