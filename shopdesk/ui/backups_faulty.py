"""The box under the list of backups: one that cannot be relied on, which good one is near it, and to delete it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core.words import sentences, tr, trn
from shopdesk.ui.backups_table import when
from shopdesk.ui.banner import Sign
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled

if TYPE_CHECKING:
    from shopdesk.core.shelf import Copy


_SIDE = 20


class FaultyBox(QWidget):
    """Says what is wrong with one backup. Signal: ``deleted(Copy)`` once the owner was asked and said yes."""

    deleted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._copies: Sequence[Copy] = ()
        self._copy: Copy | None = None
        frame = styled(QFrame(), "bad")
        self._said = PlainLabel("", "body", wrap=True)
        self._delete, self._yes, self._no = QPushButton(), QPushButton(), QPushButton()
        for button in (self._delete, self._yes):
            button.setProperty("kind", "danger")
            button.setIcon(icon("delete", "bad"))
        self._delete.clicked.connect(self._on_delete)
        self._yes.clicked.connect(self._on_yes)
        self._no.clicked.connect(self._say)
        self._show_buttons(asking=False)
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 7, 10, 7)
        row.setSpacing(8)
        row.addWidget(Sign("late_or_error", "bad", 14))
        row.addWidget(self._said, 1)
        for button in (self._delete, self._yes, self._no):
            button.setProperty("small", True)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 10, _SIDE, 10)
        self._column = column
        column.addWidget(frame)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._said.text() if not self.isHidden() else ""

    @property
    def buttons(self) -> tuple[QPushButton, QPushButton, QPushButton]:
        """Delete; yes and no once it is asked."""
        return self._delete, self._yes, self._no

    def make_room(self, covered: int) -> None:
        """Keep clear of what lies over the right end, so many pixels wide."""
        self._column.setContentsMargins(_SIDE, 10, _SIDE + covered, 10)

    def show_first(self, copies: Sequence[Copy]) -> None:
        """Speak of the newest one that cannot be relied on; of none, say nothing. A question stays."""
        self._copies = copies
        asked = self._copy.made.name if self._copy is not None and not self._yes.isHidden() else ""
        if any(copy.fault and copy.made.name == asked for copy in copies):
            return
        self._copy = next((copy for copy in copies if copy.fault), None)
        self.setVisible(self._copy is not None)
        if self._copy is not None:
            self._say()

    def ask(self, copy: Copy) -> None:
        """Ask whether this one shall be deleted."""
        self._copy = copy
        self.show()
        self._on_delete()

    def _say(self) -> None:
        copy = self._copy
        if copy is None:
            return
        said = tr("{when}: {reason}", when=when(copy), reason=tr(copy.fault))
        more = sum(1 for other in self._copies if other.fault) - 1
        before = next((c for c in self._copies if not c.fault and c.made.at < copy.made.at), None)
        if before is not None:
            said = sentences(said, tr("The one before, of {when}, is well.", when=when(before)))
        if more > 0:
            said = sentences(said, trn("{n} more is like it.", "{n} more are like it.", more))
        self._said.setText(said)
        self._delete.setText(tr("Delete it"))
        self._show_buttons(asking=False)

    def _on_delete(self) -> None:
        if self._copy is not None:
            self._said.setText(tr("Delete the backup of {when} for good?", when=when(self._copy)))
            self._yes.setText(tr("Delete it"))
            self._no.setText(tr("Keep it"))
            self._show_buttons(asking=True)

    def _on_yes(self) -> None:
        copy, self._copy = self._copy, None
        self.hide()
        if copy is not None:
            self.deleted.emit(copy)

    def _show_buttons(self, *, asking: bool) -> None:
        self._delete.setVisible(not asking)
        self._yes.setVisible(asking)
        self._no.setVisible(asking)
