"""Coming back: a backup takes the place of the present shop, as one act that happens whole or not at all.

The present content goes into a verified backup first. The copy is written through SQLite into the same file,
in one transaction: a process that is killed in the middle leaves the shop as it was. Only a file that cannot
be read any more is moved aside, with its side files, and never deleted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from shopdesk.core import backup, check, clock, manifest, sqlite
from shopdesk.core.errors import Damaged, FileRefused, NewerFile
from shopdesk.core.keys import Key, NeedsPassword, WrongPassword
from shopdesk.core.lock import ShopLock
from shopdesk.core.shop import Shop, opened
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_

_SIDE_FILES = ("-wal", "-shm")


def restore(path: Path, candidate: Path, *, key: Key | None = None) -> Path | None:
    """Put the content of `candidate` into the shop file `path`, which nobody may have open; both are under `key`.

    Where the damaged file was moved to that stood there, or None: the present content was well and is in
    the newest backup now. Raises FileRefused, HeldElsewhere, DiskTrouble; the shop is then as it was.
    """
    path, candidate = Path(os.path.realpath(path)), Path(os.path.realpath(candidate))
    with disk_trouble(path):
        refuse_unfit(candidate, key=key)
        aside = _saved(path, key) if path.exists() else None
    with disk_trouble(path), _locked(path):
        if aside is not None:
            _move(path, aside)
        with (
            closing(sqlite.connect(candidate, key=key)) as source,
            closing(sqlite.connect(path, key=key, write=True, create=True)) as target,
        ):
            os.chmod(path, 0o600)
            source.backup(target)
            with suppress(sqlite.DatabaseError):  # it is restored; what the file lacks is in the log beside it
                target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return aside


def refuse_unfit(candidate: Path, *, key: Key | None = None) -> None:
    """Raise FileRefused when a file is no whole shop: damaged, changed since it was verified, or not ours.

    It is taken for hostile: what it defines must be ours to the letter before a row of it is read.
    """
    Shop.open(candidate, key=key, write=False, familiar=False).close()
    noted = next((known for known in manifest.of_folder(candidate.parent) if known.name == candidate.name), None)
    if noted is not None and noted.sha256 != manifest.checksum(candidate):
        raise FileRefused(
            N_("“{name}” is not the file any more that was verified on {at}."),
            fix=N_("It was changed or is damaged. Nothing was replaced; choose another backup."),
            name=candidate.name, at=noted.at,
        )  # fmt: skip
    for fault in check.faults(candidate, key=key):
        raise FileRefused(
            N_("“{name}” is not well: {reason}"),
            fix=N_("Nothing was replaced; choose another backup."),
            name=candidate.name, reason=fault,
        )  # fmt: skip


def _saved(path: Path, key: Key | None) -> Path | None:
    """Save the present content as a backup; where to move the file when it is too damaged for that."""
    try:
        with opened(path, key=key) as shop:
            backup.make(shop, why="restore")
    except (NewerFile, NeedsPassword, WrongPassword):
        raise
    except (FileRefused, Damaged):
        return path.with_name(f"{path.stem}.damaged-{clock.now():%Y%m%d-%H%M%S}.shop")
    return None


def _move(path: Path, aside: Path) -> None:
    for side in _SIDE_FILES:
        beside = path.with_name(path.name + side)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + side))
    os.replace(path, aside)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    held = ShopLock(path)
    held.acquire()
    try:
        yield
    finally:
        held.release()
