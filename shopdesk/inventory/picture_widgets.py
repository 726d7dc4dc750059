"""Where a product's picture is shown, and the way to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.core.words import N_, tr
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.thumb import Thumb
from shopdesk.ui.widgets import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shopdesk.ui.pictures import Pictures

FILE_FILTER = N_("Pictures (*.png *.jpg *.jpeg *.webp)")


class SkuCard(QWidget):
    """The head of a SKU's drawer: its picture, what it is, its tags, and the way to another picture."""

    def __init__(
        self,
        pictures: Pictures,
        *,
        picture: str,
        lines: Sequence[str],
        tags: Sequence[str],
        change: Callable[[], object],
    ) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Thumb(pictures, picture, 72), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        for line in lines:
            if line:
                words.addWidget(PlainLabel(line, role="text_2", wrap=True))
        if tags:
            words.addLayout(self._tags(tags))
        link = LinkLabel(tr("Change picture") if picture else tr("Set picture"), "small")
        link.clicked.connect(change)
        words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        row.addLayout(words, 1)

    @staticmethod
    def _tags(tags: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for tag in tags[:4]:
            row.addWidget(Tag(tag))
        if len(tags) > 4:
            row.addWidget(PlainLabel(f"+{len(tags) - 4}", "small", "text_2"))
        row.addStretch(1)
        return row
