"""Setting, changing and removing the password of the open shop: it is put away, written anew, and comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from shopdesk.core import clock, password, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.words import tr
from shopdesk.ui.background import beside
from shopdesk.ui.dress import dressed
from shopdesk.ui.pages import SETTINGS_PAGE
from shopdesk.ui.recovery_card import RecoveryCard, WorkCard
from shopdesk.ui.window import Window

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Done:
    """The new key, the plain files left beside a shop that is under one, and what the disk did not confirm."""

    key: Key | None
    readable: Sequence[str] = ()
    doubt: ShopError | None = None


class Open(Protocol):
    """Opens a shop file in the window."""

    def __call__(self, path: Path, key: Key | None = None) -> None:
        """With its key, when it is under a password."""


class Protecting(QObject):
    """One act on the password of a shop. The window takes nothing else until the shop is open again."""

    _told = Signal(float, str)

    def __init__(self, window: Window, open_shop: Open, over: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._open = open_shop
        self._over = over
        self._path = Path()
        self._name = ""
        self._old: Key | None = None
        self._new_password: str | None = None
        self._on_paper = False
        self._done = Done(None)
        self._card: WorkCard | RecoveryCard | None = None

    def insist(self) -> None:
        """The owner closes the window: say what is to be done first."""
        if self._card is not None:
            self._card.insist()

    def begin(self, shop: Shop, new_password: str) -> None:
        """Put the shop under this password; "" takes it out of the one that it has."""
        self._path, self._old = shop.path, shop.key
        self._name = settings.text(shop.reader(), "shop_name") or shop.path.stem
        self._new_password = new_password or None
        if new_password:
            self._forget_name()
        self._window.put_away_requested.emit()
        self._card = card = dressed(WorkCard(self._name, self._title()))
        self._told.connect(card.tell, Qt.ConnectionType.QueuedConnection)
        self._window.show_closed(card)
        self._hold(held=True)
        work = partial(_change, self._path, self._old, self._new_password, self._told.emit)
        beside(work, self._on_changed, self._on_failed)

    def _forget_name(self) -> None:
        """The recent list holds no more than the file's name from now on, however this ends."""
        self._window.prefs.opened(self._path, self._path.stem, clock.now)
        self._window.prefs.sync()

    def _title(self) -> str:
        if self._new_password is None:
            return tr("Removing the password")
        return tr("Setting the password") if self._old is None else tr("Changing the password")

    def _on_changed(self, done: Done) -> None:
        key, self._done = done.key, done
        self._new_password = None
        if key is None:
            self._come_back(None)
            self._say(tr("The password is removed. Whoever has the file can read it now."))
            self._say_doubt()
            return
        self._card = card = dressed(RecoveryCard(self._name, self._path.name, key))
        card.kept_on_paper.connect(self._on_paper_now)
        card.passed.connect(partial(self._on_passed, key))
        self._window.show_closed(card)
        card.take_keyboard()

    def _on_paper_now(self) -> None:
        self._on_paper = True

    def _on_passed(self, key: Key) -> None:
        self._come_back(key)
        desk = self._window.desk
        if desk is None:
            return
        if self._on_paper:
            desk.worker.write(lambda _task: password.note_sheet(desk.shop), self._on_noted)
        if self._done.readable:
            names = ", ".join(self._done.readable[:_NAMED])
            said = tr("Old files beside the shop can still be read by anybody: {names}.", names=names)
            desk.messages.warning(said, fix=tr("Remove them when you do not need them."))
        else:
            self._say(tr("The shop is under its password. Ctrl+Alt+L locks it."))
        self._say_doubt()

    def _on_noted(self, _nothing: object) -> None:
        if self._window.pages is not None:
            self._window.pages.topics_changed(frozenset({"settings"}))

    def _on_failed(self, error: Exception) -> None:
        self._come_back(self._old)
        if not isinstance(error, ShopError):
            raise error
        if self._window.desk is not None:
            self._window.desk.messages.error(error)

    def _come_back(self, key: Key | None) -> None:
        self._hold(held=False)
        self._over()
        self._open(self._path, key)
        self._window.open_page(SETTINGS_PAGE, "password")

    def _say(self, text: str) -> None:
        if self._window.desk is not None:
            self._window.desk.messages.info(text)

    def _say_doubt(self) -> None:
        if self._done.doubt is not None and self._window.desk is not None:
            self._window.desk.messages.error(self._done.doubt)

    def _hold(self, *, held: bool) -> None:
        self._window.commands.hold(held=held)
        self._window.setAcceptDrops(not held)


def _change(path: Path, old: Key | None, new_password: str | None, tell: password.Progress) -> Done:
    """Do it."""
    doubts: list[ShopError] = []
    key = password.change(path, old, new_password, tell, doubts.append)
    readable = [file.name for file in password.plain_beside(path)] if key is not None else []
    return Done(key, readable, doubts[0] if doubts else None)
