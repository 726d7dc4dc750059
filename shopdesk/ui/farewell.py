"""Closing the window: text that was not saved is asked about, a last backup is made, and then it closes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.trouble import reason
from shopdesk.core.words import tr
from shopdesk.ui import late
from shopdesk.ui.background import beside

if TYPE_CHECKING:
    from shopdesk.ui.leaving import Leaving
    from shopdesk.ui.window import Window


class Farewell:
    """Stands between the cross and the end; `last_backup` gives the work of the last backup, done in the background."""

    def __init__(self, window: "Window", last_backup: Callable[[Shop], Callable[[], None]]) -> None:
        self._window = window
        self._last_backup = last_backup
        self._card: Leaving | None = None
        self._is_refused = False

    def ask(self, shop: Shop | None) -> None:
        """The owner closes the window; asked again after a backup that failed, it closes as it is."""
        if self._is_refused:
            self._window.close_now()
        elif self._card is None:
            unsaved = self._window.pages.unsaved() if self._window.pages is not None else ""
            if unsaved:
                self._ask_about(unsaved, shop)
            else:
                self.leave(shop)

    def leave(self, shop: Shop | None) -> None:
        """Close, after a last backup when anything changed."""
        if shop is None or shop.read_only:
            self._window.close_now()
            return
        if self._card is None:
            self._card = late.make_leaving(self._window)
        beside(self._last_backup(shop), lambda _made: self._window.close_now(), self._on_refused)

    def _ask_about(self, unsaved: str, shop: Shop | None) -> None:
        def leave() -> None:
            self._stay()
            self.leave(shop)

        self._card = late.make_leaving(self._window)
        said = tr("“{title}” is not saved yet. What was typed would be lost.", title=unsaved)
        self._card.say(said, leave, self._stay, tr("Close without saving"))

    def _on_refused(self, error: Exception) -> None:
        if self._card is None:
            self._card = late.make_leaving(self._window)
        self._is_refused = True
        known = isinstance(error, ShopError)
        said = str(error) if known else tr("The backup was not written: {reason}.", reason=reason(error))
        self._card.say(said, self._window.close_now, self._stay)

    def _stay(self) -> None:
        self._is_refused = False
        if self._card is not None:
            self._card.deleteLater()
            self._card = None
