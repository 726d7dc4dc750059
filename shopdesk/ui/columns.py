"""What a table page declares: its source, columns, views and filters, and what one cell shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from shopdesk.core import dates, money
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr

Row = Mapping[str, Any]
"""One row of `Source.rows`, reached by column name."""

EMPTY = "·"
UNKNOWN = "—"


class Kind(Enum):
    """What the plain value of a column is; decides its text, side and form in an export."""

    TEXT = "text"
    QUIET = "quiet"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    TIME = "time"
    TAG = "tag"
    STARS = "stars"
    SPARK = "spark"
    SHARE = "share"

    @property
    def right(self) -> bool:
        """Whether the column is set flush right."""
        return self in _RIGHT

    @property
    def export(self) -> str:
        """The kind's word in an exported file: text, number, money, day, time or share."""
        return _EXPORTED.get(self, "text")


_RIGHT = frozenset({Kind.NUMBER, Kind.MONEY, Kind.SHARE})
_EXPORTED = {
    Kind.NUMBER: "number",
    Kind.MONEY: "money",
    Kind.DAY: "day",
    Kind.TIME: "time",
    Kind.STARS: "number",
    Kind.SHARE: "share",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows. Tones and tags are colour roles of the theme.

    amount: minor units and their currency, shown with its sign where the column's title names another one; tail:
    what stands behind the text and is never cut off; note: what must be known of the record, shown by the mouse
    and printed under the row.
    thumb: a picture's sha ("" = a neutral tile); initials: a round avatar; icons: (name, tone) pairs behind
    the text; tag: paint the text as a tag of that tone ("plain" for neutral); bar: 0 to 1; lines: further
    lines of a tall row; mark: a short text at the right end of a tall row.
    """

    text: str = ""
    tone: str = ""
    strong: bool = False
    amount: tuple[int, str] | None = None
    tail: str = ""
    sub: str = ""
    thumb: str | None = None
    initials: str = ""
    icons: tuple[tuple[str, str], ...] = ()
    tag: str = ""
    stars: float | None = None
    spark: tuple[float, ...] | None = None
    bar: float | None = None
    lines: tuple[str, ...] = ()
    mark: str = ""
    mark_tone: str = "text_2"
    mark_icon: str = ""
    note: str = ""

    def within(self, currency: str) -> Cell:
        """The cell in a column whose title names that currency: an amount in another one carries its sign."""
        if self.amount is None:
            return self
        minor, own = self.amount
        return replace(self, text=money.show(minor, own, symbol=own != currency))

    def words(self) -> str:
        """The text as it is painted where there is room."""
        return " ".join(part for part in (self.text + self.tail, self.sub) if part)

    def spoken(self) -> str:
        """The cell in words, for a screen reader."""
        parts = [self.text + self.tail, self.sub, *self.lines, self.mark]
        if self.stars is not None:
            parts.insert(0, tr("{n} of 5 stars", n=f"{self.stars:g}"))
        if self.spark:
            parts.append(tr("from {first} to {last}", first=f"{self.spark[0]:g}", last=f"{self.spark[-1]:g}"))
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `title` is an N_() text in which {symbol} stands for the sign of the currency that the shown amounts share.
    `sort` is an SQL expression over the base table's own columns; a column without one cannot be sorted.
    `cell` decides what is painted, `value` what is exported; without them `kind` decides from row[key].
    `edit(page, id, text)` makes the cell editable with F2; `edit_text(row)` is what the field starts with.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 100
    sort: str = ""
    falling: bool = False
    cell: Callable[[Row], Cell | str] | None = None
    value: Callable[[Row], object] | None = None
    hidden: bool = False
    stretch: bool = False
    right: bool = False
    zero: str = "0"
    tip: str = ""
    edit: Callable[[Any, int, str], None] | None = None
    edit_text: Callable[[Row], str] | None = None

    @property
    def flush_right(self) -> bool:
        """Whether the column is set flush right."""
        return self.right or self.kind.right

    def shown(self, row: Row, currency: str) -> Cell:
        """The cell of `row`; amounts without a currency of their own are in `currency`."""
        if self.cell is not None:
            made = self.cell(row)
            return made.within(currency) if isinstance(made, Cell) else Cell(made or EMPTY, "" if made else "text_3")
        return _MAKERS[self.kind](self, row, currency)

    def plain(self, row: Row, currency: str) -> object:
        """The value for an export: text, int, or a decimal number as text for money."""
        if self.value is not None:
            return self.value(row)
        found = _get(row, self.key)
        if self.kind is Kind.MONEY and found is not None:
            return money.plain(int(found), currency_of(row, currency))
        if found is None and self.cell is not None:
            return self.shown(row, currency).text
        return found

    def starting_text(self, row: Row, currency: str) -> str:
        """What the field of an in-cell edit starts with."""
        if self.edit_text is not None:
            return self.edit_text(row)
        found = self.plain(row, currency)
        return "" if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table's rows come from.

    Ids, filters and sorts come from `table` and use its own columns, unaliased; `where` always applies.
    `rows` selects what the cells need, for `id IN (SELECT value FROM json_each(:ids))`. `search` names the
    kind of core.search.
    """

    table: str
    rows: str
    where: str = "deleted_at IS NULL"
    search: str = ""

    def read(self, connection: Connection, ids: Sequence[int], params: Mapping[str, object]) -> list[Row | None]:
        """The rows of these ids, in their order; None where a row is gone."""
        if not ids:
            return []
        bound = {**params, "ids": json.dumps(list(ids))}
        found = {row["id"]: row for row in connection.execute(self.rows, bound)}
        return [found.get(record_id) for record_id in ids]


@dataclass(frozen=True, slots=True)
class View:
    """A named filter with its sort and columns: a chip. `sort` is a column key, "-" before it falls.

    `tone` colours the count: "bad" also keeps the red border. `index` forces one for the filter.
    `title` is an N_() text unless `own` is set: then it is the owner's own words.
    """

    key: str
    title: str
    where: str = ""
    sort: str = ""
    tone: str = ""
    columns: tuple[str, ...] = ()
    index: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    search: str = ""
    chosen: Mapping[str, object] = field(default_factory=dict)
    own: bool = False
    saved_id: int = 0

    def label(self) -> str:
        """The chip's words in the owner's language."""
        return self.title if self.own else tr(self.title)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice in the funnel menu: `where` holds :value, `choices(con)` gives (value, label) pairs."""

    key: str
    title: str
    where: str
    choices: Callable[[Connection], Sequence[tuple[object, str]]]


def currency_of(row: Row, currency: str) -> str:
    """The row's own currency, else the shop's."""
    return str(_get(row, "currency") or currency)


def _get(row: Row, key: str) -> Any:
    try:
        return row[key]
    except (KeyError, IndexError):
        return None


def _text(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    return Cell(str(found)) if found not in (None, "") else Cell(EMPTY, "text_3")


def _quiet(column: Column, row: Row, currency: str) -> Cell:
    cell = _text(column, row, currency)
    return Cell(cell.text, cell.tone or "text_2")


def _number(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    if found is None:
        return Cell(UNKNOWN, "text_3")
    if found == 0:
        return Cell(column.zero, "" if column.zero == "0" else "text_3")
    return Cell(f"{found:,}".replace("-", "−"))


def _money(column: Column, row: Row, currency: str) -> Cell:
    found = _get(row, column.key)
    if found is None:
        return Cell(UNKNOWN, "text_3")
    return Cell(amount=(int(found), currency_of(row, currency))).within(currency)


def _day(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    return Cell(dates.show_day(_iso(found)), "text_2") if found else Cell(EMPTY, "text_3")


def _time(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    return Cell(dates.show_time(_iso(found)), "text_2") if found else Cell(EMPTY, "text_3")


def _tag(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    return Cell(str(found), "text_2", tag="plain") if found else Cell(EMPTY, "text_3")


def _stars(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    return Cell(stars=float(found)) if found is not None else Cell(UNKNOWN, "text_3")


def _spark(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    points = json.loads(found) if isinstance(found, str) else found
    return Cell(spark=tuple(points)) if points else Cell(UNKNOWN, "text_3")


def _share(column: Column, row: Row, _currency: str) -> Cell:
    found = _get(row, column.key)
    return Cell(f"{found:.0%}") if found is not None else Cell(UNKNOWN, "text_3")


def _iso(found: object) -> str:
    if isinstance(found, datetime):
        return found.isoformat(" ")
    return found.isoformat() if isinstance(found, date) else str(found)


_MAKERS: dict[Kind, Callable[[Column, Row, str], Cell]] = {
    Kind.TEXT: _text,
    Kind.QUIET: _quiet,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DAY: _day,
    Kind.TIME: _time,
    Kind.TAG: _tag,
    Kind.STARS: _stars,
    Kind.SPARK: _spark,
    Kind.SHARE: _share,
}
