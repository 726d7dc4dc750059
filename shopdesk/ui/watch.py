"""Looks whether the open shop file is whole, beside the window: after the first rows, and when an act met damage."""

import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from shopdesk.core import sqlite
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.trouble import is_spoilt
from shopdesk.ui.background import Background, beside

DELAY_MS = 700
_STEPS = 100_000
"""How many of its steps SQLite goes on when nobody waits any more; they take some milliseconds."""


class Watch(QObject):
    """One look at a time at the file of the open shop; `found` is called where it is damaged."""

    def __init__(self, found: Callable[[Shop], None]) -> None:
        super().__init__()
        self._found = found
        self._shop: Shop | None = None
        self._stop = threading.Event()
        self._running: Background | None = None

    def use(self, shop: Shop) -> None:
        """Another shop is open; look at its file in a moment."""
        self._shop = shop
        QTimer.singleShot(DELAY_MS, self, self.look)

    def put_away(self) -> None:
        """The shop is closed."""
        self._shop = None
        self._stop.set()
        if self._running is not None:
            self._running.wait()
            self._running = None

    def look(self) -> None:
        """Look now, unless that is being done."""
        if self._shop is None or self._running is not None:
            return
        self._stop = threading.Event()
        self._running = beside(
            partial(_look, self._shop, self._stop),
            partial(self._on_looked, self._shop),
            self._on_not_looked,
        )

    def _on_looked(self, shop: Shop, damaged: bool) -> None:
        if shop is self._shop:
            self._running = None
            if damaged:
                self._found(shop)

    def _on_not_looked(self, _error: Exception) -> None:
        """The file is gone or the disk refuses: whoever works with it is told that."""
        self._running = None


def _look(shop: Shop, stop: threading.Event) -> bool:
    """Whether the file is damaged. One that is well was opened well."""
    from shopdesk.core.upgrades import opened_well  # in the background

    if _is_damaged(shop.path, shop.key, stop):
        return True
    if not stop.is_set():
        try:
            opened_well(shop)
        finally:
            shop.forget_reader()
    return False


def _is_damaged(path: Path, key: Key | None, stop: threading.Event) -> bool:
    from shopdesk.core import shape  # in the background

    try:
        with closing(sqlite.connect(path, key=key)) as con:
            con.set_progress_handler(stop.is_set, _STEPS)
            said = con.execute("PRAGMA quick_check(1)").fetchone()[0]
            return said != "ok" or shape.has_any_other_word(con)
    except sqlite.OperationalError:
        if stop.is_set():
            return False
        raise
    except UnicodeDecodeError:  # what SQLite says of the damage holds a spoilt name
        return True
    except sqlite.DatabaseError as error:
        return is_damage(error)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite could not read the file as what it should be."""
    return isinstance(error, sqlite.DatabaseError) and is_spoilt(error)
