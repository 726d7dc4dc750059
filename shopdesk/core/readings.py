"""The readings of Chinese characters, out of pypinyin, which is loaded at the first question.

Its tables take an eighth of a second and 50 MB, and read in one go they keep every other thread of the
program waiting for most of that time. So they are read here in pieces, between which the window gets its turn, and
pages that will soon need them have them loaded beside (`load`) before the owner has finished typing.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

_PIECE = 16 * 1024

_loading = Lock()


def loaded() -> bool:
    """Whether the tables are there."""
    return "pypinyin" in sys.modules


def load() -> None:
    """Load the tables, when they are not loaded yet; no other thread waits for it longer than some milliseconds."""
    with _loading:
        if not loaded():
            _prepare_tables()
            import pypinyin  # noqa: F401  (50 MB that a session without names never needs)


def readings(text: str, *, all_common: bool) -> list[list[str]]:
    """The readings of each character, without tones: the usual one, or all common ones."""
    load()
    from pypinyin import Style, pinyin

    found: list[list[str]] = pinyin(text, style=Style.NORMAL, heteronym=all_common)
    return found


def _prepare_tables() -> None:
    """Put the modules that hold the tables in place, so that pypinyin does not read them in one go."""
    spec = importlib.util.find_spec("pypinyin")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    characters = {int(key): value for key, value in table(folder / "pinyin_dict.json", '",\n"')}
    phrases = dict(table(folder / "phrases_dict.json", '],\n"'))
    for name, found in (("pinyin_dict", characters), ("phrases_dict", phrases)):
        module = ModuleType(f"pypinyin.{name}")
        setattr(module, name, found)
        sys.modules[module.__name__] = module


def table(path: Path, between: str) -> Iterator[tuple[str, Any]]:
    """The entries of a JSON object of strings and lists, read in pieces; `between` stands only between entries."""
    with path.open(encoding="utf-8") as stream:
        held = stream.read(_PIECE).lstrip().removeprefix("{")
        while more := stream.read(_PIECE):
            text = held + more
            end = text.rfind(between) + 1
            if end:
                yield from json.loads(f"{{{text[:end]}}}").items()
            held = text[end + 1 :] if end else text
        yield from json.loads(f"{{{held.rstrip().removesuffix('}')}}}").items()
