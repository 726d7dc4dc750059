"""What the owner does with orders: ship, flag, mark paid or done, close, note, delete.

Every verb is one step to undo. It writes raw facts and events only; status, ship-by and stock follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shopdesk.core import clock
from shopdesk.core.errors import ShopError
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_
from shopdesk.inventory.store import leaving_now
from shopdesk.orders.model import Problem, Status
from shopdesk.orders.pasting import WRITTEN, Match
from shopdesk.orders.schema_figures import DUE_AT
from shopdesk.orders.schema_views import OWED

if TYPE_CHECKING:
    from sqlite_utils import Database

    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

Parcel = tuple[int, str, str]
"""An order, the courier and the tracking number of its parcel; empty texts leave what is there."""

EDITED = """(SELECT json_group_array(value) FROM (
    SELECT value FROM json_each(orders.edited) UNION SELECT value FROM json_each({names})))"""
"""The list of columns that the owner changed by hand, with {names} (a JSON list) added."""


def ship_orders(shop: Shop, *, ids: Sequence[int], courier: str = "", tracking: str = "", at: str | None = None) -> int:
    """Mark orders shipped; how many were waiting to be. Their flags are solved by it.

    Orders that are not paid, shipped already or closed stay as they are. Raises ShopError when none waits.
    """
    courier, tracking = kept_text(courier.strip(), "courier"), kept_text(tracking.strip(), "tracking")
    waiting = with_status(shop.reader(), ids, Status.TO_SHIP)
    if not waiting:
        raise ShopError(N_("None of these orders waits to be shipped."))
    return ship_parcels(shop, parcels=[(order_id, courier, tracking) for order_id in waiting], at=at)


def ship_pasted(shop: Shop, *, matches: Iterable[Match], courier: str = "") -> int:
    """Write what match_tracking() found ready: ship the waiting orders, add the number to shipped ones."""
    courier = kept_text(courier.strip(), "courier")
    ready = [match for match in matches if match.verdict in WRITTEN and match.order_id is not None]
    if not ready:
        raise ShopError(N_("None of these numbers belongs to an order that waits for it."), field="pasted")
    parcels = [
        (match.order_id, courier, kept_text(match.row.tracking, "pasted"))
        for match in ready
        if match.order_id is not None
    ]
    return ship_parcels(shop, parcels=parcels)


def ship_parcels(shop: Shop, *, parcels: Sequence[Parcel], at: str | None = None) -> int:
    """Write couriers and tracking numbers; orders that wait to be shipped are shipped by it, at `at`."""
    con = shop.reader()
    given = json.dumps(parcels)
    waiting = json.dumps(with_status(con, [parcel[0] for parcel in parcels], Status.TO_SHIP))
    moment = _not_in_future(at) if at else leaving_now(con, waiting)
    label, values = said(
        con, [p[0] for p in parcels], N_("Order {number} marked shipped"), N_("{n} orders marked shipped")
    )
    with shop.change(label, "orders", "stock", **values) as db:
        _solve(db, waiting, moment)
        db.execute(_SHIP, (given, moment))
        _event(db, waiting, at=moment, status=Status.SHIPPED)
    return len(parcels)


_SHIP = f"""
UPDATE orders SET
    courier = iif(p.courier <> '', p.courier, orders.courier),
    tracking = iif(p.tracking <> '', p.tracking, orders.tracking),
    shipped_at = iif(orders.status = 'to_ship' OR orders.shipped_at IS NULL, ?2, orders.shipped_at),
    edited = {EDITED.format(names="p.names")}
FROM (
    SELECT value ->> 0 AS id, value ->> 1 AS courier, value ->> 2 AS tracking,
           CASE WHEN value ->> 1 <> '' AND value ->> 2 <> '' THEN '["courier","tracking"]'
                WHEN value ->> 1 <> '' THEN '["courier"]' WHEN value ->> 2 <> '' THEN '["tracking"]'
                ELSE '[]' END AS names
    FROM json_each(?1)
) p
WHERE orders.id = p.id AND orders.deleted_at IS NULL
"""


def flag_problem(shop: Shop, *, ids: Sequence[int], kind: Problem, note: str = "") -> None:
    """Flag orders as problems; the note stands with them everywhere until the flag is cleared."""
    note = kept_text(note, "note")
    moment = clock.text()
    given = json.dumps(list(ids))
    label, values = said(shop.reader(), ids, N_("Order {number} flagged"), N_("{n} orders flagged"))
    with shop.change(label, "orders", **values) as db:
        db.execute(
            "UPDATE orders SET problem = ?, problem_note = ?, problem_at = ?"
            " WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL",
            (kind.value, note, moment, given),
        )
        _event(db, given, at=moment, kind="problem", note=note)


def clear_problem(shop: Shop, *, ids: Sequence[int]) -> None:
    """Take the flags off. Raises ShopError when none of the orders has one."""
    con = shop.reader()
    flagged = [
        row[0]
        for row in con.execute(
            "SELECT id FROM orders WHERE id IN (SELECT value FROM json_each(?)) AND problem IS NOT NULL",
            (json.dumps(list(ids)),),
        )
    ]
    if not flagged:
        raise ShopError(N_("None of these orders is flagged."))
    label, values = said(con, flagged, N_("Flag of order {number} cleared"), N_("Flags of {n} orders cleared"))
    with shop.change(label, "orders", **values) as db:
        _solve(db, json.dumps(flagged), clock.text())


def mark_paid(shop: Shop, *, ids: Sequence[int], paid: int | None = None, at: str | None = None) -> int:
    """Mark unpaid orders paid; how many. `paid` (minor units) is for one order; without it, what it owes."""
    moment = _not_in_future(at)
    con = shop.reader()
    unpaid = with_status(con, ids, Status.UNPAID)
    if not unpaid:
        raise ShopError(N_("None of these orders waits for its payment."))
    if paid is not None and paid < 0:
        raise ShopError(N_("An amount cannot be below zero."), field="paid")
    given = json.dumps(unpaid)
    label, values = said(con, unpaid, N_("Order {number} marked paid"), N_("{n} orders marked paid"))
    with shop.change(label, "orders", "stock", **values) as db:
        db.execute(
            f"""UPDATE orders AS o SET paid_at = ?1, paid = coalesce(?2, nullif(o.paid, 0), {OWED}),
                edited = {EDITED.format(names="?4").replace("orders.", "o.")}
                WHERE id IN (SELECT value FROM json_each(?3))""",
            (moment, paid, given, '["paid","paid_at"]'),
        )
        _event(db, given, at=moment, status=Status.TO_SHIP)
    return len(unpaid)


def mark_done(shop: Shop, *, ids: Sequence[int]) -> int:
    """Mark shipped orders received by their buyers; how many."""
    con = shop.reader()
    shipped = with_status(con, ids, Status.SHIPPED)
    if not shipped:
        raise ShopError(N_("None of these orders is on its way."))
    moment, given = clock.text(), json.dumps(shipped)
    label, values = said(con, shipped, N_("Order {number} marked done"), N_("{n} orders marked done"))
    with shop.change(label, "orders", "stock", **values) as db:
        db.execute("UPDATE orders SET done_at = ? WHERE id IN (SELECT value FROM json_each(?))", (moment, given))
        _event(db, given, at=moment, status=Status.DONE)
    return len(shipped)


def close_orders(shop: Shop, *, ids: Sequence[int], note: str = "") -> int:
    """Close orders that will not be shipped; how many. What they held is free again."""
    con = shop.reader()
    still_open = with_status(con, ids, Status.UNPAID, Status.TO_SHIP)
    if not still_open:
        raise ShopError(N_("Only orders that were not shipped can be closed."))
    note, moment = kept_text(note, "note"), clock.text()
    label, values = said(con, still_open, N_("Order {number} closed"), N_("{n} orders closed"))
    with shop.change(label, "orders", "stock", **values) as db:
        close_within(db, still_open, at=moment, note=note)
    return len(still_open)


def close_within(db: Database, ids: Sequence[int], *, at: str, note: str) -> None:
    """Close open orders inside a change; their flags are solved by it."""
    given = json.dumps(list(ids))
    _solve(db, given, at)
    db.execute("UPDATE orders SET closed_at = ? WHERE id IN (SELECT value FROM json_each(?))", (at, given))
    _event(db, given, at=at, status=Status.CLOSED, note=note)


def add_note(shop: Shop, *, order_id: int, note: str) -> None:
    """Write a note into an order's timeline."""
    if not note.strip():
        raise ShopError(N_("The note is empty."), field="note")
    label, values = said(shop.reader(), [order_id], N_("Note on order {number}"), "")
    with shop.change(label, "orders", **values) as db:
        _event(db, json.dumps([order_id]), at=clock.text(), kind="note", note=kept_text(note, "note"))


def delete_orders(shop: Shop, *, ids: Sequence[int]) -> None:
    """Take orders and their returns off every list and out of every figure; undo brings them back."""
    given = json.dumps(list(ids))
    label, values = said(shop.reader(), ids, N_("Order {number} deleted"), N_("{n} orders deleted"))
    with shop.change(label, "orders", "stock", "customers", **values) as db:
        for table, key in (("orders", "id"), ("returns", "order_id")):
            db.execute(
                f"UPDATE {table} SET deleted_at = ? WHERE {key} IN (SELECT value FROM json_each(?))"
                " AND deleted_at IS NULL",
                (clock.text(), given),
            )


def with_status(con: Connection, ids: Sequence[int], *wanted: Status) -> list[int]:
    """Those of the orders that have one of the states, in the given order."""
    rows = con.execute(
        "SELECT o.id FROM json_each(?) j CROSS JOIN orders o ON o.id = j.value"
        " WHERE o.status IN (SELECT value FROM json_each(?)) AND o.deleted_at IS NULL",
        (json.dumps(list(ids)), json.dumps([status.value for status in wanted])),
    )
    return [row[0] for row in rows]


def said(con: Connection, ids: Sequence[int], one: str, many: str) -> tuple[str, dict[str, object]]:
    """The label of a step over orders: by its number for one, counted for many."""
    if len(ids) != 1:
        return many, {"n": len(ids)}
    row = con.execute("SELECT number FROM orders WHERE id = ?", (ids[0],)).fetchone()
    if row is None:
        raise ShopError(N_("The order is not there any more."))
    return one, {"number": row[0]}


def _event(
    db: Database, ids: str, *, at: str, kind: str = "status", status: Status | None = None, note: str = ""
) -> None:
    db.execute(
        "INSERT INTO order_events (order_id, at, kind, status, note, by_hand, due_at)"
        f" SELECT o.id, ?1, ?2, ?3, ?4, 1, {DUE_AT.format(status='?3')}"
        " FROM json_each(?5) j CROSS JOIN orders o ON o.id = j.value",
        (at, kind, status.value if status else None, note, ids),
    )


def _solve(db: Database, ids: str, at: str) -> None:
    """Clear the flags of the orders that have one, and say so in their timelines."""
    flagged = " WHERE id IN (SELECT value FROM json_each(?)) AND problem IS NOT NULL"
    db.execute(
        "INSERT INTO order_events (order_id, at, kind, note, by_hand)"
        f" SELECT id, ?, 'solved', problem_note, 1 FROM orders{flagged}",
        (at, ids),
    )
    db.execute(f"UPDATE orders SET problem = NULL, problem_note = '', problem_at = NULL{flagged}", (ids,))


def _not_in_future(at: str | None) -> str:
    if at is not None and at > clock.text():
        raise ShopError(N_("That time has not come yet."), field="at")
    return at or clock.text()
