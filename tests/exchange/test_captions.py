"""Every caption of the import preview is a word of the owner's language, never the name of a column."""

from __future__ import annotations

import re

import pytest

from shopdesk.core.words import tr, use_language
from shopdesk.exchange import own, plan_goods, plan_orders, preview, preview_changes, preview_lists
from shopdesk.exchange.columns import Layout
from shopdesk.exchange.formats import Format, column_names
from shopdesk.exchange.own_formats import load_formats
from shopdesk.exchange.own_import import NO_FACTS

_RAW = re.compile(r"[a-z_]+(\.[a-z_]+)?")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_COMPARED = {
    "orders": plan_orders.ORDER_FIELDS, "lines": plan_orders.LINE_FIELDS, "products": plan_goods.PRODUCT_FIELDS,
    "skus": plan_goods.SKU_FIELDS, "stock": plan_goods.SHELF_FIELDS, "customers": plan_goods.CUSTOMER_FIELDS,
    "reviews": plan_goods.REVIEW_FIELDS,
}  # fmt: skip
CHANGED = [(kind, field) for kind, fields in _COMPARED.items() for field in fields]
CHANGED += [("orders", "status"), ("returns", "state"), ("returns", "amount"), ("stock", "level")]
CHANGED += [
    (table.name, col.into)
    for table in own.TABLES
    for col in table.cols
    if table.single and col.into and col.into not in (*table.key, *NO_FACTS)
]


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest):
    use_language(request.param)
    yield request.param
    use_language("en")


def is_word(text: str, language: str) -> bool:
    return bool(_CHINESE.search(text)) if language == "zh_CN" else text[:1].isupper() and not _RAW.fullmatch(text)


def test_fields_of_changed_records(language: str) -> None:
    shown = [(kind, field) for kind, field in CHANGED if field not in preview_changes.HIDDEN_FIELDS]
    assert len(shown) > 100
    wrong = [one for one in shown if not is_word(tr(preview_changes.field_words(*one)), language)]
    assert wrong == []


def _header(one: Format) -> list[str]:
    names = [name for spec in one.columns.values() for name in column_names(spec)]
    rules = (*one.status, *one.refund, *one.line_status, *one.line_refund, *one.state)
    return list(dict.fromkeys([*names, *(rule.column for rule in rules if rule.column)]))


def test_what_the_columns_of_every_layout_fill(language: str) -> None:
    told = 0
    for one in load_formats().by_id.values():
        layout = Layout(one, _header(one))
        for column in preview.columns(layout.header, [list(pair) for pair in layout.uses()], ()):
            told += bool(column.fills)
            assert not column.fills or is_word(column.fills, language), (one.id, column)
    assert told > 300


def test_headings_and_kinds(language: str) -> None:
    listings = [preview_lists.records("new", kind) for kind in preview.KIND_WORDS]
    headings = [
        head for listing in (*listings, preview_changes.CHANGES, preview_lists.REASONS) for head, _ in listing.headings
    ]
    words = [*filter(None, headings), *preview.KIND_WORDS.values()]
    assert [word for word in words if not is_word(tr(word), language)] == []


def test_states_are_told_by_their_kind() -> None:
    told = [preview_changes.cell_words(kind, "state", "open", "") for kind in ("returns", "reviews")]
    assert told == ["Return open", "Unanswered"]
    assert preview_changes.cell_words("customers", "tags", '["VIP", "tea"]', "") == "VIP, tea"
    assert preview_changes.cell_words("orders", "paid", 1250, "USD") == "12.50"
    assert preview_changes.cell_words("orders", "tracking", "", "") == "empty"
