"""The start: nothing heavy before the first rows, one window per owner."""

import errno
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Event, current_thread

import pytest
from PySide6.QtCore import QRect, QStandardPaths
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QFileDialog

from shopdesk.app import application
from shopdesk.core import backup, identity, schema, upgrades
from shopdesk.core.lock import ShopLock
from shopdesk.core.shop import Shop
from shopdesk.exchange.demo import make
from shopdesk.ui import second_start, watch
from shopdesk.ui.instance import Instance
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.window import Window
from tests.ui.kit import settle

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "numpy", "pyqtgraph", "sqlite_utils", "jinja2", "qtawesome", "pypinyin", "PySide6.QtNetwork",
         "PySide6.QtPrintSupport", "xlsxwriter", "python_calamine")  # fmt: skip
FIRST_PAINT = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QObject, QEvent, QTimer
from shopdesk.app import Program, application, dress
from shopdesk.core import clock
from shopdesk.ui.prefs import Prefs

app = application()
prefs = Prefs()
prefs.put("last_tab", sys.argv[2])
prefs.opened(Path(sys.argv[1]).resolve(), "", clock.now)  # a file that was open here before
dress(prefs)
program = Program(prefs)
program.start(Path(sys.argv[1]))
view = program.window.pages.page(sys.argv[2]).table.viewport()

class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print("loaded:", *[name for name in {HEAVY!r} if name in sys.modules])
            QTimer.singleShot(0, leave)
        return False

def leave():
    view.removeEventFilter(eye)
    program.window.close_now()
    app.quit()

eye = Eye()
view.installEventFilter(eye)
QTimer.singleShot(20000, app.quit)
app.exec()
program.stop()
"""


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory):
    """The demo shop, so that there are rows to paint."""
    path = tmp_path_factory.mktemp("demo") / "demo.shop"
    make(path)
    return path


@pytest.mark.parametrize("page", ["orders", "customers", "inventory"])
def test_nothing_heavy_is_loaded_before_the_first_rows(demo_file, page):
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(demo_file), page],
        capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[0].strip() == "loaded:", done.stdout + done.stderr


def test_without_a_window_nothing_is_handed_over(qapp):
    assert not second_start.hand_over(None)


def test_a_second_start_hands_its_file_to_the_first(qtbot, tmp_path):
    application()
    instance = Instance()
    code = (
        "import sys; from pathlib import Path; from shopdesk.ui.second_start import hand_over;"
        "sys.exit(0 if hand_over(Path(sys.argv[1])) else 1)"
    )
    second = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "b.shop")], cwd=ROOT)
    with qtbot.waitSignal(instance.called, timeout=15000) as called:
        pass
    assert called.args == [tmp_path / "b.shop"]
    assert second.wait(10) == 0
    instance.close()


def test_a_log_out_closes_the_window_properly(tmp_path):
    shop = Shop.create(tmp_path / "muhe.shop", name="Muhe")
    path = shop.path
    shop.close()
    running = subprocess.Popen(
        [sys.executable, "-m", "shopdesk", str(path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    lock = path.with_name(path.name + ".lock")
    for _ in range(300):
        if lock.exists():
            break
        time.sleep(0.1)
    time.sleep(0.5)
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert not lock.exists()
    assert not path.with_name(path.name + "-wal").exists()
    assert len(backup.listed(path)) == 1


def test_the_guard_against_qt_bindings_that_lose_references(qtbot):
    """PySide6 6.12.0 takes a reference of None with each call on Python 3.11, until the process dies."""
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1000):
        widget.update()
    assert sys.getrefcount(None) - before > -500


@pytest.fixture
def locked(file, monkeypatch):
    """The shop file in a folder where nothing can be written."""

    def refuse(_lock: ShopLock, *, take_over: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(ShopLock, "acquire", refuse)
    return file


def test_a_shop_where_nothing_can_be_written_is_opened_for_looking(program, locked, qtbot):
    program.start(locked)
    window = program.window
    assert program.shop.read_only
    assert "open for reading only" in window.banner
    for name, locked_key, free in (
        ("orders", "orders.add", "orders.print_view"),
        ("board", "board.add", "board.print"),
    ):
        window.open_page(name)
        settle(program)
        actions = window.pages.page(name).action_table
        assert not actions.available(locked_key)
        assert actions.available(free)
    tips = [made.toolTip() for made in window.pages.page("board").buttons if not made.isEnabled()]
    assert ["open for reading only" in tip for tip in tips] == [True]
    window.close()
    assert not window.isVisible()


def test_an_older_shop_where_nothing_can_be_written_is_refused_in_a_sentence(program, locked, monkeypatch):
    monkeypatch.setattr(identity, "lacks_migrations", lambda _con: True)
    program.start(locked)
    assert program.shop is None
    assert "the disk can only be read" in program.window.welcome.trouble


def test_an_older_file_is_upgraded_beside_the_window(program, tmp_path, monkeypatch, qtbot):
    now = schema.features()
    older = tuple(replace(f, migrations=f.migrations[:1], kept=()) if f.name == "orders" else f for f in now)
    with monkeypatch.context() as past:
        for module in ("shop", "identity", "kept"):
            past.setattr(f"shopdesk.core.{module}.features", lambda: older)
        Shop.create(tmp_path / "old.shop", name="Old").close()
    threads: list[str] = []
    make = backup.make

    def made(*given: object, **named: object) -> object:
        threads.append(current_thread().name)
        return make(*given, **named)

    monkeypatch.setattr(backup, "make", made)
    program.start(tmp_path / "old.shop")
    assert program.shop is None
    assert program.window.welcome is not None
    qtbot.waitUntil(lambda: program.shop is not None, timeout=10000)
    settle(program)
    assert threads == ["background"]
    (before,) = backup.listed(program.shop.path)
    assert before.why == "upgrade"
    assert not identity.lacks_migrations(program.shop.reader())

    def still_needed() -> dict[str, int]:
        return upgrades.pending(program.shop.reader())

    assert still_needed() == {before.name: 0}
    for openings in (1, 2):
        program.close_shop()
        program.open(tmp_path / "old.shop")
        qtbot.waitUntil(lambda openings=openings: still_needed() == {before.name: openings}, timeout=20000)
    program.close_shop()
    program.open(tmp_path / "old.shop")
    qtbot.waitUntil(lambda: still_needed() == {}, timeout=20000)


@pytest.mark.parametrize(("wide", "high"), [(1280, 640), (1280, 720), (1366, 728), (1920, 1040)])
def test_the_first_window_fits_its_screen_with_its_frame(qtbot, monkeypatch, wide, high):
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, wide, high))
    window = Window(Prefs())
    qtbot.addWidget(window)
    assert window.width() <= wide
    assert window.height() + 30 <= high
    assert (window.width(), window.height()) == (1366, 768) or wide < 1920


def proposed(window) -> Path:
    """The folder that the open file dialog stands in."""
    dialog = window.findChildren(QFileDialog)[-1]
    folder = Path(dialog.directory().absolutePath())
    dialog.close()
    QApplication.processEvents()
    return folder


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_new_shop_is_never_proposed_beside_the_demo_shop(program, tmp_path, monkeypatch, qtbot):
    documents = tmp_path / "Documents"
    documents.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(documents))
    program.start(None)
    program.open_demo()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20000)
    program.window.intake.choose_new()
    assert proposed(program.window) == documents
    program.close_shop()
    program.window.intake.choose_new()
    assert proposed(program.window) == documents
    own = tmp_path / "own"
    own.mkdir()
    program.opening.create(own / "mine.shop")
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20000)
    program.close_shop()
    program.open_demo()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20000)
    program.window.intake.choose_new()
    assert proposed(program.window) == own


def test_a_damaged_file_was_not_opened_well(shop, monkeypatch):
    with shop.quiet() as db:
        upgrades.note(db.conn, "before.shop")
    with monkeypatch.context() as damage:
        damage.setattr(watch, "_is_damaged", lambda *_: True)
        assert watch._look(shop, Event())
        assert upgrades.pending(shop.reader()) == {"before.shop": 0}
    assert not watch._look(shop, Event())
    assert upgrades.pending(shop.reader()) == {"before.shop": 1}
