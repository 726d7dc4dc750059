"""A backup is written anew in its own place: under another key, or without a person who was erased.

The changed copy is made beside it and verified. Before it takes the place of the old one, the line in the list says
both what the file was and what it will be: whenever a process is killed, it is one of the two and relied on.
"""

from __future__ import annotations

import glob
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from shopdesk.core import manifest, sqlite
from shopdesk.core.backup import one_at_a_time
from shopdesk.core.durable import sync
from shopdesk.core.manifest import Backup
from shopdesk.core.verifying import Found, Stop, Stopped, ask, checksum

_WAIT_S = 0.1
_rewriting = threading.Lock()


def rewrite(file: Path, write: Callable[[Path], Found], stop: Stop) -> None:
    """Let `write` make a changed copy of a backup under another name, verified and on the disk; it takes its place.

    One that is not what was verified is none afterwards either. Raises Stopped when `stop` says so, what `write`
    raises, OSError; the backup is then as it was.
    """
    part = file.with_name(f"{file.name}.part")
    with _turn(stop):
        try:
            line = manifest.of_file(file)
            then = None if line is None else replace(line, size=file.stat().st_size, sha256=checksum(file, stop))
            sound = line is not None and then is not None and line.is_of(then.sha256)
            part.unlink(missing_ok=True)
            found = write(part)
            ask(stop)
            with one_at_a_time:
                _swap(part, file, then if sound else None, found)
        except (OSError, sqlite.DatabaseError) as error:
            if stop():
                raise Stopped from error
            raise
        finally:
            for left in file.parent.glob(f"{glob.escape(part.name)}*"):
                with suppress(OSError):
                    left.unlink()


@contextmanager
def _turn(stop: Stop) -> Iterator[None]:
    """Two never write copies of one backup at once."""
    while not _rewriting.acquire(timeout=_WAIT_S):
        ask(stop)
    try:
        yield
    finally:
        _rewriting.release()


def _swap(part: Path, file: Path, then: Backup | None, found: Found) -> None:
    """Replace a backup; `then` is its line as the file was, None for one without or that could not be relied on."""
    where = file.parent
    if not file.exists():  # an old one that gave way meanwhile
        return
    now = None if then is None else replace(then, size=found.size, sha256=found.sha256, was_size=0, was_sha256="")
    if now is not None and then is not None:
        manifest.change(where, replace(now, was_size=then.size, was_sha256=then.sha256))
    part.replace(file)
    sync(where)
    if now is not None:
        manifest.change(where, now)


def settle(where: Path, stem: str) -> None:
    """Where a replacement was cut off, let the lines of a shop say again what its files are, and nothing else.

    Reads such a file whole: never on the main thread. Raises OSError.
    """
    with one_at_a_time:
        for made in manifest.of_shop(where, stem):
            if made.was_sha256:
                is_old = manifest.checksum(where / made.name) == made.was_sha256
                size, found = (made.was_size, made.was_sha256) if is_old else (made.size, made.sha256)
                manifest.change(where, replace(made, size=size, sha256=found, was_size=0, was_sha256=""))
