"""Backups as the window needs them; loaded after the first rows are on screen, most of it beside the window."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import backup, erased_copies, following, reasons, room, second, settings
from shopdesk.core.backup import Backup, Stop
from shopdesk.core.before import Held
from shopdesk.core.errors import Busy, DiskTrouble
from shopdesk.core.second import Second
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import DatabaseError, connect
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the new backup, what is known of the second folder, and whether anything is unsaved now."""

    backup: Backup | None = None
    second: Second | None = None
    due: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How the backups of the open shop stand, and what to say when there is little room on its disk."""

    state: backup.State
    low: DiskTrouble | None


def look(shop: Shop) -> Look:
    """Look at it, in a reading thread."""
    return Look(backup.state(shop), room.shortage(shop.path))


def made_when_due(shop: Shop, why: str, stop: Stop) -> Made:
    """Make a backup when anything was written since the last one. Takes seconds: never on the main thread."""
    with _visit(shop):
        minutes = settings.number(shop.reader(), "backup_minutes") if why == reasons.TIMER else 0
        made = backup.make_when_due(shop, why=why, n=minutes, stop=stop)
        return Made(made, due=backup.due(shop))


def made_of(shop: Shop, held: Held, stop: Stop) -> Made:
    """Make a backup of a state that is held, when nothing like it is saved."""
    with _visit(shop):
        made = backup.make_when_due(shop, why=reasons.BULK, held=held, stop=stop)
        return Made(made, due=backup.due(shop))


def made_anyway(shop: Shop, stop: Stop) -> Made:
    """Make a backup because the owner asked for it."""
    with _visit(shop):
        return Made(backup.make(shop, why=reasons.ASKED, stop=stop), due=backup.due(shop))


def brought(shop: Shop, stop: Stop, *, anew: bool = False) -> Made:
    """Bring the newest backup to the second folder; and under the shop's password what was there under another.

    One that cannot follow its password keeps no other from being brought. Raises DiskTrouble, Busy.
    """
    trouble = None
    with _visit(shop):
        try:
            following.follow(shop, stop=stop)
        except (DiskTrouble, Busy) as error:
            if not _is_under_its_key(shop):
                raise
            trouble = error
        made = Made(second=second.bring(shop, anew=anew, stop=stop), due=backup.due(shop))
    if trouble is not None:
        raise trouble
    return made


def _is_under_its_key(shop: Shop) -> bool:
    """Whether the newest backup is under the present key: no other is brought where all have followed already."""
    newest = backup.newest(shop.path)
    if newest is None:
        return False
    try:
        with closing(connect(backup.folder(shop.path) / newest.name, key=shop.key)) as con:
            con.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except DatabaseError:
        return False
    return True


def erased_followed(shop: Shop, stop: Stop) -> Made:
    """Write the backups anew that still hold a person who was erased. Raises DiskTrouble that names the others."""
    with _visit(shop):
        left = erased_copies.finish(shop, stop)
        if left:
            raise DiskTrouble(
                N_("Backups that still hold a person who was erased: {names}."),
                fix=N_("They could not be written anew ({reason}). Delete them by hand, or open the shop again."),
                names=", ".join(one.path.name for one in left), reason=left[0].why,
            )  # fmt: skip
        return Made(due=backup.due(shop))


def made_at_the_end(shop: Shop) -> None:
    """Save what was changed before the window closes, in both folders. What the stick refuses can wait."""
    with _visit(shop):
        backup.make_when_due(shop, why=reasons.EXIT)
        second.bring(shop)


@contextmanager
def _visit(shop: Shop) -> Iterator[None]:
    """A thread of its own says as a sentence what the disk refused, and lets go of its connection."""
    try:
        with disk_trouble(shop.path):
            yield
    finally:
        shop.forget_reader()


def make_anew(make: Callable[[Path], object], path: Path) -> None:
    """Make the demo shop in its own folder, without what was in it before."""
    if path.parent.is_dir():
        shutil.rmtree(path.parent)
    path.parent.mkdir(parents=True)
    make(path)
