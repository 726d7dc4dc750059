"""A failing disk under the real window: `python -m tests.faults.windowed --points 100`.

The unmodified program works offscreen in a process of its own; strace is put on it for one act at a time and lets
its n-th write, sync or truncation fail, once or from then on. After each the owner was told in one sentence of her
language, what she typed is still there, the shop says what it said before, and the same key saves it.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot

from shopdesk import app as program_module
from shopdesk.core import check, clock
from shopdesk.ui import keeping
from shopdesk.ui.background import Background
from shopdesk.ui.crash import CrashWindow
from shopdesk.ui.inside import inside
from shopdesk.ui.text import PlainLabel
from tests.faults.stage import NOW, ROOT, Figures, chance_of, digest, template
from tests.journeys.day import CTRL, Owner

CALLS = ("pwrite64", "fdatasync", "ftruncate")
FAULTS = {"pwrite64": (("ENOSPC", "+"), ("EIO", "")), "fdatasync": (("EIO", ""),), "ftruncate": (("EIO", ""),)}
TOLD = {
    "en": {"ENOSPC": "disk is full", "EIO": "disk reported an error"},
    "zh_CN": {"ENOSPC": "磁盘满了", "EIO": "磁盘报错"},
}
_MAY_BE_TRACED = 0x59616D61


# the program with a window, told line by line what its owner does


class Sitting:
    """An owner who does as she is told, and says what she sees."""

    def __init__(self, path: Path, language: str) -> None:
        qt_api.set_qt_api("pyside6")
        answers = SimpleNamespace(config=SimpleNamespace(getini=lambda _name: "true"))
        program_module.application()
        program_module.WARM_UP_MS = keeping.BACKUP_DELAY_MS = 10_000_000
        self.owner = Owner(QtBot(answers), language)
        begin = time.monotonic()
        self.owner.start(path)
        self._answered()
        self.seconds = time.monotonic() - begin

    def fill(self, act: str, text: str) -> dict[str, object]:
        """Go to the first record and type into the form of an act."""
        page = self._page(act)
        if page.drawer is None or page.drawer.form is None:
            page.table.setFocus()
            self.owner.key(Qt.Key.Key_Home)
            page.action_table.trigger(act)
            QApplication.processEvents()
        page.drawer.form.first().setFocus()
        self.owner.key(Qt.Key.Key_A, CTRL)
        self.owner.type(text)
        return self.see(act)

    def save(self, act: str) -> dict[str, object]:
        """Save by key."""
        form = self._page(act).drawer.form
        assert form is not None
        form.first().setFocus()
        self.owner.window.toast.hide()
        self.owner.key(Qt.Key.Key_Return, CTRL)
        return self.see(act)

    def undo(self, act: str) -> dict[str, object]:
        """Take the newest act back by key."""
        self.owner.window.toast.hide()
        self._page(act).table.setFocus()
        self.owner.key(Qt.Key.Key_Z, CTRL)
        return self.see(act)

    def see(self, act: str) -> dict[str, object]:
        """What stands in the form, what is said, what the shop says, and whether the window lives."""
        form = self._page(act).drawer.form if self._page(act).drawer is not None else None
        said = [label.text() for label in inside(form, PlainLabel) if label.isVisible()] if form is not None else []
        crashes = [one.text for one in QApplication.topLevelWidgets() if isinstance(one, CrashWindow)]
        path = self.owner.shop.path
        return {
            "typed": _text(form.first()) if form is not None else None,
            "said": " | ".join([*said, self.owner.window.toast.text]),
            "content": digest(self.owner.shop.reader()),
            "faults": [str(fault) for fault in check.faults(path)] if path.exists() else [],
            "alive": self.owner.window.isVisible(),
            "crashes": crashes,
        }

    def look(self) -> dict[str, object]:
        """What stands above the pages or on the page without a shop, and how long it took to get there."""
        window, shop = self.owner.window, self.owner.program.shop
        outer = window.centralWidget()
        assert outer is not None
        return {
            "banner": window.banner,
            "words": [label.text() for label in inside(outer, PlainLabel) if label.isVisible()],
            "read_only": shop is not None and shop.read_only,
            "shop": str(shop.path) if shop is not None else "",
            "seconds": self.seconds,
        }

    def close(self) -> dict[str, object]:
        """Put the shop away."""
        self.owner.program.close_shop()
        return self.look()

    def again(self, path: str) -> dict[str, object]:
        """Try once more to open a file."""
        begin = time.monotonic()
        self.owner.program.open(Path(path))
        self._answered()
        self.owner.settle()
        self.seconds = time.monotonic() - begin
        return self.look()

    def damaged(self, path: str) -> dict[str, object]:
        """Try to open a damaged file: what is said of it, after how long, and how long until all was looked through."""
        begin = time.monotonic()
        rescuing = self.owner.program.opening.rescuing
        self.owner.program.open(Path(path))
        self.owner.qtbot.waitUntil(lambda: rescuing.window is not None and rescuing.window.isVisible(), timeout=20_000)
        said = time.monotonic() - begin
        assert rescuing.window is not None
        self.owner.qtbot.waitUntil(lambda: rescuing.window.is_finished, timeout=20_000)
        words = [label.text() for label in inside(rescuing.window, PlainLabel) if label.isVisible()]
        return {"words": words, "said": said, "seconds": time.monotonic() - begin}

    def timed_save(self, act: str) -> dict[str, object]:
        """Save, and how long that took."""
        begin = time.monotonic()
        return {**self.save(act), "seconds": time.monotonic() - begin}

    def _answered(self) -> None:
        """A backup that is shown instead is looked through beside the window."""
        self.owner.qtbot.waitUntil(lambda: not Background._alive, timeout=20_000)

    def _page(self, act: str) -> Any:
        name = act.split(".")[0]
        if self.owner.window.pages.current != name:
            self.owner.tab(name)
        return self.owner.page(name)


def _text(editor: QWidget) -> str:
    return editor.toPlainText() if isinstance(editor, QPlainTextEdit) else str(editor.property("text"))


def serve(path: Path, language: str) -> None:
    """Do what comes on the standard input, answer on the standard output."""
    ctypes.CDLL(None).prctl(_MAY_BE_TRACED, ctypes.c_ulong(-1))
    clock.freeze(NOW)  # the orders of the template are due on that day
    sitting = Sitting(path, language)
    print("{}", flush=True)
    for line in sys.stdin:
        name, *asked = json.loads(line)
        print(json.dumps(getattr(sitting, name)(*asked)), flush=True)
    os._exit(0)


class Seat:
    """That process, from outside."""

    def __init__(self, path: Path, language: str, *before: str) -> None:
        line = [*before, sys.executable, "-m", "tests.faults.windowed", f"--serve={path}", f"--language={language}"]
        around = {**os.environ, "SHOPDESK_HOME": str(path.parent / "home"), "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
            env=around,
        )  # fmt: skip
        self._answer()

    def ask(self, *what: str) -> dict[str, Any]:
        """Let the owner do something; what she sees then."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def under_strace(self, options: list[str], *what: str) -> dict[str, Any]:
        """The same with strace on the process."""
        line = ["strace", "-f", "-p", str(self.process.pid), *options]
        tracer = subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert tracer.stderr is not None
        try:
            while "attached" not in tracer.stderr.readline():
                assert tracer.poll() is None
            time.sleep(0.05)  # to each thread by itself
            return self.ask(*what)
        finally:
            tracer.terminate()
            tracer.communicate()

    def end(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    return found
        return {
            "alive": False,
            "crashes": ["the process ended"],
            "said": "",
            "typed": None,
            "content": "",
            "faults": [],
        }


# the points


def calls_of(seat: Seat, act: str, step: str, log: Path) -> Counter[str]:
    """How often an act makes each call in one thread."""
    seat.under_strace(["-o", str(log), "-e", f"trace={','.join(CALLS)}"], step, act)
    most: Counter[str] = Counter()
    found = re.findall(r"^(\d+) +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE)
    for (_, call), count in Counter(found).items():
        most[call] = max(most[call], count)
    return most


def points(calls: Counter[str]) -> Iterator[tuple[str, int, str, str]]:
    """Which call fails, at which time, how, and whether from then on."""
    for call, count in sorted(calls.items()):
        for error, lasting in FAULTS[call]:
            yield from ((call, number, error, lasting) for number in range(1, count + 1))


def tried(seat: Seat, act: str, point: tuple[str, int, str, str], language: str, figures: Figures) -> Iterator[str]:
    """One point of saving a form; what is wrong."""
    call, number, error, lasting = point
    text = f"{number}" if act.startswith("inventory") else f"typed {number}"
    before = seat.ask("fill", act, text)
    rule = f"inject={call}:error={error}:when={number}{lasting}"
    after = seat.under_strace(["-o", "/dev/null", "-e", f"trace={call}", "-e", rule], "save", act)
    figures.count("points")
    yield from _lives(after)
    if after["typed"] is None:  # it was saved: the fault met what is not needed for it
        figures.count("saved all the same")
    else:
        figures.count("told in a sentence")
        if after["typed"] != text:
            yield f"what was typed is gone: {after['typed']!r}"
        if not re.search(TOLD[language][error], after["said"]):
            yield f"another sentence: {after['said']}"
        if after["content"] != before["content"]:
            yield "not as before"
        again = seat.ask("save", act)
        yield from _lives(again)
        if again["typed"] is not None or again["content"] == before["content"]:
            yield f"does not work afterwards: {again['said']}"
    back = seat.ask("undo", act)
    if back["content"] != before["content"]:
        yield "cannot be taken back afterwards"


def _lives(seen: dict[str, Any]) -> Iterator[str]:
    if not seen["alive"] or seen["crashes"]:
        yield f"no sentence: {seen['crashes']}"
    if seen["faults"]:
        yield f"faults: {seen['faults']}"


def run(place: Path, most: int, seed: int) -> Figures:
    """Points of all acts, by turns in both languages."""
    figures = Figures("failing disk under the window")
    path = template(place)
    for at, act in enumerate(("orders.note", "orders.ship", "inventory.receive")):
        language = ("en", "zh_CN")[at % 2]
        seat = Seat(path, language)
        seat.ask("fill", act, "1")
        chosen = list(points(calls_of(seat, act, "save", place / "calls")))
        seat.ask("undo", act)
        share = -(-most // 3)
        for point in sorted(chance_of(seed, at).sample(chosen, min(share, len(chosen)))):
            wrong = [f"{act}, {point}: {what}" for what in tried(seat, act, point, language, figures)]
            figures.wrong += wrong
            if wrong:
                seat.end()
                seat = Seat(path, language)
        seat.end()
    return figures


def main() -> int:
    """Run the points and say what they found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--serve", type=Path)
    parser.add_argument("--language", default="en")
    asked = parser.parse_args()
    if asked.serve is not None:
        serve(asked.serve, asked.language)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shopdesk-faults-") as place:
        figures = run(Path(place), asked.points, asked.seed)
    figures.seconds = round(time.monotonic() - begin, 1)
    print(json.dumps(asdict(figures), ensure_ascii=False))
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
