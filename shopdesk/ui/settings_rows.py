"""One row of the settings: label, control, what it means; saved when left, the error beside it."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.core import dates
from shopdesk.core.errors import ShopError
from shopdesk.core.settings import Setting
from shopdesk.core.words import N_, tr
from shopdesk.ui.banner import Sign
from shopdesk.ui.field import AmountEditor
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import theme_polish

Value = str | int | bool
LABEL_WIDTH = 162
WIDE, NARROW = 300, 76
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "AUD", "CAD", "SGD", "INR", "KRW", "PKR")
NOT_A_NUMBER = N_("“{text}” is not a number.")


class Row(QWidget):
    """Label left, control, then a grey sentence or the error."""

    def __init__(self, title: str, help_text: str, *controls: QWidget) -> None:
        super().__init__()
        self.words = f"{title} {help_text}"
        self._line = line = QHBoxLayout(self)
        line.setContentsMargins(0, 3, 0, 3)
        line.setSpacing(8)
        label = PlainLabel(title, "body", "text_2", wrap=True)
        label.setFixedWidth(LABEL_WIDTH - 8)
        line.addWidget(label)
        for control in controls:
            line.addWidget(control)
            if isinstance(control, (QLineEdit, QComboBox)):
                label.setBuddy(control)
                control.setAccessibleName(title)
        self._controls = len(controls)
        self._sign = Sign("late_or_error", "bad", 14)
        self._sign.hide()
        self._well = Sign("backup_ok", "good", 14)
        self._well.hide()
        self._fault = Sign("late_or_error", "bad", 14)
        self._fault.hide()
        self._today = PlainLabel("", "small", "text_2")
        self._today.hide()
        self._today_is_bad = self._today_is_good = self._is_wrong = False
        self._said = PlainLabel(help_text, "small", "text_3", wrap=True)
        self._said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._help = help_text
        line.addSpacing(4)
        line.addWidget(self._sign)
        line.addWidget(self._well)
        line.addWidget(self._today)
        line.addWidget(self._fault)
        line.addWidget(self._said, 1)

    @property
    def said(self) -> str:
        """The sentence beside the control."""
        return self._said.text()

    @property
    def today(self) -> str:
        """What it means today; "" where nothing is said about it."""
        return self._today.text()

    @property
    def today_is_bad(self) -> bool:
        """Whether that needs the owner."""
        return self._today_is_bad

    def show_today(self, text: str, *, bad: bool, good: bool = False) -> None:
        """Say what it means today; what is `good` has a shield."""
        self._today.setText(text)
        self._today_is_bad, self._today_is_good = bad, good
        self._today.set_role("bad" if bad else ("good" if good else "text_2"))
        self._show_signs()

    def add_control(self, control: QWidget) -> None:
        """Put another one behind those that the row was made with."""
        self._controls += 1
        self._line.insertWidget(self._controls, control)

    def add_link(self, link: QWidget) -> None:
        """Put a link behind what it means today."""
        self._line.insertWidget(self._line.indexOf(self._today) + 1, link)

    def set_help(self, text: str) -> None:
        """Say something else where nothing is wrong."""
        self._help = text
        self.show_error(self.said if self._is_wrong else "")

    def show_error(self, text: str) -> None:
        """Say what is wrong; "" goes back to the help."""
        self._said.setText(text or self._help)
        self._said.set_role("bad" if text else "text_3")
        self._is_wrong = bool(text)
        self._show_signs()

    def _show_signs(self) -> None:
        wrong = self._is_wrong
        self._today.setVisible(bool(self._today.text()) and not wrong)
        self._fault.setVisible(wrong)
        self._sign.setVisible(self._today_is_bad and not wrong)
        self._well.setVisible(self._today_is_good and not wrong)


class Section(QWidget):
    """A heading and its rows."""

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key = key
        self.rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._heading = PlainLabel(title, "heading", strong=True)
        self._column.addWidget(self._heading)
        self._column.addSpacing(6)

    def add(self, part: QWidget) -> None:
        """Put a row or a card below."""
        if isinstance(part, Row):
            self.rows.append(part)
        self._column.addWidget(part)

    def put_above(self, part: QWidget, row: QWidget) -> None:
        """Put a card over a row, for as long as it is needed."""
        self._column.insertWidget(self._column.indexOf(row), part)

    def narrow_to(self, words: str) -> bool:
        """Show only rows that hold all words; whether any part is still shown."""
        asked = words.lower().split()
        whole = all(word in self._heading.text().lower() for word in asked)
        shown = whole
        for row in self.rows:
            fits = whole or all(word in row.words.lower() for word in asked)
            row.setVisible(fits)
            shown = shown or fits
        self.setVisible(shown)
        return shown


class SettingRow(Row):
    """The row of one setting of the shop. Signals: ``changed(key, value)`` when the owner has set another value."""

    changed = Signal(str, object)

    def __init__(self, setting: Setting, value: Value) -> None:
        self.setting = setting
        self._value = value
        self.control: QLineEdit | QComboBox
        if setting.kind == "currency":
            self.control = _combo(str(value))
        else:
            self.control = AmountEditor(str(value)) if setting.kind == "number" else QLineEdit(str(value))
            self.control.setFixedWidth(WIDE if setting.kind in ("text", "folder") else NARROW)
        parts: list[QWidget] = [self.control]
        if setting.lead:
            parts.insert(0, PlainLabel(tr(setting.lead)))
        if setting.unit:
            parts.append(PlainLabel(tr(setting.unit)))
        super().__init__(tr(setting.title), tr(setting.help), *parts)
        if isinstance(self.control, QLineEdit):
            self.control.editingFinished.connect(self._on_left)
        else:
            self.control.currentTextChanged.connect(self._on_left)

    def show_value(self, value: Value) -> None:
        """Show what is in force, unless the owner is typing here."""
        typing = (
            isinstance(self.control, QLineEdit) and self.control.hasFocus() and self.control.text() != str(self._value)
        )
        self._value = value
        if isinstance(self.control, QLineEdit):
            if not typing:
                self.control.setText(str(value))
                self.show_error("")
        else:
            self.control.blockSignals(True)
            self.control.setCurrentText(str(value))
            self.control.blockSignals(False)

    def show_error(self, text: str) -> None:
        """Say what is wrong and mark the field."""
        super().show_error(text)
        self.control.setProperty("wrong", bool(text))
        theme_polish(self.control)

    def refuse(self, text: str, value: Value) -> None:
        """Say why what was typed is not in force; `value` still is."""
        self._value = value
        self.show_error(text)

    def enter(self, text: str) -> None:
        """Set the value as if it were typed."""
        if isinstance(self.control, QLineEdit):
            self.control.setText(text)
            self._on_left()

    def _on_left(self) -> None:
        typed = self.control.text() if isinstance(self.control, QLineEdit) else self.control.currentText()
        try:
            value = self._read(typed.strip())
        except ShopError as error:
            self.show_error(str(error))
            return
        self.show_error("")
        if isinstance(self.control, QLineEdit):
            self.control.setText(str(value))
        if value != self._value:
            self._value = value
            self.changed.emit(self.setting.key, value)

    def _read(self, typed: str) -> Value:
        if self.setting.kind == "time":
            return dates.typed_time(typed)
        if self.setting.kind == "number":
            if not typed.isdecimal():
                raise ShopError(NOT_A_NUMBER, text=typed)
            return int(typed)
        return typed


def _combo(value: str) -> QComboBox:
    combo = QComboBox()
    combo.addItems([*CURRENCIES, *([] if value in CURRENCIES else [value])])
    combo.setCurrentText(value)
    combo.setFixedWidth(110)
    still(combo)
    return combo


class _Still(QObject):
    """Keeps the wheel for the page: a combo box under the pointer must not change by scrolling."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass the wheel on."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


_still: list[_Still] = []


def still(widget: QWidget) -> None:
    """Let the wheel scroll the page instead of changing the widget."""
    if not _still:
        _still.append(_Still())
    widget.installEventFilter(_still[0])
