"""Today: the list of the day at the left, whether the time is enough and what came in at the right."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QTimer
from PySide6.QtWidgets import QWidget

from shopdesk.board import figures, store
from shopdesk.board.acts_view import LineActs
from shopdesk.board.area_view import DayArea
from shopdesk.board.model import Board, Key, Line
from shopdesk.board.rows_view import DayModel
from shopdesk.core import clock, dates
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr
from shopdesk.ui.actions import Action, Place
from shopdesk.ui.base_page import Page
from shopdesk.ui.theme import hline
from shopdesk.ui.unread import reading, show_unread

if TYPE_CHECKING:
    from shopdesk.board.editing_view import DayForms
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.drawer import Drawer, Record
    from shopdesk.ui.form import Form

_LOOK_EVERY_MS = 15000


class TodayPage(Page):
    """The day board."""

    name = "board"
    title = N_("Today")
    search_hint = N_("Search everything")

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """What can be done with the day and its lines."""
        acts = self.acts = LineActs(self)
        line, behind = acts.has_line, acts.has_target
        return (
            Action("board.add", N_("Add line"), "add", self.add_line, "Ctrl+N", Place.PRIMARY),
            Action("board.print", N_("Print sheet"), "print", self.print_sheet, "Ctrl+P", Place.SECONDARY, reads=True),
            Action(
                "board.open", N_("Open what is behind it"), "open", acts.open_line, "Return", enabled=behind, reads=True
            ),
            Action("board.tick", N_("Tick by hand"), "done", acts.tick_line, "Space", enabled=acts.can_tick),
            Action("board.edit", N_("Change the line"), "by_hand", self.edit_line, "F2", enabled=line),
            Action("board.snooze", N_("Put off"), "clock", self.snooze_line, "Ctrl+D", enabled=line),
            Action("board.up", N_("Move up"), "rising", partial(acts.move_line, -1), "Ctrl+Up", enabled=line),
            Action("board.down", N_("Move down"), "falling", partial(acts.move_line, 1), "Ctrl+Down", enabled=line),
            Action("board.rules", N_("Rules and routines"), "rule", self.show_rules, "Ctrl+R"),
            Action("board.routine", N_("Add routine"), "plans", self.add_routine, "Ctrl+Shift+N"),
            Action("board.delete", N_("Delete"), "delete", acts.delete_line, "Del", tone="bad", enabled=acts.is_own),
        )

    def build(self) -> None:
        """The list beside the right column."""
        self.model = DayModel()
        self.below = DayArea(self.model)
        self.list, self.side = self.below.list, self.below.side
        self.below.nothing.acted.connect(self.add_line)
        self.side.rules_clicked.connect(self.show_rules)
        self.chip_row.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(hline())
        self.body.addWidget(self.below, 1)
        self._join()
        self._board: Board | None = None
        self.wanted: Key | None = None
        self._forms: DayForms | None = None
        self._told_troubles: set[str] = set()
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_EVERY_MS)
        self._clock.timeout.connect(self._on_clock)

    def _join(self) -> None:
        self.model.moved.connect(self.acts.place)
        self.model.modelReset.connect(self.action_table.refresh)
        self.list.box_clicked.connect(self.acts.turn_tick)
        self.list.opened.connect(self.acts.show_behind)
        self.list.fold_clicked.connect(self.model.toggle_fold)
        self.list.current_changed.connect(self.action_table.refresh)
        self.list.menu_requested.connect(self._on_menu)
        self.search_box.textEdited.connect(self._on_search)

    # showing

    @property
    def board(self) -> Board | None:
        """What is shown."""
        return self._board

    def shown(self) -> None:
        """Look at the clock while the page is in front."""
        if self._board is not None and self._board.now.replace(second=0) != clock.now().replace(second=0):
            self._is_stale = True
        super().shown()
        self._clock.start()
        self.list.setFocus()

    def hidden(self) -> None:
        """The clock does not matter now."""
        super().hidden()
        self._clock.stop()

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Everything that is written can end or start a line."""
        if topics:
            self.stale()

    def reload(self) -> None:
        """Work the day out in the worker."""
        self.worker.submit(_look, self._on_looked, self._on_unread, key="board.list")

    def fact(self, _con: Connection) -> str:
        """The day and the time."""
        return f"{dates.show_day(clock.today(), weekday=True)} · {clock.now():%H:%M}"

    def retranslate_ui(self) -> None:
        """The words of the list come from the data."""
        self.below.retranslate()
        if self._board is not None or self.below.is_unread:
            self.reload()
        if self.drawer is not None and self.drawer.isVisible():
            self.on_drawer_closed()

    def open(self, what: object) -> None:
        """A line's code shows that line."""
        if isinstance(what, str) and self._board is not None:
            for line in self._board.lines:
                if line.code == what:
                    self.list.setCurrentIndex(self.model.index_of(line.key))
        else:
            super().open(what)

    def _on_looked(self, found: tuple[Board, figures.SoFar]) -> None:
        board, so_far = found
        self._board = board = self._coded(board)
        key = self.wanted or (self.list.line.key if self.list.line is not None else None)
        self.wanted = None
        self.model.show(board)
        self._keep_current(key)
        self.below.show_list(on=self.model.rowCount() > 0)
        self.side.show_load(board)
        self.side.show_figures(board, so_far)
        self._tell_troubles(board)
        self.action_table.refresh()

    def _on_unread(self, error: Exception) -> None:
        self._board = None
        self.below.show_unread()
        show_unread(self.below.nothing, self.shop, error)

    def _tell_troubles(self, board: Board) -> None:
        """Say once which rules could not be asked."""
        names = map(store.rule_label, board.troubles)
        late = (tr("The rule “{rule}” took too long and was left out.", rule=rule) for rule in names)
        said = {*late, *board.unused}
        for text in sorted(said - self._told_troubles):
            self.messages.warning(text)
        self._told_troubles = said

    def _keep_current(self, key: Key | None) -> None:
        index = self.model.index_of(key) if key is not None else QModelIndex()
        if not index.isValid():
            still = (line for line in self._lines() if not line.done and not line.folded)
            first = next(still, None)
            index = self.model.index_of(first.key) if first is not None else QModelIndex()
        if index.isValid() and index != self.list.currentIndex():
            self.list.setCurrentIndex(index)

    def _coded(self, board: Board) -> Board:
        """The codes are kept when the shop can be written just now; else the next time."""
        if self.shop.read_only:
            return board
        try:
            return store.give_codes(self.shop, board)
        except ShopError:
            return board

    def _lines(self) -> list[Line]:
        return self._board.lines if self._board is not None else []

    # acts

    def add_line(self) -> None:
        """A line of the owner's own."""
        self.forms.add_line()

    def edit_line(self) -> None:
        """Change the current line."""
        self.forms.edit_line()

    def snooze_line(self) -> None:
        """Put the current line off, or bring it back."""
        self.forms.snooze_line()

    def show_rules(self) -> None:
        """The rules and routines in the drawer."""
        self.forms.show_rules()

    def add_routine(self) -> None:
        """A new routine."""
        self.forms.add_routine()

    @property
    def forms(self) -> DayForms:
        """The forms of the page."""
        if self._forms is None:
            from shopdesk.board.editing_view import DayForms  # loaded when the drawer first opens

            self._forms = DayForms(self)
        return self._forms

    def print_sheet(self) -> None:
        """Preview of the day's sheet."""
        if self._board is not None:
            from shopdesk.board.sheet_view import sheet  # loaded when it is first printed
            from shopdesk.ui.preview import show_preview

            show_preview(self, sheet(self.shop.reader(), self._board))

    # the drawer stands in the place of the right column

    def drawer_moved(self, drawer: Drawer) -> None:
        """While it is open the right column gives way; the list has the keyboard again when it goes."""
        self.below.make_room(drawer, over=self.narrow)
        if drawer.isHidden():
            self.list.setFocus()

    def drawer_host(self) -> QWidget:
        """In a narrow window it lies over the right column, not over the header; the list makes room for the rest."""
        return self.below

    def open_form(self, form: Form) -> None:
        """Show a form in the drawer."""
        self.show_form(form)
        self._show_drawer()

    def open_record(self, record: Record) -> None:
        """Show something in the drawer."""
        self.use_drawer().show_record(record)
        self._show_drawer()

    def _show_drawer(self) -> None:
        self.use_drawer().show()
        self.place_drawer()

    @property
    def day(self) -> date:
        """The day that is shown."""
        return self._board.day if self._board is not None else clock.today()

    # slots

    def _on_menu(self, at: QPoint) -> None:
        self.action_table.menu(self, records=True).popup(self.list.viewport().mapToGlobal(at))

    def _on_search(self, text: str) -> None:
        self.search_box.clear()
        self.open_requested.emit("palette", text)

    def _on_clock(self) -> None:
        if self._board is not None and self._board.now.replace(second=0) != clock.now().replace(second=0):
            self.stale()

    def current_id(self) -> int | None:
        """Lines have codes, not records of this page."""
        return None


def _look(con: Connection) -> tuple[Board, figures.SoFar]:
    with reading():
        board = store.current(con)
        return board, figures.so_far(con, board.now)


PAGE = TodayPage
