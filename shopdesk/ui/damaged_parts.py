"""The list of what is well and what is not, in the window for a damaged file."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from shopdesk.ui.banner import Sign
from shopdesk.ui.damaged_words import Line
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled

_SIGNS = {True: ("done", "good"), False: ("late_or_error", "bad"), None: ("clock", "text_3")}


class PartList(QFrame):
    """A card with one line for each part of the shop."""

    def __init__(self) -> None:
        super().__init__()
        styled(self, "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._shown: list[Line] = []

    def show_lines(self, lines: list[Line]) -> None:
        """Say these; what stays the same is not made anew."""
        if lines == self._shown:
            return
        self._shown = lines
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for at, line in enumerate(lines):
            if at:
                self._column.addWidget(hline())
            self._column.addWidget(_row(line))

    def texts(self) -> list[tuple[str, str]]:
        """What is said."""
        return [(line.text, line.told) for line in self._shown]


def _row(line: Line) -> QFrame:
    frame = QFrame()
    frame.setMinimumHeight(34)
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 6, 12, 6)
    row.setSpacing(9)
    row.addWidget(Sign(*_SIGNS[line.well], 15))
    text = PlainLabel(line.text, wrap=True)
    text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    row.addWidget(text, 1)
    row.addWidget(PlainLabel(line.told, "small", "text_2"))
    return frame
