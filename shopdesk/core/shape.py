"""Values that no act of ours writes: times that are none, JSON of another shape, words that are not among ours.

A page that read them would stumble. What a column holds is said by its name, by its default and by its definition: a
time ends with `_at`, a list is '[]' when it is empty. SQLite itself forgets the words of a definition in a file that
it opens for reading only, so no check of its own finds another one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shopdesk.core.salvage import by_feature
from shopdesk.core.sqlite import Connection

_TIMES = frozenset({"at", "first_order", "last_order", "ship_by"})
_DAYS = frozenset({"day", "since"})
_TEXTS = frozenset({"tags", "edited", "topics"})
"""Lists of texts."""

_DAY = "({0} IS date({0}) AND {0} >= '1')"
_TIME = f"({{0}} IS datetime({{0}}) AND {{0}} >= '1' OR {{0}} IS strftime('%Y-%m-%dT%H:%M:%SZ', {{0}}) OR {_DAY})"
_LIST = "(json_valid({0}) AND json_type({0}) = 'array')"
_LIST_OF_TEXTS = f"CASE WHEN {_LIST} THEN NOT EXISTS (SELECT 1 FROM json_each({{0}}) WHERE type <> 'text') ELSE 0 END"
_OBJECT = "(json_valid({0}) AND json_type({0}) = 'object')"
_WORDS = re.compile(r"CHECK \((\w+) (IN \('[^()]*'\))\)")


def faults(con: Connection) -> Iterator[tuple[str, str, int]]:
    """Columns with values of a wrong shape: table, column, how many."""
    for table in _tables():
        rules = dict(_rules(con, table))
        if not rules:
            continue
        sums = ", ".join(f"total({name} IS NOT NULL AND NOT {rule})" for name, rule in rules.items())
        found = con.execute(f"SELECT {sums} FROM {table}").fetchone()
        for name, count in zip(rules, found, strict=True):
            if count:
                yield table, name, int(count)


def has_other_words(con: Connection, table: str) -> bool:
    """Whether a column of a table holds a word that its definition does not name."""
    wrong = " OR ".join(f"NOT {rule}" for rule in _words(con, table).values())
    return bool(wrong) and con.execute(f"SELECT 1 FROM {table} WHERE {wrong} LIMIT 1").fetchone() is not None


def has_any_other_word(con: Connection) -> bool:
    """Whether any table holds such a word; takes a tenth of what SQLite's quick check does."""
    return any(has_other_words(con, table) for table in _tables())


def _tables() -> list[str]:
    return [table for tables in by_feature().values() for table in tables]


def _words(con: Connection, table: str) -> dict[str, str]:
    """The columns of a table that hold one of a few words, and the rule of each."""
    row = con.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()
    return {name: f"({name} {words})" for name, words in _WORDS.findall(row[0] if row else "")}


def _rules(con: Connection, table: str) -> Iterator[tuple[str, str]]:
    yield from _words(con, table).items()
    for row in con.execute(f"PRAGMA table_info({table})").fetchall():
        rule = _rule(row["name"], row["dflt_value"]) if row["type"] == "TEXT" else ""
        if rule:
            yield row["name"], rule.format(row["name"])


def _rule(name: str, default: str | None) -> str:
    if default == "'{}'":
        return _OBJECT
    if default == "'[]'":
        return _LIST_OF_TEXTS if name in _TEXTS else _LIST
    if name in _DAYS:
        return _DAY
    return _TIME if name in _TIMES or name.endswith("_at") else ""
