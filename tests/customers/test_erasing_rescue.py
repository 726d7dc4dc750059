"""Ways out of a damaged file bring nobody back who was erased, and forget nothing of the shop's password."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from shopdesk.core import backup, check, erased_copies, erasures, manifest, rescue, sqlite
from shopdesk.core.meta import FORMER
from shopdesk.core.salvage import salvage
from shopdesk.core.shop import Shop, opened
from tests import erased
from tests.broken import cut, leaves, zero

WORDS = ["Anna Kowalski", "18612345678", "two please"]
PERSON = 120


@pytest.fixture
def damaged(shop: Shop) -> tuple[Path, Path]:
    """A closed shop of 400 buyers from which one was erased just now, and its backup of before, not yet rewritten."""
    with shop.change("Brought", "customers", "orders") as db:
        db.execute("INSERT INTO channels (platform, name, currency) VALUES ('manual', 'Shop', 'CNY')")
        for n in range(1, 401):
            name, phone = WORDS[:2] if n == PERSON else (f"Buyer {n:03d}", f"1390000{n:04d}")
            db["customers"].insert({"channel_id": 1, "handle": name, "name": name, "phone": phone})
            order = {"channel_id": 1, "number": f"23860412775{n:04d}", "customer_id": n, "currency": "CNY"}
            words = {"buyer": name, "receiver": name, "phone": phone, "buyer_note": WORDS[2] if n == PERSON else "ok"}
            db["orders"].insert({**order, **words})
    with shop.quiet() as db:
        db.execute("INSERT INTO meta (key, value) VALUES (?, '[\"\"]')", (FORMER,))
    made = backup.make(shop, why="test")
    with shop.quiet() as db:
        db.execute('UPDATE meta SET value = \'["", ""]\' WHERE key = ?', (FORMER,))
    erasures.erase(shop, [PERSON])
    shop.close()
    return shop.path, manifest.folder(shop.path) / made.name


def former(path: Path) -> str:
    with closing(sqlite.connect(path)) as con:
        return str(con.execute("SELECT value FROM meta WHERE key = ?", (FORMER,)).fetchone()[0])


def names(path: Path) -> list[str]:
    with opened(path) as shop:
        return [row[0] for row in shop.reader().execute("SELECT name FROM customers WHERE id <> ?", (PERSON,))]


def test_the_list_beside_the_backups_is_written_with_the_erasure(damaged: tuple[Path, Path]) -> None:
    assert [one.customer_id for one in erasures.of_folder(manifest.folder(damaged[0]))] == [PERSON]


@pytest.mark.parametrize("spoil", ["page", "half", "beginning"])
def test_a_backup_put_back_brings_nobody_back(damaged: tuple[Path, Path], tmp_path: Path, spoil: str) -> None:
    path, copy = damaged
    if spoil == "half":
        cut(path, 0.5)
    else:
        zero(path, *(leaves(path, "skus") if spoil == "page" else [1]))
    rescue.put_back(path, copy)
    assert [one.customer_id for one in erasures.known(path)] == [PERSON]
    path.rename((tmp_path / "alone").mkdir() or tmp_path / "alone" / "muhe.shop")
    assert erased.where(WORDS, tmp_path / "alone") == []
    assert names(tmp_path / "alone" / "muhe.shop") == [f"Buyer {n:03d}" for n in range(1, 401) if n != PERSON]
    if spoil == "page":
        assert former(tmp_path / "alone" / "muhe.shop") == '["", ""]'


@pytest.mark.parametrize("table", ["customers", "orders", "erasures"])
def test_what_is_filled_in_from_a_backup_brings_nobody_back(
    damaged: tuple[Path, Path], tmp_path: Path, table: str
) -> None:
    path, copy = damaged
    zero(path, *leaves(path, table), *(leaves(path, "customers") if table == "erasures" else []))
    (tmp_path / "alone").mkdir()
    found = {one.table: one for one in salvage(path, tmp_path / "alone" / "muhe.shop", fill=copy)}
    assert found["customers" if table == "erasures" else table].filled > 0
    assert erased.where(WORDS, tmp_path / "alone") == []
    assert names(tmp_path / "alone" / "muhe.shop") == [f"Buyer {n:03d}" for n in range(1, 401) if n != PERSON]
    assert list(check.faults(tmp_path / "alone" / "muhe.shop")) == []
    assert former(tmp_path / "alone" / "muhe.shop") == '["", ""]'
    with opened(tmp_path / "alone" / "muhe.shop") as shop:
        assert erasures.is_erased(shop.reader(), PERSON)
        assert erased_copies.finish(shop) == []
