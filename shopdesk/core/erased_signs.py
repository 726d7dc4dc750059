"""Signs of persons who were erased, by which a list that comes later brings nobody back.

A sign is 24 bits of a checksum of an account, a telephone number or a mail address. That is little on purpose, and
no key or slow checksum would be better: a key would lie in the same file, and what tells one buyer of a list within
a moment tells all telephone numbers within a day. Of the billions of numbers there are, hundreds have the same
sign, so a stolen file tells none, however long somebody tries. Of a thousand lists with ten thousand new buyers
each, one or two keep a stranger out for every person who was erased, until the stranger orders. What holds a
telephone number (an account, an address made of it) has the sign of the number itself, and the trace of sixteen
bits is part of the sign: several of them together tell no more than one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from shopdesk.core.sqlite import Connection

_BYTES = 3
_MOST = 40
"""Nobody of ours has more; a list that was made elsewhere must not keep everybody out."""
_NUMBER = re.compile(r"\d{7,}")
_BETWEEN = re.compile(r"[\s().+-]")
_TELLING_DIGITS = 9
"""The last digits of a number are the same with its country before it and without, or a 0."""
_SIGN = re.compile(r"[nma][0-9a-f]{6}")


class _Kind(StrEnum):
    NUMBER = "n"
    MAIL = "m"
    ACCOUNT = "a"


def sign(word: str) -> str:
    """The sign of a word: its kind and six digits. An account says something on its own platform only."""
    kind, bare = _bare(word)
    return kind + hashlib.blake2b(bare.encode("utf-8", "replace"), digest_size=_BYTES).hexdigest()


def _bare(word: str) -> tuple[_Kind, str]:
    numbers = _NUMBER.findall(_BETWEEN.sub("", word))
    if numbers:
        return _Kind.NUMBER, str(max(numbers, key=len))[-_TELLING_DIGITS:]
    text = " ".join(word.split()).casefold()
    return (_Kind.MAIL if "@" in text else _Kind.ACCOUNT), text


def signs(accounts: Iterable[str], contacts: Iterable[str]) -> set[str]:
    """The signs of somebody with accounts, telephone numbers and addresses; what was masked is no sign."""
    found = {sign(word) for word in accounts if word.strip() and "*" not in word}
    own = (sign(word) for word in contacts if "*" not in word)
    return found | {one for one in own if one[0] != _Kind.ACCOUNT}


def kept(found: Iterable[object]) -> tuple[str, ...]:
    """Signs as they are kept, of whatever a list says."""
    return tuple(sorted({str(one) for one in found if _SIGN.fullmatch(str(one))})[:_MOST])


def teach(con: Connection) -> bool:
    """Make is_erased(platform, account, phone, email) known to a connection; whether anybody has signs."""
    known = _known(con)
    con.create_function("is_erased", 4, _test(known))
    return bool(known)


def _known(con: Connection) -> set[tuple[str, str]]:
    """(sign, platform) of everybody; the platform only of an account."""
    rows = con.execute("SELECT channel, signs FROM erasures WHERE signs <> '[]'").fetchall()
    return {_on(one, row[0].partition(" ")[0]) for row in rows for one in json.loads(row[1])}


def _on(one: str, platform: str) -> tuple[str, str]:
    return one, platform if one[:1] == _Kind.ACCOUNT else ""


def _test(known: set[tuple[str, str]]) -> Callable[[str | None, str | None, str | None, str | None], bool]:
    def is_erased(platform: str | None, account: str | None, phone: str | None, email: str | None) -> bool:
        found = signs((account or "",), (phone or "", email or ""))
        return any(_on(one, platform or "") in known for one in found)

    return is_erased
