"""The guide as a page of the window, and as a dialog while no shop is open."""

from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from shopdesk.core.words import N_, tr
from shopdesk.features import FEATURES
from shopdesk.ui.base_page import Page
from shopdesk.ui.help_text import KeyGroup, guide
from shopdesk.ui.inside import inside
from shopdesk.ui.text import key_parts
from shopdesk.ui.theme import hline, theme

WINDOW_KEYS = (
    (N_("All commands"), "Ctrl+K"),
    (N_("Import files…"), "Ctrl+I"),
    (N_("Undo"), "Ctrl+Z"),
    (N_("Redo"), "Ctrl+Y"),
    (N_("Fold or unfold the rail"), "Ctrl+B"),
    (N_("Next part of the page"), "F6"),
    (N_("Back up now"), "Ctrl+Shift+B"),
    (N_("Settings"), "Ctrl+,"),
    (N_("Open a shop…"), "Ctrl+O"),
    (N_("New shop…"), "Ctrl+Shift+N"),
    (N_("Export the whole shop…"), "Ctrl+Shift+E"),
    (N_("Close this shop"), "Ctrl+W"),
    (N_("Help"), "F1"),
    (N_("Report for help…"), "Ctrl+F1"),
    (N_("Quit ShopDesk"), "Ctrl+Q"),
)
STYLE = """h1 {{ font-size: 20px; font-weight: 600; }} h2 {{ font-size: 16px; font-weight: 600; margin-top: 18px; }}
p, li, td {{ font-size: 13px; color: {text}; }} td.l {{ color: {quiet}; padding-right: 28px; }}
td {{ padding: 3px 0; }} td.h {{ font-weight: 600; padding-top: 10px; }} a {{ color: {link}; }}"""


class _Browser(QTextBrowser):
    """Shows the guide; opens and loads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setProperty("kind", "help")

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """There is nothing to load, and no picture is looked for on the disk."""
        return QImage()

    def show_guide(self, groups: list[KeyGroup]) -> None:
        """Show the guide in the language in use."""
        colour = theme().hex
        style = STYLE.format(text=colour("text"), quiet=colour("text_2"), link=colour("accent"))
        self.document().setDefaultStyleSheet(style)
        self.setHtml(guide(groups))


def window_keys() -> list[KeyGroup]:
    """The keys that work everywhere."""
    keys = [(tr(title), shown(key)) for title, key in WINDOW_KEYS]
    keys += [(tr(known.title), f"Ctrl+{number}") for number, known in enumerate(FEATURES.values(), start=1)]
    return [KeyGroup(tr("Everywhere"), tuple(keys))]


def shown(key: str) -> str:
    """A shortcut as it is printed on the keys."""
    return "+".join(key_parts(key))


class HelpPage(Page):
    """The guide; opened with F1 at the part about the page on show."""

    name = "help"
    title = N_("Help")
    topics: frozenset[str] = frozenset()

    def build(self) -> None:
        """One text over the whole page."""
        self._browser = _Browser()
        self.chip_row.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(hline())
        self.body.addWidget(self._browser)
        theme().recoloured.connect(self.stale)

    def reload(self) -> None:
        """Write the guide anew."""
        self._browser.show_guide(window_keys() + self._page_keys())

    def retranslate_ui(self) -> None:
        """Take the other language."""
        if self.parentWidget() is not None:
            self.reload()

    def open(self, what: object) -> None:
        """Go to the part about a page."""
        self._browser.scrollToAnchor(str(what))

    @property
    def text(self) -> str:
        """The guide as plain text, for tests."""
        return self._browser.toPlainText()

    def _page_keys(self) -> list[KeyGroup]:
        stack = self.parentWidget()
        groups = []
        for page in inside(stack, Page) if isinstance(stack, QWidget) else []:
            keys = tuple(
                (tr(action.title), shown(action.shortcut)) for action in page.action_table.all() if action.shortcut
            )
            if keys:
                groups.append(KeyGroup(tr(page.title), keys))
        return groups


class HelpDialog(QDialog):
    """The guide beside the welcome page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._browser = _Browser()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._browser)
        self.resize(720, 640)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Take the other language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Help"))
        self._browser.show_guide(window_keys())
