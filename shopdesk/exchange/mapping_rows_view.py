"""The columns of a file on the mapping screen: each with what it means and some of its cells.

A file may have hundreds. The rows are made, and go, some at a time, so that the window stays usable meanwhile;
what was chosen is kept beside them, so that nothing waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from shopdesk.core.words import tr, trn
from shopdesk.exchange.preview import FileCard
from shopdesk.ui.text import PlainLabel, plain_tip
from shopdesk.ui.theme import styled

_AT_ONCE = 10
_SAMPLES = 3
_WIDEST = 16


class ColumnRows(QWidget):
    """A row for each column. Signal: ``changed`` when another field was chosen."""

    changed = Signal()

    def __init__(
        self, card: FileCard, columns: Sequence[tuple[str, str | None]], fields: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__()
        styled(self, "surface")
        self._card = card
        self._columns = columns
        known = {key for key, _ in fields}
        self.fields: list[str] = [key if key in known else "" for key in (key or "" for _, key in columns)]
        self.choices: list[QComboBox] = []
        self._model = QStandardItemModel()  # outlives the boxes: each would look for another one when it goes
        for key, label in fields:
            item = QStandardItem(label)
            item.setData(key, Qt.ItemDataRole.UserRole)
            self._model.appendRow(item)
        self._grid = QGridLayout(self)
        self._begin()
        self._soon = QTimer(self)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._go_on)
        self._go_on()
        if len(self.choices) < len(columns):
            self._soon.start()

    def _begin(self) -> None:
        grid = self._grid
        grid.setContentsMargins(20, 8, 20, 16)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        headings = [tr("In the file"), tr("In ShopDesk"), *(tr("Row {n}", n=n + 1) for n in range(_SAMPLES))]
        for at, heading in enumerate(headings):
            grid.addWidget(PlainLabel(heading, role="text_2"), 0, at)
        left = len(self._card.header) - len(self._columns)
        if left:
            more = trn("and {n} more column", "and {n} more columns", left)
            grid.addWidget(PlainLabel(more, role="text_3"), len(self._columns) + 1, 0, 1, 5)
        for at, stretch in enumerate((3, 0, 3, 3, 3)):
            grid.setColumnStretch(at, stretch)
        grid.setColumnMinimumWidth(1, 210)
        grid.setRowStretch(len(self._columns) + 2, 1)

    def _go_on(self) -> None:
        first = len(self.choices)
        for at in range(first, min(first + _AT_ONCE, len(self._columns))):
            self._add(at)
        if len(self.choices) == len(self._columns):
            self._soon.stop()

    def _add(self, at: int) -> None:
        name, sample = self._columns[at][0], self._card.sample
        label = PlainLabel(name.strip() or tr("Column {n}", n=at + 1), elide=True)
        plain_tip(label, name)
        self._grid.addWidget(label, at + 1, 0)
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_WIDEST)
        box.setModel(self._model)
        box.setCurrentIndex(max(0, box.findData(self.fields[at])))
        box.installEventFilter(self)
        box.currentIndexChanged.connect(partial(self._on_chosen, at))
        self.choices.append(box)
        self._grid.addWidget(box, at + 1, 1)
        for number in range(_SAMPLES):
            cell = sample[number][at] if number < len(sample) and at < len(sample[number]) else ""
            shown = PlainLabel(" ".join(cell[:500].split())[:120], role="text_2", elide=True)
            self._grid.addWidget(shown, at + 1, 2 + number)

    def wind_down(self, whole: QWidget) -> None:
        """Let the rows go some at a time, then `whole`, which they are part of."""
        self._soon.stop()
        self._leaving = whole
        self._soon.timeout.disconnect()
        self._soon.timeout.connect(self._go)
        self._soon.start()

    def _go(self) -> None:
        for _ in range(5 * _AT_ONCE):
            item = self._grid.takeAt(self._grid.count() - 1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if not self._grid.count():
            self._soon.stop()
            self._leaving.deleteLater()

    def _on_chosen(self, at: int, _index: int) -> None:
        self.fields[at] = str(self.choices[at].currentData())
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page, it does not change a choice."""
        return ignores_wheel(watched, event) or super().eventFilter(watched, event)


def ignores_wheel(watched: QObject, event: QEvent) -> bool:
    """Hand the wheel over a closed choice on to what scrolls."""
    if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox):
        event.ignore()
        return True
    return False
