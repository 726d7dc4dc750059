"""Persons of whom the shop still holds words although no list shows them: deleted, or brought by an act taken back.

The journal keeps the old images of their rows, and backups and kept originals have them: they can be erased, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shopdesk.core import personal
from shopdesk.core.blotting import lowered
from shopdesk.core.sqlite import Connection

_COLUMNS = ("channel_id", "handle", "name", "phone", "email", "deleted_at")
_LEAST = 2
_LEAST_DIGITS = 4
_BETWEEN = re.compile(r"[\s().+-]")


@dataclass(frozen=True, slots=True)
class Past:
    """A person: the id, what the shop knew the person by, and what is so: "listed", "deleted", or "undone"."""

    id: int
    channel_id: int
    handle: str
    name: str
    phone: str
    email: str
    state: str

    @property
    def shown_name(self) -> str:
        """The name, or what stands for it."""
        return self.name if self.name.strip() else self.handle


def of_id(con: Connection, customer_id: int) -> Past | None:
    """A person by id, in the table or only in the journal; None when there never was one."""
    return next(_rows(con, customer_id), None) or next(_images(con, customer_id), None)


def same(con: Connection, person: Past) -> list[int]:
    """The ids under which the same account was in the shop before its import was taken back."""
    channels = {row[0] for row in con.execute("SELECT id FROM channels")} - {person.channel_id}
    alike = (one for one in _images(con) if one.handle == person.handle and one.channel_id not in channels)
    return [one.id for one in alike if one.id != person.id]


def search(con: Connection, text: str, limit: int = 20) -> list[Past]:
    """Persons by a part of the name, account, telephone number or mail address, or by the number of an order.

    Those whom no list shows come first. Reads the whole journal: never on the main thread.
    """
    wanted = lowered(text.strip())
    if len(wanted) < (_LEAST if wanted.isascii() else 1):
        return []
    buyers = _buyers(con, text.strip().lstrip("#"))
    found = {one.id: one for one in _images(con) if one.id in buyers or _is_meant(one, wanted)}
    found |= {one.id: one for one in _rows(con) if one.id in buyers or _is_meant(one, wanted)}
    return sorted(found.values(), key=lambda one: (one.state == "listed", -one.id))[:limit]


def _is_meant(one: Past, wanted: str) -> bool:
    if any(wanted in lowered(said) for said in (one.name, one.handle, one.phone, one.email)):
        return True
    digits = _BETWEEN.sub("", wanted)
    return digits.isdigit() and len(digits) >= _LEAST_DIGITS and digits in _BETWEEN.sub("", one.phone)


def _rows(con: Connection, customer_id: int | None = None) -> Iterator[Past]:
    which = "" if customer_id is None else f" WHERE id = {int(customer_id)}"
    for row in con.execute(f"SELECT id, {', '.join(_COLUMNS)} FROM customers{which}"):
        yield _past(row[0], row[1:], "deleted" if row["deleted_at"] else "listed")


def _images(con: Connection, customer_id: int | None = None) -> Iterator[Past]:
    """From the newest image on, those that are in the table no more."""
    which = "" if customer_id is None else f" AND row_id = {int(customer_id)}"
    for layout, places in personal.images(con, "customers"):
        rows = con.execute(
            "SELECT row_id, old FROM journal_rows j WHERE table_name = 'customers' AND layout = ?"
            f" AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = j.row_id){which} ORDER BY id",
            (layout,),
        )
        newest = {row[0]: row[1] for row in rows}
        for row_id, old in newest.items():
            values = json.loads(old)
            yield _past(row_id, [values[places[name]] if name in places else "" for name in _COLUMNS], "undone")


def _past(row_id: int, values: object, state: str) -> Past:
    channel, handle, name, phone, email, _ = values  # type: ignore[misc]
    return Past(row_id, int(channel), str(handle), str(name), str(phone), str(email), state)  # type: ignore[has-type]


def _buyers(con: Connection, number: str) -> set[int]:
    """Who bought under the number of an order, also of one that was taken back."""
    spelled = (number, f"#{number}")
    found = {row[0] for row in con.execute("SELECT customer_id FROM orders WHERE number IN (?, ?)", spelled)}
    for layout, places in personal.images(con, "orders"):
        rows = con.execute(
            f"SELECT json_extract(old, '$[{places['customer_id']}]') FROM journal_rows WHERE table_name = 'orders'"
            f" AND layout = ? AND json_extract(old, '$[{places['number']}]') IN (?, ?)",
            (layout, *spelled),
        )
        found |= {row[0] for row in rows}
    return found - {None}


def numbers(con: Connection) -> list[str]:
    """The numbers of the person's orders that were taken back, after personal.find()."""
    found: dict[str, None] = {}
    for layout, places in personal.images(con, "orders"):
        rows = con.execute(
            f"SELECT json_extract(old, '$[{places['number']}]') FROM journal_rows WHERE table_name = 'orders'"
            f" AND layout = ? AND row_id IN {personal.owned('orders')}"
            " AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = row_id) ORDER BY id",
            (layout,),
        )
        found |= dict.fromkeys(str(row[0]) for row in rows)
    return list(found)
