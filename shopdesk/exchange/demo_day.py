"""What the owner of the demo shop did by hand: her limits, birthdays, plans, and this morning's parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shopdesk.board import store as board_store
from shopdesk.board import verbs as board
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.core.words import tr
from shopdesk.customers import store as customers
from shopdesk.inventory import verbs as inventory
from shopdesk.orders import verbs as orders
from shopdesk.orders.matching import match_tracking
from shopdesk.orders.model import Problem
from shopdesk.orders.pasting import pasted_rows


@dataclass(frozen=True, slots=True)
class Limit:
    """SKUs that get the same limit."""

    codes: tuple[str, ...]
    name: str
    pieces: int


LIMITS = (
    Limit(("CN-OSM", "TP-ZS-200", "KT-600"), "min_qty", 12),
    Limit(("GW-150-WH", "GW-150-CE", "CO-LN-4"), "min_qty", 20),
    Limit(("CL-3",), "max_qty", 150),
)
BIRTHDAYS = (("七月", 1), ("小茶虫", 2), ("nora.blum@example.com", 3), ("老周", 41), ("priya.nair@example.com", 120))
"""Buyers, and in how many days they have their birthday."""


_READY = """
SELECT id, platform FROM v_orders
WHERE status = 'to_ship' AND id NOT IN (
    SELECT r.order_id FROM v_reserved r JOIN v_stock s ON s.id = r.sku_id WHERE s.on_hand < s.held)
ORDER BY paid DESC, id
"""
"""Orders that wait and whose goods are all there, the dearest first."""


def live(shop: Shop, today: date) -> None:
    """Do by hand what the owner did up to now, each act a step to undo; the parcels last."""
    for limit in LIMITS:
        inventory.edit_skus(shop, ids=_ids(shop, "skus", "code", limit.codes), values={limit.name: limit.pieces})
    for buyer, days in BIRTHDAYS:
        (customer,) = _ids(shop, "customers", "handle", (buyer,))
        birthday = f"{today + timedelta(days=days):%m-%d}"
        customers.edit_customer(shop, customer_id=customer, birthday=birthday)
    _plan(shop, today)
    matches = match_tracking(shop.reader(), pasted_rows(_tracking()))
    _flag(shop, {match.order_id for match in matches})
    orders.ship_pasted(shop, matches=matches, courier=tr("SF Express"))


def _plan(shop: Shop, today: date) -> None:
    """Her own lines: one is ticked already, one is of yesterday, two come back by themselves."""
    paid = board.add_task(shop, title=tr("Pay the courier for last week"), day=today, minutes=10)
    lines = [line for line in board_store.evaluate(shop.reader()).lines if line.own and line.record == paid]
    board.tick(shop, day=today, lines=lines)
    board.add_task(
        shop, title=tr("New main picture for the bamboo tray"), day=today - timedelta(days=1), minutes=20,
        note=tr("daylight, with the celadon gaiwan on it"),
    )  # fmt: skip
    board.add_routine(shop, title=tr("Look at what similar shops ask"), every="day", minutes=10)
    board.add_routine(shop, title=tr("Order boxes and wrapping paper"), every="week", days=[today.weekday()])


def _flag(shop: Shop, leaving: set[int | None]) -> None:
    """The dearest order of each channel that stays and has its goods: one with a note, one still without."""
    rows = shop.reader().execute(_READY)
    staying = [(row["id"], row["platform"]) for row in rows if row["id"] not in leaving]
    moved_house = next(order for order, platform in staying if platform == "taobao")
    wish = next(order for order, platform in staying if platform == "shopify")
    note = tr("Moved house: the new address is in the chat")
    orders.flag_problem(shop, ids=[moved_house], kind=Problem.ADDRESS, note=note)
    orders.flag_problem(shop, ids=[wish], kind=Problem.COURIER)


def _tracking() -> str:
    return resource("demo", "tracking.txt").read_text("utf-8")


def _ids(shop: Shop, table: str, column: str, values: Sequence[str]) -> list[int]:
    marks = ", ".join("?" * len(values))
    rows = shop.reader().execute(f"SELECT id FROM {table} WHERE {column} IN ({marks}) ORDER BY id", tuple(values))
    return [row["id"] for row in rows]
