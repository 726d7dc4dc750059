"""The tools at the right of the chips: filter, columns, drawer, and their menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from shopdesk.core.words import N_, tr
from shopdesk.ui.icons import icon
from shopdesk.ui.text import plain_tip

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.columns import Filter
    from shopdesk.ui.table_model import TableModel
    from shopdesk.ui.table_view import TableView

_TIPS = {"filter": N_("Filter"), "columns": N_("Columns"), "drawer_open": N_("Drawer (Enter)")}


class ListTools(QObject):
    """The tools of one table.

    Signals: ``filter_chosen(key, value)`` (None takes it off, "" all), ``column_toggled(number, on)``,
    ``usual_columns_requested``, ``drawer_requested``.
    """

    filter_chosen = Signal(str, object)
    column_toggled = Signal(int, bool)
    usual_columns_requested = Signal()
    drawer_requested = Signal()

    def __init__(
        self,
        page: QWidget,
        rows: TableModel,
        table: TableView,
        filters: tuple[Filter, ...],
        reader: Callable[[], Connection],
        names: tuple[str, ...],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._rows = rows
        self._table = table
        self._filters = filters
        self._reader = reader
        self._chosen: dict[str, object] = {}
        slots = {
            "filter": self._on_filter,
            "columns": self._on_columns,
            "drawer_open": self.drawer_requested.emit,
        }
        self.buttons = {name: _tool(name, slots[name]) for name in names}

    def show_chosen(self, chosen: dict[str, object]) -> None:
        """Colour the funnel while something is filtered."""
        self._chosen = chosen
        if "filter" in self.buttons:
            funnel = icon("filter", "accent" if chosen else "text_2", fill=bool(chosen))
            self.buttons["filter"].setIcon(funnel)

    def watch(self, drawer: QWidget) -> None:
        """Show by the button of the drawer whether it would open or close."""
        drawer.removeEventFilter(self)
        drawer.installEventFilter(self)
        self._show_way(drawer)

    def eventFilter(self, drawer: QObject, event: QEvent) -> bool:
        """The drawer came or went."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and isinstance(drawer, QWidget):
            self._show_way(drawer)
        return False

    def _show_way(self, drawer: QWidget) -> None:
        if "drawer_open" in self.buttons:
            self.buttons["drawer_open"].setIcon(icon("drawer_open" if drawer.isHidden() else "drawer_close", "text_2"))

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        for name, button in self.buttons.items():
            plain_tip(button, tr(_TIPS[name]))
            button.setAccessibleName(tr(_TIPS[name]))

    def columns_menu(self, point: QPoint) -> None:
        """Which columns to show."""
        menu = popup_menu(self._page)
        shown = set(self._table.shown_columns())
        for number, column in enumerate(self._rows.columns, 1):
            entry = checkable(menu, self._rows.title(column))
            entry.setChecked(column.key in shown)
            entry.setEnabled(column.key not in shown or len(shown) > 1)
            entry.toggled.connect(partial(self.column_toggled.emit, number))
        menu.addSeparator()
        menu.addAction(tr("Usual columns"), self.usual_columns_requested.emit)
        menu.popup(point)

    def _on_columns(self) -> None:
        self.columns_menu(_under(self.buttons["columns"]))

    def _on_filter(self) -> None:
        menu = popup_menu(self._page)
        for one in self._filters:
            part = QMenu(tr(one.title), menu)
            menu.addMenu(part)
            for value, label in one.choices(self._reader()):
                entry = checkable(part, label)
                entry.setChecked(self._chosen.get(one.key) == value)
                entry.triggered.connect(partial(self._on_chosen, one.key, value))
        if self._chosen:
            menu.addSeparator()
            menu.addAction(tr("No filter"), partial(self._on_chosen, "", None))
        menu.popup(_under(self.buttons["filter"]))

    def _on_chosen(self, key: str, value: object, on: bool = True) -> None:
        self.filter_chosen.emit(key, value if on else None)


def checkable(menu: QMenu, label: str) -> QAction:
    """A new entry with a tick.

    Made here and not by Qt: what Qt makes may come back as the wrapper of an object that stood at the same
    address before, without the methods of an action.
    """
    entry = QAction(label, menu)
    entry.setCheckable(True)
    menu.addAction(entry)
    return entry


def popup_menu(parent: QWidget) -> QMenu:
    """A menu that is gone when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _tool(name: str, slot: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "icon")
    button.setIcon(icon(name, "text_2"))
    button.clicked.connect(slot)
    return button


def _under(button: QToolButton) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height()))
