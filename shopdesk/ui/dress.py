"""The stylesheet on one part of the window: put on at once while it is to be seen, else before it is shown.

One sheet for the whole application would dress every widget of every hidden page again at each switch of the
theme; a part that holds its own sheet can wait.
"""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from shopdesk.ui.theme import theme

W = TypeVar("W", bound=QWidget)


class Dress(QObject):
    """Keeps a part of the window, with all that is in it, in the colours of the theme."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._is_old = False
        part.setStyleSheet(theme().stylesheet())
        theme().recoloured.connect(self._on_recoloured)

    def catch_up(self) -> None:
        """Put the sheet of today on, where the part still wears an old one."""
        part = self.parent()
        if self._is_old and isinstance(part, QWidget):
            self._is_old = False
            part.removeEventFilter(self)
            part.setStyleSheet(theme().stylesheet())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """An old part is being shown."""
        if event.type() == QEvent.Type.Show:
            self.catch_up()
        return False

    def _on_recoloured(self) -> None:
        part = self.parent()
        if not isinstance(part, QWidget):
            return
        if not self._is_old:
            self._is_old = True
            part.installEventFilter(self)
        if part.isVisible():
            self.catch_up()


def dressed(part: W) -> W:
    """Give a part of the window, or a window of its own, the look of the theme for good."""
    Dress(part)
    return part
