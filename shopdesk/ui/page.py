"""The page with a table: what a feature declares becomes header, chips, table, selection bar and drawer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr
from shopdesk.ui import page_actions, page_empty
from shopdesk.ui.actions import Action, Needs
from shopdesk.ui.base_page import Page
from shopdesk.ui.columns import Cell, Column, Filter, Kind, Source, View
from shopdesk.ui.page_chips import ViewChips
from shopdesk.ui.page_columns import ColumnKeeper
from shopdesk.ui.page_menus import ListTools
from shopdesk.ui.page_records import Detail, RecordPane, beside
from shopdesk.ui.page_rows import RowKeeper
from shopdesk.ui.page_selection import Chooser
from shopdesk.ui.page_views import PASSING, ViewBook
from shopdesk.ui.selection_bar import SelectionBar
from shopdesk.ui.table_model import TableModel
from shopdesk.ui.table_view import TableView
from shopdesk.ui.theme import styled
from shopdesk.ui.widgets import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.drawer import Drawer
    from shopdesk.ui.drawer_parts import Record
    from shopdesk.ui.selection import Selection

__all__ = ["Cell", "Column", "Detail", "Filter", "Kind", "Page", "Source", "TablePage", "View"]

_MINUTE_MS = 60_000


class TablePage(Page):
    """A page that lists records. Subclasses declare; see the attributes."""

    source: Source
    columns: tuple[Column, ...] = ()
    views: tuple[View, ...] = ()
    first_view = ""
    filters: tuple[Filter, ...] = ()
    noun: tuple[str, str] = (N_("{n} row"), N_("{n} rows"))
    empty: tuple[str, str] = (N_("Nothing here yet"), "")
    row_height = "row"
    header_shown = True
    checks_shown = True
    list_width = 0

    # for subclasses

    def make_detail(self) -> Detail | None:
        """A widget that stands beside the list in place of the drawer and shows the current record."""
        return None

    def current_changed(self, record_id: int | None) -> None:
        """The keyboard went to another record."""

    def params(self) -> dict[str, object]:
        """More values for the names in `where`."""
        return {}

    def record(self, _con: Connection, _record_id: int) -> Record | None:
        """What the drawer shows of a record; None for a table without a drawer."""
        return None

    def currencies(self, _con: Connection, _ids: list[int] | None) -> list[str]:
        """The currencies of the amounts in the list, where they may differ from the shop's; it is named in the titles.

        `_ids` are the records listed, None where they are too many to be known.
        """
        return []

    def selected_fact(self, _con: Connection, _ids: list[int]) -> str:
        """What the chosen records are together; runs in the worker."""
        return ""

    # made once

    def build(self) -> None:
        """Chips, table, what stands there when it is empty, the selection bar."""
        self.rows = TableModel(
            self.source,
            self.columns,
            self.shop.reader,
            self.worker,
            self.name,
            self,
            editable=not self.desk.read_only,
        )
        self.selection: Selection = self.rows.selection
        self.table = TableView(self.rows, self.pictures, self.row_height)
        self.book = ViewBook(self.source, self.columns, self.views, self.filters, self.params)
        self.book.current = self.book.find(self.first_view or self.views[0].key)
        self.view_chips = ViewChips(self)
        self.chips = self.view_chips.row
        self.empty_state = EmptyState()
        self.selection_bar = SelectionBar(self.action_table)
        self._lay_out_body()
        self.column_keeper = ColumnKeeper(self)
        self.row_keeper = RowKeeper(self)
        self._connect()

    def _lay_out_body(self) -> None:
        names = (("filter",) if self.filters else ()) + (("columns", "drawer_open") if self.header_shown else ())
        self.tools = ListTools(self, self.rows, self.table, self.filters, self.shop.reader, names)
        self.chip_row.addWidget(self.chips, 1)
        for button in self.tools.buttons.values():
            self.chip_row.addWidget(button)
        self.area = styled(QWidget(), "surface")
        inside = QVBoxLayout(self.area)
        inside.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty_state)
        inside.addWidget(self._stack)
        self.pane = RecordPane(self)
        self.chooser = Chooser(self)
        detail = self.pane.detail
        self.body.addWidget(self.area if detail is None else beside(self.area, detail, self.list_width), 1)
        self.body.addWidget(self.selection_bar)
        self.table.header.setVisible(self.header_shown)
        self.table.setColumnHidden(0, not self.checks_shown)

    def _connect(self) -> None:
        self.rows.edit_requested.connect(self._on_edit_requested)
        self.table.opened.connect(self._on_opened)
        self.table.clicked_again.connect(self._on_clicked_again)
        self.table.current_changed.connect(self._on_current_changed)
        self.table.all_requested.connect(self.select_all)
        self.table.menu_requested.connect(self._on_menu_requested)
        self.table.press_key = self._press_key
        self.table.header.all_requested.connect(self.chooser.turn)
        self.table.header.menu_requested.connect(self.tools.columns_menu)
        self.tools.filter_chosen.connect(self.choose)
        self.tools.drawer_requested.connect(self._on_drawer)
        self.empty_state.acted.connect(partial(page_empty.act, self))
        self.empty_state.acted_second.connect(self.search_box.clear)
        self._minutes = QTimer(self)
        self._minutes.setInterval(_MINUTE_MS)
        self._minutes.timeout.connect(self.stale)

    def kit_actions(self) -> tuple[Action, ...]:
        """What every list can do."""
        return page_actions.of_list(self)

    def use_drawer(self) -> Drawer:
        """The drawer; its button shows what it would do."""
        drawer = super().use_drawer()
        self.tools.watch(drawer)
        return drawer

    def drawer_host(self) -> QWidget:
        """In a narrow window the drawer lies over the table only."""
        return self.area

    def drawer_edges(self) -> list[int]:
        """Where a column begins."""
        header = self.table.header
        shown = (n for n in range(1, header.count()) if not self.table.isColumnHidden(n))
        return [header.sectionViewportPosition(n) for n in shown]

    # being shown

    def shown(self) -> None:
        """Refresh what is old and give the table the keyboard."""
        self._minutes.start()
        super().shown()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def hidden(self) -> None:
        """Rest."""
        self._minutes.stop()
        super().hidden()

    def reload(self) -> None:
        """Read views, counts and the rows in sight again."""
        reader = self.shop.reader()
        self.book.read_saved(reader, self.name)
        self.view_chips.fill()
        if not self.book.sort:
            self.show_view(self.view.key)
        else:
            self.row_keeper.ask(fresh=False, keep=True)
        self.view_chips.count()
        self.pane.fill_soon()

    def retranslate_ui(self) -> None:
        """Titles, chips, the bar."""
        self.tools.retranslate()
        self.table.setAccessibleName(tr(self.title))
        self.view_chips.fill()
        self.rows.forget_texts()
        self.chooser.say()
        self.show_emptiness()
        self.pane.fill()

    # views

    @property
    def view(self) -> View:
        """The view that is on."""
        return self.book.current

    def show_view(self, key: str) -> None:
        """Put a chip on: its filter, sort and columns."""
        typed_by_view = self.view.search and self.view.search == self.search_box.words()
        self.book.go_to(key)
        self.view_chips.fill()
        self.tools.show_chosen(self.book.chosen)
        self.chooser.rows_will_differ()
        if self.view.search or typed_by_view:
            self.search_box.set_words(self.view.search)
        self.column_keeper.lay_out()
        self.row_keeper.ask(fresh=True)

    def save_view(self) -> None:
        """Ask for a name and keep the view as it is on screen."""
        self.view_chips.save()

    def choose(self, key: str, value: object) -> None:
        """Filter by a value; None takes the filter off, an empty key takes all off."""
        self.book.choose(key, value)
        self.tools.show_chosen(self.book.chosen)
        self.chooser.rows_will_differ()
        self.row_keeper.ask(fresh=True)

    # rows

    def _on_edit_requested(self, record_id: int, column: Column, text: str) -> None:
        assert column.edit is not None
        before = self.page_acts.last_step()
        try:
            column.edit(self, record_id, text)
        except ShopError as error:
            self.messages.error(error)
        else:
            self.say_done(before)

    def show_emptiness(self) -> None:
        """The table, or what is said when it is empty."""
        empty = not self.rows.rowCount() and self.rows.is_settled
        if empty:
            page_empty.say(self)
        self._stack.setCurrentWidget(self.empty_state if empty else self.table)

    # records

    def current_id(self) -> int | None:
        """The record in the current row."""
        row = self.table.current_row()
        return self.rows.id_at(row) if row >= 0 else None

    def show_record(self, record_id: int) -> None:
        """Go to a record, in a view that holds it, and open it in the drawer."""
        if self.rows.row_of(record_id) < 0:
            self.search_box.clear()
            if self.book.narrowed:
                self.show_view(self.book.whole.key)
        self.pane.wanted = record_id
        self.pane.go_to_wanted()
        self.pane.show(record_id)

    def open(self, what: object) -> None:
        """A record's id, a view's key, or a dict: {"where", "params", "title"}, {"view"}, {"search"}, {"do"}."""
        if self._is_stale:
            self.refresh()
        if isinstance(what, int):
            self.show_record(what)
        elif isinstance(what, str) and what:
            self.show_view(what)
        elif isinstance(what, dict):
            self._open_dict(what)

    def _open_dict(self, what: dict[str, object]) -> None:
        if "where" in what:
            self.book.pass_by(what, self.first_view)
            self.show_view(PASSING)
            self.view_chips.count()
        elif "view" in what:
            self.show_view(str(what["view"]))
        if "search" in what:
            self.search_box.setText(str(what["search"]))
        found = what.get("id")
        if isinstance(found, int):
            self.show_record(found)
        super().open(what)

    def step_record(self, step: int) -> None:
        """The next or previous row; the drawer follows."""
        self.table.go_to(self.table.current_row() + step)

    def on_drawer_closed(self) -> None:
        """Back to the table."""
        super().on_drawer_closed()
        self.pane.closed()
        self.take_keyboard()

    def on_form_closed(self) -> None:
        """Back to the record that was shown before the form."""
        super().on_form_closed()
        self.pane.back()
        self.take_keyboard()

    def keyboard_home(self) -> QWidget:
        """The table."""
        return self.table

    def words_of_columns(self) -> Mapping[str, tuple[str, Kind]]:
        """The table's columns, and what the page adds."""
        return {**{column.key: (column.title, column.kind) for column in self.columns}, **self.history_words}

    def _on_opened(self, row: int) -> None:
        record_id = self.rows.id_at(row)
        if record_id is not None:
            self.pane.show(record_id)

    def _on_clicked_again(self, row: int) -> None:
        if not self.pane.is_open:
            self._on_opened(row)

    def _on_drawer(self) -> None:
        if self.pane.is_open:
            self.on_drawer_closed()
            return
        if self.table.current_row() < 0:
            self.table.go_to(0)
        self._on_opened(self.table.current_row())

    def _on_current_changed(self, _row: int) -> None:
        self.action_table.refresh()
        self.current_changed(self.current_id())
        self.pane.follow()

    # selection

    def select_all(self) -> None:
        """Choose every row of the view."""
        self.chooser.all()

    def counted(self, count: int) -> str:
        """So many of what the page lists: "4 orders"."""
        return tr(self.noun[0] if count == 1 else self.noun[1], n=count)

    def _has_records(self) -> bool:
        return self.selection.count > 0 or self.current_id() is not None

    def _give_ids(self, needs: Needs, run: Callable[[list[int]], None]) -> None:
        if needs is Needs.SOME and self.selection.count:
            self.chooser.give(run)
        else:
            super()._give_ids(needs, run)

    # columns and keys

    def shown_columns(self) -> list[Column]:
        """The columns that are on, from left to right."""
        return self.column_keeper.shown()

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the sorted column stands next to the check box."""
        super().set_narrow(narrow)
        self.table.spread = narrow
        self.column_keeper.lay_out()

    def _on_menu_requested(self, point: QPoint) -> None:
        self.action_table.menu(self, records=self._has_records()).popup(point)

    def _press_key(self, text: str) -> bool:
        if text == "/":
            self.focus_search()
            return True
        return self.action_table.press(text)
