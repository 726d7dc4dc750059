"""What the importer says about rows and fields, in the owner's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shopdesk.core.words import sentences, tr
from shopdesk.orders.model import ReturnState, Status

STATUS: dict[str, str] = {str(one.value): one.title for one in Status}
RETURN_STATES: dict[str, str] = {str(one.value): one.title for one in ReturnState}


def sentence(text: str, args: Mapping[str, Any], fix: str = "") -> str:
    """A reason and what to do, translated; a value {"text": word} in `args` is translated too."""
    values = {
        name: _word(str(value["text"])) if isinstance(value, dict) and "text" in value else value
        for name, value in args.items()
    }
    said = tr(text, **values)
    return sentences(said, tr(fix, **values)) if fix else said


def _word(word: str) -> str:
    return tr(STATUS.get(word, word))
