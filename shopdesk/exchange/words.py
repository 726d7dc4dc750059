"""Search words of an import, made in a process of their own: the window never waits for the readings to load.

Those of staged orders and buyers are made while the import goes on: the process reads the staging file
through views that look like the shop's tables and asks the very queries that the search declares, so that
what is prepared here is what the shop would make itself. The words of all other records that the import
touches are asked for when they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NoReturn

from shopdesk.core import search, sqlite
from shopdesk.core.keys import Key
from shopdesk.core.process import Broken, asked, begin, say, spawned
from shopdesk.core.schema import SearchKind, features
from shopdesk.core.sqlite import Connection

_BATCH = 2000
_REMEMBERED = 16_000
"""Names whose words the search remembers."""
_LOOKS_LIKE_THE_SHOP = (
    "CREATE TEMP TABLE order_lines (order_id INTEGER, id INTEGER, name TEXT, code TEXT, deleted_at TEXT)",
    (
        "INSERT INTO temp.order_lines SELECT order_id, id, coalesce(name, ''), coalesce(code, ''), NULL"
        " FROM line WHERE order_id IS NOT NULL AND merged_into IS NULL ORDER BY order_id, id"
    ),
    "CREATE INDEX temp.order_lines_order ON order_lines (order_id)",
    (
        "CREATE TEMP VIEW orders AS SELECT id, number, coalesce(tracking, '') AS tracking,"
        " coalesce(phone, '') AS phone, coalesce(buyer, '') AS buyer, coalesce(receiver, '') AS receiver,"
        " NULL AS deleted_at FROM order_ WHERE merged_into IS NULL"
    ),
    (
        "CREATE TEMP VIEW customers AS SELECT id, handle, coalesce(name, '') AS name, coalesce(phone, '') AS phone,"
        " coalesce(email, '') AS email, coalesce(region, '') AS region, coalesce(address, '') AS address,"
        " CASE WHEN json_valid(tags) THEN json(tags) ELSE '[]' END AS tags, coalesce(note, '') AS note,"
        " NULL AS deleted_at FROM person WHERE handle <> ''"
    ),
)
_KEYS = {
    "orders": "(SELECT id FROM order_ WHERE merged_into IS NULL)",
    "customers": "(SELECT id FROM person WHERE handle <> '')",
}


class WordsProcess:
    """The running process. When it breaks, the shop makes the words itself."""

    def __init__(self, staging: Path, target: Path, key: Key | None = None) -> None:
        self._target = target
        self._open = ExitStack()
        job = {"staging": str(staging), "target": str(target), "key": key.text() if key else ""}
        self._lines = self._open.enter_context(spawned("shopdesk.exchange.words", job))

        self._broken = False

    def file(self) -> Path | None:
        """The file of the prepared words, once they are made; None when they could not be."""
        try:
            self._answer()
        except Broken:
            self._broken = True
            return None
        return self._target

    def tokens(self, records: Sequence[tuple[str, str]]) -> list[str]:
        """The words of these records, made by the process; ask for its file first."""
        if not self._broken and any(not names.isascii() for _, names in records):
            try:
                self._lines.tell({"records": records})
                return self._answer()["tokens"]
            except Broken:
                self._broken = True
        return search.all_tokens(records)

    def _answer(self) -> dict[str, list[str]]:
        while True:
            try:
                said = self._lines.next(1.0)
            except EOFError:
                raise Broken from None
            if said is not None:
                return said

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._open.close()


def make(staging: Path, target: Path, key: Key | None = None) -> None:
    """Write the tokens of every staged order and buyer into `target`: tables orders, customers (id, words)."""
    kinds = {rule.kind: rule for feature in features() for rule in feature.search if rule.kind in _KEYS}
    with closing(sqlite.scratch(target, key=key)) as out, closing(sqlite.connect(staging, key=key)) as con:
        con.execute("PRAGMA query_only=OFF")
        sqlite.keep_temporary(con, key)
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


def think_ahead(staging: Path, key: Key | None = None) -> None:
    """Make the words of the staged goods' names: they will be asked for, and are remembered until then."""
    with closing(sqlite.connect(staging, key=key)) as con:
        names = con.execute(
            "SELECT DISTINCT name || ' ' || coalesce(options, '') || ' ' || name FROM item WHERE name <> '' LIMIT ?",
            (_REMEMBERED,),
        )
        for row in names:
            search.tokens("", row[0])


def main() -> NoReturn:
    """Make the words of a staging file, as the job on standard input says; then those that are asked for."""
    job = begin()
    key = Key.of_text(job["key"]) if job["key"] else None
    make(Path(job["staging"]), Path(job["target"]), key)
    say(made=True)
    think_ahead(Path(job["staging"]), key)
    while True:
        say(tokens=search.all_tokens(asked()["records"]))


if __name__ == "__main__":
    main()
