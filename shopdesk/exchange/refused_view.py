"""Asking where to put the refused rows of an import, and putting them there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from shopdesk.core.words import tr, trn
from shopdesk.exchange.refused import write_refused

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.exchange.commands import Importing
    from shopdesk.ui.base_page import Page
    from shopdesk.ui.worker import Task


def ask_where(page: Page, work: Importing) -> None:
    """Ask for a file, then write into it."""
    name = tr("Refused rows of {name}", name=work.paths[0].stem) + ".csv"
    kinds = tr("CSV file") + " (*.csv);;" + tr("Excel file") + " (*.xlsx)"
    dialog = QFileDialog(page, tr("Save the list as a file"), str(work.paths[0].with_name(name)), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: save(page, work, Path(chosen)))
    dialog.open()


def save(page: Page, work: Importing, path: Path) -> None:
    """Write the refused rows into a file, beside the window."""

    def write(_connection: Connection, task: Task) -> int:
        return write_refused(page.shop, path, staging=work.staging, planned=work.planned, task=task, key=work.key)

    def said(count: int) -> None:
        page.messages.info(trn("Wrote {n} row to {name}", "Wrote {n} rows to {name}", count, name=path.name))

    page.worker.submit(write, said, lambda error: page.messages.error(str(error)), key=f"{page.name}.refused")
