"""How far long work is, inside the page and never in its way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from shopdesk.core.words import tr
from shopdesk.ui.text import LinkLabel, PlainLabel


class ProgressStrip(QWidget):
    """How far long work is, with Stop. Signal: ``stopped``."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._text = PlainLabel("", "small", "text_2")
        self._stop = LinkLabel("", "small")
        self._stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 8)
        row.setSpacing(10)
        row.addWidget(self._bar, 1)
        row.addWidget(self._text)
        row.addWidget(self._stop)
        self.hide()

    @property
    def said(self) -> str:
        """How far it is, in words; "" while nothing is done."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, done: int, total: int, text: str, *, stops: bool = True) -> None:
        """Show how far it is; a total of 0 is unknown. `stops` offers to stop it."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        share = f" · {done / total:.0%}" if total else ""
        self._text.setText(f"{text}{share}")
        self._stop.setText(tr("Stop"))
        self._stop.setVisible(stops)
        self.show()
