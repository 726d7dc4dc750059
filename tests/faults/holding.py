"""What a process with a window holds at one moment, so that two moments can be compared."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent, QMetaMethod, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import getAllValidWrappers

from shopdesk.ui.theme import theme

CONSTANTS = (None, True, False)


@dataclass
class Held:
    """Memory (MB), how often the constants are referred to, and by kind what is there how often."""

    memory: float
    constants: dict[str, int]
    kinds: dict[str, Counter[str]]

    def more_than(self, before: Held) -> dict[str, Counter[str]]:
        """What there is more of than before, by kind."""
        return {kind: now - before.kinds[kind] for kind, now in self.kinds.items()}


def held() -> Held:
    """Look, after all that was let go of is gone."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        gc.collect()
    constants = {str(one): sys.getrefcount(one) for one in CONSTANTS}
    objects = gc.get_objects()
    kinds = {
        "threads": Counter(one.name for one in threading.enumerate()),
        "files": _files(),
        "signal connections": Counter(dict(_receivers())),
        "own objects": Counter(_name(one) for one in objects if str(type(one).__module__).startswith("shopdesk")),
        **_of_qt(),
    }
    return Held(_memory(), constants, kinds)


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _files() -> Counter[str]:
    """Open files by what they are, those of database connections among them; pipes and the like by kind only."""
    found: Counter[str] = Counter()
    for handle in os.listdir("/proc/self/fd"):
        try:
            found[os.readlink(f"/proc/self/fd/{handle}").split(":")[0]] += 1
        except FileNotFoundError:  # the one that lists them
            continue
    return found


def _of_qt() -> dict[str, Counter[str]]:
    """Timers, widgets, and whatever else of Qt Python knows."""
    wrapped = [one for one in getAllValidWrappers() if isinstance(one, QObject)]
    return {
        "timers": Counter(_name(one.parent()) for one in wrapped if isinstance(one, QTimer)),
        "widgets": Counter(_name(one) for one in QApplication.allWidgets()),
        "objects of Qt": Counter(_name(one) for one in wrapped if not isinstance(one, QWidget | QTimer)),
    }


def _receivers() -> Iterator[tuple[str, int]]:
    """How many are connected to each signal of what lives as long as the program."""
    for one in (QApplication.instance(), theme(), *QApplication.topLevelWidgets()):
        meta = one.metaObject()
        for method in map(meta.method, range(meta.methodCount())):
            if method.methodType() == QMetaMethod.MethodType.Signal:
                name = bytes(method.methodSignature().data()).decode()
                yield f"{_name(one)}.{name}", one.receivers(SIGNAL(name))


def _name(one: object) -> str:
    return type(one).__qualname__
