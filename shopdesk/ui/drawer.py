"""The drawer at the right of a page: one record, or a form; over the table when the window is narrow."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from shopdesk.core.words import N_, tr
from shopdesk.ui.drawer_build import Builder
from shopdesk.ui.drawer_parts import (
    Buttons,
    Custom,
    Deadline,
    Entry,
    Fact,
    Facts,
    Heading,
    Line,
    Lines,
    Link,
    Note,
    Person,
    Record,
    Text,
    Timeline,
)
from shopdesk.ui.form import Form
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel, plain_tip
from shopdesk.ui.theme import hline, styled, theme
from shopdesk.ui.widgets import Tag

__all__ = [
    "Buttons",
    "Custom",
    "Deadline",
    "Drawer",
    "Entry",
    "Fact",
    "Facts",
    "Heading",
    "Line",
    "Lines",
    "Link",
    "Note",
    "Person",
    "Record",
    "Text",
    "Timeline",
]

_TIPS = {
    "previous": N_("Previous (Alt+←)"),
    "next": N_("Next (Alt+→)"),
    "close": N_("Close (Esc)"),
}


class _Title(PlainLabel):
    """The heading; a long number is written smaller before it is cut."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the step of the type scale that fits."""
        super().resizeEvent(event)
        self._fit()

    def setText(self, text: str) -> None:
        """Show the words; all of them stand in the tip."""
        super().setText(text)
        plain_tip(self, text)
        self._fit()

    def _fit(self) -> None:
        wide = theme().metrics("body", True).horizontalAdvance(self.text()) > self.width()
        self.set_scale("small" if wide else "body", strong=True)


class Drawer(QFrame):
    """Shows a Record or a Form.

    Signals: ``closed``, ``form_closed`` when a form gave way, ``step_requested(int)`` for the previous (-1)
    or next (1) record, ``link_requested(page, what)``, ``undo_requested(step)``.
    """

    closed = Signal()
    form_closed = Signal()
    step_requested = Signal(int)
    link_requested = Signal(str, object)
    undo_requested = Signal(int)

    def __init__(self, builder: Builder) -> None:
        super().__init__()
        styled(self, "drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._builder = builder
        builder.setParent(self)
        builder.link_requested.connect(self.link_requested)
        builder.undo_requested.connect(self.undo_requested)
        self._title = _Title("", "body", strong=True, elide=True)
        self._tag = Tag()
        self._buttons = {name: self._make_button(name) for name in ("previous", "next", "close")}
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._area)
        self._foot: QWidget | None = None
        self._form: Form | None = None
        self._draft: Form | None = None
        self._lay_out()
        self.hide()

    @property
    def form(self) -> Form | None:
        """The form that is open."""
        return self._form

    @property
    def title(self) -> str:
        """The heading."""
        return self._title.text()

    def show_record(self, record: Record) -> None:
        """Show a record; a form that was open gives way, what was typed stays as a draft."""
        if self._form is not None:
            self._put_form_away()
        place = self._area.verticalScrollBar().value()
        heading = next((part for part in record.parts if isinstance(part, Heading)), Heading(""))
        self._title.setText(heading.title)
        self._tag.say(heading.tag, heading.tone)
        self._step_buttons(visible=record.steps)
        self._area.setWidget(self._builder.build(record))
        self._area.verticalScrollBar().setValue(place)
        self._pages.setCurrentWidget(self._area)
        self._show_foot(record.foot)
        self.show()

    def show_form(self, form: Form) -> None:
        """Show a form and give it the keyboard."""
        if self._form is not None:
            self._put_form_away()
        if self._draft is not None and self._draft is not form:
            self._draft.deleteLater()
        self._draft = None
        self._form = form
        self._show_foot(None)
        self._title.setText(form.title)
        self._tag.say("")
        self._step_buttons(visible=False)
        self._pages.addWidget(form)
        self._pages.setCurrentWidget(form)
        form.closed.connect(self.close_form)
        form.saved.connect(self._on_form_saved)
        self.show()
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Put the form away; what was typed stays as a draft that the message leads back to."""
        if self._form is not None:
            self._put_form_away()
            self.form_closed.emit()

    def _on_form_saved(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            self._take_out(form)
            form.deleteLater()
            self.form_closed.emit()

    def _put_form_away(self) -> None:
        form, self._form = self._form, None
        assert form is not None
        self._take_out(form)
        if not form.touched():
            form.deleteLater()
            return
        self._draft = form
        form.setParent(self)
        form.hide()
        self._builder.desk.messages.warning(
            tr("“{title}” is not saved yet.", title=form.title), link=(tr("Go on"), self._go_on)
        )

    def _go_on(self) -> None:
        if self._draft is not None:
            self.show_form(self._draft)

    def _take_out(self, form: Form) -> None:
        self._pages.setCurrentWidget(self._area)
        self._pages.removeWidget(form)
        form.closed.disconnect(self.close_form)
        form.saved.disconnect(self._on_form_saved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        for name, button in self._buttons.items():
            plain_tip(button, tr(_TIPS[name]))
            button.setAccessibleName(tr(_TIPS[name]))

    def _show_foot(self, foot: QWidget | None) -> None:
        old, self._foot = self._foot, foot
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        if foot is not None:
            self._column.addWidget(foot)

    def _step_buttons(self, *, visible: bool) -> None:
        for name in ("previous", "next"):
            self._buttons[name].setVisible(visible)

    def _make_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "icon")
        button.setIcon(icon(name, "text_2"))
        button.setFixedWidth(28)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        clicked = {"previous": partial(self.step_requested.emit, -1), "next": partial(self.step_requested.emit, 1)}
        button.clicked.connect(clicked.get(name, self.closed.emit))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 6, 0)
        head.setSpacing(2)
        self._title.setMinimumHeight(45)
        head.addWidget(self._title, 1)
        head.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in self._buttons.values():
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hline())
        column.addWidget(self._pages, 1)
        self.retranslate()
