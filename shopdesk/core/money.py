"""Money: integer minor units and an ISO 4217 currency, never a float."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_

_NO_MINOR = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
})  # fmt: skip
_THREE_MINOR = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_SYMBOLS = {
    "CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$",
    "AUD": "A$", "CAD": "C$", "SGD": "S$", "INR": "₹", "KRW": "₩", "PKR": "Rs ",
}  # fmt: skip
_NOISE = re.compile(r"[\s¥￥$€£₹元圆]|(?:CNY|RMB|USD|EUR|GBP)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[\d.,]+")
_MOST_DIGITS = 14
_LARGEST = 2**53


class MoneyError(ShopError):
    """A text that is no amount of money."""

    def __init__(self, text: str) -> None:
        super().__init__(N_("“{text}” is not an amount of money."), text=text[:40])


def exponent(currency: str) -> int:
    """How many digits the currency's minor unit has: 2 for CNY, 0 for JPY, 3 for KWD (ISO 4217)."""
    if currency in _NO_MINOR:
        return 0
    return 3 if currency in _THREE_MINOR else 2


def decimal(text: str) -> Decimal:
    """The number that a platform or a person wrote: 1,234.50, -$12.96, (12.00), 12,00, 598.00元.

    Raises MoneyError when it is none.
    """
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-")
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    try:
        value = Decimal(_without_grouping(bare))
    except InvalidOperation:
        raise MoneyError(text) from None
    if not _NUMBER.fullmatch(bare) or value.adjusted() > _MOST_DIGITS:
        raise MoneyError(text)
    return -value if negative else value


def _without_grouping(bare: str) -> str:
    if "," not in bare:
        return bare
    if "." in bare:
        return (
            bare.replace(",", "") if bare.rindex(".") > bare.rindex(",") else (bare.replace(".", "").replace(",", "."))
        )
    head, _, tail = bare.rpartition(",")
    return bare.replace(",", "") if len(tail) == 3 and head.strip("-") else f"{head}.{tail}"


def minor(value: Decimal, currency: str) -> int:
    """A decimal amount as integer minor units, rounded once, half to even. Raises MoneyError when too large."""
    units = int((value * 10 ** exponent(currency)).quantize(Decimal(1), ROUND_HALF_EVEN))
    if abs(units) > _LARGEST:
        raise MoneyError(str(value))
    return units


def parse(text: str, currency: str = "CNY") -> int:
    """A written amount as integer minor units of `currency`. Raises MoneyError."""
    return minor(decimal(text), currency)


def plain(amount: int, currency: str = "CNY") -> str:
    """Minor units as a bare number for files: -1234.50."""
    digits = exponent(currency)
    whole, part = divmod(abs(amount), 10**digits)
    number = f"{whole}.{part:0{digits}d}" if digits else str(whole)
    return f"-{number}" if amount < 0 else number


def show(amount: int, currency: str = "CNY", *, symbol: bool = True, minor_digits: bool = True) -> str:
    """Minor units for people: ¥1,234.50, −¥12.00; without the symbol in table cells.

    Without `minor_digits` it is rounded to whole units, half away from zero.
    """
    digits = exponent(currency)
    unit = 10**digits
    whole, part = divmod(abs(amount), unit)
    if not minor_digits:
        whole += part * 2 >= unit
    number = f"{whole:,}.{part:0{digits}d}" if digits and minor_digits else f"{whole:,}"
    sign = "−" if amount < 0 and (whole or minor_digits) else ""
    return f"{sign}{sign_of(currency)}{number}" if symbol else f"{sign}{number}"


def sign_of(currency: str) -> str:
    """The sign before an amount: ¥, $, or the ISO code where there is none."""
    return _SYMBOLS.get(currency, f"{currency} ")
