"""The window's questions for files: which shop, where a new one lives, what to import."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from shopdesk.core.words import tr
from shopdesk.ui.dress import dressed
from shopdesk.ui.start_folder import start_folder

if TYPE_CHECKING:
    from shopdesk.ui.window import Window

SHOP_FILES = "ShopDesk (*.shop)"
EXPORTS = "(*.csv *.txt *.tsv *.xlsx *.xls *.ods *.xlsb)"


class Choose:
    """Opens the system's file dialogs beside the work; the answers go to the window."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    def shop(self) -> None:
        """Which shop file to open."""
        dialog = QFileDialog(self._window, tr("Open a shop"), self._folder(), SHOP_FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._emitter(self._window.open_requested.emit))
        self._ask(dialog)

    def new(self) -> None:
        """Where the file of a new shop shall live."""
        title = tr("New shop: where should its file live?")
        dialog = QFileDialog(self._window, title, self._folder(), SHOP_FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("shop")
        dialog.selectFile(tr("My shop") + ".shop")
        dialog.fileSelected.connect(self._emitter(self._window.new_requested.emit))
        self._ask(dialog)

    def files(self) -> None:
        """Which files to import."""
        kinds = tr("Exported files") + f" {EXPORTS};;" + tr("All files") + " (*)"
        dialog = QFileDialog(self._window, tr("Import files"), self._folder(), kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._on_files)
        self._ask(dialog)

    def _on_files(self, names: list[str]) -> None:
        self._window.intake.take([Path(name) for name in names])

    def _emitter(self, emit: Callable[[Path], None]) -> Callable[[str], None]:
        def chosen(name: str) -> None:
            emit(Path(name))

        return chosen

    def _ask(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dressed(dialog).open()

    def _folder(self) -> str:
        """Beside the owner's own shop, the open one or the one of last time."""
        return str(start_folder(self._window, instead=(row[0] for row in self._window.prefs.recent())))
