"""What the files say of known records, compared with the shop cell by cell."""

from __future__ import annotations

from shopdesk.core.sqlite import Connection

CELLS = """
CREATE TABLE plan.cell (id INTEGER PRIMARY KEY, kind TEXT, staged INTEGER, record INTEGER, field TEXT, old, new,
    held TEXT NOT NULL DEFAULT '', ticked INTEGER NOT NULL DEFAULT 1);
CREATE TABLE plan.reason (id INTEGER PRIMARY KEY, source INTEGER, file_id INTEGER, row INTEGER, "column" TEXT,
    level TEXT, code TEXT, text TEXT, fix TEXT, args TEXT, record TEXT, record_id INTEGER);
"""
"""`held` says why a cell is not taken unless the owner ticks it: "edited" by her, or "backward" in time."""

BY_HAND = "EXISTS (SELECT 1 FROM json_each(o.edited) e WHERE e.value = '{field}')"
NEVER_BY_HAND = "0"


def compare(
    con: Connection, kind: str, join: str, fields: dict[str, tuple[str, str]], *, where: str = "true", edited: str
) -> None:
    """Write a cell for every field whose staged value differs from the shop's; `s` is staged, `o` the shop's.

    Rows that differ anywhere are found in one pass, their cells by field in further ones. `edited` is SQL that
    says whether the owner edited {field} by hand: then the cell is not taken unless she ticks it.
    """
    anywhere = " OR ".join(f"({value} IS NOT NULL AND {test})" for value, test in fields.values())
    con.execute("DROP TABLE IF EXISTS plan.differing")
    con.execute("CREATE TABLE plan.differing (id INTEGER PRIMARY KEY)")
    con.execute(f"INSERT OR IGNORE INTO plan.differing SELECT s.id FROM {join} WHERE {where} AND ({anywhere})")
    if not con.execute("SELECT EXISTS (SELECT 1 FROM plan.differing)").fetchone()[0]:
        return
    for field, (value, test) in fields.items():
        held = edited.format(field=field)
        con.execute(
            "INSERT INTO plan.cell (kind, staged, record, field, old, new, held, ticked)"
            f" SELECT '{kind}', s.id, o.id, '{field}', o.{field}, {value},"
            f" CASE WHEN {held} THEN 'edited' ELSE '' END, NOT {held}"
            f" FROM {join} WHERE s.id IN (SELECT id FROM plan.differing) AND {where}"
            f" AND {value} IS NOT NULL AND {test}"
        )


_ORDER_OF = """
CASE substr(c.kind, CASE WHEN c.kind LIKE 'own %' THEN 5 ELSE 1 END)
    WHEN 'orders' THEN c.record
    WHEN 'lines' THEN (SELECT order_id FROM order_lines WHERE id = c.record)
    WHEN 'order_lines' THEN (SELECT order_id FROM order_lines WHERE id = c.record)
    WHEN 'order_events' THEN (SELECT order_id FROM order_events WHERE id = c.record)
    WHEN 'returns' THEN (SELECT order_id FROM returns WHERE id = c.record)
END
"""


def gather(con: Connection) -> None:
    """Number the cells anew, all of an order together, then those of the other records."""
    names = "kind, staged, record, field, old, new, held, ticked"
    con.execute(f"CREATE TABLE plan.scattered AS SELECT {names}, {_ORDER_OF} AS of_order FROM plan.cell c ORDER BY id")
    con.execute("DELETE FROM plan.cell")
    con.execute(
        f"INSERT INTO plan.cell ({names}) SELECT {names} FROM plan.scattered"
        " ORDER BY of_order IS NULL, of_order, kind NOT IN ('orders', 'own orders'), kind, record, rowid"
    )
    con.execute("DROP TABLE plan.scattered")
