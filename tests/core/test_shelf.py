"""What lies in the folder of backups: which of it can be relied on, how far back it is, and copies elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shopdesk.core import backup, clock, erased_copies, erasures, following, manifest, password, shelf
from shopdesk.core.errors import DiskTrouble, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.restore import forget_copy, restore, to_look_at
from shopdesk.core.shop import Shop, opened
from tests.conftest import NOW
from tests.core.test_shop import add_product
from tests.shop_files import orders_csv
from tests.walk import Walk


@pytest.fixture
def kept(shop: Shop) -> Shop:
    """A shop with two backups of different minutes, changed once since the newer one."""
    for minute in (1, 2):
        with clock.at(NOW + timedelta(minutes=minute)):
            add_product(shop, f"p{minute}")
            backup.make(shop, why="asked")
    add_product(shop, "later")
    return shop


def listed(shop: Shop, second: Path | None = None) -> list[shelf.Copy]:
    return shelf.look(shop.path, shop.reader(), second)


def test_the_newest_comes_first_with_the_changes_since(kept: Shop):
    assert [(copy.made.at[11:16], copy.since, copy.fault) for copy in listed(kept)] == [
        ("14:52", 1, ""),
        ("14:51", 2, ""),
    ]
    assert all(shelf.is_as_noted(copy) for copy in listed(kept))


def test_what_was_cut_off_or_never_noted_is_not_relied_on(kept: Shop):
    copy = listed(kept)[0]
    copy.path.write_bytes(copy.path.read_bytes()[:-1])
    copy.path.with_name("muhe-20261124-150000.shop").write_bytes(b"x")
    copy.path.with_name("muhe-20261124-150001.shop").symlink_to(copy.path)
    copy.path.with_name("other-20261124-150000.shop").write_bytes(b"x")
    found = listed(kept)
    assert [copy.fault for copy in found] == [shelf.UNVERIFIED, shelf.CHANGED, ""]
    assert not shelf.is_as_noted(found[1])
    shelf.remove(found[0])
    assert len(listed(kept)) == 2


def test_a_folder_that_is_not_there_holds_nothing(shop: Shop):
    assert listed(shop) == []


def test_what_only_the_second_folder_has_is_listed_as_such(kept: Shop, tmp_path: Path):
    stick = tmp_path / "stick"
    stick.mkdir()
    newer, older = listed(kept)
    shelf.copy_to(newer, stick)
    shelf.copy_to(older, stick)
    older.path.unlink()
    assert [copy.second for copy in listed(kept, stick)] == [False, True]
    assert listed(kept, stick)[1].path == stick / older.made.name


def test_a_copy_that_is_not_what_was_verified_is_not_brought_elsewhere(kept: Shop, tmp_path: Path):
    copy = listed(kept)[0]
    copy.path.write_bytes(b"x" * copy.made.size)
    with pytest.raises(ShopError):
        shelf.copy_to(copy, tmp_path)
    assert not (tmp_path / copy.made.name).exists()
    assert manifest.of_folder(tmp_path) == []
    with pytest.raises(DiskTrouble):
        shelf.copy_to(listed(kept)[1], tmp_path / "nowhere")


def test_whoever_was_erased_stays_erased_in_what_comes_back_from_a_stick(shop: Shop, channel: int, tmp_path: Path):
    Walk(shop, 1, tmp_path).bring_in_files(
        [orders_csv(tmp_path / "o.csv", {"订单编号": "986041277558800001", "买家会员名": "zuzana_quimby"})]
    )
    backup.make(shop, why="asked")
    stick = tmp_path / "stick"
    stick.mkdir()
    old = shelf.copy_to(listed(shop)[0], stick)
    buyer, handle = shop.reader().execute("SELECT id, handle FROM customers ORDER BY id LIMIT 1").fetchone()
    erasures.erase(shop, [buyer])
    with opened(old, write=False) as there:
        assert there.reader().execute("SELECT 1 FROM customers WHERE handle = ?", (handle,)).fetchone()
    looked_at = to_look_at(shop.path, old)
    assert looked_at != old
    with opened(looked_at, write=False) as there:
        assert not there.reader().execute("SELECT 1 FROM customers WHERE handle = ?", (handle,)).fetchone()
    forget_copy(looked_at)
    assert not looked_at.exists()
    shop.close()
    restore(shop.path, old)
    with opened(shop.path, write=False) as back:
        assert not back.reader().execute("SELECT 1 FROM customers WHERE handle = ?", (handle,)).fetchone()
        assert back.reader().execute("SELECT count(*) FROM orders").fetchone()[0] > 0
    assert handle.encode() not in shop.path.read_bytes()


def test_a_copy_that_is_just_being_replaced_is_well(kept: Shop, channel: int, monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[str, bool]] = []
    change = manifest.change

    def look_meanwhile(where: Path, made: manifest.Backup) -> None:
        seen.extend((copy.fault, shelf.is_as_noted(copy)) for copy in listed(kept))
        seen.extend(("", shelf.is_as_noted(copy)) for copy in before)
        change(where, made)

    with kept.change("Brought", "customers") as db:
        person = db["customers"].insert({"channel_id": channel, "handle": "zuzana_quimby", "name": "Q" * 9000}).last_pk
    with clock.at(NOW + timedelta(minutes=3)):
        backup.make(kept, why="asked")
    before = listed(kept)
    erasures.erase(kept, [int(person)])
    monkeypatch.setattr(manifest, "change", look_meanwhile)
    assert erased_copies.finish(kept) == []
    monkeypatch.setattr(manifest, "change", change)
    assert len(seen) >= 2 * len(before)
    assert set(seen) == {("", True)}
    copy = listed(kept)[0]
    copy.path.write_bytes(b"x" * copy.made.size)
    assert not shelf.is_as_noted(copy)


def faults(path: Path, key: Key | None) -> dict[str, str]:
    with opened(path, key=key) as shop:
        return {copy.path.name: copy.fault for copy in shelf.look(path, shop.reader())}


def test_a_spoilt_backup_under_a_former_password_is_not_relied_on(kept: Shop):
    path, (newer, older) = kept.path, listed(kept)
    kept.close()
    data = bytearray(older.path.read_bytes())
    data[100:4096] = bytes(3996)
    older.path.write_bytes(data)  # of the same size, and its first bytes are what they were
    assert faults(path, None) == {newer.path.name: "", older.path.name: ""}, "nothing tells yet"
    said = {newer.path.name: "", older.path.name: shelf.UNFOLLOWED}
    key = password.change(path, None, "geheim")
    assert faults(path, key) == said
    key = password.change(path, key, "another")
    assert faults(path, key) == said
    under = newer.path.read_bytes()
    password.change(path, key, None)
    assert faults(path, None) == {newer.path.name: "", older.path.name: ""}, "it is plain again, and as little known"
    newer.path.write_bytes(under[:-1] + b"x")
    assert faults(path, None) == {newer.path.name: shelf.CHANGED, older.path.name: ""}, "its size is another one"


def test_one_that_has_still_to_follow_is_no_faulty_one(kept: Shop, monkeypatch: pytest.MonkeyPatch):
    path = kept.path
    kept.close()
    monkeypatch.setattr(password, "_follow", lambda *_given: None)
    key = password.change(path, None, "geheim")
    assert set(faults(path, key).values()) == {""}
    with opened(path, key=key) as shop:
        assert following.pending(shop.reader())
        following.follow(shop)
    assert set(faults(path, key).values()) == {""}
