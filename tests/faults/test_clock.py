"""Year's end, 29 February, hours that come twice or not at all, a clock that is set back, another time zone."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from shopdesk import app as program_module
from shopdesk.board import store as board
from shopdesk.board import verbs as tasks
from shopdesk.core import backup, check, clock
from shopdesk.core.shop import Shop, opened
from shopdesk.customers import model as customers
from shopdesk.exchange import commands, demo
from shopdesk.inventory import store as inventory_store
from shopdesk.inventory import verbs as inventory
from shopdesk.inventory.model import Move
from shopdesk.orders import returning
from shopdesk.orders import verbs as orders
from shopdesk.orders.model import ReturnKind, ship_by
from shopdesk.ui import keeping
from shopdesk.ui.inside import inside
from shopdesk.ui.language import switch_language
from shopdesk.ui.page import TablePage
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import theme
from tests.conftest import NOW
from tests.faults.stage import Figures, sized, template
from tests.journeys.day import TABS, Owner
from tests.shop_files import table_csv

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

BACK = timedelta(days=2)
NEGATIVE = re.compile(
    r"(?<![\w.,:~-])[-\u2212]\s?\d+(?:\.\d+)?\s?(?:(?:min|h|d|days?|hours?|weeks?)\b|天|小时|分钟|周)"
)
WAITING = "SELECT id FROM orders WHERE status = 'to_ship' AND deleted_at IS NULL ORDER BY id"


@pytest.mark.parametrize("said", ["-3 min left", "\u22122天前", "(-1 d 4 h late)", "waits -40 hours"])
def test_a_negative_age_is_seen(said: str):
    assert NEGATIVE.search(said)


@contextmanager
def zone(name: str) -> Iterator[None]:
    """The computer stands in another zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@pytest.fixture
def owner(qtbot, request, monkeypatch) -> Iterator[Owner]:
    monkeypatch.setattr(program_module, "WARM_UP_MS", 10_000_000)
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 10_000_000)
    program_module.application()
    made = Owner(qtbot, getattr(request, "param", "en"))
    yield made
    made.stop()
    switch_language("en")
    theme().set_mode("light")


def told(owner: Owner) -> Iterator[str]:
    """Every word on every page, and in the drawer of its first record."""
    for name in (*TABS, "settings"):
        owner.window.open_page(name)
        owner.settle()
        page = owner.page(name)
        if isinstance(page, TablePage) and page.rows.rowCount():
            page.table.setFocus()
            owner.key(Qt.Key.Key_Home)
            owner.key(Qt.Key.Key_Return)
            rows, columns = min(page.rows.rowCount(), 60), page.rows.columnCount()
            yield from (
                f"{name}: {page.rows.index(row, column).data()}" for row in range(rows) for column in range(columns)
            )
        yield from (f"{name}: {label.text()}" for label in inside(owner.window, PlainLabel) if label.isVisible())
    owner.tab("board")
    yield from (f"board: {line}" for line in owner.lines())


def keys(shop: Shop) -> list[tuple[str, int | None]]:
    """What stands on the list."""
    return [line.key for line in board.evaluate(shop.reader()).lines]


# the end of a year, over midnight with the window open


def test_at_midnight_of_the_years_end_today_becomes_the_new_day(owner: Owner, tmp_path: Path):
    path = template(tmp_path)
    with clock.at(datetime(2026, 12, 31, 23, 59, 58)):
        with opened(path) as shop:
            tasks.add_task(shop, title="old year", day=date(2026, 12, 31))
            tasks.add_task(shop, title="new year", day=date(2027, 1, 1))
        owner.start(path)
        page = owner.page("board")
        assert page.board.day == date(2026, 12, 31)
        codes = {line.key: line.code for line in page.board.lines}
        titles = [line.title for line in page.board.lines]
        assert "old year" in titles
        assert "new year" not in titles
        clock.freeze(datetime(2027, 1, 1, 0, 0, 1))
        page._clock.timeout.emit()
        owner.settle()
        assert page.board.day == date(2027, 1, 1)
        assert "1 Jan" in page.fact_label.text()
        titles = [line.title for line in page.board.lines]
        assert titles.count("old year") == titles.count("new year") == 1  # what was left over is still there, once
        assert len({line.code for line in page.board.lines}) == len(page.board.lines)
        assert {line.code for line in page.board.lines} & set(codes.values())  # the codes begin anew
        today = owner.one("SELECT coalesce(sum(orders), 0) FROM v_day WHERE day = '2027-01-01'")[0]
        assert today == 0
        assert not [said for said in told(owner) if NEGATIVE.search(said)]


# 29 February


def test_who_was_born_on_29_february_has_a_birthday_every_year():
    for year, day in ((2027, 28), (2028, 29), (2100, 28)):
        hits = [
            on
            for on in (date(year, 1, 1) + timedelta(days=n) for n in range(365))
            if "02-29" in customers.coming_birthdays(on, 0)
        ]
        assert hits == [date(year, 2, day)]
        assert "02-29" in customers.coming_birthdays(date(year, 2, 26), 3)


@pytest.mark.parametrize("day", ["2028-02-28", "2028-02-29", "2027-02-28", "2027-12-31"])
def test_an_order_paid_at_the_end_of_a_month_leaves_the_next_day_there_is(day: str):
    following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    assert ship_by(paid_at=f"{day} 23:59:58", cutoff="17:00", hours=24) == f"{following} 17:00:00"
    assert ship_by(paid_at=f"{day} 16:59:59", cutoff="17:00", hours=24) == f"{day} 17:00:00"


@pytest.mark.parametrize(
    ("owner", "moment"),
    [("en", datetime(2028, 2, 29, 12, 0)), ("zh_CN", datetime(2026, 12, 31, 23, 59, 58))],
    indirect=["owner"],
)
def test_every_page_of_a_busy_shop_stands_at_a_leap_day_and_a_years_end(owner: Owner, tmp_path: Path, moment: datetime):
    with clock.at(moment):
        demo.make(tmp_path / "demo.shop")
        owner.start(tmp_path / "demo.shop")
        said = list(told(owner))
        assert len(said) > 300
        assert not [one for one in said if NEGATIVE.search(one)]
    assert list(check.faults(tmp_path / "demo.shop")) == []


# hours that come twice or not at all


@pytest.mark.parametrize(
    ("where", "moment"),
    [
        ("America/New_York", datetime(2026, 3, 8, 2, 30)),
        ("America/New_York", datetime(2026, 11, 1, 1, 30)),
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30)),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30)),
    ],
)
def test_in_an_hour_that_is_not_there_or_twice_acts_keep_their_order(tmp_path: Path, where: str, moment: datetime):
    path = template(tmp_path)
    with zone(where), clock.at(moment), opened(path) as shop:
        first, second = (row[0] for row in shop.reader().execute(f"{WAITING} LIMIT 2"))
        orders.ship_orders(shop, ids=[first], courier="SF", tracking="1")
        clock.freeze(moment - timedelta(minutes=59))  # the same hour again
        orders.mark_done(shop, ids=[first])
        orders.ship_orders(shop, ids=[second], courier="SF", tracking="2")
        status = shop.reader().execute("SELECT status FROM orders WHERE id = ?", (first,)).fetchone()[0]
        assert status == "done"
        happened = [entry.step.id for entry in shop.history("orders", first)]
        assert happened == sorted(happened, reverse=True)
        keys(shop)
        assert list(check.faults(path)) == []
        assert len({made.name for made in (backup.make(shop, why="test") for _ in range(2))}) == 2


# the clock is set back


@pytest.mark.parametrize("owner", ["en", "zh_CN"], indirect=True)
def test_a_clock_set_back_two_days_makes_no_negative_age_on_any_page(owner: Owner, tmp_path: Path):
    path = tmp_path / "demo.shop"
    demo.make(path)
    owner.start(path)
    with clock.at(NOW - BACK):
        said = list(told(owner))
    assert len(said) > 300
    assert not [one for one in said if NEGATIVE.search(one)]
    Figures("clock", {"words looked at": len(said)}).keep()


def test_a_clock_set_back_two_days_keeps_the_order_of_what_happened(tmp_path: Path):
    path = template(tmp_path)
    shop = Shop.open(path)
    first = shop.reader().execute(WAITING).fetchone()[0]
    orders.ship_orders(shop, ids=[first], courier="SF", tracking="1")
    before = shop.last_step()
    clock.freeze(NOW - BACK)
    orders.mark_done(shop, ids=[first])
    assert shop.reader().execute("SELECT status FROM orders WHERE id = ?", (first,)).fetchone()[0] == "done"
    assert shop.last_step().id > before.id
    undone = shop.undo()
    assert undone.id > before.id
    assert shop.reader().execute("SELECT status FROM orders WHERE id = ?", (first,)).fetchone()[0] == "shipped"
    assert list(check.faults(path)) == []
    shop.close()


OF_SKU = "SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE l.sku_id = ? AND o.status = ?"


def _count(shop: Shop, sku: int, known: int | None) -> int:
    inventory.book(shop, sku_id=sku, move=Move.COUNT, qty=7)
    return 7


def _receive(shop: Shop, sku: int, known: int | None) -> int | None:
    inventory.book(shop, sku_id=sku, move=Move.RECEIVE, qty=3)
    return None if known is None else known + 3


def _ship(shop: Shop, sku: int, known: int | None) -> int | None:
    waits = shop.reader().execute(OF_SKU, (sku, "to_ship")).fetchone()
    if waits is None:
        return known
    orders.ship_orders(shop, ids=[waits[0]])
    return None if known is None else known - 1


def _come_back(shop: Shop, sku: int, known: int | None) -> int | None:
    sent = shop.reader().execute(OF_SKU, (sku, "shipped")).fetchone()
    if sent is None:
        return known
    line = shop.reader().execute("SELECT id FROM order_lines WHERE order_id = ?", sent).fetchone()[0]
    made = returning.open_return(shop, order_id=sent[0], kind=ReturnKind.RETURN, amount=0, pieces={line: 1})
    returning.receive_return(shop, return_id=made, restock=True)
    return None if known is None else known + 1


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, int, int]]:
    """A shop, one of its SKUs that orders wait for, and its last step."""
    with opened(template(tmp_path_factory.mktemp("stocked"))) as shop:
        sku = shop.reader().execute("SELECT id FROM skus WHERE code = 'CUP-9'").fetchone()[0]
        yield shop, sku, shop.last_step().id


@given(
    acts=st.lists(
        st.tuples(st.sampled_from((_count, _receive, _ship, _come_back)), st.integers(-200_000, 200_000)), max_size=10
    )
)
@example([(_count, 0), (_receive, -172_800), (_ship, -172_800), (_come_back, -172_800), (_count, -172_800)])
@example([(_count, 0), (_ship, 0), (_count, -1), (_ship, -2), (_ship, 3)])
@settings(max_examples=sized(20, 60, 1000), deadline=None, database=None)
def test_however_the_clock_jumps_stock_is_what_was_done_in_its_order(
    stocked: tuple[Shop, int, int], acts: list[tuple[Callable[[Shop, int, int | None], int | None], int]]
):
    shop, sku, first = stocked
    while shop.last_step().id > first:
        shop.undo()
    known = None
    for act, seconds in acts:
        clock.freeze(NOW + timedelta(seconds=seconds))
        known = act(shop, sku, known)
        assert shop.reader().execute("SELECT on_hand FROM skus WHERE id = ?", (sku,)).fetchone()[0] == known
    assert [line.balance for line in inventory_store.journal(shop.reader(), sku)[:1]] in ([], [known])
    assert list(check.faults(shop.path)) == []
    Figures("clock", {"acts with stock": len(acts)}).keep()


def test_a_stock_file_is_as_old_as_it_says_and_one_without_times_is_of_now(shop: Shop, tmp_path: Path):
    def brought(level: str) -> int:
        row = {"SKU": "CUP-1", "Handle": "cup", "Title": "Cup", "On hand (current)": level}
        commands.import_files(
            shop, [table_csv(tmp_path / f"{level}.csv", "inventory_export.csv", row)], channel="South"
        )
        return shop.reader().execute("SELECT on_hand FROM skus WHERE code = 'CUP-1'").fetchone()[0]

    assert brought("7") == 7
    clock.freeze(NOW - BACK)
    assert brought("9") == 9
    sku = shop.reader().execute("SELECT id FROM skus").fetchone()[0]
    inventory.book(shop, sku_id=sku, move=Move.COUNT, qty=5, at=clock.text(NOW - 2 * BACK))
    assert shop.reader().execute("SELECT on_hand FROM skus").fetchone()[0] == 9


def test_a_clock_set_back_two_days_loses_no_task_and_shows_none_twice(tmp_path: Path):
    with opened(template(tmp_path)) as shop:
        made = tasks.add_task(shop, title="today's", day=NOW.date())
        for moment in (NOW, NOW - BACK, NOW, NOW + BACK):
            clock.freeze(moment)
            found = keys(shop)
            assert len(found) == len(set(found))
            assert found.count(("task", made)) == (moment >= NOW)
        line = next(line for line in board.evaluate(shop.reader()).lines if line.key == ("task", made))
        tasks.tick(shop, day=clock.today(), lines=[line])
        clock.freeze(NOW)
        assert not [
            line for line in board.evaluate(shop.reader()).lines if line.key == ("task", made) and not line.done
        ]
        assert list(check.faults(shop.path)) == []


def test_a_clock_set_back_loses_no_backup_and_the_newest_stays_the_newest(tmp_path: Path):
    with opened(template(tmp_path)) as shop:
        made = []
        for moment in (NOW + timedelta(days=400), NOW, NOW - BACK, NOW - timedelta(days=500), NOW):
            clock.freeze(moment)
            tasks.add_task(shop, title=f"{moment}", day=moment.date())
            assert backup.due(shop)
            made.append(backup.make(shop, why="test"))
            assert backup.newest(shop.path) == made[-1]
            assert not backup.due(shop)
        assert {one.name for one in made} <= {one.name for one in backup.listed(shop.path)}


def test_another_time_zone_between_starts_moves_no_time_of_the_shop(tmp_path: Path):
    path = template(tmp_path)
    seen = []
    for where in ("Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"):
        with zone(where), opened(path) as shop:
            seen.append((keys(shop), shop.last_step(), [*shop.reader().execute("SELECT at FROM order_events")]))
            assert list(check.faults(path)) == []
    assert seen[0] == seen[1] == seen[2]
    QApplication.processEvents()
