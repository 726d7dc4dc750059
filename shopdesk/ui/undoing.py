"""Undo and redo from the window: in the writing thread, because a whole import may be one step."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr
from shopdesk.ui.desk import Desk

if TYPE_CHECKING:
    from shopdesk.core.journal import Step


class Undoing:
    """Takes steps back and forth and says what came of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def undo(self) -> None:
        """Take back the newest step."""
        self._run(self._desk.shop.undo, self._on_undone, tr("Undo"))

    def redo(self) -> None:
        """Bring back what was undone last."""
        self._run(self._desk.shop.redo, self._on_redone, tr("Redo"))

    def undo_step(self, step: int) -> None:
        """Take back one step, also one in the middle."""
        self._run(lambda: self._desk.shop.undo_step(step), self._on_undone, tr("Undo"))

    def _run(self, verb: Callable[[], Any], done: Callable[[Any], None], text: str) -> None:
        self._desk.worker.write(lambda _task: verb(), done, self._on_refused, text=text)

    def _on_undone(self, step: "Step | None") -> None:
        self._say(step, tr("There is nothing to undo"), N_("Undone: {what}"))

    def _on_redone(self, step: "Step | None") -> None:
        self._say(step, tr("There is nothing to redo"), N_("Done again: {what}"))

    def _say(self, step: "Step | None", nothing: str, template: str) -> None:
        self._desk.messages.info(nothing if step is None else tr(template, what=step.label))

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        self._desk.messages.error(error)
