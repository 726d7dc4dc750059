"""One file takes the place of another: killed or without power at any moment, each log stays with its own file."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest

from shopdesk.core import aside, check, clock, sqlite
from shopdesk.core.errors import HeldElsewhere
from shopdesk.core.lock import ShopLock
from shopdesk.core.paths import exchange_note
from shopdesk.core.shop import Shop, opened
from tests.core.test_shop import add_product

OLD, NEW = ["Gaiwan", "in the log"], ["another shop"]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A shop whose last act is in its log only, as after a kill, and a finished file that is to take its place."""
    place = tmp_path / "place"
    place.mkdir()
    path, new = place / "muhe.shop", place / "muhe.shop.rescue"
    for file, names in ((new, NEW), (path, OLD[:1])):
        shop = Shop.create(file, name="Muhe")
        for name in names:
            add_product(shop, name)
        shop.close()
    shop = Shop.open(path)
    add_product(shop, OLD[1])
    shutil.copytree(place, tmp_path / "killed")
    shop.close()
    shutil.rmtree(place)
    (tmp_path / "killed" / "muhe.shop.lock").unlink()
    (tmp_path / "killed").rename(place)
    return path, new


def names(path: Path, *, write: bool = True) -> list[str]:
    with opened(path, write=write) as shop:
        return [row[0] for row in shop.reader().execute("SELECT name FROM skus ORDER BY id")]


def kept(path: Path) -> list[Path]:
    return sorted(path.parent.glob("muhe damaged*.shop"))


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture(params=["links", "no links"])
def disk(request, monkeypatch) -> None:
    """Also a disk that knows no second name for a file."""
    if request.param == "no links":
        monkeypatch.setattr(os, "link", _refuse)


def _refuse(*_paths: object) -> None:
    raise PermissionError


def exchanged_until(path: Path, new: Path, last: int, monkeypatch) -> bool:
    """Exchange them in a process that is killed before its step number `last`; whether it came so far."""
    left = last

    def counted(act: Callable[..., object]) -> Callable[..., object]:
        def done(*args: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return act(*args, **named)

        return done

    with monkeypatch.context() as patched:
        for name in ("replace", "link", "unlink"):
            patched.setattr(os, name, counted(getattr(os, name)))
        patched.setattr(aside, "mend", lambda _path: None)  # who is killed mends nothing
        try:
            aside.exchange(path, new)
        except Killed:
            return True
    return False


def test_the_broken_file_is_kept_with_its_log(pair, disk):
    path, new = pair
    where = aside.exchange(path, new)
    assert names(path) == NEW
    assert names(where) == OLD
    assert sorted(p.name for p in path.parent.iterdir()) == [where.name, "muhe.shop"]


@pytest.mark.parametrize("write", [True, False])
def test_killed_at_any_step_it_is_the_old_with_its_log_or_the_new(pair, tmp_path, disk, write, monkeypatch):
    steps, seen = 0, set()
    while True:
        place = shutil.copytree(pair[0].parent, tmp_path / f"killed {steps}")
        path, new = (place / file.name for file in pair)
        if not exchanged_until(path, new, steps, monkeypatch):
            break
        found = names(path, write=write)
        assert found in (OLD, NEW), steps
        assert list(check.faults(path)) == []
        assert not exchange_note(path).exists()
        assert [names(file) for file in kept(path)] == ([OLD] if found == NEW else [])
        seen.add(found[0])
        steps += 1
    assert seen == {OLD[0], NEW[0]}


def test_what_is_done_in_the_shop_after_a_kill_stays(pair, monkeypatch):
    """The log that was on its way never comes back beside a file that was written to since."""
    path, new = pair
    kept_log = aside.name_for(path).name + "-wal"
    step = 0
    while not (path.parent / kept_log).exists():
        assert step < 50
        shutil.copytree(path.parent, path.parent.with_name("again"))
        exchanged_until(path, new, step, monkeypatch)
        if not (path.parent / kept_log).exists():
            shutil.rmtree(path.parent)
            path.parent.with_name("again").rename(path.parent)
        step += 1
    with opened(path) as shop:
        for n in range(40):
            add_product(shop, f"later {n}")
    aside.mend(path)
    assert names(path)[:2] == OLD
    assert len(names(path)) == 42
    assert list(check.faults(path)) == []


def test_what_another_program_wrote_meanwhile_is_not_covered_by_the_old_log(pair, monkeypatch):
    path, new = pair
    monkeypatch.setattr(aside, "mend", lambda _path: None)
    monkeypatch.setattr(aside.os, "replace", _stops_at(path, aside.os.replace))
    with pytest.raises(Killed):
        aside.exchange(path, new)
    monkeypatch.undo()
    con = sqlite.connect(path, write=True)
    con.execute("UPDATE settings SET value = '\"elsewhere\"' WHERE key = 'shop_name'")
    copy = shutil.copytree(path.parent, path.parent.with_name("held"))
    con.close()
    with opened(copy / path.name) as shop:
        assert (
            shop.reader().execute("SELECT value FROM settings WHERE key = 'shop_name'").fetchone()[0] == '"elsewhere"'
        )
    assert list(check.faults(copy / path.name)) == []
    assert aside.name_for(copy / path.name).name.endswith(" 2.shop"), "its log is of no file that comes later"


def _stops_at(target: Path, act: Callable[..., None]) -> Callable[..., None]:
    def replace(source: Path, to: Path) -> None:
        if to == target:
            raise Killed
        act(source, to)

    return replace


def images(place: Path, acts: list[tuple[str, Path, Path]], tmp_path: Path) -> Iterator[Path]:
    """The folder after a power cut: names that were not synced may have come to the disk or not, each by itself."""
    lasting: list[tuple[str, Path, Path]] = []
    waiting: list[tuple[str, Path, Path]] = []
    number = 0
    for act in [*acts, ("sync", place, place)]:
        for some in chain.from_iterable(combinations(waiting, n) for n in range(len(waiting) + 1)):
            image = shutil.copytree(place, tmp_path / f"image {number}")
            number += 1
            for what, source, target in [*lasting, *some]:
                _redo(what, image / source.name, image / target.name)
            yield image
        if act[0] == "sync":
            lasting, waiting = lasting + waiting, []
        else:
            waiting.append(act)


def _redo(what: str, source: Path, target: Path) -> None:
    if what == "write":
        shutil.copyfile(source.parent.parent / "written" / target.name, target)
    elif what == "link":
        target.hardlink_to(source)
    elif what == "rename" and source.exists():
        source.replace(target)
    elif what == "unlink":
        source.unlink(missing_ok=True)


def test_without_power_at_any_moment_the_same(pair, tmp_path, monkeypatch):
    path, new = pair
    before = shutil.copytree(path.parent, tmp_path / "before")
    acts: list[tuple[str, Path, Path]] = []
    (tmp_path / "written").mkdir()

    def watch(name: str, said: str) -> None:
        act = getattr(os, name)

        def watched(source: Path, target: Path | None = None, **named: object) -> None:
            source, to = Path(source), Path(target or source)
            if said == "rename" and source.name.endswith(".exchange.part"):
                shutil.copy(source, tmp_path / "written" / to.name)
                acts.append(("write", source, to))
            else:
                acts.append((said, source, to))
            act(source, *([target] if target else []), **named)

        monkeypatch.setattr(os, name, watched)

    for name, said in (("replace", "rename"), ("link", "link"), ("unlink", "unlink")):
        watch(name, said)
    for module in ("shopdesk.core.aside.sync", "shopdesk.core.durable.sync"):
        monkeypatch.setattr(module, lambda where: acts.append(("sync", where, where)) if where.is_dir() else None)
    aside.exchange(path, new)
    monkeypatch.undo()
    seen = set()
    for image in images(before, acts, tmp_path):
        found = names(image / path.name)
        assert found in (OLD, NEW), image
        assert list(check.faults(image / path.name)) == []
        if found == NEW:
            assert [names(file) for file in kept(image / path.name)] == [OLD]
        seen.add(found[0])
    assert seen == {OLD[0], NEW[0]}


def test_while_it_is_under_way_nobody_reads(pair, monkeypatch):
    path, new = pair
    monkeypatch.setattr(aside, "mend", lambda _path: None)
    monkeypatch.setattr(aside.os, "replace", _stops_at(path, aside.os.replace))
    held = ShopLock(path)
    held.acquire()
    with pytest.raises(Killed):
        aside.exchange(path, new)
    monkeypatch.undo()
    with pytest.raises(HeldElsewhere):
        Shop.open(path, write=False)
    held.release()
    assert names(path, write=False) == OLD


def test_an_exchange_that_the_disk_refuses_leaves_everything(pair, monkeypatch):
    path, new = pair
    before = sorted(p.name for p in path.parent.iterdir() if p != new)

    def refuse(source: Path, to: Path) -> None:
        if to == path:
            raise OSError(5, "Input/output error")
        move(source, to)

    move = os.replace
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="Input"):
        aside.exchange(path, new)
    assert sorted(p.name for p in path.parent.iterdir()) == before
    assert names(path) == OLD


@pytest.mark.parametrize("said", ["", "{", "[]", '{"kept": "../x.shop"}', '{"kept": "holiday.shop"}', '{"kept": 7}'])
def test_a_note_of_a_stranger_leads_nowhere(pair, said: str):
    path, _new = pair
    exchange_note(path).write_text(said)
    shutil.copy2(path, path.with_name("holiday.shop"))
    assert names(path) == OLD
    assert path.with_name("holiday.shop").exists()
    assert not exchange_note(path).exists()


def test_a_pipe_in_its_place_is_not_waited_for(pair):
    path, _new = pair
    os.mkfifo(exchange_note(path))
    assert names(path) == OLD


def test_shops_beside_each_other_are_not_mixed_up(pair, monkeypatch):
    """“muhe 2.shop” is not part of what is kept of “muhe.shop”."""
    path, new = pair
    other = path.with_name("muhe 2.shop")
    for side in ("", "-wal", "-shm"):
        shutil.copy(path.with_name(path.name + side), other.with_name(other.name + side))
    monkeypatch.setattr(aside, "mend", lambda _path: None)
    monkeypatch.setattr(aside.os, "replace", _stops_at(other, aside.os.replace))
    with pytest.raises(Killed):
        aside.exchange(other, new)
    monkeypatch.undo()
    assert names(path) == OLD
    assert names(other) == OLD


def test_names_are_those_of_the_day(tmp_path: Path):
    path = tmp_path / "muhe.shop"
    assert aside.name_for(path).name == f"muhe damaged {clock.today():%m%d}.shop"
    aside.name_for(path).with_name(aside.name_for(path).name + "-wal").write_bytes(b"x")
    assert aside.name_for(path).name == f"muhe damaged {clock.today():%m%d} 2.shop"


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_what_is_kept_only_its_owner_may_read_whatever_mode_it_had(pair, disk):
    path, new = pair
    for side in ("", "-wal", "-shm"):
        path.with_name(path.name + side).chmod(0o644)
    where = aside.exchange(path, new)
    assert modes(path.parent) == {
        where.name: 0o600,
        f"{where.name}-wal": 0o600,
        f"{where.name}-shm": 0o600,
        "muhe.shop": 0o600,
    }
    assert names(where) == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_after_a_kill_what_is_kept_is_made_private_by_the_next_who_opens_it(pair, tmp_path, disk, monkeypatch):
    steps = 0
    while True:
        place = shutil.copytree(pair[0].parent, tmp_path / f"killed {steps}")
        path, new = (place / file.name for file in pair)
        path.chmod(0o644)
        if not exchanged_until(path, new, steps, monkeypatch):
            break
        names(path)
        assert [file.stat().st_mode & 0o777 for file in kept(path)] in ([], [0o600])
        steps += 1
    assert steps > 4


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_while_a_shop_is_open_its_side_files_are_private_whatever_its_own_mode(pair):
    path, _ = pair
    with opened(path):
        pass
    path.chmod(0o644)
    with opened(path) as shop:
        add_product(shop, "later")
        found = modes(path.parent)
        assert (found["muhe.shop-wal"], found["muhe.shop-shm"]) == (0o600, 0o600)
