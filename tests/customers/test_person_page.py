"""A person shown in full, saved as files and erased, through the widgets of the Customers page."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from shopdesk.core import backup, erased_copies, words
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.customers import person as person_looked_at
from shopdesk.customers import person_view, store
from shopdesk.customers.page import CustomersPage
from shopdesk.exchange.commands import import_files
from shopdesk.exchange.export import write_view
from shopdesk.orders import verbs
from shopdesk.ui.form import Form
from shopdesk.ui.text import PlainLabel
from tests import erased
from tests.pages import settle, shown
from tests.shop_files import orders_csv

NUMBER = "238604127755001"
FORMULA = '=HYPERLINK("http://x","pay")'


@pytest.fixture
def person(shop: Shop, tmp_path: Path) -> int:
    (tmp_path / "in").mkdir()
    import_files(shop, [orders_csv(tmp_path / "in" / "o.csv", {"订单编号": NUMBER, "买家留言": FORMULA})])
    found = shop.reader().execute("SELECT id FROM customers").fetchone()[0]
    store.edit_customer(shop, customer_id=found, note="calls on Sundays", birthday="3-22")
    store.log_contact(shop, customer_id=found, text="wants a refund")
    verbs.ship_orders(shop, ids=[1], courier="顺丰", tracking="SF1")
    backup.make(shop, why="start")
    return int(found)


@pytest.fixture
def page(qtbot, shop: Shop, person: int) -> Iterator[CustomersPage]:
    with shown(qtbot, shop, CustomersPage) as made:
        yield made


def _texts(page: CustomersPage) -> str:
    assert page.drawer is not None
    return "\n".join(label.text() for label in page.drawer.findChildren(PlainLabel) if label.isVisible())


def _trigger(qtbot, page: CustomersPage, key: str, person: int) -> None:
    page.open(person)
    settle(qtbot, page)
    page.action_table.trigger(key)
    settle(qtbot, page)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_everything_of_a_person_stands_in_one_place(qtbot, page: CustomersPage, person: int, language: str):
    words.use_language(language)
    _trigger(qtbot, page, "customers.about", person)
    told = _texts(page)
    for word in (
        "王小明",
        "18612345678",
        "文三路",
        "calls on Sundays",
        " · 03-22 · ",
        "wants a refund",
        "238604127755001",
        "o.csv",
        FORMULA,
    ):
        assert word in told, word
    assert ("Backups" if language == "en" else "备份") in told


def test_where_it_is_saved_is_asked_beside_the_shop(qtbot, page: CustomersPage, person: int, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    _trigger(qtbot, page, "customers.about", person)
    page.findChild(Form).submit()
    dialog = page.findChild(QFileDialog)
    assert Path(dialog.directory().absolutePath()) == page.shop.path.parent
    dialog.close()


def test_it_is_saved_as_json_and_tables_without_formulas(qtbot, page: CustomersPage, person: int, tmp_path: Path):
    from shopdesk.customers.person import held
    from shopdesk.customers.person_view import save_as_files

    folder = tmp_path / "out"
    folder.mkdir()
    found = held(page.shop, [person])

    class _Task:
        def progress(self, done: int, total: int, text: str = "") -> None:
            """Nobody looks."""

    def table(path: Path, name: str, headings: list[str], rows: list[list[object]]) -> int:
        return write_view(
            path, title=name, headings=headings, kinds=["text"] * len(headings), rows=iter(rows), task=_Task()
        )

    count = save_as_files(found, folder, table)
    assert count == len(list(folder.iterdir()))
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    whole = json.loads((folder / "person.json").read_text("utf-8"))
    assert whole["records"]["orders"][0]["buyer_note"] == FORMULA
    assert whole["original_files"][0]["file"] == "o.csv"
    with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["buyer_note"] == f"'{FORMULA}"


def test_erasing_asks_first_and_says_what_goes_and_what_stays(qtbot, page: CustomersPage, person: int):
    _trigger(qtbot, page, "customers.erase", person)
    told = _texts(page)
    for words_ in ("This cannot be undone.", "What goes", "1 order:", "1 backup", "What stays", "Where it still lives"):
        assert words_ in told, words_
    assert store.customer(page.shop.reader(), person).name == "王小明"
    page.drawer.form.cancel_button.click()
    assert store.customer(page.shop.reader(), person).name == "王小明"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("more", [0, 6])
def test_nobody_is_erased_whose_order_has_not_left_yet(
    qtbot, page: CustomersPage, person: int, tmp_path: Path, language: str, more: int
):
    words.use_language(language)
    page.shop.undo()  # the shipping
    numbers = [str(int(NUMBER) + later) for later in range(1, 1 + more)]
    if more:
        import_files(page.shop, [orders_csv(tmp_path / "in" / "p.csv", *({"订单编号": one} for one in numbers))])
    heard = page.messages.record()
    _trigger(qtbot, page, "customers.erase", person)
    (said,) = [message.whole() for message in heard if NUMBER in message.whole()]
    assert ("7 orders" if more else "1 order ") in said or ("7 个订单" if more else "1 个订单") in said
    assert ("…" in said) == bool(more)
    assert page.drawer is None or not page.drawer.isVisible() or "What goes" not in _texts(page)
    with pytest.raises(ShopError):
        person_looked_at.erase(page.shop, [person])
    assert store.customer(page.shop.reader(), person).name == "王小明"
    verbs.close_orders(page.shop, ids=[row[0] for row in page.shop.reader().execute("SELECT id FROM orders")])
    assert len(person_looked_at.erase(page.shop, [person])) == 1


def test_which_workbooks_go_as_a_whole_is_said_before(shop: Shop):
    found = person_looked_at.Held((1,), "Ann", [], originals=[
        person_looked_at.Original("list.csv", [(2, "Ann")]), person_looked_at.Original("orders.xlsx", []),
    ])  # fmt: skip
    said = person_view._goes(found)
    assert "The rows in 1 kept original file" in said
    assert any("1 kept workbook goes as a whole" in one and "orders.xlsx" in one for one in said)
    assert not any("workbook" in one for one in person_view._goes(replace(found, originals=found.originals[:1])))


@pytest.mark.parametrize(("count", "said"), [(2, "2 orders: 0, 1"), (7, "7 orders: 0, 1, 2, 3, 4, …")])
def test_the_list_of_the_erased_says_when_it_does_not_name_every_order(count: int, said: str):
    from shopdesk.core.erasures import Erasure
    from shopdesk.customers.person_view import list_record

    one = Erasure(9, 1405, "2026-11-22 18:21:38", "erased 2026-11-22", tuple(map(str, range(count))))
    assert said in repr(list_record([one], 0))


def test_erased_for_good(qtbot, page: CustomersPage, person: int):
    heard = page.messages.record()
    _trigger(qtbot, page, "customers.erase", person)
    page.drawer.form.save_button.click()
    settle(qtbot, page)
    assert [message.text for message in heard if "Erased" in message.text]
    qtbot.waitUntil(lambda: erased_copies.waiting(page.shop) == 0, timeout=20000)
    QApplication.processEvents()
    assert erased.where(["王小明", "小茶客", "18612345678"], page.shop.path.parent / "muhe backups") == []
    _trigger(qtbot, page, "customers.erase", person)
    assert "erased already" in heard[-1].text
    page.action_table.trigger("customers.erased")
    settle(qtbot, page)
    assert "238604127755001" in _texts(page)
