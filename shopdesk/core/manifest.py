"""What is known of the backups in a folder: one line each in `manifest.jsonl`, written once they are verified."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from shopdesk.core.durable import sync, written
from shopdesk.core.paths import backup_folder as folder

__all__ = [
    "Backup",
    "checksum",
    "folder",
    "form",
    "is_whole",
    "listed",
    "newest",
    "note",
    "of_file",
    "of_folder",
    "of_shop",
]

NAME = "manifest.jsonl"
_LONGEST = 200
"""Letters of what a backup is told to be about; ours are shorter."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy: file name, wall-clock time, why it was made, size in bytes, checksum, row counts.

    `about` and `n` say more of the why (core/reasons.py): the file of an import, the act on `n` records.
    `was_size` and `was_sha256` say what it may still be while another copy takes its place (core/replacing.py).
    """

    name: str
    at: str
    why: str
    size: int
    sha256: str
    changes: int
    rows: dict[str, int]
    about: str = ""
    n: int = 0
    was_size: int = 0
    was_sha256: str = ""

    def is_of(self, sha256: str) -> bool:
        """Whether this is the checksum of the file that was verified."""
        return sha256 == self.sha256 or bool(self.was_sha256 and sha256 == self.was_sha256)

    def may_have(self, size: int) -> bool:
        """Whether the file that was verified is as large as this."""
        return size == self.size or bool(self.was_sha256 and size == self.was_size)


def listed(shop: Path) -> list[Backup]:
    """The verified backups that are still there, oldest first."""
    return of_folder(folder(shop))


def of_folder(where: Path) -> list[Backup]:
    """The verified backups in any folder, in the order in which they were made."""
    manifest = where / NAME
    try:
        lines = manifest.read_text("utf-8", errors="replace").splitlines() if is_there(manifest) else []
    except OSError:
        return []
    told = {backup.name: backup for backup in map(_read_line, lines) if backup}  # of two lines the later one holds
    return [backup for backup in told.values() if is_there(where / backup.name)]


def of_shop(where: Path, stem: str) -> list[Backup]:
    """Those of one shop file in a folder that may hold several shops' backups."""
    named = form(stem)
    return [backup for backup in of_folder(where) if named.fullmatch(backup.name)]


def of_file(file: Path) -> Backup | None:
    """What is said of a backup; None when nothing is."""
    return next((known for known in of_folder(file.parent) if known.name == file.name), None)


def form(stem: str) -> re.Pattern[str]:
    """What the backups of a shop file are called; the first group is the time."""
    return re.compile(re.escape(stem) + r"-(\d{8}-\d{6})(-\d+)?\.shop")


def is_whole(where: Path, backup: Backup) -> bool:
    """Whether a copy is still there and as large as when it was verified: what can be asked at any moment."""
    try:
        found = (where / backup.name).lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and backup.may_have(found.st_size)


def is_there(path: Path) -> bool:
    """Whether a file lies there itself, and no link to another one."""
    return path.is_file() and not path.is_symlink()


def _read_line(line: str) -> Backup | None:
    """A line of the manifest; None for one that a dying disk or an editor has spoilt.

    Also for one that names a file elsewhere: the folder may come from a stranger, and old backups are removed.
    """
    try:
        made = Backup(**json.loads(line))
        datetime.fromisoformat(made.at)
        beside = made.name == Path(made.name).name and made.name.endswith(".shop")
        sums = [made.size, made.changes, made.n, made.was_size, *made.rows.values()]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    texts = (made.why, made.sha256, made.about, made.was_sha256)
    whole = all(isinstance(text, str) for text in texts) and all(isinstance(number, int) for number in sums)
    whole = whole and len(made.about) <= _LONGEST
    return made if beside and whole else None


def newest(shop: Path) -> Backup | None:
    """The newest verified backup that is there and whole."""
    where = folder(shop)
    return next((backup for backup in reversed(of_folder(where)) if is_whole(where, backup)), None)


def checksum(path: Path) -> str:
    """The SHA-256 of a file. Never of a live shop: to close it would take SQLite's locks away."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def note(where: Path, made: Backup) -> None:
    """Write one down, for good."""
    manifest = where / NAME
    with os.fdopen(_to_append(manifest), "a", encoding="utf-8") as stream:
        if stream.tell() and not manifest.read_bytes().endswith(b"\n"):
            stream.write("\n")
        stream.write(_line(made) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync(where)


def change(where: Path, made: Backup, *, before: Collection[str] = ()) -> None:
    """Put another line in the place of those of a copy that was replaced, for good; all others stay as they are.

    That of a copy which is new there comes before those of the copies that are named, for they were made later.
    """
    lines = _lines(where)
    names = [known.name if (known := _read_line(line)) is not None else "" for line in lines]
    said = [line if name != made.name else None for line, name in zip(lines, names, strict=True)]
    later = next((at for at, name in enumerate(names) if name in before), len(said))
    first = said.index(None) if None in said else later
    said[first:first] = [_line(made)]
    _rewrite(where, [line for line in said if line is not None])


def hush(where: Path, stem: str) -> None:
    """Let no line of a shop say any more what its backup is about: the list can be read without a password."""
    if not is_there(where / NAME):
        return
    named = form(stem)
    lines = _lines(where)
    said = [
        _line(replace(known, about=""))
        if (known := _read_line(line)) is not None and known.about and named.fullmatch(known.name)
        else line
        for line in lines
    ]
    if said != lines:
        _rewrite(where, said)


def _line(made: Backup) -> str:
    said = asdict(made)
    if not made.was_sha256:
        del said["was_size"], said["was_sha256"]
    return json.dumps(said)


def _lines(where: Path) -> list[str]:
    return (where / NAME).read_text("utf-8", errors="replace").splitlines()


def _rewrite(where: Path, lines: list[str]) -> None:
    with written(where / NAME) as part:
        part.unlink(missing_ok=True)  # that of a process that was killed
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        part.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _to_append(manifest: Path) -> int:
    """An open manifest, made when missing.

    A folder from a stranger may hold a link or a pipe of that name: what it leads to would be written to.
    """
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(manifest, os.O_WRONLY | os.O_CREAT | os.O_APPEND | careful, 0o600)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(handle)
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(manifest))
    return handle
