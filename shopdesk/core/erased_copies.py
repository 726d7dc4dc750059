"""The backups follow an erasure: each is written anew without the person, verified, and takes its own place.

What is done is noted in the list of erasures; whatever a closed window or a power cut left is done at the next
opening. A copy that cannot be written anew is named to the owner.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import erasures, following, manifest, past_persons, replacing, sqlite
from shopdesk.core.durable import sync
from shopdesk.core.erasures import Erasure
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.trouble import reason
from shopdesk.core.verifying import Copy, Found, Stop, Stopped, ask, look_at_stop, verify

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

_PAGES_A_STEP = 1024


@dataclass(frozen=True, slots=True)
class Left:
    """A backup that still holds somebody who was erased, and why it could not be written anew."""

    path: Path
    why: str


def holding(shop: Shop, customer_id: int) -> list[Path]:
    """The backups in which a person of the present shop stands as well, in the table or only in the journal.

    So do those of the ids under which the same account was there before. By id and trace; never on the main thread.
    """
    con = shop.reader()
    person = past_persons.of_id(con, customer_id)
    if person is None:
        return []
    known = [person, *(past_persons.of_id(con, one) for one in past_persons.same(con, person))]
    wanted = [(one.id, erasures.trace(one.channel_id, one.handle)) for one in known if one is not None]
    return [path for path in _copies(shop) if _has(path, wanted, shop.key)]


def _has(path: Path, wanted: Sequence[tuple[int, int]], key: Key | None) -> bool:
    try:
        with closing(sqlite.connect(path, key=key)) as con:
            found = [(past_persons.of_id(con, one), trace) for one, trace in wanted]
    except sqlite.DatabaseError:
        return True  # it cannot be said that it does not
    return any(one is not None and erasures.trace(one.channel_id, one.handle) == trace for one, trace in found)


def _copies(shop: Shop) -> list[Path]:
    places = _folders(shop)
    return [file for place in places for file in following.copies(place, shop.path.stem)]


def _folders(shop: Shop) -> list[Path]:
    return [place for place in following.folders(shop).values() if place.is_dir()]


def finish(shop: Shop, stop: Stop = lambda: False) -> list[Left]:
    """Write every backup anew that still holds somebody who was erased; those for which it was not possible.

    What `stop` leaves undone is done the next time. Takes minutes where there are many: never on the main thread.
    Costs one question where nobody was erased.
    """
    erasures.catch_up(shop)
    wanted = erasures.listed(shop.reader())
    if not wanted:
        return []
    for place in _folders(shop):
        with suppress(OSError):
            erasures.write_down(place, wanted)
            replacing.settle(place, shop.path.stem)
    open_ones = _open_ones(shop)
    if open_ones:
        erasures.empty_log(shop)
    left = []
    with suppress(Stopped):
        for path in open_ones:
            ask(stop)
            trouble = _follow(shop, path, wanted, stop)
            if trouble is None:
                _note(shop, path)
            else:
                left.append(Left(path, trouble))
        return left
    return []


def waiting(shop: Shop) -> int:
    """Of how many backups it is not known yet that they hold nobody who was erased."""
    if not erasures.listed(shop.reader()):
        return len(_copies(shop)) if erasures.lacking(shop) else 0
    return len(_open_ones(shop))


def _open_ones(shop: Shop) -> list[Path]:
    """The copies that the newest erasure does not know to be clean, as they are now; every erasure begins anew."""
    row = shop.reader().execute("SELECT copies FROM erasures ORDER BY id DESC LIMIT 1").fetchone()
    noted = json.loads(row[0]) if row else {}
    return [path for path in _copies(shop) if noted.get(str(path)) != _look_of(path)]


def _note(shop: Shop, path: Path) -> None:
    with shop.quiet() as db:
        db.execute(
            "UPDATE erasures SET copies = json_set(copies, ?, ?) WHERE id = (SELECT max(id) FROM erasures)",
            (f"$.{json.dumps(str(path), ensure_ascii=False)}", _look_of(path)),
        )


def _look_of(path: Path) -> str:
    """What tells a copy from another one of the same name: on another stick, or brought again."""
    with suppress(OSError):
        found = path.stat()
        return f"{found.st_size} {found.st_mtime_ns}"
    return ""


def _follow(shop: Shop, path: Path, wanted: Sequence[Erasure], stop: Stop) -> str | None:
    """Bring one copy up to date; why that was not possible, None when it was. Raises Stopped."""
    try:
        if erasures.missing(path, wanted, shop.key):
            replacing.rewrite(path, partial(_without, path, wanted, shop.key, stop), stop)
    except (OSError, sqlite.DatabaseError) as error:
        return reason(error)
    except ShopError as error:
        return str(error)
    return None


def _without(path: Path, wanted: Sequence[Erasure], key: Key | None, stop: Stop, part: Path) -> Found:
    """Write a copy in which nobody of `wanted` is."""
    line = manifest.of_file(path)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite.connect(path, key=key)) as source, closing(sqlite.bare(part, key=key)) as copy:
        source.backup(copy, pages=_PAGES_A_STEP, progress=lambda *_state: ask(stop))
    erasures.reapply(part, wanted, key, lambda _done: ask(stop), partial(look_at_stop, stop=stop))
    ask(stop)  # what was stopped may still hold words between its rows
    with closing(sqlite.bare(part, key=key)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
    found = verify(Copy(part, key, stop), figures=line is None or line.why != "upgrade")
    sync(part)
    return found
