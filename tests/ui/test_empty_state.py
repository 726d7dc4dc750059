"""What stands where there is nothing: its sentence is shown whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from shopdesk.ui.text import PlainLabel
from shopdesk.ui.widgets import EmptyState

LONG = (
    "Nothing was sold in these days. The newest order is of 30 May 2017; there are 3,989 orders in all,"
    " which the range of the chips above does not reach."
)


@pytest.mark.parametrize("size", [(900, 600), (900, 220), (320, 600)])
def test_a_long_sentence_has_all_its_lines(qtbot: QtBot, size: tuple[int, int]) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    shown = EmptyState()
    QVBoxLayout(host).addWidget(shown, 1)
    host.resize(*size)
    host.show()
    shown.say("Nothing sold", "")
    for text in (LONG, "Short.", LONG):
        shown.say("Nothing sold", text, "Show May")
        qtbot.wait(1)
        (label,) = [one for one in shown.findChildren(PlainLabel) if one.text() == text]
        assert label.height() >= label.heightForWidth(label.width())
        assert label.geometry().left() >= 0
        assert label.geometry().right() <= shown.width()
    assert label.height() > 2 * label.fontMetrics().height()
