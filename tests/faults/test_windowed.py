"""Under the real window: a disk that fails, and others who want the same file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from PySide6.QtCore import QDir

from shopdesk.core import backup
from shopdesk.core.lock import lock_path
from shopdesk.core.shop import Shop, opened
from shopdesk.ui.second_start import server_name
from tests import broken
from tests.faults.mounts import MAY_MOUNT, fill, small_disk
from tests.faults.running import needs_strace, run
from tests.faults.stage import ROOT, Figures, sized, template
from tests.faults.windowed import Seat

AT_ONCE_S, PATIENCE_S, DAMAGE_S = 1.0, 3.0, 5.0
ELSEWHERE = {"machine": "SHOP-PC", "process": 7, "since": "2026-11-24T01:00:00Z"}
HOLDING = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], isolation_level=None)
for said in sys.argv[2:]:
    con.execute(said).fetchall()
print("held", flush=True)
sys.stdin.readline()
"""


@needs_strace
def test_a_failing_disk_is_told_by_the_window_and_nothing_typed_is_lost():
    points = sized(3, 12, 120)
    figures = run("windowed", f"--points={points}")
    figures.keep()
    assert figures.wrong == []
    assert figures.done["told in a sentence"] >= figures.done["points"] / 2


@contextmanager
def seat(path: Path, *before: str) -> Iterator[Seat]:
    """A window at a file, until the end of the block."""
    there = Seat(path, "en", *before)
    try:
        yield there
    finally:
        there.end()


@contextmanager
def held_by_another(path: Path, *said: str) -> Iterator[None]:
    """Another program has the file open and does not let go of it."""
    line = [sys.executable, "-c", HOLDING, str(path), *said]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.stdin.write("\n")


# the file goes, or the room around it


@contextmanager
def renamed(path: Path) -> Iterator[None]:
    """It has another name for a while."""
    other = path.with_name(f"{path.name} elsewhere")
    path.rename(other)
    yield
    other.rename(path)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """There is no room for a while."""
    filler = fill(disk, 0)
    yield
    filler.unlink()


@contextmanager
def pulled(disk: Path) -> Iterator[None]:
    """The disk is gone, for good."""
    subprocess.run(["umount", "-l", disk], check=True)
    yield


GOES = {
    "file removed": (lambda path: renamed(path), "was moved or replaced"),
    "folder renamed": (lambda path: renamed(path.parent), "was moved or replaced"),
    "disk really full": (lambda path: filled(path.parent), "disk is full"),
    "stick pulled": (lambda path: pulled(path.parent), "was moved or replaced"),
}


@pytest.mark.parametrize("what", GOES)
def test_what_becomes_of_the_file_is_told_by_the_window_and_the_next_save_works(tmp_path: Path, what: str):
    on_a_disk = what in ("disk really full", "stick pulled")
    if on_a_disk and not MAY_MOUNT:
        pytest.skip("nothing can be mounted here")
    happens, told = GOES[what]
    made = template(tmp_path)
    folder = tmp_path / "place"
    with small_disk(folder, "16m") if on_a_disk else nullcontext(folder.mkdir()):
        path = Path(shutil.copy(made, folder / "muhe.shop"))
        with seat(path) as there:
            before = there.ask("fill", "orders.note", "kept")
            with happens(path):
                refused = there.ask("timed_save", "orders.note")
            assert told in refused["said"]
            assert refused["typed"] == "kept"
            assert refused["alive"]
            assert refused["crashes"] == []
            assert refused["seconds"] < PATIENCE_S
            assert refused["content"] == before["content"]
            if what != "stick pulled":
                done = there.ask("timed_save", "orders.note")
                assert done["typed"] is None
                assert done["content"] != before["content"]
                assert done["faults"] == []
    Figures(
        f"{what} under the window", {"told in a sentence": 1, "saved afterwards": int(what != "stick pulled")}
    ).keep()


# a damaged file


@pytest.mark.parametrize("how", ["cut off", "zeroed pages"])
def test_of_a_damaged_file_it_is_said_in_time_what_is_wrong_and_what_is_left(tmp_path: Path, how: str):
    made = template(tmp_path)
    with opened(made) as shop:
        backup.make(shop, why="test")
    (tmp_path / "place").mkdir()
    path = Path(shutil.copy(made, tmp_path / "place" / "muhe.shop"))
    shutil.copytree(backup.folder(made), backup.folder(path))
    if how == "cut off":
        broken.cut(path, 0.5)
    else:
        broken.zero(path, broken.leaves(path, "orders")[0])
    with seat(made) as there:
        seen = there.ask("damaged", str(path))
    words = " ".join(seen["words"])
    assert "muhe.shop" in words
    assert "orders" in words.lower()
    assert seen["seconds"] < DAMAGE_S
    told = {
        "ms until it was said": round(1000 * seen["said"]),
        "ms until all was looked through": round(1000 * seen["seconds"]),
    }
    Figures(f"damaged file under the window, {how}", told).keep()


# two starts


def test_a_second_start_hands_its_file_to_the_first_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    around = {**os.environ, "SHOPDESK_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}
    monkeypatch.setenv("SHOPDESK_HOME", around["SHOPDESK_HOME"])
    files = [tmp_path / "a.shop", tmp_path / "b.shop"]
    for file in files:
        Shop.create(file, name=file.stem).close()
    line = [sys.executable, "-m", "shopdesk"]
    with subprocess.Popen([*line, files[0]], env=around, cwd=ROOT, stderr=subprocess.DEVNULL) as first:
        try:
            _until(lambda: lock_path(files[0]).exists())
            _until(lambda: Path(QDir.tempPath(), server_name()).exists())  # it listens after its first rows
            took = []
            for gone, wanted in (files, files[::-1], files):
                begin = time.monotonic()
                second = subprocess.run([*line, wanted], env=around, cwd=ROOT, timeout=20, check=False)
                took.append(time.monotonic() - begin)
                _until(lambda wanted=wanted: lock_path(wanted).exists())
                assert second.returncode == 0
                assert json.loads(lock_path(wanted).read_text("utf-8"))["process"] == first.pid
                _until(lambda gone=gone: not lock_path(gone).exists())
        finally:
            first.terminate()
    Figures("two starts", {"windows": 1, "ms until the first has the file": round(1000 * min(took))}).keep()
    assert min(took) < (AT_ONCE_S if os.getloadavg()[0] < (os.cpu_count() or 1) else PATIENCE_S)


def _until(seen: object) -> None:
    end = time.monotonic() + 20
    while not seen():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


# another machine


@needs_strace
@pytest.mark.parametrize("copied", [True, False])
def test_a_shop_that_is_open_on_another_machine_is_not_touched(tmp_path: Path, copied: bool):
    path = template(tmp_path)
    if copied:
        with opened(path) as shop:
            backup.make(shop, why="test")
    lock_path(path).write_text(json.dumps(ELSEWHERE), "utf-8")
    log = tmp_path / "opened"
    with seat(path, "strace", "-f", "-qq", "-o", str(log), "-e", "trace=open,openat,openat2,unlink,rename") as there:
        seen = there.ask("look")
    said = seen["banner"] if copied else " ".join(seen["words"])
    assert "“muhe.shop” is open on the machine “SHOP-PC”" in said
    assert seen["read_only"] is copied
    assert Path(seen["shop"]).parent == (tmp_path / "muhe backups" if copied else Path())
    touched = re.findall(rf'"{re.escape(str(path))}(?:-wal|-shm|-journal)?".*', log.read_text(errors="replace"))
    assert touched == []
    assert json.loads(lock_path(path).read_text("utf-8")) == ELSEWHERE
    Figures("two machines", {"starts": 1, "opens of the live file": len(touched)}).keep()
    with seat(path) as there:
        assert there.ask("look")["seconds"] < PATIENCE_S


# another program


def test_an_act_while_another_program_writes_is_refused_in_time_and_done_afterwards(tmp_path: Path):
    path = template(tmp_path)
    with seat(path) as there:
        there.ask("fill", "orders.note", "kept")
        with held_by_another(path, "BEGIN IMMEDIATE"):
            refused = there.ask("timed_save", "orders.note")
        done = there.ask("timed_save", "orders.note")
    assert "Another program holds the shop file" in refused["said"]
    assert refused["typed"] == "kept"
    assert refused["alive"]
    assert refused["seconds"] < PATIENCE_S
    assert done["typed"] is None
    assert done["content"] != refused["content"]
    _keep("ms until an act was refused", refused["seconds"])


def test_a_file_that_another_program_keeps_to_itself_is_refused_in_time_and_opened_afterwards(tmp_path: Path):
    path = template(tmp_path)
    with seat(path) as there:
        first = there.ask("close")
        with held_by_another(path, "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE", "SELECT 1 FROM meta"):
            refused = there.ask("again", str(path))
        opened_then = there.ask("again", str(path))
    assert first["shop"] == ""
    assert "Another program holds the shop file" in " ".join(refused["words"])
    assert refused["seconds"] < PATIENCE_S
    assert opened_then["shop"] == str(path)
    _keep("ms until a start was refused", refused["seconds"])


def _keep(what: str, seconds: float) -> None:
    Figures("another program holds the file", {what: round(1000 * seconds)}).keep()
