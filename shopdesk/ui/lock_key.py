"""The key that locks, wherever the keyboard is: the window's own shortcut sleeps under the palette and a dialog."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow
from shiboken6 import isValid

LOCK_KEYS = "Ctrl+Alt+L"


class LockKey(QObject):
    """Hears Ctrl+Alt+L in the window that has the keyboard, once nothing else took it for a shortcut.

    It listens to that window only, as the application's every event would pass through Python otherwise.
    """

    def __init__(self, lock: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._lock = lock
        self._keys = QKeySequence(LOCK_KEYS)
        self._heard: QWindow | None = None
        _application().focusWindowChanged.connect(self._on_window)
        self._on_window(QGuiApplication.focusWindow())

    def stop(self) -> None:
        """Listen no more."""
        _application().focusWindowChanged.disconnect(self._on_window)
        self._on_window(None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The key is pressed: it goes nowhere else."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if QKeySequence(event.keyCombination()) != self._keys:
            return False
        self._lock()
        return True

    def _on_window(self, window: QWindow | None) -> None:
        if self._heard is not None and isValid(self._heard):
            self._heard.removeEventFilter(self)
        self._heard = window
        if window is not None:
            window.installEventFilter(self)


def _application() -> QGuiApplication:
    app = QCoreApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app
