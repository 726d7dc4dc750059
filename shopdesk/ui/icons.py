"""Phosphor icons, drawn as one glyph in a colour of the theme at the moment of painting.

The font is QtAwesome's; the file is read directly, because importing the package costs 120 ms.
"""

import json
import sys
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache

from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme


def _font_folder() -> Path:
    for finder in sys.meta_path:
        spec = finder.find_spec("qtawesome", None)
        if spec is not None and spec.origin is not None:
            return Path(spec.origin).parent / "fonts"
    raise RuntimeError("QtAwesome is not installed")


@cache
def _charmap() -> dict[str, str]:
    file = next(_font_folder().glob("phosphor-charmap-*.json"))
    codes: dict[str, str] = json.loads(file.read_text("utf-8"))
    return codes


@cache
def _family() -> str:
    file = next(_font_folder().glob("phosphor-[0-9]*.ttf"))
    number = QFontDatabase.addApplicationFont(str(file))
    return QFontDatabase.applicationFontFamilies(number)[0]


@cache
def _font(pixels: int) -> QFont:
    font = QFont(_family())
    font.setPixelSize(pixels)
    return font


@cache
def glyph(name: str, fill: bool = False) -> str:
    """The character of an icon: one of our names ("ship") or a Phosphor name ("truck")."""
    known = theme().icon_name(name)
    codes = _charmap()
    if fill and not known.endswith("-fill"):
        known = f"{known}-fill"
    return chr(int(codes[known], 16))


def draw_glyph(
    painter: QPainter, rect: QRect | QRectF, name: str, role: str, px: int = 16, *, fill: bool = False
) -> None:
    """Draw an icon in the middle of ``rect``; the painter's font and pen are changed."""
    _draw(painter, QRectF(rect), glyph(name, fill), theme().colour(role), px)


def _draw(painter: QPainter, rect: QRectF, character: str, colour: QColor, px: int) -> None:
    painter.setFont(_font(px))
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, character)


class _GlyphEngine(QIconEngine):
    """Paints one glyph; asks the theme for the colour each time, so icons follow a switch."""

    def __init__(self, name: str, role: str, on_role: str, fill_on: bool, fill: bool) -> None:
        super().__init__()
        self._plain = glyph(name, fill)
        self._filled = glyph(name, True) if fill_on else self._plain
        self._role = role
        self._on_role = on_role or role

    @guarded
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        on = state == QIcon.State.On
        role = "text_3" if mode == QIcon.Mode.Disabled else self._on_role if on else self._role
        character = self._filled if on else self._plain
        square = (
            QRectF(rect.x(), rect.y(), rect.height(), rect.height()) if rect.width() > rect.height() else QRectF(rect)
        )
        _draw(painter, square, character, theme().colour(role), rect.height())

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture


def icon(name: str, role: str = "text_2", *, on_role: str = "", fill_on: bool = False, fill: bool = False) -> QIcon:
    """An icon in a colour role; ``on_role`` and ``fill_on`` say how a checked button shows it."""
    return QIcon(_GlyphEngine(name, role, on_role, fill_on, fill))


def pixmap(name: str, role: str = "text_2", px: int = 16, *, fill: bool = False, ratio: float = 1.0) -> QPixmap:
    """An icon as a picture, cached by name, colour, size and ratio of device pixels."""
    key = f"glyph:{name}:{fill}:{theme().hex(role)}:{px}:{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    picture = QPixmap(round(px * ratio), round(px * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_glyph(painter, QRectF(QPointF(0, 0), QSize(px, px)), name, role, px, fill=fill)
    painter.end()
    QPixmapCache.insert(key, picture)
    return picture
