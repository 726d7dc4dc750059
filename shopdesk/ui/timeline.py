"""The moments of a record: every feature's timeline view of that kind, joined, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopdesk.core import money
from shopdesk.core.words import tr

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection

_MOST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened; `page` and `target` say where it can be seen."""

    at: str
    icon: str
    text: str
    detail: str
    page: str
    target: int | None
    feature: str


def views(connection: Connection, kind: str) -> list[tuple[str, str]]:
    """The timeline views of a kind: (feature, view)."""
    start = f"v_timeline_{kind}_"
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND substr(name, 1, ?) = ? ORDER BY name",
        (len(start), start),
    )
    return [(row[0][len(start) :], row[0]) for row in rows]


def moments(connection: Connection, kind: str, record_id: int) -> list[Moment]:
    """What happened to a record, newest first, at most 200 of each feature."""
    found = [
        _moment(row, feature)
        for feature, view in views(connection, kind)
        for row in connection.execute(
            f"SELECT at, icon, words, args, detail, page, target FROM {view}"
            " WHERE record_id = ? ORDER BY at DESC LIMIT ?",
            (record_id, _MOST),
        )
        if row[2]
    ]
    found.sort(key=lambda moment: moment.at, reverse=True)
    return found[:_MOST]


def _said(value: object) -> object:
    """An argument of the words: {"minor": 1200, "currency": "CNY"} is an amount, {"text": ...} a word of ours."""
    if isinstance(value, dict):
        if "minor" in value:
            return money.show(int(value["minor"]), str(value.get("currency") or "CNY"))
        return tr(str(value.get("text", "")))
    return value


def _moment(row: tuple[str, str, str, str, str | None, str | None, int | None], feature: str) -> Moment:
    at, icon, words, args, detail, page, target = row
    values = {name: _said(value) for name, value in json.loads(args or "{}").items()}
    return Moment(at or "", icon, tr(words, **values), detail or "", page or "", target, feature)
