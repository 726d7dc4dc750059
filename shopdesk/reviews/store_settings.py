"""What the settings about reviews mean today."""

from __future__ import annotations

from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr, trn
from shopdesk.reviews import store


def today(con: Connection) -> dict[str, tuple[str, bool]]:
    """Setting -> (what it means today in the owner's language, whether that is bad)."""
    late, bad = store.late_waiting(con), store.bad_waiting(con)
    over = trn(N_("today: {n} waits longer"), N_("today: {n} wait longer"), late)
    waits = trn(N_("today: {n} waits for an answer"), N_("today: {n} wait for an answer"), bad)
    return {
        "review_hours": (over if late else tr("today: none waits longer"), late > 0),
        "bad_stars": (waits if bad else tr("today: none waits for an answer"), bad > 0),
    }
