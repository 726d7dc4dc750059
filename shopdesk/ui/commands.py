"""The window's own commands: one table, from which the shortcuts and the palette come."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from shopdesk.core.words import tr


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the window: key of the table, English title, icon, what it does, shortcuts.

    ``shop`` says that it needs an open shop, ``locked`` that it works while the shop is locked. The first shortcut
    is the one shown.
    """

    key: str
    title: str
    icon: str
    run: Callable[[], None]
    shortcuts: tuple[str, ...] = ()
    shop: bool = True
    locked: bool = False


class Commands:
    """The commands as actions of the window."""

    def __init__(self, window: QWidget, commands: tuple[Command, ...]) -> None:
        self.table = commands
        self._actions: dict[str, QAction] = {}
        self._free = {command.key: True for command in commands}
        self._held = False
        for command in commands:
            action = QAction(window)
            action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
            action.triggered.connect(_without_argument(command.run))
            window.addAction(action)
            self._actions[command.key] = action
        self.retranslate()

    def retranslate(self) -> None:
        """Take the titles in the language in use."""
        for command in self.table:
            self._actions[command.key].setText(tr(command.title))

    def enable(self, *, shop: bool, taken: frozenset[str]) -> None:
        """Leave keys to the page that has them itself (``taken``), and shop commands to an open shop."""
        for command in self.table:
            free = not any(_native(keys) in taken for keys in command.shortcuts)
            self._free[command.key] = free and (shop or not command.shop)
        self._apply()

    def hold(self, *, held: bool) -> None:
        """While the shop is locked no command works but those that say so."""
        self._held = held
        self._apply()

    def trigger(self, key: str) -> None:
        """Do a command."""
        self._actions[key].trigger()

    def _apply(self) -> None:
        for command in self.table:
            self._actions[command.key].setEnabled(self._free[command.key] and (command.locked or not self._held))


def _without_argument(run: Callable[[], None]) -> Callable[[bool], None]:
    def triggered(_checked: bool) -> None:
        run()

    return triggered


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


def portable(keys: tuple[str, ...]) -> frozenset[str]:
    """Shortcuts in one spelling, to compare them."""
    return frozenset(_native(key) for key in keys if key)
