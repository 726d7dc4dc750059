"""The forms of the day: a line of one's own, a line of a rule, putting off, a routine, a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QComboBox

from shopdesk.board import rules
from shopdesk.board.asking import RuleState
from shopdesk.board.model import Line, Routine
from shopdesk.board.routines_view import WeekPicker, days_text, month_days
from shopdesk.core import clock
from shopdesk.core.words import N_, tr, trc
from shopdesk.ui.form import ChoiceField, DayField, Field, Form, NoteField, NumberField, TextField, TickField

Save = Callable[[dict[str, Any]], object]
_EVERY = (("day", N_("Every day")), ("week", N_("On days of the week")), ("month", N_("On days of the month")))


def task_form(title: str, values: dict[str, Any], save: str, on_save: Save) -> Form:
    """A line of the owner's own."""
    fields: list[Field] = [
        TextField("title", tr("What"), value=values.get("title", ""), required=True),
        DayField("day", tr("Day"), value=values.get("day", clock.today().isoformat()), required=True),
        NumberField("minutes", tr("Minutes"), value=values.get("minutes", 5), low=0, high=1440, required=True),
        TextField("due", tr("By"), value=values.get("due") or "", hint=tr("a time like 16:30, or nothing")),
        NoteField("note", tr("Note"), value=values.get("note", "")),
    ]
    return Form(title, fields, save=save, on_save=on_save)


def line_form(line: Line, on_save: Save) -> Form:
    """Minutes and note of a line that a rule or a routine made, for today."""
    fields: list[Field] = [
        NumberField("minutes", tr("Minutes"), value=line.minutes, low=0, high=1440, required=True),
        NoteField("note", tr("Note"), value=line.note),
    ]
    return Form(f"{line.code} · {line.title}", fields, save=tr("Save"), on_save=on_save)


def snooze_form(line: Line, day: date, on_save: Save) -> Form:
    """Until when to put a line off."""
    tomorrow = (day + timedelta(days=1)).isoformat()
    fields: list[Field] = [DayField("until", trc("put off", "Until"), value=tomorrow, required=True)]
    return Form(tr("Put off {code}", code=line.code), fields, save=tr("Put off"), on_save=on_save)


def rule_form(state: RuleState, on_save: Save) -> Form:
    """A rule: on or off, and how long it takes."""
    label = tr("Minutes each") if state.rule.each else tr("Minutes")
    fields: list[Field] = [
        TickField("enabled", tr("On"), value=state.enabled),
        NumberField("minutes", label, value=round(state.minutes), low=0, high=240, required=True),
    ]
    return Form(rules.say(state.rule.label, {}), fields, save=tr("Save"), on_save=on_save)


class RoutineForm(Form):
    """A routine; the days are asked for as the kind of recurrence needs them."""

    def __init__(self, title: str, routine: Routine | None, save: str, on_save: Save) -> None:
        given = routine or Routine(0, "", "", 10, None, "day", (), clock.today())
        self._picker = WeekPicker(given.days if given.every == "week" else ())
        choices = [(every, tr(words)) for every, words in _EVERY]
        fields: list[Field] = [
            TextField("title", tr("What"), value=given.title, required=True),
            ChoiceField("every", tr("How often"), choices, value=given.every, required=True),
            TextField("month", tr("Days"), value=days_text(given), hint=tr("like 1, 15; 31 is the last day")),
            NumberField("minutes", tr("Minutes"), value=given.minutes, low=0, high=1440, required=True),
            TextField("due", tr("By"), value=given.due or "", hint=tr("a time like 16:30, or nothing")),
            NoteField("note", tr("Note"), value=given.note),
        ]
        self._save_routine = on_save
        super().__init__(title, fields, save=save, on_save=self._on_save_values_given)
        self.add_widget(self._picker)
        box = self.field("every").editor
        assert isinstance(box, QComboBox)
        box.currentIndexChanged.connect(self._show_days)
        self._show_days()

    @property
    def picker(self) -> WeekPicker:
        """The days of the week."""
        return self._picker

    def _on_save_values_given(self, values: dict[str, Any]) -> object:
        every = str(values["every"])
        days = self._picker.days() if every == "week" else month_days(str(values.pop("month")))
        values.pop("month", None)
        return self._save_routine({**values, "days": days if every != "day" else []})

    def _show_days(self) -> None:
        box = self.field("every").editor
        assert isinstance(box, QComboBox)
        every = _EVERY[max(0, box.currentIndex())][0]
        self._picker.setVisible(every == "week")
        month = self.field("month")
        for widget in (month.caption, month.editor, month.message):
            widget.setVisible(every == "month")
