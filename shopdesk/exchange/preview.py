"""What the preview of an import shows: files, columns, and the planned records page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shopdesk.core import clock, dates
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, of_two, tr
from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.formats import FormatSet
from shopdesk.exchange.plan import KINDS, Count
from shopdesk.exchange.said import sentence

KIND_WORDS = {
    "orders": N_("Orders"), "lines": N_("Lines"), "products": N_("Products"), "customers": N_("Customers"),
    "reviews": N_("Reviews"), "returns": N_("Refunds"), "stock": N_("Stock"),
}  # fmt: skip
_ENCODINGS = {"gb18030": "GBK", "utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column of a file: what it fills (words, "" for not used) and its cell in the first row."""

    name: str
    fills: str
    first: str


@dataclass(frozen=True, slots=True)
class FileCard:
    """One table of a dropped file, as its card tells it. `refused` is a whole sentence."""

    file: str
    path: str
    sheet: str
    format: str
    title: str
    encoding: str
    rows: int
    period: str
    known: bool
    unknown: bool
    refused: str
    choices: tuple[tuple[str, str], ...]
    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    columns: tuple[ColumnUse, ...]


def cards(con: Connection, formats: FormatSet) -> list[FileCard]:
    """A card for every table of every file, refused files included."""
    known = {row[0] for row in con.execute("SELECT DISTINCT format FROM imports")}
    found = [_refused_card(row) for row in con.execute("SELECT * FROM staging.file WHERE refused IS NOT NULL")]
    rows = con.execute(
        "SELECT s.*, f.name AS file_name, f.path AS file_path FROM staging.source s"
        " JOIN staging.file f ON f.id = s.file_id ORDER BY s.id"
    )
    return found + [_card(row, formats, known) for row in rows]


def _refused_card(row: Any) -> FileCard:
    said = sentence(row["refused"], json.loads(row["args"] or "{}"), row["fix"] or "")
    return FileCard(row["name"], row["path"], "", "", "", "", 0, "", False, False, said, (), (), (), ())


def _card(row: Any, formats: FormatSet, known: set[str]) -> FileCard:
    args = json.loads(row["args"] or "{}")
    layout = formats.by_id.get(row["format"] or "")
    header = tuple(json.loads(row["header"] or "[]"))
    sample = tuple(tuple(cells) for cells in json.loads(row["sample"] or "[]"))
    choices = formats.choices(layout) if layout else ()
    unknown = args.get("code") == "unknown" or (row["format"] is None and row["refused"] is not None)
    return FileCard(
        file=row["file_name"],
        path=row["file_path"],
        sheet=row["sheet"] or "",
        format=row["format"] or "",
        title=of_two(dict(layout.title)) if layout else "",
        encoding=_ENCODINGS.get(row["encoding"] or "", (row["encoding"] or "").upper()),
        rows=row["rows_read"] or 0,
        period=_period(row["period_from"], row["period_to"]),
        known=row["format"] in known,
        unknown=unknown,
        refused=sentence(row["refused"], args, "" if unknown else row["fix"] or "") if row["refused"] else "",
        choices=tuple((one.id, of_two(dict(one.title))) for one in choices) if len(choices) > 1 else (),
        header=header,
        sample=sample,
        columns=columns(header, json.loads(row["used"] or "[]"), sample),
    )


_SHOWN_AFTER = {"orders": "orders", "lines": "orders", "returns": "orders", "products": "inventory",
                "stock": "inventory", "customers": "customers", "reviews": "reviews"}  # fmt: skip


def page_after(counts: Mapping[str, Count]) -> str:
    """The page that shows what such an import wrote."""
    return next((_SHOWN_AFTER[kind] for kind in KINDS if counts[kind].new or counts[kind].changed), "orders")


def _period(first: str | None, last: str | None) -> str:
    if not first or not last:
        return ""
    this = str(clock.today().year)
    far = not first[:4] == last[:4] == this
    days = [dates.show_day(day[:10], year=far) for day in (first, last)]
    return days[0] if days[0] == days[1] else tr("{first} to {last}", first=days[0], last=days[1])


def columns(
    header: tuple[str, ...], used: list[list[str]], sample: tuple[tuple[str, ...], ...]
) -> tuple[ColumnUse, ...]:
    """What becomes of each column; `used` are pairs of a column and the field that it fills."""
    fills: dict[str, str] = {}
    for column, key in used:
        fills.setdefault(column, key)
    first = sample[0] if sample else ()
    return tuple(
        ColumnUse(name, _field_words(fills.get(name, "")), first[at] if at < len(first) else "")
        for at, name in enumerate(header)
    )


def _field_words(key: str) -> str:
    known = FIELDS.get(key)
    return tr(known.title) if known else ("" if not key else tr(_MORE_FIELDS.get(key, key)))


_MORE_FIELDS = {
    "order.status": N_("Order status"), "order.refund_state": N_("Refund status"),
    "line.status": N_("Line status"), "line.refund_state": N_("Line refund status"),
    "product.status": N_("On sale"), "product.state": N_("On sale"), "review.status": N_("State"),
    "review.state": N_("State"),
}  # fmt: skip


def questions(con: Connection) -> list[tuple[str, str]]:
    """The channels that the owner must choose: (platform, its shop number as the files say it)."""
    rows = con.execute("SELECT platform, shop_id FROM plan.channel WHERE asked ORDER BY platform")
    return [(row[0], row[1]) for row in rows]


def proposed_channel(con: Connection, platform: str, shop_id: str) -> int:
    """The channel that the plan takes as long as the owner has not chosen."""
    row = con.execute(
        "SELECT channel_id FROM plan.channel WHERE platform = ? AND shop_id = ?", (platform, shop_id)
    ).fetchone()
    return int(row[0])
