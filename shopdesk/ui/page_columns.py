"""The columns of a list: which are on, where they stand and how wide they are, by the view and by the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from shopdesk.ui.table_memory import TableMemory

if TYPE_CHECKING:
    from shopdesk.ui.columns import Column
    from shopdesk.ui.page import TablePage


class ColumnKeeper(QObject):
    """Lays the columns out for the view, and remembers what the owner did to them."""

    def __init__(self, page: TablePage) -> None:
        super().__init__(page)
        self._page = page
        self._table = page.table
        self._memory = TableMemory(page.name, page.table, [c.key for c in page.columns if not c.hidden])
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.setInterval(0)
        self._moved.timeout.connect(page.lay_drawer_over)
        header = page.table.header
        header.sectionResized.connect(self._on_section_moved)
        header.sectionMoved.connect(self._on_section_moved)
        page.table.layout_changed.connect(self._on_layout_changed)
        page.tools.column_toggled.connect(self._on_toggled)
        page.tools.usual_columns_requested.connect(self._memory.forget)

    def shown(self) -> list[Column]:
        """Those that are on, from left to right."""
        by_key = {column.key: column for column in self._page.columns}
        return [by_key[key] for key in self._table.shown_columns()]

    def lay_out(self) -> None:
        """As the view wants them, or as they were left; in a narrow window the sorted one stands foremost."""
        first = self._page.book.sort.removeprefix("-") if self._page.narrow else ""
        self._memory.restore(self._page.view.columns, first)

    def _keep(self) -> None:
        self._memory.keep(only_widths=bool(self._page.view.columns))

    def _on_section_moved(self, _section: int, _old: int, _new: int) -> None:
        self._moved.start()

    def _on_layout_changed(self) -> None:
        if not self._page.narrow:
            self._keep()

    def _on_toggled(self, number: int, on: bool) -> None:
        self._table.setColumnHidden(number, not on)
        self._table.fit()
        self._keep()
