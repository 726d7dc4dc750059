"""The columns of the stock table: what their cells show, from a row of store.ROWS, and what is typed into them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shopdesk.core import clock
from shopdesk.core.words import N_, tr
from shopdesk.inventory import store
from shopdesk.inventory.model import daily, days_of_cover, short_options, title
from shopdesk.ui import typed
from shopdesk.ui.columns import EMPTY, UNKNOWN, Cell, Column, Kind, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.inventory.page import InventoryPage

LONG_DAYS = 120
"""Beyond so many days of cover the figure says no more."""
_SOON_DAYS = 5
"""So many days beyond the lead time are left: time to order."""


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
    shown = tr("{n}+ d", n=LONG_DAYS) if days > LONG_DAYS else tr("{n} d", n=int(days))
    return Cell(shown, cover_tone(days, row["lead"]))


def cover_tone(days: float, lead_days: int) -> str:
    """The colour role of so many days of cover."""
    if days <= lead_days:
        return "bad"
    return "warn" if days <= lead_days + _SOON_DAYS else ""


def signed(number: int) -> str:
    """A count with a true minus."""
    return f"{number:,}".replace("-", "−")


# in-cell edits


def edit_shelf(page: InventoryPage, sku_id: int, text: str) -> None:
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


COLUMNS = (
    Column("name", N_("Product"), width=140, sort="name", cell=name_cell,
           value=full_name, stretch=True),
    Column("code", N_("SKU"), Kind.QUIET, width=92, sort="code"),
    Column("shelf", N_("Shelf"), width=54, sort="shelf", edit=edit_shelf),
    Column("on_hand", N_("On hand"), Kind.NUMBER, width=66, sort=store.ON_HAND,
           cell=on_hand_cell),
    Column("held", N_("Held"), Kind.NUMBER, width=46, sort="held", falling=True, cell=held_cell),
    Column("available", N_("Available"), Kind.NUMBER, width=70, sort=store.AVAILABLE,
           cell=available_cell),
    Column("sold", N_("Sales, 30 d"), Kind.SPARK, width=92, sort=store.SOLD, falling=True,
           cell=sold_cell, value=units_sold),
    Column("cover", N_("Cover"), Kind.NUMBER, width=70, sort=store.COVER,
           cell=cover_cell, value=cover_value),
    Column("price", N_("Price"), Kind.MONEY, width=70, sort="price", falling=True, edit=edit_amount),
    Column("min_qty", N_("Min"), Kind.NUMBER, width=44, sort="min_qty", falling=True, hidden=True,
           cell=limit_cell("min_qty"), edit=edit_number("min_qty")),
    Column("max_qty", N_("Max"), Kind.NUMBER, width=56, sort="max_qty", falling=True, hidden=True,
           cell=limit_cell("max_qty"), edit=edit_number("max_qty")),
    Column("cost", N_("Cost"), Kind.MONEY, width=84, sort="cost", falling=True, hidden=True, edit=edit_cost),
    Column("lead_days", N_("Lead time"), Kind.NUMBER, width=80, sort="lead_days", falling=True, hidden=True),
    Column("barcode", N_("Barcode"), Kind.QUIET, width=120, sort="barcode", hidden=True),
    Column("category", N_("Category"), Kind.QUIET, width=100, hidden=True),
    Column("tags", N_("Tags"), Kind.QUIET, width=120, hidden=True, cell=tags_cell,
           value=tag_words),
    Column("level_at", N_("Last counted"), Kind.TIME, width=110, sort="level_at", hidden=True),
)  # fmt: skip
