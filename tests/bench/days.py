"""Today with all rules and Metrics of 90 days, to painted, and how long the main thread is blocked meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.bench import stage
from tests.bench.harness import Row, medians

BUDGET_MS = 150
BLOCKED_MS = 50


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """The largest shop against the smallest."""
    for title, module, what in (
        ("Today, all rules", "shopdesk.board.page", None),
        ("Metrics, 90 days", "shopdesk.metrics.page", "90"),
    ):
        shown: dict[int, float] = {}
        for size, path in shops.items():
            shown[size], blocked = _clock(path, module, what, rounds)
            yield Row(f"{title}: main thread blocked, {size:,}", blocked, BLOCKED_MS, 1.0)
        small, large = min(shown), max(shown)
        yield Row(f"{title}, painted, {large:,} against {small:,}", shown[large], shown[small], 1.5, budget=BUDGET_MS)


def _clock(path: Path, module: str, what: str | None, rounds: int) -> tuple[float, float]:
    with stage.desk(path) as desk:
        page = import_module(module).PAGE(desk)
        stage.show(page)
        if what is not None:
            page.open(what)
        stage.settle(desk.worker)
        page.grab()
        found = medians([stage.painted(page, page.refresh) for _ in range(rounds)])
        page.close()
        page.deleteLater()
    return found[0], found[1]
