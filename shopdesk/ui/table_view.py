"""The table on every page: keys, mouse, hover, widths. It holds no rows and no selection of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from shopdesk.ui.columns import Kind
from shopdesk.ui.delegate import CHECK_WIDTH, Painter
from shopdesk.ui.overrides import guarded
from shopdesk.ui.pictures import Pictures
from shopdesk.ui.table_header import TableHeader
from shopdesk.ui.table_model import TableModel
from shopdesk.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
NARROWEST_STRETCHED = 120
_WORDY = (Kind.TEXT, Kind.QUIET)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TableView(QTableView):
    """Shows a TableModel.

    Signals: ``opened(row)`` for Enter and double click, ``clicked_again(row)`` for a click on the row that the
    keyboard is at, ``current_changed(row)``, ``all_requested`` for Ctrl+A and the header's box,
    ``menu_requested(point)`` with a global point, ``layout_changed`` when the owner moved or resized a column.
    """

    opened = Signal(int)
    clicked_again = Signal(int)
    current_changed = Signal(int)
    all_requested = Signal()
    menu_requested = Signal(QPoint)
    layout_changed = Signal()

    def __init__(self, model: TableModel, pictures: Pictures, row_size: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._row_size = row_size
        self._stretched = next((n for n, c in enumerate(model.columns, 1) if c.stretch), 0)
        self._laying_out = False
        self._range_start = -1
        self._pressed_again = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(QApplication.doubleClickInterval())
        self._again.timeout.connect(self._on_again)
        self.clicked.connect(self._on_clicked)
        self.hover_row = -1
        self.last_section = 0
        self.spread = False
        self._widths = {number: column.width for number, column in enumerate(model.columns, 1)}
        self.press_key: Callable[[str], bool] = lambda _text: False
        self.header = TableHeader(model, self)
        self.setHorizontalHeader(self.header)
        self._set_up()
        self.setModel(model)
        self.paint_with(Painter(self, model, pictures))
        self._first_widths()
        self.header.all_requested.connect(self.all_requested)
        self.header.sectionResized.connect(self._on_section_resized)
        self.header.sectionMoved.connect(self._on_section_moved)
        pictures.arrived.connect(self.viewport().update)
        theme().changed.connect(self._on_theme_changed)

    def _set_up(self) -> None:
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(20)
        side.setDefaultSectionSize(self.row_height)

    def paint_with(self, painter: Painter) -> None:
        """Let another painter draw the cells."""
        self._painter = painter
        self.setItemDelegate(painter)

    # rows

    @property
    def row_height(self) -> int:
        """The height of every row, px."""
        return theme().size(self._row_size)

    def current_row(self) -> int:
        """The row the keyboard is at, -1 for none."""
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        """Make a row the current one and scroll to it."""
        if 0 <= row < self._rows.rowCount():
            column = max(0, self.currentIndex().column())
            column += self.isColumnHidden(column)
            self.setCurrentIndex(self._rows.index(row, column))

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row on screen."""
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else max(first, self._rows.rowCount() - 1)

    def keep_place(self) -> tuple[int, int]:
        """Where the table stands, for stand_at(): the record in the first visible row, and its offset, px."""
        row = self.rowAt(0)
        record_id = self._rows.id_at(row) if row >= 0 else None
        return (-1 if record_id is None else record_id), self.rowViewportPosition(row) if row >= 0 else 0

    def stand_at(self, place: tuple[int, int]) -> None:
        """Show that record at that offset again, as far as it is still there."""
        row = self._rows.row_of(place[0]) if place[0] >= 0 else -1
        if row >= 0:
            self.verticalScrollBar().setValue(row * self.row_height - place[1])

    # columns

    def widths(self) -> dict[str, int]:
        """The width of each column that does not stretch."""
        return {
            column.key: self._widths[number]
            for number, column in enumerate(self._rows.columns, 1)
            if number != self._stretched and not self.isColumnHidden(number)
        }

    def usual_widths(self) -> dict[str, int]:
        """The widths that the page declares."""
        return {column.key: column.width for column in self._rows.columns}

    def order(self) -> list[str]:
        """The keys of the columns from left to right."""
        places = range(1, self.header.count())
        return [self._rows.columns[self.header.logicalIndex(place) - 1].key for place in places]

    def shown_columns(self) -> list[str]:
        """The keys of the columns that are on, from left to right."""
        hidden = {c.key for n, c in enumerate(self._rows.columns, 1) if self.isColumnHidden(n)}
        return [key for key in self.order() if key not in hidden]

    def lay_out(self, *, order: list[str], shown: list[str], widths: dict[str, int]) -> None:
        """Give the columns their places and widths without telling anyone."""
        self._laying_out = True
        numbers = {column.key: number for number, column in enumerate(self._rows.columns, 1)}
        for place, key in enumerate([key for key in order if key in numbers], 1):
            self.header.moveSection(self.header.visualIndex(numbers[key]), place)
        for key, number in numbers.items():
            self.setColumnHidden(number, key not in shown)
            if key in widths and number != self._stretched:
                self._widths[number] = widths[key]
        self._laying_out = False
        self._stretch()

    def fit(self) -> None:
        """Let the stretching column take what is left."""
        self._stretch()

    def _first_widths(self) -> None:
        self._laying_out = True
        self.header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, CHECK_WIDTH)
        for number, column in enumerate(self._rows.columns, 1):
            self.setColumnWidth(number, column.width)
            self.setColumnHidden(number, column.hidden)
        self._laying_out = False

    def _stretch(self) -> None:
        places = (self.header.logicalIndex(place) for place in range(self.header.count() - 1, 0, -1))
        self.last_section = next((section for section in places if not self.isColumnHidden(section)), 0)
        self._laying_out = True
        room = self.viewport().width()
        widths = {n: self._widths[n] for n in range(1, self.header.count()) if not self.isColumnHidden(n)}
        rest = room - sum(widths.values()) - (0 if self.isColumnHidden(0) else CHECK_WIDTH)
        if self._stretched in widths and rest > 0:
            wanted = max(widths[self._stretched], room // 3) if self.spread else room
            taken = min(rest, wanted - widths[self._stretched])
            widths[self._stretched] += taken
            self._share_out(widths, rest - taken)
        elif self._stretched in widths:
            narrowest = min(widths[self._stretched], NARROWEST_STRETCHED)
            widths[self._stretched] = max(narrowest, widths[self._stretched] + rest)
        for number, width in widths.items():
            self.setColumnWidth(number, width)
        self._laying_out = False

    def _share_out(self, widths: dict[int, int], rest: int) -> None:
        """Spread what is left over the columns of words."""
        wordy = [n for n in widths if n != self._stretched and not self._rows.columns[n - 1].flush_right]
        wordy = [n for n in wordy if self._rows.columns[n - 1].kind in _WORDY]
        for place, number in enumerate(wordy if rest > 0 else ()):
            widths[number] += rest // len(wordy) + (place < rest % len(wordy))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The stretching column takes what is left."""
        super().resizeEvent(event)
        self._stretch()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every pixel, so that Qt can move what is there when the table scrolls."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().colour("surface"))
        painter.end()
        self._painter.begin_frame()
        super().paintEvent(event)

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rows, selection, and the page's single keys."""
        key, keys = event.key(), event.modifiers()
        shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        if key in _ENTER and not keys:
            self.opened.emit(self.current_row())
        elif key == Qt.Key.Key_Space:
            self._toggle_current()
        elif shift and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._extend(1 if key == Qt.Key.Key_Down else -1)
        elif event.keyCombination().toCombined() == (Qt.Modifier.CTRL | Qt.Key.Key_A).toCombined():
            self.all_requested.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not shift:
            self.go_to(0 if key == Qt.Key.Key_Home else self._rows.rowCount() - 1)
        elif key == Qt.Key.Key_F2:
            self._edit_current()
        elif not self._press_single(event):
            super().keyPressEvent(event)

    def _edit_current(self) -> None:
        """Type into the current cell; where it cannot be changed, into the first of the row that can."""
        if self.state() == QAbstractItemView.State.EditingState:
            return
        here = self.currentIndex()
        places = (self.header.logicalIndex(place) for place in range(1, self.header.count()))
        cells = [here, *(here.siblingAtColumn(n) for n in places if not self.isColumnHidden(n))]
        for cell in cells:
            if cell.flags() & Qt.ItemFlag.ItemIsEditable:
                self.setCurrentIndex(cell)
                self.edit(cell)
                return

    def keyboardSearch(self, _search: str) -> None:
        """Letters are the page's keys, not a search in the first column."""

    def _press_single(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Delete:
            return self.press_key("Del")
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_C:
            return self.press_key("Ctrl+C")
        text = event.text()
        return len(text) == 1 and text.isprintable() and self.press_key(text)

    def _toggle_current(self) -> None:
        record_id = self._rows.id_at(self.current_row())
        if record_id is not None:
            self._rows.selection.toggle(record_id)
            self._range_start = self.current_row()

    def _extend(self, step: int) -> None:
        row = self.current_row()
        ids = [self._rows.id_at(row)]
        if 0 <= row + step < self._rows.rowCount():
            self.go_to(row + step)
            ids.append(self._rows.id_at(row + step))
        self._rows.selection.add(record_id for record_id in ids if record_id is not None)

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The box ticks a row, Ctrl adds it, Shift takes all rows in between."""
        row = self.rowAt(int(event.position().y()))
        column = self.columnAt(int(event.position().x()))
        self._pressed_again = False
        self._again.stop()
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            keys = event.modifiers()
            if keys & Qt.KeyboardModifier.ShiftModifier:
                self._take_range(self.current_row(), row)
                self.go_to(row)
                return
            if column == 0 or keys & Qt.KeyboardModifier.ControlModifier:
                self.go_to(row)
                self._toggle_current()
                return
            self._pressed_again = row == self.current_row()
        super().mousePressEvent(event)

    def _on_clicked(self, _index: Index) -> None:
        if self._pressed_again:
            self._again.start()  # what opens would lie under the second click of a double one

    def _on_again(self) -> None:
        if self.current_row() >= 0:
            self.clicked_again.emit(self.current_row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the drawer."""
        self._pressed_again = False
        self._again.stop()
        row = self.rowAt(int(event.position().y()))
        if row >= 0 and self.columnAt(int(event.position().x())) > 0:
            self.opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Colour the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(int(event.position().y())))

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer left."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: object) -> None:
        """The page makes the menu."""
        point: QPoint = event.globalPos()  # type: ignore[attr-defined]
        row = self.rowAt(self.viewport().mapFromGlobal(point).y())
        if row >= 0:
            self.go_to(row)
        self.menu_requested.emit(point)

    def _take_range(self, first: int, last: int) -> None:
        low, high = sorted((max(0, first), last))
        self._rows.selection.add(self._rows.store.ids_between(low, high))

    def _hover(self, row: int) -> None:
        if row == self.hover_row:
            return
        old, self.hover_row = self.hover_row, row
        for changed in (old, row):
            self._update_row(changed)

    def _update_row(self, row: int) -> None:
        if row >= 0:
            top = self.rowViewportPosition(row)
            self.viewport().update(0, top, self.viewport().width(), self.row_height)

    # changes

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The whole row shows where the keyboard is."""
        super().currentChanged(current, previous)
        self._again.stop()
        self._update_row(previous.row())
        self._update_row(current.row())
        if current.row() != previous.row():
            self.current_changed.emit(current.row())

    def _on_section_resized(self, section: int, _old: int, new: int) -> None:
        if self._laying_out:
            return
        if section not in (0, self._stretched) and not self.spread:
            self._widths[section] = new
            self._stretch()
        self.layout_changed.emit()

    def _on_section_moved(self, _section: int, _old: int, _new: int) -> None:
        if not self._laying_out:
            self._stretch()
            self.layout_changed.emit()

    def _on_theme_changed(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self.viewport().update()
        self.header.viewport().update()
