"""What becomes of a damaged shop file in the window: it is looked through beside it, and the owner chooses a way."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.words import sentences, tr, trn
from shopdesk.ui import late
from shopdesk.ui.background import beside
from shopdesk.ui.window import Window

if TYPE_CHECKING:
    from shopdesk.core.diagnosis import Diagnosis
    from shopdesk.core.manifest import Backup
    from shopdesk.core.salvage import Salvaged
    from shopdesk.ui.damaged import DamagedWindow

Reopen = Callable[[Path, Key | None], None]
Act = Callable[[], None]


class Leave(Protocol):
    """Leaves the open shop as at the end, and then does something in its place; or something else, to stay."""

    def __call__(self, go: Act, stay: Act = ...) -> None:
        """At once where no shop is open."""


class Rescuing(QObject):
    """Offers the ways out of a damaged file, one window at a time, and goes the one that is chosen.

    `reopen` opens the file that took the broken one's place; `look` opens the broken one for reading; `leave` leaves
    the shop that is open.
    """

    _heard = Signal(object, object)
    _brought = Signal(object)

    def __init__(self, window: Window, reopen: Reopen, look: Reopen, leave: Leave) -> None:
        super().__init__()
        self._window = window
        self._reopen = reopen
        self._look = look
        self._leave = leave
        self._shown: DamagedWindow | None = None
        self._path = Path()
        self._key: Key | None = None
        self._backup: Path | None = None
        self._picked: Path | None = None
        self._rows = 0
        self._over = False
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        self._brought.connect(self._on_brought, Qt.ConnectionType.QueuedConnection)

    @property
    def window(self) -> "DamagedWindow | None":
        """The window on show, if any."""
        return self._shown

    def offer(self, path: Path, key: Key | None = None, *, working: bool = False) -> None:
        """Say that this file is damaged, look through it, and let the owner choose."""
        if self._shown is not None:
            return
        self._path, self._key, self._backup, self._picked = path, key, None, None
        if self._window.desk is not None and self._window.desk.shop.path == path:
            self._window.desk.shop.stop_writing()
            self._window.show_banner(*self.stopped(path, key))
        elif self._window.desk is None:
            self._window.show_welcome()
        self._shown = late.make_damaged_window(self._window, path, working=working)
        self._shown.picked.connect(self._on_picked)
        self._shown.chosen.connect(self._on_chosen)
        self._shown.finished.connect(self._on_finished)
        QTimer.singleShot(0, self._shown.open)
        self._look_through()

    def stopped(self, path: Path, key: Key | None) -> tuple[str, str, Act]:
        """What stands above the pages of a damaged shop; the link in it and what that does."""
        said = tr("“{name}” is damaged. Nothing is written to it any more.", name=path.name)
        fix = tr("What can still be read can be looked at, printed and exported.")
        return sentences(said, fix), tr("What can be done"), partial(self.offer, path, key)

    # what is done beside the window

    def _look_through(self) -> None:
        self._over = False
        beside(partial(self._diagnose, self._path, self._key), None, self._on_trouble)

    def _diagnose(self, path: Path, key: Key | None) -> None:
        from shopdesk.core.process import Cancelled  # loaded when it is wanted, in the background
        from shopdesk.core.rescue import diagnose

        with suppress(Cancelled):  # something was chosen before everything was looked at
            diagnose(path, key=key, hear=self._heard.emit, cancelled=lambda: self._over)

    def _repair(self) -> tuple[str, bool]:
        from shopdesk.core.rescue import repair  # loaded when it is wanted, in the background
        from shopdesk.ui.damaged_words import repaired

        kept, counts = repair(self._path, key=self._key, fill=self._backup, hear=self._brought.emit)
        return repaired(kept, counts), any(one.lost or one.untold for one in counts)

    def _put_back(self) -> tuple[str, bool]:
        from shopdesk.core.rescue import put_back  # loaded when it is wanted, in the background

        backup = self._picked or self._backup
        assert backup is not None
        kept = put_back(self._path, backup, key=self._key)
        return tr("The backup is back. The broken file is kept as “{name}”.", name=kept.name), False

    # what follows

    def _on_heard(self, known: "Diagnosis", backup: "Backup | None") -> None:
        if self._shown is None:
            return
        from shopdesk.core.manifest import folder  # loaded by whoever found the backup

        self._backup = folder(self._path) / backup.name if backup is not None else None
        self._picked = None if backup is not None else self._picked
        self._shown.show_known(known, backup)

    def _on_picked(self, backup: Path) -> None:
        self._picked = backup

    def _on_chosen(self, way: str) -> None:
        assert self._shown is not None
        desk = self._window.desk
        if way == "look":
            self._shown.accept()
            if desk is None or desk.shop.path != self._path:
                self._look(self._path, self._key)
        elif desk is None:
            self._go(way)
        else:
            self._shown.hide()  # else it lies over what is asked
            self._leave(partial(self._go, way), self._shown.open)

    def _go(self, way: str) -> None:
        if self._window.desk is not None:
            self._window.put_away_requested.emit()
        assert self._shown is not None
        self._shown.open()
        self._over = True
        self._rows = 0
        self._shown.show_work(tr("Putting the backup back…") if way == "put_back" else tr("Repairing…"))
        beside(self._put_back if way == "put_back" else self._repair, self._on_done, self._on_trouble)

    def _on_brought(self, brought: "Salvaged") -> None:
        self._rows += brought.rows
        if self._shown is not None:
            said = trn("{count} row brought over…", "{count} rows brought over…", self._rows, count=f"{self._rows:,}")
            self._shown.show_work(said)

    def _on_done(self, told: tuple[str, bool]) -> None:
        said, is_to_do = told
        if self._shown is not None:
            self._shown.accept()
        self._reopen(self._path, self._key)
        if self._window.desk is None:
            return
        if is_to_do:  # what must be entered again stays in sight until the owner has seen it
            self._window.show_banner(said, tr("Got it"), partial(self._window.show_banner, ""))
        else:
            self._window.desk.messages.info(said)

    def _on_trouble(self, error: Exception) -> None:
        if self._over and self._shown is None:
            return
        if not isinstance(error, ShopError):
            raise error
        if self._shown is not None:
            self._shown.show_trouble(str(error))
            if self._over and not self._shown.is_finished:
                self._look_through()  # which the way that led nowhere had cut short

    def _on_finished(self, _result: int) -> None:
        self._over = True
        self._shown = None
