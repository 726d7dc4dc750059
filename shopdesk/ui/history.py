"""The history of a record in words: who changed what, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shopdesk.core import clock, dates
from shopdesk.core.words import tr

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

_MOST = 30
_LONGEST = 40
_SILENT = frozenset({"edited", "updated_at", "rest", "extra"})


@dataclass(frozen=True, slots=True)
class Change:
    """One step as far as it touched the record."""

    text: str
    when: str
    values: tuple[str, ...]
    step: int
    can_undo: bool


def entries_of(shop: Shop, table: str, record_id: int) -> list[Change]:
    """The last changes of a record, newest first."""
    found = []
    for number, entry in enumerate(shop.history(table, record_id)[:_MOST]):
        values = tuple(
            f"{_name(column)}: {_value(before)} → {_value(after)}"
            for column, (before, after) in entry.changes.items()
            if column not in _SILENT
        )
        can_undo = number == 0 and not entry.made and not shop.read_only
        found.append(Change(entry.step.label, _when(entry.step.at), values, entry.step.id, can_undo))
    return found


def _name(column: str) -> str:
    return tr(column.removesuffix("_minor").removesuffix("_id").replace("_", " ").capitalize())


def _value(value: object) -> str:
    if value is None or value == "":
        return "·"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _when(stamp: str) -> str:
    """A UTC stamp as the shop's wall clock."""
    at = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return dates.show_time(clock.text(at.astimezone().replace(tzinfo=None)))
