"""Search words of an import: made in a process of their own, the same that the shop would make itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shopdesk.core import search
from shopdesk.core.process import Broken
from shopdesk.core.shop import Shop
from shopdesk.exchange.words import WordsProcess
from tests.exchange.importing import imported

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
ORDERS = ("ExportOrderList.csv", "ExportOrderDetailList.csv")
REST = ("products_export_zh.csv", "inventory_export.csv", "reviews_export.csv")
_IMPORT = """
import sys
from pathlib import Path
from shopdesk.core.shop import Shop
from shopdesk.exchange.commands import import_files
shop = Shop.open(Path(sys.argv[1]))
for file in sys.argv[2:]:
    found = import_files(shop, [Path(file)])
    assert found["rows"]["used"], (file, found)
counts = [shop.reader().execute(f"SELECT count(*) FROM search_{kind}_docsize").fetchone()[0]
          for kind in ("orders", "customers", "skus", "reviews")]
assert all(counts), counts
shop.close()
print("loaded" if "pypinyin" in sys.modules else "not loaded")
"""


def test_the_importing_process_never_loads_the_readings(shop: Shop) -> None:
    shop.close()
    files = [str(DEMO / name) for name in (*ORDERS, *REST)]
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(shop.path), *files], capture_output=True, text=True, check=True
    )
    assert done.stdout == "not loaded\n"


def test_goods_are_found_by_the_sound_of_their_names(shop: Shop) -> None:
    imported(shop, *(DEMO / name for name in (*ORDERS, *REST)))
    con = shop.reader()
    (pot,) = con.execute("SELECT id FROM skus WHERE code = 'GW-150-WH'").fetchone()
    assert pot in search.find(con, "skus", "baicigaiwan")
    assert pot in search.find(con, "skus", "bcgw")


def test_the_shop_makes_the_words_itself_when_the_process_breaks(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: WordsProcess) -> dict[str, list[str]]:
        raise Broken

    monkeypatch.setattr(WordsProcess, "_answer", broken)
    imported(shop, DEMO / ORDERS[0], DEMO / REST[0])
    assert shop.reader().execute("SELECT count(*) FROM search_orders_docsize").fetchone()[0] > 0
