"""Two pasted columns, order number and tracking number: what they say and what will be done with them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shopdesk.core.words import N_
from shopdesk.orders.model import Named

_EXCEL = re.compile(r'^="(.*)"$')
_SPLIT = re.compile(r"[\t,，;；|]")


@dataclass(frozen=True, slots=True)
class Pasted:
    """One pasted row: the line of the text it stands on (from 1), the order number, the tracking number."""

    row: int
    number: str
    tracking: str


class Verdict(Named):
    """What pasting will do with a row."""

    READY = ("ready", N_("will be shipped"), "good")
    ADDED = ("added", N_("shipped already, gets the number"), "good")
    SAME = ("same", N_("has this number already"), "text_2")
    OTHER_NUMBER = ("other_number", N_("shipped with another number"), "warn")
    NOT_PAID = ("not_paid", N_("is not paid"), "warn")
    CLOSED = ("closed", N_("is closed"), "warn")
    NO_TRACKING = ("no_tracking", N_("has no tracking number beside it"), "bad")
    TWICE = ("twice", N_("stands in the list twice"), "bad")
    MANY = ("many", N_("is the number of several orders"), "bad")
    UNKNOWN = ("unknown", N_("no such order"), "bad")


WRITTEN = frozenset({Verdict.READY, Verdict.ADDED})


@dataclass(frozen=True, slots=True)
class Match:
    """A pasted row, the order it means (None when none does) and what will be done."""

    row: Pasted
    order_id: int | None
    verdict: Verdict


def pasted_rows(text: str) -> list[Pasted]:
    """The rows of two pasted columns, order number and tracking number.

    Columns part at a tab, comma, semicolon or bar, else at the last blank. Excel's guards (="…", '…) and
    full-width signs go; rows without any digit (headings, blank lines) are left out.
    """
    found = []
    for row, line in enumerate(text.splitlines(), 1):
        number, tracking = _two(unicodedata.normalize("NFKC", line))
        if any(c.isdigit() for c in number + tracking):
            found.append(Pasted(row, number, tracking))
    return found


def _two(line: str) -> tuple[str, str]:
    parts = [part for part in (_bare(part) for part in _SPLIT.split(line)) if part]
    if len(parts) == 1 and not _SPLIT.search(line.strip()):
        number, _, tracking = parts[0].rpartition(" ")
        parts = [number.strip(), tracking] if number else parts
    if not parts:
        return "", ""
    return parts[0], parts[1] if len(parts) > 1 else ""


def _bare(cell: str) -> str:
    bare = cell.strip().strip("'").strip()
    guarded = _EXCEL.match(bare)
    bare = guarded[1] if guarded else bare.strip('"').strip()
    return bare[3:].strip() if bare.lower().startswith("no:") else bare
