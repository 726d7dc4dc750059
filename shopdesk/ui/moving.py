"""The whole shop as a folder of plain files, asked for in the window: to move it, to keep it, to read it elsewhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from shopdesk.core import clock
from shopdesk.core.errors import ShopError
from shopdesk.core.words import tr, trn
from shopdesk.ui.dress import dressed
from shopdesk.ui.start_folder import start_folder

if TYPE_CHECKING:
    from shopdesk.ui.desk import Desk
    from shopdesk.ui.window import Window


def ask_where(window: Window) -> None:
    """Ask for a folder, then write a new one of the shop's name into it."""
    desk = window.desk
    if desk is None:
        return
    dialog = QFileDialog(window, tr("Export the whole shop: into which folder?"), str(start_folder(window)))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: export_into(desk, Path(chosen)))
    dressed(dialog).open()


def export_into(desk: Desk, parent: Path) -> Path:
    """Write the shop into a new folder in `parent`, in the lane of long work; the folder."""
    folder = _free(parent, f"{desk.shop.path.stem} {clock.today().isoformat()}")
    writer, text = desk.export_whole, tr("Exporting the whole shop")
    assert writer is not None
    desk.messages.info(text)
    desk.worker.write(
        lambda task: writer(desk.shop, folder, task.check), partial(_said, desk, folder), partial(_refused, desk),
        key="whole.long", text=text,
    )  # fmt: skip
    return folder


def _free(parent: Path, name: str) -> Path:
    folder, number = parent / name, 1
    while folder.exists():
        number += 1
        folder = parent / f"{name} ({number})"
    return folder


def _said(desk: Desk, folder: Path, names: list[str]) -> None:
    said = trn("Wrote the whole shop: {n} file in “{name}”", "Wrote the whole shop: {n} files in “{name}”", len(names),
               name=folder.name)  # fmt: skip
    desk.messages.info(said, link=(tr("Open folder"), partial(_open, folder)))


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _refused(desk: Desk, error: Exception) -> None:
    if not isinstance(error, ShopError):
        raise error
    desk.messages.error(error)
