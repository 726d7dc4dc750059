"""The shop's channels in the settings: names to edit, last file, and one more."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core import channels, dates
from shopdesk.core.channels import PLATFORMS, Channel
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr
from shopdesk.ui.icons import icon
from shopdesk.ui.settings_rows import CURRENCIES, still
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled

COLUMNS = 4


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel and when its last file was imported ("" = never)."""

    channel: Channel
    last_file: str


def read_channels(con: Connection) -> list[ChannelRow]:
    """The channels with their last files."""
    last = dict(con.execute("SELECT channel_id, max(at) FROM imports GROUP BY channel_id").fetchall())
    return [ChannelRow(channel, last.get(channel.id) or "") for channel in channels.listed(con)]


class ChannelsCard(QFrame):
    """A small table of channels with a line to add one."""

    def __init__(self, rename: Callable[[int, str], None], add: Callable[[str, str, str], None]) -> None:
        super().__init__()
        styled(self, "card")
        self._rename = rename
        self._add = add
        self._grid = QGridLayout()
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._fields: dict[int, QLineEdit] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._grid)
        column.addWidget(self._adding())

    def show_rows(self, rows: list[ChannelRow]) -> None:
        """Show the channels; a name being typed stays as it is."""
        if any(field.hasFocus() for field in self._fields.values()):
            return
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._fields.clear()
        for at, words in enumerate((tr("Channel"), tr("Platform"), tr("Currency"), tr("Last file"))):
            self._grid.addWidget(PlainLabel(words, "small", "text_2"), 0, at)
        for line, row in enumerate(rows, start=1):
            self._show_row(line, row)
        if not rows:
            none = PlainLabel(tr("No channel yet. The first import makes one."), "body", "text_2")
            self._grid.addWidget(none, 1, 0, 1, COLUMNS)

    def names(self) -> list[QLineEdit]:
        """The fields with the names, for tests."""
        return list(self._fields.values())

    def _show_row(self, line: int, row: ChannelRow) -> None:
        field = QLineEdit(row.channel.name)
        field.setMinimumWidth(190)
        field.setAccessibleName(tr("Name of the channel"))
        field.setProperty("channel", row.channel.id)
        field.setProperty("before", row.channel.name)
        field.editingFinished.connect(self._on_left)
        self._fields[row.channel.id] = field
        self._grid.addWidget(field, line, 0)
        self._grid.addWidget(PlainLabel(channels.platform_name(row.channel.platform)), line, 1)
        self._grid.addWidget(PlainLabel(row.channel.currency, "body", "text_2"), line, 2)
        when = dates.show_time(row.last_file) if row.last_file else "·"
        self._grid.addWidget(PlainLabel(when, "body", "text_2"), line, 3)

    def _adding(self) -> QWidget:
        self._platform = QComboBox()
        for known in PLATFORMS.values():
            self._platform.addItem(channels.platform_name(known.id), known.id)
        self._platform.currentIndexChanged.connect(self._on_platform)
        self._name = QLineEdit()
        self._name.setPlaceholderText(tr("Name of the shop there"))
        self._name.returnPressed.connect(self._on_add)
        self._currency = QComboBox()
        self._currency.addItems(list(CURRENCIES))
        button = QPushButton(icon("add"), tr("Add channel"))
        button.clicked.connect(self._on_add)
        place = styled(QWidget(), "cardfoot")
        row = QHBoxLayout(place)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(8)
        for part in (self._platform, self._name, self._currency, button):
            still(part)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        return place

    def _on_platform(self, _index: int) -> None:
        self._currency.setCurrentText(PLATFORMS[str(self._platform.currentData())].currency)

    def _on_left(self) -> None:
        field = self.sender()
        if isinstance(field, QLineEdit) and field.text().strip() != field.property("before"):
            field.setProperty("before", field.text().strip())
            self._rename(int(field.property("channel")), field.text())

    def _on_add(self) -> None:
        if self._name.text().strip():
            self._add(str(self._platform.currentData()), self._name.text(), self._currency.currentText())
            self._name.clear()
