"""A shop gets a password, another one, or none any more: as a whole or not at all, and its backups follow.

The shop is written anew into a file beside it, under the new key; that is checked like a backup and compared
row by row, and takes the place of the old file by one rename. Until then the old one is as it was.

What this does not do: the old file is removed, not overwritten. A file system or an SSD may keep what was in it
for as long as it likes, and so do copies made by other programs; what was plain before the password was set
must be taken for readable by somebody who takes the disk apart.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import aside, clock, following, keys, manifest, meta, sqlite
from shopdesk.core.durable import sync
from shopdesk.core.errors import Damaged, DiskTrouble, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.lock import held
from shopdesk.core.recasting import recast
from shopdesk.core.shop import Shop, opened
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import disk_trouble, reason
from shopdesk.core.words import N_, tr

Progress = Callable[[float, str], None]
"""Told the part done (0 to 1) and what is being done."""
Warn = Callable[[ShopError], None]
"""Told what went wrong once the shop was under its new key."""

_ROOM = 32 * 1024 * 1024
"""Bytes to be left over when the shop lies on the disk twice."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Since when the shop is under a password, and when its recovery sheet was printed ("" for never)."""

    since: str
    sheet_printed: str


def facts(con: Connection) -> Protection | None:
    """What is noted of the password of a shop; None for one without."""
    since = meta.get(con, meta.SINCE)
    return Protection(since, meta.get(con, meta.SHEET) or "") if since is not None else None


def note_sheet(shop: Shop) -> None:
    """Note that the recovery sheet was printed now."""
    with shop.quiet() as db:
        meta.put(db.conn, meta.SHEET, clock.text())


def change(
    path: Path,
    old: Key | None,
    new_password: str | None,
    progress: Progress = lambda done, what: None,
    warn: Warn = lambda error: None,
) -> Key | None:
    """Set, change or (with None) remove the password of a shop that nobody has open; the new key.

    The shop is as before when this raises: ShopError (field "password") for an empty password, NeedsPassword,
    WrongPassword, HeldElsewhere, DiskTrouble, Damaged. What the disk refuses after that goes to `warn`. Backups that
    could not follow yet do so later (following.pending). Takes seconds, and up to minutes with many backups: never
    on the main thread.
    """
    if new_password is not None and not new_password.strip():
        raise ShopError(N_("A password has at least one character."), field="password")
    path = Path(os.path.realpath(path))
    Shop.open(path, key=old).close()  # what cannot be opened is refused, what is old upgraded
    if old is None and new_password is None:
        return None
    progress(0.0, tr("Working out the key"))
    new = keys.of_password(new_password, keys.new_salt()) if new_password is not None else None
    with disk_trouble(path), held(path):
        _refuse_without_room(path)
        progress(0.05, tr("Writing the shop anew"))
        with _part(path) as part:
            _recast(path, part, old, new)
            sync(path.parent)  # no side file of the old one may be there with the new one
            os.replace(part, path)
        try:
            sync(path.parent)
        except OSError as error:
            warn(_unconfirmed(error))
    with suppress(ShopError, OSError, sqlite.DatabaseError):  # it is under the new key; backups can follow later
        _follow(path, new, lambda done: progress(0.3 + 0.7 * done, tr("Backups")))
    return new


def _unconfirmed(error: OSError) -> ShopError:
    return DiskTrouble(
        N_("The password is changed, but the disk did not confirm it: {reason}."),
        fix=N_("After a power cut the shop may be under the old one again. Make a backup in another folder."),
        reason=reason(error),
    )


def _follow(path: Path, key: Key | None, progress: Callable[[float], None]) -> None:
    with opened(path, key=key) as shop:
        following.follow(shop, progress)


def _refuse_without_room(path: Path) -> None:
    needed = path.stat().st_size + _ROOM
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise DiskTrouble(
            N_("There is too little room beside the shop file: {needed} MB are needed, {free} MB are free."),
            fix=N_("Nothing was written; the shop is as it was before."),
            needed=needed // 1_000_000 + 1, free=free // 1_000_000,
        )  # fmt: skip


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """A name for the new file, of which nothing is left when it has not become the shop."""
    part = path.with_name(f"{path.name}.part")
    sweep(path)
    try:
        yield part
    finally:
        with suppress(OSError):  # the next start sweeps, too
            sweep(path)


def sweep(path: Path) -> None:
    """Remove the half of a file that a killed process left; who holds the shop's lock knows that nobody writes it."""
    for left in path.parent.glob(f"{glob.escape(path.name)}.part*"):
        left.unlink()


def _recast(path: Path, part: Path, old: Key | None, new: Key | None) -> None:
    # alone, it leaves no side files; and no journal that a power cut would keep and only who has the key can read
    with closing(sqlite.connect(path, key=old, write=True, alone=True)) as con:
        marks = following.marks(con, old, clock.text() if new is not None else None)
        try:
            recast(con, part, new, marks=marks, figures=True)
            # else its first opening, in the place of the shop, would write its first page anew beside a journal
            sqlite.connect(part, key=new, write=True).close()
            sync(part)
        except Damaged as error:
            raise Damaged(
                N_("The password was not changed, because the shop is not well: {reason}"),
                fix=N_("Run “shopdesk check” on the shop file."),
                reason=error.values.get("reason", error),
            ) from error


def plain_beside(path: Path) -> list[Path]:
    """Plain SQLite files that are left of a protected shop: broken ones that were kept, backups that did not follow.

    Nobody can be asked for more than to look at them and to remove them. Other shops beside it are not meant.
    """
    found = [file for file in path.parent.iterdir() if aside.is_kept(file.name, path.stem)]
    found += manifest.folder(path).glob(f"{glob.escape(path.stem)}-*.shop")
    return sorted(file for file in found if file.is_file() and _is_readable(file))


def _is_readable(file: Path) -> bool:
    """Whether what stands in a file can be read; a log is like the file that it belongs to."""
    of = file.with_name(file.name.removesuffix("-wal"))
    return not of.is_file() or sqlite.is_plain(of)
