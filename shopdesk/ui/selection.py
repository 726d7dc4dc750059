"""Which records are chosen, by id, so that a choice survives sorting and a refresh."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """A set of ids, or all rows of the view except some.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self, total: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = total
        self._ids: dict[int, None] = {}
        self._everything = False

    @property
    def everything(self) -> bool:
        """Whether all rows of the view are chosen, but for `left_out()`."""
        return self._everything

    @property
    def count(self) -> int:
        """How many records are chosen."""
        return max(0, self._total() - len(self._ids)) if self._everything else len(self._ids)

    def __contains__(self, record_id: int) -> bool:
        return (record_id in self._ids) is not self._everything

    def ids(self) -> list[int]:
        """The chosen ids in the order of choosing; not to be asked while `everything` is true."""
        return [] if self._everything else list(self._ids)

    def left_out(self) -> list[int]:
        """The records taken out again after everything was chosen."""
        return list(self._ids) if self._everything else []

    def set(self, ids: Iterable[int]) -> None:
        """Choose exactly these."""
        self._everything = False
        self._ids = dict.fromkeys(ids)
        self.changed.emit()

    def add(self, ids: Iterable[int]) -> None:
        """Choose these too."""
        for record_id in ids:
            self._put(record_id, chosen=True)
        self.changed.emit()

    def toggle(self, record_id: int) -> None:
        """Choose the record, or no longer."""
        self._put(record_id, chosen=record_id not in self)
        self.changed.emit()

    def take_everything(self) -> None:
        """Choose all rows of the view, however many."""
        self._everything = True
        self._ids = {}
        self.changed.emit()

    def clear(self) -> None:
        """Choose nothing."""
        if self._ids or self._everything:
            self.set(())

    def _put(self, record_id: int, *, chosen: bool) -> None:
        if chosen is self._everything:
            self._ids.pop(record_id, None)
        else:
            self._ids[record_id] = None
