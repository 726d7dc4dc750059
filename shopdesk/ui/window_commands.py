"""What can be done everywhere in the window: its menu of commands, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shopdesk.core.words import N_
from shopdesk.features import FEATURES
from shopdesk.ui import late
from shopdesk.ui.commands import Command
from shopdesk.ui.pages import IMPORT_PAGE, SETTINGS_PAGE

if TYPE_CHECKING:
    from shopdesk.ui.window import Window


def command_table(window: Window) -> tuple[Command, ...]:
    """The commands of a window in the order of the palette."""
    tabs = tuple(
        Command(f"tab.{known.name}", known.title, known.icon, _opener(window, known.name), (f"Ctrl+{number}",))
        for number, known in enumerate(FEATURES.values(), start=1)
    )
    return (
        *tabs,
        Command("undo", N_("Undo"), "undo", window.undoing.undo, ("Ctrl+Z",)),
        Command("redo", N_("Redo"), "redo", window.undoing.redo, ("Ctrl+Y", "Ctrl+Shift+Z")),
        Command("import", N_("Import files…"), "import", _opener(window, IMPORT_PAGE), ("Ctrl+I",)),
        Command("palette", N_("All commands"), "search", window.open_palette, ("Ctrl+K",)),
        Command("rail", N_("Fold or unfold the rail"), "collapse", window.rail_width.toggle, ("Ctrl+B",)),
        Command("pane", N_("Next part of the page"), "drawer_close", window.next_pane, ("F6",)),
        Command("backup", N_("Back up now"), "backup_ok", window.back_up, ("Ctrl+Shift+B",)),
        Command("backups", N_("Backups"), "restore", window.open_backups, ("Ctrl+Alt+B",)),
        Command("settings", N_("Settings"), "settings", _opener(window, SETTINGS_PAGE), ("Ctrl+,",)),
        Command("open", N_("Open a shop…"), "open", window.intake.choose_shop, ("Ctrl+O",), shop=False),
        Command("new", N_("New shop…"), "add", window.intake.choose_new, ("Ctrl+Shift+N",), shop=False),
        Command("whole", N_("Export the whole shop…"), "export", _whole_exporter(window), ("Ctrl+Shift+E",)),
        Command("lock", N_("Lock"), "password", window.lock_requested.emit, ("Ctrl+Alt+L",)),
        Command("close", N_("Close this shop"), "close", window.close_shop_requested.emit, ("Ctrl+W",)),
        Command("help", N_("Help"), "why", window.open_help, ("F1",), shop=False),
        Command("report", N_("Report for help…"), "file", _opener(window, "report"), ("Ctrl+F1",)),
        Command("quit", N_("Quit ShopDesk"), "close", _closer(window), ("Ctrl+Q",), shop=False, locked=True),
    )


def _opener(window: Window, name: str) -> Callable[[], None]:
    return lambda: window.open_page(name)


def _closer(window: Window) -> Callable[[], None]:
    def run() -> None:
        window.close()

    return run


def _whole_exporter(window: Window) -> Callable[[], None]:
    return lambda: late.ask_where_to_export(window)
