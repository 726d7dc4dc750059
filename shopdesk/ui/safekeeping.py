"""Backups as the window needs them; loaded after the first rows are on screen, most of it beside the window."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import backup, erased_copies, following, reasons, room, second, settings, through
from shopdesk.core.backup import Backup, Stop
from shopdesk.core.before import Held
from shopdesk.core.errors import Busy, DiskTrouble, ShopError
from shopdesk.core.second import Second
from shopdesk.core.shop import Shop
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.verifying import Stopped
from shopdesk.core.words import N_
from shopdesk.ui.heap import give_back


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the new backup, what is known of the second folder, whether anything is unsaved now.

    `more` says that it made way for something else and is to go on after it.
    """

    backup: Backup | None = None
    second: Second | None = None
    due: bool = False
    more: bool = False


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
    return newest is not None and second.is_under(backup.folder(shop.path) / newest.name, shop.key)


def older_brought(shop: Shop, stop: Stop) -> Made:
    """Bring to the second folder also what was made while it was away. Takes minutes. Raises DiskTrouble."""
    with _visit(shop):
        try:
            second.bring_older(shop, stop)
        except Stopped:
            return Made(due=backup.due(shop), more=True)
        return Made(due=backup.due(shop))


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


def looked_through(shop: Shop, stop: Stop) -> Made:
    """Look deeply through the newest backup. Takes minutes. Raises as through.look(), but for Stopped."""
    with _visit(shop), suppress(Stopped):
        through.look(shop, stop)
    with _visit(shop):
        return Made(due=backup.due(shop))


def saved_first(shop: Shop, held: Held) -> None:
    """Save a state that is held before the last backup, where there is room for both.

    Whatever keeps it from being saved keeps nothing else from it.
    """
    with suppress(ShopError), _visit(shop):
        if _is_room_for_two(shop):
            backup.make_when_due(shop, why=reasons.BULK, held=held)
    held.close()


def made_at_the_end(shop: Shop) -> None:
    """Save what was changed before the window closes, in both folders. What the stick refuses can wait."""
    with _visit(shop):
        backup.make_when_due(shop, why=reasons.EXIT)
        second.bring(shop)


def _is_room_for_two(shop: Shop) -> bool:
    try:
        return room.free(shop.path) - 2 * shop.path.stat().st_size >= room.IMPORT_BYTES
    except OSError:
        return False


@contextmanager
def _visit(shop: Shop) -> Iterator[None]:
    """A thread of its own says as a sentence what the disk refused, and lets go of its connection and its memory."""
    try:
        with disk_trouble(shop.path):
            yield
    finally:
        shop.forget_reader()
        give_back()


def make_anew(make: Callable[[Path], object], path: Path) -> None:
    """Make the demo shop in its own folder, without what was in it before."""
    if path.parent.is_dir():
        shutil.rmtree(path.parent)
    path.parent.mkdir(parents=True)
    make(path)
