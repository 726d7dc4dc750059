"""Cells with amounts, pieces and stars as numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from shopdesk.core import money
from shopdesk.core.words import N_
from shopdesk.exchange.cleaning import NOTHING, MemoColumn, Trouble, bare

_PLAIN = re.compile(r"^(-?\d{1,13})(?:\.(\d{1,2}))?$", re.ASCII)
_REFUND_NOTE = re.compile(r"[(（]已退款[^()（）]*[)）]$")
"""What JD's bills write behind an amount of which a part went back."""
ZERO_WORDS = frozenset({"无退款申请", "没有申请退款", "未申请退款", "Free", "free"})
"""Words in money columns that mean that no money moved."""


class MoneyColumn:
    """Amounts as integer minor units; `inexact` remembers the cells that had to be rounded.

    Discounts are amounts without a sign (`absolute`): platforms write them with either.
    """

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.absolute = False
        self.inexact: dict[str, Decimal] = {}
        self._memo = MemoColumn(self._convert)
        self._digits = money.exponent(currency)
        self._shift = 10**self._digits

    def _convert(self, cell: str) -> int | None:
        plain = _PLAIN.match(cell)
        if plain and self._digits == 2:
            whole, part = plain.groups()
            units = int(f"{whole}{part or '':0<2}")
            return abs(units) if self.absolute else units
        exact = exact_amount(cell)
        if exact is None:
            return None
        exact = abs(exact) if self.absolute else exact
        units = exact * self._shift
        if units != int(units):
            self.inexact[cell] = exact
        try:
            return money.minor(exact, self.currency)
        except money.MoneyError:
            raise _no_money(cell) from None

    def values(self, cells: Sequence[str]) -> list[int | None]:
        """The amounts in minor units."""
        return self._memo.values(cells)

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Cells that hold no amount."""
        return self._memo.troubles(cells)


def exact_amount(cell: str) -> Decimal | None:
    """The number in a money cell as written: 1,433.66 · -$12.96 · 12,00 · (12.00) · 598.00元; None for nothing.

    Raises Trouble when there is none.
    """
    text = bare(cell)
    if _PLAIN.match(text):
        return Decimal(text)
    if text in NOTHING or text == "not stocked":
        return None
    if text in ZERO_WORDS:
        return Decimal(0)
    try:
        return money.decimal(_REFUND_NOTE.sub("", text))
    except money.MoneyError:
        raise _no_money(cell) from None


def _no_money(cell: str) -> Trouble:
    return Trouble("money", N_("“{text}” is no amount of money."), text=cell.strip()[:40])


_COUNT = re.compile(r"^([+-]?\d{1,15})(?:\.0*|,0{1,2})?$")


def clean_quantity(cell: str) -> int | None:
    """A number of pieces: 3, 3.0, 1,000, "3<tab>"; None for nothing. Raises Trouble for parts of a piece."""
    text = bare(cell)
    if text in NOTHING or text == "not stocked":
        return None
    found = _COUNT.match(text) or _COUNT.match(_ungrouped(text))
    if not found:
        raise Trouble("quantity", N_("“{text}” is no number of pieces."), text=cell.strip()[:40])
    return int(found.group(1))


def _ungrouped(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).strip("件个套×x ")
    return folded.replace(",", "") if re.match(r"^[+-]?\d{1,3}(,\d{3})+(\.0+)?$", folded) else folded


_STAR_WORDS = {"好评": 5, "中评": 3, "差评": 1, "非常好": 5, "positive": 5, "neutral": 3, "negative": 1}


def clean_stars(cell: str) -> int | None:
    """Stars from 1 to 5, None for nothing. Raises Trouble for anything else."""
    text = unicodedata.normalize("NFKC", bare(cell)).casefold()
    if text in NOTHING:
        return None
    if text in _STAR_WORDS:
        return _STAR_WORDS[text]
    if set(text) <= {"★", "☆", "⭐"}:
        return len(text.replace("☆", "")) or None
    found = re.match(r"^([1-5])(?:\.\d+)?(?:\s*(?:星|stars?|/\s*5))?$", text)
    if not found:
        raise Trouble("stars", N_("“{text}” is no number of stars from 1 to 5."), text=cell.strip()[:40])
    return int(found.group(1))
