"""What the settings about orders mean today, each answered by one question that an index holds the answer to."""

from __future__ import annotations

from datetime import timedelta

from shopdesk.core import clock, settings
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr, trn
from shopdesk.orders import store

_WORTH_ASKING_DAYS = 30


def today(con: Connection) -> dict[str, tuple[str, bool]]:
    """Setting -> (what it means today in the owner's language, whether that is bad)."""
    due, until = store.due_today(con)
    late = store.waiting(con)[1]
    unpaid, returned = _unpaid(con), _returned(con)
    said = trn(N_("today: {n} order by {time}"), N_("today: {n} orders by {time}"), due, time=until[11:16])
    return {
        "cutoff": (said if due else tr("today: no order is due"), False),
        "ship_hours": (_over(late, N_("today: {n} is over it"), N_("today: {n} are over it")), late > 0),
        "unpaid_hours": (_over(unpaid, N_("today: {n} is unpaid longer"), N_("today: {n} are unpaid longer")), False),
        "return_days": (_over(returned, N_("today: {n} is open longer"), N_("today: {n} are open longer")), False),
    }


def _over(count: int, one: str, many: str) -> str:
    return trn(one, many, count) if count else tr("today: none is over it")


def _unpaid(con: Connection) -> int:
    """Orders unpaid for longer than the owner waits, of the days in which somebody still pays."""
    wait = timedelta(hours=settings.number(con, "unpaid_hours"))
    row = con.execute(
        f"SELECT count(*) FROM orders INDEXED BY orders_state WHERE {store.UNPAID} AND deleted_at IS NULL"
        " AND created_at >= ? AND created_at < ?",
        (str(clock.today() - timedelta(days=_WORTH_ASKING_DAYS)), clock.text(clock.now() - wait)),
    ).fetchone()
    return int(row[0])


def _returned(con: Connection) -> int:
    """Returns that wait for a decision longer than the owner allows."""
    wait = timedelta(days=settings.number(con, "return_days"))
    row = con.execute(
        "SELECT count(*) FROM returns INDEXED BY returns_state WHERE state IN ('open', 'received') AND opened_at < ?"
        " AND deleted_at IS NULL",
        (clock.text(clock.now() - wait),),
    ).fetchone()
    return int(row[0])
