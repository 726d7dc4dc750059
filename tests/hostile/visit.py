"""The program over a shop, offscreen, and everything that it says while somebody walks through it."""

from __future__ import annotations

import resource
import sys
import traceback
from pathlib import Path
from typing import Any

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from shopdesk import app as program_module
from shopdesk.app import Program, application, dress
from shopdesk.core.shop import Shop
from shopdesk.ui import keeping
from shopdesk.ui.form import Form
from shopdesk.ui.messages import Level, Message
from shopdesk.ui.page import TablePage
from shopdesk.ui.prefs import Prefs
from tests.hostile.watching import rich_texts

PAGES = ("board", "orders", "inventory", "customers", "reviews", "metrics")
_OFFSCREEN = "propagateSizeHints"
_OF_THE_MACHINE = "qt.text.font.db"
"""A script that no font of this machine has."""


class Visit:
    """The program over a shop, and everything that it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, Any] = {
            "warnings": [],
            "crashed": [],
            "refusals": [],
            "rich": [],
            "counts": {},
            "refused files": [],
        }
        qInstallMessageHandler(self._on_warning)
        sys.excepthook = self._on_crash
        program_module.WARM_UP_MS = 10_000_000
        keeping.BACKUP_DELAY_MS = 10_000_000
        application()
        prefs = Prefs()
        prefs.put("language", "en")
        dress(prefs)
        self.program = Program(prefs)
        sys.excepthook = self._on_crash

    def _on_warning(self, _kind: object, where: Any, text: str) -> None:
        if _OFFSCREEN not in text and where.category != _OF_THE_MACHINE:
            self.said["warnings"].append(f"{where.category}: {text}")

    def _on_crash(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        self.said["crashed"].append("".join(traceback.format_exception(kind, error, trace))[-1500:])

    def start(self, path: Path | None = None) -> None:
        """Open a shop, by default a new one."""
        if path is None:
            (self.folder / "shop").mkdir(exist_ok=True)
            path = self.folder / "shop" / "muhe.shop"
            if not path.exists():
                Shop.create(path, name="Muhe Tea").close()
        self.program.start(path)
        sys.excepthook = self._on_crash
        self.window.resize(1366, 768)
        self.settle()
        if self.window.pages is not None:
            self.page("board").desk.messages.posted.connect(self._on_message)

    def _on_message(self, message: Message) -> None:
        if message.level in (Level.ERROR, Level.WARNING):
            self.refused(message.whole())

    def refused(self, text: str) -> None:
        """A refusal; each is kept once."""
        if text not in self.said["refusals"]:
            self.said["refusals"].append(text)

    @property
    def window(self) -> Any:
        return self.program.window

    @property
    def shop(self) -> Shop:
        assert self.program.shop is not None
        return self.program.shop

    def settle(self, times: int = 4) -> None:
        for _ in range(times):
            if self.program.worker is not None:
                self.program.worker.wait_idle(100_000)
            QApplication.processEvents()

    def count(self, what: str, more: int = 1) -> None:
        self.said["counts"][what] = self.said["counts"].get(what, 0) + more

    def count_rows(self, *tables: str) -> None:
        """What is in the shop now."""
        con = self.shop.reader()
        for table in tables:
            self.count(table, con.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def page(self, name: str) -> Any:
        self.window.open_page(name)
        self.settle()
        return self.window.pages.page(name)

    def put_away(self) -> None:
        """Whatever stands before the window."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        QApplication.processEvents()

    def form(self) -> Form | None:
        """The form that is open, in a drawer or a dialog."""
        found = [form for top in QApplication.topLevelWidgets() for form in top.findChildren(Form) if form.isVisible()]
        return found[0] if found else None

    def look(self, *, records: int = 12) -> None:
        """Draw every page, and the drawer of some of its records."""
        for name in PAGES:
            page = self.page(name)
            self.window.grab()
            self.said["rich"] += rich_texts(self.window)
            if not isinstance(page, TablePage):
                continue
            if "all" in {view.key for view in page.views}:
                page.show_view("all")
                self.settle()
            for row in range(min(records, page.rows.rowCount())):
                page.show_record(page.rows.id_at(row))
                self.settle(2)
                self.said["rich"] += rich_texts(self.window)
                self.count("records drawn")
            self.window.grab()

    def stumble(self) -> None:
        """An error that nobody catches."""
        raise RuntimeError("stumbled")

    def end(self) -> None:
        self.window.close_now()
        self.program.stop()


def megabytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
