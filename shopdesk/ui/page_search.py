"""The live search of a page: answered on the main thread when that is quick, else by the worker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from shopdesk.ui.table_query import TooLong, within
from shopdesk.ui.table_search import LIVE, RESTING, found_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.table_query import Query
    from shopdesk.ui.worker import Worker

_MAIN_MS = 25
_RESTS_MS = 400


class LiveSearch(QObject):
    """Finds the newest few at each key and looks further when the typing rests; stale answers are dropped.

    Signals: ``found(query, ids, further)``; `further` is true for the second, longer answer.
    """

    found = Signal(object, object, bool)

    def __init__(self, shop: Shop, worker: Worker, kind: str, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._shop = shop
        self._worker = worker
        self._kind = kind
        self._job = f"{name}.search"
        self._further: Callable[[], None] = self.stop
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_RESTS_MS)
        self._resting.timeout.connect(self._on_rest)

    def stop(self) -> None:
        """Forget what was asked."""
        self._resting.stop()
        self._worker.cancel(self._job)

    def ask(self, query: Query, words: str, *, small: bool) -> None:
        """Look for words among the query's rows."""
        self.stop()
        asking = partial(found_ids, query=query, kind=self._kind, text=words, small=small)
        self._further = partial(self._ask_further, query, asking)
        reader = self._shop.reader()
        try:
            with within(reader, _MAIN_MS):
                ids = asking(reader)
        except TooLong:
            self._worker.submit(lambda con: asking(con), partial(self._on_found, query), key=self._job)
            return
        self._on_found(query, ids)

    def _on_found(self, query: Query, ids: list[int]) -> None:
        self.found.emit(query, ids, False)
        if len(ids) == LIVE:
            self._resting.start()

    def _on_rest(self) -> None:
        self._further()

    def _ask_further(self, query: Query, asking: Callable[..., list[int]]) -> None:
        def ask(connection: Connection) -> list[int]:
            return asking(connection, most=RESTING)

        self._worker.submit(ask, lambda ids: self.found.emit(query, ids, True), key=self._job)
