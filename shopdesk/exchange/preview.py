"""What the preview of an import shows: files, columns, and the planned records page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shopdesk.core import dates, money
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, of_two, tr
from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.formats import FormatSet
from shopdesk.exchange.plan_goods import FIRST_LEVELS
from shopdesk.exchange.said import RETURN_STATES, STATUS, sentence

PAGE = 200
"""Rows that are fetched at a time."""

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
        columns=_columns(header, json.loads(row["used"] or "[]"), sample),
    )


def _period(first: str | None, last: str | None) -> str:
    if not first or not last:
        return ""
    days = [dates.show_day(first[:10]), dates.show_day(last[:10])]
    return days[0] if days[0] == days[1] else tr("{first} to {last}", first=days[0], last=days[1])


def _columns(
    header: tuple[str, ...], used: list[list[str]], sample: tuple[tuple[str, ...], ...]
) -> tuple[ColumnUse, ...]:
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


# Records


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of the preview: headings with their widths (0 stretches), and the query of its pages.

    The query takes :after (the last id shown) and :limit, and gives the id, then one value per heading.
    """

    headings: tuple[tuple[str, int], ...]
    query: str
    shown: Callable[[Any, Connection], list[str]] = field(default=lambda row, con: [_text(cell) for cell in row[1:]])


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


_ORDER = """
SELECT p.id, s.number, coalesce(nullif(s.buyer, ''), s.receiver, ''), coalesce(s.status, ''), s.paid, s.currency,
       coalesce(s.paid_at, s.created_at, '')
FROM plan.ord p JOIN staging.order_ s ON s.id = p.id WHERE p.id > :after AND {test} ORDER BY p.id LIMIT :limit
"""
_LINE_HEADS = ((N_("Order"), 150), (N_("Item"), 0), (N_("Options"), 170), (N_("Qty"), 56), (N_("Price"), 90))
_LINE = """
SELECT s.id, s.number, coalesce(s.name, s.code, s.item_id, ''), coalesce(s.options, ''), s.qty, s.price, s.currency
FROM {table} p JOIN staging.line s ON s.id = p.id WHERE s.id > :after AND {test} ORDER BY s.id LIMIT :limit
"""


def _order_cells(row: Any, _con: Connection) -> list[str]:
    return [row[1], row[2], tr(STATUS.get(row[3], "")), _amount(row[4], row[5]), row[6][:16]]


def _line_cells(row: Any, _con: Connection) -> list[str]:
    return [row[1] or "", row[2], row[3], _text(row[4]), _amount(row[5], row[6])]


def _amount(minor: int | None, currency: str | None) -> str:
    return "" if minor is None else money.show(minor, currency or "CNY", symbol=False)


_CHANGED_PRODUCT = "(SELECT staged FROM plan.product WHERE staged IS NOT NULL AND is_new)"
_LISTS: dict[str, tuple[tuple[tuple[str, int], ...], str, Any, dict[str, str]]] = {
    "orders": (
        ((N_("Order"), 170), (N_("Buyer"), 0), (N_("Status"), 90), (N_("Paid"), 100), (N_("Time"), 140)),
        _ORDER, _order_cells,
        {"new": "p.is_new", "unchanged": "NOT p.is_new AND NOT EXISTS (SELECT 1 FROM plan.cell c WHERE"
                                         " c.kind = 'orders' AND c.record = p.order_id AND c.ticked)"},
    ),
    "lines": (_LINE_HEADS, _LINE, _line_cells, {"new": "plan.new_line", "unchanged": "plan.joined"}),
    "products": (
        ((N_("Item"), 0), (N_("Item number"), 190), (N_("Category"), 160)),
        ("SELECT s.id, s.name, s.item_id, s.category FROM staging.product s WHERE s.id > :after AND {test}"
        " ORDER BY s.id LIMIT :limit"), None,
        {"new": f"s.id IN {_CHANGED_PRODUCT}", "unchanged": f"s.id NOT IN {_CHANGED_PRODUCT}"},
    ),
    "customers": (
        ((N_("Account"), 190), (N_("Name"), 0), (N_("Telephone"), 150), (N_("E-mail"), 200)),
        ("SELECT s.id, s.handle, s.name, s.phone, s.email FROM plan.person p JOIN staging.person s ON s.id = p.id"
        " WHERE s.id > :after AND s.from_file AND {test} ORDER BY s.id LIMIT :limit"), None,
        {"new": "p.is_new", "unchanged": "NOT p.is_new"},
    ),
    "reviews": (
        ((N_("Stars"), 60), (N_("Buyer"), 140), (N_("Item"), 200), (N_("Text"), 0)),
        ("SELECT s.id, s.stars, coalesce(nullif(s.buyer_name, ''), s.buyer), coalesce(s.item_name, s.item_id), s.body"
        " FROM plan.review p JOIN staging.review s ON s.id = p.id WHERE s.id > :after AND {test}"
        " ORDER BY s.id LIMIT :limit"), None,
        {"new": "p.is_new", "unchanged": "NOT p.is_new"},
    ),
    "returns": (
        ((N_("Number"), 170), (N_("State"), 0), (N_("Amount"), 110), (N_("At"), 150)),
        ("SELECT p.id, p.number, p.state, p.amount, p.currency, coalesce(p.refunded_at, p.opened_at) FROM plan.ret p"
        " WHERE p.id > :after AND {test} ORDER BY p.id LIMIT :limit"),
        lambda row, con: [row[1], tr(RETURN_STATES.get(row[2], row[2])), _amount(row[3], row[4]), (row[5] or "")[:16]],
        {"new": "p.is_new", "unchanged": "NOT p.is_new"},
    ),
    "stock": (
        ((N_("Item"), 0), (N_("Options"), 180), (N_("In stock"), 90), (N_("Moved"), 90), (N_("At"), 150)),
        ("SELECT p.id, coalesce(t.name, t.code, t.item_id), t.options, p.level, p.qty, substr(p.at, 1, 16)"
         " FROM plan.move p JOIN staging.stock t ON t.id = p.staged WHERE p.id > :after AND {test}"
         " ORDER BY p.id LIMIT :limit"), None,
        {"new": "p.is_new AND p.old IS NULL", "unchanged": "NOT p.is_new"},
    ),
}  # fmt: skip


NUMBERS = frozenset({N_("Paid"), N_("Price"), N_("Amount"), N_("Qty"), N_("In stock"), N_("Moved"), N_("Stars")})
"""Headings over numbers."""


def styles(listing: Listing) -> dict[int, str]:
    """The look of each column of a list: numbers to the right."""
    return {at: "number" for at, (heading, _) in enumerate(listing.headings) if heading in NUMBERS}


def records(tab: str, kind: str) -> Listing:
    """The list of new or unchanged records of a kind."""
    headings, query, shown, tests = _LISTS[kind]
    test = tests[tab]
    asked = query.format(table=test, test="true") if kind == "lines" else query.format(test=test)
    listing = Listing(headings, asked)
    return listing if shown is None else Listing(headings, asked, shown=shown)


HIDDEN_FIELDS = ("customer_id", "product_id", "sku_id", "order_id", "key", "extra")
FIELD_WORDS = {
    "status": N_("Status"), "state": N_("State"), "amount": N_("Amount"), "level": N_("In stock"),
    "goods": N_("Goods total"), "receiver": N_("Receiver"), "buyer": N_("Buyer"), "number": N_("Order number"),
    "position": N_("Position"), "deleted_at": N_("Deleted at"),
}  # fmt: skip
_MONEY_FIELDS = frozenset({"goods", "postage", "discount", "tax", "paid", "amount", "price", "cost"})
_CELLS = """
SELECT c.id, c.ticked, c.held, c.kind, c.record, c.field, c.old, c.new FROM plan.cell c
WHERE c.id > :after AND c.field NOT IN ('customer_id', 'product_id', 'sku_id', 'order_id', 'key', 'extra')
ORDER BY c.id LIMIT :limit
"""
CHANGES = Listing(
    ((N_("Record"), 190), (N_("Field"), 120), (N_("In the shop now"), 0), ("", 34), (N_("In the file"), 0)), _CELLS
)
_NAMES = {
    "orders": "SELECT number FROM orders WHERE id = ?",
    "lines": "SELECT o.number || ' · ' || l.name FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.id = ?",
    "products": "SELECT name FROM products WHERE id = ?",
    "skus": "SELECT CASE WHEN code <> '' THEN code ELSE name || ' ' || options END FROM skus WHERE id = ?",
    "stock": "SELECT CASE WHEN code <> '' THEN code ELSE name || ' ' || options END FROM skus WHERE id = ?",
    "customers": "SELECT CASE WHEN name <> '' THEN name ELSE handle END FROM customers WHERE id = ?",
    "reviews": "SELECT CASE WHEN title <> '' THEN title ELSE substr(body, 1, 40) END FROM reviews WHERE id = ?",
    "returns": "SELECT number FROM returns WHERE id = ?",
}


def change_cells(row: Any, con: Connection) -> list[str]:
    """The words of one changed cell: record, field, old, arrow, new."""
    named = con.execute(_NAMES[row["kind"]], (row["record"],)).fetchone() if row["kind"] in _NAMES else None
    field_name = row["field"]
    words = FIELD_WORDS.get(field_name) or next(
        (one.title for key, one in FIELDS.items() if key.endswith(f".{field_name}")), field_name
    )
    currency = _currency(row, con) if field_name in _MONEY_FIELDS else ""
    old, new = (_cell_words(field_name, row[side], currency) for side in ("old", "new"))
    return [_text(named[0]) if named else row["kind"], tr(words), old, "→", new]


def _currency(row: Any, con: Connection) -> str:
    table = {"orders": "orders", "returns": "returns", "skus": "skus"}.get(row["kind"])
    if table is None:
        return "CNY"
    found = con.execute(f"SELECT currency FROM {table} WHERE id = ?", (row["record"],)).fetchone()
    return str(found[0]) if found else "CNY"


def _cell_words(name: str, value: object, currency: str) -> str:
    if value is None or value == "":
        return tr("empty")
    if name in _MONEY_FIELDS:
        return money.show(int(str(value)), currency, symbol=False)
    if name in {"status", "state"}:
        return tr(STATUS.get(str(value)) or RETURN_STATES.get(str(value)) or str(value))
    return str(value)


def changes(con: Connection) -> tuple[int, int]:
    """How many cells changed, and how many of them are the owner's own edits or go backward."""
    marks = ", ".join("?" * len(HIDDEN_FIELDS))
    row = con.execute(
        f"SELECT count(*), coalesce(sum(held <> ''), 0) FROM plan.cell WHERE field NOT IN ({marks})", HIDDEN_FIELDS
    ).fetchone()
    return int(row[0]), int(row[1])


REASONS = Listing(
    ((N_("File"), 120), (N_("Row"), 54), (N_("Column"), 84), (N_("Why"), 0), (N_("What to do"), 0)),
    "",
)


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


def changed_records(con: Connection) -> int:
    """How many known records the files say something else of, ticked or not."""
    return int(con.execute("SELECT count(DISTINCT kind || ' ' || record) FROM plan.cell").fetchone()[0])


def taken_records(con: Connection) -> dict[str, int]:
    """How many records of each kind have a ticked change."""
    rows = con.execute(
        "SELECT kind, count(DISTINCT record) FROM plan.cell WHERE ticked"
        f" AND NOT (kind = 'stock' AND record IN {FIRST_LEVELS}) GROUP BY kind"
    )
    return {row[0]: row[1] for row in rows}
