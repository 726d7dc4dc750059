"""What an owner does at the window between the random acts of a soak, and how everything is put away again."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from shopdesk.ui.leaving import Leaving
from shopdesk.ui.page import TablePage
from shopdesk.ui.theme import theme
from tests.journeys.day import CTRL, TABS, Owner
from tests.shop_files import orders_csv

PATIENCE_S = 20
TABLES = ("orders", "inventory", "customers", "reviews")


class Errands:
    """One errand at a time, by widgets and keys."""

    def __init__(self, owner: Owner, chance: Random, place: Path) -> None:
        self._owner = owner
        self._chance = chance
        self._place = place
        self._files = 0
        self._ways = (self._act, self._act, self._act, self._look, self._drop, self._sheet, self._palette, self._switch)

    def run(self) -> None:
        """Whatever chance says."""
        self._chance.choice(self._ways)()

    def go_home(self) -> None:
        """What is in front is put away, drawers are closed, Today is on show."""
        for _ in range(30):
            front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if front is None:
                break
            front.close()
            QApplication.processEvents()
        window = self._owner.window
        for card in window.findChildren(Leaving):
            if card.isVisible() and (buttons := card.findChildren(QPushButton)):
                buttons[-1].click()  # "Stay": a key of an errand would else say that the shop may be left
        for other in QApplication.topLevelWidgets():
            if other is not window and other.isVisible():
                other.close()
        if window.pages is None:
            return
        for _name, page in window.pages.made():
            for _ in range(6):
                if not page.step_back():
                    break
        window.open_page("board")
        self._owner.settle()

    # errands

    def _act(self) -> None:
        """One of a page's acts on some records; when it asks something, something is typed and saved, then taken back."""
        page = self._table()
        self._owner.key(self._chance.choice((Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_End)))
        self._owner.key(Qt.Key.Key_Space)
        page.action_table.trigger(self._chance.choice(page.action_table.all()).key)
        QApplication.processEvents()
        asked = QApplication.activeModalWidget() is not None  # what is typed would go there, and a file be written
        if page.drawer is not None and page.drawer.form is not None and not asked:
            page.drawer.form.first().setFocus()
            self._owner.type(self._chance.choice(("3", "SF12345", "note")))
            self._owner.key(Qt.Key.Key_Return, CTRL)
        self._owner.key(Qt.Key.Key_Z, CTRL)

    def _look(self) -> None:
        """Every tab, and some records of it in the drawer."""
        for name in TABS:
            self._owner.tab(name)
            for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape):
                self._owner.key(key)

    def _drop(self) -> None:
        """A platform's file, taken in and taken back."""
        self._files += 1
        rows = ({"订单编号": f"7{self._files:05}412775599{n:04}"} for n in range(8))
        self._owner.drop([orders_csv(self._place / "dropped.csv", *rows)])
        pages = self._owner.window.pages
        go = pages.page("import").findChild(QPushButton, "import_go")
        if self._wait(lambda: go.isVisible() and go.isEnabled()):
            self._owner.click(go)
            self._wait(lambda: pages.current != "import")
            self._owner.settle()
            self._owner.key(Qt.Key.Key_Z, CTRL)

    def _sheet(self) -> None:
        """A printed sheet, looked at."""
        self._owner.tab(self._chance.choice(TABS))
        self._owner.key(Qt.Key.Key_P, CTRL)

    def _palette(self) -> None:
        """Something found by its first letters."""
        self._owner.window.open_palette(self._chance.choice(("o", "ship", "mu", "2")))
        self._owner.settle()
        self._owner.key(Qt.Key.Key_Down)
        self._owner.key(Qt.Key.Key_Escape)

    def _switch(self) -> None:
        """Another language or another look."""
        if self._chance.random() < 0.5:
            self._owner.program.use_language(self._chance.choice(("en", "zh_CN")))
        else:
            theme().set_mode(self._chance.choice(("light", "dark")))
        self._owner.settle()

    # inside

    def _table(self) -> TablePage:
        name = self._chance.choice(TABLES)
        self._owner.tab(name)
        page = self._owner.page(name)
        assert isinstance(page, TablePage)
        page.table.setFocus()
        return page

    def _wait(self, until: object) -> bool:
        end = time.monotonic() + PATIENCE_S
        while not until():  # type: ignore[operator]
            if time.monotonic() > end:
                return False
            QApplication.processEvents()
            time.sleep(0.005)
        return True
