"""Search words of staged orders and buyers, made in a process of their own while the import goes on.

The process reads the staging file through views that look like the shop's tables and asks the very
queries that the search declares, so that what is prepared here is what the shop would make itself.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path

from shopdesk.core import search, sqlite
from shopdesk.core.schema import SearchKind, features
from shopdesk.core.sqlite import Connection
from shopdesk.exchange.process import Broken, begin, spawned

_BATCH = 2000
_LOOKS_LIKE_THE_SHOP = (
    "CREATE TEMP TABLE order_lines (order_id INTEGER, id INTEGER, name TEXT, code TEXT, deleted_at TEXT)",
    ("INSERT INTO temp.order_lines SELECT order_id, id, coalesce(name, ''), coalesce(code, ''), NULL"
    " FROM line WHERE order_id IS NOT NULL AND merged_into IS NULL ORDER BY order_id, id"),
    "CREATE INDEX temp.order_lines_order ON order_lines (order_id)",
    ("CREATE TEMP VIEW orders AS SELECT id, number, coalesce(tracking, '') AS tracking, coalesce(phone, '') AS phone,"
    " coalesce(buyer, '') AS buyer, coalesce(receiver, '') AS receiver, NULL AS deleted_at FROM order_"
    " WHERE merged_into IS NULL"),
    ("CREATE TEMP VIEW customers AS SELECT id, handle, coalesce(name, '') AS name, coalesce(phone, '') AS phone,"
    " coalesce(email, '') AS email, coalesce(region, '') AS region, coalesce(address, '') AS address,"
    " CASE WHEN json_valid(tags) THEN json(tags) ELSE '[]' END AS tags, coalesce(note, '') AS note, NULL AS deleted_at"
    " FROM person WHERE handle <> ''"),
)
_KEYS = {
    "orders": "(SELECT id FROM order_ WHERE merged_into IS NULL)",
    "customers": "(SELECT id FROM person WHERE handle <> '')",
}


class WordsProcess:
    """The running process; `file()` waits for it and gives its file, or None when it could not be made."""

    def __init__(self, staging: Path, target: Path) -> None:
        self._target = target
        self._open = ExitStack()
        job = {"staging": str(staging), "target": str(target)}
        self._lines = self._open.enter_context(spawned("shopdesk.exchange.words", job))

    def file(self) -> Path | None:
        """Wait until the words are made."""
        try:
            while True:
                self._lines.next(1.0)
        except EOFError:
            return self._target
        except Broken:
            return None
        finally:
            self._open.close()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._open.close()


def make(staging: Path, target: Path) -> None:
    """Write the tokens of every staged order and buyer into `target`: tables orders, customers (id, words)."""
    kinds = {rule.kind: rule for feature in features() for rule in feature.search if rule.kind in _KEYS}
    with closing(sqlite.scratch(target)) as out, closing(sqlite.connect(staging)) as con:
        con.execute("PRAGMA query_only=OFF")
        con.execute("PRAGMA temp_store=FILE")
        for statement in _LOOKS_LIKE_THE_SHOP:
            con.execute(statement)
        out.execute("BEGIN")
        for rule in kinds.values():
            _make(con, out, rule)
        out.execute("COMMIT")


def _make(con: Connection, out: Connection, rule: SearchKind) -> None:
    out.execute(f"CREATE TABLE {rule.kind} (id INTEGER PRIMARY KEY, words TEXT NOT NULL)")
    rows = con.execute(rule.query.format(keys=_KEYS[rule.kind]))
    while batch := rows.fetchmany(_BATCH):
        out.executemany(
            f"INSERT INTO {rule.kind} VALUES (?, ?)", [(row[0], search.tokens(row[1], row[2])) for row in batch]
        )


def main() -> int:
    """Make the words of a staging file, as the job on standard input says."""
    job = begin()
    make(Path(job["staging"]), Path(job["target"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
