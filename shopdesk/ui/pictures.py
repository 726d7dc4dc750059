"""The shop's pictures at the size of a thumb: read and decoded by the worker, kept until the theme changes."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QLoggingCategory,
    QObject,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPixmap

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.worker import Worker

QLoggingCategory.setFilterRules("qt.gui.imageio*=false")  # a damaged picture is no message of the program

LONGEST_SIDE = 1024
"""Pixels; larger pictures are made so small when they are chosen."""
_MAGIC = {b"\x89PNG\r\n\x1a\n": b"png", b"\xff\xd8\xff": b"jpeg", b"RIFF": b"webp"}
_KEPT = 600
_LONGEST_SHAPE = 64
Wanted = tuple[str, int]


def form_of(data: bytes) -> QByteArray | None:
    """png, jpeg or webp by the first bytes; left to itself Qt would also try forms that open other files (svg)."""
    return next((QByteArray(form) for magic, form in _MAGIC.items() if data.startswith(magic)), None)


def is_plain_jpeg(data: bytes) -> bool:
    """Whether a JPEG has one pass; one of thousands takes minutes to decode, however small it is."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind in (0xC0, 0xC1):
            return True
        if 0xC2 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


class Pictures(QObject):
    """Thumbs by sha and size in device pixels.

    Signals: ``arrived`` when pictures asked for before can be drawn now.
    """

    arrived = Signal()

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._ready: OrderedDict[Wanted, QPixmap] = OrderedDict()
        self._wanted: dict[Wanted, None] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    def thumb(self, sha: str, px: int, ratio: float) -> QPixmap | None:
        """The picture, rounded and cropped to a square; None while it is being read, or when it cannot be."""
        wanted = (sha, round(px * ratio))
        found = self._ready.get(wanted)
        if found is not None:
            self._ready.move_to_end(wanted)
            return None if found.isNull() else found
        if sha and wanted not in self._wanted:
            self._wanted[wanted] = None
            self._soon.start()
        return None

    def _ask(self) -> None:
        wanted = list(self._wanted)
        self._worker.submit(partial(_read, wanted), partial(self._on_read, wanted))

    def _on_read(self, wanted: list[Wanted], images: list[QImage]) -> None:
        for key, image in zip(wanted, images, strict=True):
            self._wanted.pop(key, None)
            self._ready[key] = _rounded(image, key[1])
        while len(self._ready) > _KEPT:
            self._ready.popitem(last=False)
        self.arrived.emit()


def _read(wanted: list[Wanted], connection: Connection) -> list[QImage]:
    return [_decode(_bytes(connection, sha), px) for sha, px in wanted]


def _bytes(connection: Connection, sha: str) -> bytes:
    row = connection.execute("SELECT bytes FROM blobs WHERE sha256 = ? AND kind = 'picture'", (sha,)).fetchone()
    return bytes(row[0]) if row is not None else b""


def _decode(data: bytes, px: int) -> QImage:
    """The middle square of a picture at px by px; a null image for what `read_picture` never makes, and for a line.

    A shop from elsewhere may hold anything. Made as wide as a thumb, a picture of 1 by 1,000 would be enormous.
    """
    form = form_of(data)
    if form is None or form == b"webp" or (form == b"jpeg" and not is_plain_jpeg(data)):
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, form)
    size = reader.size()
    short, long = sorted((size.width(), size.height()))
    if not 0 < short <= long <= LONGEST_SIDE or long > _LONGEST_SHAPE * short:
        return QImage()
    reader.setScaledSize(size.scaled(QSize(px, px), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return image.copy((image.width() - px) // 2, (image.height() - px) // 2, px, px)


def _rounded(image: QImage, px: int) -> QPixmap:
    if image.isNull():
        return QPixmap()
    made = QPixmap(px, px)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, px, px), px / 6, px / 6)
    painter.setClipPath(path)
    painter.drawImage(0, 0, image)
    painter.end()
    return made
