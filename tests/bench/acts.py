"""One act acknowledged on disk, a verified backup, and the search of every keystroke."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from shopdesk.core import backup, sqlite
from shopdesk.core.shop import Shop
from tests.bench.harness import Row, alternate, clocked, medians


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """Acts and backups, at every size."""
    for size, path in shops.items():
        copy = path.with_name(f"{size}-acts.shop")
        shutil.copyfile(path, copy)
        try:
            yield _ship(size, copy, rounds * 5)
            yield _backup(size, copy, max(1, rounds // 3))
        finally:
            copy.unlink()
            shutil.rmtree(backup.folder(copy), ignore_errors=True)


def _ship(size: int, path: Path, rounds: int) -> Row:
    from shopdesk.orders import verbs

    shop = Shop.open(path)
    floor_path = path.with_name(f"{size}-floor.db")
    con = sqlite.connect(floor_path, write=True, create=True)
    con.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, x TEXT) STRICT")
    waiting = [row[0] for row in shop.reader().execute("SELECT id FROM orders WHERE status = 'to_ship' LIMIT 300")]

    def one_row() -> None:
        con.execute("INSERT INTO t (x) VALUES ('x')")

    def ship() -> None:
        verbs.ship_orders(shop, ids=[waiting.pop()], courier="SF", tracking="SF1")

    ship()
    floor, ours = alternate((one_row, ship), min(rounds, len(waiting) - 1))
    con.close()
    floor_path.unlink()
    shop.close()
    return Row(f"mark one order shipped, on disk, {size:,}", ours, floor, 1.0, over=3.0)


def _backup(size: int, path: Path, rounds: int) -> Row:
    shop = Shop.open(path)
    bare = path.with_name(f"{size}-bare.db")

    def floor() -> None:
        bare.unlink(missing_ok=True)
        with closing(sqlite.connect(path)) as source, closing(sqlite.bare(bare)) as target:
            source.backup(target, pages=4096)

    def verified() -> None:
        worker = threading.Thread(target=lambda: backup.make(shop, why="bench"))
        worker.start()
        worker.join()

    timed = medians([(clocked(floor), clocked(verified)) for _ in range(rounds)])
    bare.unlink()
    shop.close()
    return Row(f"backup, verified, {size:,}", timed[1], timed[0], 8.0)
