"""Layouts of platform files: one TOML file each, found again by the names in a header row.

A layout says by which names it is known, which columns fill which fields, what status words mean, and what
one row is. Nothing about a platform stands in code. Layouts that the owner saved in the mapping screen are
dicts of the same shape.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from shopdesk.core.paths import resource
from shopdesk.exchange.cleaning import folded_word
from shopdesk.exchange.fields import FIELDS

HEADER_ROWS = 40
"""The header is looked for in this many first rows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One question to a row: by the word in `column`, by its being filled or blank, or always."""

    column: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    contains: Mapping[str, str] = field(default_factory=dict)
    filled: str = ""
    blank: str = ""
    always: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """Rows that are no sale: where every condition holds, the row becomes a `to` (return or move)."""

    to: str
    when: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class VariantCells:
    """A column that holds the variants of a product as numbers, and what the numbers mean.

    `texts` are columns of the file that say so; `names` are words for properties, `values` for `property:value`.
    """

    column: str
    texts: tuple[str, ...]
    names: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Format:
    """One layout. `columns` maps `table.field` to column names or a combination of columns."""

    id: str
    platform: str
    kind: str
    title: Mapping[str, str]
    rows: str
    match: tuple[frozenset[str], ...]
    columns: Mapping[str, Any]
    without: frozenset[str] = frozenset()
    currency: str = ""
    dates: str = "mdy"
    zoned: bool = False
    quoting: bool = True
    exact: bool = False
    entities: bool = False
    apostrophe: bool = False
    skip: int = 0
    continues: bool = False
    sums: tuple[str, ...] = ()
    status: tuple[Rule, ...] = ()
    refund: tuple[Rule, ...] = ()
    line_status: tuple[Rule, ...] = ()
    line_refund: tuple[Rule, ...] = ()
    state: tuple[Rule, ...] = ()
    status_from: str = "first"
    paid_is_net: bool = False
    splits: tuple[Split, ...] = ()
    charges: frozenset[str] = frozenset()
    discounts: frozenset[str] = frozenset()
    wide: bool = False
    code_list: bool = False
    variants: VariantCells | None = None
    choice: str = ""
    refused: bool = False
    own: bool = False


def folded(name: str) -> str:
    """A column name in the one form in which names are compared."""
    text = unicodedata.normalize("NFKC", name).strip(" \t\r\n\ufeff\u200b")
    if text.startswith("="):
        text = text[1:]
    return text.strip("\"' \t").casefold()


def _rules(found: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            column=rule.get("column", ""),
            words={folded_word(word): value for word, value in rule.get("words", {}).items()},
            contains={folded_word(word): value for word, value in rule.get("contains", {}).items()},
            filled=rule.get("filled", ""),
            blank=rule.get("blank", ""),
            always=rule.get("always", ""),
        )
        for rule in found
    )


def _variants(found: Mapping[str, Any] | None) -> VariantCells | None:
    if found is None:
        return None
    return VariantCells(found["column"], tuple(found["texts"]), found["names"], found["values"])


RULES = ("status", "refund", "line_status", "line_refund", "state")
_PLAIN = (
    "id", "platform", "kind", "title", "rows",
    "currency", "dates", "zoned", "quoting", "exact", "entities", "apostrophe", "skip", "continues",
    "status_from", "paid_is_net", "wide", "code_list", "choice", "refused", "own",
)  # fmt: skip


def from_dict(found: Mapping[str, Any]) -> Format:
    """A layout from its TOML or JSON form. Raises ValueError where it names a field that there is not."""
    columns = {
        f"{table}.{name}": spec for table, specs in found.get("columns", {}).items() for name, spec in specs.items()
    }
    unknown = sorted(set(columns) - set(FIELDS))
    if unknown:
        raise ValueError(f"{found['id']}: no such field: {', '.join(unknown)}")
    groups = tuple(frozenset(map(folded, group)) for group in found["match"])
    given: dict[str, Any] = {name: found[name] for name in _PLAIN if name in found}
    given |= {name: _rules(found.get(name, ())) for name in RULES}
    given |= {name: frozenset(found.get(name, ())) for name in ("charges", "discounts")}
    return Format(
        match=groups,
        columns=columns,
        without=frozenset(map(folded, found.get("without", ()))),
        sums=tuple(found.get("sums", ())),
        variants=_variants(found.get("variants")),
        splits=tuple(Split(split["to"], tuple(split["when"])) for split in found.get("split", ())),
        **given,
    )


_SAVED = frozenset({"id", "platform", "kind", "rows", "own", "title", "match", "currency", "dates", "columns", *RULES})
KIND_OF_ROWS = {"order": "orders", "line": "orders+lines", "product": "products", "customer": "customers",
                "review": "reviews", "stock": "stock"}  # fmt: skip
"""The kind of a layout that the owner saved, by what one row is."""


def is_saved_layout(found: Any) -> bool:
    """Whether this has the shape that the mapping screen gives a layout; a saved one may have come in a file."""
    try:
        layout = from_dict(found)
        texts = (layout.id, layout.platform, *layout.title.values(), *layout.columns.values())
        rules = [rule for role in RULES for rule in found.get(role, ())]
        return (
            set(found) <= _SAVED
            and layout.own is True
            and layout.id.startswith("own-")
            and layout.kind == KIND_OF_ROWS.get(layout.rows)
            and layout.dates in {"mdy", "dmy"}
            and re.fullmatch("[A-Z]{3}|", layout.currency) is not None
            and all(layout.match)
            and bool(layout.match)
            and all(isinstance(text, str) for text in texts)
            and all(set(rule) <= {"column", "contains"} for rule in rules)
            and {value for rule in rules for value in rule["contains"].values()} <= _meanings()
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


@cache
def _meanings() -> frozenset[str]:
    """Everything that a word of a shipped layout can mean."""
    rules = (rule for one in shipped_dicts() for role in RULES for rule in one.get(role, ()))
    return frozenset(value for rule in rules for part in ("words", "contains") for value in rule.get(part, {}).values())


@cache
def shipped_dicts() -> tuple[Mapping[str, Any], ...]:
    """The layouts that come with the program, in the order of their ids."""
    files = sorted(resource("formats").glob("*.toml"))
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in files)


class FormatSet:
    """All layouts that are known: the program's and those that the owner saved."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self.by_id = {one.id: one for one in formats}

    def match(self, header: Sequence[str]) -> Format | None:
        """The layout whose names stand in this header row: the one that uses most of its columns."""
        names = frozenset(map(folded, header))
        fitting = [one for one in self.by_id.values() if fits(one, names)]
        return max(fitting, key=lambda one: (one.own, used_columns(one, names)), default=None)

    def choices(self, found: Format) -> tuple[Format, ...]:
        """The layouts that only the owner can tell apart from this one, itself included; else only it."""
        same = tuple(one for one in self.by_id.values() if found.choice and one.choice == found.choice)
        return same or (found,)

    def header_in(self, rows: Sequence[Sequence[str]]) -> tuple[int, Format] | None:
        """The place of the header row among the first rows, with its layout."""
        for at, row in enumerate(rows[:HEADER_ROWS]):
            found = self.match(row)
            if found:
                return at, found
        return None


def fits(one: Format, names: frozenset[str]) -> bool:
    """Whether a header of these folded names is of this layout."""
    return any(group <= names for group in one.match) and not one.without & names


def used_columns(one: Format, names: frozenset[str]) -> int:
    """How many of the header's names this layout uses."""
    wanted = {folded(name) for spec in one.columns.values() for name in column_names(spec)}
    rules = (one.status, one.refund, one.line_status, one.line_refund, one.state)
    wanted.update(folded(rule.column) for group in rules for rule in group if rule.column)
    return len(wanted & names)


def column_names(spec: Any) -> list[str]:
    """All column names in a column specification."""
    if isinstance(spec, str):
        return [spec]
    if isinstance(spec, Mapping):
        keys = ("join", "plus", "minus", "pairs", "any", "first_word")
        return [name for key in keys for name in column_names(spec.get(key, []))]
    return [name for part in spec for name in column_names(part)]
