"""What chance may do to a shop: acts of every tab, on records that it picks, and all that the shop then says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from shopdesk.board import verbs as board
from shopdesk.board.model import Line as BoardLine
from shopdesk.core import channels, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.customers import store as customers
from shopdesk.exchange import commands
from shopdesk.inventory import verbs as inventory
from shopdesk.inventory.model import Move
from shopdesk.orders import editing, returning
from shopdesk.orders import verbs as orders
from shopdesk.orders.matching import match_tracking
from shopdesk.orders.model import Problem, ReturnKind
from shopdesk.orders.pasting import pasted_rows
from shopdesk.orders.records import Draft, DraftLine
from shopdesk.reviews import verbs as reviews
from shopdesk.reviews.drafts import Draft as ReviewDraft
from shopdesk.reviews.model import State
from tests.shop_files import lines_csv, orders_csv

DAY = date(2026, 11, 24)
NOT_STEPS = ("meta", "blobs", "remembered", "board_codes", "sqlite_sequence", "_sqlite_migrations")
TEXTS = ("", "普洱 生茶", "a\u2028b", "\"'; --", "0", "🌸", " 7 ", "[1]", "e\u0301")
AT = ("2026-11-01 08:00:00", "2026-11-20 23:59:59", "2026-11-24 00:00:00", "2026-11-24 14:50:00")

Act = Callable[["Walk"], object]


def content(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Everything the shop says; the sums without their ids, which are made anew."""
    return said_by(shop.reader())


def said_by(con: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a connection sees of a shop."""
    tables = [
        row[0]
        for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        if not row[0].startswith(("search_", "journal_")) and row[0] not in NOT_STEPS
    ]
    said = {name: [tuple(row) for row in con.execute(f"SELECT * FROM {name} ORDER BY 1")] for name in tables}
    said["sales_hours"] = sorted(row[1:] for row in said["sales_hours"])
    return said


class Walk:
    """A shop on its way, and what chance picks in it."""

    def __init__(self, shop: Shop, seed: int, folder: Path) -> None:
        self.shop = shop
        self.chance = Random(seed)
        self.folder = folder
        self.files = 0

    def one(self, table: str, where: str = "true") -> int:
        """A record that chance picks."""
        found = [row[0] for row in self.shop.reader().execute(f"SELECT id FROM {table} WHERE {where}")]
        if not found:
            raise ShopError("nothing to act on")
        return self.chance.choice(found)

    def some(self, table: str, where: str = "true") -> list[int]:
        """One to three of them."""
        return [self.one(table, where) for _ in range(self.chance.randint(1, 3))]

    def text(self) -> str:
        return self.chance.choice(TEXTS)

    def number(self, low: int = 0, high: int = 30) -> int:
        return self.chance.randint(low, high)

    def draft(self) -> Draft:
        lines = tuple(
            DraftLine(self.text() or "杯", self.number(1, 4), self.number(0, 5000), sku_id=self.one("skus"))
            for _ in range(self.number(1, 3))
        )
        return Draft(
            channel_id=self.one("channels"), number=f"H{self.number(0, 200)}", buyer=self.text(), lines=lines,
            paid_at=self.chance.choice((*AT, None)), seller_note=self.text(),
        )  # fmt: skip

    def review(self) -> ReviewDraft:
        return ReviewDraft(
            stars=self.number(1, 5), body=self.text(), buyer=self.text(), written_at=AT[self.number(0, 3)]
        )

    def order_number(self) -> str:
        found = self.shop.reader().execute("SELECT number FROM orders WHERE id = ?", (self.one("orders"),)).fetchone()
        return str(found[0])

    def pasted(self) -> str:
        """Two columns as they are pasted, order numbers and tracking numbers."""
        return "".join(f"{self.order_number()}\tSF{self.number(1, 99)}\n" for _ in range(self.number(1, 3)))

    def line(self) -> BoardLine:
        if self.number(0, 1):
            return BoardLine("task", self.one("tasks"), "today", "t")
        return BoardLine("ship", self.chance.choice((None, 1, 2)), "today", "t")

    def reopen(self) -> None:
        self.shop.close()
        self.shop = Shop.open(self.shop.path)

    def bring_in(self) -> None:
        """Import an order list and its lines: new orders and others of before."""
        self.files += 1
        numbers = [f"98860412775500{self.number(0, 12):04}" for _ in range(8)]
        states = ("买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭", "等待买家付款")
        heads = orders_csv(
            self.folder / f"orders-{self.files}.csv",
            *({"订单编号": n, "订单状态": self.chance.choice(states), "买家会员名": f"b{n[-1]}"} for n in set(numbers)),
        )
        lines = lines_csv(
            self.folder / f"lines-{self.files}.csv",
            *(
                {"订单编号": n, "购买数量": str(self.number(1, 3)), "商家编码": f"CUP-{self.number(1, 3)}"}
                for n in numbers
            ),
        )
        self.bring_in_files([heads, lines])

    def bring_in_files(self, files: list[Path]) -> None:
        """Import these files."""
        commands.import_files(self.shop, files, channel="Muhe")


def _setting(w: Walk) -> None:
    with w.shop.change("Setting", "settings") as db:
        settings.put(db, "cutoff", f"{w.number(10, 20)}:00")


def _channel(w: Walk) -> None:
    with w.shop.change("Channel", "channels") as db:
        if w.number(0, 1):
            channels.rename(db, w.one("channels"), name=f"c{w.number(0, 9)}")
        else:
            channels.add(db, platform="jd", name=f"c{w.number(0, 9)}", currency="CNY")


LIVE = "deleted_at IS NULL"
ACTS: tuple[Act, ...] = (
    lambda w: orders.ship_orders(w.shop, ids=w.some("orders", LIVE), courier="SF", tracking=w.text()),
    lambda w: orders.ship_orders(w.shop, ids=w.some("orders", "status = 'to_ship'"), at=w.chance.choice(AT)),
    lambda w: orders.flag_problem(w.shop, ids=w.some("orders"), kind=w.chance.choice(list(Problem)), note=w.text()),
    lambda w: orders.clear_problem(w.shop, ids=w.some("orders")),
    lambda w: orders.mark_paid(w.shop, ids=w.some("orders", LIVE), paid=w.number(0, 9999), at=w.chance.choice(AT)),
    lambda w: orders.mark_done(w.shop, ids=w.some("orders", LIVE)),
    lambda w: orders.close_orders(w.shop, ids=w.some("orders", LIVE), note=w.text()),
    lambda w: orders.add_note(w.shop, order_id=w.one("orders"), note=w.text()),
    lambda w: orders.ship_pasted(w.shop, matches=match_tracking(w.shop.reader(), pasted_rows(w.pasted())), courier="YTO"),
    lambda w: orders.ship_parcels(
        w.shop, parcels=[(order, "JD", w.text()) for order in w.some("orders", LIVE)], at=w.chance.choice((*AT, None))
    ),
    lambda w: orders.delete_orders(w.shop, ids=w.some("orders", LIVE)),
    lambda w: editing.add_order(w.shop, draft=w.draft()),
    lambda w: editing.edit_order(w.shop, order_id=w.one("orders", LIVE), draft=w.draft()),
    lambda w: returning.open_return(
        w.shop, order_id=w.one("orders", LIVE), kind=w.chance.choice(list(ReturnKind)), amount=w.number(0, 999)
    ),
    lambda w: returning.receive_return(w.shop, return_id=w.one("returns"), restock=bool(w.number(0, 1))),
    lambda w: returning.refund_return(w.shop, return_id=w.one("returns"), amount=w.number(0, 999)),
    lambda w: returning.refund_order(w.shop, order_id=w.one("orders", LIVE), amount=w.number(1, 999), close=True),
    lambda w: returning.exchange_return(w.shop, return_id=w.one("returns")),
    lambda w: returning.refuse_return(w.shop, return_id=w.one("returns"), note=w.text()),
    lambda w: inventory.book(
        w.shop, sku_id=w.one("skus"), move=w.chance.choice(list(Move)), qty=w.number(1, 30), at=w.chance.choice(AT)
    ),
    lambda w: inventory.add_product(w.shop, product={"name": w.text()}, sku={"code": f"K{w.number()}"}, level=w.number()),
    lambda w: inventory.add_variant(w.shop, product_id=w.one("products"), sku={"code": f"K{w.number()}"}),
    lambda w: inventory.edit_sku(w.shop, sku_id=w.one("skus"), values={"shelf": w.text(), "name": w.text()}),
    lambda w: inventory.edit_skus(w.shop, ids=w.some("skus"), values={"min_qty": w.number()}, add_tags=[w.text()]),
    lambda w: inventory.edit_product(w.shop, product_id=w.one("products"), values={"name": w.text()}),
    lambda w: inventory.set_picture(w.shop, sku_id=w.one("skus"), data=b"\x89PNG\r\n\x1a\n" + bytes([w.number()])),
    lambda w: inventory.delete_skus(w.shop, ids=w.some("skus", LIVE)),
    lambda w: customers.add_customer(w.shop, channel_id=w.one("channels"), name=w.text(), handle=f"h{w.number()}"),
    lambda w: customers.edit_customer(w.shop, customer_id=w.one("customers"), name=w.text(), note=w.text()),
    lambda w: customers.tag_customers(w.shop, ids=w.some("customers"), add=[w.text()]),
    lambda w: customers.log_contact(w.shop, customer_id=w.one("customers"), text=w.text()),
    lambda w: customers.delete_contact(w.shop, note_id=w.one("customer_notes")),
    lambda w: customers.delete_customers(w.shop, ids=w.some("customers", LIVE)),
    lambda w: reviews.add_review(w.shop, channel_id=w.one("channels"), draft=w.review()),
    lambda w: reviews.add_reviews(w.shop, channel_id=w.one("channels"), drafts=[w.review() for _ in range(w.number(1, 4))]),
    lambda w: reviews.edit_review(w.shop, review_id=w.one("reviews"), stars=w.number(1, 5), body=w.text()),
    lambda w: reviews.answer_review(w.shop, review_id=w.one("reviews"), reply=w.text()),
    lambda w: reviews.set_state(w.shop, ids=w.some("reviews"), state=w.chance.choice(list(State))),
    lambda w: reviews.set_cause(w.shop, ids=w.some("reviews"), cause=w.text()),
    lambda w: reviews.set_note(w.shop, review_id=w.one("reviews"), note=w.text()),
    lambda w: reviews.link_review(
        w.shop, review_id=w.one("reviews"), order_number=w.chance.choice(("", w.order_number())),
        sku_text=f"K{w.number()}" if w.number(0, 1) else "",
    ),
    lambda w: reviews.delete_reviews(w.shop, ids=w.some("reviews", LIVE)),
    lambda w: board.add_task(w.shop, title=w.text(), day=DAY, minutes=w.number()),
    lambda w: board.edit_task(
        w.shop, w.one("tasks"), title=w.text(), day=DAY, minutes=w.number(), due=w.chance.choice((None, "16:00")),
        note=w.text(),
    ),
    lambda w: board.delete_task(w.shop, w.one("tasks")),
    lambda w: board.add_routine(w.shop, title=w.text(), every="week", days=[1, 3]),
    lambda w: board.edit_routine(
        w.shop, w.one("routines"), title=w.text(), every="month", days=[w.number(1, 28)], minutes=w.number(), due=None
    ),
    lambda w: board.delete_routine(w.shop, w.one("routines")),
    lambda w: board.set_minutes(w.shop, day=DAY, line=w.line(), minutes=w.number()),
    lambda w: board.place(w.shop, day=DAY, order=[w.line().key for _ in range(w.number(1, 4))]),
    lambda w: board.tick(w.shop, day=DAY, lines=[w.line()]),
    lambda w: board.untick(w.shop, day=DAY, lines=[w.line()]),
    lambda w: board.snooze(w.shop, day=DAY, lines=[w.line()], until=date(2026, 11, 26)),
    lambda w: board.wake(w.shop, lines=[w.line()]),
    lambda w: board.write_note(w.shop, day=DAY, line=w.line(), text=w.text()),
    lambda w: board.choose_rule(w.shop, rule="ship", enabled=bool(w.number(0, 1)), minutes=w.number()),
    _setting,
    _channel,
)  # fmt: skip
