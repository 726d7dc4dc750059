"""Whatever holds text is declared: as a person's words, as text that may name somebody, or as neither."""

from __future__ import annotations

import pytest

from shopdesk.core import personal
from shopdesk.core.schema import features
from shopdesk.core.shop import Shop

_OURS = ("_sqlite_migrations", "sqlite_", "search_")


def _text_columns(shop: Shop) -> set[tuple[str, str]]:
    con = shop.reader()
    tables = [row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {
        (table, row["name"])
        for table in tables
        if not table.startswith(_OURS)
        for row in con.execute(f"PRAGMA table_info({table})").fetchall()
        if row["type"] == "TEXT"
    }


def test_every_column_of_text_is_declared_once(shop: Shop) -> None:
    said = [
        (table, column)
        for feature in features()
        for declared in (feature.naming, feature.choosing, feature.impersonal)
        for table, columns in declared.items()
        for column in columns
    ]
    personal_ones = [(p.table, column) for p in personal.declared() for column in (*p.blanks, *p.numbers, *p.within)]
    whole = [*said, *personal_ones]
    assert sorted(whole) == sorted(set(whole)), "declared twice"
    assert set(whole) == _text_columns(shop)


@pytest.mark.parametrize("found", personal.declared(), ids=lambda p: p.table)
def test_what_is_emptied_can_be_emptied(shop: Shop, found: personal.Personal) -> None:
    info = {row["name"]: row for row in shop.reader().execute(f"PRAGMA table_info({found.table})")}
    for column, blank in found.blanks.items():
        assert blank is not None or not info[column]["notnull"], column
    assert set(found.of) <= set(info)
    assert set(found.of.values()) <= {p.table for p in personal.declared()}
