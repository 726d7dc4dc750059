"""The whole shop as a folder of plain files, and back: to move, to keep for good, to read without ShopDesk.

One CSV per table with every row and column as the shop file holds it, the kept originals and pictures under
their content's names in `files/`, and `shop.json` that says what belongs together. Texts are quoted and guarded
like every export (cells.py); an empty cell is NULL where a column may be NULL, and a text of nothing a `'` there.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopdesk.core import blobs, check, kept, meta, sqlite
from shopdesk.core.durable import sync, written
from shopdesk.core.errors import FileRefused, NewerFile
from shopdesk.core.keys import Key
from shopdesk.core.schema import KeptTable
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import disk_trouble, not_written
from shopdesk.core.words import N_
from shopdesk.exchange.cells import bared, guarded

_MARK = "ShopDesk, a whole shop"
_INDEX = "shop.json"
_FILES = "files"
_PART = ".part"
"""What ends the name of the folder in which the files come together."""
_MOVED = {"meta": "key NOT IN ({})".format(", ".join(f"'{name}'" for name in meta.OF_PASSWORD))}
"""Which rows of a table are moved: the password is that of the file, not of what is in it."""
_NOT_WRITTEN = ("_sqlite_migrations", "blobs", "sqlite_stat1")
_LONGEST_CELL = 1 << 28
_MOST_BYTES = 1 << 28
"""Of one kept file: more than any that an import takes or a picture may have."""
_NONE_MADE = N_("No shop was made of it.")


def write(shop: Shop, folder: Path, go_on: Callable[[], None] = lambda: None) -> list[str]:
    """Write everything into a new or empty folder; the names of the files. Raises FileRefused, DiskTrouble.

    They come together beside it and take its name when all of them are on the disk; else nothing is left of them.
    `go_on` is called between them and raises what ends it.
    """
    part = _part_of(folder)
    with disk_trouble(), not_written(folder):
        _forget(part)
        if folder.name:  # it may have been made since a time before
            _forget(_beside(folder))
        if folder.exists() and any(folder.iterdir()):
            raise FileRefused(N_("The folder “{name}” is not empty."), fix=N_("Choose a new one."), name=folder.name)
        try:
            part.mkdir(parents=True, mode=0o700)  # it holds all there is, also of a shop under a password
            with written(part / _INDEX) as file:
                file.write_text(json.dumps({"what": _MARK}), "utf-8")  # no whole one yet, but ours
            (part / _FILES).mkdir(mode=0o700)
            names = _write_all(shop, part, go_on)
            _name(part, folder)
        finally:
            with suppress(OSError):  # the disk that refused may be gone; what refused it is said
                _forget(part)
    return names


def _part_of(folder: Path) -> Path:
    """Beside a new folder, so that a rename names it; inside one that is there, which may be a stick of its own."""
    return folder / f"whole{_PART}" if folder.exists() else _beside(folder)


def _beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_PART}")


def _forget(part: Path) -> None:
    """Remove what is unfinished, also of a time before: marked as ours, and nothing in it but what a write makes."""
    if not part.is_dir() or part.is_symlink():
        return
    ours = re.compile(r"(\w+\.csv|shop\.json)(\.part)?"), re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,5})?(\.part)?")
    names = [entry.name for entry in part.iterdir()]
    files = [entry.name for entry in (part / _FILES).iterdir()] if (part / _FILES).is_dir() else []
    if not names:
        part.rmdir()
    elif (
        all(name == _FILES or ours[0].fullmatch(name) for name in names)
        and all(map(ours[1].fullmatch, files))
        and _is_marked(part)
    ):
        shutil.rmtree(part)


def _is_marked(folder: Path) -> bool:
    try:
        return bool(json.loads(_bytes(folder / _INDEX))["what"] == _MARK)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def _name(part: Path, folder: Path) -> None:
    """The folder is whole and gets its name; where it has that already, the index comes last."""
    sync(part)
    if part.parent == folder:
        folder.chmod(0o700)
        for entry in sorted(part.iterdir(), key=lambda entry: entry.name == _INDEX):
            os.rename(entry, folder / entry.name)
        sync(folder)
    else:
        os.rename(part, folder)
        sync(folder.parent)


def _write_all(shop: Shop, part: Path, go_on: Callable[[], None]) -> list[str]:
    con = shop.reader()
    con.execute("BEGIN")
    try:
        counts = {}
        for table in _tables(con):
            go_on()
            counts[table] = _write_table(con, table, part / f"{table}.csv")
        facts = _file_facts(con)
        _write_files(con, part / _FILES, facts, go_on)
        index = {"what": _MARK, "migrations": _migrations(con), "rows": counts, "files": facts}
        with written(part / _INDEX) as file:
            file.write_text(json.dumps(index, ensure_ascii=False, indent=1), "utf-8")
    finally:
        con.execute("ROLLBACK")
    return [_INDEX, *(f"{table}.csv" for table in counts), *(f"{_FILES}/{fact['file']}" for fact in facts)]


def read(folder: Path, new: Path, *, key: Key | None = None) -> None:
    """Make the shop file `new`, with a key a protected one, of what write() wrote.

    Raises FileRefused and NewerFile, and leaves nothing then.
    """
    index = _index(folder)
    Shop.create(new, name=folder.name, key=key).close()
    try:
        with disk_trouble(), closing(sqlite.connect(new, key=key, write=True)) as con:
            _fill(con, folder, index)
        fault = next(check.faults(new, key=key), None)
        if fault is not None:
            raise FileRefused(
                N_("The folder “{name}” cannot be read back: {reason}"),
                fix=_NONE_MADE,
                name=folder.name,
                reason=str(fault),
            )
    except BaseException:
        for side in ("", "-wal", "-shm"):
            new.with_name(new.name + side).unlink(missing_ok=True)
        raise
    with closing(sqlite.connect(new, key=key, write=True)):
        pass  # a last writer leaves a single file


def _tables(con: Connection) -> list[str]:
    """Every table but the search indexes and kept sums, which are made anew."""
    rows = con.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").fetchall()
    made = {rule.table for rule in kept.rules() if isinstance(rule, KeptTable)} | set(_NOT_WRITTEN)
    searched = tuple(row["name"] for row in rows if row["sql"].startswith("CREATE VIRTUAL"))
    return [row["name"] for row in rows if row["name"] not in made and not row["name"].startswith(searched)]


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    number: bool
    nullable: bool

    def cell(self, value: object) -> object:
        """A value as it is written."""
        if value is None:
            return ""
        if self.number:
            return value
        text = str(value)
        return "'" if self.nullable and not text else guarded(text)

    def value(self, cell: str) -> object:
        """The value that was written. Raises ValueError."""
        if not cell and (self.nullable or self.number):
            return None
        return int(cell) if self.number else bared(cell)


def _columns(con: Connection, table: str) -> list[_Column]:
    return [
        _Column(row["name"], row["type"] == "INTEGER" or row["name"] == "seq", not row["notnull"] and not row["pk"])
        for row in con.execute(f"PRAGMA table_info({table})")
    ]


def _migrations(con: Connection) -> list[list[str]]:
    return [list(row) for row in con.execute("SELECT migration_set, name FROM _sqlite_migrations ORDER BY 1, 2")]


def _write_table(con: Connection, table: str, path: Path) -> int:
    columns = _columns(con, table)
    names = ", ".join(column.name for column in columns)
    with written(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(column.name for column in columns)
        count = 0
        for row in con.execute(f"SELECT {names} FROM {table} WHERE {_MOVED.get(table, 'true')} ORDER BY rowid"):
            writer.writerow([column.cell(value) for column, value in zip(columns, row, strict=True)])
            count += 1
    return count


def _file_facts(con: Connection) -> list[dict[str, Any]]:
    """What is kept: under which name it is written, and what it is."""
    rows = con.execute(
        "SELECT sha256, changed, kind, media, size,"
        " (SELECT file_name FROM imports i WHERE i.sha256 = b.sha256 LIMIT 1) AS name FROM blobs b ORDER BY rowid"
    )
    return [
        {"file": row["sha256"] + _suffix(row["media"], row["name"] or ""), "sha256": row["sha256"],
         "changed": row["changed"], "kind": row["kind"], "media": row["media"], "size": row["size"]}
        for row in rows
    ]  # fmt: skip


def _suffix(media: str, name: str) -> str:
    suffix = Path(name).suffix.lower() if media == "application/zlib" else f".{media.removeprefix('image/')}"
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""


def _write_files(con: Connection, folder: Path, facts: list[dict[str, Any]], go_on: Callable[[], None]) -> None:
    for fact in facts:
        go_on()
        with written(folder / fact["file"]) as part:
            part.write_bytes(blobs.get(con, fact["sha256"]) or b"")


# back


def _index(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(folder / _INDEX))
        kinds = {"migrations": list, "rows": dict, "files": list}
        ours = found["what"] == _MARK and all(isinstance(found[key], kind) for key, kind in kinds.items())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        ours = False
    if not ours:
        raise FileRefused(
            N_("The folder “{name}” does not hold a whole shop."),
            fix=N_("Choose the folder that “shopdesk export --whole” wrote."),
            name=folder.name,
        )
    whole: dict[str, Any] = found
    return whole


def _plain(path: Path) -> Path:
    """A file of the folder itself: no link to another one, no pipe. Raises ValueError."""
    if path.is_symlink() or not path.is_file():
        raise ValueError(path.name)
    return path


def _bytes(path: Path) -> bytes:
    """What is in such a file. Raises ValueError for an enormous one."""
    if _plain(path).stat().st_size > _MOST_BYTES:
        raise ValueError(path.name)
    return path.read_bytes()


@contextmanager
def _as_written(path: Path) -> Iterator[None]:
    """Say of a file that something is wrong with it; what exactly, only Python has words for."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, csv.Error, sqlite.IntegrityError, OverflowError) as error:
        raise FileRefused(
            N_("“{name}” is missing, damaged or not as it was written."), fix=_NONE_MADE, name=path.name
        ) from error


def _fill(con: Connection, folder: Path, index: dict[str, Any]) -> None:
    """Everything in one transaction; what follows from it is worked out anew."""
    if index["migrations"] != _migrations(con):
        raise NewerFile(
            N_("“{name}” was written by another version of ShopDesk."),
            fix=N_("Read it with that version; it was left as it is."),
            name=folder.name,
        )
    con.execute("PRAGMA foreign_keys=OFF")
    con.execute("BEGIN IMMEDIATE")
    try:
        for fact in index["files"]:
            with _as_written(folder / _INDEX):
                path = _file_of(folder, fact)
            with _as_written(path):
                _take_file(con, path, fact)
        for table in _tables(con):
            con.execute(f"DELETE FROM {table}")
            path = folder / f"{table}.csv"
            with _as_written(path):
                _take_table(con, table, path, index["rows"].get(table))
        with _as_written(folder):
            kept.refresh_all(con)
    except FileRefused:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def _take_table(con: Connection, table: str, path: Path, rows: object) -> None:
    columns = {column.name: column for column in _columns(con, table)}
    csv.field_size_limit(_LONGEST_CELL)
    with _plain(path).open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = [columns[name] for name in next(reader, ())]
        if len(header) != len(columns):
            raise ValueError(path.name)
        names, marks = ", ".join(column.name for column in header), ", ".join("?" * len(header))
        taken = con.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            ([column.value(cell) for column, cell in zip(header, row, strict=True)] for row in reader),
        ).rowcount
    if max(taken, 0) != rows:
        raise ValueError(f"{path.name}: {taken} of {rows}")


def _file_of(folder: Path, fact: dict[str, Any]) -> Path:
    name = str(fact["file"])
    if Path(name).name != name:
        raise ValueError(name)
    return folder / _FILES / name


def _take_file(con: Connection, path: Path, fact: dict[str, Any]) -> None:
    data = _bytes(path)
    if hashlib.sha256(data).hexdigest() != (fact["changed"] or fact["sha256"]):
        raise ValueError(path.name)
    stored = zlib.compress(data) if fact["media"] == "application/zlib" else data
    con.execute(
        "INSERT INTO blobs (sha256, kind, media, size, bytes, changed) VALUES (?, ?, ?, ?, ?, ?)",
        (fact["sha256"], fact["kind"], fact["media"], len(data), stored, fact["changed"]),
    )
