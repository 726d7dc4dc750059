"""What is asked of products, SKUs and the stock journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shopdesk.core import channels, clock
from shopdesk.inventory.model import Booked, Product, Sku, title, with_balance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopdesk.core.sqlite import Connection

JOURNAL_LINES = 50
_ALL = 2**62

KNOWN = "on_hand IS NOT NULL"
BELOW = f"{KNOWN} AND on_hand - held < min_qty"
SOLD_OUT = f"{KNOWN} AND on_hand <= held"
UNKNOWN = "on_hand IS NULL"
OVER = "on_hand > max_qty"
WITH_TAG = "EXISTS (SELECT 1 FROM json_each(skus.tags) WHERE json_each.value = :value)"
HOLDING = "id IN (SELECT order_id FROM v_reserved WHERE sku_id = :sku)"
"""A filter over orders: those that hold pieces of one SKU."""

SOLD = (
    "(SELECT coalesce(sum(v.qty), 0) FROM v_sku_sales v"
    " WHERE v.sku_id = skus.id AND v.day > date(:today, '-30 days') AND v.day <= :today)"
)
"""Units sold in the last 30 days, as an expression over a row of skus."""

ON_HAND = "coalesce(on_hand, 2e9)"
AVAILABLE = "coalesce(on_hand - held, 2e9)"
"""On hand and available as places in the order: what was never counted comes last."""

COVER = f"""(CASE WHEN on_hand IS NULL THEN 2e9 WHEN on_hand <= held THEN on_hand - held
 ELSE coalesce((on_hand - held) * 30.0 / nullif(max({SOLD}, 0), 0), 1e9) END)"""
"""Days of cover as a place in the order: the most oversold first, what does not sell and what was never
counted last."""

ROWS = """
SELECT s.id, s.code, s.name, s.options, s.shelf, s.currency, s.price, s.cost, s.barcode, s.min_qty, s.max_qty,
       s.on_hand, s.held, s.on_hand - s.held AS available, s.tags, s.level_at,
       s.lead_days, coalesce(s.lead_days, :lead_days) AS lead, coalesce(s.picture, p.picture) AS picture,
       p.category, (
           SELECT json_group_object(day, units) FROM (
               SELECT v.day, sum(v.qty) AS units FROM v_sku_sales v
               WHERE v.sku_id = s.id AND v.day > date(:today, '-30 days') AND v.day <= :today GROUP BY v.day)
       ) AS sold
FROM skus s JOIN products p ON p.id = s.product_id WHERE s.id IN (SELECT value FROM json_each(:ids))
"""
"""What a row of the table shows, for :ids; `sold` is a JSON object day -> units. Uses :today, :lead_days."""

_SKU = """
SELECT id, product_id, code, name, options, currency, price, cost, barcode, shelf, min_qty, max_qty,
       lead_days, tags, note, picture, on_hand, held, level_at
FROM skus WHERE deleted_at IS NULL AND
"""


def sku(con: Connection, sku_id: int) -> Sku | None:
    """One SKU; None when it is not there or deleted."""
    row = con.execute(f"{_SKU} id = ?", (sku_id,)).fetchone()
    return _sku(row) if row else None


def skus(con: Connection, ids: Sequence[int]) -> list[Sku]:
    """Those of the SKUs that are not deleted, in no order."""
    rows = con.execute(f"{_SKU} id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
    return [_sku(row) for row in rows]


def variants(con: Connection, product_id: int) -> list[Sku]:
    """The SKUs of a product, oldest first."""
    return [_sku(row) for row in con.execute(f"{_SKU} product_id = ? ORDER BY id", (product_id,))]


def product(con: Connection, product_id: int) -> Product | None:
    """One product; None when it is not there or deleted."""
    row = con.execute(
        "SELECT id, name, category, tags, note, picture FROM products WHERE id = ? AND deleted_at IS NULL",
        (product_id,),
    ).fetchone()
    return Product(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4], row[5]) if row else None


def _sku(row: Sequence[object]) -> Sku:
    values = list(row)
    values[13] = tuple(json.loads(str(values[13])))
    return Sku(*values)  # type: ignore[arg-type]


def currencies(con: Connection, ids: Sequence[int]) -> list[str]:
    """The currencies that the SKUs are priced in."""
    rows = con.execute(
        "SELECT DISTINCT currency FROM skus WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1",
        (json.dumps(list(ids)),),
    )
    return [row[0] for row in rows]


def tags(con: Connection) -> list[str]:
    """All tags in use, by name."""
    rows = con.execute("SELECT DISTINCT t.value FROM skus s, json_each(s.tags) t WHERE s.deleted_at IS NULL ORDER BY 1")
    return [row[0] for row in rows]


def tag_choices(con: Connection) -> list[tuple[object, str]]:
    """The tags for the filter menu."""
    return [(tag, tag) for tag in tags(con)]


def channel_choices(con: Connection) -> list[tuple[object, str]]:
    """The channels that have SKUs of their own, for the filter menu."""
    own = {row[0] for row in con.execute("SELECT DISTINCT channel_id FROM skus WHERE deleted_at IS NULL")}
    return [choice for choice in channels.choices(con) if choice[0] in own]


def sold(con: Connection, sku_id: int, *, today: str) -> dict[str, int]:
    """Units per day of the last 30 days, only days with sales."""
    rows = con.execute(
        "SELECT day, sum(qty) FROM v_sku_sales WHERE sku_id = ? AND day > date(?, '-30 days') AND day <= ?"
        " GROUP BY day",
        (sku_id, today, today),
    )
    return {row[0]: row[1] for row in rows}


def stock_value(con: Connection) -> dict[str, tuple[int, int]]:
    """What lies on the shelves at cost by currency, and how many SKUs with stock lack a cost."""
    rows = con.execute(
        "SELECT currency, coalesce(sum(on_hand * cost), 0), sum(cost IS NULL) FROM skus"
        " WHERE deleted_at IS NULL AND on_hand > 0 GROUP BY currency ORDER BY 2 DESC"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def sku_count(con: Connection) -> int:
    """How many SKUs there are."""
    return int(con.execute("SELECT count(*) FROM skus WHERE deleted_at IS NULL").fetchone()[0])


def pieces(con: Connection, ids: Sequence[int]) -> tuple[int, int]:
    """(pieces on hand, SKUs whose on hand is unknown) of a selection."""
    row = con.execute(
        "SELECT coalesce(sum(on_hand), 0), coalesce(sum(on_hand IS NULL), 0) FROM skus"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchone()
    return int(row[0]), int(row[1])


def fitting(con: Connection, ids: Sequence[int]) -> frozenset[str]:
    """What is true of at least one of some SKUs: held (by open orders), pictured (it or its product)."""
    row = con.execute(
        "SELECT max(s.held > 0) AS held, max(coalesce(s.picture, p.picture) IS NOT NULL) AS pictured"
        " FROM skus s JOIN products p ON p.id = s.product_id WHERE s.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchone()
    return frozenset(word for word in ("held", "pictured") if row[word])


def waiting(con: Connection) -> tuple[int, int]:
    """(SKUs below their minimum or sold out, those of them sold more often than they are there)."""
    row = con.execute(
        f"SELECT count(*), coalesce(sum(on_hand < held), 0) FROM skus"
        f" WHERE deleted_at IS NULL AND (({BELOW}) OR ({SOLD_OUT}))"
    ).fetchone()
    return int(row[0]), int(row[1])


def found(con: Connection, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Palette rows: (id, name with options, code and shelf), in the order of `ids`."""
    rows = con.execute(
        "SELECT id, name, options, code, shelf FROM skus"
        " WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    by_id = {
        one: (one, title(name, options), " · ".join(part for part in (code, shelf) if part))
        for one, name, options, code, shelf in rows
    }
    return [by_id[one] for one in ids if one in by_id]


# the stock journal

NOW_OF = """max(:now, coalesce((SELECT max(at) FROM stock_moves WHERE sku_id = {sku}), ''),
    coalesce((SELECT max(at) FROM v_sku_ships WHERE sku_id = {sku}), ''))"""
"""The business time of what is booked now of a SKU: where the clock was set back, that of what came before."""


def now_of(con: Connection, sku_id: int) -> str:
    """The business time of what is booked now of a SKU, as NOW_OF says it."""
    return str(con.execute(f"SELECT {NOW_OF.format(sku=':sku')}", {"now": clock.text(), "sku": sku_id}).fetchone()[0])


def leaving_now(con: Connection, orders: str) -> str:
    """The business time at which orders (a JSON list of ids) leave now: the clock's, but later than every count.

    Of one second, the count is taken for the later of the two.
    """
    counted = con.execute(
        "SELECT datetime(max(s.level_at), '+1 second') FROM json_each(?) j"
        " CROSS JOIN order_lines l ON l.order_id = j.value JOIN skus s ON s.id = l.sku_id",
        (orders,),
    ).fetchone()[0]
    return max(clock.text(), counted or "")


_NEWEST_MOVES = """
SELECT at, 1 AS rank, id AS move_id, kind, qty, level, note, NULL AS order_id FROM stock_moves
WHERE sku_id = :sku ORDER BY at DESC, id DESC LIMIT :limit
"""
_NEWEST_SHIPS = """
SELECT at, 0 AS rank, line_id AS move_id, 'ship' AS kind, -qty AS qty, NULL AS level, '' AS note, order_id
FROM v_sku_ships WHERE sku_id = :sku ORDER BY at DESC, line_id DESC LIMIT :limit
"""


def journal(con: Connection, sku_id: int, limit: int = JOURNAL_LINES) -> list[Booked]:
    """The newest lines of a SKU's stock journal with the balance after each, newest first.

    The same lines as v_stock_moves, which numbers all of them to say the same: here only the newest are
    taken from each side, and one sum says what was there before them.
    """
    rows = con.execute(
        f"SELECT * FROM (SELECT * FROM ({_NEWEST_MOVES}) UNION ALL SELECT * FROM ({_NEWEST_SHIPS}))"
        " ORDER BY at DESC, rank DESC, move_id DESC LIMIT :limit",
        {"sku": sku_id, "limit": limit},
    ).fetchall()
    if not rows:
        return []
    oldest = rows[-1]
    start = _balance_before(con, sku_id, (oldest["at"], oldest["rank"], oldest["move_id"]))
    lines = ((r["at"], r["kind"], r["qty"], r["level"], r["note"], r["order_id"]) for r in reversed(rows))
    return with_balance(lines, start)[::-1]


def _balance_before(con: Connection, sku_id: int, place: tuple[str, int, int]) -> int | None:
    """On hand just before a line of the journal; None when no level was known by then.

    At the same time ships stand before moves (rank 0 and 1), as in v_stock_moves.
    """
    at, rank, move_id = place
    bound = {"sku": sku_id, "at": at, "move": move_id if rank else 0, "line": _ALL if rank else move_id}
    level = con.execute(
        "SELECT at, id, level FROM stock_moves WHERE sku_id = :sku AND level IS NOT NULL"
        " AND (at, id) < (:at, :move) ORDER BY at DESC, id DESC LIMIT 1",
        bound,
    ).fetchone()
    if level is None:
        return None
    bound |= {"level_at": level["at"], "level_id": level["id"]}
    moved = con.execute(
        "SELECT coalesce(sum(qty), 0) FROM stock_moves WHERE sku_id = :sku AND level IS NULL"
        " AND (at, id) > (:level_at, :level_id) AND (at, id) < (:at, :move)",
        bound,
    ).fetchone()[0]
    shipped = con.execute(
        "SELECT coalesce(sum(qty), 0) FROM v_sku_ships WHERE sku_id = :sku AND at > :level_at"
        " AND (at < :at OR (at = :at AND line_id < :line))",
        bound,
    ).fetchone()[0]
    return int(level["level"] + moved - shipped)
