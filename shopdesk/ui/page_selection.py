"""What is chosen on a page: the bar that says so, and the ids for the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from shopdesk.core.words import tr
from shopdesk.ui import table_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.ui.page import TablePage


class Chooser(QObject):
    """Keeps the selection bar true to the selection, and the selection to the rows."""

    def __init__(self, page: TablePage) -> None:
        super().__init__(page)
        self._page = page
        self._selection = page.selection
        self._others_come = False
        self._selection.changed.connect(self._on_changed)
        page.selection_bar.cleared.connect(self._selection.clear)

    def all(self) -> None:
        """Choose every row of the view: by id while the ids are known, else as all of it."""
        ids = self._page.rows.store.ids
        if ids is not None:
            self._selection.set(ids)
        else:
            self._selection.take_everything()

    def turn(self) -> None:
        """Choose nothing, or everything when nothing is chosen: the box in the header."""
        if self._selection.count:
            self._selection.clear()
        else:
            self.all()

    def say(self, fact: str = "") -> None:
        """Say how many are chosen, and what they are together."""
        page = self._page
        said = tr("{what} selected", what=page.counted(self._selection.count))
        page.selection_bar.say(said, fact)

    def give(self, run: Callable[[list[int]], None]) -> None:
        """Call `run` with the chosen ids; all of a large view are looked up by the worker."""
        if not self._selection.everything:
            run(self._selection.ids())
            return
        page, left_out = self._page, set(self._selection.left_out())
        query = page.rows.store.query
        page.worker.submit(
            lambda con: [found for found in query.ids(con) if found not in left_out],
            run,
            key=f"{page.name}.everything",
        )

    def rows_will_differ(self) -> None:
        """Another view or search comes: what it does not show is not to be acted on."""
        self._others_come = True

    def forget_unseen(self) -> None:
        """After a change of view or search: only what it shows stays chosen."""
        if not self._others_come:
            return
        self._others_come = False
        chosen, shown = self._selection.ids(), self._page.rows.store
        if self._selection.everything:
            self._selection.clear()
        elif chosen:
            ids = shown.query.only(chosen).ids(self._page.shop.reader()) if shown.ids is None else shown.ids
            self._keep(set(ids))

    def forget_gone(self) -> None:
        """After a change: what left the view is no longer chosen."""
        rows, selection = self._page.rows, self._selection
        ids = rows.store.ids
        if ids is None or rows.is_search or selection.everything or not selection.count:
            return
        self._keep(set(ids))

    def _keep(self, here: set[int]) -> None:
        kept = [record_id for record_id in self._selection.ids() if record_id in here]
        if len(kept) != self._selection.count:
            self._selection.set(kept)

    def _on_changed(self) -> None:
        page, count = self._page, self._selection.count
        page.selection_bar.setVisible(count > 0)
        self.say()
        page.action_table.refresh()
        if 0 < count <= table_rows.SMALL and not self._selection.everything:
            ids = self._selection.ids()
            page.worker.submit(lambda con: page.selected_fact(con, ids), self.say, key=f"{page.name}.selected")
