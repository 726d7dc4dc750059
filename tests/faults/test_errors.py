"""A disk that is full, fails, is read-only or goes: one sentence, the shop as it was, and the next act works."""

from __future__ import annotations

import errno
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shopdesk.core import backup, channels, check, lock, room, sqlite
from shopdesk.core.errors import DiskTrouble, NotWritable, ShopError
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands
from tests.drafts import write_own_note
from tests.faults.mounts import fill, needs_mount, small_disk
from tests.faults.running import needs_strace, run
from tests.faults.stage import Figures, digest, sized, template
from tests.shop_files import orders_csv

WAITING = "SELECT id FROM orders WHERE deleted_at IS NULL ORDER BY id"


@needs_strace
def test_when_a_write_a_sync_or_a_truncation_fails_the_shop_is_as_before_and_goes_on():
    only = "edit,open" * sized(1, 0, 0)
    figures = run("errors", f"--points={sized(1, 8, 10000)}", f"--only={only}")
    figures.keep()
    assert figures.wrong == []
    if sized(0, 1, 1):  # of a handful of points, chance may choose those that go on
        assert figures.done["refused with a sentence"] >= figures.done["points"] / 4


# what SQLite and the system say, and what the owner is told


def test_a_lock_that_cannot_be_signed_is_given_back(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    shop.close()

    def full(_handle: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(lock.os, "write", full)
        with pytest.raises(DiskTrouble, match="the disk is full"):
            Shop.open(shop.path)
    assert not lock.lock_path(shop.path).exists()
    Shop.open(shop.path).close()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("disk I/O error", "The disk reported an error"),
        ("database or disk is full", "The disk is full"),
        ("database is locked", "Another program holds the shop file"),
    ],
)
def test_what_the_disk_refuses_at_a_start_is_not_said_of_the_file(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, said: str, told: str
):
    shop.close()

    def refused(_path: Path, **_how: bool) -> sqlite.Connection:
        raise sqlite.OperationalError(said)

    with monkeypatch.context() as broken:
        broken.setattr(sqlite, "connect", refused)
        with pytest.raises(DiskTrouble, match=told):
            Shop.open(shop.path)
    Shop.open(shop.path).close()


def test_what_cannot_be_let_go_of_goes_with_its_connection(shop: Shop, tmp_path: Path):
    with shop.attached({"plan": (tmp_path / "plan", "rwc")}):
        con = shop._writer
        con.execute("CREATE TABLE plan.t (a)")
        con.execute("INSERT INTO plan.t VALUES (1), (2)")
        rows = con.execute("SELECT a FROM plan.t")
        assert next(rows)[0] == 1  # SQLite lets nothing go that is still being read
    assert shop._writer is not con
    with shop.change("Channel", "channels") as db:
        channels.add(db, platform="jd", name="later", currency="CNY")
    shop.undo()
    assert list(check.faults(shop.path)) == []


# real disks


def put(made: Path, folder: Path) -> Path:
    """A copy of the shop there."""
    path = folder / "muhe.shop"
    shutil.copy(made, path)
    return path


@needs_mount
@pytest.mark.parametrize("leave", [0, 4096, 65536])
def test_a_full_disk_refuses_every_act_with_a_sentence_until_there_is_space(
    tmp_path: Path, leave: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(room, "IMPORT_BYTES", 0)  # the small disk here never has what an import asks for
    made = template(tmp_path)
    more = orders_csv(tmp_path / "more.csv", *({"订单编号": f"9860412775599{n:04}"} for n in range(200)))
    acts: list[tuple[str, Callable[[Shop], object]]] = [
        ("edit", lambda s: write_own_note(s, _first(s), "x" * 100_000)),
        ("import", lambda s: commands.import_files(s, [more], channel="Muhe")),
        ("backup", lambda s: backup.make(s, why="test")),
        ("export", lambda s: commands.export_tables(s, s.path.parent / "out")),
        ("new", lambda s: Shop.create(s.path.with_name("new.shop"), name="x").close()),
        ("look", lambda s: Shop.open(s.path.with_name("other.shop")).close()),
    ]
    figures = Figures("disk really full")
    with small_disk(tmp_path / "disk", "8m") as disk:
        shop = Shop.open(put(made, disk))
        shutil.copy(made, disk / "other.shop")
        write_own_note(shop, _first(shop), "before")
        for name, act in acts:
            before = digest(shop.reader())
            filler = fill(disk, leave)
            refused = 0
            for _ in range(3):
                said = refusal(act, shop)
                refused += bool(said)
                assert "disk is full" in said or not said, name
                if said:
                    assert digest(shop.reader()) == before, name
                before = digest(shop.reader())
            assert refused or leave, name
            figures.count("acts", 3)
            figures.count("refused with a sentence", refused)
            filler.unlink()
            act(shop)
            assert list(check.faults(shop.path)) == [], name
        shop.close()
        assert not list(disk.rglob("*.part*"))
    figures.keep()


def refusal(act: Callable[[Shop], object], shop: Shop) -> str:
    """What the owner is told; nothing when it was done."""
    try:
        act(shop)
    except DiskTrouble as error:
        return str(error)
    return ""


def _first(shop: Shop) -> int:
    return int(shop.reader().execute(WAITING).fetchone()[0])


@needs_mount
def test_an_import_without_room_for_what_it_reads_and_compares_is_done_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = template(tmp_path)
    more = orders_csv(tmp_path / "more.csv", *({"订单编号": f"9860412775599{n:04}"} for n in range(2000)))
    shop = Shop.open(path)
    before = digest(shop.reader())
    seen: list[bool] = []
    with small_disk(tmp_path / "disk", "4m") as disk:
        monkeypatch.setenv("TMPDIR", str(disk))
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        for leave in (0, 8192, 300_000, 600_000, *range(800_000, 1_500_000, 100_000), 2_500_000):
            filler = fill(disk, leave)
            said = refusal(lambda s: commands.import_files(s, [more], channel="Muhe"), shop)
            filler.unlink()
            assert "disk is full" in said or not said
            if not said:
                assert shop.undo() is not None
            assert digest(shop.reader()) == before
            write_own_note(shop, _first(shop), f"{leave}")
            shop.undo()
            seen.append(bool(said))
    assert set(seen) == {True, False}
    Figures(
        "no room for an import's scratch files", {"imports": len(seen), "refused with a sentence": sum(seen)}
    ).keep()
    assert list(check.faults(shop.path)) == []
    shop.close()


def test_an_act_that_landed_though_an_attached_file_did_not_is_done(shop: Shop):
    class Full:
        """A connection on which a commit fails after the shop's own file has taken it."""

        def __init__(self, con: sqlite.Connection) -> None:
            self._con = con

        def __getattr__(self, name: str) -> object:
            return getattr(self._con, name)

        def execute(self, statement: str, *values: object) -> object:
            done = self._con.execute(statement, *values)
            if statement == "COMMIT":
                raise sqlite.OperationalError("database or disk is full")
            return done

    heard: list[frozenset[str]] = []
    shop.listeners.append(heard.append)
    writer = shop._writer
    shop._writer = Full(writer)  # type: ignore[assignment]
    with shop.change("Channel", "channels") as db:
        channels.add(db, platform="jd", name="landed", currency="CNY")
    shop._writer = writer
    assert heard == [frozenset({"channels"})]
    assert shop.last_step().label == "Channel"


@needs_mount
def test_a_disk_that_can_only_be_read_is_said_and_the_shop_can_be_looked_at(tmp_path: Path):
    (tmp_path / "disk").mkdir()
    path = put(template(tmp_path), tmp_path / "disk")
    subprocess.run(["mount", "--bind", path.parent, path.parent], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", path.parent], check=True)
    try:
        with pytest.raises(NotWritable):
            Shop.open(path)
        shop = Shop.open(path, write=False)
        assert len(digest(shop.reader())) == 16
        with pytest.raises(ShopError):
            write_own_note(shop, _first(shop), "x")
        with pytest.raises(DiskTrouble):
            commands.export_tables(shop, path.parent / "out")
        shop.close()
    finally:
        subprocess.run(["umount", path.parent], check=True)
    Shop.open(path).close()
    Figures("disk that can only be read", {"acts refused with a sentence": 3}).keep()


@needs_mount
def test_a_stick_that_is_pulled_while_the_shop_is_open_is_said_and_nothing_hangs(tmp_path: Path):
    made = template(tmp_path)
    with small_disk(tmp_path / "disk", "16m") as disk:
        shop = Shop.open(put(made, disk))
        subprocess.run(["umount", "-l", disk], check=True)
        with pytest.raises(DiskTrouble, match="moved or replaced"):
            write_own_note(shop, _first(shop), "x")
        with pytest.raises(DiskTrouble):
            backup.make(shop, why="test")
        shop.close()
        assert list(disk.iterdir()) == []
    Figures("stick pulled while the shop is open", {"acts refused with a sentence": 2}).keep()
