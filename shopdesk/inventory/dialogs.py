"""The forms of the Inventory page, in the drawer: booking stock, a SKU, a product, a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from shopdesk.core import clock, money
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr, trn
from shopdesk.inventory.model import Move, Product, Sku, short_options
from shopdesk.ui import typed
from shopdesk.ui.form import Field, Form, MoneyField, NoteField, NumberField, TagsField, TextField, TimeField
from shopdesk.ui.text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class _Cards(QWidget):
    """Radio buttons, under each a line that says what it does. Signal: ``chosen(place)``."""

    chosen = Signal(int)

    def __init__(self, cards: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 5, 0, 4)
        column.setSpacing(1)
        for number, (title, effect) in enumerate(cards):
            button = QRadioButton(title)
            button.setAccessibleDescription(effect)
            self._group.addButton(button, number)
            column.addWidget(button)
            line = PlainLabel(effect, "small", "text_2", wrap=True)
            line.setContentsMargins(24, 0, 0, 5)
            column.addWidget(line)
        self._group.idToggled.connect(self._on_toggled)

    @property
    def at(self) -> int:
        """The place of the choice, -1 for none."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Choose by place."""
        self._group.button(place).setChecked(True)

    def _on_toggled(self, place: int, on: bool) -> None:
        if on:
            self.setFocusProxy(self._group.button(place))
            self.chosen.emit(place)


class CardsField(Field):
    """One of a few values, each with a sentence: `cards` are (value, title, what it does)."""

    def __init__(self, name: str, label: str, cards: Sequence[tuple[object, str, str]], **more: object) -> None:
        self._cards = list(cards)
        super().__init__(name, label, **more)  # type: ignore[arg-type]

    def make_editor(self) -> QWidget:
        """The radio buttons."""
        cards = _Cards([(title, effect) for _, title, effect in self._cards])
        cards.chosen.connect(lambda _at: self._on_edited())
        return cards

    def text(self) -> str:
        """The place of the choice."""
        assert isinstance(self.editor, _Cards)
        return str(max(0, self.editor.at))

    def set_text(self, text: str) -> None:
        """Choose by place."""
        assert isinstance(self.editor, _Cards)
        self.editor.choose(int(text or 0))

    def shown(self, value: object) -> str:
        """The place of a value."""
        values = [found for found, _, _ in self._cards]
        return str(values.index(value)) if value in values else "0"

    def read(self, text: str) -> object:
        """The chosen value."""
        return self._cards[int(text)][0]


class BookForm(Form):
    """Books a move of one SKU's stock; beside the quantity stands what on hand will be.

    A count is blind: nothing shows what the book expects, and a number that differs is asked for a second time.
    """

    def __init__(self, sku: Sku, move: Move, on_save: Callable[[dict[str, object]], object]) -> None:
        self._sku = sku
        self._on_counted = on_save
        self._counted: object = None
        self._move = CardsField("move", tr("Move"), [(one, tr(one.title), tr(one.effect)) for one in Move], value=move)
        self._qty = NumberField("qty", tr("Quantity"), required=True)
        fields = [
            self._move,
            self._qty,
            TextField("note", tr("Note")),
            TimeField("at", tr("Time"), hint=tr("Empty: now")),
        ]
        super().__init__(sku.title, fields, save=tr("Book"), on_save=self._book)
        assert isinstance(self._move.editor, _Cards)
        assert isinstance(self._qty.editor, QLineEdit)
        self._move.editor.chosen.connect(lambda _at: self._foretell())
        self._qty.editor.textEdited.connect(lambda _text: self._foretell())
        self._foretell()

    def first(self) -> QWidget:
        """The quantity: the kind was chosen by the key that opened the form."""
        return self._qty.editor

    @property
    def foretold(self) -> str:
        """What stands beside the quantity."""
        return self._qty.message.text()

    def _book(self, values: dict[str, object]) -> None:
        qty, expected = values["qty"], self._sku.on_hand
        if values["move"] is Move.COUNT and expected is not None and qty not in (expected, self._counted):
            self._counted = qty
            raise ShopError(
                N_("The books hold another number."),
                fix=N_("Count again; what you enter a second time is booked."),
                field="qty",
            )
        self._on_counted(values)

    def _foretell(self) -> None:
        """Say what on hand is and will be."""
        if self._qty.error():
            return
        now = self._sku.on_hand
        move = self._move.value()
        assert isinstance(move, Move)
        if move is Move.COUNT and now is not None:
            self._qty.say("")
            return
        try:
            qty = self._qty.value()
        except ShopError:
            qty = None
        if not isinstance(qty, int):
            known = tr("Now {n}", n=now) if now is not None else tr("Never counted")
            self._qty.say(known)
            return
        after = move.after(now, qty)
        if after is None:
            self._qty.say(tr("Stays unknown until it is counted."))
        elif now is None:
            self._qty.say(f"→ {after}")
        else:
            self._qty.say(f"{now} → {after}".replace("-", "−"))


def sku_fields(sku: Sku | None, currency: str, *, name: str = "") -> list[Field]:
    """The fields of a SKU; of a new one also what lies on the shelf now."""
    fields: list[Field] = [
        TextField("options", tr("Options"), value=sku.options if sku else "", hint=tr("Colour: white; Size: 150 ml")),
        TextField("code", tr("SKU"), value=sku.code if sku else ""),
        TextField("barcode", tr("Barcode"), value=sku.barcode if sku else ""),
        TextField("shelf", tr("Shelf"), value=sku.shelf if sku else ""),
        MoneyField("price", tr("Price"), currency=currency, value=sku.price if sku else None, hint=currency),
        MoneyField("cost", tr("Cost"), currency=currency, value=sku.cost if sku else None, hint=currency),
        NumberField("min_qty", tr("Minimum"), low=0, value=sku.min_qty if sku else None),
        NumberField("max_qty", tr("Maximum"), low=0, value=sku.max_qty if sku else None),
        NumberField("lead_days", tr("Lead time"), low=0, value=sku.lead_days if sku else None, hint=tr("days")),
    ]
    if sku is None:
        fields.insert(4, NumberField("level", tr("On hand"), low=0, hint=tr("if counted")))
        return fields
    name_field = TextField("name", tr("Name"), value=sku.name, required=True)
    tags, note = TagsField("tags", tr("Tags"), value=list(sku.tags)), NoteField("note", tr("Note"), value=sku.note)
    return [name_field, *fields, tags, note]


def edit_sku_form(sku: Sku, on_save: Callable[[dict[str, object]], object]) -> Form:
    """All that can be written about one SKU."""
    return Form(tr("Edit SKU"), sku_fields(sku, sku.currency), save=tr("Save"), on_save=on_save)


def add_product_form(currency: str, on_save: Callable[[dict[str, object]], object]) -> Form:
    """A new product with its first SKU."""
    fields = [
        TextField("name", tr("Product"), required=True),
        TextField("category", tr("Category")),
        *sku_fields(None, currency),
        TagsField("tags", tr("Tags")),
        NoteField("note", tr("Note")),
    ]
    return Form(tr("Add product"), fields, save=tr("Add"), on_save=on_save)


def add_variant_form(product: Product, currency: str, on_save: Callable[[dict[str, object]], object]) -> Form:
    """One more SKU of a product."""
    fields = [TextField("name", tr("Name"), value=product.name, required=True), *sku_fields(None, currency)]
    return Form(tr("Add variant"), fields, save=tr("Add"), on_save=on_save)


def product_form(product: Product, variants: int, on_save: Callable[[dict[str, object]], object]) -> Form:
    """Name, category, tags and note of a product."""
    said = trn("{n} variant", "{n} variants", variants)
    fields = [
        TextField("name", tr("Product"), value=product.name, required=True, hint=said),
        TextField("category", tr("Category"), value=product.category),
        TagsField("tags", tr("Tags"), value=list(product.tags)),
        NoteField("note", tr("Note"), value=product.note),
    ]
    return Form(tr("Edit product"), fields, save=tr("Save"), on_save=on_save)


# a selection: what is left empty stays as it is


KEEP = object()
"""The value of a field that was left empty: every SKU keeps its own."""
_CLEARS = frozenset({"-", "−", "—"})


class _KeepText(TextField):
    def read(self, text: str) -> object:
        return "" if text.strip() in _CLEARS else super().read(text)

    def nothing(self) -> object:
        return KEEP


class _KeepNumber(NumberField):
    def read(self, text: str) -> object:
        return None if text.strip() in _CLEARS else super().read(text)

    def nothing(self) -> object:
        return KEEP


class _KeepMoney(MoneyField):
    def read(self, text: str) -> object:
        return None if text.strip() in _CLEARS else typed.amount(text, self._currency)

    def nothing(self) -> object:
        return KEEP

    def after_look(self, found: object) -> None:
        if found is not KEEP:
            super().after_look(found)


_SEVERAL = N_("several")


def bulk_form(skus: Sequence[Sku], on_save: Callable[[dict[str, object]], object]) -> Form:
    """The same for all of a selection; prices only when there is one currency."""
    currencies = {sku.currency for sku in skus}
    fields: list[Field] = [_KeepText("shelf", tr("Shelf"))]
    if len(currencies) == 1:
        currency = next(iter(currencies))
        fields += [
            _KeepMoney("price", tr("Price"), currency=currency),
            _KeepMoney("cost", tr("Cost"), currency=currency),
        ]
    fields += [
        _KeepNumber("min_qty", tr("Minimum"), low=0),
        _KeepNumber("max_qty", tr("Maximum"), low=0),
        _KeepNumber("lead_days", tr("Lead time"), low=0, hint=tr("days")),
    ]
    for field in fields:
        assert isinstance(field.editor, QLineEdit)
        field.editor.setPlaceholderText(_common(skus, field.name))
    fields += [TagsField("add_tags", tr("Add tags")), TagsField("remove_tags", tr("Remove tags"))]
    form = Form(trn("Edit {n} SKU", "Edit {n} SKUs", len(skus)), fields, save=tr("Change all"), on_save=on_save)
    form.add_widget(PlainLabel(tr("What is empty stays as it is; “-” clears."), "small", "text_3", wrap=True))
    return form


def _common(skus: Sequence[Sku], name: str) -> str:
    """The value that all of them have, as the grey text of an empty field."""
    values = {getattr(sku, name) for sku in skus}
    if len(values) > 1:
        return tr(_SEVERAL)
    value = next(iter(values), None)
    if value is None or value == "":
        return ""
    return money.plain(value, skus[0].currency) if name in ("price", "cost") else str(value)


def bulk_values(values: dict[str, object]) -> dict[str, object]:
    """What of a bulk form was filled in, without the tags."""
    return {k: v for k, v in values.items() if v is not KEEP and k not in ("add_tags", "remove_tags")}


def booked_at(value: object) -> str:
    """The business time of a booking: as typed, "" for now."""
    at = str(value or "")
    return "" if at[:16] == clock.text()[:16] else at


def variant_name(sku: Sku) -> str:
    """A variant among its siblings: its options, else its code, else its name."""
    return short_options(sku.options) or sku.code or sku.name
