"""Coming back from a backup: whole or not at all, nothing lost of what was there, nothing hostile let in."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from shopdesk.core import backup, check, clock
from shopdesk.core.errors import FileRefused, HeldElsewhere, NewerFile, ShopError
from shopdesk.core.restore import restore
from shopdesk.core.shop import Shop, opened
from tests.core.test_shop import add_product

KILLED = 9


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
    assert aside.name == f"muhe damaged {clock.today():%m%d}.shop"
    if spoil != b"":  # of an empty file SQLite itself removes the log
        assert aside.with_name(aside.name + "-wal").read_bytes() == b"half a log"
    assert names(path) == ["Gaiwan"]
    assert list(check.faults(path)) == []


@pytest.mark.parametrize("spoil", ["damaged", "lost"])
def test_killed_at_any_moment_a_broken_file_stands_or_the_backup(saved, tmp_path_factory, spoil: str):
    path, copy = saved
    places = tmp_path_factory.mktemp("killed")
    broken = b"no shop at all" * 999
    if spoil == "damaged":
        path.write_bytes(broken)
        path.with_name("muhe.shop-wal").write_bytes(b"its log")
    else:
        path.unlink()
    left, ended = 0, False
    while not ended:
        place = shutil.copytree(path.parent, places / f"{left}")
        child = os.fork()
        if not child:
            _restore_until(place / path.name, place / copy.parent.name / copy.name, left)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, KILLED), code
        ended = code == 0
        kept = list(place.glob("muhe damaged*.shop"))
        with suppress(ShopError):
            Shop.open(place / path.name, write=False).close()
        if not (place / path.name).exists():
            assert spoil == "lost"
        elif (place / path.name).read_bytes() == broken:
            assert (place / "muhe.shop-wal").read_bytes() == b"its log"
            assert not list(place.glob("muhe damaged*.shop")), "it is no second time there"
        else:
            assert names(place / path.name) == ["Gaiwan"]
            assert [file.read_bytes() for file in kept] == ([broken] if spoil == "damaged" else [])
        shutil.rmtree(place)
        left += 1
    assert left > 2


def _restore_until(path: Path, copy: Path, left: int) -> None:
    """In a process that is killed before it gives so many files another name."""
    signal.alarm(60)  # a fork of a process with threads may wait for one that it does not have

    def counted(act: Callable[..., object]) -> Callable[..., object]:
        def done(*args: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(KILLED)
            return act(*args, **named)

        return done

    for name in ("replace", "link", "unlink"):
        setattr(os, name, counted(getattr(os, name)))
    try:
        restore(path, copy)
    except BaseException:
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize("acts", [1, 2])
def test_as_many_acts_as_were_taken_back_make_a_backup_due(saved, acts: int):
    path, copy = saved
    restore(path, copy)
    with opened(path) as shop:
        assert backup.due(shop)
        for number in range(acts):
            add_product(shop, f"Bowl {number}")
            assert backup.due(shop), "nothing holds what the shop is now"
        assert backup.make_when_due(shop, why="exit") is not None
        assert not backup.due(shop)


def test_the_number_goes_on_also_where_a_damaged_file_was(saved):
    path, copy = saved
    with opened(path) as shop:
        backup.make(shop, why="test")
    path.write_bytes(b"no shop")
    restore(path, copy)
    with opened(path) as shop:
        add_product(shop, "Bowl")
        assert shop.changes() not in {made.changes for made in backup.listed(path)}


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
