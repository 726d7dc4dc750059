"""The chips of a page: its views, with how many records each holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from shopdesk.core.words import tr
from shopdesk.ui.theme import theme

_PAD = 12
_GAP = 6


class Chip(QAbstractButton):
    """One view: its name and its count; on, quiet, or with a colour that says what to look at."""

    menu_requested = Signal(QPoint)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.tone = ""
        self.dashed = False
        self._count: int | None = None
        self.setProperty("kind", "chip_painted")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def count(self) -> int | None:
        """How many records the view holds; None until counted."""
        return self._count

    def show_view(self, label: str, tone: str) -> None:
        """Take the words and the tone."""
        self.setText(label)
        self.tone = tone
        self._describe()

    def set_count(self, count: int | None) -> None:
        """Say how many there are."""
        if count != self._count:
            self._count = count
            self._describe()

    def _describe(self) -> None:
        number = "" if self._count is None else f" {self._count:,}"
        self.setAccessibleName(f"{self.text()}{number}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the words and the number in their strong form, so that nothing moves when it is on."""
        strong = theme().metrics("body", True)
        width = strong.horizontalAdvance(self.text()) + 2 * _PAD
        if self._count is not None:
            width += 8 + strong.horizontalAdvance(f"{self._count:,}")
        return QSize(width, theme().size("chip"))

    def minimumSizeHint(self) -> QSize:
        """Never smaller than its words."""
        return self.sizeHint()

    def contextMenuEvent(self, event: object) -> None:
        """What can be done with the view."""
        self.menu_requested.emit(event.globalPos())  # type: ignore[attr-defined]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A pill; the number is strong."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        pen = painter.pen()
        late = self.tone == "bad" and self._count not in (None, 0)
        pen.setColor(theme().colour("accent" if on else "bad" if late else "line_strong"))
        pen.setStyle(Qt.PenStyle.DashLine if self.dashed else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(theme().colour("accent" if on else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        self._paint_words(painter, on=on)

    def _paint_words(self, painter: QPainter, *, on: bool) -> None:
        room = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        ink = "on_accent" if on else "text_3" if self.dashed else "text_2"
        painter.setFont(theme().font("body", on))
        painter.setPen(theme().colour(ink))
        painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignLeft), self.text())
        if self._count is None:
            return
        shown = self.tone if self.tone and self._count else "text"
        painter.setFont(theme().font("body", True))
        painter.setPen(theme().colour("on_accent" if on else shown))
        painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignRight), f"{self._count:,}")


class ChipRow(QWidget):
    """The chips in a row; one is on.

    Signals: ``picked(key)``, ``save_requested`` for the dashed chip, ``chip_menu_requested(key, point)``.
    """

    picked = Signal(str)
    save_requested = Signal()
    chip_menu_requested = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._save = Chip("+", self)
        self._save.dashed = True
        self._save.setCheckable(False)
        self._save.clicked.connect(self.save_requested)
        self._row.addWidget(self._save)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, views: Sequence[tuple[str, str, str]]) -> None:
        """Show these views: (key, label, tone)."""
        keys = [key for key, _, _ in views]
        for gone in [key for key in self._chips if key not in keys]:
            chip = self._chips.pop(gone)
            self._row.removeWidget(chip)
            chip.deleteLater()
        for place, (key, label, tone) in enumerate(views):
            chip = self._chips.get(key) or self._make(key)
            chip.show_view(label, tone)
            self._row.removeWidget(chip)
            self._row.insertWidget(place, chip)
        self._save.show_view(f"+ {tr('Save view')}", "")

    def offer_save(self, offered: bool) -> None:
        """Show or hide the dashed chip."""
        self._save.setVisible(offered)

    def pick(self, key: str) -> None:
        """Put one chip on, without telling anyone."""
        for name, chip in self._chips.items():
            chip.setChecked(name == key)

    def chip(self, key: str) -> Chip:
        """One chip."""
        return self._chips[key]

    def keys(self) -> list[str]:
        """The views in the row, from left to right."""
        return list(self._chips)

    def set_counts(self, counts: dict[str, int]) -> None:
        """Say how many records the views hold."""
        for key, count in counts.items():
            if key in self._chips:
                self._chips[key].set_count(count)

    def _make(self, key: str) -> Chip:
        chip = Chip(key, self)
        chip.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
        chip.menu_requested.connect(lambda point, key=key: self.chip_menu_requested.emit(key, point))
        self._chips[key] = chip
        return chip

    def _on_clicked(self, key: str) -> None:
        self.pick(key)
        self.picked.emit(key)
