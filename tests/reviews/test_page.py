"""The Reviews page through its widgets: views, the answer and its draft, causes, links, pasting, both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from shopdesk.core import check, words
from shopdesk.reviews import store, verbs
from shopdesk.reviews.detail_view import ReviewDetail
from shopdesk.reviews.drafts import Draft
from shopdesk.reviews.model import State
from shopdesk.reviews.page import ReviewsPage
from shopdesk.reviews.parts_view import Card
from shopdesk.ui.chips import Chip
from shopdesk.ui.form import Form
from shopdesk.ui.selection_bar import ActionButton
from shopdesk.ui.text import LinkLabel, PlainLabel
from tests import pages
from tests.pages import shown
from tests.reviews.conftest import Filled

CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(qtbot, filled: Filled) -> Iterator[ReviewsPage]:
    with shown(qtbot, filled.shop, ReviewsPage) as made:
        yield made


def settle(qtbot, page: ReviewsPage) -> None:
    pages.settle(qtbot, page)
    qtbot.waitUntil(lambda: showing(page) == page.current_id())
    QApplication.processEvents()


def detail(page: ReviewsPage) -> ReviewDetail:
    return page.findChild(ReviewDetail)


def showing(page: ReviewsPage) -> int | None:
    found = detail(page).review
    return found.id if found else None


def form(page: ReviewsPage) -> Form:
    return next(form for form in page.findChildren(Form) if form.isVisible())


def ids(page: ReviewsPage) -> list[int | None]:
    return [page.rows.id_at(row) for row in range(page.rows.rowCount())]


def pick(qtbot, page: ReviewsPage, key: str) -> None:
    chip = next(chip for chip in page.chips.findChildren(Chip) if chip.key == key and chip.isVisible())
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle(qtbot, page)


def go_to(qtbot, page: ReviewsPage, review_id: int) -> None:
    page.open(review_id)
    settle(qtbot, page)
    qtbot.waitUntil(lambda: showing(page) == review_id)
    QApplication.processEvents()


def texts(page: ReviewsPage) -> list[str]:
    return [label.text() for label in detail(page).findChildren(PlainLabel) if label.isVisible()]


def button(page: ReviewsPage, key: str) -> ActionButton:
    return next(b for b in detail(page).findChildren(ActionButton) if b.key == key)


def kept(page: ReviewsPage, review_id: int):
    return store.review(page.shop.reader(), review_id)


def test_model_is_well_formed(page: ReviewsPage):
    QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_the_longest_waiting_is_open_first(page: ReviewsPage, filled: Filled):
    assert ids(page) == list(filled.reviews[1:])
    assert showing(page) == filled.reviews[1]
    assert page.fact_label.text() == "1 bad review unanswered"


def test_every_view_holds_what_belongs_there(qtbot, page: ReviewsPage, filled: Filled):
    one, two, three, four = filled.reviews
    expected = {
        "bad": [two],
        "middling": [three],
        "answered": [one],
        "all": [four, three, two, one],
        "open": [two, three, four],
    }
    for key, there in expected.items():
        pick(qtbot, page, key)
        assert ids(page) == there, key


def test_rows_say_stars_text_buyer_and_the_clock(page: ReviewsPage, filled: Filled):
    cell = page.rows.cell(0, 1)
    assert cell.stars == 2
    assert cell.lines == ("盖子有缺口，盒子里只包了一层泡沫纸", "一碗面 · 青釉盖碗")
    assert (cell.mark, cell.mark_tone) == ("waits 19 h", "bad")
    assert (page.rows.cell(1, 1).mark, page.rows.cell(1, 1).mark_tone) == ("waits 6 h", "text_2")


def test_the_detail_says_how_long_it_waits(page: ReviewsPage):
    said = texts(page)
    assert "Waiting for 19 h" in said
    assert "late in 5 h" in said


def test_an_answer_is_typed_and_marked_with_the_keyboard(qtbot, page: ReviewsPage, filled: Filled):
    one = filled.reviews[1]
    assert not button(page, "reviews.answer").isEnabled()
    detail(page).reply.setFocus()
    qtbot.keyClicks(detail(page).reply, "Sorry, a new lid is on its way.")
    assert button(page, "reviews.answer").isEnabled()
    qtbot.keyClick(detail(page).reply, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    found = kept(page, one)
    assert (found.state, found.reply) == (State.ANSWERED, "Sorry, a new lid is on its way.")
    assert one not in ids(page)
    page.shop.undo()
    settle(qtbot, page)
    go_to(qtbot, page, one)
    assert detail(page).reply_text() == "Sorry, a new lid is on its way."
    assert kept(page, one).state is State.OPEN
    assert not list(check.faults(page.shop.path))


@pytest.mark.parametrize("view", ["open", "all"])
def test_after_an_answer_by_mouse_the_next_review_has_the_keyboard(qtbot, page: ReviewsPage, filled: Filled, view: str):
    page.show_view(view)
    settle(qtbot, page)
    page.step_record(1)
    settle(qtbot, page)
    one, after = page.current_id(), page.rows.id_at(page.table.current_row() + 1)
    detail(page).reply.setPlainText("Thank you")
    qtbot.mouseClick(button(page, "reviews.answer"), Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert kept(page, one).state == State.ANSWERED
    assert page.current_id() == after
    assert page.table.hasFocus()


def test_the_answer_goes_to_the_clipboard_as_it_is(qtbot, page: ReviewsPage):
    detail(page).reply.setPlainText("<b>Sorry</b>,\n您好 ")
    qtbot.keyClick(page, Qt.Key.Key_C, CTRL_SHIFT)
    assert QGuiApplication.clipboard().text() == "<b>Sorry</b>,\n您好 "


def test_a_half_written_answer_is_still_there_after_another_row(qtbot, page: ReviewsPage, filled: Filled):
    qtbot.keyClicks(detail(page).reply, "Half a")
    step = page.shop.last_step()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: showing(page) == filled.reviews[2])
    assert detail(page).reply_text() == ""
    qtbot.keyClick(page.table, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: showing(page) == filled.reviews[1])
    assert detail(page).reply_text() == "Half a"
    assert page.shop.last_step() == step


def test_a_refresh_leaves_what_is_being_typed(qtbot, page: ReviewsPage, filled: Filled):
    qtbot.keyClicks(detail(page).reply, "Half a")
    verbs.set_note(page.shop, review_id=filled.reviews[1], note="asked")
    settle(qtbot, page)
    assert detail(page).reply_text() == "Half a"
    assert "asked" in texts(page)


def test_causes_by_chip_key_and_own_words(qtbot, page: ReviewsPage, filled: Filled):
    one = filled.reviews[1]
    causes = detail(page).causes
    qtbot.mouseClick(causes.button("packing"), Qt.MouseButton.LeftButton)
    assert kept(page, one).cause == "packing"
    page.table.setFocus()
    qtbot.keyClick(page.table, "2")
    settle(qtbot, page)
    assert kept(page, one).cause == "quality"
    assert causes.button("quality").isChecked()
    assert not causes.button("packing").isChecked()
    qtbot.mouseClick(causes.button("quality"), Qt.MouseButton.LeftButton)
    assert kept(page, one).cause == ""
    qtbot.mouseClick(causes.button(""), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(causes.own, "smells & leaks")
    qtbot.keyClick(causes.own, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert kept(page, one).cause == "smells & leaks"
    assert causes.button("").isChecked()


def test_states_of_several(qtbot, page: ReviewsPage, filled: Filled):
    page.select_all()
    qtbot.keyClick(page.table, "l")
    settle(qtbot, page)
    assert ids(page) == []
    assert {kept(page, one).state for one in filled.reviews[1:]} == {State.LEFT}
    page.shop.undo()
    settle(qtbot, page)
    assert len(ids(page)) == 3


def test_one_is_appealed_by_its_button_and_waits_again(qtbot, page: ReviewsPage, filled: Filled):
    one = filled.reviews[1]
    page.selection.set(filled.reviews[2:])
    assert not detail(page).states[State.OPEN].isVisible()
    qtbot.mouseClick(detail(page).states[State.APPEALED], Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert kept(page, one).state is State.APPEALED
    assert kept(page, filled.reviews[2]).state is State.OPEN
    go_to(qtbot, page, one)
    qtbot.mouseClick(detail(page).states[State.OPEN], Qt.MouseButton.LeftButton)
    assert kept(page, one).state is State.OPEN


def test_enter_goes_to_the_answer_and_esc_back_to_the_list(qtbot, page: ReviewsPage):
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(detail(page).reply.hasFocus)
    qtbot.keyClick(detail(page).reply, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.table.hasFocus)


def test_hundreds_are_left_at_once_beside_the_window(qtbot, page: ReviewsPage, filled: Filled):
    drafts = [Draft(5, f"good {n}") for n in range(300)]
    verbs.add_reviews(page.shop, channel_id=filled.channel, drafts=drafts)
    settle(qtbot, page)
    page.select_all()
    page.action_table.trigger("reviews.leave")
    qtbot.waitUntil(lambda: store.waiting(page.shop.reader()) == (0, 0))
    settle(qtbot, page)
    assert ids(page) == []
    assert page.shop.last_step().label == "Left 303 reviews as they are"


def test_linking_shows_cards_that_open(qtbot, page: ReviewsPage, filled: Filled):
    qtbot.keyClick(page.table, Qt.Key.Key_L, CTRL)
    qtbot.keyClicks(form(page).field("order").editor, "77")
    qtbot.mouseClick(form(page).save_button, Qt.MouseButton.LeftButton)
    assert "77" in form(page).field("order").error()
    form(page).field("order").editor.clear()
    qtbot.keyClicks(form(page).field("order").editor, "238604127755660102")
    qtbot.mouseClick(form(page).save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    opened = []
    page.open_requested.connect(lambda where, what: opened.append((where, what)))
    for card in detail(page).findChildren(Card):
        if card.isVisible():
            qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    buyer = next(link for link in detail(page).findChildren(LinkLabel) if link.isVisible() and link.text() == "一碗面")
    qtbot.mouseClick(buyer, Qt.MouseButton.LeftButton)
    assert opened == [("orders", filled.order), ("inventory", filled.sku), ("customers", filled.customer)]


def test_a_review_is_added_by_hand(qtbot, page: ReviewsPage):
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL)
    body = form(page).field("body").editor
    assert isinstance(body, QPlainTextEdit)
    body.setPlainText("没收到货就显示签收？！")
    form(page).field("buyer").set_text("momo")
    form(page).field("sku").editor.setFocus()
    qtbot.keyClick(form(page).field("sku").editor, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert page.shop.last_step().label == "Added a review"
    pick(qtbot, page, "all")
    assert any(page.rows.cell(row, 1).lines[0] == "没收到货就显示签收？！" for row in range(page.rows.rowCount()))


def test_reviews_are_pasted_previewed_and_added_once(qtbot, page: ReviewsPage):
    QGuiApplication.clipboard().setText("★★\nThe lid has a chip\n\n5/5\nLovely <b>cup</b>\n\nno stars here")
    qtbot.keyClick(page, Qt.Key.Key_V, CTRL_SHIFT)
    said = [label.text() for label in form(page).findChildren(PlainLabel)]
    assert "2 reviews · 1 piece without stars" in said
    assert "Lovely <b>cup</b>" in said
    assert "No stars: no stars here" in said
    assert form(page).save_button.text() == "Add 2"
    qtbot.mouseClick(form(page).save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert page.shop.last_step().label == "Added 2 reviews"
    qtbot.keyClick(page, Qt.Key.Key_V, CTRL_SHIFT)
    assert not form(page).save_button.isEnabled()
    assert form(page).save_button.text() == "Add"
    assert form(page).first() is form(page).field("text").editor
    page.shop.undo()
    assert not list(check.faults(page.shop.path))


def test_a_note_and_an_edit(qtbot, page: ReviewsPage, filled: Filled):
    page.table.setFocus()
    qtbot.keyClick(page.table, "n")
    form(page).field("note").set_text("asked for a picture")
    qtbot.keyClick(form(page).field("note").editor, Qt.Key.Key_Return, CTRL)
    settle(qtbot, page)
    assert "asked for a picture" in texts(page)
    qtbot.keyClick(page.table, Qt.Key.Key_F4)
    form(page).field("stars").set_value(4)
    form(page).field("stars").editor.setCurrentIndex(1)
    form(page).field("stars_goods").editor.setCurrentIndex(2)
    qtbot.mouseClick(form(page).save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert kept(page, filled.reviews[1]).stars_goods == 4


def test_naughty_text_is_drawn_as_it_is(qtbot, page: ReviewsPage, filled: Filled):
    naughty = "<img src='/dev/zero'> <b>bold</b> {name} & %s\u202e"
    draft = Draft(1, naughty, buyer=naughty, item=naughty)
    made = verbs.add_review(page.shop, channel_id=filled.channel, draft=draft)
    verbs.set_note(page.shop, review_id=made, note=naughty)
    verbs.set_cause(page.shop, ids=[made], cause=naughty)
    go_to(qtbot, page, made)
    labels = [label for label in detail(page).findChildren(PlainLabel) if label.isVisible()]
    assert sum(label.text() == naughty for label in labels) == 2, [label.text() for label in labels]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_search_filter_and_sort(qtbot, page: ReviewsPage, filled: Filled):
    page.search_box.setText("ywm")
    settle(qtbot, page)
    assert ids(page) == [filled.reviews[1]]
    page.search_box.clear()
    pick(qtbot, page, "all")
    page.choose("stars", 5)
    settle(qtbot, page)
    assert ids(page) == [filled.reviews[3]]
    page.choose("", None)
    page.action_table.trigger("reviews.by_stars")
    settle(qtbot, page)
    assert [page.rows.cell(row, 1).stars for row in range(4)] == [2, 3, 4, 5]


def test_the_language_is_switched_at_once(qtbot, page: ReviewsPage):
    words.use_language("zh_CN")
    QApplication.sendEvent(page, QEvent(QEvent.Type.LanguageChange))
    settle(qtbot, page)
    assert page.title_label.text() == "评价"
    assert page.rows.cell(0, 1).mark == "等 19 小时"
    assert {"等了 19 小时", "再过 5 小时算超时", "原因", "回复"} <= set(texts(page))
    assert button(page, "reviews.answer").text() == "标为已回复"


def test_only_what_does_something_is_offered(qtbot, page, filled: Filled):
    answered, bad = filled.reviews[:2]
    moves = {"leave", "appeal", "reopen", "open_order", "open_item"}
    page.open(bad)
    settle(qtbot, page)
    assert pages.offered(page) & moves == {"leave", "appeal"}
    verbs.link_review(filled.shop, review_id=bad, order_number="238604127755660102", sku_text="QY-150")
    settle(qtbot, page)
    assert pages.offered(page) & moves == {"leave", "appeal", "open_order", "open_item"}
    page.open(answered)
    settle(qtbot, page)
    assert pages.offered(page) & moves == {"appeal", "reopen"}
