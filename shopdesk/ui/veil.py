"""What lies over the window while files are dragged across it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from shopdesk.core.words import tr
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

INSET = 14
ALPHA = 0.92


class DropVeil(QWidget):
    """A dashed frame that says what a drop will do; it takes no mouse, the window gets the drop."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""

    def show_over(self, count: int, *, shop: bool) -> None:
        """Cover the window and say what comes."""
        self._text = tr("Drop to open the shop") if shop else tr("Drop to see what is in it")
        if count > 1 and not shop:
            self._text = tr("Drop to see what is in the {n} files", n=count)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text if self.isVisible() else ""

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the veil."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme().colour("accent_soft"))
        ground.setAlphaF(ALPHA)
        painter.fillRect(self.rect(), ground)
        pen = QPen(theme().colour("accent"), 2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        box = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(box, 10, 10)
        middle = box.center().y()
        draw_glyph(painter, QRectF(0, middle - 44, self.width(), 34), "import", "accent", 32)
        painter.setFont(theme().font("heading", True))
        painter.setPen(theme().colour("accent"))
        painter.drawText(QRectF(0, middle, self.width(), 28), Qt.AlignmentFlag.AlignCenter, self._text)
