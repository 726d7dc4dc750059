"""Coming back: a backup takes the place of the present shop, as one act that happens whole or not at all.

The backup is looked through as a stranger's file and copied into a file of our own beside the backups, where it
is made ready. The present content then goes into a verified backup, and what was made ready is written through
SQLite into the same file, in one transaction: a process that is killed in the middle leaves the shop as it was.
Only a file that cannot be read any more is put aside (core/aside.py), with its side files, and never deleted.
"""

from __future__ import annotations

import glob
import os
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import aside, backup, check, clock, erasures, following, identity, manifest, since, sqlite, upgrades
from shopdesk.core.errors import Damaged, FileRefused, NewerFile
from shopdesk.core.keys import Key, NeedsPassword, WrongPassword
from shopdesk.core.lock import held
from shopdesk.core.paths import backup_folder
from shopdesk.core.shop import Shop, opened
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from shopdesk.core.manifest import Backup


@dataclass(frozen=True, slots=True)
class Ready:
    """A backup that may take the place of a shop: the file `made` of it, and the moment `at` which it shows."""

    made: Path
    at: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of the present content: saved as the backup `saved`, or put `aside` where it was damaged."""

    saved: Backup | None = None
    aside: Path | None = None


def restore(path: Path, candidate: Path, *, key: Key | None = None) -> Path | None:
    """Put the content of `candidate` into the shop file `path`, which nobody may have open; both are under `key`.

    Where the damaged file is kept that stood there, or None: the present content was well and is in
    the newest backup now. Raises FileRefused, HeldElsewhere, DiskTrouble; the shop is then as it was.
    """
    return put(path, make_ready(path, candidate, key=key), key=key).aside


def make_ready(path: Path, candidate: Path, *, key: Key | None = None) -> Ready:
    """Look through a backup and copy it, to take the place of the shop file `path`, which may still be open.

    Takes the longest of it all. Whoever does not go on to put() gives it to forget(). Raises FileRefused,
    DiskTrouble.
    """
    path, candidate = Path(os.path.realpath(path)), Path(os.path.realpath(candidate))
    with disk_trouble(path):
        refuse_unfit(candidate, key=key)
        made = backup_folder(path) / f"{path.stem}-restore.shop.part"  # swept by the next who opens the shop
        made.parent.mkdir(mode=0o700, exist_ok=True)
        ready = Ready(made, _moment(candidate))
        try:
            _copy(candidate, ready, key)
        except BaseException:
            forget(ready)
            raise
    return ready


def put(path: Path, ready: Ready, *, key: Key | None = None) -> Replaced:
    """Put what was made ready into the shop file `path`, which nobody may have open now.

    Raises HeldElsewhere, DiskTrouble; the shop is then as it was.
    """
    path = Path(os.path.realpath(path))
    try:
        with disk_trouble(path), held(path):
            there = path.exists()
            saved = _saved(path, key) if there else None
            prepare(path, ready, key)
            if saved is not None:
                _write(path, ready, key)
                return Replaced(saved=saved)
            if there:
                return Replaced(aside=aside.exchange(path, ready.made))
            aside.place(path, ready.made)
            return Replaced()
    finally:
        forget(ready)


def prepare(path: Path, ready: Ready, key: Key | None = None) -> None:
    """The last that is done to a backup before it takes the place of the shop file `path`, however it does.

    It notes that it came back, as a state that no backup holds yet, and what the shop notes of its password and its
    upgrades; who was erased since is erased from it.
    """
    with closing(sqlite.connect(ready.made, key=key, write=True)) as con:
        since.note_restored(con, then=ready.at, at=clock.text())
        since.number_anew(con, manifest.listed(path))
        with suppress(sqlite.DatabaseError), closing(sqlite.connect(path, key=key)) as present:
            following.carry(present, con)  # a damaged file may still tell it
            upgrades.carry(present, con)
    erase_again(path, ready.made, key)


def _write(path: Path, ready: Ready, key: Key | None) -> None:
    """Write what was made ready through SQLite into a shop file that can be read, in one transaction."""
    with (
        closing(sqlite.connect(ready.made, key=key, write=True)) as source,
        closing(sqlite.connect(path, key=key, write=True)) as target,
    ):
        os.chmod(path, 0o600)
        source.backup(target)
        with suppress(sqlite.DatabaseError):  # it is restored; what the file lacks is in the log beside it
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def erase_again(path: Path, made: Path, key: Key | None = None) -> None:
    """Who was erased from the shop file `path` since is erased from what was made of a backup of it, too.

    In one of an older version it is done when the shop is opened and has been upgraded.
    """
    with closing(sqlite.connect(made, key=key)) as con:
        older = identity.lacks_migrations(con)
    if not older:
        erasures.reapply(made, erasures.known(path, key), key)


def to_look_at(path: Path, candidate: Path, key: Key | None = None) -> Path:
    """The file in which a backup of the shop file `path` may be looked at: itself, or a copy without the erased.

    The copy is to be removed with forget_copy(). Raises DiskTrouble.
    """
    if not erasures.missing(candidate, erasures.known(path, key), key):
        return candidate
    ready = Ready(backup_folder(path) / f"{path.stem}-look.shop.part", "")  # swept by the next who opens the shop
    with disk_trouble(path):
        _copy(candidate, ready, key)
        erase_again(path, ready.made, key)
    return ready.made


def forget_copy(file: Path) -> None:
    """Remove a copy of to_look_at(); a backup stays."""
    if file.suffix == ".part":
        forget(Ready(file, ""))


def forget(ready: Ready) -> None:
    """Remove what was made ready."""
    for left in ready.made.parent.glob(f"{glob.escape(ready.made.name)}*"):
        with suppress(OSError):
            left.unlink()


def _copy(candidate: Path, ready: Ready, key: Key | None) -> None:
    forget(ready)
    os.close(os.open(ready.made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with (
        closing(sqlite.connect(candidate, key=key)) as source,
        closing(sqlite.connect(ready.made, key=key, write=True)) as target,
    ):
        source.backup(target)
    with closing(sqlite.connect(ready.made, key=key)) as con:  # the file may have been changed since it was looked at
        identity.refuse_other(candidate, lambda: con, familiar=False)


def _moment(candidate: Path) -> str:
    """When a backup was made, as far as its list or else its file tells."""
    noted = _noted(candidate)
    return noted.at if noted else clock.text(datetime.fromtimestamp(candidate.stat().st_mtime))


def _noted(candidate: Path) -> Backup | None:
    return next((known for known in manifest.of_folder(candidate.parent) if known.name == candidate.name), None)


def refuse_unfit(candidate: Path, *, key: Key | None = None) -> None:
    """Raise FileRefused when a file is no whole shop: damaged, changed since it was verified, or not ours.

    It is taken for hostile: what it defines must be ours to the letter before a row of it is read.
    """
    try:
        Shop.open(candidate, key=key, write=False, familiar=False).close()
    except Damaged as damaged:
        raise FileRefused(
            N_("“{name}” is damaged."),
            fix=N_("Nothing was replaced; choose another backup."),
            name=candidate.name,
        ) from damaged
    noted = _noted(candidate)
    if noted is not None and not noted.is_of(manifest.checksum(candidate)):
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


def _saved(path: Path, key: Key | None) -> Backup | None:
    """Save the present content as a backup; None when the file is too damaged for that."""
    try:
        with opened(path, key=key, write=False) as shop:
            return backup.make(shop, why="restore")
    except (NewerFile, NeedsPassword, WrongPassword):
        raise
    except (FileRefused, Damaged):
        return None
