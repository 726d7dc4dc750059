"""What an order is: its states, its flags, when it must leave, and how that is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Self

from shopdesk.core import clock, dates, money
from shopdesk.core.words import N_, language, tr, trc

_WEEK = 7
_FAR_DAYS = 300


class Named(Enum):
    """A state with its word (an N_() text) and its tag's tone; the value is what the file holds."""

    title: str
    tone: str

    def __new__(cls, value: str, title: str, tone: str = "") -> Self:
        """Keep the word and the tone beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.title = title
        member.tone = tone
        return member

    @classmethod
    def named(cls, value: str) -> Self:
        """The member that the file calls `value`. Raises KeyError."""
        for member in cls:
            if member.value == value:
                return member
        raise KeyError(value)

    def label(self) -> str:
        """The word in the owner's language."""
        return tr(self.title)


class Status(Named):
    """Where an order stands: the status of its newest event."""

    UNPAID = ("unpaid", N_("Unpaid"), "text_2")
    TO_SHIP = ("to_ship", N_("To ship"), "text_2")
    SHIPPED = ("shipped", N_("Shipped"), "text_2")
    DONE = ("done", N_("Done"), "text_3")
    CLOSED = ("closed", N_("Closed"), "text_3")


OPEN = frozenset({Status.UNPAID, Status.TO_SHIP})
OVER = frozenset({Status.DONE, Status.CLOSED})


class RefundState(Named):
    """How much of what the buyer paid went back."""

    NONE = ("none", "")
    PARTIAL = ("partial", N_("Part refund"), "warn")
    FULL = ("full", N_("Refunded"), "plain")


class ReturnKind(Named):
    """What the buyer asks for."""

    REFUND = ("refund", N_("Refund only"))
    RETURN = ("return", N_("Return"))
    EXCHANGE = ("exchange", N_("Exchange"))


class ReturnState(Named):
    """Where a return stands. OPEN and RECEIVED wait for the owner, the others are settled."""

    OPEN = ("open", N_("Return open"), "warn")
    RECEIVED = ("received", N_("Return received"), "warn")
    REFUNDED = ("refunded", N_("Refunded"), "plain")
    EXCHANGED = ("exchanged", N_("Exchanged"), "plain")
    REFUSED = ("refused", N_("Return refused"), "plain")


OPEN_RETURNS = frozenset({ReturnState.OPEN, ReturnState.RECEIVED})


class Problem(Named):
    """Why an order needs a look before it leaves. A wish keeps its plain state in the list, with the flag."""

    COURIER = ("courier", N_("Courier wish"))
    ADDRESS = ("address", "Address", "warn")
    SPLIT = ("split", N_("Split"), "warn")
    STOCK = ("stock", N_("Out of stock"), "warn")
    BUYER = ("buyer", N_("Ask the buyer"), "warn")
    DAMAGED = ("damaged", N_("Damaged"), "warn")
    OTHER = ("other", N_("Other problem"), "warn")

    def label(self) -> str:
        """The word in the owner's language; the address that changed is not the word of the form."""
        return trc("problem", "Address") if self is Problem.ADDRESS else super().label()

    @classmethod
    def of(cls, kind: str | None) -> Problem | None:
        """The kind of a flag in the file; a word that nobody knows is OTHER."""
        if not kind:
            return None
        return next((problem for problem in cls if problem.value == kind), cls.OTHER)


def ship_by(*, paid_at: str, cutoff: str, hours: int = 24, promised_at: str | None = None) -> str:
    """When an order must leave, as a business time.

    Paid before the cut-off (HH:MM) it leaves that day by the cut-off, paid at it or later the next day;
    never later than `hours` after the payment, and never later than what was promised to the buyer.
    The kept column orders.ship_by is the same rule in SQL; without a payment time it counts from the
    order's creation.
    """
    paid = datetime.fromisoformat(paid_at)
    day = paid.date() if paid_at[11:16] < cutoff else paid.date() + timedelta(days=1)
    leaves = f"{day.isoformat()} {cutoff}:00"
    latest = clock.text(paid + timedelta(hours=hours))
    return min(leaves, latest, promised_at or "9999")


def countdown(by: str) -> tuple[str, str]:
    """What is left until a business time, and its tone: ("2 h 10 min left", ""), ("21 h late", "bad")."""
    minutes = dates.minutes_until(by)
    if minutes < 0:
        return tr("{span} late", span=_round_span(-minutes)), "bad"
    return tr("{span} left", span=dates.show_span(minutes)), "warn" if minutes < 60 else ""


def late(by: str) -> str:
    """How late it is, short: "21 h late", "25 min late"; "" when it is not."""
    minutes = dates.minutes_until(by)
    return tr("{span} late", span=_round_span(-minutes)) if minutes < 0 else ""


def _round_span(minutes: int) -> str:
    if minutes < 60:
        return dates.show_span(minutes)
    hours = minutes // 60
    return dates.show_span(hours * 60) if hours < 48 else dates.show_span(hours // 24 * 24 * 60)


def leave_by(by: str) -> str:
    """A time to leave: the hour alone today, else with its day."""
    return by[11:16] if by[:10] == clock.today().isoformat() else dates.show_time(by)


def short_time(moment: str) -> str:
    """A time for a narrow column: 08:12, Mon 21:40, 26 Oct, 2025-10-26; the whole time stands in the drawer."""
    at = dates.moment_of(moment)
    if at is None:
        return dates.show_time(moment)
    days = (clock.today() - at.date()).days
    if abs(days) >= _FAR_DAYS:
        return at.date().isoformat()
    if abs(days) >= _WEEK:
        return dates.show_day(at.date())
    if language() == "zh_CN" and abs(days) < 2:
        return dates.show_time(moment)
    hour = at.strftime("%H:%M")
    return f"{dates.weekday_name(at.date())} {hour}" if days else hour


def number_tail(number: str, platform: str) -> tuple[str, str]:
    """An order's number as the owner searches it, and a quieter text behind it.

    ("#1042", "Shopify"), ("Taobao 775521", "").
    """
    if len(number) <= 9:
        return number, platform
    return f"{platform} {number[-6:].lstrip('-_ ')}", ""


def grouped(number: str) -> str:
    """A long number in groups of four, for reading aloud: 2386 0412 7755 21."""
    if not number.isdigit() or len(number) < 9:
        return number
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def to_pay(amount: int, currency: str) -> str:
    """What is to be collected for an order that nobody has paid yet."""
    return tr("to collect {amount}", amount=money.show(amount, currency))


def problem_line(kind: str | None, note: str) -> str:
    """A flag and its note in one line; "" without a flag."""
    problem, said = Problem.of(kind), " ".join(note.split())
    if problem is None:
        return ""
    return trc("problem with its note", "{kind}: {note}", kind=problem.label(), note=said) if said else problem.label()


def problem_words(kind: str | None, note: str) -> tuple[str, str]:
    """The heading and the text of a flag: the first of several lines of the note joins the heading."""
    problem = Problem.of(kind)
    if problem is None:
        return "", ""
    first, _, rest = note.strip().partition("\n")
    if rest.strip():
        return trc("problem with its note", "{kind}: {note}", kind=problem.label(), note=first), rest.strip()
    return problem.label(), first
