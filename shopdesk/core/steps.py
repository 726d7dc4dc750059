"""The steps of the owner as the journal tells them: the last one, the one to redo, what happened to a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shopdesk.core import dates, sqlite
from shopdesk.core.schema import kept_columns
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr

QUESTION = "SELECT s.id, s.at, s.label, s.args, s.topics, s.state FROM journal_steps s"
"""What told() makes a step of; whoever asks adds which."""
_NEVER = "1970-01-01T00:00:00Z"
_PLAIN = re.compile(r"(?:[^{}]|\{[a-z_]\w*(?::,)?\})*")
_NAMED = re.compile(r"\{(\w+)(:,)?\}")


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the owner. `at` is UTC; `label` is in the owner's language when asked for."""

    id: int
    at: str
    template: str
    values: dict[str, object]
    topics: frozenset[str]
    state: str

    @property
    def label(self) -> str:
        """What was done, in the owner's language."""
        return tr(self.template, **self.values)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one step did to one record: column -> (before, after); empty `changes` with `made` = insertion."""

    step: Step
    made: bool
    changes: dict[str, tuple[object, object]]


def told(row: tuple[object, ...]) -> Step:
    """A step as it is told; of one that no act of ours wrote (in a file from elsewhere) only what can be told."""
    template, values, topics = str(row[2]), json.loads(str(row[3])), json.loads(str(row[4]))
    at = str(row[1])
    return Step(
        id=int(str(row[0])),
        at=at if dates.moment_of(at) else _NEVER,
        template=template,
        values=values if isinstance(values, dict) and _fits(template, values) else {},
        topics=frozenset(filter(_is_text, topics if isinstance(topics, list) else ())),
        state=str(row[5]),
    )


def _fits(template: str, values: dict[str, object]) -> bool:
    """Whether a label can be filled with its values, and fills no memory by a width of its own."""
    named = _NAMED.findall(template)
    known = all(name in values and (not spec or isinstance(values[name], int)) for name, spec in named)
    return known and _PLAIN.fullmatch(template) is not None


def _is_text(found: object) -> bool:
    return isinstance(found, str)


def step(con: Connection, step_id: int) -> Step | None:
    """A step by its id."""
    row = con.execute(f"{QUESTION} WHERE s.id = ?", (step_id,)).fetchone()
    return told(row) if row else None


def last_done(con: Connection) -> Step | None:
    """The newest step that can be undone."""
    row = con.execute(f"{QUESTION} WHERE s.state = 'done' ORDER BY s.id DESC LIMIT 1").fetchone()
    return told(row) if row else None


def done_after(con: Connection, step_id: int) -> list[Step]:
    """The steps in force that were made after `step_id`, newest first."""
    rows = con.execute(f"{QUESTION} WHERE s.state = 'done' AND s.id > ? ORDER BY s.id DESC", (step_id,))
    return [told(row) for row in rows]


def last_undone(con: Connection) -> Step | None:
    """The step that redo would bring back."""
    row = con.execute(f"{QUESTION} WHERE s.state = 'undone' ORDER BY s.undone_order DESC LIMIT 1").fetchone()
    return told(row) if row else None


def history(con: Connection, table: str, record: int) -> Iterator[Entry]:
    """What the steps did to a record, newest first. Undone steps are left out."""
    names = sqlite.columns(con, table)
    row = con.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (record,)).fetchone()
    after = dict(zip(names, row, strict=True)) if row else {}
    hidden = kept_columns(table)
    images = con.execute(
        f"{QUESTION.replace('SELECT', 'SELECT j.old, y.columns,', 1)} JOIN journal_rows j ON j.step = s.id"
        " JOIN journal_layouts y ON y.id = j.layout"
        " WHERE j.table_name = ? AND j.row_id = ? AND s.state = 'done' ORDER BY j.id DESC",
        (table, record),
    ).fetchall()
    made = con.execute(
        f"{QUESTION} JOIN journal_inserts i ON i.step = s.id WHERE i.table_name = ?"
        " AND ? BETWEEN i.first_id AND i.last_id AND s.state = 'done'",
        (table, record),
    ).fetchone()
    first = told(made) if made else None
    for old, layout, *step_row in images:
        before = dict(zip(json.loads(layout), json.loads(old), strict=True))
        step = told(tuple(step_row))
        changes = {
            name: (value, after.get(name))
            for name, value in before.items()
            if name not in hidden and value != after.get(name)
        }
        if step != first:  # what the step that made it changed on the way is part of making it
            yield Entry(step, made=False, changes=changes)
        after = before
    if first:
        yield Entry(first, made=True, changes={})
