"""What stands around the answer: who wrote what about which order and product, the clock, the note."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopdesk.core import dates, money
from shopdesk.core.channels import platform_name
from shopdesk.core.words import tr, trn
from shopdesk.orders.model import Status
from shopdesk.reviews import spoken, store
from shopdesk.reviews.model import Limits, Review, State, tone_of_wait
from shopdesk.reviews.parts_view import Card
from shopdesk.ui.banner import Sign
from shopdesk.ui.drawer_parts import Record
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import styled, theme
from shopdesk.ui.thumb import Thumb
from shopdesk.ui.widgets import Stars, Tag

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.ui.page import TablePage

_LONGEST = 40


class About(QObject):
    """Makes the parts of the detail that are made anew for every review.

    Signals: ``open_requested(page, what)``, ``undo_requested(step)``.
    """

    open_requested = Signal(str, object)
    undo_requested = Signal(int)

    def __init__(self, page: TablePage) -> None:
        super().__init__(page)
        self._page = page

    @property
    def _shop(self) -> Shop:
        return self._page.shop

    def head(self, found: Review, limits: Limits) -> QWidget:
        """Picture, stars, item, buyer, clock, and the whole text."""
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
        first.addWidget(PlainLabel(_short(store.item_name(self._shop.reader(), found)), strong=True))
        first.addWidget(Tag(platform_name(found.platform)))
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

    def cards(self, found: Review) -> QWidget:
        """The order and the product, to be opened."""
        whole, column = _box()
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("What it is about"), role="text_2", strong=True), 1)
        link = LinkLabel(tr("Link to an order or product") if found.order_id is None else tr("Change"))
        link.clicked.connect(partial(self._page.action_table.trigger, "reviews.link"))
        head.addWidget(link)
        if self._page.desk.read_only:  # shown by itself it would be a window of its own
            link.hide()
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
        stock = tr("on hand {n}", n=sku.on_hand) if sku.on_hand is not None else ""
        sub = " · ".join(part for part in (sku.options, sku.code, stock) if part)
        return self._card("inventory", tr("Product"), sku.name, sub, ("inventory", sku.id))

    def _card(self, icon: str, kind: str, title: str, sub: str, target: tuple[str, object]) -> Card:
        card = Card(icon, kind, title, sub)
        card.clicked.connect(partial(self.open_requested.emit, *target))
        return card

    def foot(self, found: Review) -> QWidget:
        """The owner's note and the history."""
        whole, column = _box()
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Your note"), role="text_2", strong=True), 1)
        link = LinkLabel(tr("Write a note") if not found.note else tr("Change"))
        link.clicked.connect(partial(self._page.action_table.trigger, "reviews.note"))
        head.addWidget(link)
        if self._page.desk.read_only:
            link.hide()
        column.addLayout(head)
        if found.note:
            column.addWidget(_note(found.note))
        page = self._page
        builder = page.make_builder()
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
