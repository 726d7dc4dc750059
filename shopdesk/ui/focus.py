"""The ring around what has the keyboard: one frame that follows the focus, for keyboard moves only."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QWidget,
)

from shopdesk.ui.theme import theme

GAP = 4
# these show the focus themselves: a thicker border, or a bar beside the current row
OWN_FOCUS = (QLineEdit, QAbstractSpinBox, QComboBox, QAbstractItemView, QAbstractScrollArea)


class _RingStyle(QProxyStyle):
    """Keeps two pixels of air between the widget and the ring."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """The margins of a focus frame are ours."""
        if metric in (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin):
            return GAP
        return super().pixelMetric(metric, option, widget)


class Ring(QFocusFrame):
    """Draws the ring; one for the whole window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = _RingStyle("Fusion")
        self.setStyle(self._style)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Two pixels of the accent, rounded like the button inside."""
        widget = self.widget()
        if widget is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("accent"), 2))
        round_ = widget.property("kind") == "chip"
        radius = self.height() / 2 - 1 if round_ else theme().size("radius_button") + 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


class FocusRing(QObject):
    """Moves the ring with the focus; the window tells it when the keyboard is what moves it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ring: Ring | None = None
        self._by_keyboard = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @property
    def ring(self) -> Ring | None:
        """The frame, once it was needed."""
        return self._ring

    @contextmanager
    def keyboard(self) -> Iterator[None]:
        """Within the block a change of focus comes from the keyboard."""
        self._by_keyboard = True
        try:
            yield
        finally:
            self._by_keyboard = False

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self._by_keyboard or not self._fits(new):
            if self._ring is not None:
                self._ring.setWidget(None)
            return
        if self._ring is None:
            self._ring = Ring(self._window)
        self._ring.setWidget(new)

    def _fits(self, widget: QWidget) -> bool:
        return self._window.isAncestorOf(widget) and not isinstance(widget, OWN_FOCUS)
