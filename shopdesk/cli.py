"""ShopDesk as a command: the same verbs as in the window, for a terminal and for scripts.

Exit codes: 0 fine, 1 refused with a sentence on stderr, 2 wrong use. JSON stands alone on stdout. While a
window holds the file, reading commands read and writing ones end with 1.
"""

from __future__ import annotations

import argparse
import configparser
import gc
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

from shopdesk.core import clock, words
from shopdesk.core.errors import DiskTrouble, ShopError
from shopdesk.core.lock import HeldHere
from shopdesk.core.paths import user_dir
from shopdesk.core.shop import Shop, opened
from shopdesk.core.trouble import reason
from shopdesk.core.words import N_, tr

COMMANDS = ("new", "import", "board", "export", "check", "undo", "backup", "restore", "salvage", "shots", "demo")
BOARD_HOUR = time(8, 0)
"""What the clock says on a day that is not today."""


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; its exit code."""
    words.use_language(_chosen_language())
    try:
        if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
            return _window(arguments)
        asked = _parser().parse_args(arguments)
        code: int = asked.verb(asked)
        sys.stdout.flush()
    except ShopError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # who read on has heard enough: `shopdesk board my.shop | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(tr("Stopped; nothing was written."), file=sys.stderr)
        return 130
    return code


def _chosen_language() -> str:
    """The language that the owner chose in the window; "" for the system's. Read without Qt."""
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        settings.read(user_dir() / "settings.ini", encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return ""
    chosen = settings.get("General", "language", fallback="")
    return chosen if chosen in words.LANGUAGES else ""


def _window(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="shopdesk", description=tr("Open a shop in its window."))
    parser.add_argument("file", nargs="?", type=Path)
    asked = parser.parse_args(arguments)
    if not has_screen() and not os.environ.get("QT_QPA_PLATFORM"):
        raise ShopError(
            N_("There is no screen to open a window on."), fix=N_("“shopdesk --help” lists what works without.")
        )
    gc.disable()  # until the first rows are on screen (app.Program.listen); a fifteenth of the start
    code: int = import_module("shopdesk.app").main(asked.file)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shopdesk", description=tr("The day of a small online shop. Without a command: open its window.")
    )
    parser.add_argument("--version", action="version", version=import_module("shopdesk").__version__)
    commands = parser.add_subparsers(required=True)

    def command(name: str, verb: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=told, description=told)
        added.set_defaults(verb=verb)
        return added

    new = command("new", _new, tr("Make a new shop file."))
    new.add_argument("file", type=Path, help=tr("the shop file to make"))
    new.add_argument("--name", default="", help=tr("the shop's name; else that of the file"))
    new.add_argument("--currency", type=_currency, default="CNY", help=tr("its currency, CNY unless said"))
    bring = command("import", _import, tr("Import platform files, as one step."))
    bring.add_argument("file", type=Path, help=tr("the shop file"))
    bring.add_argument("exports", type=Path, nargs="+", help=tr("the platforms' files, in any order"))
    bring.add_argument("--dry-run", action="store_true", help=tr("say what would come in, write nothing"))
    bring.add_argument("--format", default="", help=tr("read them as this layout, by the name of its file"))
    bring.add_argument("--channel", default="", help=tr("put them in the channel of this name"))
    bring.add_argument("--json", action="store_true", help=tr("print one JSON object with every count and reason"))
    board = command("board", _board, tr("Today's list, as text, JSON or a sheet to print."))
    board.add_argument("file", type=Path, help=tr("the shop file"))
    board.add_argument("--date", type=_day, help=tr("another day, as it looks at 08:00 of it"))
    board.add_argument("--pdf", type=Path, help=tr("write the sheet to this file"))
    board.add_argument("--json", action="store_true", help=tr("print the lines as JSON"))
    export = command("export", _export, tr("Write every table as CSV or XLSX."))
    export.add_argument("file", type=Path, help=tr("the shop file"))
    export.add_argument("folder", type=Path, help=tr("where to write them"))
    export.add_argument("--xlsx", action="store_true", help=tr("as Excel workbooks"))
    look = command("check", _check, tr("Check the file and every figure in it."))
    look.add_argument("file", type=Path, help=tr("the shop file"))
    look.add_argument("--deep", action="store_true", help=tr("also kept files, pictures and every backup"))
    undo = command("undo", _undo, tr("Undo the newest step."))
    undo.add_argument("file", type=Path, help=tr("the shop file"))
    save = command("backup", _backup, tr("Make a verified backup."))
    save.add_argument("file", type=Path, help=tr("the shop file"))
    save.add_argument("folder", type=Path, nargs="?", help=tr("where to; else beside the shop file"))
    back = command("restore", _restore, tr("Put a backup in the place of the shop."))
    back.add_argument("file", type=Path, help=tr("the shop file"))
    back.add_argument("backup", type=Path, help=tr("the backup whose content it gets"))
    rescue = command("salvage", _salvage, tr("Bring what a damaged shop file still holds into a new one."))
    rescue.add_argument("file", type=Path, help=tr("the damaged file; it is only read"))
    rescue.add_argument("new", type=Path, help=tr("the shop file to make"))
    shots = command("shots", _shots, tr("Write a picture of every page."))
    shots.add_argument("file", type=Path, help=tr("the shop file"))
    shots.add_argument("folder", type=Path, help=tr("where to write them"))
    _look(shots)
    demo = command("demo", _demo, tr("Open the demo shop; without a screen write its sheet and pictures."))
    demo.add_argument("--shots", type=Path, help=tr("write pictures in both languages and themes to this folder"))
    return parser


def _look(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=tuple(words.LANGUAGES), default=words.language(), help=tr("the language"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help=tr("the theme, light unless said"))
    parser.add_argument("--size", type=_size, default="1366x768", help=tr("the window's size in pixels"))


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{day}” is not a day like 2026-11-24.", day=said)) from None


def _currency(said: str) -> str:
    if not re.fullmatch("[A-Z]{3}", said):
        raise argparse.ArgumentTypeError(tr("“{currency}” is not a currency like CNY.", currency=said))
    return said


def _size(said: str) -> str:
    if not re.fullmatch(r"\d{3,4}x\d{3,4}", said):
        raise argparse.ArgumentTypeError(tr("“{size}” is not a size like 1366x768.", size=said))
    return said


def _new(asked: argparse.Namespace) -> int:
    Shop.create(asked.file, name=asked.name or asked.file.stem, currency=asked.currency).close()
    print(tr("Made “{name}”.", name=asked.file.name))
    return 0


def _import(asked: argparse.Namespace) -> int:
    commands = import_module("shopdesk.exchange.commands")
    with opened(asked.file, write=not asked.dry_run) as shop:
        result: dict[str, Any] = commands.import_files(
            shop, asked.exports, dry_run=asked.dry_run, format_id=asked.format, channel=asked.channel
        )
    if asked.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        _tell_import(result)
    refused = commands.refused_files(result)
    used = commands.anything_used(result)
    for line in refused or ([] if used else [tr("No row of these files could be used.")]):
        print(line, file=sys.stderr)
    return 0 if used else 1


def _tell_import(result: dict[str, Any]) -> None:
    kinds: dict[str, str] = import_module("shopdesk.exchange.preview").KIND_WORDS
    for kind, counts in result.items():
        if kind not in ("rows", "reasons") and counts["read"]:
            told = N_("{kind}: {read} read, {new} new, {changed} changed, {unchanged} unchanged, {refused} refused")
            print(
                tr(
                    told,
                    kind=tr(kinds[kind]),
                    **{name: counts[name] for name in ("read", "new", "changed", "unchanged", "refused")},
                )
            )
    for reason in result["reasons"]:
        if reason["row"] is None and reason["level"] == "refused":
            continue  # the file itself: said on stderr
        where = f"{reason['file']}:{reason['row']}" if reason["row"] else reason["file"]
        print(f"{where}: {reason['text']}")


def _board(asked: argparse.Namespace) -> int:
    commands = import_module("shopdesk.board.commands")
    other_day = asked.date is not None and asked.date != clock.today()
    if other_day:
        clock.freeze(datetime.combine(asked.date, BOARD_HOUR))
    shop = Shop.open(asked.file, write=False) if other_day else _open_as_may_be(asked.file)
    try:
        if asked.pdf:
            _write_sheet(commands.board_pdf, shop, asked.pdf)
        if asked.json:
            print(json.dumps(commands.board_json(shop), ensure_ascii=False))
        elif not asked.pdf:
            print(commands.board_text(shop))
    finally:
        shop.close()
        clock.freeze(None)
    return 0


def _write_sheet(write: Callable[[Shop, Path], int], shop: Shop, path: Path) -> None:
    try:
        write(shop, path)
    except OSError as error:
        raise DiskTrouble(
            N_("“{name}” could not be written: {reason}."),
            fix=N_("Choose another folder, or make room."),
            name=path.name,
            reason=reason(error),
        ) from error


def _open_as_may_be(path: Path) -> Shop:
    """For writing, or for reading while a window holds the file or where nothing can be written."""
    try:
        return Shop.open(path)
    except (HeldHere, DiskTrouble):
        return Shop.open(path, write=False)


def _export(asked: argparse.Namespace) -> int:
    with opened(asked.file, write=False) as shop:
        written = import_module("shopdesk.exchange.commands").export_tables(shop, asked.folder, xlsx=asked.xlsx)
    for name in written:
        print(name)
    return 0


def _check(asked: argparse.Namespace) -> int:
    check = import_module("shopdesk.core.check")
    with opened(asked.file, write=False):
        found = list((check.deep_faults if asked.deep else check.faults)(asked.file))
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print(tr("All is well."))
    return 1 if found else 0


def _undo(asked: argparse.Namespace) -> int:
    with opened(asked.file) as shop:
        step = shop.undo()
    if step is None:
        print(tr("There is nothing to undo."), file=sys.stderr)
        return 1
    print(tr("Undone: {what}", what=step.label))
    return 0


def _backup(asked: argparse.Namespace) -> int:
    backup = import_module("shopdesk.core.backup")
    with opened(asked.file, write=False) as shop:
        made = backup.make(shop, why="asked", into=asked.folder)
    print((asked.folder or backup.folder(asked.file)) / made.name)
    return 0


def _restore(asked: argparse.Namespace) -> int:
    aside = import_module("shopdesk.core.restore").restore(asked.file, asked.backup)
    print(tr("“{name}” holds the content of “{backup}” now.", name=asked.file.name, backup=asked.backup.name))
    if aside is not None:
        print(tr("The damaged file was kept as “{name}”.", name=aside.name))
    return 0


def _salvage(asked: argparse.Namespace) -> int:
    for found in import_module("shopdesk.core.salvage").salvage(asked.file, asked.new):
        if found.rows or found.lost:
            print(tr("{table}: {rows} brought over, {lost} lost", table=found.table, rows=found.rows, lost=found.lost))
    return 0


def _shots(asked: argparse.Namespace) -> int:
    take = import_module("shopdesk.ui.shots").shots
    for path in take(asked.file, asked.folder, lang=asked.lang, mode=asked.theme, size=asked.size):
        print(path)
    return 0


def _demo(asked: argparse.Namespace) -> int:
    make = import_module("shopdesk.exchange.demo").make
    if asked.shots is None and has_screen():
        return _window([str(_demo_file(make))])
    spoken = words.language()
    folder = asked.shots or Path(tempfile.mkdtemp(prefix="shopdesk-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "demo.shop"
        make(file)
        _board(argparse.Namespace(file=file, date=None, pdf=folder / "today.pdf", json=False))
        for language in words.LANGUAGES:
            for theme in ("light", "dark"):
                _shots(argparse.Namespace(file=file, folder=folder, lang=language, theme=theme, size="1366x768"))
    words.use_language(spoken)
    print(tr("Today's sheet and a picture of every page are in {folder}", folder=folder))
    return 0


def _demo_file(make: Callable[[Path], None]) -> Path:
    """Today's demo shop; made anew each day, so that its today is a busy one."""
    folder = user_dir() / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"demo-{clock.today():%Y%m%d}.shop"
    if not file.exists():
        make(file)
    return file


def has_screen() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
