"""Trying what was typed into a lock card, beside the window: it takes a third of a second on purpose."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from shopdesk.core import protect
from shopdesk.core.keys import Key, MistypedCode, WrongPassword, looks_like_code
from shopdesk.core.words import tr
from shopdesk.ui.background import beside
from shopdesk.ui.dress import dressed
from shopdesk.ui.lock_page import LockPage
from shopdesk.ui.window import Window

Found = TypeVar("Found")


class Tries(QObject):
    """Hands what is typed into a card to `find`, one try after the other; the card takes no other meanwhile.

    `find` runs in a thread of its own and raises WrongPassword, which the card says; what it gives goes to `found`,
    any other error to `failed`. The shop file is never read by two threads at once, nor after `found` was called.
    A try whose card is gone, because another shop was wanted, comes to nothing.
    """

    def __init__(
        self,
        page: LockPage,
        find: Callable[[str], Key],
        found: Callable[[Key], None],
        failed: Callable[[Exception], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._find = find
        self._found = found
        self._failed = failed
        self._running = False
        page.tried.connect(self._on_tried)

    def _on_tried(self, text: str) -> None:
        if not self._running:
            self._show(running=True)
            beside(partial(self._find, text), self._on_found, self._on_error)

    def _show(self, *, running: bool) -> None:
        self._running = running
        self._page.show_trying(on=running)

    def _on_found(self, key: Key) -> None:
        if not isValid(self):
            return
        self._show(running=False)
        self._page.cover()
        self._found(key)

    def _on_error(self, error: Exception) -> None:
        if not isValid(self):
            return
        self._show(running=False)
        if isinstance(error, MistypedCode):
            self._page.refuse(str(error))
        elif isinstance(error, WrongPassword):
            half = self._page.asks_code and not looks_like_code(self._page.code.toPlainText())
            self._page.refuse(str(MistypedCode()) if half else tr("Not this one."))
        else:
            self._failed(error)


def ask_password(
    window: Window, path: Path, opened: Callable[[Key], None], failed: Callable[[Exception], None]
) -> LockPage:
    """Show the card of a protected file that is not open; its key goes to `opened`, troubles of the disk to `failed`.

    The key of a damaged file goes to `opened`, too: whoever opens it says what is the matter.
    """
    page = dressed(LockPage(shown_name(window, path), str(path)))
    Tries(page, partial(protect.unlock, path, even_damaged=True), opened, failed)
    page.another_requested.connect(window.close_shop_requested)
    window.show_closed(page)
    return page


def shown_name(window: Window, path: Path) -> str:
    """The name of a locked shop: as the recent list has it, which holds no more than the file's name."""
    named = {file: name for file, name, _when in window.prefs.recent()}
    return named.get(path.resolve()) or path.stem
