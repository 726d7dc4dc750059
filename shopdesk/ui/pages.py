"""The pages of an open shop: made when first shown, kept, told what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from shopdesk.features import FEATURES, page_class
from shopdesk.ui.desk import Desk
from shopdesk.ui.inside import inside
from shopdesk.ui.theme import theme

if TYPE_CHECKING:
    from shopdesk.ui.base_page import Page


@runtime_checkable
class TakesFiles(Protocol):
    """A page that can be given files."""

    def open_files(self, paths: Any) -> None:
        """Show what is in them."""


IMPORT_PAGE = "import"
SETTINGS_PAGE = "settings"
BACKUPS_PAGE = "backups"
PRELOAD_PAUSE_MS = 150
CATCH_UP_PAUSE_MS = 60


def _settings_class() -> Any:
    from shopdesk.ui.settings_page import SettingsPage  # loaded when first shown, as every page

    return SettingsPage


def _help_class() -> Any:
    from shopdesk.ui.help_page import HelpPage

    return HelpPage


def _report_class() -> Any:
    from shopdesk.ui.report_page import ReportPage

    return ReportPage


def _backups_class() -> Any:
    from shopdesk.ui.backups_page import BackupsPage

    return BackupsPage


_OWN: dict[str, Callable[[], Any]] = {
    IMPORT_PAGE: lambda: page_class("exchange"),
    SETTINGS_PAGE: _settings_class,
    BACKUPS_PAGE: _backups_class,
    "help": _help_class,
    "report": _report_class,
}


class Pages(QStackedWidget):
    """Holds one page per tab and the pages without a tab.

    Signals: ``switched(name)``, ``open_requested(name, what)`` from a page.
    """

    switched = Signal(str)
    open_requested = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._made: dict[str, Page] = {}
        self._narrow = False
        self._stopped = False
        self._current = ""
        self._before = ""
        self._preload = QTimer(self)
        self._preload.setSingleShot(True)
        self._preload.setInterval(PRELOAD_PAUSE_MS)
        self._preload.timeout.connect(self._on_preload)
        self._behind: list[str] = []
        self._catching_up = QTimer(self)
        self._catching_up.setInterval(CATCH_UP_PAUSE_MS)
        self._catching_up.timeout.connect(self._on_catch_up)
        theme().recoloured.connect(self._catch_up_soon)

    @property
    def current(self) -> str:
        """The name of the page on show."""
        return self._current

    @property
    def before(self) -> str:
        """The name of the page shown before this one."""
        return self._before

    def page(self, name: str) -> Page:
        """The page of that name, made now when it was not yet."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def import_page(self) -> TakesFiles:
        """The page that shows files before they are written."""
        page = self.page(IMPORT_PAGE)
        assert isinstance(page, TakesFiles)
        return page

    def made(self) -> Iterator[tuple[str, Page]]:
        """The pages made so far, in the order of the tabs."""
        order = [*FEATURES, *_OWN]
        return ((name, self._made[name]) for name in order if name in self._made)

    def open(self, name: str, what: object = None) -> None:
        """Show a page, and on it what was asked for."""
        page = self.page(name)
        if name != self._current:
            if self._current:
                self._made[self._current].hidden()
            self._before, self._current = self._current, name
            self.setCurrentWidget(page)
            page.shown()
            self._take_keyboard(page)
            self.switched.emit(name)
        if what is not None:
            page.open(what)

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Tell every page what kinds of things changed."""
        for page in self._made.values():
            page.topics_changed(topics)

    def set_narrow(self, narrow: bool) -> None:
        """Tell every page whether there is room for a drawer beside the table."""
        self._narrow = narrow
        for page in self._made.values():
            page.set_narrow(narrow)

    def preload(self) -> None:
        """Make the other tabs one by one while nothing else happens, so that they open at once."""
        self._preload.start()

    def stop(self) -> None:
        """Make no more pages, and end what the made ones still do."""
        self._stopped = True  # a look or a language that is switched from now on would read a shop that is closed
        self._preload.stop()
        self._catching_up.stop()
        for page in self._made.values():
            page.hidden()  # nothing is asked of a shop that is closed
            page.put_away()

    def changeEvent(self, event: QEvent) -> None:
        """The language was switched: what is shown took it at once, the hidden pages follow."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._catch_up_soon()

    def _catch_up_soon(self) -> None:
        """Let the hidden pages take a new look or new words one by one; one that is opened before takes them then."""
        if not self._stopped:
            self._behind = [name for name in self._made if name != self._current]
            self._catching_up.start()

    def _on_catch_up(self) -> None:
        if self._behind:
            self._made[self._behind.pop(0)].catch_up()
        else:
            self._catching_up.stop()

    def unsaved(self) -> str:
        """The title of a form with typed text that was not saved; "" when there is none."""
        for _name, page in self.made():
            form = page.drawer.form if page.drawer is not None else None
            if form is not None and form.touched():
                return form.title
        return ""

    def step_back(self) -> bool:
        """What Esc does on the page on show; whether there was anything to do."""
        return self.page(self._current).step_back()

    def take_keyboard(self) -> None:
        """What had the keyboard is gone: it goes to the page on show."""
        self.page(self._current).take_keyboard()

    def _take_keyboard(self, page: Page) -> None:
        """The keyboard goes where it was on this page, at first to the table; never into the search by itself."""
        last = page.focusWidget()
        table = getattr(page, "table", None)
        if last is None or last is page.search_box:
            last = table if isinstance(table, QWidget) else page
        last.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_preload(self) -> None:
        for name in (*FEATURES, SETTINGS_PAGE):
            if name not in self._made:
                self.page(name)
                self._preload.start()
                return

    def _make(self, name: str) -> Page:
        made = _OWN[name]() if name in _OWN else page_class(name)
        page: Page = made(self._desk)
        page.open_requested.connect(self.open_requested)
        page.set_narrow(self._narrow)
        for field in inside(page, QLineEdit):
            field.setAcceptDrops(False)
        self.addWidget(page)
        return page
