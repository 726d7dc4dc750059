"""The words of Qt's own dialogs, and how it writes dates and numbers."""

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator

_in_use: list[QTranslator] = []


class _Quiet(QObject):
    """Keeps Qt from telling every widget at once; whoever switches the language does that, once."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stop the news."""
        return event.type() == QEvent.Type.LanguageChange


def use(app: QCoreApplication, name: str) -> None:
    """Use the locale ``name``; Qt's dialogs speak English where it has no translation."""
    QLocale.setDefault(QLocale(name))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    wanted = not name.startswith("en") and translator.load(f"qtbase_{name}", folder)
    quiet = _Quiet()
    app.installEventFilter(quiet)
    while _in_use:
        app.removeTranslator(_in_use.pop())
    if wanted:
        _in_use.append(translator)
        app.installTranslator(translator)
    app.removeEventFilter(quiet)
