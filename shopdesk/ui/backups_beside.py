"""The drawer of the page of backups: shows one, and beside the list finds out what has changed since."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from shopdesk.core import sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.shelf import CHANGED, is_as_noted
from shopdesk.core.shop import Shop
from shopdesk.core.since import Since, compare
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import tr
from shopdesk.ui.backups_drawer import RESTORE, BackupCard, step_list
from shopdesk.ui.backups_table import when, why
from shopdesk.ui.drawer import Custom, Fact, Facts, Heading, Link, Record
from shopdesk.ui.lining import OneByOne

if TYPE_CHECKING:
    from shopdesk.core.shelf import Copy
    from shopdesk.ui.base_page import Page


class BackupDrawer(QObject):
    """Shows a backup in the drawer of a page.

    Signals: ``act_requested(Copy, act)`` (see BackupCard), for RESTORE once the owner was asked and said yes;
    ``copy_requested(Copy)``.
    """

    act_requested = Signal(object, int)
    copy_requested = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._found: dict[tuple[str, int], Since] = {}
        self._looks = OneByOne(self)
        self.card: BackupCard | None = None
        self.copy: Copy | None = None

    def show(self, copy: Copy) -> None:
        """Show one; what takes a look into the file follows."""
        self.card, self.copy = BackupCard(copy), copy
        self.card.act_requested.connect(self._on_act)
        self.card.copy_requested.connect(partial(self.copy_requested.emit, copy))
        self.card.steps_requested.connect(self._show_steps)
        tag, tone = (tr("not to be relied on"), "bad") if copy.fault else (tr("verified"), "good")
        title = tr("{when} · {why}", when=when(copy), why=why(copy))
        record = Record(Heading(title, tag, tone), Custom(self.card), steps=False, foot=self.card.foot)
        self._page.use_drawer().show_record(record)
        self._page.place_drawer()
        known = self._found.get(self._moment(copy))
        if copy.fault:
            self.card.refuse(tr("Nothing can be brought back from it. Take the one before or after it."))
        elif known is not None:
            self.card.show_since(known)
        else:
            work = partial(_compared, copy, self._page.shop)
            self._looks.only(work, partial(self._on_compared, copy), partial(self._on_unreadable, copy))

    def is_shown(self, copy: Copy | None) -> bool:
        """Whether the drawer is open with just this."""
        drawer = self._page.drawer
        return drawer is not None and drawer.isVisible() and copy == self.copy

    @property
    def busy(self) -> bool:
        """Whether a file is looked into."""
        return self._looks.busy

    def ask_restore(self) -> None:
        """Choose the way back as a whole and ask, as the owner would in the drawer."""
        if self.card is not None and self.card.cards is not None:
            self.card.cards.choose(RESTORE)
            self.card.button.click()

    def stop(self) -> None:
        """The shop is being closed."""
        self._looks.stop()

    def _moment(self, copy: Copy) -> tuple[str, int]:
        """A backup and a state of the shop: what was found out for both holds as long as they do."""
        return copy.made.name, copy.since if copy.since is not None else self._page.shop.changes()

    def _on_compared(self, copy: Copy, found: Since) -> None:
        self._found[self._moment(copy)] = found
        if self.card is not None and copy == self.copy:
            self.card.show_since(found)

    def _on_unreadable(self, copy: Copy, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        if self.card is not None and copy == self.copy:
            self.card.refuse(str(error))
            self._page.stale()

    def _show_steps(self) -> None:
        copy = self.copy
        found = self._found.get(self._moment(copy)) if copy is not None else None
        if copy is None or found is None or found.lost is None:
            return
        facts = [Fact(at, label) for at, label in step_list(found.lost)]
        title = tr("Since {when}", when=when(copy))
        back = Link(tr("Back to the backup"), run=partial(self.show, copy))
        self.card = None
        self._page.use_drawer().show_record(Record(Heading(title), back, Facts(facts), steps=False))

    def _on_act(self, act: int) -> None:
        copy, card = self.copy, self.card
        if copy is None or card is None:
            return
        if act != RESTORE:
            self.act_requested.emit(copy, act)
            return
        said = tr(
            "The whole shop goes back to {when}. The shop of now becomes a verified backup first, and can be put back"
            " from this list.",
            when=when(copy),
        )
        yes, _no = card.ask(said, tr("Put the shop back"))
        yes.clicked.connect(partial(self._said_yes, copy, card))

    def _said_yes(self, copy: Copy, card: BackupCard) -> None:
        card.ask_no_more()
        self.act_requested.emit(copy, RESTORE)


def _compared(copy: Copy, shop: Shop) -> Since:
    """A backup beside the shop; it is checked like a stranger's file before a row of it is read."""
    try:
        then = Shop.open(copy.path, key=shop.key, write=False, familiar=False)
        try:
            return compare(then.reader(), shop.reader())
        finally:
            then.close()
    except (sqlite.DatabaseError, OSError) as error:
        if not is_as_noted(copy):  # written over, or its stick pulled, while it is read
            raise ShopError(CHANGED) from error
        with disk_trouble(shop.path):
            raise
    finally:
        shop.forget_reader()
