"""Switch the language of the running program: our words, Qt's own dialogs, dates and numbers."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from shopdesk.core import words

LOCALES = {"en": "en_GB", "zh_CN": "zh_CN"}


def switch_language(code: str) -> None:
    """Use ``code`` ("en", "zh_CN", or "" for the system's) everywhere, at once."""
    words.use_language(code)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    dress_qt(app)
    for widget in app.topLevelWidgets():
        if isValid(widget):  # a page that rewrites itself may delete the popups of its old fields
            QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))


def dress_qt(app: QApplication) -> None:
    """Give Qt's own dialogs the language in use; after the first rows, they do not need it."""
    from shopdesk.ui.qt_words import use  # loads what Qt needs for it

    use(app, LOCALES[words.language()])
