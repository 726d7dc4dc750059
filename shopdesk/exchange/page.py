"""The import preview: what is in dropped files, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from shopdesk.core import channels, settings
from shopdesk.core.channels import platform_name
from shopdesk.core.words import N_, tr, trn
from shopdesk.exchange import plan, preview
from shopdesk.exchange.commands import Importing, options
from shopdesk.exchange.formats import FormatSet, load_formats
from shopdesk.exchange.identity import ChannelKey
from shopdesk.exchange.mapping_view import MappingView
from shopdesk.exchange.plan import KINDS, Choices, Count
from shopdesk.exchange.preview import FileCard
from shopdesk.exchange.preview_parts import ColumnsPane, CountTabs, FileCards, Question
from shopdesk.exchange.preview_table import PreviewModel, PreviewTable
from shopdesk.exchange.said import sentence
from shopdesk.ui.actions import Action, Place
from shopdesk.ui.banner import Sign
from shopdesk.ui.base_page import Page
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel, plain_tip
from shopdesk.ui.theme import hline, styled, theme, theme_polish
from shopdesk.ui.widgets import EmptyState

if TYPE_CHECKING:
    from shopdesk.ui.worker import Task

_MOST_REASONS = 5000
_LEFT_WIDTH = 390
_PARTS = 1000
_SHOWN_AFTER = {"orders": "orders", "lines": "orders", "returns": "orders", "products": "inventory",
                "stock": "inventory", "customers": "customers", "reviews": "reviews"}  # fmt: skip


class ImportPage(Page):
    """Files are read and compared beside the window; nothing is written until Import is pressed."""

    name = "import"
    title = N_("Check before importing")
    topics = frozenset[str]()

    def actions(self) -> tuple[Action, ...]:
        """Import, leave, choose files."""
        return (
            Action("import.go", N_("Import"), "import", self._on_import, "Ctrl+Return", Place.HIDDEN,
                   enabled=self._can_import),
            Action("import.cancel", N_("Cancel the import"), "close", self._on_cancel, "", Place.HIDDEN),
            Action("import.choose", N_("Choose files…"), "open", self._on_choose, "", Place.HIDDEN),
        )  # fmt: skip

    # made once

    def build(self) -> None:
        """Header buttons, cards, columns, tabs and table, the bar below; the mapping screen; the empty page."""
        self.paths: list[Path] = []
        self.work: Importing | None = None
        self.cards: list[FileCard] = []
        self.counts: dict[str, Count] = {}
        self._choose: dict[Path, str | Mapping[str, Any]] = {}
        self._channels: dict[ChannelKey, int | str] = {}
        self._formats: FormatSet = load_formats()
        self._kind = ""
        self._current = 0
        self._add_buttons()
        self.progress_strip.stopped.connect(self._on_reading_stopped)
        self.stack = QStackedWidget()
        self.empty = EmptyState()
        self.empty.acted.connect(self._on_choose)
        self.mapping = MappingView(self.shop, settings.text(self.shop.reader(), "currency"))
        self.mapping.saved.connect(self._on_mapping_saved)
        self.mapping.left.connect(self._on_mapping_left)
        self.quiet = QWidget()
        for part in (self.empty, self._preview(), self.mapping, self.quiet):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)

    def _add_buttons(self) -> None:
        header = cast("QWidget", self.body.itemAt(0).widget())
        row = cast("QHBoxLayout", header.layout())
        self.back = QPushButton()
        self.back.setProperty("kind", "plain")
        self.back.setIcon(icon("previous", "text_2"))
        self.back.setFixedWidth(34)
        self.back.clicked.connect(self._on_cancel)
        row.insertWidget(0, self.back)
        self.cancel_button = QPushButton()
        self.cancel_button.clicked.connect(self._on_cancel)
        self.import_button = QPushButton()
        self.import_button.setObjectName("import_go")
        self.import_button.setProperty("kind", "primary")
        self.import_button.setIcon(icon("import", "on_accent"))
        self.import_button.clicked.connect(self._on_import)
        row.addWidget(self.cancel_button)
        row.addWidget(self.import_button)

    def _preview(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.files = FileCards()
        self.files.picked.connect(self._on_file_picked)
        self.files.format_wanted.connect(self._on_format_wanted)
        self.files.mapping_wanted.connect(self._on_mapping_wanted)
        column.addWidget(self.files)
        self.asked = QVBoxLayout()
        self.asked.setContentsMargins(20, 0, 20, 8)
        self.asked.setSpacing(6)
        column.addLayout(self.asked)
        column.addWidget(hline())
        halves = QHBoxLayout()
        halves.setSpacing(0)
        self.columns = ColumnsPane()
        self.columns.setFixedWidth(_LEFT_WIDTH)
        halves.addWidget(self.columns)
        line = styled(QWidget(), "vline")
        line.setFixedWidth(1)
        halves.addWidget(line)
        halves.addWidget(self._lists(), 1)
        column.addLayout(halves, 1)
        column.addWidget(self._bar())
        return whole

    def _lists(self) -> QWidget:
        side = styled(QWidget(), "surface")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tabs = CountTabs()
        self.tabs.picked.connect(self._on_tab_picked)
        column.addWidget(self.tabs)
        column.addWidget(hline())
        self.kind_bar = QWidget()
        self.kinds = QHBoxLayout(self.kind_bar)
        self.kinds.setContentsMargins(14, 6, 14, 6)
        self.kinds.setSpacing(6)
        column.addWidget(self.kind_bar)
        self.rows = PreviewModel()
        self.rows.ticked.connect(self._on_ticked)
        self.table = PreviewTable(self.rows)
        column.addWidget(self.table, 1)
        self.hint = PlainLabel("", role="text_2", wrap=True)
        self.hint.setContentsMargins(20, 8, 20, 10)
        column.addWidget(self.hint)
        return side

    def _bar(self) -> QWidget:
        bar = styled(QWidget(), "bar")
        bar.setFixedHeight(theme().size("selection_bar"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(Sign("undo", "accent"))
        self.promise = PlainLabel("", elide=True)
        self.will = PlainLabel("", role="text_2")
        row.addWidget(self.promise, 1)
        row.addWidget(self.will)
        return bar

    def retranslate_ui(self) -> None:
        """Every word of the page."""
        plain_tip(self.back, tr("Back"))
        self.back.setAccessibleName(tr("Back"))
        self.cancel_button.setText(tr("Cancel"))
        self.promise.setText(
            tr("The whole import can be undone in one step; the file itself is kept inside your shop file.")
        )
        self.table.setAccessibleName(tr(self.title))
        self.empty.say(
            tr("Drop the platforms' files here"),
            tr("You see what is in them before anything is written."), tr("Choose files…"), "open",
        )  # fmt: skip
        self.mapping.retranslate()
        if self.work is not None and self.counts:
            self._show_result()
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

    def _read(self) -> None:
        self._forget()
        if not self.paths:
            self._show_state()
            return
        work = self.work = Importing(self.shop, self.paths, choose=self._choose)
        choices = Choices(channels=dict(self._channels))

        def read(task: Task) -> tuple[list[FileCard], dict[str, Count], FormatSet]:
            work.__enter__()
            work.progress = _telling(task)
            work.cancelled = lambda: task.cancelled
            work.read()
            work.plan(choices)
            con = work.connection()
            formats = load_formats(options(self.shop.reader()).saved)
            return preview.cards(con, formats), plan.counts(con), formats

        self.progress_strip.tell(0, _PARTS, tr("Reading"))
        self.worker.write(read, self._on_read, self._on_refused, key=f"{self.name}.long", text=tr("Reading"))
        self._show_state()

    def put_away(self) -> None:
        """The shop is being closed: remove the scratch files."""
        self._forget()

    def _forget(self) -> None:
        if self.work is not None:
            self.work.close()
        self.work = None
        self.cards = []
        self.counts = {}
        self._current = 0
        self.rows.show((), lambda after, limit: [])

    def _on_read(self, found: tuple[list[FileCard], dict[str, Count], FormatSet]) -> None:
        self.progress_strip.hide()
        self.cards, self.counts, self._formats = found
        self._show_result()
        self._show_state()
        unknown = [at for at, card in enumerate(self.cards) if card.unknown]
        if unknown and len(self.cards) == 1:
            self._on_mapping_wanted(unknown[0])

    def _on_refused(self, error: Exception) -> None:
        self.progress_strip.hide()
        self._forget()
        self._show_state()
        self.messages.error(str(error))

    def _on_reading_stopped(self) -> None:
        if self.work is not None and not self.counts:
            self.paths = []
            self.work = None
        self._show_state()

    # what is shown

    def _show_state(self) -> None:
        reading = self.work is not None and not self.counts
        shown = bool(self.counts)
        self.import_button.setVisible(shown and self.stack.currentWidget() is not self.mapping)
        self.cancel_button.setVisible(shown or reading)
        if not shown:
            self.stack.setCurrentWidget(self.quiet if reading else self.empty)
        self.fact_label.setText(tr("nothing has been written yet") if shown or reading else "")
        self._show_button()

    def fact(self, _con: object) -> str:
        """Beside the title."""
        return tr("nothing has been written yet") if self.work is not None else ""

    def _show_result(self) -> None:
        self.stack.setCurrentIndex(1)
        self.files.show_cards(self.cards, self._formats)
        self._ask()
        self._on_file_picked(min(self._current, max(0, len(self.cards) - 1)))
        self._tell_counts()
        counts = self._tab_counts()
        self.tabs.pick(next((key for key in ("changed", "new", "refused", "warned") if counts[key]), "unchanged"))

    def _ask(self) -> None:
        while (old := self.asked.takeAt(0)) is not None:
            old.widget().hide()
            old.widget().deleteLater()
        assert self.work is not None
        con = self.work.connection()
        known = channels.listed(self.shop.reader())
        for platform, shop_id in preview.questions(con):
            mine = [(one.id, one.name) for one in known if one.platform == platform]
            chosen = con.execute(
                "SELECT channel_id FROM plan.channel WHERE platform = ? AND shop_id = ?", (platform, shop_id)
            ).fetchone()[0]
            asked = Question(
                tr("Which of your {platform} shops is this from?", platform=platform_name(platform)), mine, chosen
            )
            asked.answered.connect(lambda value, key=(platform, shop_id): self._on_channel(key, value))
            self.asked.addWidget(asked)

    def _tab_counts(self) -> dict[str, int]:
        assert self.work is not None
        total = {name: sum(getattr(count, name) for count in self.counts.values())
                 for name in ("new", "changed", "unchanged", "refused", "warned")}  # fmt: skip
        con = self.work.connection()
        total["changed"] = con.execute("SELECT count(DISTINCT kind || record) FROM plan.cell").fetchone()[0]
        total["refused"] = sum(1 for one in self._reasons("refused"))
        total["warned"] = sum(1 for one in self._reasons("warned"))
        return total

    def _tell_counts(self) -> None:
        self.tabs.show_counts(self._tab_counts())
        new = sum(count.new for count in self.counts.values())
        changed = sum(count.changed for count in self.counts.values())
        skipped = sum(count.unchanged + count.refused for count in self.counts.values())
        self.will.setText(
            tr("Will write {new} new, {changed} changed; skips {skipped}",
               new=f"{new:,}", changed=f"{changed:,}", skipped=f"{skipped:,}")
        )  # fmt: skip
        self._show_button()

    def _show_button(self) -> None:
        writes = sum(count.new + count.changed for count in self.counts.values())
        words = trn("Import {n} row", "Import {n} rows", writes) if writes else tr("Nothing new to import")
        self.import_button.setText(words)
        self.import_button.setEnabled(self._can_import())
        theme_polish(self.import_button)

    def _can_import(self) -> bool:
        return self.work is not None and any(count.new or count.changed for count in self.counts.values())

    def _on_file_picked(self, at: int) -> None:
        self._current = at
        self.files.set_current(at)
        self.columns.show_card(self.cards[at] if self.cards else None)

    # lists

    def _on_tab_picked(self, tab: str) -> None:
        self._clear_kinds()
        if tab in ("refused", "warned"):
            self._list_reasons(tab)
        elif tab == "changed":
            self._list_changes()
        else:
            self._list_records(tab)

    def _clear_kinds(self) -> None:
        while (old := self.kinds.takeAt(0)) is not None:
            if old.widget() is not None:
                old.widget().hide()
                old.widget().deleteLater()
        self.kind_bar.hide()

    def _list_records(self, tab: str) -> None:
        kinds = [kind for kind in KINDS if getattr(self.counts[kind], tab)]
        self._kind = self._kind if self._kind in kinds else next(iter(kinds), "orders")
        for kind in kinds if len(kinds) > 1 else ():
            words = f"{tr(preview.KIND_WORDS[kind])} {getattr(self.counts[kind], tab):,}"
            chip = QPushButton(words)
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.setChecked(kind == self._kind)
            chip.clicked.connect(lambda _on=False, kind=kind: self._on_kind_picked(tab, kind))
            self.kinds.addWidget(chip)
        self.kinds.addStretch(1)
        self.kind_bar.setVisible(len(kinds) > 1)
        self._say_hint("")
        listing = preview.records(tab, self._kind)
        last = len(listing.headings) - 1
        self.rows.show(listing.headings, self._fetcher(listing), styles={last: "quiet"})

    def _on_kind_picked(self, tab: str, kind: str) -> None:
        self._kind = kind
        self._on_tab_picked(tab)

    def _fetcher(self, listing: preview.Listing) -> Any:
        assert self.work is not None
        con = self.work.connection()

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            rows = con.execute(listing.query, {"after": after, "limit": limit}).fetchall()
            return [(row[0], listing.shown(row, con), True) for row in rows]

        return fetch

    def _list_changes(self) -> None:
        assert self.work is not None
        con = self.work.connection()

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            rows = con.execute(preview.CHANGES.query, {"after": after, "limit": limit}).fetchall()
            return [(row["id"], preview.change_cells(row, con), bool(row["ticked"])) for row in rows]

        _, held = preview.changes(con)
        self._say_hint(
            trn("{n} field that you edited yourself, or that would go backward, is kept unless you tick it.",
                "{n} fields that you edited yourself, or that would go backward, are kept unless you tick them.",
                held)
            if held else ""
        )  # fmt: skip
        self.rows.show(
            preview.CHANGES.headings, fetch, ticks=True, styles={1: "quiet", 2: "old", 3: "arrow", 4: "new"}
        )

    def _reasons(self, level: str) -> list[plan.Reason]:
        assert self.work is not None
        return plan.reasons(self.work.connection(), level=level, limit=_MOST_REASONS)

    def _list_reasons(self, level: str) -> None:
        found = [
            (at, [one.file, "" if one.row is None else str(one.row), one.column, sentence(one.text, one.args),
                  sentence(one.fix, one.args) if one.fix else ""], True)
            for at, one in enumerate(self._reasons(level), 1)
        ]  # fmt: skip

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            return found[after : after + limit]

        self._say_hint(
            tr("Refused rows do not hold up the others. Fix the file and drop it again: nothing is imported twice.")
            if level == "refused"
            else tr("Accepted, but have a look.")
        )
        tone = "bad" if level == "refused" else "warn"
        self.rows.show(preview.REASONS.headings, fetch, styles={0: "quiet", 1: "quiet", 2: "quiet", 3: tone})

    def _say_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def _on_ticked(self, cells: list[int], on: bool) -> None:
        assert self.work is not None
        con = self.work.connection()
        plan.tick(con, cells, ticked=on)
        changed = dict(
            con.execute("SELECT kind, count(DISTINCT record) FROM plan.cell WHERE ticked GROUP BY kind").fetchall()
        )
        for kind, count in self.counts.items():
            now = changed.get(kind, 0)
            if kind not in ("products", "customers"):
                self.counts[kind] = replace(
                    count, changed=now, unchanged=count.read - count.new - count.refused - now
                )
        self._tell_counts()

    # decisions

    def _on_format_wanted(self, at: int, key: str) -> None:
        self._choose[Path(self.cards[at].path)] = key
        self._current = at
        self._read()

    def _on_channel(self, key: ChannelKey, value: object) -> None:
        self._channels[key] = int(str(value))
        assert self.work is not None
        work, choices = self.work, Choices(channels=dict(self._channels))

        def again(task: Task) -> tuple[list[FileCard], dict[str, Count], FormatSet]:
            work.progress = _telling(task)
            work.plan(choices)
            con = work.connection()
            return preview.cards(con, self._formats), plan.counts(con), self._formats

        self.rows.show((), lambda after, limit: [])
        self.worker.write(again, self._on_read, self._on_refused, key=f"{self.name}.long", text=tr("Comparing"))

    def _on_mapping_wanted(self, at: int) -> None:
        self._current = at
        self.mapping.show_card(self.cards[at])
        self.stack.setCurrentWidget(self.mapping)
        self._show_state()

    def _on_mapping_left(self) -> None:
        self.stack.setCurrentIndex(1)
        self._show_state()

    def _on_mapping_saved(self, layout: dict[str, Any]) -> None:
        self._choose[Path(self.cards[self._current].path)] = layout["id"]
        self._read()

    def _on_choose(self) -> None:
        self.open_requested.emit("import", None)

    def _on_cancel(self) -> None:
        if self.stack.currentWidget() is self.mapping and self.counts:
            self._on_mapping_left()
            return
        self.worker.cancel(f"{self.name}.long")
        self.progress_strip.hide()
        self.paths = []
        self._forget()
        self._show_state()
        self.open_requested.emit("orders", None)

    # writing

    def _on_import(self) -> None:
        if not self._can_import():
            return
        work = self.work
        assert work is not None
        before = self._last_step()

        def write(task: Task) -> None:
            work.progress = _telling(task)
            work.cancelled = lambda: task.cancelled
            work.apply()

        self.import_button.setEnabled(False)
        self.rows.show((), lambda after, limit: [])
        self.progress_strip.tell(0, _PARTS, tr("Writing"))
        self.worker.write(
            write, lambda _done: self._on_written(before), self._on_not_written, key=f"{self.name}.long",
            text=tr("Writing"),
        )  # fmt: skip

    def _on_written(self, before: int) -> None:
        self.progress_strip.hide()
        target = next(
            (_SHOWN_AFTER[kind] for kind in KINDS if self.counts[kind].new or self.counts[kind].changed), "orders"
        )
        self.paths = []
        self._forget()
        self._show_state()
        self.say_done(before)
        self.open_requested.emit(target, None)

    def _on_not_written(self, error: Exception) -> None:
        self.progress_strip.hide()
        self.messages.error(str(error))
        self._read()


def _telling(task: Task) -> Any:
    def tell(done: float, text: str) -> None:
        task.progress(int(done * _PARTS), _PARTS, text)

    return tell


PAGE = ImportPage
