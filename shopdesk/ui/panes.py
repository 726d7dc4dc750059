"""Walking through the parts of a page with one key (F6)."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shopdesk.ui.inside import inside

PARTS = ("search_box", "chips", "table", "drawer")


def panes_of(rail: QWidget, page: QWidget) -> list[QWidget]:
    """The rail and the parts of the page that are on show."""
    named = [getattr(page, part, None) for part in PARTS]
    shown = [part for part in named if isinstance(part, QWidget) and part.isVisible()]
    return [rail, *(shown or [page])]


def next_pane(panes: Sequence[QWidget], focus: QWidget | None) -> QWidget:
    """The pane after the one that has the keyboard."""
    held = [at for at, pane in enumerate(panes) if focus is not None and (focus is pane or pane.isAncestorOf(focus))]
    return panes[((held[-1] if held else -1) + 1) % len(panes)]


def focus_into(pane: QWidget) -> None:
    """Give the keyboard to a pane, or to the first thing in it that takes it."""
    if pane.focusPolicy() != Qt.FocusPolicy.NoFocus:
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    for child in inside(pane, QWidget):
        takes = child.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
