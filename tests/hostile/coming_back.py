"""Backups, lists of them, whole shops as folders and files of the owner's folder, made to harm; and the walks there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

from shopdesk import cli
from shopdesk.core import own
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands, whole
from tests.hostile import texts
from tests.hostile.visit import Visit
from tests.hostile.watching import rich_texts
from tests.shop_files import demo_files

# What is brought


def backups(shop: Path, others: list[Path], folder: Path) -> None:
    """A folder of backups beside a shop whose list tells of all of the files, and of more."""
    place = shop.with_name(f"{shop.stem} backups")
    place.mkdir(exist_ok=True)
    lines: list[bytes] = []

    def line(name: object, **more: object) -> None:
        told = {
            "name": name,
            "at": "2026-11-20 12:00:00",
            "why": "start",
            "size": 5,
            "sha256": "0" * 64,
            "changes": 1,
            "rows": {},
        }
        lines.append(json.dumps({**told, **more}).encode())

    for number, other in enumerate(path for path in others if path.is_file() and not path.is_symlink()):
        copy = Path(shutil.copy(other, place / f"{shop.stem}-20261120-{120000 + number}.shop"))
        data = copy.read_bytes()
        line(
            copy.name,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            about=f"<img src='{folder}/secret/picture.png'>",
        )
    for text in texts.short(folder)[::7]:
        line(text), line(f"{shop.stem}-20261120-120000.shop", why=text, about=text, n=text, at=text)
    for name in ("../secret/picture.png", f"{folder}/secret/picture.png", "/dev/zero", "", ".", None, 5, ["x"], "a\0b"):
        line(name)
    for odd in (1 << 70, -1, "x", None, [], {"a": {}}, 1e308):
        line(f"{shop.stem}-20261120-120000.shop", size=odd, changes=odd, rows={"orders": odd}, sha256=odd, n=odd)
    lines += [b"[" * 100_000, b"\0\xff", b"null", b"5", b"{}", b'"' + b"x" * 10_000_000 + b'"', b'{"name": NaN}']
    (place / "manifest.jsonl").write_bytes(b"\n".join(lines))


def _json(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        told = json.loads((folder / "shop.json").read_text("utf-8"))
        change(told)
        (folder / "shop.json").write_text(json.dumps(told), "utf-8")

    return apply


def _file(name: str, data: bytes | None) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / name).unlink()
        if data is not None:
            (folder / name).write_bytes(data)

    return apply


def _cells(table: str, text: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        head, *rows = list(csv.reader(io.StringIO((folder / table).read_text("utf-8-sig"))))
        out = io.StringIO(newline="")
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerows([head, *([text] * len(head) for _ in rows[:20] or [0])])
        (folder / table).write_text(out.getvalue(), "utf-8")

    return apply


def _instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return apply


WHOLE: dict[str, Callable[[Path], None]] = {
    "no json": _file("shop.json", None), "noise json": _file("shop.json", b"\xff" * 999), "deep json": _file("shop.json", b"[" * 100_000),
    "list json": _file("shop.json", b"[]"), "number json": _file("shop.json", b"5"),
    "other": _json(lambda told: told.update(what="x")), "newer": _json(lambda told: told["migrations"].append(["core", "9999_x"])),
    "no rows": _json(lambda told: told.pop("rows")), "odd rows": _json(lambda told: told.update(rows={"orders": 1 << 70})),
    "more rows": _json(lambda told: told["rows"].update({"../secret/x": 1, "sqlite_schema": 1, "orders; DROP TABLE skus": 1})),
    "no table": _file("orders.csv", None), "nul": _file("orders.csv", b"id\0" * 99), "latin": _file("orders.csv", b"\xff\xfe\xfa"),
    "other head": _file("orders.csv", b'"id","x"\r\n"1","2"\r\n'), "empty": _file("orders.csv", b""),
    "long cell": _cells("tasks.csv", "x" * 10_000_000), "many": _file("orders.csv", b"," * 5_000_000),
    "numbers": _cells("orders.csv", "9" * 30), "words": _cells("orders.csv", "=1+1"), "settings": _cells("settings.csv", "<img src=/dev/zero>"),
    "sequence": _cells("sqlite_sequence.csv", "9223372036854775807"), "meta": _cells("meta.csv", "changes"), "journal": _cells("journal_steps.csv", "1"),
    "device": _instead("orders.csv", lambda path: path.symlink_to("/dev/zero")), "pipe": _instead("skus.csv", os.mkfifo),
    "folder": _instead("skus.csv", lambda path: path.mkdir()), "link": _instead("meta.csv", lambda path: path.symlink_to("/etc/passwd")),
    "file link": lambda folder: (folder / "files" / ("a" * 64)).symlink_to("/etc/passwd"),
    "file path": lambda folder: (folder / "files" / "..x").write_bytes(b"x"),
}  # fmt: skip


def whole_folders(folder: Path) -> None:
    """A whole shop as a folder, and copies of it that were tampered with, below the folder's `chosen`."""
    first = folder / "chosen" / "whole"
    with closing(Shop.create(folder / "to_write.shop", name="Muhe Tea")) as shop:
        commands.import_files(shop, demo_files()[:3])
        whole.write(shop, first)
    for name, change in WHOLE.items():
        copy = folder / "chosen" / f"whole {name}"
        shutil.copytree(first, copy, symlinks=True)
        change(copy)


def own_files(folder: Path) -> int:
    """Files of the owner's folder that no owner would write; how many there are."""
    many = texts.short(folder)
    bodies: dict[str, list[bytes]] = {
        "rules": [
            f"name = {json.dumps(text)}\nopen = {json.dumps(text)}\n".encode(errors="replace") for text in many[::9]
        ]
        + [b"[" * 60_000, b"x = " + b"{a = " * 500, b"\xff" * 99, b"", b"#" * 70_000, b"[[a]]\n" * 9000],
        "formats": [f"id = {json.dumps(text)}\n".encode(errors="replace") for text in many[::20]]
        + [b"match = [" + b"[" * 900],
        "print": [text.encode(errors="replace") for text in many[::9]]
        + [b"{% for a in rows %}" * 3000, b"<table><tr><td>" * 4000],
        "views": [text.encode(errors="replace") for text in many[::9]]
        + [b"SELECT " + b"(" * 30_000, b"WITH RECURSIVE x AS (SELECT 1) SELECT 1"],
    }
    count = 0
    for kind, datas in bodies.items():
        place = own.folder(kind)
        place.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(datas):
            (place / f"{number:03}{own.ENDINGS[kind]}").write_bytes(data)
        (place / f"table{own.ENDINGS[kind]}").write_bytes(datas[-1])
        os.mkfifo(place / f"pipe{own.ENDINGS[kind]}")
        (place / f"zero{own.ENDINGS[kind]}").symlink_to("/dev/zero")
        (place / f"secret{own.ENDINGS[kind]}").symlink_to(folder / "secret" / "picture.png")
        (place / f"folder{own.ENDINGS[kind]}").mkdir()
        count += len(datas) + 5
    return count


# The walks


def _said(arguments: list[str]) -> tuple[int, list[str]]:
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = cli.run(arguments)
    return code, [line for line in errors.getvalue().splitlines() if line.strip()]


def _tried(visit: Visit, what: str, arguments: list[str]) -> None:
    code, said = _said(arguments)
    visit.count(f"{what} refused" if code else what)
    if code:
        visit.refused(" ".join(said))


def walk_back(visit: Visit, good: str, *others: str) -> None:
    """Restore, salvage, make anew from folders: each of the files and folders in turn; then the page of backups."""
    shop = Path(good)
    for other in others:
        copy = Path(shutil.copy(good, visit.folder / "chosen" / "mine.shop"))
        before = copy.read_bytes()
        _tried(visit, "restored", ["restore", str(copy), other])
        assert copy.read_bytes() == before, other
        new = visit.folder / "chosen" / "new.shop"
        _tried(visit, "salvaged", ["salvage", other, str(new)])
        for left in new.parent.glob("new.shop*"):
            left.unlink()
        copy.unlink()
    for folder in sorted((visit.folder / "chosen").glob("whole *")):
        new = visit.folder / "chosen" / f"from {folder.name}.shop"
        _tried(visit, "made anew", ["new", str(new), "--from", str(folder)])
        if new.exists():
            assert _said(["check", str(new)])[0] == 0, folder
    visit.start(shop)
    visit.page("settings")
    page = visit.page("backups")
    visit.settle(8)
    for _ in range(12):
        visit.window.grab()
        visit.said["rich"] += rich_texts(visit.window)
        visit.count("backups looked at", page.current_id() is not None)
        page.step_record(1)
        visit.settle(2)


def walk_own(visit: Visit) -> None:
    """Everything that reads the owner's folder, with files in it that no owner would write."""
    visit.count("own files", own_files(visit.folder))
    visit.start()
    visit.page("import").open_files([demo_files()[0]])
    visit.settle(8)
    visit.page("import")._on_import()
    visit.settle(8)
    board = visit.page("board")
    visit.window.grab()
    visit.count("rules not used", len(board._board.unused))
    for text in board._board.unused:
        visit.refused(text)
    board.action_table.trigger("board.print")
    visit.settle()
    told: list[str] = []
    commands.export_tables(visit.shop, visit.folder / "out", tell=told.append)
    visit.count("views not used", len(told))
    for text in told:
        visit.refused(text)
    visit.said["rich"] += rich_texts(visit.window)
    visit.look(records=2)
