"""The way to the print preview; what it needs is loaded when the first sheet is shown."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from shopdesk.ui.dress import dressed
from shopdesk.ui.sheet import Sheet

if TYPE_CHECKING:
    from shopdesk.ui.preview_dialog import Preview


def show_preview(parent: QWidget | None, sheet: Sheet) -> "Preview":
    """Open the preview of a sheet beside the work and return it."""
    from shopdesk.ui.preview_dialog import Preview  # loads QtPrintSupport and Jinja2

    dialog = dressed(Preview(parent, sheet))
    dialog.open()
    return dialog
