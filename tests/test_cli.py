"""The command line as an owner or a script uses it: the real command, its exit codes, and JSON that stands alone."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from shopdesk.core import sqlite
from shopdesk.core.lock import lock_path
from shopdesk.core.shop import Shop
from tests.shop_files import demo_files, lines_csv, orders_csv, table_csv

KINDS = ("orders", "lines", "products", "customers", "reviews", "returns", "stock")
COUNTS = ("read", "new", "changed", "unchanged", "refused", "warned")
NOW = "2026-11-24 14:50:00"


@pytest.fixture
def run(tmp_path: Path):
    """Runs `shopdesk ...` in a folder of its own, at the moment at which the tests live."""
    around = {
        **{name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")},
        "SHOPDESK_NOW": NOW, "SHOPDESK_HOME": str(tmp_path / "home"), "LANG": "en_US.UTF-8",
    }  # fmt: skip

    def go(*words: str | Path, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "shopdesk", *map(str, words)]
        done = subprocess.run(
            command, cwd=tmp_path, env={**around, **more}, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    return go


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of two channels with everything of the demo's files in it."""
    folder = tmp_path_factory.mktemp("demo")
    file = folder / "demo.shop"
    around = {**os.environ, "SHOPDESK_NOW": NOW, "SHOPDESK_HOME": str(folder / "home"), "LANG": "en_US.UTF-8"}
    for words in (["new", file], ["import", file, *demo_files(), "--channel", "Muhe"]):
        command = [sys.executable, "-m", "shopdesk", *map(str, words)]
        subprocess.run(command, env=around, check=True, capture_output=True, timeout=120)
    return file


@pytest.fixture
def file(demo: Path, tmp_path: Path) -> Path:
    """A copy of that shop."""
    copy = tmp_path / "muhe.shop"
    shutil.copy(demo, copy)
    return copy


def beside(file: Path) -> set[str]:
    """What lies in the shop's folder and in its folder of backups."""
    names = {p.name for p in file.parent.iterdir() if p.name.startswith(file.stem)}
    backups = file.with_name(f"{file.stem} backups")
    return names | ({p.name for p in backups.iterdir()} if backups.is_dir() else set())


def said(done: subprocess.CompletedProcess[str]) -> dict:
    """The JSON on stdout; anything else there fails."""
    return json.loads(done.stdout)


def add_up(result: dict) -> None:
    assert set(result) == {*KINDS, "rows", "reasons"}
    for kind in KINDS:
        count = result[kind]
        assert set(count) == set(COUNTS)
        assert count["new"] + count["changed"] + count["unchanged"] + count["refused"] == count["read"], kind
    assert set(result["rows"]) == {"read", "used", "refused"}
    assert result["rows"]["used"] + result["rows"]["refused"] == result["rows"]["read"]
    for reason in result["reasons"]:
        assert set(reason) == {"file", "row", "column", "level", "text"}
        assert reason["level"] in ("refused", "warned")


# new, check, undo, wrong use


def test_a_new_shop_is_one_file_and_is_never_written_over(run, tmp_path: Path):
    run("new", "a.shop")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("a")] == ["a.shop"]
    before = (tmp_path / "a.shop").read_bytes()
    assert "a.shop" in run("new", "a.shop", code=1).stderr
    assert (tmp_path / "a.shop").read_bytes() == before
    assert "nowhere" in run("new", "nowhere/a.shop", code=1).stderr
    run("check", "a.shop")
    run("undo", "a.shop", code=1)


@pytest.mark.parametrize(
    "words",
    [
        ["new"], ["new", "b.shop", "--currency", "yuan"], ["import", "a.shop"], ["import"], ["board"], ["export", "a.shop"],
        ["board", "a.shop", "--date", "tomorrow"], ["shots", "a.shop"], ["shots", "a.shop", "out", "--lang", "fr"],
        ["shots", "a.shop", "out", "--size", "large"], ["shots", "a.shop", "out", "--theme", "blue"], ["--nonsense"],
        ["check"], ["undo"], ["undo", "a.shop", "--all"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_ends_with_2(run, words: list[str]):
    done = run(*words, code=2)
    assert done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    "verb", [["check"], ["undo"], ["board"], ["export"], ["import"], ["shots"]], ids=lambda v: v[0]
)
def test_what_is_no_shop_is_refused_and_left_as_it_is(run, tmp_path: Path, verb: list[str]):
    further = {"export": ["out"], "shots": ["out"], "import": ["x.csv"]}.get(verb[0], [])
    (tmp_path / "letter.shop").write_text("Dear shop")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert "There is no file “gone.shop”" in run(*verb, "gone.shop", *further, code=1).stderr
    assert "not a ShopDesk file" in run(*verb, "letter.shop", *further, code=1).stderr
    assert (tmp_path / "letter.shop").read_text() == "Dear shop"
    assert beside(tmp_path / "letter.shop") == {"letter.shop"}


def test_a_window_needs_a_screen(run):
    assert "screen" in run("my.shop", code=1, QT_QPA_PLATFORM="").stderr


def test_a_file_of_a_newer_program_is_not_touched(run, file: Path):
    con = sqlite.bare(file)
    con.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('orders', 'of 2031', '2031-01-01')"
    )
    con.close()
    before = file.read_bytes()
    for words in (["check"], ["undo"], ["board"], ["board", "--date", "2026-11-20"]):
        assert "newer ShopDesk" in run(words[0], file, *words[1:], code=1).stderr
    assert file.read_bytes() == before
    assert beside(file) == {"muhe.shop"}


def test_a_deep_check_finds_what_sqlite_cannot_know(run, file: Path):
    made = Path(run("backup", file).stdout.strip())
    run("check", file, "--deep")
    with closing(sqlite.connect(file, write=True)) as con:
        con.execute("UPDATE blobs SET bytes = CAST(x'00' || bytes AS BLOB) WHERE kind = 'original'")
    run("check", file)
    assert "are not the ones any more" in run("check", file, "--deep", code=1).stderr
    raw = bytearray(made.read_bytes())
    raw[-7] ^= 1
    made.write_bytes(raw)
    assert f"“{made.name}” was changed" in run("check", file, "--deep", code=1).stderr


def test_the_language_chosen_in_the_window_is_spoken(run, tmp_path: Path):
    prefs = tmp_path / "home" / "settings.ini"
    prefs.parent.mkdir()
    prefs.write_text("[General]\nlanguage=zh_CN\nplace=@ByteArray(\\0%\\x1)\n", "utf-8")
    assert "建好了" in run("new", tmp_path / "a.shop").stdout
    prefs.write_bytes(b"\xff\xfe not settings")
    assert "Made" in run("new", tmp_path / "b.shop").stdout


def test_check_says_each_fault(run, file: Path):
    assert "All is well" in run("check", file).stdout
    con = sqlite.bare(file)
    con.execute("UPDATE orders SET refunded = refunded + 1 WHERE id = 1")
    con.execute("UPDATE skus SET on_hand = 4711 WHERE id = 1")
    con.execute("DELETE FROM search_fts_orders WHERE rowid = 2") if _has(con, "search_fts_orders") else None
    con.close()
    faults = run("check", file, code=1).stderr.splitlines()
    assert len(faults) >= 2
    assert beside(file) == {"muhe.shop"}


def test_a_name_that_is_no_text_any_more_is_damage_and_is_not_repeated(run, file: Path, tmp_path: Path):
    con = sqlite.bare(file)
    con.execute("UPDATE customers SET name = CAST(CAST('王小明' AS BLOB) || x'ff' AS TEXT) WHERE id = 1")
    con.close()
    for words in (("export", file, tmp_path / "out"), ("export", file, tmp_path / "whole", "--whole")):
        assert run(*words, code=1).stderr.startswith("The shop file is damaged. ")
    faults = run("check", file, "--deep", code=1).stderr
    assert "cannot be read any further" in faults
    assert "王小明" not in faults


def _has(con: sqlite.Connection, table: str) -> bool:
    return bool(con.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone())


# import


def test_import_tells_what_became_of_every_row_and_the_second_time_nothing(run, tmp_path: Path):
    run("new", "a.shop")
    first = said(run("import", "a.shop", *demo_files(), "--channel", "Muhe", "--json"))
    add_up(first)
    assert first["orders"]["new"] == first["orders"]["read"] > 800
    assert all(first[kind]["read"] for kind in ("lines", "products", "customers", "reviews", "returns", "stock"))
    second = said(run("import", "a.shop", *demo_files(), "--channel", "Muhe", "--json"))
    add_up(second)
    for kind in KINDS:
        assert (second[kind]["new"], second[kind]["changed"]) == (0, 0), kind
        assert second[kind]["unchanged"] == second[kind]["read"] == first[kind]["read"], kind
    run("undo", "a.shop")
    run("check", "a.shop")
    third = said(run("import", "a.shop", *demo_files(), "--channel", "Muhe", "--json", "--dry-run"))
    assert third["orders"] == first["orders"]
    run("undo", "a.shop", code=1)


def test_a_dry_run_writes_nothing(run, file: Path, tmp_path: Path):
    before = file.read_bytes()
    new = orders_csv(tmp_path / "new.csv", {"订单编号": "238604127755299999"})
    assert said(run("import", file, new, "--dry-run", "--json"))["orders"]["new"] == 1
    assert file.read_bytes() == before
    assert beside(file) == {"muhe.shop"}


def test_single_refused_rows_do_not_hold_up_the_file(run, tmp_path: Path):
    run("new", "a.shop")
    mixed = orders_csv(
        tmp_path / "mixed.csv",
        {"订单编号": "238604127755200001"}, {"订单编号": "2.14073E+13"}, {"订单编号": "238604127755200003", "总金额": "much"},
    )  # fmt: skip
    result = said(run("import", "a.shop", mixed, "--json"))
    add_up(result)
    assert (result["orders"]["read"], result["orders"]["new"], result["orders"]["refused"]) == (3, 1, 2)
    assert result["rows"] == {"read": 3, "used": 1, "refused": 2}
    shortened = [r for r in result["reasons"] if r["row"] == 3]
    assert shortened[0]["level"] == "refused"
    assert "spreadsheet" in shortened[0]["text"]


def test_files_that_cannot_be_used(run, tmp_path: Path):
    run("new", "a.shop")
    bill = tmp_path / "bill.csv"
    bill.write_text("when,what,how much\n2026-11-01,rent,900\n")
    done = run("import", "a.shop", bill, code=1)
    assert done.stderr.count("\n") == 1
    assert "import page" in done.stderr
    assert not done.stdout
    assert said(run("import", "a.shop", bill, "--json", code=1))["rows"]["used"] == 0
    assert "gone.csv" in run("import", "a.shop", "gone.csv", code=1).stderr
    assert run("import", "a.shop", tmp_path, code=1).stderr.count("\n") == 1
    good = orders_csv(tmp_path / "good.csv", {"订单编号": "238604127755200001"})
    done = run("import", "a.shop", good, bill)
    assert "bill.csv" in done.stderr
    assert "1 new" in done.stdout
    assert "gone.csv" in run("import", "a.shop", "gone.csv", code=1).stderr
    assert "订单" in run("import", "a.shop", good, LANG="zh_CN.UTF-8").stdout
    for wrong in ("nonsense",):
        assert wrong in run("import", "a.shop", good, "--format", wrong, code=1).stderr


def test_a_file_whose_every_row_is_refused_was_not_used(run, tmp_path: Path):
    run("new", "a.shop")
    lines = lines_csv(tmp_path / "lines.csv", {"订单编号": "238604127755200001"}, {"订单编号": "238604127755200002"})
    done = run("import", "a.shop", lines, "--json", code=1)
    result = said(done)
    add_up(result)
    assert result["lines"]["refused"] == 2
    assert "No row" in done.stderr
    orders_csv(tmp_path / "none.csv")
    assert said(run("import", "a.shop", "none.csv", "--json"))["rows"]["read"] == 0


def test_files_without_a_shop_in_them_go_to_the_named_channel(run, file: Path, tmp_path: Path):
    shopify = next(f for f in demo_files() if f.name == "orders_export.csv")
    run("import", file, shopify, "--channel", "Berlin")
    new = orders_csv(tmp_path / "new.csv", {"订单编号": "238604127755299999"})
    run("import", file, new)
    assert "--channel" in run("import", file, shopify, code=1).stderr
    result = said(run("import", file, shopify, "--channel", "Berlin", "--json"))
    assert result["orders"]["unchanged"] == result["orders"]["read"]
    run("check", file)


def test_statuses_go_forward_and_never_silently_back(run, tmp_path: Path):
    run("new", "a.shop")
    number = {"订单编号": "238604127755200001"}
    early = orders_csv(tmp_path / "early.csv", number, {"订单编号": "238604127755200002"})
    late = orders_csv(
        tmp_path / "late.csv",
        {**number, "订单状态": "卖家已发货，等待买家确认", "物流单号 ": "SF1234567", "物流公司": "顺丰"},
        {"订单编号": "238604127755200003"},
    )
    run("import", "a.shop", early)
    result = said(run("import", "a.shop", late, "--json"))
    assert (result["orders"]["new"], result["orders"]["changed"]) == (1, 1)
    back = said(run("import", "a.shop", early, "--json"))
    assert (back["orders"]["changed"], back["orders"]["unchanged"]) == (0, 2)
    assert "“Shipped”" in next(r["text"] for r in back["reasons"] if r["row"] == 2)
    run("export", "a.shop", "out")
    with (tmp_path / "out" / "orders.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = {row["number"]: row["tracking"] for row in csv.DictReader(stream)}
    assert found == {"238604127755200001": "SF1234567", "238604127755200002": "", "238604127755200003": ""}


def test_rounded_numbers_and_their_clean_export_are_the_same_orders(run, tmp_path: Path):
    run("new", "a.shop")
    facts = [{"订单创建时间": f"2026-11-2{n} 09:10:0{n}", "总金额": f"6{n}.50"} for n in range(1, 5)]
    numbers = [f"2386041277552{n}{n}17" for n in range(1, 5)]
    rounded = [{"订单编号": number[:15] + "00", **fact} for number, fact in zip(numbers, facts, strict=True)]
    clean = [{"订单编号": number, **fact} for number, fact in zip(numbers, facts, strict=True)]
    result = said(
        run(
            "import",
            "a.shop",
            orders_csv(tmp_path / "rounded.csv", *rounded),
            lines_csv(tmp_path / "lines.csv", *({"订单编号": row["订单编号"]} for row in rounded)),
            "--json",
        )
    )
    assert result["orders"]["new"] == 4
    assert all("spreadsheet" in r["text"] for r in result["reasons"])
    assert not [r for r in result["reasons"] if "no lines" in r["text"]]
    later = said(run("import", "a.shop", orders_csv(tmp_path / "clean.csv", *clean), "--json"))
    assert later["orders"]["new"] == 0
    assert later["orders"]["changed"] == 4
    other = {**clean[0], "订单编号": clean[0]["订单编号"][:15] + "23", "买家会员名": "another"}
    assert said(run("import", "a.shop", orders_csv(tmp_path / "other.csv", other), "--json"))["orders"]["new"] == 1
    run("check", "a.shop")


# board


def test_board_says_the_day_and_other_days_write_nothing(run, file: Path):
    board = said(run("board", file, "--json"))
    assert board["date"] == "2026-11-24"
    assert set(board["lines"][0]) == {"code", "rule", "title", "why", "minutes", "due", "done", "evidence"}
    codes = [line["code"] for line in board["lines"]]
    assert len(codes) == len(set(codes)) > 5
    assert said(run("board", file, "--json")) == board
    before = file.read_bytes()
    assert said(run("board", file, "--json", "--date", "2026-11-25"))["date"] == "2026-11-25"
    assert file.read_bytes() == before
    assert beside(file) == {"muhe.shop"}


def test_board_names_a_rule_of_the_owner_that_is_not_used(run, file: Path, tmp_path: Path):
    usual = run("board", file, "--json")
    assert not usual.stderr
    rules = tmp_path / "home" / "own" / "rules"
    rules.mkdir(parents=True)
    (rules / "mine.toml").write_text("name = [", "utf-8")
    done = run("board", file, "--json")
    assert done.stderr.strip().startswith("mine.toml, line 1, is not used")
    assert said(done) == said(usual)


def test_board_as_text_and_as_pdf(run, file: Path, tmp_path: Path):
    text = run("board", file).stdout
    assert "[ ] A01" in text
    assert (
        "今" in run("board", file, LANG="zh_CN.UTF-8").stdout or "待" in run("board", file, LANG="zh_CN.UTF-8").stdout
    )
    run("board", file, "--pdf", "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert "sheet.pdf" in run("board", file, "--pdf", "nowhere/sheet.pdf", code=1).stderr
    both = run("board", file, "--pdf", "two.pdf", "--json")
    assert said(both)["lines"]
    assert (tmp_path / "two.pdf").exists()


# a window, another machine


@contextmanager
def held(file: Path):
    shop = Shop.open(file)
    try:
        yield
    finally:
        shop.close()


def test_while_a_window_holds_the_file_reading_reads_and_writing_is_refused(run, file: Path, tmp_path: Path):
    new = orders_csv(tmp_path / "new.csv", {"订单编号": "238604127755299999"})
    with held(file):
        assert said(run("board", file, "--json"))["lines"]
        run("board", file, "--date", "2026-11-20")
        run("check", file)
        run("export", file, "out")
        assert said(run("import", file, new, "--dry-run", "--json"))["orders"]["new"] == 1
        for words in (["undo", file], ["import", file, new]):
            assert "open in another ShopDesk window" in run(*words, code=1).stderr
    run("import", file, new)
    assert beside(file) >= {"muhe.shop", "muhe backups", "manifest.jsonl"}
    assert not [name for name in beside(file) if name.endswith(("-wal", "-shm", ".lock"))]


def test_a_file_in_the_hands_of_another_machine_is_not_opened(run, file: Path, tmp_path: Path):
    sign = json.dumps({"machine": "laptop-li", "process": 7, "since": "2026-11-24T06:00:00Z"})
    lock_path(file).write_text(sign)
    before = file.read_bytes()
    for words in (["undo", file], ["board", file], ["check", file], ["export", file, "out"], ["import", file, "x.csv"]):
        assert "laptop-li" in run(*words, code=1).stderr
    assert file.read_bytes() == before
    assert lock_path(file).read_text() == sign
    assert beside(file) == {"muhe.shop", "muhe.shop.lock"}


# export


def exported(run, shop: Path, folder: Path, *words: str) -> dict[str, bytes]:
    run("export", shop, folder, *words)
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_a_whole_shop_moves_as_plain_files(run, file: Path, tmp_path: Path):
    assert "shop.json" in run("export", file, tmp_path / "out", "--whole").stdout
    run("new", tmp_path / "moved.shop", "--from", tmp_path / "out")
    run("check", tmp_path / "moved.shop", "--deep")
    lines = [json.loads(run("board", f, "--json").stdout)["lines"] for f in (file, tmp_path / "moved.shop")]
    assert lines[0] == lines[1]
    assert "does not hold a whole shop" in run("new", tmp_path / "n.shop", "--from", tmp_path, code=1).stderr
    assert not (tmp_path / "n.shop").exists()


def test_a_backup_anywhere_and_back_from_it(run, file: Path, tmp_path: Path):
    stick = tmp_path / "stick"
    made = Path(run("backup", file, stick).stdout.strip())
    assert sorted(p.name for p in stick.iterdir()) == ["manifest.jsonl", made.name]
    run("undo", file)
    assert made.name in run("restore", file, made).stdout
    run("check", file)
    run("check", made)
    beside = Path(run("backup", file).stdout.strip())
    assert beside.parent == tmp_path / f"{file.stem} backups"
    foreign = tmp_path / "letter.shop"
    foreign.write_text("Dear Sir")
    assert "letter.shop" in run("restore", file, foreign, code=1).stderr
    run("check", file)


def test_export_import_export_is_the_same(run, file: Path, tmp_path: Path):
    first = exported(run, file, tmp_path / "one")
    assert all(text.startswith(b"\xef\xbb\xbf") for text in first.values())
    run("new", "again.shop")
    run("import", "again.shop", *sorted((tmp_path / "one").iterdir()))
    second = exported(run, tmp_path / "again.shop", tmp_path / "two")
    assert first.keys() == second.keys()
    for name in first:
        assert first[name] == second[name], name
    run("check", "again.shop")


def test_workbooks_bring_the_same_back(run, file: Path, tmp_path: Path):
    first = exported(run, file, tmp_path / "one")
    run("export", file, tmp_path / "books", "--xlsx")
    run("new", "again.shop")
    run("import", "again.shop", *sorted((tmp_path / "books").iterdir()))
    assert exported(run, tmp_path / "again.shop", tmp_path / "two") == first


def test_a_spreadsheet_computes_nothing_of_an_export(run, tmp_path: Path):
    run("new", "a.shop")
    run(
        "import",
        "a.shop",
        orders_csv(
            tmp_path / "n.csv", {"订单编号": "238604127755200001", "买家留言": "=1+1", "收货人姓名": "@SUM(A1)"}
        ),
    )
    run("export", "a.shop", "out")
    text = (tmp_path / "out" / "orders.csv").read_text("utf-8-sig")
    assert "'=1+1" in text
    assert "'@SUM(A1)" in text
    assert said(run("import", "a.shop", "out/orders.csv", "--json"))["rows"]["refused"] == 0


def test_own_files_that_cannot_be_used_are_named_by_what_reads_them(run, file: Path, tmp_path: Path):
    broken = {"rules": "rule.toml", "formats": "layout.toml", "print": "sheet.html", "views": "table.sql"}
    for kind, name in broken.items():
        folder = tmp_path / "home" / "own" / kind
        folder.mkdir(parents=True)
        (folder / name).write_text("{% what")
    looked = run("check", file)
    assert looked.stdout == "All is well.\n"
    assert [line.split(", ")[0].split(" is not")[0] for line in looked.stderr.splitlines()] == list(broken.values())
    new = orders_csv(tmp_path / "new.csv", {"订单编号": "238604127755299999"})
    assert run("import", file, new, "--dry-run").stderr.startswith("layout.toml")


def test_no_screen_toolkit_is_loaded_to_import_or_check(tmp_path: Path):
    new = orders_csv(tmp_path / "new.csv", {"订单编号": "238604127755299999"})
    program = (
        "import sys; from shopdesk.cli import run\n"
        f"for words in (['new', 'a.shop'], ['import', 'a.shop', {str(new)!r}], ['check', 'a.shop'], ['board', 'a.shop'],"
        " ['export', 'a.shop', 'out'], ['undo', 'a.shop']):\n"
        "    assert run(words) == 0, words\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'pandas', 'numpy', 'pyqtgraph'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_shots_are_pictures_of_every_page(run, file: Path, tmp_path: Path):
    written = run(
        "shots", file, "pictures", "--lang", "zh_CN", "--theme", "dark", "--size", "1280x720"
    ).stdout.splitlines()
    assert len(written) >= 8
    for name in ("today", "orders", "inventory", "customers", "reviews", "metrics", "settings"):
        assert any(name in path for path in written), name
    assert all((tmp_path / path).read_bytes().startswith(b"\x89PNG") for path in written)
    assert beside(file) == {"muhe.shop"}


def test_table_of_customers_alone(run, tmp_path: Path):
    run("new", "a.shop")
    people = table_csv(
        tmp_path / "c.csv",
        "customers_export.csv",
        {"Customer ID": "'7210448311801", "First Name": "Mia", "Last Name": "<b>S</b>"},
    )
    assert said(run("import", "a.shop", people, "--json"))["customers"]["new"] == 1


TABLE = "CREATE TABLE mine (a)"
VIEW = "CREATE VIEW mine AS SELECT * FROM orders"
PLANTED = {
    "swapped": (
        "DROP VIEW v_orders",
        "CREATE VIEW v_orders AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n",
    ),
    "trigger": ("CREATE TRIGGER gone AFTER INSERT ON orders BEGIN DELETE FROM orders; END",),
    "view": (VIEW,),
}


def _planted(path: Path, *statements: str) -> Path:
    """A shop file into which somebody else put something."""
    Shop.create(path, name="Muhe").close()
    with closing(sqlite.connect(path, write=True)) as con:
        for statement in statements:
            con.execute(statement)
    return path


@pytest.mark.parametrize("planted", PLANTED)
def test_a_strangers_file_is_taken_for_hostile_by_every_command(run, tmp_path: Path, planted: str):
    other = _planted(tmp_path / "other.shop", *PLANTED[planted])
    before = other.read_bytes()
    new = orders_csv(tmp_path / "new.csv", {"订单编号": "238604127755299999"})
    (tmp_path / "word").write_text("a long password\n", "utf-8")
    for words in (
        ("check", other), ("check", other, "--deep"), ("board", other), ("board", other, "--date", "2026-11-23"),
        ("export", other, "out"), ("export", other, "out", "--whole"), ("import", other, new), ("undo", other),
        ("backup", other), ("password", other, "--new-password-file", "word"), ("shots", other, "pictures"),
    ):  # fmt: skip
        done = run(*words, code=1)
        assert "holds definitions that ShopDesk did not make" in done.stderr, words
        assert len(done.stderr.splitlines()) == 1
    assert other.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"home", "new.csv", "word", "other.shop"}


def test_what_an_owner_may_have_added_herself_is_no_strangers(run, tmp_path: Path):
    assert run("check", _planted(tmp_path / "own.shop", TABLE)).stdout == "All is well.\n"
    hers = _planted(tmp_path / '店铺, "茶".shop', VIEW)
    run("check", hers, code=1)
    prefs = (
        "import sys, datetime; from pathlib import Path; from shopdesk.ui.prefs import Prefs\n"
        "prefs = Prefs(); prefs.opened(Path(sys.argv[1]), 'x', datetime.datetime.now); prefs.sync()"
    )  # as the window does when it has had it open
    around = {**os.environ, "SHOPDESK_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", prefs, hers], env=around, check=True)
    assert run("check", hers).stdout == "All is well.\n"


def test_a_new_shop_is_not_made_where_a_program_copies_it_to_other_machines(run, tmp_path: Path):
    (tmp_path / "both" / ".stfolder").mkdir(parents=True)
    for more in ((), ("--from", tmp_path)):
        done = run("new", tmp_path / "both" / "muhe.shop", *more, code=1)
        assert "Syncthing" in done.stderr
        assert "second folder" in done.stderr
    assert [p.name for p in (tmp_path / "both").iterdir()] == [".stfolder"]
