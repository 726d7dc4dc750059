"""A return in the drawer of its order: what it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core import money
from shopdesk.core.words import tr, trn
from shopdesk.orders.model import OPEN_RETURNS
from shopdesk.orders.records import Return
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled
from shopdesk.ui.widgets import Tag

Act = tuple[str, Callable[[], object]]


class ReturnCard(QWidget):
    """One return with its buttons; settled ones have none."""

    def __init__(self, found: Return, currency: str, acts: Sequence[Act]) -> None:
        super().__init__()
        styled(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 9)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_title(found), strong=True, wrap=True), 1)
        head.addWidget(Tag(found.state.label(), found.state.tone))
        column.addLayout(head)
        for text in (_facts(found, currency), found.reason, found.note):
            if text.strip():
                column.addWidget(PlainLabel(text, "small", "text_2", wrap=True))
        if found.state in OPEN_RETURNS:
            column.addLayout(_buttons(acts))


def _title(found: Return) -> str:
    return f"{found.kind.label()} {found.number}".strip()


def _facts(found: Return, currency: str) -> str:
    pieces = trn("{n} item", "{n} items", found.pieces) if found.pieces else ""
    amount = money.show(found.amount, currency) if found.amount else ""
    return " · ".join(part for part in (pieces, amount) if part)


def _buttons(acts: Sequence[Act]) -> QGridLayout:
    """Two in a row, as wide as the card."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setSpacing(6)
    for number, (words, run) in enumerate(acts):
        button = QPushButton(words)
        button.setProperty("small", True)
        button.clicked.connect(lambda _on=False, run=run: run())
        grid.addWidget(button, number // 2, number % 2)
    return grid


def refund_hint(left: int, currency: str) -> str:
    """What can go back at most."""
    return tr("at most {amount}", amount=money.show(left, currency))
