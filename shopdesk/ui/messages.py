"""The one message bus: anything may speak, the window shows it, a test records it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from shopdesk.core.errors import Damaged, ShopError
from shopdesk.core.words import sentences, tr


class Level(Enum):
    """How a message is to be read; DONE is the only one that offers Undo."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for the owner, in her language.

    `fix` says what to do, `step` is the undo step behind a done act, `link` a button: (label, what it does).
    """

    level: Level
    text: str
    fix: str = ""
    step: int | None = None
    link: tuple[str, Callable[[], None]] | None = None

    def whole(self) -> str:
        """The sentence with its advice."""
        return sentences(self.text, self.fix)


class Messages(QObject):
    """Takes messages from pages and hands them to whoever shows them.

    Signals: ``posted(Message)``; ``damaged`` when an act found the shop file damaged.
    """

    posted = Signal(object)
    damaged = Signal()

    def info(self, text: str, *, link: tuple[str, Callable[[], None]] | None = None) -> None:
        """Something worth knowing."""
        self._post(Message(Level.INFO, text, link=link))

    def done(self, text: str, *, step: int | None = None) -> None:
        """An act was written; `step` can be undone."""
        self._post(Message(Level.DONE, text, step=step))

    def warning(self, text: str, *, fix: str = "", link: tuple[str, Callable[[], None]] | None = None) -> None:
        """Something to look at."""
        self._post(Message(Level.WARNING, text, fix, link=link))

    def error(self, what: str | ShopError) -> None:
        """Something did not happen; nothing was changed."""
        if isinstance(what, ShopError):
            fix = tr(what.fix, **what.values) if what.fix else ""
            self._post(Message(Level.ERROR, tr(what.message, **what.values), fix))
            if isinstance(what, Damaged):
                self.damaged.emit()
        else:
            self._post(Message(Level.ERROR, what))

    def record(self) -> list[Message]:
        """A list that fills with every message from now on."""
        kept: list[Message] = []
        self.posted.connect(kept.append)
        return kept

    def _post(self, message: Message) -> None:
        self.posted.emit(message)
