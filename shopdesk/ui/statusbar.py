"""The line at the foot: the file, its last backup, what was done last with Undo, and the way to all commands."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from shopdesk.core.words import tr
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import Keys, LinkLabel, PlainLabel, plain_tip
from shopdesk.ui.theme import styled, theme, theme_polish


class _Glyph(QWidget):
    """A small icon between the words."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role
        self.setFixedSize(14, 18)

    def show_as(self, name: str, role: str) -> None:
        """Use another icon."""
        self._name, self._role = name, role
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        draw_glyph(painter, QRectF(self.rect()), self._name, self._role, 14)


class StatusBar(QFrame):
    """Says what is saved and how to take the last act back.

    Signals: ``undo_requested``, ``palette_requested``, ``backups_requested``.
    """

    undo_requested = Signal()
    palette_requested = Signal()
    backups_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        styled(self, "status")
        self.setFixedHeight(theme().size("status_bar"))
        self._name = ""
        self._sign = _Glyph("file", "text_2")
        self._file = PlainLabel("", "small", "text_2")
        self._shield = _Glyph("backup_ok", "good")
        self._backup = LinkLabel("", "small", "text_2")
        self._backup.clicked.connect(self.backups_requested)
        self._last = PlainLabel("", "small", "text_2", elide=True)
        self._last.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._undo = LinkLabel("", "small")
        self._undo.clicked.connect(self.undo_requested)
        self._offline = PlainLabel("", "small", "text_3")
        self._keys = Keys("Ctrl+K")
        self._commands = LinkLabel("", "small", "text_2")
        self._commands.clicked.connect(self.palette_requested)
        self._separators = [styled(QFrame(), "vline") for _ in range(3)]
        self._past = ""
        self._fill()
        self.show_backup("", "")
        self.show_last("", undo=False)
        self._retranslate()

    def show_file(self, name: str) -> None:
        """Say which file is open."""
        self._name = name
        self._file.setText(name)

    def show_past(self, when: str) -> None:
        """Say, in other colours, that what is shown is the shop as it was `when`; "" comes back to now."""
        self._past = when
        self.setProperty("kind", "past" if when else "status")
        theme_polish(self)
        self._sign.show_as("restore" if when else "file", "on_tip" if when else "text_2")
        self._file.setText(when or self._name)
        self._file.set_role("on_tip" if when else "text_2")
        self._offline.set_role("on_tip" if when else "text_3")
        for part in (self._separators[2], self._keys, self._commands):
            part.setVisible(not when)
        self.show_backup("", "")
        self.show_last("", undo=False)
        self._retranslate()

    def show_backup(self, text: str, role: str, tip: str = "") -> None:
        """Say how old the backup is; ``role`` good, warn or bad picks the shield, no text hides it."""
        icon = "backup_ok" if role == "good" else "warning"
        self._shield.show_as(icon, role or "text_3")
        self._backup_role = role
        self._backup.setText(text)
        self._backup.set_role(role if role == "bad" else "text_2")
        plain_tip(self._backup, tip)
        for part in (self._separators[0], self._shield, self._backup):
            part.setVisible(bool(text) and not self._past)

    def show_last(self, text: str, *, undo: bool) -> None:
        """Say what was done last, and whether it can be taken back."""
        self._last.setText(text)
        plain_tip(self._last, text)
        for part in (self._separators[1], self._last):
            part.setVisible(bool(text) and not self._past)
        self._undo.setVisible(undo and not self._past)

    @property
    def last(self) -> str:
        """What is said to have been done last."""
        return self._last.text()

    @property
    def backup(self) -> str:
        """What is said of the backup."""
        return self._backup.text()

    @property
    def backup_role(self) -> str:
        """Whether that is good, something to look at, or bad."""
        return self._backup_role

    @property
    def backup_link(self) -> QWidget:
        """What is clicked to see the backups."""
        return self._backup

    def changeEvent(self, event: QEvent) -> None:
        """Take the words of another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _fill(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(3)
        for line in self._separators:
            line.setFixedSize(1, 12)
        row.addWidget(self._sign)
        _add(row, self._file, 8, self._separators[0], 8, self._shield, self._backup)
        _add(row, 8, self._separators[1], 8, self._last, 2, self._undo)
        row.addStretch(1)
        _add(row, self._offline, 8, self._separators[2], 8, self._keys, 2, self._commands)

    def _retranslate(self) -> None:
        self._undo.setText(tr("Undo"))
        self._offline.setText(tr("Esc: back to now") if self._past else tr("Offline"))
        tip = tr("ShopDesk uses no network. Everything stays on this computer.")
        plain_tip(self._offline, "" if self._past else tip)
        self._commands.setText(tr("Commands"))


def _add(row: QHBoxLayout, *parts: QWidget | int) -> None:
    """Widgets and the space between them, px."""
    for part in parts:
        if isinstance(part, int):
            row.addSpacing(part)
        else:
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
