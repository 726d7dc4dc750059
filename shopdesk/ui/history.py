"""The history of a record in words: who changed what, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shopdesk.core import clock, dates, money, settings
from shopdesk.core.words import tr
from shopdesk.ui.columns import EMPTY, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopdesk.core.shop import Shop

_MOST = 30
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Change:
    """One step as far as it touched the record."""

    text: str
    when: str
    values: tuple[str, ...]
    step: int
    can_undo: bool


def entries_of(shop: Shop, table: str, record_id: int, words: Mapping[str, tuple[str, Kind]]) -> list[Change]:
    """The last changes of a record, newest first; of their columns those that have words."""
    currency = str(settings.get(shop.reader(), "currency"))
    found = []
    for number, entry in enumerate(shop.history(table, record_id)[:_MOST]):
        values = told(entry.changes, words, currency)
        can_undo = number == 0 and not entry.made and not shop.read_only
        found.append(Change(entry.step.label, _when(entry.step.at), values, entry.step.id, can_undo))
    return found


def told(
    changes: Mapping[str, tuple[object, object]], words: Mapping[str, tuple[str, Kind]], currency: str
) -> tuple[str, ...]:
    """Columns that changed, before and after, in words; those that have none are left out."""
    return tuple(
        f"{_title(words[column][0], currency)}: {_value(before, words[column][1], currency)}"
        f" → {_value(after, words[column][1], currency)}"
        for column, (before, after) in changes.items()
        if column in words
    )


def _title(title: str, currency: str) -> str:
    return tr(title).replace("{symbol}", money.sign_of(currency))


def _value(value: object, kind: Kind, currency: str) -> str:
    if value is None or value == "":
        return EMPTY
    if kind is Kind.MONEY:
        return money.show(int(str(value)), currency, symbol=False)
    if kind is Kind.TIME:
        return dates.show_time(str(value))
    if kind is Kind.DAY:
        return dates.show_day(str(value))
    text = " ".join(_listed(str(value)).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _listed(text: str) -> str:
    """A JSON list of words as these words."""
    if text.startswith("["):
        try:
            return ", ".join(str(word) for word in json.loads(text))
        except ValueError:
            return text
    return text


def _when(stamp: str) -> str:
    """A UTC stamp as the shop's wall clock."""
    at = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return dates.show_time(clock.text(at.astimezone().replace(tzinfo=None)))
