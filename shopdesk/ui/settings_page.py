"""Settings: one page made from the settings' own data; every change is saved at once and can be undone."""

from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core import channels, password, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.settings import SECTIONS, SETTINGS
from shopdesk.core.words import N_, tr
from shopdesk.features import settings_today
from shopdesk.ui.base_page import Page
from shopdesk.ui.icons import icon
from shopdesk.ui.inside import inside
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.settings_backups import BackupSection, Kept, read_kept
from shopdesk.ui.settings_channels import ChannelRow, ChannelsCard, read_channels
from shopdesk.ui.settings_look import LookSection
from shopdesk.ui.settings_password import PasswordSection
from shopdesk.ui.settings_rows import Section, SettingRow, Value
from shopdesk.ui.theme import hline, styled, theme

ICONS = {
    "shop": "storefront", "channels": "channels", "orders": "deadline", "stock": "area_stock",
    "reviews": "reviews", "customers": "customers", "day": "today", "look": "language", "backups": "backup_ok",
    "password": "password",
}  # fmt: skip
OWN = frozenset({"backups", "password"})
"""Sections that are more than rows of settings: each makes its own."""
CHANGED = N_("Changed “{title}”")


class Found(NamedTuple):
    """What the page shows, read in the worker."""

    values: dict[str, Value]
    today: dict[str, tuple[str, bool]]
    channels: list[ChannelRow]
    kept: Kept
    protection: password.Protection | None


class Place(NamedTuple):
    """Where the owner is on the page: a section, pixels below its head, and the number of the control in use."""

    section: str
    below: int
    keyboard: int


class SettingsPage(Page):
    """All settings of the shop and of this program."""

    name = "settings"
    title = N_("Settings")
    topics = frozenset({"settings", "channels", "backups", "imports", "orders", "reviews"})
    search_hint = N_("Find a setting")

    def build(self) -> None:
        """Index left, sections right."""
        self.prefs = Prefs()
        self._rows: dict[str, SettingRow] = {}
        self._index = QVBoxLayout()
        self._buttons = QButtonGroup(self)
        self._sections: list[Section] = []
        self._wanted: Section | None = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._area.verticalScrollBar().rangeChanged.connect(self._on_grown)
        self._area.verticalScrollBar().rangeChanged.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)
        self._area.verticalScrollBar().actionTriggered.connect(self._on_moved)
        index = styled(QWidget(), "index")
        index.setFixedWidth(theme().size("settings_index"))
        index.setLayout(self._index)
        self._index.setContentsMargins(14, 10, 10, 10)
        self._index.setSpacing(2)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(index)
        row.addWidget(self._area, 1)
        self.chip_row.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(hline())
        self.body.addLayout(row)
        self.search_box.textChanged.connect(self._on_search)

    def fact(self, _con: Any) -> str:
        """The grey words beside the title."""
        return tr("saved as you change it, Ctrl+Z takes it back")

    def open(self, what: object) -> None:
        """Go to a section."""
        for section in self._sections:
            if section.key == what:
                self._go_to(section)

    def row(self, key: str) -> SettingRow:
        """The row of a setting."""
        return self._rows[key]

    def section(self, key: str) -> Section:
        """A section."""
        return next(section for section in self._sections if section.key == key)

    def reload(self) -> None:
        """Show what is in force, read in the worker."""
        self.worker.submit(self._read, self._show, key="settings.read")

    def retranslate_ui(self) -> None:
        """Write everything in the other language, at the place where the owner is."""
        place = self._place()
        self._fill()
        self._go_back(place)
        self.reload()

    # building

    def _fill(self) -> None:
        con = self.shop.reader()
        self._wanted = None
        self._rows = {known.key: self._setting_row(known.key, settings.get(con, known.key)) for known in SETTINGS}
        self._sections = [self._shop_section(key, title) for key, title in SECTIONS.items() if key not in OWN]
        self._sections.insert(1, self._channels_section())
        self._backups = BackupSection(self.shop.path, self._rows)
        self._backups.backups_requested.connect(self._on_backups)
        self._backups.bring_requested.connect(self._on_bring)
        self._password = PasswordSection(self.desk, self._rows["lock_minutes"])
        self._password.sheet_made.connect(self.reload)
        self._sections += [LookSection(self.prefs), self._backups, self._password]
        inner = styled(QWidget(), "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 14, 28, 24)
        column.setSpacing(14)
        for number, section in enumerate(self._sections):
            if number:
                column.addWidget(hline())
            column.addWidget(section)
        column.addStretch()
        self._area.setWidget(inner)
        self._fill_index()

    def _fill_index(self) -> None:
        for button in self._buttons.buttons():
            self._buttons.removeButton(button)
        while (item := self._index.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for section in self._sections:
            button = QPushButton(icon(ICONS[section.key], "text_2", on_role="accent"), _title(section.key))
            button.setProperty("kind", "index")
            button.setCheckable(True)
            button.setProperty("section", section.key)
            button.clicked.connect(self._on_index)
            self._buttons.addButton(button)
            self._index.addWidget(button)
        self._index.addStretch()
        self._mark(self._sections[0].key)

    def _shop_section(self, key: str, title: str) -> Section:
        section = Section(key, tr(title))
        for known in SETTINGS:
            if known.section == key:
                section.add(self._rows[known.key])
        return section

    def _setting_row(self, key: str, value: Value) -> SettingRow:
        known = next(setting for setting in SETTINGS if setting.key == key)
        row = SettingRow(known, value)
        row.changed.connect(self._on_setting)
        return row

    def _channels_section(self) -> Section:
        section = Section("channels", tr("Channels"))
        self._channels = ChannelsCard(self._rename_channel, self._add_channel)
        self._channels.show_rows(read_channels(self.shop.reader()))
        section.add(self._channels)
        return section

    # showing

    def _read(self, con: Any) -> Found:
        values = {known.key: settings.get(con, known.key) for known in SETTINGS}
        kept = read_kept(self.shop, con)
        return Found(values, settings_today(con), read_channels(con), kept, password.facts(con))

    def _show(self, found: Found) -> None:
        for key, value in found.values.items():
            self._rows[key].show_value(value)
        self._channels.show_rows(found.channels)
        for key, (words, bad) in found.today.items():
            self._rows[key].show_today(words, bad=bad)
        self._backups.show_kept(found.kept)
        self._password.show_facts(found.protection)

    # saving

    def _on_setting(self, key: str, value: Value) -> None:
        self._wanted = None
        row = self._rows[key]
        title = tr(row.setting.title)

        def put(_task: Any) -> None:
            with self.shop.change(CHANGED, "settings", title=title) as db:
                settings.put(db, key, value)

        def refused(error: Exception) -> None:
            row.refuse(str(error), settings.get(self.shop.reader(), key))

        self.worker.write(put, None, refused, text=title)

    def _on_backups(self) -> None:
        self.open_requested.emit("backups", None)

    def _on_bring(self) -> None:
        if self.desk.keeping is not None:
            self.desk.keeping.bring()

    def _rename_channel(self, channel: int, name: str) -> None:
        def put(_task: Any) -> None:
            with self.shop.change(N_("Renamed a channel to “{name}”"), "channels", "orders", name=name.strip()) as db:
                channels.rename(db, channel, name=name)

        self.worker.write(put, None, self._refused, text=tr("Channels"))

    def _add_channel(self, platform: str, name: str, currency: str) -> None:
        def put(_task: Any) -> None:
            with self.shop.change(N_("Added the channel “{name}”"), "channels", name=name.strip()) as db:
                channels.add(db, platform=platform, name=name, currency=currency)

        self.worker.write(put, None, self._refused, text=tr("Channels"))

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        self.messages.error(error)
        self.reload()

    # moving about

    def _on_index(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.open(button.property("section"))

    def _place(self) -> Place | None:
        """Where the page is scrolled to, counted from the section on show, and which control has the keyboard."""
        if not self._sections:
            return None
        top = next(part for part in self._sections if part.key == self._marked).y()
        used = [number for number, part in enumerate(self._parts()) if part.hasFocus()]
        return Place(self._marked, self._area.verticalScrollBar().value() - top, used[0] if used else -1)

    def _go_back(self, place: Place | None) -> None:
        if place is None:
            return
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        parts = self._parts()
        if 0 <= place.keyboard < len(parts):
            parts[place.keyboard].setFocus(Qt.FocusReason.OtherFocusReason)
        top = next(part for part in self._sections if part.key == place.section).y()
        self._area.verticalScrollBar().setValue(top + place.below)
        self._mark(place.section)

    def _on_grown(self) -> None:
        """A card unfolded: all of it comes into sight, where there is room."""
        form = self._password.form
        if form is not None and form.isAncestorOf(self.focusWidget()):
            self._wanted = None
            self._area.ensureWidgetVisible(form, 0, 10)
            self._mark(self._password.key)

    def _on_settled(self) -> None:
        """The page found its size, or another one, only after a section was gone to."""
        if self._wanted is not None:
            self._scroll_to(self._wanted)

    def _on_moved(self) -> None:
        """The owner scrolls: she stays where she goes."""
        self._wanted = None

    def _parts(self) -> list[QWidget]:
        """Every part of every section, in the order in which they are made in each language."""
        return [part for section in self._sections for part in inside(section, QWidget)]

    def _go_to(self, section: Section) -> None:
        self._wanted = section
        QApplication.sendPostedEvents(None, 0)
        self._scroll_to(section)

    def _scroll_to(self, section: Section) -> None:
        self._area.verticalScrollBar().setValue(max(0, section.y() - 14))
        self._mark(section.key)

    def _on_scrolled(self, top: int) -> None:
        passed = [section for section in self._sections if section.isVisible() and section.y() <= top + 60]
        bar = self._area.verticalScrollBar()
        if passed and top < bar.maximum():
            self._mark(passed[-1].key)

    def _mark(self, key: str) -> None:
        self._marked = key
        for button in self._buttons.buttons():
            button.setChecked(button.property("section") == key)

    def _on_search(self, text: str) -> None:
        for section in self._sections:
            section.narrow_to(text)


def _title(key: str) -> str:
    own = {"channels": N_("Channels"), "look": N_("Language and look"), "backups": N_("Backups")}
    return tr(own.get(key) or SECTIONS[key])
