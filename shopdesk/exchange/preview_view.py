"""What is in the dropped files, on screen: cards, columns, questions, lists with ticks, the bar below."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.core import channels
from shopdesk.core.channels import platform_name
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.exchange import plan, preview, preview_changes
from shopdesk.exchange.formats import Format, FormatSet
from shopdesk.exchange.plan import Count
from shopdesk.exchange.preview import FileCard
from shopdesk.exchange.preview_columns_view import ColumnsPane, Question
from shopdesk.exchange.preview_lists_view import PreviewLists, empty
from shopdesk.exchange.preview_widgets import FileCards
from shopdesk.ui.banner import Sign
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled, theme
from shopdesk.ui.widgets import EmptyState

_LEFT_WIDTH = 390


class PreviewView(QWidget):
    """Shows a plan and lets the owner tick.

    Signals: ``format_wanted(card, id)``, ``mapping_wanted(card)``, ``channel_wanted(key, id)``, ``counted``,
    ``all_ticked(on)`` for all changes, ``save_wanted`` for the refused rows as a file, ``files_wanted`` when nothing
    of these can be used.
    """

    format_wanted = Signal(int, str)
    mapping_wanted = Signal(int)
    channel_wanted = Signal(tuple, int)
    counted = Signal()
    all_ticked = Signal(bool)
    save_wanted = Signal()
    files_wanted = Signal()

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop
        self._con: Connection | None = None
        self._formats: FormatSet | None = None
        self.current = 0
        self.cards: list[FileCard] = []
        self.counts: dict[str, Count] = {}
        self._changed = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.files = FileCards()
        self.files.picked.connect(self._on_file_picked)
        self.files.format_wanted.connect(self.format_wanted)
        self.files.mapping_wanted.connect(self.mapping_wanted)
        column.addWidget(self.files)
        self._asked = QVBoxLayout()
        self._asked.setContentsMargins(20, 0, 20, 8)
        self._asked.setSpacing(6)
        column.addLayout(self._asked)
        self.below = self._lower()
        column.addWidget(self.below, 1)
        self.nothing = EmptyState()
        self.nothing.acted.connect(self.files_wanted)
        self.nothing.hide()
        column.addWidget(self.nothing, 1)

    # made once

    def _lower(self) -> QWidget:
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hline())
        column.addLayout(self._halves(), 1)
        column.addWidget(self._bar())
        return lower

    def _halves(self) -> QHBoxLayout:
        halves = QHBoxLayout()
        halves.setSpacing(0)
        self.columns = ColumnsPane()
        self.columns.setFixedWidth(_LEFT_WIDTH)
        halves.addWidget(self.columns)
        line = styled(QWidget(), "vline")
        line.setFixedWidth(1)
        halves.addWidget(line)
        self.lists = PreviewLists()
        self.lists.ticked.connect(self._on_ticked)
        self.lists.all_ticked.connect(self.all_ticked)
        self.lists.save_wanted.connect(self.save_wanted)
        self.tabs, self.rows, self.table = self.lists.tabs, self.lists.rows, self.lists.table
        halves.addWidget(self.lists, 1)
        return halves

    def _bar(self) -> QWidget:
        bar = styled(QWidget(), "bar")
        bar.setFixedHeight(theme().size("selection_bar"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(Sign("undo", "accent"))
        self._promise = PlainLabel("", elide=True)
        self.will = PlainLabel("", role="text_2")
        row.addWidget(self._promise, 1)
        row.addWidget(self.will)
        return bar

    # from the page

    def show_plan(self, con: Connection, cards: list[FileCard], counts: dict[str, Count], formats: FormatSet) -> None:
        """Show a plan; `con` sees it (see plan.connection) until `clear`."""
        self._con, self.cards, self.counts, self._formats = con, cards, counts, formats
        self.lists.read(con, counts)
        self.current = min(self.current, max(0, len(cards) - 1))
        self._show()
        found = self.lists.tab_counts()
        self.tabs.pick(next((key for key in ("changed", "new", "refused", "warned") if found[key]), "unchanged"))

    def clear(self) -> None:
        """Forget the plan."""
        self.cards = []
        self.counts = {}
        self._changed = 0
        self.rest()

    def rest(self) -> None:
        """Read nothing until the next `show_plan`: another thread works with the plan's connection."""
        self._con = None
        self.lists.rest()

    def usable(self) -> bool:
        """Whether there is a table whose rows can be looked at."""
        return not all(card.refused for card in self.cards)

    def writes(self) -> int:
        """How many records an import would write."""
        return sum(count.new for count in self.counts.values()) + self._changed

    def main_words(self) -> str:
        """What the import button says."""
        writes = self.writes()
        if writes:
            return trn("Import {n:,} record", "Import {n:,} records", writes)
        if self.keeps():
            return tr("Keep the file")
        return tr("Nothing can be imported") if self._refused() else tr("Nothing new to import")

    def layout_of(self, at: int) -> Format | None:
        """The layout that a file is read by."""
        return self._formats.by_id.get(self.cards[at].format) if self._formats is not None else None

    def _refused(self) -> bool:
        counts = self.counts.values()
        return any(count.refused for count in counts) and not any(count.read - count.refused for count in counts)

    def keeps(self) -> bool:
        """Whether there is a file to be kept of which no record is written: purchases."""
        known = self._formats.by_id if self._formats is not None else {}
        return any(card.format in known and known[card.format].refused for card in self.cards)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self._promise.setText(
            tr("The whole import can be undone in one step; the file itself is kept inside your shop file.")
        )
        self.table.setAccessibleName(tr("Check before importing"))
        if self._con is not None:
            tab = self.tabs.current
            self._show()
            self.tabs.pick(tab)

    # showing

    def _show(self) -> None:
        assert self._formats is not None
        self.files.show_cards(self.cards, self._formats)
        self.below.setVisible(self.usable())
        self.nothing.setVisible(not self.usable())
        self._say_nothing()
        self._ask()
        self._on_file_picked(self.current)
        self._tell_counts()

    def _say_nothing(self) -> None:
        unknown = any(card.unknown for card in self.cards)
        heading = tr("Not known yet, so not imported") if unknown else tr("None of this can be imported")
        said = (
            tr("Say above what its columns mean, or drop another file here.")
            if unknown
            else tr("Nothing was written. Drop another file here, or choose one.")
        )
        self.nothing.say(heading, said, "" if unknown else tr("Choose files…"), "open", mark=False)

    def _plan(self) -> Connection:
        assert self._con is not None
        return self._con

    def _ask(self) -> None:
        empty(self._asked)
        known = channels.listed(self._shop.reader())
        for platform, shop_id in preview.questions(self._plan()):
            mine = [(one.id, one.name) for one in known if one.platform == platform]
            proposed = preview.proposed_channel(self._plan(), platform, shop_id)
            words = tr("Which of your {platform} shops is this from?", platform=platform_name(platform))
            asked = Question(words, mine, proposed)
            asked.answered.connect(partial(self.channel_wanted.emit, (platform, shop_id)))
            self._asked.addWidget(asked)

    def _tell_counts(self) -> None:
        self.tabs.show_counts(self.lists.tab_counts())
        self._changed = preview_changes.written_records(self._plan())
        counts = self.counts.values()
        self.will.setText(
            tr(
                "Will write {new} new, {changed} changed; skips {skipped}",
                new=f"{sum(count.new for count in counts):,}",
                changed=f"{self._changed:,}",
                skipped=f"{sum(count.unchanged + count.refused for count in counts):,}",
            )
        )
        self.counted.emit()

    def _on_file_picked(self, at: int) -> None:
        self.current = at
        self.files.set_current(at)
        self.columns.show_card(self.cards[at] if self.cards else None)

    def _on_ticked(self, cells: list[int], on: bool) -> None:
        plan.tick(self._plan(), cells, ticked=on)
        taken = preview_changes.taken_records(self._plan())
        for kind in ("orders", "lines", "reviews", "returns", "stock"):
            count, now = self.counts[kind], taken.get(kind, 0)
            same = count.read - count.new - count.refused - now
            self.counts[kind] = replace(count, changed=now, unchanged=same)
        self._tell_counts()
