"""Crash window, settings, welcome, palette's matching and sums, remembered things, leaving."""

import stat
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QPushButton

from shopdesk.core.words import use_language
from shopdesk.ui.background import beside
from shopdesk.ui.crash import CrashWindow, details
from shopdesk.ui.guard import CrashGuard
from shopdesk.ui.leaving import Leaving
from shopdesk.ui.matching import match
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.sums import work_out
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.welcome import Welcome
from shopdesk.ui.welcome_parts import BigButton, RecentShop


def failed(buyer):
    try:
        raise KeyError(buyer)
    except KeyError:
        return sys.exc_info()


# crash


def test_the_details_hold_no_names_and_no_orders(qapp):
    text = details(*failed("小满不是大满 2386041277552100000"))
    assert "KeyError" in text
    assert "小满" not in text
    assert "2386041277552100000" not in text
    assert "test_window_parts.py" in text


def test_the_details_say_what_the_database_says_of_tables_but_not_what_was_typed(qapp, shop):
    for question, kept in (
        ("SELECT x FROM unknown_table", True),
        ("SELECT * FROM search_orders WHERE words MATCH '小满 \"'", False),
    ):
        try:
            shop.reader().execute(question)
        except Exception:
            text = details(*sys.exc_info())
            assert ("unknown_table" in text.rsplit("\n", 1)[1]) is kept
            assert "小满" not in text.rsplit("\n", 1)[1]


def test_the_crash_window_says_what_is_safe_and_copies(qtbot):
    window = CrashWindow(None, details(*failed("x")), "9 orders marked shipped · 14:02")
    qtbot.addWidget(window)
    window.copy()
    assert QApplication.clipboard().text() == window.text
    said = " ".join(label.text() for label in window.findChildren(PlainLabel))
    assert "9 orders marked shipped" in said


def button_of(window, words):
    return next(button for button in window.findChildren(QPushButton) if words in button.text())


def test_the_crash_window_saves_its_text_for_the_owner_alone(qtbot, tmp_path):
    window = CrashWindow(None, details(*failed("x")), "")
    qtbot.addWidget(window)
    window.show()
    button_of(window, "Save report…").click()
    dialog = window.findChild(QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit(str(tmp_path / "report.txt"))
    dialog.close()
    assert (tmp_path / "report.txt").read_text("utf-8") == window.text
    assert stat.S_IMODE((tmp_path / "report.txt").stat().st_mode) == 0o600
    assert button_of(window, "Saved").isVisible()


def test_what_the_disk_refuses_is_said_in_the_crash_window_until_it_is_saved(qtbot, tmp_path):
    window = CrashWindow(None, details(*failed("x")), "")
    qtbot.addWidget(window)
    window.show()

    def said():
        return [label.text() for label in window.findChildren(PlainLabel) if label.isVisible()][-1]

    before = window.height()
    window.save(str(tmp_path / "nowhere" / "report.txt"))
    assert said().startswith("“report.txt” could not be written: the file or its folder is not there.")
    assert button_of(window, "Save report…").isVisible()
    qtbot.waitUntil(lambda: window.height() > before)
    window.save(str(tmp_path / "report.txt"))
    assert "could not be written" not in said()
    qtbot.waitUntil(lambda: window.height() == before)


def test_the_crash_window_is_as_high_as_what_it_shows(qtbot):
    window = CrashWindow(None, details(*failed("x")), "9 orders marked shipped · 14:02")
    qtbot.addWidget(window)
    window.show()
    text = window.findChild(QPlainTextEdit)
    qtbot.waitUntil(text.isVisible)
    whole, of_it = window.height(), text.height()
    fold = next(button for button in window.findChildren(QPushButton) if "for the maker" in button.text())
    fold.click()
    qtbot.waitUntil(lambda: window.height() <= whole - of_it)
    fold.click()
    qtbot.waitUntil(lambda: window.height() == whole)


def test_one_window_at_a_time(qtbot, capsys):
    guard = CrashGuard(lambda: "")
    guard.caught(*failed("a"))
    first = guard.window
    guard.caught(*failed("b"))
    assert guard.window is first
    first.accept()
    qtbot.waitUntil(lambda: guard.window is None)
    assert capsys.readouterr().err.count("\nKeyError\n") == 2


# welcome


def test_the_welcome_page_asks_for_what_was_chosen(qtbot, tmp_path):
    file = tmp_path / "muhe.shop"
    file.write_bytes(b"x")
    page = Welcome(lambda: [(file, "Muhe", "2026-11-24 09:00:00")])
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    new, open_, demo = page.findChildren(BigButton)
    for button, asked in ((new, page.new_requested), (open_, page.open_requested), (demo, page.demo_requested)):
        with qtbot.waitSignal(asked):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.shop_requested) as chosen:
        qtbot.mouseClick(page.findChild(RecentShop), Qt.MouseButton.LeftButton)
    assert chosen.args == [file]
    with qtbot.waitSignal(page.demo_requested):
        qtbot.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)


# palette


@pytest.mark.parametrize(
    ("typed", "text", "spans"),
    [("fh", "标为已发货", [(3, 2)]), ("fahuo", "标为已发货", [(3, 2)]), ("fah", "标为已发货", [(3, 2)]),
     ("ship mark", "Mark shipped", [(0, 4), (5, 4)]), ("", "anything", []), ("xx", "标为已发货", None)],
)  # fmt: skip
def test_commands_are_found_by_parts_pinyin_and_initials(typed, text, spans):
    assert match(typed, text) == spans


@given(st.text(max_size=12), st.text(max_size=12))
def test_matching_never_fails_and_marks_only_inside(typed, text):
    spans = match(typed, text)
    assert spans is None or all(at >= 0 and at + length <= len(text) + len(text) for at, length in spans)


@pytest.mark.parametrize(
    ("text", "result"),
    [("1+2*3", "7"), ("(1.1+2.2)*3", "9.9"), ("10/4", "2.5"), ("1/3", "0.333333"), ("1,000+1", "1,001"),
     ("-5", "-5"), ("38%", "0.38"), ("", ""), ("1/0", ""), ("__import__('os')", ""), ("9**9", ""), ("1e999*9", ""),
     ("True+1", ""), ("¥129×3", "387")],
)  # fmt: skip
def test_sums(text, result):
    assert work_out(text) == result


@given(st.text(alphabet="0123456789.+-*/() e", max_size=30))
def test_sums_never_fail(text):
    assert isinstance(work_out(text), str)


# remembered


def test_preferences_survive_and_spoilt_ones_are_the_default(qapp):
    prefs = Prefs()
    prefs.put("theme", "dark")
    prefs.put("rail_collapsed", True)
    prefs.put("geometry", QByteArray(b"abc"))
    prefs.sync()
    again = Prefs()
    assert again.choice("theme", ("light", "dark"), "light") == "dark"
    assert again.flag("rail_collapsed")
    assert again.data("geometry") == QByteArray(b"abc")
    prefs.put("theme", "purple")
    assert prefs.choice("theme", ("light", "dark"), "light") == "light"


def test_recent_shops_are_few_newest_first_and_there(qapp, tmp_path):
    prefs = Prefs()
    for number in range(12):
        file = tmp_path / f"{number}.shop"
        file.write_bytes(b"")
        prefs.opened(file, str(number), lambda: datetime(2026, 11, 24))
    (tmp_path / "11.shop").unlink()
    names = [path.name for path, _, _ in Prefs().recent()]
    assert names[0] == "10.shop"
    assert len(names) == 7


# leaving


def test_a_backup_that_fails_at_the_end_can_be_left_or_stayed(qtbot):
    window = QPushButton()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    left, stayed = [], []
    card = Leaving(window)
    card.say("The disk is full.", lambda: left.append(1), lambda: stayed.append(1))
    close, stay = card.findChildren(QPushButton)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(stay, Qt.MouseButton.LeftButton)
    assert (left, stayed) == ([1], [1])


def test_background_work_answers_on_the_main_thread(qtbot):
    answers: list[object] = []
    beside(lambda: 6 * 7, answers.append)
    beside(lambda: Path("/nowhere/at/all").read_text("utf-8"), None, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert 42 in answers
    assert any(isinstance(answer, FileNotFoundError) for answer in answers)


def test_chinese_is_complete_for_the_frame(qapp):
    use_language("zh_CN")
    page = Welcome(list)
    texts = [button.text() for button in page.findChildren(BigButton)]
    assert not any(text.isascii() for text in texts)
    page.deleteLater()
