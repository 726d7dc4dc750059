"""The menu behind the shop's name: other shops, and the commands about shop files."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from shopdesk.core.words import tr

if TYPE_CHECKING:
    from shopdesk.ui.window import Window

SHOP_COMMANDS = ("open", "new", "whole", "lock", "close")


class ShopMenu(QMenu):
    """Made anew each time it opens."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.triggered.connect(self._on_triggered)
        here = window.desk.shop.path if window.desk is not None else None
        for path, name, _when in window.prefs.recent():
            if path != here:
                self.addAction((name or path.stem).replace("&", "&&")).setData(path)
        self.addSeparator()
        for command in window.commands.table:
            if command.key in SHOP_COMMANDS:
                self.addAction(tr(command.title)).setData(command.key)

    def open_at(self, at: QPoint) -> None:
        """Show it."""
        self.popup(at)

    def _on_triggered(self, action: QAction) -> None:
        if isinstance(action.data(), Path):
            self._window.open_requested.emit(action.data())
        else:
            self._window.commands.trigger(action.data())
