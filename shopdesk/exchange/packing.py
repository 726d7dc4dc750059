"""The bytes of a dropped file, compressed and hashed while its rows are read."""

from __future__ import annotations

import hashlib
import threading
import zlib
from contextlib import closing
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.keys import Key

_CHUNK = 1024 * 1024
_PRESSED = (b"PK", b"\x1f\x8b")
"""Workbooks and packed texts are compressed already: to try it again would only take time."""


class Packer(threading.Thread):
    """Compresses the bytes of a file beside the staging file, into an SQLite file that may be under a key."""

    def __init__(self, path: Path, target: Path, key: Key | None = None) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.target = target
        self._key = key
        self._sha256 = ""
        self._error: OSError | sqlite.DatabaseError | None = None

    def run(self) -> None:
        """Compress and hash."""
        try:
            self._pack()
        except (OSError, sqlite.DatabaseError) as error:
            self._error = error

    def sha256(self) -> str:
        """The hash of the bytes, all of which are kept now. Raises OSError, DatabaseError when they could not be."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._sha256

    def _pack(self) -> None:
        digest = hashlib.sha256()
        with self.path.open("rb") as source, closing(sqlite.scratch(self.target, key=self._key)) as sink:
            sink.execute("CREATE TABLE piece (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
            chunk = source.read(_CHUNK)
            press = zlib.compressobj(0 if chunk.startswith(_PRESSED) else 1)
            while chunk:
                digest.update(chunk)
                _add(sink, press.compress(chunk))
                chunk = source.read(_CHUNK)
            _add(sink, press.flush())
        self._sha256 = digest.hexdigest()


def _add(sink: sqlite.Connection, piece: bytes) -> None:
    if piece:
        sink.execute("INSERT INTO piece (bytes) VALUES (?)", (piece,))


def packed_bytes(target: Path, key: Key | None = None) -> bytes:
    """What a Packer made of a file."""
    with closing(sqlite.connect(target, key=key)) as con:
        return b"".join(row[0] for row in con.execute("SELECT bytes FROM piece ORDER BY id"))
