"""The plan of an import: what was read, compared with the shop, before anything is written.

The plan is a scratch SQLite file beside the staging file. It is made by SQL alone on a connection that sees
the shop, the staging file and the plan, so that a preview of a million rows costs the window nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shopdesk.core import clock, meta, sqlite
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.exchange.comparing import gather
from shopdesk.exchange.cross_checks import cross_checks
from shopdesk.exchange.erased import keep_out
from shopdesk.exchange.identity import ChannelKey, choose_channels, identify, keep_channels
from shopdesk.exchange.own_import import own_counts, plan_own
from shopdesk.exchange.plan_goods import FIRST_LEVELS, plan_goods
from shopdesk.exchange.plan_orders import plan_orders

KINDS = ("orders", "lines", "products", "customers", "reviews", "returns", "stock")
"""The kinds of records that are counted, in the order in which they are reported."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner decided: channels where files do not name them (see identity), or one by name.

    `strict` refuses an open question instead of proposing an answer.
    """

    channels: Mapping[ChannelKey, int | str] = field(default_factory=dict)
    channel: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of one kind were read, and what becomes of them."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    warned: int = 0


@contextmanager
def connection(shop: Shop, staging: Path, plan: Path, key: Key | None = None) -> Iterator[Connection]:
    """A connection that reads the shop and the staging file and writes the plan, both under the import's `key`."""
    with closing(sqlite.connect(shop.path, key=shop.key)) as con:
        con.execute("PRAGMA query_only=OFF")
        sqlite.keep_temporary(con, shop.key)
        sqlite.attach(con, "staging", staging, mode="ro", key=key)
        sqlite.attach(con, "plan", plan, mode="rwc", key=key)
        yield con


def make(con: Connection, *, choices: Choices, step: Callable[[float], None] = lambda done: None) -> None:
    """Make the plan anew for the shop as it is now. `step` is told the part done and may raise to stop."""
    _clear(con)
    now = clock.text()
    con.execute("CREATE TABLE plan.made (now TEXT, changes TEXT)")
    con.execute("INSERT INTO plan.made VALUES (?, ?)", (now, meta.get(con, meta.CHANGES)))
    keep_channels(con, choose_channels(con, chosen=choices.channels, name=choices.channel, strict=choices.strict))
    identify(con)
    step(0.2)
    plan_orders(con, now=now)
    step(0.7)
    plan_goods(con, now=now)
    keep_out(con)
    plan_own(con)
    gather(con)
    cross_checks(con)
    step(1.0)


def _clear(con: Connection) -> None:
    tables = con.execute("SELECT name FROM plan.sqlite_schema WHERE type = 'table'").fetchall()
    for row in tables:
        con.execute(f'DROP TABLE plan."{row[0]}"')


def is_current(con: Connection) -> bool:
    """Whether the shop is still as it was when the plan was made."""
    if not con.execute("SELECT 1 FROM plan.sqlite_schema WHERE name = 'made'").fetchone():
        return False
    made = con.execute("SELECT changes FROM plan.made").fetchone()
    return bool(made["changes"] == meta.get(con, meta.CHANGES))


def tick(con: Connection, cells: list[int], *, ticked: bool) -> None:
    """Take, or do not take, the named changes."""
    con.executemany("UPDATE plan.cell SET ticked = ? WHERE id = ?", [(ticked, cell) for cell in cells])


_RECORDS = {
    "orders": "order_", "lines": "line", "products": "product", "customers": "person", "reviews": "review",
    "returns": "return_", "stock": "stock",
}  # fmt: skip
_READ = {
    "orders": ("SELECT count(*) FROM plan.ord", "SELECT count(*) FROM plan.ord WHERE is_new"),
    "lines": ("SELECT (SELECT count(*) FROM plan.new_line) + (SELECT count(*) FROM plan.joined)",
              "SELECT count(*) FROM plan.new_line"),
    "products": ("SELECT count(*) FROM staging.product",
                 "SELECT count(*) FROM plan.product WHERE staged IS NOT NULL AND is_new"),
    "customers": ("SELECT count(*) FROM staging.person WHERE from_file",
                  ("SELECT count(*) FROM plan.person p JOIN staging.person s ON s.id = p.id"
                  " WHERE s.from_file AND p.is_new AND p.first = 1")),
    "reviews": ("SELECT count(*) FROM plan.review", "SELECT count(DISTINCT review_id) FROM plan.review WHERE is_new"),
    "returns": ("SELECT count(*) FROM plan.ret", "SELECT count(*) FROM plan.ret WHERE is_new"),
    "stock": ("SELECT count(*) FROM staging.stock", ("SELECT count(*) FROM plan.move WHERE staged IS NOT NULL"
              " AND is_new AND NOT (kind = 'level' AND old IS NOT NULL)")),
}  # fmt: skip
_CHANGED = {
    "products": """SELECT count(*) FROM plan.product p WHERE staged IS NOT NULL AND NOT is_new AND (
        EXISTS (SELECT 1 FROM plan.cell c WHERE c.kind = 'products' AND c.record = p.id AND c.ticked)
        OR EXISTS (SELECT 1 FROM staging.sku s JOIN plan.item i ON i.id = s.item WHERE s.product_id = p.staged
                   AND (i.is_new OR EXISTS (SELECT 1 FROM plan.cell c WHERE c.kind = 'skus' AND c.ticked
                                            AND c.record = i.sku_id))))""",
    "customers": """SELECT count(DISTINCT c.record) FROM plan.cell c JOIN staging.person s ON s.id = c.staged
        WHERE c.kind = 'customers' AND c.ticked AND s.from_file""",
    "stock": f"""SELECT count(DISTINCT record) FROM plan.cell
        WHERE kind = 'stock' AND ticked AND record NOT IN {FIRST_LEVELS}""",
}


def _one(con: Connection, query: str, *values: object) -> int:
    return int(con.execute(query, values).fetchone()[0])


def counts(con: Connection) -> dict[str, Count]:
    """How many records of each kind were read, and what becomes of them; refused ones count as read."""
    con.execute("CREATE INDEX IF NOT EXISTS plan.cell_record ON cell (kind, record, ticked)")
    own = own_counts(con)
    return {kind: _with(_count(con, kind), own.get(kind)) for kind in KINDS}


def _with(count: Count, more: Mapping[str, int] | None) -> Count:
    """A count and what our own layouts add to it."""
    if more is None:
        return count
    same = more["read"] - more["new"] - more["changed"] - more["refused"]
    return Count(
        count.read + more["read"], count.new + more["new"], count.changed + more["changed"],
        count.unchanged + same, count.refused + more["refused"], count.warned,
    )  # fmt: skip


def _count(con: Connection, kind: str) -> Count:
    read, new = (_one(con, query) for query in _READ[kind])
    changed_query = _CHANGED.get(kind, "SELECT count(DISTINCT record) FROM plan.cell WHERE kind = ? AND ticked")
    changed = _one(con, changed_query, *((kind,) if "?" in changed_query else ()))
    refused = _refused(con, kind)
    warned = min(_warned(con, kind), read + refused)
    return Count(read + refused, new, changed, read - new - changed, refused, warned)


def _refused(con: Connection, kind: str) -> int:
    record = _RECORDS[kind]
    staged = (
        "SELECT count(DISTINCT coalesce(nullif(json_extract(args, '$.number'), ''), json_extract(args, '$.text'),"
        " source || ':' || row)) FROM staging.reason WHERE record = ? AND level = 'refused'"
        if kind == "orders"
        else "SELECT count(*) FROM staging.reason WHERE record = ? AND level = 'refused'"
    )
    return _one(con, staged, record) + _one(
        con, "SELECT count(*) FROM plan.reason WHERE record = ? AND level = 'refused'", record
    )


def _warned(con: Connection, kind: str) -> int:
    """Warned records; a warning that stands for a whole file counts what it says it counts."""
    query = (
        "SELECT coalesce(sum(CASE WHEN row IS NULL THEN coalesce(json_extract(args, '$.count'), 1) ELSE 1 END), 0)"
        " FROM {schema}.reason WHERE level = 'warned' AND record = ?"
    )
    return sum(_one(con, query.format(schema=schema), _RECORDS[kind]) for schema in ("staging", "plan"))


def rows(con: Connection) -> dict[str, int]:
    """Data rows of all files: read, used, refused. A line that has no order is a refused row."""
    read, used, refused = con.execute(
        "SELECT coalesce(sum(rows_read), 0), coalesce(sum(rows_used), 0), coalesce(sum(rows_refused), 0)"
        " FROM staging.source"
    ).fetchone()
    lost = _one(con, "SELECT count(*) FROM (SELECT DISTINCT source, row FROM plan.reason WHERE level = 'refused')")
    return {"read": read, "used": used - lost, "refused": refused + lost}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was refused, or what the owner should know; `row` None means the whole file."""

    file: str
    row: int | None
    column: str
    level: str
    code: str
    text: str
    fix: str
    args: Mapping[str, object]


def count_reasons(con: Connection, *, level: str) -> int:
    """How many reasons of this level there are."""
    return _one(
        con,
        "SELECT (SELECT count(*) FROM staging.reason WHERE level = ?1) + (SELECT count(*) FROM plan.reason"
        " WHERE level = ?1)",
        level,
    )


def reasons(con: Connection, *, level: str = "", limit: int = -1) -> list[Reason]:
    """The reasons of the files, in the order of files and rows."""
    query = (
        'SELECT f.name, r.row, r."column", r.level, r.code, r.text, r.fix, r.args FROM ('
        'SELECT file_id, row, "column", level, code, text, fix, args FROM staging.reason'
        ' UNION ALL SELECT file_id, row, "column", level, code, text, fix, args FROM plan.reason'
        ") r JOIN staging.file f ON f.id = r.file_id WHERE ?1 IN ('', r.level)"
        " ORDER BY r.file_id, r.row LIMIT ?2"
    )
    return [
        Reason(row[0], row[1], row[2], row[3], row[4], row[5], row[6] or "", json.loads(row[7] or "{}"))
        for row in con.execute(query, (level, limit))
    ]
