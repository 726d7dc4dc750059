"""What is in the dropped files, on screen: cards, columns, questions, lists with ticks, the bar below."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core import channels
from shopdesk.core.channels import platform_name
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.exchange import plan, preview
from shopdesk.exchange.formats import FormatSet
from shopdesk.exchange.plan import KINDS, Count
from shopdesk.exchange.preview import FileCard
from shopdesk.exchange.preview_table_view import Fetch, PreviewModel, PreviewTable
from shopdesk.exchange.preview_widgets import ColumnsPane, CountTabs, FileCards, Question
from shopdesk.exchange.said import sentence
from shopdesk.ui.banner import Sign
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled, theme

MOST_REASONS = 5000
_LEFT_WIDTH = 390


class PreviewView(QWidget):
    """Shows a plan and lets the owner tick.

    Signals: ``format_wanted(card, id)``, ``mapping_wanted(card)``, ``channel_wanted(key, id)``, ``counted``.
    """

    format_wanted = Signal(int, str)
    mapping_wanted = Signal(int)
    channel_wanted = Signal(tuple, int)
    counted = Signal()

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop
        self._con: Connection | None = None
        self._formats: FormatSet | None = None
        self._kind = ""
        self.current = 0
        self.cards: list[FileCard] = []
        self.counts: dict[str, Count] = {}
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
        column.addWidget(hline())
        column.addLayout(self._halves(), 1)
        column.addWidget(self._bar())

    # made once

    def _halves(self) -> QHBoxLayout:
        halves = QHBoxLayout()
        halves.setSpacing(0)
        self.columns = ColumnsPane()
        self.columns.setFixedWidth(_LEFT_WIDTH)
        halves.addWidget(self.columns)
        line = styled(QWidget(), "vline")
        line.setFixedWidth(1)
        halves.addWidget(line)
        halves.addWidget(self._lists(), 1)
        return halves

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
        self._kinds = QHBoxLayout(self.kind_bar)
        self._kinds.setContentsMargins(14, 6, 14, 6)
        self._kinds.setSpacing(6)
        column.addWidget(self.kind_bar)
        self.rows = PreviewModel()
        self.rows.ticked.connect(self._on_ticked)
        self.table = PreviewTable(self.rows)
        self.table.reached.connect(self._on_reached)
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
        self._promise = PlainLabel("", elide=True)
        self.will = PlainLabel("", role="text_2")
        row.addWidget(self._promise, 1)
        row.addWidget(self.will)
        return bar

    # from the page

    def show_plan(self, con: Connection, cards: list[FileCard], counts: dict[str, Count], formats: FormatSet) -> None:
        """Show a plan; `con` sees it (see plan.connection) until `clear`."""
        self._con, self.cards, self.counts, self._formats = con, cards, counts, formats
        self.current = min(self.current, max(0, len(cards) - 1))
        self._show()
        found = self._tab_counts()
        self.tabs.pick(next((key for key in ("changed", "new", "refused", "warned") if found[key]), "unchanged"))

    def clear(self) -> None:
        """Forget the plan."""
        self.cards = []
        self.counts = {}
        self.rest()

    def rest(self) -> None:
        """Read nothing until the next `show_plan`: another thread works with the plan's connection."""
        self._con = None
        self.rows.show((), lambda after, limit: [])

    def writes(self) -> int:
        """How many records an import would write."""
        return sum(count.new + count.changed for count in self.counts.values())

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
        self._ask()
        self._on_file_picked(self.current)
        self._tell_counts()

    def _plan(self) -> Connection:
        assert self._con is not None
        return self._con

    def _ask(self) -> None:
        _empty(self._asked)
        known = channels.listed(self._shop.reader())
        for platform, shop_id in preview.questions(self._plan()):
            mine = [(one.id, one.name) for one in known if one.platform == platform]
            proposed = preview.proposed_channel(self._plan(), platform, shop_id)
            words = tr("Which of your {platform} shops is this from?", platform=platform_name(platform))
            asked = Question(words, mine, proposed)
            asked.answered.connect(partial(self.channel_wanted.emit, (platform, shop_id)))
            self._asked.addWidget(asked)

    def _tab_counts(self) -> dict[str, int]:
        total = {name: sum(getattr(count, name) for count in self.counts.values()) for name in ("new", "unchanged")}
        total["changed"] = preview.changed_records(self._plan())
        for level in ("refused", "warned"):
            total[level] = len(plan.reasons(self._plan(), level=level, limit=MOST_REASONS))
        return total

    def _tell_counts(self) -> None:
        self.tabs.show_counts(self._tab_counts())
        counts = self.counts.values()
        self.will.setText(
            tr(
                "Will write {new} new, {changed} changed; skips {skipped}",
                new=f"{sum(count.new for count in counts):,}",
                changed=f"{sum(count.changed for count in counts):,}",
                skipped=f"{sum(count.unchanged + count.refused for count in counts):,}",
            )
        )
        self.counted.emit()

    def _on_file_picked(self, at: int) -> None:
        self.current = at
        self.files.set_current(at)
        self.columns.show_card(self.cards[at] if self.cards else None)

    # lists

    def _on_tab_picked(self, tab: str) -> None:
        if self._con is None:
            return
        _empty(self._kinds)
        self.kind_bar.hide()
        if tab in ("refused", "warned"):
            self._list_reasons(tab)
        elif tab == "changed":
            self._list_changes()
        else:
            self._list_records(tab)

    def _list_records(self, tab: str) -> None:
        kinds = [kind for kind in KINDS if getattr(self.counts[kind], tab)]
        self._kind = self._kind if self._kind in kinds else next(iter(kinds), "orders")
        for kind in kinds if len(kinds) > 1 else ():
            self._kinds.addWidget(self._chip(tab, kind))
        self._kinds.addStretch(1)
        self.kind_bar.setVisible(len(kinds) > 1)
        self._say_hint("")
        listing = preview.records(tab, self._kind)
        self.rows.show(listing.headings, self._fetcher(listing), styles=preview.styles(listing))

    def _chip(self, tab: str, kind: str) -> QPushButton:
        chip = QPushButton(f"{tr(preview.KIND_WORDS[kind])} {getattr(self.counts[kind], tab):,}")
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.setChecked(kind == self._kind)
        chip.clicked.connect(lambda _on=False: self._on_kind_picked(tab, kind))
        return chip

    def _on_kind_picked(self, tab: str, kind: str) -> None:
        self._kind = kind
        self._on_tab_picked(tab)

    def _fetcher(self, listing: preview.Listing) -> Fetch:
        con = self._plan()

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            rows = con.execute(listing.query, {"after": after, "limit": limit}).fetchall()
            return [(row[0], listing.shown(row, con), True) for row in rows]

        return fetch

    def _list_changes(self) -> None:
        con = self._plan()

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            rows = con.execute(preview.CHANGES.query, {"after": after, "limit": limit}).fetchall()
            return [(row["id"], preview.change_cells(row, con), bool(row["ticked"])) for row in rows]

        _, held = preview.changes(con)
        said = trn(
            "{n} field that you edited yourself, or that would go backward, is kept unless you tick it.",
            "{n} fields that you edited yourself, or that would go backward, are kept unless you tick them.",
            held,
        )
        self._say_hint(said if held else "")
        styles = {1: "quiet", 2: "old", 3: "arrow", 4: "new"}
        self.rows.show(preview.CHANGES.headings, fetch, ticks=True, styles=styles)

    def _list_reasons(self, level: str) -> None:
        found = [
            (at, _reason_cells(one), True)
            for at, one in enumerate(plan.reasons(self._plan(), level=level, limit=MOST_REASONS), 1)
        ]
        self._say_hint(
            tr("Refused rows do not hold up the others. Fix the file and drop it again: nothing is imported twice.")
            if level == "refused"
            else tr("Accepted, but have a look.")
        )
        tone = "bad" if level == "refused" else "warn"
        self.rows.show(
            preview.REASONS.headings,
            lambda after, limit: found[after : after + limit],
            styles={0: "quiet", 1: "quiet", 2: "quiet", 3: tone, 4: "told"},
        )

    def _on_reached(self, row: int) -> None:
        """The whole sentence of the reason that the keyboard is at."""
        if self.tabs.current in ("refused", "warned"):
            self._say_hint(f"{self.rows.text(row, 3)} {self.rows.text(row, 4)}".strip())

    def _say_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def _on_ticked(self, cells: list[int], on: bool) -> None:
        plan.tick(self._plan(), cells, ticked=on)
        taken = preview.taken_records(self._plan())
        for kind in ("orders", "lines", "reviews", "returns", "stock"):
            count, now = self.counts[kind], taken.get(kind, 0)
            same = count.read - count.new - count.refused - now
            self.counts[kind] = replace(count, changed=now, unchanged=same)
        self._tell_counts()


def _reason_cells(one: plan.Reason) -> list[str]:
    row = "" if one.row is None else str(one.row)
    return [one.file, row, one.column, sentence(one.text, one.args), sentence(one.fix, one.args) if one.fix else ""]


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
