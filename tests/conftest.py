"""What every test stands on: a stopped clock, a shop of its own, the real exports, and silence.

The suite fails on any warning or Qt message (pyproject.toml); here it also fails on a window, a thread or a
child process that a test leaves behind.
"""

from __future__ import annotations

import gc
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANG"] = "en_US.UTF-8"
os.environ.pop("LC_ALL", None)

from shopdesk.core import channels, clock, words
from shopdesk.core.shop import Shop

NOW = datetime(2026, 11, 24, 14, 50)
"""The moment at which the tests live: a Tuesday, two hours and ten minutes before the cut-off."""
MUCH_GARBAGE = 50_000
"""So many new objects are collected after a test."""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    words.use_language("en")
    yield
    words.use_language("en")


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """The stopped clock."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture(scope="session")
def empty_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop file without a row, to be copied; made once, because its tables take a tenth of a second."""
    words.use_language("en")
    with clock.at(NOW):
        made = Shop.create(tmp_path_factory.mktemp("empty") / "muhe.shop", name="Muhe Tea")
        made.close()
    return made.path


@pytest.fixture
def shop(tmp_path: Path, empty_shop: Path) -> Iterator[Shop]:
    """An empty shop, open for writing."""
    made = Shop.open(Path(shutil.copy(empty_shop, tmp_path)))
    yield made
    made.close()


@pytest.fixture
def channel(shop: Shop) -> int:
    """A Taobao channel of that shop."""
    with shop.change("Channel", "channels") as db:
        return channels.add(db, platform="taobao", name="Muhe", currency="CNY")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real exports beside the project; tests that read them are skipped where it is not."""
    named = os.environ.get("SHOPDESK_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real exports is not here")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _collected_as_in_the_program(qapp: object) -> Iterator[None]:
    """Never while Qt destroys an object, see shopdesk/ui/sweeping.py."""
    from shopdesk.ui.sweeping import Sweeper

    sweeper = Sweeper()
    yield
    sweeper.stop()


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    if gc.get_count()[0] > MUCH_GARBAGE:
        gc.collect()
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    for thread in left:
        thread.join(2)
    assert not [t for t in left if t.is_alive()], f"threads left: {left}"
    if "PySide6.QtWidgets" in __import__("sys").modules:
        _no_window_left()


def _no_window_left() -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    if app is None:
        return
    visible = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for window in visible:
        window.close()
    assert not visible, f"windows left: {[(window, getattr(window, 'text', '')) for window in visible]}"


@pytest.fixture
def desk(shop: Shop, qapp: object) -> Iterator[object]:
    """What the window gives every page: the shop, the worker, the message bus."""
    from shopdesk.ui.desk import Desk
    from shopdesk.ui.messages import Messages
    from shopdesk.ui.worker import Worker

    worker = Worker(shop)
    yield Desk(shop, worker, Messages())
    worker.stop()
