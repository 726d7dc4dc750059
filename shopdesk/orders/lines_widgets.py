"""The items of an order as they are typed: rows that grow, and the field that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_
from shopdesk.orders.line_row_widgets import Find, LineRow
from shopdesk.orders.records import DraftLine
from shopdesk.ui.form import Field


class LinesEditor(QWidget):
    """The rows, always with an empty one at the end, from which Enter leaves. Signal: ``changed``."""

    changed = Signal()

    def __init__(self, find: Find, currency: str, lines: Sequence[DraftLine] = ()) -> None:
        super().__init__()
        self._find = find
        self._currency = currency
        self.rows: list[LineRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        for line in lines:
            self._add(line)
        self._add()
        self.setFocusProxy(self.rows[0].item)

    def read(self) -> tuple[DraftLine, ...]:
        """The items as typed. Raises ShopError."""
        return tuple(row.read() for row in self.rows if not row.empty)

    def _add(self, line: DraftLine | None = None) -> None:
        row = LineRow(self._find, self._currency, line)
        row.changed.connect(self._on_changed)
        row.removed.connect(partial(self._on_removed, row))
        row.left.connect(partial(self._on_left, row))
        self._column.addWidget(row)
        stops = [self.rows[-1].price] if self.rows else []
        stops += [row.item, row.quantity, row.price]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        self.rows.append(row)

    def _on_changed(self) -> None:
        if not self.rows[-1].empty:
            self._add()
        self.changed.emit()

    def _on_removed(self, row: LineRow) -> None:
        if row is self.rows[-1]:
            return
        at = self.rows.index(row)
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setFocusProxy(self.rows[0].item)
        self.rows[min(at, len(self.rows) - 1)].item.setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _on_left(self, row: LineRow) -> None:
        at = self.rows.index(row)
        if row.empty or at + 1 >= len(self.rows):
            self.rows[-1].price.setFocus(Qt.FocusReason.TabFocusReason)
            self.focusNextChild()
        else:
            self.rows[at + 1].item.setFocus(Qt.FocusReason.TabFocusReason)


class LinesField(Field):
    """The items of an order in a form; the value is a tuple of DraftLine."""

    def __init__(
        self, name: str, label: str, *, find: Find, currency: str, lines: Sequence[DraftLine] = (), needed: bool = True
    ) -> None:
        self._needed = needed
        self._find = find
        self._currency = currency
        self._lines = lines
        super().__init__(name, label)
        assert isinstance(self.editor, LinesEditor)
        self.editor.changed.connect(self._on_edited)

    def make_editor(self) -> QWidget:
        """The rows."""
        return LinesEditor(self._find, self._currency, self._lines)

    def text(self) -> str:
        """What stands in the rows, to see whether anything was typed."""
        assert isinstance(self.editor, LinesEditor)
        rows = [row for row in self.editor.rows if not row.empty]
        return "\n".join(f"{row.item.text()}\t{row.quantity.text()}\t{row.price.text()}" for row in rows)

    def set_text(self, _text: str) -> None:
        """The rows are given when the field is made."""

    def value(self) -> object:
        """The lines; none at all is refused where some are needed."""
        assert isinstance(self.editor, LinesEditor)
        try:
            lines = self.editor.read()
        except ShopError as error:
            error.field = self.name
            raise
        if not lines and self._needed:
            raise ShopError(N_("An order needs at least one item."), field=self.name)
        return lines
