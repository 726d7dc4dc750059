"""A log-out or Ctrl+C in the terminal closes the window the same way as its own button does."""

import os
import signal
import sys
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class QuitSignals(QObject):
    """Hears SIGTERM, SIGINT and SIGHUP without waking up in between. Signals: ``asked``.

    On Windows the session manager closes the window itself; nothing is installed there.
    """

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        if sys.platform == "win32":
            return
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_ready)
        self._before = signal.set_wakeup_fd(self._write)
        self._handlers = {number: signal.signal(number, _heard) for number in _numbers()}

    def close(self) -> None:
        """Leave signals to Python again."""
        if sys.platform == "win32":
            return
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        os.close(self._read)
        os.close(self._write)

    def _on_ready(self) -> None:
        os.read(self._read, 64)
        self.asked.emit()


def _numbers() -> tuple[signal.Signals, ...]:
    return (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The wake-up pipe has carried the news already."""
