"""Everything that the shop holds of one person, in its tables, its journal, its kept originals and its backups.

What is a person's is declared by each feature (core/personal.py): nothing here knows a table but the customers'.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import (
    check,
    clock,
    erased_copies,
    erasing,
    erasures,
    manifest,
    originals,
    past_persons,
    person_words,
    personal,
    retention,
    sqlite,
    steps,
)
from shopdesk.core.durable import written
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import not_written
from shopdesk.core.words import N_, tr, trc
from shopdesk.customers import model

if TYPE_CHECKING:
    from shopdesk.core.erasures import Erasure
    from shopdesk.core.shop import Shop

TITLES = {
    "customers": N_("As a customer"),
    "customer_notes": N_("Talks, greetings, notes"),
    "orders": N_("Orders"),
    "order_lines": N_("Lines of the orders"),
    "order_events": N_("What happened to the orders"),
    "returns": N_("Returns"),
    "return_lines": N_("Lines of the returns"),
    "reviews": N_("Reviews and replies"),
    "remembered": N_("Begun answers"),
}
"""What the records of a table are called."""

_STATES = {"listed": N_("in the list"), "deleted": N_("deleted"), "undone": N_("import taken back")}
_HEADS = ("number", "name", "written_at", "at", "line_key")
_NOTHING = (None, "", "[]", "{}")
_LONGEST_LIFE = 400
_LEAST_PHONE = 7
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Section:
    """The records of one table: its name, its columns, the rows, and the columns that hold the person's words."""

    table: str
    columns: tuple[str, ...]
    rows: list[dict[str, object]]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of the journal: when (UTC), what was done, and column -> (before, after) of a record of a table."""

    at: str
    label: str
    table: str
    record: int
    changes: dict[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Original:
    """A kept original that names the person: the file's name, and the rows that do (none of a workbook)."""

    file: str
    rows: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup in which the person stands: its file, when it was made, the day from which it may be gone."""

    file: Path
    at: str
    until: str


@dataclass(frozen=True, slots=True)
class Held:
    """All of it. `same` are buyers that look like the same person: (id, name, channel).

    `waiting` are the numbers of orders that have not left yet, which need the person's address.
    """

    ids: tuple[int, ...]
    name: str
    sections: list[Section]
    named: list[tuple[str, str]] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    originals: list[Original] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    same: list[tuple[int, str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def count(self, table: str) -> int:
        """How many records of a table are the person's."""
        return next((len(section.rows) for section in self.sections if section.table == table), 0)


def held(shop: Shop, ids: Sequence[int]) -> Held:
    """Look everywhere. Takes seconds: never on the main thread."""
    with closing(sqlite.connect(shop.path, key=shop.key)) as con:
        check.may_compare(con, shop.key)
        con.execute("BEGIN")
        personal.find(con, ids)
        found = person_words.look(con)
        person = past_persons.of_id(con, ids[0])
        return Held(
            tuple(ids), person.shown_name if person else "", list(_sections(con)), list(erasing.named(con, found)),
            list(_moments(con)), list(_originals(con, found)), _copies(shop, ids), _same(con, ids),
            _waiting(con),
        )  # fmt: skip


def erase(shop: Shop, ids: Sequence[int], step: erasing.Step = lambda done: None) -> list[Erasure]:
    """Erase persons all of whose orders have left or were closed. Never on the main thread.

    Raises ShopError for orders that still need the address, and what erasures.erase() raises.
    """
    with closing(sqlite.connect(shop.path, key=shop.key)) as con:
        check.may_compare(con, shop.key)
        personal.find(con, ids)
        waiting = _waiting(con)
    if waiting:
        raise not_yet(waiting)
    return erasures.erase(shop, ids, step)


def not_yet(waiting: Sequence[str]) -> ShopError:
    """Why somebody is not erased whose orders with these numbers have not left yet."""
    more = ("…",) if len(waiting) > _MOST_NAMED else ()
    numbers = trc("list", ", ").join((*waiting[:_MOST_NAMED], *more))
    if len(waiting) == 1:
        said = N_("1 order has not left yet, and its address would go too: {numbers}.")
        fix = N_("Ship or close it first, then erase. Nothing was erased.")
    else:
        said = N_("{n} orders have not left yet, and their addresses would go too: {numbers}.")
        fix = N_("Ship or close them first, then erase. Nothing was erased.")
    return ShopError(said, fix=fix, n=len(waiting), numbers=numbers)


def search(shop: Shop, text: str) -> list[tuple[int, str]]:
    """(id, what is known in one line) of persons by name, telephone number or order, whether a list shows them or not.

    Somebody who was erased is nobody's find any more. Takes seconds: never on the main thread.
    """
    with closing(sqlite.connect(shop.path, key=shop.key)) as con:
        found = [one for one in past_persons.search(con, text) if not erasures.is_erased(con, one.id)]
        channel = dict(con.execute("SELECT id, name FROM channels").fetchall())
    return [(one.id, _in_one_line(one, channel.get(one.channel_id, ""))) for one in found]


def _in_one_line(one: past_persons.Past, channel: str) -> str:
    account = one.handle if one.handle != one.shown_name else ""
    parts = (one.shown_name, tr(_STATES[one.state]), account, one.phone if one.phone != account else "", channel)
    return " · ".join(part for part in parts if part)


def _sections(con: Connection) -> Iterator[Section]:
    for declared in personal.declared():
        key = "rowid" if declared.rows else "id"
        cursor = con.execute(f"SELECT * FROM {declared.table} WHERE {key} IN {personal.owned(declared.table)}")
        columns = tuple(one[0] for one in cursor.description)
        rows = [dict(row) for row in cursor.fetchall()]
        if rows:
            yield Section(declared.table, columns, rows, tuple(declared.blanks))


def _moments(con: Connection) -> Iterator[Moment]:
    for declared in personal.declared():
        for record in () if declared.rows else personal.ids(con, declared.table):
            for entry in steps.history(con, declared.table, record):
                yield Moment(entry.step.at, entry.step.label, declared.table, record, entry.changes)


def _originals(con: Connection, found: person_words.Found) -> Iterator[Original]:
    for name, rows in originals.naming(con, found.sought(con)):
        files = con.execute("SELECT DISTINCT file_name FROM imports WHERE sha256 = ?", (name,)).fetchall()
        yield Original(", ".join(row[0] for row in files) or name[:12], rows)


def _copies(shop: Shop, ids: Sequence[int]) -> list[Copy]:
    files = {file for one in ids for file in erased_copies.holding(shop, one)}
    until: dict[Path, str] = {}
    for folder in {file.parent for file in files}:
        made = manifest.of_shop(folder, shop.path.stem)
        for day in range(1, _LONGEST_LIFE):
            then = clock.today() + timedelta(days=day)
            for gone in retention.superfluous(made, then):
                until.setdefault(folder / gone.name, then.isoformat())
    noted = {folder / one.name: one.at for folder in {f.parent for f in files} for one in manifest.of_folder(folder)}
    return [Copy(file, noted.get(file, ""), until.get(file, "")) for file in sorted(files)]


def _waiting(con: Connection) -> list[str]:
    """The numbers of the person's orders that have not left yet, after personal.find()."""
    rows = con.execute(
        f"SELECT number FROM orders WHERE id IN {personal.owned('orders')} AND deleted_at IS NULL"
        " AND status IN ('unpaid', 'to_ship') ORDER BY id"
    )
    return [row[0] for row in rows]


def _same(con: Connection, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Buyers of any channel with the same telephone number or mail address."""
    rows = con.execute(
        "SELECT DISTINCT c.id, c.shown_name, h.name FROM customers c JOIN channels h ON h.id = c.channel_id"
        " JOIN customers p ON p.id IN (SELECT value FROM json_each(?1))"
        " WHERE c.id NOT IN (SELECT value FROM json_each(?1)) AND c.deleted_at IS NULL AND ("
        f" (length(p.phone) >= {_LEAST_PHONE} AND instr(p.phone, '*') = 0 AND c.phone = p.phone)"
        " OR (instr(p.email, '@') AND instr(p.email, '*') = 0 AND lower(c.email) = lower(p.email)))",
        (json.dumps(list(ids)),),
    )
    return [tuple(row) for row in rows]


def head(row: dict[str, object]) -> str:
    """What a record is called in a list: its number, its name or its time."""
    return next((str(row[name]) for name in _HEADS if row.get(name) not in _NOTHING), "")


def words_of(section: Section, row: dict[str, object]) -> list[str]:
    """The person's words in a record, without what is empty or said already."""
    found = [_said(name, str(row[name])) for name in section.words if row[name] not in _NOTHING]
    return [text for text in dict.fromkeys(found) if text and text != head(row)]


def _said(name: str, text: str) -> str:
    return model.shown_birthday(text) if name == "birthday" else _plain(text)


def _plain(text: str) -> str:
    """What was kept as JSON in the words of its values."""
    if text[:1] not in ("[", "{"):
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(found, dict):
        return ", ".join(f"{key}: {value}" for key, value in found.items() if value not in _NOTHING)
    return ", ".join(map(str, found))


def write_json(found: Held, path: Path) -> None:
    """Everything as one JSON file. Raises DiskTrouble."""
    whole = {
        "name": found.name,
        "written_at": clock.text(),
        "records": {section.table: section.rows for section in found.sections},
        "named_in": [{"table": table, "text": text} for table, text in found.named],
        "journal": [
            {"at": m.at, "act": m.label, "table": m.table, "record": m.record, "changes": m.changes}
            for m in found.moments
        ],
        "original_files": [{"file": one.file, "rows": [list(row) for row in one.rows]} for one in found.originals],
        "backups": [{"file": one.file.name, "at": one.at, "until": one.until} for one in found.copies],
    }
    with not_written(path), written(path) as part:
        part.write_text(json.dumps(whole, ensure_ascii=False, indent=1), "utf-8")


def tables(found: Held) -> Iterator[tuple[str, list[str], list[list[object]]]]:
    """(name of the file, headings, rows) of everything, one table each."""
    for section in found.sections:
        rows = [[row[name] for name in section.columns] for row in section.rows]
        yield section.table, list(section.columns), rows
    if found.named:
        yield "named_in", ["table", "text"], [list(row) for row in found.named]
    if found.moments:
        entries = [[m.at, m.label, m.table, m.record, json.dumps(m.changes, ensure_ascii=False)] for m in found.moments]
        yield "journal", ["at", "act", "table", "record", "changes"], entries
    if found.originals:
        lines = [[one.file, number, text] for one in found.originals for number, text in one.rows or [(0, "")]]
        yield "original_files", ["file", "row", "text"], lines
    if found.copies:
        yield "backups", ["file", "at", "until"], [[one.file.name, one.at, one.until] for one in found.copies]


def title(table: str) -> str:
    """What the records of a table are called, in the owner's language."""
    return tr(TITLES[table]) if table in TITLES else table
