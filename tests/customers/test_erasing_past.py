"""Somebody whom no list shows any more is found and erased: deleted by the owner, or brought by an act taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopdesk.core import backup, check, erased_copies, erasures
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.customers import person, store
from shopdesk.customers.page import CustomersPage
from shopdesk.exchange.commands import import_files
from tests import erased
from tests.pages import settle, shown
from tests.shop_files import orders_csv

LIN = {"订单编号": "238604127755001", "买家会员名": "oskar_lind", "收货人姓名": "林小满", "联系手机": "'18612345678",
       "收货地址 ": "浙江省 杭州市 西湖区 文三路 1 号", "买家留言": "please pack it twice",
       "订单状态": "交易成功"}  # fmt: skip
WANG = {"订单编号": "238604127755002", "买家会员名": "王大明", "收货人姓名": "王大明", "联系手机": "'13900000000",
        "收货地址 ": "上海市 徐汇区 天平路 9 号"}  # fmt: skip
WORDS = ["oskar_lind", "林小满", "18612345678", "文三路 1 号", "please pack it twice"]


@pytest.fixture
def lind(shop: Shop, tmp_path: Path) -> int:
    """A person of an imported file, of whom there is a backup; the id."""
    (tmp_path / "in").mkdir()
    import_files(shop, [orders_csv(tmp_path / "in" / "o.csv", LIN, WANG)])
    backup.make(shop, why="start")
    return int(shop.reader().execute("SELECT id FROM customers WHERE handle = 'oskar_lind'").fetchone()[0])


def _leave(shop: Shop, how: str, one: int) -> None:
    if how == "deleted":
        store.delete_customers(shop, ids=[one])
    else:
        shop.undo()
    backup.make(shop, why="close")


@pytest.mark.parametrize("how", ["deleted", "undone"])
@pytest.mark.parametrize("typed", ["OSKAR", "林小满", "186 1234", "238604127755001", " #238604127755001"])
def test_found_by_name_telephone_and_order(shop: Shop, lind: int, how: str, typed: str) -> None:
    _leave(shop, how, lind)
    ((found, said),) = person.search(shop, typed)
    assert found == lind
    assert "oskar_lind" in said
    assert ("deleted" if how == "deleted" else "taken back") in said


@pytest.mark.parametrize("how", ["deleted", "undone"])
def test_no_file_of_the_shop_holds_a_word_afterwards(shop: Shop, lind: int, tmp_path: Path, how: str) -> None:
    _leave(shop, how, lind)
    folder = tmp_path / "muhe backups"
    assert {line.rpartition(": ")[2] for line in erased.where(WORDS, folder)} == set(WORDS)
    done = erasures.erase(shop, [lind])
    assert done[0].orders == (LIN["订单编号"],)
    assert erased_copies.finish(shop) == []
    assert person.search(shop, "oskar") == []
    assert person.search(shop, "王大明") != []
    with pytest.raises(ShopError, match="erased already"):
        erasures.erase(shop, [lind])
    while shop.redo() is not None:
        pass
    assert list(check.faults(shop.path)) == []
    shop.close()
    assert erased.where(WORDS, folder) == []
    found = [line for line in erased.where(WORDS, tmp_path) if line.startswith("muhe.shop")]
    assert found == []


def test_who_was_imported_twice_is_erased_under_both_numbers(shop: Shop, lind: int, tmp_path: Path) -> None:
    shop.undo()
    import_files(shop, [tmp_path / "in" / "o.csv"])
    again = shop.reader().execute("SELECT id FROM customers WHERE handle = 'oskar_lind'").fetchone()[0]
    assert again != lind
    assert {one.customer_id for one in erasures.erase(shop, [again])} == {again, lind}
    assert erased_copies.finish(shop) == []
    shop.close()
    assert [line for line in erased.where(WORDS, tmp_path) if not line.startswith("o.csv")] == []


@pytest.mark.parametrize("how", ["deleted", "undone"])
def test_the_backups_are_counted_before(shop: Shop, lind: int, tmp_path: Path, how: str) -> None:
    first = erased_copies.holding(shop, lind)
    _leave(shop, how, lind)
    assert len(first) == 1
    assert len(erased_copies.holding(shop, lind)) == 2  # the newer one has the person in the journal at least
    if how == "undone":
        import_files(shop, [tmp_path / "in" / "o.csv"])
        again = shop.reader().execute("SELECT id FROM customers WHERE handle = 'oskar_lind'").fetchone()[0]
        assert len(person.held(shop, [again]).copies) == 2
    assert erased_copies.holding(shop, 4711) == []


def test_walked_through_on_the_page(qtbot, shop: Shop, lind: int) -> None:
    _leave(shop, "deleted", lind)
    with shown(qtbot, shop, CustomersPage) as page:
        heard = page.messages.record()
        for typed, count in (("nobody of ours", 0), ("林小满", 1)):
            page.action_table.trigger("customers.find_past")
            page.drawer.form.field("text").set_text(typed)
            page.drawer.form.save_button.click()
            settle(qtbot, page)
            assert ("Nobody of that name" in heard[-1].text if heard else False) == (count == 0)
            heard.clear()
        assert page.drawer.form.field("person").value() == lind
        page.drawer.form.save_button.click()
        settle(qtbot, page)
        assert page.drawer.form.title == "Erase 林小满?"
        page.drawer.form.save_button.click()
        settle(qtbot, page)
        qtbot.waitUntil(lambda: erased_copies.waiting(shop) == 0, timeout=20000)
        assert erasures.is_erased(shop.reader(), lind)
