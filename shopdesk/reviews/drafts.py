"""Reviews that are typed or pasted by hand, before they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A review typed or pasted by hand, before it is kept. `written_at` is "" when nothing names it."""

    stars: int
    body: str
    buyer: str = ""
    item: str = ""
    written_at: str = ""
    title: str = ""

    def key(self, number: int = 1) -> str:
        """What the review is known by: equal texts have equal keys, `number` tells repeated ones apart."""
        parts = (str(self.stars), self.buyer, self.item, self.title, self.body, str(number))
        return f"hand:{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:24]}"


def keyed(drafts: Iterable[Draft]) -> dict[str, Draft]:
    """Drafts under their keys; equal ones are numbered."""
    keyed: dict[str, Draft] = {}
    for one in drafts:
        number = 1
        while one.key(number) in keyed:
            number += 1
        keyed[one.key(number)] = one
    return keyed
