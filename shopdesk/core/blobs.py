"""Bytes kept in the shop file under their content's name: original files (compressed) and pictures."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shopdesk.core.errors import FileRefused
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST_PICTURE_BYTES = 20 * 1024 * 1024
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def put_picture(db: Database, data: bytes) -> str:
    """Keep a picture (PNG, JPEG or WebP, at most 20 MB); its content name. Raises FileRefused."""
    media = next((kind for magic, kind in _PICTURES.items() if data.startswith(magic)), None)
    if media is None or (media == "image/webp" and data[8:12] != b"WEBP"):
        raise FileRefused(N_("Only PNG, JPEG and WebP pictures can be used."))
    if len(data) > MOST_PICTURE_BYTES:
        raise FileRefused(N_("The picture is larger than 20 MB."))
    name = hashlib.sha256(data).hexdigest()
    _put(db, name, "picture", media, len(data), data)
    return name


def put_original(db: Database, sha256: str, compressed: bytes, size: int) -> None:
    """Keep the bytes of an imported file, zlib-compressed by whoever read it, under its sha256."""
    _put(db, sha256, "original", "application/zlib", size, compressed)


def _put(db: Database, name: str, kind: str, media: str, size: int, stored: bytes) -> None:
    db.execute(
        "INSERT OR IGNORE INTO blobs (sha256, kind, media, size, bytes) VALUES (?, ?, ?, ?, ?)",
        (name, kind, media, size, stored),
    )


def spoilt(con: Connection) -> Iterator[str]:
    """The content names of kept files and pictures whose bytes are others than those that were kept."""
    for row in con.execute("SELECT coalesce(changed, sha256) AS now, sha256, media, size, bytes FROM blobs"):
        try:
            data = zlib.decompress(row["bytes"]) if row["media"] == "application/zlib" else row["bytes"]
        except zlib.error:
            data = b""
        if len(data) != row["size"] or hashlib.sha256(data).hexdigest() != row["now"]:
            yield row["sha256"]


def put_changed(con: Connection, sha256: str, data: bytes) -> None:
    """Keep other bytes under an original's name; b"" when nothing of it may stay."""
    con.execute(
        "UPDATE blobs SET bytes = ?, size = ?, changed = ? WHERE sha256 = ? AND kind = 'original'",
        (zlib.compress(data), len(data), hashlib.sha256(data).hexdigest(), sha256),
    )


def get(con: Connection, sha256: str) -> bytes | None:
    """The bytes under a content name, unpacked; None when there are none."""
    row = con.execute("SELECT media, bytes FROM blobs WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return None
    return zlib.decompress(row[1]) if row[0] == "application/zlib" else bytes(row[1])
