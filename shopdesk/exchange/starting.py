"""What the mapping screen starts with: the layout that a file is read by, or a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shopdesk.core.words import of_two
from shopdesk.exchange.columns import Layout
from shopdesk.exchange.fields import FIELDS, ROWS_TABLES
from shopdesk.exchange.formats import Format
from shopdesk.exchange.guessing import guess_columns, guess_rows
from shopdesk.exchange.preview import FileCard

_MOST = 300
"""Columns that can be matched; every one is a list of some eighty fields."""

_STATES = {"product.status": "product.state", "review.status": "review.state"}
_OF_WHOLE_ORDERS = frozenset({"order.pieces", "order.titles"})


@dataclass(frozen=True, slots=True)
class Start:
    """What is said about a layout so far; `columns` are pairs of a column and its field, None for not used."""

    name: str
    rows: str
    platform: str
    currency: str
    dates: str
    columns: tuple[tuple[str, str | None], ...]


def start(card: FileCard, layout: Format | None, currency: str) -> Start:
    """Where a file starts; `currency` is the shop's. A layout of the owner's own keeps its name."""
    name = card.file.rsplit(".", 1)[0]
    if layout is None or layout.rows not in ROWS_TABLES:
        columns = tuple(guess_columns(card.header, card.sample)[:_MOST])
        return Start(name, guess_rows([key for _, key in columns if key]), "other", currency, "mdy", columns)
    if layout.own:
        name = of_two(dict(layout.title))
    columns = _columns_of(layout, card.header)[:_MOST]
    return Start(name, layout.rows, layout.platform, layout.currency or currency, layout.dates, columns)


def offered(rows: str) -> list[str]:
    """The fields that a column can fill where one row is this; a line says nothing about all lines of its order."""
    tables = ROWS_TABLES[rows]
    hidden = _OF_WHOLE_ORDERS if rows == "line" else frozenset()
    return [key for key, one in FIELDS.items() if one.table in tables and key not in hidden]


def _columns_of(layout: Format, header: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    """A field is given once: of columns that are put together, the first."""
    possible = set(offered(layout.rows))
    found: dict[str, str] = {}
    for column, said in Layout(layout, header).uses():
        key = _STATES.get(said, said)
        if key in possible and column not in found and key not in found.values():
            found[column] = key
    return tuple((name, found.pop(name, None)) for name in header)
