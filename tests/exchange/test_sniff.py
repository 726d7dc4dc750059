"""Files are known by their bytes."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from shopdesk.core.errors import FileRefused
from shopdesk.exchange.sniff import guess_delimiter, size_of, sniff

TEXT = "订单编号,标题\r\n1,紫砂壶\r\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        ("title\tprice\r\ntea\t1\r\n".encode("utf-16-le"), "utf-16-le"),
        ("title\tprice\r\ntea\t1\r\n".encode("utf-16-be"), "utf-16-be"),
        ("name,city\nRené Café,Orléans\nÉlise,Nîmes\n".encode("cp1252"), "cp1252"),
        (b"a,b\n1,2\n", "utf-8"),
        ("sku\tproduct-name\nA\tガラスのティーポット ゆったりサイズ\n".encode("cp932"), "cp932"),
    ],
)
def test_encodings(tmp_path: Path, raw: bytes, encoding: str) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(raw)
    assert sniff(file).encoding == encoding


def test_a_cut_off_last_character_is_no_other_encoding(tmp_path: Path) -> None:
    file = tmp_path / "cut.csv"
    file.write_bytes(TEXT.encode("utf-8") + "茶".encode()[:2])
    assert sniff(file).encoding == "utf-8"


def test_broken_text_is_read_and_said(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_bytes((TEXT * 50).encode("gb18030") + b"\xff\xff\r\n")
    found = sniff(file)
    assert (found.encoding, found.doubtful) == ("gb18030", True)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b\n1,2\n", ","),
        ("a\tb\n1,5\t2\n", "\t"),
        ("a;b\n1,00;2\n3,10;4\n", ";"),
        ("sep=;\na;b\n", ";"),
        ("sep=,\na,b\n", ","),
    ],
)
def test_delimiters(text: str, sign: str) -> None:
    assert guess_delimiter(text) == sign


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a,b\n1,\x002\n", "NUL"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"<html><table>", "web page"),
        (b"SQLite format 3\0", "database"),
        (b"PK\x03\x04broken", "damaged"),
        (b"", "empty"),
    ],
)
def test_no_tables(tmp_path: Path, raw: bytes, words: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(raw)
    with pytest.raises(FileRefused, match=words):
        size_of(file)
        sniff(file)


def test_nul_after_decoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes("a,b\r\n1,x\0y\r\n".encode("utf-16"))
    with pytest.raises(FileRefused, match="NUL"):
        sniff(file)


def test_only_plain_files_are_opened(tmp_path: Path) -> None:
    real = tmp_path / "orders.csv"
    real.write_text("a,b\n")
    (tmp_path / "link.csv").symlink_to(real)
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("link.csv", "pipe.csv", "."):
        with pytest.raises(FileRefused):
            size_of(tmp_path / name)


def test_a_workbook_is_known_by_its_parts(tmp_path: Path) -> None:
    book, other = tmp_path / "book.csv", tmp_path / "other.xlsx"
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("orders.csv", "a,b")
    assert sniff(book).kind == "workbook"
    with pytest.raises(FileRefused, match="Unpack it"):
        sniff(other)


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
        with parts.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(600):
                sheet.write(b"\0" * 1024 * 1024)
    with pytest.raises(FileRefused, match="512 MB"):
        sniff(bomb)


def test_gzip_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "retail.csv"
    file.write_bytes(gzip.compress(TEXT.encode()))
    assert sniff(file).encoding == "utf-8"
