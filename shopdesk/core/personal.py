"""What the features declare about persons, and which rows of a file are one person's.

A person's rows are found from the ids of the persons themselves, table by table, in the order in which the
declarations refer to each other: the rows that are there, and those of which only the journal still knows.
They stand in the temporary table `person_rows` while somebody is shown or erased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from shopdesk.core.schema import Personal, features
from shopdesk.core.sqlite import Connection

__all__ = ["Personal", "Place", "among", "declared", "find", "ids", "images", "images_of", "naming", "owned", "roots"]

_LIST = re.compile(r"\{(\w+)\}")


def declared() -> tuple[Personal, ...]:
    """Every declaration, each after those it refers to."""
    return tuple(found for feature in features() for found in feature.personal)


class Place(Enum):
    """Where a person may be named: in a text, among choices and values, or in the person's own rows only."""

    TEXT = "text"
    CHOICE = "choice"
    OWN = "own"


def naming() -> Iterator[tuple[str, str, Place]]:
    """(table, column, place) of whatever may name anybody, a person's own free words among them."""
    for feature in features():
        for place, columns in ((Place.TEXT, feature.naming), (Place.CHOICE, feature.choosing)):
            yield from ((table, column, place) for table, names in columns.items() for column in names)
    for found in declared():
        for column, blank in found.words.items():
            is_text = found.rows or (blank or "")[:1] not in ("{", "[")
            yield found.table, column, Place.TEXT if is_text else Place.CHOICE
        yield from ((found.table, column, Place.OWN) for column in found.within)


def among(table: str) -> str:
    """SQL for the rows of a table that hold words of anybody."""
    return next((found.among for found in declared() if found.table == table), "1")


def roots() -> tuple[Personal, ...]:
    """The tables of the persons themselves."""
    return tuple(found for found in declared() if not found.of and not found.rows)


def owned(table: str) -> str:
    """SQL for the list of the person's ids of a table."""
    return f"(SELECT row_id FROM temp.person_rows WHERE table_name = '{table}')"


def ids(con: Connection, table: str) -> list[int]:
    """The person's ids of a table, after find()."""
    return [row[0] for row in con.execute(f"SELECT row_id FROM {owned(table)} ORDER BY 1")]


def numbers(con: Connection) -> set[str]:
    """The numbers of everybody's records: of orders, returns."""
    columns = ((found.table, column) for found in declared() for column in found.numbers)
    return {row[0] for table, column in columns for row in con.execute(f"SELECT {column} FROM {table}")}


def find(con: Connection, people: Sequence[int], more: Mapping[str, str] | None = None) -> None:
    """Fill person_rows for the persons of these ids. The connection must be able to make temporary tables.

    `more` are SELECTs, by table, of ids that are the persons' besides.
    """
    con.execute("DROP TABLE IF EXISTS temp.person_rows")
    con.execute(
        "CREATE TEMP TABLE person_rows (table_name TEXT, row_id INTEGER, PRIMARY KEY (table_name, row_id))"
        " WITHOUT ROWID"
    )
    for found in declared():
        if found.rows:
            _add(con, found.table, _LIST.sub(lambda name: owned(name[1]), found.rows))
        elif found.of:
            _add(con, found.table, f"SELECT id FROM {found.table} WHERE {_linked(found, '{name}')}")
            for layout, places in images(con, found.table):
                _add(con, found.table, _gone(found, layout, places))
        else:
            marks = ", ".join(str(int(one)) for one in people)
            _add(con, found.table, f"SELECT value FROM json_each('[{marks}]')")
        if found.also:
            _add(con, found.table, _LIST.sub(lambda name: owned(name[1]), found.also))
        if more and found.table in more:
            _add(con, found.table, more[found.table])


def _add(con: Connection, table: str, select: str) -> None:
    con.execute(f"INSERT OR IGNORE INTO temp.person_rows SELECT '{table}', * FROM ({select})")


def _linked(found: Personal, value: str) -> str:
    tests = (f"{value.format(name=name)} IN {owned(table)}" for name, table in found.of.items())
    return f"({' OR '.join(tests)})"


def linked_images(found: Personal, places: dict[str, int]) -> str:
    """SQL: whether an old image in journal_rows was of a row of the person's."""
    present = {name: table for name, table in found.of.items() if name in places}
    tests = [f"json_extract(old, '$[{places[name]}]') IN {owned(table)}" for name, table in present.items()]
    return f"({' OR '.join(tests)})" if tests else "0"


def images_of(found: Personal, layout: int, places: dict[str, int]) -> str:
    """SQL: the old images of one layout in journal_rows that are of the person's rows, or were."""
    linked = linked_images(found, places)
    own = owned(found.table)
    return f"table_name = '{found.table}' AND layout = {layout} AND (row_id IN {own} OR {linked})"


def _gone(found: Personal, layout: int, places: dict[str, int]) -> str:
    """Rows that are in no table any more: an import that was taken back may come again."""
    return (
        f"SELECT row_id FROM journal_rows WHERE table_name = '{found.table}' AND layout = {layout}"
        f" AND {linked_images(found, places)}"
        f" AND NOT EXISTS (SELECT 1 FROM {found.table} t WHERE t.id = row_id)"
    )


def images(con: Connection, table: str) -> list[tuple[int, dict[str, int]]]:
    """The layouts of a table's old images: its number, and the place of each column."""
    rows = con.execute("SELECT id, columns FROM journal_layouts WHERE table_name = ?", (table,)).fetchall()
    return [(row[0], {name: at for at, name in enumerate(json.loads(row[1]))}) for row in rows]
