"""A backup is written anew in its place: it is relied on at every moment, and stopped it is as it was."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from shopdesk.core import backup, check, diagnosis, erased_copies, erasures, manifest, replacing, restore, shelf
from shopdesk.core.errors import FileRefused
from shopdesk.core.shop import Shop, opened
from shopdesk.core.verifying import Copy, Found, Stopped, verify
from tests.core.test_shop import add_product


@pytest.fixture
def file(shop: Shop) -> Path:
    """A backup of a shop that was changed since."""
    add_product(shop, "cup")
    made = backup.make(shop, why="asked")
    add_product(shop, "bowl")
    return manifest.folder(shop.path) / made.name


def write(part: Path) -> Found:
    """Another state of the shop, as if it were the backup's own."""
    shutil.copy(part.parent.parent / "other.shop", part)
    return verify(Copy(part), figures=True)


@pytest.fixture
def other(shop: Shop, file: Path, tmp_path: Path) -> Path:
    made = backup.make(shop, why="asked", into=tmp_path / "elsewhere")
    return Path(shutil.copy(tmp_path / "elsewhere" / made.name, file.parent.parent / "other.shop"))


def trusted(shop: Shop, file: Path) -> list[bool]:
    """Whether the list, the check, a damaged shop's way out, and who restores it rely on a backup."""
    refused = False
    try:
        restore.refuse_unfit(file)
    except FileRefused:
        refused = True
    copy = next(copy for copy in shelf.look(shop.path, shop.reader()) if copy.path == file)
    return [
        not copy.fault and shelf.is_as_noted(copy),
        not list(check.deep_faults(shop.path)),
        diagnosis.newest_sound(shop.path) is not None,
        backup.newest(shop.path) is not None,
        not refused,
    ]


def dying(act: Callable[[], object]) -> None:
    """Do it in a process that may kill itself."""
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # a fork of a process with threads may wait for one that it does not have
        with suppress(BaseException):
            act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, "it was not killed"


@pytest.mark.parametrize("moment", ["before its line", "before the file", "after the file", "after its line"])
def test_killed_at_any_moment_it_is_one_of_the_two_and_relied_on(shop: Shop, file: Path, other: Path, moment: str):
    before, after = manifest.checksum(file), manifest.checksum(other)
    change, calls = manifest.change, []

    def deadly(where: Path, made: backup.Backup) -> None:
        calls.append(made)
        if (moment, len(calls)) in (("before its line", 1), ("after the file", 2)):
            os.kill(os.getpid(), signal.SIGKILL)
        change(where, made)
        if (moment, len(calls)) in (("before the file", 1), ("after its line", 2)):
            os.kill(os.getpid(), signal.SIGKILL)

    def act() -> None:
        manifest.change = deadly  # type: ignore[assignment]
        replacing.rewrite(file, write, lambda: False)

    shop.close()
    dying(act)
    with opened(shop.path) as again:
        assert trusted(again, file) == [True] * 5
        assert manifest.checksum(file) == (after if moment.startswith("after") else before)
        replacing.settle(file.parent, again.path.stem)
        line = manifest.of_file(file)
        assert line is not None
        assert (line.sha256, line.size, line.was_sha256) == (manifest.checksum(file), file.stat().st_size, "")
        assert trusted(again, file) == [True] * 5
        file.write_bytes(file.read_bytes()[:-1] + b"x")
        assert trusted(again, file) == [False, False, False, True, False]


def test_while_it_may_be_either_it_may_not_be_anything_else(shop: Shop, file: Path, other: Path):
    line = manifest.of_file(file)
    assert line is not None
    new = replace(line, size=other.stat().st_size, sha256=manifest.checksum(other), was_size=line.size)
    manifest.change(file.parent, replace(new, was_sha256=line.sha256))
    assert trusted(shop, file) == [True] * 5
    spoilt = bytearray(file.read_bytes())
    spoilt[-1] ^= 1
    file.write_bytes(spoilt)
    assert trusted(shop, file)[0] is False
    assert trusted(shop, file)[-1] is False
    replacing.settle(file.parent, shop.path.stem)
    assert trusted(shop, file)[-1] is False


def test_one_that_was_spoilt_before_is_not_relied_on_afterwards(shop: Shop, file: Path, other: Path):
    spoilt = bytearray(file.read_bytes())
    spoilt[-1] ^= 1
    file.write_bytes(spoilt)
    replacing.rewrite(file, write, lambda: False)
    assert manifest.checksum(file) == manifest.checksum(other)
    assert trusted(shop, file)[-1] is False


def test_stopped_or_refused_it_is_as_it_was(shop: Shop, file: Path, other: Path):
    before, line = file.read_bytes(), manifest.of_file(file)

    def refuse(part: Path) -> Found:
        write(part)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        replacing.rewrite(file, refuse, lambda: False)
    asked = []
    with pytest.raises(Stopped):
        replacing.rewrite(file, lambda part: (write(part), asked.append(1))[0], lambda: bool(asked))
    assert (file.read_bytes(), manifest.of_file(file)) == (before, line)
    assert not list(file.parent.glob("*.part*"))


def test_erasing_ends_in_the_middle_of_a_backup_when_the_shop_is_closed(
    shop: Shop, channel: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shopdesk.core.verifying._STEPS_A_LOOK", 200)
    with shop.change("Brought", "customers") as db:
        person = db["customers"].insert({"channel_id": channel, "handle": "zuzana_quimby", "name": "Q"}).last_pk
    made = backup.make(shop, why="asked")
    file = manifest.folder(shop.path) / made.name
    before = file.read_bytes()
    erasures.erase(shop, [int(person)])
    asks: list[int] = []
    assert erased_copies.finish(shop, lambda: bool(asks.append(1))) == []
    assert len(asks) > 20, "it is asked within the file"
    file.write_bytes(before)
    manifest.change(file.parent, made)
    most = len(asks)
    for looks in range(1, most - 1, max(1, most // 12)):
        asks.clear()
        assert erased_copies.finish(shop, lambda looks=looks: bool(asks.append(1)) or len(asks) > looks) == []
        assert file.read_bytes() == before, looks
        assert manifest.of_file(file) == made
        assert not list(file.parent.glob("*.part*"))
        assert erased_copies.waiting(shop)
    assert erased_copies.finish(shop) == []
    assert b"zuzana_quimby" not in file.read_bytes()
    assert not erased_copies.waiting(shop)
