"""Run one long thing beside the window (opening, creating, backing up) and get its answer on the main thread."""

import threading
from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Qt, Signal

from shopdesk.core import readings
from shopdesk.ui.sweeping import Sweeper


class Background(QObject):
    """One thread for one call. Keeps itself alive until the answer was handed over."""

    _ended = Signal(object, object)
    _alive: ClassVar[set["Background"]] = set()

    def __init__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__()
        self._work = work
        self._done = done
        self._failed = failed
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)
        self._sweeper = Sweeper()

    def start(self) -> "Background":
        """Begin."""
        Background._alive.add(self)
        self._thread.start()
        return self

    def wait(self, seconds: float = 30.0) -> None:
        """Wait for the thread, without its answer."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._ended.emit(self._work(), None)
        except Exception as error:
            self._ended.emit(None, error)

    def _on_ended(self, result: Any, error: Exception | None) -> None:
        self._thread.join()  # it has said its last word; now this object is not freed there
        self._sweeper.stop()
        Background._alive.discard(self)
        if error is None:
            if self._done is not None:
                self._done(result)
        elif self._failed is not None:
            self._failed(error)
        else:
            raise error


def beside(
    work: Callable[[], Any],
    done: Callable[[Any], None] | None = None,
    failed: Callable[[Exception], None] | None = None,
) -> Background:
    """Run ``work()`` in a thread; ``done(result)`` or ``failed(error)`` follows on the main thread."""
    return Background(work, done, failed).start()


def warm_readings() -> None:
    """Load the readings of characters beside the window: what the owner types now will soon need them."""
    if not readings.loaded():
        beside(readings.load)
