"""A shop: one file, made, opened, upgraded and closed; what was done to it undone and done again."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from shopdesk.core import identity, journal, kept, lock, room, sqlite, steps, upgrades
from shopdesk.core.door import Door
from shopdesk.core.errors import Damaged, FileRefused, HeldElsewhere
from shopdesk.core.identity import NotOurs
from shopdesk.core.journal import CannotUndo
from shopdesk.core.keys import Key
from shopdesk.core.lock import ShopLock
from shopdesk.core.migrate import apply
from shopdesk.core.paths import backup_folder, exchange_note
from shopdesk.core.schema import features
from shopdesk.core.steps import Entry, Step
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_


class OlderFile(Exception):
    """A shop file of an older version, which takes long to open the first time."""


class Shop(Door):
    """An open shop file.

    Any thread may call any method. Reading goes through `reader()`, a connection of the calling thread;
    writing through `change()`, one act of the owner in one transaction, on the single writer connection.
    """

    def __init__(self, path: Path, *, write: bool, key: Key | None = None) -> None:
        """Use Shop.open() or Shop.create()."""
        super().__init__(path, write=write, key=key)
        self._lock: ShopLock | None = None
        self._ours = False
        self._found_log = False
        self.is_counted = False

    @classmethod
    def create(cls, path: Path, *, name: str, currency: str = "CNY", key: Key | None = None) -> Shop:
        """Make a new shop file, with a key a protected one, and open it for writing.

        Raises FileRefused when the path is taken, DiskTrouble when the folder cannot be written.
        """
        path = Path(os.path.realpath(path))
        with disk_trouble():
            if path.exists() and not identity.is_blank(path, key):
                raise FileRefused(N_("“{name}” is there already."), fix=N_("Choose another name."), name=path.name)
            if not path.parent.is_dir():
                raise FileRefused(N_("There is no folder “{name}”."), name=path.parent.name)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        shop = cls(path, write=True, key=key)
        shop._lock = ShopLock(path)
        try:
            with disk_trouble(path):
                shop._lock.acquire()
                shop._open_writer()
                shop._migrate({"shop_name": name, "currency": currency})
        except HeldElsewhere:
            raise
        except BaseException:
            shop.close()
            for rest in ("", "-wal", "-shm"):
                with suppress(OSError):
                    path.with_name(path.name + rest).unlink()
            raise
        return shop

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        key: Key | None = None,
        write: bool = True,
        take_over: bool = False,
        familiar: bool = True,
        upgrade: bool = True,
    ) -> Shop:
        """Open a shop file, a protected one with its key; without `write` for reading only, whoever else has it open.

        One that is not `familiar` (it comes from elsewhere) is taken for hostile (core/identity.py).

        An older file is copied (verified) and then upgraded; without `upgrade` it is left alone. Raises OlderFile
        then, HeldHere or HeldByOtherMachine, NeedsPassword, WrongPassword, NewerFile, FileRefused when it is no shop
        file, Damaged, DiskTrouble.
        """
        path = Path(os.path.realpath(path))
        with disk_trouble():
            if not path.is_file():
                raise FileRefused(N_("There is no file “{name}”."), name=path.name)
        shop = cls(path, write=write, key=key)
        if write:
            shop._lock = ShopLock(path)
            with disk_trouble():
                shop._lock.acquire(take_over=take_over)
            _sweep(path)
        else:
            lock.refuse_other_machine(path)
            mend(path)
            shop._found_log = sqlite.has_log(path)
        try:
            with disk_trouble(path):
                identity.refuse_other(path, shop.reader, familiar=familiar)
                shop._ours = True
                if write:
                    older = identity.lacks_migrations(shop.reader())
                    if older and not upgrade:
                        raise OlderFile
                    if older:
                        room.refuse_upgrade(path)
                    shop._open_writer()
                    if older:
                        shop._upgrade()
        except (NotOurs, Damaged):
            shop.close()
            try:
                refuse_protected(path, key)
            finally:
                shop._leave_one_file()  # to find out why, the file was opened once more
            raise
        except BaseException:
            shop.close()
            raise
        return shop

    def close(self) -> None:
        """Close all connections; the last one leaves a single file. What another thread still writes is taken back."""
        with self._shut():
            self._close_connections()
            if self._lock is not None:
                self._lock.release()
                self._lock = None
            self._leave_one_file()

    def _leave_one_file(self) -> None:
        """Readers may not remove SQLite's side files; a last writing connection does, unless a window has the shop.

        What another program left in the side file of a file that is not ours stays there, and so does what was in
        one before a shop was only read.
        """
        if self._found_log:
            return
        log = self.path.with_name(self.path.name + "-wal")
        with suppress(OSError, sqlite.DatabaseError, HeldElsewhere, FileRefused):
            size = log.stat().st_size
            if self._ours or not size:
                lock.refuse_other_machine(self.path)
                sqlite.leave_one_file(self.path, key=self.key)

    # undo

    def undo(self) -> Step | None:
        """Undo the newest step; the step, or None when there is nothing to undo."""
        with self._alone():
            found = steps.last_done(self.reader())
            return self._invert(found, "undone") if found else None

    def redo(self) -> Step | None:
        """Bring back the step that was undone last; None when there is none."""
        with self._alone():
            found = steps.last_undone(self.reader())
            return self._invert(found, "done") if found else None

    def undo_step(self, step_id: int) -> Step:
        """Undo any step. Raises CannotUndo, naming what hangs on it."""
        with self._alone():
            found = steps.step(self.reader(), step_id)
            if found is not None and found.state == "erased":
                raise CannotUndo(
                    N_("The words that this changed were erased with their person."),
                    fix=N_("There is nothing left to take back."),
                )
            if found is None or found.state != "done":
                raise CannotUndo(N_("This was taken back already."))
            return self._invert(found, "undone")

    def _invert(self, found: Step, state: str) -> Step:
        try:
            with self._transaction() as con:
                journal.refuse_if_hanging(con, found.id)
                self._current = touched = journal.invert(con, found.id)
                kept.refresh(con, touched)
                journal.set_state(con, found.id, state)
                journal.use(con, None)
                self._topics.update(found.topics)
        except sqlite.IntegrityError:
            raise journal.refusal(self.reader(), found.id) from None
        return replace(found, state=state)

    def last_step(self) -> Step | None:
        """The newest step, which undo would take back."""
        return steps.last_done(self.reader())

    def history(self, table: str, record: int) -> list[Entry]:
        """What happened to a record, newest first."""
        return list(steps.history(self.reader(), table, record))

    # upgrading

    def _upgrade(self) -> None:
        # backup loads hashing and checking, which no start of an up-to-date shop needs
        made = import_module("shopdesk.core.backup").make(self, why="upgrade", figures=False)
        self._migrate(before=made.name)
        self.is_counted = True

    def _migrate(self, first: Mapping[str, str] | None = None, *, before: str = "") -> None:
        """Apply every missing migration in one transaction, then renew what depends on the tables.

        A new shop gets its mark and its `first` settings in the same transaction: it is whole or not there. An older
        one notes the name of the backup that was made `before`, which is to stay for a while.
        """
        assert self._writer is not None
        con = self._writer
        con.execute("BEGIN IMMEDIATE")
        try:
            apply(self._database(), features())
            if first is not None:
                con.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
                values = [(key, json.dumps(value)) for key, value in first.items()]
                con.executemany("INSERT INTO settings (key, value) VALUES (?, ?)", values)
            if before:
                upgrades.note(con, before)
            con.execute("COMMIT")
        except BaseException:
            if con.in_transaction:
                con.execute("ROLLBACK")
            raise
        journal.install(con)


def refuse_protected(path: Path, key: Key | None) -> None:
    """Say of a file that is no shop as it was asked for whether that is for want of the right key.

    Raises NeedsPassword, WrongPassword or Damaged; a file that is not under a password is no matter of this.
    """
    # it reads the file past SQLite, and loads hashing: only once nothing else can be done with the file
    import_module("shopdesk.core.protect").refuse(path, key)


def mend(path: Path) -> None:
    """Before a file is read that nobody has open: bring an exchange that was cut off to its beginning or its end.

    Raises HeldElsewhere while one is under way, DiskTrouble.
    """
    if exchange_note(path).exists():
        held = ShopLock(path)
        with disk_trouble():
            held.acquire()
        held.release()


def _sweep(path: Path) -> None:
    """Remove the halves of files that a killed process left; who holds the lock knows that nobody makes one."""
    with suppress(OSError):
        for half in path.parent.glob(f"{glob.escape(path.name)}.part*"):
            half.unlink()
        for half in backup_folder(path).glob(f"{glob.escape(path.stem)}-*.shop.part*"):
            half.unlink()


@contextmanager
def opened(path: Path, *, key: Key | None = None, write: bool = True) -> Iterator[Shop]:
    """A shop that is closed again at the end of the block."""
    shop = Shop.open(path, key=key, write=write)
    try:
        yield shop
    finally:
        with suppress(sqlite.Error):
            shop.close()
