"""The parts of the import preview: file cards, columns of a file, tabs with counts, the bar below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core.words import of_two, tr, trc, trn
from shopdesk.exchange.formats import FormatSet
from shopdesk.exchange.preview import FileCard
from shopdesk.ui.banner import Sign
from shopdesk.ui.icons import icon
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme, theme_polish
from shopdesk.ui.widgets import Segments, Tag

_MOST_CARDS = 3
_TONES = {"new": "good", "changed": "accent", "unchanged": "text_2", "refused": "bad", "warned": "warn"}
TABS = ("new", "changed", "unchanged", "refused", "warned")


def tab_words(key: str) -> str:
    """The word on a tab."""
    if key == "new":
        return trc("import", "New")
    if key == "changed":
        return trc("import", "Changed")
    if key == "unchanged":
        return trc("import", "Unchanged")
    return trc("import", "Refused") if key == "refused" else trc("import", "Warned")


def header_buttons(row: QHBoxLayout) -> tuple[QPushButton, QPushButton, QPushButton]:
    """Back, cancel and import in the header of the page."""
    back, leave, go = QPushButton(), QPushButton(), QPushButton()
    back.setProperty("kind", "plain")
    back.setIcon(icon("previous", "text_2"))
    back.setFixedWidth(34)
    row.insertWidget(0, back)
    go.setObjectName("import_go")
    go.setProperty("kind", "primary")
    go.setIcon(icon("import", "on_accent"))
    row.addWidget(leave)
    row.addWidget(go)
    return back, leave, go


class FileBox(QFrame):
    """The card of one table of a file.

    Signals: ``picked``; ``format_wanted(format id)``; ``mapping_wanted``.
    """

    picked = Signal()
    format_wanted = Signal(str)
    mapping_wanted = Signal()

    def __init__(self, card: FileCard, formats: FormatSet) -> None:
        super().__init__()
        self.card = card
        self._formats = formats
        styled(self, "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 14, 9)
        row.setSpacing(12)
        row.addWidget(Sign("late_or_error" if card.refused else "file", "bad" if card.refused else "accent", 24))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        name = f"{card.file} · {card.sheet}" if card.sheet else card.file
        texts.addWidget(PlainLabel(name, strong=True, elide=True))
        texts.addWidget(PlainLabel(self._said(), role="bad" if card.refused else "text_2", elide=not card.refused,
                                   wrap=bool(card.refused)))  # fmt: skip
        row.addLayout(texts, 1)
        if card.choices:
            row.addWidget(self._choice())
        if card.known and not card.refused:
            row.addWidget(Tag("✓ " + tr("same shape as last time"), "good"))
        row.addWidget(self._change())

    def _said(self) -> str:
        card = self.card
        if card.refused:
            return card.refused
        parts = [tr("Recognised: {title}", title=card.title), card.encoding, trn("{n:,} row", "{n:,} rows", card.rows),
                 card.period]  # fmt: skip
        return tr(", ").join(part for part in parts if part)

    def _choice(self) -> QWidget:
        segments = Segments(self.card.choices, self.card.format)
        segments.picked.connect(lambda value: self.format_wanted.emit(str(value)))
        return segments

    def _change(self) -> QPushButton:
        words = tr("Say what its columns mean") if self.card.unknown else tr("Not right? Change")
        button = QPushButton(words)
        if self.card.unknown:
            button.setProperty("kind", "primary")
            button.clicked.connect(self.mapping_wanted)
        else:
            button.clicked.connect(partial(self._open_menu, button))
        button.setVisible(bool(self.card.header))
        button.setObjectName("change_format")
        return button

    def _open_menu(self, button: QPushButton) -> None:
        menu = QMenu(self)
        own = menu.addAction(icon("columns", "text_2"), tr("Say what its columns mean…"))
        own.triggered.connect(self.mapping_wanted)
        menu.addSeparator()
        titles = sorted((of_two(dict(one.title)), one.id) for one in self._formats.by_id.values() if one.rows != "raw")
        for title, key in titles:
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(key == self.card.format)
            action.triggered.connect(partial(self._choose, key))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _choose(self, key: str, _on: bool = False) -> None:
        self.format_wanted.emit(key)

    def set_current(self, current: bool) -> None:
        """Whether its columns are shown below."""
        styled(self, "cardstrong" if current else "card")
        theme_polish(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click shows its columns."""
        super().mouseReleaseEvent(event)
        self.picked.emit()


class FileCards(QScrollArea):
    """The cards of all dropped files; more than three scroll.

    Signals: ``picked(index)``, ``format_wanted(index, id)``, ``mapping_wanted(index)``.
    """

    picked = Signal(int)
    format_wanted = Signal(int, str)
    mapping_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[FileBox] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_cards(self, cards: Sequence[FileCard], formats: FormatSet) -> None:
        """Show these files."""
        inside = styled(QWidget(), "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 0, 20, 10)
        column.setSpacing(6)
        self.boxes = [FileBox(card, formats) for card in cards]
        for at, box in enumerate(self.boxes):
            column.addWidget(box)
            box.picked.connect(partial(self.picked.emit, at))
            box.format_wanted.connect(partial(self.format_wanted.emit, at))
            box.mapping_wanted.connect(partial(self.mapping_wanted.emit, at))
        column.addStretch(1)
        self.setWidget(inside)
        heights = [max(box.sizeHint().height(), 54) + 6 for box in self.boxes]
        self.setFixedHeight(sum(heights[:_MOST_CARDS]) + 10 + (18 if len(heights) > _MOST_CARDS else 0))

    def set_current(self, at: int) -> None:
        """Mark the file whose columns are shown."""
        for number, box in enumerate(self.boxes):
            box.set_current(number == at and len(self.boxes) > 1)


class CountTab(QAbstractButton):
    """A tab: a word and its count in a colour."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.count = 0
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, count: int) -> None:
        """Another count."""
        self.count = count
        self.setText(tab_words(self.key))
        self.setAccessibleName(f"{self.text()} {count}")
        self.updateGeometry()
        self.update()

    @guarded
    def sizeHint(self) -> QSize:
        """As wide as the words."""
        fonts = theme().metrics("body", True)
        wide = fonts.horizontalAdvance(self.text()) + fonts.horizontalAdvance(f"{self.count:,}") + 30
        return QSize(wide, theme().size("section_tabs"))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Word, count, a line under the chosen one."""
        painter = QPainter(self)
        on = self.isChecked()
        fonts = theme().metrics("body", strong=on)
        painter.setFont(theme().font("body", strong=on))
        painter.setPen(theme().colour("text" if on else "text_2"))
        place = self.rect().adjusted(10, 0, 0, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        place.adjust(fonts.horizontalAdvance(self.text()) + 7, 0, 0, 0)
        painter.setFont(theme().font("body", strong=True))
        painter.setPen(theme().colour(_TONES[self.key] if self.count else "text_3"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), f"{self.count:,}")
        if on:
            painter.fillRect(0, self.height() - 2, self.width(), 2, theme().colour("accent"))


class CountTabs(QWidget):
    """New, changed, unchanged, refused, warned. Signal: ``picked(key)``."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.tabs = {key: CountTab(key) for key in TABS}
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(4)
        for tab in self.tabs.values():
            self._group.addButton(tab)
            row.addWidget(tab)
            tab.clicked.connect(partial(self.picked.emit, tab.key))
        row.addStretch(1)
        self.rest = row
        self.setFixedHeight(theme().size("section_tabs"))

    @property
    def current(self) -> str:
        """The key of the chosen tab."""
        return next((key for key, tab in self.tabs.items() if tab.isChecked()), "new")

    def show_counts(self, counts: dict[str, int]) -> None:
        """Show the counts."""
        for key, tab in self.tabs.items():
            tab.say(counts.get(key, 0))

    def pick(self, key: str) -> None:
        """Choose a tab and tell it."""
        self.tabs[key].setChecked(True)
        self.picked.emit(key)
