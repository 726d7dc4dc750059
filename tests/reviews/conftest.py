"""Reviews to work on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shopdesk.core.shop import Shop
from shopdesk.customers import store as customers


@dataclass(frozen=True)
class Filled:
    """A shop with one order, its SKU, its buyer and four reviews, the newest last."""

    shop: Shop
    channel: int
    customer: int
    sku: int
    order: int
    reviews: tuple[int, ...]


_REVIEWS = (
    ("Chen Hao", "bamboo tray", 4, "Well made, but darker than in the picture", "2026-11-20 10:00:00", "answered"),
    ("一碗面", "青釉盖碗", 2, "盖子有缺口，盒子里只包了一层泡沫纸", "2026-11-23 19:52:00", "open"),
    ("云朵", "旅行茶具", 3, "东西不错，但是慢了两天", "2026-11-24 08:50:00", "open"),
    ("Bai Lu", "glass pitcher", 5, "Thicker than I thought, pours clean", "2026-11-24 12:40:00", "open"),
)


@pytest.fixture
def filled(shop: Shop, channel: int) -> Filled:
    """The shop of Filled."""
    buyer = customers.add_customer(shop, channel_id=channel, name="一碗面")
    with shop.change("Filled", "orders", "reviews") as db:
        product = db["products"].insert({"key": "c:A", "name": "青釉盖碗"}).last_pk
        sku = (
            db["skus"]
            .insert(
                {
                    "product_id": product,
                    "key": "c:QY-150",
                    "code": "QY-150",
                    "name": "青釉盖碗",
                    "options": "150ml",
                    "currency": "CNY",
                }
            )
            .last_pk
        )
        order = db["orders"].insert(
            {"channel_id": channel, "number": "238604127755660102", "customer_id": buyer, "buyer": "一碗面", "currency": "CNY",
                 "paid": 12900, "paid_at": "2026-11-16 09:00:00"}
        ).last_pk  # fmt: skip
        db["order_lines"].insert(
            {
                "order_id": order,
                "line_key": "1",
                "position": 1,
                "sku_id": sku,
                "name": "青釉盖碗",
                "qty": 1,
                "price": 12900,
                "amount": 12900,
            }
        )
        ids = []
        for number, (who, item, stars, body, at, state) in enumerate(_REVIEWS):
            row = {"channel_id": channel, "key": f"k{number}", "buyer": who, "item": item, "stars": stars, "body": body,
                       "written_at": at, "state": state}  # fmt: skip
            if state == "answered":
                row |= {"reply": "Thank you", "replied_at": "2026-11-24 10:40:00"}
            ids.append(db["reviews"].insert(row).last_pk)
    return Filled(shop, channel, buyer, sku, order, tuple(ids))
