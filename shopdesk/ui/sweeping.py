"""Collects Python's garbage on the main thread only.

A collection that happens to run in the worker's thread may free widgets there, and Qt kills the process for
that. While a worker runs, automatic collection is off and a timer of the main thread does it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500
_YOUNG = 2000
_MIDDLE = 10
_OLD = 40


class Sweeper(QObject):
    """Collects while it lives; stop() gives the work back to Python."""

    _alive = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stopped = False
        Sweeper._alive += 1
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._sweep)
        self._timer.start()

    def stop(self) -> None:
        """The last one to stop turns automatic collection on again."""
        if self._stopped:
            return
        self._stopped = True
        self._timer.stop()
        Sweeper._alive -= 1
        if not Sweeper._alive:
            gc.enable()

    def _sweep(self) -> None:
        young, middle, old = gc.get_count()
        if young < _YOUNG and middle < _MIDDLE:
            return
        gc.collect(2 if old >= _OLD else 1 if middle >= _MIDDLE else 0)
