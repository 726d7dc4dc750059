"""Search: each keystroke of ten words and numbers, to rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from shopdesk.core import search, sqlite
from tests.bench.harness import Row, clocked, p95

WORDS = ("张伟", "青釉盖碗", "zhangw", "lq", "238604", "98765", "SK0012", "不存在的词", "xqzvb", "茶壶 张")
LIMIT = 50


def typed() -> list[str]:
    """Every keystroke of WORDS."""
    return [word[: at + 1] for word in WORDS for at in range(len(word))]


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """Ours against the bare SQL for the same rows, and the largest shop against the smallest."""
    slow: dict[int, float] = {}
    for size, path in shops.items():
        with closing(sqlite.connect(path)) as con:
            ours, floor = [], []
            for word in typed():
                asked = search.match_expression(word)
                ours += [
                    clocked(lambda w=word: _rows(con, search.find(con, "orders", w, LIMIT))) for _ in range(rounds)
                ]
                floor += [clocked(lambda a=asked: _bare(con, a)) for _ in range(rounds)]
        slow[size] = p95(ours)
        yield Row(f"search, each keystroke to rows, p95, {size:,}", p95(ours), p95(floor), 3.0, budget=20.0)
    small, large = min(slow), max(slow)
    if small != large:
        yield Row(f"search p95, {large:,} against {small:,}", slow[large], slow[small], 2.0, budget=20.0)


_ROWS = "SELECT id, number, buyer, title, paid, paid_at, ship_by, status FROM orders WHERE id IN"


def _rows(con: sqlite.Connection, ids: list[int]) -> list[sqlite.Row]:
    return con.execute(f"{_ROWS} ({', '.join(map(str, ids))})").fetchall()


def _bare(con: sqlite.Connection, asked: str) -> list[sqlite.Row]:
    return con.execute(
        f"{_ROWS} (SELECT rowid FROM search_orders WHERE search_orders MATCH ? ORDER BY rowid DESC LIMIT {LIMIT})",
        (asked,),
    ).fetchall()
