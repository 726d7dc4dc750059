"""The page with a table: what a feature declares becomes header, chips, table, selection bar and drawer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from shopdesk.core import clock, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr
from shopdesk.ui import page_files, table_rows
from shopdesk.ui import views as saved_views
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.base_page import Page
from shopdesk.ui.chips import ChipRow
from shopdesk.ui.columns import Cell, Column, Filter, Kind, Source, View
from shopdesk.ui.form import Form, TextField
from shopdesk.ui.icons import icon
from shopdesk.ui.selection_bar import SelectionBar
from shopdesk.ui.table_memory import TableMemory
from shopdesk.ui.table_model import TableModel
from shopdesk.ui.table_query import Query, TooLong, within
from shopdesk.ui.table_search import LIVE, RESTING, found_ids
from shopdesk.ui.table_view import TableView
from shopdesk.ui.text import plain_tip
from shopdesk.ui.theme import styled
from shopdesk.ui.widgets import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.drawer_parts import Record
    from shopdesk.ui.selection import Selection

__all__ = ["Cell", "Column", "Filter", "Kind", "Page", "Source", "TablePage", "View"]

class Detail(Protocol):
    """What a page puts beside its list instead of the drawer; a widget."""

    def show_record(self, record_id: int) -> None:
        """Show that record."""

    def clear(self) -> None:
        """Show that there is none."""


_MINUTE_MS = 60_000
_DRAWER_FOLLOWS_MS = 40
_SEARCH_MS = 25
_RESTS_MS = 400
_TIPS = {"filter": N_("Filter"), "columns": N_("Columns"), "drawer_open": N_("Drawer (Enter)")}


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

    def selected_fact(self, _con: Connection, _ids: list[int]) -> str:
        """What the chosen records are together; runs in the worker."""
        return ""

    # made once

    def build(self) -> None:
        """Chips, table, what stands there when it is empty, the selection bar."""
        self.rows = TableModel(self.source, self.columns, self.shop.reader, self.worker, self.name, self)
        self.selection: Selection = self.rows.selection
        self.table = TableView(self.rows, self.pictures, self.row_height)
        self.memory = TableMemory(self.name, self.table, [c.key for c in self.columns if not c.hidden])
        self.chips = ChipRow()
        self.empty_state = EmptyState()
        self.selection_bar = SelectionBar(self.action_table)
        self._own: list[View] = []
        self._counts: dict[str, int] = {}
        self._chosen: dict[str, object] = {}
        self._passing: View | None = None
        self._sort = ""
        self._keeping = False
        self._place: tuple[int, int] = (-1, 0)
        self._at: tuple[int | None, int] = (None, -1)
        self._wanted: int | None = None
        self._in_drawer: int | None = None
        self.view = self._view_of(self.first_view or self.views[0].key)
        self._lay_out_body()
        self._connect()

    def _lay_out_body(self) -> None:
        self.chip_row.addWidget(self.chips, 1)
        self._tools: dict[str, QToolButton] = {}
        slots = {"filter": self._on_filter, "columns": self._on_columns, "drawer_open": self._on_drawer}
        left_out = {"filter"} if not self.filters else set()
        if not self.header_shown:
            left_out |= {"columns", "drawer_open"}
        for name, slot in slots.items():
            if name in left_out:
                continue
            button = QToolButton()
            button.setProperty("kind", "icon")
            button.setIcon(icon(name, "text_2"))
            button.clicked.connect(slot)
            self._tools[name] = button
            self.chip_row.addWidget(button)
        self.area = styled(QWidget(), "surface")
        inside = QVBoxLayout(self.area)
        inside.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty_state)
        inside.addWidget(self._stack)
        self.detail = self.make_detail()
        self.body.addWidget(self.area if self.detail is None else self._beside(self.detail), 1)
        self.body.addWidget(self.selection_bar)
        self.table.header.setVisible(self.header_shown)
        self.table.setColumnHidden(0, not self.checks_shown)

    def _beside(self, detail: Detail) -> QWidget:
        """The list at its width, the detail in the rest."""
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if self.list_width:
            self.area.setFixedWidth(self.list_width)
        row.addWidget(self.area)
        line = styled(QFrame(), "vline")
        line.setFixedWidth(1)
        row.addWidget(line)
        row.addWidget(cast("QWidget", detail), 1)
        return both

    def _connect(self) -> None:
        self.rows.modelAboutToBeReset.connect(self._on_about_to_reset)
        self.rows.modelReset.connect(self._on_reset)
        self.rows.settled.connect(self._on_settled)
        self.rows.edit_requested.connect(self._on_edit_requested)
        self.selection.changed.connect(self._on_selection_changed)
        self.selection_bar.cleared.connect(self.selection.clear)
        self.table.opened.connect(self._on_opened)
        self.table.current_changed.connect(self._on_current_changed)
        self.table.all_requested.connect(self.select_all)
        self.table.header.all_requested.connect(self._on_header_box)
        self.table.header.sort_requested.connect(self._on_sort_requested)
        self.table.header.menu_requested.connect(self._on_columns_at)
        self.table.menu_requested.connect(self._on_menu_requested)
        self.table.layout_changed.connect(self._on_layout_changed)
        self.table.press_key = self._press_key
        self.chips.picked.connect(self.show_view)
        self.chips.save_requested.connect(self.save_view)
        self.chips.chip_menu_requested.connect(self._on_chip_menu)
        self.search_box.words_changed.connect(self._on_words_changed)
        self.search_box.left.connect(self._on_search_left)
        self.empty_state.acted.connect(self._on_empty_acted)
        self.empty_state.acted_second.connect(self.search_box.clear)
        self._following = _single_timer(self, _DRAWER_FOLLOWS_MS, self._fill_drawer)
        self._resting = _single_timer(self, _RESTS_MS, self._search_further)
        self._minutes = QTimer(self)
        self._minutes.setInterval(_MINUTE_MS)
        self._minutes.timeout.connect(self.stale)

    def kit_actions(self) -> tuple[Action, ...]:
        """What every list can do."""
        taken = {action.shortcut for action in self.actions()}
        paper = "Ctrl+Shift+L" if "Ctrl+P" in taken else "Ctrl+P"
        found = [
            Action(f"{self.name}.open", N_("Open"), "drawer_open", self._open_ids, "Return", Place.HIDDEN, Needs.ONE),
            Action(f"{self.name}.print_view", N_("Print this list"), "print", self._on_print, paper, Place.MENU),
            Action(f"{self.name}.save_view", N_("Save view"), "save", self.save_view, "Ctrl+Shift+S", Place.MENU),
        ]
        if self.desk.export_view is not None:
            export = Action(
                f"{self.name}.export", N_("Export this view"), "export", self._on_export, "Ctrl+E", Place.MENU
            )
            found.insert(1, export)
        return tuple(found)

    def drawer_host(self) -> QWidget:
        """In a narrow window the drawer lies over the table only."""
        return self.area

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
        self.rows.currency = str(settings.get(reader, "currency"))
        self._own = saved_views.saved(reader, self.name, {view.key: view for view in self.views})
        self._fill_chips()
        if not self._sort:
            self.show_view(self.view.key)
        else:
            self._keeping = True
            self._ask(fresh=False)
        self._count_views()
        self._fill_drawer()

    def retranslate_ui(self) -> None:
        """Titles, chips, the bar."""
        for name, button in self._tools.items():
            plain_tip(button, tr(_TIPS[name]))
            button.setAccessibleName(tr(_TIPS[name]))
        self.table.setAccessibleName(tr(self.title))
        self._fill_chips()
        self.rows.forget_texts()
        self._say_selected("")
        self._show_emptiness()
        self._fill_drawer()

    # views

    def show_view(self, key: str) -> None:
        """Put a chip on: its filter, sort and columns."""
        self.view = self._view_of(key)
        if self._passing is not None and key != self._passing.key:
            self._passing = None
            self._fill_chips()
        self.chips.pick(key)
        self._chosen = dict(self.view.chosen)
        self._sort = self.view.sort or self._sort or self._usual_sort()
        if self.selection.everything:
            self.selection.clear()
        if self.view.search:
            self.search_box.setText(self.view.search)
        self._lay_out_columns()
        self._keeping = False
        self._ask(fresh=True)

    def save_view(self) -> None:
        """Ask for a name and keep the view as it is on screen."""
        field = TextField("name", tr("Name"), value=self.view.title if self.view.own else "", required=True)
        self.show_form(Form(tr("Save view"), [field], save=tr("Save view"), on_save=self._on_save_view))

    def _on_save_view(self, values: dict[str, object]) -> None:
        base = self.view.key if not self.view.own else self._base_key()
        key = saved_views.save(
            self.shop,
            self.name,
            str(values["name"]),
            base=base,
            sort=self._sort,
            columns=self.table.shown_columns(),
            search=self.search_box.words(),
            chosen=self._chosen,
        )
        self.refresh()
        self.show_view(key)

    def _base_key(self) -> str:
        return next((view.key for view in self.views if view.where == self.view.where), self.views[0].key)

    def _view_of(self, key: str) -> View:
        passing = [self._passing] if self._passing is not None else []
        found = [view for view in (*self.views, *self._own, *passing) if view.key == key]
        return found[0] if found else self.views[0]

    def _fill_chips(self) -> None:
        passing = [self._passing] if self._passing is not None else []
        self.chips.fill([(view.key, view.label(), view.tone) for view in (*self.views, *self._own, *passing)])
        self.chips.set_counts(self._counts)
        self.chips.pick(self.view.key)

    def _count_views(self) -> None:
        passing = [self._passing] if self._passing is not None else []
        queries = {v.key: self._query(v, chosen=v.chosen) for v in (*self.views, *self._own, *passing)}
        self.worker.submit(
            lambda con: {key: query.count(con) for key, query in queries.items()},
            self._on_views_counted,
            key=f"{self.name}.counts",
        )

    def _on_views_counted(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self.chips.set_counts(counts)
        self._show_emptiness()

    # queries

    def _query(self, view: View, chosen: Mapping[str, object]) -> Query:
        where = [part for part in (self.source.where, view.where) if part]
        params = {
            "now": clock.text(),
            "today": clock.today().isoformat(),
            **self.params(),
            **view.params,
        }
        for one in self.filters:
            if one.key in chosen:
                where.append(one.where.replace(":value", f":choice_{one.key}"))
                params[f"choice_{one.key}"] = chosen[one.key]
        sort, falling = self._sql_sort(self._sort or view.sort or self._usual_sort())
        return Query(self.source.table, tuple(where), params, sort, falling, view.index)

    def _sql_sort(self, sort: str) -> tuple[str, bool]:
        column = next((c for c in self.columns if c.key == sort.removeprefix("-")), None)
        return (column.sort if column is not None and column.sort else "id"), sort.startswith("-")

    def _usual_sort(self) -> str:
        column = next((c for c in self.columns if c.sort), None)
        return "" if column is None else f"-{column.key}" if column.falling else column.key

    def _ask(self, *, fresh: bool) -> None:
        """Give the table the rows of the view, the search and the sort in force."""
        query = self._query(self.view, self._chosen)
        self._show_sort()
        self._resting.stop()
        if self.search_box.words() and self.source.search:
            self._search(query)
        elif fresh or self.rows.is_search:
            large = self._counts.get(self.view.key, 0) > table_rows.SMALL and not self._chosen
            self.rows.show_query(query, large=large)
        else:
            self.rows.refresh(query, *self.table.visible_rows())

    def _search(self, query: Query) -> None:
        self._resting.stop()
        ask = self._asked(query, LIVE)
        reader = self.shop.reader()
        try:
            with within(reader, _SEARCH_MS):
                ids = ask(reader)
        except TooLong:
            self.worker.submit(lambda con: ask(con), partial(self._on_found, query), key=f"{self.name}.search")
            return
        self.worker.cancel(f"{self.name}.search")
        self._on_found(query, ids)

    def _asked(self, query: Query, most: int) -> Callable[[Connection], list[int]]:
        small = self._counts.get(self.view.key, table_rows.MEDIUM) <= table_rows.SMALL
        words = self.search_box.words()
        return partial(found_ids, query=query, kind=self.source.search, text=words, small=small, most=most)

    def _on_found(self, query: Query, ids: list[int]) -> None:
        self.rows.show_ids(query, ids)
        if len(ids) == LIVE:
            self._resting.start()

    def _search_further(self) -> None:
        """The typing rests: look for more than the newest few."""
        query = self.rows.store.query
        ask = self._asked(query, RESTING)
        self._keeping = True
        self.worker.submit(lambda con: ask(con), partial(self.rows.show_ids, query), key=f"{self.name}.search")

    def _show_sort(self) -> None:
        key = self._sort.removeprefix("-")
        section = next((n for n, c in enumerate(self.columns, 1) if c.key == key), 0)
        self.table.header.show_sort(section, falling=self._sort.startswith("-"))

    def _on_sort_requested(self, section: int) -> None:
        column = self.columns[section - 1]
        if not column.sort:
            return
        rising, falling = column.key, f"-{column.key}"
        first, second = (falling, rising) if column.falling else (rising, falling)
        self._sort = second if self._sort == first else first
        self._keeping = False
        if self.narrow:
            self._lay_out_columns()
        self._ask(fresh=True)

    def _on_words_changed(self, words: str) -> None:
        self._keeping = False
        self._ask(fresh=not words)

    def _on_search_left(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.table.current_row() < 0:
            self.table.go_to(0)

    # records

    def current_id(self) -> int | None:
        """The record in the current row."""
        row = self.table.current_row()
        return self.rows.id_at(row) if row >= 0 else None

    def show_record(self, record_id: int) -> None:
        """Go to a record, in a view that holds it, and open it in the drawer."""
        if self.rows.row_of(record_id) < 0:
            whole = next((view.key for view in self.views if not view.where), self.views[0].key)
            self.search_box.clear()
            if self.view.key != whole or self._chosen:
                self.show_view(whole)
        self._wanted = record_id
        self._go_to_wanted()
        self._show_drawer(record_id)

    def open(self, what: object) -> None:
        """A record's id, a view's key, or a dict: see the kit's description."""
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
            base = self._view_of(str(what.get("view", self.first_view)))
            params = what.get("params")
            self._passing = View(
                key="passing",
                title=str(what.get("title", "")),
                where=str(what["where"]),
                sort=str(what.get("sort") or base.sort),
                params=params if isinstance(params, dict) else {},
                own=True,
            )
            self._fill_chips()
            self.show_view("passing")
            self._count_views()
        elif "view" in what:
            self.show_view(str(what["view"]))
        if "search" in what:
            self.search_box.setText(str(what["search"]))
        if isinstance(what.get("id"), int):
            self.show_record(what["id"])  # type: ignore[arg-type]
        super().open(what)

    def step_record(self, step: int) -> None:
        """The next or previous row; the drawer follows."""
        self.table.go_to(self.table.current_row() + step)

    def _go_to_wanted(self) -> None:
        if self._wanted is None:
            return
        row = self.rows.row_of(self._wanted)
        if row >= 0:
            self._wanted = None
            self.table.go_to(row)

    # drawer

    def _show_drawer(self, record_id: int) -> None:
        if self.detail is not None:
            self.detail.show_record(record_id)
            return
        record = self.record(self.shop.reader(), record_id)
        if record is None:
            return
        self._in_drawer = record_id
        drawer = self.use_drawer()
        drawer.show_record(record)
        self._place_drawer()

    def _fill_drawer(self) -> None:
        if self.detail is not None:
            self._fill_detail(self.detail)
            return
        drawer = self.drawer
        if drawer is None or not drawer.isVisible() or drawer.form is not None:
            return
        found = self._wanted if self._wanted is not None else self.current_id()
        if found is None:
            drawer.hide()
        else:
            self._show_drawer(found)

    def _fill_detail(self, detail: Detail) -> None:
        found = self._wanted if self._wanted is not None else self.current_id()
        if found is None:
            detail.clear()
        else:
            detail.show_record(found)

    def on_drawer_closed(self) -> None:
        """Back to the table."""
        super().on_drawer_closed()
        if self.drawer is None or not self.drawer.isVisible():
            self._in_drawer = None
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_form_closed(self) -> None:
        """Back to the record that was shown before the form."""
        super().on_form_closed()
        if self._in_drawer is not None:
            self._show_drawer(self._in_drawer)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def words_of_columns(self) -> Mapping[str, tuple[str, Kind]]:
        """The table's columns, and what the page adds."""
        return {**{column.key: (column.title, column.kind) for column in self.columns}, **self.history_words}

    def _on_opened(self, row: int) -> None:
        record_id = self.rows.id_at(row)
        if record_id is not None:
            self._show_drawer(record_id)

    def _open_ids(self, ids: list[int]) -> None:
        self._show_drawer(ids[0])

    def _on_drawer(self) -> None:
        if self.drawer is not None and self.drawer.isVisible():
            self.on_drawer_closed()
            return
        if self.table.current_row() < 0:
            self.table.go_to(0)
        self._on_opened(self.table.current_row())

    def _on_current_changed(self, _row: int) -> None:
        self.action_table.refresh()
        self.current_changed(self.current_id())
        if self.detail is not None or (self.drawer is not None and self.drawer.isVisible()):
            self._following.start()

    # selection

    def select_all(self) -> None:
        """Choose every row of the view."""
        ids = self.rows.store.ids
        if ids is not None:
            self.selection.set(ids)
        else:
            self.selection.take_everything()

    def _on_header_box(self) -> None:
        if self.selection.count:
            self.selection.clear()
        else:
            self.select_all()

    def _on_selection_changed(self) -> None:
        count = self.selection.count
        self.selection_bar.setVisible(count > 0)
        self._say_selected("")
        self.action_table.refresh()
        if 0 < count <= table_rows.SMALL and not self.selection.everything:
            ids = self.selection.ids()
            self.worker.submit(
                lambda con: self.selected_fact(con, ids), self._say_selected, key=f"{self.name}.selected"
            )

    def _say_selected(self, fact: str) -> None:
        count = self.selection.count
        self.selection_bar.say(tr("{what} selected", what=self.counted(count)), fact)

    def counted(self, count: int) -> str:
        """So many of what the page lists: "4 orders"."""
        return tr(self.noun[0] if count == 1 else self.noun[1], n=count)

    def _has_records(self) -> bool:
        return self.selection.count > 0 or self.current_id() is not None

    def _give_ids(self, needs: Needs, run: Callable[[list[int]], None]) -> None:
        if needs is Needs.SOME and self.selection.everything:
            query, left_out = self.rows.store.query, set(self.selection.left_out())
            self.worker.submit(
                lambda con: [found for found in query.ids(con) if found not in left_out],
                run,
                key=f"{self.name}.everything",
            )
        elif needs is Needs.SOME and self.selection.count:
            run(self.selection.ids())
        else:
            super()._give_ids(needs, run)

    def _forget_gone(self) -> None:
        """After a change: what left the view is no longer chosen."""
        ids = self.rows.store.ids
        if ids is not None and not self.rows.is_search and self.selection.count and not self.selection.everything:
            here = set(ids)
            kept = [record_id for record_id in self.selection.ids() if record_id in here]
            if len(kept) != self.selection.count:
                self.selection.set(kept)

    # what the rows tell

    def _on_about_to_reset(self) -> None:
        self._place = self.table.keep_place()
        self._at = (self.current_id() if self._keeping else None, self.table.current_row())

    def _on_reset(self) -> None:
        record_id, row = self._at
        found = self.rows.row_of(record_id) if record_id is not None else -1
        if found < 0 and self._keeping and row >= 0:
            found = min(row, self.rows.rowCount() - 1)
        if found < 0 and self.detail is not None:
            found = 0
        if found >= 0:
            self.table.go_to(found)
        if self.detail is not None:
            self._following.start()
        if self._keeping:
            self.table.stand_at(self._place)
            self._forget_gone()
        else:
            self.table.verticalScrollBar().setValue(0)
        self._show_emptiness()
        self.action_table.refresh()

    def _on_settled(self) -> None:
        self._go_to_wanted()
        self._show_emptiness()

    def _on_edit_requested(self, record_id: int, column: Column, text: str) -> None:
        assert column.edit is not None
        try:
            before = self._last_step()
            column.edit(self, record_id, text)
            self.say_done(before)
        except ShopError as error:
            self.messages.error(error)

    def _show_emptiness(self) -> None:
        if self.rows.rowCount() or not self.rows.is_settled:
            self._stack.setCurrentWidget(self.table)
            return
        words = self.search_box.words()
        whole = next((view for view in self.views if not view.where), self.views[0])
        first = next(iter(self.action_table.placed(Place.PRIMARY)), None)
        if words:
            narrowed = self.view.key != whole.key or bool(self._chosen)
            self.empty_state.say(
                tr("Nothing found for “{words}”", words=words),
                tr("In “{view}”.", view=self.view.label()),
                tr("Search everything") if narrowed else "",
                "search",
                tr("Clear search"),
                mark=False,
            )
        elif self._counts.get(whole.key) == 0 and not self._chosen:
            act = self.action_table.label(first.key) if first is not None else ""
            text = tr(self.empty[1]) if self.empty[1] else ""
            self.empty_state.say(tr(self.empty[0]), text, act, first.icon if first is not None else "")
        else:
            self.empty_state.say(tr("Nothing in “{view}”", view=self.view.label()), "", tr("Show all"))
        self._stack.setCurrentWidget(self.empty_state)

    def _on_empty_acted(self) -> None:
        whole = next((view for view in self.views if not view.where), self.views[0])
        first = next(iter(self.action_table.placed(Place.PRIMARY)), None)
        if self._counts.get(whole.key) == 0 and first is not None and not self.search_box.words():
            self.action_table.trigger(first.key)
        else:
            self.show_view(whole.key)

    # columns and menus

    def shown_columns(self) -> list[Column]:
        """The columns that are on, from left to right."""
        by_key = {column.key: column for column in self.columns}
        return [by_key[key] for key in self.table.shown_columns()]

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the sorted column stands next to the check box."""
        super().set_narrow(narrow)
        self.table.spread = narrow
        self._lay_out_columns()

    def _lay_out_columns(self) -> None:
        first = self._sort.removeprefix("-") if self.narrow else ""
        self.memory.restore(self.view.columns, first)

    def _on_layout_changed(self) -> None:
        if not self.narrow:
            self.memory.keep(only_widths=bool(self.view.columns))

    def _on_columns(self) -> None:
        button = self._tools["columns"]
        self._on_columns_at(button.mapToGlobal(QPoint(0, button.height())))

    def _on_columns_at(self, point: QPoint) -> None:
        menu = QMenu(self)
        shown = set(self.table.shown_columns())
        for number, column in enumerate(self.columns, 1):
            entry = menu.addAction(self.rows.title(column))
            entry.setCheckable(True)
            entry.setChecked(column.key in shown)
            entry.toggled.connect(partial(self._on_column_toggled, number))
        menu.addSeparator()
        menu.addAction(tr("Usual columns"), self.memory.forget)
        menu.popup(point)

    def _on_column_toggled(self, number: int, on: bool) -> None:
        if on or len(self.table.shown_columns()) > 1:
            self.table.setColumnHidden(number, not on)
            self.table.fit()
            self.memory.keep(only_widths=bool(self.view.columns))

    def _on_filter(self) -> None:
        menu = QMenu(self)
        for one in self.filters:
            part = menu.addMenu(tr(one.title))
            for value, label in one.choices(self.shop.reader()):
                entry = part.addAction(label)
                entry.setCheckable(True)
                entry.setChecked(self._chosen.get(one.key) == value)
                entry.triggered.connect(partial(self._on_filter_chosen, one.key, value))
        if self._chosen:
            menu.addSeparator()
            menu.addAction(tr("No filter"), partial(self._on_filter_chosen, "", None))
        button = self._tools["filter"]
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _on_filter_chosen(self, key: str, value: object, on: bool = True) -> None:
        self.choose(key, value if on else None)

    def choose(self, key: str, value: object) -> None:
        """Filter by a value; None takes the filter off, an empty key takes all off."""
        if not key:
            self._chosen = {}
        elif value is None:
            self._chosen.pop(key, None)
        else:
            self._chosen[key] = value
        self._tools["filter"].setIcon(icon("filter", "accent" if self._chosen else "text_2", fill=bool(self._chosen)))
        self._keeping = False
        self._ask(fresh=True)

    def _on_menu_requested(self, point: QPoint) -> None:
        self.action_table.menu(self, records=self._has_records()).popup(point)

    def _on_chip_menu(self, key: str, point: QPoint) -> None:
        view = self._view_of(key)
        if not view.own or not view.saved_id:
            return
        menu = QMenu(self)
        menu.addAction(icon("delete", "bad"), tr("Delete view"), partial(self._remove_view, view))
        menu.popup(point)

    def _remove_view(self, view: View) -> None:
        self.do(partial(saved_views.remove, self.shop, view, clock.text()))
        if self.view.key == view.key:
            self.show_view(self.first_view or self.views[0].key)
        self.refresh()

    def _press_key(self, text: str) -> bool:
        if text == "/":
            self.focus_search()
            return True
        return self.action_table.press(text)

    def _on_export(self) -> None:
        page_files.export_view(self)

    def _on_print(self) -> None:
        page_files.print_view(self)


def _single_timer(parent: QWidget, milliseconds: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
