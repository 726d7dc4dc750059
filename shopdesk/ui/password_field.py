"""A field for a password: dots, an eye that shows them, and what can be known of Caps Lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from shopdesk.core.words import tr
from shopdesk.ui.icons import icon
from shopdesk.ui.text import plain_tip_text


class PasswordField(QLineEdit):
    """Signals: ``caps_changed`` when what is known of Caps Lock is something else.

    No system tells it to Qt; a letter that comes large without Shift, or small with it, does.
    """

    caps_changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.caps = False
        self.setAccessibleName(name)
        self.setAcceptDrops(False)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = self.addAction(icon("show_password", "text_2"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.triggered.connect(self._on_eye)
        self._show_eye()

    @property
    def is_shown(self) -> bool:
        """Whether the letters can be read."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def cover(self) -> None:
        """Show dots again, and nothing of what was typed."""
        self.clear()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._show_eye()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See by the letter how Caps Lock stands."""
        letter = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_CapsLock:
            self._know(caps=False)
        elif len(letter) == 1 and letter.upper() != letter.lower():
            self._know(caps=letter.isupper() != shift)
        super().keyPressEvent(event)

    def _know(self, *, caps: bool) -> None:
        if caps != self.caps:
            self.caps = caps
            self.caps_changed.emit()

    def _on_eye(self) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password if self.is_shown else QLineEdit.EchoMode.Normal)
        self._show_eye()

    def _show_eye(self) -> None:
        self._eye.setIcon(icon("show_hide" if self.is_shown else "show_password", "text_2"))
        words = tr("Hide the password") if self.is_shown else tr("Show the password")
        self._eye.setText(words)
        self._eye.setToolTip(plain_tip_text(words))
