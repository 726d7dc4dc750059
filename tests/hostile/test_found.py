"""What was once found by this folder's walks, each on its own and at once."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData

from shopdesk.core import backup, lock, manifest, process, salvage, search, settings
from shopdesk.core.errors import DiskTrouble, FileRefused
from shopdesk.core.shop import Shop
from shopdesk.exchange import whole
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.commands import import_files
from shopdesk.exchange.formats import is_saved_layout
from shopdesk.exchange.guessing import mapping_to_format
from shopdesk.exchange.reading import recognise
from shopdesk.exchange.times import clean_time
from shopdesk.ui import pictures as thumbs
from shopdesk.ui import views
from shopdesk.ui.columns import View
from shopdesk.ui.field import NoteEditor
from shopdesk.ui.picture_reading import read_picture
from shopdesk.ui.text import PlainLabel, plain_tip_text
from tests.hostile import files, pictures, texts
from tests.shop_files import orders_csv

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1), (1, 900_000)])
def test_a_thumb_of_a_line_takes_no_gigabytes(size: tuple[int, int], tmp_path: Path) -> None:
    data = pictures.png(*size, depth=1, colour=0)
    assert thumbs._decode(data, 144).isNull()
    (tmp_path / "line.png").write_bytes(data)
    assert max(thumbs._decode(read_picture(tmp_path / "line.png"), 144).size().toTuple()) <= 144


def test_a_drawing_is_no_picture_whatever_kept_it(tmp_path: Path) -> None:
    assert thumbs._decode(pictures.svg(tmp_path), 90).isNull()


def test_a_jpeg_of_many_passes_is_never_decoded_in_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pictures.many_passes(side=400, passes=2000)
    assert not thumbs.is_plain_jpeg(data)
    assert thumbs._decode(data, 90).isNull()
    (tmp_path / "passes.jpg").write_bytes(data)
    kept = read_picture(tmp_path / "passes.jpg")
    assert thumbs.is_plain_jpeg(kept)
    assert not thumbs._decode(kept, 90).isNull()
    monkeypatch.setattr("shopdesk.ui.picture_reading.PATIENCE", 0.0)
    with pytest.raises(FileRefused, match="more memory or time"):
        read_picture(tmp_path / "passes.jpg")


def test_a_picture_that_breaks_its_reader_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.png").write_bytes(pictures.png(9, 9))

    def broken(*_given: object, **_more: object) -> None:
        raise process.Broken

    monkeypatch.setattr(process, "run", broken)
    with pytest.raises(FileRefused, match="more memory or time"):
        read_picture(tmp_path / "good.png")


def test_a_planted_picture_is_decoded_only_if_the_program_could_have_made_it() -> None:
    assert not thumbs._decode(pictures.png(1024, 1024), 90).isNull()
    assert thumbs._decode(pictures.png(1025, 1024), 90).isNull()
    for cut in (b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00", b"\xff\xd8\xff\xe0\x00\x00" * 9):
        assert not thumbs.is_plain_jpeg(cut)


def test_a_pipe_is_no_picture(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to("/dev/zero")
    for name in ("pipe.png", "link.png"):
        with pytest.raises(FileRefused, match="not a plain file"):
            read_picture(tmp_path / name)


def test_a_file_name_of_an_old_chinese_system(shop: Shop, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "订单.csv".encode("gb18030")))
    orders_csv(path, {"订单编号": files.NUMBER.format(1)})
    assert import_files(shop, [path])["orders"]["new"] == 1


@pytest.mark.parametrize(
    "found",
    [{}, [], None, 5, "x", {"id": "own-x", "match": [[]]},
     {**mapping_to_format("x", ["a"], {"a": "order.number"}, rows="order", platform="other"), "id": "taobao-orders"},
     {**mapping_to_format("x", ["a"], {"a": "order.number"}, rows="order", platform="other"), "match": [[]]},
     {**mapping_to_format("x", ["a"], {"a": "order.number"}, rows="order", platform="other"), "rows": "nope"},
     {**mapping_to_format("x", ["a"], {"a": "order.number"}, rows="order", platform="other"), "columns": {"order": {"number": ["a"]}}},
     {**mapping_to_format("x", ["a"], {"a": "order.number"}, rows="order", platform="other"), "status": [{"column": "a", "contains": {"a": "gone"}}]}],
)  # fmt: skip
def test_what_no_mapping_screen_made_is_no_layout(found: object) -> None:
    assert not is_saved_layout(found)


def test_what_the_mapping_screen_makes_is_a_layout() -> None:
    columns = {"Nr": "order.number", "State": "order.status", "Back": "order.refund_state"}
    assert is_saved_layout(
        mapping_to_format("Till", list(columns), columns, rows="order", platform="other", currency="EUR")
    )


def _line(**given: object) -> str:
    known = {"name": "muhe-20200101-000000.shop", "at": "2020-01-01 00:00:00", "why": "start", "size": 1, "sha256": "0",
             "changes": 1, "rows": {"orders": 1}}  # fmt: skip
    return json.dumps({**known, **given})


def test_a_manifest_from_a_stranger_removes_and_opens_nothing_elsewhere(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "letter.shop").write_text("dear")
    where = manifest.folder(shop.path)
    where.mkdir()
    (where / "link.shop").symlink_to(tmp_path / "letter.shop")
    os.mkfifo(where / "pipe.shop")
    names = (
        "../letter.shop",
        str(tmp_path / "letter.shop"),
        "link.shop",
        "pipe.shop",
        "..",
        ".",
        "",
        "a\0b.shop",
        5,
        None,
        [],
    )
    odd = [
        _line(at="soon"),
        _line(at=5),
        _line(rows=5),
        _line(rows={"orders": "x"}),
        _line(size="x"),
        _line(more=1),
        "[" * 9000,
        "{}",
    ]
    (where / "muhe-20200101-000000.shop").write_bytes(b"x")
    (where / "manifest.jsonl").write_text("\n".join([*(_line(name=name) for name in names), *odd]) + "\n")
    assert manifest.listed(shop.path) == []
    made = backup.make(shop, why="start")
    assert manifest.listed(shop.path) == [made]
    assert (tmp_path / "letter.shop").read_text() == "dear"
    assert (where / "link.shop").is_symlink()


def test_links_beside_a_shop_from_a_stranger_are_not_written_through(shop: Shop, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("dear")
    path = shop.path
    shop.close()
    lock.lock_path(path).symlink_to(letter)
    with pytest.raises(DiskTrouble):
        Shop.open(path)
    assert lock.holder(path) is None
    lock.lock_path(path).unlink()
    manifest.folder(path).mkdir()
    (manifest.folder(path) / "manifest.jsonl").symlink_to(letter)
    with closing(Shop.open(path)) as again, pytest.raises(DiskTrouble):
        backup.make(again, why="start")
    assert letter.read_text() == "dear"


def test_a_pipe_beside_a_shop_holds_nobody_up(shop: Shop) -> None:
    path = shop.path
    shop.close()
    os.mkfifo(lock.lock_path(path))
    manifest.folder(path).mkdir()
    os.mkfifo(manifest.folder(path) / "manifest.jsonl")
    assert lock.holder(path) is None
    assert manifest.listed(path) == []


@pytest.mark.parametrize("name", ["shop.json", "tasks.csv"])
def test_a_whole_shop_from_a_stranger_leads_nowhere_else(shop: Shop, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "whole"
    whole.write(shop, folder)
    (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(FileRefused):
        whole.read(folder, tmp_path / "new.shop")
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(FileRefused):
        whole.read(folder, tmp_path / "new.shop")
    assert not (tmp_path / "new.shop").exists()


@pytest.mark.parametrize("last", [9_000_000_000_000_000_000, (1 << 63) - 1])
def test_a_list_of_ids_that_tells_of_any_number_holds_no_salvage_up(shop: Shop, tmp_path: Path, last: int) -> None:
    with shop.change("Tasks", "tasks") as db:
        db.execute(
            "INSERT INTO tasks (id, day, title) VALUES (7, '2026-11-24', 'near'), (?, '2026-11-24', 'far')", (last,)
        )
    shop.close()
    found = {one.table: one.rows for one in salvage.salvage(shop.path, tmp_path / "new.shop")}
    assert found["tasks"] == 2


def test_settings_that_are_none(shop: Shop) -> None:
    with shop.change("Planted", "settings") as db:
        db.execute("INSERT INTO settings (key, value) VALUES ('ship_hours', ?)", ("9" * 30,))
        db.execute("INSERT INTO settings (key, value) VALUES ('cutoff', '\"25:99\"')")
    assert settings.number(shop.reader(), "ship_hours") == 24
    assert settings.text(shop.reader(), "cutoff") == "17:00"


@pytest.mark.parametrize("spec", ["[]", "5", "null", '"x"', '{"base": []}'])
def test_views_that_are_none(shop: Shop, spec: str) -> None:
    with shop.change("Planted", "views") as db:
        db.execute("INSERT INTO views (page, name, spec) VALUES ('orders', 'Mine', ?)", (spec,))
    assert views.saved(shop.reader(), "orders", {"all": View("all", "All")}) == []


def test_what_a_view_asks_can_be_asked(shop: Shop) -> None:
    spec = '{"base": "all", "columns": [5, "state"], "chosen": {"a": [], "b": 1' + "0" * 30 + ', "c": "x", "d": 7}}'
    with shop.change("Planted", "views") as db:
        db.execute("INSERT INTO views (page, name, spec) VALUES ('orders', 'Mine', ?)", (spec,))
    (view,) = views.saved(shop.reader(), "orders", {"all": View("all", "All")})
    assert (view.columns, view.chosen) == (("state",), {"c": "x", "d": 7})


def test_what_a_look_at_a_file_tells_the_window_is_small(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 32))
    book = files.xlsx(tmp_path / "long.xlsx", [rows] * 30, strings=f"<si><t>{'茶' * 60_000}</t></si>")
    assert len(str(recognise(book))) < 1_000_000


def test_a_long_text_is_no_time_and_soon() -> None:
    start = time.monotonic()
    with pytest.raises(Trouble):
        clean_time("5" + " " * 200_000 + "x")
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("text", texts.endless(), ids=range(9))
def test_endless_texts_are_cut_before_anything_is_done_with_them(text: str) -> None:
    assert len(search.match_expression(text)) < 5_000
    assert len(search.tokens("", text)) < 500_000
    assert len(PlainLabel(text).text()) <= 10_001
    assert len(plain_tip_text(text)) < 50_000
    pasted = QMimeData()
    pasted.setText(text)
    editor = NoteEditor()
    editor.insertFromMimeData(pasted)
    assert len(editor.toPlainText()) <= NoteEditor.MOST + 1
