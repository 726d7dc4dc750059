"""The list of backups as rows of the kit's table: a small table in memory, filled anew at each look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shopdesk.core import dates, reasons, sqlite
from shopdesk.core.shelf import CHANGED, UNFOLLOWED, UNVERIFIED, Copy
from shopdesk.core.words import N_, tr
from shopdesk.ui.columns import EMPTY, Cell, Column, Kind, Row, Source
from shopdesk.ui.table_query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopdesk.core.sqlite import Connection

ALL = "all"
SECOND = "second"
FAULTY = "faulty"
CHIPS: dict[str, tuple[str, tuple[str, ...]]] = {
    ALL: (N_("All"), ()),
    "import": (N_("Before an import"), (reasons.IMPORT,)),
    "exit": (N_("On closing"), (reasons.EXIT,)),
    "work": (N_("While working"), (reasons.START, reasons.TIMER, reasons.GONE, reasons.FOUND)),
    "asked": (N_("By hand"), (reasons.ASKED,)),
    "before": (
        N_("Before large acts"),
        (reasons.BULK, reasons.UPGRADE, reasons.RESTORE, reasons.PASSWORD, reasons.ERASE),
    ),
    FAULTY: (N_("Not to be relied on"), ()),
    SECOND: (N_("Only in the second folder"), ()),
}
"""The chips over the list: their words, and the reasons of the backups behind them."""

_FAULTS = {
    CHANGED: N_("Changed since"),
    UNVERIFIED: N_("Never verified"),
    UNFOLLOWED: N_("Cannot be read"),
}
"""What is said of a fault in the list."""

_TABLE = """CREATE TABLE copies (id INTEGER PRIMARY KEY, at TEXT, why TEXT, kind TEXT, size INTEGER, orders INTEGER,
    items INTEGER, reviews INTEGER, since INTEGER, fault TEXT, second INTEGER, words TEXT)"""
_INSERT = "INSERT INTO copies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

SOURCE = Source("copies", "SELECT * FROM copies WHERE id IN (SELECT value FROM json_each(:ids))", where="1")


def when(copy: Copy) -> str:
    """The moment of a backup, for people."""
    return dates.show_time(copy.made.at) if copy.made.at else tr("Unknown time")


def size_text(size: int) -> str:
    """Bytes as MB, or GB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def why(copy: Copy) -> str:
    """What a backup was made for; of one that nobody noted nothing is known."""
    return tr("Unknown") if copy.fault == UNVERIFIED else reasons.words(copy.made)


def _shield(row: Row) -> Cell:
    return Cell(icons=(("late_or_error", "bad"),) if row["fault"] else (("backup_ok", "good"),))


def _time(row: Row) -> Cell:
    return Cell(dates.show_time(row["at"]) if row["at"] else EMPTY)


def _size(row: Row) -> Cell:
    return Cell(size_text(row["size"]), "text_2")


def _state(row: Row) -> Cell:
    if row["fault"]:
        fault: str = row["fault"]
        said = _FAULTS.get(fault, _FAULTS[CHANGED])
        return Cell(tr(said), "bad", note=tr(fault))
    return Cell(tr("Opened, all well"), "good")


COLUMNS = (
    Column("shield", "", width=42, cell=_shield),
    Column("at", N_("Time"), Kind.TIME, width=118, sort="at", falling=True, cell=_time),
    Column("why", N_("What for"), width=150, sort="why", stretch=True),
    Column("size", N_("Size"), width=78, sort="size", right=True, cell=_size),
    Column("orders", N_("Orders"), Kind.NUMBER, width=64, sort="orders"),
    Column("items", N_("Items"), Kind.NUMBER, width=58, sort="items"),
    Column("reviews", N_("Reviews"), Kind.NUMBER, width=64, sort="reviews"),
    Column("since", N_("Changes since"), Kind.NUMBER, width=104, sort="since"),
    Column("state", N_("Checked"), width=124, cell=_state),
)


class Shelf:
    """What is listed: the copies by row id, and the table in memory that the kit's table reads."""

    def __init__(self) -> None:
        self.copies: list[Copy] = []
        self._con: Connection = sqlite.scratch(":memory:")
        self._con.execute(_TABLE)

    def connection(self) -> Connection:
        """What the table reads."""
        return self._con

    def fill(self, copies: Sequence[Copy]) -> None:
        """List these, the newest first."""
        self.copies = list(copies)
        self._con.execute("DELETE FROM copies")
        last = len(self.copies) - 1
        self._con.executemany(_INSERT, [_row(last - place, copy) for place, copy in enumerate(copies)])

    def copy(self, row_id: int) -> Copy:
        """The backup in the row of that id; the newest has the highest."""
        return self.copies[-1 - row_id]

    def row_id(self, name: str) -> int:
        """The id of the row of a backup, -1 when it is not listed."""
        names = [copy.made.name for copy in reversed(self.copies)]
        return names.index(name) if name in names else -1

    def query(self, chip: str, words: str, sort: str, *, falling: bool) -> Query:
        """The rows of a chip that hold all the words, in an order."""
        query = Query("copies", sort=sort, falling=falling)
        condition, params = _condition(chip)
        query = query.narrowed(condition, **params)
        for number, word in enumerate(words.casefold().split()):
            query = query.narrowed(f"instr(words, :word_{number})", **{f"word_{number}": word})
        return query

    def counts(self) -> dict[str, int]:
        """How many each chip holds."""
        return {
            chip: Query("copies").narrowed(c, **p).count(self._con) for chip in CHIPS for c, p in [_condition(chip)]
        }

    def close(self) -> None:
        """Forget everything."""
        self._con.close()


def _condition(chip: str) -> tuple[str, Mapping[str, object]]:
    if chip == ALL:
        return "1", {}
    if chip in (SECOND, FAULTY):
        return ("second" if chip == SECOND else "fault <> ''"), {}
    kinds = ", ".join(f"'{kind}'" for kind in CHIPS[chip][1])
    return f"kind IN ({kinds})", {}


def _row(number: int, copy: Copy) -> tuple[object, ...]:
    made, rows = copy.made, copy.made.rows
    said = why(copy)
    words = f"{said} {when(copy)} {made.at} {made.at[5:16]} {made.name}".casefold()
    return (
        number, made.at, said, made.why, made.size, rows.get("orders"), rows.get("skus"), rows.get("reviews"),
        copy.since, copy.fault, copy.second, words,
    )  # fmt: skip
