"""What lies over the window while the last backup is made."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core.words import tr
from shopdesk.ui.banner import Sign
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme

WIDTH = 420


class Leaving(QWidget):
    """A small card: the backup is being made, or why it was not and what to do."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._card = styled(QFrame(), "card")
        self._card.setFixedWidth(WIDTH)
        self._sign = Sign("backup_ok", "accent", 20)
        self._text = PlainLabel(tr("Making the backup of today…"), "body", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        column = QVBoxLayout(self._card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addLayout(row)
        column.addLayout(self._buttons)
        outer = QVBoxLayout(self)
        outer.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def say(self, trouble: str, leave: Callable[[], None], stay: Callable[[], None], words: str = "") -> None:
        """Why it is not closed yet: leave anyway (in other `words`), or stay."""
        self._sign.show_as("warning", "warn")
        self._text.setText(trouble)
        for label, run, kind in ((words or tr("Close anyway"), leave, ""), (tr("Stay"), stay, "primary")):
            button = QPushButton(label)
            button.setProperty("kind", kind)
            button.clicked.connect(run)
            self._buttons.addWidget(button)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what lies behind."""
        painter = QPainter(self)
        dim = QColor(theme().colour("overlay"))
        dim.setAlphaF(0.4 if theme().dark else 0.14)
        painter.fillRect(self.rect(), dim)
