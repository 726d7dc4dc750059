"""The backups follow an erasure also when the window was closed, the stick was away or a copy was broken meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from shopdesk.app import Program
from shopdesk.core import backup, erased_copies, erasures, manifest, second, settings
from shopdesk.core.shop import Shop, opened
from shopdesk.ui import keeping
from tests import erased

WORDS = ["Anna Kowalski", "18612345678"]
PATIENCE_MS = 20_000


@pytest.fixture(autouse=True)
def soon(program, monkeypatch) -> None:
    """Backups begin at once."""
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 0)


def add_person(shop: Shop) -> int:
    with shop.change("Added", "customers") as db:
        row = {"channel_id": 1, "handle": WORDS[0], "name": WORDS[0], "phone": WORDS[1]}
        return int(db["customers"].insert(row).last_pk)


def open_it(program: Program, file: Path, qtbot) -> None:
    program.start(file)
    qtbot.waitUntil(lambda: program.shop is not None and program.shop.before is not None, timeout=PATIENCE_MS)
    quiet(program, qtbot)


def quiet(program: Program, qtbot) -> None:
    qtbot.waitUntil(lambda: not program.window.desk.keeping.is_at_work, timeout=PATIENCE_MS)
    program.worker.wait_idle()
    QApplication.processEvents()


def test_what_a_closed_window_left_is_done_at_the_next_start(program, file, qtbot):
    with opened(file) as shop:
        person = add_person(shop)
        backup.make(shop, why="asked")
        erasures.erase(shop, [person])
    assert erased.where(WORDS, file.parent)
    open_it(program, file, qtbot)
    qtbot.waitUntil(lambda: not erased_copies.waiting(program.shop), timeout=PATIENCE_MS)
    quiet(program, qtbot)
    assert erased.where(WORDS, file.parent) == []


def test_a_stick_that_was_away_follows_when_it_is_back(program, file, qtbot, tmp_path):
    (stick := tmp_path / "stick").mkdir()
    with opened(file) as shop:
        with shop.change("Stick", "settings") as db:
            settings.put(db, second.SETTING, str(stick))
        person = add_person(shop)
        backup.make(shop, why="asked")
        second.bring(shop)
        assert erased.where(WORDS, stick)
        stick.rename(drawer := tmp_path / "drawer")
        erasures.erase(shop, [person])
        assert erased_copies.finish(shop) == []
    open_it(program, file, qtbot)
    assert erased.where(WORDS, manifest.folder(file)) == []
    drawer.rename(stick)
    program.window.desk.keeping.bring()
    qtbot.waitUntil(lambda: not erased_copies.waiting(program.shop), timeout=PATIENCE_MS)
    quiet(program, qtbot)
    assert erased.where(WORDS, stick) == []


def test_another_stick_with_backups_of_the_same_names_follows_as_well(program, file, qtbot, tmp_path):
    (stick := tmp_path / "stick").mkdir()
    with opened(file) as shop:
        with shop.change("Stick", "settings") as db:
            settings.put(db, second.SETTING, str(stick))
        person = add_person(shop)
        backup.make(shop, why="asked")
        second.bring(shop)
        shutil.copytree(stick, other := tmp_path / "other")
        erasures.erase(shop, [person])
        assert erased_copies.finish(shop) == []
    shutil.rmtree(stick)
    other.rename(stick)
    open_it(program, file, qtbot)
    qtbot.waitUntil(lambda: erased.where(WORDS, stick) == [], timeout=PATIENCE_MS)


def test_an_older_state_in_the_place_of_the_shop_is_erased_at_the_start(program, file, qtbot):
    with opened(file) as shop:
        person = add_person(shop)
        backup.make(shop, why="asked")
        shutil.copyfile(manifest.folder(file) / backup.listed(file)[-1].name, older := file.with_name("older"))
        erasures.erase(shop, [person])
        assert erased_copies.finish(shop) == []
    older.replace(file)
    open_it(program, file, qtbot)
    qtbot.waitUntil(lambda: erased.where(WORDS, file.parent) == [], timeout=PATIENCE_MS)
    handle = program.shop.reader().execute("SELECT handle FROM customers").fetchone()[0]
    assert handle == f"{erasures.listed(program.shop.reader())[0].mark} {person}"


def test_a_backup_that_cannot_be_written_anew_is_named_once_at_each_start(program, file, qtbot):
    with opened(file) as shop:
        person = add_person(shop)
        backup.make(shop, why="asked")
        broken = manifest.folder(file) / backup.listed(file)[-1].name
        broken.write_bytes(broken.read_bytes()[:5000])
        erasures.erase(shop, [person])
    program.start(file)
    qtbot.waitUntil(lambda: program.shop is not None and program.window.desk is not None, timeout=PATIENCE_MS)
    told = program.window.desk.messages.record()
    qtbot.waitUntil(lambda: told != [], timeout=PATIENCE_MS)
    quiet(program, qtbot)
    program.window.desk.keeping.now()
    quiet(program, qtbot)
    assert len([one.text for one in told if broken.name in one.text]) == 1
