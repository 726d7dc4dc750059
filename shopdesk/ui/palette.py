"""The palette (Ctrl+K): every command with its key, every page, and records by # @ / = before what is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from shopdesk.core.words import tr
from shopdesk.ui.background import warm_readings
from shopdesk.ui.banner import Sign
from shopdesk.ui.matching import match
from shopdesk.ui.overrides import guarded
from shopdesk.ui.palette_rows import CAPS, ROW, WIDTH, Entry, RowPainter, Rows
from shopdesk.ui.sums import work_out
from shopdesk.ui.text import Keys, PlainLabel
from shopdesk.ui.theme import hline, styled, theme

HEAD, FOOT = 48, 34
MOST_ROWS = 12
TOP_SHARE = 0.125


@dataclass(frozen=True, slots=True)
class Finder:
    """Records behind a prefix: ``ask(text, answer)`` looks in the worker and answers on the main thread."""

    prefix: str
    title: str
    ask: Callable[[str, Callable[[Sequence[Entry]], None]], None]


class Palette(QWidget):
    """Lies over the window, dimmed; closed by Esc, by choosing, or by a click beside it.

    Signals: ``closed``.
    """

    closed = Signal()

    def __init__(self, window: QWidget, entries: Callable[[], Sequence[Entry]], finders: Sequence[Finder]) -> None:
        super().__init__(window)
        self._window = window
        self._entries = entries
        self._finders = {finder.prefix: finder for finder in finders}
        self._found: dict[str, Sequence[Entry]] = {}
        self._given: Sequence[Entry] = ()
        self._before: QWidget | None = None
        self.field = QLineEdit()
        self.field.setProperty("kind", "bare")
        self.field.setFont(theme().font("reading"))
        self.field.textEdited.connect(self._on_edited)
        self.field.installEventFilter(self)
        self.rows = Rows(self)
        self.list = QListView()
        self.list.setModel(self.rows)
        self.list.setItemDelegate(RowPainter(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._on_clicked)
        self._box = styled(QFrame(self), "palette")
        self._hint = PlainLabel("", "small", "text_2")
        self._build()
        window.installEventFilter(self)
        self.hide()

    def open(self, text: str = "") -> None:
        """Show the palette with ``text`` typed already."""
        self._before = QGuiApplication.focusObject() if isinstance(QGuiApplication.focusObject(), QWidget) else None  # type: ignore[assignment]
        self._given = self._entries()
        if not all(entry.title.isascii() for entry in self._given):
            warm_readings()
        self._found.clear()
        self._retranslate()
        self.field.setText(text)
        self._fill()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._on_edited(text)

    def close_palette(self) -> None:
        """Hide it and give the keyboard back."""
        self.hide()
        if self._before is not None and isValid(self._before):  # a drawer may have been filled anew meanwhile
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def current(self) -> Entry | None:
        """The row that Enter would take."""
        return self.rows.entry(self.list.currentIndex().row())

    def titles(self) -> list[str]:
        """The titles on show, for tests."""
        entries = (self.rows.entry(row) for row in range(self.rows.rowCount()))
        return [entry.title for entry in entries if entry is not None]

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what lies behind."""
        painter = QPainter(self)
        dim = QColor(theme().colour("overlay"))
        dim.setAlphaF(0.4 if theme().dark else 0.14)
        painter.fillRect(self.rect(), dim)
        painter.setPen(QPen(theme().colour("control"), 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the palette closes it."""
        if not self._box.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys of the field move through the rows; no key goes past the palette to the page behind it."""
        if watched is self.field and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(10)
        head.addWidget(Sign("search", "accent", 18))
        head.addWidget(self.field, 1)
        head.addWidget(self._hint)
        column = QVBoxLayout(self._box)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        bar = QWidget()
        bar.setFixedHeight(HEAD)
        bar.setLayout(head)
        column.addWidget(bar)
        column.addWidget(hline())
        column.addWidget(self.list, 1)
        self._foot = styled(QFrame(), "palettefoot")
        self._foot.setFixedHeight(FOOT)
        self._foot_row = QHBoxLayout(self._foot)
        self._foot_row.setContentsMargins(16, 0, 16, 0)
        self._foot_row.setSpacing(4)
        column.addWidget(self._foot)

    def _retranslate(self) -> None:
        self._hint.setText(tr("Initials, numbers and names work"))
        while (item := self._foot_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for keys, words in (
            (("Up", "Down"), tr("pick")),
            (("Return",), tr("open")),
            (("Esc",), tr("close")),
        ):
            for key in keys:
                self._foot_row.addWidget(Keys(key, CAPS))
            self._foot_row.addWidget(PlainLabel(words, "small", "text_2"))
            self._foot_row.addSpacing(6)
        self._foot_row.addStretch()
        for sign, words in [*((f.prefix, f.title) for f in self._finders.values()), ("=", tr("sum"))]:
            self._foot_row.addWidget(PlainLabel(sign, "small", "accent", strong=True))
            self._foot_row.addWidget(PlainLabel(words, "small", "text_2"))
            self._foot_row.addSpacing(4)

    def _on_edited(self, text: str) -> None:
        self._found.clear()
        typed = text.strip()
        prefix = typed[:1]
        if prefix in self._finders:
            self._ask(self._finders[prefix], typed[1:].strip(), text)
        elif len(typed) >= 2 and prefix != "=":
            for finder in self._finders.values():
                self._ask(finder, typed, text)
        self._fill()

    def _ask(self, finder: Finder, asked: str, text: str) -> None:
        def answer(entries: Sequence[Entry]) -> None:
            if self.isVisible() and self.field.text() == text:
                self._found[finder.prefix] = entries
                self._fill()

        if asked:
            finder.ask(asked, answer)

    def _fill(self) -> None:
        typed = self.field.text().strip()
        if typed.startswith("="):
            entries = self._sum(typed[1:])
        elif typed[:1] in self._finders:
            entries = [*self._found.get(typed[:1], ())]
        else:
            entries = [*self._commands(typed), *(entry for found in self._found.values() for entry in found)]
        self.rows.show(entries, nothing=tr("Nothing found") if typed else "")
        self._choose(0, 1)
        self._place()

    def _commands(self, typed: str) -> list[Entry]:
        entries = []
        for entry in self._given:
            spans = match(typed, entry.title)
            if spans is not None:
                entries.append(replace(entry, spans=tuple(spans)))
        return entries

    def _sum(self, text: str) -> list[Entry]:
        result = work_out(text)
        if not result:
            return []

        def copy() -> None:
            QGuiApplication.clipboard().setText(result.replace(",", ""))

        return [Entry(tr("Sum"), result, copy, "copy", tr("Enter copies it"))]

    def _choose(self, row: int, direction: int) -> None:
        count = self.rows.rowCount()
        for step in range(count):
            at = (row + direction * step) % count
            if self.rows.entry(at) is not None:
                index = self.rows.index(at)
                self.list.setCurrentIndex(index)
                self.list.scrollTo(self.rows.index(0) if at == 1 else index)
                return

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._choose(self.list.currentIndex().row() + 1, 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._choose(self.list.currentIndex().row() - 1, -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            return False
        return True

    def _on_clicked(self, index: QModelIndex) -> None:
        if self.rows.entry(index.row()) is not None:
            self._take()

    def _take(self) -> None:
        entry = self.current()
        if entry is None:
            return
        self.close_palette()
        entry.run()

    def _place(self) -> None:
        room = self.rect()
        rows = min(self.rows.height(), MOST_ROWS * ROW)
        height = min(HEAD + 1 + max(rows, ROW) + FOOT + 4, room.height() - 40)
        fits = self.rows.height() <= rows
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.list.setVerticalScrollBarPolicy(policy)
        width = min(WIDTH, room.width() - 40)
        top = min(int(room.height() * TOP_SHARE), max(20, room.height() - height - 20))
        self._box.setGeometry((room.width() - width) // 2, top, width, height)
