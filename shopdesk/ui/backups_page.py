"""Backups: every one with what was in it and what has changed since, and the ways back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QToolButton, QVBoxLayout, QWidget

from shopdesk.core import dates, second, shelf
from shopdesk.core.errors import ShopError
from shopdesk.core.paths import backup_folder
from shopdesk.core.shelf import CHANGED, Copy
from shopdesk.core.words import N_, tr, trn
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.backups_beside import BackupDrawer
from shopdesk.ui.backups_drawer import LOOK, RESTORE
from shopdesk.ui.backups_faulty import FaultyBox
from shopdesk.ui.backups_table import ALL, CHIPS, COLUMNS, FAULTY, SECOND, SOURCE, Shelf, size_text
from shopdesk.ui.banner import Sign
from shopdesk.ui.base_page import Page
from shopdesk.ui.chips import ChipRow
from shopdesk.ui.dress import dressed
from shopdesk.ui.icons import icon
from shopdesk.ui.lining import OneByOne
from shopdesk.ui.start_folder import start_folder
from shopdesk.ui.table_model import TableModel
from shopdesk.ui.table_view import TableView
from shopdesk.ui.text import PlainLabel, plain_tip
from shopdesk.ui.theme import styled
from shopdesk.ui.widgets import EmptyState

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.drawer import Drawer

_Seen = tuple[Path, str, int]
"""Which bytes were looked at: a file, the checksum that was noted, and when it was written to."""
_FOLLOW_MS = 120
_LESS = 2


class BackupsPage(Page):
    """The folder of backups; a drawer says more of the one that the keyboard is at."""

    name = "backups"
    title = N_("Backups")
    topics = frozenset({"backups", "settings", "orders", "stock", "skus", "customers", "reviews", "imports", "board"})
    search_hint = N_("Date, what for")

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """What can be done with the folder and with one backup."""
        one, menu = Needs.ONE, Place.MENU
        return (
            Action("backups.make", N_("Back up now"), "backup_ok", self._on_make, "", Place.PRIMARY),
            Action("backups.folder", N_("Open folder"), "open", self._on_folder, "", Place.SECONDARY, reads=True),
            Action("backups.open", N_("Open"), "drawer_open", self._on_open, "Return", Place.HIDDEN, one, reads=True),
            Action("backups.look", N_("Open and look"), "show_hide", self._on_look, "", menu, one,
                   enabled=self._is_well),
            Action("backups.restore", N_("Put the shop back…"), "restore", self._on_restore, "", menu, one,
                   enabled=self._is_well),
            Action("backups.copy", N_("Copy to USB…"), "disk", self._on_copy, "", menu, one, enabled=self._is_well,
                   reads=True),
            Action("backups.delete", N_("Delete"), "delete", self._on_delete, "", menu, one, tone="bad",
                   enabled=self._is_faulty),
        )  # fmt: skip

    # made once

    def build(self) -> None:
        """Chips with the state of the second folder, the table, the box under it."""
        self._shelf = Shelf()
        self._chip, self._sort, self._falling = ALL, "at", True
        self._faults: dict[_Seen, str] = {}
        self._second: second.Second | None = None
        self._is_read = False
        self.beside = BackupDrawer(self)
        self._checks = OneByOne(self)
        self._copying = OneByOne(self)
        self.rows = TableModel(SOURCE, COLUMNS, self._shelf.connection, self.worker, self.name, self, editable=False)
        self.table = TableView(self.rows, self.pictures, "row")
        self.table.setColumnHidden(0, True)
        self.chips = ChipRow()
        self.chips.offer_save(False)
        self._sign = Sign("late_or_error", "warn", 14)
        self._warning = PlainLabel("", "small", "warn")
        for part in (self._sign, self._warning):
            part.hide()
        self.nothing = EmptyState()
        self.nothing.hide()
        self.faulty = FaultyBox()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.chip_row.addWidget(self.chips, 1)
        self.chip_row.addWidget(self._sign)
        self.chip_row.addWidget(self._warning)
        area = styled(QWidget(), "surface")
        column = QVBoxLayout(area)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 100)
        column.addWidget(self.nothing, 100)
        column.addWidget(self.faulty)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        self.body.addWidget(area, 1)
        self.area = area
        back = QToolButton()
        back.setProperty("kind", "icon")
        back.setIcon(icon("previous", "text_2"))
        back.clicked.connect(self._on_back)
        self._back = back
        header = self.title_label.parentWidget()
        row = header.layout() if header is not None else None
        if row is not None:
            row.insertWidget(0, back)  # type: ignore[attr-defined]

    def _connect(self) -> None:
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW_MS)
        self._follow.timeout.connect(self._show_current)
        self.table.current_changed.connect(self._on_current_changed)
        self.table.opened.connect(lambda _row: self._on_open([]))
        self.table.clicked_again.connect(self._on_clicked_again)
        self.table.menu_requested.connect(self._on_menu)
        self.table.press_key = self.action_table.press
        self.table.header.sort_requested.connect(self._on_sort)
        self.chips.picked.connect(self._on_chip)
        self.search_box.words_changed.connect(lambda _words: self._ask())
        self.search_box.left.connect(self.table.setFocus)
        self.nothing.acted.connect(partial(self._on_chip, ALL))
        self.nothing.acted_second.connect(self.search_box.clear)
        self.faulty.deleted.connect(self._remove)
        self.progress_strip.stopped.connect(self._on_stop)
        self.beside.act_requested.connect(self._on_act)
        self.beside.copy_requested.connect(self._ask_where)

    # shown and told

    def reload(self) -> None:
        """Read the folder again, in the worker."""
        self.worker.submit(self._read, self._on_read, key="backups.read")

    def retranslate_ui(self) -> None:
        """Write everything in the other language."""
        plain_tip(self._back, tr("Back"))
        self._back.setAccessibleName(tr("Back"))
        self.table.setAccessibleName(tr(self.title))
        if self._is_read:
            self._fill(self._shelf.copies)

    def hidden(self) -> None:
        """Rest: no file is read for a page that nobody sees."""
        super().hidden()
        self._checks.clear()

    def put_away(self) -> None:
        """The shop is being closed."""
        self._follow.stop()
        self.beside.stop()
        self._checks.stop()
        self._copying.stop()

    def current_id(self) -> int | None:
        """The backup in the current row."""
        row = self.table.current_row()
        return self.rows.id_at(row) if row >= 0 else None

    def current(self) -> Copy | None:
        """The backup that the keyboard is at."""
        found = self.current_id()
        return self._shelf.copy(found) if found is not None else None

    def step_record(self, step: int) -> None:
        """The next or previous row; the drawer follows."""
        self.table.go_to(self.table.current_row() + step)

    def changeEvent(self, event: QEvent) -> None:
        """The owner comes back from another window: files may have come and gone there."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self._is_shown and self.isActiveWindow():
            self.stale()

    def keyboard_home(self) -> QWidget:
        """The table."""
        return self.table

    def drawer_host(self) -> QWidget:
        """In a narrow window the drawer lies over the table only; the box under it keeps clear of it."""
        return self.area

    def drawer_moved(self, drawer: Drawer) -> None:
        """The box under the table has another width."""
        self.faulty.make_room(drawer.width() if self.narrow and not drawer.isHidden() else 0)

    # reading

    def _read(self, con: Connection) -> tuple[list[Copy], second.Second | None, bool]:
        known = second.chosen(con)
        there = known is not None and second.is_there(self.shop.path, known)
        where = Path(known.folder) if known is not None and there else None
        return shelf.look(self.shop.path, con, where), known, there

    def _on_read(self, found: tuple[list[Copy], second.Second | None, bool]) -> None:
        copies, known, there = found
        first = not self._shelf.copies
        self._is_read = True
        self._fill(copies)
        self._second = known
        missed = known is not None and not there
        self._sign.setVisible(missed)
        self._warning.setVisible(missed)
        if known is not None and missed:
            since = dates.show_day(known.missed) if known.missed else ""
            text = tr("“{folder}” has not been there since {day}", folder=known.folder, day=since)
            self._warning.setText(text if since else tr("“{folder}” is not there", folder=known.folder))
        here = self.current()
        if self.drawer is not None and self.drawer.isVisible() and not self.beside.is_shown(here):
            self._show_current()
        if first and self.rows.rowCount():
            self.table.go_to(0)
            if not self.narrow:
                self._show_current()
        if not copies and self.desk.keeping is not None:
            self.desk.keeping.look()
        self._check_bytes()

    def _fill(self, copies: list[Copy]) -> None:
        """List them, with what was found out about their bytes."""
        known = [self._judged(copy) for copy in copies]
        here = self.current()
        self._shelf.fill(known)
        counts = self._shelf.counts()
        shown = [key for key in CHIPS if key == ALL or counts[key]]
        self._chip = self._chip if self._chip in shown else ALL
        self.chips.fill([(key, tr(CHIPS[key][0]), "bad" if key == FAULTY else "") for key in shown])
        self.chips.set_counts({key: counts[key] for key in shown})
        self.chips.pick(self._chip)
        total = sum(copy.made.size for copy in known if not copy.second)
        count = counts[ALL] - counts[SECOND]
        said = trn("{folder} · {n} copy · {size}", "{folder} · {n} copies · {size}", count,
                   folder=backup_folder(self.shop.path).name, size=size_text(total))  # fmt: skip
        self.fact_label.setText(said)
        plain_tip(self.fact_label, str(backup_folder(self.shop.path)))
        self._ask()
        self._go_back_to(here)
        self.faulty.show_first(known)

    def refresh_fact(self) -> None:
        """Folder, count and size come with the list."""

    def _judged(self, copy: Copy) -> Copy:
        fault = self._faults.get(_seen(copy), "")
        return shelf.with_fault(copy, fault) if fault and not copy.fault else copy

    def _ask(self) -> None:
        """Give the table the rows of the chip, the search and the sort in force."""
        query = self._shelf.query(self._chip, self.search_box.words(), self._sort, falling=self._falling)
        section = next(number for number, column in enumerate(COLUMNS, 1) if column.sort == self._sort)
        self.table.header.show_sort(section, falling=self._falling)
        self.rows.forget_texts()
        self.rows.show_query(query)
        wanted = self.table.header.sizeHint().height() + self.rows.rowCount() * self.table.row_height + _LESS
        self.table.setMaximumHeight(wanted)
        self._say_nothing(self.search_box.words())

    def _say_nothing(self, words: str) -> None:
        """What is said in the table's place when no backup has the words."""
        empty = bool(words) and not self.rows.rowCount()
        self.table.setVisible(not empty)
        self.nothing.setVisible(empty)
        if empty:
            self.nothing.say(
                tr("Nothing found for “{words}”", words=words),
                tr("In “{view}”.", view=tr(CHIPS[self._chip][0])),
                tr("Search everything") if self._chip != ALL else "",
                "search",
                tr("Clear search"),
                mark=False,
            )

    def _go_back_to(self, copy: Copy | None) -> None:
        if copy is not None:
            self.table.go_to(max(0, self.rows.row_of(self._shelf.row_id(copy.made.name))))

    def _check_bytes(self) -> None:
        """Compare every file with the checksum that was noted, the newest first, again when it was written to."""
        for copy in self._shelf.copies:
            key = _seen(copy)
            if not copy.fault and key not in self._faults:
                self._checks.add(partial(shelf.is_as_noted, copy), partial(self._on_checked, key))

    def _on_checked(self, key: _Seen, is_well: bool) -> None:
        self._faults[key] = "" if is_well else CHANGED
        if not is_well:
            self._fill(self._shelf.copies)
            self._show_current()

    # the drawer

    def on_drawer_closed(self) -> None:
        """The drawer stays closed, also when the row was left a moment before."""
        super().on_drawer_closed()
        self._follow.stop()

    def _on_current_changed(self, _row: int) -> None:
        self.action_table.refresh()
        if self.drawer is not None and self.drawer.isVisible():
            self._follow.start()

    def _on_open(self, _ids: list[int]) -> None:
        if self.table.current_row() < 0:
            self.table.go_to(0)
        self._show_current()

    def _on_clicked_again(self, _row: int) -> None:
        if self.drawer is None or self.drawer.isHidden():
            self._show_current()

    def _show_current(self) -> None:
        copy = self.current()
        if copy is not None:
            self.beside.show(copy)
        elif self.drawer is not None:
            self.drawer.hide()

    # acts

    def _is_well(self) -> bool:
        copy = self.current()
        return copy is not None and not copy.fault and self.desk.coming_back is not None

    def _is_faulty(self) -> bool:
        copy = self.current()
        return copy is not None and bool(copy.fault)

    def _on_make(self) -> None:
        if self.desk.keeping is not None:
            self.desk.keeping.now()

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(backup_folder(self.shop.path))))

    def _on_back(self) -> None:
        self.open_requested.emit("back", None)

    def _on_look(self, _ids: list[int]) -> None:
        copy = self.current()
        if copy is not None:
            self._on_act(copy, LOOK)

    def _on_restore(self, _ids: list[int]) -> None:
        self._show_current()
        self.beside.ask_restore()

    def _on_act(self, copy: Copy, act: int) -> None:
        ways = self.desk.coming_back
        if ways is not None and act == RESTORE:
            ways.restore(copy, self._say_progress)
        elif ways is not None:
            ways.look(copy, choose=act != LOOK)

    def _on_stop(self) -> None:
        if self.desk.coming_back is not None:
            self.desk.coming_back.stop()

    def _say_progress(self, text: str) -> None:
        self.progress_strip.setVisible(bool(text))
        if text:
            self.progress_strip.tell(0, 0, text)

    def _on_copy(self, _ids: list[int]) -> None:
        copy = self.current()
        if copy is not None:
            self._ask_where(copy)

    def _ask_where(self, copy: Copy) -> None:
        start = start_folder(self, already=self._second.folder if self._second is not None else "")
        dialog = QFileDialog(self.window(), tr("Copy the backup to a folder or stick"), str(start))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self.copy_to, copy))
        dressed(dialog).open()

    def copy_to(self, copy: Copy, folder: str) -> None:
        """Bring a backup to another folder, beside the window."""
        self._say_progress(tr("Copying the backup…"))
        self._copying.add(partial(shelf.copy_to, copy, Path(folder)), self._on_copied, self._on_refused)

    def _on_copied(self, where: Path) -> None:
        self._say_progress("")
        self.messages.info(tr("The backup is in “{folder}”, too.", folder=where.parent))

    def _on_delete(self, _ids: list[int]) -> None:
        copy = self.current()
        if copy is not None and copy.fault:
            self.faulty.ask(copy)

    def _remove(self, copy: Copy) -> None:
        if copy.fault:
            self._copying.add(partial(shelf.remove, copy), lambda _done: self.stale(), self._on_refused)

    def _on_refused(self, error: Exception) -> None:
        self._say_progress("")
        if not isinstance(error, ShopError):
            raise error
        self.messages.error(error)

    # list

    def _on_menu(self, point: Any) -> None:
        self.action_table.menu(self, records=self._has_records()).popup(point)

    def _on_sort(self, section: int) -> None:
        column = COLUMNS[section - 1]
        if column.sort:
            self._falling = not self._falling if column.sort == self._sort else column.falling
            self._sort = column.sort
            self._keeping_place()

    def _on_chip(self, key: str) -> None:
        self._chip = key
        self.chips.pick(key)
        self._keeping_place()

    def _keeping_place(self) -> None:
        here = self.current()
        self._ask()
        self._go_back_to(here)


def _seen(copy: Copy) -> _Seen:
    return copy.path, copy.made.sha256, copy.touched


PAGE = BackupsPage
