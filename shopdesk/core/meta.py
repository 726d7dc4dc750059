"""The table `meta`: what a shop notes of itself, one text under each name. These are all the names there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection

CHANGES = "changes"
"""A number that grows with every step, undo and redo."""

NUMBERED = "numbered"
"""At each restore, the number of changes before and the one that it was given."""

RESTORED = "restored"
"""When the shop was put back, and to when."""

REPAIRED = "repaired"
"""When what could be read of a damaged file took its place last: the journal begins anew there."""

UPGRADED = "upgraded"
"""The backups made before upgrades that must stay, and how often the shop was opened well since (core/upgrades.py)."""

FOUND_WELL = "found_well"
"""The day on which all was looked through last and found well (core/through.py)."""

SINCE = "protected_since"
SHEET = "recovery_sheet"
FORMER = "former_keys"
FOLLOWED = "followed"
PLACES = "folders_to_follow"
OF_PASSWORD = (SINCE, SHEET, FORMER, FOLLOWED, PLACES)
"""What is noted about the password: no business of a shop that is moved elsewhere."""

_COUNT = (
    f"INSERT INTO meta (key, value) VALUES ('{CHANGES}', '1')"
    " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value"
)


def get(con: Connection, name: str) -> str | None:
    """What is noted under a name; None for nothing."""
    row = con.execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def put(con: Connection, name: str, value: str | None, *, schema: str = "main") -> None:
    """Note something under a name, of an attached file in its `schema`; None takes it away."""
    if value is None:
        con.execute(f"DELETE FROM {schema}.meta WHERE key = ?", (name,))
    else:
        con.execute(f"INSERT OR REPLACE INTO {schema}.meta (key, value) VALUES (?, ?)", (name, value))


def changes(con: Connection) -> int:
    """How many changes the shop has had. Raises ValueError where something else is noted."""
    return int(get(con, CHANGES) or 0)


def count_change(con: Connection) -> int:
    """Inside a transaction: there is one change more; how many there are now."""
    return int(con.execute(_COUNT).fetchone()[0])
