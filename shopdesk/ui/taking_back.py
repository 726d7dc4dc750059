"""Taking records back from the backup on show: first what would change, record by record, then the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopdesk.core import clock, settings, taking
from shopdesk.core.errors import ShopError
from shopdesk.core.schema import Takeable
from shopdesk.core.taking import Taken
from shopdesk.core.words import N_, tr, trn
from shopdesk.ui.columns import EMPTY
from shopdesk.ui.form import Form
from shopdesk.ui.history import told
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.core.steps import Step
    from shopdesk.ui.page import TablePage
    from shopdesk.ui.worker import Task

_MOST = 40
"""So many records are shown one by one."""

_WITH = {
    "order_lines": (N_("{n} line"), N_("{n} lines")),
    "order_events": (N_("{n} entry of its course"), N_("{n} entries of its course")),
    "returns": (N_("{n} return"), N_("{n} returns")),
    "return_lines": (N_("{n} line of a return"), N_("{n} lines of a return")),
    "stock_moves": (N_("{n} stock move"), N_("{n} stock moves")),
    "products": (N_("the product’s own fields"), N_("the product’s own fields")),
    "customer_notes": (N_("{n} note"), N_("{n} notes")),
}


class TakingBack:
    """One wish to take records of a page back."""

    def __init__(self, page: TablePage, ids: Sequence[int]) -> None:
        past = page.desk.past
        assert past is not None
        self._page = page
        self._past = past
        self._ids = list(ids)
        self._table = page.source.table
        self._known: Takeable = taking.takeable(self._table)

    def ask(self) -> None:
        """Find out what would change, beside the window, and show it in the drawer."""
        self._page.worker.submit(self._preview, self._show, self._refused, key="take_back.preview")

    def _preview(self, then: Connection, task: Task) -> list[Taken]:
        try:
            return taking.preview(self._past.live, then, self._table, self._ids, count=lambda _done: task.check())
        finally:
            self._past.live.forget_reader()

    def _show(self, found: list[Taken]) -> None:
        different = [each for each in found if not each.same]
        title = tr("Take back to the shop")
        if not different:
            self._page.messages.info(tr("Nothing to take back: the shop of now has all of it."))
            return
        self._ids = [each.record for each in different]
        save = trn("Take back {n}", "Take back {n}", len(different))
        form = Form(title, [], save=save, on_save=self._take)
        form.add_above(PlainLabel(self._summary(found, len(different)), role="text_2", wrap=True))
        with clock.at(self._past.now):  # what is told of the shop of now is not told as of that evening
            form.add_widget(self._list(different))
        self._page.show_form(form)

    def _summary(self, found: list[Taken], different: int) -> str:
        same = len(found) - different
        said = trn("{n} record as it was on {when}:", "{n} records as they were on {when}:", different,
                   when=self._past.when)  # fmt: skip
        if same:
            rest = trn("Of {all}, {n} is so already.", "Of {all}, {n} are so already.", same, all=len(found))
            return tr("{rest} {said}", rest=rest, said=said)
        return said

    def _list(self, found: list[Taken]) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for each in found[:_MOST]:
            column.addWidget(hline())
            column.addWidget(PlainLabel(each.title or "—", strong=True, wrap=True))
            for line in self._lines(each):
                column.addWidget(PlainLabel(line, "small", "text_2", wrap=True))
        if len(found) > _MOST:
            column.addWidget(hline())
            column.addWidget(PlainLabel(trn("and {n} more", "and {n} more", len(found) - _MOST), role="text_2"))
        return whole

    def _lines(self, each: Taken) -> list[str]:
        """What taking one record back changes: now → then, and what comes and goes with it."""
        currency = str(settings.get(self._page.shop.reader(), "currency"))
        lines = [tr("It is not in the shop any more and comes back.")] if each.missing else []
        worded = {**self._known.figures, **self._known.named}
        for column, (title, words) in worded.items():
            if column in each.changes:
                now, then = (_in_words(value, words) for value in each.changes[column])
                lines.append(tr("{title}: {now} → {then}", title=tr(title), now=now, then=then))
        marked = each.changes.get("deleted_at")
        if marked is not None:
            lines.append(tr("It was deleted and comes back.") if marked[1] is None else tr("It was deleted then."))
        known = {name: value for name, value in each.changes.items() if name not in worded}
        lines += told(known, self._page.words_of_columns(), currency)
        for count, said in ((each.rows, N_("With it: {what}")), (each.gone, N_("Added since, goes: {what}"))):
            if count:
                what = ", ".join(trn(*_WITH[name], number) for name, number in count.items())
                lines.append(tr(said, what=what))
        return lines or [tr("Details that no column shows")]

    def _take(self, _values: dict[str, object]) -> None:
        self._page.worker.write(self._write, self._done, self._refused, key="take_back")

    def _write(self, task: Task) -> tuple[list[Taken], int | None]:
        live, then = self._past.live, self._page.shop
        total = len(self._ids)
        try:
            before = live.last_step()
            found = taking.take(
                live, then.reader(), self._table, self._ids, count=lambda done: task.progress(done, total)
            )
            after = live.last_step()
            return found, after.id if after is not None and after != before else None
        finally:
            live.forget_reader()

    def _done(self, ended: tuple[list[Taken], int | None]) -> None:
        found, step = ended
        count = sum(1 for each in found if not each.same)
        if step is None:
            return
        label = tr(self._known.label[0 if count == 1 else 1], n=count)
        self._page.messages.info(label, link=(tr("Undo"), partial(self._undo, step)))
        self._page.selection.clear()

    def _undo(self, step: int) -> None:
        live = self._past.live

        def undo(_task: Task) -> Step:
            try:
                return live.undo_step(step)
            finally:
                live.forget_reader()

        self._page.worker.write(undo, self._undone, self._refused)

    def _undone(self, step: Step) -> None:
        self._page.messages.info(tr("Undone: {what}", what=step.label))

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        self._page.messages.error(error)


def _in_words(value: object, words: Mapping[str, str]) -> str:
    """A value by its name; one without is the owner's own word, and none is a dash."""
    text = "" if value is None else str(value)
    return tr(words[text]) if text in words else text or EMPTY
