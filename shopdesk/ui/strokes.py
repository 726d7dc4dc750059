"""The small painted parts that tables, drawers and widgets share; each takes a painter and a place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.theme import theme

STAR_PX = 14
_MIN_SPAN = 0.45
_TAGS = {
    "plain": ("hover", "text_2"),
    "accent": ("accent_soft", "accent"),
    "good": ("good_soft", "good"),
    "warn": ("warn_soft", "warn"),
    "bad": ("bad_soft", "bad"),
}


def tag_roles(tone: str) -> tuple[str, str]:
    """Ground and ink of a tag."""
    return _TAGS.get(tone, _TAGS["plain"])


def rounded(painter: QPainter, box: QRectF, role: str, radius: float) -> None:
    """A filled box with round corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour(role))
    painter.drawRoundedRect(box, radius, radius)


def check_box(painter: QPainter, box: QRectF, *, on: bool, partly: bool = False) -> None:
    """A check box: empty, ticked or partly ticked."""
    colours = theme()
    filled = on or partly
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.colour("accent" if filled else "control"), 1.5))
    painter.setBrush(colours.colour("accent" if filled else "surface"))
    radius = colours.size("radius_check")
    painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
    if not filled:
        return
    painter.setPen(QPen(colours.colour("on_accent"), 1.8))
    corner = box.topLeft()
    if partly:
        painter.drawLine(corner + QPointF(4.5, 8), corner + QPointF(11.5, 8))
    else:
        painter.drawPolyline([corner + QPointF(4, 8), corner + QPointF(7, 11), corner + QPointF(12, 5)])


def stars(painter: QPainter, room: QRect, count: float) -> None:
    """Five stars, `count` of them filled."""
    for number in range(5):
        full = number + 0.5 <= count
        spot = QRectF(room.left() + number * (STAR_PX - 2), room.top(), STAR_PX, room.height())
        draw_glyph(painter, spot, "star", "star" if full else "line_strong", STAR_PX, fill=True)


def sparkline(painter: QPainter, room: QRectF, points: Sequence[float], role: str) -> None:
    """A line of up to 30 points with its area and an end dot.

    The height is at least 45 % of the mean, so that a steady line looks steady.
    """
    box = room.adjusted(0, 6, -4, -6)
    if len(points) < 2:
        return
    low, high = min(points), max(points)
    least = _MIN_SPAN * sum(points) / len(points)
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2
    span = (high - low) or 1.0
    step = box.width() / (len(points) - 1)
    line = [
        QPointF(box.left() + at * step, box.bottom() - (value - low) / span * box.height())
        for at, value in enumerate(points)
    ]
    ink = theme().colour(role)
    area = QColor(ink)
    area.setAlphaF(0.12)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(area)
    painter.drawPolygon(QPolygonF([*line, box.bottomRight(), box.bottomLeft()]))
    painter.setPen(QPen(ink, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(line))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(line[-1], 2, 2)


def bar(painter: QPainter, room: QRectF, share: float, role: str) -> None:
    """A track with its first `share` (0 to 1) filled."""
    track = QRectF(room.left(), room.center().y() - 2.5, room.width(), 5)
    rounded(painter, track, "line", 2.5)
    track.setWidth(max(0.0, min(1.0, share)) * track.width())
    if track.width() > 0:
        rounded(painter, track, role, 2.5)


def avatar(painter: QPainter, tile: QRectF, initials: str, *, strong: bool = False) -> None:
    """A round tile with one or two letters."""
    rounded(painter, tile, "accent_soft" if strong else "hover", tile.width() / 2)
    painter.setFont(theme().font("small" if tile.width() > 30 else "tiny", strong=True))
    painter.setPen(theme().colour("accent" if strong else "text_2"))
    painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, initials)


def empty_tile(painter: QPainter, tile: QRectF) -> None:
    """The place of a picture that there is none of."""
    rounded(painter, tile, "hover", theme().size("radius_thumb"))
    draw_glyph(painter, tile, "package", "control", round(tile.width() * 0.6))


def initials_of(name: str) -> str:
    """The letters for a round tile: two of a Latin name, the first character of a Chinese one."""
    words = [word for word in name.split() if word[:1].isalnum()]
    if not words:
        return name.strip()[:1]
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()
