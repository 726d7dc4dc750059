"""The right column of the day: is the time enough, and what came in so far."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopdesk.board.figures import Sales, SoFar, change
from shopdesk.board.model import Board
from shopdesk.core import dates, money
from shopdesk.core.words import N_, tr
from shopdesk.ui import strokes
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import hline, styled, theme

_SMALL_CHANGE = 0.005
_MOST_CHANGE = 9.99


class LoadBar(QWidget):
    """Minutes of work against the minutes left."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(8)

    def show_share(self, share: float) -> None:
        """0 to 1; more than 1 is too much."""
        self._share = share
        self.setAccessibleName(f"{share:.0%}")
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track and its filled part."""
        painter = QPainter(self)
        role = "bad" if self._share > 1 else "accent"
        strokes.rounded(painter, QRectF(0, 1, self.width(), 6), "line", 3)
        filled = QRectF(0, 1, self.width() * min(1.0, self._share), 6)
        if filled.width() > 0:
            strokes.rounded(painter, filled, role, 3)


class _LoadRow(QWidget):
    """One limit: its name, the work and the time left, and a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._name = PlainLabel("", "small", "text_2")
        self._work = PlainLabel("", "small", strong=True)
        self._left = PlainLabel("", "small", "text_2")
        self._bar = LoadBar()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._name, 1)
        row.addWidget(self._work)
        row.addWidget(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self._bar)

    def say(self, name: str, work: int, left: int) -> None:
        """Show the minutes."""
        self._name.setText(name)
        self._work.setText(dates.show_span(work))
        self._left.setText(f"/ {dates.show_span(left)}" if left > 0 else tr("/ no time left"))
        self._bar.show_share(work / left if left > 0 else (2.0 if work else 0.0))


class HourLine(QWidget):
    """Today as it grows hour by hour, the same weekday last week dotted behind it."""

    def __init__(self) -> None:
        super().__init__()
        self._now: list[int] = []
        self._before: list[int] = []
        self.setFixedSize(72, 30)

    def show_hours(self, now: list[int], before: list[int]) -> None:
        """Two runs of hours; the dashed one is as long as the day."""
        self._now, self._before = now, before
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both lines on one scale, the area and the end dot of today."""
        top = max([*self._now, *self._before, 0])
        if not top:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 4, -4, -4)
        last = max(len(self._now), len(self._before), 2) - 1
        colours = theme()
        before = QPen(colours.colour("text_3"), 1, Qt.PenStyle.DotLine)
        painter.setPen(before)
        painter.drawPolyline(QPolygonF(_points(box, self._before, last, top)))
        line = _points(box, self._now, last, top)
        if not line:
            return
        area = QColor(colours.colour("c1_cobalt"))
        area.setAlphaF(0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(area)
        painter.drawPolygon(QPolygonF([*line, QPointF(line[-1].x(), box.bottom()), QPointF(line[0].x(), box.bottom())]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.colour("c1_cobalt"), 1.3))
        painter.drawPolyline(QPolygonF(line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("c1_cobalt"))
        painter.drawEllipse(line[-1], 2, 2)


def _points(box: QRectF, values: list[int], last: int, top: int) -> list[QPointF]:
    step = box.width() / last
    tall = box.height() / top
    return [QPointF(box.left() + at * step, box.bottom() - value * tall) for at, value in enumerate(values)]


FIGURES: tuple[tuple[str, Callable[[Sales], int]], ...] = (
    (N_("Sales"), lambda sales: sales.paid),
    (N_("Orders"), lambda sales: sales.orders),
    (N_("Basket"), lambda sales: sales.basket),
    (N_("Units"), lambda sales: sales.units),
)
_MONEY = frozenset({"Sales", "Basket"})


class SideColumn(QWidget):
    """What stands beside the list. Signal: ``rules_clicked``."""

    rules_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        styled(self, "page")
        self.setFixedWidth(theme().size("today_right"))
        self._enough = PlainLabel("", "small", strong=True)
        self._spare = PlainLabel("", "small", strong=True)
        self._spare.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._cutoff = _LoadRow()
        self._whole = _LoadRow()
        self._so_far = PlainLabel("", "small", strong=True)
        self._versus = PlainLabel("", "small", "text_2")
        self._versus.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._rows = [
            (PlainLabel("", "small", "text_2"), PlainLabel("", strong=True), PlainLabel("", "small"), HourLine())
            for _ in FIGURES
        ]
        self._rules = LinkLabel("", "small")
        self._rules.clicked.connect(self.rules_clicked)
        self._lay_out()

    def show_load(self, board: Board) -> None:
        """Is the time enough?"""
        load = board.load()
        self._enough.setText(tr("Enough time?"))
        self._rules.setText(tr("Rules and routines"))
        span = dates.show_span(load.spare)
        self._spare.setText(tr("{time} to spare", time=span) if load.spare >= 0 else tr("{time} short", time=span))
        self._spare.set_role("good" if load.spare >= 0 else "bad")
        self._cutoff.say(tr("Before cut-off"), load.before_cutoff, load.left_to_cutoff)
        self._whole.say(tr("Until {time}", time=f"{board.day_end:%H:%M}"), load.all_day, load.left_all_day)

    def show_figures(self, board: Board, figures: SoFar) -> None:
        """What came in so far."""
        self._so_far.setText(tr("So far today"))
        self._versus.setText(tr("vs last {weekday}, same time", weekday=dates.weekday_name(board.day)))
        for (title, of), (label, value, delta, hours) in zip(FIGURES, self._rows, strict=True):
            now, before = of(figures.today), of(figures.before)
            label.setText(tr(title))
            said = money.show(now, figures.currency, minor_digits=False) if title in _MONEY else f"{now:,}"
            value.setText("—" if title == "Basket" and not now else said)
            said, role = change_words(change(now, before))
            delta.setText(said)
            delta.set_role(role)
            runs = (figures.hours, figures.hours_before)
            hours.show_hours(*([of(one) for one in run[figures.first_hour :]] for run in runs))
            hours.setAccessibleName(f"{tr(title)} {value.text()} {said}")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addLayout(_head(self._enough, self._spare))
        column.addWidget(self._cutoff)
        column.addWidget(self._whole)
        column.addSpacing(6)
        column.addWidget(hline())
        column.addSpacing(6)
        column.addLayout(_head(self._so_far, self._versus))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for at, (label, value, delta, hours) in enumerate(self._rows):
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            delta.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            delta.setMinimumWidth(44)
            for place, widget in enumerate((label, value, delta, hours)):
                grid.addWidget(widget, at, place)
        column.addLayout(grid)
        column.addStretch(1)
        column.addWidget(self._rules, 0, Qt.AlignmentFlag.AlignLeft)


def _head(left: PlainLabel, right: PlainLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    left.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    row.addWidget(left, 1)
    row.addWidget(right)
    return row


def change_words(share: float | None) -> tuple[str, str]:
    """A change as words and its colour role: ("+6%", "good"), ("±0", "text_2"), ("—", "text_3")."""
    if share is None:
        return "—", "text_3"
    if abs(share) < _SMALL_CHANGE:
        return "±0", "text_2"
    if share > _MOST_CHANGE:
        return "×10", "good"
    sign = "+" if share > 0 else "−"
    return f"{sign}{abs(share):.0%}", "good" if share > 0 else "bad"
