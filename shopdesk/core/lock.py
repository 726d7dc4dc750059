"""Who has the shop file open: a kernel lock beside it, freed by the kernel when its holder dies."""

from __future__ import annotations

import json
import os
import platform
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path

from shopdesk.core import clock
from shopdesk.core.errors import HeldElsewhere
from shopdesk.core.paths import exchange_note
from shopdesk.core.words import N_

if sys.platform == "win32":
    import msvcrt

    def _grab(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _grab(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class HeldHere(HeldElsewhere):
    """Another ShopDesk on this machine has the file open."""


class HeldByOtherMachine(HeldElsewhere):
    """The lock file names another machine; SQLite must not open the shop file here."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who wrote the lock file: machine, process, and since when (UTC)."""

    machine: str
    process: int
    since: str


def lock_path(shop: Path) -> Path:
    """The lock file of a shop file."""
    return shop.with_name(shop.name + ".lock")


def holder(shop: Path) -> Holder | None:
    """Who the lock file says has the shop open; None when nobody does."""
    path = lock_path(shop)
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        said = json.loads(path.read_text("utf-8"))
        return Holder(str(said["machine"]), int(said["process"]), str(said["since"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def refuse_other_machine(shop: Path) -> None:
    """Raise HeldByOtherMachine when the lock file names another machine than this one."""
    other = holder(shop)
    if other is not None and other.machine != platform.node():
        raise HeldByOtherMachine(
            N_("“{name}” is open on the machine “{machine}” since {since}."),
            fix=N_("Close it there first. Nothing was opened here."),
            name=shop.name,
            machine=other.machine,
            since=_on_this_clock(other.since),
        )


def _on_this_clock(stamp: str) -> str:
    """A UTC stamp as this machine's wall clock says it; what is no stamp stays as it is."""
    try:
        return f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return stamp


class ShopLock:
    """The right to write one shop file, from acquire() to release()."""

    def __init__(self, shop: Path) -> None:
        self._shop = shop
        self._handle: int | None = None

    def acquire(self, *, take_over: bool = False) -> None:
        """Take the lock or raise HeldHere or HeldByOtherMachine. An exchange that was cut off is mended first.

        `take_over` disregards another machine's name in the lock file: the owner says that the shop is
        no longer open there.
        """
        path = lock_path(self._shop)
        while self._handle is None:
            # a folder from a stranger may hold a link of that name: what it leads to would be written over
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                _grab(handle)
            except (BlockingIOError, PermissionError):
                os.close(handle)
                raise HeldHere(
                    N_("“{name}” is open in another ShopDesk window."),
                    fix=N_("Work there, or close that window first."),
                    name=self._shop.name,
                ) from None
            if _same_file(handle, path):
                self._handle = handle
            else:
                os.close(handle)
        try:
            if not take_over:
                refuse_other_machine(self._shop)
        except HeldByOtherMachine:
            os.close(self._handle)
            self._handle = None
            raise
        try:
            self._sign()
            if exchange_note(self._shop).exists():  # else nothing of it is loaded
                import_module("shopdesk.core.aside").mend(self._shop)
        except OSError:
            self.release()
            raise

    def _sign(self) -> None:
        assert self._handle is not None
        said = {"machine": platform.node(), "process": os.getpid(), "since": clock.utc_stamp()}
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, json.dumps(said).encode())

    def release(self) -> None:
        """Give the lock back and remove its file (before, where the system allows it, so that no other's goes)."""
        if self._handle is None:
            return
        with suppress(OSError):
            lock_path(self._shop).unlink()
        os.close(self._handle)
        self._handle = None
        if sys.platform == "win32":
            with suppress(OSError):
                lock_path(self._shop).unlink()


@contextmanager
def held(shop: Path) -> Iterator[None]:
    """Hold the lock of a shop file that nobody has open. Raises HeldHere, HeldByOtherMachine, OSError."""
    lock = ShopLock(shop)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _same_file(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
