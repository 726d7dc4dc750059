"""Words of a person found in texts, and something else put in their place.

What belongs to somebody else as well is no word of this person; a longer word of somebody else (王小明 beside 王小)
is left as it is where it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from shopdesk.core.sqlite import Connection

_LEAST_DIGITS = 6
_LEAST_LETTERS = 3
_LEAST_IN_OTHERS = 5
_LEAST_UNMISTAKABLE = 6
_LEAST_NUMBER = 8
_CUT = "…"
_LEAST_OF_CUT = 6


def lowered(text: str) -> str:
    """A text with every letter in lower case, umlauts and Cyrillic among them; in SQL after teach()."""
    return text.lower()


def teach(con: Connection) -> None:
    """Make lowered() known to a connection: SQLite's lower() knows the letters of ASCII only."""
    con.create_function("lowered", 1, lambda text: None if text is None else lowered(str(text)), deterministic=True)


def is_telling(word: str) -> bool:
    """Whether a word says who somebody is: not what a platform has masked, nor two letters or a few digits."""
    if "*" in word or not any(c.isalnum() for c in word):
        return False
    if word.isascii():
        return len(word) >= (_LEAST_LETTERS if any(c.isalpha() for c in word) else _LEAST_DIGITS)
    return len(word) >= 2


def is_read_elsewhere(word: str) -> bool:
    """Whether a word means the person in what somebody writes about others: "Red" and "Tea" are words of all."""
    return len(word) >= _LEAST_IN_OTHERS or not (word.isascii() and word.isalpha())


def is_unmistakable(word: str) -> bool:
    """Whether a word is the person among choices and values too, where every single word is one: a whole name."""
    if not word.isascii():
        return len(word) >= _LEAST_LETTERS
    return len(word) >= (_LEAST_NUMBER if word.isdigit() else _LEAST_UNMISTAKABLE) and not word.isalpha()


def spellings(words: Iterable[str]) -> set[str]:
    """Words as they are kept and as they are written elsewhere: a telephone number bare and with its country."""
    found = {word.strip() for word in words}
    for word in list(found):
        bare = re.sub(r"[\s().+-]", "", word)
        if bare.isdigit() and len(bare) > _LEAST_DIGITS:
            bare = bare.removeprefix("86") if len(bare) == 13 else bare
            found |= {bare, f"86{bare}"}
    return {word for word in found if is_telling(word)}


class Blotter:
    """Replaces `words` by `mark` wherever they stand; `others` are longer words that stay whole."""

    def __init__(self, words: Iterable[str], mark: str, others: Iterable[str] = ()) -> None:
        self.words = sorted({word for word in words if word}, key=len, reverse=True)
        self.mark = mark
        self.others = frozenset(other for other in others if other)
        kept = sorted(self.others, key=len, reverse=True)
        wanted = "|".join(map(_whole, self.words)) or r"(?!)"
        stays = "|".join(map(_whole, kept)) or r"(?!)"
        self._form = re.compile(f"(?P<stays>{stays})|(?P<word>{wanted})", re.IGNORECASE)

    def hits(self, text: str) -> bool:
        """Whether a word stands in a text."""
        return any(True for _ in self.found(text))

    def found(self, text: str) -> Iterator[str]:
        """The words that stand in a text, as they are written there."""
        return (one["word"] for one in self._form.finditer(text) if one["word"] is not None)

    def text(self, text: str) -> str:
        """A text without the words; one that was cut off within a word loses that beginning."""
        if text.endswith(_CUT) and len(text) > _LEAST_OF_CUT and any(self._begins(word, text) for word in self.words):
            return self.mark
        return self._form.sub(lambda found: found[0] if found["word"] is None else self.mark, text)

    def _begins(self, word: str, text: str) -> bool:
        return " ".join(word.split()).casefold().startswith(text.removesuffix(_CUT).casefold())

    def value(self, value: Any) -> Any:
        """Any value out of JSON without the words; keys are no person's: headings, names of fields."""
        if isinstance(value, str):
            return self.stored(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        return value

    def stored(self, text: str) -> str:
        """The text of a column without the words: JSON stays JSON."""
        if text[:1] in ("[", "{", '"'):
            try:
                found = json.loads(text)
            except (ValueError, RecursionError):
                return self.text(text)
            clean = self.value(found)
            return text if clean == found else json.dumps(clean, ensure_ascii=False)
        return self.text(text)


def _whole(word: str) -> str:
    """The word as a pattern: letters and digits are no part of a longer run of them."""
    before = r"(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return before + r"\s+".join(map(re.escape, word.split())) + after
