"""Reading dropped files in a process of their own; this is the side of the program.

Nothing that a file holds can harm the shop: the reading process is started anew (never forked), has its
memory and time limited, and is ended with this one. A file that breaks it is refused with a sentence and
the others are read again without it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shopdesk.core.errors import FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.process import Broken, Cancelled, Lines, spawned
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_
from shopdesk.exchange.sniff import size_of
from shopdesk.exchange.times import LOCAL

PATIENCE = 20.0
"""Seconds that a file may take; a plain text has a second more for every megabyte."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the shop knows and files do not say: its currency, its zone, its names, its own layouts.

    `zone` is an IANA name, LOCAL for the machine's own, or "" to keep clocks as printed. Only times of
    layouts whose clocks are not the shop's own (Amazon, Judge.me) are converted.
    """

    currency: str = "CNY"
    zone: str = LOCAL
    own_names: tuple[str, ...] = ()
    saved: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is: the file (from 0) of how many, and how much of it is done (0 to 1)."""

    file: int
    files: int
    name: str
    done: float


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """A table in a file: its header, some rows, its layout when known, else a guess per column."""

    sheet: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    sample: tuple[tuple[str, ...], ...]
    format: str | None
    choices: tuple[str, ...]
    proposed: str | None
    guess: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file is, before anything is staged."""

    path: Path
    size: int
    sheets: tuple[SheetGuess, ...]


@dataclass(slots=True)
class _Job:
    what: str
    paths: Sequence[Path]
    message: dict[str, Any]
    skip: dict[str, dict[str, Any]] = field(default_factory=dict)
    at: int = 0
    since: float = 0.0


def recognise(
    path: Path, *, options: Options | None = None, choose: str | Mapping[str, Any] | None = None
) -> Recognition:
    """Look at a file in the reading process. Raises FileRefused with a sentence when it holds no table.

    `choose` asks for one layout, by its id or as a dict out of the mapping screen.
    """
    message = _message("recognise", [path], options or Options(), {path: choose} if choose else {})
    job = _Job("recognise", [path], message)
    answers: list[dict[str, Any]] = []
    broken = _attempt(job, answers.append, None)
    if broken:
        raise FileRefused(broken["refused"], fix=broken["fix"], **broken["args"])
    (answer,) = answers
    if "refused" in answer:
        raise FileRefused(answer["refused"], fix=answer["fix"], **answer["args"])
    return Recognition(path, answer["size"], tuple(map(_guess, answer["sheets"])))


def _guess(said: dict[str, Any]) -> SheetGuess:
    return SheetGuess(
        sheet=said["sheet"],
        encoding=said["encoding"],
        delimiter=said["delimiter"],
        header=tuple(said["header"]),
        header_row=said["header_row"],
        sample=tuple(map(tuple, said["sample"])),
        format=said["format"],
        choices=tuple(said["choices"]),
        proposed=said["proposed"],
        guess=tuple((column, key) for column, key in said["guess"]),
    )


def stage(
    paths: Sequence[Path],
    *,
    staging_path: Path,
    key: Key | None = None,
    options: Options | None = None,
    choose: Mapping[Path, str | Mapping[str, Any]] | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Read these files into a new staging file; the compressed originals lie beside it (file.packed).

    With `key` all of it is under that: what the files hold lies nowhere in plain text.

    A file that cannot be used is a row in `file` or `source` with its sentence. Raises Cancelled when the
    owner stops, ShopError when the reading process cannot be started.
    """
    message = _message("stage", paths, options or Options(), choose or {})
    job = _Job("stage", paths, message | {"staging": str(staging_path), "key": key.text() if key else ""})
    while True:
        _remove(staging_path)
        broken = _attempt(job, _hearer(paths, progress), cancelled)
        if broken is None:
            return
        if str(job.at) in job.skip:
            raise FileRefused(broken["refused"], fix=broken["fix"], **broken["args"])
        job.skip[str(job.at)] = broken


def _message(
    what: str, paths: Iterable[Path], options: Options, choose: Mapping[Path, str | Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "what": what,
        "paths": [str(path) for path in paths],
        "saved": [dict(one) for one in options.saved],
        "choose": {str(path): said if isinstance(said, str) else dict(said) for path, said in choose.items()},
        "currency": options.currency,
        "zone": options.zone,
        "own_names": list(options.own_names),
    }


def _remove(staging_path: Path) -> None:
    for leftover in (staging_path, *staging_path.parent.glob(f"{staging_path.name}.*")):
        leftover.unlink(missing_ok=True)


def _hearer(paths: Sequence[Path], progress: Callable[[Progress], None] | None) -> Callable[[dict[str, Any]], None]:
    sizes: dict[int, int] = {}

    def hear(said: dict[str, Any]) -> None:
        if progress is None or "position" not in said:
            return
        at = said["at"]
        size = sizes.setdefault(at, max(1, paths[at].stat().st_size))
        progress(Progress(at, len(paths), paths[at].name, min(1.0, said["position"] / size)))

    return hear


def _attempt(
    job: _Job, hear: Callable[[dict[str, Any]], None], cancelled: Callable[[], bool] | None
) -> dict[str, Any] | None:
    """Run the job once. Returns None when it was done, else why the file at `job.at` broke the process."""
    try:
        with spawned("shopdesk.exchange.child", job.message | {"skip": job.skip}) as lines:
            return _follow(job, lines, hear, cancelled)
    except Broken:
        return _broken()


def _follow(
    job: _Job, lines: Lines, hear: Callable[[dict[str, Any]], None], cancelled: Callable[[], bool] | None
) -> dict[str, Any] | None:
    job.since = time.monotonic()
    answered = False
    while True:
        if cancelled is not None and cancelled():
            raise Cancelled
        if time.monotonic() - job.since > _patience(job):
            return _too_slow()
        try:
            said = lines.next(0.1)
        except EOFError:
            return None if answered else _broken()
        if said is not None:
            answered = _heard(job, said, hear) or answered


def _heard(job: _Job, said: dict[str, Any], hear: Callable[[dict[str, Any]], None]) -> bool:
    """Take one message; true for the one that ends the job."""
    if "begin" in said:
        job.at, job.since = said["begin"], time.monotonic()
        return False
    if "disk" in said:
        with disk_trouble():
            raise OSError(said["disk"], os.strerror(said["disk"]))
    if "done" in said:
        return True
    hear(said)
    return job.what == "recognise"


def _patience(job: _Job) -> float:
    path = job.paths[job.at]
    try:
        size = size_of(path)
        with path.open("rb") as stream:
            text = stream.read(2) not in {b"PK", b"\xd0\xcf"}
    except (FileRefused, OSError):
        return PATIENCE
    return PATIENCE + size / 1_000_000 if text else PATIENCE


def _too_slow() -> dict[str, Any]:
    return {
        "refused": N_("The file takes too long to read: it is damaged or made to be so."),
        "fix": "",
        "args": {},
    }


def _broken() -> dict[str, Any]:
    return {
        "refused": N_("The file breaks the reader: it is damaged or asks for more memory than a file may have."),
        "fix": "",
        "args": {},
    }
