"""An upgrade of the file: room for it first, and the backup before it stays until the shop was opened well three times."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from shopdesk.core import backup, clock, identity, meta, salvage, schema, settings, upgrades
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.restore import restore
from shopdesk.core.shop import Shop, opened

MB = 1 << 20


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop file of an earlier version."""
    now = schema.features()
    then = tuple(replace(f, migrations=f.migrations[:1], kept=()) if f.name == "orders" else f for f in now)
    with monkeypatch.context() as past:
        for module in ("shop", "identity", "kept"):
            past.setattr(f"shopdesk.core.{module}.features", lambda: then)
        with clock.at(datetime(2026, 11, 2, 9)):
            Shop.create(tmp_path / "old.shop", name="Old").close()
    return tmp_path / "old.shop"


def upgraded(path: Path) -> Path:
    """Upgrade it on a day in the morning; the backup made before it."""
    with clock.at(datetime(2026, 11, 2, 9)), opened(path) as shop:
        made = backup.listed(path)
        assert [one.why for one in made] == ["upgrade"]
        assert upgrades.pending(shop.reader()) == {made[0].name: 0}
    return backup.folder(path) / made[0].name


def open_well(path: Path) -> dict[str, int]:
    with opened(path) as shop:
        for _ in range(2):  # what is looked at again is the same opening
            upgrades.opened_well(shop)
        return upgrades.pending(shop.reader())


def work(path: Path, first: int, days: int) -> None:
    """Change the shop on each of so many days, and back it up twice."""
    for day in range(first, first + days):
        for hour in (10, 16):
            with clock.at(datetime(2026, 11, 2) + timedelta(days=day, hours=hour)), opened(path) as shop:
                with shop.change("Cut-off", "settings") as db:
                    settings.put(db, "cutoff", f"{hour}:{day % 60:02d}")
                backup.make(shop, why="test")


def test_the_backup_before_an_upgrade_stays_until_three_good_openings(older: Path):
    before = upgraded(older)
    work(older, 0, 4)
    assert before.is_file(), "a newer one of its day stands beside it, and two days are over"
    assert [open_well(older) for _ in range(2)] == [{before.name: 1}, {before.name: 2}]
    work(older, 4, 2)
    assert before.is_file()
    assert open_well(older) == {}
    assert before.is_file(), "it goes with the next backup, like the others"
    work(older, 6, 1)
    assert not before.exists()


def test_the_opening_that_upgrades_is_none_of_the_three(older: Path):
    with opened(older) as shop:
        upgrades.opened_well(shop)
        assert list(upgrades.pending(shop.reader()).values()) == [0]
    with opened(older, write=False) as looked_at:
        upgrades.opened_well(looked_at)
        assert list(upgrades.pending(looked_at.reader()).values()) == [0]


def test_the_limit_of_all_backups_does_not_take_it(older: Path, monkeypatch: pytest.MonkeyPatch):
    before = upgraded(older)
    monkeypatch.setattr(settings, "number", lambda _con, _key: 0)
    work(older, 0, 1)
    kept = [made.name for made in backup.listed(older)]
    assert kept[0] == before.name
    assert len(kept) == 2


def test_two_upgrades_are_counted_each_by_itself(older: Path):
    before = upgraded(older)
    assert open_well(older) == {before.name: 1}
    with opened(older) as shop:
        with shop.quiet() as db:
            upgrades.note(db.conn, "old-20261103-090000.shop")
        upgrades.opened_well(shop)
        assert upgrades.pending(shop.reader()) == {before.name: 2, "old-20261103-090000.shop": 1}


def test_coming_back_to_an_earlier_state_does_not_forget_it(older: Path, tmp_path: Path):
    before = upgraded(older)
    open_well(older)
    restore(older, before)
    with opened(older) as shop:
        assert upgrades.pending(shop.reader())[before.name] == 1
        assert len(upgrades.pending(shop.reader())) == 2, "that state had to be upgraded, too"
        kept = upgrades.pending(shop.reader())
    salvage.salvage(older, tmp_path / "new.shop")
    with opened(tmp_path / "new.shop") as shop:
        assert upgrades.pending(shop.reader()) == kept


@pytest.mark.parametrize("noted", ["[]", "x", '{"a": "b"}', '{"a": null}', "1"])
def test_what_no_act_of_ours_noted_keeps_nothing(shop: Shop, noted: str):
    with shop.quiet() as db:
        meta.put(db.conn, meta.UPGRADED, noted)
    assert upgrades.pending(shop.reader()) == {}
    upgrades.opened_well(shop)
    backup.make(shop, why="test")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Says how many bytes are free on the disk."""

    def leave(free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))

    return leave


def test_an_upgrade_needs_two_and_a_half_times_the_file(older: Path, disk: Callable[[int], None]):
    size = older.stat().st_size
    needed = size * 5 // 2
    as_it_was = older.read_bytes()
    disk(needed - 1)
    with pytest.raises(DiskTrouble) as refused:
        Shop.open(older)
    said = f"“old.shop” is of an older version: to upgrade it {-(-needed // MB)} MB are needed on its disk, "
    assert str(refused.value).startswith(f"{said}{(needed - 1) // MB} MB are free.")
    assert older.read_bytes() == as_it_was
    assert {file.name for file in older.parent.iterdir()} == {"old.shop"}
    disk(needed)
    with opened(older) as shop:
        assert not identity.lacks_migrations(shop.reader())


def test_a_file_of_this_version_opens_without_that_room(tmp_path: Path, disk: Callable[[int], None]):
    Shop.create(tmp_path / "a.shop", name="A").close()
    disk(0)
    Shop.open(tmp_path / "a.shop").close()
