"""The journal: what every step of the owner held before, so that it can be undone, redone and read.

A step's log has two kinds of entries, both made without any help from the features: the old image of every
changed or deleted row (by temporary triggers generated from the schema; a change of kept columns alone is
none), and the ranges of ids it inserted (every id comes from AUTOINCREMENT and is never used twice, so the
sequence before and after says it all). To undo a step is to apply its log backwards while the same triggers
write the log of going forwards again: undo and redo are one operation.
"""

from __future__ import annotations

import json

from shopdesk.core import clock, sqlite, steps
from shopdesk.core.errors import ShopError
from shopdesk.core.kept import Touched
from shopdesk.core.schema import kept_columns, unjournaled
from shopdesk.core.sqlite import Connection
from shopdesk.core.steps import Step
from shopdesk.core.words import N_


class CannotUndo(ShopError):
    """Later steps hang on the one that was to be undone."""


def tables(con: Connection) -> list[str]:
    """The journaled tables of the file."""
    names = con.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' ORDER BY name"
    )
    left_out = unjournaled()
    return [row[0] for row in names if row[0] not in left_out]


def install(con: Connection) -> None:
    """Generate the triggers that write the journal on this connection."""
    con.execute("CREATE TEMP TABLE journal_now (step INTEGER)")
    con.execute("INSERT INTO temp.journal_now VALUES (NULL)")
    for table in tables(con):
        _install(con, table)


def _install(con: Connection, table: str) -> None:
    names = sqlite.columns(con, table)
    layout = _layout(con, table, names)
    image = ", ".join(f"old.{name}" for name in names)
    raw = [name for name in names if name not in kept_columns(table)]
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in raw)
    for gone, event in ((0, f"AFTER UPDATE ON main.{table} WHEN {changed}"), (1, f"AFTER DELETE ON main.{table}")):
        con.execute(
            f"CREATE TEMP TRIGGER journal_{table}_{gone} {event} BEGIN"
            " INSERT INTO journal_rows (step, table_name, row_id, layout, gone, old) VALUES"
            f" ((SELECT step FROM temp.journal_now), '{table}', old.id, {layout}, {gone}, json_array({image})); END"
        )


def _layout(con: Connection, table: str, names: list[str]) -> int:
    """The number of a table's present columns; old images refer to it."""
    known = (table, json.dumps(names))
    found = con.execute("SELECT id FROM journal_layouts WHERE table_name = ? AND columns = ?", known).fetchone()
    if found:
        return int(found[0])
    return int(str(con.execute("INSERT INTO journal_layouts (table_name, columns) VALUES (?, ?)", known).lastrowid))


def sequence(con: Connection) -> dict[str, int]:
    """The highest id ever given, by table."""
    return {row[0]: row[1] for row in con.execute("SELECT name, seq FROM sqlite_sequence")}


def begin(con: Connection, label: str, values: dict[str, object]) -> int:
    """Open a step inside a running transaction; its id."""
    cursor = con.execute(
        "INSERT INTO journal_steps (at, label, args) VALUES (?, ?, ?)",
        (clock.utc_stamp(), label, json.dumps(values, ensure_ascii=False)),
    )
    step = int(str(cursor.lastrowid))
    use(con, step)
    return step


def use(con: Connection, step: int | None) -> None:
    """Let the triggers write to `step`; with None any change of a journaled row fails."""
    con.execute("UPDATE temp.journal_now SET step = ?", (step,))


def inserted(con: Connection, before: dict[str, int]) -> dict[str, list[tuple[int, int]]]:
    """The id ranges inserted into journaled tables since `before`; an upsert may use up ids for nothing."""
    found = {}
    for table in sequence(con).keys() - unjournaled():
        new = f"FROM {table} WHERE id > {before.get(table, 0)}"
        first, last = con.execute(f"SELECT (SELECT min(id) {new}), (SELECT max(id) {new})").fetchone()
        if first is not None:
            found[table] = [(first, last)]
    return found


def changed(con: Connection, step: int) -> frozenset[str]:
    """The tables of which the step holds old images."""
    rows = con.execute("SELECT DISTINCT table_name FROM journal_rows WHERE step = ?", (step,))
    return frozenset(row[0] for row in rows)


def note_inserts(con: Connection, step: int, ranges: dict[str, list[tuple[int, int]]]) -> None:
    """Write the inserted ranges into the step's log."""
    con.executemany(
        "INSERT INTO journal_inserts (step, table_name, first_id, last_id) VALUES (?, ?, ?, ?)",
        [(step, table, first, last) for table, pairs in ranges.items() for first, last in pairs],
    )


def finish(con: Connection, step: int, topics: frozenset[str]) -> None:
    """Close a step: note which kinds of things it changed. Steps that were undone can no longer be redone."""
    con.execute("UPDATE journal_steps SET state = 'dropped' WHERE state = 'undone'")
    con.execute("UPDATE journal_steps SET topics = ? WHERE id = ?", (json.dumps(sorted(topics)), step))
    use(con, None)


def drop(con: Connection, step: int) -> None:
    """Forget a step that changed nothing."""
    use(con, None)
    con.execute("DELETE FROM journal_steps WHERE id = ?", (step,))


def hanging_on(con: Connection, step_id: int) -> Step | None:
    """The newest later step that changed a record which `step_id` made or changed; None when nothing did."""
    row = con.execute(
        f"""{steps.QUESTION} WHERE s.state = 'done' AND s.id > ?1 AND (
            EXISTS (SELECT 1 FROM journal_rows l WHERE l.step = s.id AND (
                EXISTS (SELECT 1 FROM journal_inserts i WHERE i.step = ?1 AND i.table_name = l.table_name
                        AND l.row_id BETWEEN i.first_id AND i.last_id)
                OR EXISTS (SELECT 1 FROM journal_rows m WHERE m.table_name = l.table_name
                           AND m.row_id = l.row_id AND m.step = ?1))))
        ORDER BY s.id DESC LIMIT 1""",
        (step_id,),
    ).fetchone()
    return steps.told(row) if row else None


def invert(con: Connection, step_id: int) -> Touched:
    """Apply the step's log backwards; its log is replaced by the way forwards. Inside a transaction."""
    con.execute("DROP TABLE IF EXISTS temp.undo_rows")
    con.execute(
        "CREATE TEMP TABLE undo_rows AS SELECT table_name, row_id, layout, old FROM journal_rows WHERE id IN"
        " (SELECT min(id) FROM journal_rows WHERE step = ? GROUP BY table_name, row_id)",
        (step_id,),
    )
    con.execute("CREATE INDEX temp.undo_rows_at ON undo_rows (table_name, layout, row_id)")
    ranges = con.execute(
        "SELECT table_name, first_id, last_id FROM journal_inserts WHERE step = ?", (step_id,)
    ).fetchall()
    con.execute("DELETE FROM journal_rows WHERE step = ?", (step_id,))
    con.execute("DELETE FROM journal_inserts WHERE step = ?", (step_id,))
    use(con, step_id)
    for table, first, last in ranges:
        con.execute("DELETE FROM temp.undo_rows WHERE table_name = ? AND row_id BETWEEN ? AND ?", (table, first, last))
        con.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (first, last))
    returned = _restore(con)
    note_inserts(con, step_id, returned)
    con.execute("DROP TABLE temp.undo_rows")
    return Touched(step_id, changed(con, step_id), returned)


def _restore(con: Connection) -> dict[str, list[tuple[int, int]]]:
    returned: dict[str, list[tuple[int, int]]] = {}
    groups = con.execute("SELECT DISTINCT table_name, layout FROM temp.undo_rows").fetchall()
    for table, layout in groups:
        saved = json.loads(con.execute("SELECT columns FROM journal_layouts WHERE id = ?", (layout,)).fetchone()[0])
        present = set(sqlite.columns(con, table))
        image = {name: f"json_extract(u.old, '$[{at}]')" for at, name in enumerate(saved) if name in present}
        _put_back(con, table, layout, image)
        returned.setdefault(table, []).extend(_bring_back(con, table, layout, image))
    return {table: pairs for table, pairs in returned.items() if pairs}


_OF = "FROM temp.undo_rows u WHERE u.table_name = ? AND u.layout = ?"


def _put_back(con: Connection, table: str, layout: int, image: dict[str, str]) -> None:
    """Kept columns stay: they are figures of what there is now and are recomputed."""
    left_out = kept_columns(table) | {"id"}
    values = ", ".join(f"{name} = {value}" for name, value in image.items() if name not in left_out)
    con.execute(f"UPDATE {table} SET {values} {_OF} AND u.row_id = {table}.id", (table, layout))


def _bring_back(con: Connection, table: str, layout: int, image: dict[str, str]) -> list[tuple[int, int]]:
    gone = f"{_OF} AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = u.row_id)"
    islands = con.execute(
        f"SELECT min(row_id), max(row_id) FROM (SELECT u.row_id, u.row_id - row_number() OVER (ORDER BY u.row_id)"
        f" AS island {gone}) GROUP BY island ORDER BY 1",
        (table, layout),
    ).fetchall()
    con.execute(
        f"INSERT INTO {table} ({', '.join(image)}) SELECT {', '.join(image.values())} {gone} ORDER BY u.row_id",
        (table, layout),
    )
    return [(row[0], row[1]) for row in islands]


def set_state(con: Connection, step_id: int, state: str) -> None:
    """Mark a step as done or undone."""
    con.execute(
        "UPDATE journal_steps SET state = ?, undone_order ="
        " (SELECT coalesce(max(undone_order), 0) + 1 FROM journal_steps) WHERE id = ?",
        (state, step_id),
    )


def referring_to(con: Connection, step_id: int) -> Step | None:
    """The newest later step whose records refer to one that `step_id` made; None when none do."""
    made = con.execute(
        "SELECT table_name, first_id, last_id FROM journal_inserts WHERE step = ?", (step_id,)
    ).fetchall()
    found = []
    for child in tables(con):
        for key in con.execute(f"PRAGMA foreign_key_list({child})").fetchall():
            for _, first, last in (span for span in made if span[0] == key["table"]):
                found.append(_touching(con, step_id, child, f"{key['from']} BETWEEN {first} AND {last}"))
    later = max((at for at in found if at), default=None)
    return steps.step(con, later) if later else None


def _touching(con: Connection, after: int, table: str, which: str) -> int | None:
    """The newest step after `after` that inserted or changed a row of `table` that fits `which`."""
    row = con.execute(
        f"""SELECT max(s.id) FROM journal_steps s WHERE s.state = 'done' AND s.id > ?1 AND (
            EXISTS (SELECT 1 FROM journal_inserts i JOIN {table} t ON t.id BETWEEN i.first_id AND i.last_id
                    WHERE i.step = s.id AND i.table_name = ?2 AND t.{which})
            OR EXISTS (SELECT 1 FROM journal_rows j JOIN {table} t ON t.id = j.row_id
                       WHERE j.step = s.id AND j.table_name = ?2 AND t.{which}))""",
        (after, table),
    ).fetchone()
    return int(row[0]) if row[0] else None


def refuse_if_hanging(con: Connection, step_id: int) -> None:
    """Raise CannotUndo, naming the later step, when one changed what this step made or changed."""
    later = hanging_on(con, step_id)
    if later is not None:
        raise CannotUndo(
            N_("“{later}” came after it and changed the same records."),
            fix=N_("Undo that first. Nothing was changed."),
            later=later.label,
        )


def refusal(con: Connection, step_id: int) -> CannotUndo:
    """Why the file did not let a step be inverted: later records refer to its own, or took their place."""
    later = referring_to(con, step_id)
    if later is not None:
        return CannotUndo(
            N_("“{later}” came after it and hangs on it."),
            fix=N_("Undo that first. Nothing was changed."),
            later=later.label,
        )
    return CannotUndo(
        N_("A later record has taken the place of one that would come back."),
        fix=N_("Undo the later steps first. Nothing was changed."),
    )
