"""Which rows a list shows: those of the view, the search and the sort in force."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from shopdesk.core import settings
from shopdesk.core.errors import Damaged
from shopdesk.ui import table_rows
from shopdesk.ui.page_place import PlaceKeeper
from shopdesk.ui.page_search import LiveSearch
from shopdesk.ui.unread import reading

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage
    from shopdesk.ui.table_query import Query


class RowKeeper(QObject):
    """Asks for the rows, and puts right what stands around the table when they are there."""

    def __init__(self, page: TablePage) -> None:
        super().__init__(page)
        self._page = page
        self._search = LiveSearch(page.shop, page.worker, page.source.search, page.name, self)
        self._place = PlaceKeeper(page)
        page.rows.modelReset.connect(self._on_reset)
        page.rows.settled.connect(self._on_settled)
        page.rows.damage_met.connect(self._on_damage_met, Qt.ConnectionType.QueuedConnection)  # not amid painting
        page.table.header.sort_requested.connect(self._on_sort_requested)
        self._search.found.connect(self._on_found)
        page.search_box.words_changed.connect(self._on_words_changed)
        page.search_box.left.connect(self._on_search_left)

    def ask(self, *, fresh: bool, keep: bool = False) -> None:
        """Give the table the rows of the view, the search and the sort in force.

        Unless `fresh`, they are the same rows after a change; `keep` holds the place.
        """
        page = self._page
        self._place.holds = keep
        query = page.book.query()
        page.table.header.show_sort(page.book.sorted_section(), falling=page.book.falling)
        self._search.stop()
        if page.search_box.words() and page.source.search:
            self._search.ask(query, page.search_box.words(), small=page.book.small)
        elif fresh or page.rows.is_search:
            page.rows.show_query(query, large=page.book.large)
        else:
            page.rows.refresh(query, *page.table.visible_rows())

    def _on_found(self, query: Query, ids: list[int], further: bool) -> None:
        self._place.holds = self._place.holds or further
        self._page.rows.show_ids(query, ids)

    def _on_sort_requested(self, section: int) -> None:
        page, column = self._page, self._page.columns[section - 1]
        if column.sort:
            page.book.turn_sort(column)
            if page.narrow:
                page.column_keeper.lay_out()
            self.ask(fresh=True)

    def _on_words_changed(self, words: str) -> None:
        self._page.chooser.rows_will_differ()
        self.ask(fresh=not words)

    def _on_search_left(self) -> None:
        table = self._page.table
        table.setFocus(Qt.FocusReason.OtherFocusReason)
        if table.current_row() < 0:
            table.go_to(0)

    def _on_reset(self) -> None:
        page = self._page
        with suppress(Damaged), reading():  # the rows say so themselves
            self._name_currency()
        page.chooser.forget_unseen()
        self._place.go_back()
        if page.pane.detail is not None:
            page.pane.follow()
        self._place.look_back()
        if self._place.holds:
            page.chooser.forget_gone()
        page.show_emptiness()
        page.action_table.refresh()

    def _name_currency(self) -> None:
        page, reader = self._page, self._page.shop.reader()
        ids = page.rows.store.ids
        known = ids if ids is not None and len(ids) <= table_rows.SMALL else None
        found = page.currencies(reader, known)
        usual = str(settings.get(reader, "currency"))
        page.rows.name_currency(usual if not found else found[0] if len(found) == 1 else "")

    def _on_damage_met(self, error: Exception) -> None:
        if not self._page.shop.is_damaged:
            raise error  # the ways out are offered now

    def _on_settled(self) -> None:
        self._page.pane.go_to_wanted()
        self._page.show_emptiness()
