"""One item of an order as it is typed: a SKU by code or name, how many, at what price."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListWidget, QToolButton, QWidget

from shopdesk.core import money
from shopdesk.core.errors import ShopError
from shopdesk.core.words import tr
from shopdesk.orders.records import DraftLine, SkuChoice
from shopdesk.ui import typed
from shopdesk.ui.field import AmountEditor
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel, plain_tip

Find = Callable[[str], list[SkuChoice]]
_MOST_SHOWN = 6
_FRAME = 6
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Choices(QListWidget):
    """The list under the item field: what the shop sells that fits the words typed.

    It lies over the page, as wide as its widest entry: variants differ at their ends.
    """

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self._field = field
        field.destroyed.connect(self.deleteLater)
        self.setProperty("kind", "choices")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Items that fit"))
        self._found: list[SkuChoice] = []
        self.hide()

    def offer(self, found: list[SkuChoice]) -> None:
        """Show what was found, the first chosen; nothing found hides the list."""
        self._found = found
        self.clear()
        self.addItems([_choice_words(choice) for choice in found])
        self.setCurrentRow(0)
        if found:
            self._place()
        self.setVisible(bool(found))

    def _place(self) -> None:
        """Under the field, or above it where there is no room; to the left as far as its width needs."""
        page = self._page()
        if self.parentWidget() is not page:
            self.setParent(page)
        self.ensurePolished()
        height = min(self.count(), _MOST_SHOWN) * self.sizeHintForRow(0) + _FRAME
        bar = self.verticalScrollBar().sizeHint().width() if self.count() > _MOST_SHOWN else 0
        wide = max(self._field.width(), self.sizeHintForColumn(0) + _FRAME + bar)
        width = min(wide, page.width())
        under = self._field.mapTo(page, QPoint(0, self._field.height() + 2))
        above = under.y() - self._field.height() - 4 - height
        top = under.y() if under.y() + height <= page.height() else max(0, above)
        self.setGeometry(max(0, min(under.x(), page.width() - width)), top, width, height)
        self.raise_()

    def _page(self) -> QWidget:
        """The widest part around the field that wears the stylesheet; only within it the list is dressed."""
        found: QWidget = self._field
        around = found.parentWidget()
        while not found.styleSheet() and around is not None:
            found, around = around, around.parentWidget()
        return found

    def step(self, by: int) -> None:
        """Up or down."""
        self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + by)))

    def chosen(self) -> SkuChoice | None:
        """What Enter would take."""
        at = self.currentRow()
        return self._found[at] if self.isVisible() and 0 <= at < len(self._found) else None


def _choice_words(choice: SkuChoice) -> str:
    free = ""
    if choice.available is not None:
        free = tr("{n} free", n=str(choice.available).replace("-", "−"))
    return "  ·  ".join(part for part in (choice.label, free) if part)


class LineRow(QWidget):
    """One item. Signals: ``changed``, ``removed``, ``left`` when Enter leaves its last field."""

    changed = Signal()
    removed = Signal()
    left = Signal()

    def __init__(self, find: Find, currency: str, line: DraftLine | None = None) -> None:
        super().__init__()
        self._find = find
        self._currency = currency
        self._line_id = line.line_id if line else None
        self._chosen: SkuChoice | None = None
        self._kept = line
        self.item = QLineEdit(line.name if line else "")
        self._shown = self.item.text()
        self.item.setCursorPosition(0)
        self.item.setPlaceholderText(tr("Code or name"))
        self.item.setAccessibleName(tr("Item"))
        self.quantity = _number_field(str(line.qty) if line else "", tr("Quantity"), 44)
        self.price = _number_field(money.plain(line.price, currency) if line else "", tr("Unit price"), 100)
        self.sum = PlainLabel("", role="text_2")
        self._times = PlainLabel("×", role="text_2")
        self.about = PlainLabel("", "small", "text_3", elide=True)
        self._remove = QToolButton()
        self._remove.setProperty("kind", "icon")
        self._remove.setIcon(icon("close", "text_2"))
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plain_tip(self._remove, tr("Remove this item (Ctrl+Delete)"))
        self._choices = Choices(self.item)
        for editor in (self.item, self.quantity, self.price):
            editor.installEventFilter(self)
        self._lay_out()
        self._connect()
        self._tell()

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.item.text().strip()

    def take(self, choice: SkuChoice) -> None:
        """Put a SKU into the row, with its price, one piece."""
        self._chosen, self._kept = choice, None
        self.item.setText(choice.name)
        self._shown = self.item.text()
        if choice.price is not None:
            self.price.setText(money.plain(choice.price, choice.currency))
        if not self.quantity.text():
            self.quantity.setText("1")
        self._tell()
        self.changed.emit()

    def read(self) -> DraftLine:
        """The line as typed. Raises ShopError."""
        quantity, price = self.quantity.text().strip() or "1", self.price.text().strip() or "0"
        draft = DraftLine(
            self.item.text(), typed.number(quantity), typed.amount(price, self._currency), line_id=self._line_id
        )
        return self._with_sku(draft)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Delete takes the item off; while choosing, arrows walk, Enter takes, Esc puts the list away."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._on_key(event):
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._choices.hide()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.removed.emit()
        elif not self._choices.isVisible():
            return False
        elif key in _STEPS:
            self._choices.step(_STEPS[key])
        elif key in _ENTER:
            self._take_chosen()
        elif key == Qt.Key.Key_Escape:
            self._choices.hide()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next field."""
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_enter()
        else:
            super().keyPressEvent(event)

    def _with_sku(self, draft: DraftLine) -> DraftLine:
        known = self._chosen or self._kept
        if known is None or self._shown != draft.name:
            return draft
        sku_id = known.id if isinstance(known, SkuChoice) else known.sku_id
        return DraftLine(known.name, draft.qty, draft.price, draft.line_id, sku_id, known.code, known.options)

    def _on_enter(self) -> None:
        fields = [self.item, self.quantity, self.price]
        at = next((n for n, field in enumerate(fields) if field.hasFocus()), len(fields) - 1)
        if at + 1 < len(fields) and not self.empty:
            fields[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.left.emit()

    def _on_typed(self, text: str) -> None:
        if self._shown != text:
            self._chosen = None
        self._choices.offer(self._find(text))
        self._tell()
        self.changed.emit()

    def _on_item_left(self) -> None:
        """A whole code or name needs no choosing."""
        self._choices.hide()
        self._tell()
        words = self.item.text().strip()
        known = self._chosen or self._kept
        if not words or (known is not None and self._shown == self.item.text()):
            return
        exact = [choice for choice in self._find(words) if words in (choice.code, choice.name)]
        if len(exact) == 1:
            self.take(exact[0])

    def _take_chosen(self) -> None:
        choice = self._choices.chosen()
        if choice is not None:
            self.take(choice)
            self._choices.hide()
            self.quantity.setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self) -> None:
        """What the row comes to, and what it stands for."""
        try:
            line = self.read()
            said = money.show(line.qty * line.price, self._currency, symbol=False)
        except ShopError:
            said, line = "—", None
        self.sum.setText("" if self.empty else said)
        for widget in (self.quantity, self._times, self.price, self.sum, self.about):
            widget.setVisible(not self.empty)
        if self.empty or line is None or self._choices.isVisible():
            self.about.setText("")
        elif line.sku_id is None:
            self.about.setText(tr("Words only: moves no stock"))
        else:
            self.about.setText(" · ".join(part for part in (line.options, line.code) if part))

    def _on_number_typed(self, _text: str) -> None:
        self._tell()
        self.changed.emit()

    def _connect(self) -> None:
        self.item.textEdited.connect(self._on_typed)
        self.item.editingFinished.connect(self._on_item_left)
        self._choices.itemPressed.connect(lambda _item: self._take_chosen())
        self._remove.clicked.connect(self.removed)
        for field in (self.quantity, self.price):
            field.textEdited.connect(self._on_number_typed)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.item, 0, 0, 1, 5)
        grid.addWidget(self._remove, 0, 5)
        grid.addWidget(self.quantity, 1, 0)
        grid.addWidget(self._times, 1, 1)
        grid.addWidget(self.price, 1, 2)
        grid.addWidget(self.about, 2, 0, 1, 4)
        grid.addWidget(self.sum, 2, 4, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(3, 1)


def _number_field(text: str, name: str, width: int) -> QLineEdit:
    field = AmountEditor(text)
    field.setFixedWidth(width)
    field.setAccessibleName(name)
    return field
