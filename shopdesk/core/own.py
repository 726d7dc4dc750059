"""The owner's own rules, layouts, sheets and tables: files of a folder beside the settings, data with limits.

`<user_dir>/own/rules/*.toml`, `own/formats/*.toml`, `own/print/*.html` and `own/views/*.sql` are read beside what
comes with the program. A file that cannot be used is left out and said so in one sentence; nothing else stops.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from shopdesk.core.errors import FileRefused
from shopdesk.core.paths import user_dir
from shopdesk.core.words import N_, tr

ENDINGS = {"rules": ".toml", "formats": ".toml", "print": ".html", "views": ".sql"}
"""The folders, and what their files are called."""

MOST_FILES = 100
MOST_BYTES = 64 * 1024
DEEPEST = 8
_Made = TypeVar("_Made")


class Unusable(FileRefused):
    """A file of the owner's folder that is not used; `line` is where, 0 when it is about the whole file."""

    def __init__(self, message: str, *, line: int = 0, n: int = 0, name: str = "") -> None:
        super().__init__(message, n=n, name=name)
        self.line = line


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was left out, and why."""

    file: str
    reason: Unusable

    def __str__(self) -> str:
        if self.reason.line:
            line, reason = self.reason.line, str(self.reason)
            return tr("{file}, line {line}, is not used: {reason}", file=self.file, line=line, reason=reason)
        return tr("{file} is not used: {reason}", file=self.file, reason=str(self.reason))


@dataclass(frozen=True, slots=True)
class Found(Generic[_Made]):
    """What the files of a folder made, and what was left out."""

    made: tuple[_Made, ...] = ()
    left: tuple[Left, ...] = ()


def folder(kind: str) -> Path:
    """Where the owner's files of a kind are."""
    return user_dir() / "own" / kind


def found(kind: str, make: Callable[[str, str], _Made]) -> Found[_Made]:
    """What `make(name, text)` makes of each file; it raises Unusable for one that cannot be used.

    Files are read again only when one of them changed.
    """
    return _found(str(folder(kind)), ENDINGS[kind], _listed(folder(kind), ENDINGS[kind]), make)


def _listed(where: Path, ending: str) -> tuple[tuple[str, int, int], ...]:
    try:
        with os.scandir(where) as entries:
            named = [entry for entry in entries if entry.name.endswith(ending) and not entry.name.startswith(".")]
            stats = [(entry.name, entry.stat(follow_symlinks=False)) for entry in named]
    except OSError:
        return ()
    return tuple(sorted((name, one.st_mtime_ns, one.st_size) for name, one in stats))


@lru_cache(maxsize=16)
def _found(
    where: str, _ending: str, listed: tuple[tuple[str, int, int], ...], make: Callable[[str, str], Any]
) -> Found[Any]:
    made, left = [], []
    for number, (name, _, _) in enumerate(listed):
        try:
            if number >= MOST_FILES:
                raise Unusable(
                    N_(
                        "there are more than {n} files.",
                    ),
                    n=MOST_FILES,
                )
            made.append(make(name, _text(Path(where, name))))
        except Unusable as reason:
            left.append(Left(name, reason))
        except RecursionError:
            left.append(Left(name, _too_deep()))
    return Found(tuple(made), tuple(left))


def _text(path: Path) -> str:
    """The text of a plain file. Raises Unusable."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Unusable(N_("it is no plain file."))
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Unusable(N_("it is larger than {n} KB."), n=MOST_BYTES // 1024)
        text = data.decode("utf-8-sig")
    except OSError:
        raise Unusable(N_("it is no plain file.")) from None
    except UnicodeDecodeError as error:
        raise Unusable(N_("it is no UTF-8 text."), line=data[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise Unusable(N_("it is no UTF-8 text."), line=text[: text.index("\0")].count("\n") + 1)
    return text.replace("\r\n", "\n")


def toml(text: str) -> dict[str, Any]:
    """The values of a TOML file. Raises Unusable with the line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise Unusable(N_("this is no TOML."), line=line) from None
    if _depth(data) > DEEPEST:
        raise _too_deep()
    return data


def _too_deep() -> Unusable:
    return Unusable(N_("its tables stand too deep in each other."))


def _depth(value: object) -> int:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)


def line_of(text: str, key: str) -> int:
    """The line that gives a key its value, 0 when there is none."""
    at = re.search(rf"^\s*\[*{re.escape(key)}\b", text, re.MULTILINE)
    return text[: at.start()].count("\n") + 1 + at[0].count("\n") if at else 0


def wrong(text: str, key: str) -> Unusable:
    """What to raise for a key that is missing or holds what it cannot."""
    line = line_of(text, key)
    message = N_("“{name}” cannot be this.") if line else N_("“{name}” is missing.")
    return Unusable(message, line=line, name=key)
