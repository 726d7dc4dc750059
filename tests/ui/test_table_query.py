"""The walk by key: every row once, in both directions, from every start, with and without nothing in the sort."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopdesk.core import sqlite
from shopdesk.core.sqlite import Connection
from shopdesk.ui.table_query import Key, Query, TooLong, within


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Connection]:
    made = sqlite.scratch(tmp_path / "walk.db")
    made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INTEGER, s TEXT NOT NULL, deleted_at TEXT) STRICT")
    made.execute("CREATE INDEX t_a ON t (a) WHERE deleted_at IS NULL")
    made.execute("CREATE INDEX t_n ON t (deleted_at, n)")
    made.execute("CREATE INDEX t_s ON t (s, a) WHERE deleted_at IS NULL")
    yield made
    made.close()


def fill(con: Connection, values: list[tuple[str | None, int | None]]) -> None:
    con.execute("DELETE FROM t")
    con.executemany("INSERT INTO t (a, n, s) VALUES (?, ?, 'x')", values)


VALUES = st.lists(
    st.tuples(st.none() | st.sampled_from(["", "a", "b", "紫", "é"]), st.none() | st.integers(-3, 3)), max_size=40
)


@given(values=VALUES, falling=st.booleans(), sort=st.sampled_from(["a", "n", "id"]), count=st.integers(1, 7))
@settings(max_examples=150, deadline=None)
def test_walks_meet_every_row_once_in_order(
    values: list[tuple[str | None, int | None]], falling: bool, sort: str, count: int
) -> None:
    con = sqlite.scratch(":memory:")
    con.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INTEGER, s TEXT, deleted_at TEXT) STRICT")
    con.execute("CREATE INDEX t_a ON t (a) WHERE deleted_at IS NULL")
    con.execute("CREATE INDEX t_n ON t (deleted_at, n)")
    fill(con, values)
    query = Query("t", ("deleted_at IS NULL",), {}, sort, falling)
    wanted = query.ids(con)
    for back in (False, True):
        met: list[int] = []
        last: Key | None = None
        while keys := query.walk(con, last, count, back=back):
            met += [key.id for key in keys]
            last = keys[-1]
        assert met == (wanted[::-1] if back else wanted)
    for skip in (1, 5):
        for start in query.walk(con, None, len(wanted)):
            place = wanted.index(start.id) + 1 + skip
            found = [key.id for key in query.walk(con, start, count, skip=skip)]
            assert found == wanted[place : place + count]
    anchors = query.anchors(con, 3)
    assert anchors.complete
    assert [key.id for key in anchors.keys] == wanted[2::3]
    for start in anchors.keys[:2]:
        rest = query.anchors(con, 3, after=start)
        assert [key.id for key in rest.keys] == wanted[2::3][anchors.keys.index(start) + 1 :]
    con.close()


def test_the_order_of_the_sort_comes_from_its_partial_index(con: Connection) -> None:
    fill(con, [("a", 1)] * 10)
    seen: list[str] = []
    con.set_trace_callback(seen.append)
    Query("t", ("deleted_at IS NULL", "s = 'x'"), {}, "a").walk(con, None, 5)
    Query("t", ("deleted_at IS NULL",), {}, "n").walk(con, None, 5)
    Query("t", ("n = 1",), {}, "a").walk(con, None, 5)
    Query("t", ("deleted_at IS NULL",), {}, "s").walk(con, None, 5)
    con.set_trace_callback(None)
    walks = [sql for sql in seen if "ORDER BY" in sql]
    assert "INDEXED BY t_s" in walks[0]
    assert "INDEXED BY t_n" in walks[1]
    assert "INDEXED BY" not in walks[2]
    assert "INDEXED BY" not in walks[3], "t_s goes on with a, so equal rows do not come by id"


def test_counting_stops_at_its_limit(con: Connection) -> None:
    fill(con, [("a", 1)] * 30)
    query = Query("t", ("deleted_at IS NULL",))
    assert query.at_most(con, 10) == 11
    assert query.at_most(con, 100) == 30
    assert query.count(con) == 30
    assert query.only([3, 5, 99]).ids(con) == [3, 5]


def test_a_query_without_time_is_stopped(con: Connection) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(TooLong), within(con, 20):
        con.execute(endless).fetchone()
    assert con.execute("SELECT 1").fetchone()[0] == 1
