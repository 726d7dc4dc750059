"""An owner at her window: the whole program offscreen, moved by mouse and keyboard only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopdesk.app import Program, dress
from shopdesk.board.page import TodayPage
from shopdesk.core.shop import Shop
from shopdesk.ui.page import TablePage
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.preview_dialog import Preview
from shopdesk.ui.text import LinkLabel, PlainLabel

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
TABS = ("board", "orders", "inventory", "customers", "reviews", "metrics")


class Owner:
    """Starts the program and does what an owner does; every step waits until the window has settled."""

    def __init__(self, qtbot: QtBot, language: str) -> None:
        self.qtbot = qtbot
        self.prefs = Prefs()
        self.prefs.put("language", language)
        self.prefs.put("theme", "light")
        self.program: Program | None = None

    # the program

    def start(self, file: Path | None) -> None:
        dress(self.prefs)
        self.program = Program(self.prefs)
        self.program.start(file)
        self.window.resize(1366, 768)
        self.qtbot.waitUntil(self.window.isVisible, timeout=60_000)
        self.settle()

    def leave(self) -> None:
        """Close the window as by its cross: the backup is made, the file is put away."""
        assert self.program is not None
        self.window.close()
        self.qtbot.waitUntil(lambda: not self.window.isVisible(), timeout=20_000)
        self.program.stop()
        self.program = None

    def stop(self) -> None:
        if self.program is not None:
            self.window.close_now()
            self.program.stop()

    @property
    def window(self):
        assert self.program is not None
        return self.program.window

    @property
    def shop(self) -> Shop:
        assert self.program is not None
        assert self.program.shop is not None
        return self.program.shop

    def settle(self) -> None:
        assert self.program is not None
        for _ in range(3):
            if self.program.worker is not None:
                assert self.program.worker.wait_idle(60_000)
            QApplication.processEvents()
        active = QApplication.activeWindow()
        if active is None or not active.isVisible():  # offscreen nobody gives it back after a list of proposals
            self.window.activateWindow()
            QApplication.processEvents()
        page = self.window.pages.page(self.window.pages.current) if self.window.pages is not None else None
        if isinstance(page, TablePage):
            self.qtbot.waitUntil(lambda: page.rows.is_settled, timeout=60_000)
        QApplication.processEvents()

    # hands

    def key(self, which: Qt.Key | str, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, which, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Type into what has the focus; what no key has goes in as an input method commits it."""
        editor = QApplication.focusWidget()
        if text.isascii():
            self.qtbot.keyClicks(editor, text)
        else:
            commit = QInputMethodEvent("", [])
            commit.setCommitString(text)
            QApplication.sendEvent(editor, commit)

    def click(self, widget: QWidget, spot: QPoint | None = None) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=spot or widget.rect().center())
        self.settle()

    def tab(self, name: str) -> None:
        self.click(self.window.rail.tabs[name])
        assert self.window.pages.current == name

    def drop(self, files: Sequence[Path]) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        event = QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE)
        self.window.dropEvent(event)
        self.settle()

    def page(self, name: str):
        return self.window.pages.page(name)

    def undo_by_status_bar(self) -> None:
        link = next(x for x in self.window.status.findChildren(LinkLabel) if x.text() in ("Undo", "撤销"))
        self.qtbot.waitUntil(link.isVisible)
        self.click(link)

    def fill(self, page: QWidget, **values: str) -> None:
        """Type into the fields of the form that is open in the page's drawer, then save by key."""
        form = page.drawer.form
        for name, text in values.items():
            editor = form.field(name).editor
            editor.setFocus()
            if isinstance(editor, QLineEdit):
                editor.selectAll()
            self.type(text)
        self.key(Qt.Key.Key_Return, CTRL)

    # what she sees

    def lines(self) -> list[str]:
        """The lines of Today as they are spoken."""
        page = self.page("board")
        assert isinstance(page, TodayPage)
        model = page.model
        told = [
            model.data(model.index(row), int(Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())
        ]
        return [str(text) for text in told]

    def line(self, rule: str) -> str:
        model = self.page("board").model
        return str(model.data(model.index_of((rule, None)), int(Qt.ItemDataRole.AccessibleTextRole)))

    def go_to_line(self, rule: str, record: int | None = None) -> None:
        page = self.page("board")
        page.list.setCurrentIndex(page.model.index_of((rule, record)))
        page.list.setFocus()

    def words(self, widget: QWidget) -> list[str]:
        return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisible() and label.text()]

    def button(self, parent: QWidget, text: str) -> QPushButton:
        return next(b for b in parent.findChildren(QPushButton) if b.isVisible() and text in b.text())

    def one(self, query: str, *values: object) -> tuple:
        return tuple(self.shop.reader().execute(query, values).fetchone())

    def save_sheet(self, target: Path) -> None:
        """Print Today from its page into a PDF, through the preview."""
        self.key(Qt.Key.Key_P, CTRL)
        preview = self.window.findChild(Preview) or self.page("board").findChild(Preview)
        assert preview is not None
        self.qtbot.keyClick(preview, Qt.Key.Key_S, CTRL)
        dialog = preview.findChild(QFileDialog)
        dialog.selectFile(str(target))
        with self.qtbot.waitSignal(preview.saved):
            dialog.accept()
        preview.close()
        self.settle()
