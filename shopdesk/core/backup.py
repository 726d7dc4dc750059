"""Verified backups beside the shop file.

`<name> backups/<name>-YYYYMMDD-HHMMSS[-n].shop` and one `manifest.jsonl`, nothing else. A copy is made by
SQLite's own backup, opened and checked like a stranger, and only then given its final name and its line in
the manifest.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import check, clock, kept, manifest, retention, sqlite
from shopdesk.core.durable import sync
from shopdesk.core.errors import Damaged, DiskTrouble
from shopdesk.core.keys import Key
from shopdesk.core.manifest import Backup, checksum, folder, listed, newest
from shopdesk.core.schema import Kept, KeptTable
from shopdesk.core.trouble import reason
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

__all__ = ["Backup", "due", "folder", "listed", "make", "newest"]

_PAGES_A_STEP = 4096
_MAPPED = 1 << 36
_EYES = 2
_COUNTED = ("orders", "order_lines", "skus", "customers", "reviews", "stock_moves")


def due(shop: Shop) -> bool:
    """Whether anything was written since the newest backup."""
    last = newest(shop.path)
    return last is None or last.changes != shop.changes()


def make(shop: Shop, *, why: str, figures: bool = True, into: Path | None = None) -> Backup:
    """Copy the shop, verify the copy, and only then count it. Takes seconds: never on the main thread.

    Without `figures` the sums are left out of it: those of an older file follow older rules. `into` names
    another folder than the one beside the shop, where no older backups give way.

    Raises DiskTrouble when the copy cannot be written, Damaged when it is not well; nothing half is left behind.
    """
    where = into or folder(shop.path)
    if into is None:
        _note_unnoted(shop.path, shop.key)
    target = _free_name(where, shop.path.stem)
    part = target.with_name(target.name + ".part")
    try:
        with closing(sqlite.connect(shop.path, key=shop.key)) as source:
            where.mkdir(mode=0o700, parents=into is not None, exist_ok=True)
            part.unlink(missing_ok=True)
            _copy(source, part, shop.key)
        made = _verified(part, name=target.name, at=clock.text(), why=why, figures=figures, key=shop.key)
        os.chmod(part, 0o600)
        os.replace(part, target)
        manifest.note(where, made)
        if into is None:
            _thin_out(shop.path)
    except (OSError, sqlite.DatabaseError) as error:
        raise DiskTrouble(
            N_("The backup was not written: {reason}."),
            fix=N_("The shop itself is as it was; earlier backups are untouched."),
            reason=reason(error),
        ) from error
    finally:
        for left in where.glob(f"{glob.escape(part.name)}*"):
            with suppress(OSError):
                left.unlink()
    return made


def _thin_out(shop: Path) -> None:
    """Let old backups go that retention.py does not keep; one that will not go stays for the next time."""
    for gone in retention.superfluous(listed(shop), clock.today()):
        with suppress(OSError):
            (folder(shop) / gone.name).unlink()


def _note_unnoted(shop: Path, key: Key | None) -> None:
    """Note copies that were verified and named, but whose maker was killed before it could write it down."""
    known = {backup.name for backup in listed(shop)}
    form = re.compile(re.escape(shop.stem) + r"-(\d{8}-\d{6})(-\d+)?\.shop")
    for file in sorted(folder(shop).glob(f"{glob.escape(shop.stem)}-*.shop")):
        found = form.fullmatch(file.name)
        if found is None or file.name in known:
            continue
        with suppress(DiskTrouble, sqlite.DatabaseError):
            at = datetime.strptime(found[1], "%Y%m%d-%H%M%S")
            found_at = clock.text(at)
            copy = _verified(file, name=file.name, at=found_at, why="found", figures=False, key=key)
            manifest.note(file.parent, copy)


def _free_name(where: Path, name: str) -> Path:
    stem = f"{name}-{clock.now():%Y%m%d-%H%M%S}"
    target = where / f"{stem}.shop"
    number = 1
    while target.exists():
        number += 1
        target = where / f"{stem}-{number}.shop"
    return target


def _copy(source: sqlite.Connection, part: Path, key: Key | None) -> None:
    with closing(sqlite.bare(part, key=key)) as copy:
        source.backup(copy, pages=_PAGES_A_STEP)
        copy.execute("PRAGMA journal_mode=DELETE")
    sync(part)


def _verified(part: Path, *, name: str, at: str, why: str, figures: bool, key: Key | None = None) -> Backup:
    """Look at a copy from several sides at once, and say what is in it. Raises DiskTrouble when it is not well.

    The file, its checksum and each of its figures are questions of their own, and SQLite lets other threads
    run while it works. The longest come first.
    """
    looks: list[Callable[[Path, Key | None], check.Fault | None]] = [
        partial(_wrong_figure, rule) for rule in kept.rules() if figures
    ]
    with ThreadPoolExecutor(max_workers=_EYES) as eyes:
        faults = [eyes.submit(look, part, key) for look in [_damage, *looks]]
        sha256 = eyes.submit(checksum, part)
    for found in filter(None, (fault.result() for fault in faults)):
        raise Damaged(
            N_("The backup was not kept, because it is not well: {reason}"),
            fix=N_("Run “shopdesk check” on the shop file."),
            reason=found,
        )
    with _looking(part, key) as con:
        changes = con.execute("SELECT value FROM meta WHERE key = 'changes'").fetchone()
        rows = {table: con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED}
    return Backup(
        name=name, at=at, why=why, size=part.stat().st_size, sha256=sha256.result(),
        changes=int(changes[0]) if changes else 0, rows=rows,
    )  # fmt: skip


@contextmanager
def _looking(part: Path, key: Key | None) -> Iterator[sqlite.Connection]:
    """A connection to look at the copy; nobody else writes it, so it may be read through the memory."""
    with closing(sqlite.connect(part, key=key)) as con:
        check.may_compare(con, key)
        con.execute(f"PRAGMA mmap_size={_MAPPED}")
        yield con


def _damage(part: Path, key: Key | None) -> check.Fault | None:
    with _looking(part, key) as con:
        return next(check.file_faults(con, quick=True), None)


def _wrong_figure(rule: Kept | KeptTable, part: Path, key: Key | None) -> check.Fault | None:
    with _looking(part, key) as con:
        return next(check.figure_faults(con, [rule]), None)
