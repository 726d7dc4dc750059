"""The bytes of a dropped file, compressed and hashed while its rows are read."""

from __future__ import annotations

import hashlib
import threading
import zlib
from pathlib import Path

_CHUNK = 1024 * 1024
_PRESSED = (b"PK", b"\x1f\x8b")
"""Workbooks and packed texts are compressed already: to try it again would only take time."""


class Packer(threading.Thread):
    """Compresses the bytes of a file beside the staging file."""

    def __init__(self, path: Path, target: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.target = target
        self._sha256 = ""
        self._error: OSError | None = None

    def run(self) -> None:
        """Compress and hash."""
        try:
            self._pack()
        except OSError as error:
            self._error = error

    def sha256(self) -> str:
        """The hash of the bytes, all of which are kept now. Raises OSError when they could not be."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._sha256

    def _pack(self) -> None:
        digest = hashlib.sha256()
        with self.path.open("rb") as source, self.target.open("wb") as sink:
            chunk = source.read(_CHUNK)
            press = zlib.compressobj(0 if chunk.startswith(_PRESSED) else 1)
            while chunk:
                digest.update(chunk)
                sink.write(press.compress(chunk))
                chunk = source.read(_CHUNK)
            sink.write(press.flush())
        self._sha256 = digest.hexdigest()
