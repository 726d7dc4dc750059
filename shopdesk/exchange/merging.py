"""What several dropped files say about the same orders, brought together in the staging file."""

from __future__ import annotations

from shopdesk.core import sqlite

_KEPT_APART = frozenset({"id", "source", "row", "platform", "number", "merged_into", "number_damaged"})

_RANK = """CASE o.status WHEN 'closed' THEN 5 WHEN 'done' THEN 4 WHEN 'shipped' THEN 3 WHEN 'to_ship' THEN 2
WHEN 'unpaid' THEN 1 ELSE 0 END"""


def merge(connection: sqlite.Connection, columns: tuple[str, ...]) -> None:
    """Merge orders that stand in several files, and give every line its order.

    The row with the furthest status stays, then one of an undamaged file, then that of the later file; blanks
    in it are filled from the others. `columns` are the columns of order_.
    """
    run = connection.execute
    order_files = run("SELECT count(*) FROM source WHERE id IN (SELECT DISTINCT source FROM order_)").fetchone()[0]
    line_files = run("SELECT count(*) FROM source WHERE id IN (SELECT DISTINCT source FROM line)").fetchone()[0]
    lone_lines = run("SELECT 1 FROM line WHERE order_id IS NULL LIMIT 1").fetchone()
    mended = order_files > 1 and _mend_numbers(connection)
    if order_files > 1:
        _merge_orders(connection, columns)
    if mended:
        run("UPDATE order_ SET number_damaged = NULL WHERE id IN (SELECT damaged FROM temp.mended)")
    if order_files and (lone_lines or order_files > 1):
        _join_lines(connection)
    if line_files > 1:
        _merge_lines(connection)


def _mend_numbers(connection: sqlite.Connection) -> bool:
    """Give an order whose number a spreadsheet has rounded the number that a clean file has for it.

    The same order is one of the same first 15 digits, buyer, minute and amount; where there are two of them
    on either side, nobody can tell. The lines of the rounded files go with their orders.
    """
    run = connection.execute
    if run("SELECT 1 FROM order_ WHERE number_damaged = 1 LIMIT 1").fetchone() is None:
        return False
    run(
        """
        CREATE TEMP TABLE rounded AS
        SELECT id, platform, number, substr(number, 1, 15) AS cut, length(number) AS long, coalesce(buyer, '') AS buyer,
               substr(created_at, 1, 16) AS at, coalesce(paid, 0) AS paid FROM order_ WHERE number_damaged = 1
        """
    )
    run("CREATE INDEX temp.rounded_cut ON rounded (cut)")
    run(
        """
        CREATE TEMP TABLE mended AS
        SELECT min(d.id) AS damaged, o.id AS clean, d.platform, d.number AS wrong, o.number AS whole, o.created_at
        FROM order_ o JOIN temp.rounded d ON d.cut = substr(o.number, 1, 15)
        WHERE o.number_damaged IS NULL AND d.platform = o.platform AND d.long = length(o.number)
          AND d.buyer = coalesce(o.buyer, '') AND d.at = substr(o.created_at, 1, 16) AND d.paid = coalesce(o.paid, 0)
        GROUP BY o.id HAVING count(*) = 1
        """
    )
    run("DELETE FROM temp.mended WHERE damaged IN (SELECT damaged FROM temp.mended GROUP BY 1 HAVING count(*) > 1)")
    run("CREATE UNIQUE INDEX temp.mended_damaged ON mended (damaged)")
    run("CREATE INDEX temp.mended_wrong ON mended (platform, wrong)")
    run(
        "UPDATE line SET number = m.whole FROM temp.mended m"
        " WHERE m.platform = line.platform AND m.wrong = line.number"
        " AND (line.order_id = m.damaged OR line.order_id IS NULL)"
    )
    run("UPDATE order_ SET number = m.whole, created_at = m.created_at FROM temp.mended m WHERE m.damaged = order_.id")
    return True


def _merge_orders(connection: sqlite.Connection, columns: tuple[str, ...]) -> None:
    run = connection.execute
    run("CREATE INDEX order_number ON order_ (platform, number)")
    run(
        f"""
        CREATE TEMP TABLE same AS
        SELECT o.id, first_value(o.id) OVER (
            PARTITION BY o.platform, o.number, coalesce(o.created_at, n.created_at)
            ORDER BY {_RANK} DESC, o.number_damaged IS NOT NULL, s.period_to DESC, o.source DESC) AS stays
        FROM order_ o JOIN source s ON s.id = o.source
        JOIN (SELECT platform, number, min(created_at) AS created_at FROM order_
              GROUP BY platform, number HAVING count(*) > 1) n
          ON n.platform = o.platform AND n.number = o.number
        """
    )
    run("CREATE UNIQUE INDEX temp.same_id ON same (id)")
    run(
        "UPDATE order_ SET merged_into = (SELECT stays FROM temp.same WHERE same.id = order_.id)"
        " WHERE id IN (SELECT id FROM temp.same WHERE stays <> id)"
    )
    run("CREATE INDEX order_merged ON order_ (merged_into) WHERE merged_into IS NOT NULL")
    filled = ", ".join(
        f'"{name}" = coalesce("{name}", (SELECT m."{name}" FROM order_ m WHERE m.merged_into = order_.id'
        f' AND m."{name}" IS NOT NULL ORDER BY m.source DESC LIMIT 1))'
        for name in columns
        if name not in _KEPT_APART
    )
    run(f"UPDATE order_ SET {filled} WHERE id IN (SELECT stays FROM temp.same WHERE stays <> id)")


def _join_lines(connection: sqlite.Connection) -> None:
    connection.execute("CREATE INDEX IF NOT EXISTS order_number ON order_ (platform, number)")
    connection.execute(
        "UPDATE line SET order_id = (SELECT id FROM order_ o WHERE o.platform = line.platform"
        " AND o.number = line.number AND o.merged_into IS NULL ORDER BY o.id LIMIT 1) WHERE order_id IS NULL"
    )
    connection.execute(
        "UPDATE line SET order_id = (SELECT merged_into FROM order_ o WHERE o.id = line.order_id)"
        " WHERE order_id IN (SELECT id FROM order_ WHERE merged_into IS NOT NULL)"
    )


def _merge_lines(connection: sqlite.Connection) -> None:
    """An order's lines come from one file: the one that names them by the platform's ids, or the later."""
    run = connection.execute
    run(
        """
        CREATE TEMP TABLE twice AS
        SELECT platform, number FROM (SELECT DISTINCT platform, number, source FROM line)
        GROUP BY platform, number HAVING count(*) > 1
        """
    )
    run(
        """
        CREATE TEMP TABLE chosen AS
        SELECT platform, number, source, first FROM (
            SELECT l.platform, l.number, l.source, min(l.id) AS first, row_number() OVER (
                PARTITION BY l.platform, l.number
                ORDER BY max(l.line_key <> l.position) DESC, s.period_to DESC, l.source DESC) AS place
            FROM line l JOIN temp.twice t ON t.platform = l.platform AND t.number = l.number
            JOIN source s ON s.id = l.source GROUP BY l.platform, l.number, l.source
        ) WHERE place = 1
        """
    )
    run("CREATE INDEX temp.chosen_number ON chosen (platform, number)")
    run(
        """
        UPDATE line SET merged_into = c.first FROM temp.chosen c
        WHERE c.platform = line.platform AND c.number = line.number AND line.source <> c.source
        """
    )
