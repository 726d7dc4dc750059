"""A small shop to which a test adds exactly what its rule speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from shopdesk.board import store
from shopdesk.board.model import Board, Line
from shopdesk.core import channels, check
from shopdesk.core.shop import Shop


@dataclass
class Small:
    """A shop with one channel; every method is one change and gives the new row's id."""

    shop: Shop
    channel: int
    counted: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> int:
        with self.shop.change("test", "orders") as db:
            return int(db[table].insert(values).last_pk)

    def number(self, kind: str) -> int:
        self.counted[kind] = self.counted.get(kind, 0) + 1
        return self.counted[kind]

    def customer(self, name: str = "Zhang San", **values: Any) -> int:
        return self.add(
            "customers", channel_id=self.channel, handle=f"{name}{self.number('buyer')}", name=name, **values
        )

    def order(
        self, status: str = "to_ship", *, sku: int | None = None, qty: int = 1, at: str = "", **values: Any
    ) -> int:
        number = f"2386041277{self.number('order'):04d}"
        row = {"buyer": "Zhang San", "paid": 12900, "currency": "CNY", "number": number, **values}
        with self.shop.change("test", "orders") as db:
            order = int(db["orders"].insert({"channel_id": self.channel, **row}).last_pk)
            db["order_lines"].insert(
                {"order_id": order, "line_key": "0", "position": 0, "sku_id": sku, "name": "White gaiwan",
                 "qty": qty, "price": 12900, "amount": 12900 * qty}
            )  # fmt: skip
            at = at or str(values.get("shipped_at") or values.get("paid_at") or values.get("created_at"))
            db["order_events"].insert({"order_id": order, "at": at, "kind": "status", "status": status, "by_hand": 0})
        return order

    def event(self, order: int, at: str, kind: str = "status", status: str | None = None, note: str = "") -> None:
        due = self.shop.reader().execute("SELECT ship_by FROM orders WHERE id = ?", (order,)).fetchone()[0]
        left = {"due_at": due} if status in ("shipped", "done", "closed") else {}
        self.add("order_events", order_id=order, at=at, kind=kind, status=status, note=note, by_hand=1, **left)

    def change(self, table: str, row: int, **values: Any) -> None:
        with self.shop.change("test", "orders") as db:
            db[table].update(row, values)

    def ship(self, order: int, at: str, tracking: str = "SF1402221077310") -> None:
        self.change("orders", order, shipped_at=at, tracking=tracking)
        self.event(order, at, status="shipped")

    def sku(self, name: str = "White gaiwan", **values: Any) -> int:
        key = f"c:{name}{self.number('sku')}"
        product = self.add("products", key=key, name=name)
        return self.add(
            "skus", product_id=product, key=key, code=key[2:], name=name, currency="CNY", price=10600, **values
        )

    def stock(self, sku: int, at: str, *, level: int | None = None, qty: int | None = None) -> int:
        kind = "level" if level is not None else "receive"
        return self.add("stock_moves", sku_id=sku, at=at, kind=kind, level=level, qty=qty)

    def review(self, stars: int, at: str, **values: Any) -> int:
        row = {"buyer": "Zhang San", "item": "White gaiwan", "body": "words", **values}
        return self.add(
            "reviews", channel_id=self.channel, key=str(self.number("review")), stars=stars, written_at=at, **row
        )

    def note(self, customer: int, kind: str, at: str) -> int:
        return self.add("customer_notes", customer_id=customer, at=at, kind=kind, text="said something")

    def imported(self, at: str, counts: str = "{}") -> int:
        with self.shop.quiet() as db:
            db.execute(
                "INSERT OR IGNORE INTO blobs (sha256, kind, media, size, bytes)"
                " VALUES ('a', 'original', 'application/zlib', 1, x'00')"
            )
        return self.add("imports", at=at, file_name="a.csv", sha256="a", format="taobao-orders", counts=counts)

    def board(self) -> Board:
        return store.evaluate(self.shop.reader())

    def lines(self, rule: str) -> list[Line]:
        return [line for line in self.board().lines if line.rule == rule]

    def line(self, rule: str) -> Line:
        (line,) = self.lines(rule)
        return line

    def sound(self) -> None:
        """Whatever was done, undone or done again: every kept figure is right."""
        assert not list(check.faults(self.shop.path))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    shop = Shop.create(tmp_path / "small.shop", name="Muhe Tea")
    with shop.change("Channel", "channels") as db:
        channel = channels.add(db, platform="taobao", name="Muhe", currency="CNY")
    made = Small(shop, channel)
    made.imported("2026-11-24 07:00:00")
    yield made
    shop.close()
