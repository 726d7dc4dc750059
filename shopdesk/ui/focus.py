"""The ring around what has the keyboard: one frame that follows the focus, for keyboard moves only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from shopdesk.ui.ring import Ring

# these show the focus themselves: a thicker border, or a bar beside the current row
OWN_FOCUS = ("QLineEdit", "QAbstractSpinBox", "QComboBox", "QAbstractScrollArea")


class FocusRing(QObject):
    """Moves the ring with the focus; the window tells it when the keyboard is what moves it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ring: Ring | None = None
        self._by_keyboard = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @property
    def ring(self) -> Ring | None:
        """The frame, once it was needed; it goes with the page that it was last shown on."""
        return self._ring if self._ring is not None and isValid(self._ring) else None

    @contextmanager
    def keyboard(self) -> Iterator[None]:
        """Within the block a change of focus comes from the keyboard."""
        self._by_keyboard = True
        try:
            yield
        finally:
            self._by_keyboard = False

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        ring = self._ring if self._ring is not None and isValid(self._ring) else None
        if new is None or not self._by_keyboard or not self._fits(new):
            if ring is not None:
                ring.setWidget(None)  # type: ignore[arg-type]
            return
        if ring is None:
            from shopdesk.ui.ring import Ring  # 5 ms of start-up that most mornings do not need

            ring = self._ring = Ring(self._window)
        ring.setWidget(new)

    def _fits(self, widget: QWidget) -> bool:
        shows_itself = any(widget.inherits(name) for name in OWN_FOCUS)
        return self._window.isAncestorOf(widget) and not shows_itself
