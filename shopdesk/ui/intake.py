"""What comes into the window from outside: shop files and files to import, chosen, dropped or waiting for a shop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.ui import late

if TYPE_CHECKING:
    from shopdesk.ui.choose import Choose
    from shopdesk.ui.window import Window


class Intake:
    """Asks for files and takes those that were given; a shop is opened, others go to the import preview."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._choose: Choose | None = None
        self._waiting: list[Path] = []

    def choose_shop(self) -> None:
        """Ask for a shop file and open it."""
        self._chooser().shop()

    def choose_new(self) -> None:
        """Ask where a new shop file shall live."""
        self._chooser().new()

    def choose_files(self) -> None:
        """Ask for files to import."""
        self._chooser().files()

    def ask_shop_for(self, files: Sequence[Path]) -> None:
        """Files came while no shop was open: make a shop first, then show what is in them."""
        self._waiting = list(files)
        self.choose_new()

    def shop_came(self) -> None:
        """A shop is open now: show the files that waited for it."""
        files, self._waiting = self._waiting, []
        if files:
            self._window.import_files(files)

    def take(self, files: Sequence[Path]) -> None:
        """Files were dropped or chosen."""
        shops = [file for file in files if file.suffix == ".shop"]
        if shops:
            self._window.open_requested.emit(shops[0])
        elif self._window.desk is not None:
            self._window.import_files(files)
        else:
            self._window.files_dropped.emit(list(files))

    def _chooser(self) -> Choose:
        if self._choose is None:
            self._choose = late.make_choose(self._window)
        return self._choose
