"""A picture file of the owner's choice, decoded in a process of its own and made small before it is kept.

Decoders are old and large, and a picture of a few kilobytes may ask for gigabytes or minutes. What this makes
(PNG or plain JPEG of at most 1024 pixels a side, nothing but pixels) is all that is ever decoded in the program.
"""

from __future__ import annotations

import base64
import os
import stat
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from shopdesk.core import blobs, process
from shopdesk.core.errors import FileRefused
from shopdesk.core.trouble import unreadable
from shopdesk.core.words import N_
from shopdesk.ui.pictures import LONGEST_SIDE, form_of

MOST_PIXELS = 40_000_000
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space that the process may have; a picture of 40 million pixels takes a fifth of it."""
PATIENCE = 8.0
"""Seconds that a picture may take."""

_MODULE = "shopdesk.ui.picture_reading"
_QUALITY = 88
_DAMAGED = N_("“{name}” cannot be read as a picture.")


def read_picture(path: Path) -> bytes:
    """A picture file as it is kept: PNG, JPEG or WebP in, at most 1024 px PNG or JPEG out.

    The kind is taken from the first bytes, never from the name. Raises FileRefused with the reason; runs in any
    thread but takes some tenths of a second.
    """
    end = time.monotonic() + PATIENCE
    said: list[dict[str, Any]] = []
    try:
        job = {"path": os.fspath(path)}
        process.run(_MODULE, job, hear=said.append, cancelled=lambda: time.monotonic() > end)
    except (process.Broken, process.Cancelled):
        raise FileRefused(N_("“{name}” takes more memory or time than a picture may."), name=path.name) from None
    answer = said[0]
    if "data" in answer:
        return base64.b64decode(answer["data"])
    raise FileRefused(answer["refused"], fix=answer["fix"], **answer["args"])


def main() -> int:
    """In the process: read one picture."""
    job = process.begin(memory=MEMORY)
    try:
        process.say(data=base64.b64encode(made_small(Path(job["path"]))).decode())
    except FileRefused as refused:
        process.say(refused=refused.message, fix=refused.fix, args=refused.values)
    os._exit(0)  # the thread that waits for the program's word would hold it up


def made_small(path: Path) -> bytes:
    """The same here and now, for what comes with the program and for the process itself."""
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
        raise unreadable(error) from error
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


if __name__ == "__main__":
    main()
