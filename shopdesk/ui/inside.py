"""What lies in a widget."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtWidgets import QWidget

Some = TypeVar("Some", bound=QWidget)


def inside(outer: QWidget, kind: type[Some]) -> Iterator[Some]:
    """The widgets of a kind in another one, however deep, from the first to the last.

    Instead of findChildren(), after which PySide never lets go of a widget that has left a stack and waits for its
    end: a form that was just saved would stay in memory with all that it holds.
    """
    for child in outer.children():
        if isinstance(child, QWidget):
            if isinstance(child, kind):
                yield child
            yield from inside(child, kind)
