"""The Reviews page: an inbox at the left, the review with its answer at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from shopdesk.core.words import N_, tr, trn
from shopdesk.reviews import dialogs, store
from shopdesk.reviews.inbox_view import WIDE, InboxPainter, review_cell, review_text
from shopdesk.reviews.model import CAUSES, Draft, State, cause_title
from shopdesk.reviews.side_view import ReviewSide
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.columns import Column, Filter, Kind, Row, Source, View
from shopdesk.ui.form import Form
from shopdesk.ui.offers import Offers
from shopdesk.ui.page import TablePage

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection

_MANY = 200
_TOLD = {
    "stars_goods": (N_("Goods"), Kind.NUMBER),
    "stars_service": (N_("Service"), Kind.NUMBER),
    "stars_delivery": (N_("Delivery"), Kind.NUMBER),
}

_ROWS = """
SELECT r.id, r.stars, r.title, r.body, r.buyer, coalesce(nullif(p.name, ''), r.item) AS item,
       r.written_at, r.state, r.replied_at, r.cause, r.reply,
       r.note, c.name AS channel, c.platform, o.number AS order_number, s.code AS sku,
       coalesce(s.picture, p.picture, '') AS thumb, :hours AS hours, :bad_stars AS bad_stars
  FROM reviews r JOIN channels c ON c.id = r.channel_id
       LEFT JOIN orders o ON o.id = r.order_id
       LEFT JOIN skus s ON s.id = r.sku_id
       LEFT JOIN products p ON p.id = coalesce(r.product_id, s.product_id)
 WHERE r.id IN (SELECT value FROM json_each(:ids))
"""


def _state_text(row: Row) -> str:
    return tr(State(row["state"]).title)


def _cause_text(row: Row) -> str:
    return cause_title(row["cause"])


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
    source = Source(table="reviews", rows=_ROWS, search="reviews")
    columns = (
        Column("body", N_("Review"), width=WIDE - 12, sort="written_at", falling=True, cell=review_cell,
               value=review_text, stretch=True),
        Column("stars", N_("Stars"), Kind.NUMBER, width=60, sort="stars", hidden=True),
        Column("buyer", N_("Buyer"), hidden=True),
        Column("item", N_("Product"), hidden=True),
        Column("written_at", N_("Written"), Kind.TIME, sort="written_at", falling=True, hidden=True),
        Column("state_word", N_("State"), cell=_state_text, value=_state_text, hidden=True),
        Column("cause_word", N_("Cause"), cell=_cause_text, value=_cause_text, hidden=True),
        Column("reply", N_("Answer"), hidden=True),
        Column("replied_at", N_("Answered"), Kind.TIME, sort="replied_at", falling=True, hidden=True),
        Column("order_number", N_("Order"), hidden=True),
        Column("sku", N_("SKU"), hidden=True),
        Column("note", N_("Note"), hidden=True),
        Column("channel", N_("Channel"), hidden=True),
    )  # fmt: skip
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
        self.side.detail.undo_requested.connect(self._on_undo_requested)
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
            Action("reviews.import", N_("Import reviews"), "import", self._on_import, place=Place.PRIMARY),
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
                   enabled=ordered),
            Action("reviews.open_item", N_("Open the product"), "inventory", self._on_open_item, "P", Place.MENU, one,
                   enabled=listed),
            Action("reviews.note", N_("Write a note"), "note", self._on_note, "N", Place.MENU, one),
            Action("reviews.edit", N_("Edit review"), "by_hand", self._on_edit, "F4", Place.MENU, one),
            Action("reviews.by_time", N_("Sort by time"), "clock", partial(self._sort_by, "written_at"), "T"),
            Action("reviews.by_stars", N_("Sort by stars"), "reviews", partial(self._sort_by, "stars"), "S"),
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
            store.answer_review(self.shop, review_id=ids[0], reply=self.side.detail.reply_text())
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
        self._act(ids, lambda: store.set_state(self.shop, ids=ids, state=state))

    def _on_cause(self, cause: str, ids: list[int]) -> None:
        self._act(ids, lambda: store.set_cause(self.shop, ids=ids, cause=cause))

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
        self._act(ids, lambda: store.delete_reviews(self.shop, ids=ids))

    def _act(self, ids: list[int], verb: Callable[[], None]) -> None:
        """Do something to few at once, to many beside the window."""
        if len(ids) > _MANY:
            self.do_long(lambda _task: verb(), text=trn(*self.noun, len(ids)))
        else:
            self.do(verb)

    def _on_import(self) -> None:
        self.open_requested.emit("import", None)

    def _sort_by(self, key: str) -> None:
        section = next(n for n, column in enumerate(self.columns, 1) if column.key == key)
        self.table.header.sort_requested.emit(section)

    # forms

    def _saved(self, verb: Callable[[], object]) -> None:
        """Run a verb out of a form and tell that it was done; a refusal stands beside its field."""
        before = self._last_step()
        verb()
        self.say_done(before)

    def _on_add(self) -> None:
        def save(channel: int, draft: Draft, order: str, sku: str) -> None:
            self._saved(
                lambda: store.add_review(self.shop, channel_id=channel, draft=draft, order_number=order, sku_text=sku)
            )

        if self.needs_channel():
            self.show_form(dialogs.add_form(self.shop, save))

    def _on_paste(self) -> None:
        def save(channel: int, drafts: tuple[Draft, ...]) -> None:
            self._saved(lambda: store.add_reviews(self.shop, channel_id=channel, drafts=drafts))

        if self.needs_channel():
            self.show_form(dialogs.paste_form(self.shop, QGuiApplication.clipboard().text(), save))

    def _on_edit(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is not None:
            save = partial(store.edit_review, self.shop, review_id=found.id)
            self.show_form(dialogs.edit_form(found, lambda changed: self._saved(partial(save, **changed))))

    def _on_note(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is not None:
            save = partial(store.set_note, self.shop, review_id=found.id)
            self.show_form(dialogs.note_form(found.note, lambda note: self._saved(partial(save, note=note))))

    def _on_link(self, _ids: list[int]) -> None:
        found = self.side.detail.review
        if found is None:
            return
        sku = store.linked_sku(self.shop.reader(), found.sku_id)
        save = partial(store.link_review, self.shop, review_id=found.id)
        self.show_form(
            dialogs.link_form(
                found.order_number or "",
                (sku.code or sku.name) if sku else "",
                lambda order, code: self._saved(partial(save, order_number=order, sku_text=code)),
            )
        )


PAGE = ReviewsPage
