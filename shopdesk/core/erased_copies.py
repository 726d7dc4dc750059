"""The backups follow an erasure: each is written anew without the person, verified, and takes its own place.

What is done is noted in the list of erasures; whatever a closed window or a power cut left is done at the next
opening. A copy that cannot be written anew is named to the owner.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import erasures, manifest, settings, sqlite
from shopdesk.core.durable import sync
from shopdesk.core.erasures import Erasure
from shopdesk.core.errors import DiskTrouble, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.manifest import Backup
from shopdesk.core.trouble import reason
from shopdesk.core.verifying import Copy, verify

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

_PAGES_A_STEP = 4096
_SECOND_FOLDER = "second_folder"
_ON_THE_WAY = "rewritten.json"


@dataclass(frozen=True, slots=True)
class Left:
    """A backup that still holds somebody who was erased, and why it could not be written anew."""

    path: Path
    why: str


Told = Callable[[int, int], None]
"""How many copies are done, of how many; may raise to stop."""


def folders(shop: Shop) -> list[Path]:
    """Where backups of a shop are: beside it, and in the second folder of its settings."""
    second = str(settings.get(shop.reader(), _SECOND_FOLDER))
    places = [manifest.folder(shop.path), *([Path(second)] if second else [])]
    return [place for place in places if place.is_dir()]


def holding(shop: Shop, customer_id: int) -> list[tuple[Path, Backup]]:
    """The backups in which a buyer of the present shop stands as well, by id and trace."""
    row = shop.reader().execute("SELECT channel_id, handle FROM customers WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        return []
    wanted = erasures.trace(row[0], row[1])
    return [(path, made) for path, made in _copies(shop) if _has(path, customer_id, wanted, shop.key)]


def _has(path: Path, customer_id: int, wanted: int, key: Key | None) -> bool:
    try:
        with closing(sqlite.connect(path, key=key)) as con:
            found = con.execute("SELECT channel_id, handle FROM customers WHERE id = ?", (customer_id,)).fetchone()
    except sqlite.DatabaseError:
        return True  # it cannot be said that it does not
    return found is not None and erasures.trace(found[0], found[1]) == wanted


def _copies(shop: Shop) -> Iterator[tuple[Path, Backup]]:
    for place in folders(shop):
        yield from ((place / made.name, made) for made in manifest.of_shop(place, shop.path.stem))


def finish(shop: Shop, told: Told = lambda done, of: None) -> list[Left]:
    """Write every backup anew that still holds somebody who was erased; those for which it was not possible.

    Takes minutes where there are many: never on the main thread. Costs one question where nobody was erased.
    """
    wanted = erasures.listed(shop.reader())
    if not wanted:
        return []
    for place in folders(shop):
        _mend(place)
        with suppress(OSError):
            erasures.write_down(place, wanted)
    done = _noted(shop)
    open_ones = [(path, made) for path, made in _copies(shop) if str(path) not in done]
    left = []
    for at, (path, made) in enumerate(open_ones):
        told(at, len(open_ones))
        trouble = _follow(path, made, wanted, shop.key)
        if trouble is None:
            _note(shop, path)
        else:
            left.append(Left(path, trouble))
    told(len(open_ones), len(open_ones))
    return left


def pending(shop: Shop) -> bool:
    """Whether there are backups of which it is not known yet that they hold nobody who was erased."""
    if not erasures.listed(shop.reader()):
        return False
    done = _noted(shop)
    return any(str(path) not in done for path, _ in _copies(shop))


def _noted(shop: Shop) -> set[str]:
    """The copies that the newest erasure knows to be clean; every erasure begins anew."""
    row = shop.reader().execute("SELECT copies FROM erasures ORDER BY id DESC LIMIT 1").fetchone()
    return set(json.loads(row[0])) if row else set()


def _note(shop: Shop, path: Path) -> None:
    with shop.quiet() as db:
        db.execute(
            "UPDATE erasures SET copies = json_set(copies, ?, 1) WHERE id = (SELECT max(id) FROM erasures)",
            (f"$.{json.dumps(str(path), ensure_ascii=False)}",),
        )


def _follow(path: Path, made: Backup, wanted: Sequence[Erasure], key: Key | None) -> str | None:
    """Bring one copy up to date; why that was not possible, None when it was."""
    try:
        if erasures.missing(path, wanted, key):
            _rewrite(path, made, wanted, key)
    except (OSError, sqlite.DatabaseError) as error:
        return reason(error)
    except DiskTrouble as error:
        return str(error)
    except ShopError as error:
        return str(error)
    return None


def _rewrite(path: Path, made: Backup, wanted: Sequence[Erasure], key: Key | None) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(sqlite.connect(path, key=key)) as source, closing(sqlite.bare(part, key=key)) as copy:
            source.backup(copy, pages=_PAGES_A_STEP)
        erasures.reapply(part, wanted, key)
        with closing(sqlite.bare(part, key=key)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
        found = verify(Copy(part, key), figures=made.why != "upgrade")
        sync(part)
        new = replace(made, size=found.size, sha256=found.sha256)
        _take_its_place(part, path, new)
    finally:
        for side in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                part.with_name(part.name + side).unlink()


def _take_its_place(part: Path, path: Path, new: Backup) -> None:
    """First what the manifest will say, so that a power cut between the two leaves no copy that nobody trusts."""
    promise = path.parent / _ON_THE_WAY
    handle = os.open(promise, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump({"name": new.name, "size": new.size, "sha256": new.sha256}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, path)
    sync(path.parent)
    manifest.replace(path.parent, new)
    promise.unlink()


def _mend(place: Path) -> None:
    """Finish what a power cut left: the copy is the promised one, and the manifest does not say so yet."""
    promise = place / _ON_THE_WAY
    if not promise.is_file() or promise.is_symlink():
        return
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(promise.read_text("utf-8"))
        made = next((one for one in manifest.of_folder(place) if one.name == said["name"]), None)
        if made is not None and made.sha256 != said["sha256"]:
            there = manifest.checksum(place / made.name)
            if there == said["sha256"]:
                manifest.replace(place, replace(made, size=(place / made.name).stat().st_size, sha256=there))
    with suppress(OSError):
        promise.unlink()
