"""A copy of a shop file under another key, or under none: equal to it row by row, checked, and on the disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from shopdesk.core import meta, sqlite
from shopdesk.core.durable import sync
from shopdesk.core.errors import Damaged
from shopdesk.core.keys import Key
from shopdesk.core.sqlite import Connection
from shopdesk.core.verifying import Copy, Found, Stop, look_at_stop, verify
from shopdesk.core.words import N_

_NAME = "recast"
_HEADER = ("application_id", "user_version")
"""What SQLCipher's export leaves behind of the file's header."""


def recast(
    con: Connection,
    part: Path,
    key: Key | None,
    *,
    marks: Mapping[str, str | None],
    figures: bool,
    stop: Stop | None = None,
) -> Found:
    """Make the file `part`, mode 0600, of what `con` sees; what is in it, once it is verified as a backup is.

    Nobody may write to what `con` sees meanwhile. `marks` are set in its table meta, or removed where None.
    Raises Damaged, OSError, DatabaseError, and one of these or Stopped when `stop` says so; then the half of a file
    is the caller's to remove, and `con` to be closed.
    """
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if stop is not None:
        look_at_stop(con, stop)
    con.execute("PRAGMA query_only=OFF")
    con.execute("PRAGMA foreign_keys=OFF")
    sqlite.attach(con, _NAME, part, mode="rwc", key=key)
    con.execute("BEGIN")  # else each statement of the export writes again the pages that it shares with others
    con.execute(f"SELECT sqlcipher_export('{_NAME}')")
    for pragma in _HEADER:
        con.execute(f"PRAGMA {_NAME}.{pragma}={con.execute(f'PRAGMA main.{pragma}').fetchone()[0]}")
    con.execute("COMMIT")
    _refuse_difference(con)
    con.execute("BEGIN")
    for name, value in marks.items():
        meta.put(con, name, value, schema=_NAME)
    con.execute("COMMIT")
    con.execute(f"DETACH {_NAME}")
    found = verify(Copy(part, key, stop), figures=figures)
    sync(part)
    return found


def _refuse_difference(con: Connection) -> None:
    """Raise Damaged unless the copy has the same definitions and in every table the same rows under the same ids."""
    schema = "SELECT type, name, tbl_name, sql FROM {}.sqlite_schema ORDER BY 1, 2"
    ours = con.execute(schema.format("main")).fetchall()
    if [tuple(row) for row in ours] != [tuple(row) for row in con.execute(schema.format(_NAME))]:
        raise _differs("sqlite_schema")
    for row in con.execute(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')"
    ):
        if row["name"] != "sqlite_schema" and _differ(con, row["name"], without_rowid=bool(row["wr"])):
            raise _differs(row["name"])


def _differ(con: Connection, table: str, *, without_rowid: bool) -> bool:
    counts = con.execute(
        f'SELECT (SELECT count(*) FROM main."{table}") <> (SELECT count(*) FROM {_NAME}."{table}")'
    ).fetchone()[0]
    if counts:
        return True
    if without_rowid:
        question = f'SELECT EXISTS (SELECT * FROM main."{table}" EXCEPT SELECT * FROM {_NAME}."{table}")'
    else:
        names = [row["name"] for row in con.execute(f'PRAGMA main.table_info("{table}")')]
        mine, other = (", ".join(f'{one}."{name}"' for name in ("rowid", *names)) for one in ("a", "b"))
        question = (
            f'SELECT EXISTS (SELECT 1 FROM main."{table}" a LEFT JOIN {_NAME}."{table}" b ON b.rowid = a.rowid'
            f" WHERE ({mine}) IS NOT ({other}))"
        )
    return bool(con.execute(question).fetchone()[0])


def _differs(table: str) -> Damaged:
    return Damaged(
        N_("The copy under the new password is not like the shop: “{table}” differs."),
        fix=N_("Run “shopdesk check” on the shop file. Nothing was written; the shop is as it was before."),
        table=table,
    )
