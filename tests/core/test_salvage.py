"""A damaged file gives what it still holds: counted, whole in itself, and never more than it had."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shopdesk.core import backup, check, process, rescue, sqlite
from shopdesk.core.errors import Damaged, FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.salvage import salvage
from shopdesk.core.shop import Shop, opened
from tests.broken import leaves, zero
from tests.core.test_shop import add_product, content

_PAGE = 4096
_ENGLISH = {**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}


@pytest.fixture
def full(shop: Shop) -> Path:
    """A closed shop of 400 products with a note each."""
    for n in range(400):
        add_product(shop, f"Gaiwan {n:03d} " + "x" * 80)
    shop.close()
    return shop.path


def without_dates(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """All but when the file was made."""
    return {table: rows for table, rows in found.items() if table != "_sqlite_migrations"}


def test_of_a_whole_file_everything_comes_over(full: Path, tmp_path: Path):
    before = Shop.open(full, write=False)
    wanted = without_dates(content(before))
    before.close()
    found = salvage(full, tmp_path / "new.shop")
    assert {s.table: (s.rows, s.lost) for s in found if s.table in ("products", "skus")} == {
        "products": (400, 0), "skus": (400, 0),
    }  # fmt: skip
    assert list(check.faults(tmp_path / "new.shop")) == []
    after = Shop.open(tmp_path / "new.shop")
    assert without_dates(content(after)) == wanted
    assert add_product(after, "New") == 401
    after.close()


@pytest.mark.parametrize("seed", range(6))
def test_of_a_damaged_file_the_rest_comes_over_and_agrees_with_itself(full: Path, tmp_path: Path, seed: int):
    con = sqlite3.connect(full)
    roots = {row[0] for row in con.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage")} | {1}
    con.close()
    raw, dice = bytearray(full.read_bytes()), random.Random(seed)
    inner = [page for page in range(2, len(raw) // _PAGE + 1) if page not in roots]
    for page in dice.sample(inner, 3):
        raw[(page - 1) * _PAGE : page * _PAGE] = dice.randbytes(_PAGE) if seed % 2 else bytes(_PAGE)
    full.write_bytes(raw)
    found = {s.table: s for s in salvage(full, tmp_path / "new.shop")}
    assert full.read_bytes() == raw
    assert list(check.faults(tmp_path / "new.shop")) == []
    assert found["skus"].rows + found["skus"].lost == 400
    assert found["skus"].rows >= 200


def test_what_is_no_shop_gives_nothing_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "letter.shop").write_bytes(b"Dear Sir" * 999)
    other = sqlite3.connect(tmp_path / "other.shop")
    other.execute("CREATE TABLE t (a)")
    other.close()
    for name in ("letter.shop", "other.shop"):
        with pytest.raises(FileRefused):
            salvage(tmp_path / name, tmp_path / "new.shop")
    assert not (tmp_path / "new.shop").exists()


def test_what_is_lost_is_taken_from_a_backup_and_counted_apart(full: Path, tmp_path: Path):
    shop = Shop.open(full)
    made = backup.folder(full) / backup.make(shop, why="test").name
    shop.close()
    zero(full, *leaves(full, "skus")[:2])
    words = ["salvage", str(full), str(tmp_path / "new.shop"), "--fill", str(made)]
    told = subprocess.run(
        [sys.executable, "-m", "shopdesk", *words], capture_output=True, text=True, check=True, env=_ENGLISH
    ).stdout
    (line,) = (line for line in told.splitlines() if line.startswith("skus:"))
    counts = [int(number) for number in re.findall(r"\d+", line)]
    assert sum(counts) == 400
    assert counts[1] > 0
    assert counts[2] == 0
    assert list(check.faults(tmp_path / "new.shop")) == []


def test_what_it_is_filled_from_is_taken_for_hostile(full: Path, tmp_path: Path):
    with opened(full) as shop:
        made = backup.folder(full) / backup.make(shop, why="asked").name
    planted = shutil.copyfile(made, tmp_path / "planted.shop")
    with closing(sqlite.connect(planted, write=True)) as con:
        con.execute("ALTER TABLE orders RENAME TO own")
        con.execute("CREATE VIEW orders AS SELECT * FROM own")
    with made.open("r+b") as stream:
        stream.truncate(made.stat().st_size - 4096)
    for fill in (planted, made):
        with pytest.raises(FileRefused):
            salvage(full, tmp_path / "new.shop", fill=fill)
        assert not (tmp_path / "new.shop").exists()


def beside(path: Path) -> dict[str, bytes]:
    """What stands beside a file and begins with its name."""
    return {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}?*")}


def damaged(path: Path, key: Key | None) -> Path:
    with closing(Shop.create(path, name="Muhe", key=key)) as shop:
        for n in range(200):
            add_product(shop, f"Gaiwan {n} {'x' * 200}")
    zero(path, 2, 3)
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("key", [None, Key.random()], ids=["plain", "protected"])
def test_who_only_looks_at_a_damaged_file_leaves_nothing_beside_it(tmp_path: Path, key: Key | None):
    path = damaged(tmp_path / "muhe.shop", key)
    before = path.read_bytes()
    rescue.diagnose(path, key=key, hear=lambda _known, _made: None)
    assert beside(path) == {}
    salvage(path, tmp_path / "new.shop", key=key)
    assert beside(path) == {}
    for write in (False, True):
        with pytest.raises(Damaged):
            Shop.open(path, key=key, write=write)
        assert beside(path) == {}
    assert path.read_bytes() == before


def test_a_looking_that_is_cut_short_leaves_nothing_either(tmp_path: Path):
    path = damaged(tmp_path / "muhe.shop", None)
    seen: list[bool] = []
    with pytest.raises(process.Cancelled):
        rescue.diagnose(path, hear=lambda _known, _made: seen.append(bool(beside(path))), cancelled=lambda: any(seen))
    assert beside(path) == {}


def test_side_files_that_were_there_before_a_looking_stay_as_they_are(tmp_path: Path):
    path = tmp_path / "place" / "muhe.shop"
    path.parent.mkdir()
    with closing(Shop.create(path, name="Muhe")) as shop:
        add_product(shop, "Gaiwan")
        shutil.copytree(path.parent, tmp_path / "killed")
    path = tmp_path / "killed" / "muhe.shop"
    (path.parent / "muhe.shop.lock").unlink()
    before = path.read_bytes()
    log = path.with_name("muhe.shop-wal").read_bytes()
    assert log
    rescue.diagnose(path, hear=lambda _known, _made: None)
    salvage(path, tmp_path / "new.shop")
    Shop.open(path, write=False).close()
    assert path.read_bytes() == before
    assert beside(path)["muhe.shop-wal"] == log
