"""Words and numbers made unreadable without losing their shape, so that what went wrong can be seen without whom.

Within one report the same word becomes the same other word: relations between records stay visible. The secret
behind it is made anew for each report and kept nowhere, so nothing can be turned back, nor two reports compared.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import date, timedelta
from random import Random

_TIME = r"[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"
_PART = re.compile(rf"(?<!\d)(?P<day>(?:19|20)\d\d-\d\d-\d\d)(?P<time>{_TIME})?(?!\d)|[^\W_]+")
_CHINESE = range(0x4E00, 0x9FA6)
_WEEKS = (60, 500)
"""How far dates are moved back, in weeks; the day of the week and the distances between dates stay."""


class Scramble:
    """The changes of one report."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self._back = timedelta(weeks=self._random("dates").randint(*_WEEKS))

    def text(self, text: str) -> str:
        """Each letter another letter of its kind, each digit another digit, each date moved; signs and spaces stay."""
        return _PART.sub(self._part, text)

    def number(self, number: int) -> int:
        """A number of as many digits and the same sign; those below ten stay, they say nothing of anybody."""
        size = abs(number)
        if size < 10:
            return number
        low = 10 ** (len(str(size)) - 1)
        other = self._random(f"number {size}").randrange(low, 10 * low)
        return other if number > 0 else -other

    def _part(self, found: re.Match[str]) -> str:
        if found["day"]:
            try:
                return f"{date.fromisoformat(found['day']) - self._back}{found['time'] or ''}"
            except (ValueError, OverflowError):
                return self._word(found[0])
        return self._word(found[0])

    def _word(self, word: str) -> str:
        random = self._random(word)
        return "".join(_other(char, random) if char.isalnum() else char for char in word)

    def _random(self, word: str) -> Random:
        return Random(hmac.digest(self._secret, word.encode("utf-8", "surrogatepass"), hashlib.sha256))


def _other(char: str, random: Random) -> str:
    """Another character of the same kind."""
    if char.isdigit():
        return str(random.randrange(10)) if char.isascii() else chr(random.choice(range(0xFF10, 0xFF1A)))
    if ord(char) in _CHINESE:
        return chr(random.choice(_CHINESE))
    if char.isupper():
        return chr(random.randrange(ord("A"), ord("Z") + 1))
    return chr(random.randrange(ord("a"), ord("z") + 1))
