"""A shop file under a password: told apart from damage, and unlocked.

What is read here past SQLite is read only where no connection of this process has the file: to close it would
take SQLite's locks away.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from shopdesk.core import keys, manifest, sqlite
from shopdesk.core.errors import Damaged, FileRefused
from shopdesk.core.keys import SALT_BYTES, Key, MistypedCode, NeedsPassword, WrongPassword
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_

_PAGE = sqlite.PROTECTED_PAGE
_CHECK = 32
_OTHERS = (
    sqlite.PLAIN, b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xdb", b"GIF8", b"RIFF",
    b"PK\3\4", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x08",
)  # fmt: skip
"""How files begin that are as dense as ours, and are something else: pictures, papers and archives."""
_HMAC_SALT = 0x3A
_HMAC_ROUNDS = 2
_SAMPLE = 16
"""So many pages are looked at, spread over the file."""
_DENSE = 0.98
"""What is enciphered stays as large as it was when it is compressed."""


def is_protected(path: Path) -> bool:
    """Whether a file looks like one under a password: whole pages of what nobody can tell from noise.

    One that is cut off or zeroed in places still does; SQLite's plain files, pictures, archives, empty and short
    ones do not. Only for a file that this process has not open. Raises DiskTrouble.
    """
    with disk_trouble():
        if not path.is_file():
            return False
        pages = list(_pages(path))
    dense = [data for _, data in pages if len(data) == _PAGE and _is_dense(data)]
    return bool(pages) and not pages[0][1].startswith(_OTHERS) and len(dense) * 2 > len(pages)


def _is_dense(data: bytes) -> bool:
    return len(zlib.compress(data, 1)) > len(data) * _DENSE


def _pages(path: Path) -> Iterator[tuple[int, bytes]]:
    """The first page, the last and some between, each with its number from 1."""
    with path.open("rb") as stream:
        count = path.stat().st_size // _PAGE
        for at in sorted({count * part // _SAMPLE for part in range(_SAMPLE)} | {max(0, count - 1)}):
            stream.seek(at * _PAGE)
            data = stream.read(_PAGE)
            if data:
                yield at + 1, data


def salt_of(path: Path) -> bytes:
    """The salt of a protected file. Only for a file that this process has not open. Raises DiskTrouble."""
    with disk_trouble(), path.open("rb") as stream:
        return stream.read(SALT_BYTES)


def unlock(path: Path, secret: str, *, even_damaged: bool = False) -> Key:
    """The key of a protected file, from its password or its recovery code.

    Takes a third of a second (half, with what looks like a code): never on the main thread, and only for a
    file that this process has not open. Raises WrongPassword, MistypedCode for a code whose check sum does not
    fit, Damaged when the secret is right but the first page is not (unless `even_damaged`), DiskTrouble.
    """
    mistyped = False
    for salt in _salts(path):
        for make in (keys.of_recovery_code, keys.of_password):  # a password may look like a code
            try:
                if make is keys.of_password or keys.looks_like_code(secret):
                    return _fitting(path, make(secret, salt), even_damaged=even_damaged)
            except MistypedCode:
                mistyped = True
            except WrongPassword:
                continue
    raise MistypedCode if mistyped else WrongPassword(path.name)


def _salts(path: Path) -> list[bytes]:
    """That of the file; and that of its backups, should damage have taken it from the file."""
    newest = manifest.newest(path)
    beside = [salt_of(manifest.folder(path) / newest.name)] if newest is not None else []
    return list(dict.fromkeys([salt_of(path), *(salt for salt in beside if not sqlite.PLAIN.startswith(salt))]))


def fits(key: Key, secret: str) -> bool:
    """Whether a password or a recovery code is that of a shop which is open under `key`: nothing is read."""
    with suppress(MistypedCode):
        if keys.looks_like_code(secret) and hmac.compare_digest(keys.of_recovery_code(secret, key.salt).raw, key.raw):
            return True
    return hmac.compare_digest(keys.of_password(secret, key.salt).raw, key.raw)


def refuse(path: Path, key: Key | None) -> None:
    """Raise what is the matter with a file that does not open as a shop with `key`.

    FileRefused for a plain file that was given a key, NeedsPassword without one, WrongPassword when no page is
    under it, Damaged when others than the first are; nothing for the protected file of another program.
    """
    with disk_trouble():
        if key is not None and sqlite.is_plain(path):
            raise FileRefused(N_("“{name}” is not under a password."), fix=N_("It was left as it is."), name=path.name)
    if not is_protected(path):
        return
    if key is None:
        raise NeedsPassword(path.name)
    if not opens(path, _fitting(path, key)):
        raise _damaged()


def _fitting(path: Path, key: Key, *, even_damaged: bool = False) -> Key:
    """The key itself when the first page is under it. Raises WrongPassword, Damaged."""
    with disk_trouble():
        pages = list(_pages(path))
    sums = hashlib.pbkdf2_hmac(
        "sha512", key.raw, bytes(byte ^ _HMAC_SALT for byte in key.salt), _HMAC_ROUNDS, len(key.raw)
    )
    fit = [number for number, data in pages if _is_under(sums, number, data)]
    if 1 in fit or (fit and even_damaged):
        return key
    # what is torn in the file may stand whole in the log beside it
    if path.with_name(f"{path.name}-wal").exists() and opens(path, key):
        return key
    if fit:
        raise _damaged()
    raise WrongPassword(path.name)


def opens(path: Path, key: Key) -> bool:
    """Whether SQLite can read a file with this key."""
    try:
        with closing(sqlite.connect(path, key=key)) as con:
            return bool(con.execute("SELECT count(*) FROM sqlite_schema").fetchone())
    except sqlite.DatabaseError:
        return False


def _is_under(sums: bytes, number: int, data: bytes) -> bool:
    if len(data) < _PAGE:
        return False
    body = data[SALT_BYTES if number == 1 else 0 : _PAGE - _CHECK]
    said = hmac.digest(sums, body + struct.pack("<I", number), "sha256")
    return hmac.compare_digest(said, data[_PAGE - _CHECK :])


def _damaged() -> Damaged:
    return Damaged(
        N_("The password is right, but the shop file is damaged."),
        fix=N_("Take the newest backup, or what can still be read of it."),
    )
