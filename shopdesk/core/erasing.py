"""A person erased from a shop file: the person's words are gone, the books stay as they were.

Rows keep their ids, numbers, dates and amounts; what the features declare as a person's words (core/personal.py)
is emptied in them, in the old images of the journal, in the labels of its steps, in whatever else names the
person, in the kept originals and in the search index. It is no step of the owner: nothing takes it back. What is
done again later in an older copy follows from the ids alone, for the words are written down nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shopdesk.core import erased_steps, kept, originals, personal
from shopdesk.core.blotting import Blotter, is_unmistakable, lowered, teach
from shopdesk.core.person_words import Found, look
from shopdesk.core.personal import Personal, Place
from shopdesk.core.schema import SearchKind, features
from shopdesk.core.sqlite import Connection, Row

_ASKED_TOGETHER = 200

Step = Callable[[float], None]


def erase(con: Connection, people: Sequence[int], mark: str, step: Step = lambda done: None) -> dict[str, int]:
    """Erase persons inside the caller's transaction, on a connection without journal; what was emptied, by kind.

    `mark` stands where a name was. `step` is told the part done and may raise to stop.
    """
    personal.find(con, people)
    found = look(con, mark)
    step(0.1)
    counts: dict[str, int] = {}
    for declared in personal.declared():
        counts[f"journal {declared.table}"] = _blank_images(con, declared, mark)
        counts[declared.table] = _blank_rows(con, declared, mark)
    step(0.3)
    counts["labels"] = erased_steps.blank_labels(con, found, mark)
    counts["steps"] = erased_steps.note_empty(con)
    touched = {declared.table: set(personal.ids(con, declared.table)) for declared in personal.declared()}
    counts["named"] = _blank_named(con, found, mark, touched)
    step(0.6)
    counts["originals"], counts["dropped"] = originals.blot(con, found.sought(con))
    step(0.8)
    _find_anew(con, touched)
    con.execute("DROP TABLE temp.person_rows")
    return {kind: count for kind, count in counts.items() if count}


# the person's own rows


def _blank(value: str | None, mark: str, row_id: str) -> str:
    """SQL for what stands in a column afterwards; {id} is the row's."""
    if value is None:
        return "NULL"
    text = value.replace("{mark}", mark).replace("'", "''")
    return "'" + text.replace("{id}", f"' || {row_id} || '") + "'"


def _blank_rows(con: Connection, declared: Personal, mark: str) -> int:
    own = personal.owned(declared.table)
    if declared.gone:
        return int(con.execute(f"DELETE FROM {declared.table} WHERE rowid IN {own}").rowcount)
    values = {name: _blank(value, mark, "id") for name, value in declared.blanks.items()}
    sets = ", ".join(f"{name} = {value}" for name, value in values.items())
    differ = " OR ".join(f"{name} IS NOT {value}" for name, value in values.items())
    return int(con.execute(f"UPDATE {declared.table} SET {sets} WHERE id IN {own} AND ({differ})").rowcount)


def _blank_images(con: Connection, declared: Personal, mark: str) -> int:
    count = 0
    for layout, places in personal.images(con, declared.table):
        values = {places[name]: value for name, value in declared.blanks.items() if name in places}
        if not values:
            continue
        sets = ", ".join(f"'$[{at}]', {_blank(value, mark, 'row_id')}" for at, value in values.items())
        which = personal.images_of(declared, layout, places)
        count += con.execute(f"UPDATE journal_rows SET old = json_set(old, {sets}) WHERE {which}").rowcount
    return count


# whatever else names the person


def _blank_named(con: Connection, found: Found, mark: str, touched: dict[str, set[int]]) -> int:
    """Texts of the owner or of others in which the person is named."""
    words = _Words.of(found, mark)
    if not words.every.words:
        return 0
    count = 0
    for table, columns in _named_columns().items():
        changed = _replace(con, table, columns, words)
        touched.setdefault(table, set()).update(changed)
        count += len(changed) + _replace_in_images(con, table, columns, words)
    return count


@dataclass(frozen=True, slots=True)
class _Words:
    """The person's words: all of them, those that mean the person in texts about others, and among choices."""

    every: Blotter
    in_texts: Blotter
    in_choices: Blotter

    @classmethod
    def of(cls, found: Found, mark: str) -> _Words:
        certain = filter(is_unmistakable, found.words)
        return cls(*(Blotter(words, mark, found.others) for words in (found.words, found.read_elsewhere, certain)))

    def at(self, place: Place, *, mine: bool) -> Blotter | None:
        """What is looked for at a place, in a row that is the person's or in one of others."""
        if mine:
            return self.every
        return {Place.TEXT: self.in_texts, Place.CHOICE: self.in_choices}.get(place)

    def stored(self, value: str, place: Place, *, mine: bool) -> str:
        """The text of a column without them."""
        blotter = self.at(place, mine=mine)
        return blotter.stored(value) if blotter else value


def _mentions(text: str, words: Sequence[str]) -> str:
    """SQL: whether one of the words may stand in a text; spaces and quotes may be written in another way."""
    longest = [max(word.split(), key=len) for word in words]
    cases = {case for word in longest for case in (word, word.lower(), word.upper(), word.title())}
    spelled = {lowered(spelling) for word in cases for spelling in (word, json.dumps(word)[1:-1])}
    return f"({' OR '.join(f'instr({text}, {_quoted(one)})' for one in sorted(spelled))})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _replace(con: Connection, table: str, columns: Mapping[str, Place], words: _Words) -> set[int]:
    changed = set()
    own = set(personal.ids(con, table))
    for row in _candidates(con, table, list(columns), words.every):
        mine = row["rowid"] in own
        clean = {name: words.stored(row[name], at, mine=mine) for name, at in columns.items() if row[name]}
        clean = {name: value for name, value in clean.items() if value != row[name]}
        if clean:
            sets = ", ".join(f"{name} = ?" for name in clean)
            con.execute(f"UPDATE OR IGNORE {table} SET {sets} WHERE rowid = ?", (*clean.values(), row["rowid"]))
            changed.add(row["rowid"])
    return changed


def _replace_in_images(con: Connection, table: str, columns: Mapping[str, Place], words: _Words) -> int:
    count = 0
    own = set(personal.ids(con, table))
    for layout, places in personal.images(con, table):
        here = {places[name]: place for name, place in columns.items() if name in places}
        for few in _parts(words.every.words):
            rows = con.execute(
                f"SELECT id, row_id, old FROM journal_rows WHERE table_name = ? AND layout = ?"
                f" AND {_mentions('lowered(old)', few)}",
                (table, layout),
            ).fetchall()
            for image_id, row_id, old in rows:
                values = json.loads(old)
                clean = [
                    words.stored(value, here[at], mine=row_id in own)
                    if at in here and isinstance(value, str)
                    else value
                    for at, value in enumerate(values)
                ]
                if clean != values:
                    stored = json.dumps(clean, ensure_ascii=False, separators=(",", ":"))
                    con.execute("UPDATE journal_rows SET old = ? WHERE id = ?", (stored, image_id))
                    count += 1
    return count


def named(con: Connection, found: Found) -> Iterator[tuple[str, str]]:
    """(table, text) of whatever else names the person, after personal.find(): the owner's tasks, notes of others."""
    words = _Words.of(found, "")
    for table, columns in _named_columns().items():
        mine = set(personal.ids(con, table)) if table in _with_ids() else set()
        for row in _candidates(con, table, list(columns), words.every):
            for name, place in columns.items() if row["rowid"] not in mine else ():
                blotter = words.at(place, mine=False)
                if row[name] and blotter and blotter.hits(row[name]):
                    yield table, row[name]


def _named_columns() -> dict[str, dict[str, Place]]:
    """The columns outside of the journal in which anybody may be named, by table."""
    columns: dict[str, dict[str, Place]] = {}
    for table, column, place in personal.naming():
        if not table.startswith("journal_"):
            columns.setdefault(table, {})[column] = place
    return columns


def _candidates(con: Connection, table: str, names: Sequence[str], blotter: Blotter) -> Iterator[Row]:
    """The rows in which one of the words may stand, with their rowid."""
    teach(con)
    text = "lowered(" + " || char(10) || ".join(f"coalesce({name}, '')" for name in names) + ")"
    for few in _parts(blotter.words):
        yield from con.execute(
            f"SELECT rowid AS rowid, {', '.join(names)} FROM {table}"
            f" WHERE {personal.among(table)} AND {_mentions(text, few)}"
        ).fetchall()


def _with_ids() -> frozenset[str]:
    return frozenset(declared.table for declared in personal.declared() if not declared.rows)


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    return (words[at : at + _ASKED_TOGETHER] for at in range(0, len(words), _ASKED_TOGETHER))


# the search index


def _find_anew(con: Connection, touched: dict[str, set[int]]) -> None:
    """Index the touched records again, and bring the index together so that nothing of the old ones is left in it."""
    kept.prepare(con)
    for feature in features():
        for rule in feature.search:
            kept.reindex(con, rule, _records_of(con, rule, touched))
            con.execute(f"INSERT INTO search_{rule.kind} (search_{rule.kind}) VALUES ('optimize')")


def _records_of(con: Connection, rule: SearchKind, touched: dict[str, set[int]]) -> Iterable[int]:
    found: set[int] = set()
    for on in rule.on:
        rows = json.dumps(sorted(touched.get(on.table, ())))
        if on.keys:
            query = on.keys.format(ids=f"(SELECT value FROM json_each('{rows}'))")
        else:
            key = kept.of_row(on.key, "t")
            query = f"SELECT {key} FROM {on.table} t WHERE t.id IN (SELECT value FROM json_each('{rows}'))"
        found.update(row[0] for row in con.execute(query) if row[0] is not None)
    return found
