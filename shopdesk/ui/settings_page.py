"""Settings: one page made from the settings' own data; every change is saved at once and can be undone."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core import backup, channels, clock, dates, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.paths import backup_folder
from shopdesk.core.settings import SECTIONS, SETTINGS
from shopdesk.core.words import LANGUAGES, N_, language, tr, trn
from shopdesk.ui.base_page import Page
from shopdesk.ui.icons import icon
from shopdesk.ui.language import switch_language
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.settings_channels import ChannelRow, ChannelsCard, read_channels
from shopdesk.ui.settings_look import RadioCard
from shopdesk.ui.settings_rows import Row, SettingRow, Value
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import MODES, ROWS, hline, styled, theme
from shopdesk.ui.widgets import Segments

ICONS = {
    "shop": "storefront", "channels": "channels", "orders": "deadline", "stock": "area_stock",
    "reviews": "reviews", "customers": "customers", "day": "today", "look": "language", "backups": "backup_ok",
}  # fmt: skip
THEME_WORDS = {"system": N_("System"), "light": N_("Light"), "dark": N_("Dark")}
ROW_WORDS = {"dense": N_("Dense"), "compact": N_("Compact"), "roomy": N_("Roomy")}
SHADES = {"system": (False, True), "light": (False,), "dark": (True,)}
CHANGED = N_("Changed “{title}”")


class Section(QWidget):
    """A heading and its rows."""

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key = key
        self.rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._heading = PlainLabel(title, "heading", strong=True)
        self._column.addWidget(self._heading)
        self._column.addSpacing(6)

    def add(self, part: QWidget) -> None:
        """Put a row or a card below."""
        if isinstance(part, Row):
            self.rows.append(part)
        self._column.addWidget(part)

    def narrow_to(self, words: str) -> bool:
        """Show only rows that hold all words; whether any part is still shown."""
        asked = words.lower().split()
        whole = all(word in self._heading.text().lower() for word in asked)
        shown = whole
        for row in self.rows:
            fits = whole or all(word in row.words.lower() for word in asked)
            row.setVisible(fits)
            shown = shown or fits
        self.setVisible(shown)
        return shown


class SettingsPage(Page):
    """All settings of the shop and of this program."""

    name = "settings"
    title = N_("Settings")
    topics = frozenset({"settings", "channels", "backups", "imports"})
    search_hint = N_("Find a setting")

    def build(self) -> None:
        """Index left, sections right."""
        self.prefs = Prefs()
        self._rows: dict[str, SettingRow] = {}
        self._index = QVBoxLayout()
        self._buttons = QButtonGroup(self)
        self._sections: list[Section] = []
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
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

    def section_keys(self) -> list[str]:
        """The sections in their order."""
        return [section.key for section in self._sections]

    def reload(self) -> None:
        """Show what is in force, read in the worker."""
        self.worker.submit(self._read, self._show, key="settings.read")

    def retranslate_ui(self) -> None:
        """Write everything in the other language."""
        self._fill()

    # building

    def _fill(self) -> None:
        con = self.shop.reader()
        self._rows = {known.key: self._setting_row(known.key, settings.get(con, known.key)) for known in SETTINGS}
        self._sections = [self._shop_section(key, title) for key, title in SECTIONS.items()]
        self._sections.insert(1, self._channels_section())
        self._sections += [self._look_section(), self._backup_section()]
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
        first = self._buttons.buttons()
        if first:
            first[0].setChecked(True)

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

    def _look_section(self) -> Section:
        section = Section("look", tr("Language and look"))
        cards = [RadioCard(code, name) for code, name in LANGUAGES.items()]
        section.add(self._cards(tr("Language"), cards, language(), self._on_language, tr("changes at once")))
        cards = [RadioCard(mode, tr(THEME_WORDS[mode]), shades=SHADES[mode]) for mode in MODES]
        section.add(self._cards(tr("Theme"), cards, theme().mode, self._on_theme, ""))
        heights = [(rows, f"{tr(ROW_WORDS[rows])} {theme().row_height(rows)}") for rows in ROWS]
        segments = Segments(heights, theme().rows)
        segments.picked.connect(self._on_row_height)
        section.add(Row(tr("Row height"), tr("one setting for every table"), segments))
        return section

    def _cards(
        self, title: str, cards: list[RadioCard], chosen: str, pick: Callable[[str], None], help_text: str
    ) -> Row:
        group = QButtonGroup(self)
        for card in cards:
            card.setChecked(card.value == chosen)
            group.addButton(card)
        group.buttonClicked.connect(lambda card: pick(card.value))
        return Row(title, help_text, *cards)

    def _backup_section(self) -> Section:
        section = Section("backups", tr("Backups"))
        self._backup_fact = PlainLabel("", "body")
        section.add(Row(tr("Newest"), "", self._backup_fact))
        folder = PlainLabel(str(backup_folder(self.shop.path)), "body", wrap=True)
        folder.setMinimumWidth(min(460, folder.fontMetrics().horizontalAdvance(folder.text()) + 4))
        section.add(Row(tr("Folder"), tr("beside the shop file"), folder))
        when = PlainLabel(tr("at start when something changed, before each import, on closing"), "body")
        section.add(Row(tr("When"), "", when))
        return section

    # showing

    def _read(self, con: Any) -> tuple[dict[str, Value], list[ChannelRow], list[backup.Backup]]:
        values = {known.key: settings.get(con, known.key) for known in SETTINGS}
        return values, read_channels(con), backup.listed(self.shop.path)

    def _show(self, found: tuple[dict[str, Value], list[ChannelRow], list[backup.Backup]]) -> None:
        values, rows, copies = found
        for key, value in values.items():
            self._rows[key].show_value(value)
        self._channels.show_rows(rows)
        said = tr("none yet")
        if copies:
            kept = trn("{n} kept", "{n} kept", len(copies))
            when = copies[-1].at
            short = when[11:16] if when[:10] == clock.text()[:10] else dates.show_time(when)
            said = tr("{when}, verified by opening it; {kept}", when=short, kept=kept)
        self._backup_fact.setText(said)

    # saving

    def _on_setting(self, key: str, value: Value) -> None:
        row = self._rows[key]
        title = tr(row.setting.title)

        def put(_task: Any) -> None:
            with self.shop.change(CHANGED, "settings", title=title) as db:
                settings.put(db, key, value)

        self.worker.write(put, None, lambda error: row.show_error(str(error)), text=title)

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

    def _on_language(self, code: str) -> None:
        self.prefs.put("language", code)
        QTimer.singleShot(0, lambda: switch_language(code))

    def _on_theme(self, mode: str) -> None:
        self.prefs.put("theme", mode)
        theme().set_mode(mode)

    def _on_row_height(self, rows: object) -> None:
        self.prefs.put("rows", str(rows))
        theme().set_rows(str(rows))

    # moving about

    def _on_index(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.open(button.property("section"))

    def _go_to(self, section: Section) -> None:
        QApplication.sendPostedEvents(None, 0)
        self._area.verticalScrollBar().setValue(max(0, section.y() - 14))
        self._mark(section.key)

    def _on_scrolled(self, top: int) -> None:
        passed = [section for section in self._sections if section.isVisible() and section.y() <= top + 60]
        bar = self._area.verticalScrollBar()
        if passed and top < bar.maximum():
            self._mark(passed[-1].key)

    def _mark(self, key: str) -> None:
        for button in self._buttons.buttons():
            button.setChecked(button.property("section") == key)

    def _on_search(self, text: str) -> None:
        for section in self._sections:
            section.narrow_to(text)


def _title(key: str) -> str:
    own = {"channels": N_("Channels"), "look": N_("Language and look"), "backups": N_("Backups")}
    return tr(own.get(key) or SECTIONS[key])
