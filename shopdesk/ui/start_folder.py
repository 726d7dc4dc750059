"""Where the system's dialogs for files begin: never in the folder that the program happened to be started from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from shopdesk.ui.desk import Desk
from shopdesk.ui.prefs import Prefs


def start_folder(asking: QWidget, *, already: str = "", instead: Iterable[Path] = ()) -> Path:
    """The folder that a dialog of `asking` shows first: `already`, what is set, where that can be reached.

    Else that of the owner's open shop, then of the shops `instead`, then the owner's documents. The demo shop's
    folder is not the owner's.
    """
    if already and Path(already).is_dir():
        return Path(already)
    demos = Prefs().demo_path().parent.resolve()
    for file in (*_open_shop(asking), *instead):
        if file.parent.resolve() != demos and file.parent.is_dir():
            return file.parent
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if documents and Path(documents).is_dir() else Path.home()


def _open_shop(asking: QWidget) -> list[Path]:
    """The shop of the page or window that asks, or of the one that it belongs to; behind a backup the shop of now."""
    part: QWidget | None = asking
    while part is not None:
        desk = getattr(part, "desk", None)
        if isinstance(desk, Desk):
            return [desk.past.live.path if desk.past is not None else desk.shop.path]
        part = part.parentWidget()
    return []
