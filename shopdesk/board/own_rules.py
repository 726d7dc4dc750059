"""The owner's own rules: TOML files of `own/rules`, in the form of those in resources/rules, checked word by word."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shopdesk.board import rules
from shopdesk.board.rules import MOST_MINUTES, SECTIONS, Rule
from shopdesk.core import own, own_sql
from shopdesk.core.own import Found, Left, Unusable
from shopdesk.core.words import N_

_LONGEST = 300
_TEXTS = ("label", "title", "why", "evidence")


def every() -> tuple[Rule, ...]:
    """The rules that come with the program, then the owner's own."""
    return (*rules.bundled(), *found().made)


def found() -> Found[Rule]:
    """The owner's own rules, and the files that cannot be used."""
    read = own.found("rules", _rule)
    names = {rule.name for rule in rules.bundled()}
    made, left = [], list(read.left)
    for rule in read.made:
        if rule.name in names:
            left.append(Left(rule.file, Unusable(N_("there is a rule “{name}” already."), name=rule.name)))
        else:
            names.add(rule.name)
            made.append(rule)
    return Found(tuple(made), tuple(left))


def _rule(file: str, text: str) -> Rule:
    data = own.toml(text)
    unknown = sorted(set(data) - set(_CHECKS))
    if unknown:
        raise own.wrong(text, unknown[0])
    for key, fits in _CHECKS.items():
        if not fits(data.get(key)):
            raise own.wrong(text, key)
    for key in ("open", "done"):
        try:
            own_sql.look(data[key])
        except Unusable as reason:
            reason.line = own.line_of(text, key)
            raise
    return replace(rules.from_data(data), file=file, at=(own.line_of(text, "open"), own.line_of(text, "done")))


def _optional(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def _one_of(part: Callable[[Rule], str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in {part(rule) for rule in rules.bundled()} | {""}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _is_said(value: Any) -> bool:
    both = isinstance(value, Mapping) and set(value) == {"one", "other"}
    return _is_text(value) or (both and all(map(_is_text, value.values())))


def _are_words(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"en", "zh"} and all(map(_is_said, value.values()))


def _is_number(value: Any, least: float, most: float) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value) and least <= value <= most


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "name": lambda value: isinstance(value, str) and re.fullmatch("[a-z0-9_]{1,40}", value) is not None,
    "section": lambda value: value in SECTIONS,
    "together": _optional(_is_switch),
    "icon": lambda value: bool(value) and _one_of(lambda rule: rule.icon)(value),
    "opens": _optional(_one_of(lambda rule: rule.opens)),
    "do": _optional(_one_of(lambda rule: rule.act)),
    "leaves": _optional(_is_switch),
    "shown": _optional(lambda value: isinstance(value, int) and _is_number(value, 1, 50)),
    "minutes": lambda value: _is_number(value, 0, MOST_MINUTES),
    "each": _optional(_is_switch),
    "at_most": _optional(lambda value: isinstance(value, int) and _is_number(value, 1, MOST_MINUTES)),
    **dict.fromkeys(_TEXTS, _are_words),
    "open": lambda value: isinstance(value, str),
    "done": lambda value: isinstance(value, str),
}
