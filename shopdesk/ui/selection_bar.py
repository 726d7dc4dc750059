"""The bar under a table while rows are selected: how many, what they are together, what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from shopdesk.core.words import tr
from shopdesk.ui import strokes
from shopdesk.ui.actions import ONLY_READING, Action, ActionTable, Place
from shopdesk.ui.icons import icon
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import Keys, PlainLabel, key_text, plain_tip
from shopdesk.ui.theme import styled, theme


class _Tick(QAbstractButton):
    """The box at the left: a click selects nothing again."""

    def __init__(self) -> None:
        super().__init__()
        side = theme().size("check")
        self.setFixedSize(side, side)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ticked box."""
        strokes.check_box(QPainter(self), QRectF(self.rect()), on=True)


class ActionButton(QPushButton):
    """A button that stands for an action of the page."""

    def __init__(self, actions: ActionTable, action: Action, kind: str, *, caps: bool = False) -> None:
        super().__init__()
        self._actions = actions
        self._action = action
        self._primary = kind == "primary"
        if kind:
            self.setProperty("kind", kind)
        self.setIcon(icon(action.icon, "on_accent" if self._primary else "bad" if action.tone == "bad" else "text"))
        self._caps: Keys | None = None
        if caps and action.shortcut:
            roles = ("on_accent", "on_accent", "accent") if self._primary else ("text_3", "line_strong", "surface")
            self._caps = Keys(action.shortcut, roles)
            self._caps.setParent(self)
        self.clicked.connect(self._on_clicked)
        actions.changed.connect(self.refresh)
        self.refresh()

    @property
    def key(self) -> str:
        """The action's key."""
        return self._action.key

    def refresh(self) -> None:
        """Take the words and whether it can be done."""
        self.setText(self._actions.label(self._action.key))
        self.setEnabled(self._actions.available(self._action.key))
        if self._caps is not None:
            self._caps.setVisible(self.isEnabled())  # a key that does nothing is not offered
        hint = tr(self._action.tip) if self._action.tip else ""
        if self._actions.is_locked(self._action.key):
            hint = tr(ONLY_READING)
        plain_tip(self, f"{hint} {key_text(self._action.shortcut)}".strip())
        self.updateGeometry()

    @guarded
    def sizeHint(self) -> QSize:
        """Room for the key caps behind the words."""
        hint = super().sizeHint()
        if self._caps is not None:
            hint.setWidth(hint.width() + self._caps.width() + 8)
        return hint

    def resizeEvent(self, event: object) -> None:
        """The caps stand at the right end."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self._caps is not None:
            self._caps.move(self.width() - self._caps.width() - 9, (self.height() - self._caps.height()) // 2)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and words keep to the left of the caps."""
        if self._caps is None:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        option.rect = option.rect.adjusted(0, 0, -self._caps.width() - 4, 0)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)

    def _on_clicked(self) -> None:
        self._actions.trigger(self._action.key)


class SelectionBar(QFrame):
    """Docked under the table, so that rows do not jump. Signal: ``cleared``."""

    cleared = Signal()

    def __init__(self, actions: ActionTable) -> None:
        super().__init__()
        styled(self, "bar")
        self.setFixedHeight(theme().size("selection_bar"))
        self._tick = _Tick()
        self._tick.clicked.connect(self.cleared)
        self._said = PlainLabel("", strong=True)
        self._fact = PlainLabel("", role="text_2")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 14, 0)
        row.setSpacing(8)
        for part in (self._tick, self._said, self._fact):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.buttons: list[ActionButton] = []
        for action in (*actions.placed(Place.SELECTION), *actions.placed(Place.MAIN)):
            main = action.place is Place.MAIN
            button = ActionButton(actions, action, "primary" if main else "", caps=main)
            button.setProperty("small", True)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self.buttons.append(button)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says."""
        return f"{self._said.text()} {self._fact.text()}".strip()

    def say(self, text: str, fact: str = "") -> None:
        """How many are selected, and what they are together."""
        self._said.setText(text)
        self._fact.setText(fact)
        self._tick.setAccessibleName(tr("Select nothing"))

    def parts(self) -> list[QWidget]:
        """What takes the keyboard, in tab order."""
        return [self._tick, *self.buttons]
