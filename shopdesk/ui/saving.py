"""A text for the maker goes into a file of the owner's choice."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from shopdesk.core import clock
from shopdesk.core.durable import written
from shopdesk.core.trouble import not_written
from shopdesk.core.words import tr
from shopdesk.ui.dress import dressed
from shopdesk.ui.start_folder import start_folder


def ask_where_to_save_report(parent: QWidget, save: Callable[[str], None]) -> None:
    """Ask where a report for help shall be saved; `save` follows when the owner has chosen."""
    ask_where_to_save(parent, tr("Save the report"), f"ShopDesk report {clock.today().isoformat()}", save)


def ask_where_to_save(parent: QWidget, title: str, name: str, save: Callable[[str], None]) -> None:
    """Ask where a text called `name` shall be saved, beside the work; `save` follows when the owner has chosen.

    It is a method of the parent: Qt lets go of that by itself, and of no other callable before the dialog is gone.
    """
    dialog = QFileDialog(parent, title, str(start_folder(parent) / f"{name}.txt"), tr("Text file") + " (*.txt)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("txt")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(save)
    dressed(dialog).open()


def save_text(name: str, text: str) -> Path:
    """Write it as a whole or not at all, for the owner's eyes only; where it is. Raises DiskTrouble."""
    path = Path(name)
    with not_written(path), written(path) as part:
        part.write_text(text, "utf-8")
    return path
