"""Rows out of files: CSV of every kind, workbooks of every kind."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from shopdesk.core.errors import FileRefused
from shopdesk.exchange.sniff import sniff
from shopdesk.exchange.tables import TextForm, even, sheet_batches, sheet_names, text_batches, text_form, workbook


def rows_of(path: Path) -> list[list[str]]:
    return [row for batch in text_batches(path, text_form(sniff(path))) for row in batch]


def test_csv_spectrum(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "bad" / "csv-spectrum" / "csvs").glob("*.csv"))
    assert len(files) == 11
    for file in files:
        expected = json.loads((file.parents[1] / "json" / f"{file.stem}.json").read_bytes())
        if file.stem.endswith("_crlf"):  # the copies that circulate have lost their carriage returns
            file = tmp_path / file.name
            file.write_bytes(
                (shared_data / "bad" / "csv-spectrum" / "csvs" / file.name).read_bytes().replace(b"\n", b"\r\n")
            )
        header, *rows = rows_of(file)
        assert [dict(zip(header, row, strict=True)) for row in rows] == expected, file.name


def test_a_row_over_one_megabyte_refuses_the_file(tmp_path: Path) -> None:
    for name, text in {
        "field": "a,b\n" + "x" * 1_100_000 + ",1\n",
        "quote": 'a,b\n"' + "never closed,\n" * 100_000,
    }.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(text)
        with pytest.raises(FileRefused, match="longer than 1 MB"):
            rows_of(file)
    file = tmp_path / "many.csv"
    file.write_text("a,b\n" + "xxxxxxxxx," * 150_000 + "\n")
    with pytest.raises(FileRefused, match="longer than 1 MB"):
        rows_of(file)


def test_quotes_can_be_plain_characters(tmp_path: Path) -> None:
    file = tmp_path / "amazon.txt"
    file.write_text('sku\tname\nA\t3" pot "blue\nB\tcup\n')
    form = TextForm("utf-8", "\t", quoting=False)
    assert list(text_batches(file, form)) == [[["sku", "name"], ["A", '3" pot "blue'], ["B", "cup"]]]


def test_batches_report_where_they_are(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("a,b\n" + "1,2\n" * 300_000)
    heard: list[int] = []
    count = sum(map(len, text_batches(file, TextForm("utf-8", ","), moved=heard.append)))
    assert count == 300_001
    assert heard == sorted(heard)
    assert heard[-1] == file.stat().st_size


def test_short_and_long_rows_are_brought_to_the_header() -> None:
    assert even([["1"], ["1", "2"], ["1", "2", ""]], 2) == [["1", ""], ["1", "2"], ["1", "2"]]


def test_workbook_cells_are_text_without_losses(tmp_path: Path) -> None:
    file = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("export")
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(1, 0, ["number", "price", "when", "text", "yes"])
        sheet.write_number(2, 0, 21407300627014900)
        sheet.write_number(2, 1, 0.1 + 0.2)
        sheet.write_datetime(2, 2, datetime(2026, 11, 24, 9, 5, 0), day)
        sheet.write_string(2, 3, "00123")
        sheet.write_boolean(2, 4, True)
    with workbook(file) as book:
        assert sheet_names(book) == ["export"]
        (rows,) = sheet_batches(book, "export")
    assert rows[0] == [""] * 5
    assert rows[2] == ["21407300627014900", "0.3", "2026-11-24 09:05:00", "00123", "TRUE"]


def test_a_password_is_said(shared_data: Path) -> None:
    for name in ("pass_protected.xlsx", "pass_protected.ods", "pass_protected.xlsb"):
        with (
            pytest.raises(FileRefused, match="locked with a password"),
            workbook(shared_data / "bad" / "calamine" / name),
        ):
            pass


def test_strict_workbooks_hold_their_rows(shared_data: Path) -> None:
    with workbook(shared_data / "bad" / "calamine" / "strict_iso_paths.xlsx") as book:
        assert sum(map(len, sheet_batches(book, "ml_out"))) == 76


def test_the_field_limit_is_set_for_the_module() -> None:
    assert csv.field_size_limit() == 1024 * 1024
