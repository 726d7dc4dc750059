"""Any keys and clicks in any order: nothing stumbles, nothing hangs, and the shop stays whole.

While the hands move, the writing thread holds the door now and then, as an import does. A step that never ends
(a nested event loop, two threads waiting for each other) ends the process after a while, with all stacks.
"""

from __future__ import annotations

import faulthandler
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from shopdesk import app as program_module
from shopdesk.app import application
from shopdesk.core import check, clock
from shopdesk.exchange import demo
from shopdesk.ui import keeping
from shopdesk.ui.crash import CrashWindow
from shopdesk.ui.language import switch_language
from shopdesk.ui.theme import theme
from tests.conftest import NOW
from tests.journeys.day import Owner
from tests.journeys.hands import Hands
from tests.ui.layout_items import dead_items

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

STEPS = 500
STALL_S = 60
SIZES = ((1366, 768), (1280, 640), (1000, 600))


@pytest.fixture(scope="module")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo shop, made once."""
    path = tmp_path_factory.mktemp("demo") / "muhe.shop"
    with clock.at(NOW):
        demo.make(path)
    return path


@pytest.fixture(scope="module")
def stderr(pytestconfig: pytest.Config) -> Iterator[int]:
    """Where the stacks are written: what is captured would end with the process."""
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        handle = os.dup(2)
    yield handle
    os.close(handle)


@pytest.fixture
def owner(qtbot, monkeypatch, demo_shop: Path, tmp_path: Path, request) -> Iterator[Owner]:
    monkeypatch.setattr(program_module, "WARM_UP_MS", 300)
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 1000)
    application()
    made = Owner(qtbot, request.param)
    made.start(Path(shutil.copy(demo_shop, tmp_path / "muhe.shop")))
    yield made
    made.stop()
    switch_language("en")
    theme().set_mode("light")


@pytest.mark.parametrize(("owner", "seed"), [("en", 2), ("zh_CN", 5), ("en", 7)], indirect=["owner"])
def test_whatever_is_pressed_nothing_stumbles(owner: Owner, seed: int, stderr: int) -> None:
    hands = Hands(owner, seed)
    owner.window.resize(*hands.random.choice(SIZES))
    owner.program.listen()
    file = owner.shop.path
    dead = dead_items()
    try:
        for _step in range(STEPS):
            faulthandler.dump_traceback_later(STALL_S, exit=True, file=stderr)
            hands.act()
            QApplication.processEvents()
            stumbled = [one.text for one in QApplication.topLevelWidgets() if isinstance(one, CrashWindow)]
            assert not stumbled, "\n".join([*stumbled, *hands.done[-15:]])
            if owner.program.shop is None:
                return
        assert owner.program.worker.wait_idle(10_000)
        said = owner.shop.changes()
        seen: list[object] = []
        owner.program.worker.submit(
            lambda con: con.execute("SELECT value FROM meta WHERE key = 'changes'").fetchone()[0], seen.append
        )
        assert owner.program.worker.wait_idle(10_000)
        assert [int(str(one)) for one in seen] == [said], "the reading thread sees an old state"
    finally:
        faulthandler.cancel_dump_traceback_later()
        for one in QApplication.topLevelWidgets():
            if one is not owner.window and one.isVisible():
                one.close()
    assert not dead_items() - dead
    assert list(check.faults(file)) == []
