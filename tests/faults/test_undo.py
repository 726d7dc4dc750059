"""A thousand acts of every tab, all taken back: the start to the letter; all brought back: the end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from shopdesk.core import check
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from tests.faults.stage import Figures, sized, template
from tests.walk import ACTS, Walk, content


@pytest.mark.parametrize("seed", range(sized(1, 1, 10)))
def test_all_acts_taken_back_are_the_start_and_brought_back_the_end(tmp_path: Path, seed: int):
    begin = time.monotonic()
    wanted = sized(100, 1000, 1000)
    walk = Walk(Shop.open(template(tmp_path)), 1000 + seed, tmp_path)
    start, first = content(walk.shop), _steps(walk.shop)
    figures = Figures("random acts and undo")
    while _steps(walk.shop) - first < wanted:
        _one(walk, figures)
    end = content(walk.shop)
    assert end != start
    while _steps(walk.shop) > first:
        assert walk.shop.undo() is not None
        figures.count("taken back")
    assert content(walk.shop) == start
    assert list(check.faults(walk.shop.path)) == []
    while walk.shop.redo() is not None:
        figures.count("brought back")
    assert content(walk.shop) == end
    assert list(check.faults(walk.shop.path)) == []
    walk.shop.close()
    figures.seconds = round(time.monotonic() - begin, 1)
    figures.done["differences"] = 0
    figures.keep()
    assert figures.done["taken back"] == figures.done["brought back"] == wanted


def _one(walk: Walk, figures: Figures) -> None:
    """One act; every hundredth an import, and now and then the shop is closed and opened."""
    try:
        if walk.number(1, 100) == 1:
            walk.bring_in()
        else:
            walk.chance.choice(ACTS)(walk)
    except ShopError:
        figures.count("refused")
    else:
        figures.count("done")
    if walk.number(1, 100) == 1:
        walk.reopen()


def _steps(shop: Shop) -> int:
    """How many steps stand."""
    return int(shop.reader().execute("SELECT count(*) FROM journal_steps WHERE state = 'done'").fetchone()[0])
