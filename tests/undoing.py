"""Acts are done, undone and redone, and the shop compared at every turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from shopdesk.core import check
from shopdesk.core.shop import Shop

Result = TypeVar("Result")


def faults(shop: Shop) -> list[str]:
    """What a check of the file finds."""
    return [str(fault) for fault in check.faults(shop.path)]


def both_ways(shop: Shop, picture: Callable[[Shop], object], verb: Callable[[], Result]) -> Result:
    """Do it, undo it: all as before; redo it: all as after; sound each time."""
    before = picture(shop)
    result = verb()
    after = picture(shop)
    assert after != before
    assert faults(shop) == []
    shop.undo()
    assert picture(shop) == before
    assert faults(shop) == []
    shop.redo()
    assert picture(shop) == after
    assert faults(shop) == []
    return result
