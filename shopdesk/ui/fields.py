"""The kinds of fields: text, numbers, money, days and times, choices, ticks, tags, notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QWidget

from shopdesk.core import clock, dates, money
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_
from shopdesk.ui import typed
from shopdesk.ui.field import AmountEditor, Field, NoteEditor

_TOO_LOW = N_("At least {low}.")
_TOO_LONG = N_("The text is longer than 50,000 characters or 3,000 lines.")
_TOO_HIGH = N_("At most {high}.")


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

    def make_editor(self) -> QWidget:
        """A field of a number."""
        return self.connected(AmountEditor())

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

    def make_editor(self) -> QWidget:
        """A field of a number."""
        return self.connected(AmountEditor())

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
        note = NoteEditor()
        note.left.connect(self.look)
        note.textChanged.connect(self._on_edited)
        return note

    def text(self) -> str:
        """The lines."""
        assert isinstance(self.editor, QPlainTextEdit)
        return self.editor.document().toRawText().replace("\u2029", "\n")

    def set_text(self, text: str) -> None:
        """Other lines."""
        assert isinstance(self.editor, NoteEditor)
        self.editor.setPlainText(self.editor.fitting(text))

    def read(self, text: str) -> object:
        """The text as it is."""
        if len(text) > NoteEditor.MOST or text.count("\n") > NoteEditor.MOST_LINES:
            raise ShopError(_TOO_LONG, field=self.name)
        return text
