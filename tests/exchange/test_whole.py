"""The whole shop as plain files, and back: equal to the last value, and nothing made of what is not whole."""

from __future__ import annotations

import errno
import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shopdesk.core import check, durable
from shopdesk.core.errors import DiskTrouble, FileRefused, NewerFile
from shopdesk.core.shop import Shop, opened
from shopdesk.exchange import demo, whole
from shopdesk.orders import verbs

NASTY = "=1+1 'x' \"y\"\r\nz, \\N ￾ \U0001f375 −"


@pytest.fixture
def full(tmp_path: Path) -> Shop:
    """The demo shop with an undone step and texts that a spreadsheet or a parser would trip over."""
    demo.make(tmp_path / "demo.shop")
    shop = Shop.open(tmp_path / "demo.shop")
    with shop.change("Nasty", "orders") as db:
        db.execute("UPDATE orders SET buyer_note = ?, seller_note = '' WHERE id = 1", (NASTY,))
        db.execute("INSERT INTO tasks (day, title, due) VALUES ('2026-11-24', 'Empty', '')")
    waiting = shop.reader().execute("SELECT id FROM orders WHERE status = 'to_ship' LIMIT 3")
    verbs.ship_orders(shop, ids=[row[0] for row in waiting])
    shop.undo()
    yield shop
    shop.close()


def facts(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    con = shop.reader()
    tables = [
        row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%FTS%'")
    ]
    kept = [t for t in tables if not t.startswith(("search_", "_sqlite", "sqlite_"))]
    found = {t: [tuple(row) for row in con.execute(f"SELECT * FROM {t} ORDER BY 1")] for t in kept}
    found["sales_hours"] = sorted(row[1:] for row in found["sales_hours"])
    found["blobs"] = [row[:4] for row in found["blobs"]]
    return found


def test_what_comes_back_is_equal_and_goes_on(full: Shop, tmp_path: Path) -> None:
    names = whole.write(full, tmp_path / "out")
    assert sorted(names) == sorted(
        str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_file()
    )
    whole.read(tmp_path / "out", tmp_path / "back.shop")
    back = Shop.open(tmp_path / "back.shop")
    assert facts(back) == facts(full)
    assert back.redo().label == full.redo().label
    assert facts(back)["orders"] == facts(full)["orders"]
    back.close()
    assert list(check.deep_faults(tmp_path / "back.shop")) == []


def test_pictures_and_originals_are_ordinary_files(full: Shop, tmp_path: Path) -> None:
    whole.write(full, tmp_path / "out")
    files = {path.suffix for path in (tmp_path / "out" / "files").iterdir()}
    assert {".png", ".csv"} <= files


def _missing_row(out: Path) -> None:
    lines = (out / "orders.csv").read_text("utf-8-sig").splitlines(keepends=True)
    (out / "orders.csv").write_text("".join(lines[:-1]), "utf-8-sig")


def _other_path(out: Path) -> None:
    index = json.loads((out / "shop.json").read_text())
    index["files"][0]["file"] = "../../secret"
    (out.parent / "secret").write_bytes(b"")
    (out / "shop.json").write_text(json.dumps(index))


def _link(out: Path) -> None:
    file = next((out / "files").iterdir())
    moved = out.parent / "moved"
    shutil.move(file, moved)
    file.symlink_to(moved)


@pytest.mark.parametrize(
    "spoil",
    [
        _missing_row,
        _other_path,
        _link,
        lambda out: (out / "skus.csv").unlink(),
        lambda out: (out / "shop.json").write_text("[]"),
        lambda out: (out / "orders.csv").write_text('"id","nothing"\r\n1,2\r\n'),
        lambda out: next((out / "files").iterdir()).write_bytes(b"other"),
    ],
    ids=["a row", "a path", "a link", "a table", "the index", "a column", "a file"],
)  # fmt: skip
def test_of_what_is_not_whole_no_shop_is_made(full: Shop, tmp_path: Path, spoil) -> None:
    out = tmp_path / "out"
    whole.write(full, out)
    spoil(out)
    with pytest.raises(FileRefused):
        whole.read(out, tmp_path / "back.shop")
    assert not list(tmp_path.glob("back.shop*"))


def test_another_versions_folder_and_a_full_one_are_refused(full: Shop, tmp_path: Path) -> None:
    whole.write(full, tmp_path / "out")
    with pytest.raises(FileRefused, match="not empty"):
        whole.write(full, tmp_path / "out")
    index = json.loads((tmp_path / "out" / "shop.json").read_text())
    index["migrations"].append(["orders", "9999_later"])
    (tmp_path / "out" / "shop.json").write_text(json.dumps(index))
    with pytest.raises(NewerFile):
        whole.read(tmp_path / "out", tmp_path / "back.shop")


def test_nobody_else_on_the_machine_can_read_it(shop: Shop, tmp_path: Path):
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    for folder in (tmp_path / "new" / "folder", there):
        whole.write(shop, folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.fixture(params=["new", "there"])
def out(tmp_path: Path, request) -> Path:
    """A folder to write into: to be made, or there and empty."""
    folder = tmp_path / "disk" / "out"
    folder.parent.mkdir()
    if request.param == "there":
        folder.mkdir()
    return folder


def test_a_disk_that_gets_full_leaves_nothing_of_it(full: Shop, out: Path, monkeypatch) -> None:
    before = list(out.parent.rglob("*"))
    wrote: list[Path] = []

    def sync(path: Path) -> None:
        wrote.append(path)
        if len(wrote) == 30:
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(durable, "sync", sync)
    with pytest.raises(DiskTrouble) as refused:
        whole.write(full, out)
    assert str(refused.value).startswith("“out” could not be written: the disk is full.")
    assert list(out.parent.rglob("*")) == before
    monkeypatch.undo()
    whole.write(full, out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert not list(out.rglob("*.part"))


def kill_a_write(shop: Shop, out: Path) -> None:
    """Let another process be killed in the middle of it; the shop is closed then."""
    path = shop.path
    shop.close()
    code = "import os, sys; from pathlib import Path; from shopdesk.core.shop import Shop\n"
    code += "from shopdesk.exchange import whole; left = [8]\n"
    code += "def go_on():\n    left[0] -= 1\n    left[0] or os.kill(os.getpid(), 9)\n"
    code += "whole.write(Shop.open(Path(sys.argv[1]), write=False), Path(sys.argv[2]), go_on)\n"
    done = subprocess.run([sys.executable, "-c", code, path, out], timeout=60, check=False)
    assert done.returncode == -9


def test_what_a_killed_one_left_is_no_export_and_gives_way_to_the_next(full: Shop, out: Path, tmp_path: Path) -> None:
    path = full.path
    kill_a_write(full, out)
    assert [found for found in out.parent.rglob("*.csv") if found.parent.suffix != ".part"] == []
    assert [found.name for found in out.parent.rglob("*.part")] != []
    for folder in (out, *out.parent.rglob("*.part")):
        with pytest.raises(FileRefused, match="does not hold a whole shop"):
            whole.read(folder, tmp_path / "back.shop")
    with opened(path) as shop:
        whole.write(shop, out)
    whole.read(out, tmp_path / "back.shop")
    assert not list(out.parent.rglob("*.part"))


@pytest.mark.parametrize("name", ["letter.txt", "orders.csv", "files/cat.png", "shop.json"])
def test_a_folder_of_the_owners_that_is_called_so_stays(full: Shop, tmp_path: Path, name: str) -> None:
    hers = tmp_path / "out.part" / name
    hers.parent.mkdir(parents=True)
    hers.write_text("Dear")
    with pytest.raises(DiskTrouble):
        whole.write(full, tmp_path / "out")
    (tmp_path / "out").mkdir()
    whole.write(full, tmp_path / "out")
    assert hers.read_text() == "Dear"


def test_what_a_killed_one_left_goes_also_when_the_folder_was_made_since(full: Shop, tmp_path: Path) -> None:
    path = full.path
    kill_a_write(full, tmp_path / "out")
    assert (tmp_path / "out.part").is_dir()
    (tmp_path / "out").mkdir()
    with opened(path) as shop:
        whole.write(shop, tmp_path / "out")
    assert not list(tmp_path.rglob("*.part"))
