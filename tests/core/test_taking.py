"""Single records taken back from a backup: as they were then, once, and only they; undone in one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopdesk.core import backup, channels, check, taking
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.customers import store as customers
from shopdesk.inventory import verbs as inventory
from shopdesk.inventory.model import Move
from shopdesk.orders import returning
from shopdesk.orders import verbs as orders
from shopdesk.orders.model import ReturnKind
from shopdesk.reviews import verbs as reviews
from tests.drafts import write_own_note
from tests.walk import ACTS, Walk, content

TABLES = ("skus", "customers", "orders", "reviews")


class Evening:
    """A shop after an import, its backup, and the shop as it goes on."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.walk = Walk(Shop.create(folder / "walk.shop", name="Muhe"), seed, folder)
        with self.walk.shop.change("Channel", "channels") as db:
            channels.add(db, platform="taobao", name="Muhe", currency="CNY")
        self.walk.bring_in()
        self.copy: Shop | None = None

    def save(self) -> None:
        made = backup.make(self.shop, why="test")
        self.copy = Shop.open(backup.folder(self.shop.path) / made.name, write=False)

    @property
    def shop(self) -> Shop:
        return self.walk.shop

    @property
    def then(self) -> Connection:
        assert self.copy is not None
        return self.copy.reader()

    def all(self, table: str) -> list[int]:
        return [row[0] for row in self.then.execute(f"SELECT id FROM {table}")]

    def close(self) -> None:
        if self.copy is not None:
            self.copy.close()
        self.shop.close()


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    made = Evening(tmp_path)
    yield made
    made.close()


def first(con: Connection, table: str, column: str = "id") -> object:
    return con.execute(f"SELECT {column} FROM {table} ORDER BY id LIMIT 1").fetchone()[0]


def well(evening: Evening) -> None:
    assert [str(fault) for fault in check.faults(evening.shop.path)] == []


def test_a_deleted_order_comes_back_with_its_lines_and_goes_again_with_one_undo(evening: Evening):
    evening.save()
    order, before = first(evening.then, "orders"), content(evening.shop)
    orders.delete_orders(evening.shop, ids=[order])
    deleted = content(evening.shop)
    (told,) = taking.take(evening.shop, evening.then, "orders", [order])
    assert not told.missing
    assert told.title == first(evening.then, "orders", "number")
    assert content(evening.shop)["orders"] == before["orders"]
    assert content(evening.shop)["order_lines"] == before["order_lines"]
    well(evening)
    assert evening.shop.undo().label == "Took back 1 order"
    assert content(evening.shop) == deleted
    well(evening)


def test_a_shipped_and_edited_order_waits_again_as_it_did(evening: Evening):
    evening.save()
    order = evening.then.execute("SELECT id FROM orders WHERE status = 'to_ship'").fetchone()[0]
    before = content(evening.shop)
    orders.ship_orders(evening.shop, ids=[order], courier="SF", tracking="777")
    write_own_note(evening.shop, order, "wrong")
    after = content(evening.shop)
    (told,) = taking.preview(evening.shop, evening.then, "orders", [order])
    assert told.changes["status"] == ("shipped", "to_ship")
    assert told.changes["tracking"] == ("777", "")
    assert told.gone == {"order_events": 1}
    assert content(evening.shop) == after
    assert evening.shop.last_step().label.endswith(" edited")
    assert taking.take(evening.shop, evening.then, "orders", [order]) == [told]
    assert content(evening.shop) == before
    evening.shop.undo()
    assert content(evening.shop) == after
    evening.shop.redo()
    assert content(evening.shop) == before
    well(evening)


def test_what_an_undone_import_had_brought_comes_back_with_buyers_and_items(evening: Evening):
    evening.save()
    before, kept = content(evening.shop), evening.all("orders")
    evening.shop.undo()
    assert content(evening.shop)["orders"] == []
    found = taking.take(evening.shop, evening.then, "orders", kept)
    assert all(told.missing for told in found)
    was = evening.then.execute("SELECT status, title, paid FROM orders WHERE id = ?", (found[0].record,)).fetchone()
    assert was["title"]
    assert found[0].changes == {name: (None, was[name]) for name in ("status", "title", "paid")}
    now = content(evening.shop)
    for table in ("orders", "order_lines", "order_events", "customers", "products"):
        assert now[table] == before[table], table
    assert now["imports"] == before["imports"][:1]  # that of the file which brought them
    well(evening)
    evening.shop.undo()
    assert content(evening.shop)["orders"] == []
    well(evening)
    evening.shop.redo()
    assert content(evening.shop)["orders"] == before["orders"]
    well(evening)


def test_after_an_undone_import_was_made_again_nothing_is_there_twice(evening: Evening):
    evening.save()
    evening.shop.undo()
    evening.walk.bring_in_files([evening.walk.folder / "orders-1.csv", evening.walk.folder / "lines-1.csv"])
    again = content(evening.shop)
    found = [told for table in TABLES for told in taking.take(evening.shop, evening.then, table, evening.all(table))]
    assert [told for told in found if told.missing] == []
    now = content(evening.shop)
    assert {name: len(rows) for name, rows in now.items()} == {name: len(rows) for name, rows in again.items()}
    well(evening)


def test_what_is_the_same_is_said_to_be_so_and_no_step_is_made(evening: Evening):
    evening.save()
    last = evening.shop.last_step()
    for table in TABLES:
        found = taking.take(evening.shop, evening.then, table, evening.all(table))
        assert found == [] or all(told.same for told in found)
    assert evening.shop.last_step() == last


def test_a_product_gets_its_own_fields_back_and_keeps_the_moves_made_since(evening: Evening):
    sku = first(evening.shop.reader(), "skus")
    inventory.book(evening.shop, sku_id=sku, move=Move.COUNT, qty=10)
    evening.save()
    inventory.edit_sku(evening.shop, sku_id=sku, values={"name": "wrong", "shelf": "X"})
    inventory.edit_product(evening.shop, product_id=sku, values={"name": "wrong"})
    inventory.book(evening.shop, sku_id=sku, move=Move.RECEIVE, qty=5)
    (told,) = taking.take(evening.shop, evening.then, "skus", [sku])
    assert set(told.changes) >= {"name", "shelf"}
    assert told.rows == {"products": 1}
    row = evening.shop.reader().execute("SELECT name, on_hand FROM skus WHERE id = ?", (sku,)).fetchone()
    assert (row["name"], row["on_hand"]) == (first(evening.then, "skus", "name"), 15)
    well(evening)


def test_a_count_that_was_undone_comes_back_with_its_product(evening: Evening):
    sku = first(evening.shop.reader(), "skus")
    inventory.book(evening.shop, sku_id=sku, move=Move.COUNT, qty=10)
    evening.save()
    evening.shop.undo()
    (told,) = taking.take(evening.shop, evening.then, "skus", [sku])
    assert told.rows == {"stock_moves": 1}
    assert first(evening.shop.reader(), "skus", "on_hand") == 10
    well(evening)


def test_notes_returns_and_replies_come_along(evening: Evening):
    buyer, order = first(evening.shop.reader(), "customers"), first(evening.shop.reader(), "orders")
    customers.log_contact(evening.shop, customer_id=buyer, text="called")
    returning.open_return(evening.shop, order_id=order, kind=ReturnKind.REFUND, amount=100)
    review = reviews.add_review(evening.shop, channel_id=1, draft=evening.walk.review())
    reviews.answer_review(evening.shop, review_id=review, reply="thanks")
    evening.save()
    before = content(evening.shop)
    for _ in range(4):
        evening.shop.undo()
    for table in TABLES:
        taking.take(evening.shop, evening.then, table, evening.all(table))
    now = content(evening.shop)
    for table in ("customer_notes", "returns", "return_lines", "reviews"):
        assert now[table] == before[table], table
    well(evening)


def test_from_a_backup_of_another_shop_records_come_under_new_numbers(evening: Evening, tmp_path: Path):
    """Ids that mean something else here are not taken for the same records."""
    evening.save()
    other = tmp_path / "other"
    other.mkdir()
    walk = Walk(Shop.create(other / "b.shop", name="B"), 9, other)
    customers_before = content(walk.shop)["customers"]
    inventory.add_product(walk.shop, product={"name": "Cup"}, sku={"code": "OWN"}, level=3)
    wanted = evening.all("orders")
    taking.take(walk.shop, evening.then, "orders", wanted)
    now = content(walk.shop)
    assert len(now["orders"]) == len(wanted)
    assert customers_before == []
    assert "Cup" in {row["name"] for row in walk.shop.reader().execute("SELECT name FROM skus WHERE code = 'OWN'")}
    assert [str(fault) for fault in check.faults(walk.shop.path)] == []
    assert taking.preview(walk.shop, evening.then, "orders", wanted[:1])[0].same
    walk.shop.close()


def test_whoever_counts_may_stop_it_and_nothing_is_written(evening: Evening):
    evening.save()
    orders.delete_orders(evening.shop, ids=evening.all("orders"))
    now = content(evening.shop)

    def stop(_done: int) -> None:
        raise ShopError("stop")

    for act in (taking.take, taking.preview):
        with pytest.raises(ShopError):
            act(evening.shop, evening.then, "orders", evening.all("orders"), count=stop)
        assert content(evening.shop) == now


@pytest.mark.parametrize("seed", range(6))
def test_after_any_acts_taking_everything_back_gives_the_records_of_the_backup(tmp_path: Path, seed: int):
    evening = Evening(tmp_path, seed)
    try:
        _go(evening.walk, 30)
        evening.save()
        _go(evening.walk, 50)
        before, step = _raw(evening.shop), evening.shop.last_step()
        for table in TABLES:
            taking.preview(evening.shop, evening.then, table, evening.all(table))
        assert (_raw(evening.shop), evening.shop.last_step()) == (before, step)
        for table in TABLES:
            taking.take(evening.shop, evening.then, table, evening.all(table))
        well(evening)
        _assert_all_there(evening)
        for table in TABLES:
            assert all(told.same for told in taking.preview(evening.shop, evening.then, table, evening.all(table)))
        while evening.shop.last_step() != step:
            assert evening.shop.undo().label.startswith("Took back")
        well(evening)
        assert _raw(evening.shop) == before
    finally:
        evening.close()


def _raw(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """All but the time by which an order had to leave, which stays as it was worked out last once it has left."""
    said = content(shop)
    at = [row["name"] for row in shop.reader().execute("PRAGMA table_xinfo(orders)")].index("ship_by")
    said["orders"] = [row[:at] + row[at + 1 :] for row in said["orders"]]
    return said


def _go(walk: Walk, turns: int) -> None:
    for turn in range(turns):
        try:
            if turn % 20 == 10:
                walk.bring_in()
            elif not walk.number(0, 6):
                walk.shop.undo()
            else:
                walk.chance.choice(ACTS[:-2])(walk)  # settings and channels are no records to be taken back
        except ShopError:
            pass


OWN = {
    "orders": "SELECT o.channel_id, o.number, o.buyer, o.paid, o.status, o.seller_note, o.tracking, o.deleted_at"
    " FROM orders o",
    "order_lines": "SELECT o.channel_id, o.number, l.line_key, l.name, l.qty, l.price, l.held, l.deleted_at"
    " FROM order_lines l JOIN orders o ON o.id = l.order_id",
    "order_events": "SELECT o.channel_id, o.number, e.at, e.kind, e.status, e.note FROM order_events e"
    " JOIN orders o ON o.id = e.order_id",
    "returns": "SELECT number, buyer, state, amount, deleted_at FROM returns",
    "skus": "SELECT key, name, shelf, min_qty, tags, deleted_at FROM skus",
    "products": "SELECT key, name FROM products",
    "stock_moves": "SELECT s.key, m.at, m.kind, m.qty, m.level FROM stock_moves m JOIN skus s ON s.id = m.sku_id",
    "customers": "SELECT handle, name, note, tags, deleted_at FROM customers",
    "customer_notes": "SELECT c.handle, n.at, n.text, n.deleted_at FROM customer_notes n"
    " JOIN customers c ON c.id = n.customer_id",
    "reviews": "SELECT key, stars, body, reply, state, deleted_at FROM reviews",
}


def _assert_all_there(evening: Evening) -> None:
    """All rows of the backup are there; of what belongs to an order nothing else lives."""
    now, then = evening.shop.reader(), evening.then
    for table, query in OWN.items():
        was, is_ = (Counter(map(tuple, con.execute(query))) for con in (then, now))
        assert not was - is_, table
    numbers = {tuple(row) for row in then.execute("SELECT channel_id, number FROM orders")}
    for table in ("order_lines", "order_events"):
        mine = Counter(tuple(r) for r in now.execute(OWN[table]) if tuple(r)[:2] in numbers)
        was = Counter(map(tuple, then.execute(OWN[table])))
        more = mine - was
        assert table == "order_lines" or not more
        assert all(row[-1] is not None for row in more), table


def test_the_backup_itself_is_never_written(evening: Evening):
    evening.save()
    orders.delete_orders(evening.shop, ids=evening.all("orders"))
    assert evening.copy is not None
    before = evening.copy.path.read_bytes()
    taking.take(evening.shop, evening.then, "orders", evening.all("orders"))
    assert evening.copy.path.read_bytes() == before
