"""What the owner does with returns: open one, note its arrival, pay it back in part or in full, refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shopdesk.core import clock, money
from shopdesk.core.errors import ShopError
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_
from shopdesk.inventory.store import now_of
from shopdesk.orders import store
from shopdesk.orders.model import OPEN_RETURNS, ReturnKind, ReturnState, Status
from shopdesk.orders.records import Order, Return
from shopdesk.orders.verbs import close_within

if TYPE_CHECKING:
    from sqlite_utils import Database

    from shopdesk.core.shop import Shop


def open_return(
    shop: Shop,
    *,
    order_id: int,
    kind: ReturnKind,
    amount: int,
    pieces: Mapping[int, int] | None = None,
    reason: str = "",
    note: str = "",
) -> int:
    """Open a return of an order; its id.

    `amount` is what the buyer asks back, minor units; `pieces` says how many come back by order line.
    Raises ShopError naming the field: more money than is left, more pieces than were sold.
    """
    order = _order(shop, order_id)
    check_amount(order, amount)
    _check_pieces(order, pieces or {})
    with shop.change(N_("Return of order {number} opened"), "orders", number=order.number) as db:
        return _insert(
            db, order, kind=kind, amount=amount, pieces=pieces or {}, reason=kept_text(reason, "reason"),
            note=kept_text(note, "note"),
        )  # fmt: skip


def receive_return(shop: Shop, *, return_id: int, restock: bool) -> None:
    """Note that the goods of a return came back; with `restock` they go back on the shelf."""
    order, found = _found(shop, return_id)
    if found.state is not ReturnState.OPEN:
        raise ShopError(N_("Return {number} is not open any more."), number=found.number)
    with shop.change(N_("Return {number} received"), "orders", "stock", number=found.number) as db:
        moment = clock.text()
        db.execute("UPDATE returns SET state = 'received', received_at = ? WHERE id = ?", (moment, return_id))
        if restock:
            for sku_id, qty in store.returned_lines(db.conn, return_id):
                db.execute(
                    "INSERT INTO stock_moves (sku_id, at, kind, qty, note) VALUES (?, ?, 'return', ?, ?)",
                    (sku_id, now_of(db.conn, sku_id), qty, order.number),
                )


def refund_return(shop: Shop, *, return_id: int, amount: int) -> None:
    """Pay a return back, in part or in full. Raises ShopError for more than is left of what was paid."""
    order, found = _found(shop, return_id)
    _check_open(found)
    if amount <= 0:
        raise ShopError(N_("Nothing would be paid back."), field="amount")
    check_amount(order, amount)
    with shop.change(
        N_("{amount} of order {number} refunded"), "orders", "customers",
        amount=money.show(amount, order.currency), number=order.number,
    ) as db:  # fmt: skip
        _refund(db, return_id, amount)


def refund_order(shop: Shop, *, order_id: int, amount: int, reason: str = "", close: bool = False) -> int:
    """Pay part or all of an order back at once; the id of the refund. `close` closes an unshipped order."""
    order = _order(shop, order_id)
    if amount <= 0:
        raise ShopError(N_("Nothing would be paid back."), field="amount")
    check_amount(order, amount)
    with shop.change(
        N_("{amount} of order {number} refunded"), "orders", "customers", "stock",
        amount=money.show(amount, order.currency), number=order.number,
    ) as db:  # fmt: skip
        return_id = _insert(
            db, order, kind=ReturnKind.REFUND, amount=amount, pieces={}, reason=kept_text(reason, "reason"), note=""
        )
        _refund(db, return_id, amount)
        if close and order.status is Status.TO_SHIP:
            close_within(db, [order_id], at=clock.text(), note=reason)
    return return_id


def exchange_return(shop: Shop, *, return_id: int) -> None:
    """Settle a return with other goods instead of money."""
    _settle(shop, return_id, ReturnState.EXCHANGED, N_("Return {number} exchanged"))


def refuse_return(shop: Shop, *, return_id: int, note: str = "") -> None:
    """Settle a return without paying anything back; the note says why."""
    _settle(shop, return_id, ReturnState.REFUSED, N_("Return {number} refused"), kept_text(note, "note"))


def _settle(shop: Shop, return_id: int, state: ReturnState, label: str, note: str = "") -> None:
    _, found = _found(shop, return_id)
    _check_open(found)
    with shop.change(label, "orders", number=found.number) as db:
        db.execute(
            "UPDATE returns SET state = ?, closed_at = ?, note = iif(? <> '', ?, note) WHERE id = ?",
            (state.value, clock.text(), note, note, return_id),
        )


def _insert(
    db: Database, order: Order, *, kind: ReturnKind, amount: int, pieces: Mapping[int, int], reason: str, note: str
) -> int:
    cursor = db.execute(
        "INSERT INTO returns (channel_id, number, order_id, customer_id, buyer, kind, state, currency, amount,"
        " opened_at, reason, note) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)",
        (order.channel_id, _free_number(db, order), order.id, order.customer_id, order.buyer, kind.value,
         order.currency, amount, clock.text(), reason, note),
    )  # fmt: skip
    return_id = int(cursor.lastrowid or 0)
    for position, line in enumerate(line for line in order.lines if pieces.get(line.id)):
        db.execute(
            "INSERT INTO return_lines (return_id, line_key, position, order_line_id, sku_id, code, name, options,"
            " qty, price, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (return_id, str(position), position, line.id, line.sku_id, line.code, line.name, line.options,
             pieces[line.id], line.price, pieces[line.id] * line.price),
        )  # fmt: skip
    return return_id


def _free_number(db: Database, order: Order) -> str:
    prefix = f"{order.number}-R"
    rows = db.execute(
        "SELECT number FROM returns WHERE channel_id = ? AND number >= ? AND number < ?",
        (order.channel_id, prefix, f"{prefix}~"),
    )
    taken = {row[0] for row in rows}
    return next(name for name in (f"{prefix}{n}" for n in range(1, len(taken) + 2)) if name not in taken)


def _refund(db: Database, return_id: int, amount: int) -> None:
    db.execute(
        "UPDATE returns SET state = 'refunded', amount = ?, refunded_at = ?, closed_at = ? WHERE id = ?",
        (amount, clock.text(), clock.text(), return_id),
    )


def _order(shop: Shop, order_id: int) -> Order:
    order = store.order(shop.reader(), order_id)
    if order is None:
        raise ShopError(N_("The order is not there any more."))
    return order


def _found(shop: Shop, return_id: int) -> tuple[Order, Return]:
    row = (
        shop.reader()
        .execute("SELECT order_id FROM returns WHERE id = ? AND deleted_at IS NULL", (return_id,))
        .fetchone()
    )
    if row is None or row[0] is None:
        raise ShopError(N_("The return is not there any more."))
    order = _order(shop, row[0])
    return order, next(found for found in order.returns if found.id == return_id)


def _check_open(found: Return) -> None:
    if found.state not in OPEN_RETURNS:
        raise ShopError(N_("Return {number} is settled already."), number=found.number)


def check_amount(order: Order, amount: int) -> None:
    """Refuse to pay back less than nothing, or more than is left of what was paid. Raises ShopError."""
    if amount < 0:
        raise ShopError(N_("An amount cannot be below zero."), field="amount")
    if amount > order.left_to_refund:
        raise ShopError(
            N_("Only {left} of this order can still go back."),
            field="amount",
            left=money.show(order.left_to_refund, order.currency),
        )


def _check_pieces(order: Order, pieces: Mapping[int, int]) -> None:
    sold = {line.id: line for line in order.lines if line.kind == "goods"}
    for line_id, qty in pieces.items():
        if line_id not in sold or not 0 <= qty <= sold[line_id].qty:
            raise ShopError(N_("That many were not sold."), field="pieces")
