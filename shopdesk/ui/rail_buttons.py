"""The buttons of the rail: a tab with its count of work waiting, a command at the foot, the shop at the head."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from shopdesk.core.words import tr
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.ornament import paint_mark
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import plain_tip
from shopdesk.ui.theme import theme

ICON = 18
COUNT_LIMIT = 999
NARROW_LIMIT = 99


class Flat(QAbstractButton):
    """A button painted by hand that knows whether the pointer is over it and whether the rail is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = False
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_narrow(self, narrow: bool) -> None:
        """Show only the icon; the words move to the tooltip."""
        self.narrow = narrow
        plain_tip(self, self.text() if narrow else "")
        self.update()

    def paint_hover(self, painter: QPainter) -> None:
        """The ground under the pointer."""
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover colour."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the resting colour."""
        super().leaveEvent(event)
        self.update()


class RailTab(Flat):
    """One tab: icon, title, count; red only when some of the waiting work is overdue."""

    def __init__(self, name: str, title: str, icon: str, key: str = "") -> None:
        super().__init__()
        self.name = name
        self.key = key
        self._title = title
        self._icon = icon
        self._count = 0
        self._overdue = 0
        self.setFixedHeight(theme().size("tab"))
        self.setCheckable(True)
        self.retranslate()

    def retranslate(self) -> None:
        """Take the title in the language in use."""
        self.setText(tr(self._title))
        self.set_narrow(self.narrow)

    @property
    def count(self) -> tuple[int, int]:
        """Work waiting, of it overdue."""
        return self._count, self._overdue

    def set_count(self, count: int, overdue: int) -> None:
        """Show other numbers."""
        if (count, overdue) != self.count:
            self._count, self._overdue = count, overdue
            self._describe()
            self.update()

    def _describe(self) -> None:
        said = self.text()
        if self._overdue:
            said = tr("{title}, {n} waiting, {m} overdue", title=said, n=self._count, m=self._overdue)
        elif self._count:
            said = tr("{title}, {n} waiting", title=said, n=self._count)
        self.setAccessibleName(said)
        plain_tip(self, said if self.narrow or self._overdue else "")

    def set_narrow(self, narrow: bool) -> None:
        """Show only the icon; the words move to the tooltip."""
        super().set_narrow(narrow)
        self._describe()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tab."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        role = "accent" if self.isChecked() else "text_2"
        left = (self.width() - ICON) / 2 if self.narrow else 9
        box = QRectF(left, (self.height() - ICON) / 2, ICON, ICON)
        draw_glyph(painter, box, self._icon, role, ICON, fill=self.isChecked())
        if not self.narrow:
            painter.setFont(theme().font("body", self.isChecked()))
            painter.setPen(theme().colour(role))
            room = QRectF(36, 0, self.width() - 36 - 10 - self._count_width(), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        self._paint_count(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.setBrush(theme().colour("surface"))
            painter.drawRoundedRect(box, 6, 6)
        elif self.underMouse():
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(box, 6, 6)

    def _said(self) -> str:
        limit = NARROW_LIMIT if self.narrow else COUNT_LIMIT
        return f"{limit}+" if self._count > limit else str(self._count or "")

    def _count_width(self) -> int:
        return theme().metrics("tiny", True).horizontalAdvance(self._said()) + 12

    def _paint_count(self, painter: QPainter) -> None:
        """The work waiting, as one number; in a red pill when some of it is overdue."""
        said, late = self._said(), self._overdue > 0
        if not said:
            return
        width = self._count_width()
        box = QRectF(self.width() - (8 if late else 3) - width, (self.height() - 18) / 2, width, 18)
        if self.narrow:
            box = QRectF((self.width() + ICON) / 2 - 4, 1, width, 13)
        elif late:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("bad_soft"))
            painter.drawRoundedRect(box, 9, 9)
        painter.setFont(theme().font("tiny", late or self.isChecked()))
        painter.setPen(theme().colour("bad" if late else "accent" if self.isChecked() else "text_2"))
        side = Qt.AlignmentFlag.AlignLeft if self.narrow else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, said)


class RailButton(Flat):
    """A command at the foot of the rail."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedHeight(theme().size("tab"))

    def show_as(self, icon: str, text: str) -> None:
        """Use another icon and text."""
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.set_narrow(self.narrow)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it like a tab that is not current."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_hover(painter)
        left = (self.width() - ICON) / 2 if self.narrow else 9
        draw_glyph(painter, QRectF(left, (self.height() - ICON) / 2, ICON, ICON), self._icon, "text_2", ICON)
        if not self.narrow:
            painter.setFont(theme().font())
            painter.setPen(theme().colour("text_2"))
            room = QRectF(36, 0, self.width() - 40, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class ShopHead(Flat):
    """Mark, name of the shop and how many channels it has; opens the menu of shops."""

    def __init__(self) -> None:
        super().__init__()
        self._sub = ""
        self.setFixedHeight(44)

    def set_shop(self, name: str, sub: str) -> None:
        """Show another shop."""
        self._sub = sub
        self.setText(name)
        self.setAccessibleName(name)
        self.set_narrow(self.narrow)

    @guarded
    def sizeHint(self) -> QSize:
        """As high as two lines of text."""
        return QSize(120, 44)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint mark, two lines and the arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_hover(painter)
        left = (self.width() - 24) / 2 if self.narrow else 7
        paint_mark(painter, QRectF(left, 10, 24, 24))
        if self.narrow:
            return
        room = self.width() - 41 - 26
        self._line(painter, QRectF(41, 4, room, 18), self.text(), "text", "body", True)
        self._line(painter, QRectF(41, 22, room, 15), self._sub, "text_2", "tiny", False)
        draw_glyph(painter, QRectF(self.width() - 24, 14, 16, 16), "dropdown", "text_3", 13)

    def _line(self, painter: QPainter, box: QRectF, text: str, role: str, scale: str, strong: bool) -> None:
        painter.setFont(theme().font(scale, strong))
        painter.setPen(theme().colour(role))
        metrics = theme().metrics(scale, strong)
        said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
