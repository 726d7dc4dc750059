"""What pages and rules ask about orders. The verbs that change them are in verbs.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from shopdesk.core import channels, clock, money, search
from shopdesk.core.channels import platform_name
from shopdesk.core.sqlite import Connection
from shopdesk.orders.model import Problem, RefundState, ReturnKind, ReturnState, Status, number_tail, to_pay
from shopdesk.orders.records import Buyer, Line, Order, Return, SkuChoice
from shopdesk.orders.schema_views import COLLECTED, OWED

TO_SHIP_TODAY = "status = 'to_ship' AND ship_by < :today || '~'"
LATE = "status = 'to_ship' AND ship_by < :now"
PROBLEM = "problem IS NOT NULL"
UNPAID = "status = 'unpaid'"
SHIPPED = "status = 'shipped'"
DONE = "status = 'done'"
RETURNED = "(refund_state <> 'none' OR returns_open > 0)"

_TO_PAY = f"CASE WHEN o.status = 'unpaid' OR {COLLECTED} THEN {OWED} ELSE 0 END"
"""What is still to be paid for a row of o."""

_SHORT = """(l.held > 0 AND coalesce(s.on_hand < s.held, 0) AND max(s.on_hand, 0) < (
               SELECT sum(r.held) FROM order_lines r JOIN orders x ON x.id = r.order_id
               WHERE r.sku_id = l.sku_id AND r.held > 0 AND (x.ship_by, x.id) <= (o.ship_by, o.id)))"""
"""Whether the shelf does not hold line l (of SKU s) of order o: what is there goes to those that leave first."""

ROWS = f"""
SELECT o.id, o.number, o.name AS buyer, o.currency, o.pieces, o.kinds, o.title, o.paid, o.refunded, o.refund_state,
       o.returns_open, o.created_at, o.paid_at, o.ship_by, o.shipped_at, o.status, o.courier, o.tracking,
       o.problem, o.problem_note, o.region, o.seller_note, c.platform, c.name AS channel,
       coalesce(s.picture, p.picture, '') AS thumb,
       {_TO_PAY} AS owed,
       o.status = 'to_ship' AND EXISTS (
           SELECT 1 FROM order_lines l JOIN skus s ON s.id = l.sku_id WHERE l.order_id = o.id AND {_SHORT}) AS short
FROM orders o JOIN channels c ON c.id = o.channel_id
LEFT JOIN skus s ON s.id = o.sku_id LEFT JOIN products p ON p.id = s.product_id
WHERE o.id IN (SELECT value FROM json_each(:ids))
"""
"""What the list shows of orders."""


_ORDER_COLUMNS = f"""o.id, o.channel_id, c.platform, c.name AS channel, o.number, o.customer_id, o.buyer, o.name,
       o.currency, o.goods, o.postage, o.discount, o.tax, o.paid, o.refunded, o.refund_state, o.created_at,
       o.paid_at, o.shipped_at, o.ship_by, o.status, o.receiver, o.phone, o.region, o.address, o.buyer_note,
       o.seller_note, o.courier, o.tracking, o.problem, o.problem_note, o.pieces, o.number_damaged,
       {_TO_PAY} AS owed"""


def order(con: Connection, order_id: int) -> Order | None:
    """An order that is not deleted, with everything its drawer shows."""
    row = con.execute(
        f"SELECT {_ORDER_COLUMNS} FROM orders o JOIN channels c ON c.id = o.channel_id"
        " WHERE o.id = ? AND o.deleted_at IS NULL",
        (order_id,),
    ).fetchone()
    if row is None:
        return None
    found: dict[str, Any] = dict(row) | {
        "refund_state": RefundState.named(row["refund_state"]),
        "status": Status.named(row["status"]),
        "number_damaged": bool(row["number_damaged"]),
        "platform": platform_name(row["platform"]),
    }
    return Order(**found, lines=lines(con, order_id), returns=returns(con, order_id))


def lines(con: Connection, order_id: int) -> tuple[Line, ...]:
    """The lines of an order, in their order."""
    rows = con.execute(
        f"""
        SELECT l.id, l.kind, l.sku_id, l.code, l.name, l.options, l.qty, l.price, l.amount, l.note,
               coalesce(s.shelf, ''), coalesce(s.picture, p.picture, ''), l.held, {_SHORT}
        FROM order_lines l JOIN orders o ON o.id = l.order_id
        LEFT JOIN skus s ON s.id = l.sku_id LEFT JOIN products p ON p.id = s.product_id
        WHERE l.order_id = ? AND l.deleted_at IS NULL ORDER BY l.position, l.id
        """,
        (order_id,),
    )
    return tuple(Line(*[*row[:13], bool(row[13])]) for row in rows)


def returns(con: Connection, order_id: int) -> tuple[Return, ...]:
    """The returns and refunds of an order, oldest first."""
    rows = con.execute(
        """
        SELECT r.id, r.number, r.kind, r.state, r.amount, r.reason, r.note,
               coalesce((SELECT sum(l.qty) FROM return_lines l WHERE l.return_id = r.id), 0)
        FROM returns r WHERE r.order_id = ? AND r.deleted_at IS NULL ORDER BY r.id
        """,
        (order_id,),
    )
    return tuple(Return(row[0], row[1], ReturnKind.named(row[2]), ReturnState.named(row[3]), *row[4:]) for row in rows)


def owed(con: Connection, order_id: int) -> int:
    """What the buyer owes for an order, minor units."""
    row = con.execute(f"SELECT {OWED} FROM orders o WHERE o.id = ?", (order_id,)).fetchone()
    return int(row[0]) if row else 0


def returned_lines(con: Connection, return_id: int) -> list[tuple[int, int]]:
    """What comes back with a return as (sku, pieces), of SKUs that are known."""
    rows = con.execute(
        "SELECT sku_id, sum(qty) FROM return_lines WHERE return_id = ? AND sku_id IS NOT NULL AND kind = 'goods'"
        " GROUP BY sku_id ORDER BY min(position)",
        (return_id,),
    )
    return [(row[0], row[1]) for row in rows]


def buyer(con: Connection, customer_id: int) -> Buyer | None:
    """The buyer's card."""
    row = con.execute(
        "SELECT c.id, CASE WHEN c.name <> '' THEN c.name ELSE c.handle END, c.orders, c.spent, h.currency,"
        " c.rating, c.tags, c.note FROM customers c JOIN channels h ON h.id = c.channel_id"
        " WHERE c.id = ? AND c.deleted_at IS NULL",
        (customer_id,),
    ).fetchone()
    if row is None:
        return None
    return Buyer(*[*row[:6], tuple(json.loads(row[6])), row[7]])


def channel_choices(con: Connection) -> list[tuple[object, str]]:
    """The channels as (id, words) pairs."""
    return channels.choices(con)


def status_choices(_con: Connection) -> list[tuple[object, str]]:
    """The states as (value, words) pairs."""
    return [(status.value, status.label()) for status in Status]


def problem_choices() -> list[tuple[object, str]]:
    """The kinds of a flag as (value, words) pairs."""
    return [(problem.value, problem.label()) for problem in Problem]


def due_today(con: Connection) -> tuple[int, str]:
    """How many orders must still leave in time today, and until when the last of them; (0, "") when none."""
    row = con.execute(
        "SELECT count(*), max(ship_by) FROM orders INDEXED BY orders_status WHERE status = 'to_ship'"
        " AND ship_by >= ? AND ship_by < ? AND deleted_at IS NULL",
        (clock.text(), f"{clock.today()}~"),
    ).fetchone()
    return int(row[0]), str(row[1] or "")


def waiting(con: Connection) -> tuple[int, int]:
    """How many orders are to ship today, and how many of them are late."""
    row = con.execute(
        "SELECT count(*), coalesce(sum(ship_by < ?), 0) FROM orders INDEXED BY orders_status"
        " WHERE status = 'to_ship' AND ship_by < ? AND deleted_at IS NULL",
        (clock.text(), f"{clock.today()}~"),
    ).fetchone()
    return int(row[0]), int(row[1])


def selected_sums(con: Connection, ids: Sequence[int]) -> tuple[int, list[tuple[str, int, int]]]:
    """Pieces of some orders, and what was paid and is to be paid for them: (currency, minor units, minor units)."""
    rows = con.execute(
        f"SELECT o.currency, sum(o.pieces), sum(o.paid), sum({_TO_PAY}) FROM orders o"
        " WHERE o.id IN (SELECT value FROM json_each(?)) GROUP BY o.currency ORDER BY sum(o.paid) DESC",
        (json.dumps(list(ids)),),
    ).fetchall()
    return sum(row[1] for row in rows), [(row[0], row[2], row[3]) for row in rows]


def currencies(con: Connection, ids: Sequence[int] | None) -> list[str]:
    """The currencies of some orders; where it is None the first and the last of all."""
    ends = con.execute(
        "SELECT (SELECT min(currency) FROM orders INDEXED BY orders_currency WHERE deleted_at IS NULL)"
        " UNION SELECT (SELECT max(currency) FROM orders INDEXED BY orders_currency WHERE deleted_at IS NULL)"
    )
    found = [row[0] for row in ends if row[0]]
    if ids is None or len(found) < 2:
        return found
    rows = con.execute(
        "SELECT DISTINCT currency FROM orders WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return [row[0] for row in rows]


def flagged(con: Connection, ids: Sequence[int], most: int) -> list[tuple[str, str, str]]:
    """Which of some orders have a flag: (number, kind, note), the most urgent first."""
    rows = con.execute(
        "SELECT number, problem, problem_note FROM orders WHERE id IN (SELECT value FROM json_each(?))"
        " AND problem IS NOT NULL AND deleted_at IS NULL ORDER BY ship_by LIMIT ?",
        (json.dumps(list(ids)), most),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def fitting(con: Connection, ids: Sequence[int]) -> frozenset[str]:
    """What is true of at least one of some orders: states, flagged, sold (not unpaid, not closed), refundable."""
    rows = con.execute(
        "SELECT DISTINCT status, problem IS NOT NULL, status IN ('to_ship', 'shipped', 'done'), paid > refunded"
        " FROM orders WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL",
        (json.dumps(list(ids)),),
    )
    words = ("flagged", "sold", "refundable")
    return frozenset(
        word for status, *facts in rows for word in (status, *(w for w, true in zip(words, facts, strict=True) if true))
    )


def found(con: Connection, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """What the palette shows of orders: (id, title, quieter text), in the given order."""
    rows = con.execute(
        f"SELECT o.id, o.number, o.name, o.title, o.paid, {_TO_PAY}, o.currency, c.platform FROM orders o"
        " JOIN channels c ON c.id = o.channel_id"
        " WHERE o.id IN (SELECT value FROM json_each(?)) AND o.deleted_at IS NULL",
        (json.dumps(list(ids)),),
    ).fetchall()
    said = {row[0]: (row[0], *_palette_words(*row[1:])) for row in rows}
    return [said[record] for record in ids if record in said]


def _palette_words(
    number: str, name: str, title: str, paid: int, owed: int, currency: str, platform: str
) -> tuple[str, str]:
    text, behind = number_tail(number, platform_name(platform))
    said = " · ".join(part for part in (text, behind, name) if part)
    amount = to_pay(owed, currency) if owed else money.show(paid, currency)
    return said, " · ".join(part for part in (title, amount) if part)


def numbered(con: Connection, number: str) -> list[int]:
    """The orders of that number, on whatever channel."""
    rows = con.execute("SELECT id FROM orders WHERE number = ? AND deleted_at IS NULL", (number,))
    return [row[0] for row in rows]


def next_number(con: Connection, channel_id: int) -> str:
    """A free number on a channel for an order entered by hand: H261124-1."""
    prefix = f"H{clock.now():%y%m%d}-"
    rows = con.execute(
        "SELECT number FROM orders WHERE channel_id = ? AND number >= ? AND number < ?",
        (channel_id, prefix, f"{prefix}~"),
    )
    taken = {row[0] for row in rows}
    return next(name for name in (f"{prefix}{n}" for n in range(1, len(taken) + 2)) if name not in taken)


def last_couriers(con: Connection, ids: Sequence[int] = (), limit: int = 8) -> tuple[str, list[str]]:
    """Who is expected to carry some orders, and the couriers used lately, those of their channels first.

    Expected is the last courier of their channel, "" where they are of several that differ; without orders the
    last of all.
    """
    rows = con.execute(
        "SELECT channel_id, courier FROM (SELECT channel_id, courier FROM orders WHERE deleted_at IS NULL"
        " AND shipped_at IS NOT NULL ORDER BY shipped_at DESC, id DESC LIMIT 5000) WHERE courier <> ''"
    ).fetchall()
    of_channel: dict[int, str] = {}
    for channel, courier in rows:
        of_channel.setdefault(channel, courier)
    asked = con.execute(
        "SELECT DISTINCT channel_id FROM orders WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    channels_asked = {row[0] for row in asked}
    used = [courier for channel, courier in rows if channel in channels_asked] + [courier for _, courier in rows]
    expected = {of_channel.get(channel, "") for channel in channels_asked} or set(used[:1])
    return expected.pop() if len(expected) == 1 else "", list(dict.fromkeys(used))[:limit]


_SKU = """
SELECT s.id, s.code, s.name, s.options, s.price, s.currency, s.on_hand - s.held FROM skus s
WHERE s.deleted_at IS NULL AND
"""


def find_skus(con: Connection, text: str, limit: int = 12) -> list[SkuChoice]:
    """SKUs by code or name: the exact code or barcode first, then codes that begin so, then words."""
    wanted = text.strip()
    if not wanted:
        return []
    given = json.dumps(sorted({wanted, wanted.upper()}))
    exact = con.execute(
        f"{_SKU} (s.code IN (SELECT value FROM json_each(?1)) OR s.barcode = ?2) LIMIT ?3", (given, wanted, limit)
    ).fetchall()
    begun = con.execute(
        f"{_SKU} s.id IN (SELECT k.id FROM json_each(?1) j CROSS JOIN skus k"
        " ON k.code > j.value AND k.code < j.value || char(1114111)) ORDER BY s.code LIMIT ?2",
        (given, limit),
    ).fetchall()
    ids = json.dumps(search.find(con, "skus", wanted, limit))
    worded = con.execute(f"{_SKU} s.id IN (SELECT value FROM json_each(?1)) ORDER BY s.id DESC", (ids,)).fetchall()
    rows = {row[0]: row for row in (*exact, *begun, *worded)}
    return [SkuChoice(*row) for row in rows.values()][:limit]


def sku(con: Connection, sku_id: int) -> SkuChoice | None:
    """One SKU to put on an order."""
    row = con.execute(f"{_SKU} s.id = ?", (sku_id,)).fetchone()
    return SkuChoice(*row) if row else None
