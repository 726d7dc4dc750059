"""Looking for words in every file of a shop, as bytes, and inside whatever is compressed in it."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.keys import Key

_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def files_of(shop: Path) -> list[Path]:
    """Everything that is beside a shop file: its side files, lock, backups with their manifest, the settings folder."""
    return sorted(file for file in shop.parent.rglob("*") if file.is_file())


def where(words: Iterable[str], folder: Path, key: Key | None = None) -> list[str]:
    """Every place in a folder in which one of the words still stands: "file: word" (or "file blob: word")."""
    wanted = [word for word in words if word]
    found = []
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        found += [f"{file.name}: {word}" for word in wanted if _in_bytes(word, file.read_bytes())]
        if file.suffix == ".shop":
            found += [f"{file.name} {place}: {word}" for place, word in _inside(file, wanted, key)]
    return found


def _in_bytes(word: str, data: bytes) -> bool:
    spelled = {word.encode(encoding, "ignore") for encoding in _ENCODINGS}
    spelled.add(word.encode("unicode_escape"))
    return any(each and each in data for each in spelled)


def _inside(file: Path, words: list[str], key: Key | None) -> Iterator[tuple[str, str]]:
    """What is kept packed or under a password, read from a copy: the file itself may be open."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        for side in ("", "-wal"):
            if file.with_name(file.name + side).exists():
                shutil.copyfile(file.with_name(file.name + side), copy.with_name(copy.name + side))
        with closing(sqlite.connect(copy, key=key, write=True)) as con:
            yield from _in_blobs(con, words)
            yield from _in_tables(con, words)


def _in_blobs(con: sqlite.Connection, words: list[str]) -> Iterator[tuple[str, str]]:
    for row in con.execute("SELECT sha256, media, bytes FROM blobs").fetchall():
        data = zlib.decompress(row["bytes"]) if row["media"] == "application/zlib" else row["bytes"]
        parts = [data]
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                parts = [book.read(name) for name in book.namelist()]
        for part in parts:
            yield from (("blob", word) for word in words if _in_bytes(word, part))


def _in_tables(con: sqlite.Connection, words: list[str]) -> Iterator[tuple[str, str]]:
    """Every value of every table: for a file under a password, and for texts that lie across two pages."""
    tables = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    for (table,) in tables.fetchall():
        if re.match(r"search_\w+_", table):
            continue
        for row in con.execute(f"SELECT * FROM {table}"):
            text = "\n".join(value for value in tuple(row) if isinstance(value, str))
            yield from ((table, word) for word in words if word in text)
