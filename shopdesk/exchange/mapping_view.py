"""The mapping screen: what the columns of a file mean, said once and recognised from then on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shopdesk.core.channels import PLATFORMS, platform_name
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_, tr
from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.formats import Format
from shopdesk.exchange.guessing import mapping_to_format
from shopdesk.exchange.mapping_rows_view import ColumnRows, ignores_wheel
from shopdesk.exchange.preview import FileCard
from shopdesk.exchange.starting import Start, offered, start
from shopdesk.ui.icons import icon
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled, theme, theme_polish
from shopdesk.ui.widgets import Segments

_ROWS = {
    "order": N_("An order"), "line": N_("A line of an order"), "product": N_("A product"), "stock": N_("A stock level"),
    "customer": N_("A customer"), "review": N_("A review"),
}  # fmt: skip
_NEEDED = {
    "order": ("order.number",), "line": ("order.number", "line.qty"), "product": ("product.name",),
    "stock": ("stock.qty",), "customer": ("customer.handle",), "review": ("review.stars",),
}  # fmt: skip
_DATES = {"mdy": N_("month first"), "dmy": N_("day first")}


def save_mapping(shop: Shop, layout: dict[str, Any]) -> None:
    """Keep a layout of the owner's under its name, as one step; one of that name is replaced."""
    name = str(layout["title"]["en"])
    with shop.change(N_("Saved the layout “{name}”"), "imports", name=name) as db:
        db.execute(
            "INSERT INTO mappings (name, layout) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET layout = excluded.layout, deleted_at = NULL",
            (name, json.dumps(layout, ensure_ascii=False)),
        )


class MappingView(QWidget):
    """Sample rows, a field to choose per column, a name.

    Signals: ``saved(layout dict)``, ``left`` without saving, ``checked`` when it may or may not be saved now.
    """

    saved = Signal(dict)
    left = Signal()
    checked = Signal()

    def __init__(self, shop: Shop, currency: str) -> None:
        super().__init__()
        self._shop = shop
        self._currency = currency
        self._card: FileCard | None = None
        self._first: Start | None = None
        self._rows = "order"
        self._rows_of_columns: ColumnRows | None = None
        styled(self, "surface")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._inside: QWidget | None = None

    def show_card(self, card: FileCard, layout: Format | None) -> None:
        """Start with a file and the layout that it is read by, or our guess for its columns."""
        self._card = card
        self._first = start(card, layout, self._currency)
        self._build(self._first)

    @property
    def choices(self) -> list[QComboBox]:
        """The fields to choose, for the columns whose rows are made."""
        return [] if self._rows_of_columns is None else self._rows_of_columns.choices

    def retranslate(self) -> None:
        """Take the words of the language in use; what was chosen stays."""
        if self._card is not None:
            self._build(self._now())

    def _now(self) -> Start:
        assert self._first is not None
        assert self._rows_of_columns is not None
        pairs = zip(self._first.columns, self._rows_of_columns.fields, strict=True)
        return Start(
            self.name.text(), self._rows, str(self.platform.currentData()), self.currency.text(),
            str(self.dates.currentData()), tuple((name, key) for (name, _), key in pairs),
        )  # fmt: skip

    # making

    def _build(self, now: Start) -> None:
        assert self._card is not None
        self._rows = now.rows
        if self._inside is not None and self._rows_of_columns is not None:
            self._column.takeAt(0)
            # taken out of its parent first, each of its widgets would be dressed anew
            for named in (self._inside, self.name, self.save):
                named.setObjectName("")
            self._inside.hide()
            self._rows_of_columns.wind_down(self._inside)
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(now))
        column.addWidget(hline())
        self._rows_of_columns = ColumnRows(self._card, now.columns, self._fields())
        self._rows_of_columns.changed.connect(self._check)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._rows_of_columns)
        column.addWidget(area, 1)
        column.addWidget(self._foot())
        self._column.addWidget(self._inside)
        self._check()

    def _head(self, now: Start) -> QWidget:
        assert self._card is not None
        head = QWidget()
        grid = QGridLayout(head)
        grid.setContentsMargins(20, 12, 20, 12)
        grid.setHorizontalSpacing(10)
        self.name = QLineEdit(now.name)
        self.name.setObjectName("mapping_name")
        self.name.setMaximumWidth(280)
        self.name.textChanged.connect(self._check)
        self.rows = Segments([(key, tr(title)) for key, title in _ROWS.items()], self._rows)
        self.rows.picked.connect(self._on_rows_picked)
        self.platform = self._combo([(key, platform_name(key)) for key in PLATFORMS], now.platform)
        self.currency = QLineEdit(now.currency)
        self.currency.setMaximumWidth(64)
        self.currency.textChanged.connect(self._check)
        self.dates = self._combo([(key, tr(title)) for key, title in _DATES.items()], now.dates)
        fields: Sequence[tuple[str, QWidget]] = (
            (tr("Name of the layout"), self.name), (tr("Platform"), self.platform),
            (tr("Currency"), self.currency), (tr("Dates like 03/04/2026"), self.dates),
        )  # fmt: skip
        file = f"{self._card.file} · {self._card.sheet}" if self._card.sheet else self._card.file
        grid.addWidget(PlainLabel(file, strong=True, elide=True), 0, 0, 1, 5)
        for at, (label, field) in enumerate(fields):
            grid.addWidget(PlainLabel(label, "small", "text_2"), 1, at)
            grid.addWidget(field, 2, at)
        grid.addWidget(PlainLabel(tr("One row is"), "small", "text_2"), 3, 0)
        grid.addWidget(self.rows, 4, 0, 1, 5, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(4, 1)
        return head

    def _combo(self, choices: Sequence[tuple[str, str]], chosen: str) -> QComboBox:
        box = QComboBox()
        for value, label in choices:
            box.addItem(label, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.installEventFilter(self)
        return box

    def _fields(self) -> list[tuple[str, str]]:
        return [("", tr("— not used —")), *((key, tr(FIELDS[key].title)) for key in offered(self._rows))]

    def _foot(self) -> QWidget:
        foot = styled(QWidget(), "bar")
        foot.setFixedHeight(theme().size("selection_bar"))
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self.said = PlainLabel("", elide=True)
        back = QPushButton(tr("Back"))
        back.clicked.connect(self.left)
        self.save = QPushButton(tr("Save and read the file"))
        self.save.setObjectName("mapping_save")
        self.save.setProperty("kind", "primary")
        self.save.setIcon(icon("save", "on_accent"))
        self.save.clicked.connect(self._on_save)
        row.addWidget(self.said, 1)
        row.addWidget(back)
        row.addWidget(self.save)
        theme_polish(self.save)
        return foot

    # acting

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page, it does not change a choice."""
        return ignores_wheel(watched, event) or super().eventFilter(watched, event)

    def columns(self) -> dict[str, str]:
        """Column name -> field, for the columns that are used."""
        return {name: key for name, key in self._now().columns if key}

    def trouble(self) -> str:
        """What is still missing, as a sentence; "" when it can be saved."""
        chosen = Counter(filter(None, self._rows_of_columns.fields if self._rows_of_columns else ()))
        missing = [key for key in _NEEDED[self._rows] if key not in chosen]
        twice = next((key for key, times in chosen.items() if times > 1), None)
        if not self.name.text().strip():
            return tr("The layout needs a name.")
        if not (len(self.currency.text()) == 3 and self.currency.text().isupper()):
            return tr("The currency is three letters, like CNY.")
        if missing:
            return tr("Say which column is “{field}”.", field=tr(FIELDS[missing[0]].title))
        return tr("“{field}” is chosen twice.", field=tr(FIELDS[twice].title)) if twice else ""

    def _check(self) -> None:
        trouble = self.trouble()
        self.said.setText(trouble or tr("Files of this shape will be matched this way next time."))
        self.said.set_role("bad" if trouble else "text_2")
        self.save.setEnabled(not trouble)
        self.checked.emit()

    def _on_rows_picked(self, rows: object) -> None:
        assert self._first is not None
        same = {key.partition(".")[2]: key for key in offered(str(rows))}
        columns = tuple((name, same.get((key or "").partition(".")[2])) for name, key in self._first.columns)
        self._build(replace(self._now(), rows=str(rows), columns=columns))

    def _on_save(self) -> None:
        assert self._card is not None
        layout = mapping_to_format(
            self.name.text().strip(), self._card.header, self.columns(), rows=self._rows,
            platform=str(self.platform.currentData()), currency=self.currency.text(),
            dates=str(self.dates.currentData()),
        )  # fmt: skip
        try:
            save_mapping(self._shop, layout)
        except ShopError as error:
            self.said.setText(str(error))
            self.said.set_role("bad")
            return
        self.saved.emit(layout)
