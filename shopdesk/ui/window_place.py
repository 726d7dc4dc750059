"""Where the window stands and how wide its rail is: remembered from last time, at first what fits the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from shopdesk.ui.pages import Pages
    from shopdesk.ui.prefs import Prefs
    from shopdesk.ui.rail import Rail

NARROW = 1320
SMALLEST = (960, 560)
FIRST_SIZE = (1366, 768)
TITLE_BAR = 36
"""About what the system's frame adds to the height of a window."""


def restore(window: QWidget, prefs: Prefs) -> None:
    """Put the window where it was; the first time it gets its usual size, or the screen where that is too small."""
    geometry = prefs.data("geometry")
    if not geometry.isEmpty() and window.restoreGeometry(geometry):
        return
    room = window.screen().availableGeometry()
    size = first_size(room.size())
    window.resize(size)
    if size != QSize(*FIRST_SIZE):
        window.move(room.topLeft())


def first_size(room: QSize) -> QSize:
    """The size of a window that was never moved, on a screen with so much room."""
    return QSize(*FIRST_SIZE).boundedTo(room - QSize(0, TITLE_BAR))


class RailWidth:
    """Folds the rail in a narrow window by itself, in a wide one as the owner wants it."""

    def __init__(self, prefs: Prefs) -> None:
        self._prefs = prefs
        self._owner_folds = prefs.flag("rail_collapsed")
        self._narrow = False
        self._rail: Rail | None = None
        self._pages: Pages | None = None

    def use(self, rail: Rail | None, pages: Pages | None) -> None:
        """Work for the rail and the pages of another shop."""
        self._rail, self._pages = rail, pages
        self._apply()

    def window_is(self, width: int) -> None:
        """The window has another width."""
        narrow = width < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self._apply()

    def toggle(self) -> None:
        """Make the rail narrow or wide."""
        if self._rail is not None:
            self.fold(not self._rail.collapsed)

    def fold(self, collapsed: bool) -> None:
        """The owner folds or unfolds the rail; in a narrow window for now only."""
        if self._rail is not None:
            self._rail.set_collapsed(collapsed)
            if not self._narrow:
                self._owner_folds = collapsed
                self._prefs.put("rail_collapsed", collapsed)

    def _apply(self) -> None:
        if self._rail is not None and self._pages is not None:
            self._rail.set_collapsed(self._narrow or self._owner_folds)
            self._pages.set_narrow(self._narrow)
