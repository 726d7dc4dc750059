"""When the shop's backups are made while the window is open, and what is said of them.

Everything here runs one after the other in a thread of its own beside the window: backups, and bringing them to
the second folder.
"""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from shopdesk.core.errors import Damaged, ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.words import tr
from shopdesk.ui.background import Background, beside
from shopdesk.ui.facts import short

if TYPE_CHECKING:
    from shopdesk.core.before import Held
    from shopdesk.ui.safekeeping import Look, Made
    from shopdesk.ui.window import Window

BACKUP_DELAY_MS = 2500
MINUTE_MS = 60_000
LOOK_MS = 60_000
"""How often it is looked whether the newest backup is still there, whether there is room, and the stick is back."""

MAKING = ("start", "timer", "gone", "bulk", "asked")
"""What makes a backup of the shop; all else is for the other backups, and can wait for the next start."""

Stop = Callable[[], bool]
Work = Callable[[Shop, Stop], "Made"]


class Keeping(QObject):
    """Keeps the backups of the open shop, never on the main thread and one thing at a time.

    What fails is said once and tried again after the usual time; it is said again when it went well between. Damage
    that shows when the newest backup is looked through is `taken` by whoever offers what helps.
    """

    _large = Signal(object)

    def __init__(
        self, window: "Window", refused: Callable[[Exception], None], taken: Callable[[BaseException], bool]
    ) -> None:
        super().__init__()
        self._window = window
        self._refused = refused
        self._taken = taken
        self._shop: Shop | None = None
        self._running: Background | None = None
        self._doing = ""
        self._waiting: dict[str, Work] = {}
        self._held: Held | None = None
        self._stop = Event()
        self._told: set[str] = set()
        self._is_away = False
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.on_time)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self.look)
        self._large.connect(self._on_large)

    @property
    def is_at_work(self) -> bool:
        """Whether a backup is being made."""
        return self._running is not None

    def use(self, shop: Shop) -> None:
        """Another shop is open, or the one that was left behind a backup is looked at again: all begins anew."""
        if shop.before is not None:
            shop.before.close()
            shop.before = None
        self._shop = None if shop.read_only else shop
        self._stop = Event()
        self._told.clear()
        self._is_away = False

    def put_away(self) -> None:
        """The shop is closed: what is not finished is dropped, and made at the next start."""
        self._clock.stop()
        self._looking.stop()
        self._waiting.clear()
        self._stop.set()
        if self._running is not None:
            self._running.wait()
            self._running = None
        self._let_go()
        self._shop = None

    def start(self) -> None:
        """The first rows are shown: save what changed since the last backup, in a moment."""
        QTimer.singleShot(BACKUP_DELAY_MS, self._on_started)

    def topics_changed(self, topics: frozenset[str]) -> None:
        """Something was written: from the first change on the time to the next backup runs."""
        if self._shop is None:
            return
        if topics == {"backups"}:  # also one that an import has made
            self._wait_for("second", _brought)
            return
        changed = "settings" in topics and self._clock.interval() != _minutes(self._shop) * MINUTE_MS
        if changed or not self._clock.isActive():
            self._wind_up()
        if "settings" in topics:
            self._wait_for("second", _brought)

    def now(self) -> None:
        """The owner wants a backup now, also when nothing was changed."""
        self._told.discard("backup")
        self._wait_for("asked", _asked)
        self._window.status.show_backup(tr("Making a backup…"), "good")

    def bring(self) -> None:
        """The owner has plugged the stick in: bring the newest backup there, were it another stick than before."""
        self._told.discard("second")
        self._wait_for("plugged in", _brought_anew)

    def erased(self) -> None:
        """A person was erased from the shop: the backups follow."""
        self._told.discard("erased")
        self._wait_for("erased", _erased)

    def last(self, shop: Shop) -> Callable[[], None]:
        """The work of the last backup before the window closes, for a thread of its own.

        A state that is held is saved before it. What is done to other backups ends, and goes on at the next start.
        """
        held = None
        if "bulk" in self._waiting:
            held, self._held = self._held, None
        self._waiting.clear()
        running = self._running
        if running is not None and self._doing not in MAKING:
            self._stop.set()
            self._stop, self._running = Event(), None
        return partial(_last, shop, running, held)

    # when

    def _on_started(self) -> None:
        if self._shop is None or self._shop.before is not None:
            return
        from shopdesk.core.before import Before  # loaded after the first rows

        self._shop.before = Before(self._shop, self._large.emit)
        self._looking.start()
        self._wait_for("start", partial(_when_due, "start"))
        self._wait_for("second", _brought)
        self._wait_for("erased", _erased)

    def on_time(self) -> None:
        """So many minutes after the first change."""
        self._wait_for("timer", partial(_when_due, "timer"))

    def _on_large(self, held: "Held") -> None:
        """Many records were changed at once: save the state before, unless the state before others waits for it."""
        from shopdesk.core import backup  # loaded with the first facts

        if self._shop is None or self._held is not None or not backup.due(self._shop, held):
            held.close()
            return
        self._held = held
        self._wait_for("bulk", partial(_before, held))

    def look(self) -> None:
        """See whether the newest backup is still there, whether there is room, and the stick is back: each minute."""
        shop, desk = self._shop, self._window.desk
        if shop is not None and desk is not None:
            desk.worker.submit(lambda _con: _look(shop), self._on_looked, key="window.backups")

    def _on_looked(self, looked: "tuple[Look, bool | None, bool]") -> None:
        found, is_away, is_due = looked
        if self._is_away and is_away is False:
            self._wait_for("second", _brought)
        self._is_away = bool(is_away)
        if self._window.facts is not None:
            self._window.facts.show_backup(found.state)
        if found.state.due and self._running is None and not self._clock.isActive():
            if found.state.newest is None:
                self._wait_for("gone", partial(_when_due, "gone"))
            else:
                self._wind_up()
        if is_due and self._running is None and "through" not in self._told:
            self._wait_for("through", _through)
        if found.low is None:
            self._told.discard("room")
        else:
            self._tell("room", found.low)

    def _wind_up(self) -> None:
        if self._shop is not None:
            self._clock.start(_minutes(self._shop) * MINUTE_MS)

    # one after the other

    def _wait_for(self, what: str, work: Work) -> None:
        if self._shop is None:
            return
        self._waiting.setdefault(what, work)
        if self._running is None:
            self._go_on(self._shop)

    def _go_on(self, shop: Shop) -> None:
        if self._waiting:
            what = next(iter(self._waiting))
            work, stop = self._waiting.pop(what), self._stop
            self._doing = what
            done, failed = partial(self._on_done, stop, what), partial(self._on_failed, stop, what)
            makes_way = what in ("older", "through")  # they take long
            asked = (lambda: stop.is_set() or bool(self._waiting)) if makes_way else stop.is_set
            self._running = beside(lambda: work(shop, asked), done, failed)

    def _on_done(self, stop: Event, what: str, made: "Made") -> None:
        if stop.is_set():
            return
        if made.backup is not None:
            self._told.discard("backup")
            self._waiting.setdefault("second", _brought)
        if made.second is not None and not made.second.missed:
            self._told.discard("second")
        if what != "erased":  # a copy that has come, or come back, may hold a person who was erased meanwhile
            self._waiting.setdefault("erased", _erased)
        if made.more or (made.second is not None and not made.second.missed):
            self._waiting.setdefault("older", _older)
        if not made.due:
            self._clock.stop()
        elif made.backup is not None or not self._clock.isActive():
            self._wind_up()
        if what == "asked" and made.backup is not None and self._window.desk is not None:
            self._window.desk.messages.info(tr("Backup {when}, verified", when=short(made.backup.at)))
        self._ended(what)

    def _on_failed(self, stop: Event, what: str, error: Exception) -> None:
        if stop.is_set():
            return
        if what in ("second", "plugged in", "older"):
            self._tell("second", error)
        elif what == "erased":
            self._tell("erased", error)
        elif what == "through":
            if not (isinstance(error, Damaged) and self._taken(error)):
                self._tell("through", error)
            self._told.add("through")  # tried again when the shop is opened again
        else:
            self._wind_up()
            self._tell("backup", error)
        self._ended(what)

    def _tell(self, kind: str, error: Exception) -> None:
        """Say it once; what is no refusal of the disk goes to the crash window."""
        if isinstance(error, Damaged) and self._shop is not None and self._shop.is_damaged:
            return  # the window for a damaged file says so already
        if kind not in self._told or not isinstance(error, ShopError):
            self._told.add(kind)
            self._refused(error)

    def _ended(self, what: str) -> None:
        if what == "bulk":
            self._let_go()
        self._running = None
        if self._window.facts is not None:
            self._window.facts.backup()
        if self._shop is not None:
            self._go_on(self._shop)

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


# what is done beside the window, loaded when it is first wanted


def _when_due(why: str, shop: Shop, stop: Stop) -> "Made":
    from shopdesk.ui.safekeeping import made_when_due

    return made_when_due(shop, why, stop)


def _before(held: "Held", shop: Shop, stop: Stop) -> "Made":
    from shopdesk.ui.safekeeping import made_of

    return made_of(shop, held, stop)


def _asked(shop: Shop, stop: Stop) -> "Made":
    from shopdesk.ui.safekeeping import made_anyway

    return made_anyway(shop, stop)


def _brought(shop: Shop, stop: Stop, *, anew: bool = False) -> "Made":
    from shopdesk.ui.safekeeping import brought

    return brought(shop, stop, anew=anew)


def _brought_anew(shop: Shop, stop: Stop) -> "Made":
    return _brought(shop, stop, anew=True)


def _older(shop: Shop, stop: Stop) -> "Made":
    from shopdesk.ui.safekeeping import older_brought

    return older_brought(shop, stop)


def _erased(shop: Shop, stop: Stop) -> "Made":
    from shopdesk.ui.safekeeping import erased_followed

    return erased_followed(shop, stop)


def _through(shop: Shop, stop: Stop) -> "Made":
    from shopdesk.ui.safekeeping import looked_through

    return looked_through(shop, stop)


def _last(shop: Shop, running: Background | None, held: "Held | None") -> None:
    from shopdesk.ui.safekeeping import made_at_the_end, saved_first

    if running is not None:
        running.wait()
    if held is not None:
        saved_first(shop, held)
    made_at_the_end(shop)


def _look(shop: Shop) -> "tuple[Look, bool | None, bool]":
    """How the backups stand; whether the second folder is away, None where there is none; whether to look deeply."""
    from shopdesk.core import second, through
    from shopdesk.ui.safekeeping import look

    known = second.chosen(shop.reader())
    is_away = None if known is None else not second.is_there(shop.path, known)
    return look(shop), is_away, through.due(shop.reader())


def _minutes(shop: Shop) -> int:
    from shopdesk.core import settings

    return settings.number(shop.reader(), "backup_minutes")
