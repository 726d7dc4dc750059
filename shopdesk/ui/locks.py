"""The lock of the open shop as the program knows it; what it is made of is loaded for a shop under a password."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from shopdesk.core.errors import Busy
from shopdesk.core.words import tr
from shopdesk.ui import late
from shopdesk.ui.desk import Desk
from shopdesk.ui.keeping import Keeping
from shopdesk.ui.pages import SETTINGS_PAGE

if TYPE_CHECKING:
    from shopdesk.ui.absence import Absence
    from shopdesk.ui.locking import Locking
    from shopdesk.ui.protecting import Open, Protecting
    from shopdesk.ui.window import Window


class Locks(QObject):
    """Locks the shop in the window when the owner asks for it, and gives it a password or takes that away."""

    def __init__(self, window: "Window", keeping: Keeping, open_shop: "Open") -> None:
        super().__init__()
        self._window = window
        self._keeping = keeping
        self._open = open_shop
        self._protecting: Protecting | None = None
        self._locking: Locking | None = None
        self._absence: Absence | None = None
        self._waiting: list[tuple[Callable[[], None], Callable[[], None]]] = []
        window.lock_requested.connect(self.lock)

    @property
    def locking(self) -> "Locking | None":
        """What locks the open shop; None while none under a password is open."""
        return self._locking

    @property
    def locked(self) -> bool:
        """Whether the shop is out of sight."""
        return self._locking is not None and self._locking.locked

    @property
    def closed(self) -> bool:
        """Whether the window takes nothing from outside: the shop is locked, or put away for its password."""
        return self.locked or self._protecting is not None

    def use(self, desk: Desk) -> None:
        """A shop is open; one that has come back is locked when that was wanted while it was away."""
        absence = self._absence
        if desk.shop.key is not None:
            self._locking = late.make_locking(self._window, desk, self._keeping)
            self._locking.unlocked.connect(self._on_unlocked, Qt.ConnectionType.QueuedConnection)
            if absence is not None and absence.path == desk.shop.path:
                self._locking.go_on(absence)
        self.gone()

    def going(self) -> None:
        """It is being closed and comes back by itself: until then the lock can be asked for all the same."""
        if self._locking is not None:
            self._absence = self._locking.leave()

    def gone(self) -> None:
        """Nothing comes back by itself."""
        if self._absence is not None:
            self._absence.end()
            self._absence = None

    def put_away(self) -> None:
        """It is being closed."""
        if self._locking is not None:
            self._locking.put_away()
            self._locking = None
        waiting, self._waiting = self._waiting, []
        for _act, drop in waiting:
            drop()

    def once_in_sight(self, act: Callable[[], None], drop: Callable[[], None]) -> None:
        """Do what puts another shop on show, locked not before the password was typed; `drop` it if that never is."""
        if self.locked:
            self._waiting.append((act, drop))
        else:
            act()

    def _on_unlocked(self) -> None:
        while self._waiting and not self.locked:
            act, _drop = self._waiting.pop(0)
            act()

    def lock(self) -> None:
        """Lock the shop, or say why that is not possible."""
        if self._locking is not None:
            self._locking.lock()
        elif self._window.desk is not None:
            self._window.open_page(SETTINGS_PAGE, "password")
            self._window.desk.messages.info(tr("This shop has no password yet, so there is nothing to lock."))

    def protect(self, password: str) -> None:
        """Put the open shop under a password, with "" out of the one that it has."""
        desk = self._window.desk
        if desk is None:
            return
        if desk.worker.writing:
            desk.messages.error(Busy())
            return
        self._protecting = late.make_protecting(self._window, self._open, self._on_protected)
        self._protecting.begin(desk.shop, password)

    def _on_protected(self) -> None:
        self._protecting = None

    def keeps_open(self) -> bool:
        """The owner closes the window: whether typed text is to be asked about behind the lock, or work to be ended."""
        if self._protecting is not None:
            self._protecting.insist()
            return True
        return self._locking is not None and self._locking.keeps_open()

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Something was written; the time after which the shop locks itself may be another."""
        if self._locking is not None and "settings" in topics:
            self._locking.read_minutes()
