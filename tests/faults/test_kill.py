"""Nothing that was acknowledged is lost when the program is killed, and nothing is there by half."""

from __future__ import annotations

import shutil

import pytest

from shopdesk.core import backup
from shopdesk.core.shop import Shop
from tests.faults.running import run
from tests.faults.stage import Figures, sized


def test_killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_is_half():
    cycles = sized(60, 1000, 10000)
    figures = run("kill", f"--cycles={cycles}")
    figures.keep()
    assert figures.wrong == []
    assert figures.done["cycles"] == cycles
    assert figures.done["acknowledged"] > cycles
    assert figures.done["not acknowledged but whole"] > cycles / 50


@pytest.mark.parametrize("plant", ["early", "unjournaled"])
def test_a_planted_fault_is_found(plant: str):
    figures = run("kill", "--cycles=300", f"--plant={plant}")
    assert figures.wrong
    Figures(f"kill -9, planted: {plant}", {"cycles until found": figures.done.get("cycles", 0) + 1}).keep()


def test_halves_of_a_killed_process_are_swept_and_unnoted_copies_noted(shop: Shop):
    made = backup.make(shop, why="test")
    shop.close()
    folder = backup.folder(shop.path)
    (folder / "muhe-20261101-080000.shop.part").write_bytes(b"half")
    (folder / "muhe-20261101-080000.shop.part-journal").write_bytes(b"half")
    (folder / "holiday.txt").write_text("hers")
    shutil.copy(folder / made.name, folder / "muhe-20261102-080000-2.shop")
    (folder / "muhe-20261103-080000.shop").write_bytes(b"no shop")
    manifest = folder / "manifest.jsonl"
    manifest.write_text(manifest.read_text() + '{"name": "muhe-2026')
    again = Shop.open(shop.path)
    assert not list(folder.glob("*.part*"))
    backup.make(again, why="test")
    again.close()
    assert [b.name for b in backup.listed(shop.path)][:2] == [made.name, "muhe-20261102-080000-2.shop"]
    assert len(backup.listed(shop.path)) == 3
    assert (folder / "holiday.txt").read_text() == "hers"
