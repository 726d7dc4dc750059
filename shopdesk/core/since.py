"""What has changed between a backup and now: figures of both, and what the journal tells of the time between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopdesk.core import clock, meta, steps

if TYPE_CHECKING:
    from shopdesk.core.manifest import Backup
    from shopdesk.core.sqlite import Connection
    from shopdesk.core.steps import Step

FIGURES = {
    "orders": "SELECT count(*) FROM orders WHERE deleted_at IS NULL",
    "to_ship": "SELECT count(*) FROM orders WHERE status = 'to_ship' AND deleted_at IS NULL",
    "pieces": "SELECT coalesce(sum(on_hand), 0) FROM skus WHERE deleted_at IS NULL",
    "reviews": "SELECT count(*) FROM reviews WHERE state = 'open' AND deleted_at IS NULL",
}
"""What is compared: orders, orders to ship, pieces on hand, reviews to answer."""

_SHIPPED = """SELECT count(DISTINCT e.order_id) FROM order_events e WHERE e.status = 'shipped' AND e.by_hand = 1
    AND EXISTS (SELECT 1 FROM journal_inserts i WHERE i.table_name = 'order_events'
                AND i.step IN (SELECT value FROM json_each(?)) AND e.id BETWEEN i.first_id AND i.last_id)"""
_IMPORTS = """SELECT DISTINCT step FROM journal_inserts
    WHERE table_name = 'imports' AND step IN (SELECT value FROM json_each(?))"""
_SHIPPING = """SELECT DISTINCT i.step FROM journal_inserts i
    JOIN order_events e ON e.id BETWEEN i.first_id AND i.last_id AND e.status = 'shipped' AND e.by_hand = 1
    WHERE i.table_name = 'order_events' AND i.step IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Lost:
    """What a restore would lose: the steps made since, newest first, and what they are.

    `imports` are those that brought files; `shipped` counts the orders marked shipped by hand, `by_hand` the
    other steps; `undone` counts the steps of before that were taken back (or done again) since.
    """

    steps: tuple[Step, ...]
    imports: tuple[Step, ...]
    shipped: int
    by_hand: int
    undone: int


@dataclass(frozen=True, slots=True)
class Since:
    """A backup beside the present shop.

    `figures` gives for each key of FIGURES what it was then and what it is now, `settings` the keys of those
    that differ. `lost` is None where the journal cannot tell: the two are not of one line of time. `repaired` says
    that the shop file was since, and its journal begins anew there.
    """

    figures: dict[str, tuple[int, int]]
    settings: tuple[str, ...]
    lost: Lost | None
    repaired: bool = False


def compare(then: Connection, now: Connection) -> Since:
    """Put a backup beside the present shop; takes up to a second: never on the main thread."""
    figures = {key: (_one(then, query), _one(now, query)) for key, query in FIGURES.items()}
    before, after = _settings(then), _settings(now)
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    lost = _lost(then, now) if same_line(then, now) else None
    return Since(figures, tuple(changed), lost, _repaired(then, now))


def same_line(then: Connection, now: Connection) -> bool:
    """Whether the present shop came from that backup: its journal goes on from the backup's newest step."""
    last = then.execute("SELECT id, at FROM journal_steps ORDER BY id DESC LIMIT 1").fetchone()
    if last is None:
        return True
    same = now.execute("SELECT at FROM journal_steps WHERE id = ?", (last["id"],)).fetchone()
    return same is not None and same["at"] == last["at"]


def of_another_line(con: Connection, backups: list[Backup]) -> set[str]:
    """The names of those backups that were made on a way which the shop left when it was put back to earlier."""
    left = [(str(r["then"]), str(r["at"])) for r in json.loads(meta.get(con, meta.RESTORED) or "[]")]
    return {made.name for made in backups if any(then < made.at <= at for then, at in left)}


def note_restored(con: Connection, *, then: str, at: str) -> None:
    """Write into a shop that is being put back that it is as of `then` from the moment `at` on."""
    known = json.loads(meta.get(con, meta.RESTORED) or "[]")
    meta.put(con, meta.RESTORED, json.dumps([*known, {"then": then, "at": at}]))


def note_repaired(con: Connection) -> None:
    """Write into a shop that takes the place of a damaged one that it does from now on."""
    meta.put(con, meta.REPAIRED, clock.text())


def number_anew(con: Connection, backups: list[Backup]) -> None:
    """Write into a shop that is being put in the place of another that it is a state which no backup holds yet.

    A backup is due when its number of changes is not that of the shop: a number names one state only.
    """
    was = meta.changes(con)
    now = max([was, *(made.changes for made in backups)]) + 1
    meta.put(con, meta.CHANGES, str(now))
    meta.put(con, meta.NUMBERED, json.dumps([*_numbered(con), [was, now]]))


def changes_since(con: Connection, backups: list[Backup]) -> dict[str, int]:
    """How many changes the shop had since each backup of its own line; a new number is none."""
    now, jumps = meta.changes(con), _numbered(con)
    return {
        made.name: now - made.changes - sum(after - before for before, after in jumps if made.changes < after)
        for made in backups
    }


def _repaired(then: Connection, now: Connection) -> bool:
    """Whether the present shop was repaired since; one put back to before its repair was not."""
    at = meta.get(now, meta.REPAIRED)
    return at is not None and at != meta.get(then, meta.REPAIRED)


def _numbered(con: Connection) -> list[list[int]]:
    found: list[list[int]] = json.loads(meta.get(con, meta.NUMBERED) or "[]")
    return found


def _one(con: Connection, query: str) -> int:
    return int(con.execute(query).fetchone()[0])


def _settings(con: Connection) -> dict[str, str]:
    return {row["key"]: row["value"] for row in con.execute("SELECT key, value FROM settings")}


def _lost(then: Connection, now: Connection) -> Lost:
    last = _one(then, "SELECT coalesce(max(id), 0) FROM journal_steps")
    since = tuple(steps.done_after(now, last))
    ids = json.dumps([step.id for step in since])
    imports = {row[0] for row in now.execute(_IMPORTS, (ids,))}
    shipping = {row[0] for row in now.execute(_SHIPPING, (ids,))} - imports
    shipped = int(now.execute(_SHIPPED, (json.dumps(sorted(shipping)),)).fetchone()[0])
    return Lost(
        steps=since,
        imports=tuple(step for step in since if step.id in imports),
        shipped=shipped,
        by_hand=len(since) - len(imports) - len(shipping),
        undone=len(_done(then, last) ^ _done(now, last)),
    )


def _done(con: Connection, last: int) -> set[int]:
    return {row[0] for row in con.execute("SELECT id FROM journal_steps WHERE id <= ? AND state = 'done'", (last,))}
