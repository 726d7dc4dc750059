"""What can be done about a damaged shop file, in a process of its own: a file that ends SQLite ends only that.

Each of the ways keeps the broken file; what takes its place is made beside it, looked through, and only then put
there by one rename.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from shopdesk.core import aside, check, diagnosis, listing, manifest, process, restore, since, sqlite, words
from shopdesk.core.diagnosis import Diagnosis
from shopdesk.core.errors import Damaged, FileRefused, ShopError
from shopdesk.core.keys import Key
from shopdesk.core.lock import held
from shopdesk.core.manifest import Backup
from shopdesk.core.salvage import Salvaged, salvage
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_

MODULE = "shopdesk.core.rescue"
_PART = ".rescue"
"""What the name of a file that is still being made ends with."""


# the side of the program


def diagnose(
    path: Path,
    *,
    key: Key | None = None,
    hear: Callable[[Diagnosis, Backup | None], None],
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Have the file looked through; `hear` is told each time that more is known. Raises Cancelled, ShopError."""
    known, backup = Diagnosis(), None

    def heard(said: dict[str, Any]) -> None:
        nonlocal known, backup
        if "backup" in said:
            backup = Backup(**said["backup"]) if said["backup"] else None
        if "known" in said:
            known = Diagnosis.of_json(said["known"])
            hear(known, backup)

    try:
        _run({"what": "diagnose", "path": str(path), "key": key.text() if key else ""}, heard, cancelled)
    except process.Broken:
        hear(_ended(known), backup)


def _ended(known: Diagnosis) -> Diagnosis:
    """The looking itself came to a sudden end: that, too, is an answer."""
    return Diagnosis.of_json({**known.as_json(), "finished": True, "openable": False})


def repair(
    path: Path,
    *,
    key: Key | None = None,
    fill: Path | None = None,
    hear: Callable[[Salvaged], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Path, list[Salvaged]]:
    """Bring what can be read, and from `fill` what cannot, into a new file in the place of the broken one.

    Where that is kept, and the counts. Raises Cancelled, FileRefused, HeldElsewhere, DiskTrouble.
    """
    job = {"what": "repair", "path": str(path), "fill": str(fill or ""), "key": key.text() if key else ""}
    return _rescued(job, hear, cancelled)


def put_back(path: Path, candidate: Path, *, key: Key | None = None) -> Path:
    """Put a backup in the place of the broken file; where that is kept. Raises as repair() does."""
    job = {"what": "put_back", "path": str(path), "candidate": str(candidate), "key": key.text() if key else ""}
    return _rescued(job, None, None)[0]


def _rescued(
    job: dict[str, str], hear: Callable[[Salvaged], None] | None, cancelled: Callable[[], bool] | None
) -> tuple[Path, list[Salvaged]]:
    kept = ""
    counts: list[Salvaged] = []

    def heard(said: dict[str, Any]) -> None:
        nonlocal kept, counts
        if "brought" in said and hear is not None:
            hear(Salvaged(**said["brought"]))
        if "kept" in said:
            kept, counts = said["kept"], [Salvaged(**one) for one in said["counts"]]

    try:
        _run(job, heard, cancelled)
    except process.Cancelled:
        _clear(_part(Path(job["path"])))
        listing.clear(Path(job["path"]))
        raise
    except process.Broken:
        _clear(_part(Path(job["path"])))
        listing.clear(Path(job["path"]))
        raise Damaged(
            N_("“{name}” breaks whatever reads it."),
            fix=N_("It was left as it is. Put a backup back."),
            name=Path(job["path"]).name,
        ) from None
    return Path(kept), counts


def _run(job: dict[str, str], heard: Callable[[dict[str, Any]], None], cancelled: Callable[[], bool] | None) -> None:
    refused: list[dict[str, str]] = []

    def hear(said: dict[str, Any]) -> None:
        refused.extend([said["refused"]] if "refused" in said else [])
        heard(said)

    key = Key.of_text(job["key"]) if job["key"] else None
    with aside.as_found(Path(job["path"]), key):  # a process that is ended tidies nothing
        process.run(MODULE, {**job, "language": words.language()}, hear=hear, cancelled=cancelled)
    if refused:
        raise FileRefused(refused[0]["message"], fix=refused[0]["fix"])


# the side of the process


def main() -> NoReturn:
    """Do one job, say what comes of it, and end."""
    job = process.begin()
    words.use_language(job["language"])
    try:
        with disk_trouble():
            _JOBS[job["what"]](job)
    except ShopError as error:
        fix = words.tr(error.fix, **error.values) if error.fix else ""
        process.say(refused={"message": words.tr(error.message, **error.values), "fix": fix})
    os._exit(0)  # a thread waits for the program's word all its life: Python would not end while it does


def _diagnose(job: dict[str, str]) -> None:
    path, key = _asked(job)
    with suppress(ShopError, OSError), held(path), _making(path):
        listing.clear(path)  # what an earlier way out left behind is cleared away, too
    made = diagnosis.newest_sound(path)
    process.say(backup=asdict(made) if made else None)
    backup = manifest.folder(path) / made.name if made else None
    for known in diagnosis.look(path, key=key, backup=backup):
        process.say(known=known.as_json())


def _repair(job: dict[str, str]) -> None:
    path, key = _asked(job)
    fill = Path(job["fill"]) if job["fill"] else None
    with held(path), _making(path) as new:
        counts = salvage(path, new, key=key, fill=fill, progress=lambda one: process.say(brought=asdict(one)))
        for fault in check.faults(new, key=key):
            raise Damaged(
                N_("What could be saved does not agree with itself: {reason}"),
                fix=N_("The broken file was left as it is. Put a backup back."),
                reason=fault,
            )
        with closing(sqlite.connect(new, key=key, write=True)) as con:
            since.number_anew(con, manifest.listed(path))
            since.note_repaired(con)
        kept = aside.exchange(path, new)
    process.say(kept=str(kept), counts=[asdict(one) for one in counts])


def _put_back(job: dict[str, str]) -> None:
    path, key = _asked(job)
    candidate = Path(job["candidate"])
    ready = restore.make_ready(path, candidate, key=key)
    try:
        with held(path), _making(path):
            restore.prepare(path, ready, key)
            kept = aside.exchange(path, ready.made)
    finally:
        restore.forget(ready)
    process.say(kept=str(kept), counts=[])


_JOBS: dict[str, Callable[[dict[str, str]], None]] = {
    "diagnose": _diagnose,
    "repair": _repair,
    "put_back": _put_back,
}


def _asked(job: dict[str, str]) -> tuple[Path, Key | None]:
    return Path(os.path.realpath(job["path"])), Key.of_text(job["key"]) if job["key"] else None


@contextmanager
def _making(path: Path) -> Iterator[Path]:
    """A name beside the shop for what will take its place; what is left of it goes."""
    new = _part(path)
    _clear(new)
    try:
        yield new
    finally:
        _clear(new)


def _part(path: Path) -> Path:
    return path.with_name(path.name + _PART)


def _clear(new: Path) -> None:
    for side in ("", *aside.SIDE_FILES, ".lock"):
        with suppress(FileNotFoundError):
            new.with_name(new.name + side).unlink()


if __name__ == "__main__":
    main()
