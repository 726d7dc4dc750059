"""Files in our own layout that carry what no shop of ours writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from shopdesk.exchange import own
from tests.hostile import texts


def own_layouts() -> dict[str, str]:
    """Files in our own layout that carry what no shop of ours writes."""
    deep = "[" * 900 + "]" * 900
    layouts = ("{}", "[]", "1", '"x"', "null", "not json", f'{{"id": {deep}}}', '{"id":"own-x","match":[[]],"own":true}',
               '{"id":"own-x","platform":5,"kind":"orders","rows":"order","own":true,"title":{"en":"x"},"match":[["订单编号"]],"columns":{"order":{"nope":"x"}}}',
               '{"id":"taobao-orders","platform":"taobao","kind":"orders","rows":"order","title":{"en":"x","zh":"x"},"match":[["订单编号"]],"columns":{}}')  # fmt: skip
    specs = ("{}", "[]", '{"base": "all", "sort": "id; DROP TABLE orders", "columns": [5, null, "nope"], "search": 7, "chosen": {"status": [], "x": 1e99, "channel": 1' + "0" * 30 + ', "state": {"a": 1}}}',
             '{"base": "all", "sort": 5, "columns": {}, "search": "' + "x" * 40_000 + '", "chosen": []}', '{"base": ["all"]}', '{"base": "all", "chosen": {"status": "\' OR 1=1 --", "channel": "x"}}',
             '{"sort": "id; DROP TABLE orders"}', '{"where": "1=1", "filters": {"status": "\' OR 1=1 --"}}',
             '{"columns": ["nope", 5, null], "sort": 5, "words": 7, "view": []}', f'{{"filters": {deep}}}')  # fmt: skip
    keys = ("cutoff", "ship_hours", "unpaid_hours", "return_days", "currency", "shop_name", "language")
    values = ("", "x", "-1", "9" * 30, "[[", '"x"', "25:99")
    return {
        "mappings.csv": _table(["name", "layout", "deleted_at"], [[f"m{n}", one, ""] for n, one in enumerate(layouts)]),
        "views.csv": _table(["page", "name", "spec", "position", "deleted_at"], [
            [page, f"{page}{n}", spec, "1", ""] for page in ("orders", "customers", "inventory", "reviews", "nope")
            for n, spec in enumerate(specs)]),
        "settings.csv": _table(["key", "value"], [[key, value] for key, value in zip(keys, values, strict=True)]),
    }  # fmt: skip


def own_tables(folder: Path) -> dict[str, str]:
    """All our tables: words in every text, and in a tenth of all other cells; names by which rows find each other stay."""
    given = cycle([text for text in texts.short(folder) if "\0" not in text])
    found = {}
    for table in own.TABLES:
        if table.name not in ("pictures", "settings", "mappings", "views"):
            lines = [_own_row(table, n, given) for n in range(40)]
            found[f"{table.name}.csv"] = _table(table.header, lines)
    return found


def _own_row(table: own.Table, n: int, given: Iterator[str]) -> list[str]:
    names = {"platform": "taobao", "channel": "Muhe", "number": f"N{n}", "order_number": f"N{n}", "customer": f"c{n}",
             "handle": f"c{n}", "key": f"code:K{n}", "sku": f"code:K{n}", "product": f"code:K{n}", "line_key": f"{n}",
             "rule": f"r{n}", "position": "1", "deleted_at": ""}  # fmt: skip
    if table.name == "channels":
        names |= {"name": f"{next(given)}{n}", "platform": "other"} if n else {"name": "Muhe"}
    good = _GOOD | _GOOD_IN.get(table.name, {})
    row = []
    for at, name in enumerate(table.header):
        odd = name not in good or (7 * n + at) % 11 == 0
        row.append(names[name] if name in names else next(given) if odd else good[name])
    return row


_AT = "2026-11-24 08:00:00"
_GOOD = {
    **dict.fromkeys(("at", "created_at", "paid_at", "opened_at", "written_at"), _AT),
    **dict.fromkeys(("shipped_at", "done_at", "closed_at", "promised_at", "problem_at", "received_at", "refunded_at", "replied_at", "due_at",
                     "picture", "sex", "birthday", "due", "problem", "cause", "stars_goods", "stars_service", "stars_delivery"), ""),
    **dict.fromkeys(("goods", "postage", "discount", "tax", "paid", "refunded", "price", "cost", "amount"), "1.00"),
    **dict.fromkeys(("min_qty", "max_qty", "lead_days", "qty", "minutes", "enabled", "by_hand"), "1"),
    "currency": "CNY", "number_damaged": "0", "tags": '["a"]', "extra": "{}", "edited": "[]", "day": "2026-11-24",
    "since": "2026-11-01", "every": "day", "days": "[]", "stars": "2", "kind": "goods", "status": "shipped", "level": "",
}  # fmt: skip
_GOOD_IN = {
    "stock_moves": {"kind": "receive"}, "customer_notes": {"kind": "note"}, "order_events": {"kind": "status"},
    "returns": {"kind": "return", "state": "open"}, "reviews": {"state": "open"},
}  # fmt: skip


def _table(names: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([names, *lines])
    return out.getvalue()
