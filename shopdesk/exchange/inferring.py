"""What follows from a staged file as a whole: statuses from dates, amounts from each other, damage."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shopdesk.core.words import N_
from shopdesk.exchange.cleaning import EXPORT_ADVICE, Trouble, is_damaged
from shopdesk.exchange.source import Source

RANK = {"unpaid": 0, "to_ship": 1, "shipped": 2, "done": 3, "closed": 4}
"""How far an order has come."""

_FROM_DATES = """UPDATE order_ SET status = CASE WHEN closed_at IS NOT NULL THEN 'closed'
WHEN done_at IS NOT NULL THEN 'done' WHEN shipped_at IS NOT NULL THEN 'shipped'
WHEN paid_at IS NOT NULL OR paid > 0 THEN 'to_ship' ELSE 'unpaid' END
WHERE source = ? AND status IS NULL"""
_TOTAL = """UPDATE order_ SET total = goods + coalesce(postage, 0) + coalesce(tax, 0) - coalesce(discount, 0)
WHERE source = ? AND total IS NULL"""
_NET = "UPDATE order_ SET paid = paid + refunded WHERE source = ? AND refunded > 0"
_PAID = """UPDATE order_ SET paid = CASE WHEN status = 'unpaid' THEN 0
WHEN status = 'closed' AND paid_at IS NULL AND coalesce(refund_state, '') <> 'full' THEN 0
ELSE total END WHERE source = ? AND total IS NOT NULL"""
_NOT_PAID = "UPDATE order_ SET paid = 0 WHERE source = ? AND paid > 0 AND paid_at IS NULL AND status = 'unpaid'"
_NEVER_PAID = "UPDATE order_ SET paid = 0 WHERE source = ? AND paid > 0 AND paid_at IS NULL AND status = 'closed'"
_ALWAYS = (
    """UPDATE order_ SET refunded = paid
    WHERE source = ? AND refund_state = 'full' AND coalesce(refunded, 0) = 0""",
    """UPDATE order_ SET refund_state = CASE WHEN refunded >= paid THEN 'full' ELSE 'partial' END
    WHERE source = ? AND refunded > 0""",
    "UPDATE order_ SET paid_at = created_at WHERE source = ? AND paid_at IS NULL AND paid > 0",
)
_DAMAGED = """UPDATE order_ SET number_damaged = 1
WHERE source = ? AND length(number) > 15 AND ltrim(substr(number, 16), '0') = ''"""


def infer(source: Source, figures: Collection[str], *, has_status: bool) -> None:
    """Fill what the file does not say from what it says; `figures` are the order fields that it has.

    Some platforms write what is due into the column of what was paid: it counts from the payment on.
    """
    statements = [_FROM_DATES] if has_status else []
    if "total" not in figures and "goods" in figures:
        statements.append(_TOTAL)
    if source.format.paid_is_net:
        statements.append(_NET)
    if "paid" not in figures:
        statements.append(_PAID)
    statements.append(_NOT_PAID)
    if "paid_at" in figures:
        statements.append(_NEVER_PAID)
    for statement in (*statements, *_ALWAYS):
        source.writer.connection.execute(statement, (source.id,))


def write_sums(source: Source, table: str, column: str, first: int, sums: Sequence[int], sign: int = 1) -> None:
    """Set a figure of every order or return of this source."""
    pairs = ((sign * value, one) for one, value in enumerate(sums, start=first))
    source.writer.connection.executemany(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', pairs)


class LeastStatus:
    """The status of an order from those of its lines: the least advanced one, closed only when all are."""

    def __init__(self) -> None:
        self._ranks: list[int] = []

    def grow(self, count: int) -> None:
        """Take so many new orders."""
        self._ranks.extend([-1] * count)

    def hear(self, places: Sequence[int], statuses: Sequence[str | None]) -> None:
        """Take the statuses of lines; `places` are those of their orders."""
        closed, ranks = RANK["closed"], self._ranks
        for place, status in zip(places, statuses, strict=True):
            if status:
                rank, before = RANK[status], ranks[place]
                if before in {-1, closed} or rank < before:
                    ranks[place] = rank

    def write(self, source: Source, first: int) -> None:
        """Set the statuses of the orders."""
        words = list(RANK)
        rows = [(words[rank], first + at) for at, rank in enumerate(self._ranks) if rank >= 0]
        source.writer.connection.executemany("UPDATE order_ SET status = ? WHERE id = ?", rows)


class DamageWatch:
    """Counts the order numbers that a spreadsheet has rounded; one such number by itself means nothing."""

    def __init__(self) -> None:
        self.long = 0
        self.damaged = 0

    def look(self, numbers: Sequence[str]) -> None:
        """Take the numbers of new orders."""
        self.long += sum(len(number) > 15 for number in numbers)
        self.damaged += sum(map(is_damaged, numbers))

    def tell(self, source: Source, column: str) -> None:
        """Warn once, and mark the orders, where nearly all numbers are rounded."""
        if self.damaged < 3 or self.damaged * 10 < self.long * 9:
            return
        text = N_(
            "{n} of {all} order numbers end in zeros: a spreadsheet has rounded them. The orders go in and"
            " join within these files, but their true numbers are lost."
        )
        source.warn_once(Trouble("damaged", text, fix=EXPORT_ADVICE, n=self.damaged, all=self.long), column)
        source.writer.connection.execute(_DAMAGED, (source.id,))
