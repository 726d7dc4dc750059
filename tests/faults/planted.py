"""Faults that are planted in the program, so that a harness shows that it finds some."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from shopdesk.core import meta, sqlite
from shopdesk.core.shop import Shop
from tests.faults.living import Say
from tests.faults.stage import digest, steps


def spoil(plant: str, path: Path) -> None:
    """Spoil the program: "early" acknowledges before the commit, "unjournaled" commits without a journal."""
    if plant == "unjournaled":
        sqlite._WRITER = ("PRAGMA journal_mode=OFF", "PRAGMA cache_size=4", *sqlite._WRITER[1:])
        with closing(sqlite.bare(path)) as con:
            con.execute("PRAGMA journal_mode=DELETE")
    elif plant == "early":
        Shop._open_writer = early  # type: ignore[method-assign]
    else:
        raise ValueError(plant)


_open_writer = Shop._open_writer
_say: list[Say] = []


def heard_by_plant(say: Say) -> Say:
    """Let a planted fault speak too."""
    _say[:] = [say]
    return say


def early(shop: Shop) -> object:
    """A writer that acknowledges what it is about to commit."""
    con = _open_writer(shop)
    shop._writer = _Early(con)  # type: ignore[assignment]
    return shop._writer


class _Early:
    """A connection that says it is done, and then commits."""

    def __init__(self, con: sqlite.Connection) -> None:
        self._con = con

    def __getattr__(self, name: str) -> object:
        return getattr(self._con, name)

    def execute(self, statement: str, *values: object) -> object:
        """A statement; before a commit the acknowledgement."""
        if statement == "COMMIT" and _say:
            con = self._con
            changes = meta.changes(con)
            _say[0](done="early", changes=changes, content=digest(con), steps=steps(con))
            time.sleep(0.002)
        return self._con.execute(statement, *values)
