"""The list of the inbox: rows of three lines without a header, the current one marked at its left edge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from shopdesk.core.channels import platform_name
from shopdesk.core.words import tr
from shopdesk.reviews import spoken
from shopdesk.reviews.model import Limits, State, tone_of_wait
from shopdesk.ui.columns import Cell, Row
from shopdesk.ui.delegate import SIDE, Painter
from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

WIDE = 391
_INDENT = 20 - SIDE


class InboxPainter(Painter):
    """Paints the one column of the inbox."""

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The kit's cell, moved in from the edge that says which row is the current one."""
        whole = QRect(option.rect)
        option.rect = whole.adjusted(_INDENT, 0, 0, 0)
        super().paint(painter, option, index)
        edge = QRect(whole.left(), whole.top(), _INDENT, whole.height())
        painter.fillRect(edge, self.ground)
        painter.fillRect(edge.left(), edge.bottom(), edge.width(), 1, self._line)
        if self._current:
            painter.fillRect(edge.left(), edge.top(), 3, edge.height() - 1, theme().colour("accent"))


def review_cell(row: Row) -> Cell:
    """Stars, text, buyer and item; at the right for how long it waits, or what became of it."""
    mark, tone, icon = _mark(row)
    words = row["body"] or row["title"] or tr("Stars without words")
    who = " · ".join(part for part in (row["buyer"], row["item"]) if part)
    return Cell(
        stars=row["stars"],
        thumb=row["thumb"],
        lines=(" ".join(words.split()), " ".join((who or platform_name(row["platform"])).split())),
        mark=mark,
        mark_tone=tone,
        mark_icon=icon,
    )


def _mark(row: Row) -> tuple[str, str, str]:
    state = State(row["state"])
    if state is State.OPEN:
        minutes = spoken.waited(row["written_at"])
        tone = tone_of_wait(row["stars"], minutes, Limits(row["hours"], row["bad_stars"]))
        return tr("waits {span}", span=spoken.span(minutes)), tone, "clock"
    if state is State.ANSWERED:
        when = spoken.moment(row["replied_at"]) if row["replied_at"] else ""
        return tr("answered {time}", time=when).strip(), "text_2", "check"
    return tr(state.title), "text_2", state.icon


def review_text(row: Row) -> object:
    """The whole text, for an export."""
    return "\n".join(part for part in (row["title"], row["body"]) if part)
