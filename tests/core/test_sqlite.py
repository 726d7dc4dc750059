"""The SQLite library and its wrapper: how they are loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from shopdesk.core import sqlite
from shopdesk.core.errors import FileRefused
from shopdesk.core.shop import Shop


def test_there_is_one_library_which_is_young_enough_and_knows_passwords(shop: Shop) -> None:
    con = shop.reader()
    version = con.execute("SELECT sqlite_version()").fetchone()[0]
    assert tuple(map(int, version.split("."))) >= sqlite.LEAST
    assert con.execute("PRAGMA cipher_version").fetchone()[0]
    assert sqlite.sqlite_utils().db.sqlite3.Connection is sqlite.Connection
    assert type(sqlite.database(con).conn) is sqlite.Connection


def test_with_a_library_that_loses_commits_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "muhe.shop"
    Shop.create(path, name="Muhe").close()
    monkeypatch.setattr(sqlite.dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(FileRefused, match="old SQLite"):
        Shop.open(path)
    Shop.open(path, write=False).close()


def test_the_first_write_and_pandas_may_load_at_the_same_time() -> None:
    """The first chart is drawn while the first act is written: neither takes the other's module away."""
    code = (
        "import sys, threading, time\n"
        "from shopdesk.core import sqlite\n"
        "def load():\n"
        "    while 'sqlite_utils' not in sys.modules: time.sleep(0.0002)\n"
        "    import pandas\n"
        "    print('loaded', bool(pandas.DataFrame))\n"
        "thread = threading.Thread(target=load)\n"
        "thread.start()\n"
        "sqlite.sqlite_utils()\n"
        "thread.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("loaded True\n", "")
