"""How long nobody has touched keyboard or mouse, for the lock that comes by itself."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

LOOK_MS = 5000
"""How often it is looked whether the time is over: so much later at most does the lock come."""

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)
Clock = Callable[[], tuple[float, float]]


def both_clocks() -> tuple[float, float]:
    """Seconds of a clock that nobody sets, and of the wall, which goes on while the laptop sleeps."""
    return time.monotonic(), time.time()


class Idle(QObject):
    """Counts from the last touch. Signals: ``over`` once, when nobody touched anything for so many minutes.

    It listens to the windows, not to the application: a hundred times fewer events pass through Python. What an
    input method types comes past the windows, so it listens to what has the keyboard, too.
    """

    over = Signal(int)

    def __init__(self, parent: QObject | None = None, clock: Clock = both_clocks) -> None:
        super().__init__(parent)
        self._clock = clock
        self._minutes = 0
        self._touched = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def minutes(self) -> int:
        """After how many minutes it is over; 0 for never, and while nothing is counted."""
        return self._minutes

    @property
    def touched(self) -> tuple[float, float]:
        """When the last touch was, by both clocks."""
        return self._touched

    def start(self, minutes: int, touched: tuple[float, float] | None = None) -> None:
        """Count from now on, or from a touch before; 0 minutes is never."""
        self.stop()
        self._minutes = minutes
        if minutes:
            self._touched = touched or self._clock()
            self._timer.start()
            self._listen()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()
        self._minutes = 0

    def look(self) -> bool:
        """Whether the time is over, which is told once; listens to the windows that have come since, too."""
        if not self._minutes:
            return False
        if self.seconds() >= self._minutes * 60:
            minutes = self._minutes
            self.stop()
            self.over.emit(minutes)
            return True
        self._listen()
        return False

    def seconds(self) -> float:
        """Since the last touch; of the two clocks the one that went further."""
        return max(now - then for now, then in zip(self._clock(), self._touched, strict=True))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A touch; one that comes when the time is over already (the laptop slept) is too late and goes nowhere."""
        if not self._minutes or event.type() not in _TOUCHES:
            return False
        if self.look():
            return True
        self._touched = self._clock()
        return False

    def _listen(self) -> None:
        for part in (*QGuiApplication.topLevelWindows(), QGuiApplication.focusObject()):
            if part is not None:
                part.installEventFilter(self)
