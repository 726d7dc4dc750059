"""What a pasted list of tracking numbers would do, row by row, before it is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopdesk.core.words import trn
from shopdesk.orders.matching import summary
from shopdesk.orders.pasting import WRITTEN, Match
from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import theme

_MOST = 300
_ROW = 38


class _Rows(QWidget):
    """The rows painted: number and tracking number, under them what will be done."""

    def __init__(self) -> None:
        super().__init__()
        self._matches: Sequence[Match] = ()

    def say(self, matches: Sequence[Match]) -> None:
        """Show these rows."""
        self._matches = matches
        self.setFixedHeight(_ROW * len(matches))
        self.setAccessibleName("\n".join(_spoken(match) for match in matches))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Those in sight."""
        painter = QPainter(self)
        colours = theme()
        first = event.rect().top() // _ROW
        for at in range(first, min(len(self._matches), event.rect().bottom() // _ROW + 1)):
            match, top = self._matches[at], at * _ROW
            written = match.verdict in WRITTEN
            sign = QRectF(0, top + 4, 14, 14)
            draw_glyph(painter, sign, "tick" if written else "warning", match.verdict.tone, 13)
            width = self.width() - 22
            self._line(painter, colours.font("body"), "text", QRectF(20, top + 2, width, 18), _pair(match))
            self._line(
                painter, colours.font("small"), match.verdict.tone, QRectF(20, top + 19, width, 16),
                match.verdict.label(),
            )  # fmt: skip

    def _line(self, painter: QPainter, font: object, role: str, rect: QRectF, text: str) -> None:
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(theme().colour(role))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(rect.width()))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def _pair(match: Match) -> str:
    return f"{match.row.number}  {match.row.tracking}".strip()


def _spoken(match: Match) -> str:
    return f"{_pair(match)}: {match.verdict.label()}"


class PastePreview(QWidget):
    """The summary and the rows, what is not written first."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = PlainLabel("", strong=True, wrap=True)
        self._rows = _Rows()
        self._more = PlainLabel("", "small", "text_3")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        for widget in (self.summary, self._rows, self._more):
            column.addWidget(widget)
        self.say([])

    def say(self, matches: Sequence[Match]) -> None:
        """Show what these matches would do."""
        ordered = sorted(matches, key=lambda match: (match.verdict in WRITTEN, match.row.row))
        self.summary.setText(summary(matches))
        self._rows.say(ordered[:_MOST])
        left = len(ordered) - _MOST
        self._more.setText(trn("and {n} more row", "and {n} more rows", left) if left > 0 else "")

    def rows(self) -> list[str]:
        """The rows in words, as a screen reader says them."""
        return self._rows.accessibleName().splitlines()
