"""The lock while the way back is being prepared: what is ready waits until the password was typed."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from shopdesk.core import backup, clock, keys, shelf
from shopdesk.core.paths import backup_folder
from shopdesk.core.shop import Shop, opened
from shopdesk.ui import late
from shopdesk.ui.background import Background
from shopdesk.ui.lock_page import LockPage
from shopdesk.ui.text import PlainLabel
from tests.conftest import NOW
from tests.ui.conftest import PASSWORD
from tests.ui.kit import settle

PATIENCE = 20000


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
    assert "muhe" in [label.text() for label in card(program).findChildren(PlainLabel)]


def test_a_restore_that_was_begun_before_the_lock_is_done_after_it(program, copy, qtbot):
    program.coming_back.restore(copy, lambda _said: None)
    program.locks.lock()
    is_over(program)
    assert card(program).isVisible()
    assert program.shop is not None
    unlock(program, qtbot)
    qtbot.waitUntil(lambda: "The shop is as it was on" in program.window.banner, timeout=PATIENCE)


@pytest.fixture
def putting(monkeypatch):
    """A restore that waits in its last part, while the shop is away, until it is let go."""
    really, begun, go_on = late.put_back, Event(), Event()

    def put_back(*args):
        begun.set()
        assert go_on.wait(20)
        return really(*args)

    monkeypatch.setattr(late, "put_back", put_back)
    yield begun, go_on
    go_on.set()


def restore(program, copy, qtbot, begun: Event) -> None:
    program.coming_back.restore(copy, lambda _said: None)
    qtbot.waitUntil(begun.is_set, timeout=PATIENCE)
    assert program.window.welcome.progress == "Putting the shop back…"


def come_back(program, qtbot, go_on: Event) -> None:
    go_on.set()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=PATIENCE)


def press_lock(program, qtbot) -> None:
    qtbot.waitUntil(program.window.isActiveWindow)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(program.window.windowHandle(), Qt.Key.Key_L, keys)


def is_out_of_sight(program) -> bool:
    return card(program).isVisible() and not program.window.pages.isVisible()


def test_the_lock_that_is_asked_for_while_the_shop_is_put_back_comes_with_it(program, copy, qtbot, putting):
    restore(program, copy, qtbot, putting[0])
    press_lock(program, qtbot)
    assert program.window.welcome.progress == "Putting the shop back… It comes back locked."
    come_back(program, qtbot, putting[1])
    assert program.locks.locked
    assert is_out_of_sight(program)
    assert card(program).said == "locked since 14:50"
    qtbot.waitUntil(lambda: "The shop is as it was on" in program.window.banner, timeout=PATIENCE)
    assert is_out_of_sight(program)
    assert program.window.windowTitle() == "ShopDesk — locked"
    unlock(program, qtbot)
    assert program.window.pages.isVisible()


def test_so_does_the_lock_when_the_time_without_a_key_ran_out_meanwhile(program, copy, qtbot, putting):
    restore(program, copy, qtbot, putting[0])
    idle = program.locks._absence.idle
    assert idle.minutes == 10
    later = time.monotonic() + 601, time.time() + 601
    idle._clock = lambda: later
    idle.look()
    qtbot.keyClick(program.window.windowHandle(), Qt.Key.Key_Space)  # too late
    come_back(program, qtbot, putting[1])
    assert is_out_of_sight(program)
    assert card(program).said == "locked since 14:50, 10 minutes without a key"


def test_the_time_without_a_key_counts_on_when_the_shop_is_back(program, copy, qtbot, putting):
    restore(program, copy, qtbot, putting[0])
    touched = program.locks._absence.idle.touched
    come_back(program, qtbot, putting[1])
    assert not program.locks.locked
    assert program.locks.locking.idle.touched == touched
    settle(program)
    assert program.locks.locking.idle.touched == touched


def test_another_shop_that_is_opened_instead_is_not_locked_for_it(program, copy, qtbot, putting, tmp_path):
    other, key = tmp_path / "other.shop", keys.Key.random()
    Shop.create(other, name="Other", key=key).close()
    restore(program, copy, qtbot, putting[0])
    press_lock(program, qtbot)
    program.opening.open(other, key)
    assert program.shop.path == other
    assert not program.locks.locked
    putting[1].set()
    qtbot.waitUntil(lambda: not Background._alive, timeout=PATIENCE)
    assert program.shop.path == other


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
