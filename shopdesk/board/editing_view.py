"""What opens in the drawer of the day, and what happens when it is saved."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from shopdesk.board import asking, forms_view, own_rules, records, verbs
from shopdesk.board.model import TASK, Line
from shopdesk.board.routines_view import RulesAndRoutines
from shopdesk.core.words import N_, tr
from shopdesk.ui.doing import told
from shopdesk.ui.drawer import Custom, Heading, Record

if TYPE_CHECKING:
    from shopdesk.board.page import TodayPage


class DayForms(QObject):
    """The forms of one page."""

    def __init__(self, page: TodayPage) -> None:
        super().__init__(page)
        self._page = page

    def add_line(self) -> None:
        """A line of the owner's own."""
        self._page.open_form(forms_view.task_form(tr("Add line"), {}, tr("Add"), self._save_task))

    def edit_line(self) -> None:
        """Change the current line."""
        line = self._page.list.line
        if line is None:
            return
        if line.own and line.record is not None:
            values = records.task(self._page.shop.reader(), line.record) or {}
            save = partial(self._save_changed_task, line.record)
            self._page.open_form(forms_view.task_form(tr("Change the line"), values, tr("Save"), save))
        else:
            self._page.open_form(forms_view.line_form(line, partial(self._save_line, line)))

    def snooze_line(self) -> None:
        """Put the current line off; a line that was put off comes back."""
        line = self._page.list.line
        if line is None:
            return
        if line.snoozed:
            self._page.do(lambda: verbs.wake(self._page.shop, lines=[line]))
        else:
            self._page.open_form(forms_view.snooze_form(line, self._page.day, partial(self._save_snooze, line)))

    def show_rules(self) -> None:
        """The rules and routines in the drawer."""
        con = self._page.shop.reader()
        panel = RulesAndRoutines(records.routines(con), asking.rule_states(con))
        panel.add_requested.connect(self.add_routine)
        panel.routine_clicked.connect(self.edit_routine)
        panel.rule_clicked.connect(self.edit_rule)
        panel.rule_switched.connect(self._on_switched)
        self._page.open_record(Record(Heading(tr("Rules and routines")), Custom(panel), steps=False))

    def add_routine(self) -> None:
        """A new routine."""
        self._page.open_form(forms_view.RoutineForm(tr("Add routine"), None, tr("Add"), self._save_routine))

    def edit_routine(self, routine_id: int) -> None:
        """Change a routine."""
        found = records.routine(self._page.shop.reader(), routine_id)
        if found is not None:
            save = partial(self._save_changed_routine, routine_id)
            self._page.open_form(forms_view.RoutineForm(tr("Change the routine"), found, tr("Save"), save))

    def edit_rule(self, name: str) -> None:
        """Switch a rule, or say how long it takes."""
        state = next(state for state in asking.rule_states(self._page.shop.reader()) if state.rule.name == name)
        self._page.open_form(forms_view.rule_form(state, partial(self._save_rule, name)))

    # saving

    def _save_task(self, values: dict[str, Any]) -> None:
        def add() -> None:
            self._page.wanted = (TASK, verbs.add_task(self._page.shop, **_task_values(values)))

        told(self._page, add)

    def _save_changed_task(self, task_id: int, values: dict[str, Any]) -> None:
        told(self._page, partial(verbs.edit_task, self._page.shop, task_id, **_task_values(values)))

    def _save_line(self, line: Line, values: dict[str, Any]) -> None:
        minutes, note = int(str(values["minutes"])), str(values["note"])

        def both() -> None:
            with self._page.shop.change(N_("Changed {code}"), verbs.TOPIC, code=line.code):
                if minutes != line.minutes:
                    verbs.set_minutes(self._page.shop, day=self._page.day, line=line, minutes=minutes)
                if note != line.note:
                    verbs.write_note(self._page.shop, day=self._page.day, line=line, text=note)

        told(self._page, both)

    def _save_snooze(self, line: Line, values: dict[str, Any]) -> None:
        until = date.fromisoformat(str(values["until"]))
        told(self._page, partial(verbs.snooze, self._page.shop, day=self._page.day, lines=[line], until=until))

    def _save_routine(self, values: dict[str, Any]) -> None:
        told(self._page, partial(verbs.add_routine, self._page.shop, **values))

    def _save_changed_routine(self, routine_id: int, values: dict[str, Any]) -> None:
        told(self._page, partial(verbs.edit_routine, self._page.shop, routine_id, **values))

    def _save_rule(self, name: str, values: dict[str, Any]) -> None:
        chosen = int(str(values["minutes"]))
        rule = next(rule for rule in own_rules.every() if rule.name == name)
        minutes = None if chosen == round(rule.minutes) else chosen
        on = bool(values["enabled"])
        told(self._page, partial(verbs.choose_rule, self._page.shop, rule=name, enabled=on, minutes=minutes))

    def _on_switched(self, name: str, on: bool) -> None:
        state = next(state for state in asking.rule_states(self._page.shop.reader()) if state.rule.name == name)
        minutes = None if state.minutes == state.rule.minutes else round(state.minutes)
        self._page.do(partial(verbs.choose_rule, self._page.shop, rule=name, enabled=on, minutes=minutes))


def _task_values(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": str(values["title"]),
        "day": date.fromisoformat(str(values["day"])),
        "minutes": int(str(values["minutes"])),
        "due": str(values["due"]) or None,
        "note": str(values["note"]),
    }
