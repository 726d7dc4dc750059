"""When the shop's backups are made while the window is open, and what is said of them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from shopdesk.core.shop import Shop
from shopdesk.core.words import tr
from shopdesk.ui.background import Background, beside

if TYPE_CHECKING:
    from shopdesk.ui.window import Window

BACKUP_DELAY_MS = 2500


class Keeping(QObject):
    """Makes the backups of the open shop, one at a time and never on the main thread."""

    def __init__(self, window: "Window", refused: Callable[[Exception], None]) -> None:
        super().__init__()
        self._window = window
        self._refused = refused
        self._shop: Shop | None = None
        self._running: Background | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a backup is being made."""
        return self._running is not None

    def use(self, shop: Shop) -> None:
        """Another shop is open."""
        self._shop = shop

    def put_away(self) -> None:
        """The shop is closed: wait for the backup that is just being made."""
        if self._running is not None:
            self._running.wait()
            self._running = None
        self._shop = None

    def start(self) -> None:
        """The first rows are shown: save what changed since the last backup, in a moment."""
        QTimer.singleShot(BACKUP_DELAY_MS, self._on_started)

    def last(self, shop: Shop) -> Callable[[], None]:
        """The work of the last backup before the window closes, for a thread of its own."""
        return partial(_last_backup, shop, self._running)

    def _on_started(self) -> None:
        shop = self._shop
        if shop is not None and not shop.read_only and self._running is None:
            self._running = beside(lambda: _made_when_due(shop, "start"), self._on_made, self._on_failed)

    def _on_made(self, _nothing: object) -> None:
        self._running = None
        if self._window.facts is not None:
            self._window.facts.backup()

    def _on_failed(self, error: Exception) -> None:
        self._running = None
        self._window.status.show_backup(tr("Backup not written"), "bad")
        self._refused(error)


def _made_when_due(shop: Shop, why: str) -> None:
    from shopdesk.ui.safekeeping import made_when_due  # loaded when it is wanted, in the background

    made_when_due(shop, why)


def _last_backup(shop: Shop, running: Background | None) -> None:
    if running is not None:
        running.wait()
    _made_when_due(shop, "exit")
