"""The rail: the shop, one tab per feature with its count of work waiting, settings, and its own width."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from shopdesk.core.words import N_, tr
from shopdesk.features import Feature
from shopdesk.ui.rail_buttons import RailButton, RailTab, ShopHead
from shopdesk.ui.theme import hline, styled, theme


class Rail(QFrame):
    """The tabs of the window. Signals ask for a page, the menu of shops, or another width."""

    page_requested = Signal(str)
    shop_menu_requested = Signal(QPoint)
    collapse_requested = Signal(bool)

    def __init__(self, features: Sequence[Feature]) -> None:
        super().__init__()
        styled(self, "rail")
        self._collapsed = False
        self.tabs: dict[str, RailTab] = {}
        self.head = ShopHead()
        self.head.clicked.connect(self._on_head)
        self._fold = RailButton("collapse")
        self._fold.clicked.connect(self._on_fold)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(2)
        self._column.addWidget(self.head)
        self._column.addSpacing(1)
        self._add_tabs(features)
        self._column.addStretch()
        self._add_tab(RailTab("settings", N_("Settings"), "settings"))
        self._column.addWidget(self._fold)
        self._apply()

    @property
    def collapsed(self) -> bool:
        """Whether only icons are shown."""
        return self._collapsed

    def set_collapsed(self, collapsed: bool) -> None:
        """Show only icons, or the words too."""
        if collapsed != self._collapsed:
            self._collapsed = collapsed
            self._apply()

    def set_current(self, name: str) -> None:
        """Mark the tab of the page on show; a page without a tab marks none."""
        for tab in self.tabs.values():
            tab.setChecked(tab.name == name)

    def changeEvent(self, event: QEvent) -> None:
        """Take the words of another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            for tab in self.tabs.values():
                tab.retranslate()
            self._apply()

    def _add_tabs(self, features: Sequence[Feature]) -> None:
        group = features[0].group if features else 0
        for number, known in enumerate(features, start=1):
            if known.group != group:
                group = known.group
                line = QHBoxLayout()
                line.setContentsMargins(8, 6, 8, 7)
                line.addWidget(hline())
                self._column.addLayout(line)
            self._add_tab(RailTab(known.name, known.title, known.icon, f"Ctrl+{number}"))

    def _add_tab(self, tab: RailTab) -> None:
        self.tabs[tab.name] = tab
        tab.clicked.connect(self._on_tab)
        self._column.addWidget(tab)

    def _apply(self) -> None:
        self.setFixedWidth(theme().size("rail_collapsed" if self._collapsed else "rail"))
        words = tr("Expand") if self._collapsed else tr("Collapse")
        for button in (self.head, *self.tabs.values(), self._fold):
            button.set_narrow(self._collapsed)
        self._fold.show_as("expand" if self._collapsed else "collapse", words)

    def _on_tab(self) -> None:
        tab = self.sender()
        if isinstance(tab, RailTab):
            tab.setChecked(True)
            self.page_requested.emit(tab.name)

    def _on_head(self) -> None:
        self.shop_menu_requested.emit(self.head.mapToGlobal(QPoint(0, self.head.height())))

    def _on_fold(self) -> None:
        self.collapse_requested.emit(not self._collapsed)
