"""Undo and redo that take long are told in the window and hold up nothing."""

from __future__ import annotations

import threading

import pytest

from shopdesk.core import settings, words
from shopdesk.ui.undoing import TOLD_AFTER_MS
from tests.ui.kit import settle


@pytest.fixture
def step(program) -> int:
    with program.shop.change("First", "settings") as db:
        settings.put(db, "cutoff", "16:00")
    return program.shop.last_step().id


def _held_up(window) -> threading.Event:
    """Something long is being written: what comes next waits for it, as for a large step."""
    go_on = threading.Event()
    window.desk.worker.write(lambda _task: go_on.wait(20))
    return go_on


def _strip(window):
    return window.pages.page(window.pages.current).progress_strip


@pytest.mark.parametrize(
    ("act", "said", "told"),
    [
        (lambda window, step: window.undoing.undo(), "Undoing", "Undone"),
        (lambda window, step: window.undoing.undo_step(step), "Undoing", "Undone"),
        (lambda window, step: window.pages.page("orders").page_acts.undo_step(step), "Undoing", "Undone"),
        (lambda window, step: window.undoing.redo(), "Redoing", "Done again"),
    ],
)
def test_what_takes_long_is_told_and_follows_the_owner(program, window, step, qtbot, act, said, told):
    words.use_language("en")
    window.open_page("orders")
    settle(program)
    if told == "Done again":
        program.shop.undo()
    go_on = _held_up(window)
    act(window, step)
    strip = _strip(window)
    qtbot.waitUntil(lambda: strip.said == said, timeout=5000)
    go_on.set()
    qtbot.waitUntil(lambda: told in window.toast.text, timeout=5000)
    assert strip.said == ""
    assert settings.get(program.shop.reader(), "cutoff") == ("16:00" if told == "Done again" else "17:00")
    settle(program)


def test_it_goes_along_to_another_page(program, window, step, qtbot):
    window.open_page("orders")
    settle(program)
    go_on = _held_up(window)
    window.undoing.undo()
    first = _strip(window)
    qtbot.waitUntil(lambda: bool(first.said), timeout=5000)
    window.open_page("customers")
    qtbot.waitUntil(lambda: bool(_strip(window).said), timeout=5000)
    assert _strip(window) is not first
    assert first.said == ""
    go_on.set()
    qtbot.waitUntil(lambda: _strip(window).said == "", timeout=5000)
    settle(program)


def test_a_refusal_takes_the_sign_away_and_a_short_one_shows_none(program, window, step, qtbot):
    window.open_page("orders")
    settle(program)
    window.undoing.undo_step(step)
    qtbot.waitUntil(lambda: "Undone" in window.toast.text)
    qtbot.wait(2 * TOLD_AFTER_MS)
    assert _strip(window).said == ""
    go_on = _held_up(window)
    window.undoing.undo_step(step)
    qtbot.waitUntil(lambda: bool(_strip(window).said), timeout=5000)
    go_on.set()
    qtbot.waitUntil(lambda: "already" in window.toast.text, timeout=5000)
    assert _strip(window).said == ""
    settle(program)
