"""A strip across a page for what stays true: the shop is read-only, a disk is missing."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import styled


class Sign(QWidget):
    """A small icon in a colour role."""

    def __init__(self, name: str, role: str, px: int = 16) -> None:
        super().__init__()
        self._name, self._role, self._px = name, role, px
        self.setFixedSize(QSize(px + 2, px + 2))

    def show_as(self, name: str, role: str) -> None:
        """Use another icon or colour."""
        self._name, self._role = name, role
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        draw_glyph(painter, QRectF(self.rect()), self._name, self._role, self._px)


class NoteBox(QWidget):
    """Something a person wrote that must be read before acting: a heading with an icon, the words under it."""

    def __init__(self, title: str, text: str, icon: str) -> None:
        super().__init__()
        styled(self, "note")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 9)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Sign(icon, "warn", 14), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(PlainLabel(title or text, strong=bool(title), wrap=True), 1)
        column.addLayout(head)
        if title and text:
            column.addWidget(PlainLabel(text, role="text_2", wrap=True))


_TONES = {
    "warn": ("warning", "warn", "text", "accent"),
    "bad": ("late_or_error", "bad", "bad", "accent"),
    "past": ("restore", "on_tip", "on_tip", "tip_link"),
}
"""What a strip looks like: icon, and the colours of icon, words and link."""


class Banner(QFrame):
    """One sentence with an icon and at most one link. ``tone`` is warn, bad, info or past."""

    def __init__(
        self, text: str, tone: str = "warn", link: str = "", on_link: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        styled(self, tone)
        icon, sign, ink, ink_of_link = _TONES.get(tone, ("info", "accent", "text", "accent"))
        self._text = PlainLabel(text, "body", ink, wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(8)
        row.addWidget(Sign(icon, sign))
        row.addWidget(self._text, 1)
        self._link = LinkLabel(link, role=ink_of_link)
        self._link.setVisible(bool(link))
        self._on_link = on_link
        self._link.clicked.connect(self._on_clicked)
        row.addWidget(self._link)

    @property
    def text(self) -> str:
        """What the strip says."""
        return self._text.text()

    def set_text(self, text: str, link: str = "", on_link: Callable[[], None] | None = None) -> None:
        """Say something else; a link without a new meaning keeps its own."""
        self._text.setText(text)
        self._on_link = on_link or self._on_link
        self._link.setText(link)
        self._link.setVisible(bool(link))

    def _on_clicked(self) -> None:
        if self._on_link is not None:
            self._on_link()
