"""A page over a small table of its own, for the tests of the kit: no feature is needed to test it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication

from shopdesk.app import Program
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.base_page import Page
from shopdesk.ui.bell import Bell
from shopdesk.ui.columns import Cell, Column, Filter, Kind, Row, Source, View
from shopdesk.ui.desk import Desk
from shopdesk.ui.drawer import Deadline, Fact, Facts, Heading, Note, Record
from shopdesk.ui.messages import Messages
from shopdesk.ui.page import TablePage
from shopdesk.ui.worker import Worker

TABLE = """
CREATE TABLE things (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, size INTEGER, price INTEGER,
    due_at TEXT, state TEXT NOT NULL DEFAULT 'open', deleted_at TEXT) STRICT;
CREATE INDEX things_name ON things (name) WHERE deleted_at IS NULL;
CREATE INDEX things_size ON things (size) WHERE deleted_at IS NULL;
CREATE INDEX things_due ON things (due_at) WHERE deleted_at IS NULL;
CREATE INDEX things_state ON things (state, due_at) WHERE deleted_at IS NULL;
CREATE VIRTUAL TABLE search_things USING fts5(words, content='', contentless_delete=1);
"""


def name_cell(row: Row) -> Cell:
    """The name with its tile."""
    icons = (("flag_problem", "warn"),) if row["state"] == "problem" else ()
    return Cell(row["name"], thumb="", icons=icons)


def due_cell(row: Row) -> Cell:
    """Late ones are red."""
    late = row["due_at"] is not None and row["due_at"] < "2026-11-24 14:50:00"
    return Cell(row["due_at"] or "·", "bad" if late else "", strong=late)


class ThingsPage(TablePage):
    """Lists things."""

    name = "things"
    title = N_("Things")
    topics = frozenset({"things"})
    search_hint = N_("Name")
    noun = (N_("{n} thing"), N_("{n} things"))
    empty = (N_("No things yet"), N_("Add one."))
    source = Source(
        "things",
        "SELECT id, name, size, price, due_at, state FROM things WHERE id IN (SELECT value FROM json_each(:ids))",
        search="things",
    )
    columns = (
        Column("name", N_("Name"), width=200, sort="name", cell=name_cell, stretch=True),
        Column(
            "size",
            N_("Size"),
            Kind.NUMBER,
            width=60,
            sort="size",
            falling=True,
            edit=lambda p, i, t: p.resize_thing(i, int(t)),
        ),
        Column("price", N_("Price {symbol}"), Kind.MONEY, width=90, sort="price"),
        Column("due_at", N_("Due"), Kind.TIME, width=150, sort="due_at", cell=due_cell),
        Column("state", N_("State"), Kind.TAG, width=90, sort="state"),
        Column("secret", N_("Secret"), hidden=True),
    )
    views = (
        View("open", N_("Open"), "state = 'open'", sort="due_at"),
        View("late", N_("Late"), "state = 'open' AND due_at < :now", sort="due_at", tone="bad"),
        View("all", N_("All"), sort="-due_at"),
    )
    first_view = "all"
    filters = (Filter("state", N_("State"), "state = :value", lambda con: [("open", "open"), ("done", "done")]),)

    def actions(self) -> tuple[Action, ...]:
        return (
            Action("things.add", N_("Add"), "add", self.on_add, "Ctrl+N", Place.PRIMARY),
            Action("things.finish", N_("Finish"), "tick", self.on_finish, "Ctrl+Return", Place.MAIN, Needs.SOME),
            Action("things.flag", N_("Flag"), "flag_problem", self.on_flag, "!", Place.SELECTION, Needs.SOME),
        )

    def on_add(self) -> None:
        self.do(lambda: add(self.shop, ["new"]))

    def on_finish(self, ids: list[int]) -> None:
        self.do(lambda: finish(self.shop, ids))

    def on_flag(self, ids: list[int]) -> None:
        self.flagged = ids

    def resize_thing(self, record_id: int, size: int) -> None:
        with self.shop.change(N_("Resized"), "things") as db:
            db.execute("UPDATE things SET size = ? WHERE id = ?", (size, record_id))

    def record(self, con, record_id):
        row = con.execute("SELECT * FROM things WHERE id = ?", (record_id,)).fetchone()
        if row is None:
            return None
        return Record(
            Heading(row["name"], tag=row["state"]),
            Deadline("clock", "Due", row["due_at"] or "", action="things.finish"),
            Note("<b>Careful</b>", "<img src='x'>"),
            Facts([Fact("Size", str(row["size"]), strong=True)]),
            history=("things", record_id),
        )

    def selected_fact(self, con, ids):
        return f"sum {sum(ids)}"


def add(shop: Shop, names: list[str], **values: object) -> None:
    """Put things into the shop."""
    with shop.change(N_("Added"), "things") as db:
        for name in names:
            db.execute("INSERT INTO things (name) VALUES (?)", (name,))


def finish(shop: Shop, ids: list[int]) -> None:
    """Mark things done."""
    with shop.change(N_("Finished {n}"), "things", n=len(ids)) as db:
        for record_id in ids:
            db.execute("UPDATE things SET state = 'done' WHERE id = ?", (record_id,))


@contextmanager
def desk_of(shop: Shop) -> Iterator[Desk]:
    """A desk whose worker ends with the block."""
    worker = Worker(shop)
    yield Desk(shop, worker, Messages())
    worker.stop()


def hears(page: Page) -> Bell:
    """Let a page without a window hear of every change, as the program does."""
    bell = Bell(page)
    bell.rang.connect(page.topics_changed)
    page.shop.listeners.append(bell.ring)
    return bell


def settle(program: Program) -> None:
    """Wait until the worker has answered and everything was painted."""
    program.worker.wait_idle()
    QApplication.processEvents()
