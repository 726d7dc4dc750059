"""Once in 30 days the newest backup is looked through deeply, in a process of its own."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from shopdesk.core import backup, clock, meta, process, through
from shopdesk.core.errors import Damaged, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.verifying import Stopped


def never() -> bool:
    return False


def spoil(shop: Shop) -> None:
    """A text that is none any more, where nothing reads it and no quick look sees it."""
    with shop.quiet() as db:
        db.execute("INSERT INTO remembered VALUES (CAST(x'ff' AS TEXT), '1')")


def rename(shop: Shop, name: str) -> None:
    with shop.change("Named", "channels") as db:
        db.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', ?, 'CNY')", (name,))


def file(shop: Shop) -> Path:
    return backup.folder(shop.path) / backup.listed(shop.path)[-1].name


@pytest.mark.parametrize("password", [False, True])
def test_what_is_well_is_noted_for_30_days(shop: Shop, tmp_path: Path, password: bool):
    if password:
        shop = Shop.create(tmp_path / "protected.shop", name="P", key=Key(bytes(range(32)), bytes(16)))
    assert through.due(shop.reader())
    backup.make(shop, why="test")
    changes = shop.changes()
    through.look(shop, never)
    now = clock.now()
    assert through.found_well(shop.reader()) == now.date()
    assert shop.changes() == changes
    for days, is_due in ((0, False), (29, False), (30, True), (-1, True)):
        with clock.at(now + timedelta(days=days)):
            assert through.due(shop.reader()) is is_due
    if password:
        shop.close()


@pytest.mark.parametrize("noted", ["", "soon", "2026-13-01"])
def test_what_is_no_day_counts_as_never(shop: Shop, noted: str):
    with shop.quiet() as db:
        meta.put(db.conn, meta.FOUND_WELL, noted)
    assert through.found_well(shop.reader()) is None
    assert through.due(shop.reader())


def test_damage_that_no_quick_look_sees_is_found_and_nothing_is_noted(shop: Shop):
    spoil(shop)
    backup.make(shop, why="test")
    with pytest.raises(Damaged):
        through.look(shop, never)
    assert through.due(shop.reader())


def test_a_shop_that_is_well_again_is_well(shop: Shop):
    spoil(shop)
    backup.make(shop, why="test")
    with shop.quiet() as db:
        db.execute("DELETE FROM remembered WHERE value = '1'")
    rename(shop, "new")
    through.look(shop, never)
    assert not through.due(shop.reader())
    assert [made.why for made in backup.listed(shop.path)] == ["test", "timer"]


def test_damage_that_stayed_is_told_of_the_present_state(shop: Shop):
    spoil(shop)
    backup.make(shop, why="test")
    rename(shop, "new")
    with pytest.raises(Damaged):
        through.look(shop, never)
    assert [made.why for made in backup.listed(shop.path)] == ["test", "timer"]


def test_a_spoilt_backup_is_told_and_another_one_made(shop: Shop):
    backup.make(shop, why="test")
    copy = file(shop)
    spoilt = bytearray(copy.read_bytes())
    spoilt[-1] ^= 1
    copy.write_bytes(spoilt)
    with pytest.raises(ShopError, match="changed after it was verified") as told:
        through.look(shop, never)
    assert not isinstance(told.value, Damaged)
    assert [made.why for made in backup.listed(shop.path)] == ["test", "gone"]
    through.look(shop, never)
    assert not through.due(shop.reader())


def test_without_a_backup_there_is_nothing_to_look_at(shop: Shop):
    through.look(shop, never)
    assert through.due(shop.reader())


def test_it_ends_when_it_is_asked_to(shop: Shop):
    backup.make(shop, why="test")
    begun = time.monotonic()
    with pytest.raises(Stopped):
        through.look(shop, lambda: time.monotonic() > begun + 0.05)
    assert through.due(shop.reader())


def test_a_process_that_breaks_is_no_damage(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    backup.make(shop, why="test")

    def broken(*_given: object, **_named: object) -> None:
        raise process.Broken

    monkeypatch.setattr(process, "run", broken)
    with pytest.raises(ShopError, match="could not be looked through") as told:
        through.look(shop, never)
    assert not isinstance(told.value, Damaged)
    assert through.due(shop.reader())
