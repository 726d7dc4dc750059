"""Every override of the kit that Qt asks while it paints, and how to break it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea

import shopdesk
from shopdesk.ui import overrides

KINDS = {
    "widgets": frozenset({"paintEvent"}),
    "delegates": frozenset({"paint", "paintSection"}),
    "answers": frozenset(overrides.INSTEAD),
}


def overridden(names: frozenset[str]) -> Iterator[tuple[type, str]]:
    """Classes of ours that override one of these names of Qt's, with the name."""
    for found in pkgutil.walk_packages(shopdesk.__path__, "shopdesk."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for one in vars(module).values():
            if inspect.isclass(one) and one.__module__ == found.name:
                yield from ((one, name) for name in sorted(names & vars(one).keys()) if _is_of_qt(one, name))


def _is_of_qt(one: type, name: str) -> bool:
    return any(hasattr(base, name) for base in one.__mro__ if base.__module__.startswith("PySide6."))


def is_guarded(one: type, name: str) -> bool:
    """Whether the override goes through the guard."""
    return vars(one)[name].__code__.co_filename == overrides.__file__


def break_all(names: frozenset[str]) -> int:
    """Let every one of these overrides fail amid its work; how many there are."""
    found = list(overridden(names))
    for one, name in found:
        setattr(one, name, overrides.guarded(_broken(one, name)))
    return len(found)


def _broken(one: type, name: str) -> Callable[..., Any]:
    def fails(self: Any, *given: Any) -> Any:
        if name == "paintEvent":
            painter = QPainter(self.viewport() if isinstance(self, QAbstractScrollArea) else self)
            painter.setOpacity(0.5)
        elif name in overrides.PAINTS:
            given[0].translate(1000, 1000)
        raise ValueError(f"planted in {one.__name__}.{name}")

    fails.__name__ = name
    fails.__qualname__ = f"{one.__qualname__}.{name}"
    return fails
