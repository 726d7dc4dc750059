"""Cells of platform files as clean values: ids, money, quantities, times, words.

Platforms decorate their cells: `="123"`, a tab behind an id, an apostrophe before a phone number, a mark
for nothing. A converter here takes a cell as the file has it and returns the value as the shop keeps it,
None for nothing, or raises `Trouble`. Columns are converted as a whole (`Column.values`), because a file
has a million rows and Python calls are what costs.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from shopdesk.core.words import N_

NOTHING = frozenset({"", "-", "--", "—", "null", "NULL", "None", "暂无", "无", "/", "\\N"})
"""What platforms write into a cell that holds nothing."""

MASKS = ("##", "$$")
"""Beginnings of encrypted buyer fields: no key and no text for a person."""

_MASKED = frozenset(MASKS)
SPACES = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
_MEMO = 100_000


class Trouble(Exception):
    """A cell that cannot be understood: a code, an English template with its values, and what to do."""

    def __init__(self, code: str, template: str, *, fix: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.template = template
        self.fix = fix
        self.values = values


class Column(Protocol):
    """Turns the cells of one column into clean values."""

    def values(self, cells: Sequence[str]) -> list[Any]:
        """The clean values in order, None for nothing and for cells that gave trouble."""

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Position and reason of every cell that gave trouble."""


class _Memo(dict[str, Any]):
    def __init__(self, convert: Callable[[str], Any], bad: dict[str, Trouble]) -> None:
        super().__init__()
        self.convert = convert
        self.bad = bad

    def __missing__(self, cell: str) -> Any:
        try:
            value = self.convert(cell)
        except Trouble as trouble:
            self.bad[cell] = trouble
            value = None
        self[cell] = value
        return value


class MemoColumn:
    """A column of texts that repeat: each is converted once."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        self.bad: dict[str, Trouble] = {}
        self._memo = _Memo(convert, self.bad)

    def values(self, cells: Sequence[str]) -> list[Any]:
        """The clean value of each cell."""
        if len(self._memo) > _MEMO:
            self._memo.clear()
        return list(map(self._memo.__getitem__, cells))

    def troubles(self, cells: Sequence[str]) -> Iterator[tuple[int, Trouble]]:
        """Position and reason of every cell that gave trouble."""
        if not self.bad:
            return
        for at, cell in enumerate(cells):
            if cell in self.bad:
                yield at, self.bad[cell]


class TextColumn:
    """Plain text: blanks around it and marks for nothing go, entities become characters when asked."""

    def __init__(self, *, nothing: frozenset[str] = NOTHING, entities: bool = False, apostrophe: bool = False) -> None:
        self.nothing = nothing
        self.entities = entities
        self.apostrophe = apostrophe

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The texts, None for nothing."""
        joined = "".join(cells)
        texts: list[Any] = list(map(str.strip, cells))
        if "\ufeff" in joined or "\u200b" in joined:
            texts = [text.strip(SPACES) for text in texts]
        if self.apostrophe and ("'" in joined or '="' in joined):
            texts = [_undecorated(text) if text[:1] in _DECORATION else text for text in texts]
        if self.entities and "&" in joined:
            texts = [html.unescape(text) for text in texts]
        return texts if self.nothing.isdisjoint(texts) else self._without_nothing(texts)

    def _without_nothing(self, texts: list[Any]) -> list[str | None]:
        nothing = self.nothing
        return [None if text in nothing else text for text in texts]

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """None: every text is a text."""
        return ()


class NameColumn(TextColumn):
    """Names, addresses, telephones: plain text, and nothing where the platform has encrypted it."""

    def __init__(self, *, entities: bool = False) -> None:
        super().__init__(entities=entities, apostrophe=True)

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The texts, None for nothing and for masked values."""
        texts = super().values(cells)
        if any(mark in text for text in ("".join(cells),) for mark in MASKS):
            texts = [None if text is not None and text[:2] in _MASKED else text for text in texts]
        return texts


class HandleColumn(NameColumn):
    """Accounts of buyers: names, and numbers that a spreadsheet has given a .0."""

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The accounts, None for nothing and for masked values."""
        texts = super().values(cells)
        if ".0" not in "".join(cells):
            return texts
        return [
            text[:-2] if text is not None and text.endswith(".0") and text[:-2].isdigit() else text for text in texts
        ]


class FirstWordColumn(NameColumn):
    """The first word of a text: the province of an address whose parts are separated by blanks."""

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The first words, None where there is but one."""
        texts = super().values(cells)
        parts = [text.partition(" ") if text else ("", "", "") for text in texts]
        return [first if rest else None for first, _, rest in parts]


class ExactColumn:
    """Text of ShopDesk's own files: nothing is trimmed; the ' before a formula sign is taken off again."""

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The texts as they were exported, None for an empty cell."""
        return [(cell[1:] if cell[0] == "'" else cell) if cell else None for cell in cells]

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """None: every text is a text."""
        return ()


class IdColumn:
    """Platform ids as text, without what spreadsheets and platforms put around them."""

    def __init__(self) -> None:
        self._memo = MemoColumn(clean_id)

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """The ids, None for nothing."""
        joined = "".join(cells)
        if joined.isascii() and joined.isdigit() and all(cells):
            return list(cells)
        return self._memo.values(cells)

    def troubles(self, cells: Sequence[str]) -> Iterable[tuple[int, Trouble]]:
        """Ids that a spreadsheet destroyed."""
        return self._memo.troubles(cells)


_WRAPPED = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_SCIENTIFIC = re.compile(r"^(\d)(?:\.(\d+))?[eE]\+?(\d{1,3})$")
_FLOAT = re.compile(r"^(\d+)\.0+$")


def bare(cell: str) -> str:
    """A cell without `="…"`, a leading ' or `, tabs and blanks around it."""
    text = cell.strip(SPACES)
    if text.isalnum():
        return text
    wrapped = _WRAPPED.match(text)
    if wrapped:
        text = wrapped.group(1).replace('""', '"').strip(SPACES)
    if text[:1] in {"'", "`"}:
        text = text[1:].strip(SPACES)
    return text.strip('"').strip(SPACES) if text[:1] == '"' else text


_DECORATION = frozenset("'=")


def _undecorated(text: str) -> str:
    return bare(text) if text.startswith(("'", '="')) else text


def clean_id(cell: str) -> str | None:
    """An id as the platform printed it, None for nothing or a masked value.

    `="2140"`, `'2140`, `` `2140``, `2140<tab>` and `2140.0` are 2140. An id in E notation is written out
    when all of its digits that count (15) are there; else raises Trouble, for it cannot be known.
    """
    text = bare(cell)
    if text in NOTHING or text.startswith(MASKS):
        return None
    if text.isascii() and not text.isdigit():
        whole = _FLOAT.match(text)
        if whole:
            return whole.group(1)
        rounded = _SCIENTIFIC.match(text)
        if rounded:
            return _written_out(text, rounded)
    return text


def _written_out(text: str, rounded: re.Match[str]) -> str:
    digits = rounded.group(1) + (rounded.group(2) or "")
    power = int(rounded.group(3))
    if len(digits) < 15 or power < 14 or power > 40:
        raise Trouble(
            "id-rounded",
            N_("“{text}” is not a number any more: a spreadsheet has shortened it."),
            fix=EXPORT_ADVICE,
            text=text,
        )
    return digits + "0" * (power + 1 - len(digits)) if power + 1 >= len(digits) else digits


EXPORT_ADVICE = N_(
    "Export the file again and drop it in as it was downloaded, without opening and saving it in a spreadsheet."
)


def is_damaged(number: str) -> bool:
    """Whether an order number looks rounded to 15 digits, as a spreadsheet does it."""
    return len(number) > 15 and number.isdigit() and not number[15:].strip("0")


_PAIR_ENDS = str.maketrans({"：": ":", "；": ";", "，": ","})


def clean_options(cell: str) -> str | None:
    """Options of a SKU as `name: value; name: value`; both kinds of colon and semicolon are understood."""
    text = bare(cell)
    if text in NOTHING:
        return None
    parts = [part.partition(":") for part in text.translate(_PAIR_ENDS).split(";") if part.strip()]
    named = [(name.strip(), mark, value.strip()) for name, mark, value in parts]
    return "; ".join(f"{name}: {value}" if mark and value else name for name, mark, value in named) or None


def joined_options(pairs: Iterable[tuple[str | None, str | None]]) -> str | None:
    """Options from columns of names and values; Shopify's `Title: Default Title` means there are none."""
    said = [(name, value) for name, value in pairs if value and (name, value) != ("Title", "Default Title")]
    return "; ".join(f"{name}: {value}" if name else str(value) for name, value in said) or None


def folded_word(cell: str) -> str:
    """A status word in one form: half-width signs, no blanks around or after commas, no case."""
    return re.sub(r",\s+", ",", unicodedata.normalize("NFKC", bare(cell))).casefold()
