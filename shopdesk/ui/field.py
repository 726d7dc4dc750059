"""One value of a form: label, editor, and what is said beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QTextOption
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import theme_polish

Check = Callable[[object], str]
_LONGEST_LINE = 20_000
_MISSING = N_("This is needed.")
_SAME_PLACE = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})


class LineEditor(QLineEdit):
    """A field that says when it is left."""

    left = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing goes on at the end, unless the way here chose all or a place."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.OtherFocusReason:
            self.end(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Check what was typed, and show its beginning."""
        super().focusOutEvent(event)
        if event.reason() not in _SAME_PLACE:
            self.setCursorPosition(0)
        self.left.emit()


class AmountEditor(LineEditor):
    """A field of a number: what stands in it is chosen when the field is come to, so that typing replaces it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._clicked_into = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the number; a click would put the cursor into it, so it waits for the button to be let go."""
        super().focusInEvent(event)
        if event.reason() not in _SAME_PLACE:
            self._clicked_into = event.reason() == Qt.FocusReason.MouseFocusReason
            self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The first click chooses all, unless a part was drawn over; the next sets the cursor."""
        super().mouseReleaseEvent(event)
        if self._clicked_into and not self.hasSelectedText():
            self.selectAll()
        self._clicked_into = False


class NoteEditor(QPlainTextEdit):
    """A field of several lines; Tab goes on to the next field.

    Of more than `MOST` characters or `MOST_LINES` lines it takes one more, so that it can be said that they are too
    many: a line of ten million would be laid out for minutes, and each line takes a kilobyte of memory.
    """

    MOST = 50_000
    MOST_LINES = 3_000

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Check what was typed."""
        super().focusOutEvent(event)
        self.left.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """What is pasted or dropped, as plain text."""
        self.insertPlainText(self.fitting(source.text()))

    def fitting(self, text: str) -> str:
        """The text as it can be put in; lines too long for any words break anywhere, at a hundredth of the cost."""
        taken = "".join(text[: self.MOST + 1].splitlines(keepends=True)[: self.MOST_LINES + 1])
        if max(map(len, taken.splitlines()), default=0) > _LONGEST_LINE:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        return taken

    @guarded
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

    @guarded
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
        return self.connected(LineEditor())

    def connected(self, line: LineEditor) -> LineEditor:
        """A line that is checked when it is left."""
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
        if not self.editor.hasFocus():
            self.editor.setCursorPosition(0)

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
