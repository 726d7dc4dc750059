"""A broken shop file is never lost: it is kept beside the one that takes its place, with its side files.

The file and its log are two names, and no system changes two at once. So a note beside the shop says that the one
is being put in the place of the other; whoever takes the shop's lock, or opens it to read, brings what the note
tells to its beginning or its end first (mend). For ShopDesk there is at every moment, also after a power cut,
either the old file with its log at the path or the new one, and never a log beside a file it is not of.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shopdesk.core import clock, lock, sqlite
from shopdesk.core.durable import sync, written
from shopdesk.core.errors import FileRefused, HeldElsewhere
from shopdesk.core.keys import Key
from shopdesk.core.paths import exchange_note
from shopdesk.core.words import tr

SIDE_FILES = ("-wal", "-shm")
_LONGEST_NOTE = 4096


def name_for(path: Path) -> Path:
    """Where a broken shop file will be kept: “muhe damaged 1124.shop”, numbered when that is taken."""
    stem = tr("{name} damaged {date}", name=path.stem, date=f"{clock.today():%m%d}")
    kept = path.with_name(f"{stem}.shop")
    number = 1
    while any(_beside(kept, side).exists() for side in ("", *SIDE_FILES)):
        number += 1
        kept = path.with_name(f"{stem} {number}.shop")
    return kept


def is_kept(name: str, stem: str) -> bool:
    """Whether a file's name is one that name_for() gives, in either language, for a shop of this stem."""
    return re.fullmatch(rf"{re.escape(stem)} (damaged|坏的) ?\d{{4}}( \d+)?\.shop(-wal)?", name) is not None


@contextmanager
def as_found(path: Path, key: Key | None = None) -> Iterator[None]:
    """Whoever only looks at a file leaves no side file that was not there; those that were stay as they are."""
    log = _beside(path, SIDE_FILES[0])
    had = log.exists()
    try:
        yield
    finally:
        with suppress(OSError, sqlite.DatabaseError, FileRefused, HeldElsewhere):
            if not had and not log.stat().st_size:  # else somebody has written to the file meanwhile
                lock.refuse_other_machine(path)
                sqlite.leave_one_file(path, key=key)


def exchange(path: Path, new: Path) -> Path:
    """Let the finished file `new` take the place of `path`, which is kept; where. Who calls holds the shop's lock.

    Raises OSError; `path` is then as it was.
    """
    kept = name_for(path)
    with _brought(path, new) as here:
        _drop_empty(path)
        _note(path, kept)
        try:
            _keep(path, kept)
            _move(path, kept)
            os.replace(here, path)
        except BaseException:
            mend(path)
            raise
    _keep_private(kept)
    with suppress(OSError):  # it has come true; the next who opens the shop does what is left
        sync(path.parent)
        _end(path)
    return kept


def place(path: Path, new: Path) -> None:
    """Let the finished file `new` stand at `path`, where none stands any more. Who calls holds the shop's lock.

    A log that was left there is of the file that is gone; it is put aside. Raises OSError.
    """
    with _brought(path, new) as here:
        _drop_empty(path)
        kept = name_for(path)
        _move(path, kept)
        _keep_private(kept)
        os.replace(here, path)
    with suppress(OSError):
        sync(path.parent)


def mend(path: Path) -> None:
    """Bring an exchange that was cut off to its beginning or its end. Who calls holds the shop's lock."""
    kept = _noted(path)
    if kept is not None and path.is_file() and kept.is_file() and _is_same(kept, path):
        if not sqlite.has_log(path):  # else another program has written to it meanwhile, without that log
            _move(kept, path)
        kept.unlink()
        sync(path.parent)
    elif kept is not None:
        _keep_private(kept)
    _end(path)


@contextmanager
def _brought(path: Path, new: Path) -> Iterator[Path]:
    """The finished file on the disk of the shop, from where one rename takes it to its place."""
    here = path.with_name(f"{path.name}.part-new")  # swept by the next who opens the shop
    if sqlite.has_log(new):
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(new))  # its own log could not be brought into it
    try:
        try:
            os.replace(new, here)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(new, here)
        sync(here)
        yield here
    finally:
        here.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(source, target)
    source.unlink()


def _drop_empty(path: Path) -> None:
    """Side files that hold nothing: whoever only reads a shop leaves them."""
    if _beside(path, SIDE_FILES[0]).exists() and not sqlite.has_log(path):
        for side in SIDE_FILES:
            _beside(path, side).unlink(missing_ok=True)


def _note(path: Path, kept: Path) -> None:
    with written(exchange_note(path)) as part:
        part.unlink(missing_ok=True)  # that of a process that was killed
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"kept": kept.name}, stream)


def _noted(path: Path) -> Path | None:
    """Where the note says that the broken file is kept. A note of a stranger leads to no other file."""
    note = exchange_note(path)
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        if stat.S_ISREG(note.lstat().st_mode):
            name = str(json.loads(note.read_bytes()[:_LONGEST_NOTE])["kept"])
            if name == Path(name).name and name.startswith(f"{path.stem} ") and name.endswith(".shop"):
                return path.with_name(name)
    return None


def _end(path: Path) -> None:
    with suppress(FileNotFoundError):
        exchange_note(path).unlink()
        sync(path.parent)


def _keep(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:  # a disk that knows no second name for a file
        with written(kept) as part:
            shutil.copyfile(path, part)
            found = path.stat()
            os.utime(part, ns=(found.st_atime_ns, found.st_mtime_ns))
    sync(path.parent)


def _keep_private(kept: Path) -> None:
    """Nobody else on the machine may read what is kept, whoever could read it at its old place."""
    for side in ("", *SIDE_FILES):
        with suppress(OSError):
            _beside(kept, side).chmod(0o600)


def _is_same(one: Path, other: Path) -> bool:
    here, there = one.stat(), other.stat()
    return os.path.samestat(here, there) or (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)


def _move(source: Path, target: Path) -> None:
    """Give the side files of a file the name of another one, for good before anything else is done."""
    for side in SIDE_FILES:
        with suppress(FileNotFoundError):
            os.replace(_beside(source, side), _beside(target, side))
    sync(source.parent)


def _beside(path: Path, side: str) -> Path:
    return path.with_name(path.name + side)
