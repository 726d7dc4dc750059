"""Items of layouts that Qt has freed and PySide still knows: the next object at their address is taken for them."""

from __future__ import annotations

import gc
from collections.abc import Iterator

from PySide6.QtWidgets import QLayout, QLayoutItem
from shiboken6 import getAllValidWrappers, getCppPointer, isValid


def dead_items() -> set[int]:
    """Where Python believes that an item of a layout is, and none is."""
    wrapped = [one for one in getAllValidWrappers() if isinstance(one, QLayoutItem) and not isinstance(one, QLayout)]
    known = {getCppPointer(one)[0] for one in wrapped}
    layouts = [one for one in gc.get_objects() if isinstance(one, QLayout) and isValid(one)]
    return known - {getCppPointer(item)[0] for layout in layouts for item in _items(layout)}


def _items(layout: QLayout) -> Iterator[QLayoutItem]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is not None:
            yield item
            if item.layout() is not None:
                yield from _items(item.layout())
