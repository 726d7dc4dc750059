"""Hours at the window leave nothing behind: no memory, thread, timer, widget, connection or file."""

from __future__ import annotations

from tests.faults.running import run
from tests.faults.stage import Figures, sized

KINDS = ("threads", "timers", "widgets", "signal connections", "files", "connections")


def test_what_was_worked_at_the_window_leaves_nothing_behind():
    acts = sized(1500, 0, 100_000)
    figures = run("soak", f"--minutes={sized(0, 5, 60)}", f"--acts={acts}")
    figures.keep()
    assert figures.wrong == []
    assert figures.done["acts"] >= acts


def test_a_planted_leak_of_every_kind_is_found():
    figures = run("soak", "--minutes=0", "--first=500", "--acts=1500", "--plant")
    found = [kind for kind in (*KINDS, "memory", "True") if any(wrong.startswith(kind) for wrong in figures.wrong)]
    assert found == [*KINDS, "memory", "True"]
    Figures("soak, planted: one of each kind", {"kinds of leak found": len(found)}).keep()
