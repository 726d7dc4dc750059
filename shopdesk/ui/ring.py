"""The ring itself; loaded when the keyboard first moves the focus."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFocusFrame, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

GAP = 4


class _RingStyle(QProxyStyle):
    """Keeps two pixels of air between the widget and the ring."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """The margins of a focus frame are ours."""
        if metric in (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin):
            return GAP
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """The ring belongs to the window, so that no narrow row of buttons cuts it off."""
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        return super().styleHint(hint, option, widget, returned)


class Ring(QFocusFrame):
    """Draws the ring; one for the whole window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = _RingStyle("Fusion")
        self.setStyle(self._style)
        self.hide()

    @guarded
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
