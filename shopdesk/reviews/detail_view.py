"""The right half of the Reviews page: one review, what it is about, its cause, and the answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from shopdesk.core import dates, money
from shopdesk.core.words import tr, trn
from shopdesk.orders.model import Status
from shopdesk.reviews import spoken, store
from shopdesk.reviews.model import MOST_REPLY, Limits, Review, State, tone_of_wait
from shopdesk.reviews.parts_view import Card, Causes, Dimensions
from shopdesk.ui.banner import Sign
from shopdesk.ui.drawer_build import Builder, Thumb
from shopdesk.ui.drawer_parts import Record
from shopdesk.ui.form import Form
from shopdesk.ui.selection_bar import ActionButton
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import hline, styled, theme
from shopdesk.ui.widgets import Stars, Tag

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.ui.page import TablePage

_SIDE = 22
_DRAFT_AFTER_MS = 700
_LONGEST = 40


class ReviewDetail(QScrollArea):
    """Shows a review and keeps the answer that is being typed.

    Signals: ``open_requested(page, what)``, ``cause_picked(cause)``, ``undo_requested(step)``.
    """

    open_requested = Signal(str, object)
    cause_picked = Signal(str)
    undo_requested = Signal(int)

    def __init__(self, page: TablePage) -> None:
        super().__init__()
        self._page = page
        self._review: Review | None = None
        self._stored = ""
        self._heads: list[QWidget] = []
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
        self._fill(self._head_place, self._head(found, limits))
        self._fill(self._dimension_place, Dimensions.of(found, limits.bad_stars))
        self._fill(self._link_place, self._cards(found))
        self._fill(self._foot_place, self._foot(found))
        self.causes.show_cause(found.cause)
        self._show_reply(store.draft(con, found), same=before is not None and before.id == found.id)
        self._page.action_table.refresh()

    def keep_draft(self) -> None:
        """Remember the answer as far as it is typed."""
        self._drafting.stop()
        found = self._review
        text = self.reply_text()
        if found is not None and text != self._stored and not self._shop.read_only:
            store.keep_draft(self._shop, review_id=found.id, text=text, over=found.reply)
            self._stored = text

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self._answer_title.setText(tr("Answer"))
        self.reply.setAccessibleName(tr("Answer"))
        self.reply.setPlaceholderText(tr("Write the answer here, then paste it on the platform."))
        self.causes.retranslate()
        if self._review is not None:
            self._show(self._review.id)

    # inside

    @property
    def _shop(self) -> Shop:
        return self._page.shop

    def _show_reply(self, text: str, *, same: bool) -> None:
        typed = self.reply_text()
        if not same or (typed == self._stored and typed != text):
            self.reply.blockSignals(True)
            self.reply.setPlainText(text)
            self.reply.blockSignals(False)
            self._stored = text
        self._count()

    def _on_reply_changed(self) -> None:
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
        row.addStretch(1)
        row.addWidget(self._counter)
        for key in ("reviews.answer", "reviews.copy"):
            button = ActionButton(self._page.action_table, self._page.action_table.find(key), "")
            button.setProperty("small", True)
            row.addWidget(button)
        return row

    def _head(self, found: Review, limits: Limits) -> QWidget:
        whole, column = _box()
        column.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(12)
        sku = store.linked_sku(self._shop.reader(), found.sku_id)
        row.addWidget(Thumb(self._page.pictures, sku.picture if sku else "", 48), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._names(found), 1)
        row.addWidget(_clock(found, limits), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        if found.title:
            column.addWidget(_reading(found.title, strong=True))
        column.addWidget(_reading(found.body) if found.body else PlainLabel(tr("Stars without words"), role="text_3"))
        return whole

    def _names(self, found: Review) -> QVBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(Stars(found.stars))
        first.addWidget(PlainLabel(_short(found.item), strong=True))
        first.addWidget(Tag(found.channel))
        first.addStretch(1)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self._buyer(found))
        second.addWidget(PlainLabel(self._what_is_known(found), "body", "text_2"), 1)
        names.addLayout(first)
        names.addLayout(second)
        return names

    def _buyer(self, found: Review) -> PlainLabel:
        shown = _short(found.buyer) or tr("Buyer not named")
        if found.customer_id is None:
            return PlainLabel(shown, role="text_2")
        link = LinkLabel(shown)
        link.clicked.connect(partial(self.open_requested.emit, "customers", found.customer_id))
        return link

    def _what_is_known(self, found: Review) -> str:
        orders = store.orders_of(self._shop.reader(), found.customer_id)
        bought = trn("{n} order", "{n} orders", orders) if orders else ""
        written = tr("written {time}", time=spoken.moment_and_time(found.written_at))
        return "· " + " · ".join(part for part in (bought, written) if part)

    def _cards(self, found: Review) -> QWidget:
        whole, column = _box()
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("What it is about"), role="text_2", strong=True), 1)
        link = LinkLabel(tr("Link to an order or product") if found.order_id is None else tr("Change"))
        link.clicked.connect(partial(self._page.action_table.trigger, "reviews.link"))
        head.addWidget(link)
        column.addLayout(head)
        cards = [card for card in (self._order_card(found), self._sku_card(found)) if card is not None]
        if cards:
            row = QHBoxLayout()
            row.setSpacing(12)
            for card in cards:
                row.addWidget(card, 1)
            if len(cards) == 1:
                row.addStretch(1)
            column.addLayout(row)
        return whole

    def _order_card(self, found: Review) -> Card | None:
        order = store.linked_order(self._shop.reader(), found.order_id)
        if order is None:
            return None
        paid = tr("paid {day}", day=dates.show_day(order.paid_at)) if order.paid_at else ""
        amount = money.show(order.paid, order.currency)
        status = Status.named(order.status).label()
        sub = " · ".join(part for part in (paid, amount, status) if part)
        return self._card("orders", tr("Order"), order.number, sub, ("orders", order.id))

    def _sku_card(self, found: Review) -> Card | None:
        sku = store.linked_sku(self._shop.reader(), found.sku_id)
        if sku is None:
            return None
        stock = tr("{n} on hand", n=sku.on_hand) if sku.on_hand is not None else ""
        sub = " · ".join(part for part in (sku.options, sku.code, stock) if part)
        return self._card("inventory", tr("Product"), sku.name, sub, ("inventory", sku.id))

    def _card(self, icon: str, kind: str, title: str, sub: str, target: tuple[str, object]) -> Card:
        card = Card(icon, kind, title, sub)
        card.clicked.connect(partial(self.open_requested.emit, *target))
        return card

    def _foot(self, found: Review) -> QWidget:
        whole, column = _box()
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Your note"), role="text_2", strong=True), 1)
        link = LinkLabel(tr("Write a note") if not found.note else tr("Change"))
        link.clicked.connect(partial(self._page.action_table.trigger, "reviews.note"))
        head.addWidget(link)
        column.addLayout(head)
        if found.note:
            column.addWidget(_note(found.note))
        page = self._page
        builder = Builder(page.desk, page.action_table, page.pictures, page.words_of_columns())
        builder.undo_requested.connect(self.undo_requested)
        history = builder.build(Record(history=("reviews", found.id)))
        builder.setParent(history)
        layout = history.layout()
        assert layout is not None
        layout.setContentsMargins(0, 4, 0, 0)
        column.addWidget(history)
        return whole


def _short(text: str) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= _LONGEST else f"{bare[:_LONGEST]}…"


def _bare() -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    return layout


def _box() -> tuple[QWidget, QVBoxLayout]:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    return whole, column


def _reading(text: str, *, strong: bool = False) -> PlainLabel:
    label = PlainLabel(text, "reading", strong=strong, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _note(text: str) -> QWidget:
    whole = styled(QWidget(), "note")
    row = QHBoxLayout(whole)
    row.setContentsMargins(10, 8, 10, 9)
    row.setSpacing(6)
    row.addWidget(Sign("note", "warn", 14), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(text, wrap=True), 1)
    return whole


def _clock(found: Review, limits: Limits) -> QWidget:
    title, sub, tone, icon = _clock_words(found, limits)
    whole = styled(QWidget(), {"bad": "bad", "warn": "warn"}.get(tone, "sunken"))
    row = QHBoxLayout(whole)
    row.setContentsMargins(10, 6, 12, 7)
    row.setSpacing(9)
    row.addWidget(Sign(icon, tone, 18), 0, Qt.AlignmentFlag.AlignVCenter)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(PlainLabel(title, role=tone, strong=True))
    if sub:
        words.addWidget(PlainLabel(sub, "small", tone))
    row.addLayout(words)
    whole.setMinimumHeight(theme().size("field") + 14)
    return whole


def _clock_words(found: Review, limits: Limits) -> tuple[str, str, str, str]:
    if found.state is State.OPEN:
        minutes = spoken.waited(found.written_at)
        left = limits.hours * 60 - minutes
        sub = (
            tr("late in {span}", span=spoken.span(left)) if left > 0 else tr("late for {span}", span=spoken.span(-left))
        )
        title = tr("Waiting for {span}", span=spoken.span(minutes))
        return title, sub, tone_of_wait(found.stars, minutes, limits), "deadline"
    when = spoken.moment(found.replied_at) if found.state is State.ANSWERED and found.replied_at else ""
    return tr(found.state.title), when, "good" if found.state is State.ANSWERED else "text_2", found.state.icon


class ReviewSide(QStackedWidget):
    """The detail, or a form in its place."""

    def __init__(self, page: TablePage) -> None:
        super().__init__()
        self.detail = ReviewDetail(page)
        self.form: Form | None = None
        self._box: QWidget | None = None
        self.addWidget(self.detail)

    def show_record(self, record_id: int) -> None:
        """Show a review; a form gives way when nothing was typed into it."""
        found = self.detail.review
        if self.form is not None and not self.form.touched() and (found is None or found.id != record_id):
            self.close_form()
        self.detail.show_record(record_id)

    def clear(self) -> None:
        """Show nothing."""
        self.detail.clear()

    def show_form(self, form: Form) -> None:
        """Put a form in the place of the detail and give it the keyboard."""
        self.close_form()
        self.form = form
        self._box = _framed(form)
        self.addWidget(self._box)
        self.setCurrentWidget(self._box)
        form.closed.connect(self.close_form)
        form.saved.connect(self.close_form)
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Put the form away."""
        if self._box is None:
            return
        self.setCurrentWidget(self.detail)
        self.removeWidget(self._box)
        self._box.deleteLater()
        self.form = self._box = None


def _framed(form: Form) -> QWidget:
    whole = styled(QWidget(), "surface")
    column = QVBoxLayout(whole)
    column.setContentsMargins(8, 10, 0, 0)
    column.setSpacing(8)
    title = PlainLabel(form.title, "heading", strong=True)
    title.setContentsMargins(14, 0, 0, 0)
    column.addWidget(title)
    column.addWidget(hline())
    form.setMaximumWidth(640)
    column.addWidget(form, 1)
    return whole
