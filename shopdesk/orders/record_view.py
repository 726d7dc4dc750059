"""The drawer of an order: its deadline, its flag, what is in it, the money, the returns, the buyer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from shopdesk.core import dates, money
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trc, trn
from shopdesk.orders import store
from shopdesk.orders.model import Status, countdown, grouped, leave_by, problem_words
from shopdesk.orders.records import Buyer, Line, Order, Return
from shopdesk.orders.return_widgets import ReturnCard
from shopdesk.ui import drawer
from shopdesk.ui.drawer import Custom, Deadline, Fact, Facts, Heading, Lines, Link, Note, Person, Record, Text, Timeline
from shopdesk.ui.drawer_parts import Part

_LONG_NUMBER = 14


class Acts(Protocol):
    """What the drawer's own links do; the page."""

    def clear_flag(self, order_id: int) -> object:
        """Take the flag off."""

    def receive(self, return_id: int, *, restock: bool) -> object:
        """The goods of a return came back."""

    def refund(self, order_id: int, return_id: int) -> object:
        """Ask how much of a return goes back."""

    def exchange(self, return_id: int) -> object:
        """Settle a return with other goods."""

    def refuse(self, order_id: int, return_id: int) -> object:
        """Ask why a return is refused."""


def order_record(con: Connection, order_id: int, acts: Acts) -> Record | None:
    """What the drawer shows of an order; None when it is gone."""
    order = store.order(con, order_id)
    if order is None:
        return None
    parts: list[Part] = [Heading(_heading(order), tag=order.platform), _deadline(order)]
    parts += _notes(order, acts)
    parts.append(_lines(order))
    parts.append(Facts(_money(order)))
    parts += [Custom(_return_card(order, found, acts)) for found in order.returns]
    parts += _where_to(order)
    person = store.buyer(con, order.customer_id) if order.customer_id else None
    parts.append(_person(order, person))
    parts.append(Timeline("order", order.id))
    return Record(*parts, history=("orders", order.id))


def _heading(order: Order) -> str:
    number = grouped(order.number)
    return number if len(number) > _LONG_NUMBER else tr("Order {number}", number=number)


def _deadline(order: Order) -> Deadline:
    makers: dict[Status, Callable[[Order], Deadline]] = {
        Status.UNPAID: _unpaid,
        Status.TO_SHIP: _to_ship,
        Status.SHIPPED: _shipped,
        Status.DONE: lambda order: Deadline("done", order.status.label(), _paid_words(order), tone="good"),
        Status.CLOSED: lambda order: Deadline("close", order.status.label(), _paid_words(order)),
    }
    return makers[order.status](order)


def _unpaid(order: Order) -> Deadline:
    placed = tr("placed {time}", time=dates.show_time(order.created_at, inside=True)) if order.created_at else ""
    return Deadline("clock", tr("Not paid yet"), placed, action="orders.pay_this", tone="warn")


def _to_ship(order: Order) -> Deadline:
    if order.ship_by is None:
        return Deadline("clock", order.status.label(), _paid_words(order), action="orders.ship_this")
    left, tone = countdown(order.ship_by)
    late = tone == "bad"
    title = left if late else tr("Leave by {time}", time=leave_by(order.ship_by))
    due = tr("due {time}", time=dates.show_time(order.ship_by, inside=True))
    sub = " · ".join(part for part in (due if late else left, _paid_words(order)) if part)
    return Deadline("late_or_error" if late else "clock", title, sub, action="orders.ship_this", tone=tone)


def _shipped(order: Order) -> Deadline:
    when = dates.show_time(order.shipped_at, inside=True) if order.shipped_at else ""
    title = tr("Shipped {time}", time=when) if when else order.status.label()
    parcel = " ".join(part for part in (order.courier, order.tracking) if part)
    return Deadline("ship", title, parcel or tr("no tracking number"), action="orders.done_this")


def _paid_words(order: Order) -> str:
    return tr("paid {time}", time=dates.show_time(order.paid_at, inside=True)) if order.paid_at else ""


def _notes(order: Order, acts: Acts) -> list[Part]:
    parts: list[Part] = []
    if order.problem:
        title, text = problem_words(order.problem, order.problem_note)
        parts.append(Note(title, text, icon="flag_problem"))
        parts.append(Link(tr("Clear flag"), run=partial(acts.clear_flag, order.id)))
    short = [line.name for line in order.lines if line.short]
    if short:
        parts.append(Note(tr("Not enough in stock"), trc("list", ", ").join(short), icon="short"))
    if order.buyer_note.strip():
        parts.append(Note(tr("Buyer's words"), order.buyer_note, icon="talk"))
    if order.seller_note.strip():
        parts.append(Note(tr("Own note"), order.seller_note, icon="note"))
    if order.number_damaged:
        text = tr("A spreadsheet cut its last digits off. An export without that damage puts it right.")
        parts.append(Note(tr("The order number is not whole"), text, icon="warning"))
    return parts


def _lines(order: Order) -> Lines:
    fact = trn("{n} item", "{n} items", order.pieces)
    return Lines(tr("Items"), fact, [_line(order, line) for line in order.lines])


def _line(order: Order, line: Line) -> drawer.Line:
    shelf = tr("Shelf {shelf}", shelf=line.shelf) if line.shelf else ""
    parts = (line.options, shelf or line.code, tr("short") if line.short else "", line.note)
    return drawer.Line(
        line.name or line.code,
        " · ".join(part for part in parts if part),
        quantity=f"×{line.qty}" if line.kind == "goods" else "",
        amount=money.show(line.amount, order.currency, symbol=False),
        thumb=line.picture if line.kind == "goods" else None,
        link=("inventory", line.sku_id) if line.sku_id is not None else None,
        tone="bad" if line.short else "",
    )


def _money(order: Order) -> list[Fact]:
    def show(amount: int) -> str:
        return money.show(amount, order.currency, symbol=False)

    facts = [Fact(tr("Postage"), show(order.postage))] if order.postage else []
    if order.tax:
        facts.append(Fact(tr("Tax"), show(order.tax)))
    if order.discount:
        facts.append(Fact(tr("Discount"), show(-order.discount)))
    if order.owed:
        words = tr("Owed") if order.status is Status.UNPAID else tr("To collect")
        facts.append(Fact(words, money.show(order.owed, order.currency), strong=True))
    else:
        facts.append(Fact(tr("Paid"), money.show(order.paid, order.currency), strong=True))
    if order.refunded:
        facts.append(Fact(tr("Refunded"), money.show(-order.refunded, order.currency), tone="bad"))
    return facts


def _return_card(order: Order, found: Return, acts: Acts) -> ReturnCard:
    offered: list[tuple[str, Callable[[], object]]] = []
    if found.state.value == "open" and found.kind.value != "refund":
        if found.pieces:
            offered.append((tr("Back to stock"), partial(acts.receive, found.id, restock=True)))
        offered.append((tr("Arrived"), partial(acts.receive, found.id, restock=False)))
    elif found.kind.value == "exchange":
        offered.append((tr("Exchanged"), partial(acts.exchange, found.id)))
    offered.append((tr("Refund"), partial(acts.refund, order.id, found.id)))
    offered.append((tr("Refuse"), partial(acts.refuse, order.id, found.id)))
    return ReturnCard(found, order.currency, offered)


def _where_to(order: Order) -> list[Part]:
    region = "" if order.address.startswith(order.region) else order.region
    lines = (f"{order.receiver} {order.phone}".strip(), f"{region} {order.address}".strip())
    text = "\n".join(line for line in lines if line)
    return [Text(text, title=tr("Ship to"))] if text else []


def _person(order: Order, buyer: Buyer | None) -> Person:
    if buyer is None:
        account = order.buyer if order.buyer != order.name else ""
        return Person(tr("Buyer"), order.name or tr("Nobody named"), account)
    parts = [
        order.buyer if order.buyer != buyer.name and "@" not in order.buyer else "",
        trn("{n} order", "{n} orders", buyer.orders),
        money.show(buyer.spent, buyer.currency),
        tr("rates {stars}", stars=f"{buyer.rating / 10:.1f}") if buyer.rating is not None else "",
    ]
    return Person(
        tr("Buyer"), buyer.name, " · ".join(part for part in parts if part),
        tag=buyer.tags[0] if buyer.tags else "", link=("customers", buyer.id),
    )  # fmt: skip
