"""A small shop to sell from: two SKUs with stock, and a way to enter orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from shopdesk.core.shop import Shop
from shopdesk.orders import editing
from shopdesk.orders.records import Draft, DraftLine
from tests.undoing import both_ways


@dataclass(frozen=True)
class Goods:
    bowl: int
    cup: int


Enter = Callable[..., int]


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """A bowl (10 on hand, shelf A-03) and a cup (never counted)."""
    with shop.change("Goods", "stock") as db:
        product = db["products"].insert({"key": "code:B", "name": "青釉盖碗"}).last_pk
        made = [
            db["skus"].insert(
                {
                    "product_id": product, "key": f"code:{code}", "code": code, "name": name,
                    "options": options, "currency": "CNY", "price": price, "shelf": shelf,
                }
            ).last_pk
            for code, name, options, price, shelf in (
                ("TB-100", "青釉盖碗 150ml", "青色", 10600, "A-03"),
                ("TC-200", "玻璃公道杯 加厚", "", 9600, "B-11"),
            )
        ]  # fmt: skip
        db["stock_moves"].insert({"sku_id": made[0], "at": "2026-11-01 08:00:00", "kind": "level", "level": 10})
    return Goods(*made)


@pytest.fixture
def enter(shop: Shop, channel: int, goods: Goods) -> Enter:
    """Enter an order: enter("238604127755", paid_at=..., bowls=2, cups=1, buyer=...)."""

    def add(
        number: str = "238604127755",
        *,
        paid_at: str | None = "2026-11-24 09:00:00",
        bowls: int = 2,
        cups: int = 1,
        **fields: object,
    ) -> int:
        lines = (
            DraftLine("青釉盖碗 150ml", bowls, 10600, sku_id=goods.bowl, code="TB-100"),
            DraftLine("玻璃公道杯 加厚", cups, 9600, sku_id=goods.cup, code="TC-200"),
        )
        wanted = {"buyer": "小满", "postage": 1000} | fields
        return editing.add_order(
            shop,
            draft=Draft(channel, number, tuple(line for line in lines if line.qty), paid_at=paid_at, **wanted),
        )

    return add


TABLES = (
    "orders", "order_lines", "order_events", "returns", "return_lines", "customers", "skus", "stock_moves",
    "sales_hours",
)  # fmt: skip


def picture(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Everything that orders touch, as it stands."""
    con = shop.reader()
    rows = {table: con.execute(f"SELECT * FROM {table} ORDER BY id") for table in TABLES}
    return {
        table: sorted(tuple(row)[1 if table == "sales_hours" else 0 :] for row in found)
        if table == "sales_hours"
        else [tuple(row) for row in found]
        for table, found in rows.items()
    }


@pytest.fixture
def symmetric(shop: Shop) -> Callable[[Callable[[], object]], object]:
    """Do it, undo it, redo it; see both_ways()."""
    return partial(both_ways, shop, picture)
