"""Our own layout read back: rows of written tables as records of the shop, found by their natural keys."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from shopdesk.core import blobs, dates, money, settings
from shopdesk.core.sqlite import Connection, IntegrityError
from shopdesk.core.words import N_
from shopdesk.exchange import own, times
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.comparing import BY_HAND, NEVER_BY_HAND, compare
from shopdesk.exchange.erased import keep_out_own, keep_out_own_people
from shopdesk.exchange.own import Col, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

_LOST = N_("The record that this row belongs to is in neither the shop nor these files.")
_LOST_FIX = N_("Import the files of one export together.")
_LISTS = frozenset({"tags", "edited"})
_ALL_TEXT = (
    "json_valid({cell}) AND json_type({cell}) = 'array'"
    " AND NOT EXISTS (SELECT 1 FROM json_each({cell}) WHERE type <> 'text')"
)
_IS_NUMBER = "{cell} <> '' AND abs(CAST({cell} AS REAL)) < 1e12"
_NO_TIME = "no-time"
_KEPT_TIME = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?")
_DAYS = frozenset({"day", "since"})
_NOT_HELD = N_("A value of this row is none that the shop can hold.")
NO_FACTS = frozenset({"edited"})
_CENTS = "CASE {currency} " + " ".join(
    f"WHEN '{code}' THEN {10 ** money.exponent(code)}"
    for code in ("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "PYG", "UGX", "BHD", "IQD", "JOD", "KWD", "LYD",
                 "OMR", "TND")
) + " ELSE 100 END"  # fmt: skip


def plan_own(con: Connection) -> None:
    """Read the rows of our own layouts into the plan and compare them with the shop."""
    con.execute(
        "CREATE TABLE plan.own_count (name TEXT PRIMARY KEY, counts TEXT, read INTEGER, new INTEGER, refused INTEGER)"
    )
    for table, sources in _present(con):
        _read(con, table, sources)
        if table.name != "pictures":
            _match(con, table)
            _note(con, table, refused=_without_erased(con, table))
            _compare(con, table)


def write_own(db: Database) -> None:
    """Write the rows of our own layouts, each table after those that it refers to."""
    con = db.conn
    for table, _ in _present(con):
        if table.name == "pictures":
            _put_pictures(db)
            continue
        con.execute("DELETE FROM plan.cell WHERE kind = ?", (f"own {table.name}",))
        _match(con, table)
        refused = _without_erased(con, table) + _refuse_lost(con, table)
        _note(con, table, refused=refused)
        _compare(con, table)
        _write_cells(con, table)
        if unfit := _insert(con, table):
            _note(con, table, refused=refused + unfit)


def _present(con: Connection) -> Iterator[tuple[Table, list[int]]]:
    found: dict[str, list[int]] = {}
    for row in con.execute("SELECT id, format FROM staging.source WHERE kind = 'own' AND refused IS NULL"):
        found.setdefault(row["format"], []).append(row["id"])
    for name, table in own.BY_FORMAT.items():
        if name in found:
            yield table, found[name]


def _read(con: Connection, table: Table, sources: list[int]) -> None:
    cells = ", ".join(
        f"coalesce(json_extract(cells, '$[{at}]'), '') AS \"{name}\"" for at, name in enumerate(table.header)
    )
    con.execute(f"DROP TABLE IF EXISTS plan.read_{table.name}")
    con.execute(
        f"CREATE TABLE plan.read_{table.name} AS SELECT id, source, row, {cells} FROM staging.raw"
        f" WHERE source IN ({', '.join(map(str, sources))}) ORDER BY id"
    )
    for col in _filling(table):
        if col.into.endswith("_at") or col.into in _DAYS or col.into == "at":
            _clean_times(con, table, col)


def _clean_times(con: Connection, table: Table, col: Col) -> None:
    """Times as the shop keeps them, whatever a spreadsheet made of them; a row with one that is none is refused."""
    read = f"plan.read_{table.name}"
    cells = con.execute(f'SELECT DISTINCT "{col.name}" FROM {read} WHERE "{col.name}" <> \'\'').fetchall()
    odd = [row[0] for row in cells if not (_KEPT_TIME.fullmatch(row[0]) and dates.moment_of(row[0]))]
    con.execute("DROP TABLE IF EXISTS plan.times")
    con.execute("CREATE TABLE plan.times (old TEXT PRIMARY KEY, new TEXT)")
    con.executemany("INSERT INTO plan.times VALUES (?, ?)", [(cell, _time(cell, col)) for cell in odd])
    wrong = f'"{col.name}" IN (SELECT old FROM plan.times WHERE new IS NULL)'
    con.execute(
        'INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record)'
        " SELECT r.source, s.file_id, r.row, ?, 'refused', ?, ?, '',"
        f" json_object('text', substr(\"{col.name}\", 1, 40)), ?"
        f" FROM {read} r JOIN staging.source s ON s.id = r.source WHERE {wrong}",
        (col.name, _NO_TIME, N_("“{text}” is not a time."), f"own {table.name}"),
    )
    con.execute(f"DELETE FROM {read} WHERE {wrong}")
    con.execute(f'UPDATE {read} AS r SET "{col.name}" = t.new FROM plan.times t WHERE t.old = r."{col.name}"')


def _time(cell: str, col: Col) -> str | None:
    try:
        found = times.clean_time(cell)
    except Trouble:
        return None
    return found[:10] if found and col.into in _DAYS else found


def _value(col: Col) -> str:
    """The SQL that makes the shop's value of a read cell (of row x)."""
    if col.value:
        return col.value.format(x="x")
    cell = f'x."{col.name}"'
    if col.kind == "number":
        return f"CASE WHEN {_IS_NUMBER.format(cell=cell)} THEN CAST({cell} AS INTEGER) END"
    if col.kind == "money":
        cents = _CENTS.format(currency="x.currency")
        return (
            f"CASE WHEN {_IS_NUMBER.format(cell=cell)} THEN CAST(round(CAST({cell} AS REAL) * {cents}) AS INTEGER) END"
        )
    if col.name in _LISTS:
        return f"CASE WHEN {_ALL_TEXT.format(cell=cell)} THEN {cell} ELSE '[]' END"
    if col.name == "extra":
        return f"CASE WHEN json_valid({cell}) AND json_type({cell}) = 'object' THEN {cell} ELSE '{{}}' END"
    return f"nullif({cell}, '')" if col.blank else cell


def _filling(table: Table) -> list[Col]:
    return [col for col in table.cols if col.into]


def _match(con: Connection, table: Table) -> None:
    """Fill plan.own_<name>: the values of every read row and the record of the shop that it is, or NULL."""
    _natural_keys(con)
    columns = [col.into for col in _filling(table)]
    values = ", ".join(f"{_value(col)} AS {col.into}" for col in _filling(table))
    name = f"own_{table.name}"
    con.execute(f"DROP TABLE IF EXISTS plan.{name}")
    types = con.execute(f"PRAGMA table_info({table.table})").fetchall()
    kinds = {row["name"]: row["type"] for row in types}
    con.execute(
        f"CREATE TABLE plan.{name} (id INTEGER PRIMARY KEY, source INTEGER, row INTEGER,"
        f" {', '.join(f'{column} {kinds[column]}' for column in columns)}, record INTEGER)"
    )
    con.execute(
        f"INSERT INTO plan.{name} (id, source, row, {', '.join(columns)})"
        f" SELECT x.id, x.source, x.row, {values} FROM plan.read_{table.name} x ORDER BY x.id"
    )
    if table.name == "settings":
        _drop_impossible(con)
    same = " AND ".join(f"o.{key} IS w.{key}" for key in table.key)
    if table.single:
        con.execute(f"UPDATE plan.{name} AS w SET record = (SELECT o.id FROM {table.table} o WHERE {same} LIMIT 1)")
        return
    con.execute(
        f"UPDATE plan.{name} AS w SET record = 0 WHERE id IN (SELECT id FROM ("
        f"SELECT w.*, row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY id) AS nth FROM plan.{name} w) w"
        f" WHERE nth <= (SELECT count(*) FROM {table.table} o WHERE {same}))"
    )


def _drop_impossible(con: Connection) -> None:
    for row in con.execute("SELECT id, key, value FROM plan.own_settings").fetchall():
        if not settings.is_allowed(row["key"], row["value"]):
            con.execute("DELETE FROM plan.own_settings WHERE id = ?", (row["id"],))


def _natural_keys(con: Connection) -> None:
    for name, source in (("sku_key", "skus"), ("natural_product", "products")):
        con.execute(f"DROP TABLE IF EXISTS plan.{name}")
        con.execute(f"CREATE TABLE plan.{name} (natural TEXT PRIMARY KEY, id INTEGER)")
        con.execute(f"INSERT OR IGNORE INTO plan.{name} SELECT {own.NATURAL.format(k='k')}, k.id FROM {source} k")


def _compare(con: Connection, table: Table) -> None:
    if not table.single:
        return
    fields = {
        col.into: (f"s.{col.into}", f"s.{col.into} IS NOT o.{col.into}")
        for col in _filling(table)
        if col.into not in (*table.key, *NO_FACTS)
    }
    if fields:
        join = f"plan.own_{table.name} s JOIN {table.table} o ON o.id = s.record"
        compare(con, f"own {table.name}", join, fields, edited=BY_HAND if table.edited else NEVER_BY_HAND)
        keep_out_own(con, f"own {table.name}", table.table)


def _note(con: Connection, table: Table, *, refused: int) -> None:
    timeless = "SELECT count(*) FROM plan.reason WHERE record = ? AND code = ?"
    refused += int(con.execute(timeless, (f"own {table.name}", _NO_TIME)).fetchone()[0])
    con.execute(
        f"INSERT OR REPLACE INTO plan.own_count SELECT ?, ?, count(*) + ?, coalesce(sum(record IS NULL), 0), ?"
        f" FROM plan.own_{table.name}",
        (table.name, table.counts, refused, refused),
    )


def _without_erased(con: Connection, table: Table) -> int:
    return keep_out_own_people(con) if table.name == "customers" else 0


def _refuse_lost(con: Connection, table: Table) -> int:
    """Take out rows whose order, customer, product... there is not; how many they were."""
    must = [
        row["name"]
        for row in con.execute(f"PRAGMA table_info({table.table})").fetchall()
        if row["notnull"] and row["name"] in {col.into for col in _filling(table) if col.value}
    ]
    if not must:
        return 0
    lost = " OR ".join(f"{name} IS NULL" for name in must)
    con.execute(
        'INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record)'
        f" SELECT w.source, s.file_id, w.row, '', 'refused', 'no-parent', ?, ?, '{{}}', ?"
        f" FROM plan.own_{table.name} w JOIN staging.source s ON s.id = w.source WHERE {lost}",
        (_LOST, _LOST_FIX, f"own {table.name}"),
    )
    return int(con.execute(f"DELETE FROM plan.own_{table.name} WHERE {lost}").rowcount)


def _write_cells(con: Connection, table: Table) -> None:
    kind = f"own {table.name}"
    fields = [row[0] for row in con.execute("SELECT DISTINCT field FROM plan.cell WHERE kind = ? AND ticked", (kind,))]
    for field in fields:
        con.execute(
            f"UPDATE OR IGNORE {table.table} SET {field} = c.new FROM plan.cell c WHERE c.record = {table.table}.id"
            " AND c.kind = ? AND c.field = ? AND c.ticked",
            (kind, field),
        )


def _insert(con: Connection, table: Table) -> int:
    """Write the new rows; how many of them the shop cannot hold."""
    columns = [col.into for col in _filling(table)]
    values = list(columns)
    if "import_id" in {row["name"] for row in con.execute(f"PRAGMA table_info({table.table})").fetchall()}:
        columns.append("import_id")
        values.append("(SELECT m.import_id FROM plan.imp m WHERE m.source = w.source)")
    insert = (
        f"INSERT INTO {table.table} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM plan.own_{table.name} w WHERE record IS NULL"
    )
    con.execute("SAVEPOINT rows")
    try:
        con.execute(f"{insert} ORDER BY id")
    except IntegrityError:
        con.execute("ROLLBACK TO rows")
        return _insert_each(con, table, insert)
    finally:
        con.execute("RELEASE rows")
    return 0


def _insert_each(con: Connection, table: Table, insert: str) -> int:
    """Row by row, when the shop cannot hold one of them; how many it refused."""
    refused = []
    new = f"SELECT id FROM plan.own_{table.name} WHERE record IS NULL ORDER BY id"
    for (row,) in con.execute(new).fetchall():
        try:
            con.execute(f"{insert} AND w.id = ?", (row,))
        except IntegrityError:
            refused.append((row,))
    con.executemany(
        'INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record)'
        f" SELECT w.source, s.file_id, w.row, '', 'refused', 'not-held', '{_NOT_HELD}', '', '{{}}', 'own {table.name}'"
        f" FROM plan.own_{table.name} w JOIN staging.source s ON s.id = w.source WHERE w.id = ?",
        refused,
    )
    con.executemany(f"DELETE FROM plan.own_{table.name} WHERE id = ?", refused)
    return len(refused)


def _put_pictures(db: Database) -> None:
    """Put the pictures together from their parts; one whose bytes are not what its name says is left out."""
    con = db.conn
    names = [row[0] for row in con.execute("SELECT DISTINCT sha256 FROM plan.read_pictures")]
    for name in names:
        if con.execute("SELECT 1 FROM blobs WHERE sha256 = ?", (name,)).fetchone():
            continue
        parts = con.execute(
            "SELECT data FROM plan.read_pictures WHERE sha256 = ? ORDER BY CAST(part AS INTEGER)", (name,)
        )
        try:
            data = b"".join(bytes.fromhex(row[0]) for row in parts.fetchall())
        except ValueError:
            continue
        if hashlib.sha256(data).hexdigest() == name:
            blobs.put_picture(db, data)


def own_counts(con: Connection) -> dict[str, dict[str, int]]:
    """By kind: how many rows of our own layouts were read, are new, changed and refused."""
    found: dict[str, dict[str, int]] = {}
    for row in con.execute("SELECT name, counts, read, new, refused FROM plan.own_count").fetchall():
        changed = con.execute(
            "SELECT count(DISTINCT record) FROM plan.cell WHERE kind = ? AND ticked", (f"own {row['name']}",)
        ).fetchone()[0]
        count = {"read": row["read"], "new": row["new"], "refused": row["refused"], "changed": changed}
        total = found.setdefault(row["counts"], dict.fromkeys(count, 0))
        found[row["counts"]] = {name: total[name] + value for name, value in count.items()}
    return found


def anything_new(con: Connection) -> bool:
    """Whether a row of our own layouts is new or changed."""
    return any(count["new"] or count["changed"] for count in own_counts(con).values())
