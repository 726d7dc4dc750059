"""The words of Qt's own dialogs, and how it writes dates and numbers."""

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator

from shopdesk.core.words import N_, tr

MISSING = {
    "&Look in:": N_("Look in:"),
    "Files of &type:": N_("File type:"),
    "Print all": N_("All pages"),
    "Pages from": N_("Pages from"),
    "Current Page": N_("Current page"),
    "Page &Set:": N_("Which pages:"),
    "Copies:": N_("Copies:"),
    "Return": N_("Enter"),
}

_in_use: list[QTranslator] = []


class _Quiet(QObject):
    """Keeps Qt from telling every widget at once; whoever switches the language does that, once."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stop the news."""
        return event.type() == QEvent.Type.LanguageChange


class _Gaps(QTranslator):
    """Our words where Qt's own translation has a gap."""

    def translate(self, _context: str, source: str, _about: str | None = None, _number: int = -1) -> str:
        """The words for `source`; None leaves it to the other translations."""
        return tr(MISSING[source]) if source in MISSING else None  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """Qt does not install a translator that holds nothing."""
        return False


def use(app: QCoreApplication, name: str) -> None:
    """Use the locale ``name``; Qt's dialogs speak English where there is no translation."""
    QLocale.setDefault(QLocale(name))
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    wanted = not name.startswith("en") and translator.load(f"qtbase_{name}", folder)
    quiet = _Quiet()
    app.installEventFilter(quiet)
    while _in_use:
        app.removeTranslator(_in_use.pop())
    if wanted:
        for one in (translator, _Gaps()):
            _in_use.append(one)
            app.installTranslator(one)
    app.removeEventFilter(quiet)
