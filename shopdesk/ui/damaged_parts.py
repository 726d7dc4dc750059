"""The painted parts of the window for a damaged file: the list of what is well, and the cards of the ways out."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout

from shopdesk.ui.banner import Sign
from shopdesk.ui.damaged_words import Choice, Line
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled, theme

_SIGNS = {True: ("done", "good"), False: ("late_or_error", "bad"), None: ("clock", "text_3")}
_LEFT = 38
_TOP = 9
_WRAP = int(Qt.TextFlag.TextWordWrap)


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


class ChoiceCard(QRadioButton):
    """A way out: a radio button, its name, and under it what it means here."""

    def __init__(self, choice: Choice) -> None:
        super().__init__(choice.title)
        self._sub = ""
        self.name = choice.name
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(choice)

    def say(self, choice: Choice) -> None:
        """More is known of it now."""
        self.setText(choice.title)
        self._sub = choice.sub
        self.setAccessibleDescription(choice.sub)
        self.setEnabled(choice.possible)
        self.updateGeometry()
        self.update()

    @property
    def sub(self) -> str:
        """What it means here."""
        return self._sub

    def hitButton(self, _at: object) -> bool:
        """The whole card can be clicked."""
        return True

    @guarded
    def hasHeightForWidth(self) -> bool:
        """The words may take two lines."""
        return True

    @guarded
    def heightForWidth(self, width: int) -> int:
        """As high as the words."""
        return self._words_box(width, self.text(), strong=True) + self._words_box(width, self._sub) + 2 * _TOP + 3

    @guarded
    def sizeHint(self) -> QSize:
        """The height at the present width."""
        return QSize(320, self.heightForWidth(self.width()))

    def _words_box(self, width: int, words: str, *, strong: bool = False) -> int:
        metrics = theme().metrics("body", True) if strong else theme().metrics("small")
        return metrics.boundingRect(QRect(0, 0, width - _LEFT - 14, 1000), _WRAP, words).height()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame, the dot, the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, able = self.isChecked(), self.isEnabled()
        width = 2 if on else 1
        painter.setPen(QPen(theme().colour("accent" if on else "line_strong"), width))
        painter.setBrush(theme().colour("surface" if able else "page"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)
        painter.setPen(QPen(theme().colour("accent" if on else "control"), 1.4))
        painter.drawEllipse(QRectF(13, _TOP + 1, 15, 15))
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(QRectF(17, _TOP + 5, 7, 7))
        top = self._paint_words(painter, _TOP, self.text(), "text" if able else "text_3", strong=True)
        self._paint_words(painter, top + 3, self._sub, "text_2" if able else "text_3")

    def _paint_words(self, painter: QPainter, top: int, words: str, role: str, *, strong: bool = False) -> int:
        height = self._words_box(self.width(), words, strong=strong)
        painter.setFont(theme().font("body", True) if strong else theme().font("small"))
        painter.setPen(theme().colour(role))
        painter.drawText(QRect(_LEFT, top, self.width() - _LEFT - 14, height), _WRAP, words)
        return top + height
