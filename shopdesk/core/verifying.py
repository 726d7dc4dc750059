"""Is a copy of the shop well? Asked before it counts as a backup, like a stranger would ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from shopdesk.core import check, kept, meta, shape, sqlite
from shopdesk.core.errors import Damaged
from shopdesk.core.keys import Key
from shopdesk.core.schema import Kept, KeptTable
from shopdesk.core.words import N_

_MAPPED = 1 << 36
_PIECE = 1 << 20
_EYES = 2
_STEPS_A_LOOK = 20_000
_COUNTED = ("orders", "order_lines", "skus", "customers", "reviews", "stock_moves")

Stop = Callable[[], bool]
"""Whether the work is not wanted any more, because its shop is being closed."""


class Stopped(Exception):
    """A backup was not finished because its shop is being closed."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that nobody else writes, the key it is under, and who may stop the look at it."""

    path: Path
    key: Key | None = None
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a copy that is well: bytes, checksum, number of the last change, rows by table."""

    size: int
    sha256: str
    changes: int
    rows: dict[str, int]


def verify(copy: Copy, *, figures: bool) -> Found:
    """Look at a copy from several sides at once, and say what is in it. Raises Damaged when it is not well.

    The file, its checksum and each of its figures are questions of their own, and SQLite lets other threads
    run while it works. The longest come first. One that is stopped raises Stopped or sqlite.OperationalError.
    """
    looks: list[Callable[[Copy], check.Fault | None]] = [
        partial(_wrong_figure, rule) for rule in kept.rules() if figures
    ]
    with ThreadPoolExecutor(max_workers=_EYES) as eyes:
        faults = [eyes.submit(look, copy) for look in [_damage, *looks, _other_word]]
        sum_of_it = eyes.submit(checksum, copy.path, copy.stop)
    for found in filter(None, (fault.result() for fault in faults)):
        raise Damaged(
            N_("The backup was not kept, because it is not well: {reason}"),
            fix=N_("Run “shopdesk check” on the shop file."),
            reason=found,
        )
    with _looking(copy) as con:
        changes = meta.changes(con)
        rows = {table: con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED}
    return Found(copy.path.stat().st_size, sum_of_it.result(), changes, rows)


def ask(stop: Stop | None) -> None:
    """Raise Stopped when the work is not wanted any more."""
    if stop is not None and stop():
        raise Stopped


def pieces(stream: BinaryIO, stop: Stop | None) -> Iterator[bytes]:
    """What is in a file, a bit at a time. Raises Stopped."""
    while piece := stream.read(_PIECE):
        ask(stop)
        yield piece


def checksum(path: Path, stop: Stop | None) -> str:
    """The SHA-256 of a copy. Raises Stopped."""
    found = sha256()
    with path.open("rb") as stream:
        for piece in pieces(stream, stop):
            found.update(piece)
    return found.hexdigest()


@contextmanager
def _looking(copy: Copy) -> Iterator[sqlite.Connection]:
    """A connection to look at the copy; nobody else writes it, so it may be read through the memory."""
    stop = copy.stop
    ask(stop)
    with closing(sqlite.connect(copy.path, key=copy.key)) as con:
        check.may_compare(con, copy.key)
        con.execute(f"PRAGMA mmap_size={_MAPPED}")
        if stop is not None:
            look_at_stop(con, stop)
        yield con


def look_at_stop(con: sqlite.Connection, stop: Stop) -> None:
    """Let what a connection does end with an OperationalError soon after `stop` says so."""
    con.set_progress_handler(lambda: int(stop()), _STEPS_A_LOOK)


def _damage(copy: Copy) -> check.Fault | None:
    with _looking(copy) as con:
        return next(check.file_faults(con, quick=True), None)


def _other_word(copy: Copy) -> check.Fault | None:
    with _looking(copy) as con:
        return next(check.shape_faults(con), None) if shape.has_any_other_word(con) else None


def _wrong_figure(rule: Kept | KeptTable, copy: Copy) -> check.Fault | None:
    with _looking(copy) as con:
        return next(check.figure_faults(con, [rule]), None)
