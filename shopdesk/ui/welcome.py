"""The page without a shop: new, open, demo, drop files, shops opened lately."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

import shopdesk
from shopdesk.core import words
from shopdesk.core.words import tr
from shopdesk.ui.banner import Banner
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled
from shopdesk.ui.welcome_parts import BigButton, DropZone, Illustration, RecentShop

COLUMN = 630


class Welcome(QWidget):
    """The first page of the program. Signals ask for what was chosen."""

    new_requested = Signal()
    open_requested = Signal()
    demo_requested = Signal()
    files_requested = Signal()
    shop_requested = Signal(object)
    language_requested = Signal(str)
    help_requested = Signal()

    def __init__(self, recent: Callable[[], list[tuple[Path, str, str]]]) -> None:
        super().__init__()
        self._recent = recent
        self._new = BigButton("plus-circle", "Ctrl+N", primary=True)
        self._open = BigButton("open", "Ctrl+O")
        self._demo = BigButton("demo", "Ctrl+D")
        self._drop = DropZone()
        self._new.clicked.connect(self.new_requested)
        self._open.clicked.connect(self.open_requested)
        self._demo.clicked.connect(self.demo_requested)
        self._drop.clicked.connect(self.files_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), 41)
        row.addWidget(self._right(), 59)
        self._retranslate()

    def say(self, trouble: str, link: str = "", on_link: Callable[[], None] | None = None) -> None:
        """Say above the buttons why a file did not open, and what can be done; "" takes it away."""
        self._trouble.set_text(trouble, link, on_link)
        self._trouble.setVisible(bool(trouble))

    @property
    def trouble(self) -> str:
        """Why a file did not open."""
        return self._trouble.text

    def show_progress(self, text: str) -> None:
        """Say what is being made; the buttons wait meanwhile."""
        self._progress.setText(text)
        self._progress.setVisible(bool(text))
        for button in (self._new, self._open, self._demo, self._drop):
            button.setEnabled(not text)

    @property
    def progress(self) -> str:
        """What is said to be made."""
        return self._progress.text()

    def refresh(self) -> None:
        """Show the recent shops as they are now."""
        while (item := self._shops.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        rows = self._recent()
        self._heading.setVisible(bool(rows))
        self._line.setVisible(bool(rows))
        for path, name, when in rows[:5]:
            entry = RecentShop(path, name, when)
            entry.clicked.connect(self._on_recent)
            self._shops.addWidget(entry)

    def changeEvent(self, event: QEvent) -> None:
        """Take the words of another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _left(self) -> QWidget:
        left = styled(QWidget(), "window")
        column = QVBoxLayout(left)
        column.setContentsMargins(28, 28, 28, 28)
        self._title = PlainLabel("", "figure", strong=True, wrap=True)
        self._sub = PlainLabel("", "body", "text_2", wrap=True)
        column.addStretch(10)
        column.addWidget(Illustration(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(34)
        for label in (self._title, self._sub):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
            column.addSpacing(8)
        column.addStretch(11)
        return left

    def _right(self) -> QWidget:
        self._heading = PlainLabel("", "small", "text_2", strong=True)
        self._line = hline()
        self._shops = QVBoxLayout()
        self._shops.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addSpacing(44)
        self._trouble = Banner("", "bad")
        self._trouble.hide()
        column.addWidget(self._trouble)
        self._progress = PlainLabel("", "body", "text_2")
        self._progress.hide()
        column.addWidget(self._progress)
        for button in (self._new, self._open, self._demo):
            column.addWidget(button)
        column.addSpacing(6)
        column.addWidget(self._drop)
        column.addSpacing(10)
        column.addWidget(self._heading)
        column.addWidget(self._line)
        column.addLayout(self._shops)
        column.addStretch()
        column.addLayout(self._foot())
        inner = QWidget()
        inner.setMaximumWidth(COLUMN)
        inner.setLayout(column)
        outer = styled(QWidget(), "page")
        row = QHBoxLayout(outer)
        row.setContentsMargins(20, 8, 20, 8)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(outer)
        return area

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(PlainLabel(f"ShopDesk {shopdesk.__version__}", "small", "text_3"))
        row.addStretch()
        self._language = QPushButton()
        self._help = QPushButton()
        for button, name in ((self._language, "language"), (self._help, "why")):
            button.setProperty("kind", "plain")
            button.setIcon(icon(name))
            row.addWidget(button)
        self._menu = QMenu(self)
        for code, name in words.LANGUAGES.items():
            self._menu.addAction(name).setData(code)
        self._menu.triggered.connect(self._on_language)
        self._language.clicked.connect(self._on_language_menu)
        self._help.clicked.connect(self.help_requested)
        return row

    def _retranslate(self) -> None:
        self._new.set_words(tr("New shop"), tr("Choose where the file lives, then drop in your exports"))
        self._open.set_words(tr("Open a .shop file"), tr("Also opens a backup"))
        self._demo.set_words(tr("Try the demo shop"), tr("A small tea-ware shop. Click anything, break anything"))
        self._drop.set_words(
            tr("Drop files here"),
            tr(
                "Orders, items or reviews exported from Taobao, Pinduoduo, JD, Douyin, "
                "Shopify, WooCommerce; CSV or Excel"
            ),
        )
        self._title.setText(tr("Your whole shop on one desk"))
        said = tr("Orders, stock, customers, reviews, figures and today's jobs, in one file.")
        self._sub.setText(said + "\n" + tr("No account, no network. It stays on this computer."))
        self._heading.setText(tr("Recent shops"))
        self._language.setText(words.LANGUAGES[words.language()])
        self._help.setText(tr("Guide"))
        self.refresh()

    def _on_recent(self) -> None:
        entry = self.sender()
        if isinstance(entry, RecentShop):
            self.shop_requested.emit(entry.path)

    def _on_language_menu(self) -> None:
        corner = self._language.rect().topLeft()
        self._menu.popup(self._language.mapToGlobal(corner) - QPointF(0, self._menu.sizeHint().height()).toPoint())

    def _on_language(self, action: object) -> None:
        self.language_requested.emit(action.data())  # type: ignore[attr-defined]
