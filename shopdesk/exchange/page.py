"""The import preview: what is in dropped files, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shopdesk.core import settings
from shopdesk.core.words import N_, tr, trn
from shopdesk.exchange import own_formats, plan, preview, preview_changes
from shopdesk.exchange.commands import Importing, options
from shopdesk.exchange.formats import FormatSet
from shopdesk.exchange.identity import ChannelKey
from shopdesk.exchange.inspecting import readable
from shopdesk.exchange.mapping_view import MappingView
from shopdesk.exchange.plan import Choices, Count
from shopdesk.exchange.preview import FileCard
from shopdesk.exchange.preview_view import PreviewView
from shopdesk.exchange.preview_widgets import header_buttons
from shopdesk.exchange.refused_view import ask_where
from shopdesk.ui.actions import Action, Place
from shopdesk.ui.base_page import Page
from shopdesk.ui.text import plain_tip
from shopdesk.ui.theme import theme_polish
from shopdesk.ui.widgets import EmptyState

if TYPE_CHECKING:
    from shopdesk.ui.worker import Task

_PARTS = 1000
_Found = tuple[list[FileCard], dict[str, Count], FormatSet]


class ImportPage(Page):
    """Files are read and compared beside the window; nothing is written until Import is pressed."""

    name = "import"
    title = N_("Check before importing")
    topics: frozenset[str] = frozenset()

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """Import, leave, choose files."""
        return (
            Action("import.go", N_("Import"), "import", self._on_import, "Ctrl+Return", Place.HIDDEN,
                   enabled=self._can_import),
            Action("import.cancel", N_("Cancel the import"), "close", self._on_cancel, "", Place.HIDDEN),
            Action("import.choose", N_("Choose files…"), "open", self._on_choose, "", Place.HIDDEN),
        )  # fmt: skip

    # made once

    def build(self) -> None:
        """Header buttons, the preview, the mapping screen, the empty page."""
        self.paths: list[Path] = []
        self.work: Importing | None = None
        self._choose: dict[Path, str | Mapping[str, Any]] = {}
        self._channels: dict[ChannelKey, int | str] = {}
        self._add_buttons()
        self.progress_strip.stopped.connect(self._on_cancel)
        self.stack = QStackedWidget()
        self.empty = EmptyState()
        self.empty.acted.connect(self._on_choose)
        self.view = PreviewView(self.shop)
        self.view.format_wanted.connect(self._on_format_wanted)
        self.view.mapping_wanted.connect(self._on_mapping_wanted)
        self.view.channel_wanted.connect(self._on_channel_wanted)
        self.view.counted.connect(self._show_button)
        self.view.files_wanted.connect(self._on_choose)
        self.view.all_ticked.connect(self._on_all_ticked)
        self.view.save_wanted.connect(self._on_save_wanted)
        self.mapping = MappingView(self.shop, settings.text(self.shop.reader(), "currency"))
        self.mapping.saved.connect(self._on_mapping_saved)
        self.mapping.left.connect(self._on_mapping_left)
        self.mapping.checked.connect(self._show_button)
        self._blank = QWidget()
        for part in (self.empty, self.view, self.mapping, self._blank):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)

    def _add_buttons(self) -> None:
        header = self.body.itemAt(0)
        assert header is not None
        row = cast("QHBoxLayout", cast("QWidget", header.widget()).layout())
        self.back, self.cancel_button, self.import_button = header_buttons(row)
        self.back.clicked.connect(self._on_back)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.import_button.clicked.connect(self._on_import)

    def retranslate_ui(self) -> None:
        """Every word of the page."""
        plain_tip(self.back, tr("Back"))
        self.back.setAccessibleName(tr("Back"))
        self.cancel_button.setText(tr("Cancel"))
        said = tr("You see what is in them before anything is written.")
        self.empty.say(tr("Drop the platforms' files here"), said, tr("Choose files…"), "open")
        self.mapping.retranslate()
        self.view.retranslate()
        self._show_state()

    # files in

    def open(self, what: object) -> None:
        """Files to look at, as paths."""
        if isinstance(what, (list, tuple)):
            self.open_files([Path(path) for path in what])
        else:
            super().open(what)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Read these files and show what is in them; what was shown before is forgotten."""
        self._choose = {}
        self._channels = {}
        self.paths = list(paths)
        self._read()

    def put_away(self) -> None:
        """The shop is being closed: remove the scratch files."""
        work, self.work = self.work, None
        self.view.clear()
        if work is not None:
            work.close()

    def _read(self) -> None:
        self._forget()
        if self.paths:
            work = self.work = Importing(self.shop, self.paths, choose=self._choose)
            choices = Choices(channels=dict(self._channels))

            def read() -> _Found:
                work.__enter__()
                work.read()
                return self._planned(work, choices)

            self._start(work, read, self._on_read, self._on_refused, tr("Reading"))
        self._show_state()

    def _planned(self, work: Importing, choices: Choices) -> _Found:
        """Compare; in the writing thread."""
        work.plan(choices)
        return self._found(work)

    def _found(self, work: Importing) -> _Found:
        formats = own_formats.load_formats(options(self.shop.reader()).saved)
        con = work.connection()
        return preview.cards(con, formats), plan.counts(con), formats

    def _start(
        self, work: Importing, run: Callable[[], Any], done: Callable[[Any], None],
        refused: Callable[[Exception], None], text: str,
    ) -> None:  # fmt: skip
        """Run a step of an import in the writing thread, with progress and Stop."""

        def step(task: Task) -> Any:
            work.progress = lambda part, said: task.progress(int(part * _PARTS), _PARTS, said)
            work.cancelled = lambda: task.cancelled
            return run()

        self.view.rest()
        self.progress_strip.tell(0, _PARTS, text)
        self.worker.write(step, done, refused, key=f"{self.name}.long", text=text)

    def _forget(self) -> None:
        """Drop the import in hand; its scratch files go when the thread has done with them."""
        work, self.work = self.work, None
        self.view.clear()
        self.progress_strip.hide()
        if work is not None:
            self.worker.cancel(f"{self.name}.long")
            work.interrupt()
            self.worker.write(lambda _task: work.close())

    def _on_read(self, found: _Found) -> None:
        self.progress_strip.hide()
        assert self.work is not None
        cards, counts, formats = found
        self.stack.setCurrentWidget(self.view)
        self.view.show_plan(self.work.connection(), cards, counts, formats)
        self._show_state()
        for left in own_formats.found().left:
            self.messages.warning(str(left))
        if len(cards) == 1 and cards[0].unknown:
            self._on_mapping_wanted(0)

    def _on_refused(self, error: Exception) -> None:
        self._forget()
        self._show_state()
        self.messages.error(str(error))

    def behind_lock(self) -> str:
        """How far the import is that goes on while the shop is locked, or that it waits for its owner."""
        if self.work is None:
            return ""
        named = self.paths[0].name if len(self.paths) == 1 else tr("{n} files", n=len(self.paths))
        if self.progress_strip.said:
            return tr("Import of {named} goes on behind the lock: {said}", named=named, said=self.progress_strip.said)
        rows = sum(count.read for count in self.view.counts.values())
        if not rows:
            return tr("Import of {named} waits for you", named=named)
        return trn(
            "Import of {named} goes on behind the lock: {n} row checked, waits for you",
            "Import of {named} goes on behind the lock: {n} rows checked, waits for you",
            rows, named=named,
        )  # fmt: skip

    # what is shown

    def _show_state(self) -> None:
        shown = bool(self.view.counts)
        reading = self.work is not None and not shown
        importing = shown and self.stack.currentWidget() is not self.mapping and self.view.usable()
        self.import_button.setVisible(importing)
        self.cancel_button.setVisible(shown or reading)
        if not shown:
            self.stack.setCurrentWidget(self._blank if reading else self.empty)
        self.fact_label.setText(self.fact(None))
        self._show_button()

    def fact(self, _con: object) -> str:
        """Beside the title."""
        return tr("nothing has been written yet") if self.work is not None else ""

    def _show_button(self) -> None:
        self.import_button.setText(self.view.main_words())
        self.import_button.setEnabled(self._can_import())
        theme_polish(self.import_button)
        self.action_table.refresh()

    def _can_import(self) -> bool:
        if self.stack.currentWidget() is self.mapping:
            return self.mapping.save.isEnabled()
        return self.work is not None and (self.view.writes() > 0 or self.view.keeps())

    # decisions

    def _on_format_wanted(self, at: int, key: str) -> None:
        self._choose[self._path_of(at)] = key
        self._read()

    def _path_of(self, at: int) -> Path:
        """The file behind a card, in whatever code its name is written."""
        said = self.view.cards[at].path
        return next(path for path in self.paths if readable(str(path)) == said)

    def _on_channel_wanted(self, key: ChannelKey, channel: int) -> None:
        assert self.work is not None
        self._channels[key] = channel
        work, choices = self.work, Choices(channels=dict(self._channels))
        self._start(work, lambda: self._planned(work, choices), self._on_read, self._on_refused, tr("Comparing"))

    def _on_all_ticked(self, on: bool) -> None:
        """All changes are taken or left, of which there may be a million."""
        assert self.work is not None
        work = self.work

        def tick() -> _Found:
            preview_changes.tick_all(work.connection(), ticked=on)
            return self._found(work)

        self._start(work, tick, self._on_read, self._on_refused, tr("Comparing"))

    def _on_save_wanted(self) -> None:
        assert self.work is not None
        ask_where(self, self.work)

    def _on_mapping_wanted(self, at: int) -> None:
        self.view.current = at
        self.mapping.show_card(self.view.cards[at], self.view.layout_of(at))
        self.stack.setCurrentWidget(self.mapping)
        self._show_state()

    def _on_mapping_left(self) -> None:
        self.stack.setCurrentWidget(self.view)
        self._show_state()

    def _on_mapping_saved(self, layout: dict[str, Any]) -> None:
        self._choose[self._path_of(self.view.current)] = layout["id"]
        self._read()

    def _on_choose(self) -> None:
        self.open_requested.emit("import", None)

    def _on_back(self) -> None:
        if self.stack.currentWidget() is self.mapping and self.view.counts:
            self._on_mapping_left()
        else:
            self._on_cancel()

    def _on_cancel(self) -> None:
        self.paths = []
        self._forget()
        self._show_state()
        self.open_requested.emit("orders", None)

    # writing

    def _on_import(self) -> None:
        if not self._can_import():
            return
        if self.stack.currentWidget() is self.mapping:
            self.mapping.save.click()
            return
        work, before = self.work, self.page_acts.last_step()
        assert work is not None
        self.import_button.setEnabled(False)
        self._start(work, work.apply, lambda _done: self._on_written(before), self._on_not_written, tr("Writing"))

    def _on_written(self, before: int) -> None:
        target = preview.page_after(self.view.counts)
        self.paths = []
        self._forget()
        self._show_state()
        self.say_done(before)
        self.open_requested.emit(target, None)

    def _on_not_written(self, error: Exception) -> None:
        self.messages.error(str(error))
        self._read()


PAGE = ImportPage
