"""Every rule opens because of data, says why, and ends because the data changed, with the evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shopdesk.board import asking, rules
from shopdesk.core import clock, settings, words
from tests.board.conftest import Small

TODAY = "2026-11-24"


def _stick(small: Small, **known: str) -> None:
    with small.shop.change("test") as db:
        settings.put(db, "second_folder", "/media/muhe")
    with small.shop.quiet() as db:
        said = json.dumps({"folder": "/media/muhe", **known})
        db.execute("INSERT OR REPLACE INTO remembered VALUES ('second_folder', ?)", (said,))


@dataclass(frozen=True)
class Case:
    """What starts a rule, what it says then, what ends it, what it says then."""

    rule: str
    start: Callable[[Small], int]
    title: str
    why: str
    end: Callable[[Small, int], object]
    evidence: str
    due: str | None = None
    minutes: int | None = None


def _short(small: Small) -> int:
    sku = small.sku("White gaiwan")
    small.stock(sku, "2026-11-20 09:00:00", level=1)
    small.order(sku=sku, paid_at=f"{TODAY} 09:00:00")
    return small.order(sku=sku, qty=3, paid_at=f"{TODAY} 10:00:00")


def _selling(small: Small) -> int:
    sku = small.sku("Linen coasters", lead_days=7)
    small.stock(sku, "2026-11-01 09:00:00", level=65)
    for day in range(2, 22):
        at = f"2026-11-{day:02d} 10:00:00"
        small.order("shipped", sku=sku, qty=3, paid_at=at, shipped_at=at)
    return sku


def _under(small: Small) -> int:
    sku = small.sku("Bamboo tray", min_qty=20)
    small.stock(sku, "2026-11-20 09:00:00", level=12)
    return sku


def _old_count(small: Small) -> int:
    sku = small.sku("Celadon gaiwan")
    small.stock(sku, "2026-09-01 09:00:00", level=12)
    return sku


def _flagged(small: Small) -> int:
    order = small.order(paid_at=f"{TODAY} 09:00:00", problem="address", problem_at=f"{TODAY} 10:12:00")
    small.event(order, f"{TODAY} 10:12:00", "problem")
    return order


def _explain(small: Small, order: int) -> None:
    small.change("orders", order, problem_note="Room 502", problem_at=f"{TODAY} 11:00:00")
    small.event(order, f"{TODAY} 11:00:00", "problem", note="Room 502")


def _regular(small: Small) -> int:
    customer = small.customer("Sun Mei")
    for month, day in (("08", "20"), ("09", "20"), ("10", "20")):
        at = f"2026-{month}-{day} 10:00:00"
        small.order("done", paid_at=at, shipped_at=at, customer_id=customer)
    return customer


def _return(small: Small) -> int:
    order = small.order("done", paid_at="2026-11-10 10:00:00", shipped_at="2026-11-10 15:00:00")
    return small.add(
        "returns", channel_id=small.channel, number="R1", order_id=order, buyer="Zhang San", kind="return",
        state="open", currency="CNY", amount=5000, opened_at="2026-11-19 10:00:00",
    )  # fmt: skip


CASES = (
    Case(
        "ship_today", lambda s: s.order(paid_at="2026-11-23 21:40:00"), "Ship the waiting order",
        "paid yesterday 21:40, must leave by 17:00", lambda s, o: s.ship(o, f"{TODAY} 14:02:00"),
        "14:02 shipped · SF1402…7310", due=f"{TODAY} 17:00:00", minutes=2,
    ),
    Case(
        "late", lambda s: s.order(paid_at="2026-11-22 10:00:00"), "Ship late order …0001: White gaiwan",
        "45 h 50 min over its time · Zhang San paid ¥129.00", lambda s, o: s.ship(o, f"{TODAY} 14:02:00"),
        "14:02 shipped · SF1402…7310", due="2026-11-22 17:00:00", minutes=3,
    ),
    Case(
        "out_of_stock", _short, "Tell a buyer that the item is short",
        "White gaiwan is 3 short; order …0002 must leave by today 17:00",
        lambda s, o: s.change("orders", o, problem="stock", problem_note="told", problem_at=f"{TODAY} 14:10:00"),
        "14:10 settled · order …0002", due=f"{TODAY} 17:00:00",
    ),
    Case(
        "problem_note", _flagged, "Write down what is wrong with a problem order",
        "order …0001 of Zhang San was flagged today 10:12 without a note", _explain, "11:00 noted · order …0001",
    ),
    Case(
        "unpaid", lambda s: s.order("unpaid", created_at=f"{TODAY} 00:40:00", goods=9900),
        "Ask about an unpaid order", "Zhang San ordered 14 h 10 min ago; you ask after 12 h",
        lambda s, o: (s.change("orders", o, paid_at=f"{TODAY} 14:00:00"), s.event(o, f"{TODAY} 14:00:00", status="to_ship")),
        "14:00 paid · order …0001",
    ),
    Case(
        "sells_out", _selling, "Restock Linen coasters before it sells out",
        "5 free, enough for 2 days at 60 sold in 30 days; restocking takes 7",
        lambda s, sku: s.stock(sku, f"{TODAY} 10:20:00", qty=200), "10:20 200 came in, 205 free now", minutes=5,
    ),
    Case(
        "below_minimum", _under, "Bring Bamboo tray back to its minimum", "12 free, your minimum is 20",
        lambda s, sku: s.stock(sku, f"{TODAY} 10:20:00", qty=10), "10:20 10 came in · Bamboo tray",
    ),
    Case(
        "count_stock", _old_count, "Count the most doubtful SKU", "Celadon gaiwan was counted 84 days ago",
        lambda s, sku: s.stock(sku, f"{TODAY} 13:00:00", level=11), "13:00 counted · Celadon gaiwan",
    ),
    Case(
        "bad_reviews", lambda s: s.review(1, "2026-11-23 19:20:00"), "Answer a bad review",
        "Zhang San has waited 19 h 30 min; your limit is 24 h",
        lambda s, r: s.change("reviews", r, state="answered", reply="Sorry", replied_at=f"{TODAY} 14:30:00"),
        "14:30 answered · Zhang San", due=f"{TODAY} 19:20:00", minutes=5,
    ),
    Case(
        "reviews_late", lambda s: s.review(5, "2026-11-23 10:20:00"), "Answer a review that waits",
        "Zhang San wrote 28 h 30 min ago; your limit is 24 h",
        lambda s, r: s.change("reviews", r, state="answered", reply="Thanks", replied_at=f"{TODAY} 14:30:00"),
        "14:30 answered · Zhang San",
    ),
    Case(
        "birthdays", lambda s: s.customer("Sun Mei", birthday="1990-11-26"), "Wish Sun Mei a happy birthday",
        "on Thu 26 Nov", lambda s, c: s.note(c, "greeting", f"{TODAY} 12:00:00"), "12:00 greeted · Sun Mei",
    ),
    Case(
        "past_rhythm", _regular, "Wake up Sun Mei", "buys every 31 days or so; it has been 35",
        lambda s, c: s.note(c, "talk", f"{TODAY} 12:00:00"), "12:00 written to · Sun Mei",
    ),
    Case(
        "returns_open", _return, "Settle a return", "Zhang San has waited 5 d 4 h; you allow 3 d",
        lambda s, r: s.change("returns", r, state="refunded", refunded_at=f"{TODAY} 12:05:00"),
        "12:05 settled · order …0001", due="2026-11-22 10:00:00",
    ),
    Case(
        "second_folder", lambda s: _stick(s, missed="2026-11-17 14:00:00"), "Plug in the stick for the backups",
        "nothing was copied to /media/muhe since 17 Nov",
        lambda s, _: _stick(s, missed="", returned=f"{TODAY} 12:00:00"), "12:00 copied to /media/muhe", minutes=2,
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_opens_and_ends_by_data(small: Small, case: Case):
    assert not small.lines(case.rule)
    record = case.start(small)
    line = small.line(case.rule)
    assert (line.title, line.why, line.done) == (case.title, case.why, False)
    assert case.due is None or line.due == case.due
    assert case.minutes is None or line.minutes == case.minutes
    case.end(small, record)
    line = small.line(case.rule)
    assert (line.done, line.by_hand, line.evidence) == (True, False, case.evidence)
    small.sound()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_speaks_chinese(small: Small, case: Case):
    record = case.start(small)
    words.use_language("zh_CN")
    line = small.line(case.rule)
    assert re.search(r"[一-鿿]", line.title)
    assert re.search(r"[一-鿿]", line.why)
    case.end(small, record)
    assert re.search(r"[一-鿿]", small.line(case.rule).evidence)


def counted(new: int, changed: int, refused: int, kind: str = "orders") -> str:
    counts = {"orders": {"read": 0, "new": 0}, "lines": {"read": 900, "new": 900}}
    counts[kind] = {"read": new + changed + refused, "new": new, "changed": changed, "refused": refused}
    return json.dumps({"rows": {"read": 9}, "kinds": counts})


def test_the_import_line_counts_what_came_in(small: Small):
    with small.shop.change("test") as db:
        db.execute("DELETE FROM imports")
    line = small.line("import_today")
    assert (line.title, line.why, line.done) == ("Import today's order files", "last import: never", False)
    small.imported("2026-11-23 18:00:00")
    assert small.line("import_today").why == "last import: yesterday 18:00"
    small.imported(f"{TODAY} 09:00:00", counted(300, 40, 7))
    small.imported(f"{TODAY} 09:05:00", counted(12, 5, 0))
    line = small.line("import_today")
    assert (line.done, line.evidence) == (True, "09:05 imported · 312 new, 45 changed, 7 refused")


def test_a_joint_line_counts_its_rows_and_shows_what_is_done_of_them(small: Small):
    orders = [small.order(paid_at=f"{TODAY} 1{n}:00:00") for n in range(3)]
    assert small.line("ship_today").title == "Ship the 3 waiting orders"
    small.ship(orders[0], f"{TODAY} 14:02:00")
    line = small.line("ship_today")
    assert (line.title, line.done) == ("Ship the 2 waiting orders", False)
    assert line.evidence == "14:02 shipped · SF1402…7310"
    for order in orders[1:]:
        small.ship(order, f"{TODAY} 14:20:00")
    line = small.line("ship_today")
    assert (line.done, line.evidence) == (True, "14:20 shipped · SF1402…7310 and 2 more")
    assert (small.board().out, small.board().to_leave) == (3, 3)


def test_stock_that_is_short_goes_to_the_order_that_must_leave_first(small: Small):
    _short(small)
    line = small.line("out_of_stock")
    assert line.count == 1
    assert "…0002" in line.why


def test_talking_to_the_buyer_ends_the_short_line(small: Small):
    sku = small.sku()
    small.stock(sku, "2026-11-20 09:00:00", level=0)
    customer = small.customer()
    small.order(sku=sku, paid_at=f"{TODAY} 10:00:00", customer_id=customer)
    assert small.lines("out_of_stock")
    small.note(customer, "talk", f"{TODAY} 11:00:00")
    assert not small.lines("out_of_stock")


def test_stock_that_comes_in_ends_the_short_line(small: Small):
    sku = small.sku()
    small.stock(sku, "2026-11-20 09:00:00", level=0)
    small.order(sku=sku, paid_at=f"{TODAY} 10:00:00")
    small.stock(sku, f"{TODAY} 12:00:00", qty=5)
    line = small.line("out_of_stock")
    assert (line.done, line.evidence) == (True, "12:00 settled · order …0001")


def test_no_stock_rule_speaks_of_stock_that_was_never_counted(small: Small):
    sku = small.sku(min_qty=5)
    small.order(sku=sku, qty=9, paid_at=f"{TODAY} 10:00:00")
    spoken = {line.rule for line in small.board().lines}
    assert not spoken & {"out_of_stock", "sells_out", "below_minimum", "count_stock"}


def test_five_doubtful_skus_a_day_and_then_no_more(small: Small):
    skus = [_old_count(small) for _ in range(8)]
    assert small.line("count_stock").title == "Count the 5 most doubtful SKUs"
    for sku in skus[:5]:
        small.stock(sku, f"{TODAY} 13:00:00", level=11)
    line = small.line("count_stock")
    assert (line.done, line.count) == (True, 5)


def test_what_sold_more_since_its_count_is_more_doubtful(small: Small):
    _old_count(small)
    busy = small.sku("Busy cup")
    small.stock(busy, "2026-09-10 09:00:00", level=50)
    small.order("shipped", sku=busy, qty=9, paid_at="2026-11-20 10:00:00", shipped_at="2026-11-20 12:00:00")
    assert small.line("count_stock").why == "Busy cup was counted 75 days ago"


@pytest.mark.parametrize(("day", "born", "says"), [
    ("2027-02-27", "1988-02-29", "on Sun 28 Feb"),
    ("2028-02-27", "1988-02-29", "on Tue 29 Feb"),
    ("2026-12-30", "--01-02", "on Sat 2 Jan"),
    ("2026-12-30", "--01-03", None),
])  # fmt: skip
def test_birthdays_over_the_year_and_on_29_february(small: Small, day: str, born: str, says: str | None):
    small.customer("Sun Mei", birthday=born)
    with clock.at(clock.now().fromisoformat(f"{day} 09:00:00")):
        found = small.lines("birthdays")
    assert [line.why for line in found] == ([says] if says else [])


def test_old_reviews_and_old_unpaid_orders_are_no_work_of_today(small: Small):
    small.review(1, "2026-06-01 10:00:00")
    small.review(5, "2026-06-01 10:00:00")
    small.order("unpaid", created_at="2026-09-01 10:00:00")
    assert {line.rule for line in small.board().lines} == {"import_today"}


def test_a_setting_moves_its_rule(small: Small):
    small.order("unpaid", created_at=f"{TODAY} 08:00:00", goods=9900)
    assert not small.lines("unpaid")
    with small.shop.change("test", "settings") as db:
        settings.put(db, "unpaid_hours", 6)
    assert small.line("unpaid").why == "Zhang San ordered 6 h 50 min ago; you ask after 6 h"


@pytest.mark.parametrize("rule", rules.bundled(), ids=lambda rule: rule.name)
def test_a_rule_reads_views_only(small: Small, rule: rules.Rule):
    con = small.shop.reader()
    read: set[tuple[str, str | None]] = set()
    values = asking.parameters(con, clock.now())

    def look(action: int, first: str | None, column: str | None, _base: str | None, view: str | None) -> int:
        if action == 20 and first is not None and column:
            read.add((first, view))
        return 0

    con.set_authorizer(look)
    for question in (rule.open, rule.done):
        con.execute(f"EXPLAIN {question}", values)
    con.set_authorizer(None)
    tables = {row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert not {first for first, view in read if first in tables and not str(view).startswith("v_")}


@pytest.mark.parametrize("rule", rules.bundled(), ids=lambda rule: rule.name)
def test_a_rule_is_served_by_indexes(small: Small, rule: rules.Rule):
    con = small.shop.reader()
    small_tables = ("SCAN s USING INDEX skus_stock", "SCAN l USING INDEX order_lines_held")
    for question in (rule.open, rule.done):
        plan = con.execute(f"EXPLAIN QUERY PLAN {question}", asking.parameters(con, clock.now()))
        for step in (row["detail"] for row in plan):
            scan = re.match(r"SCAN (?!CONSTANT|\(subquery|ahead|wanted|w$|d$|o$|sold|k VIRTUAL)", step)
            assert not scan or step.startswith(small_tables), step


def test_a_rule_file_that_lacks_a_word_is_named(tmp_path):
    (tmp_path / "bad.toml").write_text('name = "x"\nsection = "A"\n')
    with pytest.raises(rules.BadRule, match=r"bad\.toml"):
        rules.load(tmp_path)


def test_words_reach_columns_only():
    text = {"en": rules.Text("{n.__class__}", "{n.__class__}"), "zh": rules.Text("", "")}
    with pytest.raises(rules.BadRule):
        rules.say(text, {"n": 1})


FLAG = {"problem": "courier", "problem_note": "gate code 4711\nring twice", "problem_at": f"{TODAY} 08:00:00"}
UNPAID = {
    "paid": 0,
    "goods": 162500,
    "postage": 5000,
    "currency": "BDT",
    "buyer": "+15550157849",
    "receiver": "May Chan",
}


def test_the_note_of_a_flag_stands_in_every_line_of_its_order(small):
    small.order(paid_at="2026-11-22 10:00:00", **FLAG)
    small.order(paid_at=f"{TODAY} 09:00:00", **FLAG)
    small.order(paid_at=f"{TODAY} 09:30:00")
    small.order("unpaid", created_at=f"{TODAY} 00:40:00", goods=9900, **FLAG)
    said = "gate code 4711 ring twice"
    assert small.line("late").why == f"45 h 50 min over its time · look first: {said} · Zhang San paid ¥129.00"
    assert small.line("ship_today").why == (
        f"look first at …0002: {said} · oldest was paid today 09:00, must leave by 17:00"
    )
    assert small.line("unpaid").why.endswith(f"you ask after 12 h · note: {said}")


def test_what_is_collected_with_the_parcel_is_told_with_the_name_of_who_gets_it(small):
    small.order(created_at="2026-11-22 10:00:00", at="2026-11-22 10:00:00", **UNPAID)
    for hour in ("08", "09"):
        at = f"{TODAY} {hour}:00:00"
        small.order(created_at=at, at=at, **UNPAID)
    assert small.line("late").why == "45 h 50 min over its time · collect BDT 1,675.00 from May Chan"
    assert small.line("ship_today").why == (
        "oldest was ordered today 08:00, must leave by 17:00 · to collect BDT 3,350.00"
    )
    words.use_language("zh_CN")
    assert small.line("late").why == "已超时 45 小时 50 分 · 向 May Chan 收 BDT 1,675.00"


def test_a_part_that_names_nothing_is_left_out():
    text = rules.Text("{a} left · by {b}", "{n} left · {a:ever}")
    texts = {"en": text, "zh": text}
    assert rules.say(texts, {"a": 1, "b": None}) == "1 left"
    assert rules.say(texts, {"a": None, "b": "Ann"}) == "by Ann"
    assert rules.say(texts, {"a": None}, n=2) == "2 left · never"
