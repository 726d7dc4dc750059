"""Whatever is brought to a door, the shop stays shut: nothing opened, nothing told, nothing dead, one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopdesk.core import check
from tests.hostile import coming_back, files, pictures, shops, tables, texts
from tests.hostile.watching import Seen, live_in_csv, live_in_pdf, live_in_xlsx, must_hold, walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts.lay_traps(tmp_path)
    (tmp_path / "chosen").mkdir()
    return tmp_path


def _chosen(folder: Path) -> list[Path]:
    return [path for path in (folder / "chosen").iterdir() if path.is_file() and not path.is_symlink()]


def _walk(door: str, folder: Path, *arguments: Path | str, readers_die: bool = False) -> Seen:
    seen = walk(door, folder, *map(str, arguments))
    must_hold(seen, folder, _chosen(folder), readers_die=readers_die)
    assert seen.said["rich"] == []
    return seen


def test_files_dropped_on_the_window(folder: Path) -> None:
    made = files.make(folder, files.plain(folder))
    odd, none = files.odd_names(folder), files.no_files(folder)
    seen = _walk("import", folder, *made, *odd, *none)
    refused = set(seen.said["refused files"])
    counts = seen.said["counts"]
    assert {path.name for path in none} <= refused
    taken = {"good.csv", "orders.csv", "lines.csv", "reviews.csv", "customers.csv", "wide_known.csv", "long_cells.csv"}
    assert not taken & refused
    assert counts["cards"] >= len(made) + len(odd) + len(none)
    assert counts["orders"] >= len(texts.short(folder))
    assert counts["customers"] > 100
    assert counts["reviews"] > 100
    assert not (folder / "out" / "planted").exists()


def test_files_that_break_the_reader_harm_nobody_else(folder: Path) -> None:
    seen = _walk("import", folder, *files.make(folder, files.breaking(folder)), readers_die=True)
    assert "sparse.xlsx" in seen.said["refused files"]
    assert "after.csv" not in seen.said["refused files"]
    assert seen.said["counts"]["orders"] >= 1


def test_layouts_views_and_settings_that_came_in_files(folder: Path) -> None:
    for name, text in tables.own_layouts().items():
        (folder / "chosen" / name).write_text(text, "utf-8")
    (good,) = files.make(folder, {"good.csv": files.plain(folder)["good.csv"]})
    own = [folder / "chosen" / name for name in tables.own_layouts()]
    counts = _walk("layouts", folder, good, *own).said["counts"]
    assert counts["mappings"] >= 5
    assert counts["views"] >= 20
    assert counts["settings"] == 2  # only those that the shop began with
    assert counts["new orders"] == 1


def test_our_own_tables_with_anything_in_them(folder: Path) -> None:
    own = tables.own_tables(folder)
    for name, text in own.items():
        (folder / "chosen" / name).write_text(text, "utf-8")
    (good,) = files.make(folder, {"good.csv": files.plain(folder)["good.csv"]})
    counts = _walk("layouts", folder, good, *(folder / "chosen" / name for name in own)).said["counts"]
    assert (
        min(counts[table] for table in ("orders", "order_events", "customers", "skus", "reviews", "tasks", "returns"))
        > 10
    )
    assert counts["records drawn"] > 50
    assert [str(fault) for fault in check.faults(folder / "shop" / "muhe.shop")] == []


def test_forms(folder: Path) -> None:
    counts = _walk("forms", folder).said["counts"]
    assert counts["fields filled"] > 200
    assert sum(name.startswith("form ") for name in counts) > 20


def test_search_and_palette(folder: Path) -> None:
    counts = _walk("search", folder).said["counts"]
    assert counts["searched"] > 150
    assert counts["asked of the palette"] > 20


def test_pasted_lists(folder: Path) -> None:
    counts = _walk("paste", folder).said["counts"]
    assert counts["pasted orders"] == counts["pasted reviews"] == 8


def test_pictures(folder: Path) -> None:
    made = pictures.all_of_them(folder)
    for name, data in made.items():
        (folder / "chosen" / name).write_bytes(data)
    none = files.no_files(folder)
    seen = _walk("pictures", folder, readers_die=True)
    assert seen.said["counts"]["taken"] <= 6
    assert seen.said["counts"]["taken"] + seen.said["counts"]["refused"] >= len(made) + len(none) - 3


def test_shop_files_from_elsewhere(folder: Path) -> None:
    good, others = shops.make(folder)
    seen = walk("shops", folder, str(good), *map(str, others))
    must_hold(seen, folder, [folder / "chosen"])
    assert seen.said["rich"] == []
    assert seen.said["counts"]["refused"] == len(others)
    assert not Path("/tmp/planted").exists()


def test_backups_damaged_shops_and_whole_shops_from_elsewhere(folder: Path) -> None:
    good, others = shops.make(folder)
    coming_back.whole_folders(folder)
    coming_back.backups(good, others, folder)
    seen = walk("back", folder, str(good), *map(str, others), seconds=280)
    must_hold(seen, folder, [folder / "chosen"])
    assert seen.said["rich"] == []
    counts = seen.said["counts"]
    assert counts["restored refused"] == len(others)
    assert counts["salvaged"] + counts["salvaged refused"] == len(others)
    assert counts["made anew refused"] > len(coming_back.WHOLE) - 6
    assert counts["backups looked at"] == 12
    assert not Path("/tmp/planted").exists()


def test_the_owner_s_folder(folder: Path) -> None:
    counts = _walk("own", folder).said["counts"]
    assert counts["rules not used"] > 60
    assert counts["views not used"] > 60


def test_what_leaves_has_nothing_alive_in_it(folder: Path) -> None:
    names = ("good.csv", "orders.csv", "lines.csv", "customers.csv", "reviews.csv", "formulas.xlsx")
    plain = files.plain(folder)
    seen = _walk("exports", folder, *files.make(folder, {name: plain[name] for name in names}))
    out = folder / "out"
    assert seen.said["counts"]["printed"] == 5
    assert {path.suffix for path in out.rglob("*") if path.is_file()} == {".csv", ".xlsx", ".pdf"}
    assert len(list(out.glob("view *"))) == 8
    alive = {
        path.name: found[:3]
        for looked, ending in ((live_in_csv, "csv"), (live_in_pdf, "pdf"))
        for path in out.rglob(f"*.{ending}")
        if (found := looked(path.read_bytes()))
    }
    alive |= {path.name: found for path in out.rglob("*.xlsx") if (found := live_in_xlsx(path))}
    assert alive == {}
    assert any(b"HYPERLINK" in path.read_bytes() for path in out.rglob("*.csv"))
