"""What the drawer says of a backup: that moment beside now, what a restore would lose, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core import clock, dates, reasons
from shopdesk.core.settings import SETTINGS
from shopdesk.core.words import N_, tr, trc, trn
from shopdesk.ui.banner import Sign
from shopdesk.ui.choice_cards import ChoiceCards
from shopdesk.ui.icons import icon
from shopdesk.ui.moments import title_row
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import hline, styled

if TYPE_CHECKING:
    from shopdesk.core.shelf import Copy
    from shopdesk.core.since import Lost, Since

LOOK, RESTORE, TAKE = range(3)
_FIGURES = {
    "orders": N_("Orders"),
    "to_ship": N_("To ship"),
    "pieces": N_("Pieces on hand"),
    "reviews": N_("Reviews to answer"),
}
_MOST_IMPORTS = 3
_CARDS = (
    (N_("Open it beside, look first"), N_("The shop of now is not touched; things can be taken back from it.")),
    (
        N_("Put the whole shop back to then"),
        N_("The shop of now becomes a verified backup first, on top of this list. Nothing is lost."),
    ),
    (N_("Take back single things"), N_("A product, an order, a count: one step, which can be undone.")),
)
_BUTTONS = (
    (N_("Open and look"), "open"),
    (N_("Put it back…"), "restore"),
    (N_("Choose…"), "back_to"),
)


class BackupCard(QWidget):
    """One backup. `act` says what the button does: LOOK, RESTORE or TAKE; `foot` holds the buttons.

    Signals: ``act_requested(act)``, ``copy_requested``, ``steps_requested``.
    """

    act_requested = Signal(int)
    copy_requested = Signal()
    steps_requested = Signal()

    def __init__(self, copy: Copy) -> None:
        super().__init__()
        self._since = copy.since or 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(PlainLabel(_made(copy), role="text_2", wrap=True))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(10)
        self._waiting = PlainLabel(tr("Looking into it…"), "small", "text_3")
        self._facts.addWidget(self._waiting)
        self._column.addLayout(self._facts)
        self._cards: ChoiceCards | None = None
        self.foot: QWidget | None = None
        self._asking: QWidget | None = None
        self._main = QPushButton()
        self._usb = QPushButton(icon("disk", "text"), tr("Copy to USB…"))
        self._usb.clicked.connect(self.copy_requested)
        self._offer = None if copy.fault else self._offered()
        if self._offer is not None:
            self._column.addWidget(self._offer)

    # filled when it is known

    def show_since(self, found: Since) -> None:
        """That moment beside now, and what would be lost."""
        self._waiting.hide()
        self._facts.addWidget(_beside(found))
        self._facts.addWidget(self._lost(found))

    def refuse(self, reason: str) -> None:
        """It cannot be used, and why."""
        self._waiting.setText(reason)
        self._waiting.set_role("bad")
        self._waiting.setWordWrap(True)
        if self._offer is not None and self.foot is not None:
            self._offer.hide()
            self.foot.hide()

    # what can be done

    @property
    def cards(self) -> ChoiceCards | None:
        """The three ways back; None for one that cannot be relied on."""
        return self._cards

    @property
    def button(self) -> QPushButton:
        """Does what is chosen."""
        return self._main

    def ask(self, question: str, yes: str) -> tuple[QPushButton, QPushButton]:
        """Ask before what cannot be undone, in the place of the buttons; the buttons for yes and for no."""
        self._row.hide()
        self._asking = QWidget()
        column = QVBoxLayout(self._asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel(question, wrap=True))
        row = QHBoxLayout()
        buttons = QPushButton(icon("restore", "on_accent"), yes), QPushButton(tr("Leave it as it is"))
        buttons[0].setProperty("kind", "primary")
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._at_foot.addWidget(self._asking)
        buttons[1].clicked.connect(self.ask_no_more)
        return buttons

    def ask_no_more(self) -> None:
        """The question was answered."""
        if self._asking is not None:
            self._asking.hide()
            self._asking.deleteLater()
            self._asking = None
        self._row.show()

    def _offered(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(title_row(tr("How to come back"), ""))
        self._cards = ChoiceCards([(tr(title), tr(means)) for title, means in _CARDS])
        self._cards.chosen.connect(self._on_chosen)
        column.addWidget(self._cards)
        self._main.setProperty("kind", "primary")
        self._main.clicked.connect(self._on_main)
        self.foot = self._buttons()
        self._on_chosen(LOOK)
        return whole

    def _buttons(self) -> QWidget:
        foot = styled(QWidget(), "surface")
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hline())
        self._at_foot = QVBoxLayout()
        self._at_foot.setContentsMargins(14, 10, 14, 10)
        column.addLayout(self._at_foot)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._main)
        row.addWidget(self._usb)
        row.addStretch(1)
        self._at_foot.addWidget(self._row)
        return foot

    def _on_chosen(self, act: int) -> None:
        title, name = _BUTTONS[act]
        self._main.setText(tr(title))
        self._main.setIcon(icon(name, "on_accent"))
        self.ask_no_more()

    def _on_main(self) -> None:
        self.act_requested.emit(self._cards.at if self._cards is not None else LOOK)

    # what would be lost

    def _lost(self, found: Since) -> QWidget:
        lost = found.lost
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = title_row(tr("A restore would lose"), "")
        column.addLayout(head)
        if lost is None:
            said = tr("The shop was put back since and went another way: nobody can tell what came between.")
            if found.repaired:
                said = tr(
                    "The shop file was repaired since and its history begins anew: nobody can tell what came between."
                )
            column.addWidget(PlainLabel(said, "small", "text_2", wrap=True))
            return whole
        if lost.steps:
            link = LinkLabel(trn("Show {n} step", "Show {n} steps", len(lost.steps)), "small")
            link.clicked.connect(self.steps_requested)
            head.addWidget(link)
        lines = _lines(lost)
        column.addSpacing(4)
        for sign, text, then in lines:
            column.addWidget(hline())
            column.addLayout(_line(sign, text, then))
        if not lines:
            said = tr("Nothing: nothing was changed since.")
            if self._since:
                said = tr("Nothing: what was changed since is undone again.")
            column.addWidget(PlainLabel(said, "small", "text_2", wrap=True))
        return whole


def _made(copy: Copy) -> str:
    if copy.fault:
        return tr(copy.fault)
    said = N_("{why}. Opened and checked when it was made: rows, stock and sums of money agree.")
    return tr(said, why=reasons.words(copy.made))


def _beside(found: Since) -> QWidget:
    """The table of figures: then, now, the difference."""
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(6)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(3, 1)
    grid.addWidget(PlainLabel(tr("Then → now"), strong=True), 0, 0, 1, 5)
    for row, (key, (then, now)) in enumerate(found.figures.items(), start=1):
        grid.addWidget(PlainLabel(tr(_FIGURES[key]), role="text_2"), row, 0)
        _put(grid, row, f"{_number(then)} →", _number(now), _number(now - then, "+") if now != then else "=")
    titles = {setting.key: setting.title for setting in SETTINGS}
    known = [tr(titles[key]) for key in found.settings if key in titles]
    row = len(found.figures) + 1
    grid.addWidget(PlainLabel(tr("Settings"), role="text_2"), row, 0)
    changed = trn("{n} place", "{n} places", len(found.settings)) if found.settings else "="
    names = trc("list", ", ").join(known)
    _put(grid, row, "", changed, "" if len(known) > 1 else names)
    if len(known) > 1:  # more than one would stand in the narrow last column word by word
        grid.addWidget(PlainLabel(names, "small", "text_2", wrap=True), row + 1, 0, 1, 4)
    grid.setColumnMinimumWidth(0, 92)
    return whole


def _number(value: int, sign: str = "") -> str:
    return f"{value:{sign},}".replace("-", "−")


def _put(grid: QGridLayout, row: int, then: str, now: str, change: str) -> None:
    grid.addWidget(PlainLabel(then), row, 1, Qt.AlignmentFlag.AlignRight)
    grid.addWidget(PlainLabel(now, strong=True), row, 2)
    label = PlainLabel(change, role="text", wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    grid.addWidget(label, row, 3)


def _lines(lost: Lost) -> list[tuple[str, str, str]]:
    """Icon, what would be gone, and what becomes of it."""
    lines = [
        ("import", tr("{when}: {what}", when=moment(step.at), what=step.label), tr("the file is kept, import it again"))
        for step in lost.imports[:_MOST_IMPORTS]
    ]
    more = len(lost.imports) - _MOST_IMPORTS
    if more > 0:
        said = trn("{n} more import", "{n} more imports", more)
        lines.append(("import", said, tr("the files are kept")))
    if lost.shipped:
        said = trn("{n} order marked shipped", "{n} orders marked shipped", lost.shipped)
        lines.append(("ship", said, tr("tracking numbers gone")))
    if lost.by_hand:
        said = trn("{n} change by hand", "{n} changes by hand", lost.by_hand)
        lines.append(("by_hand", said, tr("to be made again")))
    if lost.undone:
        said = trn("{n} step taken back since", "{n} steps taken back since", lost.undone)
        lines.append(("undo", said, tr("would be there again")))
    return lines


def _line(sign: str, text: str, then: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 4, 0, 4)
    row.setSpacing(6)
    row.addWidget(Sign(sign, "text_2", 14), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(text, wrap=True), 3)
    label = PlainLabel(then, "small", "text_2", wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(label, 2)
    return row


def moment(stamp: str) -> str:
    """A UTC stamp of the journal as the shop's wall clock says it."""
    at = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return dates.show_time(clock.text(at.astimezone().replace(tzinfo=None)))


def step_list(lost: Lost, most: int = 300) -> Sequence[tuple[str, str]]:
    """The steps since, newest first: (when, what); no more than can be read."""
    return [(moment(step.at), step.label) for step in lost.steps[:most]]
