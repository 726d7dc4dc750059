"""Long looks at files, one after the other beside the window, so that the disk is not asked for two at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from shopdesk.ui.background import Background, beside

Work = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class OneByOne(QObject):
    """A line of pieces of work; each has a thread of its own when its turn comes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[Work, Done, Failed | None]] = deque()
        self._running: Background | None = None
        self._turn = 0
        self._is_stopped = False

    @property
    def busy(self) -> bool:
        """Whether something runs or waits."""
        return self._running is not None or bool(self._waiting)

    def add(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Do this after what waits already; nothing once it was stopped."""
        if not self._is_stopped:
            self._waiting.append((work, done, failed))
            self._go_on()

    def only(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Do this next; what waited is no longer wanted, nor is the answer of what runs."""
        self._waiting.clear()
        self._turn += 1
        self.add(work, done, failed)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def stop(self) -> None:
        """Forget everything for good, and wait for what runs."""
        self._is_stopped = True
        self._waiting.clear()
        self._turn += 1
        if self._running is not None:
            self._running.wait()
            self._running = None

    def _go_on(self) -> None:
        if self._running is not None or not self._waiting:
            return
        work, done, failed = self._waiting.popleft()
        turn = self._turn

        def ended(result: Any) -> None:
            self._running = None
            if turn == self._turn:
                done(result)
            self._go_on()

        def went_wrong(error: Exception) -> None:
            self._running = None
            self._go_on()
            if turn != self._turn:
                return
            if failed is None:
                raise error
            failed(error)

        self._running = beside(work, ended, went_wrong)
