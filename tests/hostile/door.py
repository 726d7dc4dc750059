"""One walk through one door, in a process of its own: `python -m tests.hostile.door DOOR FOLDER [...]`.

What was said, warned and crashed, and the most memory that it took, is written to FOLDER/said.json.
"""

from __future__ import annotations

import hashlib
import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit

from shopdesk.core.errors import FileRefused, ShopError
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands
from shopdesk.ui import page_files
from shopdesk.ui.form import Form
from shopdesk.ui.page import TablePage
from shopdesk.ui.picture_reading import read_picture
from shopdesk.ui.preview_dialog import Preview
from tests.hostile import coming_back, texts
from tests.hostile.breaking import KINDS, break_all
from tests.hostile.visit import PAGES, Visit, megabytes
from tests.hostile.watching import MOST_MB, rich_texts
from tests.shop_files import demo_files


def _import(visit: Visit, *files: str) -> None:
    """Drop files on the window, look at what they are, take them in, look at everything."""
    visit.start()
    page = visit.page("import")
    page.open_files([Path(name) for name in files])
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
    visit.count_rows("orders", "customers", "reviews")
    visit.look()


def _layouts(visit: Visit, good: str, *files: str) -> None:
    """Layouts, views and settings that came in files; then an ordinary import, and every page with every view."""
    visit.start()
    commands.import_files(visit.shop, [Path(name) for name in files])
    visit.count_rows("mappings", "views", "settings", "orders", "order_events", "customers", "skus", "reviews", "tasks",
                     "returns")  # fmt: skip
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


def _broken(visit: Visit, kind: str) -> None:
    """Everything that Qt asks of our classes while it paints fails."""
    visit.count("broken", break_all(KINDS[kind]))
    _filled(visit)
    visit.look(records=3)
    visit.window.open_palette("a")
    visit.settle()
    visit.window.grab()
    visit.window.palette_widget.close_palette()
    page = visit.page("import")
    page.open_files(demo_files()[:2])
    visit.settle(8)
    visit.window.grab()


DOORS: dict[str, Callable[..., None]] = {
    "import": _import, "exports": _exports, "layouts": _layouts, "forms": _forms, "search": _search, "paste": _paste,
    "pictures": _pictures, "shops": _shops, "planted": _planted,
    "broken": _broken, "back": coming_back.walk_back, "own": coming_back.walk_own,
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
