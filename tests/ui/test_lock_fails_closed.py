"""The lock that comes by itself comes whatever the disk does."""

import shutil
from pathlib import Path

import pytest

from shopdesk.core import keys, settings
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection, DatabaseError
from shopdesk.ui.lock_page import LockPage
from tests.ui.conftest import PASSWORD
from tests.ui.kit import settle

PATIENCE = 20000


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    """A shop under a password that locks itself after 15 minutes; its key takes a third of a second."""
    path = tmp_path_factory.mktemp("protected") / "muhe.shop"
    key = keys.of_password(PASSWORD, keys.new_salt())
    shop = Shop.create(path, name="Muhe", key=key)
    with shop.change("Minutes", "settings") as db:
        settings.put(db, "lock_minutes", 15)
    shop.close()
    return path, key


@pytest.fixture
def locking(program, protected, tmp_path, qtbot):
    program.start(None)
    program.opening.open(Path(shutil.copy(protected[0], tmp_path / "muhe.shop")), protected[1])
    qtbot.waitUntil(program.window.isVisible)
    settle(program)
    return program.locks.locking


@pytest.fixture
def no_settings(monkeypatch):
    """The page is damaged on which the minutes of the lock stand."""
    read = settings.number

    def refuse() -> None:
        def number(con: Connection, key: str) -> int:
            if key == "lock_minutes":
                raise DatabaseError("disk I/O error")
            return read(con, key)

        monkeypatch.setattr(settings, "number", number)

    return refuse


def leave_alone(idle, minutes: int) -> bool:
    """Nobody touches anything for so long; whether that was long enough."""
    steady, wall = idle._touched
    idle._touched = (steady - minutes * 60, wall - minutes * 60)
    return bool(idle.look())


def test_it_locks_without_reading_the_file(program, locking, no_settings):
    no_settings()
    assert not leave_alone(locking.idle, 14)
    assert leave_alone(locking.idle, 1)
    assert program.locks.locked
    assert "15 minutes without a key" in locking.page.said


def test_it_locks_again_after_unlocking_when_the_minutes_cannot_be_read(program, locking, no_settings, qtbot):
    program.locks.lock()
    no_settings()
    card = program.window.centralWidget().currentWidget()
    assert isinstance(card, LockPage)
    card.tried.emit(PASSWORD)
    with qtbot.captureExceptions() as errors:
        qtbot.waitUntil(lambda: not program.locks.locked, timeout=PATIENCE)
        settle(program)
    assert [str(error[1]) for error in errors] == ["disk I/O error"]
    assert locking.idle.minutes == 15
    assert leave_alone(locking.idle, 15)
    assert program.locks.locked


def test_until_the_minutes_are_read_those_of_a_new_shop_count(program, protected, tmp_path, no_settings, qtbot):
    no_settings()
    program.start(None)
    with qtbot.captureExceptions():
        program.opening.open(Path(shutil.copy(protected[0], tmp_path / "muhe.shop")), protected[1])
        settle(program)
    assert program.locks.locking.idle.minutes == 10
    assert leave_alone(program.locks.locking.idle, 10)
    assert program.locks.locked
