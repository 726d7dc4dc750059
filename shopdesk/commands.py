"""What each command of the command line does; cli.py says which there are."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from shopdesk import asking
from shopdesk.core import clock, own, words
from shopdesk.core.errors import DiskTrouble, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.lock import HeldHere
from shopdesk.core.paths import user_dir
from shopdesk.core.shop import Shop
from shopdesk.core.trouble import not_written
from shopdesk.core.words import N_, tr
from shopdesk.strangers import open_shop, opened

_OWN = {
    "rules": "board.own_rules", "formats": "exchange.own_formats", "print": "ui.own_sheets",
    "views": "exchange.own_views",
}  # fmt: skip
"""What reads the files of each of the owner's own folders."""

BOARD_HOUR = time(8, 0)
"""What the clock says on a day that is not today."""


def open_window(file: Path | None) -> int:
    """Open the window, with a shop or with that of last time, or raise the one that is open.

    Raises ShopError without a screen.
    """
    if not has_screen() and not os.environ.get("QT_QPA_PLATFORM"):
        raise ShopError(
            N_("There is no screen to open a window on."), fix=N_("“shopdesk --help” lists what works without.")
        )
    if import_module("shopdesk.ui.second_start").hand_over(file):
        return 0
    gc.disable()  # the program's own timer collects (ui/sweeping.py); a fifteenth of the start
    code: int = import_module("shopdesk.app").main(file)
    return code


def new(asked: argparse.Namespace) -> int:
    """Make a shop file; not where other machines get at it, too."""
    shared = import_module("shopdesk.core.places").place(asked.file)
    if shared is not None:
        raise shared.refusal(asked.file)
    if asked.source is not None:
        import_module("shopdesk.exchange.whole").read(asked.source, asked.file)
    else:
        Shop.create(asked.file, name=asked.name or asked.file.stem, currency=asked.currency).close()
    print(tr("Made “{name}”.", name=asked.file.name))
    return 0


def import_(asked: argparse.Namespace) -> int:
    """Import files as one step, and say what became of them."""
    commands = import_module("shopdesk.exchange.commands")
    with _opened(asked, write=not asked.dry_run) as shop:
        result: dict[str, Any] = commands.import_files(
            shop, asked.exports, dry_run=asked.dry_run, format_id=asked.format, channel=asked.channel
        )
    if asked.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        _tell_import(result)
    _tell_unused("formats")
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
    for row in result["reasons"]:
        if row["row"] is None and row["level"] == "refused":
            continue  # the file itself: said on stderr
        where = f"{row['file']}:{row['row']}" if row["row"] else row["file"]
        print(f"{where}: {row['text']}")


def board(asked: argparse.Namespace) -> int:
    """Say or print the list of a day."""
    commands = import_module("shopdesk.board.commands")
    other_day = asked.date is not None and asked.date != clock.today()
    if other_day:
        clock.freeze(datetime.combine(asked.date, BOARD_HOUR))
    key = asking.key_of(asked, asked.file)
    shop = open_shop(asked.file, key=key, write=False) if other_day else _open_as_may_be(asked.file, key)
    try:
        if asked.pdf:
            _write_sheet(commands.board_pdf, shop, asked.pdf)
        if asked.json:
            print(json.dumps(commands.board_json(shop), ensure_ascii=False))
        elif not asked.pdf:
            print(commands.board_text(shop))
        _tell_unused("rules", *(["print"] if asked.pdf else []))
    finally:
        shop.close()
        clock.freeze(None)
    return 0


def _tell_unused(*kinds: str) -> None:
    """The files of the owner's own folders that cannot be used."""
    for kind in kinds:
        if own.folder(kind).is_dir():  # most have none, and need not load what reads them
            for left in import_module(f"shopdesk.{_OWN[kind]}").found().left:
                print(left, file=sys.stderr)


def _write_sheet(write: Callable[[Shop, Path], int], shop: Shop, path: Path) -> None:
    with not_written(path):
        write(shop, path)


def _open_as_may_be(path: Path, key: Key | None) -> Shop:
    """For writing, or for reading while a window holds the file or where nothing can be written."""
    try:
        return open_shop(path, key=key)
    except (HeldHere, DiskTrouble):
        return open_shop(path, key=key, write=False)


def _opened(asked: argparse.Namespace, *, write: bool) -> AbstractContextManager[Shop]:
    """The shop that a command is about, with its password."""
    return opened(asked.file, key=asking.key_of(asked, asked.file), write=write)


def export(asked: argparse.Namespace) -> int:
    """Write every table."""
    with _opened(asked, write=False) as shop:
        if asked.whole:
            written = import_module("shopdesk.exchange.whole").write(shop, asked.folder)
        else:
            written = import_module("shopdesk.exchange.commands").export_tables(
                shop, asked.folder, xlsx=asked.xlsx, tell=partial(print, file=sys.stderr)
            )
    for name in written:
        print(name)
    return 0


def check(asked: argparse.Namespace) -> int:
    """Say every fault of the file, and which of the owner's own files cannot be used."""
    looks = import_module("shopdesk.core.check")
    count = 0
    with _opened(asked, write=False) as shop:
        for fault in (looks.deep_faults if asked.deep else looks.faults)(asked.file, key=shop.key):
            count += 1
            print(fault, file=sys.stderr, flush=True)
    _tell_unused(*_OWN)
    if not count:
        print(tr("All is well."))
    return 1 if count else 0


def undo(asked: argparse.Namespace) -> int:
    """Undo the newest step."""
    with _opened(asked, write=True) as shop:
        step = shop.undo()
    if step is None:
        print(tr("There is nothing to undo."), file=sys.stderr)
        return 1
    print(tr("Undone: {what}", what=step.label))
    return 0


def backup(asked: argparse.Namespace) -> int:
    """Make a backup; its path."""
    backups = import_module("shopdesk.core.backup")
    with _opened(asked, write=False) as shop:
        made = backups.make(shop, why="asked", into=asked.folder)
    print((asked.folder or backups.folder(asked.file)) / made.name)
    return 0


def restore(asked: argparse.Namespace) -> int:
    """Put a backup in the place of the shop."""
    key = asking.key_of(asked, asked.file)
    key = asking.key_of(asked, asked.backup, like=key) if key is None or not asked.file.exists() else key
    aside = import_module("shopdesk.core.restore").restore(asked.file, asked.backup, key=key)
    print(tr("“{name}” holds the content of “{backup}” now.", name=asked.file.name, backup=asked.backup.name))
    if aside is not None:
        print(tr("The damaged file was kept as “{name}”.", name=aside.name))
    return 0


def salvage(asked: argparse.Namespace) -> int:
    """Bring over what a damaged file still holds."""
    key = asking.key_of(asked, asked.file)
    for found in import_module("shopdesk.core.salvage").salvage(asked.file, asked.new, key=key, fill=asked.fill):
        told = N_("{table}: {rows} brought over, {lost} lost")
        if asked.fill is not None:
            told = N_("{table}: {rows} brought over, {filled} of the backup, {lost} lost")
        if found.untold:
            told = N_("{table}: {rows} brought over, {filled} of the backup, {lost} known to be lost, perhaps more")
        if found.rows or found.filled or found.lost or found.untold:
            print(tr(told, table=found.table, rows=found.rows, filled=found.filled, lost=found.lost))
    return 0


def password(asked: argparse.Namespace) -> int:
    """Set, change or remove the password, and say the recovery code of the new one."""
    passwords = import_module("shopdesk.core.password")
    old = asking.key_of(asked, asked.file)
    open_shop(asked.file, key=old, write=False).close()
    if asked.remove and old is None:
        print(tr("“{name}” has no password.", name=asked.file.name), file=sys.stderr)
        return 1
    word = None if asked.remove else asking.new_password(asked)
    new = passwords.change(asked.file, old, word, warn=lambda doubt: print(doubt, file=sys.stderr))
    if new is None:
        print(tr("“{name}” has no password any more.", name=asked.file.name))
    else:
        print(tr("“{name}” is under its new password.", name=asked.file.name))
        print(tr("Recovery code: {code}", code=import_module("shopdesk.core.keys").recovery_code(new)))
        print(tr("Write it down and keep it away from this computer: it opens the shop when the password is lost."))
    _tell_what_stayed(asked.file, new)
    return 0


def _tell_what_stayed(file: Path, key: Key | None) -> None:
    """Backups that could not follow the password yet, and what stays readable without it."""
    passwords, following = (import_module(f"shopdesk.core.{name}") for name in ("password", "following"))
    with opened(file, key=key, write=False) as shop:
        if following.pending(shop.reader()):
            print(tr("Some backups are as they were before; they follow the next time."), file=sys.stderr)
    for path in passwords.plain_beside(file) if key is not None else []:
        print(tr("“{path}” can still be read without a password.", path=path), file=sys.stderr)


def shots(asked: argparse.Namespace) -> int:
    """Take a picture of every page."""
    take = import_module("shopdesk.ui.shots").shots
    key = asking.key_of(asked, asked.file)
    open_shop(asked.file, key=key, write=False).close()
    for path in take(asked.file, asked.folder, key=key, lang=asked.lang, mode=asked.theme, size=asked.size):
        print(path)
    return 0


def demo(asked: argparse.Namespace) -> int:
    """Open the demo shop, or write its sheet and pictures."""
    make = import_module("shopdesk.exchange.demo").make
    if asked.shots is None and has_screen():
        return open_window(_demo_file(make))
    spoken = words.language()
    folder = asked.shots or Path(tempfile.mkdtemp(prefix="shopdesk-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for language in words.LANGUAGES:
            words.use_language(language)
            file = Path(place) / language / "demo.shop"
            file.parent.mkdir()
            make(file)
            plain = {"file": file, "password_file": ""}
            if language == spoken:
                board(argparse.Namespace(**plain, date=None, pdf=folder / "today.pdf", json=False))
            for theme in ("light", "dark"):
                shots(argparse.Namespace(**plain, folder=folder, lang=language, theme=theme, size="1366x768"))
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
