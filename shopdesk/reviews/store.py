"""What is asked of reviews. The verbs that change them are in verbs.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopdesk.core import channels, clock, settings
from shopdesk.core.sqlite import Connection
from shopdesk.reviews.drafts import Draft, keyed
from shopdesk.reviews.model import CAUSES, MIDDLING_STARS, Limits, Review, State, cause_title
from shopdesk.reviews.schema import DRAFT

ROWS = """
SELECT r.id, r.stars, r.title, r.body, r.buyer, coalesce(nullif(p.name, ''), r.item) AS item,
       r.written_at, r.state, r.replied_at, r.cause, r.reply,
       r.note, c.name AS channel, c.platform, o.number AS order_number, s.code AS sku,
       coalesce(s.picture, p.picture, '') AS thumb, :hours AS hours, :bad_stars AS bad_stars
  FROM reviews r JOIN channels c ON c.id = r.channel_id
       LEFT JOIN orders o ON o.id = r.order_id
       LEFT JOIN skus s ON s.id = r.sku_id
       LEFT JOIN products p ON p.id = coalesce(r.product_id, s.product_id)
 WHERE r.id IN (SELECT value FROM json_each(:ids))
"""
"""What the list shows of reviews, for :ids. Uses :hours and :bad_stars."""


@dataclass(frozen=True, slots=True)
class LinkedOrder:
    """The order that a review is about."""

    id: int
    number: str
    title: str
    status: str
    paid_at: str | None
    paid: int
    currency: str


@dataclass(frozen=True, slots=True)
class LinkedSku:
    """The SKU that a review is about; `picture` is a content name or ""."""

    id: int
    name: str
    options: str
    code: str
    picture: str
    on_hand: int | None


def review(con: Connection, review_id: int) -> Review | None:
    """A review by id; None when there is none or it was deleted."""
    row = con.execute("SELECT * FROM v_reviews WHERE id = ?", (review_id,)).fetchone()
    if row is None:
        return None
    values = dict(row)
    values["state"] = State(values["state"])
    return Review(**values)


def linked_order(con: Connection, order_id: int | None) -> LinkedOrder | None:
    """The order behind a review."""
    row = con.execute(
        "SELECT id, number, title, status, paid_at, paid, currency FROM orders WHERE id = ? AND deleted_at IS NULL",
        (order_id,),
    ).fetchone()
    return LinkedOrder(*row) if row else None


def linked_sku(con: Connection, sku_id: int | None) -> LinkedSku | None:
    """The SKU behind a review."""
    row = con.execute(
        "SELECT id, name, options, code, coalesce(picture, ''), on_hand FROM v_stock WHERE id = ?", (sku_id,)
    ).fetchone()
    return LinkedSku(*row) if row else None


def item_name(con: Connection, found: Review) -> str:
    """What the shop calls the product of a review; the file's own words where it is not linked."""
    row = con.execute("SELECT name FROM products WHERE id = ?", (found.product_id,)).fetchone()
    return str(row[0]) if row and row[0] else found.item


def orders_of(con: Connection, customer_id: int | None) -> int:
    """How many paid orders the buyer of a review has; 0 when the buyer is not known."""
    row = con.execute("SELECT orders FROM customers WHERE id = ?", (customer_id,)).fetchone()
    return int(row[0]) if row else 0


def limits(con: Connection) -> Limits:
    """The owner's limits for reviews."""
    return Limits(settings.number(con, "review_hours"), settings.number(con, "bad_stars"))


def view_params(con: Connection) -> dict[str, object]:
    """What the page's views compare with."""
    found = limits(con)
    return {
        "bad_stars": found.bad_stars,
        "middling_stars": max(MIDDLING_STARS, found.bad_stars),
    }


def waiting(con: Connection) -> tuple[int, int]:
    """How many reviews wait for an answer, and how many of them are late or bad."""
    found = limits(con)
    row = con.execute(
        "SELECT count(*), coalesce(sum(written_at < ? OR stars <= ?), 0)"
        " FROM reviews INDEXED BY reviews_open"
        " WHERE deleted_at IS NULL AND state = 'open'",
        (_late_before(found), found.bad_stars),
    ).fetchone()
    return int(row[0]), int(row[1])


def bad_waiting(con: Connection) -> int:
    """How many bad reviews wait for an answer."""
    row = con.execute(
        "SELECT count(*) FROM reviews INDEXED BY reviews_open"
        " WHERE deleted_at IS NULL AND state = 'open' AND stars <= ?",
        (settings.number(con, "bad_stars"),),
    ).fetchone()
    return int(row[0])


def late_waiting(con: Connection) -> int:
    """How many reviews wait for an answer longer than the owner allows."""
    row = con.execute(
        "SELECT count(*) FROM reviews INDEXED BY reviews_open"
        " WHERE deleted_at IS NULL AND state = 'open' AND written_at < ?",
        (_late_before(limits(con)),),
    ).fetchone()
    return int(row[0])


def _late_before(found: Limits) -> str:
    return clock.text(clock.now() - timedelta(hours=found.hours))


def fitting(con: Connection, ids: Sequence[int]) -> frozenset[str]:
    """What is true of at least one of some reviews: its state, ordered (linked to an order), listed (to a SKU)."""
    rows = con.execute(
        "SELECT DISTINCT state, order_id IS NOT NULL, sku_id IS NOT NULL FROM reviews"
        " WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL",
        (json.dumps(list(ids)),),
    ).fetchall()
    words = {"ordered"} if any(row[1] for row in rows) else set()
    words |= {"listed"} if any(row[2] for row in rows) else set()
    return frozenset(words | {row[0] for row in rows})


def channel_choices(con: Connection) -> list[tuple[object, str]]:
    """(id, name) of every channel, for a choice."""
    return channels.choices(con)


def cause_choices(_con: Connection) -> list[tuple[str, str]]:
    """(cause, name) of the usual causes, for a filter."""
    return [(cause, cause_title(cause)) for cause in CAUSES]


def already_there(con: Connection, channel_id: int, drafts: Sequence[Draft]) -> set[str]:
    """The keys of those drafts that the channel has already."""
    keys = list(keyed(drafts))
    rows = con.execute(
        "SELECT key FROM reviews WHERE channel_id = ? AND deleted_at IS NULL"
        " AND key IN (SELECT value FROM json_each(?))",
        (channel_id, json.dumps(keys)),
    )
    return {row[0] for row in rows}


def draft(con: Connection, found: Review) -> str:
    """The answer to show: the begun one, unless the answer in the file changed since it was begun."""
    row = con.execute("SELECT value FROM remembered WHERE key = ?", (f"{DRAFT}{found.id}",)).fetchone()
    if row is None:
        return found.reply
    begun = json.loads(row[0])
    return str(begun["text"]) if begun["over"] == found.reply else found.reply
