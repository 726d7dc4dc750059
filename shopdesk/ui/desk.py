"""What every page works with, made once by the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.ui.coming_back import ComingBack
    from shopdesk.ui.keeping import Keeping
    from shopdesk.ui.messages import Messages
    from shopdesk.ui.worker import Task, Worker


class ViewExport(Protocol):
    """Writes the rows of a view to a file; the exchange provides it. Gives the number of rows written."""

    def __call__(
        self,
        path: Path,
        *,
        title: str,
        headings: list[str],
        kinds: list[str],
        rows: Iterator[list[object]],
        task: Task,
    ) -> int:
        """Write them all; what was there is replaced."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is shown is a backup, the shop as it was `when`; `live` is the shop of `now`, open behind it.

    `back` leads back to it.
    """

    live: Shop
    when: str
    now: datetime
    back: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """The shop, the worker and the message bus, and the ways out of a page.

    A `pictured` shop is only read, but shown as to its owner.
    """

    shop: Shop
    worker: Worker
    messages: Messages
    export_view: ViewExport | None = None
    undo: Callable[[], None] | None = None
    pictured: bool = False
    export_whole: Callable[[Shop, Path, Callable[[], None]], list[str]] | None = None
    protect: Callable[[str], None] | None = None
    """Puts the shop under a password, with "" out of the one that it has; it is closed and opened again."""
    keeping: Keeping | None = None
    coming_back: ComingBack | None = None
    past: Past | None = None

    @property
    def read_only(self) -> bool:
        """Whether acts are to be shown as what cannot be done here."""
        return self.shop.read_only and not self.pictured
