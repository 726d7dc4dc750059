"""What has just happened, said at the foot of the window for a few seconds, with Undo."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from shopdesk.core.words import tr
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.inside import inside
from shopdesk.ui.messages import Level, Message, Messages
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme

STAYS_MS = 8000
ERROR_STAYS_MS = 20000
SIDE = 16
AIR = 14
WIDEST = 720
ICONS = {
    Level.DONE: "done",
    Level.INFO: "info",
    Level.WARNING: "warning",
    Level.ERROR: "late_or_error",
}


class _Sign(QWidget):
    """The icon of the message on the dark ground of the toast."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "done"
        self.setFixedSize(18, 18)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        draw_glyph(painter, QRectF(self.rect()), self.name, "on_tip", 18)


class Toast(QFrame):
    """Shows one message at a time; the next one replaces it. A child of the window, no window itself."""

    def __init__(self, window: QWidget, messages: Messages, undo: Callable[[int], None]) -> None:
        super().__init__(window)
        self._window = window
        styled(self, "toast")
        self._undo_step = undo
        self._message: Message | None = None
        self._held = False
        self._sign = _Sign()
        self._text = PlainLabel("", "body", "on_tip", wrap=False)
        self._link = QPushButton()
        self._link.setProperty("kind", "tiplink")
        self._link.clicked.connect(self._on_link)
        self._close = QPushButton("×")
        self._close.setProperty("kind", "tiplink")
        self._close.clicked.connect(self.hide)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 10, 0)
        row.setSpacing(10)
        for part in (self._sign, self._text, self._link, self._close):
            row.addWidget(part, int(part is self._text), Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        messages.posted.connect(self.show_message)
        window.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is said just now."""
        return self._text.text() if self.isVisible() else ""

    def show_message(self, message: Message) -> None:
        """Say it, or once it may be said again."""
        self._message = message
        if self._held:
            return
        self._sign.name = ICONS[message.level]
        self._text.setText(message.whole())
        label = self._label(message)
        self._link.setText(label)
        self._link.setVisible(bool(label))
        self._close.setAccessibleName(tr("Close"))
        self._place()
        self.show()
        self.raise_()
        lasting = message.level in (Level.WARNING, Level.ERROR)
        self._timer.start(ERROR_STAYS_MS if lasting else STAYS_MS)

    def hold(self, *, held: bool) -> None:
        """Say nothing while the shop is locked; the last message that came meanwhile is said after it."""
        if held:
            self._message = None
            self.hide()
        self._held = held
        if not held and self._message is not None:
            self.show_message(self._message)

    def settle(self) -> None:
        """Something below came or went: find the place again."""
        if self.isVisible():
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _label(self, message: Message) -> str:
        if message.link is not None:
            return message.link[0]
        if message.level is Level.DONE and message.step is not None:
            return tr("Undo")
        return ""

    def _place(self) -> None:
        room = self._window.rect()
        widest = min(WIDEST, room.width() - 2 * SIDE)
        self._text.setWordWrap(False)
        self.setMinimumHeight(theme().size("toast"))
        self.setMaximumHeight(4 * theme().size("toast"))
        self.adjustSize()
        if self.width() > widest:
            self._text.setWordWrap(True)
            self.setFixedWidth(widest)
            self._row.activate()
            height = self._row.heightForWidth(widest)
            self.resize(widest, max(theme().size("toast"), height + 14))
            self.setMinimumWidth(0)
            self.setMaximumWidth(WIDEST)
        self.move((room.width() - self.width()) // 2, self._floor() - AIR - self.height())

    def _floor(self) -> int:
        """Where the room for work ends: above the status bar, and above a bar with buttons while there is one."""
        bars = (bar for bar in inside(self._window, QWidget) if bar.property("kind") == "bar")
        tops = [bar.mapTo(self._window, QPoint(0, 0)).y() for bar in bars if bar.isVisible()]
        return min(tops, default=self._window.height() - theme().size("status_bar"))

    def _on_link(self) -> None:
        message = self._message
        self.hide()
        if message is None:
            return
        if message.link is not None:
            message.link[1]()
        elif message.step is not None:
            self._undo_step(message.step)
