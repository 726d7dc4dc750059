"""The forms of the Reviews page; they take the place of the detail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopdesk.core import clock
from shopdesk.core.errors import ShopError
from shopdesk.core.words import tr, trn
from shopdesk.reviews import pasting, store
from shopdesk.reviews.drafts import Draft
from shopdesk.reviews.model import Review
from shopdesk.ui.form import ChoiceField, Field, Form, NoteField, TextField, TimeField
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled
from shopdesk.ui.widgets import Stars

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

_PREVIEWED = 30
_TIME_WIDTH = 140


def _stars_field(name: str, label: str, stars: int | None, *, required: bool = True, none: str = "") -> ChoiceField:
    options: list[tuple[object, str]] = [(n, "★" * n) for n in range(5, 0, -1)]
    if none:
        options.insert(0, (None, none))
    return ChoiceField(name, label, options, value=stars, required=required)


def _channel_field(shop: Shop) -> ChoiceField:
    return ChoiceField("channel_id", tr("Channel"), store.channel_choices(shop.reader()), required=True)


def add_form(shop: Shop, save: Callable[[int, Draft, str, str], None]) -> Form:
    """One review typed by hand: save(channel, review, order number, SKU)."""

    def on_save(values: dict[str, object]) -> None:
        draft = Draft(
            stars=int(str(values["stars"])),
            body=form.field("body").text(),
            buyer=form.field("buyer").text(),
            item=form.field("item").text(),
            written_at=str(values["written_at"] or ""),
        )
        save(int(str(values["channel_id"])), draft, str(values["order"]), str(values["sku"]))

    form = Form(
        tr("Add review"),
        [
            _channel_field(shop),
            _stars_field("stars", tr("Stars"), 5),
            NoteField("body", tr("Text")),
            TextField("buyer", tr("Buyer")),
            TextField("item", tr("Product")),
            TimeField("written_at", tr("Written"), hint=tr("Now, when empty"), width=_TIME_WIDTH),
            TextField("order", tr("Order"), hint=tr("Order number, when it is known")),
            TextField("sku", tr("SKU"), hint=tr("Code or name, when it is known")),
        ],
        save=tr("Add"),
        on_save=on_save,
    )
    return form


def edit_form(found: Review, save: Callable[[dict[str, object]], None]) -> Form:
    """What stands in a review; only what was touched is saved."""
    unknown = tr("Not known")

    def on_save(values: dict[str, object]) -> None:
        raw = {name: form.field(name).text() for name in ("body", "buyer", "item")}
        changed = {**values, **raw}
        changed = {name: value for name, value in changed.items() if form.field(name).touched()}
        if "written_at" in changed and not changed["written_at"]:
            changed["written_at"] = clock.text()
        save(changed)

    fields: list[Field] = [
        _stars_field("stars", tr("Stars"), found.stars),
        NoteField("body", tr("Text"), value=found.body),
        TextField("buyer", tr("Buyer"), value=found.buyer),
        TextField("item", tr("Product"), value=found.item),
        TimeField("written_at", tr("Written"), value=found.written_at, width=_TIME_WIDTH),
        _stars_field("stars_goods", tr("Goods"), found.stars_goods, required=False, none=unknown),
        _stars_field("stars_service", tr("Service"), found.stars_service, required=False, none=unknown),
        _stars_field("stars_delivery", tr("Delivery"), found.stars_delivery, required=False, none=unknown),
    ]
    form = Form(tr("Edit review"), fields, save=tr("Save"), on_save=on_save)
    return form


def link_form(order_number: str, sku_code: str, save: Callable[[str, str], None]) -> Form:
    """Which order and which SKU a review is about."""

    def on_save(values: dict[str, object]) -> None:
        save(str(values["order"]), str(values["sku"]))

    fields = [
        TextField("order", tr("Order"), value=order_number, hint=tr("Order number; empty for none")),
        TextField("sku", tr("SKU"), value=sku_code, hint=tr("Code or name; empty for none")),
    ]
    return Form(tr("What it is about"), fields, save=tr("Save"), on_save=on_save)


def note_form(note: str, save: Callable[[str], None]) -> Form:
    """The owner's own note on a review."""

    def on_save(_values: dict[str, object]) -> None:
        save(form.field("note").text())

    form = Form(tr("Your note"), [NoteField("note", tr("Note"), value=note)], save=tr("Save"), on_save=on_save)
    return form


class Preview(QWidget):
    """What was understood of a pasted text, before it is added."""

    def __init__(self) -> None:
        super().__init__()
        self.said = PlainLabel("", strong=True, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.said)
        self._list: QWidget | None = None

    def show_reviews(self, found: pasting.Pasted, there: int) -> None:
        """The first of them with stars and words, the numbers, and the pieces that were not understood."""
        parts = [trn("{n} review", "{n} reviews", len(found.drafts))]
        if there:
            parts.append(trn("{n} is there already", "{n} are there already", there))
        if found.refused:
            parts.append(trn("{n} piece without stars", "{n} pieces without stars", len(found.refused)))
        self.said.setText(" · ".join(parts) if found.drafts or found.refused else tr("Nothing understood yet"))
        if self._list is not None:
            self._column.removeWidget(self._list)
            self._list.deleteLater()
        self._list = styled(QWidget(), "surface")
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for draft in found.drafts[:_PREVIEWED]:
            _add_draft(column, draft)
        for text in found.refused[:_PREVIEWED]:
            column.addWidget(PlainLabel(tr("No stars: {text}", text=text), role="warn", wrap=True))
        if len(found.drafts) > _PREVIEWED:
            column.addWidget(PlainLabel(tr("… and {n} more", n=len(found.drafts) - _PREVIEWED), role="text_3"))
        self._column.addWidget(self._list)


def _add_draft(column: QVBoxLayout, draft: Draft) -> None:
    column.addWidget(hline())
    column.addWidget(Stars(draft.stars))
    column.addWidget(PlainLabel(draft.body or tr("Stars without words"), wrap=True))
    known = " · ".join(part for part in (draft.buyer, draft.item, draft.written_at[:16]) if part)
    if known:
        column.addWidget(PlainLabel(known, "small", "text_2", wrap=True))


def paste_form(shop: Shop, text: str, save: Callable[[int, tuple[Draft, ...]], None]) -> Form:
    """Pasted text, what was understood of it, and Add."""

    def read() -> pasting.Pasted:
        stars = form.field("stars").value()
        return pasting.read(form.field("text").text(), stars=stars if isinstance(stars, int) else None)

    def look() -> None:
        try:
            found = read()
            channel = form.field("channel_id").value()
        except ShopError as error:
            form.show_error(error)
            return
        there = store.already_there(shop.reader(), int(str(channel)), found.drafts) if channel else set()
        preview.show_reviews(found, len(there))
        new = len(found.drafts) - len(there)
        form.save_button.setText(tr("Add {n}", n=new) if new else tr("Add"))
        form.save_button.setEnabled(new > 0)

    def on_save(values: dict[str, object]) -> None:
        save(int(str(values["channel_id"])), read().drafts)

    form = Form(
        tr("Paste reviews"),
        [
            NoteField(
                "text", tr("Text"), value=text, hint=tr("One review per paragraph, or columns copied from a sheet")
            ),
            _channel_field(shop),
            _stars_field("stars", tr("Without stars"), None, required=False, none=tr("Leave them out")),
        ],
        save=tr("Add"),
        on_save=on_save,
    )
    preview = Preview()
    form.add_widget(preview)
    form.field("text").editor.textChanged.connect(look)  # type: ignore[attr-defined]
    for name in ("channel_id", "stars"):
        form.field(name).editor.currentIndexChanged.connect(look)  # type: ignore[attr-defined]
    look()
    return form
