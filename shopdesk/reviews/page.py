"""The Reviews page: an inbox at the left, the review with its answer at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from shopdesk.core.words import N_, tr, trn
from shopdesk.reviews import dialogs, store, verbs
from shopdesk.reviews.columns_view import COLUMNS
from shopdesk.reviews.drafts import Draft
from shopdesk.reviews.inbox_view import WIDE, InboxPainter
from shopdesk.reviews.model import CAUSES, State
from shopdesk.reviews.side_view import ReviewSide
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.columns import Filter, Kind, Source, View
from shopdesk.ui.doing import act_on, go_to_import, told
from shopdesk.ui.form import Form
from shopdesk.ui.offers import Offers
from shopdesk.ui.page import TablePage

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection

_TOLD = {
    "stars_goods": (N_("Goods"), Kind.NUMBER),
    "stars_service": (N_("Service"), Kind.NUMBER),
    "stars_delivery": (N_("Delivery"), Kind.NUMBER),
}


class ReviewsPage(TablePage):
    """What buyers wrote, what waits for an answer, and the answers."""

    name = "reviews"
    title = N_("Reviews")
    topics = frozenset({"reviews", "orders", "stock", "customers", "channels", "settings"})
    search_hint = N_("Text, buyer, item")
    noun = (N_("{n} review"), N_("{n} reviews"))
    empty = (N_("No reviews yet"), N_("Import them from a file, paste them from the platform, or type one in."))
    row_height = "review_row"
    header_shown = False
    checks_shown = False
    list_width = WIDE
    source = Source(table="reviews", rows=store.ROWS, search="reviews")
    columns = COLUMNS
    views = (
        View("open", N_("Unanswered"), where="state = 'open'", sort="written_at", index="reviews_open"),
        View("bad", N_("Bad"), where="state = 'open' AND stars <= :bad_stars", sort="written_at", tone="bad",
             index="reviews_open"),
        View("middling", N_("Middling"), where="state = 'open' AND stars > :bad_stars AND stars <= :middling_stars",
             sort="written_at", tone="warn", index="reviews_open"),
        View("answered", N_("Answered"), where="state = 'answered'", sort="-replied_at"),
        View("all", N_("All"), sort="-body"),
    )  # fmt: skip
    first_view = "open"
    history_words = _TOLD
    filters = (
        Filter("channel", N_("Channel"), "channel_id = :value", choices=store.channel_choices),
        Filter("stars", N_("Stars"), "stars = :value", choices=lambda _con: [(n, "★" * n) for n in range(5, 0, -1)]),
        Filter("cause", N_("Cause"), "cause = :value", choices=store.cause_choices),
        Filter("state", N_("State"), "state = :value",
               choices=lambda _con: [(state.value, tr(state.title)) for state in State]),
    )  # fmt: skip

    # made once

    _made = False

    def make_detail(self) -> ReviewSide:
        """The review stands beside the list, not in a drawer."""
        self.side = ReviewSide(self)
        self.side.detail.open_requested.connect(self.open_requested)
        self.side.detail.cause_picked.connect(self._on_cause_picked)
        self.side.detail.state_picked.connect(self._on_state_picked)
        self.side.detail.left.connect(self._focus_list)
        self.side.detail.undo_requested.connect(self.page_acts.undo_step)
        return self.side

    def build(self) -> None:
        """The kit's list, painted with an edge at the current row."""
        super().build()
        self._made = True
        self.table.opened.connect(self._on_row_opened)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.paint_with(InboxPainter(self.table, self.rows, self.pictures))

    def params(self) -> dict[str, object]:
        """What the views and the clock compare with."""
        con = self.shop.reader()
        return {**store.view_params(con), "hours": store.limits(con).hours}

    def fact(self, con: Connection) -> str:
        """How many bad ones wait."""
        waiting = store.bad_waiting(con)
        return trn("{n} bad review unanswered", "{n} bad reviews unanswered", waiting) if waiting else ""

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """Everything that can be done here."""
        one, some = Needs.ONE, Needs.SOME
        answerable, offers = self._has_answer, Offers(self, store.fitting)
        waiting, moved = offers.some("open", "appealed"), offers.some("answered", "appealed", "left")
        appealable, ordered, listed = (
            offers.some("open", "answered", "left"),
            offers.one("ordered"),
            offers.one("listed"),
        )
        return (
            Action("reviews.import", N_("Import reviews"), "import", partial(go_to_import, self), place=Place.PRIMARY),
            Action("reviews.add", N_("Add review"), "add", self._on_add, "Ctrl+N", Place.MENU),
            Action("reviews.paste", N_("Paste reviews"), "paste", self._on_paste, "Ctrl+Shift+V", Place.SECONDARY),
            Action("reviews.answer", N_("Mark as answered"), "check", self._on_answer, "Ctrl+Return", Place.MENU, one,
                   enabled=answerable),
            Action("reviews.copy", N_("Copy answer"), "copy", self._on_copy, "Ctrl+Shift+C", Place.MENU, one,
                   enabled=answerable),
            Action("reviews.leave", N_("Leave as it is"), "steady", self._on_leave, "L", Place.MAIN, some,
                   enabled=waiting),
            Action("reviews.appeal", N_("Mark as appealed"), "flag", self._on_appeal, "A", Place.SELECTION, some,
                   enabled=appealable),
            Action("reviews.reopen", N_("Let it wait again"), "clock", self._on_reopen, "W", Place.SELECTION, some,
                   enabled=moved),
            *self._cause_actions(),
            Action("reviews.link", N_("Link to an order or product"), "orders", self._on_link, "Ctrl+L",
                   Place.MENU, one),
            Action("reviews.open_order", N_("Open the order"), "orders", self._on_open_order, "O", Place.MENU, one,
                   enabled=ordered, reads=True),
            Action("reviews.open_item", N_("Open the product"), "inventory", self._on_open_item, "P", Place.MENU, one,
                   enabled=listed, reads=True),
            Action("reviews.note", N_("Write a note"), "note", self._on_note, "N", Place.MENU, one),
            Action("reviews.edit", N_("Edit review"), "by_hand", self._on_edit, "F4", Place.MENU, one),
            Action("reviews.by_time", N_("Sort by time"), "clock", partial(self._sort_by, "written_at"), "T",
                   reads=True),
            Action("reviews.by_stars", N_("Sort by stars"), "reviews", partial(self._sort_by, "stars"), "S",
                   reads=True),
            Action("reviews.delete", N_("Delete"), "delete", self._on_delete, "Del", Place.MENU, some, tone="bad"),
        )  # fmt: skip

    def _cause_actions(self) -> tuple[Action, ...]:
        name, hidden = "reviews.cause_{}".format, Place.HIDDEN
        usual = (
            Action(name(key), title, "warning", partial(self._on_cause, key), str(number), hidden, Needs.SOME)
            for number, (key, title) in enumerate(CAUSES.items(), 1)
        )
        other = Action(name("other"), N_("Other cause"), "warning", self._on_other, "6", hidden, Needs.ONE)
        return (*usual, other)

    # the right half

    def show_form(self, form: Form) -> None:
        """A form takes the place of the detail."""
        self.side.show_form(form)
        form.closed.connect(self._focus_list)
        form.saved.connect(self._focus_list)

    def retranslate_ui(self) -> None:
        """Take the words of the language in use."""
        super().retranslate_ui()
        self.side.detail.retranslate()

    def hidden(self) -> None:
        """Keep what was typed."""
        self.side.detail.keep_draft()
        super().hidden()

    def _focus_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_answer(self) -> bool:
        return self._made and bool(self.side.detail.reply_text().strip())

    # what the actions do

    def _on_answer(self, ids: list[int]) -> None:
        """Keep the answer and go on to the next review: where this one stays in the view, one further down."""

        def answer() -> bool:
            verbs.answer_review(self.shop, review_id=ids[0], reply=self.side.detail.reply_text())
            return True

        if self.do(answer, tr("Marked as answered")):
            if self.current_id() == ids[0]:
                self.step_record(1)
            self._focus_list()

    def _on_copy(self, _ids: list[int]) -> None:
        QGuiApplication.clipboard().setText(self.side.detail.reply_text())
        self.side.detail.keep_draft()
        self.messages.info(tr("The answer is on the clipboard."))

    def _on_leave(self, ids: list[int]) -> None:
        self._set_state(ids, State.LEFT)

    def _on_appeal(self, ids: list[int]) -> None:
        self._set_state(ids, State.APPEALED)

    def _on_reopen(self, ids: list[int]) -> None:
        self._set_state(ids, State.OPEN)

    def _set_state(self, ids: list[int], state: State) -> None:
        act_on(self, ids, lambda: verbs.set_state(self.shop, ids=ids, state=state))

    def _on_cause(self, cause: str, ids: list[int]) -> None:
        act_on(self, ids, lambda: verbs.set_cause(self.shop, ids=ids, cause=cause))

    def _on_cause_picked(self, cause: str) -> None:
        found = self.side.detail.review
        if found is not None:
            self._on_cause(cause, [found.id])

    def _on_state_picked(self, state: State) -> None:
        found = self.side.detail.review
        if found is not None:
            self._set_state([found.id], state)

    def _on_row_opened(self, _row: int) -> None:
        self.side.detail.reply.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_other(self, _ids: list[int]) -> None:
        self.side.detail.causes.ask_other()

    def _on_open_order(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is not None and found.order_id is not None:
            self.open_requested.emit("orders", found.order_id)

    def _on_open_item(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is not None and found.sku_id is not None:
            self.open_requested.emit("inventory", found.sku_id)

    def _on_delete(self, ids: list[int]) -> None:
        act_on(self, ids, lambda: verbs.delete_reviews(self.shop, ids=ids))

    def _sort_by(self, key: str) -> None:
        section = next(n for n, column in enumerate(self.columns, 1) if column.key == key)
        self.table.header.sort_requested.emit(section)

    # forms

    def _on_add(self) -> None:
        def save(channel: int, draft: Draft, order: str, sku: str) -> None:
            told(
                self,
                lambda: verbs.add_review(self.shop, channel_id=channel, draft=draft, order_number=order, sku_text=sku),
            )

        if self.needs_channel():
            self.show_form(dialogs.add_form(self.shop, save))

    def _on_paste(self) -> None:
        def save(channel: int, drafts: tuple[Draft, ...]) -> None:
            told(self, lambda: verbs.add_reviews(self.shop, channel_id=channel, drafts=drafts))

        if self.needs_channel():
            self.show_form(dialogs.paste_form(self.shop, QGuiApplication.clipboard().text(), save))

    def _on_edit(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is not None:
            save = partial(verbs.edit_review, self.shop, review_id=found.id)
            self.show_form(dialogs.edit_form(found, lambda changed: told(self, partial(save, **changed))))

    def _on_note(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is not None:
            save = partial(verbs.set_note, self.shop, review_id=found.id)
            self.show_form(dialogs.note_form(found.note, lambda note: told(self, partial(save, note=note))))

    def _on_link(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is None:
            return
        sku = store.linked_sku(self.shop.reader(), found.sku_id)
        save = partial(verbs.link_review, self.shop, review_id=found.id)
        self.show_form(
            dialogs.link_form(
                found.order_number or "",
                (sku.code or sku.name) if sku else "",
                lambda order, code: told(self, partial(save, order_number=order, sku_text=code)),
            )
        )


PAGE = ReviewsPage
