"""Order numbers that a spreadsheet has rounded: never two orders for one, whichever copy comes first."""

from __future__ import annotations

from pathlib import Path

from shopdesk.core.shop import Shop
from tests.exchange.importing import imported, one, rows
from tests.shop_files import lines_csv, orders_csv


def test_a_clean_export_mends_rounded_numbers(shop: Shop, tmp_path: Path) -> None:
    numbers = [f"2140730062701{n:02d}00" for n in range(30, 60)]
    at = {"订单创建时间": "2026/11/20 9:10", "订单付款时间 ": "2026/11/20 9:12"}
    damaged = orders_csv(
        tmp_path / "damaged.csv", *({"订单编号": f"{n} ", "买家会员名": f"b{n}", **at} for n in numbers)
    )
    first = imported(shop, damaged)
    assert first["orders"]["new"] == 30
    assert one(shop, "SELECT sum(number_damaged) FROM orders") == 30
    clean = orders_csv(
        tmp_path / "clean.csv",
        *({"订单编号": f"{n[:15]}23", "买家会员名": f"b{n}", "订单创建时间": "2026-11-20 09:10:41",
           "订单付款时间 ": "2026-11-20 09:12:07"} for n in numbers),
    )  # fmt: skip
    found = imported(shop, clean)
    assert (found["orders"]["new"], found["orders"]["changed"]) == (0, 30)
    assert one(shop, "SELECT count(*) FROM orders WHERE number LIKE '%23' AND NOT number_damaged") == 30
    again = imported(shop, damaged)
    assert (again["orders"]["new"], again["orders"]["unchanged"]) == (0, 30)


def _rounded_and_clean(folder: Path) -> list[Path]:
    """Orders and lines as the platform wrote them, and the same after a spreadsheet has saved them."""
    true = [f"2140730062701{n:02d}{n:02d}" for n in range(30, 60)]
    files = []
    for name, numbers, at in (
        ("clean", true, {"订单创建时间": "2026-11-20 09:10:41", "订单付款时间 ": "2026-11-20 09:12:07"}),
        (
            "rounded",
            [f"{n[:15]}00" for n in true],
            {"订单创建时间": "2026/11/20 9:10", "订单付款时间 ": "2026/11/20 9:12"},
        ),
    ):
        rows = [{"订单编号": number, "买家会员名": f"b{n}", **at} for n, number in enumerate(numbers)]
        files.append(orders_csv(folder / f"{name}.csv", *rows))
        files.append(lines_csv(folder / f"{name} lines.csv", *({"订单编号": number} for number in numbers)))
    return files


def test_a_clean_and_a_rounded_copy_dropped_together_are_the_same_orders(shop: Shop, tmp_path: Path) -> None:
    files = _rounded_and_clean(tmp_path)
    found = imported(shop, *files)
    assert (found["orders"]["new"], found["lines"]["new"]) == (30, 30)
    assert one(shop, "SELECT count(*) FROM orders WHERE number LIKE '%00' OR number_damaged") == 0
    assert one(shop, "SELECT count(*) FROM orders WHERE created_at LIKE '%:41' AND paid_at LIKE '%:07'") == 30
    assert rows(shop, "SELECT order_id, count(*) FROM order_lines GROUP BY 1 HAVING count(*) <> 1") == []
    again = imported(shop, *reversed(files))
    assert (again["orders"]["new"], again["orders"]["unchanged"]) == (0, 30)
    assert (again["lines"]["new"], again["lines"]["unchanged"]) == (0, 30)


def test_rounded_lines_follow_their_mended_orders(shop: Shop, tmp_path: Path) -> None:
    clean, _, rounded, lines = _rounded_and_clean(tmp_path)
    found = imported(shop, lines, rounded, clean)
    assert (found["orders"]["new"], found["lines"]["new"], found["lines"]["refused"]) == (30, 30, 0)
    assert one(shop, "SELECT count(*) FROM orders WHERE number LIKE '%00'") == 0


def test_where_two_clean_orders_fit_a_rounded_one_nothing_is_guessed(shop: Shop, tmp_path: Path) -> None:
    at = {"买家会员名": "b", "订单创建时间": "2026-11-20 09:10:41"}
    clean = orders_csv(tmp_path / "clean.csv", *({"订单编号": f"2140730062701302{n}", **at} for n in (1, 2)))
    rounded = orders_csv(
        tmp_path / "rounded.csv",
        *({"订单编号": f"21407300627013{n}00", **at} for n in (0, 4, 5)),
    )
    assert imported(shop, clean, rounded)["orders"]["new"] == 5
    assert one(shop, "SELECT sum(number_damaged) FROM orders") == 3
