"""Kept figures and search documents: recomputed for whatever an act touched.

What was touched is read from the journal of the step: rows with their old image, and ranges of inserted
ids. The same declarations, asked for every key there is, are what `check` compares with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shopdesk.core import search
from shopdesk.core.schema import Kept, KeptTable, On, SearchKind, features
from shopdesk.core.sqlite import Connection

_COLUMN = re.compile(r"\{(\w+)\}")
_FEW = 50

Ranges = Sequence[tuple[int, int]]
_KEYS = "(SELECT key FROM temp.kept_keys)"
_IDS = "(SELECT id FROM temp.touched_ids)"


@dataclass(slots=True)
class Touched:
    """What one step touched, and what its author has already kept up to date.

    `changed` names the tables with journaled rows, `inserted` the id ranges by table, `settled` the key
    ranges whose kept columns of a table (or search documents of a kind) are already right. `tokens` makes
    the words of the other search documents.
    """

    step: int
    changed: frozenset[str] = frozenset()
    inserted: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    settled: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    tokens: search.Tokens = search.all_tokens

    def tables(self) -> frozenset[str]:
        """Every table that was touched."""
        return self.changed | frozenset(self.inserted)


def prepare(con: Connection) -> None:
    """Make the temporary tables that the work below uses."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS kept_keys (key PRIMARY KEY) WITHOUT ROWID")
    con.execute("CREATE TEMP TABLE IF NOT EXISTS touched_ids (id INTEGER PRIMARY KEY)")


def refresh(con: Connection, touched: Touched) -> None:
    """Bring every kept figure and search document that hangs on the touched rows up to date."""
    tables = touched.tables()
    altered = {table: _altered(con, touched.step, table) for table in touched.changed - touched.inserted.keys()}
    for feature in features():
        for rule in (*feature.kept, *feature.search):
            ons = [on for on in rule.on if on.table in tables and _matters(on, altered.get(on.table))]
            if ons and _gather(con, ons, touched, _name(rule)):
                _write(con, rule, touched.tokens)


def refresh_all(con: Connection) -> None:
    """Work out every kept figure and search document anew, inside the caller's transaction."""
    prepare(con)
    for feature in features():
        for rule in (*feature.kept, *feature.search):
            _every_key(con, rule)
            _write(con, rule, search.all_tokens)


def _every_key(con: Connection, rule: Kept | KeptTable | SearchKind) -> None:
    keys = f"SELECT id FROM {rule.table}" if isinstance(rule, SearchKind) else rule.all_keys
    con.execute("DELETE FROM temp.kept_keys")
    con.execute(f"INSERT OR IGNORE INTO temp.kept_keys SELECT * FROM ({keys})")


def _altered(con: Connection, step: int, table: str) -> frozenset[str] | None:
    """The columns that a small step changed in a table; None when they are too many to look at or rows are gone."""
    names = list(_places(con, table))
    rows = con.execute(
        f"SELECT j.old, t.{', t.'.join(names)} FROM journal_rows j LEFT JOIN {table} t ON t.id = j.row_id"
        f" WHERE j.step = ? AND j.table_name = ? LIMIT {_FEW + 1}",
        (step, table),
    ).fetchall()
    if len(rows) > _FEW or any(row["id"] is None for row in rows):
        return None
    found: set[str] = set()
    for old, *now in rows:
        found.update(name for name, before, after in zip(names, json.loads(old), now, strict=True) if before != after)
    return frozenset(found)


def _matters(on: On, altered: frozenset[str] | None) -> bool:
    return altered is None or not on.watch or not altered.isdisjoint(on.watch)


def _name(rule: Kept | KeptTable | SearchKind) -> str:
    return f"search_{rule.kind}" if isinstance(rule, SearchKind) else rule.table


def _gather(con: Connection, ons: list[On], touched: Touched, name: str) -> bool:
    """Fill kept_keys with the touched keys; whether there are any."""
    con.execute("DELETE FROM temp.kept_keys")
    settled = touched.settled.get(name, ())
    for on in ons:
        if on.keys:
            _gather_set(con, on, touched, settled)
        else:
            _gather_each(con, on, touched, settled)
    return con.execute("SELECT 1 FROM temp.kept_keys LIMIT 1").fetchone() is not None


def _add(select: str, settled: Ranges) -> str:
    known = "".join(f" AND key NOT BETWEEN {first} AND {last}" for first, last in settled)
    return f"INSERT OR IGNORE INTO temp.kept_keys SELECT key FROM ({select}) WHERE key IS NOT NULL{known}"


def _gather_each(con: Connection, on: On, touched: Touched, settled: Ranges) -> None:
    now = _COLUMN.sub(r"t.\1", on.key)
    for first, last in touched.inserted.get(on.table, ()):
        con.execute(_add(f"SELECT {now} AS key FROM {on.table} t WHERE t.id BETWEEN ? AND ?", settled), (first, last))
    if on.table not in touched.changed:
        return
    places = _places(con, on.table)
    before = _COLUMN.sub(lambda m: f"json_extract(j.old, '$[{places[m[1]]}]')", on.key)
    rows = f"FROM journal_rows j LEFT JOIN {on.table} t ON t.id = j.row_id WHERE j.step = ? AND j.table_name = ?"
    rows += f" AND {_differs(on, places)}"
    con.execute(_add(f"SELECT {now} AS key {rows}", settled), (touched.step, on.table))
    con.execute(_add(f"SELECT {before} AS key {rows}", settled), (touched.step, on.table))


def _gather_set(con: Connection, on: On, touched: Touched, settled: Ranges) -> None:
    con.execute("DELETE FROM temp.touched_ids")
    for first, last in touched.inserted.get(on.table, ()):
        con.execute(
            f"INSERT OR IGNORE INTO temp.touched_ids SELECT id FROM {on.table} WHERE id BETWEEN ? AND ?",
            (first, last),
        )
    if on.table in touched.changed:
        con.execute(
            "INSERT OR IGNORE INTO temp.touched_ids SELECT j.row_id FROM journal_rows j"
            f" LEFT JOIN {on.table} t ON t.id = j.row_id WHERE j.step = ? AND j.table_name = ?"
            f" AND {_differs(on, _places(con, on.table))}",
            (touched.step, on.table),
        )
    if con.execute("SELECT EXISTS (SELECT 1 FROM temp.touched_ids)").fetchone()[0]:
        con.execute(_add(f"WITH k (key) AS ({on.keys.format(ids=_IDS)}) SELECT key FROM k", settled))


def _places(con: Connection, table: str) -> dict[str, int]:
    """Where each column stands in the newest journal layout of a table."""
    row = con.execute(
        "SELECT columns FROM journal_layouts WHERE table_name = ? ORDER BY id DESC LIMIT 1", (table,)
    ).fetchone()
    return {name: at for at, name in enumerate(json.loads(row[0]))}


def _differs(on: On, places: dict[str, int]) -> str:
    if not on.watch:
        return "true"
    changed = (f"t.{name} IS NOT json_extract(j.old, '$[{places[name]}]')" for name in on.watch)
    return f"(t.id IS NULL OR {' OR '.join(changed)})"


def _write(con: Connection, rule: Kept | KeptTable | SearchKind, tokens: search.Tokens) -> None:
    query = rule.query.format(keys=_KEYS)
    if isinstance(rule, Kept):
        con.execute(_update(rule, query))
    elif isinstance(rule, KeptTable):
        con.execute(f"DELETE FROM {rule.table} WHERE {rule.key} IN {_KEYS}")
        con.execute(f"INSERT INTO {rule.table} ({', '.join(rule.columns)}) {query}")
    else:
        _reindex(con, rule.kind, query, tokens)


def _update(rule: Kept, query: str) -> str:
    names = ", ".join(rule.columns)
    new = ", ".join(f"q.{name}" for name in rule.columns)
    changed = " OR ".join(f"{rule.table}.{name} IS NOT q.{name}" for name in rule.columns)
    return (
        f"WITH q (id, {names}) AS MATERIALIZED ({query}) UPDATE {rule.table} SET ({names}) = ({new})"
        f" FROM q WHERE q.id = {rule.table}.id AND ({changed})"
    )


def _reindex(con: Connection, kind: str, query: str, tokens: search.Tokens) -> None:
    con.execute(f"DELETE FROM search_{kind} WHERE rowid IN (SELECT id FROM search_{kind}_docsize WHERE id IN {_KEYS})")
    rows = con.execute(query)
    while batch := rows.fetchmany(2000):
        words = tokens([(row[1], row[2]) for row in batch])
        search.index(con, kind, [(row[0], made) for row, made in zip(batch, words, strict=True)])


def reindex(con: Connection, rule: SearchKind, ids: Iterable[int]) -> None:
    """Make the search documents of these records anew, inside the caller's transaction."""
    con.execute("DELETE FROM temp.kept_keys")
    con.executemany("INSERT OR IGNORE INTO temp.kept_keys VALUES (?)", [(one,) for one in ids])
    _write(con, rule, search.all_tokens)


def of_row(key: str, alias: str) -> str:
    """The SQL of an On.key, its columns those of a row under a name."""
    return _COLUMN.sub(rf"{alias}.\1", key)


def rules() -> list[Kept | KeptTable]:
    """Every declaration of kept figures, in the order in which they build on each other."""
    return [rule for feature in features() for rule in feature.kept]


def faults(con: Connection, asked: Sequence[Kept | KeptTable]) -> Iterator[tuple[str, str, int]]:
    """Compare the kept figures of the `asked` rules with their recomputation.

    Yields (table, column or "rows", how many differ). `con` must be able to make temporary tables.
    """
    prepare(con)
    for rule in asked:
        _every_key(con, rule)
        query = rule.query.format(keys=_KEYS)
        yield from _column_faults(con, rule, query) if isinstance(rule, Kept) else _sum_faults(con, rule, query)


def _column_faults(con: Connection, rule: Kept, query: str) -> Iterator[tuple[str, str, int]]:
    sums = ", ".join(f"coalesce(sum(t.{name} IS NOT q.{name}), 0)" for name in rule.columns)
    found = con.execute(
        f"WITH q (id, {', '.join(rule.columns)}) AS MATERIALIZED ({query})"
        f" SELECT {sums} FROM q JOIN {rule.table} t ON t.id = q.id"
    ).fetchone()
    for name, count in zip(rule.columns, found, strict=True):
        if count:
            yield rule.table, name, count


def _sum_faults(con: Connection, rule: KeptTable, query: str) -> Iterator[tuple[str, str, int]]:
    names = ", ".join(rule.columns)
    kept = f"SELECT {names} FROM {rule.table}"
    count = con.execute(
        f"WITH q AS MATERIALIZED ({query}) SELECT (SELECT count(*) FROM (SELECT * FROM q EXCEPT {kept}))"
        f" + (SELECT count(*) FROM ({kept} EXCEPT SELECT * FROM q))"
    ).fetchone()[0]
    if count:
        yield rule.table, "rows", count
