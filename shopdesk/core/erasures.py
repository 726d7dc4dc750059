"""The list of persons who were erased: ids, order numbers, signs and counts, never a word.

It stands in the shop file, and as lines beside the manifest in every folder of backups, so that it outlives a
restore and a damaged shop. By it a person is erased again in whatever older copy comes up: an id names the person,
sixteen bits of a checksum say that the copy means the same one, and the words are those of the copy itself.
By the signs (core/erased_signs.py) a list that comes later is known to name the person.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import clock, erased_signs, erasing, manifest, meta, past_persons, person_words, personal, sqlite
from shopdesk.core.durable import written
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.lock import HeldByOtherMachine, refuse_other_machine
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_, tr

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

_FILE = "erasures.jsonl"
_LOOKS = 10
_MOST_LINES = 3
_LONGEST_MARK = 80
_LISTS = ("orders", "removed", "signs")
_TOPICS = frozenset({"customers", "orders", "reviews", "returns", "tasks", "board", "imports", "settings", "backups"})


@dataclass(frozen=True, slots=True)
class Erasure:
    """One person erased: the id, a trace of sixteen bits, when, what stands in place of the name.

    `orders` are the numbers on the person's channel and `signs` those of accounts and telephone numbers, by which a
    file is known that names the person; `removed` counts what was emptied by kind.
    """

    customer_id: int
    trace: int
    at: str
    mark: str
    orders: tuple[str, ...] = ()
    removed: dict[str, int] = field(default_factory=dict)
    channel: str = ""
    signs: tuple[str, ...] = ()


def listed(con: Connection) -> list[Erasure]:
    """Everybody who was erased in an open file, oldest first."""
    if con.execute("SELECT 1 FROM sqlite_schema WHERE name = 'erasures'").fetchone() is None:
        return []
    rows = con.execute("SELECT customer_id, channel, trace, at, mark, orders, removed, signs FROM erasures ORDER BY id")
    return [_read(dict(row)) for row in rows]


def _read(row: dict[str, object]) -> Erasure:
    orders, removed, signs = (json.loads(str(row[name])) for name in _LISTS)
    return Erasure(
        int(str(row["customer_id"])), int(str(row["trace"])), str(row["at"]), str(row["mark"]),
        tuple(map(str, orders)), {str(kind): int(count) for kind, count in removed.items()},
        str(row["channel"]), erased_signs.kept(signs),
    )  # fmt: skip


def of_folder(where: Path) -> list[Erasure]:
    """Everybody who is in the list of a folder of backups; lines that nobody of ours wrote are passed over.

    So are ids with many lines: a stranger who does not know the persons could only try every trace there is.
    """
    path = where / _FILE
    found = []
    with suppress(OSError):
        lines = path.read_text("utf-8", errors="replace").splitlines() if manifest.is_there(path) else []
        for line in lines:
            with suppress(ValueError, TypeError, AttributeError, KeyError, RecursionError):
                row = json.loads(line)
                whole = {"signs": [], **row}
                found.append(_read({**whole, **{name: json.dumps(whole[name]) for name in _LISTS}}))
    often = Counter(one.customer_id for one in found)
    return [one for one in found if often[one.customer_id] <= _MOST_LINES and len(one.mark) <= _LONGEST_MARK]


def known(shop: Path, key: Key | None = None) -> list[Erasure]:
    """Everybody who was erased, by the shop file and by its folder of backups.

    By the folder alone when the file is damaged, or open on another machine: then it is not touched.
    """
    with suppress(sqlite.DatabaseError, HeldByOtherMachine):
        refuse_other_machine(shop)
        with closing(sqlite.connect(shop, key=key)) as con:
            return all_known(con, shop)
    return _once(of_folder(manifest.folder(shop)))


def all_known(con: Connection, shop: Path) -> list[Erasure]:
    """Everybody who was erased, by an open file and by the folder of backups of the shop file `shop`."""
    return _once([*listed(con), *of_folder(manifest.folder(shop))])


def _once(found: Iterable[Erasure]) -> list[Erasure]:
    return list({(one.customer_id, one.trace, one.at): one for one in found}.values())


def missing(path: Path, wanted: Sequence[Erasure], key: Key | None = None) -> list[Erasure]:
    """Which of these a file does not have in its list yet."""
    if not wanted:
        return []
    with closing(sqlite.connect(path, key=key)) as con:
        return _missing(con, wanted)


def _missing(con: Connection, wanted: Sequence[Erasure]) -> list[Erasure]:
    there = {(one.customer_id, one.trace, one.at) for one in listed(con)}
    return [one for one in wanted if (one.customer_id, one.trace, one.at) not in there]


def trace(channel_id: int, handle: str) -> int:
    """Sixteen bits of a buyer's name on a channel: too few to tell who it was, enough to see that it is the same."""
    return int(erased_signs.sign(handle)[1:5], 16) ^ channel_id & 0xFFFF


# the act


def erase(shop: Shop, ids: Sequence[int], step: erasing.Step = lambda done: None) -> list[Erasure]:
    """Erase persons from the shop file, in one transaction; the backups follow with finish().

    Takes seconds: never on the main thread. Raises ShopError for somebody who is not there or was erased already,
    DiskTrouble, HeldElsewhere, Busy; the shop is then as it was.
    """
    with shop.quiet():  # whether anything can be written, to the file that was opened
        pass
    at = clock.text()
    mark = tr(N_("erased {day}"), day=at[:10])
    with disk_trouble(shop.path), shop.attached({}), closing(_writer(shop)) as con:
        con.execute("BEGIN IMMEDIATE")
        try:
            found = _note(con, [_new(con, one, at, mark) for one in _everybody(con, ids)])
            done = _erase(con, found, step)
            meta.count_change(con)
            con.execute("COMMIT")
        except BaseException:
            if con.in_transaction:
                con.execute("ROLLBACK")
            raise
        _write_down_here(shop, done)
        _leave_no_trace(con)
    _announce(shop)
    return done


def _write_down_here(shop: Shop, done: Sequence[Erasure]) -> None:
    """Keep the list also beside the backups at once: should the shop file be damaged, nothing else tells."""
    with suppress(OSError):  # it is written again when the backups follow
        where = manifest.folder(shop.path)
        where.mkdir(mode=0o700, exist_ok=True)
        write_down(where, done)


def _announce(shop: Shop) -> None:
    for listener in shop.listeners:
        listener(_TOPICS)


def _writer(shop: Shop) -> Connection:
    """A connection of its own: without the triggers that would write the words into the journal once more."""
    return sqlite.connect(shop.path, write=True, key=shop.key)


def _everybody(con: Connection, ids: Sequence[int]) -> list[past_persons.Past]:
    """The persons of these ids, and whoever they were in the shop before."""
    found: dict[int, past_persons.Past] = {}
    for one in ids:
        person = past_persons.of_id(con, one)
        if person is None:
            raise ShopError(N_("This customer is not there any more."))
        if is_erased(con, one):
            raise ShopError(N_("This person was erased already."))
        before = (past_persons.of_id(con, other) for other in past_persons.same(con, person))
        found |= {past.id: past for past in (person, *before) if past is not None}
    return list(found.values())


def _new(con: Connection, person: past_persons.Past, at: str, mark: str) -> Erasure:
    channel = con.execute(f"SELECT {CHANNEL} FROM channels h WHERE h.id = ?", (person.channel_id,)).fetchone()
    personal.find(con, [person.id])
    rows = con.execute("SELECT number FROM orders WHERE customer_id = ? ORDER BY id", (person.id,))
    numbers = dict.fromkeys([*(row[0] for row in rows), *past_persons.numbers(con)])
    accounts, contacts = person_words.accounts(con)
    return Erasure(
        person.id, trace(person.channel_id, person.handle), at, mark, tuple(numbers), {},
        channel[0] if channel else "", erased_signs.kept(erased_signs.signs(accounts, contacts)),
    )  # fmt: skip


def is_erased(con: Connection, customer_id: int) -> bool:
    """Whether a buyer of the file, or one of whom only the journal knows, is one who was erased."""
    person = past_persons.of_id(con, customer_id)
    marks = con.execute("SELECT mark FROM erasures WHERE customer_id = ?", (customer_id,)).fetchall()
    return person is not None and any(person.handle == f"{row[0]} {customer_id}" for row in marks)


CHANNEL = "h.platform || ' ' || h.name"
"""SQL for what a channel h is known by, also when another past gave it another id."""

ERASED = (
    "(SELECT e.customer_id FROM erasures e JOIN customers x ON x.id = e.customer_id"
    " AND x.handle = e.mark || ' ' || e.customer_id)"
)
"""SQL for the ids of the buyers who were erased."""

ERASED_ORDERS = (
    "SELECT o.id FROM orders o WHERE o.customer_id IN " + ERASED + " UNION SELECT o.id FROM erasures e"
    " CROSS JOIN json_each(e.orders) n CROSS JOIN channels h ON " + CHANNEL + " = e.channel"
    " CROSS JOIN orders o ON o.channel_id = h.id AND o.number = n.value"
)
"""SQL for the ids of their orders, also of those that came again after an older past was brought back."""


def _note(con: Connection, found: Sequence[Erasure]) -> list[Erasure]:
    for one in found:
        con.execute(
            "INSERT OR IGNORE INTO erasures (customer_id, channel, trace, at, mark, orders, removed, signs)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.customer_id,
                one.channel,
                one.trace,
                one.at,
                one.mark,
                json.dumps(one.orders),
                json.dumps(one.removed),
                json.dumps(one.signs),
            ),
        )
    return list(found)


def _erase(con: Connection, found: Sequence[Erasure], step: erasing.Step) -> list[Erasure]:
    """Erase everybody of one mark at once."""
    done = []
    for mark in dict.fromkeys(one.mark for one in found):
        group = [one for one in found if one.mark == mark]
        removed = erasing.erase(con, [one.customer_id for one in group], mark, step)
        for one in group:
            counts = removed if one is group[0] else {}
            con.execute(
                "UPDATE erasures SET removed = ? WHERE customer_id = ? AND at = ? AND removed = '{}'",
                (json.dumps(counts), one.customer_id, one.at),
            )
            done.append(replace(one, removed=counts))
    return done


def _leave_no_trace(con: Connection) -> None:
    """Nothing of the words stays in the log, or between the rows of a page; where there is no room, between rows."""
    with suppress(sqlite.OperationalError):
        con.execute("VACUUM")
    _empty_log(con)


def empty_log(shop: Shop) -> None:
    """Try again to leave nothing in the log, where somebody was reading when a person was erased."""
    with disk_trouble(shop.path), shop.attached({}), closing(_writer(shop)) as con:
        _empty_log(con)


def _empty_log(con: Connection) -> None:
    for _ in range(_LOOKS):  # somebody who reads for long is in the way; closing the shop does it at the latest
        if con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
            return


# again, in another copy


def reapply(
    path: Path,
    wanted: Sequence[Erasure],
    key: Key | None = None,
    step: erasing.Step = lambda done: None,
    watch: Callable[[Connection], None] = lambda con: None,
) -> int:
    """Erase again, in a file that nobody has open, whoever of `wanted` it does not have in its list; how many.

    In one transaction. `watch` is given the connection; when it interrupts it, nobody may trust the file. Raises
    sqlite.DatabaseError.
    """
    if not missing(path, wanted, key):
        return 0
    with closing(sqlite.connect(path, write=True, key=key)) as con:
        watch(con)
        count = _reapply(con, wanted, step)
        _leave_no_trace(con)
    return count


def _reapply(con: Connection, wanted: Sequence[Erasure], step: erasing.Step, *, count: bool = False) -> int:
    absent = _missing(con, wanted)
    con.execute("BEGIN IMMEDIATE")
    try:
        _note(con, absent)
        _erase(con, [one for one in absent if _is_same(con, one)], step)
        if count:
            meta.count_change(con)
        con.execute("COMMIT")
    except BaseException:
        if con.in_transaction:
            con.execute("ROLLBACK")
        raise
    return len(absent)


def _is_same(con: Connection, one: Erasure) -> bool:
    """Whether the id means the same person in this file: not somebody who came after another past was brought back."""
    there = past_persons.of_id(con, one.customer_id)
    if there is None:
        return False
    return trace(there.channel_id, there.handle) == one.trace or there.handle == f"{one.mark} {one.customer_id}"


def again(con: Connection, wanted: Sequence[Erasure]) -> None:
    """Erase within the caller's transaction everybody of `wanted`, whether or not the list has them: rows came back."""
    _note(con, _missing(con, wanted))
    _erase(con, [one for one in wanted if _is_same(con, one)], lambda done: None)


def lacking(shop: Shop) -> list[Erasure]:
    """Who was erased by the list beside the backups, but not in the shop: it was restored, and the power failed."""
    return _missing(shop.reader(), of_folder(manifest.folder(shop.path)))


def catch_up(shop: Shop, step: erasing.Step = lambda done: None) -> None:
    """Erase again in an open shop whoever lacking() names. Never on the main thread. Raises what erase() does."""
    wanted = lacking(shop)
    if not wanted:
        return
    with disk_trouble(shop.path), shop.attached({}), closing(_writer(shop)) as con:
        _reapply(con, wanted, step, count=True)
        _leave_no_trace(con)
    _announce(shop)


def write_down(where: Path, found: Sequence[Erasure]) -> None:
    """Keep the list beside a folder's manifest, where a damaged shop finds it again."""
    there = of_folder(where)
    whole = _once([*there, *found])
    if whole == there or not where.is_dir():
        return
    with written(where / _FILE) as part:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(asdict(one)) + "\n" for one in whole)
