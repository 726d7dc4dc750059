"""How a SKU is shown: the cells of its row, and its drawer."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from shopdesk.core import clock, dates, money, settings
from shopdesk.core.words import tr, trn
from shopdesk.inventory import store
from shopdesk.inventory.dialogs import variant_name
from shopdesk.inventory.model import MOVE_WORDS, WINDOW_DAYS, daily, days_of_cover, short_options, title
from shopdesk.inventory.picture_widgets import SkuCard
from shopdesk.ui import typed
from shopdesk.ui.columns import EMPTY, UNKNOWN, Cell, Row
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
    from collections.abc import Callable

    from shopdesk.core.sqlite import Connection
    from shopdesk.inventory.model import Booked, Product, Sku
    from shopdesk.inventory.page import InventoryPage

_SOON_DAYS = 5
"""So many days beyond the lead time are left: time to order."""
_LONG_DAYS = 120
_SHORT_JOURNAL = 6


# cells


def name_cell(row: Row) -> Cell:
    """Picture, name and options."""
    return Cell(row["name"], sub=short_options(row["options"]), thumb=row["picture"] or "")


def full_name(row: Row) -> str:
    """Name and options, for files and paper."""
    return title(row["name"], row["options"])


def on_hand_cell(row: Row) -> Cell:
    """Red when more was shipped than there was."""
    found = row["on_hand"]
    if found is None:
        return Cell(UNKNOWN, "text_3")
    return Cell(signed(found), "bad" if found < 0 else "")


def held_cell(row: Row) -> Cell:
    """A dot for nothing."""
    return Cell(f"{row['held']:,}", "text_2") if row["held"] else Cell(EMPTY, "text_3")


def available_cell(row: Row) -> Cell:
    """The deciding figure: strong, red when more was sold than there is."""
    found = row["available"]
    if found is None:
        return Cell(UNKNOWN, "text_3")
    return Cell(signed(found), "bad" if found < 0 else "", strong=True)


def limit_cell(name: str) -> Callable[[Row], Cell]:
    """A minimum or maximum; a dot where none is set."""

    def cell(row: Row) -> Cell:
        found = row[name]
        return Cell(EMPTY, "text_3") if found is None else Cell(f"{found:,}", "text_2")

    return cell


def tags_cell(row: Row) -> Cell:
    """All tags in a row."""
    return Cell(tag_words(row) or EMPTY, "text_2")


def tag_words(row: Row) -> str:
    """All tags as plain text."""
    return ", ".join(json.loads(row["tags"]))


def units_sold(row: Row) -> int:
    """Units of the last 30 days."""
    return sum(_sold(row).values())


def _sold(row: Row) -> dict[str, int]:
    found: dict[str, int] = json.loads(row["sold"] or "{}")
    return found


def sold_cell(row: Row) -> Cell:
    """The last 30 days as a line; a dot when nothing was sold."""
    sold = _sold(row)
    return Cell(spark=daily(sold, clock.today())) if sold else Cell(EMPTY, "text_3")


def cover_value(row: Row) -> int | None:
    """Days of cover, whole."""
    days = days_of_cover(row["available"], units_sold(row))
    return None if days is None else int(days)


def cover_cell(row: Row) -> Cell:
    """Days of cover, red within the lead time, amber shortly before it."""
    days = days_of_cover(row["available"], units_sold(row))
    if days is None:
        return Cell(UNKNOWN, "text_3")
    shown = tr("{n}+ d", n=_LONG_DAYS) if days > _LONG_DAYS else tr("{n} d", n=int(days))
    return Cell(shown, cover_tone(days, row["lead"]))


def cover_tone(days: float, lead_days: int) -> str:
    """The colour role of so many days of cover."""
    if days <= lead_days:
        return "bad"
    return "warn" if days <= lead_days + _SOON_DAYS else ""


def days_text(days: float) -> str:
    """So many days, beyond 120 no closer."""
    if days > _LONG_DAYS:
        return tr("{n}+ days", n=_LONG_DAYS)
    return trn("{n} day", "{n} days", int(days))


def signed(number: int) -> str:
    """A count with a true minus."""
    return f"{number:,}".replace("-", "−")


def _difference(number: int) -> str:
    return f"{number:+,}".replace("-", "−")


# in-cell edits


def edit_text(page: InventoryPage, sku_id: int, text: str) -> None:
    """Write the shelf."""
    page.change_cell(sku_id, "shelf", text)


def edit_amount(page: InventoryPage, sku_id: int, text: str) -> None:
    """Write the price."""
    _edit_money(page, sku_id, "price", text)


def edit_cost(page: InventoryPage, sku_id: int, text: str) -> None:
    """Write the cost."""
    _edit_money(page, sku_id, "cost", text)


def _edit_money(page: InventoryPage, sku_id: int, column: str, text: str) -> None:
    sku = store.sku(page.shop.reader(), sku_id)
    if sku is not None:
        page.change_cell(sku_id, column, typed.amount(text, sku.currency) if text.strip() else None)


def edit_number(column: str) -> Callable[[Any, int, str], None]:
    """Write a minimum or maximum."""

    def edit(page: InventoryPage, sku_id: int, text: str) -> None:
        page.change_cell(sku_id, column, typed.number(text) if text.strip() else None)

    return edit


# the drawer


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
                UNKNOWN if days is None else days_text(days),
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
    limits = " – ".join(EMPTY if one is None else f"{one:,}" for one in (sku.min_qty, sku.max_qty))
    sales = trn("{n} in 30 days", "{n} in 30 days", sold)
    rate = tr("{n} a day", n=f"{sold / WINDOW_DAYS:.2f}".rstrip("0").rstrip("."))
    counted = dates.show_time(sku.level_at) if sku.level_at else tr("not counted yet")
    found = [
        Fact(tr("Price"), amount(sku.price)),
        Fact(tr("Cost"), amount(sku.cost)),
        Fact(tr("Shelf"), sku.shelf or EMPTY),
        Fact(tr("Barcode"), sku.barcode or EMPTY),
        Fact(tr("Min – max"), limits),
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
