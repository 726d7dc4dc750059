"""Search words: Chinese by one or two characters, pinyin and initials, any part of a number.

The index is a contentless FTS5 table per kind of record. Its tokens are made here and passed in:
a Chinese character is a token; a run of Latin letters and digits gives its overlapping triples and the two
shorter pieces at its end ("75521": 755 552 521 21 1), so that three or more characters are asked as a phrase
of triples and one or two as a prefix. Triples instead of pairs keep the list of records per token ten times
shorter, which is what a long number that does not exist costs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from shopdesk.core import readings
from shopdesk.core.sqlite import Connection

_RUN = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")
_PARTS = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
_WHOLE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_BETWEEN = "¦"
_FIRST_EMOJI = "\U0001f000"
_MOST_READINGS = 8
_LONGEST_NAME = 4
_MOST_TEXT = 100_000
_MOST_NAMES = 2_000
_MOST_ASKED = 200


Tokens = Callable[[Sequence[tuple[str, str]]], Sequence[str]]
"""Makes the tokens of many records: (text, names) of each."""


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    if any(map(unicodedata.combining, folded)):
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    return folded.translate(_WHOLE_LETTERS)


def _runs(text: str) -> list[str]:
    plain = _plain(text)
    found: list[str] = _RUN.findall(plain)
    return found if plain.isascii() else [run for run in found if run.isalnum() or run >= _FIRST_EMOJI]


def _pieces(run: str) -> list[str]:
    return [run[at : at + 3] for at in range(len(run))] if run.isascii() else [run]


def tokens(text: str, names: str = "") -> str:
    """The tokens of a record for its index: of `text` as written, of `names` also as pinyin.

    Of a text or a name that is longer than any record has, only the beginning can be found.
    """
    found = _text_tokens(text[:_MOST_TEXT])
    if not names:
        return found
    return f"{found} {_BETWEEN} {_name_tokens(names[:_MOST_NAMES])}"


def all_tokens(records: Sequence[tuple[str, str]]) -> list[str]:
    """The tokens of many records, made here and now."""
    return [tokens(text, names) for text, names in records]


def _text_tokens(text: str) -> str:
    return " ".join(map(_word_tokens, text.split()))


@lru_cache(maxsize=65536)
def _word_tokens(word: str) -> str:
    if word.isascii() and word.isalnum():
        return " ".join(_pieces(word.lower()))
    return " ".join([piece for run in _runs(word) for piece in _pieces(run)])


@lru_cache(maxsize=16384)
def _name_tokens(names: str) -> str:
    written = _text_tokens(names)
    if names.isascii():
        return written
    spoken = f" {_BETWEEN} ".join([" ".join(_pieces(sound)) for word in names.split() for sound in _sounds(word)])
    return f"{written} {_BETWEEN} {spoken}" if spoken else written


@lru_cache(maxsize=16384)
def _sounds(word: str) -> list[str]:
    """The pinyin and the initials of a word with Chinese characters.

    A name has all its common readings, at most eight; a longer word is no name and has the usual one.
    """
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in word)
    if not chinese:
        return []
    parts = _PARTS.findall(_plain(word))
    found = [sounds for part in parts for sounds in _readings(part, all_common=chinese <= _LONGEST_NAME)]
    spoken = [""]
    initials = [""]
    for sounds in found:
        usual = [s for s in dict.fromkeys(sounds) if s.isascii() and s.isalnum()][:3]
        if usual:  # what is not Chinese comes back as it is
            spoken = [done + s for done in spoken for s in usual][:_MOST_READINGS]
            first = list(dict.fromkeys(s[0] for s in usual))
            initials = [done + s for done in initials for s in first][:_MOST_READINGS]
    return [s for s in dict.fromkeys(initials + spoken) if s]


@lru_cache(maxsize=65536)
def _readings(part: str, *, all_common: bool) -> list[list[str]]:
    """The readings of each character; Latin letters and digits are their own."""
    if part.isascii():
        return [[part]]
    return readings.readings(part, all_common=all_common)


def match_expression(text: str) -> str:
    """The FTS5 question for what was typed: every word, in any order; "" when nothing can be asked.

    Of more than anybody types (a page pasted by mistake) only the beginning is asked; the rest would take minutes.
    """
    words = [_ask(list(group)) for typed in text[:_MOST_ASKED].split() for group in _groups(typed)]
    return " AND ".join(words)


def _groups(typed: str) -> Iterator[list[str]]:
    chinese: list[str] = []
    for run in _runs(typed):
        if run.isascii():
            if chinese:
                yield chinese
                chinese = []
            yield [run]
        else:
            chinese.append(run)
    if chinese:
        yield chinese


def _ask(runs: list[str]) -> str:
    run = runs[0]
    if not run.isascii():
        return '"' + " ".join(runs) + '"'
    if len(run) < 3:
        return f'"{run}" *'
    return '"' + " ".join(run[at : at + 3] for at in range(len(run) - 2)) + '"'


def find(con: Connection, kind: str, text: str, limit: int = 200, *, before: int | None = None) -> list[int]:
    """The ids of the newest records of `kind` that match all words of `text`, newest first."""
    asked = match_expression(text)
    if not asked:
        return []
    older = "" if before is None else " AND rowid < ?"
    rows = con.execute(
        f"SELECT rowid FROM search_{kind} WHERE search_{kind} MATCH ?{older} ORDER BY rowid DESC LIMIT ?",
        (asked, *(() if before is None else (before,)), limit),
    )
    return [row[0] for row in rows]


def index(con: Connection, kind: str, documents: Iterable[tuple[int, str]]) -> None:
    """Write (id, tokens) of records of `kind`; their old entries must be gone already."""
    con.executemany(f"INSERT INTO search_{kind} (rowid, words) VALUES (?, ?)", documents)
