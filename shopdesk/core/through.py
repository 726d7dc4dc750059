"""Once in 30 days the newest backup is looked through as deeply as a file can be: every page, figure and text.

Damage may lie for years where nobody reads. It takes up to minutes of computing, so a process of its own does it,
after whatever else the machine has to do.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from shopdesk.core import backup, check, clock, manifest, meta, process, reasons, second
from shopdesk.core.errors import Damaged, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.verifying import Stop, Stopped, checksum
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from shopdesk.core.manifest import Backup
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

DAYS = 30
MODULE = "shopdesk.core.through"


# the side of the program


def found_well(con: Connection) -> date | None:
    """The day on which all was looked through last and found well; None for never."""
    try:
        return date.fromisoformat(meta.get(con, meta.FOUND_WELL) or "")
    except ValueError:
        return None


def due(con: Connection) -> bool:
    """Whether it is time for it; a day that is still to come was noted by a wrong clock."""
    day = found_well(con)
    return day is None or not timedelta(0) <= clock.today() - day < timedelta(days=DAYS)


def look(shop: Shop, stop: Stop) -> None:
    """Look through the newest backup and note the day when all is well. Takes minutes: never on the main thread.

    What is wrong in it was so in the shop; of one that was changed since, the present state is copied and looked
    through, too. Raises Damaged then; another ShopError when only the backup is spoilt, and a new one was made;
    Stopped, DiskTrouble.
    """
    made = manifest.newest(shop.path)
    if made is None or not second.is_under(_file(shop, made), shop.key):
        return  # one is made soon, or it is still to follow its password
    if not _is_as_noted(_file(shop, made), made, stop):
        backup.make(shop, why=reasons.GONE, stop=stop)
        raise ShopError(
            N_("The backup “{name}” was changed after it was verified; do not trust it."),
            fix=N_("A new one was made in its stead."),
            name=made.name,
        )
    if not _is_well(shop, made, stop):
        now = backup.make_when_due(shop, why=reasons.TIMER, stop=stop)
        if now is None or not _is_well(shop, now, stop):
            raise Damaged(N_("The shop file is damaged."))
    with shop.quiet() as db:
        meta.put(db.conn, meta.FOUND_WELL, clock.today().isoformat())


def _file(shop: Shop, made: Backup) -> Path:
    return manifest.folder(shop.path) / made.name


def _is_as_noted(file: Path, made: Backup, stop: Stop) -> bool:
    """Whether its bytes are those that were verified, as far as the disk gives them back."""
    try:
        return made.is_of(checksum(file, stop))
    except OSError:
        return False


def _is_well(shop: Shop, made: Backup, stop: Stop) -> bool:
    said: list[bool] = []
    job = {"path": str(_file(shop, made)), "key": shop.key.text() if shop.key else ""}
    try:
        process.run(MODULE, job, hear=lambda message: said.append(message["well"]), cancelled=stop)
    except process.Cancelled:
        raise Stopped from None
    except process.Broken as error:
        raise ShopError(
            N_("The backup “{name}” could not be looked through to its end."),
            fix=N_("It is tried again after the next start."),
            name=made.name,
        ) from error
    return said == [True]


# the side of the process


def main() -> NoReturn:
    """Look through one file, say whether it is well, and end."""
    job = process.begin()
    with suppress(AttributeError, OSError):  # not on every system
        os.nice(19)
    key = Key.of_text(job["key"]) if job["key"] else None
    process.say(well=next(check.deep_faults(Path(job["path"]), key=key), None) is None)
    os._exit(0)  # a thread waits for the program's word all its life: Python would not end while it does


if __name__ == "__main__":
    main()
