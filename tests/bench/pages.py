"""Tables: open a page, change the view, sort by any column; wheel, page and jump over a million rows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from shopdesk.ui.table_rows import Block
from tests.bench import stage
from tests.bench.harness import Row, p95

PAGES = ("orders", "inventory", "customers", "reviews")
ACT_MS, WHEEL_MS, JUMP_MS = 100.0, 8.0, 16.0
STEPS = 60


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """The largest shop against the smallest for acts; against a list in memory for scrolling."""
    acts: dict[int, list[float]] = {}
    for size, path in shops.items():
        acts[size] = []
        for name in PAGES:
            acts[size] += _acts(path, name, max(1, rounds // 3))
    small, large = min(acts), max(acts)
    yield Row(
        f"open, change view, sort by any column, p95, {large:,} against {small:,}",
        p95(acts[large]), p95(acts[small]), 1.5, budget=ACT_MS,
    )  # fmt: skip
    yield from _scrolling(large, shops[large])


def _acts(path: Path, name: str, rounds: int) -> list[float]:
    return [spent for _ in range(rounds) for spent in _acts_once(path, name)]


def _acts_once(path: Path, name: str) -> list[float]:
    with stage.desk(path) as desk:
        page = import_module(f"shopdesk.{name}.page").PAGE(desk)
        page.resize(*stage.SIZE)
        page.show()
        keys = page.chips.keys()
        acts = [page.shown, *(partial(page.show_view, key) for key in keys)]
        found = [_rows_painted(page, act) for act in acts]
        found += [_rows_painted(page, partial(_click, page, at)) for at in _sortable(page)]
        _close(page)
    return found


def _close(page: Any) -> None:
    page.close()
    page.deleteLater()
    QCoreApplication.processEvents()


def _sortable(page: Any) -> list[int]:
    header = page.table.horizontalHeader()
    if header.isHidden():
        return []
    return [at + 1 for at, column in enumerate(page.rows.columns) if column.sort and not header.isSectionHidden(at + 1)]


def _click(page: Any, section: int) -> None:
    header = page.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(section) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def _rows_painted(page: Any, act: Callable[[], object]) -> float:
    """From the act to its first rows on the screen, ms; then the worker comes to rest, not clocked."""
    start = time.perf_counter()
    act()
    while not (page.rows.rowCount() or page.rows.is_settled):
        QCoreApplication.processEvents()
    page.table.viewport().grab()
    spent = (time.perf_counter() - start) * 1000
    stage.settle(page.worker)
    return spent


def _scrolling(size: int, path: Path) -> Iterator[Row]:
    with stage.desk(path) as desk:
        page = import_module("shopdesk.orders.page").PAGE(desk)
        stage.show(page)
        stage.settle(desk.worker)
        page.show_view("all")
        stage.settle(desk.worker)
        ours = _scroll(page)
        _keep_in_memory(page)
        floor = _scroll(page)
        for title, budget in (("wheel", WHEEL_MS), ("page", JUMP_MS), ("jump anywhere", JUMP_MS)):
            yield Row(f"scroll {size:,} rows: {title}, p95", p95(ours[title]), p95(floor[title]), 1.5, budget=budget)
        _close(page)


def _keep_in_memory(page: Any) -> None:
    """Let the same view run over rows that lie in memory: what Qt and the painting alone cost."""
    store = page.rows.store
    first = [store.row_at(at) for at in range(256)]
    ids = [row["id"] for row in first]

    def load(number: int) -> Block:
        at = number * 64 % 256
        return Block(ids[at : at + 64], first[at : at + 64])

    store._load = load
    store._blocks.clear()


def _scroll(page: Any) -> dict[str, list[float]]:
    dice = random.Random(7)
    bar = page.table.verticalScrollBar()
    places = [dice.randrange(bar.maximum()) for _ in range(STEPS)]
    bar.setValue(bar.maximum() // 3)
    return {
        "wheel": [_shown(page, lambda: _wheel(page)) for _ in range(STEPS)],
        "page": [_shown(page, lambda: bar.setValue(bar.value() + bar.pageStep())) for _ in range(STEPS)],
        "jump anywhere": [_shown(page, lambda at=at: bar.setValue(at)) for at in places],
    }


def _shown(page: Any, act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    QCoreApplication.processEvents()
    return (time.perf_counter() - start) * 1000


def _wheel(page: Any) -> None:
    view = page.table.viewport()
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle, QPointF(view.mapToGlobal(view.rect().center())), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QCoreApplication.sendEvent(view, event)
