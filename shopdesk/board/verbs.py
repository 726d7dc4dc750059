"""What the owner does with today's list; each one is a step that can be undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from shopdesk.board.model import ROUTINE, Key, Line
from shopdesk.core import clock, dates
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table

    from shopdesk.core.shop import Shop

TOPIC = "board"
MOST_MINUTES = 1440
MOST_TEXT = 2000
EVERY = ("day", "week", "month")


def add_task(shop: Shop, *, title: str, day: date, minutes: int = 5, due: str | None = None, note: str = "") -> int:
    """Add a line of the owner's own to a day; its id. `due` is a time of day, HH:MM. Raises ShopError."""
    row = {**_checked(title, minutes, due, note), "day": day.isoformat()}
    with shop.change(N_("Added “{title}” to the list"), TOPIC, title=row["title"]) as db:
        return _new_id(db.table("tasks").insert(row))


def edit_task(shop: Shop, task_id: int, *, title: str, day: date, minutes: int, due: str | None, note: str) -> None:
    """Change a line of the owner's own. Raises ShopError."""
    row = {**_checked(title, minutes, due, note), "day": day.isoformat()}
    with shop.change(N_("Changed “{title}”"), TOPIC, title=row["title"]) as db:
        db.table("tasks").update(task_id, row)


def delete_task(shop: Shop, task_id: int) -> None:
    """Take a line of the owner's own off the list."""
    with shop.change(N_("Deleted a line of the list"), TOPIC) as db:
        db.table("tasks").update(task_id, {"deleted_at": clock.utc_stamp()})


def add_routine(
    shop: Shop,
    *,
    title: str,
    every: str,
    days: Sequence[int] = (),
    minutes: int = 5,
    due: str | None = None,
    note: str = "",
    since: date | None = None,
) -> int:
    """Add a routine; its id.

    `every` is day, week (`days` 0 = Monday to 6) or month (`days` 1 to 31; a day that a month lacks falls
    on its last day). Raises ShopError.
    """
    row = {**_checked(title, minutes, due, note), **_recurrence(every, days)}
    row["since"] = (since or clock.today()).isoformat()
    with shop.change(N_("Added the routine “{title}”"), TOPIC, title=row["title"]) as db:
        return _new_id(db.table("routines").insert(row))


def edit_routine(
    shop: Shop,
    routine_id: int,
    *,
    title: str,
    every: str,
    days: Sequence[int],
    minutes: int,
    due: str | None,
    note: str = "",
) -> None:
    """Change a routine. Raises ShopError."""
    row = {**_checked(title, minutes, due, note), **_recurrence(every, days)}
    with shop.change(N_("Changed the routine “{title}”"), TOPIC, title=row["title"]) as db:
        db.table("routines").update(routine_id, row)


def delete_routine(shop: Shop, routine_id: int) -> None:
    """Do a routine no more."""
    with shop.change(N_("Deleted a routine"), TOPIC) as db:
        db.table("routines").update(routine_id, {"deleted_at": clock.utc_stamp()})


def tick(shop: Shop, *, day: date, lines: Sequence[Line]) -> None:
    """Mark lines as done by hand; a line that the data closed already stays as it is."""
    still = [line for line in lines if not line.done]
    if not still:
        return
    with shop.change(N_("Ticked {n} by hand"), TOPIC, n=len(still)) as db:
        for line in still:
            if line.own:
                _change_task(db, line, done_at=clock.text())
            else:
                _mark(db, day, line.key, "tick", str(line.open_rows))


def untick(shop: Shop, *, day: date, lines: Sequence[Line]) -> None:
    """Take ticks by hand back; what the data says stays."""
    ticked = [line for line in lines if line.by_hand]
    if not ticked:
        return
    with shop.change(N_("Took {n} tick back"), TOPIC, n=len(ticked)) as db:
        for line in ticked:
            if line.own:
                _change_task(db, line, done_at=None)
            else:
                _unmark(db, line.key, "tick", day)


def snooze(shop: Shop, *, day: date, lines: Sequence[Line], until: date) -> None:
    """Put lines off until a later day. Raises ShopError for a day that is not later."""
    if until <= day:
        raise ShopError(N_("Choose a day after today."), field="until")
    with shop.change(N_("Put {n} off to {day}"), TOPIC, n=len(lines), day=until.isoformat()) as db:
        for line in lines:
            if line.own:
                _change_task(db, line, day=until.isoformat())
            else:
                _mark(db, day, line.key, "snooze", until.isoformat())


def wake(shop: Shop, *, lines: Sequence[Line]) -> None:
    """Bring lines back that were put off."""
    with shop.change(N_("Brought {n} back"), TOPIC, n=len(lines)) as db:
        for line in lines:
            for row in _rows(db, _LINE + " AND value = ?", _line(line.key, "snooze", line.snoozed)):
                db.table("board_marks").delete(row["id"])


def write_note(shop: Shop, *, day: date, line: Line, text: str) -> None:
    """Write a note on a line of the day; an empty text takes it away. Raises ShopError."""
    if len(text) > MOST_TEXT:
        raise ShopError(N_("At most {most} characters."), field="note", most=MOST_TEXT)
    with shop.change(N_("Wrote a note on {code}"), TOPIC, code=line.code) as db:
        if line.own:
            _change_task(db, line, note=text)
        elif line.rule == ROUTINE or text:
            _mark(db, day, line.key, "note", text)
        else:
            _unmark(db, line.key, "note", day)


def set_minutes(shop: Shop, *, day: date, line: Line, minutes: int) -> None:
    """Say how long a line takes on that day. Raises ShopError."""
    _check_minutes(minutes)
    with shop.change(N_("{code} takes {n} min"), TOPIC, code=line.code, n=minutes) as db:
        if line.own:
            _change_task(db, line, minutes=minutes)
        else:
            _mark(db, day, line.key, "minutes", str(minutes))


def place(shop: Shop, *, day: date, order: Sequence[Key]) -> None:
    """Keep the order of a section's lines as dragged, for that day."""
    with shop.change(N_("Moved a line"), TOPIC) as db:
        for at, key in enumerate(order, start=1):
            _mark(db, day, key, "place", str(at))


def choose_rule(shop: Shop, *, rule: str, enabled: bool, minutes: int | None = None) -> None:
    """Switch a rule on or off, and say how long it takes; None keeps the rule's own minutes."""
    if minutes is not None:
        _check_minutes(minutes)
    label = N_("Switched a rule on") if enabled else N_("Switched a rule off")
    with shop.change(label if minutes is None else N_("Changed a rule"), TOPIC) as db:
        row = {"rule": rule, "enabled": int(enabled), "minutes": minutes}
        known = next(db.table("rule_choices").rows_where("rule = ?", [rule]), None)
        if known is None:
            db.table("rule_choices").insert(row)
        else:
            db.table("rule_choices").update(known["id"], row)


_LINE = "kind = ? AND rule = ? AND coalesce(record, 0) = ?"


def _line(key: Key, kind: str, *more: object) -> list[object]:
    return [kind, key[0], key[1] or 0, *more]


def _new_id(table: Table) -> int:
    assert isinstance(table.last_pk, int)
    return table.last_pk


def _change_task(db: Database, line: Line, **values: object) -> None:
    assert line.record is not None
    db.table("tasks").update(line.record, dict(values))


def _rows(db: Database, where: str, values: list[object]) -> list[dict[str, Any]]:
    return list(db.table("board_marks").rows_where(where, values))


def _mark(db: Database, day: date, key: Key, kind: str, value: str) -> None:
    on = day.isoformat()
    row = {"day": on, "rule": key[0], "record": key[1], "kind": kind, "value": value, "at": clock.text()}
    known = next(iter(_rows(db, _LINE + " AND day = ?", _line(key, kind, on))), None)
    if known is None:
        db.table("board_marks").insert(row)
    elif known["value"] != value or kind == "tick":
        db.table("board_marks").update(known["id"], row)


def _unmark(db: Database, key: Key, kind: str, day: date) -> None:
    for row in _rows(db, _LINE + " AND day = ?", _line(key, kind, day.isoformat())):
        db.table("board_marks").delete(row["id"])


def _checked(title: str, minutes: int, due: str | None, note: str) -> dict[str, object]:
    if not title.strip():
        raise ShopError(N_("A line needs a text."), field="title")
    for name, text in (("title", title), ("note", note)):
        if len(text) > MOST_TEXT:
            raise ShopError(N_("At most {most} characters."), field=name, most=MOST_TEXT)
    _check_minutes(minutes)
    return {
        "title": title.strip(),
        "note": note,
        "minutes": minutes,
        "due": _time(due),
    }


def _time(due: str | None) -> str | None:
    if not due:
        return None
    try:
        return dates.typed_time(due)
    except ShopError as error:
        error.field = "due"
        raise


def _check_minutes(minutes: int) -> None:
    if not 0 <= minutes <= MOST_MINUTES:
        raise ShopError(N_("A number from {least} to {most} is needed."), field="minutes", least=0, most=MOST_MINUTES)


def _recurrence(every: str, days: Sequence[int]) -> dict[str, object]:
    wanted = sorted(set(days)) if every != "day" else []
    low, high = (0, 6) if every == "week" else (1, 31)
    if every not in EVERY or (every != "day" and not wanted) or any(not low <= n <= high for n in wanted):
        raise ShopError(N_("Choose at least one day."), field="days")
    return {"every": every, "days": json.dumps(wanted)}
