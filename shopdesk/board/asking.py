"""Putting a rule's questions to the shop: the parameters, the time limit, the owner's choices."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopdesk.board import own_rules
from shopdesk.board.rules import SECTIONS, BadRule, Rule
from shopdesk.core import clock, own, own_sql, settings
from shopdesk.core.sqlite import Connection

_SECONDS = 1.0
_EVERY_STEPS = 20000
_LONGEST = 300
MOST_OWN_ROWS = 1000
"""As many rows of an owner's own rule are looked at."""


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule and what the owner chose about it."""

    rule: Rule
    enabled: bool
    minutes: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that a question gave: the first of them, how many there are, and until when the others are due."""

    rows: list[dict[str, Any]]
    n: int
    other_dues: tuple[str | None, ...] = ()


NOTHING = Answer([], 0)


def parameters(con: Connection, now: datetime) -> dict[str, Any]:
    """What the questions of the rules may name."""
    day = now.date().isoformat()
    values: dict[str, Any] = {s.key: settings.get(con, s.key) for s in settings.SETTINGS if s.kind == "number"}
    return {
        **values,
        "now": clock.text(now),
        "today": day,
        "tomorrow": (now.date() + timedelta(days=1)).isoformat(),
        "cutoff": f"{day} {settings.text(con, 'cutoff')}:00",
        "day_end": f"{day} {settings.text(con, 'day_end')}:00",
        "currency": settings.text(con, "currency"),
    }


def in_time(con: Connection) -> AbstractContextManager[list[bool]]:
    """Stop a question that takes too long; the list yielded then holds True."""
    return own_sql.in_time(con, _SECONDS, _EVERY_STEPS)


def ask(con: Connection, question: str, values: dict[str, Any], most: int) -> Answer:
    """The first rows of a question, and what is to be known of all of them."""
    found = con.execute(question, values)
    rows = [dict(row) for row in found.fetchmany(most)]
    dues = tuple(row["due"] if "due" in row.keys() else None for row in found)  # noqa: SIM118 - a Row is no dict
    return Answer(rows, len(rows) + len(dues), dues)


def ask_own(con: Connection, rule: Rule, question: str, values: dict[str, Any], most: int) -> Answer:
    """The same for a question of the owner's own, which may give anything. Raises Unusable, or an error of values."""
    try:
        found = own_sql.ask(con, question, values, MOST_OWN_ROWS)
    except own.Unusable as reason:
        reason.line = rule.at[question != rule.open]
        raise
    rows: dict[int, dict[str, Any]] = {}
    for cells in found.rows:
        row = {name: _clipped(cell) for name, cell in zip(found.columns, cells, strict=True)}
        _look_at(row)
        rows.setdefault(row["record"] if row["record"] is not None else -len(rows) - 1, row)
    kept = list(rows.values())
    return Answer(kept[:most], len(kept), tuple(row.get("due") for row in kept[most:]))


def _clipped(cell: Any) -> Any:
    return cell[:_LONGEST] if isinstance(cell, str | bytes) else cell


def _look_at(row: dict[str, Any]) -> None:
    record, due = row["record"], row.get("due")
    if not (record is None or (isinstance(record, int) and record >= 0)) or row.get("section") not in (None, *SECTIONS):
        raise BadRule("record, section")
    if due is not None and clock.text(datetime.fromisoformat(due)) != due:
        raise BadRule("due")
    float(row.get("stake") or 0)


def rule_states(con: Connection) -> list[RuleState]:
    """Every rule with the owner's choice."""
    chosen = {row["rule"]: row for row in con.execute("SELECT rule, enabled, minutes FROM rule_choices")}
    states = []
    for rule in own_rules.every():
        row = chosen.get(rule.name)
        minutes = rule.minutes if row is None or row["minutes"] is None else float(row["minutes"])
        states.append(RuleState(rule, row is None or bool(row["enabled"]), minutes))
    return states
