"""The changes of an import as the preview shows them: record, field, what is in the shop, what the file says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shopdesk.core import money
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, tr
from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.plan_goods import FIRST_LEVELS
from shopdesk.exchange.preview_lists import Listing
from shopdesk.exchange.said import RETURN_STATES, STATUS
from shopdesk.reviews.model import State as ReviewState

HIDDEN_FIELDS = (
    "customer_id", "product_id", "sku_id", "order_id", "channel_id", "import_id", "order_line_id", "key", "extra",
    "spec", "layout", "line_key",
)  # fmt: skip
_FIELDS_OF = {
    "orders": "order", "lines": "line", "products": "product", "skus": "sku", "stock": "stock",
    "customers": "customer", "reviews": "review", "order_lines": "line", "return_lines": "line",
}  # fmt: skip
FIELD_WORDS = {
    "status": N_("Status"), "state": N_("State"), "amount": N_("Amount"), "level": N_("In stock"),
    "qty": N_("Quantity"),
    "position": N_("Position"), "deleted_at": N_("Deleted at"), "created_at": N_("Added at"), "note": N_("Note"),
    "price": N_("Unit price"), "currency": N_("Currency"), "name": N_("Name"), "title": N_("Title"), "text": N_("Text"),
    "at": N_("Time"), "kind": N_("Kind"), "tags": N_("Tags"), "picture": N_("Picture"), "shelf": N_("Shelf"),
    "min_qty": N_("Minimum"), "max_qty": N_("Maximum"), "lead_days": N_("Lead time"), "item_id": N_("Item number"),
    "sex": N_("Sex"), "handle": N_("Account"), "buyer": N_("Buyer (account)"), "number": N_("Order number"),
    "problem": N_("Problem"), "problem_note": N_("Problem note"), "problem_at": N_("Reported at"),
    "number_damaged": N_("Number rounded by a spreadsheet"), "opened_at": N_("Asked at"),
    "received_at": N_("Came back at"), "refunded_at": N_("Paid back at"), "closed_at": N_("Closed at"),
    "reason": N_("Reason"), "cause": N_("Cause"), "item": N_("Item name"), "stars_goods": N_("Stars for the goods"),
    "stars_service": N_("Stars for the service"), "stars_delivery": N_("Stars for the delivery"),
    "platform": N_("Platform"), "shop_id": N_("Shop number"), "page": N_("Page"), "value": N_("Setting"),
    "day": N_("On the day"), "minutes": N_("Minutes"), "due": N_("Due at"), "done_at": N_("Finished at"),
    "every": N_("How often"), "days": N_("On which days"), "since": N_("Since"), "rule": N_("Rule"),
    "enabled": N_("Switched on"), "by_hand": N_("By hand"), "code": N_("Merchant code"), "options": N_("Options"),
}  # fmt: skip
"""Words for fields that the layouts of platforms do not have."""

_MONEY_FIELDS = frozenset({"goods", "postage", "discount", "tax", "paid", "amount", "price", "cost"})
_STATES: dict[str, Mapping[str, str]] = {
    "orders": STATUS, "order_events": STATUS, "returns": RETURN_STATES,
    "reviews": {one.value: one.title for one in ReviewState},
}  # fmt: skip
_CELLS = f"""
SELECT c.id, c.ticked, c.held, c.kind, c.record, c.field, c.old, c.new FROM plan.cell c
WHERE c.id > :after AND c.field NOT IN {HIDDEN_FIELDS} ORDER BY c.id LIMIT :limit
"""
CHANGES = Listing(
    ((N_("Record"), 190), (N_("Field"), 120), (N_("In the shop now"), 0), ("", 34), (N_("In the file"), 0)), _CELLS
)
_SKU = "SELECT CASE WHEN code <> '' THEN code ELSE name || ' ' || options END FROM skus WHERE id = ?"
_LINE = "SELECT o.number || ' · ' || l.name FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.id = ?"
_NAMES = {
    "orders": "SELECT number FROM orders WHERE id = ?",
    "lines": _LINE,
    "order_lines": _LINE,
    "order_events": "SELECT o.number FROM order_events e JOIN orders o ON o.id = e.order_id WHERE e.id = ?",
    "products": "SELECT name FROM products WHERE id = ?",
    "skus": _SKU,
    "stock": _SKU,
    "customers": "SELECT CASE WHEN name <> '' THEN name ELSE handle END FROM customers WHERE id = ?",
    "customer_notes": "SELECT c.handle FROM customer_notes n JOIN customers c ON c.id = n.customer_id WHERE n.id = ?",
    "reviews": "SELECT CASE WHEN title <> '' THEN title ELSE substr(body, 1, 40) END FROM reviews WHERE id = ?",
    "returns": "SELECT number FROM returns WHERE id = ?",
    "return_lines": "SELECT name FROM return_lines WHERE id = ?",
    "channels": "SELECT name FROM channels WHERE id = ?",
    "mappings": "SELECT name FROM mappings WHERE id = ?",
    "views": "SELECT name FROM views WHERE id = ?",
    "tasks": "SELECT title FROM tasks WHERE id = ?",
    "routines": "SELECT title FROM routines WHERE id = ?",
}


def change_cells(row: Any, con: Connection) -> list[str]:
    """The words of one changed cell: record, field, old, arrow, new."""
    kind, field = row["kind"].removeprefix("own "), row["field"]
    named = con.execute(_NAMES[kind], (row["record"],)).fetchone() if kind in _NAMES else None
    currency = _currency(kind, row["record"], con) if field in _MONEY_FIELDS else ""
    old, new = (cell_words(kind, field, row[side], currency) for side in ("old", "new"))
    return [str(named[0] or "") if named else "", tr(field_words(kind, field)), old, "→", new]


def field_words(kind: str, field: str) -> str:
    """The N_() name of a field of a kind of records."""
    known = FIELDS.get(f"{_FIELDS_OF.get(kind, '')}.{field}")
    return known.title if known else FIELD_WORDS.get(field, field)


def _currency(kind: str, record: int, con: Connection) -> str:
    table = {"lines": "order_lines", "order_lines": "order_lines"}.get(kind, kind)
    query = {
        "order_lines": "SELECT o.currency FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.id = ?",
        "return_lines": "SELECT r.currency FROM return_lines l JOIN returns r ON r.id = l.return_id WHERE l.id = ?",
    }.get(table, f"SELECT currency FROM {table} WHERE id = ?")
    found = con.execute(query, (record,)).fetchone()
    return str(found[0]) if found else "CNY"


def cell_words(kind: str, field: str, value: object, currency: str) -> str:
    """A value of a field in words."""
    if value is None or value in {"", "[]"}:
        return tr("empty")
    if field in _MONEY_FIELDS:
        return money.show(int(str(value)), currency, symbol=False)
    if field in {"status", "state"}:
        return tr(_STATES.get(kind, {}).get(str(value), str(value)))
    if field == "tags":
        return tr(", ").join(json.loads(str(value)))
    if field in {"number_damaged", "enabled", "by_hand"}:
        return tr("yes") if value else tr("no")
    return str(value)


def changes(con: Connection) -> tuple[int, int, int]:
    """How many cells changed, how many of them are the owner's own edits or go backward, how many are ticked."""
    row = con.execute(
        "SELECT count(*), coalesce(sum(held <> ''), 0), coalesce(sum(ticked), 0) FROM plan.cell"
        f" WHERE field NOT IN {HIDDEN_FIELDS}"
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


def tick_all(con: Connection, *, ticked: bool) -> None:
    """Take, or do not take, all changes; what is kept and never shown cannot be taken."""
    con.execute(
        f"UPDATE plan.cell SET ticked = ?1 WHERE ticked <> ?1 AND NOT (?1 AND held <> '' AND field IN {HIDDEN_FIELDS})",
        (ticked,),
    )


_NEW_OPTIONS = """
SELECT count(*) FROM plan.product p WHERE p.staged IS NOT NULL AND NOT p.is_new
  AND EXISTS (SELECT 1 FROM staging.sku s JOIN plan.item i ON i.id = s.item WHERE s.product_id = p.staged AND i.is_new)
  AND NOT EXISTS (SELECT 1 FROM plan.cell c WHERE c.kind = 'products' AND c.record = p.id AND c.ticked)
"""


def changed_records(con: Connection) -> int:
    """How many known records the files say something else of, ticked or not."""
    return int(con.execute("SELECT count(DISTINCT kind || ' ' || record) FROM plan.cell").fetchone()[0])


def written_records(con: Connection) -> int:
    """How many of those an import writes, and known products that only get new options."""
    ticked = con.execute("SELECT count(DISTINCT kind || ' ' || record) FROM plan.cell WHERE ticked").fetchone()
    return int(ticked[0]) + int(con.execute(_NEW_OPTIONS).fetchone()[0])


def taken_records(con: Connection) -> dict[str, int]:
    """How many records of each kind have a ticked change."""
    rows = con.execute(
        "SELECT kind, count(DISTINCT record) FROM plan.cell WHERE ticked"
        f" AND NOT (kind = 'stock' AND record IN {FIRST_LEVELS}) GROUP BY kind"
    )
    return {row[0]: row[1] for row in rows}
