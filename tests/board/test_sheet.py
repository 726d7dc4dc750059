"""The day on paper, in both languages, short and over several pages."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from shopdesk.board import commands, records, verbs
from shopdesk.board.sheet_view import sheet
from shopdesk.core import clock, words
from shopdesk.core.shop import opened
from shopdesk.ui import printing
from tests.board.conftest import Small

DAY = date(2026, 11, 24)


@pytest.fixture
def busy(small: Small, qapp: QApplication) -> Small:
    small.order(paid_at="2026-11-23 21:40:00")
    done = small.order(paid_at="2026-11-22 10:00:00")
    small.ship(done, "2026-11-24 14:02:00")
    small.order(
        paid_at="2026-11-24 09:00:00",
        problem="courier",
        problem_at="2026-11-24 10:00:00",
        problem_note="SF <b>only</b>",
    )
    verbs.add_task(small.shop, title="Call <i>Zhou</i>", day=DAY, minutes=6, due="16:30", note="about boxes")
    return small


def text_of(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return unicodedata.normalize("NFKC", text)  # the font has one glyph for 日 and the radical ⽇


def test_the_sheet_says_all_that_the_list_says(busy: Small, tmp_path: Path):
    pages = commands.board_pdf(busy.shop, tmp_path / "day.pdf")
    assert pages == 1
    text = text_of(tmp_path / "day.pdf")
    for said in (
        "Day sheet", "Tue 24 Nov 2026 · Muhe Tea", "T1124-1", "Before the 17:00 cut-off", "Ship the 2 waiting orders",
        "look first at ...0003: SF <b>only</b>", "Courier wish: SF <b>only</b>", "oldest was paid", "17:00", "X01", "Call <i>Zhou</i>", "16:30", "about boxes", "SF <b>only</b>",
        "14:02 shipped · SF1402...7310", "X02", "X05", "Good today / not so good", "page 1 of 1",
    ):  # fmt: skip
        assert said in text, said
    assert "target" not in text.lower()
    assert "F9" not in text


def test_the_sheet_in_chinese(busy: Small, tmp_path: Path):
    words.use_language("zh_CN")
    commands.board_pdf(busy.shop, tmp_path / "day.pdf")
    text = text_of(tmp_path / "day.pdf")
    for said in (
        "今日单",
        "2026年11月24日 周二",
        "17:00 截单前",
        "发出 2 个待发订单",
        "截单",
        "X02",
        "今天好在 / 不好在",
    ):
        assert said in text, said


def test_the_codes_of_the_paper_are_kept_and_another_day_writes_nothing(busy: Small, tmp_path: Path):
    with clock.at(datetime(2026, 11, 25, 8)), opened(busy.shop.path, write=False) as reading:
        commands.board_pdf(reading, tmp_path / "day.pdf")
        assert records.known_codes(reading.reader(), date(2026, 11, 25)) == {}
    commands.board_pdf(busy.shop, tmp_path / "day.pdf")
    assert records.known_codes(busy.shop.reader(), DAY)["ship_today", None] == "A02"


def test_a_long_list_goes_over_several_pages(busy: Small, tmp_path: Path):
    for n in range(60):
        verbs.add_task(busy.shop, title=f"Task number {n}", day=DAY)
    made = sheet(busy.shop.reader(), busy.board())
    images = printing.page_images(made)
    assert len(images) >= 3
    assert printing.pdf(made, tmp_path / "day.pdf") == len(images)
    text = text_of(tmp_path / "day.pdf")
    assert all(f"Task number {n}" in text for n in range(60))
    assert text.count("Done at / note") > 3
