"""Acts of all tabs in any order, some taken back in the middle, the shop closed and opened in between.

After every step the figures agree with their records; everything taken back is the start, everything
brought back the end.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from shopdesk.board import verbs as board
from shopdesk.core import check
from shopdesk.core.errors import ShopError
from shopdesk.core.journal import CannotUndo
from shopdesk.core.shop import Shop
from shopdesk.customers import store as customers
from shopdesk.inventory import verbs as inventory
from shopdesk.orders import editing, returning
from shopdesk.orders import verbs as orders
from shopdesk.reviews import verbs as reviews
from tests import walk as walking
from tests.walk import ACTS, Walk, content


def _verbs(module: ModuleType) -> Iterator[str]:
    """The acts of the owner in a module: what begins a change of the shop."""
    for name, one in inspect.getmembers(module, inspect.isfunction):
        if one.__module__ == module.__name__ and not name.startswith("_") and "shop.change(" in inspect.getsource(one):
            yield f"{module.__name__.split('.')[-1]}.{name}"


def test_every_verb_of_every_feature_is_walked():
    every = {(module, name) for module in (orders, editing, returning, inventory, customers, reviews, board)
             for name in _verbs(module)}  # fmt: skip
    walked = set(re.findall(r"\b\w+\.(\w+)\(", inspect.getsource(walking)))
    assert len(every) > 40
    assert sorted(name for _, name in every if name.split(".")[1] not in walked) == []


@pytest.mark.parametrize("seed", range(3))
def test_any_acts_can_be_taken_back_and_brought_back(tmp_path: Path, seed: int):
    walk = Walk(Shop.create(tmp_path / "walk.shop", name="Muhe"), seed, tmp_path)
    try:
        walk.bring_in()
        first = _newest(walk.shop)
        states = _go(walk, 80)
        after = content(walk.shop)
        taken_back = 0
        while (step := walk.shop.last_step()) is not None and step.id > first:
            known = states.get(step.id)
            walk.shop.undo()
            taken_back += 1
            assert list(check.faults(walk.shop.path)) == [], step.label
            if known is not None:
                assert content(walk.shop) == known, step.label
            if not walk.number(0, 12):
                walk.reopen()
        for _ in range(taken_back):
            assert walk.shop.redo() is not None
        assert list(check.faults(walk.shop.path)) == []
        assert content(walk.shop) == after
    finally:
        walk.shop.close()


def _go(walk: Walk, turns: int) -> dict[int, dict[str, list[tuple[object, ...]]]]:
    """Walk; what the shop said before each step, as long as nothing in the middle was taken back after it."""
    before: dict[int, dict[str, list[tuple[object, ...]]]] = {}
    for turn in range(turns):
        last, now = _newest(walk.shop), content(walk.shop)
        try:
            if turn in (25, 60):
                walk.bring_in()
            else:
                walk.chance.choice(ACTS)(walk)
        except ShopError:
            assert content(walk.shop) == now
        if _newest(walk.shop) != last:
            before[_newest(walk.shop)] = now
        assert list(check.faults(walk.shop.path)) == []
        if not walk.number(0, 7) and _take_back_one(walk):
            before.clear()
        if not walk.number(0, 20):
            walk.reopen()
    return before


def _newest(shop: Shop) -> int:
    step = shop.last_step()
    return step.id if step else 0


def _take_back_one(walk: Walk) -> bool:
    """Undo a step in the middle, where nothing hangs on it."""
    steps = [row[0] for row in walk.shop.reader().execute("SELECT id FROM journal_steps WHERE state = 'done'")]
    if not steps:
        return False
    now = content(walk.shop)
    try:
        step = walk.shop.undo_step(walk.chance.choice(steps[-12:]))
    except CannotUndo:
        assert content(walk.shop) == now
        return False
    assert list(check.faults(walk.shop.path)) == [], step.label
    return True
