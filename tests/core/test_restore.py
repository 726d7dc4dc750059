"""Coming back from a backup: whole or not at all, nothing lost of what was there, nothing hostile let in."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from shopdesk.core import backup, check
from shopdesk.core.errors import FileRefused, HeldElsewhere, NewerFile
from shopdesk.core.restore import restore
from shopdesk.core.shop import Shop
from tests.core.test_shop import add_product


@pytest.fixture
def saved(shop: Shop) -> tuple[Path, Path]:
    """A closed shop of two products, and its backup from when it had one."""
    add_product(shop, "Gaiwan")
    made = backup.make(shop, why="test")
    add_product(shop, "Teapot")
    shop.close()
    return shop.path, backup.folder(shop.path) / made.name


def names(path: Path) -> list[str]:
    shop = Shop.open(path, write=False)
    found = [row[0] for row in shop.reader().execute("SELECT name FROM skus ORDER BY id")]
    shop.close()
    return found


def test_the_shop_is_as_it_was_then_and_what_was_there_is_the_newest_backup(saved):
    path, copy = saved
    assert restore(path, copy) is None
    assert names(path) == ["Gaiwan"]
    assert [made.why for made in backup.listed(path)] == ["test", "restore"]
    restore(path, backup.folder(path) / backup.listed(path)[-1].name)
    assert list(check.faults(path)) == []
    assert names(path) == ["Gaiwan", "Teapot"]
    assert sorted(p.name for p in path.parent.iterdir() if "muhe" in p.name) == ["muhe backups", "muhe.shop"]
    again = Shop.open(path)
    assert again.undo().label == "Added Teapot"
    again.close()


@pytest.mark.parametrize("spoil", [b"", b"no shop at all" * 999, None])
def test_a_damaged_file_is_kept_aside_with_what_lay_beside_it(saved, spoil: bytes | None):
    path, copy = saved
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(5000) + whole[5100:] if spoil is None else spoil)
    path.with_name(path.name + "-wal").write_bytes(b"half a log")
    before = path.read_bytes()
    aside = restore(path, copy)
    assert aside.read_bytes() == before
    assert names(path) == ["Gaiwan"]
    assert list(check.faults(path)) == []


def test_a_lost_file_comes_back(saved):
    path, copy = saved
    path.unlink()
    assert restore(path, copy) is None
    assert names(path) == ["Gaiwan"]
    assert (path.stat().st_mode & 0o777) == 0o600


def test_an_open_shop_is_not_replaced(saved):
    path, copy = saved
    shop = Shop.open(path)
    with pytest.raises(HeldElsewhere):
        restore(path, copy)
    shop.close()
    assert names(path) == ["Gaiwan", "Teapot"]


def _flip(file: Path) -> None:
    changed = bytearray(file.read_bytes())
    changed[-9] ^= 1
    file.write_bytes(changed)


@pytest.mark.parametrize(
    "spoil",
    [
        _flip,
        lambda file: file.write_bytes(file.read_bytes()[:-4096]),
        lambda file: file.write_bytes(b"Dear Sir"),
        lambda file: file.unlink(),
        lambda file: _sql(file, "CREATE VIEW v_orders_ AS SELECT 1"),
        lambda file: _sql(file, "UPDATE skus SET held = 7"),
    ],
    ids=["changed", "cut", "foreign", "missing", "planted", "figures"],
)
@pytest.mark.parametrize("listed", [True, False])
def test_what_is_unfit_is_refused_and_the_shop_left_alone(
    saved, tmp_path: Path, spoil: Callable[[Path], object], listed: bool
):
    path, copy = saved
    before = path.read_bytes()
    elsewhere = shutil.copytree(copy.parent, tmp_path / "stick")
    if not listed:
        (elsewhere / "manifest.jsonl").unlink()
    spoil(elsewhere / copy.name)
    if spoil is _flip and not listed:
        return  # a changed letter of a text is found by its checksum alone
    with pytest.raises(FileRefused):
        restore(path, elsewhere / copy.name)
    assert path.read_bytes() == before


def test_a_newer_file_is_not_overwritten_by_an_older_program(saved):
    path, copy = saved
    _sql(path, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('orders', '9999', 'x')")
    before = path.read_bytes()
    with pytest.raises(NewerFile):
        restore(path, copy)
    assert path.read_bytes() == before


def _sql(path: Path, text: str) -> None:
    con = sqlite3.connect(path)
    con.executescript(text)
    con.close()
