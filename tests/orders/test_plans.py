"""Every view is counted and every column sorted by an index: a million orders open like ten."""

from __future__ import annotations

import json

import pytest

from shopdesk.orders import store
from shopdesk.orders.page import OrdersPage
from shopdesk.ui.table_query import Query

BOUND = {"now": "2026-11-24 14:50:00", "today": "2026-11-24"}
SORTED = [column for column in OrdersPage.columns if column.sort]


def plan(con, sql, params):
    return [row[3] for row in con.execute(f"EXPLAIN QUERY PLAN {sql}", params)]


@pytest.mark.parametrize("view", OrdersPage.views, ids=lambda view: view.key)
def test_views_are_counted_by_an_index(shop, view):
    where = " AND ".join(f"({part})" for part in (OrdersPage.source.where, view.where) if part)
    forced = f" INDEXED BY {view.index}" if view.index else ""
    (step,) = plan(shop.reader(), f"SELECT count(*) FROM orders{forced} WHERE {where}", BOUND)
    assert "INDEX orders_" in step
    assert view.key == "all" or view.index or step.startswith("SEARCH")


@pytest.mark.parametrize("column", SORTED, ids=lambda column: column.key)
@pytest.mark.parametrize("falling", [False, True])
def test_columns_are_sorted_by_an_index(shop, enter, column, falling):
    enter("1")
    con = shop.reader()
    asked: list[str] = []
    con.set_trace_callback(asked.append)
    Query("orders", (OrdersPage.source.where,), BOUND, column.sort, falling).walk(con, None, 10)
    con.set_trace_callback(None)
    steps = [step for sql in asked if sql.startswith("SELECT") and "orders" in sql for step in plan(con, sql, ())]
    assert steps
    assert not [step for step in steps if "TEMP B-TREE" in step]


@pytest.mark.parametrize("kind", ["order", "customer", "sku"])
def test_timelines_are_looked_up(shop, kind):
    sql = f"SELECT * FROM v_timeline_{kind}_orders WHERE record_id = 1"
    steps = plan(shop.reader(), sql, ())
    assert not [step for step in steps if step.startswith("SCAN") and "v_timeline" not in step]


def test_the_rows_of_a_page_are_looked_up(shop):
    steps = plan(shop.reader(), store.ROWS, {"ids": json.dumps([1, 2])})
    assert not [step for step in steps if step.startswith("SCAN") and "json_each" not in step]
