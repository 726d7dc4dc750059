"""The search field of a page: words in any order, answered at each key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from shopdesk.ui.icons import icon
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import caps_width, draw_caps

_WIDE = 258
_AROUND = 56
"""The loupe and the air around the words."""
_KEYS = "Ctrl+F"


class SearchBox(QLineEdit):
    """Signals: ``words_changed(str)`` at each key, ``left`` when Down or Enter goes to the table."""

    words_changed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDE)
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "text_3"), QLineEdit.ActionPosition.LeadingPosition)
        self.textChanged.connect(self._on_text_changed)
        self._last = ""

    def set_words(self, words: str) -> None:
        """Put words in without telling anyone."""
        self._last = words.strip()
        self.setText(words)

    def set_hint(self, hint: str) -> None:
        """Say in the empty field what can be found, with room for the key behind it."""
        self.setPlaceholderText(hint)
        self.setFixedWidth(max(_WIDE, self.fontMetrics().horizontalAdvance(hint) + caps_width(_KEYS) + _AROUND))

    def words(self) -> str:
        """What is searched for."""
        return self.text().strip()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The key that leads here, while the field is empty."""
        super().paintEvent(event)
        if self.text() or self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_caps(painter, self.width() - 10, self.height() / 2, _KEYS, ("text_3", "line_strong", "surface"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, Down and Enter go to the table."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self, _text: str) -> None:
        if self.words() != self._last:
            self._last = self.words()
            self.words_changed.emit(self._last)
        self.update()
