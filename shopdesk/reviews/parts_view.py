"""Small parts of the review's detail: rows that wrap, bars of the dimensions, causes, cards of what is linked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core.words import tr
from shopdesk.reviews.model import CAUSES, Review, cause_title, tone_of_stars
from shopdesk.ui.banner import Sign
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme
from shopdesk.ui.widgets import Bar


class Flow(QLayout):
    """Widgets in a row that goes on in the next line when it is full."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Put one more at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    @guarded
    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Give everything its place."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    @guarded
    def sizeHint(self) -> QSize:
        """At least the widest."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """At least the widest."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, high = rect.x(), rect.y(), 0
        for item in self._shown():
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, high = rect.x(), y + high + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, high = x + size.width() + self._gap, max(high, size.height())
        return y + high - rect.y()


class Dimensions(QWidget):
    """Goods, service and delivery, as far as the platform has them."""

    def __init__(self, review: Review, bad_stars: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for row, (name, stars) in enumerate(_dimensions(review)):
            grid.addWidget(PlainLabel(name), row, 0)
            grid.addWidget(Bar(stars / 5, tone_of_stars(stars, bad_stars)), row, 1)
            grid.addWidget(PlainLabel(str(stars), strong=True), row, 2)
        grid.setRowStretch(3, 1)

    @staticmethod
    def of(review: Review, bad_stars: int) -> Dimensions | None:
        """The bars; None when the platform has no dimensions."""
        return Dimensions(review, bad_stars) if _dimensions(review) else None


def _dimensions(review: Review) -> list[tuple[str, int]]:
    found = (
        (tr("Goods"), review.stars_goods),
        (tr("Service"), review.stars_service),
        (tr("Delivery"), review.stars_delivery),
    )
    return [(name, stars) for name, stars in found if stars is not None]


class Causes(QWidget):
    """Why a review came out as it did: one of the usual causes, or the owner's own words.

    Signal: ``picked(cause)``, "" for none.
    """

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._cause = ""
        self._title = PlainLabel("", role="text_2")
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._buttons = {key: self._button() for key in (*CAUSES, "")}
        for key, button in self._buttons.items():
            button.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
        self.own = QLineEdit()
        self.own.setFixedWidth(180)
        self.own.setMaxLength(80)
        self.own.returnPressed.connect(self._on_own)
        self.own.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        chips = QWidget()
        flow = Flow(chips)
        for button in self._buttons.values():
            flow.addWidget(button)
        flow.addWidget(self.own)
        column.addWidget(chips)
        column.addStretch(1)
        self.retranslate()

    def button(self, cause: str) -> QPushButton:
        """The chip of a cause; "" is the one for other words."""
        return self._buttons[cause]

    def show_cause(self, cause: str) -> None:
        """Show which cause was noted."""
        if cause != self._cause:
            self.own.hide()
        self._cause = cause
        for key, button in self._buttons.items():
            button.setChecked(bool(cause) and (key == cause or (not key and cause not in CAUSES)))
        self._name_other()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self._title.setText(tr("Cause"))
        for key in CAUSES:
            self._buttons[key].setText(cause_title(key))
        self.own.setPlaceholderText(tr("Cause in your words"))
        self._name_other()

    def ask_other(self) -> None:
        """Let the owner type other words."""
        self.own.setText(self._cause if self._cause not in CAUSES else "")
        self.own.show()
        self.own.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the words as they were."""
        if event.key() == Qt.Key.Key_Escape and self.own.isVisible():
            self.own.hide()
            self._buttons[""].setFocus()
        else:
            super().keyPressEvent(event)

    def _name_other(self) -> None:
        own = self._cause if self._cause and self._cause not in CAUSES else ""
        text = f"{own[:24]}…" if len(own) > 24 else own or tr("Other…")
        self._buttons[""].setText(text.replace("&", "&&"))

    def _button(self) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "chip")
        button.setCheckable(True)
        self._group.addButton(button)
        return button

    def _on_clicked(self, key: str) -> None:
        asked, before = key, self._cause
        self.show_cause(before)
        if not asked:
            self.ask_other()
        else:
            self.picked.emit("" if asked == before else asked)

    def _on_own(self) -> None:
        self.own.hide()
        self.picked.emit(self.own.text())


class Card(QWidget):
    """What a review is about: an order or a product, with a click that opens it. Signal: ``clicked``."""

    clicked = Signal()

    def __init__(self, icon: str, kind: str, title: str, sub: str) -> None:
        super().__init__()
        styled(self, "cardstrong")
        self.setMinimumHeight(theme().size("header_row") + 10)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{kind} {title} {sub}")
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 7, 11, 8)
        column.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(Sign(icon, "text_2", 14))
        head.addWidget(PlainLabel(kind, "small", "text_2"), 1)
        column.addLayout(head)
        column.addWidget(PlainLabel(title, strong=True, elide=True))
        column.addWidget(PlainLabel(sub, "small", "text_2", elide=True))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click inside is a click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter click, too."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
