"""The lock while the way back is being prepared: what is ready waits until the password was typed."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from shopdesk.core import backup, clock, keys, shelf
from shopdesk.core.paths import backup_folder
from shopdesk.core.shop import Shop, opened
from shopdesk.ui.lock_page import LockPage
from tests.conftest import NOW
from tests.ui.kit import settle

PASSWORD = "four plain words here"
NAME = "Muhe Tea of Sunlight Road"
PATIENCE = 20000


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    """A shop under a password; made once, because its key takes a third of a second."""
    path = tmp_path_factory.mktemp("protected") / "muhe.shop"
    key = keys.of_password(PASSWORD, keys.new_salt())
    Shop.create(path, name=NAME, key=key).close()
    return path, key


@pytest.fixture
def copy(program, protected, tmp_path, qtbot):
    """The shop is open in the window; its one backup."""
    path, key = Path(shutil.copy(protected[0], tmp_path / "muhe.shop")), protected[1]
    with opened(path, key=key) as shop, clock.at(NOW - timedelta(hours=5)):
        backup.make(shop, why="asked")
    program.start(None)
    program.opening.open(path, key)
    program.window.resize(1366, 768)
    qtbot.waitUntil(program.window.isVisible)
    settle(program)
    return shelf.look(path, program.shop.reader())[0]


def card(program) -> LockPage:
    page = program.window.centralWidget().currentWidget()
    assert isinstance(page, LockPage)
    return page


def is_over(program) -> None:
    """Whatever was begun beside the window has said what came of it."""
    running = program.coming_back._running
    if running is not None:
        running.wait()
    QApplication.processEvents()


def unlock(program, qtbot) -> None:
    card(program).tried.emit(PASSWORD)
    qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)


def test_a_backup_that_was_asked_for_before_the_lock_comes_after_it(program, copy, qtbot):
    program.coming_back.look(copy)
    program.locks.lock()
    is_over(program)
    assert card(program).isVisible()
    assert program.coming_back.live is None
    unlock(program, qtbot)
    qtbot.waitUntil(lambda: program.coming_back.live is not None, timeout=PATIENCE)
    assert program.window.banner.startswith("The shop as it was on")
    assert not program.locks.locked
    assert clock.now() == NOW - timedelta(hours=5)
    program.locks.lock()
    assert "locked since 14:5" in card(program).said


def test_a_restore_that_was_begun_before_the_lock_is_done_after_it(program, copy, qtbot):
    program.coming_back.restore(copy, lambda _said: None)
    program.locks.lock()
    is_over(program)
    assert card(program).isVisible()
    assert program.shop is not None
    unlock(program, qtbot)
    qtbot.waitUntil(lambda: "The shop is as it was on" in program.window.banner, timeout=PATIENCE)


@pytest.mark.parametrize("act", ["look", "restore"])
def test_another_shop_instead_of_unlocking_leaves_nothing_behind(program, copy, qtbot, act):
    if act == "look":
        program.coming_back.look(copy)
    else:
        program.coming_back.restore(copy, lambda _said: None)
    program.locks.lock()
    is_over(program)
    path = program.shop.path
    card(program).another_requested.emit()
    qtbot.waitUntil(lambda: program.window.welcome is not None, timeout=PATIENCE)
    assert program.coming_back.live is None
    QApplication.processEvents()
    assert not [file.name for file in backup_folder(path).iterdir() if ".part" in file.name]
    assert not [file.name for file in path.parent.iterdir() if file.name.endswith((".part", "-wal", ".lock"))]
