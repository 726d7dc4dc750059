"""What every page has: header, body, drawer, actions, and the manners of being shown, stale and translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.core import channels
from shopdesk.core.words import tr
from shopdesk.ui.actions import Action, ActionTable, Needs, Place
from shopdesk.ui.columns import Kind
from shopdesk.ui.drawer import Drawer
from shopdesk.ui.drawer_build import Builder
from shopdesk.ui.dress import Dress
from shopdesk.ui.page_acts import Acts
from shopdesk.ui.page_drawer import DrawerPlace
from shopdesk.ui.pictures import Pictures
from shopdesk.ui.search_box import SearchBox
from shopdesk.ui.selection_bar import ActionButton
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.desk import Desk
    from shopdesk.ui.form import Form
    from shopdesk.ui.messages import Messages
    from shopdesk.ui.worker import Task, Worker

_DRAWER_MOVES = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.Resize)
"""What a drawer hears when it comes or goes, or has another width."""


class Page(QWidget):
    """A tab: subclasses declare `name`, `title`, `topics` and build their body.

    `history_words` gives the columns that the history of a record may show: column -> (N_() title, kind).

    Signals: ``open_requested(page name, what)`` asks the window for another page.
    """

    open_requested = Signal(str, object)

    name = ""
    title = ""
    topics: frozenset[str] = frozenset()
    history_words: Mapping[str, tuple[str, Kind]] = {}
    search_hint = ""
    drawer_size = "drawer"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.pictures = Pictures(desk.worker, self)
        self.narrow = False
        self._is_stale = True
        self._is_shown = False
        self._words_are_old = False
        self.page_acts = Acts(self, self.name, desk)
        self.progress_strip = self.page_acts.strip
        styled(self, "page")
        self.action_table = ActionTable(self, self._give_ids, self._has_records)
        self.action_table.read_only = desk.read_only
        self.action_table.fill((*self.actions(), *self.kit_actions()))
        self.title_label = PlainLabel("", "title", strong=True)
        self.fact_label = PlainLabel("", role="text_2", elide=True)
        self.search_box = SearchBox(self)
        self.search_box.setVisible(bool(self.search_hint))
        self.buttons: list[ActionButton] = []
        self.drawer: Drawer | None = None
        self._build_frame()
        self.build()
        self.chip_bar.setVisible(self.chip_row.count() > 0)
        self._add_keys()
        self.action_table.start()
        self.retranslate()
        self._dress = Dress(self)

    # for subclasses

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """The page's action table, asked once; Qt's own list of that name is not used."""
        return ()

    def build(self) -> None:
        """Put widgets into `self.body`."""

    def reload(self) -> None:
        """Show the data as it is now; called when the page is shown and stale."""

    def retranslate_ui(self) -> None:
        """Take the words of the language in use, for what the subclass made."""

    def fact(self, _con: Connection) -> str:
        """The one grey fact beside the title; runs in the worker."""
        return ""

    def open(self, what: object) -> None:
        """What another page or the palette asked for; None just shows the page."""
        if isinstance(what, dict) and "do" in what:
            self.action_table.trigger(str(what["do"]))

    def behind_lock(self) -> str:
        """What goes on here while the shop is locked, in a sentence without what is in the shop; "" for nothing."""
        said = self.progress_strip.said
        return tr("Work goes on behind the lock: {said}", said=said) if said else ""

    def current_id(self) -> int | None:
        """The record that the keyboard is at."""
        return None

    def step_record(self, _step: int) -> None:
        """Go to the next (1) or previous (-1) record."""

    # for everybody

    @property
    def shop(self) -> Shop:
        """The open shop."""
        return self.desk.shop

    @property
    def worker(self) -> Worker:
        """The worker of the window."""
        return self.desk.worker

    @property
    def messages(self) -> Messages:
        """The message bus of the window."""
        return self.desk.messages

    def shown(self) -> None:
        """The window brought the page to the front."""
        self._is_shown = True
        self.catch_up()
        if self._is_stale:
            self.refresh()

    def hidden(self) -> None:
        """The window put another page in front."""
        self._is_shown = False

    def catch_up(self) -> None:
        """Take the look and the words that were switched while the page was hidden."""
        self._dress.catch_up()
        if self._words_are_old:
            self._words_are_old = False
            self.retranslate()

    def put_away(self) -> None:
        """The shop is being closed: end what runs beside the page; most pages have nothing to end."""

    def stale(self) -> None:
        """What is shown may be old: refresh now when visible, else when shown."""
        self._is_stale = True
        if self._is_shown:
            self.refresh()

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Something was written; it matters when it is one of our topics."""
        if topics & self.topics:
            self.stale()

    def refresh(self) -> None:
        """Show the data as it is now."""
        self._is_stale = False
        self.reload()
        self.refresh_fact()

    def refresh_fact(self) -> None:
        """Ask for the grey fact again."""
        self.worker.submit(lambda con: self.fact(con), self.fact_label.setText, key=f"{self.name}.fact")

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.title_label.setText(tr(self.title))
        self.search_box.set_hint(tr(self.search_hint) if self.search_hint else "")
        self.search_box.setAccessibleName(tr("Search"))
        self.action_table.retranslate()
        if self.drawer is not None:
            self.drawer.retranslate()
        self.retranslate_ui()
        if self._is_shown:
            self.refresh_fact()
        else:
            self._is_stale = True

    def changeEvent(self, event: QEvent) -> None:
        """Qt says that the language changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            if self._is_shown or self.isVisible():
                self.retranslate()
            else:
                self._words_are_old = True

    def set_narrow(self, narrow: bool) -> None:
        """Below 1320 px of window the drawer lies over the body instead of beside it."""
        if narrow != self.narrow:
            self.narrow = narrow
            self.place_drawer()

    # acts

    def do(self, verb: Callable[[], Any], said: str = "") -> Any:
        """Run a verb; its refusal becomes a message, its success a toast with Undo. Gives the verb's result.

        Gives None when it was refused.
        """
        return self.page_acts.do(verb, said)

    def say_done(self, before: int, said: str = "") -> None:
        """Tell what was written since step `before`; nothing when nothing was."""
        self.page_acts.say_done(before, said)

    def do_long(self, verb: Callable[[Task], Any], said: str = "", text: str = "") -> None:
        """Run a verb that takes longer than a frame in the writing thread, with progress and Stop."""
        self.page_acts.do_long(verb, said, text)

    def show_form(self, form: Form) -> None:
        """Open a form in the drawer."""
        drawer = self.use_drawer()
        drawer.show_form(form)
        self.place_drawer()

    def use_drawer(self) -> Drawer:
        """The page's drawer, made when first needed."""
        if self.drawer is None:
            self.drawer = Drawer(self.make_builder())
            self.drawer.setMinimumWidth(theme().size(self.drawer_size))
            self.drawer.closed.connect(self.on_drawer_closed)
            self.drawer.form_closed.connect(self.on_form_closed)
            self.drawer.step_requested.connect(self.step_record)
            self.drawer.link_requested.connect(self.open_requested)
            self.drawer.undo_requested.connect(self.page_acts.undo_step)
            self.place_drawer()
            self.drawer.installEventFilter(self)
        return self.drawer

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The drawer tells when it came or went, or has another width."""
        if watched is self.drawer and event.type() in _DRAWER_MOVES:
            self.drawer_moved(self.drawer)
        return super().eventFilter(watched, event)

    def drawer_moved(self, drawer: Drawer) -> None:
        """The drawer came or went, or has another width: for pages of which a part makes room for it."""

    def make_builder(self) -> Builder:
        """What turns a record of the page into widgets."""
        return Builder(self.desk, self.action_table, self.pictures, self.words_of_columns())

    def on_drawer_closed(self) -> None:
        """Put the drawer away; a form gives way to the record behind it."""
        if self.drawer is not None and self.drawer.form is not None:
            self.drawer.close_form()
        elif self.drawer is not None:
            self.drawer.hide()

    def on_form_closed(self) -> None:
        """A form was saved or closed."""
        if self.drawer is not None:
            self.drawer.hide()

    def words_of_columns(self) -> Mapping[str, tuple[str, Kind]]:
        """The columns that the history of a record may show."""
        return self.history_words

    # inside

    def kit_actions(self) -> tuple[Action, ...]:
        """The actions that the kit gives every page of the kind."""
        return ()

    def _build_frame(self) -> None:
        self.column = QWidget()
        self.body = QVBoxLayout(self.column)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(self._header())
        self.chip_bar = QWidget()
        self.chip_bar.setFixedHeight(theme().size("chip_row"))
        self.chip_row = QHBoxLayout(self.chip_bar)
        self.chip_row.setContentsMargins(20, 0, 20, 8)
        self.chip_row.setSpacing(6)
        self.body.addWidget(self.chip_bar)
        self.body.addWidget(self.progress_strip)
        self._drawer_place = DrawerPlace(self.column, self.name, self.drawer_size, self.drawer_edges)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._drawer_place.splitter)

    def _header(self) -> QWidget:
        header = styled(QWidget(), "header")
        header.setFixedHeight(theme().size("header_row"))
        row = QHBoxLayout(header)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(10)
        row.addWidget(self.title_label)
        row.addWidget(self.fact_label, 1)
        row.addWidget(self.search_box)
        for action in self.action_table.placed(Place.SECONDARY)[:1] + self.action_table.placed(Place.PRIMARY)[:1]:
            main = action.place is Place.PRIMARY
            button = ActionButton(self.action_table, action, "primary" if main else "", caps=not main)
            self.buttons.append(button)
            row.addWidget(button)
        return header

    def _add_keys(self) -> None:
        for keys, slot in (
            ("Ctrl+F", self.focus_search),
            ("Alt+Left", partial(self.step_record, -1)),
            ("Alt+Right", partial(self.step_record, 1)),
        ):
            QShortcut(keys, self).activated.connect(slot)

    def take_keyboard(self) -> None:
        """The keyboard goes to the open form, else to the list, else to the page itself."""
        form = self.drawer.form if self.drawer is not None else None
        wanted = form.first() if form is not None and form.isVisible() else self.keyboard_home()
        (wanted if wanted.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyboard_home(self) -> QWidget:
        """What has the keyboard while nothing else on the page has it."""
        return self

    def focus_search(self) -> None:
        """Give the search box the keyboard."""
        if self.search_hint:
            self.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search_box.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc steps back."""
        if event.key() != Qt.Key.Key_Escape or not self.step_back():
            super().keyPressEvent(event)

    def step_back(self) -> bool:
        """Close the drawer first, then the search; whether there was anything to close."""
        if self.drawer is not None and self.drawer.isVisible():
            self.on_drawer_closed()
            return True
        searching = bool(self.search_box.text())
        self.search_box.clear()
        return searching

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The drawer over the body keeps its place."""
        super().resizeEvent(event)
        self.lay_drawer_over()

    def lay_drawer_over(self) -> None:
        """In a narrow window: fit the drawer to what it lies over."""
        if self.drawer is not None and self.narrow:
            self._drawer_place.lay_over(self.drawer, self.drawer_host())

    def drawer_edges(self) -> list[int]:
        """Where the drawer may begin in a narrow window, from the left of what it lies over."""
        return []

    def drawer_host(self) -> QWidget:
        """What the drawer lies over in a narrow window."""
        return self.column

    def place_drawer(self) -> None:
        """Put the drawer where it belongs: beside the body, or over it in a narrow window."""
        if self.drawer is not None:
            self._drawer_place.put(self.drawer, self.drawer_host() if self.narrow else None)

    def _give_ids(self, _needs: Needs, run: Callable[[list[int]], None]) -> None:
        found = self.current_id()
        if found is not None:
            run([found])

    def _has_records(self) -> bool:
        return self.current_id() is not None

    def needs_channel(self) -> bool:
        """Whether there is a channel to add something to; where there is none, say how to get one."""
        if channels.listed(self.shop.reader()):
            return True
        self.messages.warning(
            tr("There is no channel yet."),
            fix=tr("Import a file, or add a channel in the settings."),
            link=(tr("Settings"), lambda: self.open_requested.emit("settings", "channels")),
        )
        return False
