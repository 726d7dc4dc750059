"""Killed at any moment (kill -9): the next start has every step that was acknowledged and none of half a step.

The acknowledgement is a line that the dying process wrote after its change was committed.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shopdesk.core import backup, check
from shopdesk.core.errors import FileRefused
from shopdesk.core.shop import Shop
from tests.shop_files import demo_files, orders_csv

SEED = 20261124

ACTS = """
import sys
from pathlib import Path
from shopdesk.core.shop import Shop
from shopdesk.orders import verbs
shop = Shop.open(Path(sys.argv[1]))
ids = [row[0] for row in shop.reader().execute("SELECT id FROM orders WHERE status = 'to_ship' ORDER BY id")]
print("open", flush=True)
for turn in range(2000):
    for at in range(0, len(ids), 3):
        verbs.ship_orders(shop, ids=ids[at : at + 3], courier="SF", tracking=f"T{turn}-{at}")
        print("shipped", turn, at, shop.last_step().id, flush=True)
    for at in range(0, len(ids), 3):
        shop.undo()
        print("undone", turn, at, flush=True)
"""

BACKUPS = """
import sys
from pathlib import Path
from shopdesk.core import backup
from shopdesk.core.shop import Shop
shop = Shop.open(Path(sys.argv[1]))
print("open", flush=True)
while True:
    made = backup.make(shop, why="test")
    print("made", made.name, made.sha256, flush=True)
"""

NEW = """
import sys
from pathlib import Path
from shopdesk.core.shop import Shop
print("open", flush=True)
Shop.create(Path(sys.argv[1]), name="Muhe").close()
"""

IMPORT = """
import sys
from shopdesk.cli import run
print("open", flush=True)
code = run(["import", *sys.argv[1:]])
print("acknowledged", code, flush=True)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with everything of the demo's files, as it lies on the disk."""
    from shopdesk.exchange import commands

    shop = Shop.create(tmp_path_factory.mktemp("demo") / "demo.shop", name="Muhe")
    commands.import_files(shop, demo_files(), channel="Muhe")
    shop.close()
    shutil.rmtree(backup.folder(shop.path))
    return shop.path


@pytest.fixture
def file(demo: Path, tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    copy = tmp_path / "shop" / "muhe.shop"
    shutil.copy(demo, copy)
    return copy


def killed(program: str, *arguments: Path, after: float | None, scratch: Path) -> list[list[str]]:
    """Start the program, kill it some time after it has begun (None: let it end), and return what it acknowledged."""
    around = {**os.environ, "TMPDIR": str(scratch)}
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, env=around,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    if after is not None:
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
    told = process.stdout.read()
    process.stdout.close()
    process.wait()
    lines = told.splitlines() if told.endswith("\n") or not told else told.splitlines()[:-1]
    return [line.split() for line in lines]


def only_whole_files(file: Path) -> None:
    """After a start and an end nothing lies there but the shop, its backups and their manifest."""
    Shop.open(file).close()
    assert {p.name for p in file.parent.iterdir()} <= {file.name, f"{file.stem} backups"}
    listed = {b.name: b for b in backup.listed(file)}
    there = {p.name for p in backup.folder(file).iterdir()} if backup.folder(file).exists() else set()
    assert there - {"manifest.jsonl"} >= set(listed)
    assert all(name == "manifest.jsonl" or (name.startswith("muhe-") and name.endswith(".shop")) for name in there), (
        there
    )
    for name, made in listed.items():
        assert hashlib.sha256((backup.folder(file) / name).read_bytes()).hexdigest() == made.sha256


def expected(before: list[str], ids: list[int], told: list[list[str]]) -> list[str | None]:
    """The tracking number of each order after the acknowledged acts."""
    now: list[str | None] = list(before)
    for kind, turn, at, *_step in told:
        first = int(at)
        if kind == "shipped":
            now[first : first + 3] = [f"T{turn}-{at}"] * len(now[first : first + 3])
        else:
            last = len(ids) - 1 - (len(ids) - 1) % 3 - first
            now[last : last + 3] = before[last : last + 3]
    return now


def test_no_act_and_no_undo_is_lost_or_half(file: Path, tmp_path: Path):
    chance = random.Random(SEED)
    for _cycle in range(16):
        shop = Shop.open(file)
        con = shop.reader()
        ids = [row[0] for row in con.execute("SELECT id FROM orders WHERE status = 'to_ship' ORDER BY id")]
        before = [row[0] for row in con.execute("SELECT tracking FROM orders WHERE status = 'to_ship' ORDER BY id")]
        shop.close()
        told = killed(ACTS, file, after=chance.uniform(0, 0.25), scratch=tmp_path)
        assert list(check.faults(file)) == []
        shop = Shop.open(file)
        marks = ",".join("?" * len(ids))
        now = [
            row[0]
            for row in shop.reader().execute(f"SELECT tracking FROM orders WHERE id IN ({marks}) ORDER BY id", ids)
        ]
        acknowledged = expected(before, ids, told)
        differing = [at for at in range(len(ids)) if now[at] != acknowledged[at]]
        assert len({at // 3 for at in differing}) <= 1, "more than the one act that was under way"
        for group in {at // 3 for at in differing}:
            assert (
                len(set(now[group * 3 : group * 3 + 3])) == 1
                or now[group * 3 : group * 3 + 3] == before[group * 3 : group * 3 + 3]
            )
        while (step := shop.last_step()) is not None and "marked shipped" in step.label:
            shop.undo()
        left = [
            row[0]
            for row in shop.reader().execute(f"SELECT tracking FROM orders WHERE id IN ({marks}) ORDER BY id", ids)
        ]
        shop.close()
        assert left == before
    only_whole_files(file)


def test_an_import_is_there_or_not_there(file: Path, tmp_path: Path):
    chance = random.Random(SEED)
    new = orders_csv(
        tmp_path / "new.csv", *({"订单编号": f"23860412775599{n:04}", "买家会员名": f"buyer {n}"} for n in range(3000))
    )
    fresh = file.read_bytes()
    seen = set()
    for cycle in range(10):
        file.write_bytes(fresh)
        shutil.rmtree(backup.folder(file), ignore_errors=True)
        told = killed(IMPORT, file, new, after=chance.uniform(0.1, 1.4) if cycle else 0.01, scratch=tmp_path)
        assert list(check.faults(file)) == []
        shop = Shop.open(file)
        found = shop.reader().execute("SELECT count(*) FROM orders WHERE number LIKE '23860412775599%'").fetchone()[0]
        assert found in (0, 3000)
        if ["acknowledged", "0"] in told:
            assert found == 3000
        if found:
            assert shop.undo() is not None
            assert (
                shop.reader().execute("SELECT count(*) FROM orders WHERE number LIKE '23860412775599%'").fetchone()[0]
                == 0
            )
        shop.close()
        only_whole_files(file)
        seen.add(found)
    assert 0 in seen
    last = killed(IMPORT, file, new, after=None, scratch=tmp_path)
    assert last == [] or last[-1] == ["acknowledged", "0"]
    assert not list(tmp_path.glob("shopdesk-import-*")), "scratch files of killed imports"


def test_a_backup_is_whole_or_not_there(file: Path, tmp_path: Path):
    chance = random.Random(SEED)
    acknowledged: dict[str, str] = {}
    for _cycle in range(8):
        told = killed(BACKUPS, file, after=chance.uniform(0, 0.5), scratch=tmp_path)
        acknowledged |= {name: digest for _kind, name, digest in told}
        only_whole_files(file)
        assert {b.name: b.sha256 for b in backup.listed(file)}.items() >= acknowledged.items()
    shop = Shop.open(file)
    backup.make(shop, why="after")
    shop.close()
    there = {p.name for p in backup.folder(file).iterdir()} - {"manifest.jsonl"}
    assert there == {b.name for b in backup.listed(file)}, "a copy that nobody has noted"
    assert list(check.faults(file)) == []


def test_halves_of_a_killed_process_are_swept_and_unnoted_copies_noted(file: Path):
    shop = Shop.open(file)
    made = backup.make(shop, why="test")
    shop.close()
    folder = backup.folder(file)
    (folder / "muhe-20261101-080000.shop.part").write_bytes(b"half")
    (folder / "muhe-20261101-080000.shop.part-journal").write_bytes(b"half")
    (folder / "holiday.txt").write_text("hers")
    shutil.copy(folder / made.name, folder / "muhe-20261102-080000-2.shop")
    (folder / "muhe-20261103-080000.shop").write_bytes(b"no shop")
    manifest = folder / "manifest.jsonl"
    manifest.write_text(manifest.read_text() + '{"name": "muhe-2026')
    shop = Shop.open(file)
    assert not list(folder.glob("*.part*"))
    backup.make(shop, why="test")
    shop.close()
    assert [b.name for b in backup.listed(file)][:2] == [made.name, "muhe-20261102-080000-2.shop"]
    assert len(backup.listed(file)) == 3
    assert (folder / "holiday.txt").read_text() == "hers"


def test_a_new_shop_is_whole_or_its_name_is_still_free(tmp_path: Path):
    chance = random.Random(SEED)
    for cycle in range(10):
        path = tmp_path / f"new{cycle}.shop"
        killed(NEW, path, after=chance.uniform(0, 0.1), scratch=tmp_path)
        try:
            shop = Shop.create(path, name="Muhe")
        except FileRefused:
            shop = Shop.open(path)
        assert list(check.faults(path)) == []
        shop.close()
        assert [p.name for p in tmp_path.glob(f"new{cycle}*")] == [path.name]
