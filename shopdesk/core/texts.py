"""What a text may hold that the owner types or a file brings, before it goes into the shop."""

from __future__ import annotations

import re

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_

_LOST = re.compile("[\0\ud800-\udfff]")
"""What no text column can keep and undo: NUL, and half of a character."""


def kept_text(text: str, field: str) -> str:
    """A text exactly as it is. Raises ShopError, of that field, for one with a character that cannot be kept."""
    if _LOST.search(text):
        raise ShopError(N_("The text holds a character that cannot be kept."), field=field)
    return text
