"""The window: rail, pages, status bar; the welcome page while no shop is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from shopdesk.core.words import sentences, tr
from shopdesk.features import FEATURES
from shopdesk.ui import late
from shopdesk.ui.actions import ONLY_READING
from shopdesk.ui.commands import Commands, portable
from shopdesk.ui.desk import Desk
from shopdesk.ui.dress import dressed
from shopdesk.ui.dropping import DropTarget
from shopdesk.ui.facts import Facts
from shopdesk.ui.focus import FocusRing
from shopdesk.ui.intake import Intake
from shopdesk.ui.pages import BACKUPS_PAGE, IMPORT_PAGE, SETTINGS_PAGE, Pages
from shopdesk.ui.panes import focus_into, next_pane, panes_of
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.progress import ProgressStrip
from shopdesk.ui.rail import Rail
from shopdesk.ui.statusbar import StatusBar
from shopdesk.ui.toast import Toast
from shopdesk.ui.undoing import Undoing
from shopdesk.ui.window_commands import command_table
from shopdesk.ui.window_place import SMALLEST, RailWidth, restore
from shopdesk.ui.work_area import WorkArea

if TYPE_CHECKING:
    from shopdesk.ui.palette import Palette
    from shopdesk.ui.welcome import Welcome


class Window(QMainWindow):
    """One window; a shop comes in with ``show_desk`` and leaves with ``show_welcome``.

    Signals ask the program for what concerns the shop file: ``new_requested``, ``open_requested`` (a path),
    ``demo_requested``, ``close_shop_requested``, ``put_away_requested`` (now, for what ends with the shop open again),
    ``language_requested``, ``closing`` (the owner closes the window), ``closed``, ``lock_requested``.
    """

    new_requested = Signal(object)
    open_requested = Signal(object)
    demo_requested = Signal()
    close_shop_requested = Signal()
    put_away_requested = Signal()
    language_requested = Signal(str)
    files_dropped = Signal(list)
    lock_requested = Signal()
    closing = Signal()
    closed = Signal()

    def __init__(self, prefs: Prefs) -> None:
        super().__init__()
        self.prefs = prefs
        self.desk: Desk | None = None
        self.pages: Pages | None = None
        self.rail: Rail | None = None
        self.toast: Toast | None = None
        self._palette: Palette | None = None
        self._area: WorkArea | None = None
        self._may_close = False
        self.intake = Intake(self)
        self.rail_width = RailWidth(prefs)
        self.ring = FocusRing(self)
        self.status = dressed(StatusBar())
        self.undoing = Undoing(self._strip_in_sight, self)
        self.status.undo_requested.connect(self.undoing.undo)
        self.status.palette_requested.connect(self.open_palette)
        self.status.backups_requested.connect(self.open_backups)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setMinimumSize(*SMALLEST)
        self._welcome: Welcome | None = None
        self.facts: Facts | None = None
        self._drops = DropTarget(self, self.intake.take)
        self.commands = Commands(self, command_table(self))
        restore(self, prefs)
        self.setWindowTitle("ShopDesk")

    # a shop comes and goes

    def show_desk(self, desk: Desk, *, name: str) -> None:
        """Work with the shop called ``name``."""
        self.leave_desk()
        self._clear()
        self._welcome = None
        self.desk = desk
        self.pages = Pages(desk)
        self._followed: set[str] = set()
        self.pages.open_requested.connect(self.open_page)
        self.pages.switched.connect(self._on_switched)
        self.rail = dressed(Rail(list(FEATURES.values())))
        self.rail.page_requested.connect(self.open_page)
        self.rail.collapse_requested.connect(self.rail_width.fold)
        self.rail.shop_menu_requested.connect(partial(late.show_shop_menu, self))
        self._area = WorkArea(self.rail, self.pages, self.status)
        self._stack.addWidget(self._area)
        self.toast = dressed(Toast(self, desk.messages, self.undoing.undo_step))
        self.setWindowTitle(f"{desk.shop.path.name} — ShopDesk")
        self.status.show_file(desk.shop.path.name)
        self.rail_width.use(self.rail, self.pages)
        self.rail.head.set_shop(name, "")
        self.facts = Facts(desk, self.rail, self.status)
        self.undoing.use(desk)
        self.open_page(self.prefs.choice("last_tab", tuple(FEATURES), next(iter(FEATURES))))
        self.intake.shop_came()

    def leave_desk(self) -> None:
        """Put the pages of the shop away."""
        if self.pages is None:
            return
        self.pages.stop()
        if self.toast is not None:
            self.toast.hide()
            self.toast.deleteLater()
        if self._palette is not None:
            self._palette.deleteLater()
        self.status.setParent(None)
        self.status.show_past("")
        self._clear()
        self.desk = self.pages = self.rail = self.toast = self._palette = self._area = None
        self.facts = None
        self.undoing.use(None)
        self.rail_width.use(None, None)
        self.setWindowTitle("ShopDesk")

    def show_welcome(self, trouble: str = "") -> None:
        """Show the page without a shop; ``trouble`` says why a file did not open."""
        self.leave_desk()
        welcome = late.make_welcome(self)
        self._clear()
        self._stack.addWidget(welcome)
        self.commands.enable(shop=False, taken=portable(("Ctrl+N", "Ctrl+O", "Ctrl+D")))
        welcome.say(trouble)
        self._welcome = welcome

    def show_closed(self, page: QWidget) -> None:
        """Show a page in the place of a shop that is not open (yet)."""
        self.leave_desk()
        self._clear()
        self._welcome = None
        self._stack.addWidget(page)
        self.commands.enable(shop=False, taken=frozenset())

    def show_banner(self, text: str, link: str = "", on_link: Callable[[], None] | None = None) -> None:
        """Say above the pages what stays true; an empty text takes it away."""
        if self._area is not None:
            self._area.show_banner(text, link, on_link)

    def show_past(self, text: str, link: str, on_link: Callable[[], None], title: str) -> None:
        """Say that what is shown is a backup, in another frame and in the window's title."""
        if self._area is not None:
            self._area.show_banner(text, link, on_link, tone="past")
        self.status.show_past(title)
        self.setWindowTitle(f"{title} — ShopDesk")

    def _strip_in_sight(self) -> ProgressStrip | None:
        pages = self.pages
        return pages.page(pages.current).progress_strip if pages is not None and pages.current else None

    @property
    def banner(self) -> str:
        """What the strip above the pages says."""
        return self._area.banner if self._area is not None else ""

    # pages

    def open_page(self, name: str, what: object = None) -> None:
        """Show a page; pages ask for others by this."""
        if self.pages is None:
            return
        if name == "palette":
            self.open_palette(str(what or ""))
        elif name == "back":
            self.pages.open(self.pages.before or SETTINGS_PAGE)
        elif name == IMPORT_PAGE and self._only_reads():
            pass
        elif name == IMPORT_PAGE and what is None:
            self.intake.choose_files()
        elif name == IMPORT_PAGE:
            self.pages.open(name)
            self.pages.import_page().open_files(what)
        else:
            self.pages.open(name, what)

    def open_backups(self) -> None:
        """Show the backups of the shop."""
        self.open_page(BACKUPS_PAGE)

    def back_up(self) -> None:
        """Make a backup now, beside the window."""
        if self.desk is not None and self.desk.keeping is not None and not self._only_reads():
            self.desk.keeping.now()

    def import_files(self, files: Sequence[Path]) -> None:
        """Show what is in some files before anything is written."""
        self.open_page(IMPORT_PAGE, list(files))

    def topics_changed(self, topics: frozenset[str]) -> None:
        """After every act: the pages refresh, the rail counts, the status bar says what was done."""
        if self.pages is None:
            return
        self.pages.topics_changed(topics)
        if self.facts is not None:
            self.facts.topics_changed(topics)

    # commands

    def open_palette(self, text: str = "") -> None:
        """Show all commands."""
        if self.desk is None:
            return
        if self._palette is None:
            self._palette = late.make_palette(self)
        self._palette.open(text)

    @property
    def welcome(self) -> Welcome | None:
        """The page without a shop, while it is shown."""
        return self._welcome

    @property
    def palette_widget(self) -> Palette | None:
        """The palette, once it was opened."""
        return self._palette

    def show_progress(self, text: str) -> None:
        """Say on the welcome page what is being made; "" when it is done."""
        if self._welcome is not None:
            self._welcome.show_progress(text)

    def add_to_progress(self, text: str) -> None:
        """Say more on the welcome page, while something is being made."""
        if self._welcome is not None and self._welcome.progress:
            self._welcome.show_progress(sentences(self._welcome.progress, text))

    def next_pane(self) -> None:
        """Give the keyboard to the next part of the page: rail, search, chips, table, drawer."""
        if self.pages is None or self.rail is None:
            return
        panes = panes_of(self.rail, self.pages.page(self.pages.current))
        with self.ring.keyboard():
            focus_into(next_pane(panes, self.focusWidget()))

    def open_help(self) -> None:
        """Show the help for the page on show."""
        if self.pages is None:
            late.show_help(self)
        else:
            self.open_page("help", self.pages.current)

    # what Qt calls

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place of the window; the program decides when it may close."""
        self._remember()
        if not self._may_close:
            self.closing.emit()
        event.setAccepted(self._may_close)  # the answer may have come at once; a close within a close does nothing
        if self._may_close:
            self.closed.emit()

    def close_now(self) -> None:
        """Close without asking the program again."""
        self._may_close = True
        self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window folds the rail and lays drawers over the table."""
        super().resizeEvent(event)
        self.rail_width.window_is(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """Take the words of another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.commands.retranslate()
            if self.facts is not None:
                self.facts.all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc means the page on show, wherever the keyboard is; then it leads back from a backup to now."""
        shown = self.pages is not None and self.pages.isVisible()
        if event.key() != Qt.Key.Key_Escape or self.pages is None or not shown:
            super().keyPressEvent(event)
        elif not self.pages.step_back() and self.desk is not None and self.desk.past is not None:
            self.desk.past.back()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab and Shift+Tab show the ring; when what had the keyboard is hidden, it stays with the page."""
        focus = self.focusWidget()
        if self.pages is not None and focus is not None and not (focus.isVisible() and focus.isEnabled()):
            self.pages.take_keyboard()
            return True
        with self.ring.keyboard():
            return super().focusNextPrevChild(following)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        self._drops.entered(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._drops.left()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._drops.dropped(event)

    # inside

    def _only_reads(self) -> bool:
        """Whether nothing can be written to what is shown; it is said."""
        if self.desk is None or not self.desk.read_only:
            return False
        self.desk.messages.info(tr(ONLY_READING))
        return True

    def _remember(self) -> None:
        self.prefs.put("geometry", self.saveGeometry())
        if self.pages is not None and self.pages.current in FEATURES:
            self.prefs.put("last_tab", self.pages.current)
        self.prefs.sync()

    def _on_switched(self, name: str) -> None:
        if self.rail is not None:
            self.rail.set_current(name)
        page = self.pages.page(name) if self.pages is not None else None
        self.commands.enable(shop=True, taken=portable(page.action_table.keys() if page is not None else ()))
        selection = getattr(page, "selection", None)
        if selection is not None and name not in self._followed:
            self._followed.add(name)
            selection.changed.connect(self._settle_toast, Qt.ConnectionType.QueuedConnection)

    def _settle_toast(self) -> None:
        if self.toast is not None:
            self.toast.settle()

    def _clear(self) -> None:
        while (old := self._stack.widget(0)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
