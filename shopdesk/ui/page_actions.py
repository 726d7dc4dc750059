"""What every list can do: open a record, print and export the view, save it, take records back from a backup."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from shopdesk.core.schema import features
from shopdesk.core.words import N_
from shopdesk.ui import late, page_files
from shopdesk.ui.actions import Action, Needs, Place

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage


def of_list(page: TablePage) -> tuple[Action, ...]:
    """The actions that the kit gives a list, under the page's own name."""
    name = page.name
    taken = {action.shortcut for action in page.actions()}
    paper = "Ctrl+Shift+L" if "Ctrl+P" in taken else "Ctrl+P"
    opening = partial(_open, page)
    found = [Action(f"{name}.open", N_("Open"), "drawer_open", opening, "Return", Place.HIDDEN, Needs.ONE, reads=True)]
    if page.desk.export_view is not None:
        exporting = partial(page_files.export_view, page)
        found.append(Action(f"{name}.export", N_("Export this view"), "export", exporting, "Ctrl+E", reads=True))
    printing = partial(page_files.print_view, page)
    found += [
        Action(f"{name}.print_view", N_("Print this list"), "print", printing, paper, reads=True),
        Action(f"{name}.save_view", N_("Save view"), "save", page.save_view, "Ctrl+Shift+S"),
    ]
    if page.desk.past is not None and page.source.table in _takeable():
        key, taking = f"{name}.take_back", partial(late.take_back, page)
        title = N_("Take back to the shop")
        found.append(Action(key, title, "back_to", taking, "", Place.MAIN, Needs.SOME, reads=True))
    return tuple(found)


def _takeable() -> set[str]:
    return {feature.takeable.table for feature in features() if feature.takeable}


def _open(page: TablePage, ids: list[int]) -> None:
    page.pane.show(ids[0])
