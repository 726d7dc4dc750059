"""ShopDesk as a command: the same verbs as in the window, for a terminal and for scripts.

Exit codes: 0 fine, 1 refused with a sentence on stderr, 2 wrong use. JSON stands alone on stdout. While a
window holds the file, reading commands read and writing ones end with 1.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from shopdesk import commands
from shopdesk.core import words
from shopdesk.core.errors import Damaged, ShopError
from shopdesk.core.paths import user_dir
from shopdesk.core.sqlite import DatabaseError
from shopdesk.core.trouble import is_spoilt
from shopdesk.core.words import N_, tr

COMMANDS = (
    "new", "import", "board", "export", "check", "undo", "backup", "restore", "salvage", "password", "shots", "demo",
)  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; its exit code."""
    words.use_language("")
    try:
        if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
            return _window(arguments)
        words.use_language(_chosen_language())
        asked = _parser().parse_args(arguments)
        code: int = asked.verb(asked)
        sys.stdout.flush()
    except ShopError as error:
        print(error, file=sys.stderr)
        return 1
    except DatabaseError as error:
        if not is_spoilt(error):
            raise
        print(_damaged(), file=sys.stderr)
        return 1
    except BrokenPipeError:  # who read on has heard enough: `shopdesk board my.shop | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(tr("Stopped; nothing was written."), file=sys.stderr)
        return 130
    return code


def _damaged() -> Damaged:
    """What was met in the middle of a command that reads or writes a damaged file."""
    return Damaged(
        N_("The shop file is damaged."), fix=N_("“shopdesk salvage” brings what can still be read into a new one.")
    )


def _chosen_language() -> str:
    """The language that the owner chose in the window; "" for the system's. Read without Qt."""
    configparser = import_module("configparser")  # which the start of a window does without
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        settings.read(user_dir() / "settings.ini", encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return ""
    chosen: str = settings.get("General", "language", fallback="")
    return chosen if chosen in words.LANGUAGES else ""


def _window(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="shopdesk", description=tr("Open a shop in its window."))
    parser.add_argument("file", nargs="?", type=Path)
    asked = parser.parse_args(arguments)
    return commands.open_window(asked.file)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shopdesk", description=tr("The day of a small online shop. Without a command: open its window.")
    )
    parser.add_argument("--version", action="version", version=import_module("shopdesk").__version__)
    known = parser.add_subparsers(required=True)

    def command(name: str, verb: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
        added = known.add_parser(name, help=told, description=told)
        added.set_defaults(verb=verb)
        return added

    new = command("new", commands.new, tr("Make a new shop file."))
    new.add_argument("file", type=Path, help=tr("the shop file to make"))
    new.add_argument("--name", default="", help=tr("the shop's name; else that of the file"))
    new.add_argument("--from", dest="source", type=Path, help=tr("a folder that “export --whole” wrote"))
    new.add_argument("--currency", type=_currency, default="CNY", help=tr("its currency, CNY unless said"))
    bring = command("import", commands.import_, tr("Import platform files, as one step."))
    bring.add_argument("file", type=Path, help=tr("the shop file"))
    bring.add_argument("exports", type=Path, nargs="+", help=tr("the platforms' files, in any order"))
    bring.add_argument("--dry-run", action="store_true", help=tr("say what would come in, write nothing"))
    bring.add_argument("--format", default="", help=tr("read them as this layout, by the name of its file"))
    bring.add_argument("--channel", default="", help=tr("put them in the channel of this name"))
    bring.add_argument("--json", action="store_true", help=tr("print one JSON object with every count and reason"))
    board = command("board", commands.board, tr("Today's list, as text, JSON or a sheet to print."))
    board.add_argument("file", type=Path, help=tr("the shop file"))
    board.add_argument("--date", type=_day, help=tr("another day, as it looks at 08:00 of it"))
    board.add_argument("--pdf", type=Path, help=tr("write the sheet to this file"))
    board.add_argument("--json", action="store_true", help=tr("print the lines as JSON"))
    export = command("export", commands.export, tr("Write every table as CSV or XLSX."))
    export.add_argument("file", type=Path, help=tr("the shop file"))
    export.add_argument("folder", type=Path, help=tr("where to write them"))
    export.add_argument(
        "--whole", action="store_true", help=tr("everything there is, to be read back with “new --from”")
    )
    export.add_argument("--xlsx", action="store_true", help=tr("as Excel workbooks"))
    look = command("check", commands.check, tr("Check the file and every figure in it."))
    look.add_argument("file", type=Path, help=tr("the shop file"))
    look.add_argument("--deep", action="store_true", help=tr("also kept files, pictures and every backup"))
    undo = command("undo", commands.undo, tr("Undo the newest step."))
    undo.add_argument("file", type=Path, help=tr("the shop file"))
    shots = command("shots", commands.shots, tr("Write a picture of every page."))
    shots.add_argument("file", type=Path, help=tr("the shop file"))
    shots.add_argument("folder", type=Path, help=tr("where to write them"))
    _look(shots)
    for about_a_shop in (bring, board, export, look, undo, shots, *_keep_safe(command)):
        about_a_shop.add_argument(
            "--password-file", metavar="FILE", default="",
            help=tr("the password or recovery code: the first line of this file, - for standard input"),
        )  # fmt: skip
    demo = command("demo", commands.demo, tr("Open the demo shop; without a screen write its sheet and pictures."))
    demo.add_argument("--shots", type=Path, help=tr("write pictures in both languages and themes to this folder"))
    return parser


def _keep_safe(command: Callable[..., argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """The commands against loss and strangers."""
    save = command("backup", commands.backup, tr("Make a verified backup."))
    save.add_argument("file", type=Path, help=tr("the shop file"))
    save.add_argument("folder", type=Path, nargs="?", help=tr("where to; else beside the shop file"))
    back = command("restore", commands.restore, tr("Put a backup in the place of the shop."))
    back.add_argument("file", type=Path, help=tr("the shop file"))
    back.add_argument("backup", type=Path, help=tr("the backup whose content it gets"))
    rescue = command("salvage", commands.salvage, tr("Bring what a damaged shop file still holds into a new one."))
    rescue.add_argument("file", type=Path, help=tr("the damaged file; it is only read"))
    rescue.add_argument("new", type=Path, help=tr("the shop file to make"))
    rescue.add_argument("--fill", type=Path, help=tr("a backup to take unreadable rows from"))
    word = command("password", commands.password, tr("Set or change the password of a shop, or remove it."))
    word.add_argument("file", type=Path, help=tr("the shop file"))
    word.add_argument("--remove", action="store_true", help=tr("let the shop and its backups be plain files again"))
    word.add_argument(
        "--new-password-file", metavar="FILE", default="", help=tr("the new password: the first line of this file")
    )
    return [save, back, rescue, word]


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
