"""Pictures of products: a chosen file, looked at carefully, made small and kept; and where one is shown."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.core import blobs
from shopdesk.core.errors import FileRefused
from shopdesk.core.trouble import reason
from shopdesk.core.words import N_, tr
from shopdesk.ui.pictures import MOST_PIXELS, form_of
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.thumb import Thumb
from shopdesk.ui.widgets import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from shopdesk.ui.pictures import Pictures

LONGEST_SIDE = 1024
_QUALITY = 88
FILE_FILTER = N_("Pictures (*.png *.jpg *.jpeg *.webp)")
_DAMAGED = N_("“{name}” cannot be read as a picture.")


def read_picture(path: Path) -> bytes:
    """A picture file as it is kept: PNG, JPEG or WebP in, at most 1024 px PNG or JPEG out.

    The kind is taken from the first bytes, never from the name; what was decoded is encoded anew, so that
    nothing but its pixels gets into the shop. Raises FileRefused with the reason; runs in any thread.
    """
    data = _bytes_of(path)
    form = form_of(data)
    if form is None:
        raise FileRefused(
            N_("“{name}” is no PNG, JPEG or WebP picture."), fix=N_("Save it as one of these."), name=path.name
        )
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, form)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid():
        raise FileRefused(_DAMAGED, name=path.name)
    if size.width() * size.height() > MOST_PIXELS:
        raise FileRefused(
            N_("“{name}” has {width} × {height} pixels."), fix=N_("At most 40 million can be used."),
            name=path.name, width=size.width(), height=size.height(),
        )  # fmt: skip
    if max(size.width(), size.height()) > LONGEST_SIDE:
        fitting = size.scaled(QSize(LONGEST_SIDE, LONGEST_SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitting.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise FileRefused(_DAMAGED, name=path.name)
    return _encoded(image)


def _bytes_of(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise FileRefused(N_("This is not a plain file, so it is not opened."))
        with path.open("rb") as file:
            data = file.read(blobs.MOST_PICTURE_BYTES + 1)
    except OSError as error:
        raise FileRefused(N_("“{name}” cannot be read: {reason}."), name=path.name, reason=reason(error)) from error
    if len(data) > blobs.MOST_PICTURE_BYTES:
        raise FileRefused(N_("The picture is larger than 20 MB."))
    return data


def _encoded(image: QImage) -> bytes:
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(kept, QByteArray(b"png" if image.hasAlphaChannel() else b"jpeg"))
    if not image.hasAlphaChannel():
        writer.setQuality(_QUALITY)
    writer.write(image)
    return bytes(kept.data().data())


class SkuCard(QWidget):
    """The head of a SKU's drawer: its picture, what it is, its tags, and the way to another picture."""

    def __init__(
        self,
        pictures: Pictures,
        *,
        picture: str,
        lines: Sequence[str],
        tags: Sequence[str],
        change: Callable[[], object],
    ) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Thumb(pictures, picture, 72), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        for line in lines:
            if line:
                words.addWidget(PlainLabel(line, role="text_2", wrap=True))
        if tags:
            words.addLayout(self._tags(tags))
        link = LinkLabel(tr("Change picture") if picture else tr("Set picture"), "small")
        link.clicked.connect(change)
        words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        row.addLayout(words, 1)

    @staticmethod
    def _tags(tags: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for tag in tags[:4]:
            row.addWidget(Tag(tag))
        if len(tags) > 4:
            row.addWidget(PlainLabel(f"+{len(tags) - 4}", "small", "text_2"))
        row.addStretch(1)
        return row
