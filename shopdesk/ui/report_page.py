"""A report for help: shown whole before it is saved or copied, so that the owner sees that no person is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from shopdesk.core import report
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, language, tr
from shopdesk.ui.actions import Action, Place
from shopdesk.ui.base_page import Page
from shopdesk.ui.fonts import fixed_font
from shopdesk.ui.saving import ask_where_to_save_report, save_text
from shopdesk.ui.theme import hline

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection


class ReportPage(Page):
    """The text of the report, with Save and Copy. It is made when it is asked for, and again with the next asking."""

    name = "report"
    title = N_("Report for help")
    topics: frozenset[str] = frozenset()

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """Save and copy."""
        return (
            Action("report.save", N_("Save…"), "save", self._ask_where, "Ctrl+S", Place.PRIMARY, reads=True,
                   enabled=self._is_made),
            Action("report.copy", N_("Copy"), "copy", self.copy, "Ctrl+Shift+C", Place.SECONDARY, reads=True,
                   enabled=self._is_made),
            Action("report.anew", N_("Make it anew"), "redo", self.reload, "F5", Place.MENU, reads=True),
        )  # fmt: skip

    def build(self) -> None:
        """One text over the whole page."""
        self._made = ""
        self._text = QPlainTextEdit()
        self._text.setProperty("kind", "technical")
        self._text.setReadOnly(True)
        self._text.setFont(fixed_font(12))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.chip_row.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(hline())
        self.body.addWidget(self._text)

    def fact(self, _con: Connection) -> str:
        """The grey words beside the title."""
        return tr("how the file is built and filled; names, numbers and dates are scrambled")

    def reload(self) -> None:
        """Make the report in the lane of long work: a large shop takes seconds."""
        shop, program, text = self.shop, _program(), tr("Looking through the shop")
        self._show("")
        self.progress_strip.tell(0, 0, text)
        self.worker.write(
            lambda _task: report.made(shop, program=program), self._show, self._on_failed, key="report.long", text=text
        )

    def retranslate_ui(self) -> None:
        """The text is for the maker and is English in both languages."""
        self._text.setAccessibleName(tr("Report for help"))

    @property
    def text(self) -> str:
        """The report; "" until it is made."""
        return self._made

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self._made)
        self.messages.info(tr("Copied"))

    def save(self, name: str) -> None:
        """Write the report as it is shown into a file."""
        try:
            path = save_text(name, self._made)
        except ShopError as error:
            self.messages.error(error)
        else:
            self.messages.info(tr("Wrote {name}", name=path.name))

    def keyboard_home(self) -> QPlainTextEdit:
        """The text scrolls with the keys."""
        return self._text

    def _show(self, text: str) -> None:
        self.progress_strip.hide()
        self._made = text
        self._text.setPlainText(text)
        self.action_table.refresh()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        self.progress_strip.hide()
        self.messages.error(error)

    def _is_made(self) -> bool:
        return bool(self._made)

    def _ask_where(self) -> None:
        ask_where_to_save_report(self, self.save)


def _program() -> str:
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return (
        f"Qt {qVersion()} ({QGuiApplication.platformName()}), language {language()},"
        f" screen {size.width()}x{size.height()} at {screen.devicePixelRatio():g}"
    )
