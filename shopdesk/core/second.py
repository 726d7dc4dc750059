"""The second folder, on a USB stick or another disk: every verified backup is brought there too, when it is there.

What was made while it was away comes when it is back, as far as it would have been kept there.
The shop remembers when that last came true, so that a stick that stays in a drawer is asked for after a week.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import clock, manifest, replacing, retention, settings, sqlite
from shopdesk.core.backup import one_at_a_time
from shopdesk.core.durable import sync
from shopdesk.core.errors import DiskTrouble, ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import reason
from shopdesk.core.verifying import Stop, ask, checksum, pieces
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from shopdesk.core.keys import Key
    from shopdesk.core.manifest import Backup
    from shopdesk.core.shop import Shop

SETTING = "second_folder"
DAYS = 7
"""After so many days without a copy there the owner is asked for the stick."""

_one_at_a_time = threading.Lock()
_SPARE = 16 << 20
"""Bytes that stay free on the stick."""
_PIECES_A_SYNC = 8


@dataclass(frozen=True, slots=True)
class Second:
    """What is known of a second folder.

    `copied`: of when the newest backup is that was brought there, `name` how it is called; `missed`: since when
    backups wait for it, "" while none does; `returned`: when a wait of a week ended. Wall-clock times.
    """

    folder: str
    copied: str = ""
    missed: str = ""
    returned: str = ""
    name: str = ""

    def overdue(self, now: datetime) -> bool:
        """Whether it is time to ask for it."""
        return bool(self.missed) and datetime.fromisoformat(self.missed) <= now - timedelta(days=DAYS)


def chosen(con: Connection) -> Second | None:
    """The second folder of the shop and what is remembered of it; None when there is none."""
    folder = settings.text(con, SETTING)
    if not folder:
        return None
    row = con.execute("SELECT value FROM remembered WHERE key = ?", (SETTING,)).fetchone()
    try:
        known = Second(**json.loads(row[0])) if row else Second(folder)
        for at in filter(None, (known.copied, known.missed, known.returned)):
            datetime.fromisoformat(at)
    except (ValueError, TypeError):
        known = Second(folder)
    return known if known.folder == folder else Second(folder)


def is_there(shop: Path, second: Second) -> bool:
    """Whether copies can be brought: the folder is there and it is the one that was used before.

    Where the stick is not plugged in, an empty folder may stand in its place: one that was used holds a list.
    """
    where = Path(second.folder)
    try:
        used = not second.copied or (where / manifest.NAME).is_file()
        return where.is_dir() and used and not is_own(shop, where)
    except OSError:
        return False


def is_own(shop: Path, where: Path) -> bool:
    """Whether it is no other folder than those where the shop and its first backups are."""
    with suppress(OSError):
        return any(own.is_dir() and where.samefile(own) for own in (shop.parent, manifest.folder(shop)))
    return False


def bring(shop: Shop, *, anew: bool = False, stop: Stop | None = None) -> Second | None:
    """Bring the newest backup to the second folder when that is there; what is known of it afterwards.

    With `anew` a folder that was emptied or another stick in its place is taken as well. Copies a file: never on
    the main thread. Raises DiskTrouble when the folder is there and refuses.
    """
    with _one_at_a_time:
        return _bring_newest(shop, anew, stop)


def _bring_newest(shop: Shop, anew: bool, stop: Stop | None) -> Second | None:
    second = chosen(shop.reader())
    if second is None or manifest.newest(shop.path) is None:
        return second
    if is_there(shop.path, replace(second, copied="") if anew else second):
        where = Path(second.folder)
        try:
            with _refusal():
                replacing.settle(manifest.folder(shop.path), shop.path.stem)
                newest = manifest.newest(shop.path)
                if newest is None:
                    return second
                _bring(shop, where, newest, stop)
        except ShopError:
            _remember(shop, _missing(second))
            raise
        now = clock.now()
        returned = clock.text(now) if second.overdue(now) else second.returned
        known = Second(second.folder, newest.at, "", returned, newest.name)
    else:
        newest = manifest.newest(shop.path)
        known = second if newest is None or second.name == newest.name else _missing(second)
    _remember(shop, known)
    return known


@contextmanager
def _refusal() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskTrouble(
            N_("The backup was not brought to the second folder: {reason}."),
            fix=N_("The backup beside the shop is well. It is tried again with the next one."),
            reason=reason(error),
        ) from error


def bring_older(shop: Shop, stop: Stop | None = None) -> None:
    """Bring also what was made while the second folder was away, where retention.py keeps it there: newest first.

    Only once the newest is there. What lies there gives way to none of them but by the rules, so a full stick gets
    no more; what is spoilt, or not under the shop's key yet, stays here. Raises DiskTrouble, Stopped; what came stays.
    """
    with _one_at_a_time:
        second = chosen(shop.reader())
        if second is None or second.missed or not second.copied or not is_there(shop.path, second):
            return
        where = Path(second.folder)
        with _refusal():
            here = [made for made in manifest.listed(shop.path) if manifest.is_whole(_here(shop), made)]
            for older in _lacking(shop, where, here):
                ask(stop)
                if shutil.disk_usage(where).free < older.size + _SPARE:
                    return
                if _may_be_brought(shop, older, stop):
                    _carry(shop, where, older, stop, later=[made.name for made in here[here.index(older) + 1 :]])
                    _thin_out(shop, where, _most(shop))


def _lacking(shop: Shop, where: Path, here: list[Backup]) -> list[Backup]:
    """What is here, is not there, and would be kept there; the newest first."""
    there = _whole(shop, where)
    known = {made.name for made in there}
    together, later = list(there), set[str]()
    for made in reversed(here):
        if made.name not in known:
            place = next((at for at, other in enumerate(together) if other.name in later), len(together))
            together.insert(place, made)
        later.add(made.name)
    gone = retention.superfluous(together, clock.today(), most_bytes=_most(shop))
    return [made for made in reversed(together) if made.name not in known and made not in gone]


def _may_be_brought(shop: Shop, made: Backup, stop: Stop | None) -> bool:
    file = _here(shop) / made.name
    try:
        return is_under(file, shop.key) and checksum(file, stop) == made.sha256
    except FileNotFoundError:  # it gave way meanwhile
        return False


def is_under(file: Path, key: Key | None) -> bool:
    """Whether a backup opens with a key, or without any where that is None."""
    try:
        with closing(sqlite.connect(file, key=key)) as con:
            con.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite.DatabaseError:
        return False
    return True


def _here(shop: Shop) -> Path:
    return manifest.folder(shop.path)


def _most(shop: Shop) -> int:
    return settings.number(shop.reader(), "backup_gb") * 1024**3


def _missing(second: Second) -> Second:
    return second if second.missed else replace(second, missed=clock.text())


def _remember(shop: Shop, known: Second) -> None:
    if chosen(shop.reader()) == known or shop.read_only:
        return
    with shop.quiet() as db:
        db.execute(
            "INSERT INTO remembered VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (SETTING, json.dumps(asdict(known), ensure_ascii=False)),
        )
    shop.tell("backups")


def _bring(shop: Shop, where: Path, newest: Backup, stop: Stop | None) -> None:
    there = _whole(shop, where)
    if any(known.name == newest.name and known.sha256 == newest.sha256 for known in there):
        return
    room = shutil.disk_usage(where).free - newest.size - _SPARE
    if room < 0:
        _thin_out(shop, where, max(0, sum(known.size for known in there) + room))
    _carry(shop, where, newest, stop)
    _thin_out(shop, where, _most(shop))


def _carry(shop: Shop, where: Path, made: Backup, stop: Stop | None, later: Collection[str] = ()) -> None:
    target = where / made.name
    with _part(target) as part:
        if _copied(_here(shop) / made.name, part, stop) != made.sha256:
            raise ShopError(
                N_("The backup “{name}” was changed after it was verified; do not trust it."), name=made.name
            )
        if _read_back(part, stop) != made.sha256:
            raise DiskTrouble(
                N_("The copy in the second folder is not like the backup; the stick may be failing."),
                fix=N_("The backup beside the shop is well. It is tried again with the next one."),
            )
        with one_at_a_time:
            os.replace(part, target)
            known = {known.name for known in manifest.of_folder(where)}
            if later or made.name in known:
                manifest.change(where, made, before=later)
            else:
                manifest.note(where, made)


def _whole(shop: Shop, where: Path) -> list[Backup]:
    return [known for known in manifest.of_shop(where, shop.path.stem) if manifest.is_whole(where, known)]


def _thin_out(shop: Shop, where: Path, most_bytes: int) -> None:
    for gone in retention.superfluous(_whole(shop, where), clock.today(), most_bytes=most_bytes):
        with suppress(OSError):
            (where / gone.name).unlink()


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """The name of a file that is on its way; it is never written through what somebody else has put there."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _copied(source: Path, part: Path, stop: Stop | None) -> str:
    """Copy a file to the disk; the checksum of what was read."""
    found = sha256()
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as target, source.open("rb") as stream:
        for number, piece in enumerate(pieces(stream, stop), 1):
            found.update(piece)
            target.write(piece)
            if number % _PIECES_A_SYNC == 0:  # nothing can interrupt a sync: a slow stick has little to do in each
                target.flush()
                os.fsync(target.fileno())
    sync(part)
    return found.hexdigest()


def _read_back(part: Path, stop: Stop | None) -> str:
    """The checksum of what the disk gives back, not of what memory still holds of it."""
    if hasattr(os, "posix_fadvise"):
        with part.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return checksum(part, stop)
