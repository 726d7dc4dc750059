"""Shop files on the command line: what the window has had open here is the owner's own, any other a stranger's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.identity import Additions, NotOurs
from shopdesk.core.keys import Key
from shopdesk.core.paths import user_dir
from shopdesk.core.shop import Shop


def open_shop(path: Path, *, key: Key | None = None, write: bool = True) -> Shop:
    """Open a shop file as a command does; one that defines anything but a shop is refused before a row is read.

    What an owner may have added herself does no harm: anything in a file of her own, plain tables and indices in any.
    Raises what Shop.open() raises.
    """
    try:
        return Shop.open(path, key=key, write=write, familiar=False)
    except NotOurs as error:
        if not (isinstance(error, Additions) and error.harmless) and not _is_familiar(path):
            raise
        return Shop.open(path, key=key, write=write)


@contextmanager
def opened(path: Path, *, key: Key | None = None, write: bool = True) -> Iterator[Shop]:
    """The same, closed again at the end of the block."""
    shop = open_shop(path, key=key, write=write)
    try:
        yield shop
    finally:
        with suppress(sqlite.Error):
            shop.close()


def _is_familiar(path: Path) -> bool:
    """Whether the window remembers the file among the recent ones. Read without Qt."""
    configparser = import_module("configparser")  # which most commands do without
    found = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        found.read(user_dir() / "settings.ini", encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return False
    recent = dict(found["recent"]) if found.has_section("recent") else {}
    files = [Path(_written(value)) for name, value in recent.items() if name.endswith("\\file")]
    return path.resolve() in [file.resolve() for file in files]


def _written(value: str) -> str:
    """A text as Qt keeps it in its settings: some in quotes, signs behind a bar."""
    bare = value[1:-1] if value.startswith('"') and value.endswith('"') else value
    return re.sub(r"\\(.)", r"\1", bare)
