"""Reviews out of pasted text: blocks parted by empty lines, or columns copied from a sheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shopdesk.core import clock, dates
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_
from shopdesk.reviews.drafts import Draft

_FILLED = "★⭐🌟"
_STARS = re.compile(
    rf"(?P<drawn>[{_FILLED}]\ufe0f?(?:\s?[{_FILLED}]\ufe0f?){{0,4}})[☆\s]*"
    r"|(?<![\d.])(?P<number>[1-5])(?:\.0)?\s*(?:/\s*5|星(?:好评|差评)?|颗星|分(?!钟)|stars?\b|out of 5)"
    r"|(?P<word>好评|中评|差评|(?<!\w)(?:positive|neutral|negative)(?!\w))",
    re.IGNORECASE,
)
_WORDS = {"好评": 5, "中评": 3, "差评": 1, "positive": 5, "neutral": 3, "negative": 1}
_WHEN = re.compile(
    r"(?<!\d)(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}日|\d{1,2}-\d{1,2}(?= \d{1,2}:))"
    r"(?:[T ]+(\d{1,2}:\d{2})(?::\d{2})?)?(?!\d)"
)
_BUYER = re.compile(r"^\s*(?:buyer|customer|买家|客户|用户|昵称)\s*[:：]\s*(.+)$", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:item|product|商品|宝贝|颜色分类|规格)\s*[:：]\s*(.+)$", re.IGNORECASE)
_EDGES = " \t·|,，、—–-"
_PARTS = tuple("·|,，、—–-:：.")
_MOST = 2000
_MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood: the reviews, and the pieces without stars (their first words)."""

    drafts: tuple[Draft, ...]
    refused: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    stars: int | None = None
    written_at: str = ""
    buyer: str = ""
    item: str = ""
    body: list[str] = field(default_factory=list)


def read(text: str, *, stars: int | None = None) -> Pasted:
    """Take pasted text apart. `stars` is what reviews get that name none; None refuses them.

    Raises ShopError for more than 2,000 reviews at once.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ShopError(N_("The text is too long for one paste."), fix=N_("Import them as a file."), field="text")
    found = _columns(text) if _is_table(text) else [_block(block) for block in _blocks(text)]
    if len(found) > _MOST:
        raise ShopError(
            N_("{n} reviews are too many for one paste."), fix=N_("Import them as a file."), field="text", n=len(found)
        )
    drafts, refused = [], []
    for one in found:
        given = one.stars or stars
        body = "\n".join(one.body).strip("\n")
        if given is None:
            refused.append((body or one.buyer)[:60])
        else:
            drafts.append(Draft(given, body, one.buyer, one.item, one.written_at))
    return Pasted(tuple(drafts), tuple(refused))


def _blocks(text: str) -> list[list[str]]:
    parts = re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [lines for part in parts if (lines := [line for line in part.split("\n") if line.strip()])]


def _block(lines: Sequence[str]) -> _Found:
    found = _Found()
    for at, line in enumerate(lines):
        more_to_come = any(not _is_head(later) for later in lines[at + 1 :])
        _take_line(found, line, more_to_come=more_to_come)
    return found


def _is_head(line: str) -> bool:
    """Whether a line holds nothing but stars, a time, a buyer or an item."""
    if _BUYER.match(line) or _ITEM.match(line):
        return True
    return not _WHEN.sub("", _STARS.sub("", line)).strip(_EDGES)


def _take_line(found: _Found, line: str, *, more_to_come: bool) -> None:
    if not found.body and (named := _BUYER.match(line)):
        found.buyer = named[1].strip()
        return
    if not found.body and (named := _ITEM.match(line)):
        found.item = named[1].strip()
        return
    rest = line
    if found.stars is None and (stars := _STARS.search(line)) and _at_an_end(stars, line):
        found.stars = _count(stars)
        rest = rest.replace(stars[0], " ", 1)
    if not found.written_at and (when := _WHEN.search(rest)) and (at := _moment(when)):
        found.written_at = at
        rest = rest.replace(when[0], " ", 1)
    words = rest if rest == line else rest.strip(_EDGES)
    if rest != line and more_to_come and not found.buyer and not found.body:
        found.buyer = words
    elif words.strip():
        found.body.append(words)


def _at_an_end(stars: re.Match[str], line: str) -> bool:
    """Drawn stars may stand beside a name; "5 stars" or 好评 in the middle of a sentence are words of it."""
    before, after = line[: stars.start()].strip(_EDGES), _WHEN.sub("", line[stars.end() :])
    if stars["drawn"]:
        return not before or not after.strip(_EDGES) or len(before) <= 24
    if not after.strip(_EDGES):
        return len(before) <= 24
    return not before and stars["number"] is not None and (not stars[0][-1].isalpha() or after.lstrip()[:1] in _PARTS)


def _count(stars: re.Match[str]) -> int:
    if stars["drawn"]:
        return sum(c in _FILLED for c in stars["drawn"])
    return int(stars["number"]) if stars["number"] else _WORDS[stars["word"].lower()]


def _moment(when: re.Match[str]) -> str:
    try:
        day = dates.typed_day(when[1])
        time = dates.typed_time(when[2]) if when[2] else ""
    except ShopError:
        return ""
    moment = f"{day} {time or '12:00'}:00"
    return min(moment, clock.text())


def _is_table(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and "\t" in lines[0]


def _cells(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter="\t"))
    except csv.Error:
        return [line.split("\t") for line in text.splitlines()]


@dataclass(frozen=True, slots=True)
class _Places:
    """Which column of a pasted table holds what."""

    stars: int | None
    when: int | None
    body: int | None
    buyer: int | None
    item: int | None


def _columns(text: str) -> list[_Found]:
    rows = [row for row in _cells(text) if any(cell.strip() for cell in row)]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    places = _places(rows, width)
    if places.stars is not None and _cell_stars(rows[0][places.stars]) is None:
        rows = rows[1:]
    return [_row(row, places) for row in rows]


def _places(rows: Sequence[Sequence[str]], width: int) -> _Places:
    """Stars and times by what they look like, the longest column is the text, then come buyer and item."""
    rest = list(range(width))
    stars = next((at for at in rest if sum(_cell_stars(row[at]) is not None for row in rows) * 2 > len(rows)), None)
    rest = [at for at in rest if at != stars]
    when = next((at for at in rest if sum(_is_when(row[at]) for row in rows) * 2 > len(rows)), None)
    rest = [at for at in rest if at != when]
    body = max(rest, key=lambda at: sum(len(row[at]) for row in rows), default=None)
    others = [at for at in rest if at != body]
    return _Places(stars, when, body, *([*others[:2], None, None])[:2])


def _row(row: Sequence[str], places: _Places) -> _Found:
    def cell(at: int | None) -> str:
        return row[at] if at is not None else ""

    when = _WHEN.fullmatch(cell(places.when).strip())
    return _Found(
        stars=_cell_stars(cell(places.stars)),
        written_at=_moment(when) if when else "",
        buyer=cell(places.buyer).strip(),
        item=cell(places.item).strip(),
        body=[cell(places.body)],
    )


def _is_when(cell: str) -> bool:
    return _WHEN.fullmatch(cell.strip()) is not None


def _cell_stars(cell: str) -> int | None:
    bare = cell.strip()
    if re.fullmatch(r"[1-5](?:\.0)?", bare):
        return int(bare[0])
    found = _STARS.fullmatch(bare)
    return _count(found) if found else None
