"""The owner's own tables: one question each, written with every export."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopdesk.core import own
from shopdesk.core.shop import Shop
from shopdesk.exchange import own_views
from shopdesk.exchange.commands import export_tables, import_files
from tests.hostile.watching import live_in_csv
from tests.shop_files import demo_files


def put(text: str, name: str = "dear buyers.sql") -> None:
    path = own.folder("views") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("xlsx", [False, True])
def test_an_own_table_is_written_with_the_others(shop: Shop, tmp_path: Path, xlsx: bool) -> None:
    put(
        "-- who buys most\n\nSELECT name, '=1+1' AS x, orders, spent FROM v_customers WHERE orders > 0 ORDER BY spent DESC;\n"
    )
    import_files(shop, demo_files()[:4])
    told: list[str] = []
    names = export_tables(shop, tmp_path / "out", xlsx=xlsx, tell=told.append)
    name = f"own dear buyers.{'xlsx' if xlsx else 'csv'}"
    assert name in names
    assert told == []
    if not xlsx:
        data = (tmp_path / "out" / name).read_bytes()
        assert data.decode("utf-8-sig").splitlines()[0] == '"name","x","orders","spent"'
        assert len(data.splitlines()) > 3
        assert live_in_csv(data) == []


def test_a_table_without_rows_has_its_headings(shop: Shop, tmp_path: Path) -> None:
    put("SELECT name, orders FROM v_customers WHERE orders < 0")
    assert "own dear buyers.csv" in export_tables(shop, tmp_path / "out")


WRONG = {
    "SELECT phone FROM customers": "line 1, is not used: a question reads the views (v_orders, v_stock …) with plain functions, and nothing else.",
    "-- a\n-- b\nDROP TABLE orders": "line 3, is not used: a question begins with SELECT.",
    "-- a\nSELECT 1 AS a; SELECT 2": "line 2, is not used: a question is one SELECT, without remarks and quoted names.",
    "SELECT nope FROM v_orders": "line 1, is not used: there is no “nope” to ask for.",
    "-- only this": "line 1, is not used: a question begins with SELECT.",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_file_that_cannot_be_used_is_one_sentence_and_the_export_goes_on(
    shop: Shop, tmp_path: Path, text: str
) -> None:
    put(text)
    told: list[str] = []
    names = export_tables(shop, tmp_path / "out", tell=told.append)
    assert told == [f"dear buyers.sql, {WRONG[text]}"]
    assert "orders.csv" in names
    assert not [name for name in names if name.startswith("own ")]


def test_the_name_of_a_file_is_no_path(shop: Shop, tmp_path: Path) -> None:
    put("SELECT 1 AS a", "a..b.sql")
    told: list[str] = []
    export_tables(shop, tmp_path / "out", tell=told.append)
    assert told == ["a..b.sql is not used: its name is more than letters, digits, spaces and dashes."]


def test_a_table_of_too_many_rows_is_none(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_views, "MOST_ROWS", 10)
    put("SELECT a.value FROM json_each('[1,2,3,4]') a, json_each('[1,2,3,4]') b")
    told: list[str] = []
    export_tables(shop, tmp_path / "out", tell=told.append)
    assert told == ["dear buyers.sql, line 1, is not used: it has more than 10 rows."]
