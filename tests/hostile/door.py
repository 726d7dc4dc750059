"""One walk through one door, in a process of its own: `python -m tests.hostile.door DOOR FOLDER [...]`.

What was said, warned and crashed, and the most memory that it took, is written to FOLDER/said.json.
"""

from __future__ import annotations

import hashlib
import json
import resource
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMenu, QPlainTextEdit

from shopdesk import app as program_module
from shopdesk.app import Program, application, dress
from shopdesk.core.errors import FileRefused, ShopError
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands
from shopdesk.inventory.picture_widgets import read_picture
from shopdesk.ui import page_files
from shopdesk.ui.form import Form
from shopdesk.ui.messages import Level, Message
from shopdesk.ui.page import TablePage
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.preview_dialog import Preview
from tests.hostile import texts
from tests.hostile.watching import MOST_MB, rich_texts
from tests.shop_files import demo_files

PAGES = ("board", "orders", "inventory", "customers", "reviews", "metrics")
_OFFSCREEN = "propagateSizeHints"
_OF_THE_MACHINE = "qt.text.font.db"
"""A script that no font of this machine has."""


class Visit:
    """The program over a shop, and everything that it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, Any] = {
            "warnings": [],
            "crashed": [],
            "refusals": [],
            "rich": [],
            "counts": {},
            "refused files": [],
        }
        qInstallMessageHandler(self._on_warning)
        sys.excepthook = self._on_crash
        program_module.WARM_UP_MS = 10_000_000
        program_module.BACKUP_DELAY_MS = 10_000_000
        application()
        prefs = Prefs()
        prefs.put("language", "en")
        dress(prefs)
        self.program = Program(prefs)
        sys.excepthook = self._on_crash

    def _on_warning(self, _kind: object, where: Any, text: str) -> None:
        if _OFFSCREEN not in text and where.category != _OF_THE_MACHINE:
            self.said["warnings"].append(f"{where.category}: {text}")

    def _on_crash(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        self.said["crashed"].append("".join(traceback.format_exception(kind, error, trace))[-1500:])

    def start(self, path: Path | None = None) -> None:
        """Open a shop, by default a new one."""
        if path is None:
            (self.folder / "shop").mkdir(exist_ok=True)
            path = self.folder / "shop" / "muhe.shop"
            if not path.exists():
                Shop.create(path, name="Muhe Tea").close()
        self.program.start(path)
        sys.excepthook = self._on_crash
        self.window.resize(1366, 768)
        self.settle()
        if self.window.pages is not None:
            self.page("board").desk.messages.posted.connect(self._on_message)

    def _on_message(self, message: Message) -> None:
        if message.level in (Level.ERROR, Level.WARNING):
            self.refused(message.whole())

    def refused(self, text: str) -> None:
        """A refusal; each is kept once."""
        if text not in self.said["refusals"]:
            self.said["refusals"].append(text)

    @property
    def window(self) -> Any:
        return self.program.window

    @property
    def shop(self) -> Shop:
        assert self.program.shop is not None
        return self.program.shop

    def settle(self, times: int = 4) -> None:
        for _ in range(times):
            if self.program.worker is not None:
                self.program.worker.wait_idle(100_000)
            QApplication.processEvents()

    def count(self, what: str, more: int = 1) -> None:
        self.said["counts"][what] = self.said["counts"].get(what, 0) + more

    def page(self, name: str) -> Any:
        self.window.open_page(name)
        self.settle()
        return self.window.pages.page(name)

    def put_away(self) -> None:
        """Whatever stands before the window."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        QApplication.processEvents()

    def form(self) -> Form | None:
        """The form that is open, in a drawer or a dialog."""
        found = [form for top in QApplication.topLevelWidgets() for form in top.findChildren(Form) if form.isVisible()]
        return found[0] if found else None

    def look(self, *, records: int = 12) -> None:
        """Draw every page, and the drawer of some of its records."""
        for name in PAGES:
            page = self.page(name)
            self.window.grab()
            self.said["rich"] += rich_texts(self.window)
            if not isinstance(page, TablePage):
                continue
            if "all" in {view.key for view in page.views}:
                page.show_view("all")
                self.settle()
            for row in range(min(records, page.rows.rowCount())):
                page.show_record(page.rows.id_at(row))
                self.settle(2)
                self.said["rich"] += rich_texts(self.window)
                self.count("records drawn")
            self.window.grab()

    def stumble(self) -> None:
        """An error that nobody catches."""
        raise RuntimeError("stumbled")

    def end(self) -> None:
        self.window.close_now()
        self.program.stop()


def megabytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _import(visit: Visit, *files: str) -> None:
    """Drop files on the window, look at what they are, take them in, look at everything, let everything out."""
    visit.start()
    for group in "\0".join(files).split("\0\0"):  # an empty name parts two drops
        page = visit.page("import")
        page.open_files([Path(name) for name in group.split("\0")])
        visit.settle(8)
        visit.window.grab()
        for at, card in enumerate(page.view.cards):
            if card.refused:
                visit.refused(card.refused)
                visit.said["refused files"].append(card.file)
            page.view._on_file_picked(at)
            visit.settle(2)
            visit.said["rich"] += rich_texts(visit.window)
        visit.count("cards", len(page.view.cards))
        visit.count("refused", sum(bool(card.refused) for card in page.view.cards))
        if page._can_import():
            page._on_import()
            visit.settle(8)
    con = visit.shop.reader()
    for table in ("orders", "customers", "reviews", "mappings", "views"):
        visit.count(table, con.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    visit.look()


def _layouts(visit: Visit, good: str, *files: str) -> None:
    """Layouts, views and settings that came in files; then an ordinary import, and every page with every view."""
    visit.start()
    commands.import_files(visit.shop, [Path(name) for name in files])
    con = visit.shop.reader()
    for table in (
        "mappings",
        "views",
        "settings",
        "orders",
        "order_events",
        "customers",
        "skus",
        "reviews",
        "tasks",
        "returns",
    ):
        visit.count(table, con.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    found = commands.import_files(visit.shop, [Path(good)])
    visit.count("new orders", found["orders"]["new"])
    for name in PAGES:
        page = visit.page(name)
        if isinstance(page, TablePage):
            page.reload()
            visit.settle()
            for key in [view.key for view in page.book.all()]:
                page.show_view(key)
                visit.settle()
                visit.count("views shown")
    visit.look(records=16)


def _exports(visit: Visit, *files: str) -> None:
    """Everything out: tables, views, and sheets as PDF."""
    visit.start()
    commands.import_files(visit.shop, [Path(name) for name in files])
    out = visit.folder / "out"
    commands.export_tables(visit.shop, out / "csv")
    commands.export_tables(visit.shop, out / "xlsx", xlsx=True)
    for name in PAGES:
        page = visit.page(name)
        if isinstance(page, TablePage):
            page.show_view("all")
            visit.settle()
            for suffix in ("csv", "xlsx"):
                page_files.export_to(page, out / f"view {name}.{suffix}")
                visit.settle()
            page_files.print_view(page)
        elif name == "board":
            page.action_table.trigger("board.print")
        visit.settle()
        for preview in visit.window.findChildren(Preview):
            visit.said["rich"] += rich_texts(preview)
            preview.save_pdf(str(out / f"{name}.pdf"))
            preview.close()
            visit.count("printed")
        visit.settle()
    visit.count("written", sum(path.is_file() for path in out.rglob("*")))


def _filled(visit: Visit) -> None:
    """A shop with the demo's records in it."""
    (visit.folder / "shop").mkdir(exist_ok=True)
    with closing(Shop.create(visit.folder / "shop" / "muhe.shop", name="Muhe Tea")) as shop:
        commands.import_files(shop, demo_files())
    visit.start()


def _forms(visit: Visit) -> None:
    """Every form of every page is filled with every text."""
    _filled(visit)
    given = cycle(texts.short(visit.folder))
    for name in PAGES:
        page = visit.page(name)
        for action in page.action_table.all():
            if action.key.rpartition(".")[2] in _NOT_PRESSED:
                continue
            for turn in range(_TURNS):
                _go_to_a_record(visit, page, turn)
                page.action_table.trigger(action.key)
                visit.settle(2)
                form = visit.form()
                if form is not None:
                    _fill(visit, form, given, name=action.key)
                if page.drawer is not None:
                    page.drawer.close_form()
                visit.put_away()
                visit.settle(1)
                if form is None:
                    break
    visit.look(records=20)


_NOT_PRESSED = frozenset({"print", "import", "copy", "picture", "product_picture", "export", "undo", "redo", "delete"})
_TURNS = 2


def _go_to_a_record(visit: Visit, page: Any, turn: int) -> None:
    if isinstance(page, TablePage) and page.rows.rowCount():
        record = page.rows.id_at(turn % page.rows.rowCount())
        if record is not None:
            page.show_record(record)
            visit.settle(2)


def _fill(visit: Visit, form: Form, given: Iterator[str], *, name: str) -> None:
    typed = 0
    for field in form.fields():
        if isinstance(field.editor, QLineEdit | QPlainTextEdit):
            field.set_text(next(given))
            field.look()
            typed += 1
    visit.said["rich"] += rich_texts(form)
    form.submit()
    visit.settle(2)
    visit.count("fields filled", typed)
    visit.count(f"form {name}")
    if form.isVisible():
        for field in form.fields():
            if field.error():
                visit.refused(field.error())


def _search(visit: Visit) -> None:
    """Every search field and the palette are asked every text."""
    _filled(visit)
    asked = texts.short(visit.folder)
    for name in PAGES:
        page = visit.page(name)
        if isinstance(page, TablePage):
            for text in [*asked, *texts.endless()] if name == "orders" else asked[::10]:
                page.search_box.setText(text)
                QApplication.processEvents()
                visit.count("searched")
            visit.settle()
            page.search_box.clear()
            visit.settle()
    for text in [*asked[::5], *texts.endless()]:
        visit.window.open_palette(text)
        QApplication.processEvents()
        visit.count("asked of the palette")
    visit.settle()
    visit.said["rich"] += rich_texts(visit.window)
    visit.window.palette_widget.close_palette()


def _paste(visit: Visit) -> None:
    """Lists of tracking numbers and reviews out of the clipboard, as they come."""
    _filled(visit)
    short = texts.short(visit.folder)
    lists = ["\n".join(short), "\n".join(f"{text}\t{text}" for text in short), "\n\n".join(f"5 stars {text}" for text in short),
             "\n".join(f"5\t{text}\t2026-11-01" for text in short), *texts.endless()[:3], texts.endless()[6]]  # fmt: skip
    for name in ("orders", "reviews"):
        page = visit.page(name)
        for text in lists:
            QGuiApplication.clipboard().setText(text)
            page.action_table.trigger(f"{name}.paste")
            visit.settle(2)
            form = visit.form()
            assert form is not None, name
            for field in form.fields():
                if isinstance(field.editor, QPlainTextEdit):
                    field.editor.paste()
            visit.settle(2)
            form.submit()
            visit.settle(2)
            visit.count(f"pasted {name}")
            if form.isVisible():
                for field in form.fields():
                    if field.error():
                        visit.refused(field.error())
    visit.look(records=5)


def _pictures(visit: Visit) -> None:
    """Pictures that are added, and pictures that a shop from elsewhere has in it already."""
    _filled(visit)
    chosen = visit.folder / "chosen"
    for path in [*sorted(chosen.iterdir()), *sorted((visit.folder / "other").iterdir()), Path("/dev/zero")]:
        try:
            read_picture(path)
            visit.count("taken")
        except FileRefused as refused:
            visit.refused(str(refused))
            visit.count("refused")
        visit.said["refused files"].append(path.name)
    with visit.shop.change("Planted", "stock") as db:
        skus = [row[0] for row in db.execute("SELECT id FROM skus")]
        for data, sku in zip((path.read_bytes() for path in sorted(chosen.iterdir())), cycle(skus), strict=False):
            name = hashlib.sha256(data).hexdigest()
            db.execute("INSERT OR IGNORE INTO blobs (sha256, kind, media, size, bytes) VALUES (?, 'picture', 'image/png', ?, ?)",
                       (name, len(data), data))  # fmt: skip
            db.execute("UPDATE skus SET picture = ? WHERE id = ?", (name, sku))
    visit.look(records=8)


def _shops(visit: Visit, good: str, *others: str) -> None:
    """Shop files from elsewhere are looked at and opened in the window."""
    for name in others:
        try:
            Shop.open(Path(name), write=False, familiar=False).close()
            visit.said["crashed"].append(f"{name} was opened")
        except ShopError as refused:
            visit.refused(str(refused))
            visit.count("refused")
    Shop.open(Path(good), write=False, familiar=False).close()
    for name in others:
        if Path(name).stem not in ("index", "table", "view", "endless", "loaded", "column", "swapped"):
            visit.program.start(Path(name))
            visit.settle()
            visit.said["rich"] += rich_texts(visit.window)
            visit.count("shown")
    visit.start(Path(good))
    visit.look()


def _planted(visit: Visit) -> None:
    """Everything that must not happen happens: what the checks see when it does."""
    visit.start()
    label = QLabel(f'<img src="file://{visit.folder}/secret/picture.png">', visit.window)
    label.setToolTip("<img src=x>")
    label.show()
    label.grab()
    visit.said["rich"] += rich_texts(visit.window)
    with suppress(OSError), socket.socket() as line:
        line.connect(("127.0.0.1", 9))
    qWarning("something is wrong")
    QTimer.singleShot(0, visit.stumble)
    visit.settle()
    visit.refused("Traceback (most recent call last)")
    visit.said["taken"] = len(b"x" * (MOST_MB * 1024 * 1024))


DOORS: dict[str, Callable[..., None]] = {
    "import": _import, "exports": _exports, "layouts": _layouts, "forms": _forms, "search": _search, "paste": _paste,
    "pictures": _pictures, "shops": _shops, "planted": _planted,
}  # fmt: skip


def main(door: str, folder: Path, *arguments: str) -> None:
    """Walk through the door and write down what was seen."""
    visit = Visit(folder)
    try:
        DOORS[door](visit, *arguments)
        visit.end()
        visit.said["done"] = True
    except Exception as error:
        visit._on_crash(type(error), error, error.__traceback__)
    finally:
        visit.said["mb"] = megabytes()
        (folder / "said.json").write_text(json.dumps(visit.said), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
