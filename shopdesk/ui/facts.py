"""What the frame of the window says about the shop: its name, work waiting per tab, the last act, the backup."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from shopdesk.core import channels, clock, dates, settings, words
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.features import FEATURES, waiting
from shopdesk.ui.desk import Desk
from shopdesk.ui.rail import Rail
from shopdesk.ui.statusbar import StatusBar

if TYPE_CHECKING:
    from shopdesk.core.backup import State
    from shopdesk.core.steps import Step


class Facts:
    """Asks the worker and writes the answers into rail and status bar, while the shop is open."""

    def __init__(self, desk: Desk, rail: Rail, status: StatusBar) -> None:
        self._desk = desk
        self._rail = rail
        self._status = status

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Something was written."""
        self.backup()
        if topics == {"backups"}:
            return
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
        """The work waiting on every tab; in what is past nothing waits any more."""
        for name in FEATURES if self._desk.past is None else ():
            self._desk.worker.submit(partial(waiting, name), self._shower(name), key=f"window.count.{name}")

    def last_act(self) -> None:
        """What was done last."""
        shop = self._desk.shop
        self._desk.worker.submit(lambda _con: shop.last_step(), self._show_last, key="window.last")

    def backup(self) -> None:
        """How old the newest backup is. A copy that is only looked at has none of its own."""
        from shopdesk.core import backup  # with hashlib and the checks, after the first rows

        shop = self._desk.shop
        if not self._desk.read_only:
            self._desk.worker.submit(lambda _con: backup.state(shop), self.show_backup, key="window.backup")

    def show_backup(self, state: "State") -> None:
        """Say how the backups stand."""
        self._status.show_backup(*_said_of(state))

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


def _said_of(state: "State") -> tuple[str, str, str]:
    """What the foot of the window says of the backups, in which role, and its tooltip."""
    newest = state.newest
    if newest is None:
        said, role, tip = tr("No backup yet"), "warn", tr("There is no verified backup beside the shop file.")
    else:
        said, role = tr("Backup {when}, verified", when=short(newest.at)), "good"
        tip = tr("It was opened and checked when it was made, and is there in full.")
        if state.due and _is_old(newest.at):
            role, tip = "warn", tr("It is older than a day, and the shop has been changed since.")
    if state.trouble is not None:
        return tr("Backup not written"), "bad", words.sentences(str(state.trouble), said)
    return said, role, tip


def _is_old(at: str) -> bool:
    return datetime.fromisoformat(at) < clock.now() - timedelta(days=1)


def short(when: str) -> str:
    """A time of today as 12:00, any other as it is said."""
    return when[11:16] if when[:10] == clock.text()[:10] else dates.show_time(when)


def _read_names(con: Connection) -> tuple[str, int]:
    return settings.text(con, "shop_name"), len(channels.listed(con))
