"""A shop under a password, locked by key or by itself: out of sight until its password is typed again."""

import time
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from shopdesk.core import clock, keys, protect, settings
from shopdesk.core.keys import Key, WrongPassword
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr
from shopdesk.ui.absence import Absence, asked, left_alone
from shopdesk.ui.desk import Desk
from shopdesk.ui.dress import dressed
from shopdesk.ui.hiding import Hiding
from shopdesk.ui.idle import Idle
from shopdesk.ui.keeping import Keeping
from shopdesk.ui.lock_key import LockKey
from shopdesk.ui.lock_page import LockPage
from shopdesk.ui.unlocking import Tries, shown_name
from shopdesk.ui.window import Window

LOOK_BEHIND_MS = 400


class Locking(QObject):
    """Locks and unlocks one open shop. Work in progress goes on behind the lock, and the card says so.

    The lock by itself hangs on nothing that may fail: until the minutes of the shop were read, those of a new one
    count, after that the ones that were read last.

    Signals: ``unlocked``.
    """

    unlocked = Signal()

    def __init__(self, window: Window, desk: Desk, keeping: Keeping) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._keeping = keeping
        self._hiding = Hiding(window)
        self._page: LockPage | None = None
        self._since = time.time()
        self._is_closing = False
        self._ended = ""
        self._at_work: set[str] = set()
        self._lock_key = LockKey(window.lock_requested.emit, self)
        self.idle = Idle(self)
        self.idle.over.connect(self._on_idle)
        self._minutes = settings.default_number("lock_minutes")
        self.idle.start(self._minutes)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_BEHIND_MS)
        self._look.timeout.connect(self._on_look)
        self.read_minutes()

    @property
    def locked(self) -> bool:
        """Whether the shop is out of sight."""
        return self._page is not None

    @property
    def page(self) -> LockPage | None:
        """The card, while the shop is locked."""
        return self._page

    def lock(self) -> None:
        """Put everything of the shop out of sight, now."""
        self._lock(asked(self._now()))

    def leave(self) -> Absence:
        """The shop is being closed and comes back by itself."""
        return Absence(self._window, self._desk, self.idle)

    def go_on(self, absence: Absence) -> None:
        """The shop is back: the time counts on, and a lock that was wanted meanwhile comes now."""
        self.idle.start(self._minutes, absence.idle.touched)
        if absence.said:
            self._lock(absence.said)

    def put_away(self) -> None:
        """The shop is being closed."""
        self.idle.stop()
        self._lock_key.stop()
        self._look.stop()
        self._hiding.put_away()
        self._page = None
        self.deleteLater()

    def keeps_open(self) -> bool:
        """Whether closing has to wait until the shop is unlocked, because typed text is not saved; it is said."""
        if self._page is None or not self._unsaved():
            return False
        self._is_closing = True
        self._page.refuse(tr("What was typed is not saved yet. Unlock first, then you are asked about it."))
        return True

    def read_minutes(self) -> None:
        """After how many minutes the shop locks itself."""
        self._desk.worker.submit(_minutes, self._on_minutes, key="lock.minutes")

    def _lock(self, said: str) -> None:
        if self._page is not None:
            return
        self.idle.stop()
        shop = self._desk.shop
        assert shop.key is not None
        named = shop if self._desk.past is None else self._desk.past.live
        self._page = page = dressed(LockPage(shown_name(self._window, named.path), said))
        Tries(page, partial(_fitting, shop.key), self._on_unlocked, self._on_failed)
        page.another_requested.connect(self._on_another)
        self._is_closing, self._ended, self._at_work = False, "", set()
        self._hiding.hide(page)
        self._on_look()
        self._look.start()

    def _on_unlocked(self, _key: Key) -> None:
        self._look.stop()
        self._page = None
        self._hiding.show()
        self.idle.start(self._minutes)
        self.read_minutes()
        self.unlocked.emit()
        if self._is_closing:
            self._window.close()

    def _on_failed(self, error: Exception) -> None:
        raise error

    def _on_minutes(self, minutes: int) -> None:
        self._minutes = minutes
        if self._page is None and minutes != self.idle.minutes:
            self.idle.start(minutes, self.idle.touched)

    def _on_idle(self, minutes: int) -> None:
        self._lock(left_alone(minutes, self._now()))

    def _now(self) -> datetime:
        """The time of day; the clock stands still while a backup is looked at."""
        past = self._desk.past
        return clock.now() if past is None else past.now + timedelta(seconds=time.time() - self._since)

    def _on_another(self) -> None:
        assert self._page is not None
        if self._unsaved():
            self._page.refuse(tr("What was typed is not saved yet. Unlock first: it would be lost."))
        elif self._behind():
            self._page.refuse(tr("Something still goes on behind the lock. Unlock first, or wait until it is done."))
        else:
            self._window.close_shop_requested.emit()

    def _on_look(self) -> None:
        if self._page is not None:
            self._note_ended()
            self._page.show_behind(self._behind() or self._ended)

    def _unsaved(self) -> str:
        return self._window.pages.unsaved() if self._window.pages is not None else ""

    def _note_ended(self) -> None:
        """What went on behind the lock and has ended waits to be seen: until then the card says so."""
        pages = self._window.pages.made() if self._window.pages is not None else ()
        at_work = {name for name, page in pages if page.behind_lock()}
        ended = self._at_work - at_work
        if "import" in ended:
            self._ended = tr("The import behind the lock has ended; what came of it waits for you.")
        elif ended:
            self._ended = tr("The work behind the lock has ended; what came of it waits for you.")
        self._at_work = at_work

    def _behind(self) -> str:
        """What goes on behind the lock, in a sentence; "" for nothing."""
        pages = self._window.pages.made() if self._window.pages is not None else ()
        for _name, page in pages:
            said = page.behind_lock()
            if said:
                return said
        return tr("A backup is being made behind the lock.") if self._keeping.is_at_work else ""


def _minutes(con: Connection) -> int:
    return settings.number(con, "lock_minutes")


def _fitting(key: Key, typed: str) -> Key:
    """The key of the open shop, when what was typed leads to it. Raises WrongPassword, MistypedCode."""
    if protect.fits(key, typed):
        return key
    if keys.looks_like_code(typed):
        keys.of_recovery_code(typed, key.salt)
    raise WrongPassword
