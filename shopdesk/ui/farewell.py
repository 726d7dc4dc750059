"""Leaving a shop: text that was not saved is asked about, a last backup is made, and then it is put away."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.trouble import is_told, reason
from shopdesk.core.words import tr
from shopdesk.ui import late
from shopdesk.ui.background import beside

if TYPE_CHECKING:
    from shopdesk.ui.leaving import Leaving
    from shopdesk.ui.window import Window


Act = Callable[[], None]


def nothing() -> None:
    """What there is to do for who stays where he is."""


class Farewell:
    """Stands between the wish to leave a shop and what puts it away: the end, the page without a shop, another shop.

    `last_backup` gives the work of the last backup, done in the background.
    """

    def __init__(self, window: "Window", last_backup: Callable[[Shop], Callable[[], None]]) -> None:
        self._window = window
        self._last_backup = last_backup
        self._card: Leaving | None = None
        self._is_refused = False
        self._go: Act = nothing
        self._stay: Act = nothing
        self._is_asked = False

    def ask(self, shop: Shop | None) -> None:
        """The owner closes the window. While a last backup is made, or was refused, that is what it is made for."""
        if self._card is None:
            self.before(shop, self._window.close_now, words=tr("Close without saving"))
        elif not self._is_asked:
            self._instead(self._window.close_now)

    def before(self, shop: Shop | None, go: Act, stay: Act = nothing, words: str = "") -> None:
        """Do what puts the shop away, when nothing typed is lost and after a last backup; `stay` if it is not done.

        While a last backup is made already, it is made for this now: the newest wish counts, but for that to close
        the window.
        """
        if self._card is not None and not self._is_asked:
            if self._go == self._window.close_now:
                stay()
                return
            self._stay()
            self._go, self._stay = go, stay
        else:
            self.unless_unsaved(partial(self.leave, shop, go, stay), stay, words)

    @property
    def is_pending(self) -> bool:
        """Whether a shop is being left: a last backup is made, or the owner is asked."""
        return self._card is not None

    def unless_unsaved(self, go: Act, stay: Act = nothing, words: str = "") -> None:
        """Do what puts the pages away, unless something typed would be lost and the owner stays; one at a time."""
        unsaved = self._window.pages.unsaved() if self._window.pages is not None else ""
        if self._card is not None:
            stay()
        elif unsaved:
            self._is_asked = True
            self._go, self._stay = go, stay
            said = tr("“{title}” is not saved yet. What was typed would be lost.", title=unsaved)
            self._say(said, words or tr("Go on without saving"))
        else:
            go()

    def leave(self, shop: Shop | None, go: Act, stay: Act = nothing) -> None:
        """Do what puts the shop away, after a last backup when anything changed; what is typed is not asked about."""
        if self._card is not None and not self._is_asked:
            self._instead(go)
            return
        self._on_stay()  # what was asked about is not done
        if shop is None or shop.read_only:
            go()
            return
        self._go, self._stay = go, stay
        self._card = late.make_leaving(self._window)
        beside(self._last_backup(shop), lambda _made: self._on_go(), self._on_refused)

    def _instead(self, go: Act) -> None:
        """Something else is to follow; at once where the backup was refused already."""
        self._stay()
        self._go, self._stay = go, nothing
        if self._is_refused:
            self._on_go()

    def _on_refused(self, error: Exception) -> None:
        self._is_refused = True
        if isinstance(error, ShopError):
            self._say(str(error))
        elif is_told(error):
            self._say(tr("The backup was not written: {reason}.", reason=reason(error)))
        else:
            self._say(
                tr(
                    "The backup was not written because of a fault of ShopDesk."
                    " The shop itself is as it was; earlier backups are untouched."
                    " Stay and try “Back up now” on the Backups page, or close anyway."
                )
            )
            raise error  # the details, for who makes the program

    def _say(self, said: str, words: str = "") -> None:
        if self._card is None:
            self._card = late.make_leaving(self._window)
        self._card.say(said, self._on_go, self._on_stay, words)

    def _on_go(self) -> None:
        go = self._go
        self._end()
        go()

    def _on_stay(self) -> None:
        stay = self._stay
        self._end()
        stay()

    def _end(self) -> None:
        self._is_asked = self._is_refused = False
        self._go = self._stay = nothing
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None
