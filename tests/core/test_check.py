"""What `check` says of a file that is not whole: a sentence for each fault, and never a traceback."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from shopdesk import cli
from shopdesk.core import backup, check, sqlite, words
from shopdesk.core.errors import Damaged
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.trouble import disk_trouble, is_spoilt
from tests import broken

_PAGE = 4096


def test_a_damaged_table_of_kept_files_is_a_fault_like_others(shop: Shop, capsys: pytest.CaptureFixture[str]):
    with shop.quiet() as db:
        for number in range(30):
            db.execute(
                "INSERT INTO blobs (sha256, kind, media, size, bytes) VALUES (?, 'original', 'application/zlib', 9000, ?)",
                (f"{number:064}", os.urandom(9000)),
            )
    root = shop.reader().execute("SELECT rootpage FROM sqlite_schema WHERE name = 'blobs'").fetchone()[0]
    shop.close()
    with shop.path.open("r+b") as file:
        file.seek(_PAGE * (root - 1))
        file.write(os.urandom(_PAGE))
    assert cli.run(["check", "--deep", str(shop.path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert any("damaged" in line for line in said)
    assert any("cannot be read any further" in line for line in said)


@pytest.mark.parametrize("key", [None, Key.random()], ids=["plain", "protected"])
@pytest.mark.parametrize("part", ["config", "data", "docsize", "idx"])
def test_a_damaged_search_index_is_told_in_the_words_of_the_owner(tmp_path: Path, key: Key | None, part: str):
    path = tmp_path / "muhe.shop"
    _with_broken_index(path, key, part)
    for language, said in (
        ("en", "The file cannot be read any further: it is damaged."),
        ("zh_CN", "文件已损坏，后面的内容读不出来。"),
    ):
        words.use_language(language)
        found = [str(fault) for fault in check.deep_faults(path, key=key)]
        assert said in found
        assert not [line for line in found if "vtable" in line or "malformed" in line or "search_skus" in line]


def test_a_search_in_a_damaged_index_is_damage_and_no_error_of_ours(tmp_path: Path):
    path = tmp_path / "muhe.shop"
    _with_broken_index(path, None, "config")
    with closing(sqlite.connect(path)) as con:
        with pytest.raises(Damaged), disk_trouble():
            con.execute("SELECT 1 FROM search_skus")
        with pytest.raises(sqlite.DatabaseError) as raised:
            con.execute("SELECT 1 FROM search_skus")
        assert is_spoilt(raised.value)


def _with_broken_index(path: Path, key: Key | None, part: str) -> None:
    Shop.create(path, name="Muhe", key=key).close()
    with closing(sqlite.connect(path, key=key)) as con:
        name = f"search_skus_{part}"
        root = con.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    broken.zero(path, root)


def test_a_backup_that_was_changed_is_named(shop: Shop):
    made = backup.make(shop, why="asked")
    copy = backup.folder(shop.path) / made.name
    copy.write_bytes(copy.read_bytes() + b"\0")
    assert [str(fault) for fault in check.deep_faults(shop.path)] == [
        f"The backup “{made.name}” was changed after it was verified; do not trust it."
    ]


def test_a_backup_that_cannot_be_read_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    made = backup.make(shop, why="asked")

    def refuse(_path: Path) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(check.manifest, "checksum", refuse)
    assert [str(fault) for fault in check.deep_faults(shop.path)] == [
        f"The backup “{made.name}” cannot be read: the disk reported an error."
    ]
