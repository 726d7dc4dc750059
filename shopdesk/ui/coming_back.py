"""The ways back in the window: a backup shown in the place of the shop, and the shop put back to one.

While a backup is looked at the shop stays open and locked behind it, and the clock stands at the evening that is
shown: what was late then is late there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from shopdesk.core import clock, dates
from shopdesk.core.paths import backup_folder
from shopdesk.core.words import sentences, tr
from shopdesk.ui import late
from shopdesk.ui.background import Background, beside
from shopdesk.ui.desk import Past

if TYPE_CHECKING:
    from shopdesk.core.keys import Key
    from shopdesk.core.restore import Ready, Replaced
    from shopdesk.core.shelf import Copy
    from shopdesk.core.shop import Shop
    from shopdesk.ui.opening import Opening
    from shopdesk.ui.window import Window

Say = Callable[[str], None]


class Frame(Protocol):
    """What the program does with shops for the one who looks back."""

    window: Window
    opening: Opening

    def unless_unsaved(self, go: Callable[[], None], stay: Callable[[], None]) -> None:
        """Do what puts the pages away, locked once it is unlocked; or stay, when something typed would be lost."""

    def set_aside(self) -> Shop:
        """Leave the open shop without closing it."""

    def show_shop(self, shop: Shop, past: Past | None = None) -> None:
        """Show a shop; with `past` as what it was then."""

    def close_for_now(self) -> None:
        """Close the open shop, which comes back by itself."""


class ComingBack(QObject):
    """Looks at backups and puts the shop back to one. `live` is the shop behind the backup that is looked at."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.live: Shop | None = None
        self._then: Path | None = None
        self._page = ""
        self._evening = ExitStack()
        self._running: Background | None = None
        self._is_stopped = False

    # looking

    def look(self, copy: Copy, *, choose: bool = False) -> None:
        """Show a backup read-only; with `choose` to take records back from it."""
        desk = self._frame.window.desk
        if desk is None or self._running is not None or self.live is not None:
            return
        opened = partial(self._on_opened, copy, choose=choose)
        self._running = beside(partial(late.open_backup, desk.shop, copy), opened, self._on_failed)

    def back(self) -> None:
        """Back to now: the backup is closed, the shop shown again where it was left."""
        live, self.live = self.live, None
        if live is not None:
            self._evening.close()
            self._frame.show_shop(live)
            self._frame.window.open_page(self._page)
            self._forget()

    def put_away(self) -> None:
        """Another shop is being opened, or none: the one behind the backup is closed."""
        live, self.live = self.live, None
        if live is not None:
            self._evening.close()
            live.close()
            self._forget()

    def _forget(self) -> None:
        """Remove the copy that was looked at, where it was one."""
        if self._then is not None:
            late.forget_copy(self._then)
            self._then = None

    def _on_opened(self, copy: Copy, then: Shop, *, choose: bool) -> None:
        self._running = None
        drop = partial(_close, then)
        if self._frame.window.desk is None or self.live is not None:
            drop()
        else:
            self._frame.unless_unsaved(partial(self._show, copy, then, choose=choose), drop)

    def _show(self, copy: Copy, then: Shop, *, choose: bool) -> None:
        window = self._frame.window
        self._page = window.pages.current if window.pages is not None else ""
        live = self._frame.set_aside()
        at = copy.made.at
        day = tr("{day}, {time}", day=dates.show_day(at, year=True, weekday=True), time=at[11:16])
        now = clock.now()
        self._evening.enter_context(clock.at(datetime.fromisoformat(at)))
        self._frame.show_shop(then, Past(live, day, now, self.back))
        self.live, self._then = live, then.path
        said = tr("The shop as it was on {when}. Nothing here can be changed; dates and lateness are those of then.",
                  when=day)  # fmt: skip
        if choose:
            said = sentences(said, tr("Choose orders, items, customers or reviews and take them back."))
        window.show_past(said, tr("Back to now"), self.back, tr("{day}, read only", day=day))
        if choose:
            window.open_page("orders", "all")

    # restoring

    def restore(self, copy: Copy, say: Say) -> None:
        """Put the whole shop back; `say` is told what is done while the window can still be used."""
        desk = self._frame.window.desk
        if desk is None or self._running is not None:
            return
        shop = desk.shop
        self._is_stopped = False
        say(tr("Looking through the backup…"))

        def failed(error: Exception) -> None:
            say("")
            self._on_failed(error)

        made_ready = partial(late.make_ready, shop.path, copy.path, shop.key)
        self._running = beside(made_ready, partial(self._on_ready, shop, dates.show_time(copy.made.at), say), failed)

    def stop(self) -> None:
        """The owner wants no restore any more: what was made ready for it is removed."""
        self._is_stopped = True

    def _on_ready(self, shop: Shop, when: str, say: Say, ready: Ready) -> None:
        self._running = None
        desk = self._frame.window.desk
        drop = partial(_drop, ready, say)
        if self._is_stopped or desk is None or desk.shop is not shop:
            drop()
        else:
            self._frame.unless_unsaved(partial(self._put, shop, when, ready), drop)

    def _put(self, shop: Shop, when: str, ready: Ready) -> None:
        """The long part is done; now nobody may have the shop open."""
        window = self._frame.window
        page = window.pages.current if window.pages is not None else ""
        path, key = shop.path, shop.key
        self._frame.close_for_now()
        window.show_progress(tr("Putting the shop back…"))
        again = partial(self._again, path, key, page)
        beside(partial(late.put_back, path, ready, key), partial(self._on_put, again, path, when),
               partial(self._on_not_put, again))  # fmt: skip

    def _again(self, path: Path, key: Key | None, page: str) -> bool:
        """Open the shop where it was left; whether it is on show."""
        window = self._frame.window
        window.show_progress("")
        if window.desk is None:
            self._frame.opening.open(path, key)
            if window.desk is not None:
                window.open_page(page)
        return window.desk is not None and window.desk.shop.path == path

    def _on_put(self, again: Callable[[], bool], path: Path, when: str, replaced: Replaced) -> None:
        if not again():
            return
        window = self._frame.window
        said = tr("The shop is as it was on {when}.", when=when)
        saved = replaced.saved
        if saved is None:
            window.show_banner(said)
            return
        before = tr("The one of before is the backup of {when}.", when=dates.show_time(saved.at, inside=True))
        back = late.copy_of(backup_folder(path) / saved.name, saved)
        window.show_banner(sentences(said, before), tr("Put it back"), partial(self.restore, back, self._say))

    def _on_not_put(self, again: Callable[[], bool], error: Exception) -> None:
        again()
        self._on_failed(error)

    def _say(self, text: str) -> None:
        desk = self._frame.window.desk
        if text and desk is not None:
            desk.messages.info(text)

    def _on_failed(self, error: Exception) -> None:
        self._running = None
        self._frame.window.topics_changed(frozenset({"backups"}))
        self._frame.opening.refused(error)


def _drop(ready: Ready, say: Say) -> None:
    """Stay with the shop as it is."""
    say("")
    late.forget_ready(ready)


def _close(then: Shop) -> None:
    """Let go of a backup that is not looked at after all."""
    then.close()
    late.forget_copy(then.path)
