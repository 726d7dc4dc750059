"""Backups follow the password of their shop, one by one, also over several starts of the program.

Until all have followed, the shop keeps in itself what is needed for it (its former keys, under the new one),
and which copy is being replaced just now: a process that is killed goes on where it was.
"""

from __future__ import annotations

import errno
import glob
import json
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import manifest, second, sqlite
from shopdesk.core.backup import one_at_a_time
from shopdesk.core.durable import sync
from shopdesk.core.errors import Damaged
from shopdesk.core.keys import FOLLOWED, FORMER, OF_PASSWORD, PLACES, REPLACED, SHEET, SINCE, Key
from shopdesk.core.manifest import Backup
from shopdesk.core.recasting import recast
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import disk_trouble, is_spoilt, of_disk
from shopdesk.core.verifying import Stop, Stopped

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

Progress = Callable[[float], None]


def marks(con: Connection, old: Key | None, now: str | None) -> dict[str, str | None]:
    """What meta says after a change of the password at `now`; None says that the shop has none any more.

    The former keys are kept as JSON, an empty text for none, until the backups are under the new one; so is the
    second folder of now, which may be another one by then.
    """
    since = _of_meta(con, SINCE) if old is not None and now is not None else None
    former = [*_formers(con), old]
    texts = list(dict.fromkeys(key.text() if key else "" for key in former))
    other = second.chosen(con)
    places = list(dict.fromkeys([*_list(con, PLACES), *([other.folder] if other and other.copied else [])]))
    return {
        FORMER: json.dumps(texts), FOLLOWED: None, PLACES: json.dumps(places), REPLACED: None,
        SINCE: since or now, SHEET: None,
    }  # fmt: skip


def pending(con: Connection) -> bool:
    """Whether backups may still be under a former password, or under none."""
    return _of_meta(con, FORMER) is not None


def follow(shop: Shop, progress: Progress = lambda done: None, stop: Stop = lambda: False) -> None:
    """Bring every backup that can be reached under the key of its shop. Never on the main thread.

    Each is replaced when its copy is verified; a spoilt one stays as it is. One that cannot be had at the moment,
    or is in a second folder that is not there, waits for the next time. Stops when `stop` says so. Raises
    DiskTrouble, Busy; what was done is done.
    """
    if not pending(shop.reader()):
        return
    with disk_trouble():
        finish(shop)
        everywhere, there = _everywhere(shop), _reachable(shop)
        followed = _list(shop.reader(), FOLLOWED)
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
        all_followed: dict[str, str | None] = {FORMER: None, FOLLOWED: None, PLACES: None}
        _note(shop, {FOLLOWED: json.dumps(done)} if len(done) < len(everywhere) else all_followed)
        progress(1.0)


def folders(shop: Shop) -> dict[str, Path]:
    """The folders that hold backups of a shop, there or not, under the names by which it remembers them."""
    other = second.chosen(shop.reader())
    found = [manifest.folder(shop.path), *([Path(other.folder)] if other else [])]
    return {str(where): where for where in found}


def _everywhere(shop: Shop) -> list[str]:
    """Those, and the second folders that were others when the password was changed."""
    before = (str(Path(where)) for where in _list(shop.reader(), PLACES))
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
    part = file.with_name(f"{file.name}.part")
    try:
        former = _opening(file, [shop.key, *_formers(shop.reader())])
        if former is None or former.key == shop.key:
            return True
        _follow_one(shop, file, part, former, stop)
    except Damaged:
        return True
    except Stopped:
        return False
    except (OSError, sqlite.DatabaseError) as error:
        if stop():
            return False
        if of_disk(error) in (errno.ENOSPC, errno.EDQUOT):
            raise
        return is_spoilt(error) or not file.exists()  # an old one that gave way meanwhile
    finally:
        for left in file.parent.glob(f"{glob.escape(part.name)}*"):
            left.unlink(missing_ok=True)
    return True


def _follow_one(shop: Shop, file: Path, part: Path, former: _Under, stop: Stop) -> None:
    line = next((known for known in manifest.of_folder(file.parent) if known.name == file.name), None)
    sound = line is not None and manifest.checksum(file) == line.sha256
    part.unlink(missing_ok=True)
    with closing(sqlite.connect(file, key=former.key)) as con:
        of_shop = {SINCE: _of_meta(shop.reader(), SINCE), SHEET: None, FORMER: None, FOLLOWED: None, PLACES: None}
        found = recast(con, part, shop.key, marks=of_shop, figures=False, stop=stop)
    changed = replace(line, size=found.size, sha256=found.sha256) if line is not None and sound else None
    with one_at_a_time:
        swap(shop, part, file, changed)


def swap(shop: Shop, part: Path, file: Path, changed: Backup | None) -> None:
    """Put a finished copy in the place of a backup; killed in between, finish() writes its line the next time."""
    if not file.exists():  # an old one that gave way meanwhile
        return
    if changed is not None:
        _note(shop, {REPLACED: json.dumps([str(file.parent), asdict(changed)])})
    part.replace(file)
    sync(file.parent)
    finish(shop)


def finish(shop: Shop) -> None:
    """Write down the checksum of the copy that was replaced last, unless its process was killed just before that."""
    found = being_replaced(shop.reader())
    if found is None:
        return
    folder, made = found
    with suppress(FileNotFoundError):
        if manifest.checksum(folder / made.name) == made.sha256:
            manifest.change(folder, made)
    _note(shop, {REPLACED: None})


def being_replaced(con: Connection) -> tuple[Path, Backup] | None:
    """The copy whose file may have been replaced while the list still says what it was: its folder, its new line."""
    said = _of_meta(con, REPLACED)
    if said is None:
        return None
    folder, line = json.loads(said)
    return Path(folder), Backup(**line)


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
    noted = {name: _of_meta(source, name) for name in OF_PASSWORD}
    for name, value in noted.items():
        target.execute("DELETE FROM meta WHERE key = ?", (name,))
        if value is not None:
            target.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (name, value))


def _of_meta(con: Connection, name: str) -> str | None:
    row = con.execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def _formers(con: Connection) -> list[Key | None]:
    said = _of_meta(con, FORMER)
    return [Key.of_text(text) if text else None for text in json.loads(said)] if said else []


def _list(con: Connection, name: str) -> list[str]:
    said = _of_meta(con, name)
    return list(json.loads(said)) if said else []


def _note(shop: Shop, values: dict[str, str | None]) -> None:
    with shop.quiet() as db:
        for name, value in values.items():
            db.execute("DELETE FROM meta WHERE key = ?", (name,))
            if value is not None:
                db.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (name, value))
