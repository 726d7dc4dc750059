"""How the day's list is worked with: one tree without indentation, three kinds of rows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from shopdesk.board.lines_paint_view import LineDelegate
from shopdesk.board.model import Line
from shopdesk.board.rows_view import DayModel, Kind
from shopdesk.ui.theme import theme


class DayList(QTreeView):
    """The list. Signals: ``box_clicked(Line)``, ``opened(Line)``, ``fold_clicked(letter)``, ``current_changed``."""

    box_clicked = Signal(object)
    opened = Signal(object)
    fold_clicked = Signal(str)
    current_changed = Signal()
    menu_requested = Signal(object)

    def __init__(self, model: DayModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        delegate = LineDelegate(self)
        delegate.box_clicked.connect(self.box_clicked)
        delegate.link_clicked.connect(self.opened)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setDragDropOverwriteMode(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_requested.emit)
        self.selectionModel().currentChanged.connect(lambda *_: self.current_changed.emit())
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_activated)
        theme().changed.connect(self._on_theme_changed)

    @property
    def line(self) -> Line | None:
        """The line that the keyboard is at."""
        row = self._rows.row(self.currentIndex())
        return row.line if row is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Enter opens."""
        if event.key() == Qt.Key.Key_Space and self.line is not None:
            self.box_clicked.emit(self.line)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self._rows.row(index)
        if row is not None and row.kind is Kind.FOLD:
            self.fold_clicked.emit(row.letter)

    def _on_activated(self, index: QModelIndex) -> None:
        row = self._rows.row(index)
        if row is not None and row.kind is Kind.FOLD:
            self.fold_clicked.emit(row.letter)
        elif row is not None and row.line is not None:
            self.opened.emit(row.line)

    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
