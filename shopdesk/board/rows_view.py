"""The day's list as one flat model: headings, lines, and what is folded up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal

from shopdesk.board import store
from shopdesk.board.model import Board, Key, Line, Section
from shopdesk.board.wording import section_title
from shopdesk.core.words import tr, trn
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import plain_tip_text

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-shopdesk-line"
PUT_OFF = "put off"


class Kind(Enum):
    """What a row is."""

    GROUP = "group"
    OPEN = "open"
    DONE = "done"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a heading, a line, or a fold that counts what it hides."""

    kind: Kind
    letter: str
    line: Line | None = None
    section: Section | None = None
    text: str = ""


ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


class DayModel(QAbstractListModel):
    """Rows of the day. Signal: ``moved(letter, keys)`` when a line was dragged within its section."""

    moved = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.board: Board | None = None
        self._rows: list[Row] = []
        self._unfolded: set[str] = set()

    def show(self, board: Board) -> None:
        """Take another state of the day."""
        rows = self._rows_of(board)
        self.board = board
        if rows and [_shape(row) for row in rows] == [_shape(row) for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def toggle_fold(self, letter: str) -> None:
        """Show or hide what is folded up in a section."""
        self._unfolded ^= {letter}
        if self.board is not None:
            self.show(self.board)

    def row(self, index: Index) -> Row | None:
        """What stands at an index."""
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, key: Key) -> QModelIndex:
        """Where a line is; an invalid index when it is not shown."""
        found = (at for at, row in enumerate(self._rows) if row.line is not None and row.line.key == key)
        at = next(found, -1)
        return self.index(at) if at >= 0 else QModelIndex()

    def keys(self, letter: str) -> list[Key]:
        """The lines of a section in order, folded ones too."""
        sections = self.board.sections if self.board is not None else ()
        return [line.key for section in sections if section.letter == letter for line in section.lines]

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    @guarded
    def data(self, index: Index, role: int = _DISPLAY) -> object:
        """The row itself for the delegate, its words for everybody else."""
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (_DISPLAY, _ACCESSIBLE):
            return spoken(row) if role == _ACCESSIBLE else row.text
        if role == _TIP and row.line is not None:
            parts = (row.line.title, row.line.evidence if row.line.done else row.line.why, row.line.note)
            return plain_tip_text("\n".join(part for part in parts if part))
        return None

    @guarded
    def flags(self, index: Index) -> Qt.ItemFlag:
        """Lines can be selected and dragged; a heading is only read, the keyboard skips it."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        kind = self._rows[index.row()].kind
        if kind is Kind.GROUP:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if kind is Kind.FOLD else flags | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """A line is moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Our own kind only."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Which row is dragged."""
        data = QMimeData()
        data.setData(MIME, str(indexes[0].row()).encode())
        return data

    def canDropMimeData(self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index) -> bool:
        """Within its section only."""
        return not parent.isValid() and self._landing(data, row) is not None

    def dropMimeData(self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, _parent: Index) -> bool:
        """Tell the new order; the view keeps its rows until the data says so."""
        landing = self._landing(data, row)
        if landing is not None:
            self.moved.emit(*landing)
        return False

    def move(self, key: Key, step: int) -> None:
        """One place up (-1) or down (1) within the section; what is put off has no place."""
        row = self.row(self.index_of(key))
        keys = self.keys(row.letter) if row is not None else []
        if row is None or key not in keys:
            return
        at = keys.index(key)
        to = max(0, min(len(keys) - 1, at + step))
        if to != at:
            keys.insert(to, keys.pop(at))
            self.moved.emit(row.letter, keys)

    # inside

    def _landing(self, data: QMimeData, row: int) -> tuple[str, list[Key]] | None:
        if not data.hasFormat(MIME) or row < 0:
            return None
        dragged = self._rows[int(bytes(data.data(MIME).data()))]
        above = self._rows[row - 1] if row > 0 else None
        if dragged.line is None or above is None or above.letter != dragged.letter or above.kind is Kind.FOLD:
            return None
        keys = [key for key in self.keys(dragged.letter) if key != dragged.line.key]
        at = 0 if above.line is None else (keys.index(above.line.key) + 1 if above.line.key in keys else -1)
        if at < 0:
            return None
        keys.insert(at, dragged.line.key)
        return dragged.letter, keys

    def _rows_of(self, board: Board) -> list[Row]:
        rows: list[Row] = []
        for section in board.sections:
            rows.append(Row(Kind.GROUP, section.letter, section=section, text=section_title(board, section.letter)))
            rows += [_line_row(section.letter, line) for line in section.lines if not line.folded]
            rows += self._folded(section)
        if board.snoozed:
            rows.append(Row(Kind.FOLD, PUT_OFF, text=trn("{n} put off", "{n} put off", len(board.snoozed))))
            if PUT_OFF in self._unfolded:
                rows += [_line_row(PUT_OFF, line) for line in board.snoozed]
        return rows

    def _folded(self, section: Section) -> list[Row]:
        if not section.hidden():
            return []
        rows = [Row(Kind.FOLD, section.letter, section=section, text=_fold_words(section))]
        if section.letter in self._unfolded:
            rows += [_line_row(section.letter, line) for line in section.folded]
        return rows


def _line_row(letter: str, line: Line) -> Row:
    return Row(Kind.DONE if line.done else Kind.OPEN, letter, line=line, text=line.title)


def _shape(row: Row) -> tuple[object, ...]:
    return row.kind, row.letter, row.line.key if row.line is not None else None


def _fold_words(section: Section) -> str:
    """“18 more: Late orders 15, Sells out 3”."""
    counts = section.hidden()
    named = ", ".join(f"{store.rule_label(rule)} {n}" for rule, n in counts.items())
    said = trn("{n} more", "{n} more", sum(counts.values()))
    return tr("{said}: {named}", said=said, named=named)


def spoken(row: Row) -> str:
    """A row for those who listen."""
    line = row.line
    if line is None:
        return row.text
    state = tr("done") if line.done else tr("still open")
    parts = (line.code, state, line.title, line.evidence if line.done else line.why, line.note)
    return ", ".join(part for part in parts if part)
