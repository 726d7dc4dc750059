"""What lies in the folder of backups, and in the second folder, whether it can be used or not."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from shopdesk.core import clock, following, manifest, since, sqlite
from shopdesk.core.durable import written
from shopdesk.core.errors import ShopError
from shopdesk.core.manifest import Backup
from shopdesk.core.paths import backup_folder
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from pathlib import Path

    from shopdesk.core.sqlite import Connection

CHANGED = N_("It is not the file any more that was verified: it was changed, cut off or is damaged.")
UNVERIFIED = N_("It was never verified: whoever made it was interrupted, or it comes from elsewhere.")
UNFOLLOWED = N_("It did not follow when the password was changed, because it cannot be read: it is damaged.")


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup as it lies there.

    `fault` is an N_() sentence that says why it cannot be relied on. `since` counts the changes from it to now; None
    where it is unknown or the shop has left that way by a restore. `second` says that only the second folder has it.
    `touched` is when its file was written to, as the disk says it: bytes that were looked at before count no more.
    """

    path: Path
    made: Backup
    fault: str = ""
    since: int | None = None
    second: bool = False
    touched: int = 0


def look(shop: Path, con: Connection, second: Path | None = None) -> list[Copy]:
    """Every backup of a shop file, newest first; also what is in the folder and should not be relied on."""
    found = [_unfollowed(copy, con) for copy in _of(backup_folder(shop), shop.stem)]
    known = {copy.made.name for copy in found}
    if second is not None:
        there = [_unfollowed(copy, con) for copy in _of(second, shop.stem)]
        found += [replace(copy, second=True) for copy in there if copy.made.name not in known]
    changes = since.changes_since(con, [copy.made for copy in found])
    left = since.of_another_line(con, [copy.made for copy in found])
    counted = [_counted(copy, changes[copy.made.name], left) for copy in found]
    return sorted(counted, key=lambda copy: (copy.made.at, len(copy.made.name), copy.made.name), reverse=True)


def with_fault(copy: Copy, fault: str) -> Copy:
    """The same, now that it is known that it cannot be relied on."""
    return replace(copy, fault=fault)


def is_as_noted(copy: Copy) -> bool:
    """Whether its bytes are those that were verified, also when another copy has just taken its place.

    Reads all of it: never on the main thread.
    """
    try:
        found = manifest.checksum(copy.path)
    except OSError:
        return False
    said = manifest.of_file(copy.path)
    return copy.made.is_of(found) or (said is not None and said.is_of(found))


def remove(copy: Copy) -> None:
    """Delete one that cannot be relied on. Raises DiskTrouble."""
    with disk_trouble(copy.path):
        copy.path.unlink(missing_ok=True)


def copy_to(copy: Copy, folder: Path) -> Path:
    """Bring a backup to another folder (a USB stick), with its line in the list there; where it lies then.

    Raises ShopError when it is not the file that was verified, DiskTrouble.
    """
    with disk_trouble(folder):
        target = folder / copy.made.name
        with written(target) as part:
            shutil.copyfile(copy.path, part)
            if not copy.made.is_of(manifest.checksum(part)):
                raise ShopError(CHANGED, fix=N_("Choose another backup."))
        manifest.note(folder, copy.made)
    return target


def _of(folder: Path, stem: str) -> list[Copy]:
    noted = {made.name: made for made in manifest.of_shop(folder, stem)}
    form = manifest.form(stem)
    found = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            named = form.fullmatch(entry.name)
            if named is None or not entry.is_file(follow_symlinks=False):
                continue
            stat, path = entry.stat(follow_symlinks=False), folder / entry.name
            size, made = stat.st_size, noted.get(entry.name)
            if made is None:
                found.append(Copy(path, _unknown(entry.name, named[1], size), UNVERIFIED))
            else:
                copy = Copy(path, made, touched=stat.st_mtime_ns)
                found.append(copy if made.may_have(size) else _of_other_size(copy, size))
    return found


def _of_other_size(copy: Copy, size: int) -> Copy:
    """It may just have taken the place of another, since the list was read."""
    now = manifest.of_file(copy.path)
    return with_fault(copy, CHANGED) if now is None or not now.may_have(size) else replace(copy, made=now)


def _unfollowed(copy: Copy, con: Connection) -> Copy:
    """One that stayed under a former password, or under none, cannot be opened any more; its head tells."""
    if copy.fault or not following.has_followed(con, copy.path.parent):
        return copy
    try:
        with copy.path.open("rb") as stream:
            head = stream.read(len(sqlite.PLAIN))
    except OSError:
        return copy
    salt = con.execute("PRAGMA cipher_salt").fetchone()
    return copy if head == (bytes.fromhex(salt[0]) if salt else sqlite.PLAIN) else with_fault(copy, UNFOLLOWED)


def _unknown(name: str, when: str, size: int) -> Backup:
    with suppress(ValueError):
        return Backup(name, clock.text(datetime.strptime(when, "%Y%m%d-%H%M%S")), "", size, "", 0, {})
    return Backup(name, "", "", size, "", 0, {})


def _counted(copy: Copy, changes: int, left: set[str]) -> Copy:
    unknown = copy.fault == UNVERIFIED or copy.made.name in left or changes < 0
    return copy if unknown else replace(copy, since=changes)
