"""Breaks shop files the way that disks and synced folders do: pages of nothing, a file cut off, a beginning lost."""

from __future__ import annotations

import struct
from contextlib import closing
from pathlib import Path

from shopdesk.core import sqlite

PAGE = sqlite.PLAIN_PAGE


def leaves(path: Path, name: str) -> list[int]:
    """The pages on which the rows of a table (or the entries of an index) lie, in their order; of a plain file."""
    with closing(sqlite.connect(path)) as con:
        root = con.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        con.execute("SELECT 1 FROM sqlite_schema").fetchone()
    data = path.read_bytes()
    found: list[int] = []

    def walk(number: int) -> None:
        page = data[(number - 1) * PAGE : number * PAGE]
        if page[0] in (0x0A, 0x0D):
            found.append(number)
            return
        (count,) = struct.unpack(">H", page[3:5])
        for at in range(count):
            (cell,) = struct.unpack(">H", page[12 + 2 * at : 14 + 2 * at])
            walk(int.from_bytes(page[cell : cell + 4], "big"))
        walk(int.from_bytes(page[8:12], "big"))

    walk(root)
    return found


def zero(path: Path, *pages: int) -> None:
    """Write nothing over some pages, numbered from 1."""
    raw, size = bytearray(path.read_bytes()), page_bytes(path)
    for page in pages:
        raw[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(raw)


def page_bytes(path: Path) -> int:
    """How large the pages of a file are; it begins as it should."""
    return PAGE if sqlite.is_plain(path) else sqlite.PROTECTED_PAGE


def pages_of(path: Path) -> int:
    """How many pages a file has; it begins as it should."""
    return path.stat().st_size // page_bytes(path)


def cut(path: Path, share: float) -> None:
    """Leave only the first part of a file."""
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
