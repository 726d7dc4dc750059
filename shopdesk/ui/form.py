"""Forms in the drawer: label left, field, what is wrong beside it; checked on leaving, never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core import clock, dates, money
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr
from shopdesk.ui import typed
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import styled, theme, theme_polish

Check = Callable[[object], str]
_MISSING = N_("This is needed.")
_TOO_LOW = N_("At least {low}.")
_TOO_HIGH = N_("At most {high}.")
_NARROW = 116


class _Line(QLineEdit):
    """A field that says when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Check what was typed."""
        super().focusOutEvent(event)
        self.left.emit()


class _Note(QPlainTextEdit):
    """A field of several lines; Tab goes on to the next field."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Check what was typed."""
        super().focusOutEvent(event)
        self.left.emit()

    def sizeHint(self) -> QSize:
        """Four lines."""
        return QSize(160, 4 * self.fontMetrics().height() + 14)


class _Said(PlainLabel):
    """The words beside a field; they take no room while there are none, and may be as narrow as they must.

    Signal: ``said`` when they are others.
    """

    said = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text, "small", "text_3", wrap=True)
        if not text:
            self.hide()

    def setText(self, text: str) -> None:
        """Show the words, or nothing."""
        super().setText(text)
        if self.parentWidget() is not None:
            self.setVisible(bool(text))
            self.said.emit()

    def minimumSizeHint(self) -> QSize:
        """Words may break anywhere."""
        return QSize(40, super().minimumSizeHint().height())


class Field:
    """One value of a form: how it is typed, read, and what is wrong with it.

    Subclasses make `self.editor` and say how text becomes a value. What is wrong stands beside a narrow
    field and under a wide one.
    """

    narrow = False

    def __init__(
        self,
        name: str,
        label: str,
        *,
        value: object = None,
        required: bool = False,
        hint: str = "",
        check: Check | None = None,
        width: int = 0,
    ) -> None:
        self.name = name
        self.label = label
        self.required = required
        self.check = check
        self.caption = PlainLabel(label, role="text_2")
        self.message = _Said(hint)
        self.fix = LinkLabel("", "small")
        self.fix.hide()
        self._hint = hint
        self._fixed: object = None
        self.editor = self.make_editor()
        self.editor.setAccessibleName(label)
        self.width = width
        self.fix.clicked.connect(self._on_fix)
        self._started: object = None
        self.set_value(value)

    # for subclasses

    def make_editor(self) -> QWidget:
        """The widget that is typed into."""
        line = _Line()
        line.left.connect(self.look)
        line.textEdited.connect(self._on_edited)
        return line

    def text(self) -> str:
        """What stands in the field."""
        assert isinstance(self.editor, QLineEdit)
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Put a text into the field."""
        assert isinstance(self.editor, QLineEdit)
        self.editor.setText(text)

    def shown(self, value: object) -> str:
        """A value as the text of the field."""
        return "" if value is None else str(value)

    def read(self, text: str) -> object:
        """The value of a text. Raises ShopError."""
        return text.strip()

    # for everybody

    def set_value(self, value: object) -> None:
        """Start with this value."""
        self.set_text(self.shown(value))
        self._started = self.text()

    def value(self) -> object:
        """What was typed. Raises ShopError, its field set."""
        text = self.text()
        if not text.strip():
            if self.required:
                raise ShopError(_MISSING, field=self.name)
            return self.nothing()
        found = self.read(text)
        wrong = self.check(found) if self.check is not None else ""
        if wrong:
            raise ShopError(wrong, field=self.name)
        return found

    def nothing(self) -> object:
        """The value of an empty field."""
        return ""

    def touched(self) -> bool:
        """Whether something else stands there than at the start."""
        return self.text() != self._started

    def look(self) -> bool:
        """Say beside the field what is wrong; whether all is well."""
        try:
            found = self.value()
        except ShopError as error:
            if isinstance(error, ShopError) and error.message is _MISSING and not self.touched():
                return False
            self.set_error(str(error))
            return False
        self.clear_error()
        self.after_look(found)
        return True

    def after_look(self, _found: object) -> None:
        """Say beside the field how the value was understood."""

    def set_error(self, text: str, fix: tuple[str, object] | None = None) -> None:
        """Say what is wrong; `fix` is a link: its words and the value it puts in."""
        self.message.setText(text)
        self.message.set_role("bad")
        self.caption.set_role("bad")
        self._mark(wrong=True)
        self.fix.setVisible(fix is not None)
        if fix is not None:
            self.fix.setText(fix[0])
            self._fixed = fix[1]

    def clear_error(self) -> None:
        """All is well again."""
        self.message.setText(self._hint)
        self.message.set_role("text_3")
        self.caption.set_role("text_2")
        self.fix.hide()
        self._mark(wrong=False)

    def error(self) -> str:
        """What is said to be wrong; "" when nothing is."""
        return self.message.text() if self.editor.property("wrong") else ""

    def say(self, text: str) -> None:
        """A quiet word beside the field."""
        if not self.error():
            self.message.setText(text)

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.editor.property("wrong")) is not wrong:
            self.editor.setProperty("wrong", wrong)
            theme_polish(self.editor)

    def _on_fix(self) -> None:
        self.set_text(self.shown(self._fixed))
        self.look()
        self.editor.setFocus()

    def _on_edited(self) -> None:
        if self.error():
            self.look()


class TextField(Field):
    """One line of text, taken without the blanks at its ends; `exact` keeps them."""

    def __init__(self, name: str, label: str, *, exact: bool = False, **options: object) -> None:
        self._exact = exact
        super().__init__(name, label, **options)  # type: ignore[arg-type]

    def read(self, text: str) -> object:
        """The text."""
        return text if self._exact else text.strip()


class NumberField(Field):
    """A whole number; sums are worked out."""

    narrow = True

    def __init__(
        self, name: str, label: str, *, low: int | None = None, high: int | None = None, **options: object
    ) -> None:
        self._low, self._high = low, high
        super().__init__(name, label, **options)  # type: ignore[arg-type]
        assert isinstance(self.editor, QLineEdit)
        self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)

    def read(self, text: str) -> object:
        """The number, within its limits."""
        found = typed.number(text)
        if self._low is not None and found < self._low:
            raise ShopError(_TOO_LOW, field=self.name, low=self._low)
        if self._high is not None and found > self._high:
            raise ShopError(_TOO_HIGH, field=self.name, high=self._high)
        return found

    def nothing(self) -> object:
        """An empty field is no number."""
        return None


class MoneyField(Field):
    """An amount in minor units; sums are worked out."""

    narrow = True

    def __init__(self, name: str, label: str, *, currency: str, **options: object) -> None:
        self._currency = currency
        super().__init__(name, label, **options)  # type: ignore[arg-type]
        assert isinstance(self.editor, QLineEdit)
        self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)

    def shown(self, value: object) -> str:
        """Minor units as a bare number."""
        return "" if value is None else money.plain(int(str(value)), self._currency)

    def read(self, text: str) -> object:
        """Minor units."""
        return typed.amount(text, self._currency)

    def nothing(self) -> object:
        """An empty field is no amount."""
        return None

    def after_look(self, found: object) -> None:
        """A sum becomes its result."""
        if found is not None:
            self.set_text(self.shown(found))


class DayField(Field):
    """A day; the value is ISO text, YYYY-MM-DD."""

    narrow = True

    def shown(self, value: object) -> str:
        """ISO, without a time."""
        return value.isoformat()[:10] if isinstance(value, date) else str(value or "")[:10]

    def read(self, text: str) -> object:
        """The day that was meant."""
        return dates.typed_day(text)

    def nothing(self) -> object:
        """An empty field is no day."""
        return None

    def after_look(self, found: object) -> None:
        """Say how it was understood."""
        if found is not None:
            self.set_text(str(found))
            self.say(dates.show_day(str(found)))


class TimeField(Field):
    """A day and a time of day; the value is ISO text, YYYY-MM-DD HH:MM:SS."""

    narrow = True

    def shown(self, value: object) -> str:
        """ISO to the minute."""
        text = value.isoformat(" ") if isinstance(value, datetime) else str(value or "")
        return text[:16]

    def read(self, text: str) -> object:
        """The time that was meant; without a time of day 00:00."""
        head, _, tail = text.strip().partition(" ")
        if not tail and ":" in head:
            return f"{clock.today().isoformat()} {dates.typed_time(head)}:00"
        return f"{dates.typed_day(head)} {dates.typed_time(tail[:5]) if tail else '00:00'}:00"

    def nothing(self) -> object:
        """An empty field is no time."""
        return None


class ChoiceField(Field):
    """One of a few values; `options` are (value, label) pairs."""

    def __init__(self, name: str, label: str, options: Sequence[tuple[object, str]], **more: object) -> None:
        self._options = list(options)
        super().__init__(name, label, **more)  # type: ignore[arg-type]

    def make_editor(self) -> QWidget:
        """A list that opens."""
        box = QComboBox()
        for _, label in self._options:
            box.addItem(label)
        box.currentIndexChanged.connect(lambda _at: self._on_edited())
        return box

    def text(self) -> str:
        """The place of the choice."""
        assert isinstance(self.editor, QComboBox)
        at = self.editor.currentIndex()
        return str(at) if at >= 0 else ""

    def set_text(self, text: str) -> None:
        """Choose by place."""
        assert isinstance(self.editor, QComboBox)
        self.editor.setCurrentIndex(int(text) if text else -1)

    def shown(self, value: object) -> str:
        """The place of a value; the first when there is no value and one is needed."""
        values = [found for found, _ in self._options]
        if value in values:
            return str(values.index(value))
        return "0" if self.required and values else ""

    def read(self, text: str) -> object:
        """The chosen value."""
        return self._options[int(text)][0]

    def nothing(self) -> object:
        """Nothing chosen."""
        return None


class TickField(Field):
    """Yes or no."""

    def make_editor(self) -> QWidget:
        """A check box."""
        return QCheckBox()

    def text(self) -> str:
        """Never empty."""
        assert isinstance(self.editor, QCheckBox)
        return "1" if self.editor.isChecked() else "0"

    def set_text(self, text: str) -> None:
        """Tick or not."""
        assert isinstance(self.editor, QCheckBox)
        self.editor.setChecked(text == "1")

    def shown(self, value: object) -> str:
        """Ticked for anything true."""
        return "1" if value else "0"

    def read(self, text: str) -> object:
        """Whether it is ticked."""
        return text == "1"


class TagsField(Field):
    """Words parted by commas; the value is a list."""

    def shown(self, value: object) -> str:
        """The words in a row."""
        return ", ".join(str(word) for word in value) if isinstance(value, list | tuple) else str(value or "")

    def read(self, text: str) -> object:
        """The words, each once."""
        words = (word.strip() for word in text.replace("，", ",").replace("、", ",").split(","))
        return list(dict.fromkeys(word for word in words if word))

    def nothing(self) -> object:
        """No words."""
        return []


class NoteField(Field):
    """Several lines of text, kept as they are."""

    def make_editor(self) -> QWidget:
        """A field of several lines."""
        note = _Note()
        note.left.connect(self.look)
        note.textChanged.connect(self._on_edited)
        return note

    def text(self) -> str:
        """The lines."""
        assert isinstance(self.editor, QPlainTextEdit)
        return self.editor.document().toRawText().replace("\u2029", "\n")

    def set_text(self, text: str) -> None:
        """Other lines."""
        assert isinstance(self.editor, QPlainTextEdit)
        self.editor.setPlainText(text)

    def read(self, text: str) -> object:
        """The text as it is."""
        return text


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

    def field(self, name: str) -> Field:
        """One field."""
        return self._fields[name]

    def fields(self) -> list[Field]:
        """All fields in order."""
        return list(self._fields.values())

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
            self._on_enter(event)
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
        if said <= room:
            line.insertWidget(1, words, 1)
        else:
            self._grid.addWidget(words, 2 * row + 1, 1)

    def _lay_out(self) -> None:
        inner = styled(QWidget(), "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 10, 14, 10)
        column.addLayout(self._grid)
        self._own = QVBoxLayout()
        column.addLayout(self._own)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
