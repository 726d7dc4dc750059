"""In the drawer: the routines and the rules, each a line that opens its form."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.board import own_rules, rules
from shopdesk.board.asking import RuleState
from shopdesk.board.model import Routine
from shopdesk.core import dates
from shopdesk.core.words import tr, trn
from shopdesk.ui.icons import icon
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import hline
from shopdesk.ui.widgets import Switch

_A_MONDAY = date(2024, 1, 1)


class RulesAndRoutines(QWidget):
    """The routines with Add, then every rule with a switch.

    Signals: ``add_requested``, ``routine_clicked(id)``, ``rule_clicked(name)``, ``rule_switched(name, on)``.
    """

    add_requested = Signal()
    routine_clicked = Signal(int)
    rule_clicked = Signal(str)
    rule_switched = Signal(str, bool)

    def __init__(self, routines: list[Routine], states: list[RuleState]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(6)
        self._routines(routines)
        self._column.addSpacing(8)
        self._rules(states)

    def _routines(self, routines: list[Routine]) -> None:
        add = QPushButton(tr("Add routine"))
        add.setProperty("small", True)
        add.setIcon(icon("add", "text_2"))
        add.clicked.connect(self.add_requested)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Routines"), strong=True), 1)
        head.addWidget(add)
        self._column.addLayout(head)
        if not routines:
            nothing = tr("Nothing yet. A routine comes back by itself: every day, on days of the week or of the month.")
            self._column.addWidget(PlainLabel(nothing, "small", "text_2", wrap=True))
        for routine in routines:
            link = LinkLabel(routine.title)
            link.clicked.connect(partial(self.routine_clicked.emit, routine.id))
            self._add(link, recurrence(routine), routine.minutes)

    def _rules(self, states: list[RuleState]) -> None:
        off = sum(not state.enabled for state in states)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Rules"), strong=True), 1)
        counted = trn("{n} rule", "{n} rules", len(states))
        head.addWidget(PlainLabel(tr("{rules}, {off} switched off", rules=counted, off=off), "small", "text_2"))
        self._column.addLayout(head)
        for state in states:
            name = rules.say(state.rule.label, {})
            link = LinkLabel(name)
            link.clicked.connect(partial(self.rule_clicked.emit, state.rule.name))
            switch = Switch(state.enabled, name)
            switch.toggled.connect(partial(self.rule_switched.emit, state.rule.name))
            self._add(link, state.rule.file, round(state.minutes, 1), switch, each=state.rule.each)
        for left in own_rules.found().left:
            self._column.addWidget(hline())
            self._column.addWidget(PlainLabel(str(left), "small", "warn", wrap=True))

    def _add(
        self, link: LinkLabel, second: str, minutes: float, switch: Switch | None = None, *, each: bool = False
    ) -> None:
        self._column.addWidget(hline())
        link.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(10)
        if switch is not None:
            row.addWidget(switch, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(link)
        if second:
            words.addWidget(PlainLabel(second, "small", "text_2"))
        row.addLayout(words, 1)
        number = f"{minutes:g}"
        said = tr("{n} min each", n=number) if each else tr("{n} min", n=number)
        row.addWidget(PlainLabel(said, "small", "text_2"), 0, Qt.AlignmentFlag.AlignVCenter)
        self._column.addLayout(row)


def weekday(number: int) -> str:
    """The name of a day of the week, 0 = Monday."""
    return dates.weekday_name(_A_MONDAY + timedelta(days=number))


class WeekPicker(QWidget):
    """Seven days to choose from."""

    def __init__(self, days: tuple[int, ...] = ()) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(4)
        self._buttons = []
        for number in range(7):
            button = QPushButton(weekday(number))
            button.setCheckable(True)
            button.setChecked(number in days)
            button.setProperty("kind", "chip")
            row.addWidget(button)
            self._buttons.append(button)
        row.addStretch(1)

    def days(self) -> list[int]:
        """The chosen ones, 0 = Monday."""
        return [number for number, button in enumerate(self._buttons) if button.isChecked()]

    def choose(self, days: list[int]) -> None:
        """Choose exactly these."""
        for number, button in enumerate(self._buttons):
            button.setChecked(number in days)


def recurrence(routine: Routine) -> str:
    """When it comes back, in words: every day by 09:30, Mon Wed, on day 1 and 15."""
    if routine.every == "day":
        said = tr("every day")
    elif routine.every == "week":
        said = tr("weekly: {days}", days=" ".join(weekday(day) for day in routine.days))
    else:
        said = tr("monthly: {days}", days=", ".join(str(day) for day in routine.days))
    return tr("{said}, by {time}", said=said, time=routine.due) if routine.due else said


def month_days(text: str) -> list[int]:
    """The days of a month as typed: 1, 15."""
    return [int(part) for part in re.findall(r"[0-9]+", text)]


def days_text(routine: Routine) -> str:
    """The days of the month as they are typed."""
    return ", ".join(str(day) for day in routine.days) if routine.every == "month" else ""
