"""Verified backups beside the shop file.

`<name> backups/<name>-YYYYMMDD-HHMMSS[-n].shop` and one `manifest.jsonl`, nothing else. A copy is made by
SQLite's own backup, opened and checked like a stranger, and only then given its final name and its line in
the manifest.
"""

from __future__ import annotations

import glob
import os
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import clock, identity, manifest, retention, settings, sqlite, upgrades
from shopdesk.core.before import Held
from shopdesk.core.durable import sync
from shopdesk.core.errors import DiskTrouble, FileRefused, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.manifest import Backup, folder, listed, newest
from shopdesk.core.trouble import reason
from shopdesk.core.verifying import Copy, Found, Stop, Stopped, ask, verify
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

__all__ = [
    "Backup", "State", "Stop", "Stopped", "due", "folder", "listed", "make", "make_when_due", "newest", "state",
]  # fmt: skip

_PAGES_A_STEP = 4096
one_at_a_time = threading.Lock()
"""Held while a copy gets its name and its line in the list, so that nobody else changes that meanwhile."""
_troubles: dict[Path, ShopError] = {}


@dataclass(frozen=True, slots=True)
class State:
    """The newest verified backup that is there, whether anything was written since, why the last try failed."""

    newest: Backup | None
    due: bool
    trouble: ShopError | None


def due(shop: Shop, held: Held | None = None) -> bool:
    """Whether anything was written since the newest backup, or up to a state that is held."""
    last = newest(shop.path)
    return last is None or last.changes != (shop.changes() if held is None else held.changes)


def state(shop: Shop) -> State:
    """How the backups of a shop stand at this moment."""
    last = newest(shop.path)
    return State(last, last is None or last.changes != shop.changes(), _troubles.get(shop.path))


def make_when_due(
    shop: Shop, *, why: str, about: str = "", n: int = 0, held: Held | None = None, stop: Stop | None = None
) -> Backup | None:
    """Make a backup when anything was written since the newest one; None when nothing was. Otherwise as `make`."""
    with one_at_a_time:
        if not due(shop, held):
            return None
        return _told(shop, partial(_make, shop, why=why, about=about, n=n, held=held, stop=stop))


def make(
    shop: Shop,
    *,
    why: str,
    about: str = "",
    n: int = 0,
    figures: bool = True,
    into: Path | None = None,
    stop: Stop | None = None,
) -> Backup:
    """Copy the shop, verify the copy, and only then count it. Takes seconds: never on the main thread.

    `why`, `about` and `n` say what for (core/reasons.py). Without `figures` the sums are left out of the verifying:
    those of an older file follow older rules. `into` names another folder than the one beside the shop, where
    no older backups give way. Another one that is being made at the moment is waited for.

    Raises DiskTrouble when the copy cannot be written, Damaged when it is not well, Stopped; nothing half is
    left behind.
    """
    with one_at_a_time:
        made = partial(_make, shop, why=why, about=about, n=n, figures=figures, into=into, stop=stop)
        return made() if into is not None else _told(shop, made)


def _told(shop: Shop, made: Callable[[], Backup]) -> Backup:
    """Remember whether it came to anything, and tell who listens to the shop."""
    try:
        backup = made()
        _troubles.pop(shop.path, None)
    except ShopError as error:
        _troubles[shop.path] = error
        raise
    finally:
        shop.tell("backups")
    return backup


def _make(
    shop: Shop,
    *,
    why: str,
    about: str,
    n: int,
    figures: bool = True,
    into: Path | None = None,
    held: Held | None = None,
    stop: Stop | None = None,
) -> Backup:
    where = into or folder(shop.path)
    part = None
    try:
        if into is None:
            _note_unnoted(shop.path, shop.key, stop)
        shop.path.stat()  # of a stick that was pulled: no folder is made in its place
        where.mkdir(mode=0o700, parents=into is not None, exist_ok=True)
        target, part = _reserve(where, shop.path.stem)
        _copy(shop, held, part, stop)
        found = verify(Copy(part, shop.key, stop), figures=figures)
        made = _described(found, target.name, clock.text(), why, *_more(shop, about, n, held))
        os.replace(part, target)
        manifest.note(where, made)
        if into is None:
            _thin_out(shop)
    except (OSError, sqlite.DatabaseError) as error:
        if stop is not None and stop():
            raise Stopped from error
        raise DiskTrouble(
            N_("The backup was not written: {reason}."),
            fix=N_("The shop itself is as it was; earlier backups are untouched."),
            reason=reason(error),
        ) from error
    finally:
        if part is not None:
            for left in where.glob(f"{glob.escape(part.name)}*"):
                with suppress(OSError):
                    left.unlink()
    return made


def _described(found: Found, name: str, at: str, why: str, about: str = "", n: int = 0) -> Backup:
    return Backup(name, at, why, found.size, found.sha256, found.changes, found.rows, about, n)


def _more(shop: Shop, about: str, n: int, held: Held | None) -> tuple[str, int]:
    """What else is told of a backup. The list is no secret: of a protected shop it says nothing."""
    if shop.key is not None:
        return "", n
    return (about, n) if held is None else (held.label, held.n)


def _thin_out(shop: Shop) -> None:
    """Let old backups go that retention.py does not keep.

    One that will not go stays for the next time; so does a spoilt one, which counts for nothing here.
    """
    where = folder(shop.path)
    most = settings.number(shop.reader(), "backup_gb") * 1024**3
    whole = [backup for backup in listed(shop.path) if manifest.is_whole(where, backup)]
    spared = upgrades.pending(shop.reader())
    for gone in retention.superfluous(whole, clock.today(), most_bytes=most, spared=spared):
        with suppress(OSError):
            (where / gone.name).unlink()


def _note_unnoted(shop: Path, key: Key | None, stop: Stop | None) -> None:
    """Note copies that were verified and named, but whose maker was killed before it could write it down.

    What somebody else has put there under such a name is none.
    """
    known = {backup.name for backup in listed(shop)}
    form = manifest.form(shop.stem)
    for file in sorted(folder(shop).glob(f"{glob.escape(shop.stem)}-*.shop")):
        found = form.fullmatch(file.name)
        if found is None or file.name in known:
            continue
        with suppress(FileRefused, DiskTrouble, sqlite.DatabaseError):
            _refuse_other(file, key)
            at = datetime.strptime(found[1], "%Y%m%d-%H%M%S")
            ask(stop)
            looked = verify(Copy(file, key, stop), figures=False)
            manifest.note(file.parent, _described(looked, file.name, clock.text(at), "found"))


def _refuse_other(file: Path, key: Key | None) -> None:
    """Raise FileRefused for a file that defines more than a shop, but for what the owner may have added."""
    with closing(sqlite.connect(file, key=key)) as con:
        try:
            identity.refuse_other(file, lambda: con, familiar=False)
        except identity.Additions as found:
            if not found.harmless:
                raise


def _reserve(where: Path, name: str) -> tuple[Path, Path]:
    """The name for a new copy and the empty file for the making of it, which nobody else has."""
    stem = f"{name}-{clock.now():%Y%m%d-%H%M%S}"
    for number in count(1):
        target = where / (f"{stem}.shop" if number == 1 else f"{stem}-{number}.shop")
        part = target.with_name(target.name + ".part")
        if target.exists():
            continue
        with suppress(FileExistsError):
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
    return target, part


def _copy(shop: Shop, held: Held | None, part: Path, stop: Stop | None) -> None:
    """Copy one state of the shop: what is written meanwhile neither gets into it nor makes it begin anew."""
    handle = os.open(part, os.O_RDONLY)

    def look(*_state: int) -> None:
        ask(stop)
        if stop is not None:  # nothing interrupts a sync: so that little is left for the last one
            os.fsync(handle)

    state = held or Held(sqlite.connect(shop.path, key=shop.key))
    try:
        with closing(sqlite.bare(part, key=shop.key)) as copy:
            state.con.backup(copy, pages=_PAGES_A_STEP, progress=look)
            # with shared memory or a journal SQLite would say of a full disk only that it failed
            copy.execute("PRAGMA locking_mode=EXCLUSIVE")
            copy.execute("PRAGMA journal_mode=OFF").fetchall()
    finally:
        os.close(handle)
        state.close()  # as soon as may be: while it is held the side file of the shop can only grow
    sync(part)
