"""From the answers to a rule's questions to the lines of the day."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from shopdesk.board import rules
from shopdesk.board.asking import NOTHING, Answer, RuleState
from shopdesk.board.model import Key, Line, More
from shopdesk.board.rules import Rule


def joint_line(
    state: RuleState, open_: Answer, done: Answer, values: dict[str, Any], ticked: Collection[Key]
) -> Iterator[Line]:
    """The one line of a joint rule: open, done by data, or gone since it was ticked by hand."""
    rule = state.rule
    if not open_.n:
        if done.n or (rule.name, None) in ticked:
            yield _done_line(rule, None, done, _filter(rule, rule.done, done, values))
        return
    first = open_.rows[0]
    dues = [row["due"] for row in open_.rows if row.get("due")]
    yield Line(
        rule=rule.name,
        record=None,
        section=first.get("section") or rule.section,
        title=rules.say(rule.title, first, open_.n),
        why=rules.say(rule.why, first, open_.n),
        minutes=minutes(state, open_.n),
        due=min(dues, default=None),
        evidence=rules.say(rule.evidence, done.rows[0], done.n) if done.n else "",
        icon=rule.icon,
        stake=sum(float(row.get("stake") or 0) for row in open_.rows),
        count=open_.n + done.n,
        open_rows=open_.n,
        target=_target(rule, None, _filter(rule, rule.open, open_, values)),
    )


def row_lines(state: RuleState, open_: Answer, done: Answer, ticked: Collection[Key]) -> Iterator[Line]:
    """A line for each row that is open or was done today, and for those gone since they were ticked by hand."""
    rule = state.rule
    still = {row["record"] for row in open_.rows}
    closed = {row["record"]: row for row in done.rows if row["record"] not in still}
    for row in open_.rows:
        yield _open_line(state, row)
    for record, row in closed.items():
        yield _done_line(rule, record, Answer([row], 1), None)
    if open_.n == len(open_.rows):
        for name, record in ticked:
            if name == rule.name and record not in still and record not in closed:
                yield _done_line(rule, record, NOTHING, None)


def more(state: RuleState, open_: Answer, done: Answer, now: str) -> More | None:
    """What of a rule with a line for each row got none, at the business time `now`."""
    unlisted, finished = len(open_.other_dues), len(done.other_dues)
    if not unlisted and not finished:
        return None
    overdue = sum(due is not None and due < now for due in open_.other_dues)
    return More(state.rule.name, unlisted, overdue, finished, minutes(state, unlisted) if unlisted else 0)


def minutes(state: RuleState, n: int) -> int:
    """How long `n` rows of a rule take."""
    whole = state.minutes * n if state.rule.each else state.minutes
    return min(round(whole), state.rule.at_most) if state.rule.together else round(whole)


def _open_line(state: RuleState, row: dict[str, Any]) -> Line:
    rule = state.rule
    return Line(
        rule=rule.name,
        record=row["record"],
        section=row.get("section") or rule.section,
        title=rules.say(rule.title, row),
        why=rules.say(rule.why, row),
        minutes=minutes(state, 1),
        due=row.get("due"),
        icon=rule.icon,
        stake=float(row.get("stake") or 0),
        target=_target(rule, row["record"], None),
    )


def _filter(rule: Rule, question: str, answer: Answer, values: dict[str, Any]) -> dict[str, Any]:
    """What a page is asked to show: the records that a question gives; of the owner's own, those that it gave."""
    if rule.file:
        given = json.dumps([row["record"] for row in answer.rows])
        return {"where": "id IN (SELECT value FROM json_each(:given))", "params": {"given": given}}
    used = {name: value for name, value in values.items() if f":{name}" in question}
    return {"where": f"id IN (SELECT record FROM ({question}))", "params": used}


def _target(rule: Rule, record: int | None, rows: dict[str, Any] | None) -> tuple[str, object] | None:
    if rule.act:
        return rule.opens, {"do": rule.act}
    if not rule.opens:
        return None
    return rule.opens, record if rows is None else {**rows, "title": rules.say(rule.label, {})}


def _done_line(rule: Rule, record: int | None, done: Answer, rows: dict[str, Any] | None) -> Line:
    """A line that ended because the data changed. Without evidence it is done only if it was ticked by hand."""
    first = done.rows[0] if done.rows else {}
    return Line(
        rule=rule.name,
        record=record,
        section=first.get("section") or rule.section,
        title=rules.say(rule.title, first, done.n) if done.n and _fits(rule, first) else rules.say(rule.label, {}),
        done=bool(done.n),
        evidence=rules.say(rule.evidence, first, done.n) if done.n else "",
        icon=rule.icon,
        count=max(1, done.n),
        open_rows=0,
        target=_target(rule, record, rows if done.n else None) if record or done.n else None,
    )


def _fits(rule: Rule, row: dict[str, Any]) -> bool:
    """Whether the title can be said of a done row."""
    try:
        rules.say(rule.title, row)
    except rules.BadRule:
        return False
    return True
