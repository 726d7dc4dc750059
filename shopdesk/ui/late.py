"""Parts of the window that most mornings do not need: each is loaded when it is first wanted.

The imports stand inside the functions on purpose: together they are a tenth of the time to the first rows.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from shopdesk.ui.dress import dressed

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.core.keys import Key
    from shopdesk.core.manifest import Backup
    from shopdesk.core.restore import Ready, Replaced
    from shopdesk.core.shelf import Copy
    from shopdesk.core.shop import Shop
    from shopdesk.ui.choose import Choose
    from shopdesk.ui.crash import CrashWindow
    from shopdesk.ui.damaged import DamagedWindow
    from shopdesk.ui.desk import Desk
    from shopdesk.ui.instance import Instance
    from shopdesk.ui.keeping import Keeping
    from shopdesk.ui.leaving import Leaving
    from shopdesk.ui.lock_page import LockPage
    from shopdesk.ui.locking import Locking
    from shopdesk.ui.page import TablePage
    from shopdesk.ui.palette import Palette
    from shopdesk.ui.protecting import Open, Protecting
    from shopdesk.ui.veil import DropVeil
    from shopdesk.ui.welcome import Welcome
    from shopdesk.ui.window import Window


def make_palette(window: "Window") -> "Palette":
    """The palette of a window."""
    from shopdesk.ui.palette import Palette
    from shopdesk.ui.palette_source import PaletteSource

    source = PaletteSource(window)
    return dressed(Palette(window, source.entries, source.finders()))


def make_welcome(window: "Window") -> "Welcome":
    """The page without a shop, its wishes connected."""
    from shopdesk.ui.welcome import Welcome

    page = dressed(Welcome(window.prefs.recent))
    page.new_requested.connect(window.intake.choose_new)
    page.open_requested.connect(window.intake.choose_shop)
    page.files_requested.connect(window.intake.choose_files)
    page.demo_requested.connect(window.demo_requested)
    page.shop_requested.connect(window.open_requested)
    page.language_requested.connect(window.language_requested)
    page.help_requested.connect(window.open_help)
    return page


def make_choose(window: "Window") -> "Choose":
    """The window's questions for files."""
    from shopdesk.ui.choose import Choose

    return Choose(window)


def ask_where_to_export(window: "Window") -> None:
    """Ask for a folder for the whole shop as plain files."""
    from shopdesk.ui.moving import ask_where

    ask_where(window)


def make_veil(window: QWidget) -> "DropVeil":
    """What lies over the window while files are dragged across it."""
    from shopdesk.ui.veil import DropVeil

    return DropVeil(window)


def show_shop_menu(window: "Window", at: QPoint) -> None:
    """Other shops, and the commands about shop files."""
    from shopdesk.ui.shop_menu import ShopMenu

    dressed(ShopMenu(window)).open_at(at)


def show_help(window: QWidget) -> None:
    """The guide beside the welcome page."""
    from shopdesk.ui.help_page import HelpDialog

    dressed(HelpDialog(window)).open()


def make_leaving(window: QWidget) -> "Leaving":
    """What lies over the window while the last backup is made."""
    from shopdesk.ui.leaving import Leaving

    return dressed(Leaving(window))


def make_crash_window(parent: QWidget | None, text: str, saved: str) -> "CrashWindow":
    """The window for what nobody foresaw."""
    from shopdesk.ui.crash import CrashWindow

    made = dressed(CrashWindow(parent, text, saved))
    made.setProperty("neutral", not saved)  # else it tells of the shop, and waits until that is unlocked
    return made


def make_protecting(window: "Window", open_shop: "Open", over: "Callable[[], None]") -> "Protecting":
    """What sets, changes and removes the password of a shop."""
    from shopdesk.ui.protecting import Protecting

    return Protecting(window, open_shop, over)


def make_locking(window: "Window", desk: "Desk", keeping: "Keeping") -> "Locking":
    """What locks a shop under a password."""
    from shopdesk.ui.locking import Locking

    return Locking(window, desk, keeping)


def ask_password(
    window: "Window", path: Path, opened: "Callable[[Key], None]", failed: "Callable[[Exception], None]"
) -> "LockPage":
    """The card of a protected file that is to be opened."""
    from shopdesk.ui.unlocking import ask_password as ask

    return ask(window, path, opened, failed)


def make_damaged_window(parent: QWidget, path: Path, *, working: bool) -> "DamagedWindow":
    """The window for a shop file that does not open, or that shows its damage while it is open."""
    from shopdesk.ui.damaged import DamagedWindow

    return dressed(DamagedWindow(parent, path, working=working))


def warn_of_place(window: "Window") -> None:
    """Say of a shop that other machines get at its file, too."""
    from shopdesk.ui.whereabouts import warn

    warn(window)


def open_backup(shop: "Shop", copy: "Copy") -> "Shop":
    """A backup of a shop, for reading."""
    from shopdesk.ui.backup_files import open_backup as open_it

    return open_it(shop, copy)


def make_ready(path: Path, copy: Path, key: "Key | None") -> "Ready":
    """A backup, looked through and made ready to take the place of the shop."""
    from shopdesk.core.restore import make_ready as make

    return make(path, copy, key=key)


def put_back(path: Path, ready: "Ready", key: "Key | None") -> "Replaced":
    """Put there what was made ready."""
    from shopdesk.core.restore import put

    return put(path, ready, key=key)


def forget_copy(file: Path) -> None:
    """Remove what was made of a backup to look at it."""
    from shopdesk.core.restore import forget_copy as forget

    forget(file)


def forget_ready(ready: "Ready") -> None:
    """Remove what was made ready: it is not wanted any more."""
    from shopdesk.core.restore import forget

    forget(ready)


def copy_of(path: Path, made: "Backup") -> "Copy":
    """A backup that was just made, as the list of backups has it."""
    from shopdesk.core.shelf import Copy

    return Copy(path, made)


def take_back(page: "TablePage", ids: list[int]) -> None:
    """Show what taking records back from the backup on show would change, and do it."""
    from shopdesk.ui.taking_back import TakingBack

    TakingBack(page, ids).ask()


def share_heaps() -> None:
    """Keep the memory of the threads together."""
    from shopdesk.ui.heap import share_heaps as share

    share()


def give_back() -> None:
    """Give the system the memory that is no longer needed."""
    from shopdesk.ui.heap import give_back as give

    give()


def make_instance() -> "Instance":
    """The ear for a second start."""
    from shopdesk.ui.instance import Instance

    return Instance()
