"""Collects Python's garbage on the main thread only.

A collection that happens to run in another thread may free what belongs to Qt's main thread there (actions,
models, timers), and Qt kills the process for that. One that happens to run while Qt destroys an object may destroy
another, which waits for ever for a lock that the first one holds. As long as there is a window or a thread of ours,
automatic collection is off and a timer of the main thread does it.
"""

from __future__ import annotations

import gc
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QTimer

_EVERY_MS = 500
_YOUNG = 2000
_MIDDLE = 10
_OLD = 40


class Sweeper:
    """Held by the program, and by whoever has a thread, from before its start until after its end."""

    _held: ClassVar[int] = 0
    _timer: ClassVar[QTimer | None] = None

    def __init__(self) -> None:
        self._stopped = False
        Sweeper._held += 1
        gc.disable()
        if Sweeper._timer is None:
            Sweeper._timer = timer = QTimer(QCoreApplication.instance())
            timer.setInterval(_EVERY_MS)
            timer.timeout.connect(_sweep)
            timer.start()

    def stop(self) -> None:
        """The last one to stop gives the work back to Python."""
        if self._stopped:
            return
        self._stopped = True
        Sweeper._held -= 1
        if not Sweeper._held and Sweeper._timer is not None:
            Sweeper._timer.stop()
            Sweeper._timer.deleteLater()
            Sweeper._timer = None
            gc.enable()


def _sweep() -> None:
    young, middle, old = gc.get_count()
    if young < _YOUNG and middle < _MIDDLE:
        return
    gc.collect(2 if old >= _OLD else 1 if middle >= _MIDDLE else 0)
