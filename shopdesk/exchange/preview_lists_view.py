"""The lists of the import preview on screen: a tab for each fate of a record, kinds, a table, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trn
from shopdesk.exchange import plan, preview, preview_changes, preview_lists
from shopdesk.exchange.plan import KINDS, Count
from shopdesk.exchange.preview_model_view import Fetch, PreviewModel
from shopdesk.exchange.preview_table_view import PreviewTable
from shopdesk.exchange.preview_widgets import CountTabs
from shopdesk.exchange.said import sentence
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled, theme

MOST_REASONS = 5000
_NARROWEST_FILE, _WIDEST_FILE = 80, 190


class PreviewLists(QWidget):
    """Tabs over a table.

    Signals: ``ticked(cells, on)`` when the owner takes changes or leaves them, ``all_ticked(on)`` all of them,
    ``save_wanted`` for the refused rows as a file.
    """

    ticked = Signal(list, bool)
    all_ticked = Signal(bool)
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        styled(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._con: Connection | None = None
        self._kind = ""
        self.counts: dict[str, Count] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tabs = CountTabs()
        self.tabs.picked.connect(self._on_tab_picked)
        self.save = QPushButton()
        self.save.setObjectName("save_refused")
        self.save.setIcon(icon("save", "text_2"))
        self.save.clicked.connect(self.save_wanted)
        self.save.hide()
        self.tabs.rest.addWidget(self.save)
        column.addWidget(self.tabs)
        column.addWidget(hline())
        self.kind_bar = QWidget()
        self._kinds = QHBoxLayout(self.kind_bar)
        self._kinds.setContentsMargins(14, 6, 14, 6)
        self._kinds.setSpacing(6)
        column.addWidget(self.kind_bar)
        self.rows = PreviewModel()
        self.rows.ticked.connect(self.ticked)
        self.table = PreviewTable(self.rows)
        self.table.reached.connect(self._on_reached)
        self.table.all_wanted.connect(self.all_ticked)
        column.addWidget(self.table, 1)
        self.hint = PlainLabel("", role="text_2", wrap=True)
        self.hint.setContentsMargins(20, 8, 20, 10)
        column.addWidget(self.hint)

    def read(self, con: Connection, counts: dict[str, Count]) -> None:
        """Read from this plan until `rest`."""
        self._con, self.counts = con, counts

    def rest(self) -> None:
        """Read nothing: another thread works with the plan's connection."""
        self._con = None
        self.save.hide()
        self.rows.show((), lambda after, limit: [])

    def _plan(self) -> Connection:
        assert self._con is not None
        return self._con

    def tab_counts(self) -> dict[str, int]:
        """How many entries each tab has."""
        total = {name: sum(getattr(count, name) for count in self.counts.values()) for name in ("new", "unchanged")}
        total["changed"] = preview_changes.changed_records(self._plan())
        for level in ("refused", "warned"):
            total[level] = plan.count_reasons(self._plan(), level=level)
        return total

    def _on_tab_picked(self, tab: str) -> None:
        if self._con is None:
            return
        empty(self._kinds)
        self.kind_bar.hide()
        self._offer_file(tab)
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
        listing = preview_lists.records(tab, self._kind)
        self.rows.show(listing.headings, self._fetcher(listing), styles=preview_lists.styles(listing))

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

    def _fetcher(self, listing: preview_lists.Listing) -> Fetch:
        con = self._plan()

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            rows = con.execute(listing.query, {"after": after, "limit": limit}).fetchall()
            return [(row[0], listing.shown(row, con), True) for row in rows]

        return fetch

    def _list_changes(self) -> None:
        con = self._plan()

        def fetch(after: int, limit: int) -> list[tuple[int, list[str], bool]]:
            rows = con.execute(preview_changes.CHANGES.query, {"after": after, "limit": limit}).fetchall()
            return [(row["id"], preview_changes.change_cells(row, con), bool(row["ticked"])) for row in rows]

        total, held, taken = preview_changes.changes(con)
        said = trn(
            "{n} field that you edited yourself, or that would go backward, is kept unless you tick it.",
            "{n} fields that you edited yourself, or that would go backward, are kept unless you tick them.",
            held,
        )
        self._say_hint(said if held else "")
        styles = {1: "quiet", 2: "old", 3: "arrow", 4: "new"}
        self.rows.show(preview_changes.CHANGES.headings, fetch, ticks=True, styles=styles, taken=(taken, total))

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
        (file, _), *others = preview_lists.REASONS.headings
        self.rows.show(
            ((file, _file_width([cells[0] for _, cells, _ in found])), *others),
            lambda after, limit: found[after : after + limit],
            styles={0: "file", 1: "quiet", 2: "quiet", 3: tone, 4: "told"},
        )

    def _offer_file(self, tab: str) -> None:
        self.save.setText(tr("Save the list as a file"))
        self.save.setVisible(tab == "refused" and plan.count_reasons(self._plan(), level=tab) > 0)

    def _on_reached(self, row: int) -> None:
        """The whole sentence of the reason that the keyboard is at."""
        if self.tabs.current in ("refused", "warned"):
            self._say_hint(f"{self.rows.text(row, 3)} {self.rows.text(row, 4)}".strip())

    def _say_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))


def _file_width(names: list[str]) -> int:
    """As wide as the longest name of a file, within reason."""
    metrics = theme().metrics("body")
    widest = max((metrics.horizontalAdvance(name) for name in set(names)), default=0)
    return max(_NARROWEST_FILE, min(widest + 16, _WIDEST_FILE))


def _reason_cells(one: plan.Reason) -> list[str]:
    row = "" if one.row is None else str(one.row)
    return [one.file, row, one.column, sentence(one.text, one.args), sentence(one.fix, one.args) if one.fix else ""]


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
