"""The start: from the process to the first rows on the screen, and the memory of a window with all pages opened."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from shopdesk.core.shop import Shop
from tests.bench.harness import Row, medians

ROOT = Path(__file__).resolve().parents[2]
START_MUST, GROWTH_MUST, GROWTH_MS, MEMORY_MB = 2.2, 1.15, 30.0, 100.0
QUIET_S, PATIENCE_S = 0.4, 60.0
MEGABYTE = 1024 * 1024

_TELL = """
import json, os, sys, time
from pathlib import Path

def tell(app):
    resident = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    ms = (time.time() - float(os.environ["BENCH_START"])) * 1000
    print(json.dumps({"ms": ms, "mb": int(resident.split()[1]) / 1024}), flush=True)
    app.quit()
"""
BARE = (
    _TELL
    + """
from PySide6.QtCore import QAbstractTableModel, QEvent, QObject, QTimer, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
from sqlcipher3 import dbapi2

app = QApplication([])
con = dbapi2.connect(sys.argv[1])
rows = con.execute("SELECT * FROM orders ORDER BY id DESC LIMIT 200").fetchall()

class Rows(QAbstractTableModel):
    def rowCount(self, parent=None): return len(rows)
    def columnCount(self, parent=None): return 8
    def data(self, index, role=0):
        if role == 0: return str(rows[index.row()][index.column()])

class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, lambda: tell(app))
        return False

window, table, eye = QMainWindow(), QTableView(), Eye()
table.setModel(Rows())
table.viewport().installEventFilter(eye)
window.setCentralWidget(table)
window.resize(1366, 768)
window.show()
app.exec()
"""
)
_OURS = (
    _TELL
    + """
import gc
gc.disable()  # as the command line does until the first rows are shown
from shopdesk.app import Program, application, dress
from shopdesk.core import clock
from shopdesk.ui.prefs import Prefs

app = application()
prefs = Prefs()
prefs.put("last_tab", "orders")
prefs.opened(Path(sys.argv[1]).resolve(), "", clock.now)  # a file that was open here before
dress(prefs)
program = Program(prefs)
program.start(Path(sys.argv[1]))
window = program.window
"""
)
OURS = (
    _OURS
    + """
from PySide6.QtCore import QEvent, QObject, QTimer

page = window.pages.page("orders")

class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and page.rows.rowCount():
            watched.removeEventFilter(self)
            QTimer.singleShot(0, lambda: tell(app))
        return False

eye = Eye()
page.table.viewport().installEventFilter(eye)
app.exec()
program.stop()
os._exit(0)
"""
)
ALL_PAGES = (
    _OURS
    + """
from shopdesk.features import FEATURES
from shopdesk.ui.pages import SETTINGS_PAGE

for name in (*FEATURES, SETTINGS_PAGE):
    window.open_page(name)
    program.worker.wait_idle(60000)
for _ in range(20):
    app.processEvents()
tell(app)
program.stop()
os._exit(0)
"""
)
RESTING = (
    _OURS
    + """
from PySide6.QtCore import QTimer
QTimer.singleShot(15000, app.quit)
app.exec()
os._exit(0)
"""
)


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """The largest shop against a bare window on it, against the smallest, and against DB Browser when it is there."""
    compileall.compile_dir(ROOT / "shopdesk", quiet=2)
    small, large = min(shops), max(shops)
    with tempfile.TemporaryDirectory() as home:
        times = [
            [_run(script, shops[size], home)["ms"] for script, size in ((BARE, large), (OURS, large), (OURS, small))]
            for _ in range(rounds)
        ]
        bare, ours, ours_small = medians(times)
        yield Row(f"start to first rows painted, {large:,} orders", ours, bare, START_MUST)
        yield Row(f"the same, {large:,} against {small:,}", ours, ours_small, GROWTH_MUST, over=GROWTH_MS)
        if shutil.which("sqlitebrowser"):
            yield from _against_browser(shops[large], large, home, ours, max(1, rounds // 3))
        yield _memory(shops[large], large, home)


def _memory(path: Path, size: int, home: str) -> Row:
    empty = Path(home) / "empty.shop"
    Shop.create(empty, name="Empty").close()
    ours = _run(ALL_PAGES, path, home)["mb"]
    floor = _run(ALL_PAGES, empty, home)["mb"]
    return Row(
        f"memory, all pages opened, {size:,} orders against an empty shop", ours, floor, 1.0, "MB", over=MEMORY_MB
    )


def _against_browser(path: Path, size: int, home: str, our_ms: float, rounds: int) -> Iterator[Row]:
    """Our wall clock to the rows against the processor time that DB Browser needs to stand with its rows.

    It tells nobody when they are painted; its processor time is less than its wall clock. Memory is compared
    when both are at rest.
    """
    ours = [_until_rest([sys.executable, "-c", RESTING, str(path)], home) for _ in range(rounds)]
    theirs = [_until_rest(["sqlitebrowser", "-R", "-t", "orders", str(path)], home) for _ in range(rounds)]
    their_ms = statistics.median(ms for ms, _ in theirs)
    our_mb, their_mb = (statistics.median(mb for _, mb in found) for found in (ours, theirs))
    yield Row(f"first rows painted, {size:,} orders, against DB Browser", our_ms, their_ms, 1.0)
    yield Row(f"memory at rest, {size:,} orders, against DB Browser", our_mb, their_mb, 1.0, "MB")


def _until_rest(command: list[str], home: str) -> tuple[float, float]:
    """(Processor time until the process is quiet, ms; its memory then, MB)."""
    running = subprocess.Popen(
        command, env=_environment(home), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        used, since = -1.0, time.monotonic()
        deadline = since + PATIENCE_S
        while time.monotonic() - since < QUIET_S and time.monotonic() < deadline:
            time.sleep(0.02)
            now = _processor_ms(running.pid)
            if now > used:
                used, since = now, time.monotonic()
        return used, _resident_mb(running.pid)
    finally:
        running.kill()
        running.wait()


def _processor_ms(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _resident_mb(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def _run(script: str, path: Path, home: str) -> dict[str, float]:
    environment = _environment(home) | {"BENCH_START": repr(time.time())}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    if not done.stdout.startswith("{"):
        raise RuntimeError(done.stderr)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[0])
    return told


def _environment(home: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"SHOPDESK_HOME": home, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
