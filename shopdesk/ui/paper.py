"""The pictures that stand on paper: barcode, box to tick, awning. Black and grey only."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from shopdesk.ui.ornament import paint_awning

BAR_NARROW, BAR_WIDE, BAR_HEIGHT = 3, 8, 70
# nine elements of each character, bars and gaps in turn, narrow or wide (ISO/IEC 16388)
CODE39 = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-*",
        [
            "nnnwwnwnn",
            "wnnwnnnnw",
            "nnwwnnnnw",
            "wnwwnnnnn",
            "nnnwwnnnw",
            "wnnwwnnnn",
            "nnwwwnnnn",
            "nnnwnnwnw",
            "wnnwnnwnn",
            "nnwwnnwnn",
            "wnnnnwnnw",
            "nnwnnwnnw",
            "wnwnnwnnn",
            "nnnnwwnnw",
            "wnnnwwnnn",
            "nnwnwwnnn",
            "nnnnnwwnw",
            "wnnnnwwnn",
            "nnwnnwwnn",
            "nnnnwwwnn",
            "wnnnnnnww",
            "nnwnnnnww",
            "wnwnnnnwn",
            "nnnnwnnww",
            "wnnnwnnwn",
            "nnwnwnnwn",
            "nnnnnnwww",
            "wnnnnnwwn",
            "nnwnnnwwn",
            "nnnnwnwwn",
            "wwnnnnnnw",
            "nwwnnnnnw",
            "wwwnnnnnn",
            "nwnnwnnnw",
            "wwnnwnnnn",
            "nwwnwnnnn",
            "nwnnnnwnw",
            "nwnnwnwnn",
        ],
        strict=True,
    )
)


def code39(text: str) -> QImage:
    """A Code 39 barcode of digits, capital letters and ``-``; ValueError for anything else."""
    bars: list[tuple[int, bool]] = []
    for character in f"*{text}*":
        if character not in CODE39 or (character == "*" and "*" in text):
            raise ValueError(text)
        pattern = CODE39[character]
        bars += [(BAR_WIDE if kind == "w" else BAR_NARROW, at % 2 == 0) for at, kind in enumerate(pattern)]
        bars.append((BAR_NARROW, False))
    picture = QImage(sum(width for width, _ in bars), BAR_HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    left = 0
    for width, black in bars:
        if black:
            painter.fillRect(left, 0, width, BAR_HEIGHT, Qt.GlobalColor.black)
        left += width
    painter.end()
    return picture


def tick_box(done: bool = False) -> QImage:
    """The box to tick on paper, empty or with a tick."""

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(Qt.GlobalColor.black, 5))
        painter.drawRoundedRect(QRectF(2.5, 2.5, 67, 67), 8, 8)
        if done:
            path = QPainterPath()
            path.moveTo(16, 38)
            path.lineTo(31, 53)
            path.lineTo(57, 20)
            painter.setPen(QPen(Qt.GlobalColor.black, 8))
            painter.drawPath(path)

    return _picture(72, 72, draw)


def awning(stripes: int) -> QImage:
    """The top edge of paper in black and grey."""
    ink, paper = QColor("#BBBBBB"), QColor(Qt.GlobalColor.white)

    def draw(painter: QPainter) -> None:
        paint_awning(painter, QRectF(0, -4, stripes * 40, 46), stripes, ink, paper, 4, QColor(Qt.GlobalColor.black))

    return _picture(stripes * 40, 44, draw)


def _picture(width: int, height: int, draw: Callable[[QPainter], None]) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return image
