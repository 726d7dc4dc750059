"""No view and no sort of the page reads or sorts the whole table: SQLite's own plans say so."""

from __future__ import annotations

import pytest

from shopdesk.core import clock
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.reviews import store
from shopdesk.reviews.page import ReviewsPage
from shopdesk.ui.table_query import Query

SORTS = sorted({column.sort for column in ReviewsPage.columns if column.sort})


def query(con: Connection, view: str, sort: str, *, falling: bool) -> Query:
    found = next(v for v in ReviewsPage.views if v.key == view)
    where = tuple(part for part in (ReviewsPage.source.where, found.where) if part)
    params = {"now": clock.text(), "today": clock.today().isoformat(), **store.view_params(con)}
    return Query(ReviewsPage.source.table, where, params, sort, falling, found.index)


def plans(con: Connection, ask) -> list[str]:
    said: list[str] = []
    con.set_trace_callback(said.append)
    ask()
    con.set_trace_callback(None)
    asked = [sql for sql in said if sql.startswith("SELECT")]
    return [row["detail"] for sql in asked for row in con.execute(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize("view", [v.key for v in ReviewsPage.views])
@pytest.mark.parametrize("sort", SORTS)
def test_walks_follow_an_index(shop: Shop, view: str, sort: str):
    con = shop.reader()
    for falling in (False, True):
        asked = query(con, view, sort, falling=falling)
        said = plans(con, lambda asked=asked: asked.walk(con, None, 64))
        assert said
        assert all("USING" in line and "INDEX" in line for line in said if "reviews" in line), said
        if not asked.index:
            assert not [line for line in said if "TEMP B-TREE" in line], said


@pytest.mark.parametrize("view", [v.key for v in ReviewsPage.views])
def test_counts_follow_an_index(shop: Shop, view: str):
    con = shop.reader()
    asked = query(con, view, "id", falling=False)
    said = [line for line in plans(con, lambda: asked.count(con)) if "reviews" in line]
    assert said
    assert all("INDEX" in line for line in said), said


def test_rows_and_time_lines_are_found_by_index(shop: Shop):
    con = shop.reader()
    params = {"ids": "[1]", "today": "2026-11-24", "now": clock.text(), "hours": 24, "bad_stars": 2}
    rows = con.execute(f"EXPLAIN QUERY PLAN {ReviewsPage.source.rows}", params).fetchall()
    assert not [row["detail"] for row in rows if row["detail"].startswith("SCAN") and "json_each" not in row["detail"]]
    views = con.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v_timeline_%_reviews'"
    ).fetchall()
    assert views
    for (name,) in views:
        said = con.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE record_id = 1 ORDER BY at DESC LIMIT 200"
        ).fetchall()
        assert all("USING INDEX" in row["detail"] for row in said if row["detail"].startswith(("SCAN", "SEARCH"))), name
