"""A small shop with stock: three SKUs of two products and some orders."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from shopdesk.core import clock
from shopdesk.core.shop import Shop
from shopdesk.inventory import verbs


@dataclass
class Stocked:
    """The shop, its channel, its SKUs, and a way to sell."""

    shop: Shop
    channel: int
    white: int
    blue: int
    mat: int

    def sell(self, sku_id: int, qty: int, *, days_ago: int = 0, shipped: str = "", status: str = "") -> int:
        """An order of one line, paid `days_ago`; shipped at that time when given."""
        paid_at = clock.text(clock.now() - timedelta(days=days_ago))
        status = status or ("shipped" if shipped else "to_ship")
        with self.shop.change("An order", "orders", "stock") as db:
            number = f"N{db.execute('SELECT count(*) FROM orders').fetchone()[0] + 1}"
            order = db.execute(
                "INSERT INTO orders (channel_id, number, currency, paid, paid_at, shipped_at)"
                " VALUES (?, ?, 'CNY', 1000, ?, ?)",
                (self.channel, number, paid_at, shipped or None),
            ).lastrowid
            db.execute(
                "INSERT INTO order_lines (order_id, line_key, position, sku_id, name, qty, price, amount)"
                " VALUES (?, '1', 1, ?, 'x', ?, 1000, 1000)",
                (order, sku_id, qty),
            )
            db.execute(
                "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (?, ?, 'status', ?, 0)",
                (order, shipped or paid_at, status),
            )
        return order


@pytest.fixture
def stocked(shop: Shop, channel: int) -> Stocked:
    """Gaiwan in white and blue, and a mat that was never counted."""
    white = verbs.add_product(
        shop,
        product={"name": "白瓷盖碗", "category": "茶具"},
        sku={"options": "颜色: 白", "code": "GW-W", "price": 12900, "cost": 4500, "shelf": "A-04",
             "min_qty": 10, "max_qty": 60},
        level=20,
    )  # fmt: skip
    product_id = shop.reader().execute("SELECT product_id FROM skus WHERE id = ?", (white,)).fetchone()[0]
    blue = verbs.add_variant(
        shop, product_id=product_id,
        sku={"options": "颜色: 靛蓝", "code": "GW-B", "price": 13900, "cost": 4700, "shelf": "A-05"}, level=0,
    )  # fmt: skip
    mat = verbs.add_product(shop, product={"name": "亚麻杯垫"}, sku={"code": "CO-LN", "price": 1900})
    return Stocked(shop, channel, white, blue, mat)


@pytest.fixture
def timed() -> Callable[[Callable[[], object]], float]:
    """Seconds of the quickest of five runs."""

    def measure(run: Callable[[], object]) -> float:
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            run()
            best = min(best, time.perf_counter() - start)
        return best

    return measure
