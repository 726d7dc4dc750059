"""The demo shop is a believable busy day, whenever it is opened."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shopdesk.board import rules
from shopdesk.board import store as board_store
from shopdesk.board.model import Board
from shopdesk.core import check, clock, words
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.exchange import demo
from shopdesk.inventory import store as inventory
from tests import demo_files

MOMENTS = (
    "2026-11-22 14:30:00", "2026-11-23 00:00:00", "2026-12-02 08:20:00", "2027-01-01 10:45:00",
    "2028-02-29 16:10:00", "2027-02-28 20:40:00", "2026-11-24 23:50:00",
)  # fmt: skip
MOVED = (
    ("orders", "created_at"), ("orders", "paid_at"), ("orders", "shipped_at"), ("order_events", "at"),
    ("returns", "opened_at"), ("reviews", "written_at"), ("reviews", "replied_at"), ("stock_moves", "at"),
    ("tasks", "done_at"),
)  # fmt: skip


@pytest.fixture(scope="module", params=MOMENTS)
def made(request, tmp_path_factory) -> Iterator[tuple[Shop, datetime, Board]]:
    """The demo shop made at a moment, the moment, and its list."""
    now = datetime.fromisoformat(request.param)
    path = tmp_path_factory.mktemp("demo") / "demo.shop"
    words.use_language("en")
    with clock.at(now):
        demo.make(path)
        shop = Shop.open(path)
        yield shop, now, board_store.evaluate(shop.reader(), now)
        shop.close()


def one(shop: Shop, asked: str) -> object:
    """The single figure that a query gives."""
    return shop.reader().execute(asked).fetchone()[0]


def test_nothing_in_it_has_not_happened_yet(made):
    shop, now, _ = made
    for table, column in MOVED:
        newest = one(shop, f"SELECT max({column}) FROM {table}")
        assert newest is not None, f"{table}.{column} is nowhere told"
        # what is shipped in the second of a count comes a second after it
        assert newest <= clock.text(now + timedelta(seconds=1)), f"{table}.{column} is in the future"


def test_every_figure_in_it_is_right(made):
    shop, _, _ = made
    assert [str(fault) for fault in check.faults(shop.path)] == []


def test_every_rule_has_a_line(made):
    _, _, board = made
    of_a_stick = {"second_folder"}  # the demo has none that could be missed
    assert {line.rule for line in board.lines} >= {rule.name for rule in rules.bundled()} - of_a_stick
    assert not board.troubles


def test_the_day_is_busy_and_can_be_done(made):
    _, now, board = made
    assert 8 <= board.out <= 10
    late = [line for line in board.lines if line.rule == "late"]
    assert 1 <= len(late) <= 2, "the evening made the orders of the morning late"
    assert now < board.cutoff
    if now.hour < 21:
        assert board.load().spare >= 0


def test_a_line_of_every_way_is_done(made):
    _, _, board = made
    by_data = {line.rule for line in board.lines if line.done and not line.by_hand}
    assert {"import_today", "reviews_late"} <= by_data
    assert [line.title for line in board.lines if line.by_hand] == ["Pay the courier for last week"]


def test_every_chip_shows_something(made):
    shop, _, _ = made
    for where in (inventory.BELOW, inventory.SOLD_OUT, inventory.UNKNOWN, inventory.OVER):
        assert one(shop, f"SELECT count(*) FROM skus WHERE {where}"), where
    assert one(shop, "SELECT count(*) FROM skus WHERE shelf = ''") == 0
    assert one(shop, "SELECT count(*) FROM orders WHERE problem IS NOT NULL") == 2
    assert one(shop, "SELECT count(*) FROM orders WHERE problem_note <> ''") == 1
    for status in ("unpaid", "to_ship", "shipped", "done", "closed"):
        assert one(shop, f"SELECT count(*) FROM orders WHERE status = '{status}'"), status


def test_the_last_step_is_this_mornings_parcels(made):
    shop, _, _ = made
    assert shop.last_step().label == "8 orders marked shipped"
    told = (resource("demo", "tracking.txt")).read_text("utf-8").split()
    rows = shop.reader().execute("SELECT number, tracking FROM orders WHERE tracking LIKE 'SF14020%' ORDER BY number")
    assert [cell for row in rows for cell in tuple(row)] == told


def test_what_the_counts_left_is_what_the_shelf_holds(made):
    shop, _, _ = made
    with resource("demo", "notebook", "stock_moves.csv").open(encoding="utf-8", newline="") as stream:
        counted = [row["sku"].removeprefix("code:") for row in csv.DictReader(stream)]
    for code in counted:
        assert one(shop, f"SELECT on_hand FROM skus WHERE code = '{code}'") > 0, code


def test_the_files_are_those_that_the_generator_writes(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(demo_files, "FOLDER", tmp_path)
    demo_files.main()
    written = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file())
    assert len(written) == 13
    for file in written:
        assert (tmp_path / file).read_bytes() == resource("demo", str(file)).read_bytes(), file


def test_what_left_this_morning_is_off_the_shelf(tmp_path: Path):
    clock.freeze(None)
    demo.make(tmp_path / "demo.shop")
    shop = Shop.open(tmp_path / "demo.shop")
    told = one(shop, "SELECT level FROM stock_moves m JOIN skus s ON s.id = m.sku_id WHERE s.code = 'CO-LN-4'")
    left = one(shop, "SELECT sum(qty) FROM order_lines l JOIN orders o ON o.id = l.order_id"
                     " WHERE code = 'CO-LN-4' AND tracking LIKE 'SF14020%'")  # fmt: skip
    assert one(shop, "SELECT on_hand FROM skus WHERE code = 'CO-LN-4'") == told - left < told
    shop.close()
