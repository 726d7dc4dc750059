"""What pages do alike: an act on few or many records, the verb of a form, the way to the import."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import TYPE_CHECKING, TypeVar

from shopdesk.core.before import MANY

if TYPE_CHECKING:
    from shopdesk.ui.base_page import Page
    from shopdesk.ui.page import TablePage

Result = TypeVar("Result")


def act_on(page: TablePage, records: Sized, verb: Callable[[], object]) -> None:
    """Do something to few records at once, to many beside the window."""
    if len(records) <= MANY:
        page.do(verb)
    else:
        page.do_long(lambda _task: verb(), text=page.counted(len(records)))


def told(page: Page, verb: Callable[[], Result]) -> Result:
    """Run a verb for a form: what it refuses goes back to the form, what it did is said with Undo."""
    step = page.shop.last_step()
    result = verb()
    page.say_done(step.id if step is not None else 0)
    return result


def told_on(page: TablePage, records: Sized, verb: Callable[[], object]) -> None:
    """Run a verb for a form about several records; many of them beside the window."""
    if len(records) <= MANY:
        told(page, verb)
    else:
        act_on(page, records, verb)


def go_to_import(page: Page) -> None:
    """Open the import."""
    page.open_requested.emit("import", None)
