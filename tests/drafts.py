"""An order as its form holds it."""

from __future__ import annotations

from dataclasses import replace

from shopdesk.core.shop import Shop
from shopdesk.orders import editing, store
from shopdesk.orders.records import Draft, DraftLine, Order


def draft_of(order: Order) -> Draft:
    """What stands in the form before anything is typed."""
    lines = tuple(
        DraftLine(line.name, line.qty, line.price, line.id, line.sku_id, line.code, line.options)
        for line in order.lines
        if line.kind == "goods"
    )
    return Draft(
        order.channel_id, order.number, lines, buyer=order.buyer, postage=order.postage or 0,
        discount=order.discount or 0, paid=order.paid if order.paid_at else None, paid_at=order.paid_at,
        receiver=order.receiver, phone=order.phone, region=order.region, address=order.address,
        buyer_note=order.buyer_note, seller_note=order.seller_note,
    )  # fmt: skip


def write_own_note(shop: Shop, order_id: int, note: str) -> None:
    """What the owner does who opens the form, writes a note of her own and saves."""
    order = store.order(shop.reader(), order_id)
    assert order is not None
    editing.edit_order(shop, order_id=order_id, draft=replace(draft_of(order), seller_note=note))
