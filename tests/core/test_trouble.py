"""What goes wrong around a shop file ends in one sentence, the file as it was, and a program that goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shopdesk.core import backup, channels, check, clock, settings, texts, words
from shopdesk.core.errors import Damaged, DiskTrouble, FileRefused, ShopError
from shopdesk.core.journal import CannotUndo
from shopdesk.core.lock import HeldHere
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands
from shopdesk.features import FEATURES
from tests.shop_files import lines_csv, orders_csv


def add(shop: Shop, name: str) -> int:
    with shop.change("Added {name}", "channels", name=name) as db:
        return channels.add(db, platform="jd", name=name, currency="CNY")


def names(shop: Shop) -> list[str]:
    return [row[0] for row in shop.reader().execute("SELECT name FROM channels ORDER BY id")]


def add_sku(shop: Shop, code: str = "A") -> int:
    with shop.change("Added {code}", "stock", code=code) as db:
        product = db["products"].insert({"key": f"p:{code}", "name": code}).last_pk
        row = {"product_id": product, "key": f"code:{code}", "code": code, "name": code, "currency": "CNY"}
        return int(str(db["skus"].insert(row).last_pk))


def level(shop: Shop, sku: int, count: int, at: str) -> None:
    with shop.change("Counted {count}", "stock", count=count) as db:
        db["stock_moves"].insert({"sku_id": sku, "at": at, "kind": "level", "level": count})


# the door


def test_an_inner_error_that_somebody_caught_fails_the_whole(shop: Shop):
    heard: list[frozenset[str]] = []
    shop.listeners.append(heard.append)
    with pytest.raises(ShopError, match="no"), shop.change("Outer", "orders") as db:
        channels.add(db, platform="jd", name="outer", currency="CNY")
        try:
            with shop.change("Inner", "stock") as inner:
                channels.add(inner, platform="jd", name="inner", currency="CNY")
                raise ShopError("no")
        except ShopError:
            pass
    assert names(shop) == []
    assert heard == []
    add(shop, "later")
    assert names(shop) == ["later"]


def test_every_listener_is_told_also_after_one_that_fails(shop: Shop):
    heard: list[frozenset[str]] = []

    def bad(_topics: frozenset[str]) -> None:
        raise RuntimeError("bad")

    shop.listeners += [bad, heard.append]
    with pytest.raises(RuntimeError):
        add(shop, "kept")
    assert heard == [frozenset({"channels"})]
    assert names(shop) == ["kept"]


def test_a_key_interrupt_leaves_nothing_half(shop: Shop):
    with pytest.raises(KeyboardInterrupt), shop.change("Stopped", "channels") as db:
        channels.add(db, platform="jd", name="half", currency="CNY")
        raise KeyboardInterrupt
    assert names(shop) == []
    add(shop, "whole")
    assert list(check.faults(shop.path)) == []


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_what_cannot_be_kept_is_refused_with_a_sentence(shop: Shop, text: str):
    with pytest.raises(ShopError, match="cannot be kept"):
        add(shop, text)
    with pytest.raises(ShopError, match="cannot be kept"), shop.change("Far", "x") as db:
        db.execute("INSERT INTO settings (key, value) VALUES ('x', ?)", (2**70,))
    assert names(shop) == []


@pytest.mark.parametrize("text", ["a\0b", "\ud83c", "\udf38a"])
def test_a_text_that_cannot_be_kept_is_told_at_its_own_field(shop: Shop, text: str):
    with pytest.raises(ShopError, match="The text holds") as refused:
        texts.kept_text(text, "note")
    assert refused.value.field == "note"
    with pytest.raises(ShopError, match="The text holds") as refused, shop.change("Name", "settings") as db:
        settings.put(db, "shop_name", text)
    assert refused.value.field == "shop_name"
    assert shop.last_step() is None


@pytest.mark.parametrize("text", ["", " 木禾\t茶器\n", "🌸", "\x01", "\ufeff", "\uffff", "e\u0301"])
def test_every_other_text_is_kept_exactly_as_it_is(text: str):
    assert texts.kept_text(text, "note") == text


def test_many_threads_write_one_after_the_other(shop: Shop):
    def work(number: int) -> None:
        for turn in range(5):
            add(shop, f"{number}-{turn}")
        shop.forget_reader()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(shop)) == 25
    while shop.undo():
        pass
    assert names(shop) == []


# undo


def test_a_setting_set_to_what_it_is_makes_no_step(shop: Shop):
    for _ in range(2):
        with shop.change("Cut-off", "settings") as db:
            settings.put(db, "cutoff", "16:00")
    shop.undo()
    assert shop.last_step() is None


def test_an_act_that_changed_nothing_does_not_end_redo(shop: Shop):
    add(shop, "a")
    shop.undo()
    with shop.change("Nothing", "orders"):
        pass
    assert shop.redo() is not None
    assert names(shop) == ["a"]


def test_a_step_is_taken_back_once(shop: Shop):
    add(shop, "a")
    step = shop.last_step().id
    shop.undo_step(step)
    with pytest.raises(CannotUndo):
        shop.undo_step(step)
    assert names(shop) == []
    assert shop.redo().id == step


def test_figures_stay_right_when_a_step_in_the_middle_goes(shop: Shop):
    sku = add_sku(shop)
    level(shop, sku, 5, "2026-11-01 08:00:00")
    with shop.change("Shelf", "stock") as db:
        db.execute("UPDATE skus SET shelf = 'B-2'")
    step = shop.last_step().id
    level(shop, sku, 9, clock.text())
    shop.undo_step(step)
    assert shop.reader().execute("SELECT on_hand, shelf FROM skus").fetchone()[:] == (9, "")
    assert list(check.faults(shop.path)) == []


def test_what_hangs_on_a_step_is_named(shop: Shop):
    sku = add_sku(shop)
    step = shop.last_step().id
    level(shop, sku, 5, clock.text())
    add(shop, "another")
    with pytest.raises(CannotUndo, match="“Counted 5” came after it"):
        shop.undo_step(step)


def test_a_key_that_was_taken_meanwhile_is_not_taken_back(shop: Shop):
    sku = add_sku(shop)
    with shop.change("Deleted", "stock") as db:
        db.execute("DELETE FROM skus WHERE id = ?", (sku,))
    step = shop.last_step().id
    with shop.change("Again", "stock") as db:
        row = {"product_id": 1, "key": "code:A", "code": "A", "name": "new", "currency": "CNY"}
        db["skus"].insert(row)
    with pytest.raises(CannotUndo, match="taken the place"):
        shop.undo_step(step)
    assert [row[0] for row in shop.reader().execute("SELECT name FROM skus")] == ["new"]
    assert list(check.faults(shop.path)) == []


@pytest.mark.parametrize("text", ["a\0b", "\u2028\u2029", "\\\"'{}", "1", "null", "[1]", "茶" * 100_000])
def test_any_text_comes_back_as_it_was(shop: Shop, text: str):
    add_sku(shop)
    for shelf in (text, "other"):
        with shop.change("Shelf", "stock") as db:
            db.execute("UPDATE skus SET shelf = ?, min_qty = ?", (shelf, 2**62 if shelf == text else None))
    shop.undo()
    assert shop.reader().execute("SELECT shelf, min_qty FROM skus").fetchone()[:] == (text, 2**62)


# the file


def _sql(script: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        con = sqlite3.connect(path)
        con.executescript(script)
        con.close()

    return spoil


def _foreign(path: Path) -> None:
    path.unlink()
    _sql("CREATE TABLE x (a); PRAGMA application_id = 1397245008;")(path)


SPOILT: dict[str, Callable[[Path], None]] = {
    "empty": lambda path: path.write_bytes(b"") and None,
    "cut": lambda path: os.truncate(path, 100_000),
    "cut in the header": lambda path: os.truncate(path, 50),
    "noise": lambda path: path.write_bytes(b"\x07" * 9000) and None,
    "another program's": _foreign,
    "a trigger": _sql("CREATE TRIGGER z AFTER INSERT ON channels BEGIN DELETE FROM orders; END"),
    "a lost table": _sql("DROP TABLE board_marks"),
}


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_file_is_refused_and_left_alone(shop: Shop, how: str, write: bool):
    path = shop.path
    add(shop, "a")
    shop.close()
    SPOILT[how](path)
    before, beside = path.read_bytes(), set(path.parent.iterdir())
    with pytest.raises(Damaged if how == "cut" else FileRefused):
        Shop.open(path, write=write)
    assert path.read_bytes() == before
    assert set(path.parent.iterdir()) == beside


def test_columns_and_views_of_her_own_do_no_harm(shop: Shop):
    path = shop.path
    shop.close()
    _sql("ALTER TABLE skus ADD COLUMN mine TEXT; CREATE VIEW mine AS SELECT * FROM v_orders;")(path)
    again = Shop.open(path)
    add_sku(again)
    with again.change("Mine", "stock") as db:
        db.execute("UPDATE skus SET mine = 'x'")
    again.undo()
    assert again.reader().execute("SELECT mine FROM skus").fetchone()[0] is None
    again.close()


@pytest.mark.parametrize(
    "planted",
    [
        (
            "DROP VIEW v_channels; CREATE VIEW v_channels AS SELECT 1 AS id, 'x' AS platform, 'y' AS name, '' AS shop_id,"
            " 'CNY' AS currency"
        ),
        "CREATE VIEW mine AS SELECT * FROM orders",
        "CREATE TRIGGER gone AFTER INSERT ON orders BEGIN DELETE FROM orders; END",
        "ALTER TABLE skus ADD COLUMN mine TEXT",
        "DROP INDEX orders_paid_at",
    ],
)
def test_a_file_from_elsewhere_must_be_ours_to_the_letter(shop: Shop, planted: str):
    path = shop.path
    shop.close()
    Shop.open(path, write=False, familiar=False).close()
    _sql(planted)(path)
    with pytest.raises(FileRefused, match=r"definitions that ShopDesk did not make|not a ShopDesk file"):
        Shop.open(path, write=False, familiar=False)


@pytest.mark.parametrize("name", ["a b.shop", 'it\'s "q".shop', "100%41.shop", "what?&mode=ro#.shop", "店铺 茶.shop"])
def test_any_file_name_will_do(tmp_path: Path, name: str):
    shop = Shop.create(tmp_path / name, name="x")
    add(shop, "a")
    backup.make(shop, why="test")
    shop.close()
    again = Shop.open(tmp_path / name)
    assert names(again) == ["a"]
    again.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, f"{Path(name).stem} backups"])


def test_a_name_that_is_too_long_leaves_nothing(tmp_path: Path):
    with pytest.raises(DiskTrouble):
        Shop.create(tmp_path / f"{'x' * 250}.shop", name="x")
    with pytest.raises(ShopError):
        Shop.open(tmp_path / ("x" * 300))
    assert list(tmp_path.iterdir()) == []


def test_two_names_of_one_file_have_one_lock(shop: Shop):
    link = shop.path.with_name("other.shop")
    link.symlink_to(shop.path)
    with pytest.raises(HeldHere):
        Shop.open(link)


def test_a_file_that_moves_while_it_is_open_is_not_written_and_loses_nothing(shop: Shop):
    add(shop, "before")
    path, moved = shop.path, shop.path.with_name("moved.shop")
    path.rename(moved)
    with pytest.raises(DiskTrouble, match="moved or replaced"):
        add(shop, "lost")
    moved.rename(path)
    add(shop, "after")
    path.rename(moved)
    shop.close()
    again = Shop.open(moved)
    assert names(again) == ["before", "after"]
    again.close()


def test_a_file_that_is_replaced_while_it_is_open_is_not_written(shop: Shop):
    copy = shop.path.with_name("copy")
    shutil.copy(shop.path, copy)
    os.replace(copy, shop.path)
    with pytest.raises(DiskTrouble, match="moved or replaced"):
        add(shop, "lost")


def test_a_backup_folder_that_is_a_file_is_said(shop: Shop):
    backup.folder(shop.path).write_text("x")
    assert backup.listed(shop.path) == []
    with pytest.raises(DiskTrouble):
        backup.make(shop, why="test")


def test_a_torn_manifest_loses_only_its_last_line(shop: Shop):
    first = backup.make(shop, why="店")
    backup.make(shop, why="test")
    manifest = backup.folder(shop.path) / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-40] + "店".encode()[:2])
    assert [made.name for made in backup.listed(shop.path)] == [first.name]


def test_a_channel_is_not_renamed_to_another(shop: Shop):
    add(shop, "a")
    second = add(shop, "b")
    with pytest.raises(ShopError, match="already"), shop.change("Renamed") as db:
        channels.rename(db, second, name="a")
    with shop.change("Renamed") as db:
        channels.rename(db, second, name="b ")
    assert names(shop) == ["a", "b"]


def test_a_huge_order_is_shared_exactly(shop: Shop):
    paid = 4 * 10**14
    with shop.change("Huge", "orders") as db:
        channel = channels.add(db, platform="other", name="a", currency="IDR")
        row = {"channel_id": channel, "number": "1", "currency": "IDR", "paid": paid, "paid_at": clock.text()}
        order = db["orders"].insert(row).last_pk
        for at, price in enumerate((10**14, 2 * 10**14 + 1, 7)):
            line = {"order_id": order, "line_key": str(at), "position": at, "qty": 1, "price": price, "amount": price}
            db["order_lines"].insert(line)
    shares = [row[0] for row in shop.reader().execute("SELECT share FROM order_lines ORDER BY position, id")]
    assert sum(shares) == paid
    assert abs(shares[1] - 2 * shares[0]) < paid // 10**6
    assert list(check.faults(shop.path)) == []


def test_the_language_is_switched_while_others_speak():
    stop = threading.Event()
    wrong: list[str] = []

    def speak() -> None:
        while not stop.is_set():
            if words.tr(FEATURES["orders"].title) not in ("Orders", "订单"):
                wrong.append("mixed")

    thread = threading.Thread(target=speak)
    thread.start()
    for turn in range(10):
        words.use_language(("en", "zh_CN")[turn % 2])
    stop.set()
    thread.join()
    assert wrong == []


def test_a_huge_order_is_imported_and_shared_exactly(shop: Shop, tmp_path: Path):
    number = {"订单编号": "238604127755001"}
    orders = orders_csv(tmp_path / "orders.csv", {**number, "买家实际支付金额": "5000000000.03"})
    lines = lines_csv(
        tmp_path / "lines.csv",
        {**number, "价格": "3000000000.00"},
        {**number, "价格": "2000000001.00", "商家编码": "T"},
    )
    commands.import_files(shop, [orders, lines], channel="Muhe")
    assert [row[0] for row in shop.reader().execute("SELECT sum(share) FROM order_lines")] == [500000000003]
    assert list(check.faults(shop.path)) == []
