"""The chips over a list: the views they put on, how many records each holds, and the owner's own ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from shopdesk.core import clock
from shopdesk.core.words import tr
from shopdesk.ui import views as saved_views
from shopdesk.ui.chips import ChipRow
from shopdesk.ui.columns import View
from shopdesk.ui.form import Form, TextField
from shopdesk.ui.icons import icon
from shopdesk.ui.page_menus import popup_menu

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage


class ViewChips:
    """Fills the chips of a page and does what their menus say."""

    def __init__(self, page: TablePage) -> None:
        self._page = page
        self.row = ChipRow()
        self.row.picked.connect(page.show_view)
        self.row.save_requested.connect(self.save)
        self.row.chip_menu_requested.connect(self._on_menu)

    def fill(self) -> None:
        """A chip for each view; the one that is on stands out."""
        book = self._page.book
        self.row.fill([(view.key, view.label(), view.tone) for view in book.all()])
        self.row.set_counts(book.counts)
        self.row.pick(book.current.key)

    def count(self) -> None:
        """Ask in the worker how many records each view holds."""
        page = self._page
        page.worker.submit(page.book.counting(), self._on_counted, key=f"{page.name}.counts")

    def _on_counted(self, counts: dict[str, int]) -> None:
        self._page.book.counts = counts
        self.row.set_counts(counts)
        self._page.show_emptiness()

    # the owner's own

    def save(self) -> None:
        """Ask for a name and keep the view as it is on screen."""
        view = self._page.view
        name = TextField("name", tr("Name"), value=view.title if view.own else "", required=True)
        self._page.show_form(Form(tr("Save view"), [name], save=tr("Save view"), on_save=self._keep))

    def _keep(self, values: dict[str, object]) -> None:
        page = self._page
        key = saved_views.save(
            page.shop,
            page.name,
            str(values["name"]),
            base=page.book.base_key(),
            sort=page.book.sort,
            columns=page.table.shown_columns(),
            search=page.search_box.words(),
            chosen=page.book.chosen,
        )
        page.refresh()
        page.show_view(key)

    def _on_menu(self, key: str, point: QPoint) -> None:
        view = self._page.book.find(key)
        if view.saved_id:
            menu = popup_menu(self._page)
            menu.addAction(icon("by_hand"), tr("Rename view"), partial(self._rename, view))
            menu.addAction(icon("delete", "bad"), tr("Delete view"), partial(self._remove, view))
            menu.popup(point)

    def _rename(self, view: View) -> None:
        def save(values: dict[str, object]) -> None:
            saved_views.rename(self._page.shop, view, str(values["name"]))
            self._page.refresh()

        name = TextField("name", tr("Name"), value=view.title, required=True)
        self._page.show_form(Form(tr("Rename view"), [name], save=tr("Rename view"), on_save=save))

    def _remove(self, view: View) -> None:
        page = self._page
        page.do(partial(saved_views.remove, page.shop, view, clock.text()))
        if page.view.key == view.key:
            page.show_view(page.first_view or page.views[0].key)
        page.refresh()
