"""A shop: one file, one door for writes, as many readers as there are threads."""

from __future__ import annotations

import glob
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import identity, journal, kept, lock, meta, search, sqlite
from shopdesk.core.errors import Busy, Damaged, DiskTrouble, FileRefused, HeldElsewhere
from shopdesk.core.identity import NotOurs
from shopdesk.core.journal import CannotUndo, Entry, Step
from shopdesk.core.kept import Touched
from shopdesk.core.keys import Key
from shopdesk.core.lock import ShopLock
from shopdesk.core.migrate import apply
from shopdesk.core.paths import backup_folder, exchange_note
from shopdesk.core.schema import features
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from sqlite_utils import Database

    from shopdesk.core.before import Before

Listener = Callable[[frozenset[str]], None]

_PATIENCE_S = 0.04
_PATIENCE_OF_WORKERS_S = 60.0
_PATIENCE_OF_CLOSING_S = 10.0


class OlderFile(Exception):
    """A shop file of an older version, which takes long to open the first time."""


class Shop:
    """An open shop file.

    Any thread may call any method. Reading goes through `reader()`, a connection of the calling thread;
    writing through `change()`, one act of the owner in one transaction, on the single writer connection.
    """

    def __init__(self, path: Path, *, write: bool, key: Key | None = None) -> None:
        """Use Shop.open() or Shop.create()."""
        self.path = path
        self.key = key
        self.read_only = not write
        self._is_damaged = False
        self._is_closed = False
        self.listeners: list[Listener] = []
        self.before: Before | None = None
        self._lock: ShopLock | None = None
        self._ours = False
        self._writer: Connection | None = None
        self._file: os.stat_result | None = None
        self._db: Database | None = None
        self._readers: dict[int, Connection] = {}
        self._door = threading.RLock()
        self._current: Touched | None = None
        self._quiet = False
        self._failed: BaseException | None = None
        self._topics: set[str] = set()

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
        try:
            with disk_trouble(path):
                identity.refuse_other(path, shop.reader, familiar=familiar)
                shop._ours = True
                if write:
                    if not upgrade and identity.lacks_migrations(shop.reader()):
                        raise OlderFile
                    shop._open_writer()
                    if identity.lacks_migrations(shop.reader()):
                        shop._upgrade()
        except (NotOurs, Damaged):
            shop.close()
            refuse_protected(path, key)
            raise
        except BaseException:
            shop.close()
            raise
        return shop

    def close(self) -> None:
        """Close all connections; the last one leaves a single file. What another thread still writes is taken back."""
        shut = self._shut_the_door()
        try:
            self._close()
        finally:
            if shut:
                self._door.release()

    def _shut_the_door(self) -> bool:
        """Come in behind whoever writes, whose statements end at once; whether it was possible in good time."""
        self._is_closed = True
        end = time.monotonic() + _PATIENCE_OF_CLOSING_S
        while not self._door.acquire(timeout=_PATIENCE_S):
            if time.monotonic() > end:
                return False
            if (writer := self._writer) is not None:
                with suppress(sqlite.Error):  # it may be closed at this moment
                    writer.interrupt()
        return True

    def _close(self) -> None:
        if self.before is not None:
            self.before.close()
            self.before = None
        for con in self._readers.values():
            con.close()
        self._readers.clear()
        if self._writer is not None:
            with suppress(sqlite.DatabaseError):  # closing alone leaves a file that was moved without its last steps
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        self._leave_one_file()

    def _leave_one_file(self) -> None:
        """Readers may not remove SQLite's side files; a last writing connection does, unless a window has the shop.

        What another program left in the side file of a file that is not ours stays there.
        """
        log = self.path.with_name(self.path.name + "-wal")
        with suppress(OSError, sqlite.DatabaseError, HeldElsewhere):
            size = log.stat().st_size
            if self._ours or not size:
                lock.refuse_other_machine(self.path)
                sqlite.connect(self.path, key=self.key, write=True).close()

    def stop_writing(self) -> None:
        """The file is damaged: from now on nothing is written to it."""
        self.read_only = self._is_damaged = True

    @property
    def is_damaged(self) -> bool:
        """Whether damage was found since it was opened."""
        return self._is_damaged

    def reader(self) -> Connection:
        """The calling thread's own connection for reading; it sees what was committed."""
        me = threading.get_ident()
        con = self._readers.get(me)
        if con is None:
            con = self._readers[me] = sqlite.connect(self.path, key=self.key)
        return con

    def forget_reader(self) -> None:
        """Close the calling thread's connection; a thread does so before it ends."""
        con = self._readers.pop(threading.get_ident(), None)
        if con is not None:
            con.close()

    # writing

    @contextmanager
    def change(self, label: str, *topics: str, **values: object) -> Iterator[Database]:
        """One act of the owner: a transaction, a step to undo, and the word to the listeners after it.

        `label` is an N_() template that says what was done, filled with `values`; `topics` are the kinds
        of things that change ("orders", "stock"). Inside another change it joins that one. On an error,
        also one of an inner change that somebody caught, everything is as before and nothing is announced.
        Raises Busy, DiskTrouble, ShopError.
        """
        with self._through_the_door():
            self._topics.update(topics)
            if self._current is not None:
                with self._joined():
                    yield self._database()
                return
            with self._transaction() as con:
                before = journal.sequence(con)
                self._current = touched = Touched(journal.begin(con, label, values))
                yield self._database()
                for table, spans in journal.inserted(con, before).items():
                    touched.inserted.setdefault(table, []).extend(spans)
                self._settle(con, touched)

    def _settle(self, con: Connection, touched: Touched) -> None:
        """Bring the kept figures up to date and close the step, or drop it when it did nothing."""
        touched.changed = journal.changed(con, touched.step)
        if not touched.tables():
            journal.drop(con, touched.step)
            return
        journal.note_inserts(con, touched.step, touched.inserted)
        kept.refresh(con, touched)
        journal.finish(con, touched.step, frozenset(self._topics))

    @contextmanager
    def quiet(self) -> Iterator[Database]:
        """Write what is no step of the owner (codes given, originals kept): only unjournaled tables."""
        with self._through_the_door():
            if self._current is not None or self._quiet:
                with self._joined():
                    yield self._database()
                return
            with self._transaction():
                self._quiet = True
                yield self._database()

    @contextmanager
    def attached(self, files: Mapping[str, tuple[Path, str]], *, key: Key | None = None) -> Iterator[None]:
        """Within the block the writer also sees other SQLite files of ours: name -> (path, "ro" or "rwc").

        They may be under a key of their own.

        No other thread writes meanwhile. For bulk work, so its page cache is larger until the end. What the
        block attaches itself goes with the rest.
        """
        with self._through_the_door():
            con = self._writing()
            if self.key is None:
                con.execute("PRAGMA cache_size=-49152")
            try:
                for name, (path, mode) in files.items():
                    sqlite.attach(con, name, path, mode=mode, journal="MEMORY", key=key)
                yield
            finally:
                self._detach(con)

    def _detach(self, con: Connection) -> None:
        """Let go of what is attached; when a full disk has spoilt it, of the connection with it."""
        try:
            for row in con.execute("PRAGMA database_list").fetchall():
                if row[1] not in ("main", "temp"):
                    con.execute(f"DETACH {row[1]}")
            sqlite.remember(con, self.key)
        except sqlite.DatabaseError:
            con.close()
            self._db = None
            self._open_writer()

    def settled(self, name: str, first: int, last: int) -> None:
        """Inside a change: kept columns that its author has filled in already.

        Those of table `name` (or the documents of "search_<kind>") are right for the keys from `first` to
        `last` and are not computed again; `check` verifies them.
        """
        assert self._current is not None
        self._current.settled.setdefault(name, []).append((first, last))

    def returned(self, table: str, record: int) -> None:
        """Inside a change: a row was inserted under an id that was given before; new ids are noted by themselves."""
        assert self._current is not None
        spans = self._current.inserted.setdefault(table, [])
        if spans and spans[-1][1] == record - 1:
            spans[-1] = (spans[-1][0], record)
        else:
            spans.append((record, record))

    def words_by(self, tokens: search.Tokens) -> None:
        """Inside a change: who makes the words of its search documents (a process of its own, for many)."""
        assert self._current is not None
        self._current.tokens = tokens

    @property
    def step(self) -> int:
        """Inside a change: the id of its step."""
        assert self._current is not None
        return self._current.step

    # undo

    def undo(self) -> Step | None:
        """Undo the newest step; the step, or None when there is nothing to undo."""
        with self._through_the_door():
            found = journal.last_done(self.reader())
            return self._invert(found, "undone") if found else None

    def redo(self) -> Step | None:
        """Bring back the step that was undone last; None when there is none."""
        with self._through_the_door():
            found = journal.last_undone(self.reader())
            return self._invert(found, "done") if found else None

    def undo_step(self, step_id: int) -> Step:
        """Undo any step. Raises CannotUndo, naming what hangs on it."""
        with self._through_the_door():
            found = journal.step(self.reader(), step_id)
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
        return journal.last_done(self.reader())

    def history(self, table: str, record: int) -> list[Entry]:
        """What happened to a record, newest first."""
        return list(journal.history(self.reader(), table, record))

    def changes(self) -> int:
        """A number that grows with every step, undo and redo; quiet writes make no backup due."""
        return meta.changes(self.reader())

    # inside

    @contextmanager
    def _through_the_door(self) -> Iterator[None]:
        on_main = threading.current_thread() is threading.main_thread()
        if not self._door.acquire(timeout=_PATIENCE_S if on_main else _PATIENCE_OF_WORKERS_S):
            raise Busy
        try:
            yield
        finally:
            self._door.release()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        con = self._writing()
        if self._is_damaged:
            raise Damaged(N_("The shop file is damaged."), fix=N_("Nothing is written to it any more."))
        assert not con.in_transaction, "a change inside a quiet write, or an undo inside a change"
        with disk_trouble(self.path):
            self._refuse_if_moved()
            con.execute("BEGIN IMMEDIATE")
            try:
                if self.before is not None:
                    self.before.hold()
                yield con
                if self._failed is not None:
                    raise self._failed
                if self.before is not None and self._current is not None:
                    self.before.weigh(con, self._current.step)
                self._commit(con)
                if self.before is not None:
                    self.before.done()
            except BaseException:
                if con.in_transaction:
                    con.execute("ROLLBACK")
                self._topics.clear()
                raise
            finally:
                if self.before is not None:
                    self.before.let_go()
                self._current = None
                self._quiet = False
                self._failed = None
        self._announce()

    def _commit(self, con: Connection) -> None:
        """Commit, and believe the file rather than the error.

        Attached files are committed after the shop's own: when there is no room for one of them, the act is
        in the shop all the same.
        """
        changes = -1 if self._quiet else meta.count_change(con)
        try:
            con.execute("COMMIT")
        except sqlite.DatabaseError:
            if con.in_transaction or self.changes() != changes:
                raise

    @contextmanager
    def _joined(self) -> Iterator[None]:
        """Within an inner change or quiet write: its error is one of the whole."""
        try:
            yield
        except BaseException as error:
            self._failed = error
            raise

    def _refuse_if_moved(self) -> None:
        """What is written to a file that was moved or replaced would be lost with the next start."""
        try:
            here = self._file is not None and os.path.samestat(self._file, self.path.stat())
        except OSError:
            here = False
        if not here:
            raise DiskTrouble(
                N_("“{name}” was moved or replaced while it was open."),
                fix=N_("Put it back, or open it anew where it is now. Nothing was written."),
                name=self.path.name,
            )

    def tell(self, *topics: str) -> None:
        """Say to the listeners that something beside the file's own acts is new ("backups")."""
        with ExitStack() as every:  # also those after one that fails
            for listener in reversed(self.listeners):
                every.callback(listener, frozenset(topics))

    def _announce(self) -> None:
        topics = frozenset(self._topics)
        self._topics.clear()
        if topics:
            self.tell(*topics)

    def _writing(self) -> Connection:
        """The connection for writing. Raises HeldElsewhere when it is open for reading only, or closed by now."""
        if self._writer is None or self._is_closed:
            raise HeldElsewhere(
                N_("The shop is open for reading only."),
                fix=N_("Close the window that has it open, then try again."),
            )
        return self._writer

    def _database(self) -> Database:
        if self._db is None:
            assert self._writer is not None
            self._db = sqlite.database(self._writer)
        return self._db

    def _open_writer(self) -> Connection:
        self._writer = con = sqlite.connect(self.path, key=self.key, write=True)
        self._file = self.path.stat()
        kept.prepare(con)
        if not identity.lacks_migrations(con):
            journal.install(con)
        return con

    # upgrading

    def _upgrade(self) -> None:
        # backup loads hashing and checking, which no start of an up-to-date shop needs
        import_module("shopdesk.core.backup").make(self, why="upgrade", figures=False)
        self._migrate()

    def _migrate(self, first: Mapping[str, str] | None = None) -> None:
        """Apply every missing migration in one transaction, then renew what depends on the tables.

        A new shop gets its mark and its `first` settings in the same transaction: it is whole or not there.
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
