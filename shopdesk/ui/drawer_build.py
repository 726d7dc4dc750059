"""Turns the parts of a Record into widgets. Data only ever goes into plain labels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.core.words import tr
from shopdesk.ui import drawer_parts as parts
from shopdesk.ui import timeline
from shopdesk.ui.banner import NoteBox, Sign
from shopdesk.ui.history import entries_of
from shopdesk.ui.moments import Moments, Rail, box, of_entry, title_row
from shopdesk.ui.selection_bar import ActionButton
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import hline, styled, theme
from shopdesk.ui.thumb import Thumb
from shopdesk.ui.widgets import Avatar, Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QLayout

    from shopdesk.ui.actions import ActionTable
    from shopdesk.ui.columns import Kind
    from shopdesk.ui.desk import Desk
    from shopdesk.ui.history import Change
    from shopdesk.ui.pictures import Pictures

_SIDE = 14


class Builder(QObject):
    """Makes the body of a drawer. Signals: ``link_requested(page, what)``, ``undo_requested(step)``."""

    link_requested = Signal(str, object)
    undo_requested = Signal(int)

    def __init__(
        self,
        desk: Desk,
        actions: ActionTable,
        pictures: Pictures,
        words: Mapping[str, tuple[str, Kind]],
    ) -> None:
        super().__init__()
        self.desk = desk
        self._words = words
        self._actions = actions
        self._pictures = pictures
        self._makers: dict[type, Callable[[Any], QWidget | None]] = {
            parts.Deadline: self._deadline,
            parts.Note: self._note,
            parts.Lines: self._lines,
            parts.Facts: self._facts,
            parts.Person: self._person,
            parts.Text: self._text,
            parts.Link: self._link,
            parts.Buttons: self._buttons,
            parts.Timeline: self._timeline,
            parts.Custom: lambda part: part.widget,
        }

    def build(self, record: parts.Record) -> QWidget:
        """All parts under each other, then the history."""
        body = styled(QWidget(), "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 10, _SIDE, 14)
        column.setSpacing(10)
        for part in record.parts:
            made = self._make(part)
            if made is not None:
                column.addWidget(made)
        if record.history is not None:
            made = self._history(*record.history)
            if made is not None:
                column.addWidget(made)
        column.addStretch(1)
        return body

    def _make(self, part: parts.Part) -> QWidget | None:
        return None if isinstance(part, parts.Heading) else self._makers[type(part)](part)

    def _deadline(self, part: parts.Deadline) -> QWidget:
        whole, row = box(QHBoxLayout())
        row.setSpacing(10)
        row.addWidget(Sign(part.icon, part.tone or "accent", 20), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(part.title, role=part.tone or "text", strong=True, wrap=True))
        if part.sub:
            words.addWidget(PlainLabel(part.sub, "small", "text_2", wrap=True))
        row.addLayout(words, 1)
        if part.action:
            row.addWidget(self._button(part.action), 0, Qt.AlignmentFlag.AlignVCenter)
        return whole

    def _note(self, part: parts.Note) -> QWidget | None:
        return NoteBox(part.title, part.text, part.icon) if part.title or part.text else None

    def _lines(self, part: parts.Lines) -> QWidget:
        whole, column = box(QVBoxLayout())
        column.setSpacing(6)
        column.addLayout(title_row(part.title, part.fact))
        for line in part.lines:
            column.addLayout(self._line(line))
        column.addWidget(hline())
        return whole

    def _line(self, line: parts.Line) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if line.thumb is not None:
            row.addWidget(Thumb(self._pictures, line.thumb, theme().size("thumb_drawer")))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._linked(line.title, line.link, role="text", wrap=True))
        if line.sub:
            words.addWidget(PlainLabel(line.sub, "small", line.tone or "text_2", wrap=True))
        row.addLayout(words, 1)
        for text, width in ((line.quantity, 34), (line.amount, 66)):
            if text:
                label = PlainLabel(text)
                label.setMinimumWidth(width)
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                row.addWidget(label)
        return row

    def _facts(self, part: parts.Facts) -> QWidget | None:
        if not part.facts:
            return None
        whole, column = box(QVBoxLayout())
        column.setSpacing(4)
        if part.title:
            column.addLayout(title_row(part.title, ""))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        for number, fact in enumerate(part.facts):
            label = PlainLabel(fact.label, "small" if part.columns else "body", "text_2", strong=False)
            if fact.strong and not part.columns:
                label = PlainLabel(fact.label, strong=True)
            value = self._linked(fact.value, fact.link, strong=fact.strong or part.columns, role=fact.tone)
            if part.columns:
                grid.addWidget(label, 0, number)
                grid.addWidget(value, 1, number)
            else:
                value.setWordWrap(True)
                value.setAlignment(Qt.AlignmentFlag.AlignRight)
                grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(value, number, 1)
        for number in range(len(part.facts)) if part.columns else (1,):
            grid.setColumnStretch(number, 1)
        column.addLayout(grid)
        return whole

    def _person(self, part: parts.Person) -> QWidget:
        whole, column = box(QVBoxLayout())
        column.setSpacing(6)
        if part.title:
            column.addLayout(title_row(part.title, ""))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Avatar(part.name))
        words = QVBoxLayout()
        words.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._linked(part.name, part.link, strong=True, role="text"))
        head.addWidget(Tag(part.tag, part.tone))
        head.addStretch(1)
        words.addLayout(head)
        if part.sub:
            words.addWidget(PlainLabel(part.sub, "small", "text_2", wrap=True))
        row.addLayout(words, 1)
        if part.link is not None:
            row.addWidget(self._linked("→", part.link, role="text_2"))
        column.addLayout(row)
        return whole

    def _text(self, part: parts.Text) -> QWidget | None:
        if not part.text:
            return None
        whole, column = box(QVBoxLayout())
        column.setSpacing(4)
        if part.title:
            column.addLayout(title_row(part.title, ""))
        label = PlainLabel(part.text, "reading" if part.reading else "body", wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label)
        return whole

    def _link(self, part: parts.Link) -> QWidget:
        label = LinkLabel(part.label)
        if part.run is not None:
            label.clicked.connect(part.run)
        elif part.target is not None:
            label.clicked.connect(partial(self.link_requested.emit, *part.target))
        return label

    def _buttons(self, part: parts.Buttons) -> QWidget:
        whole, row = box(QHBoxLayout())
        row.setSpacing(6)
        for key in part.actions:
            row.addWidget(self._button(key))
        row.addStretch(1)
        return whole

    def _timeline(self, part: parts.Timeline) -> QWidget | None:
        found = [of_entry(entry) for entry in part.entries]
        if part.kind:
            found += timeline.moments(self.desk.shop.reader(), part.kind, part.record_id)
        if not found:
            return None
        delete = None if self.desk.read_only else part.delete
        made = Moments(part.title or tr("What happened"), found, chips=part.chips, delete=delete)
        made.link_requested.connect(self.link_requested)
        return made

    def _history(self, table: str, record_id: int) -> QWidget | None:
        changes = entries_of(self.desk.shop, table, record_id, self._words)
        if not changes:
            return None
        whole, column = box(QVBoxLayout())
        column.setSpacing(0)
        column.addLayout(title_row(tr("History"), ""))
        for number, change in enumerate(changes):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(Rail(first=number == 0, last=number == len(changes) - 1))
            row.addLayout(self._change(change), 1)
            column.addLayout(row)
        return whole

    def _change(self, change: Change) -> QLayout:
        words = QVBoxLayout()
        words.setContentsMargins(0, 1, 0, 8)
        words.setSpacing(0)
        words.addWidget(PlainLabel(change.text, wrap=True))
        for said in change.values:
            words.addWidget(PlainLabel(said, "small", "text_2", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(PlainLabel(change.when, "small", "text_3"))
        if change.can_undo:
            undo = LinkLabel(tr("Undo"), "small")
            undo.clicked.connect(partial(self.undo_requested.emit, change.step))
            foot.addWidget(undo)
        foot.addStretch(1)
        words.addLayout(foot)
        return words

    def _button(self, key: str) -> QWidget:
        button = ActionButton(self._actions, self._actions.find(key), "")
        button.setProperty("small", True)
        return button

    def _linked(
        self, text: str, link: parts.Target | None, *, strong: bool = False, role: str = "", wrap: bool = False
    ) -> PlainLabel:
        if link is None:
            return PlainLabel(text, role=role or "text", strong=strong, wrap=wrap)
        label = LinkLabel(text, role=role or "accent")
        label.set_scale("body", strong=strong)
        label.setWordWrap(wrap)
        label.clicked.connect(partial(self.link_requested.emit, *link))
        return label
