"""Import files into a shop and look at what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shopdesk.core import check
from shopdesk.core.shop import Shop
from shopdesk.exchange.commands import import_files

KINDS = ("orders", "lines", "products", "customers", "reviews", "returns", "stock")


def imported(shop: Shop, *files: Path, **given: Any) -> dict[str, Any]:
    """Import, and see that every count adds up and every figure of the file agrees with its records."""
    found = import_files(shop, list(files), **given)
    for kind in KINDS:
        count = found[kind]
        assert count["read"] == sum(count[part] for part in ("new", "changed", "unchanged", "refused")), kind
    assert found["rows"]["read"] == found["rows"]["used"] + found["rows"]["refused"]
    assert [str(fault) for fault in check.faults(shop.path)] == []
    return found


def rows(shop: Shop, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query as tuples."""
    return [tuple(row) for row in shop.reader().execute(query)]


def one(shop: Shop, query: str) -> Any:
    """The only value of a query."""
    return shop.reader().execute(query).fetchone()[0]


def everything(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """All facts of a shop by table, for comparing before and after."""
    tables = ("channels", "products", "skus", "stock_moves", "customers", "orders", "order_lines", "order_events",
              "returns", "return_lines", "reviews", "imports")  # fmt: skip
    found = {table: rows(shop, f"SELECT * FROM {table} ORDER BY 1") for table in tables}
    return found | {"search": rows(shop, "SELECT id FROM search_orders_docsize ORDER BY 1")}
