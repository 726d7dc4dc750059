"""Backups in the settings: how old the newest is, where they lie, when they are made."""

from collections.abc import Sequence
from pathlib import Path

from shopdesk.core import clock, dates
from shopdesk.core.backup import Backup
from shopdesk.core.paths import backup_folder
from shopdesk.core.words import tr, trn
from shopdesk.ui.settings_rows import Row, Section
from shopdesk.ui.text import PlainLabel

WIDEST = 460


class BackupSection(Section):
    """What is true of the backups of a shop file."""

    def __init__(self, shop: Path, rows: Sequence[Row]) -> None:
        super().__init__("backups", tr("Backups"))
        self._newest = PlainLabel("", "body")
        self.add(Row(tr("Newest"), "", self._newest))
        folder = PlainLabel(str(backup_folder(shop)), "body", wrap=True)
        folder.setMinimumWidth(min(WIDEST, folder.fontMetrics().horizontalAdvance(folder.text()) + 4))
        self.add(Row(tr("Folder"), tr("beside the shop file"), folder))
        for row in rows:
            self.add(row)

    def show_copies(self, copies: Sequence[Backup]) -> None:
        """Say which is the newest and how many there are."""
        said = tr("none yet")
        if copies:
            kept = trn("{n} kept", "{n} kept", len(copies))
            when = copies[-1].at
            short = when[11:16] if when[:10] == clock.text()[:10] else dates.show_time(when)
            said = tr("{when}, verified by opening it; {kept}", when=short, kept=kept)
        self._newest.setText(said)
