"""How speed is measured: against a floor in the same run, alternating, as medians; ratios count."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured figure: ours and the floor in `unit`, and what must hold.

    `must` is the factor over the floor; `budget` (same unit) also passes when ours stays inside it.
    """

    name: str
    ours: float
    floor: float
    must: float
    unit: str = "ms"
    budget: float | None = None
    over: float = 0.0
    """What may come on top of the factor (ms)."""

    @property
    def ratio(self) -> float:
        """Ours / floor."""
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def holds(self) -> bool:
        """Whether the figure is as it must be."""
        inside = self.budget is not None and self.ours <= self.budget
        return inside or self.ours <= self.floor * self.must + self.over


def clocked(act: Callable[[], object]) -> float:
    """How long `act` takes, in ms."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def alternate(acts: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median ms of each act; they take turns, so that a slow minute of the machine slows all of them."""
    return medians([[clocked(act) for act in acts] for _ in range(rounds)])


def medians(rounds: Sequence[Sequence[float]]) -> list[float]:
    """The median of each column."""
    gc.collect()
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
