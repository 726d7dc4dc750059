"""A person erased: no file of the shop holds a word of them, the books stay as they were, nothing brings them back."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.board import verbs as board
from shopdesk.core import backup, blobs, channels, check, erased_copies, erasures, manifest
from shopdesk.core.errors import ShopError
from shopdesk.core.journal import CannotUndo
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.customers import store
from shopdesk.exchange.commands import import_files
from shopdesk.exchange.export import export_tables
from shopdesk.reviews import verbs as reviews
from shopdesk.reviews.drafts import Draft
from tests import erased
from tests.shop_files import lines_csv, orders_csv

LIN = {"订单编号": "238604127755001", "买家会员名": "oskar_lind", "收货人姓名": "林小满", "联系手机": "'18612345678",
       "收货地址 ": "浙江省 杭州市 西湖区 文三路 1 号", "买家留言": "please pack it twice, it is a present"}  # fmt: skip
WANG = {"订单编号": "238604127755002", "买家会员名": "王小明", "收货人姓名": "林小满儿", "联系手机": "'13900000000",
        "收货地址 ": "上海市 徐汇区 天平路 9 号"}  # fmt: skip
_NUMBERS = [{"订单编号": row["订单编号"]} for row in (LIN, WANG)]
WORDS = ["oskar_lind", "林小满", "18612345678", "文三路 1 号", "please pack it twice", "the pot leaked", "lovely cups, would buy",
         "sorry, Mr Lind", "calls on Sundays", "wants a refund", "oskar@lind.se", "old.address@lind.se"]  # fmt: skip
THEIRS = ["王小明", "13900000000", "天平路 9 号", "林小满儿"]


@pytest.fixture(params=[False, True], ids=["plain", "protected"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "s").mkdir()
    key = Key.random() if request.param else None
    made = Shop.create(tmp_path / "s" / "muhe.shop", name="Muhe", key=key)
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "in").mkdir(exist_ok=True)
    return [orders_csv(tmp_path / "in" / "o.csv", LIN, WANG), lines_csv(tmp_path / "in" / "l.csv", *_NUMBERS)]


def _lived(shop: Shop, files: list[Path]) -> int:
    """A shop in which a good deal was said about a person; the person's id."""
    import_files(shop, files)
    con = shop.reader()
    person, channel = con.execute("SELECT id, channel_id FROM customers WHERE handle = 'oskar_lind'").fetchone()
    store.edit_customer(shop, customer_id=person, email="old.address@lind.se", note="calls on Sundays")
    store.edit_customer(shop, customer_id=person, email="oskar@lind.se", tags=["VIP"])
    store.log_contact(shop, customer_id=person, text="wants a refund")
    draft = Draft(stars=1, body="the pot leaked all over the table", buyer="oskar_lind", written_at="2026-11-20")
    reviews.add_reviews(shop, channel_id=channel, drafts=[draft])
    review = con.execute("SELECT max(id) FROM reviews").fetchone()[0]
    with shop.change("Linked", "reviews") as db:
        db.execute("UPDATE reviews SET customer_id = ? WHERE id = ?", (person, review))
    loose = Draft(stars=5, body="lovely cups, would buy them again", buyer="oskar_lind", written_at="2026-11-21")
    reviews.add_reviews(shop, channel_id=channel, drafts=[loose])
    reviews.keep_draft(shop, review_id=review, text="sorry, Mr Lind", over="")
    board.add_task(shop, day=date(2026, 11, 25), title="call 林小满 and 林小满儿")
    board.add_task(shop, day=date(2026, 11, 25), title="buy paper")
    backup.make(shop, why="start")
    return int(person)


def _figures(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    asked = {
        "orders": "SELECT id, number, paid, status, refunded, pieces, title, created_at, paid_at FROM orders",
        "lines": "SELECT id, order_id, name, qty, price, amount, share, day, held FROM order_lines",
        "customers": "SELECT id, orders, spent, first_order, last_order, due_at, rating FROM customers",
        "stock": "SELECT id, on_hand, held FROM skus",
        "day": "SELECT day, hour, channel_id, orders, units, paid, refunds, refunded FROM sales_hours",
        "reviews": "SELECT id, stars, state, written_at FROM reviews",
    }
    return {
        name: [tuple(row) for row in shop.reader().execute(f"{query} ORDER BY 1, 2")] for name, query in asked.items()
    }


def test_no_file_of_the_shop_holds_a_word(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    folder = shop.path.parent
    before = _figures(shop)
    found = erased.where(WORDS, folder, shop.key)
    assert {line.rpartition(": ")[2] for line in found} == set(WORDS), "the search for words has no teeth"
    erasures.erase(shop, [person])
    assert erased_copies.finish(shop) == []
    assert erased.where([word for word in WORDS if word != "林小满"], folder, shop.key) == []
    assert _figures(shop) == before
    assert [str(fault) for fault in check.deep_faults(shop.path, key=shop.key)] == []
    shop.close()
    assert erased.where([word for word in WORDS if word != "林小满"], folder, shop.key) == []


def test_what_is_somebody_elses_stays(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    erasures.erase(shop, [person])
    con = shop.reader()
    other = con.execute("SELECT buyer, receiver, phone, address FROM orders WHERE number = ?", (WANG["订单编号"],))
    assert tuple(other.fetchone()) == ("王小明", "林小满儿", "13900000000", "上海市 徐汇区 天平路 9 号")
    titles = [row[0] for row in con.execute("SELECT title FROM tasks ORDER BY id")]
    mark = erasures.listed(con)[0].mark
    assert titles == [f"call {mark} and 林小满儿", "buy paper"]
    originals = b"".join(blobs.get(con, row[0]) or b"" for row in con.execute("SELECT sha256 FROM imports"))
    assert all(word.encode("gb18030") in originals for word in THEIRS)


def test_everything_before_it_can_be_taken_back_and_brings_no_word(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    words = [word for word in WORDS if word != "林小满"]
    erasures.erase(shop, [person])
    erased_copies.finish(shop)
    undone = 0
    while shop.undo() is not None:
        undone += 1
        assert list(check.faults(shop.path, key=shop.key)) == []
    assert undone > 4
    assert erased.where(words, shop.path.parent, shop.key) == []
    while shop.redo() is not None:
        undone -= 1
    assert undone == 0
    assert erased.where(words, shop.path.parent, shop.key) == []
    assert list(check.faults(shop.path, key=shop.key)) == []


def test_a_step_that_has_only_lost_words_says_so(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    step = shop.reader().execute("SELECT max(id) FROM journal_steps WHERE label LIKE 'Changed%'").fetchone()[0]
    erasures.erase(shop, [person])
    with pytest.raises(CannotUndo, match="erased with their person"):
        shop.undo_step(step)


def test_the_same_files_again_bring_nobody_back(shop: Shop, files: list[Path], tmp_path: Path) -> None:
    person = _lived(shop, files)
    erasures.erase(shop, [person])
    erased_copies.finish(shop)
    people = shop.reader().execute("SELECT count(*) FROM customers").fetchone()[0]
    assert import_files(shop, files)["orders"]["changed"] == 0
    later = orders_csv(
        tmp_path / "in" / "later.csv", {**LIN, "订单状态": "卖家已发货，等待买家确认", "物流单号 ": "No:SF1402777"}
    )
    assert import_files(shop, [later])["orders"]["changed"] == 1
    con = shop.reader()
    row = con.execute("SELECT status, tracking, receiver, customer_id FROM orders WHERE number = ?", (LIN["订单编号"],))
    assert tuple(row.fetchone()) == ("shipped", "", "", person)
    assert con.execute("SELECT count(*) FROM customers").fetchone()[0] == people
    new = orders_csv(tmp_path / "in" / "new.csv", {**LIN, "订单编号": "238604127755009"})
    assert import_files(shop, [new])["orders"]["new"] == 1
    assert con.execute("SELECT count(*) FROM customers").fetchone()[0] == people + 1


def test_an_import_taken_back_and_made_again_brings_the_books_without_the_words(
    shop: Shop, files: list[Path], tmp_path: Path
) -> None:
    import_files(shop, files)
    person = shop.reader().execute("SELECT id FROM customers WHERE handle = 'oskar_lind'").fetchone()[0]
    before = [row[3:] for row in _figures(shop)["day"]]
    erasures.erase(shop, [person])
    erased_copies.finish(shop)
    shop.undo()
    later = orders_csv(tmp_path / "in" / "later.csv", {**LIN, "订单状态": "交易成功"}, WANG)
    for again in ([*files, later], files, [later]):
        import_files(shop, again)
        row = shop.reader().execute("SELECT paid, buyer, receiver, customer_id FROM orders WHERE number = ?", (
            LIN["订单编号"],)).fetchone()  # fmt: skip
        assert tuple(row) == (6450, erasures.listed(shop.reader())[0].mark, "", None)
        assert [row[3:] for row in _figures(shop)["day"]] == before
        assert erased.where([word for word in WORDS if word != "林小满"], shop.path.parent, shop.key) == []
        assert list(check.faults(shop.path, key=shop.key)) == []
    assert [row[0] for row in shop.reader().execute("SELECT handle FROM customers")] == ["王小明"]


def test_our_own_tables_written_before_bring_nobody_back_into_the_books(
    shop: Shop, files: list[Path], tmp_path: Path
) -> None:
    person = _lived(shop, files)
    export_tables(shop.reader(), tmp_path / "out")
    erasures.erase(shop, [person])
    import_files(shop, [tmp_path / "out" / "orders.csv"])
    row = shop.reader().execute("SELECT buyer, phone, customer_id FROM orders WHERE number = ?", (LIN["订单编号"],))
    buyer, phone, customer = row.fetchone()
    assert (buyer, phone, customer) == (erasures.listed(shop.reader())[0].mark, "", person)


def test_the_original_of_a_text_file_keeps_the_rows_of_others(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    erasures.erase(shop, [person])
    con = shop.reader()
    name = con.execute("SELECT sha256 FROM imports WHERE file_name = 'o.csv'").fetchone()[0]
    kept = blobs.get(con, name) or b""
    before, after = (list(csv.reader(io.StringIO(data.decode("gb18030")))) for data in (files[0].read_bytes(), kept))
    assert after[0] == before[0]
    assert after[2] == before[2]
    assert [cell for cell in after[1] if cell] == ['="238604127755001"']
    assert len(after[1]) == len(before[1])


def test_a_workbook_with_an_erased_order_is_not_kept_and_one_without_is(
    shop: Shop, files: list[Path], tmp_path: Path
) -> None:
    person = _lived(shop, files)
    erasures.erase(shop, [person])
    others = [{**WANG, "订单编号": f"23860412775500{n}"} for n in range(3, 6)]
    for name, rows in (("with", [{**LIN, "订单状态": "交易成功"}, *others]), ("without", others[:2])):
        table = orders_csv(tmp_path / "in" / f"{name}.csv", *rows).read_text("gb18030")
        with xlsxwriter.Workbook(tmp_path / "in" / f"{name}.xlsx") as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(csv.reader(io.StringIO(table))):
                sheet.write_row(at, 0, [cell.strip('="') for cell in row])
        import_files(shop, [tmp_path / "in" / f"{name}.xlsx"])
    rows = shop.reader().execute("SELECT file_name, sha256 FROM imports WHERE file_name LIKE 'with%' ORDER BY id")
    assert [(name, bool(blobs.get(shop.reader(), sha))) for name, sha in rows.fetchall()] == [
        ("with.xlsx", False), ("without.xlsx", True),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Jürgen Müller", "Иван Петров", "Öö Åå"])
def test_a_name_in_capitals_goes_in_every_script_and_that_of_another_stays(tmp_path: Path, name: str) -> None:
    shop = Shop.create(tmp_path / "a.shop", name="A")
    with shop.change("Brought", "customers") as db:
        channel = channels.add(db, platform="manual", name="A", currency="CNY")
        for handle, called in (("one-of-us", name), ("other-one", f"{name}-Schmidt".upper())):
            db["customers"].insert({"channel_id": channel, "handle": handle, "name": called})
    for text in (name.upper(), name.lower(), f"{name}-Schmidt"):
        board.add_task(shop, day=date(2026, 11, 25), title=f"call {text}!")
    with shop.change("Changed", "tasks") as db:
        db.execute("UPDATE tasks SET title = 'call nobody' WHERE id = 1")
    erasures.erase(shop, [1])
    shop.undo()
    mark = erasures.listed(shop.reader())[0].mark
    titles = [row[0] for row in shop.reader().execute("SELECT title FROM tasks ORDER BY id")]
    assert titles == [f"call {mark}!", f"call {mark}!", f"call {name}-Schmidt!"]
    shop.close()


def test_it_is_written_down_without_words(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    done = erasures.erase(shop, [person])
    assert erasures.listed(shop.reader()) == done
    assert done[0].orders == (LIN["订单编号"],)
    assert done[0].removed["orders"] == 1
    erased_copies.finish(shop)
    assert erasures.of_folder(manifest.folder(shop.path)) == done
    with pytest.raises(ShopError, match="erased already"):
        erasures.erase(shop, [person])


def test_every_backup_is_written_anew_and_stays_trusted(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    before = backup.listed(shop.path)
    assert len(erased_copies.holding(shop, person)) == 1  # the other was made before the import
    erasures.erase(shop, [person])
    assert erased_copies.waiting(shop)
    assert erased_copies.finish(shop) == []
    assert not erased_copies.waiting(shop)
    after = backup.listed(shop.path)
    assert [(made.name, made.why, made.at) for made in after] == [(made.name, made.why, made.at) for made in before]
    assert [manifest.checksum(manifest.folder(shop.path) / made.name) for made in after] == [m.sha256 for m in after]
    assert not list(manifest.folder(shop.path).glob("*.part*"))


def test_a_backup_that_cannot_be_read_is_named(shop: Shop, files: list[Path]) -> None:
    person = _lived(shop, files)
    broken = manifest.folder(shop.path) / backup.listed(shop.path)[0].name
    broken.write_bytes(broken.read_bytes()[:5000])
    erasures.erase(shop, [person])
    assert [left.path for left in erased_copies.finish(shop)] == [broken]
    assert erased_copies.waiting(shop)


def test_an_older_copy_is_erased_again_when_it_comes_back(shop: Shop, files: list[Path], tmp_path: Path) -> None:
    person = _lived(shop, files)
    elsewhere = tmp_path / "elsewhere.shop"
    shutil.copyfile(manifest.folder(shop.path) / backup.listed(shop.path)[-1].name, elsewhere)
    erasures.erase(shop, [person])
    erased_copies.finish(shop)
    wanted = erasures.known(shop.path, shop.key)
    assert erasures.reapply(elsewhere, wanted, shop.key) == 1
    assert erasures.reapply(elsewhere, wanted, shop.key) == 0
    (tmp_path / "e").mkdir()
    elsewhere.rename(tmp_path / "e" / "elsewhere.shop")
    assert erased.where([word for word in WORDS if word != "林小满"], tmp_path / "e", shop.key) == []


def test_somebody_else_under_the_same_id_is_left_alone(shop: Shop, files: list[Path], tmp_path: Path) -> None:
    import_files(shop, files)
    other = shop.reader().execute("SELECT id FROM customers WHERE handle = '王小明'").fetchone()[0]
    shop.close()
    stranger = erasures.Erasure(other, erasures.trace(1, "somebody of another past"), "2026-11-01 10:00:00", "erased")
    assert erasures.reapply(shop.path, [stranger], shop.key) == 1
    again = Shop.open(shop.path, key=shop.key)
    assert again.reader().execute("SELECT handle FROM customers WHERE id = ?", (other,)).fetchone()[0] == "王小明"
    again.close()


def test_a_list_from_a_stranger_erases_nobody(tmp_path: Path, files: list[Path]) -> None:
    (tmp_path / "s").mkdir()
    shop = Shop.create(tmp_path / "s" / "muhe.shop", name="Muhe")
    import_files(shop, files)
    line = {"customer_id": 1, "at": "2026-11-01", "mark": "gone", "orders": [], "removed": {}, "channel": ""}
    lines = [json.dumps({**line, "trace": trace}) for trace in range(65536)]
    spoilt = ["", "[]", "{}", "null", '{"customer_id": {}}', "[" * 100_000, json.dumps({**line, "trace": [1]})]
    (manifest.folder(shop.path) / "erasures.jsonl").write_text("\n".join([*spoilt, *lines]))
    assert erased_copies.finish(shop) == []
    assert sorted(row[0] for row in shop.reader().execute("SELECT handle FROM customers")) == ["oskar_lind", "王小明"]
    shop.close()


_NAMES = st.sampled_from(
    ["王伟", "王伟明", "伟明", "Ann", "Joanna", "Ann Lee", "Lee", "13900000001", "李娜", "a*b", "x"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_NAMES, _NAMES, _NAMES), min_size=2, max_size=4, unique_by=lambda row: row[0]))
def test_persons_with_overlapping_words(tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str, str]]):
    folder = tmp_path_factory.mktemp("s")
    shop = Shop.create(folder / "a.shop", name="A")
    with shop.change("Brought", "customers", "orders") as db:
        channel = channels.add(db, platform="taobao", name="A", currency="CNY")
        for at, (handle, name, note) in enumerate(people):
            buyer = {"channel_id": channel, "handle": handle, "name": name, "phone": "13900000001", "note": note}
            one = db["customers"].insert(buyer).last_pk
            order = {"channel_id": channel, "number": f"23860412775{at:04d}", "customer_id": one, "currency": "CNY"}
            db["orders"].insert({**order, "buyer": handle, "receiver": name, "seller_note": f"{note} {handle}"})
    for one, (_, name, note) in enumerate(people, 1):
        store.edit_customer(shop, customer_id=one, note=f"{note} and {name}")
    others = "SELECT handle, name, phone, address FROM customers WHERE id <> 1 ORDER BY id"
    orders = "SELECT buyer, receiver, phone FROM orders WHERE customer_id <> 1 ORDER BY id"
    before = [[tuple(row) for row in shop.reader().execute(query)] for query in (others, orders)]
    erasures.erase(shop, [1])
    assert [[tuple(row) for row in shop.reader().execute(query)] for query in (others, orders)] == before
    gone = [
        tuple(row) for row in shop.reader().execute("SELECT receiver, phone, address FROM orders WHERE customer_id = 1")
    ]
    assert set(gone) <= {("", "", "")}
    while shop.undo() is not None:
        pass
    while shop.redo() is not None:
        pass
    assert list(check.faults(shop.path)) == []
    assert [tuple(r) for r in shop.reader().execute("SELECT name, phone FROM customers WHERE id = 1")] != [
        people[0][:2]
    ]
    theirs = " ".join(f"{handle} {name}" for handle, name, _ in people[1:])
    own = [word for word in people[0][:2] if word not in theirs and len(word) > 3 - (not word.isascii())]
    assert erased.where([word for word in own if word not in ("Ann", "Lee", "13900000001")], folder) == []
    shop.close()


_KILLED = """
import sys
from pathlib import Path
from shopdesk.core import erased_copies, erasures
from shopdesk.core.shop import Shop
shop = Shop.open(Path(sys.argv[1]))
erased_copies.holding(shop, int(sys.argv[2]))
print("ready", flush=True)
erasures.erase(shop, [int(sys.argv[2])])
print("erased", flush=True)
erased_copies.finish(shop)
print("finished", flush=True)
"""


@pytest.mark.parametrize(("after", "seconds"), [("ready", 0.01), ("ready", 0.05), ("erased", 0.01), ("erased", 0.15)])
def test_killed_in_the_middle_it_is_whole_or_not_there_and_goes_on(
    tmp_path: Path, files: list[Path], after: str, seconds: float
) -> None:
    (tmp_path / "s").mkdir()
    shop = Shop.create(tmp_path / "s" / "muhe.shop", name="Muhe")
    person = _lived(shop, files)
    shop.close()
    command = [sys.executable, "-c", _KILLED, str(shop.path), str(person)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert after in map(str.strip, child.stdout), "it ended before"
        time.sleep(seconds)
        child.kill()
    again = Shop.open(shop.path)
    try:
        assert list(check.faults(again.path)) == []
        if not erasures.listed(again.reader()):
            assert (
                again.reader().execute("SELECT handle FROM customers WHERE id = ?", (person,)).fetchone()[0]
                == LIN["买家会员名"]
            )
            erasures.erase(again, [person])
        assert erased_copies.finish(again) == []
        assert erased.where([word for word in WORDS if word != "林小满"], again.path.parent) == []
        made = backup.listed(again.path)
        assert [manifest.checksum(manifest.folder(again.path) / one.name) for one in made] == [
            one.sha256 for one in made
        ]
    finally:
        again.close()
