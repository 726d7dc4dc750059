"""A question in SQL that the owner wrote: it reads the `v_` views and nothing else, for a moment, on a reader."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shopdesk.core.own import Unusable
from shopdesk.core.sqlite import Connection, Error, InterfaceError
from shopdesk.core.words import N_

SECONDS = 0.2
"""How long a question may take."""

MOST_JOINED = 8
_STEPS = 1000
_OK, _DENY = 0, 1
_READ, _SELECT, _FUNCTION = 20, 21, 31
_FUNCTIONS = frozenset({
    "abs", "avg", "coalesce", "count", "current_date", "current_time", "current_timestamp", "date", "datetime",
    "dense_rank", "first_value", "ifnull", "iif", "instr", "json_array_length", "json_extract", "julianday", "lag",
    "last_value", "lead", "length", "lower", "ltrim", "max", "min", "nth_value", "ntile", "nullif", "rank", "round",
    "row_number", "rtrim", "sign", "strftime", "substr", "substring", "sum", "time", "total", "trim", "typeof",
    "unixepoch", "upper",
})  # fmt: skip
"""None that makes a long text of a short one, and no LIKE: many signs hold SQLite up within one step."""

_TEXT = re.compile(r"'(?:[^']|'')*'")
_FORBIDDEN = re.compile(r"[\"`\[;]|--|/\*")
_TAKES_A_NAME = re.compile(r"\bv_\w*\s*(\([^()]*\)\s*)?AS\s*(NOT\b|MATERIALIZED\b|\()", re.IGNORECASE)
_LIST = "json_each"
_VIEWS = "SELECT name FROM sqlite_schema WHERE type = 'view' AND substr(name, 1, 2) = 'v_' ORDER BY name"
_Asked = tuple[int, str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows that a question gave, and whether there were more."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool


def ask(con: Connection, question: str, values: dict[str, Any], most: int) -> Table:
    """The first `most` rows of a question. Raises Unusable when it is none, asks for more or takes too long."""
    look(question)
    with _limited(con) as over:
        try:
            cursor = con.execute(question.strip(), values)
            rows = [tuple(row) for row in cursor.fetchmany(most + 1)]
            columns = tuple(part[0] for part in cursor.description or ())
        except (Error, InterfaceError, OverflowError, ValueError, MemoryError) as error:
            raise _said(error, over=bool(over)) from None
    return Table(columns, rows[:most], len(rows) > most)


def look(question: str) -> None:
    """Whether this may be asked at all, by its words. Raises Unusable."""
    bare = _TEXT.sub("''", question)
    if not re.match(r"\s*(SELECT|WITH)\b", bare, re.IGNORECASE):
        raise Unusable(N_("a question begins with SELECT."))
    if _FORBIDDEN.search(bare) or _TAKES_A_NAME.search(bare):
        raise Unusable(N_("a question is one SELECT, without remarks and quoted names."))
    if bare.count("||") > MOST_JOINED:
        raise Unusable(N_("a question joins at most {n} texts."), n=MOST_JOINED)


@contextmanager
def _limited(con: Connection) -> Iterator[list[bool]]:
    views = tuple(row[0] for row in con.execute(_VIEWS))
    known = _known_of(con, views)
    under = {asked[1] for asked in known}

    def may(*asked: Any) -> int:
        action, table, name, _, _ = asked
        plain = action == _SELECT or (action == _FUNCTION and name in _FUNCTIONS)
        of_view = action == _READ and (table in views or table == _LIST or (name == "" and table in under))
        return _OK if plain or of_view or asked in known else _DENY

    con.set_authorizer(may)
    try:
        with in_time(con, SECONDS, _STEPS) as over:
            yield over
    finally:
        con.set_authorizer(None)


@contextmanager
def in_time(con: Connection, seconds: float, steps: int) -> Iterator[list[bool]]:
    """Stop a question that takes longer, looking every so many steps; the list yielded then holds True."""
    over: list[bool] = []
    end = time.monotonic() + seconds

    def late() -> int:
        if time.monotonic() > end:
            over.append(True)
        return int(bool(over))

    con.set_progress_handler(late, steps)
    try:
        yield over
    finally:
        con.set_progress_handler(None, steps)


_known: dict[tuple[str, ...], frozenset[_Asked]] = {}


def _known_of(con: Connection, views: tuple[str, ...]) -> frozenset[_Asked]:
    """Everything that these views themselves ask for, which is the same in every shop of this version."""
    if views not in _known:
        seen: set[_Asked] = set()

        def may(*asked: Any) -> int:
            seen.add(asked)
            return _OK

        con.set_authorizer(may)
        try:
            for view in views:
                con.execute(f"EXPLAIN SELECT * FROM {view}").fetchone()
        finally:
            con.set_authorizer(None)
        _known[views] = frozenset(one for one in seen if (one[4] or "").startswith("v_"))
    return _known[views]


def _said(error: Exception, *, over: bool) -> Unusable:
    text = str(error)
    if over:
        return Unusable(N_("the question took longer than {n} milliseconds."), n=round(SECONDS * 1000))
    if "not authorized" in text or "prohibited" in text:
        return Unusable(N_("a question reads the views (v_orders, v_stock …) with plain functions, and nothing else."))
    missing = re.search(r"no such (?:column|table|function): ([\w.]+)", text)
    if missing:
        return Unusable(N_("there is no “{name}” to ask for."), name=missing[1])
    near = re.search(r'near "([^"]{1,40})"', text)
    if near:
        return Unusable(N_("the question cannot be understood at “{name}”."), name=near[1])
    return Unusable(N_("the question cannot be understood."))
