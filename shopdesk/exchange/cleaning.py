"""Cells of platform files as clean values: ids, money, quantities, times, words.

Platforms decorate their cells: `="123"`, a tab behind an id, an apostrophe before a phone number, a mark
for nothing. A converter here takes a cell as the file has it and returns the value as the shop keeps it,
None for nothing, or raises `Trouble`. Columns are converted as a whole (`Column.values`), because a file
has a million rows and Python calls are what costs.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from shopdesk.core import money
from shopdesk.core.words import N_

NOTHING = frozenset({"", "-", "--", "—", "null", "NULL", "None", "暂无", "无", "/", "\\N"})
"""What platforms write into a cell that holds nothing."""

MASKS = ("##", "$$")
"""Beginnings of encrypted buyer fields: no key and no text for a person."""

_MASKED = frozenset(MASKS)
_SPACES = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
_MEMO = 100_000


class Trouble(Exception):
    """A cell that cannot be understood: a code, an English template with its values, and what to do."""

    def __init__(self, code: str, template: str, *, fix: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.template = template
        self.fix = fix
        self.values = values


class Column(Protocol):
    """Turns the cells of one column into clean values."""

    def values(self, cells: Sequence[str]) -> list[Any]:
        """The clean values in order, None for nothing and for cells that gave trouble."""

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Position and reason of every cell that gave trouble."""


class _Memo(dict[str, Any]):
    def __init__(self, convert: Callable[[str], Any], bad: dict[str, Trouble]) -> None:
        super().__init__()
        self.convert = convert
        self.bad = bad

    def __missing__(self, cell: str) -> Any:
        try:
            value = self.convert(cell)
        except Trouble as trouble:
            self.bad[cell] = trouble
            value = None
        self[cell] = value
        return value


class MemoColumn:
    """A column of texts that repeat: each is converted once."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        self.bad: dict[str, Trouble] = {}
        self._memo = _Memo(convert, self.bad)

    def values(self, cells: Sequence[str]) -> list[Any]:
        """The clean value of each cell."""
        if len(self._memo) > _MEMO:
            self._memo.clear()
        return list(map(self._memo.__getitem__, cells))

    def troubles(self, cells: Sequence[str]) -> Iterator[tuple[int, Trouble]]:
        """Position and reason of every cell that gave trouble."""
        if not self.bad:
            return
        for at, cell in enumerate(cells):
            if cell in self.bad:
                yield at, self.bad[cell]


class TextColumn:
    """Plain text: blanks around it and marks for nothing go, entities become characters when asked."""

    def __init__(self, *, nothing: frozenset[str] = NOTHING, entities: bool = False, apostrophe: bool = False) -> None:
        self.nothing = nothing
        self.entities = entities
        self.apostrophe = apostrophe

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The texts, None for nothing."""
        joined = "".join(cells)
        texts: list[Any] = list(map(str.strip, cells))
        if "\ufeff" in joined or "\u200b" in joined:
            texts = [text.strip(_SPACES) for text in texts]
        if self.apostrophe and ("'" in joined or '="' in joined):
            texts = [_undecorated(text) if text[:1] in _DECORATION else text for text in texts]
        if self.entities and "&" in joined:
            texts = [html.unescape(text) for text in texts]
        return texts if self.nothing.isdisjoint(texts) else self._without_nothing(texts)

    def _without_nothing(self, texts: list[Any]) -> list[str | None]:
        nothing = self.nothing
        return [None if text in nothing else text for text in texts]

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """None: every text is a text."""
        return ()


class NameColumn(TextColumn):
    """Names, addresses, telephones: plain text, and nothing where the platform has encrypted it."""

    def __init__(self, *, entities: bool = False) -> None:
        super().__init__(entities=entities, apostrophe=True)

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The texts, None for nothing and for masked values."""
        texts = super().values(cells)
        if any(mark in text for text in ("".join(cells),) for mark in MASKS):
            texts = [None if text is not None and text[:2] in _MASKED else text for text in texts]
        return texts


class HandleColumn(NameColumn):
    """Accounts of buyers: names, and numbers that a spreadsheet has given a .0."""

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The accounts, None for nothing and for masked values."""
        texts = super().values(cells)
        if ".0" not in "".join(cells):
            return texts
        return [
            text[:-2] if text is not None and text.endswith(".0") and text[:-2].isdigit() else text for text in texts
        ]


class ExactColumn:
    """Text of ShopDesk's own files: nothing is trimmed; the ' before a formula sign is taken off again."""

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The texts as they were exported, None for an empty cell."""
        return [(cell[1:] if cell[0] == "'" else cell) if cell else None for cell in cells]

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """None: every text is a text."""
        return ()


class IdColumn:
    """Platform ids as text, without what spreadsheets and platforms put around them."""

    def __init__(self) -> None:
        self._memo = MemoColumn(clean_id)

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The ids, None for nothing."""
        joined = "".join(cells)
        if joined.isascii() and joined.isdigit() and all(cells):
            return list(cells)
        return self._memo.values(cells)

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Ids that a spreadsheet destroyed."""
        return self._memo.troubles(cells)


_WRAPPED = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_SCIENTIFIC = re.compile(r"^(\d)(?:\.(\d+))?[eE]\+?(\d{1,3})$")
_FLOAT = re.compile(r"^(\d+)\.0+$")


def bare(cell: str) -> str:
    """A cell without `="…"`, a leading ' or `, tabs and blanks around it."""
    text = cell.strip(_SPACES)
    if text.isalnum():
        return text
    wrapped = _WRAPPED.match(text)
    if wrapped:
        text = wrapped.group(1).replace('""', '"').strip(_SPACES)
    if text[:1] in {"'", "`"}:
        text = text[1:].strip(_SPACES)
    return text.strip('"').strip(_SPACES) if text[:1] == '"' else text


_DECORATION = frozenset("'=")


def _undecorated(text: str) -> str:
    return bare(text) if text.startswith(("'", '="')) else text


def clean_id(cell: str) -> str | None:
    """An id as the platform printed it, None for nothing or a masked value.

    `="2140"`, `'2140`, `` `2140``, `2140<tab>` and `2140.0` are 2140. An id in E notation is written out
    when all of its digits that count (15) are there; else raises Trouble, for it cannot be known.
    """
    text = bare(cell)
    if text in NOTHING or text.startswith(MASKS):
        return None
    if text.isascii() and not text.isdigit():
        whole = _FLOAT.match(text)
        if whole:
            return whole.group(1)
        rounded = _SCIENTIFIC.match(text)
        if rounded:
            return _written_out(text, rounded)
    return text


def _written_out(text: str, rounded: re.Match[str]) -> str:
    digits = rounded.group(1) + (rounded.group(2) or "")
    power = int(rounded.group(3))
    if len(digits) < 15 or power < 14 or power > 40:
        raise Trouble(
            "id-rounded",
            N_("“{text}” is not a number any more: a spreadsheet has shortened it."),
            fix=EXPORT_ADVICE,
            text=text,
        )
    return digits + "0" * (power + 1 - len(digits)) if power + 1 >= len(digits) else digits


EXPORT_ADVICE = N_(
    "Export the file again and drop it in as it was downloaded, without opening and saving it in a spreadsheet."
)


def is_damaged(number: str) -> bool:
    """Whether an order number looks rounded to 15 digits, as a spreadsheet does it."""
    return len(number) > 15 and number.isdigit() and not number[15:].strip("0")


_PLAIN = re.compile(r"^(-?\d{1,13})(?:\.(\d{1,2}))?$", re.ASCII)
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
        return money.decimal(text)
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


def clean_whole(cell: str) -> int | None:
    """Any whole number in a cell (stars, grams), None for nothing or where there is none."""
    found = re.search(r"-?\d+", cell)
    return int(found.group()) if found else None


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


_PAIR_ENDS = str.maketrans({"：": ":", "；": ";", "，": ","})


def clean_options(cell: str) -> str | None:
    """Options of a SKU as `name: value; name: value`; both kinds of colon and semicolon are understood."""
    text = bare(cell)
    if text in NOTHING:
        return None
    parts = [part.partition(":") for part in text.translate(_PAIR_ENDS).split(";") if part.strip()]
    named = [(name.strip(), mark, value.strip()) for name, mark, value in parts]
    return "; ".join(f"{name}: {value}" if mark and value else name for name, mark, value in named) or None


def joined_options(pairs: Iterable[tuple[str | None, str | None]]) -> str | None:
    """Options from columns of names and values; Shopify's `Title: Default Title` means there are none."""
    said = [(name, value) for name, value in pairs if value and (name, value) != ("Title", "Default Title")]
    return "; ".join(f"{name}: {value}" if name else str(value) for name, value in said) or None


def folded_word(cell: str) -> str:
    """A status word in one form: half-width signs, no blanks around or after commas, no case."""
    return re.sub(r",\s+", ",", unicodedata.normalize("NFKC", bare(cell))).casefold()


# Times


class _NotPlain(Exception):
    """The text is not of the form that the quick way reads."""


_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$")


class _Days(dict[str, str]):
    def __missing__(self, text: str) -> str:
        found = _DAY.match(text)
        if not found:
            raise _NotPlain
        year, month, day = (int(part) for part in found.groups())
        try:
            datetime(year, month, day)
        except ValueError:
            raise _NotPlain from None
        said = self[text] = f"{year:04}-{month:02}-{day:02} "
        return said


class _Clocks(dict[str, str]):
    def __missing__(self, text: str) -> str:
        found = _CLOCK.match(text)
        if not found or int(found.group(1)) > 23 or int(found.group(2)) > 59:
            raise _NotPlain
        said = self[text] = f"{int(found.group(1)):02}:{found.group(2)}:{found.group(3) or '00'}"
        return said


class TimeColumn:
    """Business times as `YYYY-MM-DD HH:MM:SS` on the shop's wall clock.

    `order` says what 01/02/2024 means ("mdy" or "dmy"); `zone` is the shop's zone, into which times that
    carry an offset are converted; None keeps the clock as it is printed.
    """

    def __init__(self, *, order: str = "mdy", zone: tzinfo | None = None) -> None:
        self.order = order
        self.zone = zone
        self._days = _Days()
        self._clocks = _Clocks({"": "00:00:00"})
        self._slow = MemoColumn(self._convert)
        self._stored = {""}

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The times, None for nothing."""
        if self._as_stored(cells):
            return list(cells) if all(cells) else [cell or None for cell in cells]
        days, clocks = self._days, self._clocks
        try:
            parts = [cell.partition(" ") for cell in cells]
            return [days[day] + clocks[clock] if day else None for day, _, clock in parts]
        except _NotPlain:
            return self._one_by_one(cells)

    def _as_stored(self, cells: Sequence[str]) -> bool:
        """Whether every time is written already as the shop keeps it."""
        if not set(map(len, cells)) <= {0, 19}:
            return False
        parts = {cell[:11] for cell in cells} | {cell[11:] for cell in cells}
        fresh = parts - self._stored
        if not all(map(self._is_stored, fresh)):
            return False
        self._stored |= fresh
        return True

    def _is_stored(self, part: str) -> bool:
        try:
            return self._days[part[:10]] == part if len(part) == 11 else self._clocks[part] == part
        except _NotPlain:
            return False

    def _one_by_one(self, cells: Sequence[str]) -> list[str | None]:
        found: list[str | None] = []
        for cell in cells:
            day, _, clock = cell.strip(_SPACES).partition(" ")
            try:
                found.append(self._days[day] + self._clocks[clock.strip()] if day else None)
            except _NotPlain:
                found.append(self._slow.values((cell,))[0])
        return found

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Cells that hold no time."""
        return self._slow.troubles(cells)

    def _convert(self, cell: str) -> str | None:
        return clean_time(cell, order=self.order, zone=self.zone)


_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "BST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "JST": 540, "AEST": 600,
}  # fmt: skip
_OFFSET = re.compile(r"\s*(?:([+-])(\d{2}):?(\d{2})|\b([A-Z]{1,4}))$")
_ISO = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(.+))?$")
_NUMBERS = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(?:[,\s]+(.+))?$")
_NAMED = re.compile(
    r"^(?:(\d{1,2})[-\s])?([A-Za-z]{3})[a-z]*\.?[-\s](?:(\d{1,2}),?[-\s])?(\d{4}|\d{2})(?:[,\s]+(.+))?$"
)
_CLOCK_12 = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?$")


def clean_time(cell: str, *, order: str = "mdy", zone: tzinfo | None = None) -> str | None:
    """One time cell as `YYYY-MM-DD HH:MM:SS`; None for nothing. Raises Trouble.

    Understood: 2017/5/30 23:18, ISO 8601 with T, Z or an offset, `2013-01-07 07:35:42 PST`, 08/14/25,
    Jul-21-25, 2026年6月6日, clocks with AM and PM. A time with a zone is converted to `zone` when given.
    """
    text = unicodedata.normalize("NFKC", bare(cell))
    if text in NOTHING or text.startswith("0000-00-00"):
        return None
    away: int | None = None
    zoned = _OFFSET.search(text)
    if zoned and ":" in text:
        away = _minutes_away(zoned)
        text = text[: zoned.start()] if away is not None else text
    moment = _moment(text, order)
    if moment is None:
        raise Trouble("time", N_("“{text}” is no date."), text=cell.strip()[:40])
    if away is not None and zone is not None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=away))).astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")


def _minutes_away(zoned: re.Match[str]) -> int | None:
    sign, hours, minutes, name = zoned.groups()
    if name:
        return _ZONES.get(name)
    away = int(hours) * 60 + int(minutes)
    return -away if sign == "-" else away


def _moment(text: str, order: str) -> datetime | None:
    day = _iso_day(text) or _number_day(text, order) or _named_day(text)
    if day is None:
        return None
    year, month, number, rest = day
    clock = _clock(rest)
    try:
        return None if clock is None else datetime(year, month, number, *clock)
    except ValueError:
        return None


def _iso_day(text: str) -> tuple[int, int, int, str] | None:
    found = _ISO.match(text)
    return (int(found[1]), int(found[2]), int(found[3]), found[4] or "") if found else None


def _number_day(text: str, order: str) -> tuple[int, int, int, str] | None:
    found = _NUMBERS.match(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    month, day = (second, first) if order == "dmy" or first > 12 else (first, second)
    return _full_year(found[3]), month, day, found[4] or ""


def _named_day(text: str) -> tuple[int, int, int, str] | None:
    found = _NAMED.match(text)
    month = _MONTHS.get(found[2].lower()) if found else None
    day = (found[1] or found[3]) if found else None
    return (_full_year(found[4]), month, int(day), found[5] or "") if found and month and day else None


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _clock(text: str) -> tuple[int, int, int] | None:
    if not text.strip():
        return 0, 0, 0
    found = _CLOCK_12.match(text.strip())
    if not found:
        return None
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    return hour, int(found[2]), int(found[3] or 0)


def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name, None for "" (times stay as printed)."""
    return ZoneInfo(name) if name else None
