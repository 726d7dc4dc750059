"""Products, SKUs and stock moves as records, and the pure rules about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from shopdesk.core.errors import ShopError
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WINDOW_DAYS = 30
"""Days of sales behind the sparkline and the days of cover, today included."""

_MOST = 10**9
_MOST_MONEY = 2**53


class Move(Enum):
    """What can be booked by hand: the kind's name in the file, its words, and what it does to on hand.

    `effect` is one line under the choice. A count sets the level; the others add to it or take from it.
    """

    RECEIVE = ("receive", N_("Receive"), N_("Goods came in: on hand rises by the quantity."))
    COUNT = ("level", N_("Count"), N_("On hand becomes what you counted; the difference is booked."))
    ADJUST = ("adjust", N_("Adjust"), N_("Found or missing: on hand rises, or falls with a minus."))
    DAMAGE = ("damage", N_("Write off"), N_("Broken or spoilt: on hand falls by the quantity."))
    RETURN = ("return", N_("Back to stock"), N_("A buyer sent it back whole: on hand rises by the quantity."))

    def __init__(self, kind: str, title: str, effect: str) -> None:
        self.kind = kind
        self.title = title
        self.effect = effect

    def change(self, qty: int) -> int:
        """What the typed quantity does to on hand; of a count its level."""
        return -qty if self is Move.DAMAGE else qty

    def after(self, on_hand: int | None, qty: int) -> int | None:
        """On hand once the move is booked; None while it stays unknown, until a first count."""
        if self is Move.COUNT:
            return qty
        return None if on_hand is None else on_hand + self.change(qty)


MOVE_WORDS: dict[str, str] = {
    "level": N_("Counted"),
    "receive": N_("Stock received"),
    "adjust": N_("Adjusted"),
    "damage": N_("Written off"),
    "return": N_("Back to stock"),
    "other": N_("Moved"),
    "ship": N_("Shipped to a buyer"),
}
"""What each kind of move in the stock journal is called once it happened."""


@dataclass(frozen=True, slots=True)
class Booked:
    """One line of the stock journal.

    `change` is None where a first level says nothing of a difference; `balance` is on hand after it, None
    before the first level.
    """

    at: str
    kind: str
    change: int | None
    balance: int | None
    note: str = ""
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold, in one or more variants."""

    id: int
    name: str
    category: str
    tags: tuple[str, ...]
    note: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class Sku:
    """One variant of a product, as it lies on a shelf. Money in minor units of `currency`."""

    id: int
    product_id: int
    code: str
    name: str
    options: str
    currency: str
    price: int | None
    cost: int | None
    barcode: str
    shelf: str
    min_qty: int | None
    max_qty: int | None
    lead_days: int | None
    tags: tuple[str, ...]
    note: str
    picture: str | None
    on_hand: int | None
    held: int
    level_at: str | None

    @property
    def title(self) -> str:
        """Its name with its options."""
        return title(self.name, self.options)

    @property
    def available(self) -> int | None:
        """On hand and not promised to an open order; negative when more was sold than there is."""
        return None if self.on_hand is None else self.on_hand - self.held


def code_key(code: str) -> str:
    """What makes a SKU with a merchant code one, across channels and files."""
    return f"code:{code}"


def short_options(options: str) -> str:
    """Only the values of "Colour: white; Size: 150 ml": white · 150 ml."""
    values = (part.partition(":")[2].strip() or part.strip() for part in re.split(r"[;；]", options))
    return " · ".join(value for value in values if value)


def title(name: str, options: str) -> str:
    """A SKU's name with its options, unless it ends with them already."""
    short = short_options(options)
    return f"{name} {short}" if short and not name.endswith(short) else name


def days_of_cover(available: int | None, sold: int) -> float | None:
    """How many days the available pieces last at the plain average of the last 30 days.

    available / (sold / 30), `sold` being the units that buyers paid for on the last 30 days, today
    included; 0 when nothing is available, None when on hand is unknown or nothing was sold.
    """
    if available is None:
        return None
    if available <= 0:
        return 0.0
    return available * WINDOW_DAYS / sold if sold > 0 else None


def daily(sold: Mapping[str, int], today: date) -> tuple[int, ...]:
    """Units of each of the 30 days, oldest first, from day -> units of the days with sales."""
    days = (today - timedelta(days=back) for back in range(WINDOW_DAYS - 1, -1, -1))
    return tuple(sold.get(day.isoformat(), 0) for day in days)


Line = tuple[str, str, "int | None", "int | None", str, "int | None"]


def with_balance(rows: Iterable[Line], start: int | None) -> list[Booked]:
    """The stock journal, oldest first, from (at, kind, qty, level, note, order_id) and on hand before it."""
    found = []
    balance = start
    for at, kind, qty, level, note, order_id in rows:
        change = qty if level is None else None if balance is None else level - balance
        if level is not None:
            balance = level
        elif balance is not None and qty is not None:
            balance += qty
        found.append(Booked(at, kind, change, balance, note, order_id))
    return found


# what the owner may write into a SKU or a product

_EXACT = frozenset({"name", "note", "options"})
_PLAIN = frozenset({"code", "barcode", "shelf", "category"})
_COUNTS = {"min_qty": _MOST, "max_qty": _MOST, "lead_days": 3650}
_AMOUNTS = frozenset({"price", "cost"})
SKU_COLUMNS = _EXACT | (_PLAIN - {"category"}) | frozenset(_COUNTS) | _AMOUNTS | {"tags"}
PRODUCT_COLUMNS = frozenset({"name", "category", "tags", "note"})


def checked(values: Mapping[str, object], columns: frozenset[str]) -> dict[str, object]:
    """The values of `columns` as they go into the file. Raises ShopError with the field that is wrong.

    Names, options and notes are kept to the letter; codes, barcodes, shelves and categories lose the
    blanks at their ends. None in a number means "not set".
    """
    found = {name: _checked(name, value) for name, value in values.items() if name in columns}
    low, high = found.get("min_qty"), found.get("max_qty")
    if isinstance(low, int) and isinstance(high, int) and high < low:
        raise ShopError(N_("The maximum is below the minimum."), field="max_qty")
    return found


def _checked(name: str, value: object) -> object:
    if name == "tags":
        return checked_tags(value)
    if name in _COUNTS or name in _AMOUNTS:
        return _whole(name, value, _COUNTS.get(name, _MOST_MONEY))
    text = kept_text(str(value or ""), name)
    text = text if name in _EXACT else text.strip()
    if name == "name" and not text.strip():
        raise ShopError(N_("A name is needed."), field="name")
    return text


def _whole(name: str, value: object, most: int) -> int | None:
    if value is None or value == "":
        return None
    if not isinstance(value, int) or not 0 <= value <= most:
        raise ShopError(N_("A number from 0 to {most} is needed."), field=name, most=f"{most:,}")
    return value


def checked_tags(value: object) -> list[str]:
    """Tags, each once, in their order."""
    words = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return list(dict.fromkeys(t for w in words if (t := kept_text(str(w), "tags").strip())))


def checked_qty(move: Move, qty: int) -> int:
    """The quantity of a move or the level of a count. Raises ShopError."""
    least = {Move.COUNT: 0, Move.ADJUST: -_MOST}.get(move, 1)
    if abs(qty) > _MOST:
        raise ShopError(N_("This number is too large."), field="qty")
    if qty < least:
        if move is Move.COUNT:
            raise ShopError(N_("A count is 0 or more."), field="qty")
        raise ShopError(N_("A quantity of 1 or more is needed."), field="qty")
    if move is Move.ADJUST and qty == 0:
        raise ShopError(N_("An adjustment of 0 changes nothing."), field="qty")
    return qty
