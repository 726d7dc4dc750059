"""The recovery code of a password just set: shown once on its own, and not passed before it is kept somewhere."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QWidget,
)

from shopdesk.core.errors import DiskTrouble
from shopdesk.core.keys import Key
from shopdesk.core.trouble import not_written
from shopdesk.core.words import tr
from shopdesk.ui.dress import dressed
from shopdesk.ui.fonts import fixed_font
from shopdesk.ui.icons import icon
from shopdesk.ui.lock_page import card_head, centred_card, set_wrapped
from shopdesk.ui.preview import show_preview
from shopdesk.ui.recovery_sheet import code_lines, recovery_sheet
from shopdesk.ui.start_folder import start_folder
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled, theme

WIDTH = 560


class RecoveryCard(QWidget):
    """The code in groups, and the ways to keep it.

    Signals: ``kept_on_paper`` after it was printed or saved, ``passed`` when the owner goes on.
    """

    kept_on_paper = Signal()
    passed = Signal()

    def __init__(self, name: str, file: str, key: Key) -> None:
        super().__init__()
        self._sheet = recovery_sheet(name, file, key)
        self._lines = code_lines(key)
        column = centred_card(self, WIDTH)
        column.addLayout(card_head(name, PlainLabel(tr("Keep the recovery code before you go on"), "small", "text_2")))
        column.addSpacing(16)
        said = tr(
            "The shop is under its password now. When that is forgotten, only this code opens it, nothing else, "
            "and nobody else has it. Keep it on paper, not on this computer."
        )
        column.addWidget(PlainLabel(said, "body", wrap=True))
        column.addSpacing(12)
        column.addWidget(self._code())
        column.addSpacing(12)
        column.addLayout(self._ways())
        column.addSpacing(12)
        self.written = QCheckBox(tr("I have written it down"))
        self.written.toggled.connect(self._on_written)
        column.addWidget(self.written)
        column.addSpacing(14)
        column.addWidget(hline())
        column.addSpacing(12)
        self.go_on = QPushButton(tr("Go on to the shop"))
        self.go_on.setProperty("kind", "primary")
        self.go_on.setEnabled(False)
        self.go_on.clicked.connect(self.passed)
        self._said = PlainLabel(tr("first print it, save it or write it down"), "small", "text_3", wrap=True)
        foot = QHBoxLayout()
        foot.addWidget(self._said, 1)
        foot.addWidget(self.go_on)
        column.addLayout(foot)

    @property
    def said(self) -> str:
        """The words beside the button."""
        return self._said.text()

    def insist(self) -> None:
        """The window cannot be closed before: say what is to be done."""
        if self.go_on.isEnabled():
            self._say(tr("The code is kept. Go on to the shop first."), "text_2")
        else:
            self._say(tr("First print the code, save it or write it down, then go on to the shop."), "bad")

    def take_keyboard(self) -> None:
        """The first thing to do is to print it."""
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_pdf(self, path: str) -> None:
        """Write the sheet as a PDF."""
        from shopdesk.ui.printing import pdf  # loads Jinja2, wanted only now

        try:
            with not_written(Path(path)):
                pdf(self._sheet, Path(path))
        except DiskTrouble as error:
            self._say(str(error), "bad")
            return
        self._on_kept(tr("Saved as {name}", name=Path(path).name))

    def _code(self) -> QFrame:
        frame = styled(QFrame(), "note")
        grid = QGridLayout(frame)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        for row, line in enumerate(self._lines):
            for column, group in enumerate(line):
                label = PlainLabel(group, "heading", strong=True)
                label.setFont(fixed_font(theme().fixed("type")["heading"]))
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignHCenter)
        frame.setAccessibleName(" ".join(group for line in self._lines for group in line))
        return frame

    def _ways(self) -> QHBoxLayout:
        self.print = QPushButton(icon("print"), tr("Print…"))
        self.save = QPushButton(icon("save"), tr("Save as PDF…"))
        self.copy = QPushButton(icon("copy"), tr("Copy"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for button, slot in ((self.print, self._on_print), (self.save, self._on_save), (self.copy, self._on_copy)):
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addStretch()
        return row

    def _on_print(self) -> None:
        preview = show_preview(self.window(), self._sheet)
        preview.printed.connect(self._on_printed)
        preview.saved.connect(self._on_printed)

    def _on_save(self) -> None:
        start = str(start_folder(self) / f"{self._sheet.title}.pdf".replace("/", "-"))
        dialog = QFileDialog(self, tr("Save as PDF"), start, tr("PDF file") + " (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_pdf)
        dressed(dialog).open()

    def _on_copy(self) -> None:
        """To type it into a password manager; the clipboard alone keeps nothing, so it is not enough to go on."""
        QGuiApplication.clipboard().setText("-".join(group for line in self._lines for group in line))
        self._say(tr("Copied. The clipboard is emptied when the shop is locked."), "text_2")

    def _on_printed(self, _what: object) -> None:
        self._on_kept(tr("On paper or in a file now."))

    def _on_kept(self, said: str) -> None:
        self._say(said, "good")
        self.go_on.setEnabled(True)
        self.kept_on_paper.emit()

    def _say(self, text: str, role: str) -> None:
        self._said.setText(text)
        self._said.set_role(role)

    def _on_written(self, on: bool) -> None:
        if on:
            self._say(tr("Good. It can be printed later in the settings, too."), "good")
        self.go_on.setEnabled(self.go_on.isEnabled() or on)


class WorkCard(QWidget):
    """The shop is put away while its password changes: what is being done and how far it is."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._said = PlainLabel("", "small", "text_2", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        column = centred_card(self, theme().size("lock_card"))
        column.addLayout(card_head(name, PlainLabel(title, "small", "text_2")))
        column.addSpacing(18)
        column.addWidget(self._bar)
        column.addSpacing(8)
        column.addWidget(self._said)
        column.addSpacing(14)
        said = tr("The shop comes back by itself. Should the power fail, it opens as before or as you wanted it.")
        last = PlainLabel("", "small", "text_3", wrap=True)
        set_wrapped(last, said)
        column.addWidget(last)

    @property
    def said(self) -> str:
        """How far it is."""
        return self._said.text()

    def insist(self) -> None:
        """The window cannot be closed before it is done."""
        set_wrapped(self._said, tr("This has to be finished first."))

    def tell(self, part: float, text: str) -> None:
        """How far it is, 0 to 1, and what is being done."""
        self._bar.setRange(0, 1000)
        self._bar.setValue(int(part * 1000))
        set_wrapped(self._said, text)
