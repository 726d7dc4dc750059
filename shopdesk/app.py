"""The program with a window: start, open a shop, show it, go. The command line starts it."""

import gc
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

import shopdesk
from shopdesk.core import clock, settings, words
from shopdesk.core.shop import Shop
from shopdesk.core.words import tr
from shopdesk.ui import late
from shopdesk.ui.background import beside
from shopdesk.ui.bell import Bell
from shopdesk.ui.coming_back import ComingBack
from shopdesk.ui.desk import Desk, Past
from shopdesk.ui.farewell import Farewell, nothing
from shopdesk.ui.guard import CrashGuard
from shopdesk.ui.keeping import Keeping
from shopdesk.ui.language import dress_qt, switch_language
from shopdesk.ui.locks import Locks
from shopdesk.ui.messages import Messages
from shopdesk.ui.opening import Opening
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.signals import QuitSignals
from shopdesk.ui.sweeping import Sweeper
from shopdesk.ui.theme import MODES, ROWS, theme
from shopdesk.ui.window import Window
from shopdesk.ui.worker import Worker

if TYPE_CHECKING:
    from shopdesk.ui.instance import Instance

_NAME = "ShopDesk"
AFTER_FIRST_ROWS_MS = 100
WARM_UP_MS = 300
TURN_S = 0.0005
"""After so long in Python another thread that waits gets its turn. With Python's own 5 ms, which the window waits at
each call of Qt's while a thread works in Python, one repaint takes a tenth of a second."""


class Program(QObject):
    """Holds the open shop and what belongs to it, and gives it to the window."""

    def __init__(self, prefs: Prefs, *, demo: Callable[[Path], object] | None = None) -> None:
        super().__init__()
        self.prefs = prefs
        self.shop: Shop | None = None
        self.worker: Worker | None = None
        self._demo = demo
        self._instance: Instance | None = None
        self._sweeper = Sweeper()
        self._bell = Bell()
        self._bell.rang.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)
        self.window = Window(prefs)
        self.opening = Opening(self.window, self._use_next, self.leave_for, self.close_shop)
        self.window.new_requested.connect(self.opening.create)
        self.window.open_requested.connect(self.opening.open)
        self.window.demo_requested.connect(self.open_demo)
        self.window.close_shop_requested.connect(self.leave_shop)
        self.window.put_away_requested.connect(self.close_for_now)
        self.window.language_requested.connect(self.use_language)
        self.window.files_dropped.connect(self._on_files_without_shop)
        self.window.closing.connect(self._on_closing)
        self._keeping = Keeping(self.window, self.opening.refused, self.opening.taken)
        self.locks = Locks(self.window, self._keeping, self.opening.open)
        self.coming_back = ComingBack(self)
        self._farewell = Farewell(self.window, self._keeping.last)
        self._guard = CrashGuard(self._last_change, self.opening.taken)

    # shops

    def start(self, path: Path | None) -> None:
        """Show the window: with the shop asked for, else the one of last time, else the welcome page."""
        self._guard.install()
        recent = self.prefs.recent()
        wanted = path or (recent[0][0] if recent else None)
        if wanted is None:
            self.window.show_welcome()
        else:
            self.open(wanted)
        self.window.show()
        QTimer.singleShot(WARM_UP_MS, self._warm_up)

    def open(self, path: Path) -> None:
        """Open a shop file, in whatever way it can be opened."""
        self.opening.open(path)

    def picture(self, shop: Shop) -> None:
        """Show a shop that is open for reading as its owner sees it."""
        self._use(shop, pictured=True)

    def show_shop(self, shop: Shop, past: Past | None = None) -> None:
        """Show an open shop; with `past` as what it was then."""
        self._use(shop, past=past)

    def set_aside(self) -> Shop:
        """Leave the open shop without closing it: it stays ours behind the backup that is looked at."""
        shop, self.shop = self.shop, None
        assert shop is not None
        shop.listeners.remove(self._bell.ring)
        self._put_away()
        return shop

    def open_demo(self) -> None:
        """Open the demo shop; it is made anew each day, so that its today is busy."""
        if self._demo is None:
            return
        demo, path = self._demo, self.prefs.demo_path()
        if path.is_file() and date.fromtimestamp(path.stat().st_mtime) == clock.today():
            self.open(path)
            return
        self.window.show_progress(tr("Making the demo shop…"))
        beside(lambda: _make_anew(demo, path), lambda _made: self._demo_made(path), self.opening.refused)

    def leave_shop(self) -> None:
        """The owner closes the shop: typed text is asked about, and a last backup made."""
        left = self._own
        self._farewell.before(left, partial(self._close, left))

    def leave_for(self, go: Callable[[], None], stay: Callable[[], None] = nothing) -> None:
        """What `go` shows takes the place of the open shop, once that is in sight and left as it is left at the end.

        `stay` when the owner would rather stay.
        """
        self.locks.once_in_sight(partial(self._leave_for, go, stay), stay)

    def unless_unsaved(self, go: Callable[[], None], stay: Callable[[], None] = nothing) -> None:
        """Do what puts the pages away; when something typed would be lost with them only if the owner says so."""
        self.locks.once_in_sight(partial(self._farewell.unless_unsaved, go, stay), stay)

    def close_shop(self) -> None:
        """Go back to the welcome page."""
        self.locks.gone()
        self._put_away()
        self.window.show_welcome()

    def close_for_now(self) -> None:
        """Close the shop, which comes back by itself: its lock can be asked for meanwhile."""
        self.locks.gone()
        self.locks.going()
        self._put_away()
        self.window.show_welcome()

    def use_language(self, code: str) -> None:
        """Switch the language and remember it."""
        self.prefs.put("language", code)
        switch_language(code)

    def raise_window(self, path: Path | None) -> None:
        """A second start: come to the front, with its file."""
        self.window.setWindowState(
            (self.window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive
        )
        self.window.raise_()
        self.window.activateWindow()
        if path is not None and not self.locks.closed:
            self.open(path)

    def listen(self) -> None:
        """The first rows are shown: let a second start call this window."""
        late.share_heaps()
        self._instance = late.make_instance()
        self._instance.called.connect(self.raise_window)

    def stop(self) -> None:
        """Put everything away at the end of the program."""
        if self._instance is not None:
            self._instance.close()
        self.locks.gone()
        self._put_away()
        self._guard.remove()
        self._sweeper.stop()

    # inside

    @property
    def _own(self) -> Shop | None:
        """The shop that is worked with: open, or behind the backup that is looked at."""
        return self.coming_back.live or self.shop

    def _use_next(
        self,
        shop: Shop,
        banner: str = "",
        link: str = "",
        on_link: Callable[[], None] | None = None,
        drop: Callable[[], None] | None = None,
    ) -> None:
        self.leave_for(partial(self._use, shop, banner, link, on_link), drop or shop.close)

    def _leave_for(self, go: Callable[[], None], stay: Callable[[], None]) -> None:
        left = self._own
        again = partial(self._go_from, left, go, stay)
        self._farewell.before(left, partial(self.locks.once_in_sight, again, stay), stay)

    def _go_from(self, left: Shop | None, go: Callable[[], None], stay: Callable[[], None]) -> None:
        """The time until it was in sight may have been long: whatever is open or being left now is left first."""
        if self._own is left and not self._farewell.is_pending:
            go()
        else:
            self._leave_for(go, stay)

    def _close(self, left: Shop | None) -> None:
        """The last backup of a shop is made; the one that is closed is that, and no other."""
        if self._own is left:
            self.close_shop()

    def _protect(self, password: str) -> None:
        self.unless_unsaved(partial(self.locks.protect, password))

    def _use(
        self,
        shop: Shop,
        banner: str = "",
        link: str = "",
        on_link: Callable[[], None] | None = None,
        *,
        pictured: bool = False,
        past: Past | None = None,
    ) -> None:
        self._put_away()
        self.shop = shop
        self.worker = Worker(shop)
        shop.listeners.append(self._bell.ring)
        self._keeping.use(shop)
        desk = Desk(shop, self.worker, Messages(), _export_view, self.window.undoing.undo, pictured, _export_whole,
                    self._protect, self._keeping, self.coming_back, past)  # fmt: skip
        self.window.show_desk(desk, name=self._name(shop))
        self.window.show_banner(banner, link, on_link)
        self.opening.used(shop)
        self.locks.use(desk)
        if not shop.read_only:
            self.prefs.opened(shop.path, self._name(shop) if shop.key is None else shop.path.stem, clock.now)
        QTimer.singleShot(AFTER_FIRST_ROWS_MS, self._after_first_paint)

    def _name(self, shop: Shop) -> str:
        """How the shop is called; of one under a password the recent list holds no more than the file's name."""
        return settings.text(shop.reader(), "shop_name") or shop.path.stem

    def _demo_made(self, path: Path) -> None:
        self.window.show_progress("")
        self.open(path)

    def _put_away(self) -> None:
        self.coming_back.put_away()
        self.opening.put_away()
        self.locks.put_away()
        self._keeping.put_away()
        if self.worker is not None:
            self.worker.stop()
            self.worker = None
        self.window.leave_desk()
        if self.shop is not None:
            self.shop.close()
            self.shop = None
            late.give_back()

    def _after_first_paint(self) -> None:
        dress_qt(application())
        if self.window.facts is not None:
            self.window.facts.all()
        late.warn_of_place(self.window)
        self._keeping.start()

    def _warm_up(self) -> None:
        """Make the other pages while the owner reads the first.

        pandas and the charts stay unloaded until Metrics is opened: half a second then, 80 MB until then.
        """
        if self.window.pages is not None:
            self.window.pages.preload()

    def _on_changed(self, topics: frozenset[str]) -> None:
        self.window.topics_changed(topics)
        self._keeping.topics_changed(topics)
        self.locks.topics_changed(topics)

    def _on_files_without_shop(self, files: list[Path]) -> None:
        self.window.intake.ask_shop_for(files)

    def _last_change(self) -> str:
        return "" if self.locks.locked else self.window.status.last

    def _on_closing(self) -> None:
        if not self.locks.keeps_open():
            self._farewell.ask(self._own)

    def leave(self) -> None:
        """Close the window, after a last backup when anything changed; unsaved text is not asked about."""
        self._farewell.leave(self._own, self.window.close_now)


def _make_anew(demo: Callable[[Path], object], path: Path) -> None:
    from shopdesk.ui.safekeeping import make_anew  # loaded when it is wanted

    make_anew(demo, path)


def _export_view(*args: object, **named: object) -> int:
    from shopdesk.exchange.export import write_view  # the exchange is loaded when something is exported

    return int(write_view(*args, **named))  # type: ignore[arg-type]


def _export_whole(shop: Shop, folder: Path, go_on: Callable[[], None]) -> list[str]:
    from shopdesk.exchange.whole import write  # the exchange is loaded when something is exported

    return write(shop, folder, go_on)


def application() -> QApplication:
    """The application object, with our style, language and look."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    if app.applicationName() != _NAME:  # a style that is set again dresses every widget anew, for half a second
        sys.setswitchinterval(TURN_S)
        app.setApplicationName(_NAME)
        app.setApplicationVersion(shopdesk.__version__)
        app.setStyle("Fusion")
    return app


def dress(prefs: Prefs) -> None:
    """Give the application the language and look that the owner chose."""
    words.use_language(prefs.choice("language", ("en", "zh_CN"), ""))
    theme().set_mode(prefs.choice("theme", MODES, "system"))
    theme().set_rows(prefs.choice("rows", ROWS, "compact"))
    theme().apply()


def main(path: Path | None = None) -> int:
    """Run the program with a window until it is closed; its exit code."""
    app = application()
    prefs = Prefs()
    dress(prefs)
    program = Program(prefs, demo=_make_demo)
    signals = QuitSignals()
    signals.asked.connect(program.leave)
    program.window.closed.connect(app.quit)
    gc.freeze()  # what is loaded by now stays to the end; of a shop nothing is, which must be freed with it
    program.start(path)
    QTimer.singleShot(AFTER_FIRST_ROWS_MS, program.listen)
    try:
        return app.exec()
    finally:
        signals.close()
        program.stop()


def _make_demo(path: Path) -> None:
    from shopdesk.exchange.demo import make  # loaded when the demo shop is wanted

    make(path)
