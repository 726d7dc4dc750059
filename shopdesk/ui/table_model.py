"""The one table model: column descriptions over a query, never over a list of all rows."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from shopdesk.core.errors import Damaged
from shopdesk.core.money import sign_of as money_sign
from shopdesk.core.words import tr
from shopdesk.ui import table_rows
from shopdesk.ui.columns import Cell, Column, Source
from shopdesk.ui.overrides import guarded
from shopdesk.ui.selection import Selection
from shopdesk.ui.table_query import Query
from shopdesk.ui.table_rows import Measured, Rows
from shopdesk.ui.text import plain_tip_text
from shopdesk.ui.unread import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.columns import Row
    from shopdesk.ui.table_query import Anchors
    from shopdesk.ui.worker import Worker

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_EDIT = int(Qt.ItemDataRole.EditRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_NOTED = frozenset({_TIP, int(Qt.ItemDataRole.AccessibleDescriptionRole)})
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_BASE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_log = logging.getLogger(__name__)
_LONGEST = 1000
_UNKNOWN = Cell("?", "bad")
_NOTHING = Cell()
_AT_TOP = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def _clipped(cell: Cell) -> Cell:
    """The cell without what nobody sees of a text: every glyph of it would be laid out each time it is painted."""
    if max(map(len, (cell.text, cell.sub, *cell.lines))) <= _LONGEST:
        return cell
    lines = tuple(line[:_LONGEST] for line in cell.lines)
    return replace(cell, text=cell.text[:_LONGEST], sub=cell.sub[:_LONGEST], lines=lines)


class TableModel(QAbstractTableModel):
    """Column 0 holds the check boxes, the others follow `columns`.

    Comparing plain ints for roles halves the time of a frame (measured).

    Signals: ``settled`` once the rows are counted and any of them is quick to reach;
    ``edit_requested(record id, Column, text)`` when an in-cell edit is done; ``damage_met(Damaged)`` where rows
    lie in a damaged part of the file, once for the same rows.
    """

    settled = Signal()
    edit_requested = Signal(int, object, str)
    damage_met = Signal(object)

    def __init__(
        self,
        source: Source,
        columns: tuple[Column, ...],
        reader: Callable[[], Connection],
        worker: Worker,
        name: str,
        parent: QObject | None = None,
        *,
        editable: bool = True,
    ) -> None:
        super().__init__(parent)
        self.columns = columns
        self.currency = "CNY"
        self.store = Rows(source, reader)
        self.selection = Selection(lambda: self._shown, self)
        self.selection.changed.connect(self._on_selection_changed)
        self._worker = worker
        self._job = f"{name}.rows"
        self._shown = 0
        self._settled = True
        self._searched = False
        self._told: Damaged | None = None
        self._is_unread = False
        self._flags = [_BASE | Qt.ItemFlag.ItemIsUserCheckable]
        self._flags += [_BASE | Qt.ItemFlag.ItemIsEditable if column.edit and editable else _BASE for column in columns]

    # what the view asks

    def rowCount(self, parent: Index = _AT_TOP) -> int:
        """How many rows are known so far."""
        return 0 if parent.isValid() else self._shown

    def columnCount(self, parent: Index = _AT_TOP) -> int:
        """The check boxes and the declared columns."""
        return 0 if parent.isValid() else len(self.columns) + 1

    @guarded
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Texts for the screen, the reader and the editor; colours and pictures are the delegate's."""
        column = index.column()
        if role == _DISPLAY:
            return self._text(index.row(), column) if column else None
        if role == _SPOKEN:
            return self.cell(index.row(), column).spoken() if column else self._spoken_check(index.row())
        if role in _NOTED and column:
            note = self.cell(index.row(), column).note
            return plain_tip_text(note) if role == _TIP else note
        if role == _CHECK and column == 0:
            return Qt.CheckState.Checked if self._is_chosen(index.row()) else Qt.CheckState.Unchecked
        if role == _EDIT and column:
            return self._edit_text(index.row(), self.columns[column - 1])
        if role == _ALIGN and column:
            return _RIGHT if self.columns[column - 1].flush_right else _LEFT
        return None

    def setData(self, index: Index, value: Any, role: int = _EDIT) -> bool:
        """Tick a row, or hand the typed text to the page."""
        record_id = self.id_at(index.row())
        if record_id is None:
            return False
        if role == _CHECK and index.column() == 0:
            if (record_id in self.selection) is not (Qt.CheckState(value) == Qt.CheckState.Checked):
                self.selection.toggle(record_id)
            return True
        if role == _EDIT and index.column() and str(value) != self.data(index, _EDIT):
            self.edit_requested.emit(record_id, self.columns[index.column() - 1], str(value))
            return True
        return False

    @guarded
    def flags(self, index: Index) -> Qt.ItemFlag:
        """Columns with an editor can be edited, the first one ticked. Asked once per painted cell."""
        return self._flags[index.column()] if index.isValid() else Qt.ItemFlag.NoItemFlags

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The columns' titles in the owner's language."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _DISPLAY:
            return self.title(self.columns[section - 1]) if section else ""
        if role == _SPOKEN and section == 0:
            return tr("Select all")
        if role == _TIP and section and self.columns[section - 1].tip:
            return plain_tip_text(tr(self.columns[section - 1].tip))
        if role == _ALIGN and section:
            return _RIGHT if self.columns[section - 1].flush_right else _LEFT
        return None

    # what the page and the delegate ask

    def title(self, column: Column) -> str:
        """A column's title, its unit filled in."""
        text = tr(column.title)
        if "{symbol}" not in text:
            return text
        return text.replace("{symbol}", money_sign(self.currency).strip() if self.currency else "").strip()

    def cell(self, row: int, column: int) -> Cell:
        """What is painted there; nothing while the row is still being found."""
        block, place = self.store.block_of(row)
        cell = block.cells.get((place, column))
        if cell is None:
            found = block.rows[place] if place < len(block.rows) else None
            if found is None:
                return self._spoilt() if place in block.spoilt else _NOTHING
            cell = block.cells[place, column] = self._made(self.columns[column - 1], found)
        return cell

    def _spoilt(self) -> Cell:
        """What stands in each cell of a row that cannot be read."""
        damage = self.store.damage
        if damage is not None and damage is not self._told:
            self._told = damage
            self.damage_met.emit(damage)
        return Cell(tr("unreadable"), "bad", note=tr("This row lies in a damaged part of the file."))

    def _made(self, column: Column, found: Row) -> Cell:
        """The cell of a row; a sign for one that cannot be made: an error amid painting would end the process."""
        try:
            return _clipped(column.shown(found, self.currency))
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            # its words and its trace may hold what is in the file: a log tells nothing of a shop
            _log.error("the column %s cannot show what is in the file: %s", column.key, type(error).__name__)
            return _UNKNOWN

    def id_at(self, row: int) -> int | None:
        """The record in that row."""
        return self.store.id_at(row)

    def row_at(self, row: int) -> Row | None:
        """What the source's row query gave for that row."""
        return self.store.row_at(row)

    def row_of(self, record_id: int) -> int:
        """The row of a record, -1 when it is not in the view."""
        return self.store.position(record_id)

    @property
    def is_settled(self) -> bool:
        """Whether all rows are counted and quick to reach."""
        return self._settled

    @property
    def is_unread(self) -> bool:
        """Whether not even which rows there are can be read."""
        return self._is_unread

    @property
    def is_search(self) -> bool:
        """Whether the rows are what a search found."""
        return self._searched

    # what changes the rows

    def show_query(self, query: Query, *, large: bool = False) -> None:
        """Other rows: the first of them at once, the rest when the worker has counted them."""
        self._worker.cancel(self._job)
        self._settled = self._searched = self._is_unread = False
        self.beginResetModel()
        try:
            with reading():
                self.store.open(query, large=large)
        except Damaged as error:
            self._lose(error)
        self._shown = self.store.total
        self.endResetModel()
        if self.store.counted:
            self._settle()
        else:
            self._count(query, self._on_counted)

    def _count(self, query: Query, then: Callable[[Measured], None]) -> None:
        counting = partial(table_rows.count, query=query)

        def counted(con: Connection) -> Measured:
            with reading():
                return counting(con)

        self._worker.submit(counted, then, self._on_not_counted, key=self._job)

    def _on_not_counted(self, error: Exception) -> None:
        if not isinstance(error, Damaged):
            raise error
        self.beginResetModel()
        self._lose(error)
        self._shown = 0
        self.endResetModel()
        self._settle()

    def _lose(self, error: Damaged) -> None:
        """Which rows there are cannot be read: there are none to show."""
        self.store.open_ids(self.store.query, [])
        self._is_unread = True
        self.damage_met.emit(error)

    def show_ids(self, query: Query, ids: list[int]) -> None:
        """Exactly these rows, for a search."""
        self._worker.cancel(self._job)
        self._searched, self._is_unread = True, False
        self.beginResetModel()
        self.store.open_ids(query, ids)
        self._shown = len(ids)
        self.endResetModel()
        self._settle()

    def refresh(self, query: Query, first: int, last: int) -> None:
        """The same rows after a change: what is visible at once, the count and the order from the worker."""
        if self.store.ids is not None and self._shown <= table_rows.SMALL:
            self.show_query(query)
            return
        self.store.reread(first, last)
        self._tell_all()
        self._settled = False
        self._count(query, partial(self._on_counted_again, query))

    def name_currency(self, currency: str) -> None:
        """The titles name another currency, "" for none; the amounts then carry theirs."""
        if currency != self.currency:
            self.currency = currency
            self.forget_texts()

    def forget_texts(self) -> None:
        """Make the cells anew: another language, another minute."""
        self.store.drop_cells()
        self._tell_all()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns))

    # inside

    def _on_counted(self, found: Measured) -> None:
        self._grow(found.total)
        self.store.counted = True
        if found.ids is not None:
            self.store.take_ids(found.ids)
            self._tell_all()
            self._settle()
        else:
            self._ask_anchors()

    def _on_counted_again(self, query: Query, found: Measured) -> None:
        self.beginResetModel()
        self.store.retake(query, found)
        self._shown = found.total
        self.endResetModel()
        if found.ids is not None:
            self._settle()
        else:
            self._ask_anchors()

    def _ask_anchors(self) -> None:
        asking = partial(table_rows.next_anchors, query=self.store.query, after=self.store.last_anchor())
        self._worker.submit(lambda con, task: asking(con, task), self._on_anchors, key=self._job)

    def _on_anchors(self, found: Anchors) -> None:
        self.store.take_anchors(found.keys)
        if not found.complete:
            self._ask_anchors()
            return
        self._tell_all()
        self._settle()

    def _grow(self, total: int) -> None:
        if total > self._shown:
            self.beginInsertRows(_AT_TOP, self._shown, total - 1)
            self._shown = self.store.total = total
            self.endInsertRows()
        elif total < self._shown:
            self.beginRemoveRows(_AT_TOP, total, self._shown - 1)
            self._shown = self.store.total = total
            self.endRemoveRows()

    def _settle(self) -> None:
        self._settled = True
        self.settled.emit()

    def _tell_all(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(self._shown - 1, len(self.columns)))

    def _on_selection_changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(self._shown - 1, 0), [_CHECK])

    def _text(self, row: int, column: int) -> str:
        return self.cell(row, column).words()

    def _is_chosen(self, row: int) -> bool:
        record_id = self.id_at(row)
        return record_id is not None and record_id in self.selection

    def _spoken_check(self, row: int) -> str:
        return tr("Selected") if self._is_chosen(row) else tr("Not selected")

    def _edit_text(self, row: int, column: Column) -> str:
        found = self.row_at(row)
        return "" if found is None else column.starting_text(found, self.currency)
