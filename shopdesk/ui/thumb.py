"""A picture of the shop as a widget."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shopdesk.ui import strokes
from shopdesk.ui.overrides import guarded
from shopdesk.ui.pictures import Pictures


class Thumb(QWidget):
    """A picture of the shop, or its neutral tile."""

    def __init__(self, pictures: Pictures, sha: str, px: int = 32) -> None:
        super().__init__()
        self._pictures, self._sha, self._px = pictures, sha, px
        self.setFixedSize(px, px)
        pictures.arrived.connect(self.update)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture once it is there."""
        painter = QPainter(self)
        picture = self._pictures.thumb(self._sha, self._px, self.devicePixelRatioF())
        if picture is None:
            strokes.empty_tile(painter, QRectF(self.rect()))
        else:
            painter.drawPixmap(QRectF(self.rect()), picture, QRectF(picture.rect()))
