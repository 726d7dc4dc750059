"""The lock that comes by itself: it counts from the last touch, also through the sleep of a laptop."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from shopdesk.ui.idle import Idle

MINUTE = 60


class Clocks:
    """Two clocks that are set by hand."""

    def __init__(self):
        self.steady = 1000.0
        self.wall = 1_800_000_000.0

    def __call__(self):
        return self.steady, self.wall

    def go(self, seconds, *, asleep=False):
        self.wall += seconds
        self.steady += 0 if asleep else seconds


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def part(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isVisible)
    return made


@pytest.fixture
def idle(part, clocks):
    made = Idle(part, clocks)
    made.times = 0

    def count():
        made.times += 1

    made.over.connect(count)
    yield made
    made.stop()


def test_it_is_over_after_the_minutes_set_and_tells_it_once(idle, clocks):
    idle.start(10)
    clocks.go(10 * MINUTE - 1)
    assert not idle.look()
    clocks.go(1)
    assert idle.look()
    clocks.go(MINUTE)
    assert not idle.look()
    assert idle.times == 1


@pytest.mark.parametrize("touch", ["key", "press", "move"])
def test_a_touch_begins_the_count_anew(idle, clocks, part, qtbot, touch):
    idle.start(10)
    clocks.go(9 * MINUTE)
    window = part.windowHandle()
    if touch == "key":
        qtbot.keyClick(window, Qt.Key.Key_A)
    elif touch == "press":
        qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    else:
        qtbot.mouseMove(window, QPoint(7, 7))
    clocks.go(9 * MINUTE)
    assert not idle.look()
    assert idle.seconds() == 9 * MINUTE


def test_never_is_never(idle, clocks):
    idle.start(0)
    clocks.go(1000 * MINUTE)
    assert not idle.look()
    assert idle.times == 0


def test_the_sleep_of_the_laptop_counts_and_the_first_key_after_it_goes_nowhere(idle, clocks, part, qtbot):
    heard = []
    part.keyPressEvent = heard.append
    idle.start(10)
    qtbot.keyClick(part.windowHandle(), Qt.Key.Key_A)
    clocks.go(600 * MINUTE, asleep=True)
    qtbot.keyPress(part.windowHandle(), Qt.Key.Key_B)
    assert idle.times == 1
    assert len(heard) == 1


def test_a_clock_that_is_set_back_does_not_keep_it_open(idle, clocks):
    idle.start(10)
    clocks.wall -= 86400
    clocks.steady += 10 * MINUTE
    assert idle.look()


def test_a_window_that_came_later_is_listened_to(idle, clocks, qtbot):
    idle.start(10)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(other.isVisible)
    idle.look()
    clocks.go(9 * MINUTE)
    qtbot.keyClick(other.windowHandle(), Qt.Key.Key_A)
    clocks.go(9 * MINUTE)
    assert not idle.look()
