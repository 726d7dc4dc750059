"""What is known of the backups in a folder: one line each in `manifest.jsonl`, written once they are verified."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from shopdesk.core.durable import sync
from shopdesk.core.paths import backup_folder as folder

__all__ = ["Backup", "checksum", "folder", "listed", "newest", "note", "of_folder"]


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy: file name, wall-clock time, why it was made, size in bytes, checksum, row counts."""

    name: str
    at: str
    why: str
    size: int
    sha256: str
    changes: int
    rows: dict[str, int]


def listed(shop: Path) -> list[Backup]:
    """The verified backups that are still there, oldest first."""
    return of_folder(folder(shop))


def of_folder(where: Path) -> list[Backup]:
    """The verified backups in any folder, in the order in which they were made."""
    manifest = where / "manifest.jsonl"
    try:
        lines = manifest.read_text("utf-8", errors="replace").splitlines() if _is_there(manifest) else []
    except OSError:
        return []
    return [backup for backup in map(_read_line, lines) if backup and _is_there(where / backup.name)]


def _is_there(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _read_line(line: str) -> Backup | None:
    """A line of the manifest; None for one that a dying disk or an editor has spoilt.

    Also for one that names a file elsewhere: the folder may come from a stranger, and old backups are removed.
    """
    try:
        made = Backup(**json.loads(line))
        datetime.fromisoformat(made.at)
        beside = made.name == Path(made.name).name and made.name.endswith(".shop")
        sums = [made.size, made.changes, *made.rows.values()]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    texts = (made.why, made.sha256)
    whole = all(isinstance(text, str) for text in texts) and all(isinstance(number, int) for number in sums)
    return made if beside and whole else None


def newest(shop: Path) -> Backup | None:
    """The newest verified backup."""
    found = listed(shop)
    return found[-1] if found else None


def checksum(path: Path) -> str:
    """The SHA-256 of a copy. Never of the live file: to close it would take SQLite's locks away."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def note(where: Path, made: Backup) -> None:
    """Write one down, for good."""
    manifest = where / "manifest.jsonl"
    # a folder from a stranger may hold a link of that name: what it leads to would be written to
    handle = os.open(manifest, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as stream:
        if stream.tell() and not manifest.read_bytes().endswith(b"\n"):
            stream.write("\n")
        stream.write(json.dumps(asdict(made)) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync(where)
