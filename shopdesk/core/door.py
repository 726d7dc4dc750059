"""The door of a shop file: readers go in and out as they like, writers one at a time, each act as a whole."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import identity, journal, kept, meta, search, sqlite
from shopdesk.core.errors import Busy, Damaged, DiskTrouble, HeldElsewhere
from shopdesk.core.kept import Touched
from shopdesk.core.keys import Key
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


class Door:
    """The connections to a shop file: one for writing, one for reading in each thread that asks.

    `change()` is one act of the owner: one transaction, in which the journal is written and the kept figures are
    brought up to date, and after it one word to the `listeners`.
    """

    def __init__(self, path: Path, *, write: bool, key: Key | None = None) -> None:
        self.path = path
        self.key = key
        self.read_only = not write
        self.listeners: list[Listener] = []
        self.before: Before | None = None
        self._is_damaged = False
        self._is_closed = False
        self._readers: dict[int, Connection] = {}
        self._one_at_a_time = threading.RLock()
        self._writer: Connection | None = None
        self._file: os.stat_result | None = None
        self._db: Database | None = None
        self._current: Touched | None = None
        self._quiet = False
        self._failed: BaseException | None = None
        self._topics: set[str] = set()

    # reading

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

    def changes(self) -> int:
        """A number that grows with every step, undo and redo; quiet writes make no backup due."""
        return meta.changes(self.reader())

    def stop_writing(self) -> None:
        """The file is damaged: from now on nothing is written to it."""
        self.read_only = self._is_damaged = True

    @property
    def is_damaged(self) -> bool:
        """Whether damage was found since it was opened."""
        return self._is_damaged

    # writing

    @contextmanager
    def change(self, label: str, *topics: str, **values: object) -> Iterator[Database]:
        """One act of the owner: a transaction, a step to undo, and the word to the listeners after it.

        `label` is an N_() template that says what was done, filled with `values`; `topics` are the kinds
        of things that change ("orders", "stock"). Inside another change it joins that one. On an error,
        also one of an inner change that somebody caught, everything is as before and nothing is announced.
        Raises Busy, DiskTrouble, ShopError.
        """
        with self._alone():
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
        with self._alone():
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
        with self._alone():
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

    def tell(self, *topics: str) -> None:
        """Say to the listeners that something beside the file's own acts is new ("backups")."""
        with ExitStack() as every:  # also those after one that fails
            for listener in reversed(self.listeners):
                every.callback(listener, frozenset(topics))

    # inside

    @contextmanager
    def _alone(self) -> Iterator[None]:
        on_main = threading.current_thread() is threading.main_thread()
        if not self._one_at_a_time.acquire(timeout=_PATIENCE_S if on_main else _PATIENCE_OF_WORKERS_S):
            raise Busy
        try:
            yield
        finally:
            self._one_at_a_time.release()

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

    # closing

    @contextmanager
    def _shut(self) -> Iterator[None]:
        """Nobody is let in any more, and what is still being written is taken back."""
        alone = self._come_in_last()
        try:
            yield
        finally:
            if alone:
                self._one_at_a_time.release()

    def _come_in_last(self) -> bool:
        """Behind whoever writes, whose statements end at once; whether it was possible in good time."""
        self._is_closed = True
        end = time.monotonic() + _PATIENCE_OF_CLOSING_S
        while not self._one_at_a_time.acquire(timeout=_PATIENCE_S):
            if time.monotonic() > end:
                return False
            if (writer := self._writer) is not None:
                with suppress(sqlite.Error):  # it may be closed at this moment
                    writer.interrupt()
        return True

    def _close_connections(self) -> None:
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
