"""What stands in a table's place when it has no rows: no match, nothing yet, or nothing of this kind now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopdesk.core.words import tr
from shopdesk.ui.actions import Place
from shopdesk.ui.unread import say_unread

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage


def is_new(page: TablePage) -> bool:
    """Whether the shop has no such records at all."""
    return page.book.counts.get(page.book.whole.key) == 0 and not page.book.chosen


def say(page: TablePage) -> None:
    """Put the right words and the one action that helps into the page's empty state."""
    words, view = page.search_box.words(), page.view.label()
    if page.rows.is_unread:
        say_unread(page.empty_state)
    elif words:
        page.empty_state.say(
            tr("Nothing found for “{words}”", words=words),
            tr("In “{view}”.", view=view),
            tr("Search everything") if page.book.narrowed else "",
            "search",
            tr("Clear search"),
            mark=False,
        )
    elif is_new(page):
        first = next(iter(page.action_table.placed(Place.PRIMARY)), None)
        text = tr(page.empty[1]) if page.empty[1] else ""
        act = page.action_table.label(first.key) if first is not None else ""
        page.empty_state.say(tr(page.empty[0]), text, act, first.icon if first is not None else "")
    else:
        page.empty_state.say(tr("Nothing in “{view}”", view=view), "", tr("Show all"))


def act(page: TablePage) -> None:
    """Do what the empty state offers."""
    first = next(iter(page.action_table.placed(Place.PRIMARY)), None)
    if is_new(page) and first is not None and not page.search_box.words():
        page.action_table.trigger(first.key)
    else:
        page.show_view(page.book.whole.key)
