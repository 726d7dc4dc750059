"""The list of tables of a damaged file (`sqlite_schema`), made whole in a copy of it where it is not.

Without its place in that list no table can be read, however well it is. A shop's list is written once, when the
shop is made, so that it lies on the same pages and says the same in every shop of a version and in every backup of
a shop: what is lost of it is taken from there, when all that can still be read of it agrees.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shopdesk.core import aside, sqlite
from shopdesk.core.errors import FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_

COPY = ".list"
"""What the name of the copy ends with; it lies beside the file while it is read."""
_HEAD = 100
_INNER, _LEAF = 5, 13
_SIDES = ("", "-wal", "-shm", "-journal")


@contextmanager
def opened(
    damaged: Path, wanted: list[str], *, key: Key | None = None, backup: Path | None = None
) -> Iterator[tuple[Connection, list[int]]]:
    """A connection for reading that takes a file that was cut off or whose list of tables is not whole.

    With it the pages of the list that were not what they should be. `wanted` are the tables that a shop has.
    Raises FileRefused when not one of them can be found.
    """
    if not damaged.is_file():  # to open a pipe would wait for ever
        raise FileRefused(N_("There is no file “{name}”."), name=damaged.name)
    with ExitStack() as stack:
        stack.enter_context(aside.as_found(damaged, key))
        con = _connected(damaged, key)
        pages: list[int] = []
        if key is None and not _has_all(con, wanted):
            stack.callback(clear, damaged)
            pages = _mended(con, damaged, backup)
            if pages:
                con.close()
                con = _connected(copy_of(damaged), None)
        stack.enter_context(closing(con))
        if not listed(con) and (key is not None or not _is_readable(con)):
            raise nothing(damaged)
        yield con, pages


def listed(con: Connection) -> list[str]:
    """The tables that the file still tells of, and that can be asked."""
    found: list[str] = []
    with suppress(sqlite.DatabaseError):
        for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
            found.append(row[0])  # noqa: PERF401 - what came before an error counts
    return [name for name in found if _is_known(con, name)]


def copy_of(damaged: Path) -> Path:
    """The name of the copy in which the list is mended."""
    return damaged.with_name(damaged.name + COPY)


def clear(damaged: Path) -> None:
    """Remove the copy, also one that was left behind by a process that was ended."""
    copy = copy_of(damaged)
    for side in _SIDES:
        with suppress(OSError):
            copy.with_name(copy.name + side).unlink(missing_ok=True)


class _EachAnew(Connection):
    """Asks each question on a connection of its own: SQLCipher's reads nothing more after the first damaged page."""

    def __init__(self, path: Path, key: Key) -> None:
        super().__init__(":memory:")
        self._path = path
        self._key = key

    def execute(self, question: str, *values: Any) -> Any:
        """Ask; the connection lives as long as its answer is wanted."""
        return sqlite.connect(self._path, key=self._key, broken=True).execute(question, *values)


def _connected(path: Path, key: Key | None) -> Connection:
    try:
        con = sqlite.connect(path, key=key, broken=True)
        if key is None:
            return con
        con.close()
        return _EachAnew(path, key)
    except sqlite.DatabaseError as error:
        raise nothing(path) from error


def nothing(path: Path) -> FileRefused:
    """What is said of a file of which not one row can be read."""
    return FileRefused(
        N_("Nothing of “{name}” can be read any more."),
        fix=N_("It was left as it is. Take the newest backup."),
        name=path.name,
    )


def _is_readable(con: Connection) -> bool:
    try:
        con.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite.DatabaseError:
        return False
    return True


def _has_all(con: Connection, wanted: list[str]) -> bool:
    return _is_readable(con) and all(_is_known(con, table) for table in wanted)


def _is_known(con: Connection, table: str) -> bool:
    try:
        con.execute(f'EXPLAIN SELECT 1 FROM "{table}"').close()
    except (sqlite.DatabaseError, UnicodeDecodeError):
        return False
    return True


def _mended(con: Connection, damaged: Path, backup: Path | None) -> list[int]:
    """Make the copy in which the list is whole; the pages of it that were not, none where no other list fits."""
    with TemporaryDirectory() as folder:
        new = Path(folder) / "new.shop"
        Shop.create(new, name="").close()
        for other in filter(None, (new, backup)):
            if not _agrees(con, other):
                continue
            copy = copy_of(damaged)
            try:
                _take_copy(damaged, copy)
                return _put_list(copy, other)
            except (OSError, sqlite.DatabaseError):
                clear(damaged)
    return []


def _agrees(con: Connection, other: Path) -> bool:
    """Whether what can still be read of the list stands in another one, too, with the same place for each table."""
    with closing(sqlite.connect(other)) as there:
        rows = there.execute("SELECT rowid, type, name, rootpage FROM sqlite_schema").fetchall()
    for row in rows:
        with suppress(sqlite.DatabaseError, UnicodeDecodeError):
            question = "SELECT rowid, type, name, rootpage FROM sqlite_schema WHERE rowid = ?"
            found = con.execute(question, (row[0],)).fetchone()
            if found is None or tuple(found) != tuple(row):
                return False
    return True


def _take_copy(damaged: Path, copy: Path) -> None:
    """The file with what its log holds, without a log."""
    clear(damaged)
    for side in ("", "-wal"):
        source = damaged.with_name(damaged.name + side)
        if source.exists():
            beside = copy.with_name(copy.name + side)
            beside.touch(mode=0o600)
            shutil.copyfile(source, beside)
    with closing(sqlite.bare(copy)) as con:
        con.execute("PRAGMA writable_schema=ON")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        con.execute("PRAGMA journal_mode=DELETE").fetchone()


def _put_list(copy: Path, other: Path) -> list[int]:
    """Put the pages of another list in their places, when the list begins with the same page; which were others."""
    whole = other.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    with copy.open("r+b") as stream:
        head = stream.read(size)
        if len(head) != size or head[_HEAD:] != whole[_HEAD:size]:
            raise sqlite.DatabaseError
        changed = []
        for number in _pages(whole, size, 1):
            page = whole[(number - 1) * size : number * size]
            stream.seek((number - 1) * size)
            if number > 1 and stream.read(size) != page:
                stream.seek((number - 1) * size)
                stream.write(page)
                changed.append(number)
    return changed


def _pages(whole: bytes, size: int, number: int) -> Iterator[int]:
    """The pages of a table of a sound file: this one and those under it."""
    yield number
    page = whole[(number - 1) * size : number * size]
    head = _HEAD if number == 1 else 0
    kind, count = page[head], int.from_bytes(page[head + 3 : head + 5], "big")
    if kind not in (_INNER, _LEAF):
        raise sqlite.DatabaseError
    first = head + (12 if kind == _INNER else 8)
    for at in range(first, first + 2 * count, 2):
        cell = int.from_bytes(page[at : at + 2], "big")
        if kind == _INNER:
            yield from _pages(whole, size, int.from_bytes(page[cell : cell + 4], "big"))
        else:
            yield from _overflow(whole, size, page, cell)
    if kind == _INNER:
        yield from _pages(whole, size, int.from_bytes(page[head + 8 : head + 12], "big"))


def _overflow(whole: bytes, size: int, page: bytes, cell: int) -> Iterator[int]:
    """The pages on which a row goes on that is too long for its own (SQLite's file format, 1.6)."""
    length, at = _varint(page, cell)
    _, at = _varint(page, at)
    if length <= size - 35:
        return
    least = (size - 12) * 32 // 255 - 23
    here = least + (length - least) % (size - 4)
    at += here if here <= size - 35 else least
    following = int.from_bytes(page[at : at + 4], "big")
    while following:
        yield following
        start = (following - 1) * size
        following = int.from_bytes(whole[start : start + 4], "big")


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for _ in range(9):
        value = value << 7 | page[at] & 0x7F
        at += 1
        if page[at - 1] < 0x80:
            break
    return value, at
