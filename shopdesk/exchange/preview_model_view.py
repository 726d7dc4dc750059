"""What the table of the import preview holds: rows that are fetched as it scrolls, and which of them are ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from shopdesk.core.words import tr
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import plain_tip_text

_Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)

_LEFT = {"old": "new", "new": "old"}

Fetch = Callable[[int, int], list[tuple[int, list[str], bool]]]
"""(last id shown, how many) -> rows: id, texts, ticked."""


class PreviewModel(QAbstractTableModel):
    """Rows that are fetched as the view scrolls. Signal: ``ticked(ids, on)`` when the owner ticks.

    `taken` is how many rows are ticked and how many there are, fetched or not.
    """

    ticked = Signal(list, bool)

    def __init__(self) -> None:
        super().__init__()
        self.headings: Sequence[tuple[str, int]] = ()
        self.styles: dict[int, str] = {}
        self.ticks = False
        self.taken = (0, 0)
        self._fetch: Fetch = lambda after, limit: []
        self._rows: list[tuple[int, list[str], bool]] = []
        self._over = True

    def show(
        self, headings: Sequence[tuple[str, int]], fetch: Fetch, *, ticks: bool = False,
        styles: dict[int, str] | None = None, taken: tuple[int, int] = (0, 0),
    ) -> None:  # fmt: skip
        """Show another list.

        `styles` names the look of columns: old, new, quiet, number, file; bad, warn and told are whole sentences.
        """
        self.beginResetModel()
        self.headings, self.styles, self.ticks, self._fetch = headings, styles or {}, ticks, fetch
        self.taken = taken
        self._rows = []
        self._over = False
        self.endResetModel()
        self.fetchMore(QModelIndex())

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The rows fetched so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The headings, and the ticks before them."""
        return 0 if parent.isValid() else len(self.headings) + self.ticks

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether there may be more."""
        return not parent.isValid() and not self._over

    def fetchMore(self, parent: _Index) -> None:
        """Fetch the next rows."""
        if parent.isValid() or self._over:
            return
        rows = self._fetch(self._rows[-1][0] if self._rows else 0, 200)
        self._over = len(rows) < 200
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    @guarded
    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        """Texts as they are; the tip is the whole text."""
        if not index.isValid():
            return None
        at = index.column() - self.ticks
        row = self._rows[index.row()]
        if role == _CHECK and at < 0:
            return Qt.CheckState.Checked if row[2] else Qt.CheckState.Unchecked
        if at < 0 or role not in (_DISPLAY, _TIP):
            return None
        return row[1][at] if role == _DISPLAY else plain_tip_text(row[1][at])

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The headings."""
        at = section - self.ticks
        if role == _ALIGN and self.styles.get(at) == "number":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation is Qt.Orientation.Horizontal and role == _DISPLAY and 0 <= at < len(self.headings):
            heading = self.headings[at][0]
            return tr(heading) if heading else ""
        return None

    def style_of(self, column: int, row: int = -1) -> str:
        """The look of a column; in a row whose tick is off, the shop's value stays and the file's is struck out."""
        style = self.styles.get(column - self.ticks, "")
        if self.ticks and 0 <= row < len(self._rows) and not self._rows[row][2]:
            return _LEFT.get(style, style)
        return style

    def toggle(self, row: int) -> None:
        """Tick a row, or take the tick off."""
        if not self.ticks or not 0 <= row < len(self._rows):
            return
        key, texts, on = self._rows[row]
        self._rows[row] = (key, texts, not on)
        self.taken = (self.taken[0] + (-1 if on else 1), self.taken[1])
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
        self.ticked.emit([key], not on)

    def text(self, row: int, heading: int) -> str:
        """The text under a heading."""
        return self._rows[row][1][heading]

    def is_ticked(self, row: int) -> bool:
        """Whether a row is ticked."""
        return self._rows[row][2]
