"""The lists of the import preview: new and unchanged records, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shopdesk.core import money
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr
from shopdesk.exchange.said import RETURN_STATES, STATUS


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of the preview: headings with their widths (0 stretches), and the query of its pages.

    The query takes :after (the last id shown) and :limit, and gives the id, then one value per heading.
    """

    headings: tuple[tuple[str, int], ...]
    query: str
    shown: Callable[[Any, Connection], list[str]] = field(default=lambda row, con: [_text(cell) for cell in row[1:]])


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


_ORDER = """
SELECT p.id, s.number, coalesce(nullif(s.buyer, ''), s.receiver, ''), coalesce(s.status, ''), s.paid, s.currency,
       coalesce(s.paid_at, s.created_at, '')
FROM plan.ord p JOIN staging.order_ s ON s.id = p.id WHERE p.id > :after AND {test} ORDER BY p.id LIMIT :limit
"""
_LINE_HEADS = ((N_("Order"), 150), (N_("Item"), 0), (N_("Options"), 170), (N_("Qty"), 56), (N_("Price"), 90))
_LINE = """
SELECT s.id, s.number, coalesce(s.name, s.code, s.item_id, ''), coalesce(s.options, ''), s.qty, s.price, s.currency
FROM {table} p JOIN staging.line s ON s.id = p.id WHERE s.id > :after AND {test} ORDER BY s.id LIMIT :limit
"""


def _order_cells(row: Any, _con: Connection) -> list[str]:
    return [row[1], row[2], tr(STATUS.get(row[3], "")), _amount(row[4], row[5]), row[6][:16]]


def _line_cells(row: Any, _con: Connection) -> list[str]:
    return [row[1] or "", row[2], row[3], _text(row[4]), _amount(row[5], row[6])]


def _amount(minor: int | None, currency: str | None) -> str:
    return "" if minor is None else money.show(minor, currency or "CNY", symbol=False)


_CHANGED_PRODUCT = "(SELECT staged FROM plan.product WHERE staged IS NOT NULL AND is_new)"
_LISTS: dict[str, tuple[tuple[tuple[str, int], ...], str, Any, dict[str, str]]] = {
    "orders": (
        ((N_("Order"), 170), (N_("Buyer"), 0), (N_("Status"), 90), (N_("Paid"), 100), (N_("Time"), 140)),
        _ORDER, _order_cells,
        {"new": "p.is_new", "unchanged": "NOT p.is_new AND NOT EXISTS (SELECT 1 FROM plan.cell c WHERE"
                                         " c.kind = 'orders' AND c.record = p.order_id AND c.ticked)"},
    ),
    "lines": (_LINE_HEADS, _LINE, _line_cells, {"new": "plan.new_line", "unchanged": "plan.joined"}),
    "products": (
        ((N_("Item"), 0), (N_("Item number"), 190), (N_("Category"), 160)),
        ("SELECT s.id, s.name, s.item_id, s.category FROM staging.product s WHERE s.id > :after AND {test}"
        " ORDER BY s.id LIMIT :limit"), None,
        {"new": f"s.id IN {_CHANGED_PRODUCT}", "unchanged": f"s.id NOT IN {_CHANGED_PRODUCT}"},
    ),
    "customers": (
        ((N_("Account"), 190), (N_("Name"), 0), (N_("Telephone"), 150), (N_("E-mail"), 200)),
        ("SELECT s.id, s.handle, s.name, s.phone, s.email FROM plan.person p JOIN staging.person s ON s.id = p.id"
        " WHERE s.id > :after AND s.from_file AND {test} ORDER BY s.id LIMIT :limit"), None,
        {"new": "p.is_new", "unchanged": "NOT p.is_new"},
    ),
    "reviews": (
        ((N_("Stars"), 60), (N_("Buyer"), 140), (N_("Item"), 200), (N_("Text"), 0)),
        ("SELECT s.id, s.stars, coalesce(nullif(s.buyer_name, ''), s.buyer), coalesce(s.item_name, s.item_id), s.body"
        " FROM plan.review p JOIN staging.review s ON s.id = p.id WHERE s.id > :after AND {test}"
        " ORDER BY s.id LIMIT :limit"), None,
        {"new": "p.is_new", "unchanged": "NOT p.is_new"},
    ),
    "returns": (
        ((N_("Number"), 170), (N_("State"), 0), (N_("Amount"), 110), (N_("At"), 150)),
        ("SELECT p.id, p.number, p.state, p.amount, p.currency, coalesce(p.refunded_at, p.opened_at) FROM plan.ret p"
        " WHERE p.id > :after AND {test} ORDER BY p.id LIMIT :limit"),
        lambda row, con: [row[1], tr(RETURN_STATES.get(row[2], row[2])), _amount(row[3], row[4]), (row[5] or "")[:16]],
        {"new": "p.is_new", "unchanged": "NOT p.is_new"},
    ),
    "stock": (
        ((N_("Item"), 0), (N_("Options"), 180), (N_("In stock"), 90), (N_("Moved"), 90), (N_("At"), 150)),
        ("SELECT p.id, coalesce(t.name, t.code, t.item_id), t.options, p.level, p.qty, substr(p.at, 1, 16)"
         " FROM plan.move p JOIN staging.stock t ON t.id = p.staged WHERE p.id > :after AND {test}"
         " ORDER BY p.id LIMIT :limit"), None,
        {"new": "p.is_new AND p.old IS NULL", "unchanged": "NOT p.is_new"},
    ),
}  # fmt: skip


NUMBERS = frozenset({N_("Paid"), N_("Price"), N_("Amount"), N_("Qty"), N_("In stock"), N_("Moved"), N_("Stars")})
"""Headings over numbers."""


def styles(listing: Listing) -> dict[int, str]:
    """The look of each column of a list: numbers to the right."""
    return {at: "number" for at, (heading, _) in enumerate(listing.headings) if heading in NUMBERS}


def records(tab: str, kind: str) -> Listing:
    """The list of new or unchanged records of a kind."""
    headings, query, shown, tests = _LISTS[kind]
    test = tests[tab]
    asked = query.format(table=test, test="true") if kind == "lines" else query.format(test=test)
    listing = Listing(headings, asked)
    return listing if shown is None else Listing(headings, asked, shown=shown)


REASONS = Listing(
    ((N_("File"), 120), (N_("Row"), 54), (N_("Column"), 84), (N_("Why"), 0), (N_("What to do"), 0)),
    "",
)
