"""Backups as the window needs them; loaded after the first rows are on screen."""

import shutil
from collections.abc import Callable
from pathlib import Path

from shopdesk.core import backup, dates
from shopdesk.core.paths import backup_folder
from shopdesk.core.shop import Shop


def made_when_due(shop: Shop, why: str) -> None:
    """Make a backup when anything was written since the last one. Takes seconds: never on the main thread."""
    try:
        backup.make_when_due(shop, why=why)
    finally:
        shop.forget_reader()


def newest_copy(shop: Path) -> tuple[Path, str] | None:
    """The newest verified backup of a shop file and when it was made, in words."""
    newest = backup.newest(shop)
    if newest is None:
        return None
    return backup_folder(shop) / newest.name, dates.show_time(newest.at)


def make_anew(make: Callable[[Path], object], path: Path) -> None:
    """Make the demo shop in its own folder, without what was in it before."""
    if path.parent.is_dir():
        shutil.rmtree(path.parent)
    path.parent.mkdir(parents=True)
    make(path)
