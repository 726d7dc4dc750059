"""A page of the window on its own, over a shop, as tests walk through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from shopdesk.core.shop import Shop
from shopdesk.ui.page import TablePage
from tests.ui.kit import desk_of, hears

Kind = TypeVar("Kind", bound=TablePage)


@contextmanager
def shown(qtbot, shop: Shop, kind: type[Kind]) -> Iterator[Kind]:
    """The page in front, hearing of every change; it is gone with the block."""
    with desk_of(shop) as desk:
        page = kind(desk)
        bell = hears(page)
        qtbot.addWidget(page)
        page.resize(1190, 712)
        page.show()
        page.shown()
        qtbot.waitUntil(page.isVisible)
        settle(qtbot, page)
        yield page
        page.hide()
        shop.listeners.remove(bell.ring)


def settle(qtbot, page: TablePage) -> None:
    """Wait until nothing is on its way to the page."""
    for _ in range(3):
        page.worker.wait_idle(3000)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: page.rows.is_settled)
    QApplication.processEvents()


def section(page: TablePage, column: str) -> int:
    """Where a column stands in the table."""
    return [c.key for c in page.columns].index(column) + 1


def listed(page: TablePage, column: str) -> list[str]:
    """What the rows show in a column."""
    rows, at = page.rows, section(page, column)
    return [rows.data(rows.index(row, at), Qt.ItemDataRole.DisplayRole) for row in range(rows.rowCount())]


def offered(page: TablePage) -> set[str]:
    """The acts on records that the menu offers now, without the page's name."""
    menu = page.action_table.menu(page, records=True)
    words = {entry.text().partition("\t")[0] for entry in menu.actions() if entry.isEnabled()}
    menu.deleteLater()
    actions = page.action_table
    return {one.key.partition(".")[2] for one in actions.all() if actions.label(one.key) in words}
