"""Where the keyboard and the sight of a list are when its rows are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage


class PlaceKeeper:
    """Takes a list back to where it was: the same record, or the one that took its place.

    `holds` says that the rows to come are the same ones after a change; otherwise the list begins at its top.
    """

    def __init__(self, page: TablePage) -> None:
        self._page = page
        self.holds = False
        self._sight: tuple[int, int] = (-1, 0)
        self._at: tuple[int | None, int] = (None, -1)
        page.rows.modelAboutToBeReset.connect(self._on_about_to_reset)

    def _on_about_to_reset(self) -> None:
        page = self._page
        self._sight = page.table.keep_place()
        self._at = (page.current_id() if self.holds else None, page.table.current_row())

    def go_back(self) -> None:
        """The rows are there: put the keyboard where it belongs."""
        page = self._page
        record_id, row = self._at
        found = page.rows.row_of(record_id) if record_id is not None else -1
        if found < 0 and self.holds and row >= 0:
            found = min(row, page.rows.rowCount() - 1)
        if found < 0 and page.pane.is_open and page.pane.wanted is None:
            found = 0
        if found >= 0:
            page.table.go_to(found)

    def look_back(self) -> None:
        """Show the rows that were in sight."""
        if self.holds:
            self._page.table.stand_at(self._sight)
        else:
            self._page.table.verticalScrollBar().setValue(0)
