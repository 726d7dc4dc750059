"""What `check` says of a file that is not whole: a sentence for each fault, and never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shopdesk import cli
from shopdesk.core import backup, check
from shopdesk.core.shop import Shop

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
