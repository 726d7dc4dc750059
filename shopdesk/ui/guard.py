"""Takes every error that nothing else caught. What it shows is loaded when it is needed."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from shopdesk.ui.late import make_crash_window

if TYPE_CHECKING:
    from shopdesk.ui.crash import CrashWindow


class CrashGuard:
    """Shows one crash window at a time and writes to stderr, too; `taken` may know better what an error means."""

    def __init__(
        self, last_change: Callable[[], str], taken: Callable[[BaseException], bool] = lambda _error: False
    ) -> None:
        self._last_change = last_change
        self._taken = taken
        self._shown: CrashWindow | None = None
        self._before = sys.excepthook

    def install(self) -> None:
        """From now on errors come here."""
        self._before = sys.excepthook
        sys.excepthook = self.caught

    def remove(self) -> None:
        """Leave errors to Python again."""
        sys.excepthook = self._before

    @property
    def window(self) -> "CrashWindow | None":
        """The window on show, if any."""
        return self._shown

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Show the window; a stop from the keyboard just stops."""
        from shopdesk.ui.crash import details  # loaded when something failed

        if issubclass(kind, KeyboardInterrupt):
            self._before(kind, error, trace)
            return
        if self._taken(error):
            return
        text = details(kind, error, trace)
        sys.stderr.write(text + "\n")
        if self._shown is not None or QApplication.instance() is None:
            return
        self._shown = make_crash_window(QApplication.activeWindow(), text, self._last_change())
        self._shown.destroyed.connect(self._on_gone)
        self._shown.show()  # not modal: whatever failed, the window behind it can be used and closed

    def _on_gone(self) -> None:
        self._shown = None
