"""Shop files that a disk, a synced folder or somebody else spoilt: what opening finds, what a deep check, what nobody.

What nobody finds must not show another figure. That it shows another word is counted: of a plain file without its
backup nobody can know how a note was written.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from shopdesk.core import check, kept, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.manifest import checksum
from shopdesk.core.shop import Shop
from tests.faults.stage import Figures, digest

PAGE = 4096
OTHER_FIGURES, OTHER_WORDS = "other figures", "other words"
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def flip(raw: bytearray, chance: Random) -> None:
    """One bit of the file."""
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def nothing(raw: bytearray, chance: Random) -> None:
    """A page of zeros."""
    at = chance.randrange(len(raw) // PAGE) * PAGE
    raw[at : at + PAGE] = bytes(PAGE)


def cut(raw: bytearray, chance: Random) -> None:
    """The end is missing."""
    del raw[chance.randrange(1, len(raw)) :]


def tail(raw: bytearray, chance: Random) -> None:
    """Something of another file follows."""
    raw += chance.randbytes(chance.randrange(1, 3 * PAGE))


def foreign(raw: bytearray, chance: Random) -> None:
    """Another kind of file under the shop's name."""
    raw[:] = chance.choice(_foreigners())


def newer(raw: bytearray, _chance: Random) -> None:
    """What a later version wrote."""
    with closing(sqlite3.connect(":memory:")) as con:
        con.deserialize(bytes(raw[:18]) + b"\1\1" + bytes(raw[20:]))
        con.execute("INSERT INTO _sqlite_migrations VALUES (99999, 'core', '9999_later', '2099-01-01')")
        con.commit()
        raw[:] = con.serialize()


def _foreigners() -> list[bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", "a,b\n" * 900)
    with closing(sqlite3.connect(":memory:")) as other:
        other.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT)")
        other.executemany("INSERT INTO orders (number) VALUES (?)", [(str(n),) for n in range(500)])
        other.commit()
        database = other.serialize()
    return [_PNG, packed.getvalue(), "订单编号,金额\n".encode() * 700, database, b""]


KINDS: dict[str, Callable[[bytearray, Random], None]] = {
    "bit flips": flip,
    "zeroed pages": nothing,
    "truncation": cut,
    "tail garbage": tail,
    "foreign files": foreign,
    "newer version": newer,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A whole shop file, what it says, and its figures."""

    path: Path
    key: Key | None
    said: str
    figures: str


def subject(path: Path, key: Key | None) -> Subject:
    """Take a whole file for the tests."""
    with closing(Shop.open(path, key=key, write=False)) as shop:
        return Subject(path, key, digest(shop.reader()), figures_of(shop.reader()))


def figures_of(con: sqlite.Connection) -> str:
    """Every figure of the shop: sums, stock, states."""
    return repr([
        [tuple(row) for row in con.execute(f"SELECT {', '.join(rule.columns)} FROM {rule.table} ORDER BY rowid")]
        for rule in kept.rules()
    ])  # fmt: skip


def spoil(one: Subject, kind: str, chance: Random, place: Path) -> Path | None:
    """A spoilt copy; None where chance changed nothing."""
    raw = bytearray(one.path.read_bytes())
    before = bytes(raw)
    KINDS[kind](raw, chance)
    place.mkdir()
    copy = place / "muhe.shop"
    copy.write_bytes(raw)
    return copy if raw != before else None


def judge(one: Subject, copy: Path, figures: Figures) -> None:
    """Who finds it, and whether what nobody finds shows anything else than before."""
    figures.count("files")
    figures.count("checksum", checksum(copy) != checksum(one.path))
    try:
        at_open = _at_open(one, copy)
        deep = at_open or _deep(one, copy)
        figures.count("at open", at_open)
        figures.count("check --deep", deep)
        if not deep:
            other = _says_other(one, copy)
            figures.count(f"found by neither, {other or 'same content'}")
            figures.wrong += ["nobody found another figure"] * (other == OTHER_FIGURES)
    except Exception as error:
        figures.wrong.append(f"{type(error).__name__}: {error}")


def _at_open(one: Subject, copy: Path) -> bool:
    """Opening itself, or the quick look that follows the first rows."""
    try:
        Shop.open(copy, key=one.key, write=False).close()
        with closing(sqlite.connect(copy, key=one.key)) as con:
            return any(check.file_faults(con, quick=True))
    except (ShopError, sqlite.DatabaseError, UnicodeDecodeError):
        return True


def _deep(one: Subject, copy: Path) -> bool:
    try:
        return any(check.deep_faults(copy, key=one.key))
    except (ShopError, sqlite.DatabaseError):
        return True


def _says_other(one: Subject, copy: Path) -> str:
    try:
        with closing(sqlite.connect(copy, key=one.key)) as con:
            if figures_of(con) != one.figures:
                return OTHER_FIGURES
            return OTHER_WORDS if digest(con) != one.said else ""
    except sqlite.DatabaseError:  # a page that reads it says so
        return ""


def run(one: Subject, kind: str, count: int, name: str, place: Path) -> Figures:
    """So many of one kind, each a file of its own."""
    figures = Figures(f"damage: {kind}, {name}")
    for number in range(count):
        folder = place / f"{kind}-{name}-{number}"
        copy = spoil(one, kind, Random(f"{kind}:{number}"), folder)
        if copy is not None:
            judge(one, copy, figures)
        shutil.rmtree(folder)
    return figures
