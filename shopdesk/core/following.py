"""Backups follow the password of their shop, one by one, also over several starts of the program.

Until all have followed, the shop keeps in itself what is needed for it (its former keys, under the new one):
a process that is killed goes on where it was.
"""

from __future__ import annotations

import errno
import glob
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import manifest, meta, replacing, second, sqlite
from shopdesk.core.backup import one_at_a_time
from shopdesk.core.errors import Damaged
from shopdesk.core.keys import Key
from shopdesk.core.recasting import recast
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import disk_trouble, is_spoilt, of_disk
from shopdesk.core.verifying import Found, Stop, Stopped

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

Progress = Callable[[float], None]


def marks(con: Connection, old: Key | None, now: str | None) -> dict[str, str | None]:
    """What meta says after a change of the password at `now`; None says that the shop has none any more.

    The former keys are kept as JSON, an empty text for none, until the backups are under the new one; so is the
    second folder of now, which may be another one by then.
    """
    since = meta.get(con, meta.SINCE) if old is not None and now is not None else None
    former = [*_formers(con), old]
    texts = list(dict.fromkeys(key.text() if key else "" for key in former))
    other = second.chosen(con)
    places = list(dict.fromkeys([*_list(con, meta.PLACES), *([other.folder] if other and other.copied else [])]))
    return {
        meta.FORMER: json.dumps(texts), meta.FOLLOWED: None, meta.PLACES: json.dumps(places),
        meta.SINCE: since or now, meta.SHEET: None,
    }  # fmt: skip


def pending(con: Connection) -> bool:
    """Whether backups may still be under a former password, or under none."""
    return meta.get(con, meta.FORMER) is not None


def has_followed(con: Connection, where: Path) -> bool:
    """Whether every backup in a folder that can be read is under the present key."""
    return not pending(con) or str(where) in _list(con, meta.FOLLOWED)


def follow(shop: Shop, progress: Progress = lambda done: None, stop: Stop = lambda: False) -> None:
    """Bring every backup that can be reached under the key of its shop. Never on the main thread.

    Each is replaced when its copy is verified; a spoilt one stays as it is. One that cannot be had at the moment,
    or is in a second folder that is not there, waits for the next time. Stops when `stop` says so. Raises
    DiskTrouble, Busy; what was done is done.
    """
    if not pending(shop.reader()):
        return
    with disk_trouble():
        everywhere, there = _everywhere(shop), _reachable(shop)
        for where in there:
            replacing.settle(Path(where), shop.path.stem)
        followed = _list(shop.reader(), meta.FOLLOWED)
        files = [file for where in there if where not in followed for file in copies(Path(where), shop.path.stem)]
        waiting = set()
        for at, file in enumerate(files):
            progress(at / len(files))
            if not _bring(shop, file, stop):
                waiting.add(str(file.parent))
            if stop():
                return
        if shop.key is not None:
            with one_at_a_time:
                for where in there:
                    manifest.hush(Path(where), shop.path.stem)
        done = [where for where in everywhere if where in {*there, *followed} - waiting]
        all_followed: dict[str, str | None] = {meta.FORMER: None, meta.FOLLOWED: None, meta.PLACES: None}
        _note(shop, {meta.FOLLOWED: json.dumps(done)} if len(done) < len(everywhere) else all_followed)
        progress(1.0)


def folders(shop: Shop) -> dict[str, Path]:
    """The folders that hold backups of a shop, there or not, under the names by which it remembers them."""
    other = second.chosen(shop.reader())
    found = [manifest.folder(shop.path), *([Path(other.folder)] if other else [])]
    return {str(where): where for where in found}


def _everywhere(shop: Shop) -> list[str]:
    """Those, and the second folders that were others when the password was changed."""
    before = (str(Path(where)) for where in _list(shop.reader(), meta.PLACES))
    return list(dict.fromkeys([*folders(shop), *before]))


def _reachable(shop: Shop) -> list[str]:
    other = second.chosen(shop.reader())
    beside, *others = _everywhere(shop)
    known = {where: second.Second(where, copied="before") for where in others}
    if other is not None:
        known[str(Path(other.folder))] = other
    return [beside, *(where for where, one in known.items() if second.is_there(shop.path, one))]


def copies(where: Path, stem: str) -> list[Path]:
    """The backups of a shop in a folder, the newest first, whether or not they are written down."""
    form = manifest.form(stem)
    found = where.glob(f"{glob.escape(stem)}-*.shop")
    return sorted((file for file in found if form.fullmatch(file.name) and not file.is_symlink()), reverse=True)


def _bring(shop: Shop, file: Path, stop: Stop) -> bool:
    """Replace one backup by its copy under the shop's key, unless it is under it already or spoilt.

    False when it must be tried again, for somebody else holds it or the disk refuses to read it.
    """
    try:
        former = _opening(file, [shop.key, *_formers(shop.reader())])
        if former is not None and former.key != shop.key:
            replacing.rewrite(file, partial(_recast, shop, file, former, stop), stop)
    except Damaged:
        return True
    except Stopped:
        return False
    except (OSError, sqlite.DatabaseError) as error:
        if of_disk(error) in (errno.ENOSPC, errno.EDQUOT):
            raise
        return is_spoilt(error) or not file.exists()  # an old one that gave way meanwhile
    return True


def _recast(shop: Shop, file: Path, former: _Under, stop: Stop, part: Path) -> Found:
    of_shop = {
        meta.SINCE: meta.get(shop.reader(), meta.SINCE),
        meta.SHEET: None,
        meta.FORMER: None,
        meta.FOLLOWED: None,
        meta.PLACES: None,
    }
    with closing(sqlite.connect(file, key=former.key)) as con:
        return recast(con, part, shop.key, marks=of_shop, figures=False, stop=stop)


@dataclass(frozen=True, slots=True)
class _Under:
    key: Key | None


def _opening(file: Path, candidates: list[Key | None]) -> _Under | None:
    """Which of these keys (None for none) a file is under; None for a file that opens with none of them.

    Only that it is no database with a key says so; what else is refused is no answer, and raised.
    """
    for key in candidates:
        try:
            with closing(sqlite.connect(file, key=key)) as con:
                con.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                return _Under(key)
        except sqlite.DatabaseError as error:
            if not is_spoilt(error):
                raise
    return None


def carry(source: Connection, target: Connection) -> None:
    """What a shop notes of its password goes over to the backup that takes its place: others may still follow."""
    for name in meta.OF_PASSWORD:
        meta.put(target, name, meta.get(source, name))


def _formers(con: Connection) -> list[Key | None]:
    said = meta.get(con, meta.FORMER)
    return [Key.of_text(text) if text else None for text in json.loads(said)] if said else []


def _list(con: Connection, name: str) -> list[str]:
    said = meta.get(con, name)
    return list(json.loads(said)) if said else []


def _note(shop: Shop, values: dict[str, str | None]) -> None:
    with shop.quiet() as db:
        for name, value in values.items():
            meta.put(db.conn, name, value)
