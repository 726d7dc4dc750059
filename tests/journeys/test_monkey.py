"""Any keys and clicks in any order: nothing stumbles, nothing hangs, and the shop stays whole.

While the hands move, the writing thread holds the door now and then, as an import does. A step that never ends
(a nested event loop, two threads waiting for each other) ends the process after a while, with all stacks.
"""

from __future__ import annotations

import faulthandler
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

from shopdesk import app as program_module
from shopdesk.app import application
from shopdesk.core import check, clock
from shopdesk.core.words import N_
from shopdesk.exchange import demo
from shopdesk.ui.crash import CrashWindow
from shopdesk.ui.language import switch_language
from shopdesk.ui.theme import theme
from tests.conftest import NOW
from tests.journeys.day import NONE, TABS, Owner
from tests.ui.layout_items import dead_items

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

STEPS = 500
STALL_S = 60
SIZES = ((1366, 768), (1280, 640), (1000, 600))
KEYS = [
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        "Return Escape Tab Backtab Space Up Down Left Right Home End PageUp PageDown Delete Backspace Menu F2 F4 F6"
    ).split()
]
WITH_CONTROL = [getattr(Qt.Key, f"Key_{name}") for name in "Z Y A N K F D R B C L V E P I S Return".split()]
MODIFIERS = [NONE] * 5 + [getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("Control", "Shift", "Alt")]
SIGNS = "abcdefghijklmnopqrstuvwxyz!+-~<=/?0123456789 "


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
    monkeypatch.setattr(program_module, "BACKUP_DELAY_MS", 1000)
    application()
    made = Owner(qtbot, request.param)
    made.start(Path(shutil.copy(demo_shop, tmp_path / "muhe.shop")))
    yield made
    made.stop()
    switch_language("en")
    theme().set_mode("light")


class Hands:
    """Act at random on whatever is in front."""

    def __init__(self, owner: Owner, seed: int) -> None:
        self.owner = owner
        self.random = Random(seed)
        self.done: list[str] = []
        self.ways: list[tuple[Callable[[], str], int]] = [
            (self.key, 25), (self.sign, 20), (self.control, 10), (self.click, 30), (self.tab, 8), (self.hold, 2),
        ]  # fmt: skip

    def act(self) -> None:
        if self.put_question_away():
            return
        way = self.random.choices([way for way, _ in self.ways], [weight for _, weight in self.ways])[0]
        self.done.append(way())

    def put_question_away(self) -> bool:
        """The system's own dialogs are not ours to try."""
        asked = QApplication.activeModalWidget()
        if isinstance(asked, QFileDialog | QPrintDialog) or (isinstance(asked, QDialog) and self.random.random() < 0.1):
            asked.close()
            return True
        return False

    def target(self) -> QWidget:
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        return front or QApplication.focusWidget() or self.owner.window

    def key(self) -> str:
        key, modifier = self.random.choice(KEYS), self.random.choice(MODIFIERS)
        QTest.keyClick(self.target(), key, modifier)
        return f"{modifier.name} {key.name}"

    def control(self) -> str:
        key = self.random.choice(WITH_CONTROL)
        QTest.keyClick(self.target(), key, Qt.KeyboardModifier.ControlModifier)
        return f"Control {key.name}"

    def sign(self) -> str:
        sign = self.random.choice(SIGNS)
        QTest.keyClicks(self.target(), sign)
        return sign

    def tab(self) -> str:
        name = self.random.choice((*TABS, "settings", "help"))
        if QApplication.activeModalWidget() is None:
            self.owner.window.open_page(name)
        return name

    def click(self) -> str:
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.owner.window
        parts = [] if isinstance(front, QMenu) else front.findChildren(QWidget)
        widget = self.random.choice([one for one in parts if one.isVisible() and one.isEnabled()] or [front])
        spot = QPoint(self.random.randrange(max(1, widget.width())), self.random.randrange(max(1, widget.height())))
        button = self.random.choice([Qt.MouseButton.LeftButton] * 6 + [Qt.MouseButton.RightButton])
        name = type(widget).__name__
        QTest.mouseClick(widget, button, NONE, spot)
        return f"{name} {spot.x()} {spot.y()}"

    def hold(self) -> str:
        """Long work in the writing thread, as an import is."""
        shop = self.owner.shop

        def work(_task: object) -> None:
            with shop.change(N_("Tags"), "customers") as db:
                db.execute("UPDATE customers SET note = note || '.' WHERE id = (SELECT min(id) FROM customers)")
                time.sleep(0.1)

        self.owner.program.worker.write(work, None, lambda _error: None)
        return "hold"


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
