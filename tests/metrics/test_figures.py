"""The figures: days, same-weekday comparison, shares, and the records behind each point."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from shopdesk.core import channels, check, clock
from shopdesk.core.shop import Shop
from shopdesk.metrics import store
from shopdesk.metrics.model import Figure, Range, change, comparable, compared, day_frame, last_days, pareto, total
from shopdesk.metrics.page import MetricsPage
from shopdesk.metrics.sums import gather
from shopdesk.metrics.wording import headline, versus
from shopdesk.ui.language import switch_language
from shopdesk.ui.text import PlainLabel


def add_order(shop: Shop, channel: int, number: str, paid_at: str, paid: int, *, units: int = 1, currency="CNY") -> int:
    with shop.change("Order", "orders") as db:
        order = (
            db["orders"]
            .insert({"channel_id": channel, "number": number, "currency": currency, "paid": paid, "paid_at": paid_at})
            .last_pk
        )
        product = db["products"].insert({"key": f"p{number}", "name": f"Item {number}"}).last_pk
        sku = (
            db["skus"]
            .insert({"product_id": product, "key": f"code:{number}", "name": f"Item {number}", "currency": currency})
            .last_pk
        )
        db["order_lines"].insert(
            {
                "order_id": order,
                "line_key": "1",
                "position": 1,
                "sku_id": sku,
                "name": "x",
                "qty": units,
                "price": 1,
                "amount": units,
            }
        )
        db["order_events"].insert(
            {"order_id": order, "at": paid_at, "kind": "status", "status": "to_ship", "by_hand": 0}
        )
    return order


@pytest.fixture
def sold(shop: Shop, channel: int) -> Shop:
    """Four Tuesdays of 100 each at 10:00 and as much again at 20:00, and 150 today at 09:00."""
    for week in range(1, 5):
        day = date(2026, 11, 24).toordinal() - 7 * week
        for hour in ("10:00:00", "20:00:00"):
            add_order(shop, channel, f"{week}{hour}", f"{date.fromordinal(day)} {hour}", 10000)
    add_order(shop, channel, "today", "2026-11-24 09:00:00", 15000, units=3)
    return shop


def test_an_unfinished_day_is_compared_with_the_same_hours(sold: Shop):
    sums = gather(sold.reader(), Range(date(2026, 11, 24), date(2026, 11, 24)))
    assert total(sums.days, Figure.SALES) == 15000
    assert total(sums.days, Figure.SALES, before=True) == 10000
    assert total(sums.days, Figure.UNITS) == 3
    assert change(15000, 10000) == 0.5


def test_a_finished_day_is_compared_with_whole_days(sold: Shop):
    with clock.at(datetime(2026, 11, 25, 8)):
        sums = gather(sold.reader(), Range(date(2026, 11, 24), date(2026, 11, 24)))
    assert total(sums.days, Figure.SALES, before=True) == 20000
    assert total(sums.days, Figure.AOV) == 15000
    assert total(sums.days, Figure.AOV, before=True) == 10000


def test_quiet_days_are_zero_and_nothing_before_is_no_change():
    span = Range(date(2026, 3, 1), date(2026, 3, 3))
    whole = Range(date(2026, 2, 1), date(2026, 3, 3))
    frame = compared(day_frame([("2026-03-02", 500, 1, 2, 0)], whole), day_frame([], span), span, whole.first)
    assert list(frame["sales"]) == [0, 500, 0]
    assert list(frame["sales_before"]) == [0, 0, 0]
    assert change(500, total(frame, Figure.SALES, before=True)) is None


def test_days_before_the_first_sale_are_compared_with_nothing():
    span = Range(date(2026, 3, 1), date(2026, 3, 16))
    rows = [(f"2026-03-{day:02d}", 100 * day, 1, 1, 0) for day in range(2, 17)]
    whole = Range(date(2026, 2, 1), span.last)
    frame = compared(day_frame(rows, whole), day_frame([], span), span, date(2026, 3, 2))
    assert list(frame["sales_before"].isna()) == [True] * 8 + [False] * 8
    assert frame.loc["2026-03-16", "sales_before"] == (200 + 900) / 2
    assert list(comparable(frame).index) == list(frame.index[8:])
    assert len(comparable(compared(day_frame([], whole), day_frame([], span), span, None))) == 0


def test_the_change_is_that_of_the_days_that_can_be_compared(shop: Shop, channel: int):
    for n, day in enumerate(("2026-11-10", "2026-11-17", "2026-11-18")):
        add_order(shop, channel, str(n), f"{day} 09:00:00", 10000)
    sums = gather(shop.reader(), last_days(28))
    assert headline(sums, Figure.SALES)[:2] == ("¥300", "±0%")
    assert versus(sums) == "from 17 Nov on, compared with the last four of each weekday"


def test_refunds_stand_on_their_own_day_and_sales_stay(sold: Shop, channel: int):
    order = sold.reader().execute("SELECT id FROM orders WHERE number = 'today'").fetchone()[0]
    with sold.change("Refund", "orders") as db:
        db["returns"].insert(
            {"channel_id": channel, "number": "today", "order_id": order, "kind": "refund", "state": "refunded",
             "currency": "CNY", "amount": 4000, "refunded_at": "2026-11-23 12:00:00"}
        )  # fmt: skip
    sums = gather(sold.reader(), last_days(7))
    assert total(sums.days, Figure.REFUNDS) == 4000
    assert sums.days.loc["2026-11-23", "refunded"] == 4000
    assert total(sums.days, Figure.SALES) == 15000
    assert list(check.faults(sold.path)) == []


def test_another_currency_stands_apart(sold: Shop):
    with sold.change("Channel", "channels") as db:
        abroad = channels.add(db, platform="etsy", name="Muhe Etsy", currency="USD")
    add_order(sold, abroad, "e1", "2026-11-24 01:00:00", 2500, currency="USD")
    sums = gather(sold.reader(), last_days(7))
    assert total(sums.days, Figure.SALES) == 15000
    assert sums.others == [("USD", 2500)]
    assert [found.name for found in sums.best] == ["Item today"]


def test_products_add_up_to_the_days(sold: Shop):
    span = last_days(90)
    sums = gather(sold.reader(), span)
    assert sum(amount for _, amount, _ in sums.products) == total(sums.days, Figure.SALES)
    assert store.channels(sold.reader(), span)[0].sales == 95000
    assert sum(map(sum, sums.heat)) == 9
    assert sums.heat[1][10] == 4


def test_pareto_classes():
    shares, first, second = pareto([800, 100, 60, 30, 10])
    assert shares[0] == 0.8
    assert (first, second) == (1, 3)
    assert pareto([]) == ([], 0, 0)


def page_of(desk, qtbot) -> MetricsPage:
    page = MetricsPage(desk)
    qtbot.addWidget(page)
    page.resize(1190, 714)
    page.show()
    page.shown()
    assert desk.worker.wait_idle(20000)
    return page


def test_the_page_shows_figures_and_opens_the_orders_behind_a_day(sold: Shop, desk, qtbot):
    page = page_of(desk, qtbot)
    assert "¥750" in page.dashboard.tiles[Figure.SALES].accessibleName()
    with qtbot.waitSignal(page.open_requested) as asked:
        page.dashboard.line.point_clicked.emit(27)
    name, what = asked.args
    assert name == "orders"
    rows = sold.reader().execute(f"SELECT number FROM orders WHERE {what['where']}", what["params"]).fetchall()
    assert [row[0] for row in rows] == ["today"]


def test_every_click_leads_to_records_that_are_there(sold: Shop, desk, qtbot):
    page = page_of(desk, qtbot)
    for signal, args in (
        (page.dashboard.channel_bars.row_clicked, (0,)), (page.dashboard.product_bars.row_clicked, (0,)),
        (page.dashboard.heat_map.cell_clicked, (1, 10)), (page.dashboard.pareto_chart.bar_clicked, (0,)),
    ):  # fmt: skip
        with qtbot.waitSignal(page.open_requested) as asked:
            signal.emit(*args)
        what = asked.args[1]
        found = sold.reader().execute(f"SELECT count(*) FROM orders WHERE {what['where']}", what["params"]).fetchone()
        assert found[0] > 0, what


def words_of(page: MetricsPage) -> list[str]:
    parts = [*page.nothing.findChildren(PlainLabel), *page.nothing.findChildren(QPushButton)]
    return [part.text() for part in parts if part.isVisible() and part.text()]


def test_an_empty_shop_says_where_figures_come_from(shop: Shop, desk, qtbot):
    page = page_of(desk, qtbot)
    assert words_of(page) == ["No figures yet", "They come with the first paid orders.", "Import orders"]
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseClick(page.nothing.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert asked.args == ["import", None]
    switch_language("zh_CN")
    page.retranslate()
    assert "还没有数据" in words_of(page)
    switch_language("en")


def test_days_without_sales_lead_to_the_newest_ones(shop: Shop, channel: int, desk, qtbot):
    add_order(shop, channel, "old", "2026-06-03 10:00:00", 12900)
    page = page_of(desk, qtbot)
    assert words_of(page) == [
        "Nothing was sold in these days", "The newest sales are of 3 Jun.", "Show the newest sales",
    ]  # fmt: skip
    qtbot.mouseClick(page.nothing.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert desk.worker.wait_idle(20000)
    assert page.dashboard.tiles[Figure.ORDERS].accessibleName().startswith("Orders 1")
    assert page.dashboard.isVisible()
    switch_language("zh_CN")
    page.retranslate()
    assert page.dashboard.tiles[Figure.ORDERS].text() == "订单"
    switch_language("en")
