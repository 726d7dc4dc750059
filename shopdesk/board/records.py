"""What the shop file holds of the day itself: codes given, marks, own lines, routines, problem notes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from shopdesk.board.model import ROUTINE, Key, Routine
from shopdesk.core.sqlite import Connection
from shopdesk.orders.model import problem_line


@dataclass(frozen=True, slots=True)
class Marks:
    """What the owner marked on lines, by what they are about."""

    ticks: dict[Key, tuple[str, int]]
    snoozes: dict[Key, str]
    notes: dict[Key, str]
    minutes: dict[Key, int]
    places: dict[Key, int]


def known_codes(con: Connection, day: date) -> dict[Key, str]:
    """The codes that lines of a day were given."""
    rows = con.execute("SELECT rule, record, code FROM board_codes WHERE day = ?", (day.isoformat(),))
    return {(row["rule"], row["record"]): row["code"] for row in rows}


def marks(con: Connection, day: date) -> Marks:
    """What the owner marked for a day; a line that was put off stays away until its day."""
    found = Marks({}, {}, {}, {}, {})
    on = day.isoformat()
    rows = con.execute("SELECT rule, record, kind, value, at FROM board_marks WHERE day = ?", (on,))
    for row in rows:
        key = (row["rule"], row["record"])
        if row["kind"] == "tick":
            found.ticks[key] = (row["at"], int(row["value"] or 1))
        elif row["kind"] == "note":
            found.notes[key] = row["value"]
        elif row["kind"] == "minutes":
            found.minutes[key] = int(row["value"])
        elif row["kind"] == "place":
            found.places[key] = int(row["value"])
    later = con.execute(
        "SELECT rule, record, max(value) AS until FROM board_marks"
        " WHERE kind = 'snooze' AND value > ? AND day <= ? GROUP BY rule, record",
        (on, on),
    )
    found.snoozes.update({(row["rule"], row["record"]): row["until"] for row in later})
    return found


def routines(con: Connection) -> list[Routine]:
    """Every routine, oldest first."""
    rows = con.execute("SELECT id, title, note, minutes, due, every, days, since FROM v_routines ORDER BY id")
    return [
        Routine(
            row["id"], row["title"], row["note"], row["minutes"], row["due"], row["every"],
            tuple(json.loads(row["days"])), date.fromisoformat(row["since"]),
        )
        for row in rows
    ]  # fmt: skip


def routine(con: Connection, routine_id: int) -> Routine | None:
    """One routine."""
    return next((found for found in routines(con) if found.id == routine_id), None)


def task(con: Connection, task_id: int) -> dict[str, Any] | None:
    """One line of the owner's own: id, day, title, note, minutes, due, done_at."""
    row = con.execute("SELECT * FROM v_tasks WHERE id = ?", (task_id,)).fetchone()
    return dict(row) if row else None


def ticked(con: Connection, day: date, routine_id: int) -> bool:
    """Whether a routine was ticked on a day."""
    row = con.execute(
        "SELECT 1 FROM board_marks WHERE day = ? AND kind = 'tick' AND rule = ? AND coalesce(record, 0) = ?",
        (day.isoformat(), ROUTINE, routine_id),
    ).fetchone()
    return row is not None


@dataclass(frozen=True, slots=True)
class ProblemNote:
    """What must be known before an order is packed."""

    number: str
    buyer: str
    note: str


def problem_notes(con: Connection, most: int = 20) -> list[ProblemNote]:
    """The notes on flagged orders that still have to leave, the most urgent first."""
    rows = con.execute(
        "SELECT number, name, problem, problem_note FROM v_orders WHERE problem IS NOT NULL AND problem_at IS NOT NULL"
        " AND problem_note <> '' AND status = 'to_ship' ORDER BY ship_by LIMIT ?",
        (most,),
    )
    return [ProblemNote(row[0], row[1], problem_line(row[2], row[3])) for row in rows]
