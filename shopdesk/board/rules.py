"""The rules of the day board, read from resources/rules/*.toml.

A rule asks the views two things: what is open, and what of it was done today. Both are SELECTs with the
parameters :now, :today, :tomorrow, :cutoff and :day_end (business times of the day) and every number of the
settings by its key. Their columns:

record   the id of what a line is about (NULL for none); required
due      until when, a business time, may be NULL
stake    what is at stake, a number; the larger, the earlier
section  another section than the rule's own, for this row
any other column can be named in the rule's words: {number:tail}, {paid:money}, {waited:span}

Words may have several parts with " · " between them; a part that names a column which is NULL is left out.

`together` makes one line of all open rows; its words take the first row's columns and {n}, the count.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shopdesk.core import dates, money
from shopdesk.core.paths import resource
from shopdesk.core.words import language, tr

SECTIONS = ("A", "B", "C", "D")
SHOWN = 5
MOST_MINUTES = 1440
_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a rule in one language; `one` is for a single row."""

    one: str
    other: str


Texts = Mapping[str, Text]
"""By language: "en" and "zh"."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `minutes` is for each row when `each`, else for the line; `opens` names the records' page.

    However many rows there are, nobody gives a joint line more than `at_most` minutes of a day.

    `file` is the owner's own file that it comes from, "" for a rule of the program; `at` are the lines of that
    file where its questions stand.

    `leaves` marks the rules whose rows are orders that must leave the house today; at most `shown` lines
    of a rule that makes one line per row are on the list, the others fold up.
    """

    name: str
    section: str
    together: bool
    icon: str
    opens: str
    act: str
    leaves: bool
    shown: int
    minutes: float
    each: bool
    at_most: int
    label: Texts
    title: Texts
    why: Texts
    evidence: Texts
    open: str
    done: str
    file: str = ""
    at: tuple[int, int] = (0, 0)


class BadRule(ValueError):
    """A rule file that lacks something; the text names the file and the word."""


@cache
def bundled() -> tuple[Rule, ...]:
    """The rules that come with the program, in the order of their files' names."""
    return load(resource("rules"))


def load(folder: Path) -> tuple[Rule, ...]:
    """Every rule of a folder. Raises BadRule."""
    return tuple(read(file) for file in sorted(folder.glob("*.toml")))


def read(file: Path) -> Rule:
    """One rule. Raises BadRule."""
    try:
        return from_data(tomllib.loads(file.read_text("utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise BadRule(f"{file.name}: {error}") from error


def from_data(data: Mapping[str, Any]) -> Rule:
    """A rule of what its file says. Raises KeyError, TypeError or ValueError for what it lacks."""
    if data["section"] not in SECTIONS:
        raise ValueError(f"section {data['section']}")
    texts: dict[str, Any] = {name: _texts(data[name]) for name in ("label", "title", "why", "evidence")}
    return Rule(
        name=data["name"],
        section=data["section"],
        together=bool(data.get("together", False)),
        icon=data["icon"],
        opens=data.get("opens", ""),
        act=data.get("do", ""),
        leaves=bool(data.get("leaves", False)),
        shown=int(data.get("shown", SHOWN)),
        minutes=float(data["minutes"]),
        each=bool(data.get("each", True)),
        at_most=int(data.get("at_most", MOST_MINUTES)),
        open=data["open"],
        done=data["done"],
        **texts,
    )


def _texts(data: Mapping[str, Any]) -> Texts:
    both = {}
    for name in ("en", "zh"):
        said = data[name]
        both[name] = Text(said, said) if isinstance(said, str) else Text(said["one"], said["other"])
    return both


def say(texts: Texts, row: Mapping[str, Any], n: int = 1) -> str:
    """The words in the owner's language, filled with a row; {n} is the count, {more} the count but one."""
    text = texts["zh" if language() == "zh_CN" else "en"]
    parts = (text.one if n == 1 else text.other).split(_BETWEEN)
    values = {**row, "n": n, "more": n - 1}
    told = [part for part in parts if len(parts) == 1 or not _lacks(part, values)]
    return _BETWEEN.join(_WORDS.vformat(part, (), values) for part in told)


def _lacks(part: str, values: Mapping[str, Any]) -> bool:
    """Whether a column that a part names is NULL."""
    named = ((name, form) for _, name, form, _ in _WORDS.parse(part) if name)
    return any(name in values and values[name] is None and form != "ever" for name, form in named)


class _Words(string.Formatter):
    """Fills {column:form}; nothing but columns can be reached."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """A column's value, with the row beside it for forms that need another column."""
        if field_name not in kwargs:
            raise BadRule(f"no column {field_name}")
        return (kwargs[field_name], kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in its form; nothing for NULL."""
        plain, row = value
        if plain is None and format_spec != "ever":
            return ""
        return _FORMS[format_spec](plain, row)


def _plain(value: Any, _row: Mapping[str, Any]) -> str:
    return f"{value:,}".replace("-", "−") if isinstance(value, int) else str(value)


def _number(value: Any, _row: Mapping[str, Any]) -> str:
    return f"{float(value):.1f}".removesuffix(".0")


def _money(value: Any, row: Mapping[str, Any]) -> str:
    return money.show(int(value), str(row.get("currency") or "CNY"))


def _time(value: Any, _row: Mapping[str, Any]) -> str:
    return dates.show_time(str(value), inside=True)


def _ever(value: Any, row: Mapping[str, Any]) -> str:
    return tr("never") if value is None else _time(value, row)


def _tail(value: Any, _row: Mapping[str, Any]) -> str:
    """A long number by its last digits, as the orders page shows it."""
    text = str(value)
    return f"…{text[-4:]}" if len(text) > 8 else text


def _parcel(value: Any, _row: Mapping[str, Any]) -> str:
    text = str(value)
    return f"{text[:6]}…{text[-4:]}" if len(text) > 12 else text


_FORMS = {
    "": _plain,
    "number": _number,
    "money": _money,
    "time": _time,
    "ever": _ever,
    "clock": lambda value, _row: str(value)[11:16],
    "day": lambda value, _row: dates.show_day(str(value)),
    "weekday": lambda value, _row: dates.show_day(str(value), weekday=True),
    "span": lambda value, _row: dates.show_span(int(value)),
    "tail": _tail,
    "parcel": _parcel,
}
_WORDS = _Words()
