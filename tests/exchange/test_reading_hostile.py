"""Files made to harm, and files that are merely broken: one sentence each, soon, and nothing dies here."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from shopdesk.core.errors import FileRefused
from shopdesk.exchange.reading import recognise
from tests.exchange.staged import staged

GOOD = "主订单编号,子订单编号,选购商品,商品数量,商品单价,订单应付金额,订单状态,订单提交时间\n700,7001,茶杯,1,9.00,9.00,待发货,2026-06-01 10:00:00\n"

SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}  # fmt: skip


def book(path: Path, rows: str, prologue: str = "") -> Path:
    """A workbook of one sheet with these rows of XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in PARTS.items():
            parts.writestr(name, text)
        parts.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows=rows).replace("?>\n", "?>\n" + prologue, 1))
    return path


def cell(at: str, value: str = "1") -> str:
    return f'<row r="{at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{at}"><v>{value}</v></c></row>'


def test_every_bad_workbook_gives_rows_or_one_sentence(shared_data: Path) -> None:
    files = [*(shared_data / "bad" / "calamine").iterdir(), *(shared_data / "bad" / "sheetjs").iterdir()]
    assert len(files) > 50
    sentences = []
    for file in sorted(files):
        start = time.monotonic()
        try:
            found = recognise(file)
            assert any(sheet.header for sheet in found.sheets), file.name
        except FileRefused as refused:
            sentences.append(str(refused))
        assert time.monotonic() - start < 20, file.name
    assert all(10 < len(sentence) < 300 and "Traceback" not in sentence for sentence in sentences)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1024 * 1024


def test_a_sheet_of_two_far_cells_kills_nothing(tmp_path: Path) -> None:
    sparse = book(tmp_path / "sparse.xlsx", cell("A1") + cell("XFD1048576"))
    with pytest.raises(FileRefused, match="memory"):
        recognise(sparse)


def test_the_other_files_go_in_beside_one_that_breaks_the_reader(tmp_path: Path) -> None:
    sparse = book(tmp_path / "sparse.xlsx", cell("A1") + cell("XFD1048576"))
    with staged(tmp_path, GOOD, sparse, GOOD.replace("700", "800")) as found:
        assert found.rows("SELECT name, refused IS NOT NULL FROM file") == [
            ("dropped0.csv", 0),
            ("sparse.xlsx", 1),
            ("dropped2.csv", 0),
        ]
        assert found.rows("SELECT number FROM order_") == [("700",), ("800",)]
        (sentence,) = found.refused()
        assert "memory" in sentence


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = book(tmp_path / "bomb.xlsx", cell("A1"))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/sharedStrings.xml", "w") as strings:
        for _ in range(520):
            strings.write(b" " * 1024 * 1024)
    with pytest.raises(FileRefused, match="512 MB"):
        recognise(bomb)


def test_laughs_and_outside_entities_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret words")
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    laughs = "<!DOCTYPE x [<!ENTITY a \"ha\">" + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    ) + "]>"  # fmt: skip
    for name, prologue, entity in (("outside", outside, "&e;"), ("laughs", laughs, "&j;")):
        row = f'<row r="1"><c r="A1" t="str"><v>{entity}</v></c></row>'
        try:
            found = recognise(book(tmp_path / f"{name}.xlsx", row, prologue))
            said = str(found)
        except FileRefused as refused:
            said = str(refused)
        assert "secret" not in said
        assert len(said) < 2000


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (GOOD.encode() + b"701,7011,\x00,1\n", "NUL"),
        (GOOD.encode() + b'701,7011,"' + b"x" * 1_200_000, "1 MB"),
        (GOOD.encode() + b"701,7011," + b"x" * 1_200_000 + b"\n", "1 MB"),
        (b"", "empty"),
        (b"\n\n\n", "no rows"),
        (b",,,\n,,,\n", "no rows"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cannot be read"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"\x1f\x8bbroken", "damaged"),
    ],
)  # fmt: skip
def test_broken_files_are_refused_with_a_sentence(tmp_path: Path, raw: bytes, words: str) -> None:
    with staged(tmp_path, raw) as found:
        (sentence,) = found.refused()
        assert words in sentence
        assert found.rows("SELECT count(*) FROM order_") == [(0,)]


def test_sheets_of_nothing_are_refused(tmp_path: Path, shared_data: Path) -> None:
    with staged(tmp_path, shared_data / "bad" / "calamine" / "empty_sheet.xlsx") as found:
        assert found.refused() == ["The file holds no rows."]


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    real = tmp_path / "orders.csv"
    real.write_text(GOOD)
    (tmp_path / "link.csv").symlink_to(real)
    with staged(tmp_path, tmp_path / "pipe.csv", tmp_path / "link.csv", tmp_path / "gone.csv", tmp_path) as found:
        assert len(found.refused()) == 4
        assert found.rows("SELECT count(*) FROM order_") == [(0,)]


def test_formulas_and_markup_are_text(tmp_path: Path) -> None:
    rows = "".join(
        f'701,70{n},"{text}",1,9.00,9.00,待发货,2026-06-01 10:00:00\n'
        for n, text in enumerate(["=1+1", "@SUM(A1)", "<img src=/dev/zero>", "-2+3", "+1", "=cmd|' /C calc'!A0"])
    )
    with staged(tmp_path, GOOD + rows) as found:
        assert [name for (name,) in found.all("line", "name")][1:] == [
            "=1+1", "@SUM(A1)", "<img src=/dev/zero>", "-2+3", "+1", "=cmd|' /C calc'!A0",
        ]  # fmt: skip


def test_the_reading_process_loads_no_window_and_no_frames() -> None:
    code = (
        "import sys, shopdesk.exchange.child\n"
        "print([name for name in ('PySide6', 'pandas', 'numpy', 'python_calamine', 'sqlite_utils') if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert said.stdout.strip() == "[]"


def test_the_reading_process_dies_with_its_parent(tmp_path: Path) -> None:
    pipe = tmp_path / "watch"
    code = (
        "import subprocess, sys, os\n"
        "child = subprocess.Popen([sys.executable, '-c', 'from shopdesk.core.process import begin; import time; begin(memory=2**30); print(1, flush=True); time.sleep(60)'],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdin.write(b'{}\\n'); child.stdin.flush(); child.stdout.readline()\n"
        f"open({str(pipe)!r}, 'w').write(str(child.pid)); os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=False, env={**os.environ, "PYTHONPATH": str(root)})
    pid = int(pipe.read_text())
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        time.sleep(0.1)
    pytest.fail("the reading process outlived its parent")
