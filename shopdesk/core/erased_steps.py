"""The steps of the journal once a person is erased: what they are called, and whether they can be taken back."""

from __future__ import annotations

import json

from shopdesk.core import personal
from shopdesk.core.blotting import Blotter
from shopdesk.core.person_words import Found
from shopdesk.core.schema import kept_columns
from shopdesk.core.sqlite import Connection

_BY_HAND = "edited"
"""The column that lists what the owner changed by hand: nothing of its own to take back."""


def blank_labels(con: Connection, found: Found, mark: str) -> int:
    """The labels of steps; those of steps about the person also where somebody else has the same name."""
    roots = " OR ".join(
        f"(table_name = '{root.table}' AND row_id IN {personal.owned(root.table)})" for root in personal.roots()
    )
    made = " OR ".join(
        f"(i.table_name = '{root.table}' AND r.row_id BETWEEN i.first_id AND i.last_id)" for root in personal.roots()
    )
    about = {row[0] for row in con.execute(f"SELECT DISTINCT step FROM journal_rows WHERE {roots}")}
    about |= {
        row[0]
        for row in con.execute(
            f"SELECT DISTINCT i.step FROM journal_inserts i JOIN temp.person_rows r ON r.table_name = i.table_name"
            f" WHERE ({made}) AND i.first_id = i.last_id"
        )
    }
    all_words = Blotter(found.words | found.shared, mark)
    own_words = Blotter(found.read_elsewhere, mark, found.others)
    count = 0
    for step_id, args in con.execute("SELECT id, args FROM journal_steps WHERE args <> '{}'").fetchall():
        clean = (all_words if step_id in about else own_words).stored(args)
        if clean != args:
            con.execute("UPDATE journal_steps SET args = ? WHERE id = ?", (clean, step_id))
            count += 1
    return count


def note_empty(con: Connection) -> int:
    """Note the steps that have nothing left to take back, because all that they changed were erased words."""
    rows = con.execute(
        "SELECT DISTINCT j.step FROM journal_rows j JOIN temp.person_rows r"
        " ON r.table_name = j.table_name AND r.row_id = j.row_id"
        " JOIN journal_steps s ON s.id = j.step AND s.state IN ('done', 'undone')"
    ).fetchall()
    empty = [(row[0],) for row in rows if _changes_nothing(con, row[0])]
    con.executemany("UPDATE journal_steps SET state = 'erased' WHERE id = ?", empty)
    return len(empty)


def _changes_nothing(con: Connection, step_id: int) -> bool:
    if con.execute("SELECT 1 FROM journal_inserts WHERE step = ?", (step_id,)).fetchone():
        return False
    rows = con.execute(
        "SELECT j.gone, j.table_name, j.row_id, j.old, y.columns, (SELECT k.old FROM journal_rows k WHERE k.id > j.id"
        " AND k.table_name = j.table_name AND k.row_id = j.row_id ORDER BY k.id LIMIT 1)"
        " FROM journal_rows j JOIN journal_layouts y ON y.id = j.layout WHERE j.step = ?",
        (step_id,),
    ).fetchall()
    return bool(rows) and all(not gone and _same(con, *row) for gone, *row in rows)


def _same(con: Connection, table: str, row_id: int, old: str, columns: str, later: str | None) -> bool:
    names = json.loads(columns)
    before = json.loads(old)
    if later is not None:
        after = json.loads(later)
    else:
        row = con.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
        after = list(row) if row else None
    hidden = kept_columns(table) | {_BY_HAND}
    return after is not None and all(
        one == other for name, one, other in zip(names, before, after, strict=False) if name not in hidden
    )
