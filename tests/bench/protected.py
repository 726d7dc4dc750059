"""A shop under a password against the same shop without one: scans at most twice as long, the rest as before."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import backup, check, password, search, sqlite
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from tests.bench.harness import Row, alternate, p95
from tests.bench.searching import LIMIT, typed

SCAN, SAME = 2.0, 1.25
"""At most so many times as long; a first scan is one of which nothing is in memory yet, so all must be deciphered."""
_SCANS = {
    "scan of the orders": "SELECT count(*), sum(paid) FROM orders WHERE buyer LIKE '%张%' AND seller_note NOT LIKE '%xqzvb%'",
    "scan of the lines": "SELECT count(*), sum(amount), max(length(name)) FROM order_lines",
}
_LIST = "SELECT id, number, buyer, paid, status FROM orders ORDER BY id DESC LIMIT 100"

_One = Callable[[Path, Key | None], object]


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """Each act on both, taking turns; the floor is the shop without a password."""
    few = max(1, rounds // 3)
    for size, path in shops.items():
        with _both(path, size) as both:
            for name, question in _SCANS.items():
                yield _scan(both, name, question, rounds)
                yield _row(both, f"first {name}", _asking(question), SCAN, rounds)
            yield _row(both, "check of every figure", _checked, SCAN, few)
            yield _row(both, "backup, verified", _saved, SCAN, few)
            yield _row(both, "open, to the first rows", _opened, SAME, rounds, over=20.0)
            yield _acts(both, rounds)
            yield _searches(both, few)


@dataclass(frozen=True)
class _Both:
    """The same shop without a password and under one."""

    size: int
    plain: Path
    covered: Path
    key: Key


def _row(both: _Both, name: str, act: _One, must: float, rounds: int, over: float = 0.0) -> Row:
    floor, ours = alternate((lambda: act(both.plain, None), lambda: act(both.covered, both.key)), rounds)
    return Row(f"with a password: {name}, {both.size:,}", ours, floor, must, over=over)


@contextmanager
def _both(path: Path, size: int) -> Iterator[_Both]:
    copies = [path.with_name(f"{size}-{name}.shop") for name in ("plain", "covered")]
    try:
        for copy in copies:
            shutil.copyfile(path, copy)
        key = password.change(copies[1], None, "bench")
        assert key is not None
        yield _Both(size, copies[0], copies[1], key)
    finally:
        for copy in copies:
            shutil.rmtree(backup.folder(copy), ignore_errors=True)
            for left in copy.parent.glob(f"{copy.name}*"):
                left.unlink()


def _scan(both: _Both, name: str, question: str, rounds: int) -> Row:
    """On the connections of an open window."""
    with closing(sqlite.connect(both.plain)) as without, closing(sqlite.connect(both.covered, key=both.key)) as under:
        asks = [lambda con=con: con.execute(question).fetchall() for con in (without, under)]
        for ask in asks:
            ask()
        floor, ours = alternate(asks, rounds)
    return Row(f"with a password: {name}, {both.size:,}", ours, floor, SCAN)


def _asking(question: str) -> _One:
    """On a connection that has read nothing yet."""

    def ask(path: Path, key: Key | None) -> object:
        with closing(sqlite.connect(path, key=key)) as con:
            return con.execute(question).fetchall()

    return ask


def _checked(path: Path, key: Key | None) -> object:
    with closing(sqlite.connect(path, key=key)) as con:
        check.may_compare(con, key)
        return list(check.figure_faults(con))


def _saved(path: Path, key: Key | None) -> object:
    with closing(Shop.open(path, key=key)) as shop:
        return backup.make(shop, why="bench")


def _opened(path: Path, key: Key | None) -> object:
    with closing(Shop.open(path, key=key)) as shop:
        return shop.reader().execute(_LIST).fetchall()


def _acts(both: _Both, rounds: int) -> Row:
    from shopdesk.orders import verbs

    with closing(Shop.open(both.plain)) as without, closing(Shop.open(both.covered, key=both.key)) as under:
        waiting = [row[0] for row in under.reader().execute("SELECT id FROM orders WHERE status = 'to_ship' LIMIT 200")]
        left = {id(without): list(waiting), id(under): list(waiting)}

        def ship(shop: Shop) -> None:
            verbs.ship_orders(shop, ids=[left[id(shop)].pop()], courier="SF", tracking="SF1")

        ship(without)
        ship(under)
        times = min(rounds * 5, len(waiting) - 2)
        floor, ours = alternate((lambda: ship(without), lambda: ship(under)), times)
    return Row(f"with a password: mark one order shipped, {both.size:,}", ours, floor, SAME, over=3.0)


def _searches(both: _Both, rounds: int) -> Row:
    with closing(sqlite.connect(both.plain)) as without, closing(sqlite.connect(both.covered, key=both.key)) as under:
        floor, ours = [], []
        for word in typed():
            acts = [lambda con=con, word=word: search.find(con, "orders", word, LIMIT) for con in (without, under)]
            one, other = alternate(acts, rounds)
            floor.append(one)
            ours.append(other)
    return Row(f"with a password: search, each keystroke, p95, {both.size:,}", p95(ours), p95(floor), SAME, budget=20.0)
