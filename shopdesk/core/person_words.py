"""What tells a person in texts and files: the words of the person's rows that are nobody else's, and the numbers.

The words are of now and of whatever the journal still holds. They live only as long as somebody is shown or erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shopdesk.core import personal
from shopdesk.core.blotting import Blotter, is_read_elsewhere, is_telling, lowered, spellings, teach
from shopdesk.core.personal import Personal
from shopdesk.core.sought import Known, Sought
from shopdesk.core.sqlite import Connection

_NAMES = {"handle": "customers", "name": "customers", "buyer": "orders", "receiver": "orders"}
_NO_PHRASES = frozenset({"region", "sex", "birthday"})
"""What others have as well, in files that the shop does not know everybody of."""
_LEAST_PHRASE = 8
_LONGEST_PHRASE = 60
_MOST_OTHERS = 200
"""Of a word that is part of the names of so many others nobody can say whom it means where it stands alone."""


@dataclass(slots=True)
class Found:
    """What tells a person: `words` of nobody else, `others` that contain one of them, `numbers` of orders.

    `of_shop` are the numbers of everybody's orders.
    """

    words: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    of_shop: set[str] = field(default_factory=set)

    @property
    def read_elsewhere(self) -> set[str]:
        """The words that mean the person in texts about others as well."""
        return set(filter(is_read_elsewhere, self.words))

    def sought(self, con: Connection) -> Sought:
        """The words and numbers as they are looked for in files."""
        words = Blotter(self.words | self.phrases, "", self.others)
        return Sought(words, sorted(self.numbers), self.of_shop, known=known_in(con, _NAMES))


def known_in(con: Connection, places: Mapping[str, str]) -> Known:
    """Asks which texts stand in any of these columns (column -> table)."""

    def known(texts: Collection[str]) -> set[str]:
        asked = json.dumps(sorted(texts))
        rows = (
            con.execute(f"SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (asked,))
            for column, table in places.items()
        )
        return {row[0] for found in rows for row in found}

    return known


def look(con: Connection, mark: str = "") -> Found:
    """Everything that tells the person whose rows personal.find() has found."""
    found = Found()
    for declared in personal.declared():
        for column, value in _values(con, declared, (*declared.names, *declared.words, *declared.numbers)):
            if column in declared.numbers:
                found.numbers.add(value)
            elif column in declared.names and not (mark and value.startswith(mark)):
                found.words |= spellings([value])
            elif column not in _NO_PHRASES and declared.names and not declared.numbers:
                found.phrases |= _phrases(value)
    _let_others_keep(con, found)
    if found.numbers:
        found.of_shop = personal.numbers(con)
    return found


def accounts(con: Connection) -> tuple[set[str], set[str]]:
    """What platforms know the person by, after personal.find(): accounts; telephone numbers and mail addresses."""
    (root,) = personal.roots()
    said = set(_values(con, root, ("handle", "phone", "email")))
    known = {value for column, value in said if column == "handle"}
    return known, {value for _, value in said}


def _values(con: Connection, declared: Personal, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts in columns of a person's rows and of their old images."""
    key = "rowid" if declared.rows else "id"
    own = personal.owned(declared.table)
    rows = con.execute(f"SELECT {', '.join(names)} FROM {declared.table} WHERE {key} IN {own}").fetchall()
    for row in rows:
        yield from ((name, str(row[name])) for name in names if row[name])
    for layout, places in personal.images(con, declared.table):
        here = [name for name in names if name in places]
        which = personal.images_of(declared, layout, places)
        for image in con.execute(f"SELECT old FROM journal_rows WHERE {which}").fetchall():
            values = json.loads(image[0])
            yield from ((name, str(values[places[name]])) for name in here if values[places[name]])


def _phrases(value: str) -> set[str]:
    """The longest line of a text, by which it is found in a file that names nobody and no order."""
    line = max(value.splitlines() or [""], key=len).strip()[:_LONGEST_PHRASE].strip()
    return {line} if len(line) >= _LEAST_PHRASE and is_telling(line) and line[:1] not in "[{" else set()


def _let_others_keep(con: Connection, found: Found) -> None:
    """What somebody else is called as well, or has said as well, stays theirs; so do longer words of theirs."""
    words = {lowered(word): word for word in found.words}
    longer: dict[str, set[str]] = {word: set() for word in found.words}
    phrases = {lowered(phrase): phrase for phrase in found.phrases}
    for declared in personal.declared():
        for column, value in _of_others(con, declared, {*words, *phrases}) if declared.names else ():
            low = lowered(value.strip())
            found.shared.update(phrase for spelled, phrase in phrases.items() if spelled in low)
            if column in declared.names:
                found.shared.update(word for spelled, word in words.items() if spelled == low)
                for spelled, word in words.items():
                    if spelled in low and spelled != low and len(longer[word]) <= _MOST_OTHERS:
                        longer[word].add(value.strip())
    found.shared.update(word for word, others in longer.items() if len(others) > _MOST_OTHERS)
    found.others = {other for word, others in longer.items() if word not in found.shared for other in others}
    found.words -= found.shared
    found.phrases -= found.shared
    found.others -= found.words


def _of_others(con: Connection, declared: Personal, sought: Collection[str]) -> Iterator[tuple[str, str]]:
    """(column, value) of rows of others in which one of the words stands."""
    teach(con)
    con.execute("DROP TABLE IF EXISTS temp.sought")
    con.execute("CREATE TEMP TABLE sought (word TEXT PRIMARY KEY) WITHOUT ROWID")
    con.executemany("INSERT INTO temp.sought VALUES (?)", [(word,) for word in sought])
    names = tuple(declared.names if declared.numbers else declared.blanks)
    whole = " || char(10) || ".join(f"coalesce({name}, '')" for name in names)
    rows = con.execute(
        f"SELECT {', '.join(names)} FROM (SELECT *, lowered({whole}) AS whole FROM {declared.table}"
        f" WHERE id NOT IN {personal.owned(declared.table)})"
        " WHERE EXISTS (SELECT 1 FROM temp.sought WHERE instr(whole, word))"
    )
    for row in rows:
        low = {name: lowered(str(row[name] or "")) for name in names}
        yield from ((name, str(row[name])) for name in names if any(word in low[name] for word in sought))
    con.execute("DROP TABLE temp.sought")
