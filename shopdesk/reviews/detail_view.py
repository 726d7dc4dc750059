"""The right half of the Reviews page: one review, what it is about, its cause, and the answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from shopdesk.core.errors import Busy, ShopError
from shopdesk.core.words import N_, tr
from shopdesk.reviews import store, verbs
from shopdesk.reviews.about_view import About
from shopdesk.reviews.model import MOST_REPLY, Review, State
from shopdesk.reviews.parts_view import Causes, Dimensions
from shopdesk.ui.background import warm_readings
from shopdesk.ui.icons import icon
from shopdesk.ui.selection_bar import ActionButton
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.ui.page import TablePage

_SIDE = 22
_DRAFT_AFTER_MS = 700
_STATE_WORDS = {
    State.APPEALED: N_("Mark as appealed"),
    State.LEFT: N_("Leave as it is"),
    State.OPEN: N_("Let it wait again"),
}


class ReviewDetail(QScrollArea):
    """Shows a review and keeps the answer that is being typed.

    Signals: ``open_requested(page, what)``, ``cause_picked(cause)``, ``state_picked(State)``,
    ``undo_requested(step)``, ``left`` for Esc in the answer.
    """

    open_requested = Signal(str, object)
    cause_picked = Signal(str)
    state_picked = Signal(object)
    left = Signal()
    undo_requested = Signal(int)

    def __init__(self, page: TablePage) -> None:
        super().__init__()
        self._page = page
        self._review: Review | None = None
        self._stored = ""
        self.states = {state: self._state_button(state) for state in (State.APPEALED, State.LEFT, State.OPEN)}
        self._about = About(page)
        self._about.open_requested.connect(self.open_requested)
        self._about.undo_requested.connect(self.undo_requested)
        self.causes = Causes()
        self.causes.picked.connect(self.cause_picked)
        self.reply = QPlainTextEdit()
        self.reply.setTabChangesFocus(True)
        self.reply.setMinimumHeight(92)
        self.reply.setMaximumHeight(112)
        self.reply.textChanged.connect(self._on_reply_changed)
        self._counter = PlainLabel("", "small", "text_3")
        self._answer_title = PlainLabel("", strong=True, role="text_2")
        self._drafting = QTimer(self)
        self._drafting.setSingleShot(True)
        self._drafting.setInterval(_DRAFT_AFTER_MS)
        self._drafting.timeout.connect(self.keep_draft)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self.retranslate()
        self._hold_still(page.desk.read_only)
        self._show(None)

    @property
    def review(self) -> Review | None:
        """The review on screen."""
        return self._review

    def reply_text(self) -> str:
        """The answer exactly as it was typed."""
        return self.reply.document().toRawText().replace("\u2029", "\n")

    def show_record(self, record_id: int) -> None:
        """Show a review. What is being typed stays when it is the one on screen already."""
        self._show(record_id)

    def clear(self) -> None:
        """Show nothing."""
        self._show(None)

    def _show(self, review_id: int | None) -> None:
        con = self._shop.reader()
        found = store.review(con, review_id) if review_id is not None else None
        before = self._review
        if before is not None and (found is None or found.id != before.id):
            self.keep_draft()
        self._review = found
        self._whole.setVisible(found is not None)
        if found is None:
            self._stored = ""
            return
        limits = store.limits(con)
        self._fill(self._head_place, self._about.head(found, limits))
        self._fill(self._dimension_place, Dimensions.of(found, limits.bad_stars))
        self._fill(self._link_place, self._about.cards(found))
        self._fill(self._foot_place, self._about.foot(found))
        self.causes.show_cause(found.cause)
        for state, button in self.states.items():
            button.setVisible((state is State.OPEN) is not (found.state is State.OPEN))
        self._show_reply(store.draft(con, found), same=before is not None and before.id == found.id)
        self._page.action_table.refresh()

    def keep_draft(self) -> None:
        """Remember the answer as far as it is typed."""
        self._drafting.stop()
        found = self._review
        text = self.reply_text()
        if found is None or text == self._stored or self._shop.read_only:
            return
        try:
            verbs.keep_draft(self._shop, review_id=found.id, text=text, over=found.reply)
        except Busy:
            self._drafting.start()
        except ShopError as error:
            self._page.messages.error(error)
        else:
            self._stored = text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the answer; what was typed is kept."""
        if event.key() == Qt.Key.Key_Escape and self.reply.hasFocus():
            self.keep_draft()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing typed is lost with the page."""
        super().hideEvent(event)
        self.keep_draft()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self._answer_title.setText(tr("Answer"))
        self.reply.setAccessibleName(tr("Answer"))
        hint = "" if self._page.desk.read_only else tr("Write the answer here, then paste it on the platform.")
        self.reply.setPlaceholderText(hint)
        self.causes.retranslate()
        for state, button in self.states.items():
            button.setText(tr(_STATE_WORDS[state]))
        if self._review is not None:
            self._show(self._review.id)

    # inside

    @property
    def _shop(self) -> Shop:
        return self._page.shop

    def _hold_still(self, read_only: bool) -> None:
        """In a shop that is open for reading only there is nothing to pick or to type."""
        self.causes.setEnabled(not read_only)
        self.reply.setReadOnly(read_only)
        for button in self.states.values():
            button.setEnabled(not read_only)

    def _show_reply(self, text: str, *, same: bool) -> None:
        typed = self.reply_text()
        if not same or (typed == self._stored and typed != text):
            self.reply.blockSignals(True)
            self.reply.setPlainText(text)
            self.reply.blockSignals(False)
            self._stored = text
        self._count()

    def _on_reply_changed(self) -> None:
        warm_readings()
        self._count()
        self._drafting.start()
        self._page.action_table.refresh()

    def _count(self) -> None:
        length = len(self.reply_text())
        self._counter.setText(f"{length} / {MOST_REPLY}")
        self._counter.set_role("warn" if length > MOST_REPLY else "text_3")

    @staticmethod
    def _fill(place: QVBoxLayout, widget: QWidget | None) -> None:
        while (item := place.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if widget is not None:
            place.addWidget(widget)

    def _lay_out(self) -> None:
        body = styled(QWidget(), "surface")
        outer = QVBoxLayout(body)
        outer.setContentsMargins(0, 0, 0, 0)
        self._whole = QWidget()
        outer.addWidget(self._whole)
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(_SIDE, 14, _SIDE, 16)
        column.setSpacing(12)
        self._head_place, self._dimension_place, self._link_place, self._foot_place = (_bare() for _ in range(4))
        column.addLayout(self._head_place)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addLayout(self._dimension_place)
        middle.addWidget(self.causes, 1)
        column.addLayout(middle)
        column.addLayout(self._link_place)
        column.addWidget(self._answer_title)
        column.addWidget(self.reply)
        column.addLayout(self._buttons())
        column.addLayout(self._foot_place)
        column.addStretch(1)
        self.setWidget(body)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self.states.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._counter)
        for key in ("reviews.answer", "reviews.copy"):
            action = ActionButton(self._page.action_table, self._page.action_table.find(key), "")
            action.setProperty("small", True)
            row.addWidget(action)
        return row

    def _state_button(self, state: State) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "plain")
        button.setProperty("small", True)
        button.setIcon(icon(state.icon, "text_2"))
        button.clicked.connect(partial(self.state_picked.emit, state))
        return button


def _bare() -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    return layout
