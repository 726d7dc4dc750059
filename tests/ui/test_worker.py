"""The worker: answers on the main thread, the newest wins, refusals are told, nothing is left running."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from weakref import finalize

import pytest
from pytestqt.qtbot import QtBot

from shopdesk.app import Program
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_
from shopdesk.ui.background import Background, beside
from shopdesk.ui.messages import Level, Messages
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.sweeping import Sweeper
from shopdesk.ui.worker import Task, Worker

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def worker(shop: Shop, qtbot: QtBot) -> Iterator[Worker]:
    made = Worker(shop)
    yield made
    made.stop()
    assert not [t for t in threading.enumerate() if t.name in {"reader", "writer"} and t.is_alive()]


def test_an_answer_comes_back_on_the_main_thread(worker: Worker) -> None:
    got: list[object] = []
    worker.submit(
        lambda con: (con.execute("SELECT 41 + 1").fetchone()[0], threading.current_thread().name),
        lambda answer: got.append((*answer, threading.current_thread() is threading.main_thread())),
    )
    assert worker.wait_idle()
    assert got == [(42, "reader", True)]


def test_the_newest_answer_wins_and_the_older_query_is_interrupted(worker: Worker) -> None:
    got: list[int] = []
    worker.submit(lambda con: con.execute(ENDLESS).fetchone(), lambda row: got.append(0), key="sales")
    worker.submit(lambda con: 1, got.append, key="sales")
    worker.submit(lambda con: 2, got.append, key="sales")
    worker.submit(lambda con: 3, got.append, key="other")
    assert worker.wait_idle()
    assert got == [2, 3]


def test_cancelled_work_gives_no_answer(worker: Worker) -> None:
    got: list[int] = []
    started = threading.Event()

    def slowly(_con: object, task: Task) -> int:
        started.set()
        while True:
            task.check()
            time.sleep(0.002)

    worker.submit(slowly, got.append, key="slow")
    assert started.wait(2)
    worker.cancel("slow")
    assert worker.wait_idle()
    assert got == []


def test_a_refusal_goes_to_whoever_asked(worker: Worker) -> None:
    told: list[str] = []

    def refuse(_con: object) -> None:
        raise ShopError(N_("Not now."))

    worker.submit(refuse, None, lambda error: told.append(str(error)))
    assert worker.wait_idle()
    assert told == ["Not now."]


def test_a_mistake_of_ours_is_raised_on_the_main_thread(worker: Worker, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as raised:
        worker.submit(lambda con: 1 // 0, None, lambda error: None)
        assert worker.wait_idle()
    assert raised[0][0] is ZeroDivisionError


def test_long_writes_have_a_lane_of_their_own_and_tell_how_far_they_are(worker: Worker, shop: Shop) -> None:
    got: list[object] = []
    seen: list[tuple[str, int, int]] = []
    worker.progressed.connect(lambda key, done, total, text: seen.append((key, done, total)))

    def write(task: Task) -> str:
        with shop.change(N_("Channel"), "channels") as db:
            db.execute("INSERT INTO channels (platform, name, currency) VALUES ('x', 'y', 'CNY')")
        task.progress(2, 2)
        return threading.current_thread().name

    worker.write(write, got.append, key="long")
    worker.submit(lambda con: "read", got.append)
    assert worker.wait_idle()
    assert sorted(map(str, got)) == ["read", "writer"]
    assert seen == [("long", 2, 2)]


@pytest.fixture
def collecting() -> Iterator[set[str]]:
    """The names of the threads in which Python collects garbage."""
    threads: set[str] = set()

    def look(phase: str, _info: object) -> None:
        threads.add(threading.current_thread().name)

    gc.callbacks.append(look)
    yield threads
    gc.callbacks.remove(look)


def test_garbage_is_never_collected_in_the_workers_thread(shop: Shop, qtbot: QtBot, collecting: set[str]) -> None:
    made = Worker(shop)
    made.submit(lambda con: [[number] for number in range(300_000)])
    assert made.wait_idle()
    assert "reader" not in collecting
    made.stop()


def test_garbage_is_never_collected_beside_the_window(qtbot: QtBot, collecting: set[str]) -> None:
    done: list[int] = []
    beside(lambda: len([[number] for number in range(300_000)]), done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert "background" not in collecting


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if nothing had a sweeper yet."""
    monkeypatch.setattr(Sweeper, "_held", 0)
    monkeypatch.setattr(Sweeper, "_timer", None)
    gc.enable()
    yield
    gc.disable()


def test_the_last_to_stop_gives_the_garbage_back_to_python(qapp: object, alone: None) -> None:
    one, other = Sweeper(), Sweeper()
    one.stop()
    one.stop()
    assert not gc.isenabled()
    other.stop()
    assert gc.isenabled()


def test_as_long_as_there_is_a_program_python_collects_nothing_by_itself(qtbot: QtBot, alone: None) -> None:
    program = Program(Prefs())
    beside(lambda: 1)
    qtbot.waitUntil(lambda: not Background._alive)
    assert not gc.isenabled()
    program.stop()
    assert gc.isenabled()
    program.window.close_now()


def test_a_thread_is_never_the_last_to_hold_what_waits_for_its_answer(worker: Worker, qtbot: QtBot) -> None:
    class Asker:
        def hear(self, _answer: object) -> None:
            pass

    freed: list[str] = []
    for ask in (worker.submit, lambda fn, done: worker.write(lambda _task: fn(None), done), beside_the_window):
        asker = Asker()
        finalize(asker, lambda: freed.append(threading.current_thread().name))
        ask(lambda _con, _held=asker: 1, asker.hear)
        del asker
    worker.wait_idle()
    worker.submit(lambda con: 2)
    worker.write(lambda task: 2)
    worker.wait_idle()
    qtbot.waitUntil(lambda: len(freed) == 3)
    assert set(freed) == {"MainThread"}


def beside_the_window(fn: Callable[[object], object], done: Callable[[object], None]) -> None:
    beside(lambda: fn(None), done)


def test_messages_are_recorded_in_the_owners_words() -> None:
    messages = Messages()
    said = messages.record()
    messages.done("Marked 4 shipped", step=7)
    messages.error(ShopError(N_("Not now."), fix=N_("Later.")))
    messages.warning("Look", fix="here", link=("Open", lambda: None))
    messages.info("Fine")
    assert [m.level for m in said] == [Level.DONE, Level.ERROR, Level.WARNING, Level.INFO]
    assert said[0].step == 7
    assert said[1].whole() == "Not now. Later."
    assert said[2].link is not None
