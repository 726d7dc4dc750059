"""Undo and redo from the window: in the writing thread, because a whole import may be one step."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_, tr
from shopdesk.ui.desk import Desk

if TYPE_CHECKING:
    from shopdesk.core.steps import Step


class Undoing:
    """Takes steps back and forth and says what came of it; without a shop it does nothing."""

    def __init__(self) -> None:
        self._desk: Desk | None = None

    def use(self, desk: Desk | None) -> None:
        """Work on another shop, or on none."""
        self._desk = desk

    def undo(self) -> None:
        """Take back the newest step."""
        self._run(Shop.undo, self._on_undone, tr("Undo"))

    def redo(self) -> None:
        """Bring back what was undone last."""
        self._run(Shop.redo, self._on_redone, tr("Redo"))

    def undo_step(self, step: int) -> None:
        """Take back one step, also one in the middle."""
        self._run(lambda shop: shop.undo_step(step), self._on_undone, tr("Undo"))

    def _run(self, verb: Callable[[Shop], Any], done: Callable[[Any], None], text: str) -> None:
        desk = self._desk
        if desk is not None:
            desk.worker.write(lambda _task: verb(desk.shop), done, self._on_refused, text=text)

    def _on_undone(self, step: "Step | None") -> None:
        self._say(step, tr("There is nothing to undo"), N_("Undone: {what}"))

    def _on_redone(self, step: "Step | None") -> None:
        self._say(step, tr("There is nothing to redo"), N_("Done again: {what}"))

    def _say(self, step: "Step | None", nothing: str, template: str) -> None:
        if self._desk is not None:
            self._desk.messages.info(nothing if step is None else tr(template, what=step.label))

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        if self._desk is not None:
            self._desk.messages.error(error)
