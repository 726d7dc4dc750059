"""Where the drawer of a page lies: beside the body at the width the owner gave it, or over a part of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from shopdesk.ui.drawer import Drawer
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.theme import styled, theme, theme_polish

_MOST_WIDER = 120


class DrawerPlace:
    """The splitter of a page: its body, and the drawer while there is room beside it."""

    def __init__(self, body: QWidget, name: str, usual: str, edges: Callable[[], list[int]]) -> None:
        self._key = f"drawer/{name}"
        self._usual = usual
        self._edges = edges
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.splitterMoved.connect(self._on_moved)
        self.splitter.addWidget(body)

    def put(self, drawer: Drawer, host: QWidget | None) -> None:
        """Put the drawer over `host`, or beside the body when there is none; hidden stays hidden."""
        visible = drawer.parentWidget() is not None and not drawer.isHidden()
        keyboard = QApplication.focusWidget()
        inside = keyboard if keyboard is not None and drawer.isAncestorOf(keyboard) else None
        if host is not None:
            drawer.setParent(host)
            theme_polish(styled(drawer, "drawer"))
            self.lay_over(drawer, host)
        elif self.splitter.indexOf(drawer) < 0:
            self.splitter.addWidget(drawer)
            theme_polish(styled(drawer, "surface"))
            self.splitter.setStretchFactor(0, 1)
            self.splitter.setStretchFactor(1, 0)
            self.splitter.setSizes([max(1, self.splitter.width() - self._width()), self._width()])
        drawer.setVisible(visible)
        if inside is not None:  # another parent takes the keyboard away
            inside.setFocus(Qt.FocusReason.OtherFocusReason)

    def lay_over(self, drawer: Drawer, host: QWidget) -> None:
        """Let the drawer cover the right end of `host`, from an edge of what lies there: it cuts nothing in two."""
        left = host.width() - self._width()
        left = max((edge for edge in self._edges() if left - _MOST_WIDER <= edge <= left), default=left)
        drawer.setGeometry(left, 0, host.width() - left, host.height())
        drawer.raise_()

    def _width(self) -> int:
        """The width that the owner gave the drawer, else the usual one."""
        usual = theme().size(self._usual)
        kept = Prefs().text(self._key)
        return max(usual, min(int(kept), 2 * usual)) if kept.isdigit() else usual

    def _on_moved(self, _at: int, _index: int) -> None:
        drawer = self.splitter.widget(1)
        if drawer is not None:
            Prefs().put(self._key, str(drawer.width()))
