"""Every kept figure follows every fact: whatever row is changed in whatever column, `check` finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from shopdesk.core import check, sqlite
from shopdesk.core.schema import kept_columns
from shopdesk.core.shop import Shop

TABLES = (
    "settings", "channels", "products", "skus", "stock_moves", "customers", "orders", "order_lines",
    "order_events", "returns", "return_lines", "reviews",
)  # fmt: skip
MOMENTS = ("2026-11-01 08:00:00", "2026-11-20 23:59:59", "2026-11-24 00:00:00", "2026-11-24 14:50:00", None)
WORDS = ("青釉盖碗", "TB-100", "", "zs 1042", "🌸")
REFERS = {
    "channel_id": "channels", "product_id": "products", "sku_id": "skus", "customer_id": "customers",
    "order_id": "orders", "return_id": "returns", "order_line_id": "order_lines",
}  # fmt: skip
CHOICES = {
    "status": ("unpaid", "to_ship", "shipped", "done", "closed", None),
    "state": ("open", "received", "refunded", "exchanged", "refused", "answered"),
    "currency": ("CNY", "USD"), "stars": (1, 3, 5), "qty": (-2, 1, 3, 700),
    "sex": ("", "male"), "by_hand": (0, 1), "level": (0, 9), "stars_goods": (None, 4), "birthday": (None, "1990-02-29", "02-29"),
}  # fmt: skip
KINDS = {
    "stock_moves": ("receive", "level", "damage"), "order_lines": ("goods", "charge", "discount"),
    "order_events": ("status", "note"), "returns": ("refund", "return", "exchange"),
    "return_lines": ("goods", "charge"),
}  # fmt: skip
NUMBERS = {"paid", "price", "amount", "goods", "postage", "discount", "position", "cost", "min_qty", "max_qty", "tax"}
FEW = {"channels", "products", "skus", "customers"}
LEFT_OUT = {"id", "extra", "edited", "tags", "import_id", "picture", "number_damaged", "problem", "lead_days"}


class Editor:
    """Rows and values that chance picks."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.chance = Random(seed)

    def one(self, con: sqlite.Connection, table: str) -> int | None:
        found = [row[0] for row in con.execute(f"SELECT id FROM {table}")]
        return self.chance.choice(found) if found else None

    def value(self, con: sqlite.Connection, table: str, column: str) -> object:
        if column in REFERS:
            return self.one(con, REFERS[column])
        if column == "kind":
            return self.chance.choice(KINDS[table])
        if column in CHOICES:
            return self.chance.choice(CHOICES[column])
        if column.endswith("_at") or column == "at":
            return self.chance.choice(MOMENTS)
        if column in NUMBERS or column.startswith("stars_"):
            return self.chance.choice((0, 1, 3, 999, 12345, 2**40)) if column in NUMBERS else 3
        if column in ("key", "number", "handle", "line_key"):
            return str(self.chance.randint(0, 10**6))
        return self.chance.choice(WORDS)

    def edit(self, con: sqlite.Connection) -> None:
        table = self.chance.choice(TABLES)
        if table in FEW and self.chance.random() < 0.5:
            table = self.chance.choice(("orders", "order_lines", "order_events"))
        names = [c for c in sqlite.columns(con, table) if c not in kept_columns(table) | LEFT_OUT]
        turn = self.chance.random()
        if table == "settings":
            con.execute("UPDATE settings SET value = ? WHERE key = 'cutoff'", (f'"{self.chance.randint(10, 20)}:00"',))
        elif turn < 0.45:
            row = {name: self.value(con, table, name) for name in names}
            if "deleted_at" in row:
                row["deleted_at"] = None
            if table == "stock_moves":
                row["qty" if row["kind"] == "level" else "level"] = None
            if table == "order_events":
                row["status"] = row["status"] if row["kind"] == "status" else None
                row["due_at"] = row["due_at"] if row["status"] in ("shipped", "done", "closed") else None
            marks = ", ".join(f":{name}" for name in row)
            con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
        elif turn < 0.93:
            name = self.chance.choice(names)
            con.execute(
                f"UPDATE {table} SET {name} = ? WHERE id = ?", (self.value(con, table, name), self.one(con, table))
            )
        else:
            con.execute(f"DELETE FROM {table} WHERE id = ?", (self.one(con, table),))


@pytest.fixture
def roomy(tmp_path: Path) -> Iterator[Shop]:
    """A shop with a few rows of everything."""
    shop = Shop.create(tmp_path / "a.shop", name="A")
    with shop.change("Start") as db:
        db.execute("INSERT INTO settings (key, value) VALUES ('cutoff', '\"17:00\"')")
    yield shop
    shop.close()


@pytest.mark.parametrize("seed", range(4))
def test_any_raw_edit_leaves_no_figure_behind(roomy: Shop, seed: int):
    editor = Editor(roomy, seed)
    done = 0
    for turn in range(260):
        try:
            with roomy.change("Edit {turn}", turn=turn) as db:
                for _ in range(editor.chance.choice((1, 1, 1, 4))):
                    editor.edit(db.conn)
            done += 1
        except sqlite.IntegrityError:
            continue
        assert [str(fault) for fault in check.faults(roomy.path)] == [], turn
        if not editor.chance.randint(0, 9):
            roomy.undo()
            assert [str(fault) for fault in check.faults(roomy.path)] == [], turn
    assert done > 60


def _hamilton(total: int, weights: list[int]) -> list[int]:
    """Shares by largest remainder, equal remainders to the earlier part; all weights 0 count as equal."""
    weights = weights if sum(weights) else [1] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    best = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in best[: total - sum(parts)]:
        parts[at] += 1
    return parts


def test_what_was_paid_is_shared_by_largest_remainder(roomy: Shop):
    chance = Random(1)
    wanted = {}
    with roomy.change("Orders") as db:
        channel = db["channels"].insert({"platform": "jd", "name": "a", "currency": "CNY"}).last_pk
        for number in range(300):
            paid = chance.choice((0, 1, 100, chance.randrange(10**7), 2**53))
            prices = [chance.choice((0, 1, 3, 99, chance.randrange(10**8))) for _ in range(chance.randint(1, 6))]
            row = {"channel_id": channel, "number": str(number), "currency": "CNY", "paid": paid}
            order = db["orders"].insert(row).last_pk
            for at, price in enumerate(prices):
                line = {
                    "order_id": order,
                    "line_key": str(at),
                    "position": at,
                    "qty": 3,
                    "price": price,
                    "amount": price,
                }
                db["order_lines"].insert(line)
            wanted[order] = _hamilton(paid, [price * 3 for price in prices])
    found: dict[int, list[int]] = {}
    for order, share in roomy.reader().execute(
        "SELECT order_id, share FROM order_lines ORDER BY order_id, position, id"
    ):
        found.setdefault(order, []).append(share)
    assert found == wanted
