"""Small painted widgets: switch, segments, stars, sparkline, bar, tag, empty state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.core.words import tr
from shopdesk.ui import strokes
from shopdesk.ui.icons import icon
from shopdesk.ui.ornament import Mark
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import theme

_TEXT_WIDTH = 420
_TEXT_MARGIN = 16


class _Box(QCheckBox):
    """A check box, to screen readers too, that paints itself and can be hit anywhere."""

    def hitButton(self, place: QPoint) -> bool:
        """Everything is the button."""
        return self.rect().contains(place)


class Switch(_Box):
    """On or off, with effect at once."""

    def __init__(self, on: bool = False, name: str = "") -> None:
        super().__init__()
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFixedSize(30, 18)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """A pill with a knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        colours = theme()
        painter.setPen(QPen(colours.colour("accent" if on else "control"), 1.5))
        painter.setBrush(colours.colour("accent" if on else "surface"))
        painter.drawRoundedRect(QRectF(0.75, 0.75, 28.5, 16.5), 8.25, 8.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("on_accent" if on else "control"))
        painter.drawEllipse(QRectF(15 if on else 4, 3.5, 11, 11))


class Segments(QWidget):
    """A choice among two to four short values. Signal: ``picked(value)``."""

    picked = Signal(object)

    def __init__(self, options: Sequence[tuple[object, str]], chosen: object = None) -> None:
        super().__init__()
        self._values = [value for value, _ in options]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, (value, label) in enumerate(options):
            button = QPushButton(label)
            button.setCheckable(True)
            button.setChecked(value == chosen)
            button.setProperty("kind", "seg")
            button.setProperty("small", True)
            button.setProperty("place", _place(number, len(options)))
            self._group.addButton(button, number)
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group.idClicked.connect(self._on_clicked)

    @property
    def value(self) -> object:
        """What is chosen; None for nothing."""
        at = self._group.checkedId()
        return self._values[at] if at >= 0 else None

    def choose(self, value: object) -> None:
        """Choose without telling anyone."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def _on_clicked(self, number: int) -> None:
        self.picked.emit(self._values[number])


def _place(number: int, total: int) -> str:
    if total == 1:
        return "only"
    return "first" if number == 0 else "last" if number == total - 1 else "mid"


class _Painted(QWidget):
    """A widget that is only a drawing."""

    def __init__(self, width: int, height: int, name: str) -> None:
        super().__init__()
        self.setFixedSize(width, height)
        self.setAccessibleName(name)

    def draw(self, painter: QPainter) -> None:
        """What it shows."""
        raise NotImplementedError

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it smoothly."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)


class Stars(_Painted):
    """Up to five stars."""

    def __init__(self, count: float) -> None:
        super().__init__(5 * (strokes.STAR_PX - 2) + 4, 20, tr("{n} of 5 stars", n=f"{count:g}"))
        self._count = count

    def draw(self, painter: QPainter) -> None:
        """Five stars."""
        strokes.stars(painter, self.rect(), self._count)


class Bar(_Painted):
    """A share of a whole as a thin bar."""

    def __init__(self, share: float = 0.0, role: str = "accent", width: int = 84) -> None:
        super().__init__(width, 12, f"{share:.0%}")
        self._share = share
        self._role = role

    def draw(self, painter: QPainter) -> None:
        """The track and the filled part."""
        strokes.bar(painter, QRectF(self.rect()), self._share, self._role)


class Tag(QWidget):
    """A word that describes; never a button."""

    def __init__(self, text: str = "", tone: str = "plain") -> None:
        super().__init__()
        self._text, self._tone = text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        if not text:
            self.hide()

    def say(self, text: str, tone: str = "plain") -> None:
        """Other words."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words."""
        return self._text

    @guarded
    def sizeHint(self) -> QSize:
        """As wide as the words."""
        return QSize(theme().metrics("small").horizontalAdvance(self._text) + 12, theme().size("tag"))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Soft ground, coloured words."""
        painter = QPainter(self)
        ground, ink = strokes.tag_roles(self._tone)
        strokes.rounded(painter, QRectF(self.rect()), ground, theme().size("radius_tag"))
        painter.setFont(theme().font("small"))
        painter.setPen(theme().colour(ink))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Avatar(_Painted):
    """A round tile with a person's initials."""

    def __init__(self, name: str, px: int = 32) -> None:
        super().__init__(px, px, name)
        self._initials = strokes.initials_of(name)

    def draw(self, painter: QPainter) -> None:
        """Letters on a circle."""
        strokes.avatar(painter, QRectF(self.rect()), self._initials, strong=True)


class EmptyState(QWidget):
    """The mark, what it means, one action (and a quieter one). Signals: ``acted``, ``acted_second``."""

    acted = Signal()
    acted_second = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = Mark(44)
        self._heading = PlainLabel("", "body", strong=True)
        self._text = PlainLabel("", role="text_2", wrap=True)
        self._button = QPushButton()
        self._button.setProperty("kind", "primary")
        self._second = QPushButton()
        self._second.setProperty("kind", "plain")
        self._button.clicked.connect(self.acted)
        self._second.clicked.connect(self.acted_second)
        for label in (self._heading, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setSpacing(6)
        column.addStretch(2)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._button)
        buttons.addWidget(self._second)
        buttons.addStretch(1)
        column.addSpacing(6)
        column.addLayout(buttons)
        column.addStretch(3)

    def say(
        self, heading: str, text: str, action: str = "", action_icon: str = "", second: str = "", mark: bool = True
    ) -> None:
        """Show these words; an action without words is not there."""
        self._heading.setText(heading)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._fit()
        self._mark.setVisible(mark)
        for button, words in ((self._button, action), (self._second, second)):
            button.setText(words)
            button.setVisible(bool(words))
        if action_icon:
            self._button.setIcon(icon(action_icon, "on_accent"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sentence keeps off the edges of a narrow list."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = theme().metrics("body").horizontalAdvance(self._text.text()) + 8
        width = max(1, min(_TEXT_WIDTH, needed, self.width() - 2 * _TEXT_MARGIN))
        self._text.setFixedWidth(width)
        self._text.setMinimumHeight(max(0, self._text.heightForWidth(width)))  # the layout forgets its last line

    @property
    def heading(self) -> str:
        """What it says."""
        return self._heading.text()

    @property
    def button(self) -> QPushButton:
        """The one action."""
        return self._button
