"""The backups made before an upgrade of the file: each stays until the shop was opened well three times after it.

Until then the way back to the version before is open, whatever else is thinned out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shopdesk.core import meta

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

OPENINGS = 3


def pending(con: Connection) -> dict[str, int]:
    """The names of those that must stay, and how often the shop was opened well since each."""
    try:
        noted = json.loads(meta.get(con, meta.UPGRADED) or "{}")
        return {str(name): int(openings) for name, openings in noted.items()}
    except (ValueError, TypeError, AttributeError):  # no act of ours wrote that
        return {}


def note(con: Connection, name: str) -> None:
    """Inside the transaction of an upgrade: this is the backup that was made before it."""
    _put(con, {**pending(con), name: 0})


def opened_well(shop: Shop) -> None:
    """The open shop was looked at and is whole: that counts once, and not for the opening that has upgraded it.

    Raises DiskTrouble, Busy; it was not counted then.
    """
    if shop.read_only or shop.is_counted:
        return
    if pending(shop.reader()):
        with shop.quiet() as db:
            counted = {name: openings + 1 for name, openings in pending(db.conn).items()}
            _put(db.conn, {name: openings for name, openings in counted.items() if openings < OPENINGS})
    shop.is_counted = True


def carry(source: Connection, target: Connection) -> None:
    """What a shop notes of its upgrades goes over to the backup that takes its place: it is of no earlier time."""
    _put(target, pending(source))


def _put(con: Connection, openings: Mapping[str, int]) -> None:
    meta.put(con, meta.UPGRADED, json.dumps(openings) if openings else None)
