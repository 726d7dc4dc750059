"""What the disk, the file or a value refused, as a sentence for the owner."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.errors import Damaged, DiskTrouble, FileRefused, NotWritable, ShopError
from shopdesk.core.words import N_, tr


@contextmanager
def disk_trouble(beside: Path | None = None) -> Iterator[None]:
    """Say what the disk refused as a sentence; anything else goes on as it is.

    For want of room `beside` the shop file SQLite cannot make its side files, but calls it an error of the disk.
    """
    try:
        yield
    except sqlite.DatabaseError as error:
        known = _sentence(error)
        if known is None:
            raise
        if known == _ERROR and beside is not None and _no_room(beside):
            known = _FULL
        raise _KINDS.get(known, DiskTrouble)(
            known, fix=N_("Nothing was written; the shop is as it was before.")
        ) from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise ShopError(
            N_("It holds a character or a number that cannot be kept."),
            fix=N_("Nothing was written; the shop is as it was before."),
        ) from error
    except OSError as error:
        kind = NotWritable if error.errno in _NOT_WRITABLE else DiskTrouble
        raise kind(
            N_("The disk refused: {reason}."),
            fix=N_("Nothing was written; the shop is as it was before."),
            reason=reason(error),
        ) from error


@contextmanager
def not_written(path: Path) -> Iterator[None]:
    """Say as a sentence why a file or folder of the owner's choice could not be written."""
    try:
        yield
    except OSError as error:
        raise DiskTrouble(
            N_("“{name}” could not be written: {reason}."),
            fix=N_("Choose another folder, or make room."),
            name=path.name,
            reason=reason(error),
        ) from error


_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
_READ_ONLY = N_("The shop file cannot be written: the folder or the file is read-only.")
_FULL = N_("The disk is full.")
_ERROR = N_("The disk reported an error.")
_LOCKED = N_("Another program holds the shop file.")
_SIDE_FILES = 1 << 17
"""Bytes that SQLite's side files need at least."""
_OF_DISK = {_FULL: errno.ENOSPC, _ERROR: errno.EIO, _LOCKED: errno.EAGAIN}
_DAMAGED = N_("The shop file is damaged.")
_OF_CODE = {10: _ERROR, 11: _DAMAGED, 26: _DAMAGED}
"""What SQLite's results IOERR, CORRUPT and NOTADB are, whatever the words that come with them."""
_KINDS: dict[str, type[DiskTrouble]] = {_READ_ONLY: NotWritable, _DAMAGED: Damaged}
_REASONS = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.EACCES: N_("writing is not allowed there"),
    errno.EPERM: N_("writing is not allowed there"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EIO: N_("the disk reported an error"),
    errno.ENOENT: N_("the file or its folder is not there"),
    errno.ENOTDIR: N_("the file or its folder is not there"),
    errno.ENODEV: N_("the disk is not there any more"),
}

_UNREADABLE = {
    errno.EACCES: N_("The file cannot be read: reading it is not allowed."),
    errno.EPERM: N_("The file cannot be read: reading it is not allowed."),
    errno.ENOENT: N_("The file cannot be read: it is not there."),
    errno.EIO: N_("The file cannot be read: the disk reported an error."),
    errno.ENAMETOOLONG: N_("The file cannot be read: its name is too long."),
}


def reason(error: BaseException) -> str:
    """Why the system or the database refused, as a part of a sentence in the owner's language."""
    if isinstance(error, OSError):
        known = _REASONS.get(error.errno or 0)
        return tr(known or N_("the system refused it"))
    said = _sentence(error)
    return tr(said).rstrip(".。") if said else str(error)


def is_told(error: BaseException) -> bool:
    """Whether `reason` has words for it; of others it only has what the program says to who makes it."""
    return isinstance(error, OSError) or (isinstance(error, sqlite.DatabaseError) and _sentence(error) is not None)


def unreadable(error: OSError) -> FileRefused:
    """Why a file of the owner's choice could not be read; never in the words of the system, which has one language."""
    return FileRefused(_UNREADABLE.get(error.errno or 0, N_("The file cannot be read: the system refused it.")))


def of_disk(error: OSError | sqlite.DatabaseError) -> int | None:
    """The system's number for what the disk (or another program that holds the file) refused; None for others."""
    if isinstance(error, OSError):
        return error.errno if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO) else None
    return _OF_DISK.get(_sentence(error) or "")


def is_spoilt(error: OSError | sqlite.DatabaseError) -> bool:
    """Whether it says what the file is (damaged, or no database with that key), not what was refused just now."""
    return isinstance(error, sqlite.DatabaseError) and _sentence(error) == _DAMAGED


def without_rows(error: BaseException) -> str:
    """What SQLite says of a damaged file, without the words of a row that it could not read."""
    return str(error).partition(" with text ")[0]


def _no_room(beside: Path) -> bool:
    if sys.platform == "win32":
        return False
    try:
        disk = os.statvfs(beside.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _SIDE_FILES


def _sentence(error: BaseException) -> str | None:
    said = str(error)
    for part, sentence in (
        ("database or disk is full", _FULL),
        ("readonly database", _READ_ONLY),
        ("disk I/O error", _ERROR),
        ("unable to open database", N_("The shop file cannot be opened any more.")),
        ("database is locked", _LOCKED),
        ("malformed", _DAMAGED),
        ("file is not a database", _DAMAGED),
        ("Could not decode to UTF-8", _DAMAGED),  # what follows in it is a row as it stands in the file
    ):
        if part in said:
            return sentence
    # a search index says in words of its own why it gave up
    return _OF_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
