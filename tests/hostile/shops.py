"""Shop files from elsewhere: with more in them than we put there, cut off, foreign, or no file at all."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path
from random import Random

from shopdesk.core import sqlite
from shopdesk.core.shop import Shop
from tests.shop_files import demo_files

PLANTED = {
    "trigger": "CREATE TRIGGER planted AFTER INSERT ON orders BEGIN DELETE FROM orders; END",
    "view": "CREATE VIEW planted AS SELECT writefile('/tmp/planted', 'x')",
    "endless": "CREATE VIEW planted AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "table": "CREATE TABLE planted (a)",
    "index": "CREATE INDEX planted ON orders (number || 'x')",
    "loaded": "CREATE VIEW planted AS SELECT load_extension('/tmp/planted.so')",
    "column": "ALTER TABLE orders ADD COLUMN planted TEXT DEFAULT (randomblob(1000))",
}


def swapped_view(path: Path) -> None:
    """One of our own views asks something else."""
    with closing(sqlite.connect(path, write=True)) as con:
        name = con.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").fetchone()[0]
        con.execute(f"DROP VIEW {name}")
        con.execute(f"CREATE VIEW {name} AS SELECT zeroblob(900000000) AS id")


def make(folder: Path) -> tuple[Path, list[Path]]:
    """A good shop, and what is to be refused, below the folder's `chosen`."""
    place = folder / "chosen"
    place.mkdir(exist_ok=True)
    good = place / "good.shop"
    Shop.create(good, name="Muhe Tea").close()
    whole = good.read_bytes()
    for name, statement in PLANTED.items():
        copy = Path(shutil.copy(good, place / f"{name}.shop"))
        with closing(sqlite.connect(copy, write=True)) as con:
            con.execute(statement)
    swapped_view(Path(shutil.copy(good, place / "swapped.shop")))
    with closing(sqlite.bare(place / "foreign.shop")) as con:
        con.execute("CREATE TABLE orders (id)")
    noise = Random(8)
    written: dict[str, bytes] = {
        "noise.shop": noise.randbytes(50_000),
        "head.shop": whole[:100],
        "cut.shop": whole[: len(whole) // 2],
        "half_noise.shop": whole[:8192] + noise.randbytes(len(whole) - 8192),
        "magic.shop": b"SQLite format 3\0" + noise.randbytes(9000),
        "empty.shop": b"",
        "text.shop": demo_files()[0].read_bytes(),
    }
    for name, data in written.items():
        (place / name).write_bytes(data)
    os.mkfifo(place / "pipe.shop")
    (place / "folder.shop").mkdir()
    return good, sorted(path for path in place.iterdir() if path != good and path.suffix == ".shop")
