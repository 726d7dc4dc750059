"""One table of actions per page; menu, buttons, context menu, palette and shortcuts all come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from shopdesk.core.words import N_, tr
from shopdesk.ui.icons import icon
from shopdesk.ui.text import key_text

ONLY_READING = N_("The shop is open for reading only.")


class Place(Enum):
    """Where an action has its button; every action stands in the context menu and the palette too.

    One of the drawer stands nowhere else: it is another word for an action that the menu has.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"
    MAIN = "main"
    SELECTION = "selection"
    MENU = "menu"
    HIDDEN = "hidden"
    DRAWER = "drawer"


class Needs(Enum):
    """What an action works on: nothing, one record (the current), or the selection."""

    NOTHING = 0
    ONE = 1
    SOME = 2


@dataclass(frozen=True, slots=True)
class Action:
    """Something the owner can do on a page.

    `title` is an N_() text, verb first. `run` is called without arguments, or with a list of ids when the
    action needs records. A shortcut of one character works only while the table has the focus. An action that
    only `reads` (prints, copies, goes somewhere) can be done in a shop that is open for reading only.
    """

    key: str
    title: str
    icon: str
    run: Callable[..., None]
    shortcut: str = ""
    place: Place = Place.MENU
    needs: Needs = Needs.NOTHING
    tone: str = ""
    enabled: Callable[[], bool] | None = None
    tip: str = ""
    reads: bool = False

    @property
    def single(self) -> bool:
        """Whether the shortcut is a plain character or a key that fields need themselves."""
        return len(self.shortcut) == 1 or self.shortcut in {"Del", "Ctrl+C", "Return", "Space"}


class ActionTable(QObject):
    """The actions of one page as QActions.

    Signals: ``changed`` when the words or what is possible may have changed.
    """

    changed = Signal()

    def __init__(
        self, owner: QWidget, ids: Callable[[Needs, Callable[[list[int]], None]], None], some: Callable[[], bool]
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._ids = ids
        self._some = some
        self._actions: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        self._ready = False
        self.read_only = False

    def fill(self, actions: Iterable[Action]) -> None:
        """Take the page's actions; once."""
        for action in actions:
            made = QAction(self._owner)
            made.setObjectName(action.key)
            if action.shortcut and not action.single:
                made.setShortcut(QKeySequence(action.shortcut))
                made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)  # while the page is on show
            made.triggered.connect(lambda _on=False, key=action.key: self.trigger(key))
            self._owner.addAction(made)
            self._actions[action.key] = action
            self._made[action.key] = made

    def start(self) -> None:
        """The page is built: from now on its actions can be done."""
        self._ready = True
        self.retranslate()

    def all(self) -> tuple[Action, ...]:
        """Every action in the order of the table."""
        return tuple(self._actions.values())

    def keys(self) -> tuple[str, ...]:
        """The shortcuts of the page."""
        return tuple(action.shortcut for action in self.all())

    def find(self, key: str) -> Action:
        """The action of that key. Raises KeyError."""
        return self._actions[key]

    def placed(self, *places: Place) -> list[Action]:
        """The actions that have their button there."""
        return [action for action in self._actions.values() if action.place in places]

    def qt(self, key: str) -> QAction:
        """The QAction, for a menu."""
        return self._made[key]

    def label(self, key: str) -> str:
        """The words of an action in the owner's language."""
        return tr(self._actions[key].title)

    def available(self, key: str) -> bool:
        """Whether it can be done now."""
        action = self._actions[key]
        if not self._ready or self.is_locked(key):
            return False
        if action.needs is not Needs.NOTHING and not self._some():
            return False
        return action.enabled is None or action.enabled()

    def is_locked(self, key: str) -> bool:
        """Whether it would write, and the shop is open for reading only."""
        return self.read_only and not self._actions[key].reads

    def trigger(self, key: str) -> bool:
        """Do it, when it can be done now."""
        if not self.available(key):
            return False
        action = self._actions[key]
        if action.needs is Needs.NOTHING:
            action.run()
        else:
            self._ids(action.needs, action.run)
        return True

    def press(self, text: str) -> bool:
        """Do what a single key stands for."""
        for action in self._actions.values():
            if action.single and action.shortcut.casefold() == text.casefold():
                return self.trigger(action.key)
        return False

    def refresh(self) -> None:
        """Look again what is possible."""
        for key, made in self._made.items():
            made.setEnabled(self.available(key))
        self.changed.emit()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        for key, made in self._made.items():
            action = self._actions[key]
            made.setText(tr(action.title))
            made.setIcon(icon(action.icon, "bad" if action.tone == "bad" else "text_2"))
        self.refresh()

    def menu(self, parent: QWidget, *, records: bool) -> QMenu:
        """The context menu: what the records allow first, then the page's own actions."""
        menu = QMenu(parent)
        groups = (
            [a for a in self.all() if a.needs is not Needs.NOTHING and a.place is not Place.DRAWER and a.tone != "bad"],
            [a for a in self.all() if a.needs is Needs.NOTHING and a.place is not Place.HIDDEN and a.tone != "bad"],
            [a for a in self.all() if a.tone == "bad"],
        )
        for group in groups if records else groups[1:2]:
            if group and not menu.isEmpty():
                menu.addSeparator()
            for action in group:
                menu.addAction(self._for_menu(action, menu))
        return menu

    def _for_menu(self, action: Action, menu: QMenu) -> QAction:
        made = self._made[action.key]
        if not action.single:
            return made
        shown = QAction(made.icon(), f"{made.text()}\t{key_text(action.shortcut)}", menu)
        shown.setEnabled(made.isEnabled())
        shown.triggered.connect(made.trigger)
        return shown
