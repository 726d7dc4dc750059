"""Taking everything of a shop out of sight, in whatever window it is, and bringing it back as it was.

What is hidden is hidden as widgets, not covered: nothing paints it, no key, mouse or screen reader reaches it.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QWidget
from shiboken6 import isValid

from shopdesk.core.words import tr
from shopdesk.ui.lock_page import LockPage
from shopdesk.ui.window import Window

NEUTRAL = "neutral"
"""A property of windows that show nothing of a shop and may come while it is locked."""


class _Deaf(QObject):
    """Keeps from a widget that it loses the keyboard.

    A cell that is being typed into would be written, a field would be checked and lose its cursor.
    """

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep it quiet."""
        return event.type() == QEvent.Type.FocusOut


class Hiding(QObject):
    """Hides the shop in a window behind a page, until it is brought back or put away."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._page: LockPage | None = None
        self._behind: QWidget | None = None
        self._hidden: list[QWidget] = []
        self._focus: QWidget | None = None
        self._title = ""

    def hide(self, page: LockPage) -> None:
        """Show nothing but the page."""
        window = self._window
        if window.palette_widget is not None and window.palette_widget.isVisible():
            window.palette_widget.close_palette()
        _close_popups()
        clear_own_clipboard()
        self._page, self._title = page, window.windowTitle()
        self._behind = self._stack().currentWidget()
        self._focus = QApplication.focusWidget() or window.focusWidget()
        self._hide_all(page)
        window.setWindowTitle(tr("ShopDesk — locked"))
        window.setAcceptDrops(False)
        window.commands.hold(held=True)
        application().installEventFilter(self)
        application().focusChanged.connect(self._on_focus_changed)
        page.take_keyboard()

    def show(self) -> None:
        """Bring everything back, the keyboard too."""
        behind, hidden, focus = self._behind, self._hidden, self._focus
        self._let_go()
        if behind is not None:
            self._stack().setCurrentWidget(behind)
        for widget in hidden:
            if isValid(widget):
                widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
                widget.show()
                if not widget.isWindow():
                    widget.raise_()
        if focus is not None and isValid(focus):
            focus.activateWindow()
            focus.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        if self._window.toast is not None:
            self._window.toast.hold(held=False)

    def put_away(self) -> None:
        """The shop is being closed: what is hidden goes with it."""
        hidden = self._hidden
        self._let_go()
        for widget in hidden:
            if isValid(widget):
                widget.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that wants to be shown now waits, unless it shows nothing of a shop."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._tells(watched):
            watched.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            self._hidden.append(watched)
            QTimer.singleShot(0, watched, watched.hide)
        return False

    def _tells(self, widget: QWidget) -> bool:
        """Whether it is a window that may show something of the shop and is not held back yet."""
        ours = widget is self._window or widget in self._hidden
        return widget.isWindow() and not ours and not widget.property(NEUTRAL)

    def _hide_all(self, page: LockPage) -> None:
        deaf = _Deaf()
        if self._focus is not None:
            self._focus.installEventFilter(deaf)
        if self._window.toast is not None:
            self._window.toast.hold(held=True)
        for widget in self._in_sight():
            if isinstance(widget, QFileDialog):
                widget.reject()
                continue
            self._hidden.append(widget)
            widget.hide()
        self._stack().addWidget(page)
        self._stack().setCurrentWidget(page)
        if self._focus is not None:
            self._focus.removeEventFilter(deaf)

    def _in_sight(self) -> list[QWidget]:
        """Every other window, parents first, and what lies over this one."""
        windows = sorted(QApplication.topLevelWidgets(), key=_depth)
        parts = [part for part in self._window.children() if isinstance(part, QWidget) and not part.isWindow()]
        ours = (self._window, self._window.centralWidget())
        return [widget for widget in (*windows, *parts) if widget.isVisible() and widget not in ours]

    def _let_go(self) -> None:
        if self._page is None:
            return
        application().removeEventFilter(self)
        application().focusChanged.disconnect(self._on_focus_changed)
        self._window.setWindowTitle(self._title)
        self._window.setAcceptDrops(True)
        self._window.commands.hold(held=False)
        self._stack().removeWidget(self._page)
        self._page.deleteLater()
        self._page = self._behind = self._focus = None
        self._hidden = []

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """A page behind the lock may give itself the keyboard when its work is done: it must not hear the password."""
        if self._page is not None and self._behind is not None and new is not None and self._behind.isAncestorOf(new):
            self._page.take_keyboard()

    def _stack(self) -> QStackedWidget:
        stack = self._window.centralWidget()
        assert isinstance(stack, QStackedWidget)
        return stack


def _depth(widget: QWidget) -> int:
    parent = widget.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)


def application() -> QApplication:
    """The application object."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def _close_popups() -> None:
    """Menus, lists of choices, popovers and tooltips: they do not come back."""
    for widget in QApplication.topLevelWidgets():
        if widget.isVisible() and widget.windowType() in (Qt.WindowType.ToolTip, Qt.WindowType.Popup):
            widget.close()


def clear_own_clipboard() -> None:
    """Empty the clipboard where its content came from here; what was copied elsewhere since is not ours to touch."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
