"""Buyers in the shop file: what is asked of them and what the owner does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from shopdesk.core import channels, clock, dates, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_, trn
from shopdesk.customers import model
from shopdesk.customers.model import Contact, Customer

if TYPE_CHECKING:
    from sqlite_utils import Database

    from shopdesk.core.shop import Shop

TEXTS = ("name", "phone", "email", "address", "region", "note")
"""The columns that the owner edits as plain text."""

ROWS = """
SELECT c.id, c.shown_name, c.tags, c.phone, c.region, c.birthday, c.note, c.orders, c.spent, c.first_order,
       c.last_order, c.rhythm_days, c.due_at, c.rating, ch.name AS channel, ch.platform, ch.currency,
       :today AS today
  FROM customers c JOIN channels ch ON ch.id = c.channel_id
 WHERE c.id IN (SELECT value FROM json_each(:ids))
"""
"""What the list shows of buyers, for :ids. Uses :today."""


def currencies(con: Connection, ids: Sequence[int] | None) -> list[str]:
    """The currencies in which some buyers pay; those of every channel when it is None."""
    if ids is None:
        rows = con.execute("SELECT DISTINCT currency FROM channels WHERE deleted_at IS NULL")
    else:
        rows = con.execute(
            "SELECT DISTINCT h.currency FROM channels h WHERE h.id IN"
            " (SELECT channel_id FROM customers WHERE id IN (SELECT value FROM json_each(?)))",
            (json.dumps(list(ids)),),
        )
    return [row[0] for row in rows]


def customer(con: Connection, customer_id: int) -> Customer | None:
    """A buyer by id; None when there is none or it was deleted."""
    row = con.execute("SELECT * FROM v_customers WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        return None
    values = dict(row)
    values["tags"] = tuple(json.loads(values["tags"]))
    return Customer(**values)


def found(con: Connection, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """(id, name, what is known in one line) of buyers, in the order of `ids`."""
    rows = con.execute(
        "SELECT id, name, platform, region, phone, orders FROM v_customers"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    told = {row["id"]: (row["id"], row["name"], _sub(row)) for row in rows}
    return [told[record_id] for record_id in ids if record_id in told]


def _sub(row: Mapping[str, object]) -> str:
    parts = [channels.platform_name(str(row["platform"])), str(row["region"] or "")]
    tail = model.phone_tail(str(row["phone"]))
    parts.append(f"…{tail}" if tail else "")
    orders = int(str(row["orders"]))
    parts.append(trn("{n} order", "{n} orders", orders) if orders else "")
    return " · ".join(part for part in parts if part)


def channel_choices(con: Connection) -> list[tuple[object, str]]:
    """(id, name) of every channel, for a choice."""
    return channels.choices(con)


def tags(con: Connection, limit: int = 200) -> list[str]:
    """The tags in use, the most frequent first."""
    rows = con.execute(
        "SELECT t.value AS tag FROM customers c, json_each(c.tags) t"
        " WHERE c.deleted_at IS NULL AND c.tags <> '[]' GROUP BY t.value ORDER BY count(*) DESC, t.value LIMIT ?",
        (limit,),
    )
    return [row["tag"] for row in rows]


def tag_choices(con: Connection) -> list[tuple[str, str]]:
    """(tag, tag) of the tags in use, for a filter."""
    return [(tag, tag) for tag in tags(con)]


def view_params(con: Connection) -> dict[str, object]:
    """What the page's views compare with: the first day of a new buyer, the birthdays that come soon."""
    days = settings.number(con, "birthday_days")
    coming = model.coming_birthdays(clock.today(), days)
    return {
        "new_since": dates.day_before(clock.today().isoformat(), model.NEW_DAYS),
        "coming_birthdays": json.dumps(coming),
    }


def share_of_repeat(con: Connection) -> int | None:
    """How many of 100 buyers bought more than once; None while nobody bought."""
    bought, again = (
        con.execute("SELECT count(*) FROM customers WHERE deleted_at IS NULL AND orders > ?", (least,)).fetchone()[0]
        for least in (0, 1)
    )
    return round(100 * again / bought) if bought else None


# verbs


def add_customer(
    shop: Shop,
    *,
    channel_id: int,
    name: str,
    handle: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    region: str = "",
    sex: str = "",
    birthday: str = "",
    tags: Iterable[str] = (),
    note: str = "",
) -> int:
    """Add a buyer by hand; the id. Without a handle the name is what the buyer is known by on the channel.

    A buyer that was deleted comes back. Raises ShopError when the channel has that buyer already.
    """
    known_as = kept_text(handle if handle.strip() else name, "handle")
    if not known_as.strip():
        raise ShopError(N_("A customer needs a name."), field="name")
    typed = {"name": name, "phone": phone, "email": email, "address": address, "region": region, "note": note}
    values: dict[str, object] = {key: kept_text(text, key) for key, text in typed.items()}
    values |= {"sex": sex, "birthday": model.birthday(birthday), "tags": _tag_list(tags)}
    with shop.change(N_("Added {name}"), "customers", name=_short(name or handle)) as db:
        there = _known(db, channel_id, known_as)
        if there is not None:
            return _bring_back(db, there, values)
        row: dict[str, object] = {"channel_id": channel_id, "handle": known_as, **values}
        row["edited"] = json.dumps(sorted(key for key, value in values.items() if value not in ("", None, "[]")))
        return insert(db, "customers", row)


def _known(db: Database, channel_id: int, handle: str) -> tuple[int, bool] | None:
    row = db.execute(
        "SELECT id, deleted_at IS NOT NULL FROM customers WHERE channel_id = ? AND handle = ?", (channel_id, handle)
    ).fetchone()
    return (int(row[0]), bool(row[1])) if row else None


def _bring_back(db: Database, there: tuple[int, bool], values: Mapping[str, object]) -> int:
    customer_id, deleted = there
    if not deleted:
        raise ShopError(N_("This channel has a customer of that name already."), field="handle")
    _write(db, customer_id, {**values, "deleted_at": None})
    return customer_id


def edit_customer(shop: Shop, *, customer_id: int, **changes: object) -> None:
    """Change what is known of a buyer by hand: any of TEXTS, `sex`, `birthday` as typed, `tags`.

    Raises ShopError for a birthday that is none, or a text that cannot be kept.
    """
    with shop.change(N_("Changed {name}"), "customers", name=_name(shop, customer_id)) as db:
        _write(db, customer_id, {key: _value(key, value) for key, value in changes.items()})


def tag_customers(shop: Shop, *, ids: Sequence[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Give buyers tags and take others away."""
    gone = set(remove)
    more = [tag.strip() for tag in add if tag.strip()]
    label = N_("Tagged {name}") if len(ids) == 1 else N_("Tagged {n} customers")
    with shop.change(label, "customers", **_whom(shop, ids)) as db:
        rows = db.execute(
            "SELECT id, tags FROM customers WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        ).fetchall()
        for row in rows:
            kept = [tag for tag in json.loads(row[1]) if tag not in gone]
            _write(db, row[0], {"tags": _tag_list([*kept, *more])})


def log_contact(shop: Shop, *, customer_id: int, text: str, kind: Contact = Contact.TALK, at: str | None = None) -> int:
    """Write what was said or sent on a buyer's time line; the line's id. Raises ShopError for an empty text."""
    if not text.strip():
        raise ShopError(N_("Write what was said."), field="text")
    kept_text(text, "text")
    label = {
        Contact.TALK: N_("Talk logged with {name}"),
        Contact.GREETING: N_("Greeting logged for {name}"),
        Contact.NOTE: N_("Note written about {name}"),
    }[kind]
    with shop.change(label, "customers", name=_name(shop, customer_id)) as db:
        row = {"customer_id": customer_id, "at": at or clock.text(), "kind": kind.value, "text": text}
        return insert(db, "customer_notes", row)


def delete_contact(shop: Shop, *, note_id: int) -> None:
    """Take a line of the owner's own off a buyer's time line."""
    with shop.change(N_("Deleted a line of the time line"), "customers") as db:
        db.execute(
            "UPDATE customer_notes SET deleted_at = ? WHERE deleted_at IS NULL AND id = ?", (clock.utc_stamp(), note_id)
        )


def delete_customers(shop: Shop, *, ids: Sequence[int]) -> None:
    """Take buyers off the list. Their orders stay as they are."""
    label = N_("Deleted {name}") if len(ids) == 1 else N_("Deleted {n} customers")
    with shop.change(label, "customers", **_whom(shop, ids)) as db:
        db.execute(
            "UPDATE customers SET deleted_at = ? WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(?))",
            (clock.utc_stamp(), json.dumps(list(ids))),
        )


def insert(db: Database, table: str, row: Mapping[str, object]) -> int:
    """Insert a row inside a change; its id."""
    places = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))
    return int(cursor.lastrowid or 0)


def _value(key: str, value: object) -> object:
    if key == "birthday":
        return model.birthday(str(value or ""))
    if key == "tags":
        return _tag_list(value if isinstance(value, list | tuple) else [])
    if key not in TEXTS and key != "sex":
        raise KeyError(key)
    return kept_text(str(value or ""), key)


def _write(db: Database, customer_id: int, values: Mapping[str, object]) -> None:
    """Write what differs, and note which fields the owner changed by hand."""
    names = ", ".join(("edited", *values))
    row = db.execute(f"SELECT {names} FROM customers WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        raise ShopError(N_("This customer is not there any more."))
    changed = {key: value for key, value in values.items() if row[key] != value}
    if not changed:
        return
    by_hand = set(json.loads(row["edited"])) | (changed.keys() - {"deleted_at"})
    changed["edited"] = json.dumps(sorted(by_hand))
    places = ", ".join(f"{key} = ?" for key in changed)
    db.execute(f"UPDATE customers SET {places} WHERE id = ?", (*changed.values(), customer_id))


def _tag_list(tags: Iterable[object]) -> str:
    bare = (kept_text(str(tag), "tags").strip() for tag in tags)
    return json.dumps(list(dict.fromkeys(tag for tag in bare if tag)), ensure_ascii=False)


def _name(shop: Shop, customer_id: int) -> str:
    row = shop.reader().execute("SELECT shown_name FROM customers WHERE id = ?", (customer_id,)).fetchone()
    return _short(row[0]) if row else ""


def _whom(shop: Shop, ids: Sequence[int]) -> dict[str, object]:
    return {"name": _name(shop, ids[0])} if len(ids) == 1 else {"n": len(ids)}


def _short(name: str) -> str:
    bare = " ".join(name.split())
    return bare if len(bare) <= 40 else f"{bare[:39]}…"
