"""An order, its lines, returns and buyer, as the store hands them out."""

from __future__ import annotations

from dataclasses import dataclass

from shopdesk.orders.model import RefundState, ReturnKind, ReturnState, Status


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. `amount` is what the file or the owner said, in minor units."""

    id: int
    kind: str
    sku_id: int | None
    code: str
    name: str
    options: str
    qty: int
    price: int
    amount: int
    note: str
    shelf: str
    picture: str
    held: int
    short: bool


@dataclass(frozen=True, slots=True)
class Return:
    """A return or refund of an order. `amount` is asked for while it is open, paid back once refunded."""

    id: int
    number: str
    kind: ReturnKind
    state: ReturnState
    amount: int
    reason: str
    note: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its lines and returns; money in minor units of `currency`.

    `buyer` is the account, `name` whose order it is; `owed` is what is still to be paid.
    """

    id: int
    channel_id: int
    platform: str
    channel: str
    number: str
    customer_id: int | None
    buyer: str
    name: str
    currency: str
    goods: int | None
    postage: int | None
    discount: int | None
    tax: int | None
    paid: int
    refunded: int
    refund_state: RefundState
    created_at: str | None
    paid_at: str | None
    shipped_at: str | None
    ship_by: str | None
    status: Status
    receiver: str
    phone: str
    region: str
    address: str
    buyer_note: str
    seller_note: str
    courier: str
    tracking: str
    problem: str | None
    problem_note: str
    pieces: int
    number_damaged: bool
    owed: int
    lines: tuple[Line, ...]
    returns: tuple[Return, ...]

    @property
    def short(self) -> bool:
        """Whether something it needs is not there."""
        return any(line.short for line in self.lines)

    @property
    def left_to_refund(self) -> int:
        """What can still go back to the buyer."""
        return max(0, self.paid - self.refunded)


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer of an order, with the figures of all their orders."""

    id: int
    name: str
    orders: int
    spent: int
    currency: str
    rating: int | None
    tags: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SkuChoice:
    """A SKU to put on an order. `available` is None while its stock is unknown."""

    id: int
    code: str
    name: str
    options: str
    price: int | None
    currency: str
    available: int | None

    @property
    def label(self) -> str:
        """Name, options and code in one line."""
        return " · ".join(part for part in (self.name, self.options, self.code) if part)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as it stands in the form; `line_id` is None for a new one, `sku_id` for words without a SKU."""

    name: str
    qty: int
    price: int
    line_id: int | None = None
    sku_id: int | None = None
    code: str = ""
    options: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order as it stands in the form; money in minor units, `paid_at` None while it is unpaid.

    `paid` is None when the buyer pays what the lines, postage and discount come to.
    """

    channel_id: int
    number: str
    lines: tuple[DraftLine, ...]
    buyer: str = ""
    postage: int = 0
    discount: int = 0
    paid: int | None = None
    paid_at: str | None = None
    receiver: str = ""
    phone: str = ""
    region: str = ""
    address: str = ""
    buyer_note: str = ""
    seller_note: str = ""

    @property
    def goods(self) -> int:
        """What the lines come to."""
        return sum(line.qty * line.price for line in self.lines)

    @property
    def due(self) -> int:
        """What the buyer owes."""
        return self.goods + self.postage - self.discount
