"""Leaving a shop, wherever to: typed text is asked about once, and a last backup is made beside the window."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from shopdesk.core import backup, keys, shelf
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.shop import Shop
from shopdesk.ui import safekeeping
from shopdesk.ui.form import Form, TextField
from shopdesk.ui.leaving import Leaving
from shopdesk.ui.lock_page import LockPage
from tests.ui.kit import settle

CONTROL = Qt.KeyboardModifier.ControlModifier
NOTE = "ring twice at the green gate"
QUESTION = "“Note” is not saved yet. What was typed would be lost."


@pytest.fixture
def other(tmp_path) -> Path:
    made = Shop.create(tmp_path / "other.shop", name="Other")
    made.close()
    return made.path


@pytest.fixture
def secret(tmp_path) -> Path:
    """A shop under a password."""
    Shop.create(tmp_path / "secret.shop", name="Secret", key=keys.Key.random()).close()
    return tmp_path / "secret.shop"


def card(program) -> Leaving | None:
    return next((part for part in program.window.findChildren(Leaving) if part.isVisible()), None)


def said(program) -> str:
    shown = card(program)
    return shown._text.text() if shown is not None else ""


def press(program, label: str) -> None:
    shown = card(program)
    assert shown is not None
    next(button for button in shown.findChildren(QPushButton) if button.text() == label).click()
    QApplication.sendPostedEvents(shown, 52)  # DeferredDelete: the next card is another


def close_by_key(program, qtbot) -> None:
    qtbot.waitUntil(program.window.isActiveWindow)
    qtbot.keyClick(program.window.windowHandle(), Qt.Key.Key_W, CONTROL)


def reasons(file: Path) -> list[str]:
    return [made.why for made in backup.listed(file)]


# the last backup


def test_closing_the_shop_by_key_makes_the_last_backup(program, window, file, qtbot):
    close_by_key(program, qtbot)
    qtbot.waitUntil(lambda: window.welcome is not None, timeout=10000)
    assert reasons(file) == ["exit"]
    assert card(program) is None
    Shop.open(file).close()


def test_opening_another_makes_the_last_backup_of_the_first(program, window, file, other, qtbot):
    window.open_requested.emit(other)
    qtbot.waitUntil(lambda: program.shop is not None and program.shop.path == other, timeout=10000)
    settle(program)
    assert reasons(file) == ["exit"]
    Shop.open(file).close()


def test_the_window_is_not_held_up_by_it(program, window, other, monkeypatch, qtbot):
    begun, go_on = Event(), Event()

    def make(_shop: Shop) -> None:
        begun.set()
        assert go_on.wait(10)

    monkeypatch.setattr(safekeeping, "made_at_the_end", make)
    window.open_requested.emit(other)
    qtbot.waitUntil(begun.is_set)
    assert said(program) == "Making the backup of today…"
    assert program.shop.path.name == "muhe.shop"
    go_on.set()
    qtbot.waitUntil(lambda: program.shop.path == other)
    assert card(program) is None


@pytest.mark.parametrize("answer", ["Stay", "Close anyway"])
def test_a_last_backup_that_was_refused_is_the_owners_to_judge(program, window, other, monkeypatch, qtbot, answer):
    def refuse(_shop: Shop) -> None:
        raise DiskTrouble("The disk is full.")

    monkeypatch.setattr(safekeeping, "made_at_the_end", refuse)
    window.open_requested.emit(other)
    qtbot.waitUntil(lambda: said(program) == "The disk is full.")
    press(program, answer)
    assert program.shop.path.name == ("muhe.shop" if answer == "Stay" else "other.shop")
    if answer == "Stay":
        Shop.open(other).close()
    settle(program)


def test_a_fault_of_ours_at_the_last_backup_is_told_in_plain_words(program, window, other, monkeypatch, qtbot):
    def stumble(_shop: Shop) -> None:
        raise AttributeError("module 'shopdesk.core.backup' has no attribute 'make'")

    monkeypatch.setattr(safekeeping, "made_at_the_end", stumble)
    with qtbot.captureExceptions() as caught:
        window.open_requested.emit(other)
        qtbot.waitUntil(lambda: said(program).startswith("The backup was not written"))
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert caught[0][0] is AttributeError
    assert "The shop itself is as it was" in said(program)
    assert "attribute" not in said(program)
    press(program, "Stay")
    assert program.shop.path.name == "muhe.shop"
    Shop.open(other).close()


def test_the_cross_while_the_last_backup_is_made_closes_the_window_after_it(program, window, file, other, qtbot):
    window.open_requested.emit(other)
    assert card(program) is not None
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10000)
    assert reasons(file) == ["exit"]
    Shop.open(other).close()


@pytest.fixture
def last(monkeypatch):
    """Last backups that are begun and wait until they are let go."""
    begun, go_on = Event(), Event()

    def make(_shop: Shop) -> None:
        begun.set()
        assert go_on.wait(20)

    monkeypatch.setattr(safekeeping, "made_at_the_end", make)
    yield begun, go_on
    go_on.set()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_of_two_shops_asked_for_while_it_is_made_the_second_is_opened(program, window, other, last, tmp_path, qtbot):
    third = tmp_path / "third.shop"
    Shop.create(third, name="Third").close()
    window.open_requested.emit(other)
    program.raise_window(third)
    assert program.shop.path.name == "muhe.shop"
    Shop.open(other).close()
    last[1].set()
    qtbot.waitUntil(lambda: program.shop is not None and program.shop.path == third)
    settle(program)


def test_a_shop_that_comes_while_the_window_is_being_closed_does_not_keep_it(program, window, other, last, qtbot):
    window.close()
    window.open_requested.emit(other)
    last[1].set()
    qtbot.waitUntil(lambda: not window.isVisible())
    Shop.open(other).close()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_last_backup_of_one_shop_closes_no_other(program, other, tmp_path, last, qtbot):
    """Another shop waits behind the lock; the owner would rather close all, then types the password after all."""
    key = keys.of_password("four plain words here", keys.new_salt())
    Shop.create(tmp_path / "locked.shop", name="Locked", key=key).close()
    program.start(None)
    program.opening.open(tmp_path / "locked.shop", key)
    qtbot.waitUntil(program.window.isVisible)
    settle(program)
    program.window.open_requested.emit(other)
    program.locks.lock()
    lock = program.window.centralWidget().currentWidget()
    last[1].set()
    qtbot.waitUntil(lambda: bool(program.locks._waiting))
    last[0].clear(), last[1].clear()
    lock.another_requested.emit()
    qtbot.waitUntil(last[0].is_set)
    lock.tried.emit("four plain words here")
    qtbot.waitUntil(lambda: not program.locks.locked and not program.locks._waiting, timeout=20000)
    assert program.shop.path.name == "locked.shop"
    last[1].set()
    qtbot.waitUntil(lambda: program.shop is not None and program.shop.path == other)
    settle(program)
    assert program.window.welcome is None


# typed text


@pytest.fixture
def form(program, window) -> Form:
    """A form with typed text."""
    return typed(program)


def typed(program) -> Form:
    program.window.open_page("orders")
    settle(program)
    made = Form("Note", [TextField("note", "Note")], save="Save", on_save=lambda _values: None)
    program.window.pages.page("orders").show_form(made)
    made.field("note").editor.setText(NOTE)
    return made


def by_key(program, _other: Path, _secret: Path, qtbot) -> None:
    close_by_key(program, qtbot)


def by_second_start(program, other: Path, _secret: Path, _qtbot) -> None:
    program.raise_window(other)


def by_protected(program, _other: Path, secret: Path, _qtbot) -> None:
    program.window.open_requested.emit(secret)


def by_new(program, other: Path, _secret: Path, _qtbot) -> None:
    program.window.new_requested.emit(other.with_name("new.shop"))


def by_password(program, _other: Path, _secret: Path, _qtbot) -> None:
    program.window.desk.protect("four plain words here")


def by_looking(program, _other: Path, _secret: Path, _qtbot) -> None:
    backup.make(program.shop, why="asked")
    program.coming_back.look(shelf.look(program.shop.path, program.shop.reader())[0])


def by_restoring(program, _other: Path, _secret: Path, _qtbot) -> None:
    backup.make(program.shop, why="asked")
    program.coming_back.restore(shelf.look(program.shop.path, program.shop.reader())[0], lambda _said: None)


WAYS = (by_key, by_second_start, by_protected, by_new, by_password, by_looking, by_restoring)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("way", WAYS)
def test_typed_text_is_asked_about_and_stays_with_the_owner(program, window, form, other, secret, qtbot, way):
    before = program.shop
    way(program, other, secret, qtbot)
    qtbot.waitUntil(lambda: said(program) == QUESTION, timeout=20000)
    press(program, "Stay")
    settle(program)
    assert program.shop is before
    assert window.pages.page("orders").drawer.form is form
    assert form.field("note").editor.text() == NOTE
    assert program.coming_back.live is None
    assert not list(other.parent.glob("new.shop*"))
    for path in (other, before.path):
        assert not list(path.parent.rglob("*.part*"))
    Shop.open(other).close()
    form.closed.emit()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("way", WAYS)
def test_and_goes_when_the_owner_says_so(program, window, form, other, secret, qtbot, way):
    before = program.shop
    way(program, other, secret, qtbot)
    qtbot.waitUntil(lambda: said(program) == QUESTION, timeout=20000)
    press(program, "Go on without saving")
    qtbot.waitUntil(lambda: program.shop is not before and card(program) is None, timeout=20000)
    if way is by_protected:
        assert isinstance(window.centralWidget().currentWidget(), LockPage)
    if way is by_password:
        qtbot.waitUntil(lambda: type(window.centralWidget().currentWidget()).__name__ == "RecoveryCard", timeout=20000)
        window.centralWidget().currentWidget().passed.emit()
    if way is by_restoring:
        qtbot.waitUntil(lambda: program.shop is not None, timeout=20000)
    settle(program) if program.worker is not None else QApplication.processEvents()


def test_a_way_out_of_a_damaged_file_asks_too(program, window, form, file, qtbot):
    rescuing = program.opening.rescuing
    rescuing.offer(file, working=True)
    qtbot.waitUntil(rescuing.window.isVisible, timeout=20000)
    rescuing.window.chosen.emit("repair")
    assert said(program) == QUESTION
    assert not rescuing.window.isVisible()
    press(program, "Stay")
    assert form.field("note").editor.text() == NOTE
    assert rescuing.window.isVisible()
    rescuing.window.reject()
    form.closed.emit()


def test_the_cross_asks_as_ever(program, window, form):
    window.close()
    assert said(program) == QUESTION
    press(program, "Stay")
    assert window.isVisible()
    window.close()
    press(program, "Close without saving")
