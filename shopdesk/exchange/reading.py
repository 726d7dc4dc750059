"""Reading dropped files in a process of their own; this is the side of the program.

Nothing that a file holds can harm the shop: the reading process is started anew (never forked), has its
memory and time limited, and is ended with this one. A file that breaks it is refused with a sentence and
the others are read again without it.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from shopdesk.core.errors import FileRefused, ShopError
from shopdesk.core.words import N_
from shopdesk.exchange.sniff import size_of

PATIENCE = 20.0
"""Seconds that a file may take; a plain text has a second more for every megabyte."""

CHILD_WORD = "--read-files"
"""The packaged program started with this word is the reading process."""


class Cancelled(ShopError):
    """The owner stopped the reading; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(N_("Stopped. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Options:
    """What the shop knows and files do not say: its currency, its zone ("" keeps printed clocks), its names."""

    currency: str = "CNY"
    zone: str = ""
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


def recognise(path: Path, *, options: Options | None = None, choose: str | Mapping[str, Any] | None = None) -> Recognition:
    """Look at a file in the reading process. Raises FileRefused with a sentence when it holds no table.

    `choose` asks for one layout, by its id or as a dict out of the mapping screen.
    """
    with tempfile.TemporaryDirectory(prefix="shopdesk-") as folder:
        message = _message("recognise", [path], options or Options(), {path: choose} if choose else {})
        job = _Job("recognise", [path], message | {"scratch": str(Path(folder) / "text")})
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
    options: Options | None = None,
    choose: Mapping[Path, str | Mapping[str, Any]] | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Read these files into a new staging file; the compressed originals lie beside it (file.packed).

    A file that cannot be used is a row in `file` or `source` with its sentence. Raises Cancelled when the
    owner stops, ShopError when the reading process cannot be started.
    """
    message = _message("stage", paths, options or Options(), choose or {})
    job = _Job("stage", paths, message | {"staging": str(staging_path)})
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


def _hearer(
    paths: Sequence[Path], progress: Callable[[Progress], None] | None
) -> Callable[[dict[str, Any]], None]:
    sizes: dict[int, int] = {}

    def hear(said: dict[str, Any]) -> None:
        if progress is None or "position" not in said:
            return
        at = said["at"]
        size = sizes.setdefault(at, max(1, paths[at].stat().st_size))
        progress(Progress(at, len(paths), paths[at].name, min(1.0, said["position"] / size)))

    return hear


# The process


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_WORD]
    return [sys.executable, "-m", "shopdesk.exchange.child"]


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root, "PYTHONUTF8": "1"}


def _attempt(
    job: _Job, hear: Callable[[dict[str, Any]], None], cancelled: Callable[[], bool] | None
) -> dict[str, Any] | None:
    """Run the job once. Returns None when it was done, else why the file at `job.at` broke the process."""
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=_environment()
        )
        try:
            assert child.stdin and child.stdout
            child.stdin.write(json.dumps(job.message | {"skip": job.skip}).encode() + b"\n")
            child.stdin.flush()
            return _follow(job, child, hear, cancelled)
        except BrokenPipeError:
            return _broken()
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()


def _follow(
    job: _Job,
    child: subprocess.Popen[bytes],
    hear: Callable[[dict[str, Any]], None],
    cancelled: Callable[[], bool] | None,
) -> dict[str, Any] | None:
    assert child.stdout
    lines: queue.Queue[bytes | None] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(child.stdout, lines), daemon=True)
    listener.start()
    job.since = time.monotonic()
    answered = False
    try:
        while True:
            if cancelled is not None and cancelled():
                raise Cancelled
            if time.monotonic() - job.since > _patience(job):
                return _too_slow()
            try:
                line = lines.get(timeout=0.1)
            except queue.Empty:
                continue
            if line is None:
                return None if answered and child.wait() == 0 else _broken()
            answered = _heard(job, json.loads(line), hear) or answered
    finally:
        child.kill()
        listener.join()


def _heard(job: _Job, said: dict[str, Any], hear: Callable[[dict[str, Any]], None]) -> bool:
    """Take one message; true for the one that ends the job."""
    if "begin" in said:
        job.at, job.since = said["begin"], time.monotonic()
        return False
    if "done" in said:
        return True
    hear(said)
    return job.what == "recognise"


def _listen(stream: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


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
