"""A choice of which each answer needs a sentence or a picture: cards; here under each other, as wide as their place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

_SIDE = 10
_DOT = 26
_AIR = 9
_TALLEST = 1000


class Card(QRadioButton):
    """One answer: a frame, blue when it is chosen, and a dot. Subclasses paint the rest."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def hitButton(self, _at: object) -> bool:
        """The whole card can be clicked."""
        return True

    def paint_frame(self, painter: QPainter) -> None:
        """The ground and its edge."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner, width = theme().size("radius_card"), 2 if self.isChecked() else 1
        painter.setPen(QPen(self._edge(), width))
        painter.setBrush(theme().colour("surface"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), corner, corner)

    def paint_dot(self, painter: QPainter, left: float, middle: float) -> None:
        """What a radio button has, 16 px wide."""
        painter.setPen(QPen(self._edge(), 1.4))
        painter.setBrush(theme().colour("surface"))
        painter.drawEllipse(QRectF(left, middle - 8, 16, 16))
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(QRectF(left + 4, middle - 4, 8, 8))

    def _edge(self) -> QColor:
        return theme().colour("accent" if self.isChecked() else "control")


class ChoiceCard(Card):
    """Its words, and under them what it means, in as many lines as that takes."""

    def __init__(self, title: str, means: str) -> None:
        super().__init__(title)
        self._means = means
        self.setAccessibleDescription(means)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, title: str, means: str, *, possible: bool = True) -> None:
        """Other words for the same answer; one that is not possible cannot be chosen."""
        self.setText(title)
        self._means = means
        self.setAccessibleDescription(means)
        self.setEnabled(possible)
        self.updateGeometry()
        self.update()

    @property
    def means(self) -> str:
        """What it means."""
        return self._means

    def hasHeightForWidth(self) -> bool:
        """The sentence wraps."""
        return True

    @guarded
    def heightForWidth(self, width: int) -> int:
        """As high as both take."""
        title, means = self._places(width)
        return means.bottom() + 1 + _AIR if self._means else title.bottom() + 1 + _AIR

    @guarded
    def sizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(220, self.heightForWidth(220))

    @guarded
    def minimumSizeHint(self) -> QSize:
        """Narrow columns wrap more."""
        return QSize(140, self.heightForWidth(max(140, self.width())))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card with both."""
        painter = QPainter(self)
        self.paint_frame(painter)
        title, means = self._places(self.width())
        self.paint_dot(painter, _SIDE, title.center().y() + 1)
        for room, text, scale, role in ((title, self.text(), "body", "text"), (means, self._means, "small", "text_2")):
            painter.setFont(theme().font(scale, scale == "body"))
            painter.setPen(theme().colour(role if self.isEnabled() else "text_3"))
            painter.drawText(room, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), text)

    def _places(self, width: int) -> tuple[QRect, QRect]:
        """Where title and meaning stand in a card of that width."""
        left = _SIDE + _DOT
        room = QRect(left, _AIR, max(40, width - left - _SIDE), _TALLEST)
        wrap = int(Qt.TextFlag.TextWordWrap)
        title = theme().metrics("body", True).boundingRect(room, wrap, self.text())
        room.moveTop(title.bottom() + 3)
        means = theme().metrics("small").boundingRect(room, wrap, self._means)
        title.setWidth(room.width())
        means.setWidth(room.width())
        return title, means


class ChoiceCards(QWidget):
    """The cards of a choice; the first is chosen. Signal: ``chosen(place)``."""

    chosen = Signal(int)

    def __init__(self, cards: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for place, (title, means) in enumerate(cards):
            card = ChoiceCard(title, means)
            card.setChecked(place == 0)
            self._group.addButton(card, place)
            column.addWidget(card)
        self._group.idClicked.connect(self.chosen)

    @property
    def at(self) -> int:
        """The place of the chosen one."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Choose as the owner would."""
        self._group.button(place).click()
