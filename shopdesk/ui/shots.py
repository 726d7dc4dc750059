"""A picture of every page of a shop, for looking at and for the guide: works without a display."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QSize
from PySide6.QtWidgets import QApplication

from shopdesk.app import Program, application
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_, language
from shopdesk.features import FEATURES
from shopdesk.ui.language import switch_language
from shopdesk.ui.pages import SETTINGS_PAGE
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.theme import theme

SETTLE_MS = 250
FIRST_MS = 1500
"""What the window does a moment after its first rows: counts, facts, the backup's state."""
PATIENCE_MS = 20000
NAMES = {"board": "today"}
SIZE = re.compile(r"(\d{3,4})x(\d{3,4})")


def offscreen_when_needed() -> None:
    """Draw without a display where there is none; before the application object is made."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def shots(
    shop: Path,
    folder: Path,
    *,
    key: Key | None = None,
    lang: str = "",
    mode: str = "light",
    size: str = "1366x768",
) -> list[Path]:
    """Write one PNG per page into ``folder`` and return their paths. The shop is opened for reading only.

    Raises ShopError for a size or a shop that cannot be used.
    """
    found = SIZE.fullmatch(size)
    if found is None:
        raise ShopError(N_("“{size}” is not a size like 1366x768."), size=size)
    offscreen_when_needed()
    app = application()
    switch_language(lang)
    theme().set_mode(mode)
    theme().apply()
    folder.mkdir(parents=True, exist_ok=True)
    program = Program(Prefs())
    program.picture(Shop.open(shop, key=key, write=False))
    window = program.window
    window.resize(QSize(int(found[1]), int(found[2])))
    window.show()
    try:
        return list(_pages(app, program, folder))
    finally:
        window.close_now()
        program.stop()


def _pages(app: QApplication, program: Program, folder: Path) -> Iterator[Path]:
    _settle(app, program, FIRST_MS)
    for number, name in enumerate([*FEATURES, SETTINGS_PAGE], start=1):
        program.window.open_page(name)
        yield _picture(app, program, folder / f"{number:02d}-{NAMES.get(name, name)}")
    program.close_shop()
    yield _picture(app, program, folder / "00-welcome")


def _picture(app: QApplication, program: Program, stem: Path) -> Path:
    _settle(app, program)
    shade = "dark" if theme().dark else "light"
    path = stem.with_name(f"{stem.name}-{language()}-{shade}.png")
    program.window.grab().save(str(path))
    return path


def _settle(app: QApplication, program: Program, quiet_ms: int = SETTLE_MS) -> None:
    """Wait until the worker has answered and everything was painted."""
    quiet = QDeadlineTimer(quiet_ms)
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not quiet.hasExpired() and not deadline.hasExpired():
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 30)
        if program.worker is not None and program.worker.busy:
            quiet = QDeadlineTimer(quiet_ms)
