"""What this program remembers on this computer: language, look, window, recent shops. Nothing of a shop."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from shopdesk.core.paths import user_dir

RECENT_SHOPS = 8


class Prefs:
    """Values by name in one file of the settings folder; missing or spoilt ones are the default."""

    def __init__(self) -> None:
        self._settings = QSettings(str(user_dir() / "settings.ini"), QSettings.Format.IniFormat)

    def text(self, name: str, default: str = "") -> str:
        """A remembered text."""
        value = self._settings.value(name, default)
        return value if isinstance(value, str) else default

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """A remembered text that must be one of ``allowed``."""
        value = self.text(name, default)
        return value if value in allowed else default

    def flag(self, name: str, default: bool = False) -> bool:
        """A remembered yes or no."""
        return self.text(name, "yes" if default else "no") == "yes"

    def data(self, name: str) -> QByteArray:
        """Remembered bytes, such as the place of the window; empty when there are none."""
        value = self._settings.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()

    def put(self, name: str, value: str | bool | QByteArray) -> None:
        """Remember a value."""
        if isinstance(value, bool):
            value = "yes" if value else "no"
        self._settings.setValue(name, value)

    def sync(self) -> None:
        """Write everything to the file now."""
        self._settings.sync()

    def recent(self) -> list[tuple[Path, str, str]]:
        """Shops opened lately that still exist: file, name, when (ISO), newest first."""
        rows = self._rows()
        return [row for row in rows if row[0].is_file()]

    def opened(self, path: Path, name: str, now: Callable[[], datetime]) -> None:
        """Put a shop at the head of the recent ones."""
        rows = [row for row in self._rows() if row[0] != path]
        rows.insert(0, (path, name, now().isoformat(sep=" ", timespec="seconds")))
        self._settings.beginWriteArray("recent")
        for index, (file, title, when) in enumerate(rows[:RECENT_SHOPS]):
            self._settings.setArrayIndex(index)
            self._settings.setValue("file", str(file))
            self._settings.setValue("name", title)
            self._settings.setValue("when", when)
        self._settings.endArray()

    def demo_path(self) -> Path:
        """Where the demo shop lives."""
        return user_dir() / "demo" / "demo.shop"

    def _rows(self) -> list[tuple[Path, str, str]]:
        rows = []
        for index in range(self._settings.beginReadArray("recent")):
            self._settings.setArrayIndex(index)
            file, name, when = (str(self._settings.value(key, "")) for key in ("file", "name", "when"))
            if file:
                rows.append((Path(file), name, when))
        self._settings.endArray()
        return rows
