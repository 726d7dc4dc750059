"""The eyes see: what was planted is found by the very functions that the doors are watched with."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.hostile import texts
from tests.hostile.watching import (
    MOST_MB,
    Seen,
    is_sentence,
    live_in_csv,
    live_in_pdf,
    live_in_xlsx,
    must_hold,
    read_trace,
    strangers,
    walk,
)


def test_a_program_that_does_all_of_it_is_seen(tmp_path: Path) -> None:
    secret = texts.lay_traps(tmp_path)
    seen = walk("planted", tmp_path)
    assert seen.said["done"]
    assert [text.partition(":")[0] for text in seen.said["rich"]] == ["label", "tip"]
    assert any("something is wrong" in text for text in seen.said["warnings"])
    assert any("stumbled" in text for text in seen.said["crashed"])
    assert seen.mb > MOST_MB
    if seen.traced:
        assert strangers(seen, tmp_path, []) == [str(secret / "picture.png")]
        assert any("AF_INET" in line for line in seen.sockets)
    with pytest.raises(AssertionError):
        must_hold(seen, tmp_path, [])


def test_what_waits_for_ever_and_what_dies_is_seen(tmp_path: Path) -> None:
    said = {"done": True, "warnings": [], "crashed": [], "refusals": [], "mb": 9}
    seen = Seen(said=said)
    read_trace(
        '7 openat(AT_FDCWD, "/secret/pipe", O_RDONLY|O_CLOEXEC <unfinished ...>\n'
        '8 openat(AT_FDCWD, "/usr/lib/x", O_RDONLY) = -1 ENOENT (No such file or directory)\n'
        '8 openat(AT_FDCWD, "/secret", O_RDONLY|O_DIRECTORY) = 3\n'
        "9 socket(AF_INET, SOCK_STREAM, IPPROTO_IP <unfinished ...>\n"
        "9 +++ killed by SIGSEGV +++\n"
        "7 +++ exited with 0 +++\n",
        seen,
    )
    assert strangers(seen, tmp_path, []) == ["/secret/pipe"]
    assert len(seen.sockets) == 1
    assert seen.killed == {"SIGSEGV"}
    seen.opened, seen.sockets = [], []
    with pytest.raises(AssertionError, match="SIGSEGV"):
        must_hold(seen, tmp_path, [], readers_die=True)


@pytest.mark.parametrize(
    "text", ["=1+1", "@x", "+1+1", "\t=1", "x;=1+1", "x\t=1+1", " =1", '"x;=1+1"', '"a\n=1"', '"a;""=1"']
)
def test_a_live_cell_of_a_csv_is_seen(text: str) -> None:
    assert live_in_csv(f"a,{text},b\r\n".encode())


@pytest.mark.parametrize(
    "text", ["'=1+1", "-12.50", "a=1", '"x;\'=1+1"', '"a\n\'=1"', '"a""b;x=1"', '"a, =1"', '"a,=1"']
)
def test_a_dead_cell_is_no_fault(text: str) -> None:
    assert live_in_csv(f'"a",{text},"b"\r\n'.encode()) == []


def test_a_live_workbook_is_seen(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "live.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "=1+1")
        sheet.write(1, 0, "http://127.0.0.1:9/")
    found = " ".join(live_in_xlsx(tmp_path / "live.xlsx"))
    assert "<f>" in found
    assert "<hyperlink" in found
    assert "External" in found


def test_a_live_sheet_of_paper_is_seen() -> None:
    assert live_in_pdf(b"1 0 obj << /Type /Action /S /URI /URI (http://x) >> endobj") == ["/URI"]


@pytest.mark.parametrize(
    "text",
    ["", "KeyError: 'x'", "Traceback (most recent call last):", "line one\nline two.", "no end", "[Errno 2] No such file.",
     "<class 'int'> is wrong.", "x" * 500 + "."],
)  # fmt: skip
def test_what_is_no_sentence_is_seen(text: str) -> None:
    assert not is_sentence(text)


def test_a_sentence_is_one() -> None:
    assert is_sentence("“Error\nNone” is no amount.")
    assert is_sentence("这个文件是空的。")
