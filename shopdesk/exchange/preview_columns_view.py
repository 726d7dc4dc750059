"""The columns of a dropped file on screen, and the question that a file leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QWidget

from shopdesk.core.words import tr, trc, trn
from shopdesk.exchange.preview import FileCard
from shopdesk.ui.banner import Sign
from shopdesk.ui.text import PlainLabel, plain_tip
from shopdesk.ui.theme import hline, styled

_MOST = 300


class ColumnsPane(QScrollArea):
    """The columns of a file: what each fills, its first cell; unused ones in grey."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_card(self, card: FileCard | None) -> None:
        """Show the columns of one file."""
        inside = styled(QWidget(), "page")
        grid = QGridLayout(inside)
        grid.setContentsMargins(20, 12, 14, 14)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        columns = card.columns if card is not None else ()
        used = sum(1 for column in columns if column.fills)
        grid.addWidget(PlainLabel(trc("import", "Columns"), strong=True), 0, 0)
        said = tr("{used} of {total} used", used=used, total=len(columns)) if columns else ""
        grid.addWidget(PlainLabel(said, role="good"), 0, 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        for at, heading in enumerate((tr("In the file"), tr("In ShopDesk"), tr("First row"))):
            label = PlainLabel(heading, role="text_2")
            label.setMinimumHeight(26)
            grid.addWidget(label, 1, at)
        shown = sorted(columns, key=lambda one: not one.fills)[:_MOST]
        for at, column in enumerate(shown):
            line = 2 * at + 2
            grid.addWidget(hline(), line, 0, 1, 3)
            name = PlainLabel(column.name.strip(), role="text" if column.fills else "text_3", elide=True)
            plain_tip(name, column.name)
            name.setFixedHeight(28)
            grid.addWidget(name, line + 1, 0)
            grid.addWidget(PlainLabel(column.fills or tr("not used"), role="text" if column.fills else "text_3",
                                      elide=True), line + 1, 1)  # fmt: skip
            grid.addWidget(PlainLabel(column.first.strip()[:80], role="text_3", elide=True), line + 1, 2)
        for at, stretch in enumerate((10, 9, 7)):
            grid.setColumnStretch(at, stretch)
        left = len(columns) - len(shown)
        if left:
            more = trn("and {n} more column", "and {n} more columns", left)
            grid.addWidget(PlainLabel(more, role="text_3"), 2 * _MOST + 2, 0, 1, 3)
        grid.setRowStretch(2 * len(shown) + 3, 1)
        self.setWidget(inside)


class Question(QFrame):
    """A question that a file leaves open: which of the owner's channels it is from. Signal: ``answered(value)``."""

    answered = Signal(object)

    def __init__(self, text: str, choices: Sequence[tuple[int, str]], chosen: int) -> None:
        super().__init__()
        styled(self, "note")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 10, 5)
        row.setSpacing(8)
        row.addWidget(Sign("why", "warn"))
        row.addWidget(PlainLabel(text), 1)
        self.combo = QComboBox()
        for value, label in choices:
            self.combo.addItem(label, value)
        self.combo.setCurrentIndex(max(0, self.combo.findData(chosen)))
        self.combo.installEventFilter(self)
        self.combo.activated.connect(lambda _at: self.answered.emit(self.combo.currentData()))
        row.addWidget(self.combo)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page, it does not answer questions."""
        return event.type() == QEvent.Type.Wheel or super().eventFilter(watched, event)
