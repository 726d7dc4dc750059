"""Which orders pasted tracking numbers mean, and what writing them would do."""

from __future__ import annotations

import json
from collections.abc import Sequence

from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.orders.pasting import Match, Pasted, Verdict


def match_tracking(con: Connection, rows: Sequence[Pasted]) -> list[Match]:
    """Which order each pasted row means, and what writing it would do."""
    known = _orders_by_number(con, [name for row in rows for name in _spellings(row.number)])
    seen: set[str] = set()
    matches = []
    for row in rows:
        candidates = next((known[name] for name in _spellings(row.number) if name in known), [])
        verdict = Verdict.TWICE if row.number in seen else _verdict(row, candidates)
        seen.add(row.number)
        alone = len(candidates) == 1
        matches.append(Match(row, candidates[0][0] if alone else None, verdict))
    return matches


def _spellings(number: str) -> tuple[str, ...]:
    """A number as it may stand in the shop: as pasted, without blanks, with and without the platform's #."""
    bare = number.replace(" ", "")
    return tuple(dict.fromkeys((number, bare, f"#{bare}", bare.removeprefix("#"))))


def _orders_by_number(con: Connection, numbers: Sequence[str]) -> dict[str, list[tuple[int, str, str]]]:
    rows = con.execute(
        "SELECT o.number, o.id, o.status, o.tracking FROM json_each(?) j"
        " CROSS JOIN orders o INDEXED BY orders_number ON o.number = j.value AND o.deleted_at IS NULL",
        (json.dumps(sorted(set(numbers))),),
    )
    found: dict[str, list[tuple[int, str, str]]] = {}
    for number, order_id, status, tracking in rows:
        found.setdefault(number, []).append((order_id, status, tracking))
    return found


def _verdict(row: Pasted, candidates: Sequence[tuple[int, str, str]]) -> Verdict:
    if not candidates:
        return Verdict.UNKNOWN
    if len(candidates) > 1:
        return Verdict.MANY
    if not row.tracking:
        return Verdict.NO_TRACKING
    _, status, tracking = candidates[0]
    plain = {"to_ship": Verdict.READY, "unpaid": Verdict.NOT_PAID, "closed": Verdict.CLOSED}
    if status in plain:
        return plain[status]
    if not tracking:
        return Verdict.ADDED
    return Verdict.SAME if tracking == row.tracking else Verdict.OTHER_NUMBER


def summary(matches: Sequence[Match]) -> str:
    """What pasting would do, in one line."""
    ready = sum(match.verdict is Verdict.READY for match in matches)
    added = sum(match.verdict is Verdict.ADDED for match in matches)
    rest = len(matches) - ready - added
    parts = [
        tr("{n} will be shipped", n=ready) if ready else "",
        trn("{n} gets its number", "{n} get their number", added) if added else "",
        trn("{n} stays as it is", "{n} stay as they are", rest) if rest else "",
    ]
    return " · ".join(part for part in parts if part)
