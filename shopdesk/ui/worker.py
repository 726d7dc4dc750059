"""One thread that reads, one that writes for long; answers come back on the main thread."""

from __future__ import annotations

import inspect
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, Qt, Signal

from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import OperationalError
from shopdesk.ui.sweeping import Sweeper

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

_PROGRESS_EVERY = 0.1


class Cancelled(Exception):
    """The answer is no longer wanted."""


@dataclass(eq=False)
class Task:
    """One piece of work; the work itself reports progress and asks whether it is still wanted."""

    key: str
    run: Callable[..., Any]
    on_done: Callable[[Any], None] | None
    on_error: Callable[[Exception], None] | None
    text: str = ""
    cancelled: bool = False
    result: Any = None
    error: Exception | None = None
    _told: float = 0.0
    _tell: Callable[[str, int, int, str], None] | None = field(default=None, repr=False)

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is, at most ten times a second."""
        self.check()
        now = time.monotonic()
        if self._tell is not None and (now - self._told >= _PROGRESS_EVERY or done >= total):
            self._told = now
            self._tell(self.key, done, total, text or self.text)

    def check(self) -> None:
        """Raise Cancelled when nobody wants the answer any more."""
        if self.cancelled:
            raise Cancelled

    def let_go(self) -> None:
        """On the main thread: forget the callables, which may be the last to hold something of Qt."""
        self.run, self.on_done, self.on_error = _nothing, None, None


def _nothing() -> None:
    """What a task runs that is over."""


class Lane:
    """A thread that takes tasks one by one. Of two tasks with the same key only the newer one counts."""

    def __init__(self, name: str, shop: Shop, *, reads: bool, deliver: Callable[[Task], None]) -> None:
        self._shop = shop
        self._reads = reads
        self._deliver = deliver
        self._waiting: deque[Task] = deque()
        self._running: Task | None = None
        self._connection: Connection | None = None
        self._changed = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, task: Task) -> None:
        """Queue a task; an older one with the same key is dropped, or interrupted when it runs."""
        with self._changed:
            self._drop(task.key)
            self._waiting.append(task)
            self._changed.notify()

    def cancel(self, key: str) -> None:
        """Drop or interrupt the task with that key."""
        with self._changed:
            self._drop(key)

    def busy(self) -> bool:
        """Whether something runs or waits."""
        with self._changed:
            return self._running is not None or bool(self._waiting)

    def stop(self) -> None:
        """Interrupt what runs, forget what waits, end the thread."""
        with self._changed:
            self._over = True
            for task in self._waiting:
                task.cancelled = True
            self._waiting.clear()
            self._interrupt()
            self._changed.notify()
        self._thread.join(10)
        self._running = None

    def _drop(self, key: str) -> None:
        if not key:
            return
        for task in [t for t in self._waiting if t.key == key]:
            task.cancelled = True
            self._waiting.remove(task)
        if self._running is not None and self._running.key == key:
            self._interrupt()

    def _interrupt(self) -> None:
        if self._running is not None:
            self._running.cancelled = True
            if self._connection is not None:
                self._connection.interrupt()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._over:
                    self._changed.wait()
                if self._over:
                    self._shop.forget_reader()
                    return
                task = self._running = self._waiting.popleft()
            self._perform(task)
            self._deliver(task)
            with self._changed:
                if not self._over:  # else the main thread lets go of it, see Task.let_go
                    self._running = None

    def _perform(self, task: Task) -> None:
        try:
            if self._reads:
                self._connection = self._shop.reader()
                task.result = _call(task, self._connection)
            else:
                task.result = task.run(task)
        except Cancelled:
            task.cancelled = True
        except OperationalError as error:
            if not task.cancelled:
                task.error = error
        except Exception as error:
            task.error = error


def _call(task: Task, connection: Connection) -> Any:
    takes_task = len(inspect.signature(task.run).parameters) > 1
    return task.run(connection, task) if takes_task else task.run(connection)


class Worker(QObject):
    """Runs what takes longer than a frame; answers arrive on the main thread, the newest wins.

    Signals: ``progressed(key, done, total, text)``, ``finished(key)`` after an answer was handed over.
    """

    progressed = Signal(str, int, int, str)
    finished = Signal(str)
    _answered = Signal(object)

    def __init__(self, shop: Shop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self._on_the_way = 0
        self._counting = threading.Lock()
        self._stopped = False
        self._sweeper = Sweeper()
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._reading = Lane("reader", shop, reads=True, deliver=self._hand_over)
        self._writing: Lane | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        lanes = (self._reading, self._writing)
        # the lanes first: a lane counts its answer before it is no longer busy
        return any(lane.busy() for lane in lanes if lane is not None) or self._on_the_way > 0

    @property
    def writing(self) -> bool:
        """Whether something is written, or waits to be."""
        return self._writing is not None and self._writing.busy()

    def submit(
        self,
        fn: Callable[..., Any],
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        *,
        key: str = "",
        task_text: str = "",
    ) -> Task:
        """Run fn(connection) or fn(connection, task) in the reading thread."""
        return self._put(self._reading, Task(key, fn, on_done, on_error, task_text))

    def write(
        self,
        fn: Callable[[Task], Any],
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        *,
        key: str = "",
        text: str = "",
    ) -> Task:
        """Run fn(task), which calls verbs of the shop, in the writing thread."""
        if self._writing is None:
            self._writing = Lane("writer", self._shop, reads=False, deliver=self._hand_over)
        return self._put(self._writing, Task(key, fn, on_done, on_error, text))

    def cancel(self, key: str) -> None:
        """Forget the work with that key; its answer will not come."""
        self._reading.cancel(key)
        if self._writing is not None:
            self._writing.cancel(key)

    def wait_idle(self, timeout_ms: int = 5000) -> bool:
        """Turn the event loop until every answer was handed over; for tests and pictures."""
        deadline = QDeadlineTimer(timeout_ms)
        while self.busy:
            if deadline.hasExpired():
                return False
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.001)
        return True

    def stop(self) -> None:
        """End the threads; no answer comes after this."""
        self._stopped = True
        self._reading.stop()
        if self._writing is not None:
            self._writing.stop()
        self._sweeper.stop()

    def _put(self, lane: Lane, task: Task) -> Task:
        if self._stopped:  # nobody would take it up, and it would hold the page that asks for ever
            task.cancelled = True
            return task
        task._tell = self.progressed.emit  # noqa: SLF001 - the task's only way to the screen
        lane.put(task)
        return task

    def _hand_over(self, task: Task) -> None:
        if self._stopped:
            return
        with self._counting:
            self._on_the_way += 1
        self._answered.emit(task)

    def _on_answered(self, task: Task) -> None:
        with self._counting:
            self._on_the_way -= 1
        on_done, on_error = task.on_done, task.on_error
        task.let_go()
        if self._stopped or task.cancelled:
            return
        if task.error is None:
            if on_done is not None:
                on_done(task.result)
        elif on_error is not None and isinstance(task.error, ShopError):
            on_error(task.error)
        else:
            raise task.error
        self.finished.emit(task.key)
