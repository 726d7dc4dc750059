"""The print preview: pages on grey, to a printer or into a PDF file."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core.errors import DiskTrouble
from shopdesk.core.trouble import not_written
from shopdesk.core.words import tr, trn
from shopdesk.ui.icons import icon
from shopdesk.ui.printing import Sheet, left_out, page_count, page_images, page_layout, pdf, print_on
from shopdesk.ui.start_folder import start_folder
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled

SCREEN_DPI = 96
_MOST = 40
"""Pages that are shown; all of them are printed."""


class Preview(QDialog):
    """Shows the pages of a sheet; stays beside the work until it is closed.

    Signals: ``saved`` with the path of a PDF, ``printed`` with the number of pages.
    """

    saved = Signal(object)
    printed = Signal(int)

    def __init__(self, parent: QWidget | None, sheet: Sheet) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(sheet.title)
        ratio = self.devicePixelRatioF()
        self._images = page_images(sheet, round(SCREEN_DPI * ratio), _MOST)
        self._count = page_count(sheet) if len(self._images) == _MOST else len(self._images)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(hline())
        column.addWidget(self._paper(ratio), 1)
        QShortcut(QKeySequence("Ctrl+P"), self, self.print_out)
        QShortcut(QKeySequence("Ctrl+S"), self, self.choose_pdf)
        self._fit()

    @property
    def pages(self) -> list[QImage]:
        """The pages as they are shown."""
        return self._images

    def print_out(self) -> None:
        """Ask which printer, then print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(page_layout(self._sheet))
        printer.setFullPage(True)
        printer.setDocName(self._sheet.title)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self._count)
        dialog.accepted.connect(lambda: self._print_on(printer))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.show()

    def choose_pdf(self) -> None:
        """Ask where to put the PDF, then write it."""
        name = " ".join(part for part in (self._sheet.title, self._sheet.code) if part)
        start = str(start_folder(self) / f"{name}.pdf".replace("/", "-"))
        dialog = QFileDialog(self, tr("Save as PDF"), start, tr("PDF file") + " (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_pdf)
        dialog.open()

    def save_pdf(self, path: str) -> None:
        """Write the PDF and say so."""
        try:
            with not_written(Path(path)):
                pdf(self._sheet, Path(path))
        except DiskTrouble as error:
            self._said.set_role("bad")
            self._said.setText(str(error))
            return
        self._said.setText(tr("Saved as {name}", name=Path(path).name))
        self.saved.emit(Path(path))

    def _print_on(self, printer: QPrinter) -> None:
        self.printed.emit(print_on(self._sheet, printer, max(1, printer.fromPage()), printer.toPage()))
        self.accept()

    def _head(self) -> QWidget:
        head = styled(QWidget(), "header")
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 11, 20, 11)
        row.setSpacing(10)
        row.addWidget(PlainLabel(self._sheet.title, "heading", strong=True))
        count = trn("{n} page {size}", "{n} pages {size}", self._count, size=self._sheet.size)
        self._said = PlainLabel(count, "body", "text_2")
        row.addWidget(self._said)
        row.addStretch()
        save = QPushButton(icon("save"), tr("Save as PDF…"))
        save.clicked.connect(self.choose_pdf)
        save.setAutoDefault(False)
        row.addWidget(save)
        out = QPushButton(icon("print", "on_accent"), tr("Print…"))
        out.setProperty("kind", "primary")
        out.clicked.connect(self.print_out)
        out.setDefault(True)
        row.addWidget(out)
        return head

    def _paper(self, ratio: float) -> QWidget:
        paper = styled(QWidget(), "window")
        column = QVBoxLayout(paper)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(18)
        for text in left_out():
            column.addWidget(PlainLabel(text, "small", "warn", wrap=True))
        for image in self._images:
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(ratio)
            label = QLabel()
            label.setPixmap(picture)
            label.setFixedSize(picture.deviceIndependentSize().toSize())
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        left = self._count - len(self._images)
        if left:
            more = PlainLabel(trn("and {n} more page", "and {n} more pages", left), role="text_2")
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        area = QScrollArea()
        area.setWidget(paper)
        area.setWidgetResizable(True)
        return area

    def _fit(self) -> None:
        room = QGuiApplication.primaryScreen().availableGeometry()
        width = 880 if self._sheet.size == "A4" else 660
        self.resize(min(width, room.width() - 40), min(900, room.height() - 60))
