"""The key of a shop file under a password, and the recovery code: the same key, to be written on paper.

The key is what SQLCipher itself makes of the password and of the file's salt (its first 16 bytes), so that any
program for such files opens a protected shop with the password, once it is told of our pages (core/sqlite.py).
"""

from __future__ import annotations

import binascii
import os
import re
import unicodedata
from dataclasses import dataclass, field
from importlib import import_module

from shopdesk.core.errors import FileRefused
from shopdesk.core.words import N_

SALT_BYTES = 16
_KEY_BYTES = 32
_CHECK_BYTES = 2
_ROUNDS = 256_000
"""SQLCipher's own number: a fifth to a third of a second for each guess."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of the letters only those that nobody takes for another one or for a digit."""
_TAKEN_FOR = str.maketrans("OIL", "011")
_CHARACTERS = 55
_GROUP = 5
_SPARE_BITS = _CHARACTERS * 5 - (_KEY_BYTES + _CHECK_BYTES) * 8


class NeedsPassword(FileRefused):
    """The file is under a password, and none was given."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("“{name}” is under a password."), fix=N_("Open it with its password."), name=name)


class WrongPassword(FileRefused):
    """The file is well as far as can be seen, but it does not open with this password, recovery code or key."""

    def __init__(self, name: str = "") -> None:
        super().__init__(
            N_("The password or recovery code is not the right one."), fix=N_("Nothing was opened."), name=name
        )


class MistypedCode(WrongPassword):
    """It looks like a recovery code, but its check sum says that a character is wrong."""

    def __init__(self) -> None:
        FileRefused.__init__(
            self,
            N_("The recovery code is not written right: a character is missing, wrong or too many."),
            fix=N_("Compare it with the sheet, group by group."),
        )


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a protected file: 32 bytes, and the salt that the file begins with."""

    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @classmethod
    def random(cls) -> Key:
        """A key that no password leads to, for files that nobody opens a second time."""
        return cls(os.urandom(_KEY_BYTES), os.urandom(SALT_BYTES))

    @classmethod
    def of_text(cls, text: str) -> Key:
        """The key that text() wrote. Raises ValueError."""
        whole = bytes.fromhex(text)
        if len(whole) != _KEY_BYTES + SALT_BYTES:
            raise ValueError(text)
        return cls(whole[:_KEY_BYTES], whole[_KEY_BYTES:])

    def text(self) -> str:
        """Key and salt in hexadecimal digits, as SQLCipher takes them between x' and '."""
        return (self.raw + self.salt).hex()


def new_salt() -> bytes:
    """A salt for a file that is still to be made."""
    return os.urandom(SALT_BYTES)


def of_password(password: str, salt: bytes) -> Key:
    """The key that a password makes with a file's salt. Takes a third of a second: never on the main thread."""
    hashing = import_module("hashlib")  # which no start of a shop without a password needs
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return Key(hashing.pbkdf2_hmac("sha512", typed, salt, _ROUNDS, _KEY_BYTES), salt)


def recovery_code(key: Key) -> str:
    """The key in eleven groups of five letters and digits, with a check sum, to be kept on paper."""
    checked = key.raw + _check_sum(key.raw)
    number = int.from_bytes(checked, "big") << _SPARE_BITS
    places = range((_CHARACTERS - 1) * 5, -1, -5)
    code = "".join(_LETTERS[number >> place & 31] for place in places)
    return "-".join(code[at : at + _GROUP] for at in range(0, _CHARACTERS, _GROUP))


def of_recovery_code(text: str, salt: bytes) -> Key:
    """The key that a recovery code stands for, in a file with this salt.

    Spaces, hyphens, small letters, full-width characters, and O, I, L for 0 and 1 do not matter. Raises
    MistypedCode; any one character that is wrong, and any two neighbours that changed places, are found.
    """
    code = _bare(text)
    if len(code) != _CHARACTERS or not set(code) <= set(_LETTERS):
        raise MistypedCode
    number = 0
    for letter in code:
        number = number << 5 | _LETTERS.index(letter)
    if number & ((1 << _SPARE_BITS) - 1):
        raise MistypedCode
    checked = (number >> _SPARE_BITS).to_bytes(_KEY_BYTES + _CHECK_BYTES, "big")
    raw = checked[:_KEY_BYTES]
    if _check_sum(raw) != checked[_KEY_BYTES:]:
        raise MistypedCode
    return Key(raw, salt)


def looks_like_code(text: str) -> bool:
    """Whether somebody who typed this meant a recovery code, be it right or not."""
    code = _bare(text)
    return abs(len(code) - _CHARACTERS) <= _GROUP and len(set(code) - set(_LETTERS)) <= 1


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).upper().translate(_TAKEN_FOR)
    return re.sub(r"[\s\-\u2010-\u2015\u2212_.,:;]+", "", plain)


def _check_sum(raw: bytes) -> bytes:
    """A cyclic check sum of 16 bits: it finds every error within 16 neighbouring bits, so three letters."""
    return binascii.crc_hqx(raw, 0xFFFF).to_bytes(_CHECK_BYTES, "big")
