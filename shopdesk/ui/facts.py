"""What the frame of the window says about the shop: its name, work waiting per tab, the last act, the backup."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from shopdesk.core import channels, clock, dates, settings
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.features import FEATURES, waiting
from shopdesk.ui.desk import Desk
from shopdesk.ui.rail import Rail
from shopdesk.ui.statusbar import StatusBar

if TYPE_CHECKING:
    from shopdesk.core.backup import Backup
    from shopdesk.core.journal import Step


class Facts:
    """Asks the worker and writes the answers into rail and status bar, while the shop is open."""

    def __init__(self, desk: Desk, rail: Rail, status: StatusBar) -> None:
        self._desk = desk
        self._rail = rail
        self._status = status

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Something was written."""
        self.counts()
        self.last_act()
        if topics & {"settings", "channels"}:
            self.names()

    def all(self) -> None:
        """Everything anew, in the language in use."""
        self.names()
        self.last_act()
        self.counts()
        self.backup()

    def names(self) -> None:
        """Name of the shop and number of channels."""
        self._desk.worker.submit(_read_names, self._show_names, key="window.names")

    def counts(self) -> None:
        """The work waiting on every tab."""
        for name in FEATURES:
            self._desk.worker.submit(partial(waiting, name), self._shower(name), key=f"window.count.{name}")

    def last_act(self) -> None:
        """What was done last."""
        shop = self._desk.shop
        self._desk.worker.submit(lambda _con: shop.last_step(), self._show_last, key="window.last")

    def backup(self) -> None:
        """How old the newest backup is."""
        from shopdesk.core import backup  # with hashlib and the checks, after the first rows

        path = self._desk.shop.path
        self._desk.worker.submit(lambda _con: backup.newest(path), self._show_backup, key="window.backup")

    def _show_names(self, found: tuple[str, int]) -> None:
        name, count = found
        said = trn("{n} channel", "{n} channels", count) if count else tr("no channel yet")
        self._rail.head.set_shop(name or self._desk.shop.path.stem, said)

    def _shower(self, name: str) -> Callable[[tuple[int, int]], None]:
        def show(counted: tuple[int, int]) -> None:
            self._rail.tabs[name].set_count(*counted)

        return show

    def _show_last(self, step: "Step | None") -> None:
        said = ""
        if step is not None:
            at = datetime.fromisoformat(step.at).astimezone().replace(tzinfo=None)
            said = f"{step.label} · {short(clock.text(at))}"
        self._status.show_last(said, undo=step is not None and not self._desk.read_only)

    def _show_backup(self, newest: "Backup | None") -> None:
        said = tr("Backup {when}, verified", when=short(newest.at)) if newest is not None else ""
        self._status.show_backup(said, "good")


def short(when: str) -> str:
    """A time of today as 12:00, any other as it is said."""
    return when[11:16] if when[:10] == clock.text()[:10] else dates.show_time(when)


def _read_names(con: Connection) -> tuple[str, int]:
    return settings.text(con, "shop_name"), len(channels.listed(con))
