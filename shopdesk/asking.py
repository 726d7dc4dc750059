"""The password of a shop on the command line: asked for on a terminal, else read from a file or standard input.

It is never an argument or a variable of the environment, which every other program on the machine can read.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key, NeedsPassword, WrongPassword
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_, tr

_LONGEST = 4096


def key_of(asked: argparse.Namespace, path: Path, *, like: Key | None = None) -> Key | None:
    """The key of a shop file that no connection has open yet; None for a plain or missing one.

    `like` is tried first: a backup is mostly under the key of its shop. Raises NeedsPassword, WrongPassword.
    """
    with disk_trouble():
        if not path.is_file() or sqlite.is_plain(path):
            return None
    protect = import_module("shopdesk.core.protect")  # with hashing, which plain shops do without
    if not protect.is_protected(path):
        return None
    if like is not None and protect.opens(path, like):
        return like
    key: Key = protect.unlock(path, _secret(asked.password_file, path.name), even_damaged=True)
    return key


def new_password(asked: argparse.Namespace) -> str:
    """The password that a shop is to get. Raises ShopError when it is typed differently the second time."""
    source = asked.new_password_file
    if source or not sys.stdin.isatty():
        return _line(source or "-")
    first = _typed(tr("New password: "))
    if _typed(tr("The same again: ")) != first:
        raise ShopError(N_("The two passwords are not the same."), fix=N_("Nothing was changed."))
    return first


def _secret(source: str, name: str) -> str:
    if source:
        return _line(source)
    if not sys.stdin.isatty():
        refused = NeedsPassword(name)
        refused.fix = N_("Name a file that holds it with --password-file, or - for standard input.")
        raise refused
    return _typed(tr("Password or recovery code of “{name}”: ", name=name))


def _typed(prompt: str) -> str:
    typed: str = import_module("getpass").getpass(prompt)  # which only a terminal needs
    return typed


def _line(source: str) -> str:
    if source == "-":
        return _cut(sys.stdin.buffer.readline(_LONGEST))
    return _first_line(Path(source))


def _first_line(path: Path) -> str:
    if not path.exists():
        raise ShopError(N_("There is no file “{name}”."), name=path.name)
    with disk_trouble(), path.open("rb") as stream:
        return _cut(stream.readline(_LONGEST))


def _cut(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongPassword from None
