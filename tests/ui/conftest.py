"""The program and its window over a shop of their own."""

import shutil
from pathlib import Path

import pytest

from shopdesk import app as program_module
from shopdesk.app import Program, application, dress
from shopdesk.core import channels, keys
from shopdesk.core.shop import Shop
from shopdesk.ui import keeping
from shopdesk.ui.language import switch_language
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.theme import theme

PASSWORD = "four plain words here"
NAME = "Muhe Tea of Sunlight Road"


@pytest.fixture
def program(qtbot, monkeypatch, tmp_path):
    """The program without a shop yet."""
    monkeypatch.setattr(program_module, "WARM_UP_MS", 10_000_000)
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 10_000_000)
    application()
    prefs = Prefs()
    prefs.put("language", "en")
    prefs.put("theme", "light")
    dress(prefs)
    running = Program(prefs, demo=lambda path: Shop.create(path, name="Demo").close())
    yield running
    running.window.close_now()
    running.stop()
    switch_language("en")
    theme().set_mode("light")


@pytest.fixture(scope="session")
def protected(tmp_path_factory):
    """A shop under a password, to be copied; made once, because its key takes a third of a second."""
    path = tmp_path_factory.mktemp("protected") / "muhe.shop"
    key = keys.of_password(PASSWORD, keys.new_salt())
    Shop.create(path, name=NAME, key=key).close()
    return path, key


@pytest.fixture
def file(tmp_path, empty_shop) -> Path:
    made = Shop.open(Path(shutil.copy(empty_shop, tmp_path)))
    with made.change("Channel", "channels") as db:
        channels.add(db, platform="taobao", name="Muhe", currency="CNY")
    path = made.path
    made.close()
    return path


@pytest.fixture
def window(program, file, qtbot):
    """The window with a shop, quiet."""
    program.start(file)
    program.window.resize(1366, 768)
    qtbot.waitUntil(program.window.isVisible)
    program.worker.wait_idle()
    return program.window
