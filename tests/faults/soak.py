"""An hour at the window: `python -m tests.faults.soak --minutes 60 --acts 100000`.

The unmodified program, offscreen, under hands that press and click anywhere, and in between does what an owner does
(errands.py). Shop after shop is opened, worked in and closed; one of them stays open for half of the time. What the
process holds at the end is compared with what it held when the first shop was closed; `--plant` leaks one of each.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot

from shopdesk import app as program_module
from shopdesk.core import check, sqlite
from shopdesk.exchange import demo
from shopdesk.ui.background import Background
from shopdesk.ui.crash import CrashWindow
from shopdesk.ui.leaving import Leaving
from shopdesk.ui.theme import theme
from tests.faults.errands import Errands
from tests.faults.holding import Held, held
from tests.faults.stage import Figures
from tests.journeys.day import Owner
from tests.journeys.hands import Hands

STALL_S = 180
PATIENCE_S = 10
FIRST, MOST, TENTH, SHARE = 1000, 5000, 10, 0.4
"""Acts in the first shop: at least, at most (a tenth where that is more), and the part of the time that it may take."""
BETWEEN_ERRANDS = 50
BETWEEN_LOOKS = 500
MEMORY_MB = 20.0
"""What may be resident more."""
DRIFT, AT_ONCE, PLANTED = 0.02, 1000, 100
"""References to None, True or False that go or stay with each act; that a module loaded late may have; a fault's an act."""
LATE = {"own objects": 200, "objects of Qt": 8}
"""What may be made for the first time after the first shop, and one page of Today with its day (150 objects).

Of the shop that is closed last, that page stays now and then (one after 12 shops and 100,000 acts); one of each shop
would be found.
"""
LOOKS = 3
"""What is in sight differs from look to look: only of so many the least and the most are compared."""
_QUIET = ("propagateSizeHints", "This plugin does not support")


class Soak:
    """The owner, her shop, and what was seen."""

    def __init__(self, place: Path, seed: int, *, plant: bool) -> None:
        self.place = place
        self.plant = plant
        self.figures = Figures("soak")
        self.acts = 0
        self.leaked: list[object] = []
        self.template = place / "template.shop"
        demo.make(self.template)
        self.file = self._fresh()
        self.owner = Owner(_bot(), "en")
        self.owner.start(self.file)
        self.owner.program.listen()
        self.hands = Hands(self.owner, seed)
        self.errands = Errands(self.owner, self.hands.random, place)
        self._act_began = time.monotonic()
        self._watch = QTimer(interval=1000)
        self._watch.timeout.connect(self._on_watch)
        self._watch.start()

    def on_message(self, kind: QtMsgType, _context: object, said: str) -> None:
        """What Qt complains of is a fault."""
        if kind != QtMsgType.QtDebugMsg and not any(known in said for known in _QUIET):
            self.figures.wrong.append(f"Qt: {said}")

    # a shop, from its opening to its end

    def session(self, goes_on: Callable[[], bool]) -> tuple[list[Held], Held]:
        """Work in a fresh shop as long as it is wanted; what was held now and then meanwhile, and after its end."""
        if self.owner.program.shop is None:
            self.open()
        seen: list[Held] = []
        while goes_on():
            for at in range(BETWEEN_LOOKS):
                if at % BETWEEN_ERRANDS:
                    self.act(self.hands.act)
                else:
                    self.errands.go_home()
                    self.act(self.errands.run)
                    self.errands.go_home()
            if self.plant:
                leak(self.leaked, self.place)
            self.errands.go_home()
            seen.append(held())
            sys.stderr.write(f"{self.acts} acts, open, {_told(seen[-1])}\n")
        return seen, self.close()

    def open(self) -> None:
        """A fresh shop in the same window."""
        self.owner.program.open(self._fresh())
        self._wait_for_what_goes_on()
        self.owner.settle()

    def close(self) -> Held:
        """Put the shop away, whole as it must be; what is held then."""
        self.errands.go_home()
        self._wait_for_what_goes_on()
        self.owner.program.use_language("en")
        theme().set_mode("light")
        shop = self.owner.program.shop
        self.owner.program.close_shop()
        if shop is not None:
            self.figures.wrong += [str(fault) for fault in check.faults(shop.path)]
        self.figures.count("shops")
        end = time.monotonic() + 20
        while threading.active_count() > 1 and time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.02)
        seen = held()
        sys.stderr.write(f"{self.acts} acts, {_told(seen)}, {seen.constants}\n")
        return seen

    def act(self, one: Callable[[], object]) -> None:
        """One act; an error that nothing caught is a fault."""
        faulthandler.dump_traceback_later(STALL_S, exit=True)
        self._act_began = time.monotonic()
        self._come_back()
        one()
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # as the program's own loop does
        self.acts += 1
        for crash in [one for one in QApplication.topLevelWidgets() if isinstance(one, CrashWindow)]:
            self.figures.wrong.append("\n".join([crash.text, *self.hands.done[-15:]]))
            crash.close()
        del self.hands.done[:-15]

    def _on_watch(self) -> None:
        """A question of Qt's own dialogs (may a file be replaced?) waits for an answer inside of the act that led to it."""
        asked = QApplication.activeModalWidget()
        if time.monotonic() - self._act_began > PATIENCE_S and isinstance(asked, QDialog):
            self.figures.count("questions of Qt's own put away")
            sys.stderr.write(f"put away: {type(asked).__qualname__} {asked.windowTitle()}\n")
            asked.reject()

    def _come_back(self) -> None:
        """The hands may have closed the window or the shop."""
        window = self.owner.window
        if not window.isVisible():
            window._may_close = False
            window.show()
        if any(card.isVisible() for card in window.findChildren(Leaving)):
            self._wait_for_what_goes_on()
        if self.owner.program.shop is None:
            self.figures.count("shops closed by chance")
            self.open()

    def _wait_for_what_goes_on(self) -> None:
        """A last backup closes the shop when it is made: not the one that is opened after it."""
        self.owner.qtbot.waitUntil(lambda: not Background._alive, timeout=20_000)

    def _fresh(self) -> Path:
        file = self.place / "muhe.shop"
        file.unlink(missing_ok=True)
        shutil.rmtree(self.place / "muhe backups", ignore_errors=True)
        return Path(shutil.copy(self.template, file))


def _told(seen: Held) -> str:
    return f"{seen.memory:.0f} MB, {seen.used:.0f} in use"


def _bot() -> QtBot:
    """What turns the event loop, outside of pytest."""
    qt_api.set_qt_api("pyside6")
    return QtBot(SimpleNamespace(config=SimpleNamespace(getini=lambda _name: "true")))


def leak(into: list[object], place: Path) -> None:
    """One of each."""
    shop = sqlite.scratch(place / "leak.shop")
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=True, name="leak")
    thread.start()
    child = QWidget()
    theme().recoloured.connect(child.update)
    (place / "leak").touch()
    into += [child, QTimer(child), stop, thread, shop, (place / "leak").open("rb"), bytearray(os.urandom(1 << 24))]
    for _ in range(BETWEEN_LOOKS * PLANTED):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(True))


# the comparison


def verdict(figures: Figures, before: Held, after: Held, acts: int) -> Iterator[str]:
    """What is wrong between the ends of the first shop and of the last one.

    PySide 6.11 keeps a reference to None of each widget that is laid out and of each thing that is connected,
    which harms nobody (counts have 64 bits); one that it takes away would end the process.
    """
    grown = after.memory - before.memory
    figures.done["memory grown, MB"] = round(grown)
    figures.done["of it in use, MB"] = round(after.used - before.used)
    if grown > MEMORY_MB:
        yield f"memory: {grown:.0f} MB more, {after.used - before.used:.0f} in use"
    for name, count in after.constants.items():
        gone = count - before.constants[name]
        drift = gone / max(1, acts) if abs(gone) > AT_ONCE else 0.0
        if drift < -DRIFT or (drift > DRIFT and name != "None"):
            yield f"{name}: {drift:+.3f} references an act"
    for kind, more in after.more_than(before).items():
        figures.done[f"{kind} left"] = more.total()
        if more.total() > LATE.get(kind, 0):
            yield f"{kind}: {dict(more.most_common(8))}"


def in_one_shop(seen: list[Held]) -> Iterator[str]:
    """What is wrong within a shop that stays open: what there is grows from look to look."""
    quarter = len(seen) // 4
    if quarter < LOOKS:
        return
    early, late = seen[quarter : 2 * quarter], seen[-quarter:]
    grown = min(one.memory for one in late) - max(one.memory for one in early)
    if grown > MEMORY_MB:
        yield f"memory of an open shop: {grown:.0f} MB more"
    for kind in early[0].kinds:
        then = max(one.kinds[kind].total() for one in early)
        now = min(one.kinds[kind].total() for one in late)
        if now > then + max(5, then // 20):
            more: Counter[str] = late[-1].kinds[kind] - early[0].kinds[kind]
            yield f"{kind} of an open shop: from {then} to {now}: {dict(more.most_common(8))}"


def run(soak: Soak, minutes: float, acts: int, least: int) -> None:
    """A first shop, which loads everything; one for half of the time; and shorter ones to the end."""
    begin, most = time.monotonic(), max(MOST, acts // TENTH)
    end, warm = begin + minutes * 60, begin + minutes * 60 * SHARE
    _, before = soak.session(lambda: soak.acts < least or (soak.acts < most and time.monotonic() < warm))
    first = soak.acts
    begin = time.monotonic()
    half = begin + (end - begin) / 2
    seen, after = soak.session(lambda: time.monotonic() < half or soak.acts < acts / 2)
    soak.figures.wrong += in_one_shop(seen)
    while time.monotonic() < end or soak.acts < acts:
        target = soak.acts + max(BETWEEN_LOOKS, (acts - first) // 20)
        _, after = soak.session(lambda at=target: soak.acts < at)
    soak.figures.done = {"acts": soak.acts, "of them in the first shop": first, **soak.figures.done}
    soak.figures.wrong += verdict(soak.figures, before, after, soak.acts - first)


def main() -> int:
    """Sit at the window and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--acts", type=int, default=0)
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--plant", action="store_true")
    asked = parser.parse_args()
    faulthandler.enable()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shopdesk-soak-") as place:
        os.environ["SHOPDESK_HOME"] = str(Path(place, "home"))
        program_module.application()
        soak = Soak(Path(place), asked.seed, plant=asked.plant)
        qInstallMessageHandler(soak.on_message)
        run(soak, asked.minutes, asked.acts, asked.first)
        soak.owner.stop()
    soak.figures.seconds = round(time.monotonic() - begin, 1)
    print(json.dumps(asdict(soak.figures), ensure_ascii=False))
    sys.stdout.flush()
    os._exit(1 if soak.figures.wrong else 0)  # what is planted would keep the process


if __name__ == "__main__":
    main()
