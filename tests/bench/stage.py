"""A page on a stage: the shop, the worker and one page without the rest of the window, to be clocked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop

from shopdesk.app import application
from shopdesk.core.shop import Shop
from shopdesk.ui.desk import Desk
from shopdesk.ui.messages import Messages
from shopdesk.ui.theme import theme
from shopdesk.ui.worker import Worker

PATIENCE_S = 60
SIZE = (1280, 800)


@contextmanager
def desk(path: Path) -> Iterator[Desk]:
    """What the window gives every page, on a shop opened for reading."""
    application()
    theme().apply()
    shop = Shop.open(path, write=False)
    worker = Worker(shop)
    try:
        yield Desk(shop, worker, Messages())
    finally:
        worker.stop()
        shop.close()


def show(page: Any) -> None:
    """Bring a page to the front at the size of the promises."""
    page.resize(*SIZE)
    page.show()
    page.shown()


def settle(worker: Worker) -> None:
    """Turn the event loop until the worker has nothing more to give."""
    deadline = time.monotonic() + PATIENCE_S
    while worker.busy:
        assert time.monotonic() < deadline, "the worker does not come to rest"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        time.sleep(0.0002)
    QCoreApplication.processEvents()


def painted(page: Any, act: Callable[[], object]) -> tuple[float, float]:
    """Clock `act` until its answer is on the screen: (whole ms, longest ms that the main thread was blocked)."""
    start = last = time.perf_counter()
    longest = 0.0
    act()
    deadline = start + PATIENCE_S
    while True:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        now = time.perf_counter()
        longest = max(longest, now - last)
        if not page.worker.busy:
            break
        assert now < deadline, "the worker does not come to rest"
        last = now
        time.sleep(0.0002)
        last = max(last, time.perf_counter() - 0.0002)
    start_paint = time.perf_counter()
    page.grab()
    longest = max(longest, time.perf_counter() - start_paint)
    return (time.perf_counter() - start) * 1000, longest * 1000
