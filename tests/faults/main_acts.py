"""The main acts of the owner and of the program, and what takes each back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import backup, password, protect, restore
from shopdesk.core.shop import Shop
from shopdesk.customers import store as customers
from shopdesk.exchange import commands
from shopdesk.inventory import verbs as inventory
from shopdesk.inventory.model import Move
from shopdesk.orders import verbs as orders
from shopdesk.orders.model import Problem
from tests.drafts import write_own_note


@dataclass
class Desk:
    """A shop at which somebody works, and the folder around it."""

    shop: Shop
    place: Path

    def first(self, query: str) -> int:
        """The first record that a query finds."""
        return int(self.shop.reader().execute(query).fetchone()[0])

    def open(self) -> None:
        """Close the shop and open it again."""
        self.shop.close()
        self.shop = Shop.open(self.shop.path)

    def new(self) -> None:
        """Make another shop."""
        Shop.create(self.place / "new.shop", name="New").close()

    def forget_new(self) -> None:
        """Let its name be free again."""
        (self.place / "new.shop").unlink(missing_ok=True)

    def upgrade(self) -> None:
        """Open a shop of the first version."""
        Shop.open(self.place / "old" / "old.shop").close()

    def forget_upgrade(self) -> None:
        """Let it be of the first version again."""
        shutil.rmtree(self.place / "old", ignore_errors=True)
        (self.place / "old").mkdir()
        shutil.copy(self.place / "older.shop", self.place / "old" / "old.shop")

    def restore(self, name: str = "candidate.shop") -> None:
        """Put another content in the place of the shop's own."""
        self.shop.close()
        restore.restore(self.shop.path, self.place / name)

    def again(self) -> None:
        """Open the shop anew, under its password when it has one."""
        path = self.shop.path
        self.shop = Shop.open(path, key=protect.unlock(path, WORD) if protect.is_protected(path) else None)

    def make_backup(self) -> None:
        """Make a backup."""
        backup.make(self.shop, why="test")

    def forget_backups(self) -> None:
        """Let there be none again: else each one more follows a password and makes that act longer."""
        shutil.rmtree(backup.folder(self.shop.path), ignore_errors=True)

    def set_password(self) -> None:
        """Put the shop and its one backup under a password."""
        if not backup.listed(self.shop.path):
            self.make_backup()
        self._change_password(WORD)

    def remove_password(self) -> None:
        """Make them plain files again."""
        self._change_password(None)

    def _change_password(self, word: str | None) -> None:
        key = self.shop.key
        self.shop.close()
        password.change(self.shop.path, key, word)
        self.again()

    def restore_back(self) -> None:
        """Put back what it was."""
        self.restore("origin.shop")


WORD = "geheim"
Work = Callable[[Desk], object]
WAITING = "SELECT id FROM orders WHERE status = 'to_ship' AND deleted_at IS NULL ORDER BY id"


def _undo(desk: Desk) -> object:
    return desk.shop.undo()


def _redo(desk: Desk) -> object:
    return desk.shop.redo()


def _nothing(_desk: Desk) -> None:
    return None


ACTS: dict[str, tuple[Work, Work]] = {
    "ship": (lambda d: orders.ship_orders(d.shop, ids=[d.first(WAITING)], courier="SF", tracking="1"), _undo),
    "flag": (lambda d: orders.flag_problem(d.shop, ids=[d.first(WAITING)], kind=Problem.OTHER, note="x"), _undo),
    "edit": (lambda d: write_own_note(d.shop, d.first(WAITING), "y" * 99), _undo),
    "book": (
        lambda d: inventory.book(
            d.shop, sku_id=d.first("SELECT id FROM skus WHERE deleted_at IS NULL"), move=Move.RECEIVE, qty=3
        ),
        _undo,
    ),
    "customer": (
        lambda d: customers.edit_customer(
            d.shop, customer_id=d.first("SELECT id FROM customers WHERE deleted_at IS NULL"), note="z"
        ),
        _undo,
    ),
    "undo": (_undo, _redo),
    "import": (lambda d: commands.import_files(d.shop, [d.place / "more.csv"], channel="Muhe"), _undo),
    "backup": (Desk.make_backup, Desk.forget_backups),
    "export": (lambda d: commands.export_tables(d.shop, d.place / "out"), _nothing),
    "open": (Desk.open, _nothing),
    "new": (Desk.new, Desk.forget_new),
    "upgrade": (Desk.upgrade, Desk.forget_upgrade),
    "restore": (Desk.restore, Desk.restore_back),
    "password": (Desk.set_password, Desk.remove_password),
}
"""Each main act, and what takes it back."""
