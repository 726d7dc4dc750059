"""Writing a plan into the shop: one act of the owner, in one transaction, by SQL alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core import blobs, clock, sqlite
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_
from shopdesk.exchange import apply_goods, apply_orders, plan
from shopdesk.exchange.erased import keep_out_of_original
from shopdesk.exchange.identity import last_id, run
from shopdesk.exchange.own_import import anything_new, write_own
from shopdesk.exchange.packing import packed_bytes
from shopdesk.exchange.plan import Choices
from shopdesk.exchange.words import WordsProcess

if TYPE_CHECKING:
    from sqlite_utils import Database

TOPICS = ("orders", "stock", "products", "customers", "reviews", "returns", "channels", "imports")
Step = Callable[[float], None]
_MOST_REASONS = 1000
_STEPS_BETWEEN_QUESTIONS = 500_000
"""Steps of SQLite between two looks at whether the owner pressed Stop."""

_CHANNELS = """
INSERT INTO channels (id, platform, name, shop_id, currency)
SELECT channel_id, platform, name, max(shop_id), max(currency) FROM plan.channel
WHERE is_new AND channel_id NOT IN (SELECT id FROM channels) GROUP BY channel_id;
UPDATE channels SET shop_id = h.shop_id FROM plan.channel h
WHERE h.channel_id = channels.id AND NOT h.is_new AND channels.shop_id = '' AND h.shop_id <> '' AND NOT h.asked;
"""

_IMPORTS = """
CREATE TABLE plan.imp (source INTEGER PRIMARY KEY, import_id INTEGER);
INSERT INTO plan.imp SELECT s.id, :base + row_number() OVER (ORDER BY s.id)
FROM staging.source s JOIN staging.file f ON f.id = s.file_id
WHERE s.format IS NOT NULL AND f.packed IS NOT NULL;
"""


def apply(
    shop: Shop,
    *,
    staging: Path,
    planned: Path,
    key: Key | None = None,
    choices: Choices,
    words: WordsProcess | None = None,
    step: Step = lambda done: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Write the plan; when the shop has changed since it was made, it is made anew first.

    `key` is that of staging, plan and words. `words` makes the search words meanwhile (see words.py); without it
    the shop makes them itself. `step` is told the part done and may raise to stop: then nothing is written. When
    nothing is new and every file was imported before, nothing is written at all.
    """
    files = {"staging": (staging, "ro"), "plan": (planned, "rwc")}
    label, values = _label(staging, key)
    with shop.attached(files, key=key), shop.change(label, *TOPICS, **values) as db:
        db.conn.set_progress_handler(lambda: int(cancelled()), _STEPS_BETWEEN_QUESTIONS)
        try:
            if not plan.is_current(db.conn):
                plan.make(db.conn, choices=choices)
            if something_new(db.conn):
                _write(shop, db, words, key, step)
        finally:
            db.conn.set_progress_handler(None, 0)


def _write(shop: Shop, db: Database, words: WordsProcess | None, key: Key | None, step: Step) -> None:
    con = db.conn
    step(0.05)
    _keep_originals(db, con, key)
    run(con, _CHANNELS)
    _note_imports(shop, con)
    apply_goods.write(shop, con)
    step(0.2)
    own = con.execute("SELECT EXISTS (SELECT 1 FROM staging.source WHERE kind = 'own' AND refused IS NULL)").fetchone()[
        0
    ]
    apply_orders.write(shop, con, last=not own)
    step(0.7)
    write_own(db)  # last: the plan of the platforms' files has given ids, and our own rows find what they brought
    if words is not None:
        _write_words(shop, con, words, key, last=not own)
    step(0.9)


def _write_words(shop: Shop, con: Connection, words: WordsProcess, key: Key | None, *, last: bool) -> None:
    made = words.file()
    if made is not None:
        if last:
            sqlite.attach(con, "words", made, mode="ro", key=key)
            apply_orders.write_words(shop, con)
        shop.words_by(words.tokens)


def _label(staging: Path, key: Key | None) -> tuple[str, dict[str, object]]:
    with closing(sqlite.scratch(staging, key=key)) as con:
        names = [
            row[0]
            for row in con.execute(
                "SELECT name FROM file f WHERE packed IS NOT NULL"
                " ORDER BY (SELECT min(id) FROM source WHERE file_id = f.id)"
            )
        ]
    if len(names) > 1:
        return N_("Imported {file} and {n} more"), {"file": names[0], "n": len(names) - 1}
    return N_("Imported {file}"), {"file": names[0] if names else ""}


def something_new(con: Connection) -> bool:
    """Whether there is anything to write: a new or changed record, or a file that was never seen."""
    return anything_new(con) or bool(
        con.execute(
            "SELECT EXISTS (SELECT 1 FROM plan.ord WHERE is_new) OR EXISTS (SELECT 1 FROM plan.new_line)"
            " OR EXISTS (SELECT 1 FROM plan.cell WHERE ticked) OR EXISTS (SELECT 1 FROM plan.person WHERE is_new)"
            " OR EXISTS (SELECT 1 FROM plan.item WHERE is_new) OR EXISTS (SELECT 1 FROM plan.product WHERE is_new)"
            " OR EXISTS (SELECT 1 FROM plan.move WHERE is_new) OR EXISTS (SELECT 1 FROM plan.review WHERE is_new)"
            " OR EXISTS (SELECT 1 FROM plan.ret WHERE is_new) OR EXISTS (SELECT 1 FROM staging.file WHERE"
            " packed IS NOT NULL AND sha256 NOT IN (SELECT sha256 FROM imports))"
        ).fetchone()[0]
    )


def _keep_originals(db: Database, con: Connection, key: Key | None) -> None:
    for row in con.execute("SELECT sha256, size, packed FROM staging.file WHERE packed IS NOT NULL").fetchall():
        known = con.execute("SELECT 1 FROM blobs WHERE sha256 = ?", (row["sha256"],)).fetchone()
        if not known:
            blobs.put_original(db, row["sha256"], packed_bytes(Path(row["packed"]), key), row["size"])
            keep_out_of_original(con, row["sha256"])


def _note_imports(shop: Shop, con: Connection) -> None:
    """One row per table that was read, with what became of the whole import and the reasons of its file."""
    con.execute("DROP TABLE IF EXISTS plan.imp")
    run(con, _IMPORTS, base=last_id(con, "imports"))
    told = {kind: asdict(count) for kind, count in plan.counts(con).items()}
    reasons = [
        {"row": r.row, "column": r.column, "level": r.level, "code": r.code, "text": r.text, "fix": r.fix,
         "args": r.args, "file": r.file}
        for r in plan.reasons(con, limit=_MOST_REASONS)
    ]  # fmt: skip
    sources = con.execute(
        "SELECT p.import_id, f.name, f.sha256, s.format, s.rows_read, s.rows_used, s.rows_refused, h.channel_id"
        " FROM plan.imp p JOIN staging.source s ON s.id = p.source JOIN staging.file f ON f.id = s.file_id"
        " LEFT JOIN plan.channel h ON h.platform = s.platform AND h.shop_id = coalesce(s.shop_id, '')"
        " ORDER BY p.import_id"
    ).fetchall()
    for at, row in enumerate(sources):
        rows = {"read": row["rows_read"], "used": row["rows_used"], "refused": row["rows_refused"]}
        counts = {"rows": rows, "step": shop.step, "part": [at, len(sources)]}
        if at == 0:
            counts |= {"kinds": told, "all_rows": plan.rows(con), "complete": _complete(con, len(reasons))}
        con.execute(
            "INSERT INTO imports (id, at, file_name, sha256, format, channel_id, counts, reasons)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row["import_id"], clock.text(), row["name"], row["sha256"], row["format"], row["channel_id"],
             json.dumps(counts), json.dumps([r for r in reasons if r["file"] == row["name"]], ensure_ascii=False)),
        )  # fmt: skip


def _complete(con: Connection, noted: int) -> bool:
    """Whether these rows tell all there is to tell when the same files come again."""
    waiting = con.execute(
        "SELECT EXISTS (SELECT 1 FROM plan.reason WHERE code = 'no-order')"
        " OR EXISTS (SELECT 1 FROM plan.cell WHERE NOT ticked)"
        " OR EXISTS (SELECT 1 FROM staging.file WHERE refused IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM staging.source WHERE refused IS NOT NULL OR kind = 'own')"
    ).fetchone()[0]
    return not waiting and noted < _MOST_REASONS
