"""Acts of the owner on a page: a verb is run, its refusal becomes a message, its success a toast with Undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from shopdesk.core.errors import ShopError
from shopdesk.ui.progress import ProgressStrip
from shopdesk.ui.undoing import Undoing

if TYPE_CHECKING:
    from shopdesk.ui.desk import Desk
    from shopdesk.ui.worker import Task


class Acts(QObject):
    """Runs the verbs of one page; `strip` shows how far a long one is, and stops it."""

    def __init__(self, page: QObject, name: str, desk: Desk) -> None:
        super().__init__(page)
        self._desk = desk
        self._key = f"{name}.long"
        self.strip = strip = ProgressStrip()
        self.strip.stopped.connect(self._on_stopped)
        self._undoing = Undoing(lambda: strip, self)
        self._undoing.use(desk)
        desk.worker.progressed.connect(self._on_progressed)

    def do(self, verb: Callable[[], Any], said: str = "") -> Any:
        """Run a verb and give its result; None when it was refused."""
        before = self.last_step()
        try:
            result = verb()
        except ShopError as error:
            self._desk.messages.error(error)
            return None
        self.say_done(before, said)
        return result

    def say_done(self, before: int, said: str = "") -> None:
        """Tell what was written since step `before`; nothing when nothing was."""
        step = self._desk.shop.last_step()
        if step is not None and step.id > before:
            self._desk.messages.done(said or step.label, step=step.id)

    def do_long(self, verb: Callable[[Task], Any], said: str = "", text: str = "") -> None:
        """Run a verb that takes longer than a frame in the writing thread, with progress and Stop."""
        done = partial(self._on_long_done, self.last_step(), said)
        self._desk.worker.write(verb, done, self._on_long_error, key=self._key, text=text)
        self.strip.tell(0, 0, text)

    def undo_step(self, step: int) -> None:
        """Take back a step of the history, in the writing thread: it may be a whole import."""
        self._undoing.undo_step(step)

    def last_step(self) -> int:
        """The number of the newest step; 0 before the first."""
        step = self._desk.shop.last_step()
        return step.id if step is not None else 0

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        self._desk.messages.error(error)

    def _on_progressed(self, key: str, done: int, total: int, text: str) -> None:
        if key == self._key:
            self.strip.tell(done, total, text)

    def _on_stopped(self) -> None:
        self._desk.worker.cancel(self._key)
        self.strip.hide()

    def _on_long_done(self, before: int, said: str, _result: object) -> None:
        self.strip.hide()
        self.say_done(before, said)

    def _on_long_error(self, error: Exception) -> None:
        self.strip.hide()
        self._refused(error)
