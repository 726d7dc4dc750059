"""A broken shop file is never lost: it is kept beside the one that takes its place, with its side files.

A process that is killed in the middle leaves the broken file either where it was, whole, or kept and replaced.
"""

from __future__ import annotations

import glob
import os
import shutil
from contextlib import suppress
from pathlib import Path

from shopdesk.core import clock
from shopdesk.core.durable import sync, written
from shopdesk.core.words import tr

SIDE_FILES = ("-wal", "-shm")
_ON_THE_WAY = ".kept"
"""What the name of a broken file ends with until the other one is in its place."""


def name_for(path: Path) -> Path:
    """Where a broken shop file will be kept: “muhe damaged 1124.shop”, numbered when that is taken."""
    stem = tr("{name} damaged {date}", name=path.stem, date=f"{clock.today():%m%d}")
    kept = path.with_name(f"{stem}.shop")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem} {number}.shop")
    return kept


def exchange(path: Path, new: Path) -> Path:
    """Let the finished file `new` take the place of `path`, which is kept; where. Who calls holds the shop's lock.

    Raises OSError; `path` is then as it was.
    """
    kept = name_for(path)
    on_the_way = _beside(kept, _ON_THE_WAY)
    _drop_empty(path)
    _keep(path, on_the_way)
    try:
        _move(SIDE_FILES, path, kept)
        os.replace(new, path)
    except BaseException:
        _back(path, kept)
        raise
    os.replace(on_the_way, kept)
    sync(path.parent)
    return kept


def mend(path: Path) -> None:
    """Bring an exchange that was cut off to its beginning or its end. Who calls holds the shop's lock."""
    for on_the_way in path.parent.glob(f"{glob.escape(path.stem)} *.shop{_ON_THE_WAY}"):
        kept = on_the_way.with_name(on_the_way.name.removesuffix(_ON_THE_WAY))
        if path.is_file() and _is_same(on_the_way, path):
            _back(path, kept)
        else:
            os.replace(on_the_way, kept)


def _drop_empty(path: Path) -> None:
    """Side files that hold nothing: whoever only reads a shop leaves them."""
    log = _beside(path, SIDE_FILES[0])
    if log.exists() and not log.stat().st_size:
        for side in SIDE_FILES:
            _beside(path, side).unlink(missing_ok=True)


def _keep(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:  # a disk that knows no second name for a file
        with written(kept) as part:
            shutil.copy2(path, part)
    sync(path.parent)


def _is_same(one: Path, other: Path) -> bool:
    here, there = one.stat(), other.stat()
    return os.path.samestat(here, there) or (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)


def _back(path: Path, kept: Path) -> None:
    _move(SIDE_FILES, kept, path)
    _beside(kept, _ON_THE_WAY).unlink(missing_ok=True)


def _move(sides: tuple[str, ...], source: Path, target: Path) -> None:
    for side in sides:
        with suppress(FileNotFoundError):
            os.replace(_beside(source, side), _beside(target, side))


def _beside(path: Path, side: str) -> Path:
    return path.with_name(path.name + side)
