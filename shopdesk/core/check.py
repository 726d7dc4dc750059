"""`shopdesk check`: is the file whole, and does every figure agree with what it is made of?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from shopdesk.core import blobs, kept, manifest, search, shape, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.schema import Kept, KeptTable, features
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import is_spoilt, reason
from shopdesk.core.words import N_


class Fault(ShopError):
    """One thing that is wrong in the file, as a sentence."""


def faults(path: Path, *, key: Key | None = None) -> Iterator[Fault]:
    """Everything that is wrong in a shop file: integrity, foreign keys, kept figures, search index."""
    with closing(sqlite.connect(path, key=key)) as con:
        may_compare(con, key)
        for look in (file_faults, shape_faults, figure_faults, _search_faults):
            try:
                yield from look(con)
            except (sqlite.DatabaseError, UnicodeDecodeError) as error:
                yield _unreadable(error)
                return


def deep_faults(path: Path, *, key: Key | None = None) -> Iterator[Fault]:
    """Also what takes its time: every text, kept originals and pictures, each backup against what was verified then."""
    told: Fault | None = None
    for told in faults(path, key=key):
        yield told
    try:
        with closing(sqlite.connect(path, key=key)) as con:
            _read_all(con)
            count = sum(1 for _ in blobs.spoilt(con))
    except (sqlite.DatabaseError, UnicodeDecodeError) as error:
        fault = _unreadable(error)
        if told is None or str(told) != str(fault):
            yield fault
    else:
        if count:
            yield Fault(N_("{count} kept files or pictures are not the ones any more that were kept."), count=count)
    for made in manifest.listed(path):
        yield from _changed_since(manifest.folder(path) / made.name, made)


def _unreadable(error: sqlite.DatabaseError | UnicodeDecodeError) -> Fault:
    if isinstance(error, UnicodeDecodeError) or is_spoilt(error):  # what SQLite says of it may hold a spoilt name
        return Fault(N_("The file cannot be read any further: it is damaged."))
    return Fault(N_("The file cannot be read any further: {reason}."), reason=reason(error))


def _read_all(con: Connection) -> None:
    """Read each row there is: SQLite itself passes over what is no text any more. Raises UnicodeDecodeError then."""
    for row in con.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall():
        if row[0] != "blobs":
            name = row[0].replace('"', '""')
            deque(con.execute(f'SELECT * FROM "{name}"'), maxlen=0)


def _changed_since(copy: Path, made: manifest.Backup) -> Iterator[Fault]:
    try:
        if not made.is_of(manifest.checksum(copy)):
            yield Fault(N_("The backup “{name}” was changed after it was verified; do not trust it."), name=copy.name)
    except OSError as error:
        yield Fault(N_("The backup “{name}” cannot be read: {reason}."), name=copy.name, reason=reason(error))


def may_compare(con: Connection, key: Key | None = None) -> None:
    """Let a reading connection make the temporary tables of a comparison."""
    sqlite.keep_temporary(con, key)
    con.execute("PRAGMA query_only=OFF")
    # each page would be looked through again at every visit; the check of the file does it once
    con.execute("PRAGMA cell_size_check=OFF")


def file_faults(con: Connection, *, quick: bool = False) -> Iterator[Fault]:
    """Damage of the file itself and records that refer to missing ones."""
    pragma = "quick_check" if quick else "integrity_check"
    for row in con.execute(f"PRAGMA {pragma}(20)"):
        for line in row[0].splitlines():
            if line != "ok" and not line.startswith("***"):
                yield Fault(N_("The file is damaged: {reason}."), reason=line)
    for row in con.execute("PRAGMA foreign_key_check").fetchmany(20):
        yield Fault(
            N_("Record {record} in “{table}” refers to a missing record in “{other}”."),
            record=row[1], table=row[0], other=row[2],
        )  # fmt: skip


def shape_faults(con: Connection) -> Iterator[Fault]:
    """Values that no act of ours writes."""
    for table, column, count in shape.faults(con):
        yield Fault(
            N_("{count} values “{column}” of “{table}” are none that ShopDesk writes."),
            count=count, column=column, table=table,
        )  # fmt: skip


def figure_faults(con: Connection, rules: Sequence[Kept | KeptTable] | None = None) -> Iterator[Fault]:
    """Kept figures (of all rules or of some) that differ from what they are made of."""
    for table, column, count in kept.faults(con, kept.rules() if rules is None else rules):
        yield Fault(
            N_("{count} kept figures “{column}” of “{table}” differ from their records."),
            count=count, column=column, table=table,
        )  # fmt: skip


def _search_faults(con: Connection) -> Iterator[Fault]:
    for feature in features():
        for rule in feature.search:
            con.execute("DELETE FROM temp.kept_keys")
            con.execute(f"INSERT INTO temp.kept_keys SELECT id FROM {rule.table}")
            differ = _differing_documents(con, rule.kind, rule.query.format(keys="(SELECT key FROM temp.kept_keys)"))
            if differ:
                yield Fault(
                    N_("{count} records of “{table}” cannot be found as they are written."),
                    count=differ, table=rule.table,
                )  # fmt: skip


def _differing_documents(con: Connection, kind: str, query: str) -> int:
    """How many documents are missing from the index, too many in it, or hold another number of tokens."""
    con.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_{kind} USING fts5vocab('main', 'search_{kind}', 'instance')"
    )
    indexed = {row[0]: row[1] for row in con.execute(f"SELECT doc, count(*) FROM temp.words_{kind} GROUP BY doc")}
    differ = 0
    for row in con.execute(query):
        expected = len(search.tokens(row[1], row[2]).split())
        differ += indexed.pop(row[0], 0) != expected
    return differ + len(indexed)
