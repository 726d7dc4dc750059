"""The import page with hands on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from shopdesk.exchange.page import ImportPage


def drop(page: ImportPage, *files: Path) -> None:
    page.open(list(files))
    assert page.worker.wait_idle(20000)


def texts(page: ImportPage) -> list[list[str]]:
    """What the list shows."""
    model: QAbstractItemModel = page.view.rows
    return [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def button(page: ImportPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found
