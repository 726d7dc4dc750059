"""The drawer of a SKU: picture, stock, facts, variants, stock journal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from shopdesk.core import clock, dates, money, settings
from shopdesk.core.words import tr, trn
from shopdesk.inventory import store
from shopdesk.inventory.columns_view import LONG_DAYS, cover_tone, signed
from shopdesk.inventory.dialogs import variant_name
from shopdesk.inventory.model import MOVE_WORDS, WINDOW_DAYS, days_of_cover
from shopdesk.inventory.picture_widgets import SkuCard
from shopdesk.ui.columns import EMPTY, UNKNOWN
from shopdesk.ui.drawer import (
    Buttons,
    Custom,
    Deadline,
    Fact,
    Facts,
    Heading,
    Line,
    Lines,
    Link,
    Note,
    Record,
    Timeline,
)

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.inventory.model import Booked, Product, Sku
    from shopdesk.inventory.page import InventoryPage

_SHORT_JOURNAL = 6
"""Lines of the stock journal before more are asked for."""


def record(con: Connection, sku_id: int, *, page: InventoryPage, long_journal: bool) -> Record | None:
    """All about one SKU; None when it is gone."""
    sku = store.sku(con, sku_id)
    product = store.product(con, sku.product_id) if sku else None
    if sku is None or product is None:
        return None
    sold = sum(store.sold(con, sku_id, today=clock.today().isoformat()).values())
    lead = sku.lead_days if sku.lead_days is not None else settings.number(con, "lead_days")
    parts = (
        Heading(sku.title, tag=sku.code),
        Custom(_card(page, sku, product)),
        *_warning(sku),
        _stock(sku, sold, lead),
        Buttons(("inventory.receive", "inventory.count", "inventory.adjust")),
        Note(sku.note),
        _facts(sku, sold, lead),
        *_variants(con, sku),
        *_journal(con, sku, page, long=long_journal),
        Timeline("sku", sku.id),
    )
    return Record(*parts, history=("skus", sku.id))


def _card(page: InventoryPage, sku: Sku, product: Product) -> SkuCard:
    picture = sku.picture or product.picture or ""
    lines = (product.name if product.name != sku.name else "", product.category)
    tags = tuple(dict.fromkeys((*sku.tags, *product.tags)))
    change = partial(page.action_table.trigger, "inventory.picture")
    return SkuCard(page.pictures, picture=picture, lines=lines, tags=tags, change=change)


def _warning(sku: Sku) -> tuple[Deadline, ...]:
    """What the stock asks for now."""
    free = sku.available
    if free is None:
        sub = tr("On hand is unknown until the first count.")
        return (Deadline("info", tr("Never counted"), sub, "inventory.count"),)
    if free < 0:
        short = trn("{n} sold that is not there", "{n} sold that are not there", -free)
        return (Deadline("short", short, tr("Open orders hold more than there is."), "", "bad"),)
    if free == 0:
        return (Deadline("short", tr("Sold out"), "", "", "bad"),)
    if sku.min_qty is not None and free < sku.min_qty:
        below = tr("{n} below the minimum of {least}", n=sku.min_qty - free, least=sku.min_qty)
        return (Deadline("warning", below, "", "", "warn"),)
    return ()


def _stock(sku: Sku, sold: int, lead: int) -> Facts:
    free = sku.available
    days = days_of_cover(free, sold)
    held_link = ("orders", holding(sku)) if sku.held else None
    return Facts(
        [
            Fact(tr("On hand"), UNKNOWN if sku.on_hand is None else signed(sku.on_hand)),
            Fact(tr("Held"), f"{sku.held:,}" if sku.held else EMPTY, link=held_link),
            Fact(tr("Available"), UNKNOWN if free is None else signed(free), tone="bad" if (free or 0) < 0 else ""),
            Fact(
                tr("Cover"),
                UNKNOWN if days is None else _days(days),
                tone="" if days is None else cover_tone(days, lead),
            ),
        ],
        columns=True,
    )


def holding(sku: Sku) -> dict[str, object]:
    """What the Orders page is asked to show: the open orders that hold this SKU."""
    return {
        "where": store.HOLDING, "params": {"sku": sku.id}, "title": tr("Open, with {name}", name=sku.title),
    }  # fmt: skip


def _facts(sku: Sku, sold: int, lead: int) -> Facts:
    def amount(value: int | None) -> str:
        return UNKNOWN if value is None else money.show(value, sku.currency)

    usual = "" if sku.lead_days is not None else tr("as usual")
    limits = [EMPTY if one is None else f"{one:,}" for one in (sku.min_qty, sku.max_qty)]
    sales = trn("{n} in 30 days", "{n} in 30 days", sold)
    rate = tr("{n} a day", n=f"{sold / WINDOW_DAYS:.2f}".rstrip("0").rstrip("."))
    counted = dates.show_time(sku.level_at) if sku.level_at else tr("not counted yet")
    found = [
        Fact(tr("Price"), amount(sku.price)),
        Fact(tr("Cost"), amount(sku.cost)),
        Fact(tr("Shelf"), sku.shelf or EMPTY),
        Fact(tr("Barcode"), sku.barcode or EMPTY),
        Fact(tr("Min – max"), EMPTY if limits == [EMPTY, EMPTY] else " – ".join(limits)),
        Fact(tr("Lead time"), " · ".join(t for t in (trn("{n} day", "{n} days", lead), usual) if t)),
        Fact(tr("Sold"), f"{sales} · {rate}" if sold else tr("nothing in 30 days")),
        Fact(tr("Last counted"), counted),
    ]
    return Facts(found)


def _variants(con: Connection, sku: Sku) -> tuple[Lines, ...]:
    variants = store.variants(con, sku.product_id)
    if len(variants) < 2:
        return ()
    lines = [_variant(one, current=one.id == sku.id) for one in variants]
    return (Lines(tr("Variants"), tr("available"), lines),)


def _variant(sku: Sku, *, current: bool) -> Line:
    free = sku.available
    return Line(
        variant_name(sku),
        sub=" · ".join(part for part in (sku.code, sku.shelf) if part),
        quantity=UNKNOWN if free is None else signed(free),
        link=None if current else ("inventory", sku.id),
    )


def _journal(con: Connection, sku: Sku, page: InventoryPage, *, long: bool) -> tuple[Lines | Link, ...]:
    limit = store.JOURNAL_LINES if long else _SHORT_JOURNAL
    booked = store.journal(con, sku.id, limit + 1)
    if not booked:
        return ()
    lines = Lines(tr("Stock journal"), tr("change · on hand"), [_booked(one) for one in booked[:limit]])
    if len(booked) <= limit or long:
        return (lines,)
    return (lines, Link(tr("Show more"), run=partial(page.show_whole_journal, sku.id)))


def _booked(line: Booked) -> Line:
    return Line(
        tr(MOVE_WORDS[line.kind]),
        sub=" · ".join(part for part in (dates.show_time(line.at), line.note) if part),
        quantity=EMPTY if line.change is None else _difference(line.change),
        amount=UNKNOWN if line.balance is None else signed(line.balance),
        link=("orders", line.order_id) if line.order_id is not None else None,
    )


def _days(days: float) -> str:
    """So many days, beyond 120 no closer."""
    if days > LONG_DAYS:
        return tr("{n}+ days", n=LONG_DAYS)
    return trn("{n} day", "{n} days", int(days))


def _difference(number: int) -> str:
    return f"{number:+,}".replace("-", "−")
