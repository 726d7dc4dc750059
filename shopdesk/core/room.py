"""Is there room on the disk of the shop? Asked before an import and an upgrade, and now and then while it is open."""

from __future__ import annotations

import shutil
from pathlib import Path

from shopdesk.core.errors import DiskTrouble
from shopdesk.core.words import N_

WARN_BYTES = 500 << 20
IMPORT_BYTES = 200 << 20
UPGRADE_TIMES = 2.5
"""What an upgrade needs, in sizes of the file: the backup before it, and what is written anew beside the old pages."""
_MB = 1 << 20


def free(shop: Path) -> int:
    """Bytes that are free beside a shop file. Raises OSError."""
    return shutil.disk_usage(shop.parent).free


def shortage(shop: Path) -> DiskTrouble | None:
    """What to say when it is getting tight; None while there is room, or where the disk does not tell."""
    try:
        left = free(shop)
    except OSError:
        return None
    if left >= WARN_BYTES:
        return None
    return DiskTrouble(
        N_("Only {free} MB are free on the disk of the shop."),
        fix=N_("Make room there: under {least} MB nothing can be imported, and backups need room, too."),
        free=left // _MB, least=IMPORT_BYTES // _MB,
    )  # fmt: skip


def refuse_import(shop: Path) -> None:
    """Raise DiskTrouble when there is too little room for an import and the backup before it."""
    try:
        left = free(shop)
    except OSError:
        return
    if left < IMPORT_BYTES:
        raise DiskTrouble(
            N_("Only {free} MB are free on the disk of the shop; an import needs {least} MB."),
            fix=N_("Nothing was written. Make room there, then try again."),
            free=left // _MB, least=IMPORT_BYTES // _MB,
        )  # fmt: skip


def refuse_upgrade(shop: Path) -> None:
    """Raise DiskTrouble when there is too little room to back up an older file and bring it to this version."""
    try:
        needed, left = int(shop.stat().st_size * UPGRADE_TIMES), free(shop)
    except OSError:
        return
    if left < needed:
        raise DiskTrouble(
            N_("“{name}” is of an older version: to upgrade it {least} MB are needed on its disk, {free} MB are free."),
            fix=N_("The file was left as it is. Make room there, then open it again."),
            name=shop.name, least=-(-needed // _MB), free=left // _MB,
        )  # fmt: skip
