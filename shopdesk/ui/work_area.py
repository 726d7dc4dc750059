"""What fills the window while a shop is open: the rail, the pages with a strip above them, the status bar."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.ui.banner import Banner
from shopdesk.ui.dress import dressed
from shopdesk.ui.overrides import guarded
from shopdesk.ui.pages import Pages
from shopdesk.ui.rail import Rail
from shopdesk.ui.statusbar import StatusBar
from shopdesk.ui.theme import styled, theme

Box = TypeVar("Box", QVBoxLayout, QHBoxLayout)


class WorkArea(QWidget):
    """Lays out the parts; the window made them and goes on talking to them."""

    def __init__(self, rail: Rail, pages: Pages, status: StatusBar) -> None:
        super().__init__()
        styled(self, "page")
        self._banner: Banner | None = None
        self._framed = False
        self._strip = QVBoxLayout()
        right = _without_air(QVBoxLayout())
        right.addLayout(_without_air(self._strip))
        right.addWidget(pages, 1)
        row = _without_air(QHBoxLayout())
        row.addWidget(rail)
        row.addLayout(right, 1)
        column = _without_air(QVBoxLayout(self))
        column.addLayout(row, 1)
        column.addWidget(status)
        status.show()

    @property
    def banner(self) -> str:
        """What the strip above the pages says."""
        return self._banner.text if self._banner is not None else ""

    def show_banner(
        self, text: str, link: str = "", on_link: Callable[[], None] | None = None, *, tone: str = "warn"
    ) -> None:
        """Say above the pages what stays true; an empty text takes it away.

        The `tone` past makes a dark strip and a frame round everything: what is shown is not the shop of now.
        """
        past = bool(text) and tone == "past"
        if self._banner is not None:
            self._banner.deleteLater()
            self._banner = None
        if text:
            self._banner = dressed(Banner(text, tone, link, on_link))
            self._strip.addWidget(self._banner)
        self._strip.setContentsMargins(*((12, 8, 12, 0) if text and not past else (0, 0, 0, 0)))
        self.setContentsMargins(*((2, 0, 2, 2) if past else (0, 0, 0, 0)))
        self._framed = past
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of what is past."""
        super().paintEvent(event)
        if self._framed:
            QPainter(self).fillRect(self.rect(), theme().colour("tip"))


def _without_air(box: Box) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    return box
