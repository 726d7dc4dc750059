"""Backups in the settings: where they lie, how old the newest is, when they are made, what they take."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from shopdesk.core import backup, clock, dates, second, through
from shopdesk.core.paths import backup_folder
from shopdesk.core.words import tr, trn
from shopdesk.ui.backups_table import size_text
from shopdesk.ui.dress import dressed
from shopdesk.ui.facts import short
from shopdesk.ui.icons import icon
from shopdesk.ui.settings_rows import WIDE, Row, Section, SettingRow
from shopdesk.ui.start_folder import start_folder
from shopdesk.ui.text import LinkLabel

if TYPE_CHECKING:
    from shopdesk.core.second import Second
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection


@dataclass(frozen=True, slots=True)
class Kept:
    """How the backups stand: the newest, how many there are, their bytes and the free ones; the second folder.

    `here` says that the second folder can be used now, `own` that it is where the shop itself lies; `well` is the day
    on which all was looked through and found well.
    """

    state: backup.State
    number: int
    size: int
    free: int
    second: Second | None
    here: bool
    own: bool
    well: date | None


def read_kept(shop: Shop, con: Connection) -> Kept:
    """Look at the folders, in the worker."""
    copies = backup.listed(shop.path)
    known = second.chosen(con)
    here = known is not None and second.is_there(shop.path, known)
    own = known is not None and second.is_own(shop.path, Path(known.folder))
    free = 0
    with suppress(OSError):
        free = shutil.disk_usage(shop.path.parent).free
    size, well = sum(made.size for made in copies), through.found_well(con)
    return Kept(backup.state(shop), len(copies), size, free, known, here, own, well)


class BackupSection(Section):
    """The rows about backups.

    Signals: ``backups_requested`` for the page with all of them, ``bring_requested`` when the stick is plugged in.
    """

    backups_requested = Signal()
    bring_requested = Signal()

    def __init__(self, shop: Path, rows: Mapping[str, SettingRow]) -> None:
        super().__init__("backups", tr("Backups"))
        self._shop = shop
        where = QLineEdit(str(backup_folder(shop)))
        where.setReadOnly(True)
        where.setCursorPosition(0)
        where.setFixedWidth(WIDE)
        self.open_folder = QPushButton(icon("open"), tr("Open folder"))
        self.open_folder.clicked.connect(self._on_open_folder)
        self._folder = Row(tr("Folder"), "", where, self.open_folder)
        self._second = rows[second.SETTING]
        self._second_folder = ""
        self.choose = QPushButton(icon("open"), tr("Choose…"))
        self.choose.clicked.connect(self._on_choose)
        self._second.add_control(self.choose)
        self.try_now = LinkLabel(tr("Try now"), "small")
        self.try_now.clicked.connect(self.bring_requested)
        self.try_now.hide()
        self._second.add_link(self.try_now)
        self._keep = rows["backup_gb"]
        self.open_backups = LinkLabel(tr("Open backups"), "small")
        self.open_backups.clicked.connect(self.backups_requested)
        self._keep.add_link(self.open_backups)
        for row in (self._folder, self._second, rows["backup_minutes"], self._keep):
            self.add(row)

    def show_kept(self, kept: Kept) -> None:
        """Say how the backups stand."""
        newest = kept.state.newest
        if newest is None:
            self._folder.show_today(tr("none yet"), bad=False)
        else:
            said = tr("{when}, verified by opening it", when=short(newest.at))
            self._folder.show_today(said, bad=False, good=True)
        day = dates.show_day(kept.well) if kept.well is not None else ""
        self._folder.set_help(tr("looked through on {day}, all well", day=day) if day else "")
        self.open_folder.setEnabled(kept.number > 0)
        sizes = {"size": size_text(kept.size), "free": size_text(kept.free)}
        said = trn("{n} kept, {size} of {free} free.", "{n} kept, {size} of {free} free.", kept.number, **sizes)
        self._keep.show_today(said, bad=False)
        self._show_second(kept)

    def _show_second(self, kept: Kept) -> None:
        known = kept.second
        self._second_folder = known.folder if known is not None else ""
        away = known is not None and not kept.here and not kept.own
        self.try_now.setVisible(away or (known is not None and bool(known.missed) and not kept.own))
        self._second.set_help(tr(self._second.setting.help) if known is None else "")
        self._second.show_error(tr("The shop itself lies there. Choose another disk.") if kept.own else "")
        if known is None or kept.own:
            self._second.show_today("", bad=False)
        elif away:
            since = tr("not plugged in since {day}.", day=dates.show_day(known.missed)) if known.missed else ""
            self._second.show_today(since or tr("not plugged in."), bad=known.overdue(clock.now()))
        elif known.missed:
            said = tr("no copy there since {day}.", day=dates.show_day(known.missed))
            self._second.show_today(said, bad=known.overdue(clock.now()))
        elif not known.copied:
            self._second.show_today(tr("the newest backup is on its way there"), bad=False)
        else:
            said = tr("{when}, copied and compared", when=short(known.copied))
            self._second.show_today(said, bad=False, good=True)

    def _on_choose(self) -> None:
        start = start_folder(self, already=self._second_folder)
        dialog = QFileDialog(self.window(), tr("Second folder for backups"), str(start))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._second.enter)
        dressed(dialog).open()

    def _on_open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(backup_folder(self._shop))))
