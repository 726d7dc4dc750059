"""Moments under each other in a drawer: what happened to a record, newest first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.core import clock, dates
from shopdesk.core.words import N_, language, tr
from shopdesk.ui import strokes
from shopdesk.ui.chips import ChipRow
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import hline, theme
from shopdesk.ui.timeline import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLayout

    from shopdesk.ui.drawer_parts import Entry

_MANY = 8
_FIRST = 15
"""So many are built at once; each is a few widgets, and a buyer may have hundreds."""
_TILE = 24
_FEATURES = {
    "orders": N_("Orders"),
    "reviews": N_("Reviews"),
    "inventory": N_("Inventory"),
    "customers": N_("Notes"),
}
_TONES = {"star": "warn", "reviews": "warn", "receipt": "accent", "orders": "accent"}


def box(layout: Any) -> tuple[QWidget, Any]:
    """A widget around a layout without margins."""
    whole = QWidget()
    whole.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    return whole, layout


def title_row(title: str, fact: str) -> QHBoxLayout:
    """A small heading, a fact at its right."""
    row = QHBoxLayout()
    row.addWidget(PlainLabel(title, "small", "text_2", strong=True))
    row.addStretch(1)
    if fact:
        row.addWidget(PlainLabel(fact, "small", "text_2"))
    return row


def of_entry(entry: Entry) -> Moment:
    """A page's own entry as a moment."""
    page, target = entry.link or ("", None)
    number = target if isinstance(target, int) else None
    return Moment(entry.at, entry.icon, entry.text, entry.sub, page, number, "")


class Rail(QWidget):
    """The dot and the line at the left of a moment."""

    def __init__(self, *, first: bool, last: bool) -> None:
        super().__init__()
        self._first, self._last = first, last
        self.setFixedWidth(14)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Filled for the newest."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("line_strong"), 1))
        if not self._last:
            painter.drawLine(7, 10 if self._first else 0, 7, self.height())
        elif not self._first:
            painter.drawLine(7, 0, 7, 10)
        painter.setPen(QPen(theme().colour("accent" if self._first else "control"), 1.5))
        painter.setBrush(theme().colour("accent" if self._first else "surface"))
        painter.drawEllipse(QRectF(3, 6, 8, 8))


class _Tile(QWidget):
    """A round tile with an icon."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(_TILE, _TILE)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The icon on its soft ground."""
        painter = QPainter(self)
        ground, ink = strokes.tag_roles(_TONES.get(self._name, "plain"))
        strokes.rounded(painter, QRectF(self.rect()), ground, _TILE / 2)
        draw_glyph(painter, QRectF(self.rect()), self._name, ink, 14)


class Moments(QWidget):
    """A list of moments; with chips it is a time line of several features, each moment with its icon.

    What `delete` is given for can be taken off it: lines with an id that lead to no page.

    Signals: ``link_requested(page, what)``.
    """

    link_requested = Signal(str, object)

    def __init__(
        self, title: str, moments: list[Moment], *, chips: bool, delete: Callable[[int], object] | None = None
    ) -> None:
        super().__init__()
        self._moments = moments
        self._chips = chips
        self._delete = delete
        self._feature = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(title_row(title, ""))
        if chips:
            self._column.addWidget(self._make_chips())
        self._list: QWidget | None = None
        self._fill(_FIRST)

    def _make_chips(self) -> ChipRow:
        names = list(dict.fromkeys(moment.feature for moment in self._moments if moment.feature))
        row = ChipRow()
        row.fill([("", tr("All"), ""), *((name, tr(_FEATURES.get(name, name)), "") for name in names)])
        row.set_counts({"": len(self._moments)})
        row.set_counts({name: sum(m.feature == name for m in self._moments) for name in names})
        row.offer_save(False)
        row.pick("")
        row.picked.connect(self._on_picked)
        return row

    def _on_picked(self, feature: str) -> None:
        self._feature = feature
        self._fill(_FIRST)

    def _fill(self, most: int) -> None:
        if self._list is not None:
            self._column.removeWidget(self._list)
            self._list.deleteLater()
        self._list, column = box(QVBoxLayout())
        column.setSpacing(0)
        of_feature = [m for m in self._moments if not self._feature or m.feature == self._feature]
        shown = of_feature[:most]
        month = ""
        for number, moment in enumerate(shown):
            if moment.at and len(of_feature) > _MANY and moment.at[:7] != month:
                month = moment.at[:7]
                self._add_month(column, month)
            first, last = number == 0, number == len(shown) - 1
            column.addLayout(self._tile_row(moment) if self._chips else self._dot_row(moment, first, last))
        if len(of_feature) > len(shown):
            more = LinkLabel(tr("Show all {n}", n=len(of_feature)))
            more.clicked.connect(partial(self._fill, len(of_feature)))
            column.addWidget(more)
        self._column.addWidget(self._list)

    def _add_month(self, column: QVBoxLayout, month: str) -> None:
        column.addWidget(PlainLabel(month_name(month), "small", "text_2"))
        column.addSpacing(3)
        column.addWidget(hline())
        column.addSpacing(5)

    def _dot_row(self, moment: Moment, first: bool, last: bool) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Rail(first=first, last=last))
        words = QVBoxLayout()
        words.setContentsMargins(0, 1, 0, 8)
        words.setSpacing(0)
        words.addWidget(self._title(moment))
        sub = " · ".join(part for part in (_when(moment.at), moment.detail) if part)
        if sub:
            words.addWidget(PlainLabel(sub, "small", "text_2", wrap=True))
        row.addLayout(words, 1)
        return row

    def _tile_row(self, moment: Moment) -> QLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(9)
        row.addWidget(_Tile(moment.icon or "note"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title(moment), 1)
        if self._delete is not None and moment.target is not None and not moment.page:
            delete = LinkLabel(tr("Delete"), "small")
            delete.clicked.connect(partial(self._delete, moment.target))
            head.addWidget(delete, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(PlainLabel(_when(moment.at), "small", "text_2"), 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(head)
        if moment.detail:
            words.addWidget(PlainLabel(moment.detail, "small", "text_2", wrap=True))
        row.addLayout(words, 1)
        return row

    def _title(self, moment: Moment) -> PlainLabel:
        if not moment.page or moment.target is None:
            return PlainLabel(moment.text, wrap=True)
        title = LinkLabel(moment.text, role="text" if self._chips else "accent")
        title.setWordWrap(True)
        title.clicked.connect(partial(self.link_requested.emit, moment.page, moment.target))
        return title


def month_name(month: str) -> str:
    """YYYY-MM for people: November, 11月; with the year when it is another one."""
    first = dates.moment_of(f"{month}-01")
    if first is None:
        return month
    year, number = first.year, first.month
    this_year = year == clock.today().year
    if language() == "zh_CN":
        return f"{number}月" if this_year else f"{year}年{number}月"
    name = QLocale(QLocale.Language.English).standaloneMonthName(number)
    return name if this_year else f"{name} {year}"


def _when(at: str) -> str:
    if not at:
        return ""
    return dates.show_time(at) if len(at) > 10 else dates.show_day(at)
