"""Undo and redo from the window: in the writing thread, because a whole import may be one step.

What takes longer than a moment is told in the strip of the page on show. It cannot be stopped half way.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_, tr
from shopdesk.ui.desk import Desk
from shopdesk.ui.progress import ProgressStrip

if TYPE_CHECKING:
    from shopdesk.core.steps import Step

TOLD_AFTER_MS = 250


class Undoing(QObject):
    """Takes steps back and forth and says what came of it; without a shop it does nothing.

    `strip` gives the strip that is in sight at the time.
    """

    def __init__(self, strip: Callable[[], ProgressStrip | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk: Desk | None = None
        self._strip = strip
        self._shown: ProgressStrip | None = None
        self._under_way: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(TOLD_AFTER_MS)
        self._timer.timeout.connect(self._on_time)

    def use(self, desk: Desk | None) -> None:
        """Work on another shop, or on none."""
        self._desk = desk
        self._under_way.clear()
        self._timer.stop()
        self._shown = None

    def undo(self) -> None:
        """Take back the newest step."""
        self._run(Shop.undo, self._on_undone, tr("Undoing"))

    def redo(self) -> None:
        """Bring back what was undone last."""
        self._run(Shop.redo, self._on_redone, tr("Redoing"))

    def undo_step(self, step: int) -> None:
        """Take back one step, also one in the middle."""
        self._run(lambda shop: shop.undo_step(step), self._on_undone, tr("Undoing"))

    def _run(self, verb: Callable[[Shop], Any], done: Callable[[Any], None], text: str) -> None:
        desk = self._desk
        if desk is not None:
            desk.worker.write(lambda _task: verb(desk.shop), done, self._on_refused, text=text)
            self._under_way.append(text)
            self._timer.start()

    def _on_time(self) -> None:
        """It takes long: say so where the owner is looking, unless the page has something to say itself."""
        strip = self._strip()
        if strip is not self._shown:
            self._say_no_more()
        if strip is not None and (strip is self._shown or not strip.said):
            strip.tell(0, 0, self._under_way[0], stops=False)
            self._shown = strip

    def _over(self) -> None:
        """They come to an end in the order in which they were asked for."""
        del self._under_way[:1]
        if not self._under_way:
            self._timer.stop()
            self._say_no_more()

    def _say_no_more(self) -> None:
        if self._shown is not None:
            self._shown.hide()
            self._shown = None

    def _on_undone(self, step: "Step | None") -> None:
        self._say(step, tr("There is nothing to undo"), N_("Undone: {what}"))

    def _on_redone(self, step: "Step | None") -> None:
        self._say(step, tr("There is nothing to redo"), N_("Done again: {what}"))

    def _say(self, step: "Step | None", nothing: str, template: str) -> None:
        self._over()
        if self._desk is not None:
            self._desk.messages.info(nothing if step is None else tr(template, what=step.label))

    def _on_refused(self, error: Exception) -> None:
        self._over()
        if not isinstance(error, ShopError):
            raise error
        if self._desk is not None:
            self._desk.messages.error(error)
