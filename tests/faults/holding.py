"""What a process with a window holds at one moment, so that two moments can be compared."""

from __future__ import annotations

import ctypes
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

from shopdesk.core import sqlite
from shopdesk.ui.ring import Ring
from shopdesk.ui.theme import theme

CONSTANTS = (None, True, False)


@dataclass
class Held:
    """Memory (MB), how often the constants are referred to, and by kind what is there how often.

    ``memory`` is what is resident once the allocator has given back the pages that it holds for later; ``used`` is
    what of it C++ and SQLite have asked for and not given back. Between them lie Python's own memory, code, and pages
    of which only a part is in use.
    """

    memory: float
    used: float
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
        **_files(),
        "signal connections": Counter(dict(_receivers())),
        "own objects": Counter(_name(one) for one in objects if str(type(one).__module__).startswith("shopdesk")),
        **_of_qt(),
    }
    return Held(*_memory(), constants, kinds)


class _Allocated(ctypes.Structure):
    """What mallinfo2() tells."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    )


def _memory() -> tuple[float, float]:
    """What is resident, and what is in use."""
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = _Allocated
    told = libc.mallinfo2()
    libc.malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, (told.uordblks + told.hblkhd) / 1e6


def _files() -> dict[str, Counter[str]]:
    """Open files by what they are, those of database connections by themselves; pipes and the like by kind only."""
    found: dict[str, Counter[str]] = {"files": Counter(), "connections": Counter()}
    for handle in map(int, os.listdir("/proc/self/fd")):
        try:
            name = os.readlink(f"/proc/self/fd/{handle}").split(":")[0]
        except FileNotFoundError:  # the one that lists them
            continue
        found["connections" if _is_database(handle, name) else "files"][name] += 1
    return found


def _is_database(handle: int, name: str) -> bool:
    if name.removesuffix(" (deleted)").endswith((".shop", "-wal", "-shm")):
        return True
    try:
        return os.pread(handle, len(sqlite.PLAIN), 0) == sqlite.PLAIN
    except OSError:  # a pipe, or open for writing only
        return False


def _of_qt() -> dict[str, Counter[str]]:
    """Timers, widgets, and whatever else of Qt Python knows."""
    wrapped = [one for one in getAllValidWrappers() if isinstance(one, QObject)]
    return {
        "timers": Counter(_name(one.parent()) for one in wrapped if isinstance(one, QTimer)),
        # the ring goes with the page that it was shown on, and is made anew: there is one or none
        "widgets": Counter(_name(one) for one in QApplication.allWidgets() if not isinstance(one, Ring)),
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
