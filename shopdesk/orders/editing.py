"""Adding an order by hand and editing one: the verbs behind the order form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shopdesk.core import channels, clock
from shopdesk.core.errors import ShopError
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_
from shopdesk.orders import store
from shopdesk.orders.model import Status
from shopdesk.orders.records import Draft, DraftLine, Line, Order
from shopdesk.orders.verbs import EDITED

if TYPE_CHECKING:
    from sqlite_utils import Database

    from shopdesk.core.shop import Shop

_TEXTS = ("number", "buyer", "receiver", "phone", "region", "address", "buyer_note", "seller_note")
_MASK = "*＊"


def add_order(shop: Shop, *, draft: Draft) -> int:
    """Enter an order by hand; its id. The buyer becomes a customer of the channel when there is a name.

    Raises ShopError naming the field: a number that is taken, no lines, a count below one, a time to come.
    """
    _check(draft)
    with shop.change(N_("Order {number} added"), "orders", "stock", "customers", number=draft.number) as db:
        channel = _channel(db, draft.channel_id)
        _check_number_free(db, draft.channel_id, draft.number)
        order_id = _insert_order(db, draft, channel)
        _insert_lines(db, order_id, draft.lines, first=0)
        status = Status.TO_SHIP if draft.paid_at else Status.UNPAID
        db.execute(
            "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (?, ?, 'status', ?, 1)",
            (order_id, draft.paid_at or clock.text(), status.value),
        )
    return order_id


def edit_order(shop: Shop, *, order_id: int, draft: Draft) -> None:
    """Change what differs from the draft; the changed columns are noted as the owner's own.

    Lines that are gone from the draft are deleted. A payment time makes an unpaid order one to ship; a
    paid order cannot become unpaid again. Raises ShopError naming the field.
    """
    order = store.order(shop.reader(), order_id)
    if order is None:
        raise ShopError(N_("The order is not there any more."))
    _check(draft, bare=not any(line.kind == "goods" for line in order.lines))
    if order.paid_at and not draft.paid_at:
        raise ShopError(N_("A paid order has a time of payment."), field="paid_at")
    with shop.change(N_("Order {number} edited"), "orders", "stock", "customers", number=draft.number) as db:
        changes = _changes(order, draft)
        if draft.number != order.number:
            _check_number_free(db, order.channel_id, draft.number)
        if draft.buyer != order.buyer:
            changes["customer_id"] = _customer(db, order.channel_id, draft)
        if _edit_lines(db, order, draft.lines):
            changes |= {"goods": draft.goods, "lines": None}
        _write(db, order_id, changes)
        if order.status is Status.UNPAID and draft.paid_at:
            db.execute(
                "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (?, ?, 'status', 'to_ship', 1)",
                (order_id, draft.paid_at),
            )


def _check(draft: Draft, *, bare: bool = False) -> None:
    """Raise ShopError for what cannot be kept. A `bare` order came without its items: a file of orders alone."""
    for field in _TEXTS:
        kept_text(getattr(draft, field), field)
    if not draft.number.strip():
        raise ShopError(N_("An order needs a number."), field="number")
    if not draft.lines and not bare:
        raise ShopError(N_("An order needs at least one item."), field="lines")
    for line in draft.lines:
        _check_line(line)
    for field in ("postage", "discount", "paid"):
        if (getattr(draft, field) or 0) < 0:
            raise ShopError(N_("An amount cannot be below zero."), field=field)
    if draft.paid_at is not None and draft.paid_at > clock.text():
        raise ShopError(N_("That time has not come yet."), field="paid_at")


def _check_line(line: DraftLine) -> None:
    kept_text(line.name + line.code + line.options, "lines")
    if not line.name.strip():
        raise ShopError(N_("An item needs a name."), field="lines")
    if line.qty < 1:
        raise ShopError(N_("“{name}”: at least one piece."), field="lines", name=line.name)
    if line.price < 0:
        raise ShopError(N_("“{name}”: a price cannot be below zero."), field="lines", name=line.name)


def _channel(db: Database, channel_id: int) -> channels.Channel:
    found = {channel.id: channel for channel in channels.listed(db.conn)}
    if channel_id not in found:
        raise ShopError(N_("Choose the channel of the order."), field="channel_id")
    return found[channel_id]


def _check_number_free(db: Database, channel_id: int, number: str) -> None:
    row = db.execute(
        "SELECT deleted_at FROM orders WHERE channel_id = ? AND number = ?", (channel_id, number)
    ).fetchone()
    if row is not None:
        raise ShopError(
            N_("There is an order {number} on this channel already.")
            if row[0] is None
            else N_("Order {number} was on this channel and is deleted; its number stays taken."),
            field="number",
            number=number,
        )


def _insert_order(db: Database, draft: Draft, channel: channels.Channel) -> int:
    paid = draft.due if draft.paid is None else draft.paid
    row: dict[str, object] = {name: getattr(draft, name) for name in _TEXTS} | {
        "channel_id": channel.id,
        "currency": channel.currency,
        "customer_id": _customer(db, channel.id, draft),
        "goods": draft.goods,
        "postage": draft.postage,
        "discount": draft.discount,
        "paid": max(0, paid) if draft.paid_at else 0,
        "created_at": min(draft.paid_at or clock.text(), clock.text()),
        "paid_at": draft.paid_at,
    }
    cursor = db.execute(
        f"INSERT INTO orders ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
    return int(cursor.lastrowid or 0)


def _customer(db: Database, channel_id: int, draft: Draft) -> int | None:
    """The customer with the buyer's name on the channel, made when there is none; masked names are nobody."""
    handle = draft.buyer.strip()
    if not handle or any(sign in handle for sign in _MASK):
        return None
    row = db.execute("SELECT id FROM customers WHERE channel_id = ? AND handle = ?", (channel_id, handle)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = db.execute(
        "INSERT INTO customers (channel_id, handle, name, phone, address, region) VALUES (?, ?, ?, ?, ?, ?)",
        (channel_id, handle, draft.receiver, draft.phone, draft.address, draft.region),
    )
    return int(cursor.lastrowid or 0)


def _insert_lines(db: Database, order_id: int, lines: tuple[DraftLine, ...], *, first: int) -> None:
    for position, line in enumerate(lines, first):
        db.execute(
            "INSERT INTO order_lines (order_id, line_key, position, sku_id, code, name, options, qty, price,"
            " amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (order_id, f"hand-{position}", position, line.sku_id, line.code, line.name, line.options,
             line.qty, line.price, line.qty * line.price),
        )  # fmt: skip


def _changes(order: Order, draft: Draft) -> dict[str, Any]:
    """The columns of the order itself that the draft changes, with their new values."""
    wanted: dict[str, Any] = {name: getattr(draft, name) for name in _TEXTS}
    wanted |= {"postage": draft.postage, "discount": draft.discount, "paid_at": draft.paid_at}
    wanted["paid"] = _paid(order, draft)
    changes = {name: value for name, value in wanted.items() if value != getattr(order, name)}
    for name in ("postage", "discount"):
        if not changes.get(name, 1) and getattr(order, name) is None:
            del changes[name]
    return changes


def _paid(order: Order, draft: Draft) -> int:
    """What is paid after the edit: as typed, else what is owed once an unpaid order is paid."""
    if draft.paid is not None:
        return draft.paid
    return max(0, draft.due) if draft.paid_at and not order.paid_at else order.paid


def _edit_lines(db: Database, order: Order, wanted: tuple[DraftLine, ...]) -> bool:
    """Bring the goods lines of an order to the draft's; whether anything changed."""
    old = {line.id: line for line in order.lines if line.kind == "goods"}
    kept = {line.line_id: line for line in wanted if line.line_id in old}
    gone = [line_id for line_id in old if line_id not in kept]
    changed = [new for line_id, new in kept.items() if line_id is not None and _differs(old[line_id], new)]
    added = tuple(line for line in wanted if line.line_id not in old)
    for line_id in gone:
        db.execute("UPDATE order_lines SET deleted_at = ? WHERE id = ?", (clock.text(), line_id))
    for line in changed:
        db.execute(
            "UPDATE order_lines SET sku_id = ?, code = ?, name = ?, options = ?, qty = ?, price = ?, amount = ?"
            " WHERE id = ?",
            (line.sku_id, line.code, line.name, line.options, line.qty, line.price, line.qty * line.price,
             line.line_id),
        )  # fmt: skip
    first = db.execute(
        "SELECT coalesce(max(position), -1) + 1 FROM order_lines WHERE order_id = ?", (order.id,)
    ).fetchone()[0]
    _insert_lines(db, order.id, added, first=first)
    return bool(gone or changed or added)


def _differs(old: Line, new: DraftLine) -> bool:
    return (old.sku_id, old.code, old.name, old.options, old.qty, old.price) != (
        new.sku_id, new.code, new.name, new.options, new.qty, new.price
    )  # fmt: skip


def _write(db: Database, order_id: int, changes: dict[str, Any]) -> None:
    """Write changed columns and note them as the owner's; "lines" stands for the lines."""
    if not changes:
        return
    columns = {name: value for name, value in changes.items() if name != "lines"}
    own = json.dumps(sorted(set(changes) - {"customer_id"}))
    assigned = "".join(f"{name} = ?, " for name in columns)
    db.execute(
        f"UPDATE orders SET {assigned} edited = {EDITED.format(names='?')} WHERE id = ?",
        (*columns.values(), own, order_id),
    )
