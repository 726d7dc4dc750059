"""What every fault is made in: a small shop with something of everything, and how it is compared."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

from shopdesk.core import backup, channels, clock, migrate, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.schema import features
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from tests.shop_files import lines_csv, orders_csv
from tests.walk import ACTS, Walk, said_by

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 14, 50)
SIZE = os.environ.get("SHOPDESK_FAULTS", "small")
"""How much is done: "small" in the suite, "ci" by `make.py faults`, "long" by `make.py faults --long`."""


def sized(small: int, ci: int, long: int) -> int:
    """The number that belongs to the size of this run."""
    return {"small": small, "ci": ci, "long": long}[SIZE]


@dataclass
class Figures:
    """One row of the table: what was done how often, what was found wrong, and in what time."""

    test: str
    done: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, what: str, by: int = 1) -> None:
        """One more of something."""
        self.done[what] = self.done.get(what, 0) + by

    def keep(self) -> None:
        """Write the row where the table is made of it, when somebody wants one."""
        kept = os.environ.get("SHOPDESK_FIGURES")
        if kept:
            with open(kept, "a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(self)) + "\n")


def template(folder: Path) -> Path:
    """A shop of forty orders after some acts of every tab, closed, one file; and with it all code is loaded."""
    clock.freeze(NOW)
    shop = Shop.create(folder / "muhe.shop", name="Muhe")
    walk = Walk(shop, 1, folder)
    numbers = [f"23860412775599{n:04}" for n in range(40)]
    orders = orders_csv(
        folder / "orders.csv",
        *({"订单编号": n, "买家会员名": f"b{at % 7}", "买家留言": "谢谢" * 9} for at, n in enumerate(numbers)),
    )
    lines = lines_csv(folder / "lines.csv", *({"订单编号": n, "商家编码": f"CUP-{n[-1]}"} for n in numbers))
    walk.bring_in_files([orders, lines])
    for act in ACTS * 2:
        try_act(walk, act)
    for _ in range(3):
        shop.undo()
    backup.make(shop, why="test")
    shop.close()
    shutil.rmtree(backup.folder(shop.path))
    return shop.path


def try_act(walk: Walk, act: object) -> bool:
    """Do it; whether it was possible (chance may pick what cannot be)."""
    try:
        act(walk)  # type: ignore[operator]
    except ShopError:
        return False
    return True


def older_shop(path: Path) -> None:
    """A shop file as the first version wrote it, with some channels and settings."""
    with closing(sqlite.connect(path, write=True, create=True)) as con:
        con.execute("BEGIN")
        migrate.apply(
            sqlite.database(con), tuple(replace(feature, migrations=feature.migrations[:1]) for feature in features())
        )
        con.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        con.execute("INSERT INTO settings (key, value) VALUES ('shop_name', '\"Old\"'), ('currency', '\"CNY\"')")
        for at in range(20):
            channels.add(sqlite.database(con), platform="jd", name=f"old {at}", currency="CNY")
        con.execute("COMMIT")


def digest(con: Connection) -> str:
    """All that the shop says, figures included, in a few letters."""
    return _short(said_by(con))


def steps(con: Connection) -> str:
    """The journal's steps and what became of them, in a few letters."""
    rows = con.execute("SELECT id, state, label, args FROM journal_steps ORDER BY id")
    return _short([tuple(row) for row in rows])


def _short(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def sha256(path: Path) -> str:
    """The checksum of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_of(folder: Path) -> dict[str, str]:
    """Every file in a folder with its checksum."""
    return {p.name: sha256(p) for p in sorted(folder.iterdir())} if folder.is_dir() else {}


def quick_folder() -> str | None:
    """Where files are made that no disk needs to keep: in memory where the system has such a place."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def own_scratch(folder: Path) -> None:
    """Temporary files of this process and its children go here."""
    folder.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def chance_of(seed: int, *more: int) -> Random:
    """Chance that is the same in every run."""
    return Random(":".join(map(str, (seed, *more))))
