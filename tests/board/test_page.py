"""The Today page through its widgets, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from shopdesk.board import asking, records, store, verbs
from shopdesk.board.lines_paint_view import box_rect, link_rect
from shopdesk.board.page import TodayPage
from shopdesk.board.routines_view import RulesAndRoutines
from shopdesk.board.rows_view import PUT_OFF
from shopdesk.core import clock, words
from shopdesk.ui.desk import Desk
from shopdesk.ui.form import Form
from shopdesk.ui.language import switch_language
from shopdesk.ui.messages import Messages
from shopdesk.ui.preview_dialog import Preview
from shopdesk.ui.theme import theme
from shopdesk.ui.widgets import Switch
from shopdesk.ui.worker import Worker
from tests.board.conftest import Small

DAY = date(2026, 11, 24)


class Bench:
    """A page in front, and what a test asks of it."""

    def __init__(self, small: Small, qtbot: QtBot) -> None:
        self.small, self.qtbot = small, qtbot
        self.worker = Worker(small.shop)
        self.messages = Messages()
        self.said = self.messages.record()
        self.page = TodayPage(Desk(small.shop, self.worker, self.messages))
        qtbot.addWidget(self.page)
        small.shop.listeners.append(self.page.topics_changed)
        self.page.resize(1190, 714)
        self.page.show()
        self.page.shown()
        self.settle()

    def settle(self) -> None:
        assert self.worker.wait_idle()

    def texts(self) -> list[str]:
        model = self.page.model
        return [str(model.data(model.index(row))) for row in range(model.rowCount())]

    def spoken(self, rule: str) -> str:
        index = self.page.model.index_of((rule, None))
        return str(self.page.model.data(index, int(Qt.ItemDataRole.AccessibleTextRole)))

    def choose(self, rule: str, record: int | None = None) -> None:
        self.page.list.setCurrentIndex(self.page.model.index_of((rule, record)))

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.page.list, key)
        self.settle()

    def form(self) -> Form:
        assert self.page.drawer is not None
        assert self.page.drawer.form is not None
        return self.page.drawer.form

    def type(self, field: str, text: str) -> None:
        editor = self.form().field(field).editor
        assert isinstance(editor, QLineEdit)
        editor.clear()
        self.qtbot.keyClicks(editor, text)

    def save(self) -> None:
        self.qtbot.mouseClick(self.form().save_button, Qt.MouseButton.LeftButton)
        self.settle()


@pytest.fixture
def busy(small: Small) -> Small:
    orders = [small.order(paid_at=f"2026-11-24 {9 + n:02d}:00:00") for n in range(3)]
    small.ship(orders[0], "2026-11-24 14:02:00")
    small.order(paid_at="2026-11-22 10:00:00")
    small.order("shipped", paid_at="2026-11-17 09:00:00", shipped_at="2026-11-17 12:00:00")
    small.review(1, "2026-11-23 19:20:00")
    verbs.add_task(small.shop, title="Call Zhou", day=DAY, minutes=6, due="16:30", note="about boxes")
    return small


@pytest.fixture
def bench(busy: Small, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(busy, qtbot)
    yield made
    busy.shop.listeners.clear()
    made.worker.stop()
    switch_language("en")
    theme().set_mode("system")


def test_the_list_stands_in_sections_with_the_urgent_first(bench: Bench):
    assert bench.texts() == [
        "Before the 17:00 cut-off", "Ship late order …0004: White gaiwan", "Call Zhou", "Ship the 2 waiting orders",
        "Today", "Answer a bad review", "Routine", "Import today's order files",
    ]  # fmt: skip
    assert bench.page.fact_label.text() == "Tue 24 Nov · 14:50"
    assert bench.page.list.line is not None
    assert bench.page.list.line.code == "A01"
    assert records.known_codes(bench.small.shop.reader(), DAY)["task", 1] == "X01"


@pytest.mark.parametrize(("language", "mode"), [("en", "light"), ("zh_CN", "light"), ("en", "dark"), ("zh_CN", "dark")])
def test_the_page_is_drawn_in_both_languages_and_themes(bench: Bench, qapp: QApplication, language: str, mode: str):
    theme().set_mode(mode)
    switch_language(language)
    bench.settle()
    assert (bench.texts()[0] == "17:00 截单前") is (language == "zh_CN")
    picture = bench.page.list.viewport().grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(0, 300, 3)}
    assert len(colours) > 20
    assert theme().hex("selected") in colours


def test_the_model_keeps_qts_rules(bench: Bench):
    QAbstractItemModelTester(bench.page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    bench.small.order(paid_at="2026-11-21 10:00:00")
    bench.settle()
    assert "Ship late order …0006: White gaiwan" in bench.texts()


def test_space_ticks_by_hand_and_takes_it_back(bench: Bench):
    bench.choose("bad_reviews")
    bench.press(Qt.Key.Key_Space)
    assert bench.spoken("bad_reviews") == "B01, done, Answer a bad review, 14:50 ticked by hand"
    assert bench.said[-1].text == "Ticked 1 by hand"
    bench.press(Qt.Key.Key_Space)
    assert ", still open, " in bench.spoken("bad_reviews")


def test_a_click_on_the_box_ticks_and_data_is_not_argued_with(bench: Bench):
    rect = bench.page.list.visualRect(bench.page.model.index_of(("ship_today", None)))
    spot = box_rect(rect).center().toPoint()
    bench.qtbot.mouseClick(bench.page.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    bench.settle()
    assert "done" in bench.spoken("ship_today")
    bench.choose("import_today")
    bench.press(Qt.Key.Key_Space)
    assert bench.said[-1].text.startswith("The data says that it is done: 07:00 imported")


def test_enter_opens_what_is_behind_a_line(bench: Bench):
    bench.choose("ship_today")
    with bench.qtbot.waitSignal(bench.page.open_requested) as asked:
        bench.press(Qt.Key.Key_Return)
    feature, what = asked.args
    assert (feature, what["title"]) == ("orders", "Orders to ship today")
    con = bench.small.shop.reader()
    rows = con.execute(f"SELECT id FROM orders WHERE {what['where']}", what["params"]).fetchall()
    assert [row["id"] for row in rows] == [2, 3]
    bench.choose("late", 4)
    with bench.qtbot.waitSignal(bench.page.open_requested) as asked:
        bench.press(Qt.Key.Key_Return)
    assert asked.args == ["orders", 4]


def test_a_click_on_the_icon_or_the_evidence_opens_too(bench: Bench):
    for key, page in ((("late", 4), "orders"), (("import_today", None), "orders")):
        index = bench.page.model.index_of(key)
        row = bench.page.model.row(index)
        assert row is not None
        assert row.line is not None
        spot = link_rect(bench.page.list.visualRect(index), row.line).center().toPoint()
        with bench.qtbot.waitSignal(bench.page.open_requested) as asked:
            bench.qtbot.mouseClick(bench.page.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert asked.args[0] == page


def test_a_line_is_added_by_keyboard_alone(bench: Bench):
    bench.page.action_table.trigger("board.add")
    bench.type("title", "Courier bill")
    bench.type("minutes", "12")
    bench.type("due", "15:30")
    bench.save()
    assert bench.texts()[2] == "Courier bill"
    assert bench.page.list.line is not None
    assert bench.page.list.line.title == "Courier bill"
    task = records.task(bench.small.shop.reader(), 2)
    assert task is not None
    assert (task["minutes"], task["due"]) == (12, "15:30")
    assert bench.page.side.isVisible()


def test_what_is_wrong_stands_beside_its_field(bench: Bench):
    bench.page.action_table.trigger("board.add")
    bench.type("title", "Courier bill")
    bench.type("due", "99")
    bench.save()
    assert "99" in bench.form().field("due").error()


def test_a_line_of_a_rule_takes_minutes_and_a_note(bench: Bench):
    bench.choose("ship_today")
    bench.page.action_table.trigger("board.edit")
    bench.type("minutes", "44")
    bench.form().field("note").set_text("boxes first")
    bench.save()
    assert "boxes first" in bench.spoken("ship_today")
    line = bench.page.list.line
    assert line is not None
    assert line.minutes == 44
    bench.small.shop.undo()
    assert bench.small.line("ship_today").minutes == 5


def test_a_line_is_put_off_and_brought_back(bench: Bench):
    bench.choose("bad_reviews")
    bench.page.action_table.trigger("board.snooze")
    bench.type("until", "2026-11-26")
    bench.save()
    assert "Answer a bad review" not in bench.texts()
    assert bench.texts()[-1] == "1 put off"
    bench.page.list.setCurrentIndex(bench.page.model.index(bench.page.model.rowCount() - 1))
    bench.press(Qt.Key.Key_Return)
    assert bench.texts()[-1] == "Answer a bad review"
    bench.choose("bad_reviews")
    bench.page.action_table.trigger("board.snooze")
    bench.settle()
    assert "Answer a bad review" in bench.texts()
    assert "1 put off" not in bench.texts()


def test_a_line_that_is_put_off_has_no_place_to_move_to(bench: Bench):
    bench.choose("bad_reviews")
    bench.page.action_table.trigger("board.snooze")
    bench.type("until", "2026-11-26")
    bench.save()
    bench.page.model.toggle_fold(PUT_OFF)
    before = bench.texts()
    assert before[-2:] == ["1 put off", "Answer a bad review"]
    for act in ("board.up", "board.down"):
        bench.choose("bad_reviews")
        assert bench.page.list.currentIndex().isValid()
        bench.page.action_table.trigger(act)
        bench.settle()
    assert bench.texts() == before


def test_lines_move_within_their_section_only(bench: Bench):
    bench.choose("ship_today")
    bench.page.action_table.trigger("board.up")
    bench.settle()
    assert bench.texts()[2:4] == ["Ship the 2 waiting orders", "Call Zhou"]
    model = bench.page.model
    dragged = model.mimeData([model.index_of(("ship_today", None))])
    move = Qt.DropAction.MoveAction
    assert not model.canDropMimeData(dragged, move, 6, 0, model.index(-1))
    assert model.canDropMimeData(dragged, move, 1, 0, model.index(-1))
    model.dropMimeData(dragged, move, 1, 0, model.index(-1))
    bench.settle()
    assert bench.texts()[1] == "Ship the 2 waiting orders"
    bench.small.shop.undo()
    bench.settle()
    assert bench.texts()[2] == "Ship the 2 waiting orders"


def test_an_own_line_is_deleted_a_rules_line_is_not(bench: Bench):
    bench.choose("ship_today")
    assert not bench.page.action_table.available("board.delete")
    bench.choose("task", 1)
    assert bench.page.action_table.trigger("board.delete")
    bench.settle()
    assert "Call Zhou" not in bench.texts()


def test_many_late_orders_fold_up_and_unfold(bench: Bench):
    for n in range(9):
        bench.small.order(paid_at=f"2026-11-21 {10 + n}:00:00")
    bench.settle()
    (fold,) = [text for text in bench.texts() if text.startswith("5 more")]
    assert fold == "5 more: Late orders 5"
    row = bench.texts().index(fold)
    bench.page.list.setCurrentIndex(bench.page.model.index(row))
    bench.press(Qt.Key.Key_Return)
    assert bench.texts()[row + 1].startswith("Ship late order")


def test_a_routine_on_days_of_the_week(bench: Bench):
    bench.page.action_table.trigger("board.routine")
    bench.type("title", "Post")
    form = bench.form()
    every = form.field("every").editor
    assert isinstance(every, QComboBox)
    every.setCurrentIndex(1)
    form.picker.choose([1, 4])
    bench.save()
    (made,) = records.routines(bench.small.shop.reader())
    assert (made.title, made.every, made.days) == ("Post", "week", (1, 4))
    assert "Post" in bench.texts()


def test_rules_are_switched_in_the_drawer(bench: Bench):
    bench.page.action_table.trigger("board.rules")
    panel = bench.page.findChild(RulesAndRoutines)
    switches = {switch.accessibleName(): switch for switch in panel.findChildren(Switch)}
    assert len(switches) == 15
    assert not bench.page.side.isVisible()
    bench.qtbot.mouseClick(switches["Late orders"], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    bench.settle()
    assert "Ship late order …0004: White gaiwan" not in bench.texts()
    state = next(s for s in asking.rule_states(bench.small.shop.reader()) if s.rule.name == "late")
    assert (state.enabled, state.minutes) == (False, 3)


def test_the_right_column_tells_time_and_sales(bench: Bench):
    side = bench.page.side
    texts = [label.text() for label in side.findChildren(type(bench.page.title_label)) if label.isVisible()]
    assert "Enough time?" in texts
    assert "1 h 56 min to spare" in texts
    assert "vs last Tue, same time" in texts
    assert {"¥387", "+200%", "3"} <= set(texts)
    assert not {"Visitors", "Conversion", "Today's target", "Close the day"} & set(texts)


def test_the_clock_moves_the_page_on(bench: Bench, qtbot: QtBot):
    with clock.at(datetime(2026, 11, 24, 17, 30)):
        bench.page.hidden()
        bench.page.shown()
        bench.settle()
        assert bench.page.fact_label.text() == "Tue 24 Nov · 17:30"
        assert bench.texts()[1].startswith("Ship late order")
        assert bench.page.board is not None
        assert bench.page.board.load().left_to_cutoff < 0


def test_the_preview_shows_the_sheet(bench: Bench):
    bench.page.action_table.trigger("board.print")
    preview = bench.page.findChild(Preview)
    assert len(preview.pages) == 1
    preview.close()


def test_in_a_narrow_window_the_drawer_lies_over_the_list(bench: Bench):
    bench.page.set_narrow(True)
    bench.page.action_table.trigger("board.add")
    drawer = bench.page.drawer
    assert drawer is not None
    assert drawer.parentWidget() is bench.page.below
    assert bench.page.side.isVisible()
    assert bench.page.search_box.isVisible()
    QApplication.processEvents()
    assert bench.page.list.geometry().right() < drawer.x()
    bench.page.set_narrow(False)
    QApplication.processEvents()
    assert (
        bench.page.list.mapTo(bench.page, bench.page.list.rect().topRight()).x()
        < drawer.mapTo(bench.page, drawer.rect().topLeft()).x()
    )
    bench.page.drawer.close_form()
    QApplication.processEvents()
    assert bench.page.list.geometry().right() == bench.page.side.x() - 2


def test_the_keyboard_skips_headings(bench: Bench):
    seen = []
    for _ in range(bench.page.model.rowCount()):
        line = bench.page.list.line
        seen.append(line.code if line is not None else "")
        bench.qtbot.keyClick(bench.page.list, Qt.Key.Key_Down)
    assert list(dict.fromkeys(seen)) == ["A01", "X01", "A02", "B01", "C01"]


def test_a_search_goes_to_the_palette(bench: Bench):
    with bench.qtbot.waitSignal(bench.page.open_requested) as asked:
        bench.qtbot.keyClicks(bench.page.search_box, "z")
    assert asked.args == ["palette", "z"]


def test_an_empty_day_says_so(small: Small, qtbot: QtBot):
    verbs.choose_rule(small.shop, rule="import_today", enabled=False)
    bench = Bench(small, qtbot)
    assert bench.page.below.nothing.isVisible()
    assert bench.page.below.nothing.heading == "Nothing on the list"
    small.shop.listeners.clear()
    bench.worker.stop()


def test_the_rail_counts_what_the_page_shows(bench: Bench):
    assert store.waiting(bench.small.shop.reader()) == (4, 1)
    words.use_language("en")


def test_what_the_data_ticked_cannot_be_ticked_by_hand(bench: Bench):
    assert bench.page.action_table.available("board.tick")
    done = next(line for line in bench.page.board.lines if line.done and not line.by_hand)
    bench.choose(*done.key)
    assert bench.page.list.line is not None
    assert not bench.page.action_table.available("board.tick")
