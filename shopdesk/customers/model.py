"""What a buyer is, and the rules about buyers that need no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_

NEW_DAYS = 30
"""A buyer counts as new for so many days after the first order."""

_BIRTHDAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
_BIRTHDAY_DIGITS = re.compile(r"([0-9]{4})?([0-9]{2})([0-9]{2})")
_LEAP_YEAR = 2000


class Contact(Enum):
    """What was said or sent: the kinds of lines that the owner adds to a buyer's time line."""

    TALK = "talk"
    GREETING = "greeting"
    NOTE = "note"

    @property
    def title(self) -> str:
        """The kind's N_() name."""
        return _CONTACTS[self]


_CONTACTS = {
    Contact.TALK: N_("Talk"),
    Contact.GREETING: N_("Greeting"),
    Contact.NOTE: N_("Note"),
}

SEXES = {"": N_("Not known"), "female": N_("Female"), "male": N_("Male")}


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer with the figures kept of the orders; `spent` in minor units of `currency`, `rating` times 10."""

    id: int
    channel_id: int
    channel: str
    platform: str
    currency: str
    handle: str
    name: str
    phone: str
    email: str
    address: str
    region: str
    sex: str
    birthday: str | None
    tags: tuple[str, ...]
    note: str
    orders: int
    spent: int
    first_order: str | None
    last_order: str | None
    rhythm_days: int | None
    due_at: str | None
    rating: int | None


def initials(name: str) -> str:
    """What stands in the round avatar: OL for Oskar Lind, 张 for 张三; "?" when there is nothing to take."""
    words = [word for word in re.split(r"[\s_.·]+", name) if any(c.isalnum() for c in word)]
    if not words:
        return "?"
    first = [next(c for c in word if c.isalnum()) for word in words]
    if not first[0].isascii() and not first[0].isupper() and first[0].upper() == first[0].lower():
        return first[0]
    return "".join(first[:2]).upper()[:2]


def phone_tail(phone: str) -> str:
    """The last four digits of a number, "" when there are fewer."""
    digits = re.sub(r"\D", "", phone)
    return digits[-4:] if len(digits) >= 4 else ""


def birthday(text: str) -> str | None:
    """A birthday as typed (1990-05-12, 5-12, 0512, 5月12日) in the form of the file: 1990-05-12 or --05-12.

    None for an empty text. Raises ShopError when it is no day.
    """
    if not text.strip():
        return None
    found = _BIRTHDAY.fullmatch(text.strip()) or _BIRTHDAY_DIGITS.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        day = date(int(found[1] or _LEAP_YEAR), int(found[2]), int(found[3]))
    except ValueError:
        raise ShopError(
            N_("“{text}” is not a birthday."), fix=N_("Write 1990-05-12, or 05-12 without the year."),
            field="birthday", text=text.strip(),
        ) from None  # fmt: skip
    return day.isoformat() if found[1] else f"--{day:%m-%d}"


def shown_birthday(stored: str | None) -> str:
    """A stored birthday as the form shows it: 1990-05-12 or 05-12."""
    return (stored or "").removeprefix("--")


def coming_birthdays(today: date, days: int) -> list[str]:
    """The MM-DD of today and the `days` after it; 29 February is kept on the 28th in other years."""
    coming = [today + timedelta(days=n) for n in range(days + 1)]
    found = [f"{day:%m-%d}" for day in coming]
    if any(day.month == 2 and day.day == 28 and not _is_leap(day.year) for day in coming):
        found.append("02-29")
    return found


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
