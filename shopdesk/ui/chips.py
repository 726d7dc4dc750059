"""The chips of a page: its views, with how many records each holds."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from shopdesk.core.words import tr
from shopdesk.ui.overrides import guarded
from shopdesk.ui.theme import theme

_PAD = 12
_TIGHT_PAD = 9
_GAP = 6


class Chip(QAbstractButton):
    """One view: its name and its count; on, quiet, or with a colour that says what to look at."""

    menu_requested = Signal(QPoint)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.tone = ""
        self.dashed = False
        self.pad = _PAD
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

    @guarded
    def sizeHint(self) -> QSize:
        """As wide as the words and the number in their strong form, so that nothing moves when it is on."""
        strong = theme().metrics("body", True)
        width = strong.horizontalAdvance(self.text()) + 2 * self.pad
        if self._count is not None:
            width += 8 + strong.horizontalAdvance(f"{self._count:,}")
        return QSize(width, theme().size("chip"))

    @guarded
    def minimumSizeHint(self) -> QSize:
        """Never smaller than its words."""
        return self.sizeHint()

    def contextMenuEvent(self, event: object) -> None:
        """What can be done with the view."""
        self.menu_requested.emit(event.globalPos())  # type: ignore[attr-defined]

    @guarded
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
        room = self.rect().adjusted(self.pad, 0, -self.pad, 0)
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
    """The chips in a row; one is on. What does not fit folds into a menu at the end; no chip is squeezed.

    Signals: ``picked(key)``, ``save_requested`` for the dashed chip, ``chip_menu_requested(key, point)``.
    """

    picked = Signal(str)
    save_requested = Signal()
    chip_menu_requested = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        self._save = Chip("+", self)
        self._save.dashed = True
        self._save.setCheckable(False)
        self._save.clicked.connect(self.save_requested)
        self._offered = True
        self._more = Chip("…", self)
        self._more.setCheckable(False)
        self._more.clicked.connect(self._on_more)
        self._more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, views: Sequence[tuple[str, str, str]]) -> None:
        """Show these views: (key, label, tone)."""
        chips = {key: self._chips.get(key) or self._make(key) for key, _, _ in views}
        for gone in self._chips.keys() - chips.keys():
            self._chips[gone].hide()
            self._chips[gone].deleteLater()
        self._chips = chips
        for key, label, tone in views:
            chips[key].show_view(label, tone)
        self._save.show_view("+ " + tr("Save view"), "")
        self._more.show_view("…", "")
        self._more.setAccessibleName(tr("More views"))
        self._order_tabs()
        self._place()

    def offer_save(self, offered: bool) -> None:
        """Show or hide the dashed chip."""
        self._offered = offered
        self._place()

    def pick(self, key: str) -> None:
        """Put one chip on, without telling anyone."""
        for name, chip in self._chips.items():
            chip.setChecked(name == key)
        self._place()

    def chip(self, key: str) -> Chip:
        """One chip."""
        return self._chips[key]

    def keys(self) -> list[str]:
        """The views in the row, from left to right."""
        return list(self._chips)

    def folded(self) -> list[str]:
        """The views that had no room and stand in the menu."""
        return [key for key, chip in self._chips.items() if chip.isHidden()]

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Say how many records the views hold."""
        for key, count in counts.items():
            if key in self._chips:
                self._chips[key].set_count(count)
        self._place()

    @guarded
    def sizeHint(self) -> QSize:
        """As wide as all chips."""
        return QSize(sum(chip.sizeHint().width() + _GAP for chip in self._chips.values()), theme().size("chip"))

    @guarded
    def minimumSizeHint(self) -> QSize:
        """One chip and the menu."""
        return QSize(120, theme().size("chip"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Give every chip its place, the rest to the menu; the one that is on always stands in the row."""
        room = self.width()
        widths = self._widths(_PAD)
        if sum(widths.values()) - _GAP > room:
            widths = self._widths(_TIGHT_PAD)
        shown = list(widths)
        folded = sum(widths.values()) - _GAP > room
        room -= self._more.sizeHint().width() + _GAP if folded else 0
        while shown and sum(widths[key] for key in shown) - _GAP > room:
            last = next((key for key in reversed(shown) if not self._chips[key].isChecked()), "")
            if not last:
                break
            shown.remove(last)
        left = 0
        for key, chip in self._chips.items():
            chip.setVisible(key in shown)
            if key in shown:
                left = _put(chip, left)
        self._more.setVisible(folded)
        if folded:
            left = _put(self._more, left)
        fits = left + self._save.sizeHint().width() <= self.width()
        self._save.setVisible(self._offered and fits and not folded)
        _put(self._save, left)

    def _widths(self, pad: int) -> dict[str, int]:
        for chip in self._chips.values():
            chip.pad = pad
        return {key: chip.sizeHint().width() + _GAP for key, chip in self._chips.items()}

    def _order_tabs(self) -> None:
        chain = [*self._chips.values(), self._more, self._save]
        for before, after in itertools.pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _make(self, key: str) -> Chip:
        chip = Chip(key, self)
        chip.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
        chip.menu_requested.connect(lambda point, key=key: self.chip_menu_requested.emit(key, point))
        return chip

    def _on_clicked(self, key: str) -> None:
        self.pick(key)
        self.picked.emit(key)

    def _on_more(self) -> None:
        menu = QMenu(self)
        for key in self.folded():
            chip = self._chips[key]
            menu.addAction(chip.accessibleName(), partial(self._on_clicked, key))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


def _put(chip: Chip, left: int) -> int:
    """Place a chip; where the next one begins."""
    size = chip.sizeHint()
    chip.setGeometry(left, 0, size.width(), size.height())
    return left + size.width() + _GAP
