"""Whether an act would do anything for the records it is about, so that it is offered only then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.page import TablePage

_MOST = 200
"""Of more records than these some fit, as a rule, and looking would hold the window up."""

Ask = Callable[["Connection", Sequence[int]], frozenset[str]]
"""What is true of at least one of the records, in words of the page's own."""


class Offers:
    """For `Action.enabled`: `some` looks at what is chosen, `one` at the current record."""

    def __init__(self, page: TablePage, ask: Ask) -> None:
        self._page = page
        self._ask = ask

    def some(self, *words: str) -> Callable[[], bool]:
        """Whether one of the words is true of a chosen record."""
        return partial(self._fits, frozenset(words), chosen=True)

    def one(self, *words: str) -> Callable[[], bool]:
        """Whether one of the words is true of the current record."""
        return partial(self._fits, frozenset(words), chosen=False)

    def _fits(self, words: frozenset[str], *, chosen: bool) -> bool:
        page = self._page
        ids = [found] if (found := page.current_id()) is not None else []
        if chosen and page.selection.count:
            if page.selection.everything or page.selection.count > _MOST:
                return True
            ids = page.selection.ids()
        return not words.isdisjoint(self._ask(page.shop.reader(), ids))
