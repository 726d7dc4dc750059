"""The window for a shop file that does not open: what is wrong, what can still be read, and three ways out."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core import clock
from shopdesk.core.diagnosis import Diagnosis, report
from shopdesk.core.errors import ShopError
from shopdesk.core.manifest import Backup
from shopdesk.core.words import tr
from shopdesk.ui import damaged_words as words
from shopdesk.ui.banner import Banner, Sign
from shopdesk.ui.choice_cards import ChoiceCard
from shopdesk.ui.choose import SHOP_FILES
from shopdesk.ui.crash import WIDTH, fit, heading, versions
from shopdesk.ui.damaged_parts import PartList
from shopdesk.ui.dress import dressed
from shopdesk.ui.icons import icon
from shopdesk.ui.saving import ask_where_to_save, save_text
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline

_MARGIN = 24
_ICONS = {"repair": "repair", "put_back": "restore", "look": "show_hide"}


class DamagedWindow(QDialog):
    """Says what is known of a damaged file, and what can be done. Closing it changes nothing.

    Signals: ``chosen`` ("repair", "put_back", "look") when the owner has decided; before "put_back" ``picked(Path)``
    where she had to name the backup herself.
    """

    chosen = Signal(str)
    picked = Signal(object)

    def __init__(self, parent: QWidget | None, path: Path, *, working: bool) -> None:
        super().__init__(parent)
        self._path = path
        self._working = working
        self._known = Diagnosis()
        self._backup: Backup | None = None
        self._picked = ""
        self._is_busy = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Open {name}", name=path.name))
        self.setFixedWidth(WIDTH)
        self._title = PlainLabel("", "heading", strong=True, wrap=True)
        self._text = PlainLabel("", "body", "text_2", wrap=True)
        self._parts = PartList()
        self._cards = {choice.name: ChoiceCard(choice.title, choice.sub) for choice in words.choices(self._known, None)}
        self._kept = PlainLabel(words.kept_as(path), "small", "text_2", wrap=True)
        self._trouble = Banner("", "bad")
        self._trouble.hide()
        self._go = QPushButton()
        self._build()
        self.show_known(self._known, None)

    # what is told

    def show_known(self, known: Diagnosis, backup: Backup | None) -> None:
        """More is known now."""
        self._known, self._backup = known, backup
        self._title.setText(words.heading(known, self._path.name))
        self._text.setText(words.explained(known, working=self._working))
        self._parts.show_lines(words.lines(known, backup))
        for choice in words.choices(known, backup):
            possible = choice.possible and not self._is_busy
            self._cards[choice.name].say(choice.title, choice.sub, possible=possible)
        if not self._is_busy:
            self._prefer()
        self._fit()

    def show_work(self, text: str) -> None:
        """Say how far the chosen way is, and let no other be chosen meanwhile; "" when it is over."""
        self._is_busy = bool(text)
        for part in (*self._cards.values(), self._go, self._later, self._save):
            part.setEnabled(not text)
        if text:
            self._kept.setText(text)
        else:
            self._kept.setText(words.kept_as(self._path))
            self.show_known(self._known, self._backup)

    def show_trouble(self, text: str) -> None:
        """Say why the chosen way did not lead anywhere; another one can be tried."""
        self.show_work("")
        self._trouble.set_text(text)
        self._trouble.show()
        self._fit()

    @property
    def is_finished(self) -> bool:
        """Whether the file was looked through."""
        return self._known.finished

    @property
    def title(self) -> str:
        """What is wrong, in one sentence."""
        return self._title.text()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What is said of each part of the shop."""
        return self._parts.texts()

    @property
    def trouble(self) -> str:
        """Why the chosen way did not lead anywhere."""
        return self._trouble.text

    @property
    def cards(self) -> dict[str, ChoiceCard]:
        """The ways out by name."""
        return self._cards

    @property
    def go(self) -> QPushButton:
        """The button that goes the chosen way."""
        return self._go

    def report(self) -> str:
        """The looking as a text for a helper, without names or orders."""
        return report(self._known, versions=versions(), at=clock.text())

    # inside

    def _build(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(_MARGIN, 20, _MARGIN, 20)
        body.setSpacing(14)
        body.addLayout(heading(Sign("damaged", "bad", 22), "badtile", self._title, self._text))
        body.addWidget(self._trouble)
        body.addWidget(self._parts)
        group = QButtonGroup(self)
        cards = QVBoxLayout()
        cards.setSpacing(7)
        for card in self._cards.values():
            group.addButton(card)
            cards.addWidget(card)
            card.clicked.connect(self._on_picked)
            card.toggled.connect(self._on_toggled)
        body.addLayout(cards)
        body.addWidget(self._kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body)
        column.addWidget(hline())
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 14, 24, 14)
        row.setSpacing(8)
        self._save = QPushButton(icon("save"), tr("Save the check report"))
        self._save.setAutoDefault(False)
        self._save.clicked.connect(self._on_save)
        self._later = QPushButton(tr("Later"))
        self._later.setProperty("kind", "plain")
        self._later.setAutoDefault(False)
        self._later.clicked.connect(self.reject)
        self._go.setProperty("kind", "primary")
        self._go.setDefault(True)
        self._go.clicked.connect(self._on_go)
        row.addWidget(self._save)
        row.addStretch()
        row.addWidget(self._later)
        row.addWidget(self._go)
        return row

    def _fit(self) -> None:
        """As high as the words need at this width, now and when Qt has shown the lines that are new."""
        self._fit_now()
        QTimer.singleShot(0, self, self._fit_now)

    def _fit_now(self) -> None:
        for card in self._cards.values():
            card.setFixedHeight(card.heightForWidth(WIDTH - 2 * _MARGIN))
        fit(self)

    def _prefer(self) -> None:
        """Until the owner picks one, the first way that can be gone is proposed."""
        picked = self._cards.get(self._picked)
        if picked is None or not picked.isEnabled():
            picked = next((card for card in self._cards.values() if card.isEnabled()), None)
        if picked is not None:
            picked.setChecked(True)
        self._show_button()

    def _show_button(self) -> None:
        name = self._checked()
        choice = next((one for one in words.choices(self._known, self._backup) if one.name == name), None)
        self._go.setEnabled(choice is not None and choice.possible and not self._is_busy)
        if choice is not None:
            self._go.setText(choice.button)
            self._go.setIcon(icon(_ICONS[choice.name], "on_accent"))

    def _checked(self) -> str:
        return next((name for name, card in self._cards.items() if card.isChecked()), "")

    def _on_picked(self) -> None:
        self._picked = self._checked()

    def _on_toggled(self, _on: bool) -> None:
        self._show_button()

    def _on_go(self) -> None:
        self._trouble.hide()
        if self._checked() == "put_back" and self._backup is None:
            dialog = QFileDialog(self, tr("Put a backup back"), str(self._path.parent), SHOP_FILES)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.fileSelected.connect(self._on_file_picked)
            dressed(dialog).open()
        else:
            self.chosen.emit(self._checked())

    def _on_file_picked(self, name: str) -> None:
        self.picked.emit(Path(name))
        self.chosen.emit("put_back")

    def _on_save(self) -> None:
        name = tr("ShopDesk check report {date}", date=f"{clock.today():%m%d}")
        ask_where_to_save(self, tr("Save the check report"), name, self.save_report)

    def save_report(self, name: str) -> None:
        """Write the report to a file."""
        try:
            save_text(name, self.report())
        except ShopError as error:
            self.show_trouble(str(error))
            return
        self._save.setText(tr("Saved"))
