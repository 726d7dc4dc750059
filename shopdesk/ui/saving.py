"""A text for the maker goes into a file of the owner's choice."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from shopdesk.core import clock
from shopdesk.core.durable import written
from shopdesk.core.trouble import not_written
from shopdesk.core.words import tr


def ask_where_to_save(parent: QWidget, save: Callable[[Path], None]) -> None:
    """Ask where a report shall be saved, beside the work; `save` follows when the owner has chosen."""
    name = f"ShopDesk report {clock.today().isoformat()}.txt"
    dialog = QFileDialog(parent, tr("Save the report"), name, "(*.txt)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: save(Path(chosen)))
    dialog.open()


def save_text(path: Path, text: str) -> None:
    """Write it as a whole or not at all, for the owner's eyes only. Raises DiskTrouble."""
    with not_written(path), written(path) as part:
        part.write_text(text, "utf-8")
