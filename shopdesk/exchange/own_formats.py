"""The owner's own layouts: TOML files of `own/formats`, in the form of those in resources/formats, checked in full.

Anything may stand in such a file, so each value is looked at before a reader relies on it. What only the
program's own files need (tables of ShopDesk, splits, coded variants) cannot be said in one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from shopdesk.core import own
from shopdesk.core.channels import PLATFORMS
from shopdesk.core.own import Found, Left, Unusable
from shopdesk.core.words import N_
from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.formats import RULES, Format, FormatSet, from_dict, shipped_dicts

_LONGEST = 200
_MOST = 200
_ANSWERS = ("filled", "blank", "always")


def load_formats(saved: Iterable[Mapping[str, Any]] = ()) -> FormatSet:
    """All layouts: the program's, those of the owner's folder, and those that the mapping screen saved."""
    return FormatSet([*map(from_dict, shipped_dicts()), *found().made, *map(from_dict, saved)])


def found() -> Found[Format]:
    """The layouts of the owner's folder, and the files that cannot be used."""
    read = own.found("formats", _format)
    known = {one["id"] for one in shipped_dicts()}
    made, left = [], list(read.left)
    for file, one in read.made:
        if one.id in known:
            left.append(Left(file, Unusable(N_("there is a layout “{name}” already."), name=one.id)))
        else:
            known.add(one.id)
            made.append(one)
    return Found(tuple(made), tuple(left))


def _format(file: str, text: str) -> tuple[str, Format]:
    data = own.toml(text)
    unknown = sorted(set(data) - set(_CHECKS))
    if unknown:
        raise own.wrong(text, unknown[0])
    for key, fits in _CHECKS.items():
        if not fits(data.get(key)) and (key in data or key in _NEEDED):
            raise own.wrong(text, key)
    if (data["kind"], data["rows"]) not in _of_all("kind", "rows"):
        raise own.wrong(text, "rows")
    return file, from_dict(data)


@cache
def _of_all(*keys: str) -> frozenset[tuple[Any, ...]]:
    """What stands under these keys in the program's own layouts."""
    kept = (one for one in shipped_dicts() if one["kind"] not in ("own", "bought"))
    return frozenset(tuple(one.get(key) for key in keys) for one in kept)


@cache
def _meanings() -> frozenset[str]:
    rules = [rule for one in shipped_dicts() for role in RULES for rule in one.get(role, ())]
    worded = {value for rule in rules for part in ("words", "contains") for value in rule.get(part, {}).values()}
    return frozenset(worded | {rule[part] for rule in rules for part in _ANSWERS if part in rule})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= _MOST and all(map(_is_text, value))


def _is_table(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and 0 < len(value) <= _MOST and all(map(fits, value.values()))


def _is_pair(value: Any) -> bool:
    return _are_texts(value) and len(value) == 2


_PARTS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("join", "plus", "minus", "any"), _are_texts),
    **dict.fromkeys(("first_word", "mark", "needs"), _is_text),
    "pairs": lambda value: isinstance(value, list) and 0 < len(value) <= _MOST and all(map(_is_pair, value)),
    "carry": lambda value: isinstance(value, bool),
}


def _is_column(value: Any) -> bool:
    if isinstance(value, dict):
        combined = set(value) & {"join", "plus", "any", "first_word", "pairs"}
        return len(combined) == 1 and all(key in _PARTS and _PARTS[key](part) for key, part in value.items())
    return _is_text(value) or _are_texts(value)


def _are_columns(value: Any) -> bool:
    if not _is_table(value, lambda fields: _is_table(fields, _is_column)):
        return False
    return all(f"{table}.{name}" in FIELDS for table, fields in value.items() for name in fields)


def _is_rule(value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= {"column", "words", "contains", *_ANSWERS}:
        return False
    words = all(_is_table(value[part], _is_meaning) for part in ("words", "contains") if part in value)
    answers = all(_is_meaning(value[part]) for part in _ANSWERS if part in value)
    return words and answers and (_is_text(value["column"]) if "column" in value else set(value) == {"always"})


def _is_meaning(value: Any) -> bool:
    return isinstance(value, str) and value in _meanings()


def _are_rules(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= _MOST and all(map(_is_rule, value))


_NEEDED = ("id", "platform", "kind", "title", "rows", "match", "columns")
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "id": lambda value: isinstance(value, str) and re.fullmatch("(?!own-|shopdesk-)[a-z0-9-]{1,40}", value) is not None,
    "platform": lambda value: isinstance(value, str) and value in PLATFORMS,
    "kind": lambda value: isinstance(value, str) and (value,) in _of_all("kind"),
    "title": lambda value: _is_table(value, _is_text) and set(value) == {"en", "zh"},
    "rows": lambda value: isinstance(value, str) and (value,) in _of_all("rows"),
    "match": lambda value: isinstance(value, list) and 0 < len(value) <= _MOST and all(map(_are_texts, value)),
    "columns": _are_columns,
    **dict.fromkeys(("without", "charges", "discounts"), _are_texts),
    "sums": lambda value: _are_texts(value) and set(value) <= set(FIELDS),
    "currency": lambda value: isinstance(value, str) and re.fullmatch("[A-Z]{3}|", value) is not None,
    "dates": lambda value: value in ("mdy", "dmy"),
    "skip": lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 40,
    "status_from": lambda value: isinstance(value, str) and (value,) in _of_all("status_from"),
    **dict.fromkeys(
        ("zoned", "entities", "apostrophe", "continues", "paid_is_net"), lambda value: isinstance(value, bool)
    ),
    **dict.fromkeys(RULES, _are_rules),
}
