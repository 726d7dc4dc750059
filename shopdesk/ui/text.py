"""Labels that show data as it is: Qt guesses rich text, so every label says plain text here."""

from html import escape

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

KEY_NAMES = {"Return": "↵", "Enter": "↵", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Del": "Del"}

_MOST = 10_000
_MOST_TIP = 2_000


class PlainLabel(QLabel):
    """A label whose text is never taken for markup; colour and font are names of the theme."""

    def __init__(
        self,
        text: str = "",
        scale: str = "body",
        role: str = "text",
        *,
        strong: bool = False,
        wrap: bool = False,
        elide: bool = False,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._role = role
        self._elide = elide
        self._scale = (scale, strong)
        self.setFont(theme().font(scale, strong))
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_role(role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show the text; of one that nobody reads to its end, the beginning (laying it out would take minutes)."""
        super().setText(text if len(text) <= _MOST else f"{text[:_MOST]}…")

    def set_role(self, role: str) -> None:
        """Use another colour role."""
        self._role = role
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().colour(role))
        self.setPalette(palette)

    def set_scale(self, scale: str, *, strong: bool = False) -> None:
        """Use another step of the type scale."""
        self._scale = (scale, strong)
        self.setFont(theme().font(scale, strong))

    def changeEvent(self, event: QEvent) -> None:
        """Take the new colour after a switch of the theme (the stylesheet is set again then)."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            now = self.palette().color(QPalette.ColorRole.WindowText)
            if now != theme().colour(self._role):
                self.set_role(self._role)

    @guarded
    def minimumSizeHint(self) -> QSize:
        """An eliding label may become as narrow as its place is."""
        hint = super().minimumSizeHint()
        return QSize(12, hint.height()) if self._elide else hint

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, with an ellipsis when it is data and too long."""
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme().colour(self._role))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment()), text)


class LinkLabel(PlainLabel):
    """A short text to click, also with the keyboard. Signal: ``clicked``."""

    clicked = Signal()

    def __init__(self, text: str = "", scale: str = "body", role: str = "accent") -> None:
        super().__init__(text, scale, role)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click inside is a click."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter click, too."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def plain_tip_text(text: str) -> str:
    """The text for a tooltip: escaped, because tooltips draw markup."""
    shown = text if len(text) <= _MOST_TIP else f"{text[:_MOST_TIP]}…"
    return f"<span>{escape(shown)}</span>" if text else ""


def plain_tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip that shows the text as it is."""
    widget.setToolTip(plain_tip_text(text))


def key_text(keys: str) -> str:
    """A shortcut as Qt writes it in a menu, in the owner's language."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def key_parts(keys: str) -> list[str]:
    """The caps of a shortcut as they are on this system's keyboard: Ctrl+Return -> Ctrl, ↵."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText) or keys
    plus = native.endswith("+")
    parts = [*native[:-1].rstrip("+").split("+"), "+"] if plus else native.split("+")
    return [KEY_NAMES.get(part, part) for part in parts if part]


def caps_width(keys: str) -> int:
    """How wide ``draw_caps`` draws a shortcut, px."""
    metrics = theme().metrics("tiny")
    return sum(max(16, metrics.horizontalAdvance(part) + 10) + 4 for part in key_parts(keys)) - 4


def draw_caps(painter: QPainter, right: float, middle: float, keys: str, roles: tuple[str, str, str]) -> None:
    """Draw key caps that end at x = ``right``; roles = text, border, background."""
    ink, border, ground = (theme().colour(role) for role in roles)
    painter.setFont(theme().font("tiny"))
    left = right - caps_width(keys)
    for part in key_parts(keys):
        width = max(16, theme().metrics("tiny").horizontalAdvance(part) + 10)
        box = QRectF(left + 0.5, middle - 7.5, width - 1, 15)
        painter.setPen(QPen(border, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, part)
        left += width + 4


class Keys(QWidget):
    """A shortcut as little key caps."""

    def __init__(self, keys: str, roles: tuple[str, str, str] = ("text_3", "line_strong", "surface")) -> None:
        super().__init__()
        self._keys = keys
        self._roles = roles
        self.setFixedSize(caps_width(keys), 18)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the caps."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_caps(painter, self.width(), self.height() / 2, self._keys, self._roles)
