"""Room on the disk: said below 500 MB, asked for before an import below 200 MB."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopdesk.core import room
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands
from tests.shop_files import orders_csv

MB = 1 << 20


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """MB that are free; the last one counts."""
    left = [1000]
    monkeypatch.setattr(room, "free", lambda _shop: left[-1] * MB)
    return left


@pytest.mark.parametrize(("left", "said"), [(500, ""), (499, "Only 499 MB are free on the disk of the shop.")])
def test_it_is_said_when_it_gets_tight(shop: Shop, free: list[int], left: int, said: str):
    free.append(left)
    found = room.shortage(shop.path)
    assert (found is not None and str(found).startswith(said)) == bool(said)


def test_an_import_needs_room_and_goes_on_when_there_is_some(shop: Shop, free: list[int], tmp_path: Path):
    more = orders_csv(tmp_path / "ExportOrderList.csv", {"订单编号": "986041277559900001"})
    free.append(199)
    changes = shop.changes()
    with pytest.raises(DiskTrouble, match="199 MB are free"):
        commands.import_files(shop, [more], channel="Muhe")
    assert shop.changes() == changes
    free.append(200)
    assert commands.import_files(shop, [more], channel="Muhe")["orders"]["new"] == 1


def test_a_disk_that_does_not_tell_is_no_reason_to_refuse(tmp_path: Path):
    nowhere = tmp_path / "gone" / "muhe.shop"
    assert room.shortage(nowhere) is None
    room.refuse_import(nowhere)
