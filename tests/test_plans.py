"""No view and no sort of a table page reads or sorts its whole table: SQLite's own plans say so."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from shopdesk.core import clock
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.customers import store as customers
from shopdesk.reviews import store as reviews
from shopdesk.ui.page import TablePage
from shopdesk.ui.table_query import Query

PAGES: dict[str, type[TablePage]] = {
    name: import_module(f"shopdesk.{name}.page").PAGE for name in ("orders", "inventory", "customers", "reviews")
}
LISTED = {"inventory"}
"""A shop has thousands of SKUs, never millions: all of them are taken and sorted in memory."""
VIEWS = [(name, view.key) for name, page in PAGES.items() for view in page.views]
SORTS = [
    (name, view, column.key)
    for name, view in VIEWS
    if name not in LISTED
    for column in PAGES[name].columns
    if column.sort
]
LIST_SORTS = [(name, column.key) for name in sorted(LISTED) for column in PAGES[name].columns if column.sort]


def query(con: Connection, name: str, view: str, column: str = "", *, falling: bool = False) -> Query:
    """What the table asks for that view, sorted by that column."""
    page = PAGES[name]
    found = next(v for v in page.views if v.key == view)
    sort = next((c.sort for c in page.columns if c.key == column), "id")
    where = tuple(part for part in (page.source.where, found.where) if part)
    return Query(page.source.table, where, params(con), sort, falling, found.index)


def params(con: Connection) -> dict[str, object]:
    """What the views and the rows of all pages compare with."""
    now = {"now": clock.text(), "today": clock.today().isoformat()}
    own = {"hours": 24, "lead_days": 7, "ids": "[1]"}
    return {**now, **own, **customers.view_params(con), **reviews.view_params(con)}


def plans(con: Connection, ask: Callable[[], object]) -> list[str]:
    """How SQLite goes about every query of `ask`."""
    said: list[str] = []
    con.set_trace_callback(said.append)
    ask()
    con.set_trace_callback(None)
    asked = [sql for sql in said if sql.startswith("SELECT")]
    return [row["detail"] for sql in asked for row in con.execute(f"EXPLAIN QUERY PLAN {sql}")]


def read(said: list[str], *tables: str) -> list[str]:
    """The steps that read one of the tables."""
    return [line for line in said if line.startswith(("SCAN", "SEARCH")) and line.split()[1] in tables]


def scans(said: list[str]) -> list[str]:
    """The steps that walk a whole table; a list of ids and what was gathered before are none."""
    found = [line for line in said if line.startswith("SCAN")]
    return [line for line in found if not any(word in line for word in ("(subquery", "VIRTUAL", "v_timeline"))]


@pytest.mark.parametrize(("name", "view", "column"), SORTS)
def test_rows_come_in_the_order_of_an_index(shop: Shop, name: str, view: str, column: str):
    con = shop.reader()
    for falling in (False, True):
        asked = query(con, name, view, column, falling=falling)
        assert asked.has_order(con)
        said = plans(con, lambda asked=asked: asked.walk(con, None, 64))
        steps = read(said, asked.table)
        assert steps
        assert all("INDEX" in step for step in steps), said
        assert not [line for line in said if "TEMP B-TREE" in line], said


@pytest.mark.parametrize(("name", "view"), [at for at in VIEWS if at[0] not in LISTED])
def test_rows_are_counted_by_an_index(shop: Shop, name: str, view: str):
    con = shop.reader()
    asked = query(con, name, view)
    steps = read(plans(con, lambda: asked.count(con)), asked.table)
    assert steps
    assert all("INDEX" in step for step in steps), steps


@pytest.mark.parametrize(("name", "column"), LIST_SORTS)
def test_a_list_that_is_sorted_in_memory_is_read_once(shop: Shop, name: str, column: str):
    con = shop.reader()
    asked = query(con, name, PAGES[name].first_view, column)
    said = plans(con, lambda: asked.ids(con))
    assert len(read(said, asked.table)) == 1
    assert scans(said) == read(said, asked.table)


@pytest.mark.parametrize("name", PAGES)
def test_what_rows_show_is_found_by_index(shop: Shop, name: str):
    con = shop.reader()
    said = plans(con, lambda: con.execute(PAGES[name].source.rows, params(con)).fetchall())
    assert said
    assert not scans(said)


@pytest.mark.parametrize("kind", ["order", "sku", "customer"])
def test_time_lines_are_found_by_index(shop: Shop, kind: str):
    con = shop.reader()
    views = con.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v_timeline_' || ? || '_%'", (kind,)
    ).fetchall()
    assert views
    for (view,) in views:
        asked = f"SELECT * FROM {view} WHERE record_id = 1 ORDER BY at DESC LIMIT 200"
        said = plans(con, lambda asked=asked: con.execute(asked).fetchall())
        assert not scans(said), view
