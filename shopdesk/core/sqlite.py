"""The one place that imports SQLite, and the settings of every connection.

`sqlcipher3` carries its own SQLite (3.53 on every system), reads plain files as fast as the standard
module, and can put a file under a password. A second SQLite library in the process, or a plain open()
of the live file, makes SQLite lose its locks and acknowledged work: nothing else may touch the file.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import get_ident
from types import ModuleType
from typing import TYPE_CHECKING, Any

import sqlcipher3
from sqlcipher3 import dbapi2

from shopdesk.core.errors import FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.words import N_

# Without an adapter in C the module asks every None that is bound for methods that None does not have,
# which costs ten times what storing it costs.
dbapi2.register_adapter(type(None), {None: None}.get)

if TYPE_CHECKING:
    # sqlcipher3 has no type hints of its own; it has the interface of the standard module
    from sqlite3 import Connection, DatabaseError, Error, IntegrityError, InterfaceError, OperationalError, Row

    from sqlite_utils import Database
else:
    Connection = dbapi2.Connection
    Row = dbapi2.Row
    Error = dbapi2.Error
    DatabaseError = dbapi2.DatabaseError
    IntegrityError = dbapi2.IntegrityError
    OperationalError = dbapi2.OperationalError
    InterfaceError = dbapi2.InterfaceError

__all__ = [
    "Connection", "DatabaseError", "Error", "IntegrityError", "InterfaceError", "OperationalError", "Row",
    "bare", "columns", "connect", "database", "is_plain", "keep_temporary", "scratch", "sqlite_utils",
]  # fmt: skip

APPLICATION_ID = 0x53484450
"""Marks a file as a shop (the letters SHDP)."""

PLAIN = b"SQLite format 3\0"
"""How a file begins that is under no password."""

_STATEMENTS = 256
"""How many prepared statements a connection keeps: one act of the owner uses sixty."""

_CACHE, _DECIPHERED = 16384, 65536
"""KiB of pages that stay in memory; of a protected file more, for to decipher one anew costs more than to scan it."""
PLAIN_PAGE, PROTECTED_PAGE = 4096, 16384
"""Bytes of a page. Those of a protected file are larger, and their check sums HMAC-SHA256: a scan that deciphers every
page takes three times as long as that of a plain file with SQLCipher's 4096 and SHA512, and with these not twice."""
_LOG = 4 << 20
"""Bytes in the log from which on a commit moves them into the file; more would be felt in the act that does."""
_VERSION = "PRAGMA cipher_version"
LEAST = (3, 51, 3)
"""An older SQLite may lose what was committed to a log that two connections bring into the file at once."""
_PATIENCE_S = 0.5
"""How long the owner waits for another program that holds the file; set before the first question to it."""
_EVERY = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA mmap_size=0",
)
_WRITER = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA journal_size_limit=67108864",
)


def connect(
    path: Path,
    *,
    key: Key | None = None,
    write: bool = False,
    create: bool = False,
    broken: bool = False,
    alone: bool = False,
) -> Connection:
    """A connection with ShopDesk's settings, to a protected file with its key. Rows are reached by name.

    Without `write` the connection can only read; from a medium that cannot be written also what nobody has
    open (SQLite would want to make its side files). It may be used by any thread, one at a time. A `broken` file
    is read as far as it goes, also one that was cut off or whose list of tables is not whole. Who wants to be
    `alone` is refused while anybody else has the file open, and keeps everybody out.
    """
    if write and dbapi2.sqlite_version_info < LEAST:
        raise FileRefused(
            N_("This copy of ShopDesk has an old SQLite, which may lose what was saved."), fix=N_("Install it anew.")
        )
    mode = "rwc" if create else ("rw" if write else "ro")
    log = path.with_name(path.name + "-wal")
    if mode == "ro" and not os.access(path.parent, os.W_OK) and not log.exists():
        mode = "ro&immutable=1"
    connection: Connection = dbapi2.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        check_same_thread=False,
        timeout=_PATIENCE_S,
        isolation_level=None,
        cached_statements=_STATEMENTS,
    )
    connection.row_factory = Row
    try:
        _unlock(connection, key)
        if alone:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # before the file is looked at for the first time
        if broken:
            connection.execute("PRAGMA writable_schema=ON")
        remember(connection, key)
        for pragma in _EVERY + (_WRITER if write else ("PRAGMA query_only=ON",)):
            connection.execute(pragma)
        if write:
            connection.execute(f"PRAGMA wal_autocheckpoint={_LOG // page_bytes(key)}")
            _keep_private(path)
    except (DatabaseError, FileRefused):
        connection.close()
        raise
    return connection


def leave_one_file(path: Path, *, key: Key | None = None) -> None:
    """Let SQLite remove the side files of a file that nobody has open, also of one that is too damaged to be used.

    What its log holds is brought into it. Raises DatabaseError, FileRefused.
    """
    connection: Connection = dbapi2.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_S, isolation_level=None
    )
    try:
        _unlock(connection, key)
        connection.execute("PRAGMA user_version").fetchone()  # needs no list of tables, which may be what is damaged
    finally:
        connection.close()  # the last one to be closed that may write removes them


def has_log(path: Path) -> bool:
    """Whether something is in the log of a file that was not brought into it yet."""
    with suppress(FileNotFoundError):
        return path.with_name(path.name + "-wal").stat().st_size > 0
    return False


def _keep_private(path: Path) -> None:
    """Nobody else may read the side files: SQLite gives them the mode of the file, which may have come from a stick."""
    for side in ("-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + side).chmod(0o600)


def _unlock(connection: Connection, key: Key | None) -> None:
    """Give a new connection its key, before anything else is asked of it.

    A library without SQLCipher would take no notice of a key, and write plain files.
    """
    if key is None:
        return
    version = connection.execute(_VERSION).fetchone()
    if not version or not version[0]:
        raise FileRefused(N_("This copy of ShopDesk cannot handle files under a password."), fix=N_("Install it anew."))
    connection.execute("PRAGMA cipher_log_level=NONE")  # else every damaged page is told to the terminal
    _as_ours(connection)
    connection.execute(f'PRAGMA key="{_literal(key)}"')


def _as_ours(connection: Connection) -> None:
    """What this process opens or makes under a key from now on is of our page size and check sum."""
    connection.execute(f"PRAGMA cipher_default_page_size={PROTECTED_PAGE}")
    connection.execute("PRAGMA cipher_default_hmac_algorithm=HMAC_SHA256")


def page_bytes(key: Key | None) -> int:
    """How large a page of a shop file is, under a key or under none."""
    return PLAIN_PAGE if key is None else PROTECTED_PAGE


def remember(connection: Connection, key: Key | None) -> None:
    """Let a connection keep the usual part of its file in memory."""
    connection.execute(f"PRAGMA cache_size=-{_CACHE if key is None else _DECIPHERED}")


def _literal(key: Key) -> str:
    """Key and salt ready-made: with them no connection pays again for the rounds that a password costs."""
    return f"x'{key.text()}'"


def bare(path: Path, *, key: Key | None = None) -> Connection:
    """A connection without any settings, to receive a copy."""
    connection: Connection = dbapi2.connect(str(path), isolation_level=None)
    _unlock(connection, key)
    return connection


def is_plain(path: Path) -> bool:
    """Whether a file begins as one of SQLite's that is under no password. Raises OSError."""
    with path.open("rb") as stream:
        return stream.read(len(PLAIN)) == PLAIN


def columns(connection: Connection, table: str) -> list[str]:
    """The names of a table's columns in order."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def scratch(path: Path | str, *, key: Key | None = None) -> Connection:
    """A connection to a temporary file of ours (staging): fast, not durable, no foreign keys."""
    connection: Connection = dbapi2.connect(str(path), check_same_thread=False, isolation_level=None)
    connection.row_factory = Row
    _unlock(connection, key)
    for pragma in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-16384"):
        connection.execute(pragma)
    return connection


def attach(
    connection: Connection, name: str, path: Path, *, mode: str, journal: str = "OFF", key: Key | None = None
) -> None:
    """Attach a temporary file of ours under a name; `mode` is "ro" or "rwc" (then fast and not durable).

    With `journal` MEMORY a transaction that fails is taken back in it too: to go on after one that could not
    be would be impossible on the whole connection.
    """
    if key is not None:
        _as_ours(connection)
    # without any key the attached file would be taken for one under that of the connection's own
    under = _literal(key) if key is not None else ""
    connection.execute(f"ATTACH ? AS {name} KEY ?", (f"{path.resolve().as_uri()}?mode={mode}", under))
    if mode != "ro":
        connection.execute(f"PRAGMA {name}.journal_mode={journal}")
        connection.execute(f"PRAGMA {name}.synchronous=OFF")
    connection.execute(f"PRAGMA {name}.cache_size=-12288")


class _HoldBack:
    """Says to one thread that pandas and numpy are not installed; other threads may be loading them."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Asked by Python's import."""
        if name in {"pandas", "numpy"} and get_ident() == self._thread:
            raise ModuleNotFoundError(name)


def sqlite_utils() -> ModuleType:
    """The sqlite-utils package, on our SQLite and without pandas.

    It takes a module called pysqlite3 when there is one, and it imports pandas and numpy when they are
    installed, which costs 0.4 s at start: both are held back while it loads.
    """
    aliases: dict[str, Any] = {"pysqlite3": sqlcipher3, "pysqlite3.dbapi2": dbapi2}
    sys.modules.update(aliases)
    if "sqlite_utils" in sys.modules:
        return import_module("sqlite_utils")  # waits for a thread that is at it
    hold_back: Any = _HoldBack()
    sys.meta_path.insert(0, hold_back)
    try:
        return import_module("sqlite_utils")
    finally:
        sys.meta_path.remove(hold_back)


def keep_temporary(connection: Connection, key: Key | None) -> None:
    """Let a connection keep temporary tables on the disk, for they may be large.

    Those of a protected shop stay in memory: SQLite would write them in plain text.
    """
    if key is None:
        connection.execute("PRAGMA temp_store=FILE")


def database(connection: Connection) -> Database:
    """The sqlite-utils Database on an open connection."""
    wrapped: Database = sqlite_utils().Database(connection, recursive_triggers=False)
    return wrapped
