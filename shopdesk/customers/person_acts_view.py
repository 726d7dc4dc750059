"""The acts about one whole person: everything shown, saved as files, erased, and the list of those who were."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from shopdesk.core import erased_copies, erasures
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr, trn
from shopdesk.customers import person, person_view
from shopdesk.customers.person import Held
from shopdesk.ui.background import beside
from shopdesk.ui.drawer import Heading, Record
from shopdesk.ui.page import TablePage
from shopdesk.ui.start_folder import start_folder

if TYPE_CHECKING:
    from shopdesk.core.erasures import Erasure
    from shopdesk.ui.worker import Task


class PersonActs(QObject):
    """What the customers page does with one person; looking and erasing run beside the window."""

    def __init__(self, page: TablePage) -> None:
        super().__init__(page)
        self._page = page
        self._is_shown = True

    def about(self, ids: list[int]) -> None:
        """Show everything about a person."""
        self._look(ids, self._show)

    def ask(self, ids: list[int]) -> None:
        """Ask before a person is erased."""
        if erasures.is_erased(self._page.shop.reader(), ids[0]):
            self._page.messages.error(ShopError(N_("This person was erased already.")))
            return
        self._look(ids, self._ask)

    def find(self) -> None:
        """Ask for somebody whom no list shows any more, and then whether that person is to be erased."""
        self._page.show_form(person_view.search_form(self._search))

    def listed(self) -> None:
        """Show who was erased."""
        shop = self._page.shop
        found = erasures.listed(shop.reader())
        part = person_view.list_record(found, erased_copies.waiting(shop))
        self._page.use_drawer().show_record(Record(Heading(tr("Erased persons")), part, steps=False))
        self._page.place_drawer()

    def put_away(self) -> None:
        """The shop is being closed: what is still looked for is not shown any more."""
        self._is_shown = False

    # inside

    def _look(self, ids: list[int], show: object) -> None:
        page = self._page
        shop = page.shop

        def look(task: Task) -> Held:
            task.check()
            return person.held(shop, ids)

        page.progress_strip.tell(0, 0, tr("Looking everywhere"))
        page.worker.write(look, show, self._failed, key=f"{page.name}.person", text=tr("Looking everywhere"))  # type: ignore[arg-type]

    def _search(self, text: str) -> None:
        page = self._page
        shop = page.shop

        def look(task: Task) -> list[tuple[int, str]]:
            task.check()
            return person.search(shop, text)

        def choose(found: list[tuple[int, str]]) -> None:
            page.progress_strip.hide()
            if not found:
                page.messages.error(ShopError(N_("Nobody of that name, number or order is in this shop file.")))
            elif self._is_shown:
                page.show_form(person_view.choice_form(found, lambda one: self.ask([one])))

        page.progress_strip.tell(0, 0, tr("Looking everywhere"))
        page.worker.write(look, choose, self._failed, key=f"{page.name}.person", text=tr("Looking everywhere"))

    def _show(self, found: Held) -> None:
        self._page.progress_strip.hide()
        if self._is_shown:
            form = person_view.about_form(found, self._page.make_builder(), lambda: self._choose_folder(found))
            self._page.show_form(form)

    def _ask(self, found: Held) -> None:
        self._page.progress_strip.hide()
        if self._is_shown and found.waiting:
            self._page.messages.error(person.not_yet(found.waiting))
        elif self._is_shown:
            copies = len(found.copies)
            form = person_view.erase_form(
                self._page.shop, found, self._page.make_builder(), lambda ids: self._erase(ids, copies)
            )
            self._page.show_form(form)

    def _choose_folder(self, found: Held) -> None:
        start = str(start_folder(self._page))
        dialog = QFileDialog(self._page, tr("Save everything about this person"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.save(found, Path(chosen)))
        dialog.open()

    def save(self, found: Held, folder: Path) -> None:
        """Write everything into a folder, in the lane of long work."""
        page = self._page
        writer = page.desk.export_view
        assert writer is not None

        def write(task: Task) -> int:
            def table(path: Path, name: str, headings: list[str], rows: list[list[object]]) -> int:
                kinds = ["text"] * len(headings)
                return writer(path, title=name, headings=headings, kinds=kinds, rows=iter(rows), task=task)

            return person_view.save_as_files(found, folder, table)

        def said(count: int) -> None:
            page.messages.info(trn("Wrote {n} file to {name}", "Wrote {n} files to {name}", count, name=folder.name))

        page.worker.write(write, said, self._failed, key=f"{page.name}.person", text=tr("Exporting"))

    def _erase(self, ids: list[int], copies: int) -> None:
        page = self._page
        shop = page.shop

        def work(task: Task) -> list[Erasure]:
            return person.erase(shop, ids, lambda done: task.progress(int(100 * done), 100))

        def done(erased: list[Erasure]) -> None:
            page.progress_strip.hide()
            page.messages.info(person_view.done_words(erased, copies))
            keeping = page.desk.keeping
            if keeping is not None:
                keeping.erased()
            else:
                beside(lambda: erased_copies.finish(shop), failed=self._failed)

        page.progress_strip.tell(0, 0, tr("Erasing"))
        page.worker.write(work, done, self._failed, key=f"{page.name}.long", text=tr("Erasing"))

    def _failed(self, error: Exception) -> None:
        self._page.progress_strip.hide()
        if not isinstance(error, ShopError):
            raise error
        self._page.messages.error(error)
