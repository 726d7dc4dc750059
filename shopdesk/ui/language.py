"""Switch the language of the running program: our words, Qt's own dialogs, dates and numbers."""

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from shopdesk.core import words

LOCALES = {"en": QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom), "zh_CN": QLocale("zh_CN")}
_qt_words: list[QTranslator] = []


def switch_language(code: str) -> None:
    """Use ``code`` ("en", "zh_CN", or "" for the system's) everywhere, at once."""
    words.use_language(code)
    QLocale.setDefault(LOCALES[words.language()])
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    while _qt_words:
        app.removeTranslator(_qt_words.pop())
    if words.language() != "en":
        _load_qt_words(app)
    for widget in app.topLevelWidgets():
        if isValid(widget):  # a page that rewrites itself may delete the popups of its old fields
            QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))


def _load_qt_words(app: QApplication) -> None:
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{words.language()}", folder):
        _qt_words.append(translator)
        app.installTranslator(translator)
