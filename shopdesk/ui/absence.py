"""A shop under a password that is away for a moment and comes back by itself: the wish to lock it is kept for it."""

from datetime import datetime

from PySide6.QtCore import QObject

from shopdesk.core import clock
from shopdesk.core.words import tr, trn
from shopdesk.ui.desk import Desk
from shopdesk.ui.idle import Idle
from shopdesk.ui.lock_key import LockKey
from shopdesk.ui.window import Window


class Absence(QObject):
    """Hears the key that locks, and counts on from the last touch, while the shop is put back or repaired.

    `said` is why it is to be locked as soon as it is open again; "" while nobody wants that. A lock that the idle
    time has brought is not taken back by a touch that comes after it.
    """

    def __init__(self, window: Window, desk: Desk, idle: Idle) -> None:
        super().__init__(window)
        self._window = window
        self.path = desk.shop.path
        self.said = ""
        self._lock_key = LockKey(self._on_key, self)
        self.idle = Idle(self)
        self.idle.over.connect(self._on_idle)
        self.idle.start(idle.minutes, idle.touched)

    def end(self) -> None:
        """The shop is back, or will not come."""
        self.idle.stop()
        self._lock_key.stop()
        self.deleteLater()

    def _on_key(self) -> None:
        self._keep(asked(clock.now()))

    def _on_idle(self, minutes: int) -> None:
        self._keep(left_alone(minutes, clock.now()))

    def _keep(self, said: str) -> None:
        if not self.said:
            self.said = said
            self._window.add_to_progress(tr("It comes back locked."))


def asked(now: datetime) -> str:
    """What the card says of a lock that was asked for."""
    return tr("locked since {time}", time=f"{now:%H:%M}")


def left_alone(minutes: int, now: datetime) -> str:
    """What the card says of a lock that came by itself."""
    return trn(
        "locked since {time}, {n} minute without a key",
        "locked since {time}, {n} minutes without a key",
        minutes,
        time=f"{now:%H:%M}",
    )
