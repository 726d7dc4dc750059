"""The page without a shop: new, open, demo, drop files, shops opened lately."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QEnterEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

import shopdesk
from shopdesk.core import dates, words
from shopdesk.core.words import tr
from shopdesk.ui.banner import Banner
from shopdesk.ui.icons import draw_glyph, icon
from shopdesk.ui.ornament import paint_awning, paint_mark
from shopdesk.ui.text import PlainLabel, caps_width, draw_caps
from shopdesk.ui.theme import hline, styled, theme

MEGABYTE = 1024 * 1024
COLUMN = 630
CANVAS = QSize(428, 250)


class Illustration(QWidget):
    """Awning, day sheet, parcel and cup on a desk, in the theme's colours."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(CANVAS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour
        paint_awning(painter, QRectF(1, 1, 426, 59), 9, colour("accent"), colour("surface"))
        self._desk(painter)
        self._sheet(painter)
        self._parcel(painter)
        self._cup(painter)

    def _desk(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme().colour("wood_dark"), 6))
        painter.drawLine(QPointF(61, 214), QPointF(51, 248))
        painter.drawLine(QPointF(367, 214), QPointF(377, 248))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("wood"))
        painter.drawRoundedRect(QRectF(30, 205, 368, 9), 3, 3)

    def _sheet(self, painter: QPainter) -> None:
        painter.save()
        painter.translate(92, 113)
        painter.rotate(-4)
        painter.setPen(QPen(theme().colour("line_strong"), 1.4))
        painter.setBrush(theme().colour("surface"))
        painter.drawRoundedRect(QRectF(0, 0, 78, 96), 4, 4)
        for number, width in enumerate((43, 37, 43, 35, 39)):
            top = 12 + number * 16
            done = number < 2
            painter.setPen(QPen(theme().colour("good" if done else "control"), 1.4))
            painter.setBrush(theme().colour("good" if done else "surface"))
            painter.drawRoundedRect(QRectF(9, top, 9, 9), 2, 2)
            if done:
                painter.setPen(QPen(theme().colour("surface"), 1.6))
                painter.drawPolyline([QPointF(11, top + 5), QPointF(13, top + 7), QPointF(16.4, top + 2.6)])
            painter.setPen(QPen(theme().colour("line_strong"), 4, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(26, top + 4.5), QPointF(26 + width, top + 4.5))
        painter.restore()

    def _parcel(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("box"))
        painter.drawRoundedRect(QRectF(207, 140, 84, 65), 3, 3)
        painter.fillRect(QRectF(207, 158, 84, 2), theme().colour("wood"))
        painter.fillRect(QRectF(241, 140, 16, 65), theme().colour("box_light"))
        painter.fillRect(QRectF(215, 179, 20, 14), theme().colour("surface"))

    def _cup(self, painter: QPainter) -> None:
        cup = theme().colour("cup")
        painter.setPen(QPen(cup, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(351, 176, 19, 18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cup)
        painter.drawChord(QRectF(316, 138, 44, 67), 180 * 16, 180 * 16)
        painter.setBrush(theme().colour("cup_light"))
        painter.drawEllipse(QRectF(316, 167, 44, 9))
        painter.setPen(QPen(theme().colour("line_strong"), 2.4, c=Qt.PenCapStyle.RoundCap))
        for left in (332.0, 343.0):
            points = [
                QPointF(left, 159),
                QPointF(left + 2.5, 155),
                QPointF(left, 151),
                QPointF(left + 2, 146),
            ]
            painter.drawPolyline(points)


class BigButton(QAbstractButton):
    """A way into a shop: icon, what it is, what it does, its key."""

    def __init__(self, icon_name: str, keys: str, *, primary: bool = False) -> None:
        super().__init__()
        self._icon, self._keys, self._primary = icon_name, keys, primary
        self._sub = ""
        self.setFixedHeight(65)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QShortcut(QKeySequence(keys), self, self.click)

    def set_words(self, title: str, sub: str) -> None:
        """Say it in the language in use."""
        self._sub = sub
        self.setText(title)
        self.setAccessibleName(f"{title}. {sub}")
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover colour."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the resting colour."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse()
        if self._primary:
            ground = border = "accent_hover" if over else "accent"
        else:
            ground, border = "hover" if over else "surface", "line_strong"
        painter.setPen(QPen(theme().colour(border), 1))
        painter.setBrush(theme().colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        ink, quiet = ("on_accent", "on_accent") if self._primary else ("text", "text_2")
        draw_glyph(
            painter, QRectF(16, 21, 22, 22), self._icon, "on_accent" if self._primary else "accent", 20
        )
        self._line(painter, 13, self.text(), ink, "reading", True)
        self._line(painter, 34, self._sub, quiet, "small", False)
        caps = ("on_accent", "on_accent", ground) if self._primary else ("text_3", "line_strong", "surface")
        draw_caps(painter, self.width() - 17, self.height() / 2, self._keys, caps)

    def _line(self, painter: QPainter, top: int, text: str, role: str, scale: str, strong: bool) -> None:
        room = QRectF(53, top, self.width() - 53 - 30 - caps_width(self._keys), 19)
        painter.setFont(theme().font(scale, strong))
        painter.setPen(theme().colour(role))
        said = theme().metrics(scale, strong).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)


class DropZone(QAbstractButton):
    """Where files can be dropped; a click chooses them."""

    def __init__(self) -> None:
        super().__init__()
        self._sub = ""
        self.setFixedHeight(116)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_words(self, title: str, sub: str) -> None:
        """Say it in the language in use."""
        self._sub = sub
        self.setText(title)
        self.setAccessibleName(f"{title}. {sub}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dashed card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme().colour("control"), 1)
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        draw_glyph(painter, QRectF(0, 16, self.width(), 26), "import", "accent", 24)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(theme().font("body", True))
        painter.setPen(theme().colour("text"))
        painter.drawText(QRectF(0, 43, self.width(), 20), centre, self.text())
        painter.setFont(theme().font("small"))
        painter.setPen(theme().colour("text_2"))
        room = QRectF(70, 65, self.width() - 140, 44)
        painter.drawText(room, centre | Qt.TextFlag.TextWordWrap, self._sub)


class RecentShop(QAbstractButton):
    """A shop opened lately: name, file, when, size."""

    def __init__(self, path: Path, name: str, when: str) -> None:
        super().__init__()
        self.path = path
        self._when = when
        self.setText(name or path.stem)
        self.setAccessibleName(f"{self.text()}, {path}")
        self.setFixedHeight(50)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), theme().colour("hover"))
        painter.setPen(theme().colour("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        paint_mark(painter, QRectF(9, 15, 20, 20))
        width = self.width() - 42 - 150
        self._text(painter, QRectF(42, 7, width, 18), self.text(), "text", "body", True)
        self._text(painter, QRectF(42, 25, width, 17), str(self.path), "text_2", "small", False)
        right = QRectF(self.width() - 158, 7, 150, 18)
        self._text(painter, right, dates.show_time(self._when), "text_2", "body", False, end=True)
        self._text(painter, right.translated(0, 18), self._size(), "text_2", "small", False, end=True)

    def _size(self) -> str:
        try:
            size = self.path.stat().st_size / MEGABYTE
        except OSError:
            return ""
        return f"{max(size, 0.1):.1f} MB" if size < 10 else f"{size:,.0f} MB"

    def _text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        role: str,
        scale: str,
        strong: bool,
        *,
        end: bool = False,
    ) -> None:
        painter.setFont(theme().font(scale, strong))
        painter.setPen(theme().colour(role))
        side = Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft
        said = theme().metrics(scale, strong).elidedText(text, Qt.TextElideMode.ElideMiddle, int(box.width()))
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, said)


class Welcome(QWidget):
    """The first page of the program. Signals ask for what was chosen."""

    new_requested = Signal()
    open_requested = Signal()
    demo_requested = Signal()
    files_requested = Signal()
    shop_requested = Signal(object)
    language_requested = Signal(str)
    help_requested = Signal()

    def __init__(self, recent: Callable[[], list[tuple[Path, str, str]]]) -> None:
        super().__init__()
        self._recent = recent
        self._new = BigButton("plus-circle", "Ctrl+N", primary=True)
        self._open = BigButton("open", "Ctrl+O")
        self._demo = BigButton("demo", "Ctrl+D")
        self._drop = DropZone()
        self._new.clicked.connect(self.new_requested)
        self._open.clicked.connect(self.open_requested)
        self._demo.clicked.connect(self.demo_requested)
        self._drop.clicked.connect(self.files_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), 41)
        row.addWidget(self._right(), 59)
        self._retranslate()

    def say(self, trouble: str) -> None:
        """Say above the buttons why a file did not open; "" takes it away."""
        self._trouble.set_text(trouble)
        self._trouble.setVisible(bool(trouble))

    @property
    def trouble(self) -> str:
        """Why a file did not open."""
        return self._trouble.text

    def show_progress(self, text: str) -> None:
        """Say what is being made; the buttons wait meanwhile."""
        self._progress.setText(text)
        self._progress.setVisible(bool(text))
        for button in (self._new, self._open, self._demo, self._drop):
            button.setEnabled(not text)

    def refresh(self) -> None:
        """Show the recent shops as they are now."""
        while (item := self._shops.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        rows = self._recent()
        self._heading.setVisible(bool(rows))
        self._line.setVisible(bool(rows))
        for path, name, when in rows[:5]:
            entry = RecentShop(path, name, when)
            entry.clicked.connect(self._on_recent)
            self._shops.addWidget(entry)

    def changeEvent(self, event: QEvent) -> None:
        """Take the words of another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _left(self) -> QWidget:
        left = styled(QWidget(), "window")
        column = QVBoxLayout(left)
        column.setContentsMargins(28, 28, 28, 28)
        self._title = PlainLabel("", "figure", strong=True, wrap=True)
        self._sub = PlainLabel("", "body", "text_2", wrap=True)
        column.addStretch(10)
        column.addWidget(Illustration(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(34)
        for label in (self._title, self._sub):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
            column.addSpacing(8)
        column.addStretch(11)
        return left

    def _right(self) -> QWidget:
        self._heading = PlainLabel("", "small", "text_2", strong=True)
        self._line = hline()
        self._shops = QVBoxLayout()
        self._shops.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addSpacing(44)
        self._trouble = Banner("", "bad")
        self._trouble.hide()
        column.addWidget(self._trouble)
        self._progress = PlainLabel("", "body", "text_2")
        self._progress.hide()
        column.addWidget(self._progress)
        for button in (self._new, self._open, self._demo):
            column.addWidget(button)
        column.addSpacing(6)
        column.addWidget(self._drop)
        column.addSpacing(10)
        column.addWidget(self._heading)
        column.addWidget(self._line)
        column.addLayout(self._shops)
        column.addStretch()
        column.addLayout(self._foot())
        inner = QWidget()
        inner.setMaximumWidth(COLUMN)
        inner.setLayout(column)
        outer = styled(QWidget(), "page")
        row = QHBoxLayout(outer)
        row.setContentsMargins(20, 8, 20, 8)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(outer)
        return area

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(PlainLabel(f"ShopDesk {shopdesk.__version__}", "small", "text_3"))
        row.addStretch()
        self._language = QPushButton()
        self._help = QPushButton()
        for button, name in ((self._language, "language"), (self._help, "why")):
            button.setProperty("kind", "plain")
            button.setIcon(icon(name))
            row.addWidget(button)
        self._menu = QMenu(self)
        for code, name in words.LANGUAGES.items():
            self._menu.addAction(name).setData(code)
        self._menu.triggered.connect(self._on_language)
        self._language.clicked.connect(self._on_language_menu)
        self._help.clicked.connect(self.help_requested)
        return row

    def _retranslate(self) -> None:
        self._new.set_words(tr("New shop"), tr("Choose where the file lives, then drop in your exports"))
        self._open.set_words(tr("Open a .shop file"), tr("Also opens a backup"))
        self._demo.set_words(
            tr("Try the demo shop"), tr("A small tea-ware shop. Click anything, break anything")
        )
        self._drop.set_words(
            tr("Drop files here"),
            tr(
                "Orders, items or reviews exported from Taobao, Pinduoduo, JD, Douyin, "
                "Shopify, WooCommerce; CSV or Excel"
            ),
        )
        self._title.setText(tr("Your whole shop on one desk"))
        said = tr("Orders, stock, customers, reviews, figures and today's jobs, in one file.")
        self._sub.setText(said + "\n" + tr("No account, no network. It stays on this computer."))
        self._heading.setText(tr("Recent shops"))
        self._language.setText(words.LANGUAGES[words.language()])
        self._help.setText(tr("Guide"))
        self.refresh()

    def _on_recent(self) -> None:
        entry = self.sender()
        if isinstance(entry, RecentShop):
            self.shop_requested.emit(entry.path)

    def _on_language_menu(self) -> None:
        corner = self._language.rect().topLeft()
        self._menu.popup(
            self._language.mapToGlobal(corner) - QPointF(0, self._menu.sizeHint().height()).toPoint()
        )

    def _on_language(self, action: object) -> None:
        self.language_requested.emit(action.data())  # type: ignore[attr-defined]
