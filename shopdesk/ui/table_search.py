"""The search of a table: the newest records of the view that hold all the words, in the table's order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from shopdesk.core import search

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.table_query import Query

LIVE = 200
"""So many are looked for at each key."""
RESTING = 5000
"""So many when the typing rests."""


def found_ids(
    connection: Connection, query: Query, kind: str, text: str, *, small: bool, most: int = LIVE
) -> list[int]:
    """The ids of the newest `most` records of the query's rows that match all words, in the query's order.

    `small` says that the view has few rows: then these are taken first and the index is asked only for the
    stretch they lie in.
    """
    asked = search.match_expression(text)
    if not asked:
        return []
    index = f"search_{kind}"
    free = replace(query, index="")
    if small:
        found = _among(connection, index, asked, free.ids(connection), most)
    elif len(query.where) == 1:
        found = search.find(connection, kind, text, limit=most)
    else:
        found = _joined(connection, index, asked, query, most)
    return free.only(found).ids(connection) if found else []


def _among(connection: Connection, index: str, asked: str, ids: list[int], most: int) -> list[int]:
    if not ids:
        return []
    sql = (
        f"SELECT rowid FROM {index} WHERE {index} MATCH :asked AND rowid BETWEEN :low AND :high"
        " AND +rowid IN (SELECT value FROM json_each(:ids)) ORDER BY rowid DESC LIMIT :most"
    )
    params = {"asked": asked, "low": min(ids), "high": max(ids), "ids": json.dumps(ids), "most": most}
    return [row[0] for row in connection.execute(sql, params)]


def _joined(connection: Connection, index: str, asked: str, query: Query, most: int) -> list[int]:
    conditions = " AND ".join(f"({part})" for part in query.where)
    sql = (
        f"SELECT {index}.rowid FROM {index} CROSS JOIN {query.table} ON {query.table}.id = {index}.rowid"
        f" WHERE {index} MATCH :asked AND {conditions} ORDER BY {index}.rowid DESC LIMIT :most"
    )
    return [row[0] for row in connection.execute(sql, {**query.params, "asked": asked, "most": most})]
