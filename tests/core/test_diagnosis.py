"""A damaged file says what of it can be read, and each way out keeps the broken one and leaves a whole one."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from shopdesk.core import backup, channels, check, diagnosis, listing, manifest, rescue, sqlite
from shopdesk.core.diagnosis import HEAD, KEPT, LIST, PAGES, SHORT, Diagnosis
from shopdesk.core.errors import Damaged, FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.readable import Readable
from shopdesk.core.salvage import salvage
from shopdesk.core.shop import Shop, opened
from shopdesk.exchange import demo
from shopdesk.ui import damaged_words
from tests.broken import PAGE, cut, leaves, pages_of, zero
from tests.core.test_shop import add_product

NOTES = 300


def filled(path: Path, key: Key | None = None) -> Path:
    """A shop with products, a verified backup of the first part of them, closed."""
    shop = Shop.create(path, name="Muhe", key=key)
    for n in range(NOTES):
        if n == NOTES - 40:
            backup.make(shop, why="test")
        add_product(shop, f"Gaiwan {n:03d} " + "x" * 80)
    with shop.quiet() as db:
        db["blobs"].insert({"sha256": "0" * 64, "kind": "picture", "media": "image/png", "size": 0, "bytes": b""})
        db.execute("DELETE FROM blobs")
    shop.close()
    return path


@pytest.fixture
def full(tmp_path: Path) -> Path:
    return filled(tmp_path / "muhe.shop")


def known_of(path: Path, key: Key | None = None) -> tuple[Diagnosis, manifest.Backup | None]:
    """The last word of a looking in a process of its own."""
    said: list[tuple[Diagnosis, manifest.Backup | None]] = []
    rescue.diagnose(path, key=key, hear=lambda known, made: said.append((known, made)))
    assert said[-1][0].finished
    return said[-1]


def copy_of(path: Path) -> Path:
    made = manifest.newest(path)
    assert made is not None
    return manifest.folder(path) / made.name


def part(known: Diagnosis, name: str) -> diagnosis.Part:
    return next(part for part in known.parts if part.name == name)


def test_a_whole_file_is_well(full: Path):
    known, made = known_of(full)
    assert (known.lost, known.places, known.sums, known.openable) == (0, 0, True, True)
    assert part(known, "inventory").rows == NOTES
    assert made is not None
    assert known.changes is not None
    assert known.changes - made.changes == 40


def test_zeroed_pages_are_counted_and_filled_from_the_backup(full: Path):
    zero(full, *leaves(full, "skus")[-4:])
    before = full.read_bytes()
    known, _ = known_of(full)
    assert known.trouble == PAGES
    assert known.places == 4
    stock = part(known, "inventory")
    assert 0 < stock.held < stock.lost
    kept, counts = rescue.repair(full, fill=copy_of(full))
    skus = next(one for one in counts if one.table == "skus")
    assert (skus.filled, skus.lost) == (stock.held, stock.lost - stock.held)
    assert skus.rows + skus.filled + skus.lost == NOTES
    assert re.fullmatch(r"muhe damaged \d{4}\.shop", kept.name)
    assert kept.read_bytes() == before
    assert list(check.faults(full)) == []
    assert sorted(p.name for p in full.parent.glob("*") if "-" not in p.name) == [
        "muhe backups", kept.name, "muhe.shop",
    ]  # fmt: skip


def test_without_a_backup_the_readable_rest_comes_over(full: Path):
    zero(full, leaves(full, "skus")[0])
    _, counts = rescue.repair(full)
    skus = next(one for one in counts if one.table == "skus")
    assert skus.filled == 0
    assert 0 < skus.lost < NOTES
    assert list(check.faults(full)) == []


def flip_a_word(path: Path) -> None:
    """Let an order have a problem that is none of ours, in the shop but not in its newest backup."""
    with opened(path) as shop:
        with shop.change("Order", "orders") as db:
            sold = channels.add(db, platform="jd", name="Muhe", currency="CNY")
            row = {"channel_id": sold, "number": "1", "currency": "CNY", "problem": "address", "problem_note": "Xqz"}
            db["orders"].insert(row)
        backup.make(shop, why="test")
    raw = path.read_bytes()
    assert raw.count(b"addressXqz") == 1
    path.write_bytes(raw.replace(b"addressXqz", b"aldressXqz"))


@pytest.mark.parametrize("from_backup", [True, False])
def test_a_flipped_bit_in_a_word_of_ours_is_seen_counted_and_comes_from_the_backup(tmp_path: Path, from_backup: bool):
    path = filled(tmp_path / "muhe.shop")
    flip_a_word(path)
    assert [str(fault) for fault in check.faults(path)] == [
        "1 values “problem” of “orders” are none that ShopDesk writes."
    ]
    orders = part(known_of(path)[0], "orders")
    assert (orders.rows, orders.lost, orders.held) == (0, 1, 1)
    _, counts = rescue.repair(path, fill=copy_of(path) if from_backup else None)
    told = next(one for one in counts if one.table == "orders")
    assert (told.rows, told.lost, told.filled) == (0, not from_backup, from_backup)
    assert list(check.faults(path)) == []


def test_a_row_that_was_taken_back_is_no_lost_row(full: Path):
    shop = Shop.open(full)
    for _ in range(10):
        shop.undo()
    shop.close()
    zero(full, leaves(full, "skus")[-1])
    with closing(sqlite.connect(copy_of(full))) as con:
        there = con.execute("SELECT max(id) FROM skus").fetchone()[0]
    known, _ = known_of(full)
    stock = part(known, "inventory")
    assert there < NOTES - 10
    _, counts = rescue.repair(full, fill=copy_of(full))
    assert next(one for one in counts if one.table == "skus").rows + stock.lost == NOTES - 10


def test_a_file_cut_off_gives_what_is_left(full: Path):
    cut(full, 0.6)
    with pytest.raises(Damaged):
        Shop.open(full)
    known, _ = known_of(full)
    assert known.trouble == SHORT
    assert not known.openable
    _, counts = rescue.repair(full, fill=copy_of(full))
    assert sum(one.rows + one.filled for one in counts if one.table == "skus") >= NOTES - 40
    assert list(check.faults(full)) == []


@pytest.mark.parametrize("share", [0.05, 0.25])
def test_however_little_is_left_all_of_it_is_looked_through(tmp_path: Path, share: float):
    path = tmp_path / "muhe.shop"
    demo.make(path)
    cut(path, share)
    known, _ = known_of(path)
    assert known.trouble == SHORT
    assert known.finished
    assert all(part.looked for part in known.parts)


def test_where_nothing_tells_how_much_there_was_it_is_said_to_be_unknown(tmp_path: Path):
    path = tmp_path / "muhe.shop"
    demo.make(path)
    shutil.rmtree(backup.folder(path), ignore_errors=True)
    whole = path.read_bytes()
    cut(path, 0.05)
    known, _ = known_of(path)
    orders = part(known, "orders")
    assert (orders.rows, orders.untold) == (0, True)
    said = [line for line in damaged_words.lines(known, None) if "Orders" in line.text]
    assert [(line.text, line.well) for line in said] == [("Orders: how many rows are missing is not known", False)]
    counts = {one.table: one for one in salvage(path, tmp_path / "new.shop")}
    assert (counts["orders"].rows, counts["orders"].untold) == (0, True)
    path.write_bytes(whole)
    with opened(path) as shop:
        backup.make(shop, why="test")
        orders_there = shop.reader().execute("SELECT count(*) FROM orders").fetchone()[0]
    cut(path, 0.05)
    known, _ = known_of(path)
    assert part(known, "orders").untold
    assert part(known, "orders").held == part(known, "orders").lost > orders_there
    counts = {one.table: one for one in salvage(path, tmp_path / "filled.shop", fill=copy_of(path))}
    assert (counts["orders"].filled, counts["orders"].lost, counts["orders"].untold) == (orders_there, 0, True)


def test_what_comes_before_the_damage_is_read_where_nothing_tells_of_the_end(tmp_path: Path):
    path = tmp_path / "rows.db"
    with closing(sqlite.scratch(path)) as con:
        con.execute("CREATE TABLE sold (id INTEGER PRIMARY KEY, name TEXT)")
        con.executemany("INSERT INTO sold (name) VALUES (?)", [("x" * 300,)] * 500)
    zero(path, leaves(path, "sold")[-1])
    with closing(sqlite.connect(path, broken=True)) as con:
        readable = Readable(con, "sold", ["name"])
        found = [row[0] for row in readable.rows()]
    assert found == list(range(1, len(found) + 1))
    assert 450 < len(found) < 500
    assert readable.untold


def test_an_empty_file_is_looked_through_at_once(full: Path):
    full.write_bytes(b"")
    known, made = known_of(full)
    assert (known.trouble, known.parts, known.size) == (HEAD, (), 0)
    assert made is not None


def test_a_name_that_is_no_text_any_more_is_a_row_that_cannot_be_read(full: Path):
    with closing(sqlite.bare(full)) as con:
        con.execute("UPDATE products SET name = CAST(CAST('王小明' AS BLOB) || x'ff' AS TEXT) WHERE id IN (3, 5)")
    known, _ = known_of(full)
    stock = part(known, "inventory")
    assert (known.lost, stock.lost, stock.held) == (2, 2, 2)
    assert stock.rows == NOTES - 2
    assert known.places == 1
    assert "王小明" not in diagnosis.report(known, versions="", at="")
    shop = Shop.open(full)
    made = backup.make(shop, why="test")  # which nobody can see it in
    shop.close()
    known, again = known_of(full)
    assert again == made
    assert (known.lost, known.held) == (2, 0)
    _, counts = rescue.repair(full, fill=copy_of(full))
    assert sum(one.filled for one in counts) == 0
    assert list(check.faults(full)) == []


def test_days_are_told_only_when_they_are_known_of_every_row(tmp_path: Path):
    path = tmp_path / "muhe.shop"
    demo.make(path)
    page = leaves(path, "orders")[5]
    shutil.copyfile(path, tmp_path / "other.shop")
    zero(path, page)
    orders = part(known_of(path)[0], "orders")
    assert orders.lost
    assert orders.first <= orders.last
    assert orders.first > "2000"
    zero(path, *leaves(tmp_path / "other.shop", "order_lines")[3:5])
    more = part(known_of(path)[0], "orders")
    assert more.lost > orders.lost
    assert (more.first, more.last) == ("", "")


def test_a_lost_beginning_leaves_the_backup(full: Path):
    zero(full, 1)
    before = full.read_bytes()
    known, made = known_of(full)
    assert (known.trouble, known.openable) == (HEAD, False)
    assert made is not None
    with pytest.raises(FileRefused):
        rescue.repair(full, fill=copy_of(full))
    assert full.read_bytes() == before
    kept = rescue.put_back(full, copy_of(full))
    assert kept.read_bytes() == before
    assert list(check.faults(full)) == []
    with closing(sqlite.connect(full)) as con:
        assert con.execute("SELECT count(*) FROM skus").fetchone()[0] == NOTES - 40


def pages_of_list(path: Path) -> list[int]:
    """The pages of the list of tables after the first."""
    raw = path.read_bytes()
    inner = raw[100:PAGE]
    assert inner[0] == 5
    cells = [int.from_bytes(inner[at : at + 2], "big") for at in range(12, 12 + 2 * inner[4], 2)]
    return [*(int.from_bytes(raw[cell : cell + 4], "big") for cell in cells), int.from_bytes(inner[8:12], "big")]


@pytest.mark.parametrize("which", [slice(0, 1), slice(3, 6), slice(-1, None), slice(0, None)])
def test_a_list_of_tables_that_is_not_whole_costs_no_row(full: Path, which: slice):
    pages = pages_of_list(full)[which]
    zero(full, *pages)
    before = full.read_bytes()
    known, _ = known_of(full)
    read_all = (known.trouble, known.lost, part(known, "inventory").rows)
    kept, counts = rescue.repair(full)
    assert read_all == (PAGES, 0, NOTES)
    assert known.places >= len(pages)
    assert {one.table: one.rows for one in counts}["skus"] == NOTES
    assert kept.read_bytes() == before
    assert list(check.faults(full)) == []
    assert not [name for name in full.parent.iterdir() if listing.COPY in name.name]


def test_what_the_log_still_holds_is_read_with_a_mended_list(full: Path, tmp_path: Path):
    shop = Shop.open(full)
    add_product(shop, "Only in the log")
    where = tmp_path / "elsewhere"
    where.mkdir()
    for name in ("muhe.shop", "muhe.shop-wal"):
        shutil.copy(full.with_name(name), where / name)
    shop.close()
    broken = where / "muhe.shop"
    zero(broken, *pages_of_list(broken)[2:4])
    known, _ = known_of(broken)
    assert (known.lost, part(known, "inventory").rows) == (0, NOTES + 1)


def test_a_list_of_other_places_is_not_taken_for_ours(full: Path):
    """A shop that was packed anew has its tables elsewhere; the list of a new one would show rows of others."""
    with closing(sqlite.bare(full)) as con:
        con.execute("VACUUM")
    zero(full, *pages_of_list(full)[:2])
    shutil.rmtree(manifest.folder(full))
    known, _ = known_of(full)
    assert known.trouble in (LIST, PAGES)
    assert part(known, "inventory").rows == 0 if known.parts else known.trouble == LIST


def test_a_lost_channel_takes_no_order_along(tmp_path: Path):
    path = tmp_path / "tea.shop"
    demo.make(path)
    with closing(sqlite.connect(path)) as con:
        orders, channels = (
            con.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("orders", "channels")
        )
    zero(path, *range(2, 22))
    known = list(diagnosis.look(path))[-1]
    assert known.lost >= channels
    new = tmp_path / "new.shop"
    counts = {one.table: one.rows for one in salvage(path, new)}
    assert counts["orders"] == orders
    assert list(check.faults(new)) == []


def test_a_damaged_index_loses_nothing(full: Path):
    zero(full, leaves(full, "skus_name")[0])
    known, _ = known_of(full)
    assert known.lost == 0
    assert known.places == 1
    _, counts = rescue.repair(full)
    assert [one.table for one in counts if one.lost] == []
    assert list(check.faults(full)) == []


def test_a_spoilt_backup_is_passed_over(full: Path):
    copy = copy_of(full)
    raw = bytearray(copy.read_bytes())
    raw[-100] ^= 1
    copy.write_bytes(raw)
    zero(full, leaves(full, "skus")[0])
    known, made = known_of(full)
    assert made is None
    assert known.held == 0


def test_a_protected_file_is_diagnosed_and_repaired_under_its_key(tmp_path: Path):
    key = Key.random()
    full = filled(tmp_path / "muhe.shop", key)
    pages, size = pages_of(full), full.stat().st_size
    zero(full, pages // 2, pages // 2 + 1)
    known, made = known_of(full, key)
    assert 1 <= known.places <= 2 + len(known.parts)  # what follows a damaged page is not damaged, too
    assert not known.counted
    assert made is not None
    kept, _ = rescue.repair(full, key=key, fill=copy_of(full))
    assert kept.stat().st_size == size
    assert list(check.faults(full, key=key)) == []
    assert b"SQLite format 3" not in full.read_bytes()


def test_under_a_password_a_damaged_page_costs_what_is_on_it_and_one_of_the_list_everything(tmp_path: Path):
    key = Key.random()
    full = filled(tmp_path / "muhe.shop", key)
    with closing(sqlite.connect(full, key=key)) as con:
        top = con.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'skus'").fetchone()[0]
    pages, lost = pages_of(full), 0
    for page in (top, *range(pages // 2, pages, pages // 20)):
        broken, new = tmp_path / f"{page}.shop", tmp_path / f"new {page}.shop"
        shutil.copy(full, broken)
        zero(broken, page)
        try:
            found = salvage(broken, new, key=key)
        except FileRefused:
            assert not new.exists()
            continue
        assert sum(one.rows for one in found) > 0
        lost += sum(one.lost for one in found)
        assert list(check.faults(new, key=key)) == []
    assert lost >= NOTES


def test_under_a_password_a_list_of_tables_that_cannot_be_read_is_said_to_be_that(tmp_path: Path):
    key = Key.random()
    full = filled(tmp_path / "muhe.shop", key)
    zero(full, *range(2, pages_of(full) // 2))
    (*_, known) = diagnosis.look(full, key=key)
    assert known.trouble == diagnosis.LIST
    zero(full, 1)
    (*_, known) = diagnosis.look(full, key=key)
    assert known.trouble == diagnosis.HEAD


def test_the_report_names_nobody(full: Path):
    zero(full, *leaves(full, "skus")[:3])
    known, _ = known_of(full)
    text = diagnosis.report(known, versions="ShopDesk", at="2026-11-24 14:50:00")
    assert "inventory:" in text
    assert "Gaiwan" not in text
    assert "muhe" not in text
    assert "page" in text


def test_nothing_is_lost_when_a_repair_is_killed(full: Path, tmp_path: Path):
    """Killed at any moment there is the broken file as it was, or a whole one in its place and the broken one kept."""
    zero(full, leaves(full, "skus")[0])
    broken, fill = full.read_bytes(), copy_of(full)
    ends = set()
    for number, seconds in enumerate((0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.2, 9)):
        place = tmp_path / str(number)
        place.mkdir()
        path = Path(shutil.copy(full, place / "muhe.shop"))
        job = {"what": "repair", "path": str(path), "fill": str(fill), "key": "", "language": "en"}
        child = subprocess.Popen(
            [sys.executable, "-m", rescue.MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(job).encode() + b"\n")
        child.stdin.flush()
        until = time.monotonic() + seconds
        while child.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdin.close()
        child.stdout.close()
        kept = [p for p in place.iterdir() if " damaged " in p.name]
        if path.read_bytes() == broken:
            ends.add("broken")
        else:
            ends.add("whole")
            assert [p.read_bytes() for p in kept] == [broken]
            assert list(check.faults(path)) == []
    assert ends == {"broken", "whole"}


def test_a_part_of_a_file_that_is_no_picture_is_told(full: Path):
    with closing(sqlite.connect(full, write=True)) as con:
        con.execute(
            "INSERT INTO blobs (sha256, kind, media, size, bytes) VALUES ('a', 'picture', 'image/png', 1, x'00')"
        )
    known, _ = known_of(full)
    assert part(known, KEPT).lost == 1
