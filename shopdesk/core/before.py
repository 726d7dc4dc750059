"""The shop as it was before an act on many records, to be saved after it: so that the act need not wait.

A reading transaction that begins before an act goes on seeing the file as it was then, however long it lasts.
Each act of an open window begins with one, which costs some microseconds; when the act turns out to be a
large one, the transaction is handed on and a backup is made from it beside the window.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from shopdesk.core import meta, sqlite
from shopdesk.core.sqlite import Connection

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

MANY = 50
"""An act on more records than this is a bulk act: more than the owner has seen one by one on the screen.

Such acts run beside the window, and the shop as it was before is saved.
"""

_ROWS = """
SELECT coalesce(max(n), 0) FROM (
    SELECT count(*) AS n FROM journal_rows WHERE step = :step GROUP BY table_name
    UNION ALL
    SELECT sum(last_id - first_id + 1) FROM journal_inserts WHERE step = :step GROUP BY table_name)
"""


class Held:
    """A past state of the shop that can still be read. `label` and `n` say which act on how many rows came after it."""

    def __init__(self, con: Connection) -> None:
        self.con = con
        self.label = ""
        self.n = 0
        con.execute("BEGIN")
        self.changes = meta.changes(con)

    def close(self) -> None:
        """Let the state go."""
        with suppress(sqlite.DatabaseError):
            self.con.close()


class Before:
    """Holds the state before each act of a shop and gives that before a large one to `large`.

    All but `close` is called by the door, which lets one act through at a time.
    """

    def __init__(self, shop: Shop, large: Callable[[Held], None]) -> None:
        self._shop = shop
        self._large = large
        self._con: Connection | None = None
        self._held: Held | None = None

    def hold(self) -> None:
        """An act begins. What cannot be held on a failing disk is no reason to refuse it."""
        with suppress(sqlite.DatabaseError):
            if self._con is None:
                self._con = sqlite.connect(self._shop.path, key=self._shop.key)
            self._held = Held(self._con)

    def weigh(self, con: Connection, step: int) -> None:
        """The act is about to be committed on `con`: how many rows of one table it touched, and what it is called."""
        if self._held is not None:
            self._held.n = con.execute(_ROWS, {"step": step}).fetchone()[0]
            named = con.execute("SELECT label FROM journal_steps WHERE id = ?", (step,)).fetchone()
            self._held.label = named[0] if named is not None else ""  # what changed nothing has left no step

    def done(self) -> None:
        """The act is committed."""
        held = self._held
        if held is not None and held.n > MANY:
            self._held = self._con = None
            self._large(held)

    def let_go(self) -> None:
        """The act is over, one way or the other."""
        self._held = None
        if self._con is not None and self._con.in_transaction:
            with suppress(sqlite.DatabaseError):
                self._con.execute("ROLLBACK")

    def close(self) -> None:
        """The shop is put away."""
        if self._con is not None:
            self._con.close()
            self._con = None
