"""What the owner does with reviews: add, correct, answer, sort out, link, delete.

Every verb is one step to undo; a begun answer is remembered without one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shopdesk.core import clock, search
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_
from shopdesk.customers.store import insert
from shopdesk.reviews import store
from shopdesk.reviews.drafts import Draft, keyed
from shopdesk.reviews.model import Review, State
from shopdesk.reviews.schema import DRAFT

if TYPE_CHECKING:
    from sqlite_utils import Database

    from shopdesk.core.shop import Shop

EDITED = frozenset(
    ("stars", "stars_goods", "stars_service", "stars_delivery", "title", "body", "buyer", "item", "written_at")
)
"""The columns that the owner corrects by hand."""


def keep_draft(shop: Shop, *, review_id: int, text: str, over: str) -> None:
    """Remember an answer that is still being written, over the one in the file; this is no step to undo."""
    begun = {"text": kept_text(text, "reply"), "over": over}
    with shop.quiet() as db:
        db.execute(
            "INSERT INTO remembered (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (f"{DRAFT}{review_id}", json.dumps(begun, ensure_ascii=False)),
        )


def add_review(
    shop: Shop, *, channel_id: int, draft: Draft, order_number: str = "", sku_text: str = "", note: str = ""
) -> int:
    """Add one review by hand, linked when an order or a SKU is named; its id.

    Raises ShopError when the same review is there already, or the order or SKU is not known.
    """
    with shop.change(N_("Added a review"), "reviews") as db:
        made, there = _insert(db, channel_id, {draft.key(): draft})
        if there:
            raise ShopError(N_("This review is there already."), field="body")
        if order_number.strip() or sku_text.strip():
            _link(db, made[0], order_number, sku_text)
        if note:
            _write(db, [made[0]], {"note": kept_text(note, "note")})
    return made[0]


def add_reviews(shop: Shop, *, channel_id: int, drafts: Sequence[Draft]) -> tuple[int, int]:
    """Add pasted reviews; how many are new, and how many were there already."""
    fresh = len(drafts) - len(store.already_there(shop.reader(), channel_id, drafts))
    label = N_("Added a review") if fresh == 1 else N_("Added {n} reviews")
    with shop.change(label, "reviews", n=fresh) as db:
        made, there = _insert(db, channel_id, keyed(drafts))
    return len(made), there


def _insert(db: Database, channel_id: int, keyed: Mapping[str, Draft]) -> tuple[list[int], int]:
    made: list[int] = []
    there = 0
    for key, one in keyed.items():
        known = db.execute(
            "SELECT id, deleted_at FROM reviews WHERE channel_id = ? AND key = ?", (channel_id, key)
        ).fetchone()
        if known is None:
            made.append(insert(db, "reviews", _row(channel_id, key, one)))
        elif known[1] is None:
            there += 1
        else:
            db.execute("UPDATE reviews SET deleted_at = NULL WHERE id = ?", (known[0],))
            made.append(int(known[0]))
    return made, there


def _row(channel_id: int, key: str, one: Draft) -> dict[str, object]:
    return {
        "channel_id": channel_id,
        "key": key,
        "buyer": kept_text(one.buyer, "buyer"),
        "item": kept_text(one.item, "item"),
        "stars": one.stars,
        "title": kept_text(one.title, "title"),
        "body": kept_text(one.body, "body"),
        "written_at": one.written_at or clock.text(),
    }


def edit_review(shop: Shop, *, review_id: int, **changes: object) -> None:
    """Correct a review by hand: stars (also of the dimensions), body, buyer, item, written_at."""
    if not changes.keys() <= EDITED:
        raise KeyError(*(changes.keys() - EDITED))
    values = {key: kept_text(value, key) if isinstance(value, str) else value for key, value in changes.items()}
    with shop.change(N_("Changed a review"), "reviews", "customers") as db:
        _write(db, [review_id], values)


def answer_review(shop: Shop, *, review_id: int, reply: str, at: str | None = None) -> None:
    """Keep the answer's text and mark the review as answered. Raises ShopError for an empty answer."""
    if not reply.strip():
        raise ShopError(N_("Write the answer first."), field="reply")
    con = shop.reader()
    before = store.review(con, review_id)
    if before is None:
        raise ShopError(N_("This review is not there any more."))
    values = {
        "reply": kept_text(reply, "reply"),
        "replied_at": before.replied_at or at or clock.text(),
        "state": State.ANSWERED.value,
    }
    with shop.change(N_("Answered the review of {buyer}"), "reviews", buyer=_who(before)) as db:
        _write(db, [review_id], values)
    keep_draft(shop, review_id=review_id, text=reply, over=before.reply)


def set_state(shop: Shop, *, ids: Sequence[int], state: State) -> None:
    """Say what became of reviews: waiting again, appealed, left as they are."""
    one, many = {
        State.OPEN: (N_("A review waits again"), N_("{n} reviews wait again")),
        State.ANSWERED: (N_("Marked a review as answered"), N_("Marked {n} reviews as answered")),
        State.APPEALED: (N_("Marked a review as appealed"), N_("Marked {n} reviews as appealed")),
        State.LEFT: (N_("Left a review as it is"), N_("Left {n} reviews as they are")),
    }[state]
    with shop.change(one if len(ids) == 1 else many, "reviews", n=len(ids)) as db:
        _write(db, ids, {"state": state.value})


def set_cause(shop: Shop, *, ids: Sequence[int], cause: str) -> None:
    """Note why reviews came out as they did: a key of CAUSES or the owner's own words; "" for none."""
    bare = " ".join(kept_text(cause, "cause").split())[:80]
    label = N_("Noted the cause of a review") if len(ids) == 1 else N_("Noted the cause of {n} reviews")
    with shop.change(label, "reviews", n=len(ids)) as db:
        _write(db, ids, {"cause": bare})


def set_note(shop: Shop, *, review_id: int, note: str) -> None:
    """Write the owner's own note on a review."""
    with shop.change(N_("Noted on a review"), "reviews") as db:
        _write(db, [review_id], {"note": kept_text(note, "note")})


def link_review(shop: Shop, *, review_id: int, order_number: str = "", sku_text: str = "") -> None:
    """Link a review to the order with that number and to a SKU by code or words; "" takes a link away.

    Raises ShopError when the order is not there or the words leave no single SKU.
    """
    with shop.change(N_("Linked a review"), "reviews", "customers") as db:
        _link(db, review_id, order_number, sku_text)


def delete_reviews(shop: Shop, *, ids: Sequence[int]) -> None:
    """Take reviews off the list."""
    label = N_("Deleted a review") if len(ids) == 1 else N_("Deleted {n} reviews")
    with shop.change(label, "reviews", "customers", n=len(ids)) as db:
        db.execute(
            "UPDATE reviews SET deleted_at = ? WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(?))",
            (clock.utc_stamp(), json.dumps(list(ids))),
        )


def _link(db: Database, review_id: int, order_number: str, sku_text: str) -> None:
    row = db.execute("SELECT channel_id, customer_id, item FROM reviews WHERE id = ?", (review_id,)).fetchone()
    if row is None:
        raise ShopError(N_("This review is not there any more."))
    order = _order(db.conn, row["channel_id"], order_number.strip())
    sku = _sku(db.conn, sku_text.strip())
    values: dict[str, object] = {"order_id": None, "sku_id": None, "product_id": None}
    if order is not None:
        values["order_id"] = order["id"]
        if order["customer_id"] is not None:
            values["customer_id"] = order["customer_id"]
        if sku is None and order["kinds"] == 1 and order["sku_id"] is not None:
            sku = _sku_row(db.conn, order["sku_id"])
    if sku is not None:
        values |= {"sku_id": sku["id"], "product_id": sku["product_id"]}
        values |= {} if row["item"] else {"item": sku["name"]}
    _write(db, [review_id], values)


def _order(con: Connection, channel_id: int, number: str) -> Mapping[str, object] | None:
    if not number:
        return None
    rows: list[Mapping[str, object]] = con.execute(
        "SELECT id, customer_id, kinds, sku_id FROM orders WHERE number = ? AND deleted_at IS NULL"
        " ORDER BY channel_id <> ? LIMIT 1",
        (number, channel_id),
    ).fetchall()
    if not rows:
        raise ShopError(N_("There is no order {number}."), field="order", number=number)
    return rows[0]


def _sku(con: Connection, text: str) -> Mapping[str, object] | None:
    if not text:
        return None
    rows = con.execute(
        "SELECT id, product_id, name FROM skus WHERE code = ? AND deleted_at IS NULL", (text,)
    ).fetchall()
    if len(rows) != 1:
        ids = search.find(con, "skus", text, 2)
        rows = [row for record_id in ids if (row := _sku_row(con, record_id)) is not None]
    if len(rows) > 1:
        raise ShopError(N_("More than one SKU fits “{text}”."), fix=N_("Write its code."), field="sku", text=text)
    if not rows:
        raise ShopError(N_("No SKU fits “{text}”."), fix=N_("Write its code or its name."), field="sku", text=text)
    found: Mapping[str, object] = rows[0]
    return found


def _sku_row(con: Connection, sku_id: object) -> Mapping[str, object] | None:
    row: Mapping[str, object] | None = con.execute(
        "SELECT id, product_id, name FROM skus WHERE id = ? AND deleted_at IS NULL", (sku_id,)
    ).fetchone()
    return row


def _write(db: Database, ids: Sequence[int], values: Mapping[str, object]) -> None:
    """Write what differs into the reviews, and note which fields the owner changed by hand."""
    names = ", ".join(("id", "edited", *values))
    rows = db.execute(
        f"SELECT {names} FROM reviews WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    places = ", ".join(f"{key} = ?" for key in values)
    for row in rows:
        changed = [key for key, value in values.items() if row[key] != value]
        if changed:
            by_hand = json.dumps(sorted({*json.loads(row["edited"]), *changed}))
            db.execute(f"UPDATE reviews SET {places}, edited = ? WHERE id = ?", (*values.values(), by_hand, row["id"]))


def _who(found: Review) -> str:
    return " ".join((found.buyer or found.item).split())[:40]
