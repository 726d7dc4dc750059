"""The window for what nobody foresaw: first what is safe, then the details, without names or orders."""

import platform
import traceback
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

import shopdesk
from shopdesk.core import clock
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import DatabaseError
from shopdesk.core.words import tr
from shopdesk.ui.banner import Sign
from shopdesk.ui.fonts import fixed_font
from shopdesk.ui.icons import icon
from shopdesk.ui.saving import ask_where_to_save_report, save_text
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled

WIDTH = 660
KEPT_FRAMES = 12
DATABASE_WORDS = ("no such ", "UNIQUE ", "CHECK ", "NOT NULL ", "FOREIGN KEY ", "database ", "disk ", "attempt to ")
"""What SQLite says of tables and columns; other messages may repeat what was typed."""


def details(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """The technical text: versions, time, where, and the kind of error.

    The error's own words are left out, and so are values: they may hold a buyer's name or an order.
    """
    lines = [versions(), clock.text()]
    root = Path(shopdesk.__file__).resolve().parent.parent
    for frame in traceback.extract_tb(trace)[-KEPT_FRAMES:]:
        lines.append(f'  File "{_short(frame.filename, root)}", line {frame.lineno}, in {frame.name}')
        if frame.line:
            lines.append(f"    {frame.line}")
    lines.append(kind.__name__ + _safe_words(error))
    return "\n".join(lines)


def versions() -> str:
    """Which ShopDesk runs on what."""
    system = f"{platform.system()} {platform.release()}"
    return f"ShopDesk {shopdesk.__version__}, {system}, Qt {qVersion()}, Python {platform.python_version()}"


def _short(filename: str, root: Path) -> str:
    path = Path(filename)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _safe_words(error: BaseException) -> str:
    """Only what Python itself says of the program's own names, and numbers of the system's errors."""
    if isinstance(error, (NameError, ImportError, ZeroDivisionError)):
        return f": {error}"
    if isinstance(error, AttributeError) and error.name:
        return f": no attribute {error.name}"
    if isinstance(error, DatabaseError) and str(error).startswith(DATABASE_WORDS):
        return f": {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f": errno {error.errno}"
    return ""


def heading(sign: Sign, tile_kind: str, *words: QWidget) -> QHBoxLayout:
    """The beginning of a window that says what went wrong: a sign on its tile, and the words beside it."""
    tile = styled(QFrame(), tile_kind)
    tile.setFixedSize(40, 40)
    inside = QVBoxLayout(tile)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(sign, 0, Qt.AlignmentFlag.AlignCenter)
    said = QVBoxLayout()
    said.setSpacing(4)
    for label in words:
        said.addWidget(label)
    row = QHBoxLayout()
    row.setSpacing(14)
    row.addWidget(tile, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(said, 1)
    return row


def fit(window: QDialog) -> None:
    """Make a window of this width as high as its words need."""
    column = window.layout()
    assert column is not None
    column.activate()
    window.setFixedHeight(column.totalHeightForWidth(WIDTH))


class CrashWindow(QDialog):
    """Says that something failed, that the shop is as it was, and lets the owner go on."""

    def __init__(self, parent: QWidget | None, text: str, saved: str, *, can_close: bool = True) -> None:
        super().__init__(parent)
        self._details = text
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("ShopDesk")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        body = QVBoxLayout()
        body.setContentsMargins(24, 20, 24, 20)
        body.setSpacing(14)
        body.addLayout(self._head(saved))
        body.addWidget(self._card())
        self._refused = PlainLabel("", "body", "bad", wrap=True)
        self._refused.hide()
        body.addWidget(self._refused)
        column.addLayout(body)
        column.addWidget(hline())
        column.addLayout(self._foot(can_close))
        self._fit()

    @property
    def text(self) -> str:
        """The technical text."""
        return self._details

    def copy(self) -> None:
        """Put the technical text on the clipboard."""
        QGuiApplication.clipboard().setText(self._details)
        self._copy.setText(tr("Copied"))

    def save(self, name: str) -> None:
        """Write the technical text into a file; what the disk refuses is said in the window."""
        refused = ""
        try:
            save_text(name, self._details)
        except ShopError as error:
            refused = str(error)
        self._save.setText(tr("Save report…") if refused else tr("Saved"))
        self._refused.setText(refused)
        self._refused.setVisible(bool(refused))
        self._fit()

    def _head(self, saved: str) -> QHBoxLayout:
        said = tr("Your shop is as it was.")
        if saved:
            said = tr("Your shop is as it was: the last change, “{what}”, is saved.", what=saved)
        return heading(
            Sign("warning", "warn", 22),
            "warntile",
            PlainLabel(tr("ShopDesk stumbled"), "heading", strong=True),
            PlainLabel(said, "body", "text_2", wrap=True),
            PlainLabel(tr("Nothing of the step that failed was kept."), "body", "text_2", wrap=True),
        )

    def _card(self) -> QFrame:
        card = styled(QFrame(), "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(6, 4, 12, 4)
        self._fold = QPushButton(icon("dropdown"), tr("What happened, for the maker"))
        self._fold.setProperty("kind", "plain")
        self._fold.setAutoDefault(False)
        self._fold.clicked.connect(self._on_fold)
        head.addWidget(self._fold)
        head.addStretch()
        head.addWidget(PlainLabel(tr("no names, no orders in it"), "small", "text_3"))
        column.addLayout(head)
        self._line = hline()
        column.addWidget(self._line)
        self._text = QPlainTextEdit(self._details)
        self._text.setProperty("kind", "technical")
        self._text.setReadOnly(True)
        self._text.setFont(fixed_font(12))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFixedHeight(min(260, 28 + 16 * (self._details.count("\n") + 2)))
        column.addWidget(self._text)
        return card

    def _foot(self, can_close: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 14, 24, 14)
        row.setSpacing(8)
        self._copy = QPushButton(icon("copy"), tr("Copy the details"))
        self._copy.clicked.connect(self.copy)
        self._copy.setAutoDefault(False)
        row.addWidget(self._copy)
        self._save = QPushButton(icon("save"), tr("Save report…"))
        self._save.clicked.connect(self._on_save)
        self._save.setAutoDefault(False)
        row.addWidget(self._save)
        row.addStretch()
        if can_close:
            leave = QPushButton(tr("Close ShopDesk"))
            leave.setProperty("kind", "plain")
            leave.setAutoDefault(False)
            leave.clicked.connect(self._on_leave)
            row.addWidget(leave)
        go_on = QPushButton(tr("Go on working"))
        go_on.setProperty("kind", "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row.addWidget(go_on)
        return row

    def _on_save(self) -> None:
        ask_where_to_save_report(self, self.save)

    def _on_fold(self) -> None:
        shown = not self._text.isHidden()
        self._text.setVisible(not shown)
        self._line.setVisible(not shown)
        self._fold.setIcon(icon("next" if shown else "dropdown"))
        self._fit()

    def _fit(self) -> None:
        """As high as the words need at this width, now and when Qt has hidden or shown the details."""
        fit(self)
        QTimer.singleShot(0, self, partial(fit, self))

    def _on_leave(self) -> None:
        self.reject()
        QApplication.closeAllWindows()
