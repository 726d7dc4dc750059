"""Hands that press any keys and click anywhere, in any order that chance says."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

from shopdesk.core.words import N_
from shopdesk.ui.inside import inside
from tests.journeys.day import NONE, TABS, Owner

KEYS = [
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        "Return Escape Tab Backtab Space Up Down Left Right Home End PageUp PageDown Delete Backspace Menu F2 F4 F6"
    ).split()
]
WITH_CONTROL = [getattr(Qt.Key, f"Key_{name}") for name in "Z Y A N K F D R B C L V E P I S Return".split()]
MODIFIERS = [NONE] * 5 + [getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("Control", "Shift", "Alt")]
SIGNS = "abcdefghijklmnopqrstuvwxyz!+-~<=/?0123456789 "


class Hands:
    """Act at random on whatever is in front; `done` remembers the last acts."""

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
        parts = [] if isinstance(front, QMenu) else inside(front, QWidget)
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
